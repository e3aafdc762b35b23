"""Pairs of points of which one is annotated as nearer (DA-2K)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fathom.bench.alignment import Alignment, Kind
from fathom.bench.metrics import nearness_of
from fathom.bench.protocol import PairProtocol, Published
from fathom.bench.suite import Case, Score

Point = tuple[int, int]  # row, column in the picture's own pixels


@dataclass(frozen=True)
class Pair:
    nearer: Point
    farther: Point


@dataclass(frozen=True)
class PairSuite:
    """Pictures with annotated pairs of points each."""

    name: str
    protocol: PairProtocol
    cases: Sequence[Case]
    pairs: Mapping[str, Sequence[Pair]]  # by the case's name
    columns: Sequence[str] = ("accuracy",)
    published: Published | None = None

    def score(self, case: Case, predictions: Sequence[np.ndarray], kind: Kind) -> Score:
        pairs = self.pairs[case.name]
        height, width = predictions[0].shape
        for pair in pairs:
            for row, column in (pair.nearer, pair.farther):
                if not (0 <= row < height and 0 <= column < width):
                    raise ValueError(f"{self.name}, {case.name}: point {row, column} is outside {height}x{width}")
        right = [both_orders(predictions[0], pair, kind) for pair in pairs]
        remarks = () if np.isfinite(predictions[0]).all() else ("not finite: some pixels",)
        return Score({"accuracy": float(np.mean(right))}, remarks, weight=len(pairs))

    def aligned_by(self, alignment: Alignment) -> PairSuite:
        raise ValueError(f"{self.name}: pairs of points are compared without alignment; leave out --align")


def both_orders(prediction: np.ndarray, pair: Pair, kind: Kind) -> float:
    """Share of right answers to "is the first nearer than the second?", asked in both orders. A tie is wrong.

    DA-2K always names the nearer point first, so that whoever answers "the first" without looking, or on ties, gets
    100 % if the question is asked in one order only.
    """
    nearness = nearness_of(prediction, kind)

    def nearer_of(first: Point, second: Point) -> Point | None:
        if nearness[first] > nearness[second]:
            return first
        if nearness[second] > nearness[first]:
            return second
        return None  # a tie, or a nan

    answers = nearer_of(pair.nearer, pair.farther), nearer_of(pair.farther, pair.nearer)
    return sum(answer == pair.nearer for answer in answers) / 2
