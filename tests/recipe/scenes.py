"""Scenes that are drawn in no time: a floor under a sky, with discs standing on it."""

from __future__ import annotations

import numpy as np

from fathom.data.sample import Sample


def scene(seed: int, height: int = 72, width: int = 96) -> Sample:
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    horizon = height * 0.4
    disparity = np.where(y > horizon, (y - horizon) / height, 0).astype(np.float32)
    picture = np.where((y > horizon)[..., None], [90, 80, 60], [140, 180, 230]).astype(np.uint8)
    for _ in range(3):
        radius, cx = rng.integers(5, 20), rng.integers(0, width)
        foot = rng.integers(int(horizon) + 5, height)
        inside = (x - cx) ** 2 + (y - (foot - radius)) ** 2 < radius**2
        picture[inside] = rng.integers(0, 255, 3)
        disparity[inside] = np.maximum(disparity[inside], (foot - horizon) / height)
    return Sample(f"scene{seed:02d}", picture, disparity, np.ones((height, width), bool))
