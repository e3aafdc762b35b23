"""How many samples a core reads and augments in a second, for each set and for fathom's own formats.

    python benchmarks/read_speed.py [--samples 40] [--out benchmarks/results/read_speed.md]

A few made-up samples of each published set's own size and format are written, textured and with depth that does not
compress too well, and read over and over with everything else in memory: what is measured is the processor's work,
not a disk's. One thread.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import platform
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import cv2
import h5py
import numpy as np
import OpenEXR
from machine import processor
from PIL import Image

from fathom.data.augment import Augmentation, augment
from fathom.data.pack import write_folder, write_shards
from fathom.data.sample import Source
from fathom.data.sources import open_samples
from fathom.data.stream import ShardStream

DIFFERENT = 4
FLIGHTS, FRAMES = 200, 500  # of the tree that is listed
CROP = 518
CORES = 8
# Forward pass at 518x518, TFLOP; training is taken as three of them. Sustained speeds are a share of what the maker
# gives for dense bf16: an assumption, as is the share.
FORWARD = {"ViT-S": 0.12, "ViT-L": 1.3}
GPUS = {"A100": 312, "H100": 989}
SHARE = 0.4

Writer = Callable[[Path, int, np.ndarray, np.ndarray], None]


def scene(height: int, width: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A picture with texture and grain, and depth of 1 to 20 m with edges."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (height // 12, width // 12, 3), dtype=np.uint8)
    texture = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    picture = np.clip(texture + rng.normal(0, 3, texture.shape), 0, 255).astype(np.uint8)
    depth = np.linspace(20, 2, height)[:, None] * (1 + 0.2 * np.sin(np.arange(width) / 90))
    for _ in range(60):
        y, x = rng.integers(0, height), rng.integers(0, width)
        h, w = rng.integers(8, height // 3), rng.integers(8, width // 3)
        depth[y : y + h, x : x + w] = rng.uniform(1, 6) + 0.003 * np.arange(depth[y : y + h, x : x + w].shape[1])
    return picture, depth


def save_picture(path: Path, picture: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture).save(path, quality=92)


def hypersim(root: Path, i: int, picture: np.ndarray, depth: np.ndarray) -> None:
    images = root / "ai_001_001/images"
    save_picture(images / f"scene_cam_00_final_preview/frame.{i:04d}.tonemap.jpg", picture)
    path = images / f"scene_cam_00_geometry_hdf5/frame.{i:04d}.depth_meters.hdf5"
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        file.create_dataset("dataset", data=depth.astype(np.float16), compression="gzip")


def vkitti2(root: Path, i: int, picture: np.ndarray, depth: np.ndarray) -> None:
    frames = root / "Scene01/clone/frames"
    save_picture(frames / f"rgb/Camera_0/rgb_{i:05d}.jpg", picture)
    save_picture(frames / f"depth/Camera_0/depth_{i:05d}.png", np.rint(depth * 100).astype(np.uint16))


def tartanair(root: Path, i: int, picture: np.ndarray, depth: np.ndarray) -> None:
    flight = root / "oldtown/Easy/P000"
    save_picture(flight / f"image_left/{i:06d}_left.png", picture)
    (flight / "depth_left").mkdir(exist_ok=True)
    np.save(flight / f"depth_left/{i:06d}_left_depth.npy", depth.astype(np.float32))


def irs(root: Path, i: int, picture: np.ndarray, depth: np.ndarray) -> None:
    save_picture(root / f"Home/Kitchen/l_{i:05d}.png", picture)
    header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
    with OpenEXR.File(header, {"G": (48 / depth).astype(np.float32)}) as file:
        file.write(str(root / f"Home/Kitchen/d_{i:05d}.exr"))


def blendedmvs(root: Path, i: int, picture: np.ndarray, depth: np.ndarray) -> None:
    save_picture(root / f"scene/blended_images/{i:08d}.jpg", picture)
    (root / "scene/rendered_depth_maps").mkdir(exist_ok=True)
    header = f"Pf\n{depth.shape[1]} {depth.shape[0]}\n-1.000000\n".encode()
    (root / f"scene/rendered_depth_maps/{i:08d}.pfm").write_bytes(header + depth[::-1].astype("<f4").tobytes())


SETS: dict[str, tuple[Writer, int, int, str]] = {
    "hypersim": (hypersim, 768, 1024, "JPEG, HDF5 half gzip"),
    "vkitti2": (vkitti2, 375, 1242, "JPEG, PNG 16 bits"),
    "tartanair": (tartanair, 480, 640, "PNG, npy"),
    "irs": (irs, 540, 960, "PNG, EXR float zip"),
    "blendedmvs": (blendedmvs, 576, 768, "JPEG, PFM"),
}


@dataclass(frozen=True)
class Timing:
    name: str
    size: str
    files: str
    read: float  # CPU seconds a sample
    augment: float

    @property
    def rate(self) -> float:
        return 1 / (self.read + self.augment)


def measure(name: str, files: str, samples: Source | ShardStream, count: int) -> Timing:
    how, rng = Augmentation(crop=CROP), np.random.default_rng(0)
    height, width = samples[0].disparity.shape
    augment(samples[0], how, rng)
    started = time.process_time()
    kept = [samples[i % len(samples)] for i in range(DIFFERENT)]
    for i in range(DIFFERENT, count):
        samples[i % len(samples)]
    reading = (time.process_time() - started) / count
    started = time.process_time()
    for i in range(count):
        augment(kept[i % DIFFERENT], how, rng)
    return Timing(name, f"{width}x{height}", files, reading, (time.process_time() - started) / count)


def measure_all(folder: Path, count: int) -> list[Timing]:
    os.environ["FATHOM_CACHE"] = str(folder / "cache")
    timings = []
    for name, (write, height, width, files) in SETS.items():
        for i in range(DIFFERENT):
            write(folder / name, i, *scene(height, width, i))
        timings.append(measure(name, files, open_samples(f"{name}/all:{folder / name}"), count))
    source = open_samples(f"hypersim/all:{folder / 'hypersim'}")
    write_folder(source, folder / "folder")
    write_shards(source, folder / "shards")
    for name in ("folder", "shards"):
        timings.append(measure(f"{name} of hypersim", "JPEG, npz", open_samples(str(folder / name)), count))
    timings.append(measure("stream of shards", "JPEG, npz", ShardStream(folder / "shards"), count))
    return timings


def listing(folder: Path) -> str:
    """How long a tree of empty files takes to list, and to open again by its index."""
    for flight in range(FLIGHTS):
        for kind, suffix in (("image_left", "_left.png"), ("depth_left", "_left_depth.npy")):
            frames = folder / f"tree/world{flight // 10}/Easy/P{flight % 10:03d}/{kind}"
            frames.mkdir(parents=True)
            for i in range(FRAMES):
                (frames / f"{i:06d}{suffix}").touch()
    seconds = []
    for _ in range(2):
        started = time.perf_counter()
        found = len(open_samples(f"tartanair/all:{folder / 'tree'}"))
        seconds.append(time.perf_counter() - started)
    return (
        f"A tree of {2 * found} files in {2 * FLIGHTS} folders is listed in {seconds[0]:.2f} s and opened by its index "
        f"in {seconds[1]:.2f} s (wall time, on a local disk whose entries are in memory)."
    )


def needs(rate: float) -> list[str]:
    """The arithmetic: what GPUs would take in, and what the cores of one give."""
    lines = [
        f"Does that feed a GPU? {CORES} cores give {CORES * rate:.0f} samples/s of the slowest row. A training step is "
        f"taken as three forward passes at {CROP}x{CROP}, and a GPU to sustain {SHARE:.0%} of its dense bf16 speed: "
        "both are assumptions.",
        "",
        "| network | TFLOP a sample | " + " | ".join(f"{gpu} takes, samples/s" for gpu in GPUS) + " | fed |",
        "|---|---|" + "---|" * len(GPUS) + "---|",
    ]
    for network, forward in FORWARD.items():
        taken = {gpu: SHARE * speed / (3 * forward) for gpu, speed in GPUS.items()}
        fed = ", ".join(
            f"{gpu} {'yes' if CORES * rate >= t else f'{CORES * rate / t:.0%}'}" for gpu, t in taken.items()
        )
        lines.append(
            f"| {network} | {3 * forward:.2f} | " + " | ".join(f"{t:.0f}" for t in taken.values()) + f" | {fed} |"
        )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=40)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        timings = measure_all(Path(folder), options.samples)
        listed = listing(Path(folder))
    lines = [
        "# Reading speed",
        "",
        f"`python benchmarks/read_speed.py --samples {options.samples}`, {date.today()}, {processor()}, "
        f"{len(os.sched_getaffinity(0))} cores, of which one is used, Python {platform.python_version()}, "
        f"numpy {np.__version__}, Pillow {Image.__version__}. Load when it began: {load:.1f}.",
        "",
        f"CPU time of one sample: its files read and decoded, then `fathom.data.augment` at a crop of {CROP}.",
        "",
        "| samples | size | files | read, ms | augment, ms | samples/s a core |",
        "|---|---|---|---|---|---|",
        *(
            f"| {t.name} | {t.size} | {t.files} | {1000 * t.read:.1f} | {1000 * t.augment:.1f} | {t.rate:.0f} |"
            for t in timings
        ),
        "",
        *needs(min(t.rate for t in timings)),
        "",
        listed,
    ]
    print("\n".join(lines))
    if options.out:
        options.out.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
