"""One prediction against one ground truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fathom.bench.alignment import Alignment, Fit, Kind, apply, fit, is_constant, is_sound
from fathom.bench.metrics import depth_metrics, order
from fathom.bench.protocol import Protocol
from fathom.bench.truth import GroundTruth


@dataclass(frozen=True)
class Aligned:
    """A prediction laid over its ground truth."""

    depth: np.ndarray  # float64 (H, W), in the unit of the ground truth; nan where the prediction is not finite
    scored: np.ndarray  # bool (H, W): the pixels that count
    alignment: Alignment
    fit: Fit
    remarks: tuple[str, ...]  # what is wrong with the prediction, in words


def align_picture(prediction: np.ndarray, kind: Kind, truth: GroundTruth, protocol: Protocol) -> Aligned:
    """Fit one raw prediction (H, W) on the pixels that the protocol scores, and apply the fit to all pixels.

    Raises:
        ValueError: the shapes differ, or no pixel is scored.
    """
    if prediction.shape != truth.depth.shape:
        raise ValueError(f"the prediction is {prediction.shape}, the ground truth {truth.depth.shape}")
    scored = protocol.scored(truth.depth, truth.valid)
    if not scored.any():
        raise ValueError("no pixel has ground truth within the protocol's crop and range")
    alignment = alignment_for(protocol, kind, truth.metric)
    depth = truth.depth[scored].astype(np.float64)
    cap = protocol.cap_of(depth)
    if kind == "metric":  # inf is a statement, "infinitely far", and not a failure
        prediction = np.where(np.isposinf(prediction), cap, prediction)
    p = prediction[scored]
    finite = np.isfinite(p)
    line = fit(p[finite], depth[finite], kind, alignment) if finite.any() else Fit(np.nan, np.nan)
    aligned = apply(prediction, kind, alignment, line, protocol.floor, protocol.clip, cap)
    aligned[~np.isfinite(prediction)] = np.nan
    return Aligned(aligned, scored, alignment, line, what_is_wrong(p, kind, alignment, line))


def alignment_for(protocol: Protocol, kind: Kind, metric_truth: bool) -> Alignment:
    """The protocol's alignment, except that without metres in the ground truth even metres must be fitted."""
    alignment = protocol.alignment(kind)
    return alignment if metric_truth or alignment not in ("none", "median") else "inverse-depth"


def what_is_wrong(p: np.ndarray, kind: Kind, alignment: Alignment, line: Fit) -> tuple[str, ...]:
    """In words, of the raw prediction (N,) on the scored pixels and its fit. Empty if nothing is."""
    remarks = []
    finite = np.isfinite(p)
    if not is_sound(kind, alignment):
        remarks.append(f"wrong space: {kind} fitted by {alignment}")
    if not finite.all():
        remarks.append(f"not finite: {1 - finite.mean():.2g} of the scored pixels")
    if finite.any() and is_constant(p[finite]):
        remarks.append("constant")
    elif line.scale < 0:
        remarks.append("upside down: the fitted scale is negative")
    return tuple(remarks)


def score_depth(prediction: np.ndarray, kind: Kind, truth: GroundTruth, aligned: Aligned) -> dict[str, float]:
    """The metrics of one prediction (H, W), over the scored pixels and over each region of them ("abs_rel@glass").

    A prediction that is not finite on a scored pixel has failed on the picture: its errors are nan, so that no mean
    hides it, and its accuracies count the pixel as wrong. The fit is the whole picture's in a region, too.
    """
    metrics = _over(aligned.scored, prediction, kind, truth, aligned)
    for name, region in truth.regions.items():
        inside = aligned.scored & region
        if inside.any():
            metrics |= {f"{key}@{name}": v for key, v in _over(inside, prediction, kind, truth, aligned).items()}
    return metrics


def _over(
    pixels: np.ndarray, prediction: np.ndarray, kind: Kind, truth: GroundTruth, aligned: Aligned
) -> dict[str, float]:
    depth = truth.depth[pixels]
    metrics = depth_metrics(aligned.depth[pixels], depth)
    share = order(prediction[pixels], depth, kind)
    if share is not None:
        metrics["order"] = share
    return metrics
