"""Where in depth a model is right: each picture's pixels by how far they are, in five parts of equal number.

    python benchmarks/by_distance.py TRUTH [-m MODEL] [--edges EDGES] [--out OUT]

TRUTH is a folder with an index.json. Aligned as `fathom bench` aligns it. For each source, the mean over its pictures
of the share of pixels within 25 % (delta1) in each fifth, and how much too far the median pixel of the nearest and of
the farthest fifth is put (below 0: too near).
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from datetime import date
from pathlib import Path

import numpy as np
from machine import processor, publish
from truth import depth_suite

from fathom.bench.metrics import LOG_DELTA
from fathom.bench.models import FathomModel
from fathom.bench.scoring import align_picture
from fathom.progress import progress

PARTS = 5


def by_distance(depth: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """(N,), (N,) -> (2, PARTS): delta1, and the median of log(depth / truth), of each part from near to far."""
    error = np.log(depth / truth)[np.argsort(truth, kind="stable")]
    parts = np.array_split(error, PARTS)
    return np.array([[np.mean(np.abs(part) < LOG_DELTA) for part in parts], [np.median(part) for part in parts]])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("truth")
    parser.add_argument("-m", "--model", default="nano")
    parser.add_argument("--edges", default="network")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()

    suite = depth_suite(args.truth)
    model = FathomModel(args.model, "cpu", edges=args.edges)
    found: dict[str, list[np.ndarray]] = defaultdict(list)
    with progress("measuring", total=len(suite.cases), unit="picture") as bar:
        for case in suite.cases:
            truth = suite.read_truth(case)
            aligned = align_picture(model(case.frames[0].read()), model.kind, truth, suite.protocol)
            found[case.source].append(by_distance(aligned.depth[aligned.scored], truth.depth[aligned.scored]))
            bar.advance()

    lines = [
        "# Where in depth a model is right",
        "",
        "Each picture's pixels by their distance, in fifths; the fit is by least squares in inverse depth, over all.",
        "",
        f"`python benchmarks/by_distance.py TRUTH -m {model.name} --edges {args.edges}`, {processor()}, {date.today()}",
        "",
        "| source | n | δ1, nearest fifth | second | third | fourth | farthest | nearest is put | farthest is put |",
        "|---|---|" + "---|" * (PARTS + 2),
    ]
    for source, pictures in found.items():
        within, off = np.mean(pictures, axis=0)
        cells = [f"{share:.2f}" for share in within] + [f"{np.expm1(off[part]):+.0%}" for part in (0, -1)]
        lines.append(f"| {source} | {len(pictures)} | " + " | ".join(cells) + " |")
    publish(lines, args.out)


if __name__ == "__main__":
    main()
