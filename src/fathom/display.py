"""Depth maps as pictures to look at. In every colour map, near is the bright (or red) end.

A relative map is shown as it is, a metric one as inverse depth (1/m), so that the two look alike and the sky does not
take up the whole range. What lies beyond the 1st and 99th percentile is clipped: a few odd pixels must not darken all
others. Pixels that are not valid are black.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from fathom.errors import pick

if TYPE_CHECKING:
    from fathom.depth import Depth

PERCENTILES = (1, 99)
STRIP = 64  # rows
COLORMAPS = ("inferno", "magma", "viridis", "turbo", "spectral", "grey")
# The diverging map in which Depth Anything shows its results: eleven colours from ColorBrewer, far to near.
SPECTRAL = [
    (94, 79, 162), (50, 136, 189), (102, 194, 165), (171, 221, 164), (230, 245, 152), (255, 255, 191),
    (254, 224, 139), (253, 174, 97), (244, 109, 67), (213, 62, 79), (158, 1, 66),
]  # fmt: skip


def nearness(depth: Depth) -> np.ndarray:
    """float32 (H, W) in 0..1, 1 is near; 0 where not valid, and everywhere in a constant map."""
    shown = np.empty_like(depth.values)
    for part, shades in _strips(depth):
        shown[part] = shades
    return shown


def _strips(depth: Depth) -> Iterator[tuple[slice, np.ndarray]]:
    """`nearness`, a few rows at a time: maps may have tens of megapixels."""
    step = max(1, int((depth.values.size / 250_000) ** 0.5))  # percentiles of a quarter million pixels are good enough
    sample, known = _shown(depth, slice(None, None, step), step)
    low, span = _range(sample[known])
    for start in range(0, len(depth.values), STRIP):
        part = slice(start, start + STRIP)
        shades, known = _shown(depth, part)
        with np.errstate(invalid="ignore", over="ignore"):
            shades = np.clip((shades - low) / span, 0, 1) if span > 0 else np.zeros_like(shades)
        shades[~known] = 0
        yield part, shades


def _shown(depth: Depth, rows: slice, step: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Inverse depth of some rows, float32, and where it is known."""
    values = depth.values[rows, ::step]
    if depth.kind == "metric":
        values = np.divide(1, values, out=np.zeros_like(values), where=values > 0)
    known = np.isfinite(values)
    return values, known if depth.valid is None else known & depth.valid[rows, ::step]


def _range(sample: np.ndarray) -> tuple[np.float32, np.float32]:
    """The value that is shown as 0, and how far above it the one is that is shown as 1: 0 in a constant map."""
    if not sample.size:
        return np.float32(0), np.float32(0)
    sample = sample.astype(np.float64)
    low, high = np.percentile(sample, PERCENTILES)
    if low == high:  # nearly all of the map is one value: show what is not
        low, high = sample.min(), sample.max()
    with np.errstate(over="ignore"):
        return np.float32(low), np.float32(high - low)


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

    table = colour_table(colormap)[:, None]
    coloured = np.empty((*depth.values.shape, 3), np.uint8)
    for part, shades in _strips(depth):
        coloured[part] = cv2.applyColorMap(np.rint(shades * 255).astype(np.uint8), table)
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
