"""What a network sees of a picture at two sizes, in one map.

A network judges best how a whole scene lies at the size that it was trained at. At a larger one it sees thinner things
and finer edges, and bends the scene: so the one map is taken, and given the detail of the other.
"""

from __future__ import annotations

import numpy as np

from fathom.enlarge import enlarge
from fathom.guided import sharpened

# See benchmarks/results/label_detail.md.
RADIUS = 0.06  # of the shorter side: the windows in which the detail is laid over the rest
WIDER = 0.3  # the same, of those that say how much of it there is where the rest shows nothing of it
EPSILON = 0.0005  # of normalised maps: a smaller variance is no edge
BLUR = 3  # pixels of the smaller map: so much softer is it than the detail


def middle_and_spread(d: np.ndarray) -> tuple[float, float]:
    """Median, and mean absolute deviation from it."""
    middle = float(np.median(d))
    return middle, max(float(np.abs(d - middle).mean()), 1e-6)


def affine_normalised(d: np.ndarray) -> np.ndarray:
    """(d - median) / mean absolute deviation: what views of one picture can be averaged in."""
    middle, spread = middle_and_spread(d)
    return (d - middle) / spread


def with_detail(values: np.ndarray, detail: np.ndarray, drawn: int) -> np.ndarray:
    """A map with the detail of another of the same picture, as large as that.

    Args:
        values: float (h, w), normalised.
        detail: float (H, W), normalised.
        drawn: shorter side of the map that a network drew `values` as.

    Returns:
        float32 (H, W), normalised about as `values` is.
    """
    side = min(detail.shape)
    if values.shape != detail.shape:
        values = enlarge(values.astype(np.float32), *detail.shape)
    radius, wider = (max(round(share * side), 1) for share in (RADIUS, WIDER))
    blur = BLUR * side / drawn
    return sharpened(values.astype(np.float32), detail.astype(np.float32), blur, radius, wider, EPSILON)
