"""The pinhole camera: where its axis meets the picture and how many pixels one unit at unit depth spans."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Intrinsics:
    """Pinhole camera in pixels. The centre of the top left pixel is at (0.5, 0.5)."""

    fx: float
    fy: float
    cx: float
    cy: float

    @classmethod
    def from_fov(cls, width: int, height: int, fov: float) -> Intrinsics:
        """Square pixels and a centred axis; `fov` is the horizontal field of view in degrees, in (0, 180)."""
        if not 0 < fov < 180:
            raise ValueError(f"a field of view is between 0 and 180 degrees, not {fov}")
        focal = width / 2 / math.tan(math.radians(fov) / 2)
        return cls(focal, focal, width / 2, height / 2)

    def scaled(self, x: float, y: float) -> Intrinsics:
        """The camera of the same picture resized by factors `x` and `y`."""
        return Intrinsics(self.fx * x, self.fy * y, self.cx * x, self.cy * y)
