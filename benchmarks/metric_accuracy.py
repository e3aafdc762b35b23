"""Metres without any alignment, beside a constant and beside a relative model that is fitted to each picture.

    python benchmarks/metric_accuracy.py SUITE -m METRIC... [--relative nano] [--constant 2.0]

Pictures whose ground truth has no metres are left out. The constant is one distance for all pictures, in metres: what
a model must beat to have said anything of scale.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from datetime import date

import numpy as np
from truth import depth_suite

import fathom

METRICS = ("abs_rel", "delta1")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite")
    parser.add_argument("-m", "--model", action="append", required=True)
    parser.add_argument("--relative", default="nano")
    parser.add_argument("--constant", type=float, default=2.0)
    args = parser.parse_args()
    suite = depth_suite(args.suite)
    unaligned, fitted = suite.aligned_by("none"), suite
    models = {name: fathom.load(name) for name in [*args.model, args.relative]}
    scores: dict[str, dict[str, list[list[float]]]] = defaultdict(lambda: defaultdict(list))
    for case in suite.cases:
        if not suite.read_truth(case).metric:
            continue
        rgb = case.frames[0].read()
        constant = np.full(rgb.shape[:2], args.constant, np.float32)
        found = {f"constant {args.constant} m": unaligned.score(case, [constant], "metric")}
        for name, model in models.items():
            depth = model(rgb)
            how = unaligned if depth.kind == "metric" else fitted
            found[name if depth.kind == "metric" else f"{name}, fitted"] = how.score(case, [depth.values], depth.kind)
        for name, score in found.items():
            scores[case.source][name].append([score.metrics[metric] for metric in METRICS])
    print(f"`python benchmarks/metric_accuracy.py SUITE -m {' -m '.join(args.model)}`, {date.today()}\n")
    names = list(next(iter(scores.values())))
    print("| source | pictures | " + " | ".join(f"{name}: AbsRel, delta1" for name in names) + " |")
    print("|" + "---|" * (len(names) + 2))
    rows = {source: {name: np.mean(of[name], axis=0) for name in names} for source, of in scores.items()}
    rows["mean of sources"] = {name: np.mean([row[name] for row in rows.values()], axis=0) for name in names}
    for source, row in rows.items():
        count = len(scores[source][names[0]]) if source in scores else sum(len(of[names[0]]) for of in scores.values())
        print(f"| {source} | {count} | " + " | ".join(f"{row[n][0]:.3f}, {row[n][1]:.3f}" for n in names) + " |")


if __name__ == "__main__":
    main()
