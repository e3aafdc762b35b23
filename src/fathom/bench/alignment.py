"""A prediction laid over the ground truth: the scale and shift that its kind leaves open, and depth from it.

Three kinds of prediction:

    relative        affine-invariant inverse depth, larger is nearer (Depth Anything, MiDaS)
    relative-depth  affine-invariant depth, larger is farther (Marigold, GeoWizard)
    metric          metres along the optical axis

Each has a space in which a least-squares fit is sound. A fit in another space runs, because the literature holds
such numbers, but says so (`is_sound`).
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from fathom.fit import Fit, least_squares

Kind = Literal["relative", "relative-depth", "metric"]
Alignment = Literal["inverse-depth", "depth", "median", "none", "robust-inverse-depth", "robust-depth"]

KINDS: tuple[Kind, ...] = get_args(Kind)
ALIGNMENTS: tuple[Alignment, ...] = get_args(Alignment)


def is_sound(kind: Kind, alignment: Alignment) -> bool:
    """Whether the alignment solves for what the kind leaves open (or, for metres, for more than it does)."""
    if kind == "relative":
        return alignment in ("inverse-depth", "robust-inverse-depth")
    if kind == "relative-depth":
        return alignment in ("depth", "robust-depth")
    return True


def is_constant(prediction: np.ndarray) -> bool:
    """Whether the values (N,) differ by no more than float32 rounding."""
    return bool(np.ptp(prediction) <= 1e-6 * np.abs(prediction).max())


def least_absolute(prediction: np.ndarray, target: np.ndarray, iterations: int = 50) -> Fit:
    """The s, t of min sum |s p + t - y|: a wrong region in the ground truth does not bend it. The robust variant.

    By iteratively reweighted least squares (Schlossmacher 1973): weights 1 / |residual|, the residual kept
    from 0 by a millionth of the target's spread.
    """
    p, y = prediction.astype(np.float64), target.astype(np.float64)
    smallest = 1e-6 * (np.abs(y - np.median(y)).mean() or 1.0)
    fit = least_squares(p, y)
    for _ in range(iterations):
        residual = np.abs(fit.scale * p + fit.shift - y)
        previous, fit = fit, least_squares(p, y, 1 / np.maximum(residual, smallest))
        if np.isclose(fit.scale, previous.scale, rtol=1e-6) and np.isclose(fit.shift, previous.shift, rtol=1e-6):
            break
    return fit


def fit(prediction: np.ndarray, depth: np.ndarray, kind: Kind, alignment: Alignment) -> Fit:
    """Scale and shift over the valid pixels.

    Args:
        prediction: float (N,), finite: the model's raw values.
        depth: float (N,), positive: ground truth.
    """
    p = _in_space(prediction, kind, alignment)
    if alignment == "inverse-depth":
        return least_squares(p, 1 / depth)
    if alignment == "robust-inverse-depth":
        return least_absolute(p, 1 / depth)
    if alignment == "depth":
        return least_squares(p, depth)
    if alignment == "robust-depth":
        return least_absolute(p, depth)
    if alignment == "median":  # Zhou et al. 2017: the ratio of the medians
        return Fit(float(np.median(depth) / max(np.median(p), 1e-12)), 0.0)
    return Fit(1.0, 0.0)


def apply(
    prediction: np.ndarray, kind: Kind, alignment: Alignment, fit: Fit, floor: float, clip: float, cap: float
) -> np.ndarray:
    """Depth of the fitted prediction: any shape, float64 out.

    In inverse depth: clip to the positive `floor`, invert, clip to [clip, cap]. In depth: clip to [clip, cap] only.
    """
    aligned = _in_space(prediction, kind, alignment)
    aligned *= fit.scale
    aligned += fit.shift
    if alignment in ("inverse-depth", "robust-inverse-depth"):
        np.maximum(aligned, floor, out=aligned)
        np.divide(1, aligned, out=aligned)
    return np.clip(aligned, clip, cap, out=aligned)


def _in_space(prediction: np.ndarray, kind: Kind, alignment: Alignment) -> np.ndarray:
    """A float64 copy. Metres are inverted for a fit in inverse depth; relative values are fitted as they are."""
    p = prediction.astype(np.float64)
    if kind == "metric" and alignment in ("inverse-depth", "robust-inverse-depth"):
        np.divide(1, np.maximum(p, 1e-6, out=p), out=p)
    return p
