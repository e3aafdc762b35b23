"""A suite: the cases of one benchmark, and how one case is scored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol as Interface

import numpy as np

from fathom.bench.alignment import Alignment, Kind
from fathom.bench.boundaries import boundary_metrics
from fathom.bench.protocol import PairProtocol, Protocol, Published
from fathom.bench.scoring import align_picture, score_depth
from fathom.bench.truth import GroundTruth


@dataclass(frozen=True)
class Score:
    """What one case gave under one protocol. A metric that a case cannot give (no such region) is left out."""

    metrics: Mapping[str, float]
    remarks: tuple[str, ...] = ()  # what is wrong with the prediction, in words: "constant", "upside down", ...
    weight: float = 1.0  # in means over cases; DA-2K weighs a picture by its pairs


@dataclass(frozen=True)
class Frame:
    """One picture of a case."""

    name: str  # what a folder of predictions calls it, without extension
    read: Callable[[], np.ndarray]  # -> uint8 (H, W, 3), RGB


@dataclass(frozen=True)
class Case:
    """One picture, or one clip, of a suite."""

    name: str  # unique within the suite
    source: str  # the data set or scene it is counted under
    frames: tuple[Frame, ...]  # one, except in a clip


class Suite(Interface):
    """What the runner and the report need of a benchmark."""

    @property
    def name(self) -> str: ...

    @property
    def protocol(self) -> Protocol | PairProtocol: ...

    @property
    def cases(self) -> Sequence[Case]: ...

    @property
    def columns(self) -> Sequence[str]:
        """The metrics a table shows; the first one ranks pictures."""
        ...

    @property
    def published(self) -> Published | None: ...

    def score(self, case: Case, predictions: Sequence[np.ndarray], kind: Kind) -> Score:
        """Score a case's predictions, one float (H, W) per frame."""
        ...

    def aligned_by(self, alignment: Alignment) -> Suite:
        """The suite under its protocol with another alignment.

        Raises:
            ValueError: nothing is aligned in this suite.
        """
        ...


@dataclass(frozen=True)
class DepthSuite:
    """Pictures with a depth map each."""

    name: str
    protocol: Protocol
    cases: Sequence[Case]
    read_truth: Callable[[Case], GroundTruth]
    columns: Sequence[str] = ("abs_rel", "delta1", "order")
    published: Published | None = None
    boundaries: bool = False  # measure boundary F1, and boundary recall of every region, too

    def score(self, case: Case, predictions: Sequence[np.ndarray], kind: Kind) -> Score:
        truth = self.read_truth(case)
        try:
            aligned = align_picture(predictions[0], kind, truth, self.protocol)
            metrics = score_depth(predictions[0], kind, truth, aligned)
            if self.boundaries:
                metrics |= boundary_metrics(aligned.depth, truth)
        except ValueError as error:
            raise ValueError(f"{self.name}, {case.name}: {error}") from None
        return Score(metrics, aligned.remarks)

    def aligned_by(self, alignment: Alignment) -> DepthSuite:
        return replace(self, protocol=self.protocol.aligned_by(alignment))
