"""NYU Depth V2 (Silberman et al. 2012): 1449 labelled pictures of rooms, by a Kinect.

    nyu_depth_v2_labeled.mat    MATLAB 7.3, that is HDF5; MATLAB's axes are turned round in it:
        images                  uint8 (1449, 3, 640, 480)
        rawDepths               float32 (1449, 640, 480): metres along the axis, 0 where the Kinect saw nothing
    splits.mat                  trainNdxs and testNdxs: the numbers of 795 and 654 pictures, from 1

https://cs.nyu.edu/~fergus/datasets/nyu_depth_v2.html; splits.mat is in its indoor_seg_sup folder. The .mat also has
`depths`, in which the holes were painted over: guesses, which are not read.

Depth is known where the benchmark scores it: not in the picture's frame, which the depth camera did not see, and not
from 10 m on, to which the authors' toolbox cuts what is farther. The authors' test pictures validate.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import numpy as np
from PIL import Image

from fathom.bench.protocols.nyu import PROTOCOL
from fathom.bench.sets.matlab5 import read_matlab5
from fathom.data.depth_files import open_hdf5
from fathom.data.index import Found
from fathom.data.sample import Sample
from fathom.data.sets.published import PublishedSet
from fathom.intrinsics import Intrinsics

LABELED, SPLITS = "nyu_depth_v2_labeled.mat", "splits.mat"
PARTITIONS = {"trainNdxs": "train", "testNdxs": "validation"}
# fx_rgb and so on of the authors' toolbox, which has the centre of the top left pixel at (0, 0), fathom at (0.5, 0.5).
CAMERA = Intrinsics(518.8579, 519.4696, 325.5824 + 0.5, 253.7362 + 0.5)


class NYUDepthV2(PublishedSet):
    key, title = "nyu", "NYU Depth V2"
    layout = f"{LABELED} and {SPLITS}"

    def find(self) -> Iterator[Found]:
        if (self.root / LABELED).is_file():
            yield "labeled", self._numbers("images"), self._numbers("rawDepths")

    def split_of(self, name: str) -> str | None:
        return self._splits.get(number(name))

    def picture_path(self, name: str) -> Path:
        return self.root / LABELED

    def picture_bytes(self, index: int) -> tuple[str, bytes]:
        """The picture as a PNG: on disk it is no file of its own."""
        file = io.BytesIO()
        Image.fromarray(self._picture(self.names[index])).save(file, "PNG")
        return ".png", file.getvalue()

    def read(self, name: str) -> Sample:
        with open_hdf5(self.root / LABELED, "rawDepths") as depths:
            depth = np.ascontiguousarray(depths[number(name) - 1].T, np.float32)
        depth[~PROTOCOL.scored(depth, depth > 0)] = np.nan
        return Sample.from_depth(name, self._picture(name), depth, CAMERA)

    def _picture(self, name: str) -> np.ndarray:
        """uint8 (480, 640, 3)."""
        with open_hdf5(self.root / LABELED, "images") as images:
            picture = images[number(name) - 1]
            if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[0] != 3:
                raise ValueError(f"its images are {picture.dtype} of shape {picture.shape}")
        return np.ascontiguousarray(picture.transpose(2, 1, 0))

    def _numbers(self, dataset: str) -> set[str]:
        with open_hdf5(self.root / LABELED, dataset) as entries:
            return {f"{i + 1:04d}" for i in range(len(entries))}

    @cached_property
    def _splits(self) -> dict[int, str]:
        """The split of each numbered picture."""
        path = self.root / SPLITS
        if not path.is_file():
            raise ValueError(f"{self.root}: {LABELED} is here, but not {SPLITS}, which says what is for training")
        try:
            arrays = read_matlab5(path.read_bytes())
            return {int(n): split for key, split in PARTITIONS.items() for n in arrays[key].ravel()}
        except KeyError as error:
            raise ValueError(f"{path}: has no {error.args[0]}, only {', '.join(arrays) or 'nothing'}") from None
        except ValueError as error:
            raise ValueError(f"{path}: is {error}") from None


def number(name: str) -> int:
    """Of a sample's picture in the .mat, from 1."""
    return int(name.rpartition("/")[2])
