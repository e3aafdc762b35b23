"""Memory over a long run: is it flat?

    python benchmarks/label_memory.py [--photos 20000] [--out benchmarks/results/label_memory.md]

Small made-up photos and a teacher that sees the red channel, so that the run is long in photos and short in hours. What
all processes of a run have in memory (their proportional set size) is looked at twice a second, once the run has been
going for its first tenth, in which processes start and fill their buffers.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
from machine import processor, publish
from PIL import Image

from fathom.data.pool import open_pool
from fathom.recipe.labelling.cluster import joined, label_on_cluster
from fathom.recipe.labelling.here import label_here
from fathom.recipe.labelling.plan import planned
from fathom.recipe.labelling.stages import Teacher
from fathom.recipe.labelling.work import Work
from fathom.zoo.records import Input

DIFFERENT = 200
WIDTH, HEIGHT = 640, 240  # of the figure


def red_teacher() -> Teacher:
    class Red:
        def run(self, inputs):
            return [x[0].copy() for x in inputs]

    return Teacher("red", "f1", (64,), Input(1, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0), antialias=True), (Red,))


def write_pool(folder: Path, count: int) -> None:
    """So many names; the pictures repeat."""
    rng = np.random.default_rng(0)
    folder.mkdir()
    for i in range(min(DIFFERENT, count)):
        coarse = Image.fromarray(rng.integers(0, 256, (6, 8, 3), dtype=np.uint8))
        coarse.resize((96, 72), Image.Resampling.BICUBIC).save(folder / f"{i:06d}.jpg")
    for i in range(DIFFERENT, count):
        (folder / f"{i:06d}.jpg").hardlink_to(folder / f"{i % DIFFERENT:06d}.jpg")


def memory() -> float:
    """Megabytes of this process and of all that come from it; what they share is counted once."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue

    def mine(pid: int) -> bool:
        while pid > 1 and pid != os.getpid():
            pid = parents.get(pid, 0)
        return pid == os.getpid()

    total = 0
    for pid in filter(mine, parents):
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return total / 1024


@dataclass
class Curve:
    name: str
    photos: list[int] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def settled(self) -> tuple[np.ndarray, np.ndarray]:
        photos, megabytes = np.array(self.photos), np.array(self.megabytes)
        kept = photos > photos.max() / 10
        return photos[kept], megabytes[kept]

    def line(self) -> str:
        photos, megabytes = self.settled()
        slope = 1000 * np.polyfit(photos, megabytes, 1)[0]
        third = len(photos) // 3
        first, last = np.median(megabytes[:third]), np.median(megabytes[-third:])
        return (
            f"| {self.name} | {first:.0f} | {last:.0f} | {megabytes.max():.0f} | {slope:+.2f} | "
            f"{photos.max() / self.seconds:.0f} |"
        )


def watched(name: str, jobs, work: Work, engine) -> Curve:
    curve, done, stop = Curve(name), [0], threading.Event()

    def watch() -> None:
        while not stop.wait(0.5):
            curve.photos.append(done[0])
            curve.megabytes.append(memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    began = time.perf_counter()
    for outcome in engine(jobs, work):
        done[0] += outcome.pictures
    curve.seconds = time.perf_counter() - began
    stop.set()
    watcher.join()
    return curve


def figure(curves: list[Curve]) -> str:
    """SVG: megabytes over thousands of photos."""
    top = 1.15 * max(max(c.megabytes) for c in curves)
    right = max(max(c.photos) for c in curves)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-60 -10 {WIDTH + 80} {HEIGHT + 60}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#999"/>',
        *(
            f'<text x="-8" y="{HEIGHT * (1 - k / 4) + 4:.0f}" text-anchor="end">{top * k / 4:.0f} MB</text>'
            for k in range(5)
        ),
        *(
            f'<text x="{WIDTH * k / 4:.0f}" y="{HEIGHT + 18}" text-anchor="middle">{right * k / 4:.0f}</text>'
            for k in range(5)
        ),
        f'<text x="{WIDTH / 2:.0f}" y="{HEIGHT + 38}" text-anchor="middle">photos</text>',
    ]
    for colour, curve in zip(("#1f77b4", "#d62728"), curves, strict=False):
        points = " ".join(
            f"{WIDTH * p / right:.1f},{HEIGHT * (1 - m / top):.1f}"
            for p, m in zip(curve.photos, curve.megabytes, strict=True)
        )
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        y = HEIGHT * (1 - np.median(curve.megabytes) / top) - 10
        parts.append(f'<text x="{WIDTH - 8}" y="{y:.0f}" text-anchor="end" fill="{colour}">{curve.name}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=20000)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    curves = []
    with tempfile.TemporaryDirectory() as folder:
        write_pool(Path(folder, "photos"), options.photos)
        pool = open_pool(f"{folder}/photos")
        jobs = planned(pool, 500)
        for name, engine in (("threads", label_here), ("Ray, local", label_on_cluster)):
            with ExitStack() as stack:
                if engine is label_on_cluster:
                    stack.enter_context(joined(None))
                curves.append(watched(name, jobs, Work(pool.root, f"{folder}/{name}", red_teacher()), engine))
            print(curves[-1].line(), file=sys.stderr, flush=True)
    lines = [
        "# Memory of labelling",
        "",
        f"`python benchmarks/label_memory.py --photos {options.photos}`, {date.today()}, {processor()}, "
        f"{len(os.sched_getaffinity(0))} cores, shared with other work. Megabytes of all processes together, after the "
        "first tenth of the photos; photos/s of a trivial teacher, start-up included.",
        "",
        "| run | median of the first third | of the last third | largest | MB per 1,000 photos | photos/s |",
        "|---|---|---|---|---|---|",
        *(curve.line() for curve in curves),
        "",
        "![megabytes over photos](label_memory.svg)",
    ]
    publish(lines, options.out)
    if options.out:
        options.out.with_suffix(".svg").write_text(figure(curves))


if __name__ == "__main__":
    main()
