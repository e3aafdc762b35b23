"""How much of what is thin a model sees: wires, legs, posts, slats, twigs before something farther away.

    python benchmarks/thin_things.py HELD [-m MODEL ...] [--size SIZE] [--edges EDGES] [--detail SIZE]

HELD is a folder of `fathom render`, whose depth is exact at every pixel. What is thin is what an opening of inverse
depth, by a disc of 2 % of the shorter side, takes away: the opening is what lies behind. Aligned as by `fathom bench`,
a pixel is *said* to be of the thing where the map is beyond half-way between the two. Recall is the share of thin
pixels that are said to be; IoU also counts what is said beside them, as far as the disc reaches: a blurred map has both
low. The last column is the recall of things at less than half of the distance of what is behind. Means over pictures
with 50 thin pixels or more.
"""

from __future__ import annotations

import argparse
from datetime import date

import cv2
import numpy as np
from machine import processor
from truth import depth_suite

from fathom.bench.models import FathomModel
from fathom.bench.scoring import align_picture
from fathom.bench.suite import DepthSuite

WIDTH = 0.02  # of the shorter side: what is narrower is thin
CONTRAST = 1.25  # times as far is what lies behind, at least
CLEAR = 2.0
LEAST = 50  # pixels
FARTHEST = 1e6  # metres, for the sky


def thin_things(inverse: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Inverse depth (H, W) -> where thin things are (bool), what lies behind, and half-way, both inverse depth."""
    radius = max(1, round(WIDTH * min(inverse.shape) / 2))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    behind = cv2.morphologyEx(inverse, cv2.MORPH_OPEN, disc)
    thin = inverse > CONTRAST * behind
    thing = cv2.dilate(np.where(thin, inverse, 0).astype(np.float32), disc)  # the nearest, as far as the disc reaches
    return thin, behind, np.where(thing > 0, (thing + behind) / 2, np.inf)


def scores(said_inverse: np.ndarray, inverse: np.ndarray) -> np.ndarray | None:
    """Recall, IoU and the recall of clear things; None where there is next to nothing thin."""
    thin, behind, half = thin_things(inverse)
    if thin.sum() < LEAST:
        return None
    own = (inverse + behind) / 2  # each thing's pixels are held to its own depth, what is beside it to the nearest
    said = said_inverse > np.where(thin, own, half)
    beside = ~thin & (inverse < half) & np.isfinite(half)
    clear = thin & (inverse > CLEAR * behind)
    hits = (said & thin).sum()
    return np.array(
        [
            hits / thin.sum(),
            hits / (thin | (said & beside)).sum(),
            (said & clear).sum() / clear.sum() if clear.sum() >= LEAST else np.nan,
        ]
    )


def seen(model: FathomModel, suite: DepthSuite) -> tuple[int, np.ndarray]:
    """How many pictures have thin things in them, and the means of `scores` over these."""
    found = []
    for case in suite.cases:
        truth = suite.read_truth(case)
        aligned = align_picture(model(case.frames[0].read()), model.kind, truth, suite.protocol)
        inverse = np.where(truth.valid, 1 / np.where(truth.valid, truth.depth, FARTHEST), 0).astype(np.float32)
        score = scores(1 / np.maximum(aligned.depth, 1 / FARTHEST), inverse)
        if score is not None:
            found.append(score)
    return len(found), np.nanmean(found, axis=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("held")
    parser.add_argument("-m", "--model", action="append")
    parser.add_argument("--size", type=int)
    parser.add_argument("--edges", default="auto")
    parser.add_argument("--detail", type=int)
    args = parser.parse_args()

    suite = depth_suite(args.held)
    names = args.model or ["nano"]
    more = "" if args.detail is None else f" --detail {args.detail}"
    said = f"python benchmarks/thin_things.py HELD -m {' -m '.join(names)} --edges {args.edges}{more}"
    print(f"`{said}`, {processor()}, {date.today()}\n")
    print("| model | pictures | recall ↑ | IoU ↑ | recall, clearly nearer ↑ |\n|---|---|---|---|---|")
    for name in names:
        count, means = seen(FathomModel(name, "cpu", args.size, args.edges, args.detail), suite)
        print(f"| {name} | {count} | " + " | ".join(f"{value:.3f}" for value in means) + " |", flush=True)


if __name__ == "__main__":
    main()
