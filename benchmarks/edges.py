"""What the guided filter does to edges and to depth, and which of its constants does it best.

    python benchmarks/edges.py TRUTH HELD [-m MODEL] [--size SIZE]

TRUTH is a folder with an index.json that has Middlebury among its sources, HELD a folder of `fathom render` that
nothing was trained on. A markdown table on standard output.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import date

from machine import processor
from recipe_report import measure
from truth import depth_suite

from fathom import enlarge
from fathom.bench.cache import PredictionCache
from fathom.bench.models import FathomModel
from fathom.bench.summary import ALL, MEAN_OF_SOURCES
from fathom.progress import progress

CONSTANTS = "BLUR", "STRIDE", "WIDE", "RADIUS", "EPSILON", "AROUND"
CHOSEN = tuple(getattr(enlarge, name) for name in CONSTANTS)
WORDS = "blur {:g}, stride {}, wide {}, radius {}, epsilon {:g}, around {}"
ANYWHERE = 1000  # pixels around: no value is beyond those of the whole map
WAYS = [
    None,  # bilinear
    CHOSEN,
    *((blur, *CHOSEN[1:]) for blur in (0.3, 1, 2, 2.5, 3.5)),
    *((*CHOSEN[:1], stride, *CHOSEN[2:]) for stride in (2, 4)),
    *((*CHOSEN[:2], wide, *CHOSEN[3:]) for wide in (2, 5, 30)),
    *((*CHOSEN[:3], radius, *CHOSEN[4:]) for radius in (2, 3)),
    *((*CHOSEN[:4], epsilon, *CHOSEN[5:]) for epsilon in (5e-5, 6e-4, 2e-3, 1e-2)),
    *((*CHOSEN[:5], around) for around in (2, 5, ANYWHERE)),
]
COLUMNS = {
    "AbsRel ↓": ("truth", MEAN_OF_SOURCES, "abs_rel"),
    "δ1 ↑": ("truth", MEAN_OF_SOURCES, "delta1"),
    "order ↑": ("truth", MEAN_OF_SOURCES, "order"),
    "boundary F1, Middlebury ↑": ("truth", "middlebury_2001_2006", "boundary_f1"),
    "boundary F1, rendered ↑": ("held", ALL, "boundary_f1"),
    "δ1, rendered ↑": ("held", ALL, "delta1"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("truth")
    parser.add_argument("held")
    parser.add_argument("-m", "--model", default="nano")
    parser.add_argument("--size", type=int)
    args = parser.parse_args()

    suites = {}
    for name in ("truth", "held"):
        suites[name] = replace(depth_suite(getattr(args, name)), boundaries=True)
    print(f"`python benchmarks/edges.py TRUTH HELD -m {args.model}`, {processor()}, {date.today()}\n")
    print("| enlarged by | " + " | ".join(COLUMNS) + " |\n|---|" + "---|" * len(COLUMNS))
    with progress("measuring", total=len(WAYS), unit="way") as bar:
        for way in WAYS:
            if way is not None:
                for constant, value in zip(CONSTANTS, way, strict=True):
                    setattr(enlarge, constant, value)
            model = FathomModel(args.model, "cpu", args.size, "network" if way is None else "picture")
            measured = measure(model, suites, PredictionCache(None))
            values = [measured[suite][source][metric] for suite, source, metric in COLUMNS.values()]
            words = "bilinear" if way is None else WORDS.format(*way)
            words += ", as it is" if way == CHOSEN else ""
            print(f"| {words} | " + " | ".join(f"{value:.3f}" for value in values) + " |", flush=True)
            bar.advance()


if __name__ == "__main__":
    main()
