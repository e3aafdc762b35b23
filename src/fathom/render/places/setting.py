"""A place that still lacks its subject, and where cameras stand in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fathom.render.camera import Camera
from fathom.render.materials import Palette
from fathom.render.scene import Scene


@dataclass
class Setting:
    """A place that still lacks its subject."""

    scene: Scene
    palette: Palette
    kind: str
    low: np.ndarray  # (3,) the corners of the box in which cameras may stand, and
    high: np.ndarray
    spread: float = 180.0  # cameras stand within this many degrees of -y
    top: tuple[float, float] = (9.0, 9.0)  # half the width and depth of the support

    @property
    def indoors(self) -> bool:
        return self.kind in ("studio", "room")


def orbit(
    rng: np.random.Generator, s: Setting, target, near: float, far: float, low: float = -10, high: float = 65
) -> Camera:
    """A camera around a target: distances in metres, elevations in degrees; inside the place where that can be."""
    target = np.asarray(target, float)
    for _ in range(40):
        a, e = (
            np.radians(rng.uniform(-s.spread, s.spread)),
            np.radians(rng.triangular(low, 0.7 * low + 0.3 * high, high)),
        )
        d = float(np.exp(rng.uniform(np.log(near), np.log(far))))
        at = target + d * np.array([np.sin(a) * np.cos(e), -np.cos(a) * np.cos(e), np.sin(e)])
        over_top = abs(at[0]) < s.top[0] and abs(at[1]) < s.top[1]
        if (at > s.low).all() and (at < s.high).all() and (at[2] > 0.03 or not over_top):
            break
    else:
        at = np.clip(at, s.low, s.high)
        at[2] = max(at[2], 0.05)
    d = max(float(np.linalg.norm(at - target)), 0.05)
    roll = rng.normal(0, 3) if rng.random() < 0.85 else rng.normal(0, 12)
    aperture = d * rng.uniform(0.002, 0.014) if rng.random() < 0.4 else 0.0
    return Camera.looking_at(at, target + rng.normal(0, 0.06, 3) * d, roll, rng.uniform(30, 78), aperture)


def scatter(rng: np.random.Generator, count: int, half, gap: float) -> list[tuple[float, float]]:
    """Up to `count` points, at least one, within a rectangle's half width and depth, no two nearer than `gap`."""
    chosen: list[tuple[float, float]] = []
    for x, y in rng.uniform(-1, 1, (count * 8, 2)) * np.asarray(half):
        if len(chosen) < count and all((x - a) ** 2 + (y - b) ** 2 > gap**2 for a, b in chosen):
            chosen.append((float(x), float(y)))
    return chosen
