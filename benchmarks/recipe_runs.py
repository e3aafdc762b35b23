"""The paper's claims, small: the same network trained in each way, twice.

    python benchmarks/recipe_runs.py RUNS --world RENDERED --degraded DEGRADED --photos PHOTOS --labels LABELS
        [--steps 1500] [--at-once 2] [--only pseudo,mixture]

DEGRADED is RENDERED as `benchmarks/degrade.py` leaves it; LABELS are a larger teacher's, of PHOTOS. Runs that are
finished are kept, runs that were stopped go on. `benchmarks/recipe_report.py` makes the report of them.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

SEEDS = (1, 2)


@dataclass(frozen=True)
class Way:
    """One way to train."""

    stage: str
    about: str  # for the report
    data: str = "world"  # what a teacher is trained on
    options: tuple[str, ...] = ()


WAYS = {
    "synthetic": Way("teacher", "rendered pictures only, exact depth"),
    "synthetic-gm0": Way("teacher", "the same without L_gm", options=("--gm-weight=0",)),
    "degraded": Way("teacher", "rendered pictures only, depth as sensors leave it", data="degraded"),
    "pseudo": Way("student", "photos only, labelled by the teacher"),
    "mixture": Way("student", "photos and rendered pictures, as many of each", options=("--mix", "1", "1")),
    "pseudo-gm0": Way("student", "photos only, without L_gm", options=("--gm-weight=0",)),
    "pseudo-all": Way("student", "photos only, no pixel left out of L_ssi", options=("--drop=0",)),
    "pseudo-free": Way("student", "photos only, features not aligned", options=("--align-weight=0",)),
}


def command(name: str, seed: int, args: argparse.Namespace) -> list[str]:
    way = WAYS[name]
    options = [f"--run={args.runs / f'{name}_{seed}'}", "--architecture=lite0", f"--seed={seed}"]
    options += [f"--steps={args.steps}", "--batch=8", "--crop=128", "--checkpoint-every=250"]
    if way.stage == "teacher":
        options += ["--data", str(args.world if way.data == "world" else args.degraded)]
    else:
        options += ["--photos", args.photos, "--labels", args.labels]
    if name == "mixture":
        options += ["--data", str(args.world)]
    return [sys.executable, "-m", "fathom", "train", way.stage, *options, *way.options]


def steps_done(run: Path) -> int:
    log = run / "log.jsonl"
    return json.loads(log.read_text().splitlines()[-1])["step"] if log.exists() else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path)
    parser.add_argument("--world", type=Path, required=True)
    parser.add_argument("--degraded", type=Path, required=True)
    parser.add_argument("--photos", required=True)
    parser.add_argument("--labels", required=True)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--only", default=",".join(WAYS))
    args = parser.parse_args()
    args.runs.mkdir(parents=True, exist_ok=True)
    todo = [(name, seed) for seed in SEEDS for name in args.only.split(",")]
    todo = [each for each in todo if steps_done(args.runs / f"{each[0]}_{each[1]}") < args.steps]

    def train(each: tuple[str, int]) -> int:
        name, seed = each
        with (args.runs / f"{name}_{seed}.log").open("a") as log:
            threads = {"OMP_NUM_THREADS": str(max(1, (os.cpu_count() or 1) // args.at_once))}
            code = subprocess.run(command(name, seed, args), env={**os.environ, **threads}, stderr=log).returncode
        print(f"{name}_{seed}: {'done' if code == 0 else f'failed, see {name}_{seed}.log'}", flush=True)
        return code

    with ThreadPoolExecutor(args.at_once) as pool:
        return max(pool.map(train, todo), default=0)


if __name__ == "__main__":
    sys.exit(main())
