"""What a training step costs: rate, waiting for data, memory, share of what the device can do.

    python benchmarks/train_speed.py RENDERED [--architectures lite0,vits] [--crop 252] [--batch 4] [--steps 12]
        [--ways "" "--devices 2" "--compile"] [-- more options of fathom train]

Each run is a process of its own, on random first weights. Rates are the last lines of the runs' logs, which leave the
first ten steps out; memory is the largest resident set of the process that was started.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shlex
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import torch
from machine import processor

from fathom.nets import build
from fathom.zoo.cards import Card
from fathom.zoo.checkpoint import save_checkpoint


def measured(folder: Path, rendered: str, architecture: str, way: str, args: argparse.Namespace) -> dict:
    start = folder / f"{architecture}.safetensors"
    if not start.exists():
        torch.manual_seed(0)
        save_checkpoint(start, build(architecture), Card(architecture, "relative", args.crop))
    run = Path(tempfile.mkdtemp(dir=folder))
    options = [f"--run={run}", f"--data={rendered}", f"--architecture={architecture}", f"--init={start}"]
    options += [f"--crop={args.crop}", f"--batch={args.batch}", f"--steps={args.steps}", "--checkpoint-every=100000"]
    environment = dict(os.environ)
    if "--devices" in way:  # the cores are shared by the processes, or their threads would wait for each other
        environment["OMP_NUM_THREADS"] = str(max(1, os.cpu_count() // int(shlex.split(way)[1])))  # type: ignore[operator]
    command = [sys.executable, "-m", "fathom", "train", "teacher", *options, *shlex.split(way)]
    subprocess.run(command, env=environment, check=True, stderr=subprocess.DEVNULL)
    return json.loads((run / "log.jsonl").read_text().splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rendered")
    parser.add_argument("--architectures", default="lite0,vits")
    parser.add_argument("--crop", type=int, default=252)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--ways", nargs="+", default=[""])
    args = parser.parse_args()
    load = os.getloadavg()[0]
    print(f"{processor()}, {os.cpu_count()} cores, torch {torch.__version__}, {date.today()}, load {load:.1f}")
    print(f"crop {args.crop}, batch {args.batch}, {args.steps} steps\n")
    print("| network | way | pictures/s | waiting for data | share of peak | peak memory so far |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for architecture in args.architectures.split(","):
            for way in args.ways:
                line = measured(Path(folder), args.rendered, architecture, way, args)
                memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
                share = line.get("share_of_peak")
                print(
                    f"| {architecture} | {way or 'as is'} | {line['pictures_per_s']} | {line['waiting']:.1%} "
                    f"| {'' if share is None else f'{share:.0%}'} | {memory:.1f} GB |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
