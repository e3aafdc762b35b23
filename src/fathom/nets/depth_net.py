"""Encoder and head put together, by the name of the architecture."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from fathom.nets import dinov2, efficientnet_lite
from fathom.nets.dinov2 import DINOv2
from fathom.nets.dpt import DPTHead, Reassemble
from fathom.nets.efficientnet_lite import EfficientNetLite


class DepthNet(nn.Module):
    """(N, 3, h, w) picture, normalised with `mean` and `std`, h and w multiples of `multiple` -> (N, h, w).

    Without `max_depth` the output is affine-invariant inverse depth, at least 0, larger is nearer. With it, the
    output is depth in metres, at most `max_depth`.

    Args:
        rectified: relative depth ends in a ReLU, as the published networks have it. Without, what is farthest in the
            picture is 0: the loss leaves the shift open, and a network that comes to the ReLU's flat side with a far
            wall gets no gradient to bring it back.
    """

    mean: Tensor
    std: Tensor

    def __init__(
        self,
        encoder: nn.Module,
        head: DPTHead,
        mean: Sequence[float],
        std: Sequence[float],
        multiple: int,
        max_depth: float | None = None,
        rectified: bool = True,
    ):
        super().__init__()
        self.encoder = encoder
        self.head = head
        self.multiple = multiple
        self.max_depth = max_depth
        self.rectified = rectified
        # Constants of the network, not of its training: checkpoints stay free of them.
        # On the CPU even where the weights are made elsewhere, or nowhere yet (torch's device "meta").
        self.register_buffer("mean", torch.tensor(mean, device="cpu").view(3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(std, device="cpu").view(3, 1, 1), persistent=False)

    def normalise(self, pictures: Tensor) -> Tensor:
        """uint8 RGB (N, 3, h, w) -> what `forward` takes."""
        return (pictures.float() / 255 - self.mean) / self.std

    def activate(self, x: Tensor) -> Tensor:
        """The head's output (N, 1, h, w) -> inverse depth, or metres."""
        if self.max_depth is not None:
            return torch.sigmoid(x) * self.max_depth
        return F.relu(x) if self.rectified else x - x.amin((-2, -1), keepdim=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.activate(self.head(self.encoder(x), x.shape[-2:])).squeeze(1)


def _lite(variant: str, features: int, hidden: int) -> Callable[[float | None], DepthNet]:
    def build(max_depth: float | None = None) -> DepthNet:
        encoder = EfficientNetLite(variant)
        head = DPTHead(encoder.channels, features, hidden, norm=True)
        stride = efficientnet_lite.STRIDE
        return DepthNet(
            encoder, head, efficientnet_lite.MEAN, efficientnet_lite.STD, stride, max_depth, rectified=False
        )

    return build


# Of the published models' heads: width of the fusion path, channels of the pyramid.
VIT_HEADS = {
    "vits": (64, (48, 96, 192, 384)),
    "vitb": (128, (96, 192, 384, 768)),
    "vitl": (256, (256, 512, 1024, 1024)),
    "vitg": (384, (1536, 1536, 1536, 1536)),
}


def _vit(variant: str, taps: Sequence[int]) -> Callable[[float | None], DepthNet]:
    def build(max_depth: float | None = None) -> DepthNet:
        size = dinov2.VARIANTS[variant]
        features, channels = VIT_HEADS[variant]
        encoder = DINOv2(size.embed_dim, size.depth, size.num_heads, taps, size.swiglu)
        head = DPTHead(channels, features, reassemble=Reassemble(size.embed_dim, channels))
        return DepthNet(encoder, head, dinov2.MEAN, dinov2.STD, dinov2.PATCH, max_depth)

    return build


ARCHITECTURES: dict[str, Callable[[float | None], DepthNet]] = {
    "lite0": _lite("lite0", features=48, hidden=16),
    "lite1": _lite("lite1", features=64, hidden=16),
    "lite2": _lite("lite2", features=64, hidden=16),
    # Depth Anything V2.
    "vits": _vit("vits", taps=(2, 5, 8, 11)),
    "vitb": _vit("vitb", taps=(2, 5, 8, 11)),
    "vitl": _vit("vitl", taps=(4, 11, 17, 23)),
    "vitg": _vit("vitg", taps=(9, 19, 29, 39)),
    # V1 has the same modules, but taps the last four layers: weights of one load into the other and give nonsense.
    "vits-v1": _vit("vits", taps=(8, 9, 10, 11)),
    "vitb-v1": _vit("vitb", taps=(8, 9, 10, 11)),
    "vitl-v1": _vit("vitl", taps=(20, 21, 22, 23)),
}


def build(architecture: str, max_depth: float | None = None) -> DepthNet:
    """The network of that name with fresh weights; `max_depth` in metres makes it a metric one.

    Raises:
        ValueError: no such architecture.
    """
    if architecture not in ARCHITECTURES:
        raise ValueError(f"no architecture is called {architecture!r}; there are {', '.join(ARCHITECTURES)}")
    net = ARCHITECTURES[architecture](max_depth)
    if max_depth is None:
        # The ReLU that follows must not start dead: begin well above it.
        nn.init.constant_(net.head.out.bias, 1.0)  # type: ignore[arg-type]
    return net


def pretrained_encoder(architecture: str) -> dict[str, Tensor]:
    """State dict of the architecture's encoder as pretrained without depth: where every stage starts from.

    Raises:
        ImportError: the package that carries the weights is not installed.
        ValueError: the encoder is a ViT, whose weights come in no package.
    """
    variant = architecture.removesuffix("-v1")
    if variant in dinov2.VARIANTS:
        file = f"dinov2_{variant}14_pretrain.pth"
        raise ValueError(f"the encoder of {architecture} starts from DINOv2's backbone: the file {file} must be given")
    return efficientnet_lite.imagenet_weights(architecture)
