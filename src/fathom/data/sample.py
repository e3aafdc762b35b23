"""One picture with its exact geometry: what every reader gives and every stage of the recipe takes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Protocol

import numpy as np
from PIL import Image

from fathom.intrinsics import Intrinsics

MATERIALS = ("other", "glass", "mirror")  # what depth sensors and multi-view stereo get wrong


@dataclass(frozen=True)
class Sample:
    """A picture and its inverse depth, pixel by pixel.

    Inverse depth ("disparity" in the papers) is 1 / depth along the optical axis. It is in 1/metres when `metric`
    is true, otherwise known only up to a positive scale and a shift, as a relative model's labels are.
    """

    name: str  # unique within its set; also the stem of its files
    picture: np.ndarray  # uint8 (H, W, 3), RGB
    disparity: np.ndarray  # float32 (H, W), larger is nearer; 0 where `sky`
    valid: np.ndarray  # bool (H, W): where `disparity` is known (the sky is known: it is infinitely far)
    metric: bool = True
    intrinsics: Intrinsics | None = None
    normals: np.ndarray | None = None  # float32 (H, W, 3): unit, x right, y down, z ahead; 0 where there is no surface
    materials: np.ndarray | None = None  # uint8 (H, W): indices into MATERIALS

    @classmethod
    def from_depth(
        cls, name: str, picture: np.ndarray, depth: np.ndarray, intrinsics: Intrinsics | None = None
    ) -> Sample:
        """A sample of metric depth.

        Args:
            depth: float32 (H, W), metres along the optical axis; inf in the sky; nan, 0 or less where unknown.

        Raises:
            ValueError: the depth is not the picture's size.
        """
        refuse_other_size(name, picture, depth=depth)
        valid = depth > 0  # false for nan
        disparity = np.divide(1, depth, out=np.zeros(depth.shape, np.float32), where=valid)
        return cls(name, picture, disparity, valid, True, intrinsics)

    @property
    def sky(self) -> np.ndarray:
        """bool (H, W): known to be infinitely far. A relative label cannot tell, and has none."""
        return self.valid & (self.disparity == 0) if self.metric else np.zeros_like(self.valid)

    @property
    def depth(self) -> np.ndarray:
        """float32 (H, W): metres along the optical axis; inf in the sky, nan where unknown."""
        if not self.metric:
            raise ValueError(f"{self.name}: relative inverse depth has no depth in metres")
        with np.errstate(divide="ignore"):
            return np.where(self.valid, 1 / self.disparity, np.nan).astype(np.float32)


def refuse_other_size(name: str, picture: np.ndarray, **maps: np.ndarray) -> None:
    """Raises ValueError if a map, (H, W) or (H, W, channels), is not the size of the picture that it belongs to."""
    for what, values in maps.items():
        if values.shape[:2] != picture.shape[:2]:
            raise ValueError(f"{name}: the picture is {picture.shape[:2]}, its {what} {values.shape[:2]}")


class Source(Protocol):
    """Samples on disk: what every reader is."""

    @property
    def names(self) -> Sequence[str]: ...

    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> Sample:
        """Raises ValueError, naming the file, if it is damaged or gone."""

    def picture_bytes(self, index: int) -> tuple[str, bytes]:
        """A sample's picture as it lies on disk: the file's suffix, and what is in it."""


class First(Sequence[Sample]):
    """No more than the first `count` samples of a source."""

    def __init__(self, source: Source, count: int):
        self.source, self.names = source, source.names[:count]

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, index):
        return self.source[range(len(self))[index]]

    def picture_bytes(self, index: int) -> tuple[str, bytes]:
        return self.source.picture_bytes(index)


class Reduced(Sequence[Sample]):
    """Samples whose shorter side is at most `side` pixels: what a crop cannot show need not be kept in memory."""

    def __init__(self, samples: Sequence[Sample], side: int):
        self.samples, self.side = samples, side

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, index):
        sample = self.samples[index]
        height, width = sample.disparity.shape
        scale = self.side / min(height, width)
        if scale >= 1:
            return sample
        h, w = max(1, round(height * scale)), max(1, round(width * scale))
        picture = np.asarray(Image.fromarray(sample.picture).resize((w, h), Image.Resampling.BOX))
        # Depth is taken, not averaged: a mean over an edge is a surface that is not there.
        at = np.ix_(((np.arange(h) + 0.5) * height / h).astype(int), ((np.arange(w) + 0.5) * width / w).astype(int))
        camera = sample.intrinsics and sample.intrinsics.scaled(w / width, h / height)
        taken = {
            name: values[at]
            for name in ("disparity", "valid", "normals", "materials")
            if (values := getattr(sample, name)) is not None
        }
        return replace(sample, picture=picture, intrinsics=camera, **taken)


class InMemory(Sequence[Sample]):
    """Samples that are decoded once and kept."""

    def __init__(self, samples: Sequence[Sample]):
        self.samples = samples
        self.kept: dict[int, Sample] = {}

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, index):
        if index not in self.kept:
            self.kept[index] = self.samples[index]
        return self.kept[index]


class Joined(Sequence[Sample]):
    """Several sets, one after the other."""

    def __init__(self, sets: Sequence[Sequence[Sample]]):
        self.sets = sets
        self.ends = list(accumulate(len(samples) for samples in sets))

    def __len__(self) -> int:
        return self.ends[-1] if self.ends else 0

    def __getitem__(self, index):
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        index %= len(self)
        which = bisect_right(self.ends, index)
        return self.sets[which][index - self.ends[which] + len(self.sets[which])]
