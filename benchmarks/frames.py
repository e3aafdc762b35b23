"""What a plain frame around a picture, or a film's bars, do to its depth.

    python benchmarks/frames.py TRUTH [-m MODEL ...] [--edges EDGES] [--out OUT]

TRUTH is a folder with an index.json. Each picture is looked at as it is and with its edges painted over. Only what no
frame or bar covers is scored, so that all columns are over the same pixels: mean of sources of delta1 and of AbsRel.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from machine import processor, publish
from truth import depth_suite

from fathom.bench.models import FathomModel
from fathom.bench.scoring import align_picture, score_depth
from fathom.progress import progress

FRAME = 0.03  # of the shorter side
BAR = 0.12  # of the height: a film of 2.35 : 1 on a screen of 16 : 9


def inside(shape: tuple[int, ...], frame: float = 0, bar: float = 0) -> np.ndarray:
    """bool (H, W): what a frame or two bars leave to see."""
    height, width = shape[:2]
    side = round(frame * min(height, width))
    top = max(side, round(bar * height))
    seen = np.zeros((height, width), bool)
    seen[top : height - top, side : width - side] = True
    return seen


def painted(colour: int, **edging: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda picture: np.where(inside(picture.shape, **edging)[..., None], picture, np.uint8(colour))


WAYS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "as it is": lambda picture: picture,
    "white frame": painted(255, frame=FRAME),
    "black frame": painted(0, frame=FRAME),
    "black bars": painted(0, bar=BAR),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("truth")
    parser.add_argument("-m", "--model", action="append")
    parser.add_argument("--edges", default="network")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()

    suite = depth_suite(args.truth)
    names = args.model or ["nano"]
    models = [FathomModel(name, "cpu", edges=args.edges) for name in names]
    found: dict[tuple[str, str, str], list[tuple[float, float]]] = defaultdict(list)
    with progress("measuring", total=len(models) * len(suite.cases), unit="picture") as bar:
        for case in suite.cases:
            picture, truth = case.frames[0].read(), suite.read_truth(case)
            truth = replace(truth, valid=truth.valid & inside(picture.shape, FRAME, BAR))
            for model in models:
                for way, paint in WAYS.items():
                    prediction = model(paint(picture))
                    aligned = align_picture(prediction, model.kind, truth, suite.protocol)
                    metrics = score_depth(prediction, model.kind, truth, aligned)
                    found[model.name, way, case.source].append((metrics["delta1"], metrics["abs_rel"]))
                bar.advance()

    lines = [
        "# What a plain frame, or a film's bars, do to depth",
        "",
        f"A frame of {FRAME:.0%} of the shorter side, bars of {BAR:.0%} of the height; scored is what none of them"
        " covers. δ1 / AbsRel, mean of sources.",
        "",
        f"`python benchmarks/frames.py TRUTH -m {' -m '.join(Path(name).name for name in names)} --edges {args.edges}`,"
        f" {processor()}, {date.today()}",
        "",
        "| model | " + " | ".join(WAYS) + " |",
        "|---|" + "---|" * len(WAYS),
    ]
    sources = list(dict.fromkeys(case.source for case in suite.cases))
    for model in models:
        means = [np.mean([np.mean(found[model.name, way, s], axis=0) for s in sources], axis=0) for way in WAYS]
        lines.append(f"| {model.name} | " + " | ".join(f"{within:.3f} / {off:.3f}" for within, off in means) + " |")
    publish(lines, args.out)


if __name__ == "__main__":
    main()
