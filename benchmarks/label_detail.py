"""What `fathom label --detail` and `--edges picture` make of labels: their depth and their edges.

    python benchmarks/label_detail.py TRUTH HELD [-m TEACHER] [--size SIZE ...] [--detail DETAIL ...]

TRUTH is a folder with an index.json that has Middlebury among its sources, HELD a folder of `fathom render` that
nothing was trained on. Pictures are first brought to 256 pixels on the shorter side, as photos of a pool are; each gets
its label as `fathom label` makes it, enlarged. `softened by 0` is the guided filter as it is published, with
the detail for its guide. A markdown table on standard output.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import cv2
import numpy as np
from edges import COLUMNS
from machine import processor
from recipe_report import measure
from truth import depth_suite

import fathom.detail
from fathom.bench.alignment import Kind
from fathom.bench.cache import PredictionCache
from fathom.enlarge import enlarge
from fathom.predict import Model, load
from fathom.progress import progress
from fathom.recipe.labelling.stages import Decoder, Seen, label_of

SIDE = 256  # pixels
NEXT_TO_NOTHING = 0.05  # pixels of blur


class Labels:
    """A teacher's labels as a model to be measured."""

    kind: Kind = "relative"
    fingerprint = None

    def __init__(self, teacher: Model, sizes: Sequence[int], detail: int | None, edges: str):
        self.name = f"{teacher.name} at {' '.join(map(str, sizes))}, detail {detail}, edges {edges}"
        self.teacher = teacher
        self.decoder = Decoder(tuple(sizes), teacher.input, detail, edges == "picture")

    def __call__(self, rgb: np.ndarray) -> np.ndarray:
        height, width = rgb.shape[:2]
        shrink = min(1, SIDE / min(height, width))
        h, w = round(height * shrink), round(width * shrink)
        rgb = cv2.resize(rgb, (w, h), interpolation=cv2.INTER_AREA)
        prepared = self.decoder.prepared(rgb)
        return enlarge(label_of(Seen.of(prepared, [iter(self.teacher.run(prepared.views))])).values, height, width)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("truth")
    parser.add_argument("held")
    parser.add_argument("-m", "--model", default="nano")
    parser.add_argument("--size", type=int, action="append")
    parser.add_argument("--detail", type=int, action="append")
    args = parser.parse_args()

    suites = {name: replace(depth_suite(getattr(args, name)), boundaries=True) for name in ("truth", "held")}
    teacher, sizes = load(args.model), args.size or [192, 256]
    chosen = fathom.detail.BLUR
    details = args.detail or [288, 384, 448]
    softnesses = [(detail, blur) for detail in details for blur in (NEXT_TO_NOTHING, chosen)]
    ways = [(None, chosen, "network"), *((*way, "network") for way in softnesses)]
    ways += [(detail, chosen, "picture") for detail in (None, *details)]
    print(f"`python benchmarks/label_detail.py TRUTH HELD -m {args.model}`, {processor()}, {date.today()}\n")
    print("| detail | softened by | edges | " + " | ".join(COLUMNS) + " |\n|---|---|---|" + "---|" * len(COLUMNS))
    with progress("measuring", total=len(ways), unit="way") as bar:
        for detail, blur, edges in ways:
            fathom.detail.BLUR = blur
            measured = measure(Labels(teacher, sizes, detail, edges), suites, PredictionCache(None))
            values = [measured[suite][source][metric] for suite, source, metric in COLUMNS.values()]
            words = "| none | |" if detail is None else f"| {detail} | {blur:.0f} |"
            words += f" {edges} |"
            print(words + " " + " | ".join(f"{value:.3f}" for value in values) + " |", flush=True)
            bar.advance()


if __name__ == "__main__":
    main()
