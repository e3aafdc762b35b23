"""Seconds a rendered picture takes, by family: python benchmarks/render_speed.py [SCENES_PER_FAMILY] [SPP]

CPU seconds of one process with one thread, all included (layout, tracing, denoising, writing); the first scenes, which
compile the kernels that Dr.Jit then keeps on disk, are not counted.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from fathom.render.families import FAMILIES
from fathom.render.produce import Options, Renderer, attempt


def main() -> None:
    scenes, spp = ([int(a) for a in sys.argv[1:]] + [6, 8][len(sys.argv) - 1 :])[:2]
    print("| family | CPU seconds a picture | wall seconds a picture |\n|---|---|---|")
    for family in FAMILIES:
        options = Options(seed=1, spp=spp, families=(family,))
        renderer = Renderer(options)
        with tempfile.TemporaryDirectory() as folder:
            for scene in range(2):
                attempt(renderer.samples, Path(folder), scene)
            cpu, wall, done = time.process_time(), time.perf_counter(), 0
            for scene in range(2, 2 + scenes):
                done += attempt(renderer.samples, Path(folder), scene) is None
            pictures = max(done, 1) * options.views
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            print(f"| {family} | {cpu / pictures:.2f} | {wall / pictures:.2f} |", flush=True)


if __name__ == "__main__":
    main()
