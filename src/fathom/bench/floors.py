"""What a model must beat to have seen anything: two predictions made without looking at the picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fathom.bench.alignment import Kind


@dataclass(frozen=True)
class Constant:
    """The same depth everywhere."""

    name: str = "floor: constant"
    kind: Kind = "relative"

    def __call__(self, rgb: np.ndarray) -> np.ndarray:
        return np.ones(rgb.shape[:2], np.float32)


@dataclass(frozen=True)
class NearerTowardsTheBottom:
    """Inverse depth grows linearly with the row: what a level ground plane below a level camera looks like."""

    name: str = "floor: nearer towards the bottom"
    kind: Kind = "relative"

    def __call__(self, rgb: np.ndarray) -> np.ndarray:
        height, width = rgb.shape[:2]
        rows = (np.arange(height, dtype=np.float32) + 0.5) / height
        return np.repeat(rows[:, None], width, axis=1)


FLOORS = (Constant(), NearerTowardsTheBottom())
