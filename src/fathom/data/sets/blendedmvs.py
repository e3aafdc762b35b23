"""BlendedMVS, BlendedMVS+ and BlendedMVS++ (Yao et al. 2020): 502 scenes, about 110,000 pictures, low resolution.

    <scene>/blended_images/NNNNNNNN.jpg            768x576; beside it NNNNNNNN_masked.jpg, which is not read
    <scene>/rendered_depth_maps/NNNNNNNN.pfm       along the axis, 0 where the mesh has a hole or ends
    <scene>/cams/NNNNNNNN_cam.txt                  optional: the intrinsics

The unit of depth differs from scene to scene and is unknown, so the samples are relative. What lies beyond the mesh,
the sky too, is unknown. https://github.com/YoYo000/BlendedMVS

The authors' seven validation scenes are in validation_list.txt of the folder, or as below; all others are for training.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import numpy as np

from fathom.data.depth_files import read_pfm
from fathom.data.index import Found, folders, stems
from fathom.data.sample import Sample, refuse_other_size
from fathom.data.sets.published import PublishedSet
from fathom.intrinsics import Intrinsics
from fathom.picture import read

VALIDATION = """
5b7a3890fc8fcf6781e2593a 5c189f2326173c3a09ed7ef3 5b950c71608de421b1e7318f 5a6400933d809f1d8200af15
59d2657f82ca7774b1ec081d 5ba19a8a360c7c30c1c169df 59817e4a1bd4b175e7038d19
"""


class BlendedMVS(PublishedSet):
    key, title = "blendedmvs", "BlendedMVS scene"
    layout = "<scene>/blended_images/NNNNNNNN.jpg with <scene>/rendered_depth_maps/NNNNNNNN.pfm"

    def find(self) -> Iterator[Found]:
        for scene in folders(self.home):
            pictures = stems(self.home / scene / "blended_images", "", ".jpg")
            pictures = {stem for stem in pictures if not stem.endswith("_masked")}
            yield scene, pictures, stems(self.home / scene / "rendered_depth_maps", "", ".pfm")

    def split_of(self, name: str) -> str | None:
        return "validation" if name.partition("/")[0] in self._validation else "train"

    def picture_path(self, name: str) -> Path:
        scene, number = name.split("/")
        return self.home / scene / "blended_images" / f"{number}.jpg"

    def read(self, name: str) -> Sample:
        scene, number = name.split("/")
        picture = read(self.picture_path(name)).rgb
        depth = read_pfm(self.home / scene / "rendered_depth_maps" / f"{number}.pfm")
        refuse_other_size(name, picture, depth=depth)
        valid = np.isfinite(depth) & (depth > 0)
        disparity = np.divide(1, depth, out=np.zeros_like(depth), where=valid)
        camera = read_camera(self.home / scene / "cams" / f"{number}_cam.txt")
        return Sample(name, picture, disparity, valid, metric=False, intrinsics=camera)

    @cached_property
    def _validation(self) -> frozenset[str]:
        own = self.root / "validation_list.txt"
        return frozenset((own.read_text() if own.is_file() else VALIDATION).split())


def read_camera(path: Path) -> Intrinsics | None:
    """Of a camera in MVSNet's format: `extrinsic`, 16 numbers, `intrinsic`, 9 numbers, the range of depth.

    Raises:
        ValueError: the file is there, and is not such a camera.
    """
    if not path.is_file():
        return None
    words = path.read_text(errors="replace").split()
    try:
        at = words.index("intrinsic") + 1
        k = np.array(words[at : at + 9], np.float64).reshape(3, 3)
    except ValueError:
        raise ValueError(f"{path}: is not a camera in MVSNet's format") from None
    return Intrinsics(float(k[0, 0]), float(k[1, 1]), float(k[0, 2]), float(k[1, 2]))
