"""What is measured on one picture, as formulas. Every function takes the scored pixels as float arrays (N,).

Depths are positive and in one unit. Definitions: Eigen et al. 2014 (AbsRel, SqRel, RMSE, RMSElog, the threshold
accuracies delta), the KITTI benchmark (SILog, times 100), Chen et al. 2016 (order of pairs of points).
"""

from __future__ import annotations

import numpy as np

from fathom.bench.alignment import Kind

LOG_DELTA = np.log(1.25)
# The order is asked of pairs whose depths differ by more than this ratio: below it lies the sensors' own noise.
ORDER_RATIO = 1.1
ORDER_PAIRS = 20_000
ORDER_SEED = 0


def depth_metrics(predicted: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """All metrics of aligned depth against ground truth, both (N,), N >= 1.

    Any nan in `predicted` makes the errors nan; the accuracies delta count it as wrong.
    """
    d, g = predicted.astype(np.float64), truth.astype(np.float64)
    difference = d - g
    log_difference = np.log(d / g)
    # max(d / g, g / d) < x is the same as |log d - log g| < log x.
    apart = np.abs(log_difference)
    squared, squared_log = difference**2, np.mean(log_difference**2)
    metrics = {
        "abs_rel": np.mean(np.abs(difference) / g),
        "sq_rel": np.mean(squared / g),
        "rmse": np.sqrt(np.mean(squared)),
        "rmse_log": np.sqrt(squared_log),
        "log10": np.mean(apart) / np.log(10),
        "silog": 100 * np.sqrt(np.maximum(squared_log - np.mean(log_difference) ** 2, 0)),
        "delta1": np.mean(apart < LOG_DELTA),
        "delta2": np.mean(apart < 2 * LOG_DELTA),
        "delta3": np.mean(apart < 3 * LOG_DELTA),
    }
    return {name: float(value) for name, value in metrics.items()}


def order_pairs(truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Indices (near, far), each (P,), of pixel pairs whose depths differ by more than ORDER_RATIO.

    ORDER_PAIRS pairs are drawn with a fixed seed, so every model is asked the same ones; those that are apart stay.
    """
    first, second = np.random.default_rng(ORDER_SEED).integers(0, truth.size, (2, ORDER_PAIRS))
    swap = truth[first] > truth[second]
    near, far = np.where(swap, second, first), np.where(swap, first, second)
    apart = truth[far] > ORDER_RATIO * truth[near]
    return near[apart], far[apart]


def order(prediction: np.ndarray, truth: np.ndarray, kind: Kind) -> float | None:
    """Share of pairs that the raw prediction (N,) puts in the right order; a tie or a nan is wrong.

    None if the ground truth is so flat that there is no pair.
    """
    near, far = order_pairs(truth)
    if near.size == 0:
        return None
    nearness = nearness_of(prediction, kind)
    return float(np.mean(nearness[near] > nearness[far]))


def nearness_of(prediction: np.ndarray, kind: Kind) -> np.ndarray:
    """The prediction with the sign that makes larger nearer."""
    return prediction if kind == "relative" else -prediction
