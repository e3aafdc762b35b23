"""How sharp and how right occlusion boundaries are (Depth Pro, Bochkovskii et al. 2024, section 4 and appendix).

A boundary between two neighbouring pixels is where one is farther than the other by more than a factor t. Only the
ratio of depths enters, so depth must be known up to scale: a relative prediction is first aligned to the ground truth,
floored and inverted by the protocol, and what is measured is that depth.
"""

from __future__ import annotations

import numpy as np

from fathom.bench.truth import GroundTruth

THRESHOLDS = np.linspace(1.05, 1.25, 10)
WEIGHTS = THRESHOLDS / np.sum(THRESHOLDS)
SMALLEST_DEPTH = 1e-6


def boundary_metrics(depth: np.ndarray, truth: GroundTruth) -> dict[str, float]:
    """`boundary_f1`, and `boundary_recall@NAME` for each region, of aligned depth (H, W).

    Left out where the ground truth has no boundary at any threshold, or the region no edge.
    """
    metrics = {}
    if np.isnan(depth[truth.valid]).any():
        metrics["boundary_f1"] = float("nan")
    elif (f1 := boundary_f1(depth, truth.depth, truth.valid)) is not None:
        metrics["boundary_f1"] = f1
    for name, region in truth.regions.items():
        recall = boundary_recall(depth, region)
        if recall is not None:
            metrics[f"boundary_recall@{name}"] = recall
    return metrics


def boundary_f1(depth: np.ndarray, truth: np.ndarray, valid: np.ndarray) -> float | None:
    """F1 of boundary pixel pairs, weighted over thresholds; depth, truth (H, W), valid bool (H, W).

    Pairs with a pixel that has no ground truth are left out on both sides. None without any boundary in `truth`.
    """
    both = _pairs_valid(valid)
    ratios, ratios_truth = _ratios(depth), _ratios(np.where(valid, truth, 1.0))
    if not any((r[b] > THRESHOLDS[0]).any() for r, b in zip(ratios_truth, both, strict=True)):
        return None
    total = 0.0
    for threshold, weight in zip(THRESHOLDS, WEIGHTS, strict=True):
        precision = recall = 0.0
        for r, r_truth, b in zip(ratios, ratios_truth, both, strict=True):
            found, real = (r > threshold) & b, (r_truth > threshold) & b
            hits = _count(found & real)
            precision += hits / max(_count(found), 1) / 4
            recall += hits / max(_count(real), 1) / 4
        if precision + recall > 0:
            total += weight * 2 * precision * recall / (precision + recall)
    return float(total)


def boundary_recall(depth: np.ndarray, region: np.ndarray) -> float | None:
    """Recall of the edge of a foreground region (bool, H, W) by thinned boundaries of depth, weighted over thresholds.

    None if the region has no edge.
    """
    edges = _edges(region)
    if not any(edge.any() for edge in edges):
        return None
    total = 0.0
    ratios = _ratios(depth)
    for threshold, weight in zip(THRESHOLDS, WEIGHTS, strict=True):
        for direction, (r, edge) in enumerate(zip(ratios, edges, strict=True)):
            thinned = _thin(r, threshold, axis=1 if direction < 2 else 0)
            total += weight * _count(thinned & edge) / max(_count(edge), 1) / 4
    return float(total)


def _count(mask: np.ndarray) -> int:
    return int(np.count_nonzero(mask))


def _ratios(depth: np.ndarray) -> tuple[np.ndarray, ...]:
    """How many times farther the neighbour is: right, left (H, W-1), below, above (H-1, W) farther."""
    inverse = 1 / np.maximum(depth, SMALLEST_DEPTH)
    across = inverse[:, :-1] / inverse[:, 1:]
    down = inverse[:-1] / inverse[1:]
    return across, 1 / across, down, 1 / down


def _edges(region: np.ndarray) -> tuple[np.ndarray, ...]:
    """Where the foreground ends, in the same four directions: this pixel inside, the farther neighbour outside."""
    left, right, top, bottom = region[:, :-1], region[:, 1:], region[:-1], region[1:]
    return left & ~right, right & ~left, top & ~bottom, bottom & ~top


def _pairs_valid(valid: np.ndarray) -> tuple[np.ndarray, ...]:
    across, down = valid[:, :-1] & valid[:, 1:], valid[:-1] & valid[1:]
    return across, across, down, down


def _thin(ratio: np.ndarray, threshold: float, axis: int) -> np.ndarray:
    """Keep, of every unbroken run along `axis` above the threshold, only the largest (the first of equals).

    A soft edge several pixels wide must not be counted at each of them.
    """
    r = ratio if axis == 1 else ratio.T
    above = r > threshold
    starts = above & ~np.pad(above, ((0, 0), (1, 0)))[:, :-1]
    run = np.cumsum(starts)[above.ravel()]  # number of the run that each pixel above belongs to, from 1
    thinned = np.zeros(r.shape, bool)
    if run.size:
        positions, values = np.flatnonzero(above), r[above]
        best = np.lexsort((positions, -values, run))  # by run, then largest, then first
        first_of_run = np.unique(run[best], return_index=True)[1]
        thinned.flat[positions[best[first_of_run]]] = True
    return thinned if axis == 1 else thinned.T
