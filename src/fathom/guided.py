"""The guided filter: a map that keeps its values and has the edges of another picture.

In every window the map is taken to be linear in the guide, q = a . I + b, with the a and b of ridge regression. Where
the guide is flat, a is small and q is the map's mean there; where the guide has an edge that goes with one of the map,
the map's is moved onto it. The coefficients are smooth, so they may be found in small pictures and used on a large one.

K. He, J. Sun and X. Tang, "Guided Image Filtering", 2013; K. He and J. Sun, "Fast Guided Filter", 2015.
"""

from __future__ import annotations

import cv2
import numpy as np


def guided(values: np.ndarray, guide: np.ndarray, radius: int, epsilon: float) -> np.ndarray:
    """A map with the edges of its guide.

    Args:
        values: float32 (h, w).
        guide: float32 (h, w) or (h, w, C).
        radius: of the window, which has 2 radius + 1 pixels to a side; beyond the border, pixels are mirrored.
        epsilon: what varies less than that, as a variance of the guide, is no edge.

    Returns:
        float32 (h, w).
    """
    guide = guide if guide.ndim == 3 else guide[..., None]
    coefficients = linear_in_guide(values, guide, radius, epsilon)
    return np.einsum("hwc,hwc->hw", coefficients[..., :-1], guide) + coefficients[..., -1]


def sharpened(
    values: np.ndarray, guide: np.ndarray, blur: float, radius: int, wider: int, epsilon: float
) -> np.ndarray:
    """A map made as sharp as a guide that is like it, but sharper by a Gaussian of `blur` pixels.

    As `guided`, with a and b found in the guide when it is made as soft as the map, and used on the guide as it is.
    What is thin differs less in a soft map than in a sharp one: found in the sharp one, a would be that much too small.
    And what the map shows nothing of has no a at all: it is at least what wider windows have, for what the softness
    took from the guide.

    Args:
        values, guide: float32 (h, w).
        radius, epsilon: as for `guided`.
        wider: radius of the wider windows.

    Returns:
        float32 (h, w).
    """
    soft = blurred(guide, blur)
    a, b = cv2.split(linear_in_guide(values, soft[..., None], radius, epsilon))
    a_wide = linear_in_guide(values, soft[..., None], wider, epsilon)[..., 0]
    return a * guide + b + np.maximum(a_wide - a, 0) * (guide - soft)


def blurred(x: np.ndarray, sigma: float) -> np.ndarray:
    """float32 (h, w) or (h, w, C), made soft by a Gaussian of `sigma` pixels; beyond the border, they are mirrored."""
    return cv2.GaussianBlur(x, (0, 0), sigma, borderType=cv2.BORDER_REFLECT)


def linear_in_guide(values: np.ndarray, guide: np.ndarray, radius: int, epsilon: float) -> np.ndarray:
    """float32 (h, w, C + 1): a and b of the map (h, w) around each pixel, the mean of all windows that hold it.

    Args:
        guide: float32 (h, w, C).
        radius, epsilon: as for `guided`.
    """

    def mean(x: np.ndarray) -> np.ndarray:
        return cv2.blur(x, (2 * radius + 1, 2 * radius + 1), borderType=cv2.BORDER_REFLECT).reshape(x.shape)

    # About the means of the whole, as float32 has few digits for the difference of two large squares.
    centre, level = guide.mean((0, 1)), values.mean()
    colours = [np.ascontiguousarray(guide[..., i]) - centre[i] for i in range(guide.shape[2])]
    values = values - level
    means, mean_values = [mean(colour) for colour in colours], mean(values)
    variance = [
        [mean(x * y) - mean_x * mean_y for y, mean_y in zip(colours, means, strict=True)]
        for x, mean_x in zip(colours, means, strict=True)
    ]
    for i in range(len(colours)):
        variance[i][i] += epsilon
    covariance = [mean(x * values) - mean_x * mean_values for x, mean_x in zip(colours, means, strict=True)]
    a = _solved(variance, covariance)
    b = mean_values - sum(map(np.multiply, a, means))
    a, b = [mean(part) for part in a], mean(b)
    b = b + level - sum(map(np.multiply, a, centre))
    return np.stack([*a, b], -1).astype(np.float32, copy=False)


def _solved(matrix: list[list[np.ndarray]], right: list[np.ndarray]) -> list[np.ndarray]:
    """The x of matrix x = right at every pixel at once: symmetric, positive definite matrices need no pivots."""
    n = len(right)
    matrix, right = [list(row) for row in matrix], list(right)
    for i in range(n):
        for j in range(i + 1, n):
            factor = matrix[j][i] / matrix[i][i]
            matrix[j] = [below - factor * above for below, above in zip(matrix[j], matrix[i], strict=True)]
            right[j] = right[j] - factor * right[i]
    x: list[np.ndarray] = []
    for i in reversed(range(n)):
        known = sum((matrix[i][j] * x_j for j, x_j in zip(range(i + 1, n), x, strict=True)), np.float32(0))
        x.insert(0, (right[i] - known) / matrix[i][i])
    return x
