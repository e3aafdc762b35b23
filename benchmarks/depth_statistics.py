"""Depth in rendered pictures, by family, beside that of a benchmark's ground truth.

    python benchmarks/depth_statistics.py RENDERED... [--truth indexed:FOLDER] [--pictures 1000]

By set: median over its pictures of the picture's middle depth in metres and of its range (95 % over 5 % quantile),
the mean share of sky, how often of two random pixels the lower one is nearer, and the share of pixels at an edge
(neighbours whose depths differ by more than 10 %; lidar points are seldom neighbours, and their share means little).
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from datetime import date
from pathlib import Path

import numpy as np

from fathom.bench.registry import open_suite
from fathom.data.folder import DepthFolder

PAIRS = 2000
EDGE = 1.1


def statistics(depth: np.ndarray, known: np.ndarray, rng: np.random.Generator) -> tuple[float, ...]:
    """Of one picture's depth (H, W), inf in the sky, where it is known."""
    solid = known & np.isfinite(depth)
    low, middle, high = np.quantile(depth[solid], [0.05, 0.5, 0.95])
    at = np.argwhere(known)
    a, b = (at[rng.integers(len(at), size=PAIRS)] for _ in range(2))
    upper, lower = np.where((a[:, :1] < b[:, :1]), a, b), np.where((a[:, :1] < b[:, :1]), b, a)
    far, near = depth[tuple(upper.T)], depth[tuple(lower.T)]
    differing = far != near
    nearer = (near < far)[differing].mean() if differing.any() else np.nan
    with np.errstate(invalid="ignore"):
        ratio = np.maximum(depth[:, 1:] / depth[:, :-1], depth[:, :-1] / depth[:, 1:])
    both = known[:, 1:] & known[:, :-1]
    sky = np.isinf(depth) & known
    edges = (np.nan_to_num(ratio, nan=1)[both] > EDGE).mean() if both.any() else np.nan
    return middle, high / low, sky.sum() / known.sum(), nearer, edges


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rendered", nargs="+", type=Path)
    parser.add_argument("--truth")
    parser.add_argument("--pictures", type=int, default=1000)
    args = parser.parse_args()
    rng = np.random.default_rng(0)
    found: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    total = 0
    for folder in args.rendered:
        samples = DepthFolder(folder)
        chosen = rng.permutation(len(samples))[: args.pictures // len(args.rendered)]
        total += len(chosen)
        for i in chosen.tolist():
            row = statistics(samples[i].depth, samples[i].valid, rng)
            found[samples.names[i].split("/")[0]].append(row)
            found["ALL RENDERED"].append(row)
    if args.truth:
        suite = open_suite(args.truth, False)
        for case in suite.cases:
            truth = suite.read_truth(case)  # type: ignore[attr-defined]
            row = statistics(truth.depth, truth.valid, rng)
            name = case.source if truth.metric else f"{case.source} (no metres)"
            found[name].append(row)
            found["ALL TRUTH"].append(row)
    print(
        f"`python benchmarks/depth_statistics.py RENDERED --truth TRUTH`, {total} rendered pictures, {date.today()}\n"
    )
    print("| set | pictures | middle depth, m | range | sky | lower is nearer | at an edge |")
    print("|---|---|---|---|---|---|---|")
    for name, rows in found.items():
        middle, spread = np.median([row[:2] for row in rows], axis=0)
        sky, nearer, edge = np.nanmean([row[2:] for row in rows], axis=0)
        metres = "" if "no metres" in name else f"{middle:.1f}"
        print(f"| {name} | {len(rows)} | {metres} | {spread:.1f} | {sky:.0%} | {nearer:.0%} | {edge:.1%} |")


if __name__ == "__main__":
    main()
