"""A network's map, made as large as its picture."""

from __future__ import annotations

import cv2
import numpy as np

from fathom.guided import blurred, linear_in_guide

STRIP = 64  # rows of a large picture or map that are worked on at a time: they stay in the processor's cache

# For `enlarge_guided`; see benchmarks/results/edges.md.
BLUR = 3  # pixels of the map: so much softer is it than the picture that it was drawn from
STRIDE = 3  # pixels of the map to a cell, in which the filter works
WIDE = 3  # cells: what changes as slowly as that is a slope and no edge
RADIUS = 1  # cells
EPSILON = 2e-4  # of colours in 0..1
AROUND = 3  # pixels of the map


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

    By the coefficients of the fast guided filter: around each pixel the map is linear in the picture's colours, with
    an `a` that is found in cells of the map and is bilinear between them. It is found in the picture made as soft as
    the map: against the sharp one, what is thin in both would seem to differ by less than it does. And it is found in
    what stands out from slopes: along these, texture goes with depth by chance. The filter itself would give
    a . I + b, which also smooths depth where the picture has no edge. Here the map stays what it is, and
    a . (I - soft I) is added: what is finer than the map is the picture's, all else the network's. No value is beyond
    the least and largest that the map has `AROUND` it, or strong texture would leave bumps.

    Args:
        rgb: uint8 (H, W, 3): the picture.
        seen: float32 (h, w, 3) in 0..1: the same as the network saw it.
    """
    height, width = rgb.shape[:2]
    soft = blurred(seen, BLUR)
    h, w = (max(side // STRIDE, 1) for side in values.shape)
    cells, guide = (cv2.resize(x, (w, h), interpolation=cv2.INTER_AREA) for x in (values, soft))
    cells, guide = (x - blurred(x, WIDE) for x in (cells, guide))
    a = cv2.split(linear_in_guide(cells, guide, RADIUS, EPSILON))[:-1]
    of_soft = (cv2.resize(a_c, values.shape[::-1]) * soft_c for a_c, soft_c in zip(a, cv2.split(soft), strict=True))

    def large(x: np.ndarray) -> np.ndarray:
        return cv2.resize(x, (width, height))

    out = large(values - sum(of_soft))
    for channel, a_c in enumerate(a):
        detail = large(a_c / 255)
        out += np.multiply(detail, cv2.extractChannel(rgb, channel), out=detail)
    around = np.ones((2 * AROUND + 1, 2 * AROUND + 1), np.uint8)
    np.maximum(out, large(cv2.erode(values, around)), out=out)
    return np.minimum(out, large(cv2.dilate(values, around)), out=out)
