"""Sixty-two million photos on paper: measured here, reckoned for a cluster, with machines that lag and fail.

    python benchmarks/label_scale.py PHOTOS -m TEACHER [--size 518] [--out benchmarks/results/label_scale.md]

Decoding, encoding and bytes are measured on PHOTOS at the teacher's size, and so is TEACHER. Networks that are not here
are reckoned from their operations, at a share of what a GPU's maker gives: both are assumptions.
"""

from __future__ import annotations

import argparse
import os
from datetime import date
from pathlib import Path

from machine import processor

from fathom.data.pool import open_pool
from fathom.recipe.labelling.estimate import Machines, advice, estimate, measure, report
from fathom.recipe.labelling.run import PER_SHARD, teacher_of
from fathom.recipe.labelling.simulate import Fleet, simulate
from fathom.recipe.labelling.work import Work

PICTURES = 62_000_000
GPUS, CPUS_EACH = 64, 16
# Forward pass at 518x518, TFLOP. A photo of 4:3 has a third more, and is seen twice.
FORWARD = {"ViT-S": 0.12, "ViT-B": 0.39, "ViT-L": 1.3, "ViT-G": 4.4}
GPU_NAME, GPU_TFLOPS, SHARE = "H100", 989, 0.4
VIEWS = 2 * 4 / 3
TROUBLE = {
    "none": {},
    "speeds spread by 10 %": {"spread": 0.1},
    "5 % of the machines three times as slow": {"stragglers": 0.05},
    "each machine fails once a day": {"failures": 1 / 24},
    "each machine fails once an hour, as the cheapest are taken away": {"failures": 1.0},
    "all of these": {"spread": 0.1, "stragglers": 0.05, "failures": 1.0},
}


def rate_of(forward: float) -> float:
    """Photos a second on one GPU."""
    return SHARE * GPU_TFLOPS / (VIEWS * forward)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("-m", "--model", required=True)
    parser.add_argument("--size", type=int, default=518)
    parser.add_argument("--network", type=float, default=100.0, help="Gbit/s of all machines together")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    load = os.getloadavg()[0]
    pool = open_pool(options.folder)
    measured = measure(pool, Work(pool.root, "", teacher_of([options.model], "cpu", [options.size])))
    cpus = GPUS * CPUS_EACH
    lines = [
        "# Sixty-two million photos",
        "",
        f"`python benchmarks/label_scale.py PHOTOS -m {Path(options.model).stem} --size {options.size}`, "
        f"{date.today()}, {processor()}, {len(os.sched_getaffinity(0))} cores. Load when it began: {load:.1f}.",
        "",
        "This teacher, on CPUs alone:",
        "",
        "```",
        report(measured, estimate(measured, PICTURES, Machines(cpus, 0)), Machines(cpus, 0)),
        "```",
        "",
        f"Teachers on {GPUS} GPUs ({GPU_NAME}, {GPU_TFLOPS} TFLOP/s dense bf16, of which {SHARE:.0%} are sustained) "
        f"with {CPUS_EACH} cores each, {options.network:g} Gbit/s; a photo costs {VIEWS:.2f} passes at 518x518:",
        "",
        "| teacher | photos/s a GPU | decode, encode: photos/s a core | hours | GPU-hours | bottleneck | what helps |",
        "|---|---|---|---|---|---|---|",
    ]
    coding = 1 / (measured.decode + measured.encode)
    for name, forward in FORWARD.items():
        machines = Machines(cpus, GPUS, measured.look * rate_of(forward), options.network)
        found = estimate(measured, PICTURES, machines)
        lines.append(
            f"| {name} | {rate_of(forward):.0f} | {coding:.0f} | {found.hours:.1f} | {found.gpu_hours:.0f} | "
            f"{found.bottleneck} | {advice(found, measured, machines)} |"
        )
    seconds = PER_SHARD / min(rate_of(FORWARD["ViT-G"]), CPUS_EACH * coding)
    shards = PICTURES // PER_SHARD
    lines += [
        "",
        f"Lagging and failing, simulated: {shards:,} shards of {PER_SHARD} photos, {GPUS} machines with a GPU each, a "
        f"ViT-G, {seconds:.1f} s a shard; a machine that failed is back after 10 minutes, and the shard it was at is "
        "done again. Ideal is what the machines would take, slow ones included, if none failed and all ended together.",
        "",
        "| trouble | hours | ideal | failures | work done twice | idle at the end |",
        "|---|---|---|---|---|---|",
    ]
    for name, how in TROUBLE.items():
        s = simulate(shards, Fleet(GPUS, seconds, **how))
        lines.append(f"| {name} | {s.hours:.2f} | {s.ideal_hours:.2f} | {s.failures} | {s.lost:.3%} | {s.tail:.3%} |")
    print("\n".join(lines))
    if options.out:
        options.out.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
