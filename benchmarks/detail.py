"""What a second, larger look (`fathom depth --detail`) gives, and what it takes.

    python benchmarks/detail.py TRUTH HELD THIN [-m MODEL] [--detail SIZE ...]

TRUTH is a folder with an index.json that has Middlebury among its sources; HELD and THIN are folders of `fathom render`
that nothing was trained on, THIN with thin things in it, see thin_things.py. Times are from picture to map, of a photo
of 1280x960, the ways taking turns. A markdown table on standard output.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from datetime import date

import cv2
import numpy as np
from edges import COLUMNS
from machine import processor
from recipe_report import measure
from thin_things import seen
from truth import depth_suite

from fathom.bench.cache import PredictionCache
from fathom.bench.models import FathomModel
from fathom.picture import read
from fathom.progress import progress
from fathom.runtime.export import PICTURES

ROUNDS = 15


def milliseconds(models: list[FathomModel]) -> list[float]:
    """Median of each, of one photo."""
    photo = cv2.resize(read(PICTURES / "coffee.jpg").rgb, (1280, 960), interpolation=cv2.INTER_CUBIC)
    times = np.zeros((ROUNDS + 2, len(models)))
    for each in times:
        for i, model in enumerate(models):
            began = time.perf_counter()
            model(photo)
            each[i] = time.perf_counter() - began
    return list(1000 * np.median(times[2:], axis=0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("truth", "held", "thin"):
        parser.add_argument(name)
    parser.add_argument("-m", "--model", default="nano")
    parser.add_argument("--detail", type=int, action="append")
    args = parser.parse_args()

    suites = {name: replace(depth_suite(getattr(args, name)), boundaries=True) for name in ("truth", "held")}
    thin = depth_suite(args.thin)
    ways = [None, *(args.detail or [256, 320, 384, 448, 512])]
    models = [FathomModel(args.model, "cpu", detail=way) for way in ways]
    took = milliseconds(models)
    columns = [*COLUMNS, "thin, recall ↑", "thin, IoU ↑", "ms ↓"]
    print(f"`python benchmarks/detail.py TRUTH HELD THIN -m {args.model}`, {processor()}, {date.today()}\n")
    print("| detail | " + " | ".join(columns) + " |\n|---|" + "---|" * len(columns))
    with progress("measuring", total=len(ways), unit="way") as bar:
        for way, model, ms in zip(ways, models, took, strict=True):
            measured = measure(model, suites, PredictionCache(None))
            values = [measured[suite][source][metric] for suite, source, metric in COLUMNS.values()]
            recall, iou, _ = seen(model, thin)[1]
            words = " | ".join(f"{value:.3f}" for value in (*values, recall, iou))
            print(f"| {way or 'none'} | {words} | {ms:.0f} |", flush=True)
            bar.advance()


if __name__ == "__main__":
    main()
