"""What `fathom label` costs beyond decoding, looking and encoding: the whole run against the bare loop.

    python benchmarks/label_overhead.py PHOTOS [--photos 2000] [-m nano] [--size 128] [--out FILE]

The bare loop does to each piece of 16 photos what the engines do, with as many threads, and keeps nothing: no plan, no
shards, no records, no checksums. Start-up, which is until the first piece is done, is said apart.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from machine import processor, publish

from fathom.data.label_store import Job, LabelStore
from fathom.data.pool import Pool, open_pool
from fathom.overlap import overlapped
from fathom.recipe.labelling.cluster import joined, label_on_cluster
from fathom.recipe.labelling.here import AHEAD, label_here
from fathom.recipe.labelling.plan import frozen_plan
from fathom.recipe.labelling.run import PER_SHARD, teacher_of
from fathom.recipe.labelling.stages import PIECE
from fathom.recipe.labelling.work import Work

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Run:
    name: str
    start: float  # seconds until the first piece is done
    seconds: float  # from then on
    pictures: int  # from then on
    cpu: float  # seconds of all processes together, from then on

    def line(self, bare: Run) -> str:
        each, cpu = self.seconds / self.pictures, self.cpu / self.pictures
        more = f"{each / (bare.seconds / bare.pictures) - 1:+.1%}", f"{cpu / (bare.cpu / bare.pictures) - 1:+.1%}"
        return f"| {self.name} | {self.start:.1f} | {1000 * each:.1f} | {more[0]} | {1000 * cpu:.1f} | {more[1]} |"


def tree_cpu() -> float:
    """Processor seconds of this process, of all that come from it, and of those of them that have ended."""
    parents, spent = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(stat.parent.name)
        parents[pid], spent[pid] = int(fields[1]), sum(map(int, fields[11:15])) / TICK

    def mine(pid: int) -> bool:
        while pid > 1 and pid != os.getpid():
            pid = parents.get(pid, 0)
        return pid == os.getpid()

    return sum(seconds for pid, seconds in spent.items() if mine(pid))


def timed(name: str, began: float, pieces: Iterator[int]) -> Run:
    next(pieces)
    first, cpu = time.perf_counter(), tree_cpu()
    pictures = sum(pieces)
    return Run(name, first - began, time.perf_counter() - first, pictures, tree_cpu() - cpu)


def bare(pool: Pool, work: Work) -> Iterator[int]:
    decode, look, encode = work.decoder(), work.looker(), work.encoder()
    workers = os.cpu_count() or 1
    with ThreadPoolExecutor(1) as reading, ThreadPoolExecutor(workers) as coding:
        groups = [pool.photos[i : i + PIECE] for i in range(0, len(pool.photos), PIECE)]
        read = overlapped(reading, lambda names: next(iter(work.reader()(Job("", names=names)))), groups, AHEAD)
        decoded = overlapped(coding, decode, read, AHEAD)
        for piece in overlapped(coding, encode, map(look, decoded), AHEAD):
            yield len(piece.items)


def whole(pool: Pool, work: Work, engine: Callable, out: Path) -> Iterator[int]:
    store = LabelStore(str(out))
    jobs = frozen_plan(store, pool, {"teacher": "it"}, PER_SHARD)
    shards = {}
    for outcome in engine(jobs, work):
        if outcome.shard:
            shards[outcome.shard.file] = outcome.shard
        yield outcome.pictures
    store.finish([shards[job.shard] for job in jobs])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--photos", type=int, default=2000)
    parser.add_argument("-m", "--model", default="nano")
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    load = os.getloadavg()[0]
    found = open_pool(options.folder)
    pool = Pool(found.root, found.photos[:: len(found.photos) // options.photos][: options.photos])
    runs: dict[str, list[Run]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for i in range(options.repeat):
            for name in ("bare loop", "threads", "Ray, local"):
                began = time.perf_counter()
                work = Work(pool.root, f"{folder}/{name}-{i}", teacher_of([options.model], "cpu", [options.size]))
                with ExitStack() as stack:
                    if name == "bare loop":
                        pieces = bare(pool, work)
                    else:
                        engine = label_here
                        if name != "threads":
                            stack.enter_context(joined(None))
                            engine = label_on_cluster
                        pieces = whole(pool, work, engine, Path(work.store))
                    runs.setdefault(name, []).append(timed(name, began, pieces))
                print(runs[name][-1], file=sys.stderr, flush=True)
    best = {name: min(several, key=lambda run: run.seconds) for name, several in runs.items()}
    lines = [
        "# Overhead of labelling",
        "",
        f"`python benchmarks/label_overhead.py PHOTOS --photos {options.photos} -m {options.model} "
        f"--size {options.size} --repeat {options.repeat}`, {date.today()}, {processor()}, "
        f"{len(os.sched_getaffinity(0))} cores, Python {platform.python_version()}. Load when it began: {load:.1f}, "
        "and others went on all the while; processor time suffers less from that than wall time. The best of each.",
        "",
        "| run | start-up, s | a photo, ms | to the bare loop | a photo, ms of processor | to the bare loop |",
        "|---|---|---|---|---|---|",
        *(run.line(best["bare loop"]) for run in best.values()),
    ]
    publish(lines, options.out)


if __name__ == "__main__":
    main()
