"""Virtual KITTI 2 (Cabon et al. 2020): 5 drives, 10 variations, 2 cameras, 42,520 pictures.

    SceneXX/<variation>/frames/rgb/Camera_C/rgb_NNNNN.jpg        1242x375
    SceneXX/<variation>/frames/depth/Camera_C/depth_NNNNN.png    16 bits, centimetres along the axis
    SceneXX/<variation>/intrinsic.txt                            frame, camera, fx, fy, cx, cy: optional

All in one folder, or each as its archive unpacks: vkitti_2.0.3_rgb/SceneXX, vkitti_2.0.3_depth/SceneXX and
vkitti_2.0.3_textgt/SceneXX. https://europe.naverlabs.com/research/computer-vision/proxy-virtual-worlds-vkitti-2

The largest code, 65535, stands for everything at 655.35 m or farther, and is taken for sky. The authors made no split:
the shortest drive, Scene02, validates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np

from fathom.data.depth_files import read_png16
from fathom.data.index import Found, folders, stems
from fathom.data.sample import Sample
from fathom.data.sets.published import PublishedSet
from fathom.intrinsics import Intrinsics
from fathom.picture import read

VALIDATION = "Scene02"
SKY = 65535
USUAL = (725.0087, 725.0087, 620.5, 187.0)  # fx, fy, cx, cy of both cameras in every variation
SCENE, CAMERA = re.compile(r"Scene\d\d"), re.compile(r"Camera_\d")


class VirtualKitti2(PublishedSet):
    key, title = "vkitti2", "Virtual KITTI 2 drive"
    layout = "SceneXX/<variation>/frames/{rgb,depth}/Camera_C/... (or vkitti_2.0.3_{rgb,depth}/SceneXX/...)"

    def find(self) -> Iterator[Found]:
        top = self._top("rgb")
        for scene in filter(SCENE.fullmatch, folders(top)):
            for variation in folders(top / scene):
                frames = f"{scene}/{variation}/frames"
                for camera in filter(CAMERA.fullmatch, folders(top / frames / "rgb")):
                    pictures = stems(top / frames / "rgb" / camera, "rgb_", ".jpg")
                    depths = stems(self._top("depth") / frames / "depth" / camera, "depth_", ".png")
                    yield f"{scene}/{variation}/{camera}", pictures, depths

    def split_of(self, name: str) -> str | None:
        return "validation" if name.startswith(VALIDATION) else "train"

    def picture_path(self, name: str) -> Path:
        scene, variation, camera, frame = name.split("/")
        return self._top("rgb") / scene / variation / f"frames/rgb/{camera}/rgb_{frame}.jpg"

    def read(self, name: str) -> Sample:
        scene, variation, camera, frame = name.split("/")
        picture = read(self.picture_path(name)).rgb
        codes = read_png16(self._top("depth") / scene / variation / f"frames/depth/{camera}/depth_{frame}.png")
        depth = codes.astype(np.float32) / 100
        depth[codes == SKY] = np.inf
        cameras = read_intrinsics(self._top("textgt") / scene / variation / "intrinsic.txt")
        return Sample.from_depth(name, picture, depth, cameras.get((int(frame), int(camera[-1])), corner_based(*USUAL)))

    def _top(self, kind: str) -> Path:
        archive = self.root / f"vkitti_2.0.3_{kind}"
        return archive if archive.is_dir() else self.root


@lru_cache(maxsize=128)  # there are 50
def read_intrinsics(path: Path) -> dict[tuple[int, int], Intrinsics]:
    """(frame, camera) -> intrinsics of a drive; empty if its file is not there.

    Raises:
        ValueError: it is there, and is another table.
    """
    try:
        lines = path.read_text().splitlines()[1:] if path.is_file() else []
        rows = [line.split() for line in lines if line.strip()]
        return {(int(row[0]), int(row[1])): corner_based(*map(float, row[2:6])) for row in rows}
    except (ValueError, IndexError, TypeError):
        raise ValueError(f"{path}: is not a table of Virtual KITTI 2's intrinsics") from None


def corner_based(fx: float, fy: float, cx: float, cy: float) -> Intrinsics:
    """The set has the centre of the top left pixel at (0, 0), fathom at (0.5, 0.5)."""
    return Intrinsics(fx, fy, cx + 0.5, cy + 0.5)
