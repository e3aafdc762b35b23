"""A benchmark in the middle of training, and the checkpoint that does best on it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from fathom.bench.cache import PredictionCache
from fathom.bench.registry import open_suite
from fathom.bench.run import run
from fathom.bench.summary import headline
from fathom.bench.table import larger_is_better
from fathom.files import write_whole
from fathom.nets import DepthNet
from fathom.predict import Model
from fathom.recipe.stages import Stage
from fathom.runtime.torch import TorchRuntime
from fathom.zoo.checkpoint import Card, save_checkpoint


class Validation:
    """Measures a network on a benchmark, as `fathom bench` does.

    The network that does best by the suite's first metric is kept as `best.safetensors` in the run's folder, with
    the numbers in `best.json`.

    Args:
        suite: in the words of `fathom bench`.

    Raises:
        UsageError, ValueError: there is no such benchmark.
    """

    def __init__(self, suite: str, run: Path):
        self.suite = open_suite(suite, False)
        self.nothing_kept = PredictionCache(None)
        self.asked, self.run, self.record = suite, run, run / "best.json"

    def due(self, step: int, stage: Stage) -> bool:
        return step % stage.validate_every == 0 or step == stage.steps

    def __call__(self, net: DepthNet, card: Card, device: str) -> dict[str, float]:
        """The suite's chief metrics, means as its protocol has them."""
        result = run(self.suite, _Predictor(Model("training", card, TorchRuntime(net, device))), self.nothing_kept)
        means = headline(result).means
        found = {name: round(means[name], 5) for name in self.suite.columns if name in means}
        first = self.suite.columns[0]
        kept = json.loads(self.record.read_text()) if self.record.exists() else {}
        best = kept.get(first) if kept.get("suite") == self.asked else None
        if best is None or (found[first] > best if larger_is_better(first) else found[first] < best):
            save_checkpoint(self.run / "best.safetensors", net, card)
            write_whole(self.record, json.dumps({"suite": self.asked, **found}).encode())
        return found


class _Predictor:
    def __init__(self, model: Model):
        self.model, self.name, self.kind = model, model.name, model.kind

    def __call__(self, rgb: np.ndarray) -> np.ndarray:
        return self.model(rgb).values
