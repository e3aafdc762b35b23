"""The moving average of a network's weights: smoother than the last ones, and usually better."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor, nn


def local(tensor: Tensor) -> Tensor:
    """This process's part of a tensor that is spread over several; else the tensor itself."""
    return tensor.to_local() if hasattr(tensor, "to_local") else tensor  # type: ignore[operator]


class Average:
    """mean <- decay mean + (1 - decay) weights, after each step. With a decay of 0, the weights themselves."""

    def __init__(self, net: nn.Module, decay: float):
        self.decay = decay
        self.weights = {name: local(p.detach()) for name, p in net.named_parameters()}
        self.means = {name: weights.clone() for name, weights in self.weights.items()}

    @torch.no_grad()
    def update(self, step: int) -> None:
        decay = min(self.decay, (1 + step) / (10 + step)) if self.decay else 0.0  # the first weights are soon forgotten
        torch._foreach_lerp_(list(self.means.values()), list(self.weights.values()), 1 - decay)

    @torch.no_grad()
    def restore(self, means: Mapping[str, Tensor]) -> None:
        for name, mean in self.means.items():
            mean.copy_(means[name])

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """While this lasts, the network has the means for its weights."""
        before = {name: weights.clone() for name, weights in self.weights.items()}
        with torch.no_grad():
            for name, weights in self.weights.items():
                weights.copy_(self.means[name])
        try:
            yield
        finally:
            with torch.no_grad():
                for name, weights in self.weights.items():
                    weights.copy_(before[name])
