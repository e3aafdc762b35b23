"""Encoder and head put together, by the name of the architecture."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from fathom.nets import efficientnet_lite
from fathom.nets.dpt import DPTHead
from fathom.nets.efficientnet_lite import EfficientNetLite


class DepthNet(nn.Module):
    """(N, 3, h, w) picture, normalised with `mean` and `std`, h and w multiples of `multiple` -> (N, h, w).

    Without `max_depth` the output is affine-invariant inverse depth, at least 0, larger is nearer. With it, the
    output is depth in metres, at most `max_depth`.
    """

    mean: Tensor
    std: Tensor

    def __init__(
        self,
        encoder: nn.Module,
        head: nn.Module,
        mean: Sequence[float],
        std: Sequence[float],
        multiple: int,
        max_depth: float | None = None,
    ):
        super().__init__()
        self.encoder = encoder
        self.head = head
        self.multiple = multiple
        self.max_depth = max_depth
        # Constants of the network, not of its training: checkpoints stay free of them.
        self.register_buffer("mean", torch.tensor(mean).view(3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(std).view(3, 1, 1), persistent=False)

    def normalise(self, pictures: Tensor) -> Tensor:
        """uint8 RGB (N, 3, h, w) -> what `forward` takes."""
        return (pictures.float() / 255 - self.mean) / self.std

    def activate(self, x: Tensor) -> Tensor:
        """The head's output -> inverse depth, or metres."""
        return F.relu(x) if self.max_depth is None else torch.sigmoid(x) * self.max_depth

    def forward(self, x: Tensor) -> Tensor:
        return self.activate(self.head(self.encoder(x), x.shape[-2:])).squeeze(1)


def _lite(variant: str, features: int, hidden: int) -> Callable[[float | None], DepthNet]:
    def build(max_depth: float | None = None) -> DepthNet:
        encoder = EfficientNetLite(variant)
        head = DPTHead(encoder.channels, features, hidden)
        if max_depth is None:
            # The ReLU that follows must not start dead: begin well above it.
            nn.init.constant_(head.out.bias, 1.0)  # type: ignore[arg-type]
        stride = efficientnet_lite.STRIDE
        return DepthNet(encoder, head, efficientnet_lite.MEAN, efficientnet_lite.STD, stride, max_depth)

    return build


ARCHITECTURES: dict[str, Callable[[float | None], DepthNet]] = {
    "lite0": _lite("lite0", features=48, hidden=16),
    "lite1": _lite("lite1", features=64, hidden=16),
    "lite2": _lite("lite2", features=64, hidden=16),
}


def build(architecture: str, max_depth: float | None = None) -> DepthNet:
    """The network of that name with fresh weights; `max_depth` in metres makes it a metric one.

    Raises:
        ValueError: no such architecture.
    """
    if architecture not in ARCHITECTURES:
        raise ValueError(f"no architecture is called {architecture!r}; there are {', '.join(ARCHITECTURES)}")
    return ARCHITECTURES[architecture](max_depth)


def pretrained_encoder(architecture: str) -> dict[str, Tensor]:
    """State dict of the architecture's encoder as pretrained without depth: where every stage starts from."""
    return efficientnet_lite.imagenet_weights(architecture)
