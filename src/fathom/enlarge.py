"""A network's map, made as large as its picture."""

from __future__ import annotations

import cv2
import numpy as np

from fathom.guided import linear_in_guide

STRIP = 64  # rows of a large picture or map that are worked on at a time: they stay in the processor's cache

# For `enlarge_guided`; see benchmarks/results/edges.md.
STRIDE = 2  # pixels of the map to a cell, in which the filter works
RADIUS = 2  # cells
EPSILON = 1e-3  # of colours in 0..1


def enlarge(values: np.ndarray, height: int, width: int) -> np.ndarray:
    """float32 (h, w) -> (height, width), bilinear with corners aligned, as the reference resizes its predictions.

    OpenCV has no resizing of that convention, and its remapping rounds positions to 1/32 of a pixel.
    """
    rows, row_weights = _positions(values.shape[0], height)
    columns, column_weights = _positions(values.shape[1], width)
    right = np.minimum(columns + 1, values.shape[1] - 1)
    below = np.minimum(rows + 1, values.shape[0] - 1)
    wide = values[:, columns] + (values[:, right] - values[:, columns]) * column_weights
    out = np.empty((height, width), np.float32)
    for start in range(0, height, STRIP):  # four times as fast as all at once
        part = slice(start, start + STRIP)
        above = wide[rows[part]]
        out[part] = above + (wide[below[part]] - above) * row_weights[part, None]
    return out


def _positions(n: int, wanted: int) -> tuple[np.ndarray, np.ndarray]:
    """Where `wanted` samples fall among `n`, ends on ends: index of the one below, float32 weight of the next."""
    at = np.linspace(0, n - 1, wanted)
    index = at.astype(np.intp)
    return index, (at - index).astype(np.float32)


def enlarge_guided(values: np.ndarray, rgb: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """float32 (h, w) -> (H, W), with the map's edges moved onto those of the picture.

    By the fast guided filter: around each pixel the map is linear in the picture's colours, with coefficients that are
    found in cells of the map and are bilinear between them. No value is beyond the map's own least and largest.

    Args:
        rgb: uint8 (H, W, 3): the picture.
        seen: float32 (h, w, 3) in 0..1: the same as the network saw it.
    """
    height, width = rgb.shape[:2]
    h, w = (max(side // STRIDE, 1) for side in values.shape)
    cells, guide = (cv2.resize(x, (w, h), interpolation=cv2.INTER_AREA) for x in (values, seen))
    *a, b = cv2.split(linear_in_guide(cells, guide, RADIUS, EPSILON))
    out = cv2.resize(b, (width, height), interpolation=cv2.INTER_LINEAR)
    for channel, a_c in enumerate(a):
        large = cv2.resize(a_c / 255, (width, height), interpolation=cv2.INTER_LINEAR)
        out += np.multiply(large, cv2.extractChannel(rgb, channel), out=large)
    return np.clip(out, values.min(), values.max(), out=out)
