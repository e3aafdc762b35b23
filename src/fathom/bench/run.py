"""Every case of a suite through one model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fathom.bench.alignment import Kind
from fathom.bench.cache import PredictionCache
from fathom.bench.models import Model
from fathom.bench.suite import Score, Suite


@dataclass(frozen=True)
class Result:
    """The scores of one model on one suite."""

    suite: Suite
    model: str
    kind: Kind
    scores: tuple[Score, ...]  # of the suite's cases, in order


def run(suite: Suite, model: Model, cache: PredictionCache, done: Callable[[], None] = lambda: None) -> Result:
    """Predict (or take from the cache) and score every case; `done` is called after each picture."""
    scores = []
    for case in suite.cases:
        predictions = []
        for frame in case.frames:
            predictions.append(cache.predict(model, frame))
            done()
        scores.append(suite.score(case, predictions, model.kind))
    return Result(suite, model.name, model.kind, tuple(scores))
