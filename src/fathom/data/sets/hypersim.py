"""Hypersim (Roberts et al. 2021): 74,619 released pictures of rooms, https://github.com/apple/ml-hypersim

    ai_VVV_NNN/images/scene_cam_XX_final_preview/frame.IIII.tonemap.jpg         1024x768
    ai_VVV_NNN/images/scene_cam_XX_geometry_hdf5/frame.IIII.depth_meters.hdf5   the distance along the ray, in metres

Either in the folder itself or in its evermotion_dataset/scenes. Two tables of the set's repository are used if they
lie in the folder, or where a checkout of the repository has them:

    metadata_images_split_scene_v1.csv    what was released, and the authors' split; else 5 % of the scenes validate
    metadata_camera_parameters.csv        the camera of each scene, tilted or shifted in many; else the usual one
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from math import radians, tan
from pathlib import Path

import numpy as np

from fathom.data.depth_files import read_hdf5
from fathom.data.index import Found, folders, stems
from fathom.data.sample import Sample, refuse_other_size
from fathom.data.sets.published import PublishedSet, Split, held_out
from fathom.intrinsics import Intrinsics
from fathom.picture import read

# Rendered without textures or lights: https://github.com/apple/ml-hypersim/issues/22 and the lists of later users.
BROKEN = frozenset({"ai_003_001/cam_00", "ai_004_009/cam_01", "ai_038_007/cam_00"})
SPLIT, CAMERAS = "metadata_images_split_scene_v1.csv", "metadata_camera_parameters.csv"
PARTITIONS = {"train": "train", "val": "validation", "test": "test"}
HALF_WIDTH = tan(radians(30))  # at unit depth, of the usual camera: 60 degrees, 886.81 pixels at a width of 1024
SCENE, CAMERA = re.compile(r"ai_\d{3}_\d{3}"), re.compile(r"scene_(cam_\d+)_(?:final_preview|geometry_hdf5)")


class Hypersim(PublishedSet):
    key, title = "hypersim", "Hypersim scene"
    layout = "ai_VVV_NNN/images/... (or evermotion_dataset/scenes/ai_VVV_NNN/images/...)"

    def __init__(self, root: str | Path, split: Split = "train", rescan: bool = False):
        super().__init__(root, split, rescan)
        self._matrices = self._read_matrices()

    def find_home(self) -> Path:
        candidates = (self.root, self.root / "evermotion_dataset/scenes", self.root / "scenes")
        return next((c for c in candidates if any(map(SCENE.fullmatch, folders(c)))), self.root)

    def find(self) -> Iterator[Found]:
        for scene in filter(SCENE.fullmatch, folders(self.home)):
            images = self.home / scene / "images"
            for camera in sorted({found[1] for found in map(CAMERA.fullmatch, folders(images)) if found}):
                pictures = stems(images / f"scene_{camera}_final_preview", "frame.", ".tonemap.jpg")
                depths = stems(images / f"scene_{camera}_geometry_hdf5", "frame.", ".depth_meters.hdf5")
                yield f"{scene}/{camera}", pictures, depths

    def split_of(self, name: str) -> str | None:
        scene, camera, _ = name.split("/")
        if f"{scene}/{camera}" in BROKEN:
            return None
        if self._splits:
            return self._splits.get(name)
        return "validation" if held_out(scene) else "train"

    def picture_path(self, name: str) -> Path:
        scene, camera, frame = name.split("/")
        return self.home / scene / f"images/scene_{camera}_final_preview/frame.{frame}.tonemap.jpg"

    def read(self, name: str) -> Sample:
        scene, camera, frame = name.split("/")
        picture = read(self.picture_path(name)).rgb
        path = self.home / scene / f"images/scene_{camera}_geometry_hdf5/frame.{frame}.depth_meters.hdf5"
        distance = read_hdf5(path)
        refuse_other_size(name, picture, depth=distance)
        height, width = distance.shape
        usual = (HALF_WIDTH, 0.0, 0.0, 0.0, HALF_WIDTH * height / width, 0.0, 0.0, 0.0, -1.0)
        matrix = self._matrices.get(scene, usual)
        depth = distance * axis_share(matrix, height, width)
        depth[~np.isfinite(depth)] = np.nan  # nothing was there to be hit, seen through a window say: not the sky
        return Sample.from_depth(name, picture, depth, pinhole(matrix, height, width))

    def _table(self, name: str) -> Path | None:
        root, above = self.root, self.home.parent
        own, theirs = "evermotion_dataset/analysis", "contrib/mikeroberts3000"
        places = (root, self.home, root / own, root / theirs, above / "analysis", above.parent / theirs)
        return next((path for place in places if (path := place / name).is_file()), None)

    def _rows(self, name: str) -> Iterator[dict[str, str]]:
        path = self._table(name)
        if path is not None:
            with path.open(newline="") as file:
                yield from csv.DictReader(file)

    @cached_property
    def _splits(self) -> dict[str, str | None]:
        """Sample -> split; None for what was not released, nothing at all without the table."""
        try:
            return {
                f"{row['scene_name']}/{row['camera_name']}/{int(row['frame_id']):04d}": (
                    PARTITIONS.get(row["split_partition_name"]) if row["included_in_public_release"] == "True" else None
                )
                for row in self._rows(SPLIT)
            }
        except (KeyError, ValueError):
            raise ValueError(f"{self._table(SPLIT)}: is not the table of that name in Hypersim's repository") from None

    def _read_matrices(self) -> dict[str, tuple[float, ...]]:
        """Scene -> M_cam_from_uv, row by row: from (u, v, 1) to a ray, x right, y up, z towards the viewer."""
        columns = [f"M_cam_from_uv_{row}{column}" for row in range(3) for column in range(3)]
        try:
            return {row["scene_name"]: tuple(float(row[c]) for c in columns) for row in self._rows(CAMERAS)}
        except (KeyError, ValueError, TypeError):
            raise ValueError(f"{self._table(CAMERAS)}: is not the table of that name in the repository") from None


@lru_cache(maxsize=8)  # 3 MB each; many scenes share the usual camera
def axis_share(matrix: tuple[float, ...], height: int, width: int) -> np.ndarray:
    """float32 (H, W): depth along the axis over distance along the ray, which is |z| / |ray|.

    u runs from -1 at the picture's left edge to 1 at its right, v from 1 at the top to -1 at the bottom.
    """
    m = np.array(matrix, np.float32).reshape(3, 3)
    u = ((np.arange(width) + 0.5) / width * 2 - 1).astype(np.float32)[None]
    v = (1 - (np.arange(height) + 0.5) / height * 2).astype(np.float32)[:, None]
    x, y, z = (row[0] * u + row[1] * v + row[2] for row in m)
    return np.abs(z) / np.sqrt(x * x + y * y + z * z)


def pinhole(matrix: tuple[float, ...], height: int, width: int) -> Intrinsics | None:
    """The intrinsics of M_cam_from_uv; None if the picture's plane is tilted, which no intrinsics can say."""
    m = np.array(matrix).reshape(3, 3)
    m = m / -m[2, 2]
    if np.abs([m[0, 1], m[1, 0], m[2, 0], m[2, 1]]).max() > 1e-6:
        return None
    fx, fy = width / 2 / m[0, 0], height / 2 / m[1, 1]
    return Intrinsics(fx, fy, width / 2 - fx * m[0, 2], height / 2 + fy * m[1, 2])
