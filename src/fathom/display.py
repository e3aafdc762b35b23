"""Depth maps as pictures to look at. In every colour map, near is the bright (or red) end.

A relative map is shown as it is, a metric one as inverse depth (1/m), so that the two look alike and the sky does not
take up the whole range. What lies beyond the 1st and 99th percentile is clipped: a few odd pixels must not darken all
others. Pixels that are not valid are black.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fathom.errors import pick

if TYPE_CHECKING:
    from fathom.depth import Depth

PERCENTILES = (1, 99)
COLORMAPS = ("inferno", "magma", "viridis", "turbo", "spectral", "grey")
# The diverging map in which Depth Anything shows its results: eleven colours from ColorBrewer, far to near.
SPECTRAL = [
    (94, 79, 162), (50, 136, 189), (102, 194, 165), (171, 221, 164), (230, 245, 152), (255, 255, 191),
    (254, 224, 139), (253, 174, 97), (244, 109, 67), (213, 62, 79), (158, 1, 66),
]  # fmt: skip


def nearness(depth: Depth) -> np.ndarray:
    """float32 (H, W) in 0..1, 1 is near; 0 where not valid, and everywhere in a constant map."""
    values = depth.values
    if depth.kind == "metric":
        values = np.divide(1, values, out=np.zeros_like(values), where=values > 0)
    known = np.isfinite(values)
    if depth.valid is not None:
        known &= depth.valid
    step = max(1, int((values.size / 250_000) ** 0.5))  # percentiles of a quarter million pixels are good enough
    sample = values[::step, ::step][known[::step, ::step]].astype(np.float64)
    if not sample.size:
        return np.zeros_like(values)
    low, high = np.percentile(sample, PERCENTILES)
    if low == high:  # nearly all of the map is one value: show what is not
        low, high = sample.min(), sample.max()
    with np.errstate(invalid="ignore", over="ignore"):
        span = np.float32(high - low)
        if not span > 0:
            return np.zeros_like(values)
        shown = values - np.float32(low)  # in place from here on: maps may have tens of megapixels
        shown /= span
        np.clip(shown, 0, 1, out=shown)
    shown[~known] = 0
    return shown


def colour_table(colormap: str) -> np.ndarray:
    """uint8 RGB (256, 3), from far to near.

    Raises:
        UsageError: no colour map has that name.
    """
    import cv2

    pick(colormap, COLORMAPS, "colour map")
    if colormap == "grey":
        return np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    if colormap == "spectral":
        at, stops = np.linspace(0, len(SPECTRAL) - 1, 256), np.array(SPECTRAL).T
        return np.rint([np.interp(at, range(len(SPECTRAL)), channel) for channel in stops]).T.astype(np.uint8)
    table = cv2.applyColorMap(np.arange(256, dtype=np.uint8)[:, None], getattr(cv2, f"COLORMAP_{colormap.upper()}"))
    return table[:, 0, ::-1].copy()


def colour(depth: Depth, colormap: str = "inferno") -> np.ndarray:
    """uint8 RGB (H, W, 3).

    Raises:
        UsageError: no colour map has that name.
    """
    import cv2

    shades = nearness(depth)
    shades *= 255
    coloured = cv2.applyColorMap(np.rint(shades, out=shades).astype(np.uint8), colour_table(colormap)[:, None])
    if depth.valid is not None:
        coloured[~depth.valid] = 0
    return coloured


def side_by_side(picture: np.ndarray, coloured: np.ndarray) -> np.ndarray:
    """Two uint8 RGB (H, W, 3) of one size, left and right -> (H, 2 W, 3)."""
    return np.concatenate([picture, coloured], axis=1)


def encode_png(rgb: np.ndarray) -> bytes:
    """A uint8 RGB (H, W, 3) picture as a PNG file."""
    import cv2

    return cv2.imencode(".png", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))[1].tobytes()
