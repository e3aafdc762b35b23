"""Seconds a rendered picture takes, by family.

    python benchmarks/render_speed.py [--families room,street] [--scenes 6] [--spp 6] [--views 3] [--scalar]

CPU seconds of one process with one thread, all included (layout, tracing, denoising, writing); the first scenes, which
compile the kernels that Dr.Jit then keeps on disk, are not counted.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

from fathom.render import variant
from fathom.render.families import FAMILIES
from fathom.render.produce import Options, Renderer, attempt


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=int, default=6, help="of each family")
    parser.add_argument("--families", default=",".join(FAMILIES))
    parser.add_argument("--spp", type=int, default=Options().spp)
    parser.add_argument("--views", type=int, default=3)
    parser.add_argument("--scalar", action="store_true", help="as on a machine without LLVM")
    asked = parser.parse_args()
    if asked.scalar:
        os.environ.pop("DRJIT_LIBLLVM_PATH", None)
        variant.find_llvm = lambda: None
    print("| family | CPU seconds a picture | wall seconds a picture |\n|---|---|---|")
    for family in asked.families.split(","):
        options = Options(seed=1, views=asked.views, spp=asked.spp, families=(family,))
        renderer = Renderer(options)
        with tempfile.TemporaryDirectory() as folder:
            for scene in range(0 if asked.scalar else 2):  # scalar has nothing to compile
                attempt(renderer.samples, Path(folder), scene)
            cpu, wall, done = time.process_time(), time.perf_counter(), 0
            for scene in range(2, 2 + asked.scenes):
                done += attempt(renderer.samples, Path(folder), scene) is None
            pictures = max(done, 1) * options.views
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            print(f"| {family} | {cpu / pictures:.2f} | {wall / pictures:.2f} |", flush=True)


if __name__ == "__main__":
    main()
