"""docs/recipe-report.md from the runs of `benchmarks/recipe_runs.py`: which of the paper's claims hold here.

    python benchmarks/recipe_report.py RUNS --truth GT --held HELD --glass HELD_GLASS [--photos docs/photos]
        [--size 160] [--out docs/recipe-report.md]

GT is a folder with an index.json, HELD and HELD_GLASS are rendered from seeds that nothing was trained on, the latter
`--families glass,product,kitchen`. Every number is of `fathom bench`; those of the two seeds stand beside their mean.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from contact_sheet import sheet, tile
from machine import processor
from PIL import Image
from recipe_runs import SEEDS, WAYS, steps_done
from truth import depth_suite

import fathom
from fathom.bench.cache import PredictionCache, default_folder
from fathom.bench.models import FathomModel, Model
from fathom.bench.run import run
from fathom.bench.suite import DepthSuite
from fathom.bench.summary import ALL, MEAN_OF_SOURCES, rows
from fathom.files import write_whole
from fathom.picture import SUFFIXES, read
from fathom.progress import progress


@dataclass(frozen=True)
class Column:
    title: str
    suite: str  # truth, held or glass
    metric: str
    source: str = ALL
    better: int = 1  # -1 where less is better

    def of(self, measured: dict[str, dict[str, dict[str, float]]]) -> float:
        return measured[self.suite].get(self.source, {}).get(self.metric, float("nan"))


COLUMNS = [
    Column("AbsRel ↓", "truth", "abs_rel", MEAN_OF_SOURCES, -1),
    Column("δ1 ↑", "truth", "delta1", MEAN_OF_SOURCES),
    Column("order ↑", "truth", "order", MEAN_OF_SOURCES),
    Column("boundary F1, Middlebury ↑", "truth", "boundary_f1", "middlebury_2001_2006"),
    Column("boundary F1, rendered ↑", "held", "boundary_f1"),
    Column("AbsRel on glass ↓", "glass", "abs_rel@glass", ALL, -1),
]

# Each claim of the paper: the way that it says is better, and the one that it is compared with.
CLAIMS = [
    ("Photos with a teacher's labels are better to learn from than rendered pictures", "pseudo", "synthetic"),
    ("Rendered pictures beside the photos do not help", "pseudo", "mixture"),
    ("L_gm makes edges sharper, on rendered pictures", "synthetic", "synthetic-gm0"),
    ("L_gm makes edges sharper, on photos", "pseudo", "pseudo-gm0"),
    ("Leaving out the 10 % of pixels with the largest loss helps", "pseudo", "pseudo-all"),
    ("Holding the features to those of the pretrained encoder helps", "pseudo", "pseudo-free"),
    ("Exact depth is better to learn from than what sensors measure", "synthetic", "degraded"),
]

Measured = dict[str, dict[str, dict[str, float]]]  # suite -> source -> metric -> mean


def measure(model: Model, suites: dict[str, DepthSuite], cache: PredictionCache) -> Measured:
    return {name: {row.source: row.means for row in rows(run(suite, model, cache))} for name, suite in suites.items()}


def cell(column: Column, of_seeds: list[Measured]) -> str:
    values = [column.of(measured) for measured in of_seeds]
    return f"{np.mean(values):.3f} ({', '.join(f'{v:.3f}' for v in values)})"


def verdict(column: Column, ours: list[Measured], theirs: list[Measured]) -> str:
    """The difference, and whether both seeds agree on its sign, every run against every other."""
    a, b = ([column.better * column.of(m) for m in each] for each in (ours, theirs))
    difference = np.mean(a) - np.mean(b)
    if abs(difference) < 0.0005:
        return "the same"
    if min(a) > max(b):
        word = "holds"
    elif max(a) < min(b):
        word = "**the opposite**"
    else:
        word = "undecided"
    return f"{word} ({difference:+.3f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path)
    for name in ("truth", "held", "glass"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--photos", type=Path, default=Path("docs/photos"))
    parser.add_argument("--size", type=int, default=160)
    parser.add_argument("--out", type=Path, default=Path("docs/recipe-report.md"))
    args = parser.parse_args()

    suites: dict[str, DepthSuite] = {}
    for name in ("truth", "held", "glass"):
        suites[name] = replace(depth_suite(getattr(args, name)), boundaries=name != "glass")
    cache = PredictionCache(default_folder())
    measured: dict[str, list[Measured]] = {}
    with progress("measuring", total=len(WAYS) * len(SEEDS), unit="run") as bar:
        for way in WAYS:
            for seed in SEEDS:
                checkpoint = str(args.runs / f"{way}_{seed}")
                measured.setdefault(way, []).append(
                    measure(FathomModel(checkpoint, "cpu", args.size, "network"), suites, cache)
                )
                bar.advance()

    picture = args.out.with_suffix(".jpg")
    models = [fathom.load(args.runs / f"{way}_{SEEDS[0]}", size=args.size, edges="network") for way in WAYS]
    tiles = []
    for path in sorted(p for p in args.photos.iterdir() if p.suffix.lower() in SUFFIXES):
        photo = read(path)
        tiles.append(np.concatenate([tile(photo.rgb), *(tile(model(photo).colour()) for model in models)], axis=1))
    Image.fromarray(sheet(tiles, 1)).save(picture, quality=85)

    config = json.loads((args.runs / f"pseudo_{SEEDS[0]}" / "config.json").read_text())["config"]
    steps = steps_done(args.runs / f"pseudo_{SEEDS[0]}")
    lines = [
        "# Does the recipe hold without DINOv2?",
        "",
        f"Made by `python benchmarks/recipe_report.py`, {date.today()}, from runs of `benchmarks/recipe_runs.py` on",
        f"{processor()}. Every run is a {config['architecture']} that starts from ImageNet: {steps} steps of",
        f"{config['batch']} crops of {config['augmentation']['crop']}, measured at {args.size}. Two seeds each, both",
        "shown after their mean. These runs are short: what they decide is which way helps more at the beginning.",
        "A boundary F1 of 0.000: next to nowhere does depth step as steeply as the truth, between the same two pixels.",
        "",
        "| way | " + " | ".join(column.title for column in COLUMNS) + " |",
        "|---|" + "---|" * len(COLUMNS),
    ]
    for way, about in WAYS.items():
        lines.append(f"| {about.about} | " + " | ".join(cell(c, measured[way]) for c in COLUMNS) + " |")
    lines += [
        "",
        f"![Photos, and what each way sees in them]({picture.name})",
        "",
        "Left to right: the photo, then the ways in the order of the table, first seed.",
        "",
        "## The claims",
        "",
        "A claim *holds* where both runs of the one way are better than both of the other; the mean difference is in",
        "brackets, above 0 where the claim's side is better.",
        "",
        "| claim | " + " | ".join(column.title[:-2] for column in COLUMNS) + " |",
        "|---|" + "---|" * len(COLUMNS),
    ]
    for claim, ours, theirs in CLAIMS:
        lines.append(f"| {claim} | " + " | ".join(verdict(c, measured[ours], measured[theirs]) for c in COLUMNS) + " |")
    write_whole(args.out, ("\n".join(lines) + "\n").encode())
    print(f"{args.out}, {picture}")


if __name__ == "__main__":
    main()
