"""A protocol: everything that turns predictions and ground truth into one number, locked in one place.

Two papers' numbers for one model differ by more than two models' numbers in one paper; nearly always the reason is
one of these fields. They are frozen, and printed with every result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from fathom.bench.alignment import Alignment, Kind

# What the headline number is a mean of. "pairs": of pairs of points, so a picture counts by how many it has.
Reduction = Literal["pictures", "sources", "pairs", "clips"]


@dataclass(frozen=True)
class Crop:
    """The window that is scored. As pixels, or (`fraction`) as shares of height and width, rounded down."""

    top: float
    bottom: float
    left: float
    right: float
    fraction: bool = False

    def window(self, height: int, width: int) -> tuple[slice, slice]:
        """Rows and columns of an image of that size."""
        h, w = (height, width) if self.fraction else (1, 1)
        return slice(int(self.top * h), int(self.bottom * h)), slice(int(self.left * w), int(self.right * w))

    def __str__(self) -> str:
        if self.fraction:
            return f"rows {self.top}–{self.bottom} of H, columns {self.left}–{self.right} of W"
        return f"rows {self.top}:{self.bottom}, columns {self.left}:{self.right}"


@dataclass(frozen=True)
class Published:
    """What others report under this name, and how it relates to what this protocol gives."""

    numbers: Mapping[str, Mapping[str, float]]  # model -> metric -> value, metrics named as in `metrics`
    note: str = ""  # known discrepancies and their reasons
    reruns: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # the same by third parties


@dataclass(frozen=True)
class Protocol:
    """How one benchmark is scored. Depths in metres, or in the ground truth's own unit where it has none."""

    name: str
    split: str  # which pictures
    mask: str  # which pixels have ground truth, in words
    min_depth: float = 0.0  # ground truth is scored where min_depth < depth < max_depth
    max_depth: float = float("inf")
    closed: bool = False  # depths of exactly min_depth and max_depth count, too
    crop: Crop | None = None
    floor: float = 1e-6  # aligned inverse depth is raised to this before it is inverted
    clip: float = 1e-3  # aligned depth is clipped to [clip, cap]
    cap: float | None = None  # None: the picture's own `cap_quantile` of ground-truth depth
    cap_quantile: float = 0.999
    relative: Alignment = "inverse-depth"  # how predictions of each kind are aligned
    relative_depth: Alignment = "depth"
    metric: Alignment = "none"
    aligned_over: str = "picture"  # "picture", or "clip": one fit for all its frames
    reduction: Reduction = "pictures"
    source: str = ""  # where the protocol is written down

    def alignment(self, kind: Kind) -> Alignment:
        """The alignment of a prediction of that kind."""
        return {"relative": self.relative, "relative-depth": self.relative_depth, "metric": self.metric}[kind]

    def aligned_by(self, alignment: Alignment) -> Protocol:
        """The protocol with another alignment for every kind; its name says that it is not the locked one."""
        name = f"{self.name}, NOT as locked: aligned by {alignment}"
        return replace(self, name=name, relative=alignment, relative_depth=alignment, metric=alignment)

    def scored(self, depth: np.ndarray, valid: np.ndarray) -> np.ndarray:
        """bool (H, W): the pixels that count, of ground-truth depth (H, W) and its mask (H, W)."""
        with np.errstate(invalid="ignore"):
            if self.closed:
                inside = (depth >= self.min_depth) & (depth <= self.max_depth)
            else:
                inside = (depth > self.min_depth) & (depth < self.max_depth)
            inside &= valid & np.isfinite(depth) & (depth > 0)
        if self.crop is not None:
            window = np.zeros(depth.shape, bool)
            window[self.crop.window(*depth.shape)] = True
            inside &= window
        return inside

    def cap_of(self, depth: np.ndarray) -> float:
        """The largest depth a prediction may have, given the scored ground truth (N,)."""
        return float(np.quantile(depth, self.cap_quantile)) if self.cap is None else self.cap

    def describe(self) -> str:
        """All fields, on one line."""
        below = "≤" if self.closed else "<"
        cap = f"the picture's {self.cap_quantile:.1%} quantile of depth" if self.cap is None else f"{self.cap:g}"
        return "; ".join(
            [
                f"{self.name}: {self.split}",
                f"pixels: {self.mask}, {self.min_depth:g} {below} depth {below} {self.max_depth:g}",
                f"crop: {self.crop or 'none'}",
                f"alignment per {self.aligned_over}: relative by {self.relative}, relative-depth by "
                f"{self.relative_depth}, metric by {self.metric}",
                f"inverse depth floored at {self.floor:g}, depth clipped to [{self.clip:g}, {cap}]",
                f"headline: mean over {self.reduction}",
            ]
        )


@dataclass(frozen=True)
class PairProtocol:
    """How a benchmark of annotated pairs of points is scored: no alignment, no depth."""

    name: str
    split: str
    rule: str
    reduction: Reduction = "pairs"
    source: str = ""

    def describe(self) -> str:
        """All fields, on one line."""
        return f"{self.name}: {self.split}; {self.rule}; headline: mean over {self.reduction}"
