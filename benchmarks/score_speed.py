"""How long 654 maps of NYU's size take to score, apart from inference and from reading files.

    python benchmarks/score_speed.py [--maps 654] [--out benchmarks/results/score_speed.md]

Predictions and ground truth are made up beforehand, as many different ones as fit into memory comfortably; every
metric of the locked NYU-D v2 protocol is measured, the order of 20,000 pairs included. Once on one core, then the same
maps shared by as many processes as there are cores.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path

import numpy as np
from machine import processor

from fathom.bench.protocols.nyu import PROTOCOL
from fathom.bench.suite import Case, DepthSuite
from fathom.bench.truth import GroundTruth

LIMIT_SECONDS = 30
DIFFERENT = 16


def maps() -> tuple[list[GroundTruth], list[np.ndarray]]:
    """Rooms with holes, and relative predictions of them with errors."""
    generator = np.random.default_rng(0)
    truths, predictions = [], []
    for _ in range(DIFFERENT):
        depth = np.linspace(4, 1, 480)[:, None] * generator.uniform(0.8, 1.2, (480, 640))
        valid = generator.random((480, 640)) > 0.2
        truths.append(GroundTruth(np.where(valid, depth, 0).astype(np.float32), valid))
        predictions.append((3 / depth * generator.uniform(0.9, 1.1, depth.shape)).astype(np.float32))
    return truths, predictions


def score(count: int) -> float:
    """CPU seconds that `count` maps take."""
    truths, predictions = maps()
    suite = DepthSuite("nyu", PROTOCOL, [], lambda case: truths[int(case.name)])
    started = time.process_time()
    for i in range(count):
        suite.score(Case(str(i % DIFFERENT), "nyu", ()), [predictions[i % DIFFERENT]], "relative")
    return time.process_time() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--maps", type=int, default=654)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    cores = len(os.sched_getaffinity(0))

    started = time.perf_counter()
    alone_cpu = score(options.maps)
    alone = time.perf_counter() - started
    shares = [len(range(k, options.maps, cores)) for k in range(cores)]
    started = time.perf_counter()
    with ProcessPoolExecutor(cores) as pool:
        shared_cpu = list(pool.map(score, shares))
    shared = time.perf_counter() - started

    lines = [
        "# Scoring speed",
        "",
        f"`python benchmarks/score_speed.py --maps {options.maps}`, {date.today()}, {processor()}, {cores} cores, "
        f"Python {platform.python_version()}, numpy {np.__version__}. "
        f"Load when it began: {os.getloadavg()[0]:.1f}. Wall time includes making the maps up.",
        "",
        f"| {options.maps} maps of 640x480, all metrics | wall, s | CPU, s | CPU per map, ms |",
        "|---|---|---|---|",
        f"| one process | {alone:.1f} | {alone_cpu:.1f} | {1000 * alone_cpu / options.maps:.1f} |",
        f"| {cores} processes | {shared:.1f} | {max(shared_cpu):.1f} at most | "
        f"{1000 * sum(shared_cpu) / options.maps:.1f} |",
        "",
        f"Wanted: under {LIMIT_SECONDS} s on 2 cores.",
    ]
    print("\n".join(lines))
    if options.out:
        options.out.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
