"""The camera of a synthetic picture: where it stands, where it looks, and the ray through every pixel."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from fathom.intrinsics import Intrinsics


@dataclass(frozen=True)
class Camera:
    """A pinhole camera in a world whose z axis points up. Lengths are metres, angles degrees.

    Yaw, pitch and roll are free, straight up and down among them: there, yaw and roll turn the same way or against
    each other. A picture's longer side spans `fov`, whatever its shape.
    """

    at: tuple[float, float, float]
    yaw: float = 0.0  # 0 looks along +y, growing to the left
    pitch: float = 0.0  # positive looks up
    roll: float = 0.0  # positive turns the camera clockwise, so that the picture's content turns anticlockwise
    fov: float = 60.0  # of the picture's longer side: horizontal, but for portraits
    aperture: float = 0.0  # radius of the lens; 0 is sharp everywhere
    focus: float = 1.0  # planar depth that is sharp, when there is an aperture

    @classmethod
    def looking_at(cls, at, target, roll: float = 0.0, fov: float = 60.0, aperture: float = 0.0) -> Camera:
        """A camera at `at` whose axis goes through `target`; the lens, if any, is focused there.

        Straight up or down, the picture's right is the world's x axis, turned by `roll`.

        Raises:
            ValueError: the target is where the camera stands.
        """
        x, y, z = (float(t) - float(a) for a, t in zip(at, target, strict=True))
        distance = math.sqrt(x * x + y * y + z * z)
        if distance == 0:
            raise ValueError(f"a camera at {tuple(at)} cannot look at where it stands")
        yaw = math.degrees(math.atan2(-x, y)) if x or y else 0.0
        pitch = math.degrees(math.atan2(z, math.hypot(x, y)))
        return cls((float(at[0]), float(at[1]), float(at[2])), yaw, pitch, float(roll), float(fov), aperture, distance)

    def axes(self) -> np.ndarray:
        """float64 (3, 3): the rows are the picture's right, its down, and the optical axis, as world directions."""
        yaw, pitch, roll = np.radians([self.yaw, self.pitch, self.roll])
        forward = np.array([-np.sin(yaw) * np.cos(pitch), np.cos(yaw) * np.cos(pitch), np.sin(pitch)])
        right = np.array([np.cos(yaw), np.sin(yaw), 0.0])
        down = np.cross(forward, right)
        return np.stack(
            [right * np.cos(roll) + down * np.sin(roll), down * np.cos(roll) - right * np.sin(roll), forward]
        )

    def intrinsics(self, width: int, height: int) -> Intrinsics:
        k = Intrinsics.from_fov(max(width, height), min(width, height), self.fov)
        return Intrinsics(k.fx, k.fy, width / 2, height / 2)

    def directions(self, width: int, height: int, offsets: np.ndarray | None = None) -> np.ndarray:
        """Directions through points of every pixel, not normalised: each is one metre long along the optical axis.

        Args:
            offsets: (H, W, S, 2) x, y within the pixel, in [0, 1); the pixels' centres when None.

        Returns:
            float64 (H, W, 3), or (H, W, S, 3) with offsets.
        """
        k = self.intrinsics(width, height)
        x, y = np.meshgrid(np.arange(width, dtype=np.float64), np.arange(height, dtype=np.float64))
        if offsets is None:
            x, y = x + 0.5, y + 0.5
        else:
            x, y = x[..., None] + offsets[..., 0], y[..., None] + offsets[..., 1]
        return np.stack([(x - k.cx) / k.fx, (y - k.cy) / k.fy, np.ones_like(x)], -1) @ self.axes()
