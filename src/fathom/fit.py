"""A line through points: what lays one depth map over another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Fit:
    """target = scale * prediction + shift."""

    scale: float
    shift: float


def least_squares(prediction: np.ndarray, target: np.ndarray, weight: np.ndarray | None = None) -> Fit:
    """The s, t of min sum w (s p + t - y)^2, on float arrays of one shape (N,).

    A constant prediction has no scale: it gets s = 0 and t = mean y. (Written with centred moments, which lose no
    digits where p is far from 0, as the 2x2 normal equations do.)
    """
    p, y = prediction.astype(np.float64), target.astype(np.float64)

    def mean(values: np.ndarray) -> float:
        return float(values.mean() if weight is None else (weight * values).sum() / weight.sum())

    p_mean, y_mean = mean(p), mean(y)
    p -= p_mean
    variance = mean(p * p)
    if variance <= (1e-7 * p_mean) ** 2:  # float32 rounding: constant
        return Fit(0.0, y_mean)
    y -= y_mean
    scale = mean(p * y) / variance
    return Fit(scale, y_mean - scale * p_mean)
