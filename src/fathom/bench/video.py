"""Temporal consistency: the temporal alignment error of Video Depth Anything (Chen et al. 2025).

    TAE = 100 / (2 (N - 1)) * sum_k  AbsRel(p(D_k), D_{k+1}) + AbsRel(p(D_{k+1}), D_k)

where p carries a depth map into the neighbouring camera with the true poses and intrinsics. The public implementation
splats to the nearest pixel, where the last point written wins, and does not check that points lie before the camera.
Here the nearest point wins (a z-buffer), and points behind the camera are dropped.

A prediction that is the same in every frame is consistent, too: read TAE beside the clip's AbsRel, never alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from fathom.bench.alignment import Alignment, Fit, Kind, apply, fit
from fathom.bench.metrics import depth_metrics
from fathom.bench.protocol import Protocol, Published
from fathom.bench.scoring import what_is_wrong
from fathom.bench.suite import Case, Score
from fathom.bench.truth import GroundTruth
from fathom.intrinsics import Intrinsics


@dataclass(frozen=True)
class ClipTruth:
    """What is known of a clip: depth and camera of every frame."""

    frames: Sequence[GroundTruth]
    poses: np.ndarray  # float64 (N, 4, 4), camera to world, metres; nan where the camera was lost
    intrinsics: Intrinsics


@dataclass(frozen=True)
class ClipSuite:
    """RGB-D clips with poses. A case is a clip; one scale and shift is fitted for all its frames."""

    name: str
    protocol: Protocol
    cases: Sequence[Case]
    read_truth: Callable[[Case], ClipTruth]
    columns: Sequence[str] = ("tae", "tae_truth", "abs_rel", "delta1")
    published: Published | None = None

    def score(self, case: Case, predictions: Sequence[np.ndarray], kind: Kind) -> Score:
        return score_clip(predictions, kind, self.read_truth(case), self.protocol)

    def aligned_by(self, alignment: Alignment) -> ClipSuite:
        return replace(self, protocol=self.protocol.aligned_by(alignment))


def score_clip(predictions: Sequence[np.ndarray], kind: Kind, truth: ClipTruth, protocol: Protocol) -> Score:
    """TAE, and accuracy over all frames, of N raw predictions (H, W). `tae_truth` is the ground truth's own TAE:
    what the sensor's noise and the poses' errors cost a perfect prediction.
    """
    scored = [protocol.scored(frame.depth, frame.valid) for frame in truth.frames]
    for prediction, mask in zip(predictions, scored, strict=True):
        if prediction.shape != mask.shape:
            raise ValueError(f"the prediction is {prediction.shape}, the ground truth {mask.shape}")
    p = np.concatenate([prediction[mask] for prediction, mask in zip(predictions, scored, strict=True)])
    depth = np.concatenate([f.depth[mask] for f, mask in zip(truth.frames, scored, strict=True)]).astype(np.float64)
    finite = np.isfinite(p)
    alignment = protocol.alignment(kind)
    line = fit(p[finite], depth[finite], kind, alignment) if finite.any() else Fit(np.nan, np.nan)
    cap = protocol.cap_of(depth)

    def to_depth(prediction: np.ndarray) -> np.ndarray:
        aligned = apply(prediction, kind, alignment, line, protocol.floor, protocol.clip, cap)
        return np.where(np.isfinite(prediction), aligned, np.nan).astype(np.float32)

    depths = [to_depth(prediction) for prediction in predictions]
    metrics: dict[str, float] = {
        "tae": temporal_alignment_error(depths, scored, truth.poses, truth.intrinsics),
        "tae_truth": temporal_alignment_error([f.depth for f in truth.frames], scored, truth.poses, truth.intrinsics),
    }
    metrics |= depth_metrics(to_depth(p), depth)
    return Score(metrics, what_is_wrong(p, kind, alignment, line))


def temporal_alignment_error(
    depths: Sequence[np.ndarray], valids: Sequence[np.ndarray], poses: np.ndarray, intrinsics: Intrinsics
) -> float:
    """TAE in percent of N depth maps (H, W) with masks of the pixels that count.

    nan if no two frames overlap, or if a depth that counts is not finite.

    `poses` (N, 4, 4) are camera to world. Pairs of frames with a lost camera (nan) are left out.
    """
    if not all(np.isfinite(depth[valid]).all() for depth, valid in zip(depths, valids, strict=True)):
        return float("nan")
    errors = []
    for k in range(len(depths) - 1):
        for a, b in ((k, k + 1), (k + 1, k)):
            if not np.isfinite(poses[[a, b]]).all():
                continue
            a_to_b = np.linalg.inv(poses[b]) @ poses[a]
            carried = reproject(depths[a], valids[a], a_to_b, intrinsics)
            both = np.isfinite(carried) & valids[b]
            if both.any():
                errors.append(np.mean(np.abs(carried[both] - depths[b][both]) / depths[b][both]))
    return float(100 * np.mean(errors)) if errors else float("nan")


def reproject(depth: np.ndarray, valid: np.ndarray, motion: np.ndarray, intrinsics: Intrinsics) -> np.ndarray:
    """Depth (H, W) as a camera moved by `motion` (4, 4: this camera's coordinates to the other's) sees it.

    Each valid pixel's point goes to the nearest pixel of the other picture, and the nearest point wins; inf where
    none falls. `depth` is finite where `valid`.
    """
    height, width = depth.shape
    rows, columns = np.nonzero(valid)
    z = depth[rows, columns].astype(np.float64)
    k = intrinsics
    x, y = (columns + 0.5 - k.cx) / k.fx * z, (rows + 0.5 - k.cy) / k.fy * z
    x, y, z = np.einsum("ij,jn->in", motion[:3, :3], np.stack([x, y, z])) + motion[:3, 3:]
    with np.errstate(divide="ignore", invalid="ignore"):
        u = np.floor(k.fx * x / z + k.cx)
        v = np.floor(k.fy * y / z + k.cy)
        seen = (z > 0) & (u >= 0) & (u < width) & (v >= 0) & (v < height)
    carried = np.full((height, width), np.inf)
    np.minimum.at(carried, (v[seen].astype(int), u[seen].astype(int)), z[seen])
    return carried
