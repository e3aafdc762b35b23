"""TartanAir (Wang et al. 2020): flights through 18 worlds, 306,637 stereo pairs.

    <world>/{Easy,Hard}/PNNN/image_left/NNNNNN_left.png          640x480
    <world>/{Easy,Hard}/PNNN/depth_left/NNNNNN_left_depth.npy    float32 metres along the axis

and the same with `right`; as the archives unpack also <world>/<world>/{Easy,Hard}. Each camera is read that is there:
the training of Depth Anything V2 took the left one. https://github.com/castacks/tartanair_tools

The sky is a dome 10 km away or farther; but in `amusement` it is so near that it cannot be told from what is not sky,
so that world is left out (https://github.com/castacks/tartanair_tools/issues/46). The authors made no split: one world
indoors and one outdoors validate, of those that have no second version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from fathom.data.depth_files import read_npy
from fathom.data.index import Found, folders, stems
from fathom.data.sample import Sample
from fathom.data.sets.published import PublishedSet
from fathom.intrinsics import Intrinsics
from fathom.picture import read

BROKEN = "amusement"
VALIDATION = frozenset({"carwelding", "westerndesert"})
SKY = 10_000.0  # metres, and beyond
CAMERA = Intrinsics(320, 320, 320, 240)
FLIGHT = re.compile(r"P\d{3}")


class TartanAir(PublishedSet):
    key, title = "tartanair", "TartanAir flight"
    layout = "<world>/{Easy,Hard}/PNNN/image_left/... with depth_left/..."

    def find(self) -> Iterator[Found]:
        for world in folders(self.home):
            if world == BROKEN:
                continue
            for level in ("Easy", "Hard"):
                folder = self._world(world) / level
                for flight in filter(FLIGHT.fullmatch, folders(folder)):
                    for side in ("left", "right"):
                        pictures = stems(folder / flight / f"image_{side}", "", f"_{side}.png")
                        depths = stems(folder / flight / f"depth_{side}", "", f"_{side}_depth.npy")
                        yield f"{world}/{level}/{flight}/{side}", pictures, depths

    def split_of(self, name: str) -> str | None:
        return "validation" if name.partition("/")[0] in VALIDATION else "train"

    def picture_path(self, name: str) -> Path:
        world, level, flight, side, frame = name.split("/")
        return self._world(world) / level / flight / f"image_{side}/{frame}_{side}.png"

    def read(self, name: str) -> Sample:
        world, level, flight, side, frame = name.split("/")
        picture = read(self.picture_path(name)).rgb
        depth = read_npy(self._world(world) / level / flight / f"depth_{side}/{frame}_{side}_depth.npy")
        return Sample.from_depth(name, picture, np.where(depth >= SKY, np.float32(np.inf), depth), CAMERA)

    def _world(self, world: str) -> Path:
        unpacked = self.home / world / world
        return unpacked if unpacked.is_dir() else self.home / world
