"""How long `fathom depth photo.jpg` takes from a cold process, and what it takes with it.

    python benchmarks/cold_start.py [PHOTO] [--runs 10] [--out benchmarks/results/cold_start.md]

Each run is a new process. Reported: the median and the best of the runs, as other programs on the machine only ever
add time. "First ever" has an empty cache of compiled networks, "later" finds what the run before left there.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from machine import processor

import fathom

LIMIT_SECONDS, LIMIT_MEGABYTES = 1.5, 700


@dataclass(frozen=True)
class Run:
    wall: float  # seconds
    cpu: float  # seconds, of all threads
    peak: float  # MB, resident


def measure(code: str, cache: str) -> Run:
    """Run `code` in a new Python."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", code], stderr=subprocess.DEVNULL, env={**os.environ, "FATHOM_CACHE": cache}
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"the command failed with {process.returncode}: {code}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photo", nargs="?", type=Path, help="a photo; one of 12 megapixels is made if not given")
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "cold_start.md")
    parser.add_argument("--make", nargs=3, metavar=("PATH", "WIDTH", "HEIGHT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.make:
        path, width, height = options.make
        return make_photo(Path(path), int(width), int(height))

    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small.jpg", Path(folder) / "large.jpg"
        for path, width, height in ((small, 640, 480), (large, 4000, 3000)):
            # In a process of its own: a child's peak memory counts what its parent held when it was forked.
            subprocess.run([sys.executable, __file__, "--make", str(path), str(width), str(height)], check=True)
        photos = (
            {"640x480": small, "4000x3000": large} if options.photo is None else {options.photo.name: options.photo}
        )
        rows = [("python -c pass", [measure("pass", folder) for _ in range(options.runs)])]
        rows.append(("import fathom", [measure("import fathom", folder) for _ in range(options.runs)]))
        for name, photo in photos.items():
            arguments = ["depth", str(photo), "-o", folder]
            code = (
                f"import sys; from fathom.cli import main; code = main({arguments}); "
                "assert 'torch' not in sys.modules; sys.exit(code)"
            )
            fresh = [measure(code, f"{folder}/{name}-{run}") for run in range(options.runs)]
            later = [measure(code, f"{folder}/{name}-0") for _ in range(options.runs)]
            rows += [(f"fathom depth, {name}, first ever", fresh), (f"fathom depth, {name}, later", later)]

    table = ["| | wall, median | wall, best | CPU, median | peak memory |", "|---|---|---|---|---|"]
    for name, runs in rows:
        wall, cpu, peak = ([getattr(run, what) for run in runs] for what in ("wall", "cpu", "peak"))
        table.append(
            f"| {name} | {statistics.median(wall):.3f} s | {min(wall):.3f} s | {statistics.median(cpu):.3f} s "
            f"| {max(peak):.0f} MB |"
        )
    worst = [max(statistics.median(r.wall for r in runs) for _, runs in rows), max(r.peak for _, q in rows for r in q)]
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    text = "\n".join(
        [
            "# Cold start",
            "",
            f"`python benchmarks/cold_start.py --runs {options.runs}`, {date.today()}, fathom {fathom.__version__}, "
            f"Python {platform.python_version()}, {processor()}, {os.cpu_count()} cores, load {load}.",
            "",
            *table,
            "",
            f"Limits: {LIMIT_SECONDS} s and {LIMIT_MEGABYTES} MB. Slowest median {worst[0]:.2f} s, "
            f"largest peak {worst[1]:.0f} MB. No run imported torch.",
            "",
        ]
    )
    print(text)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(text)


def make_photo(path: Path, width: int, height: int) -> None:
    """A JPEG that is about as hard to decode as a photo."""
    import cv2
    import numpy as np

    rng = np.random.default_rng(0)
    levels = [rng.standard_normal((3 * 2**i, 4 * 2**i, 3)).astype(np.float32) * 60 / (i + 1) for i in range(9)]
    picture = 128 + np.sum([cv2.resize(level, (width, height)) for level in levels], axis=0)
    cv2.imwrite(str(path), np.clip(picture, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 92])


if __name__ == "__main__":
    main()
