"""The DPT head: a pyramid of features, fused from coarse to fine, to one map (Ranftl et al. 2021).

One head for every encoder. A convolutional encoder hands over its own pyramid; a plain ViT, whose taps all have one
size, makes one first.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def resize(x: Tensor, size: tuple[int, int]) -> Tensor:
    """Bilinear with corners aligned, the convention of DPT throughout."""
    return F.interpolate(x, size, mode="bilinear", align_corners=True)


class ResidualConvUnit(nn.Module):
    """Two 3x3 convolutions, each after a ReLU, around a residual."""

    def __init__(self, features: int):
        super().__init__()
        self.conv1 = nn.Conv2d(features, features, 3, padding=1)
        self.conv2 = nn.Conv2d(features, features, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv2(F.relu(self.conv1(F.relu(x))))


class FeatureFusion(nn.Module):
    """Adds a finer level to what comes from below, refines, enlarges. (N, f, h, w) -> (N, f, *size)."""

    def __init__(self, features: int, has_skip: bool):
        super().__init__()
        self.skip = ResidualConvUnit(features) if has_skip else None  # the coarsest level has nothing below it
        self.refine = ResidualConvUnit(features)
        self.out = nn.Conv2d(features, features, 1)

    def forward(self, below: Tensor | None, level: Tensor, size: tuple[int, int]) -> Tensor:
        x = level if below is None or self.skip is None else below + self.skip(level)
        # The reference enlarges before this 1x1 convolution. Both are linear and each row of bilinear weights sums
        # to one, so the two commute: this order is the same map for a quarter of the work.
        return resize(self.out(self.refine(x)), size)


class Reassemble(nn.Module):
    """Four taps of a ViT, all (N, embed_dim, h, w) -> a pyramid of (N, c, s h, s w) with s = 4, 2, 1, 1/2 (rounded up).

    Args:
        embed_dim: channels of the taps.
        channels: c of each level, fine to coarse.
    """

    def __init__(self, embed_dim: int, channels: Sequence[int]):
        super().__init__()
        self.project = nn.ModuleList(nn.Conv2d(embed_dim, c, 1) for c in channels)
        self.resample = nn.ModuleList(
            [
                nn.ConvTranspose2d(channels[0], channels[0], 4, stride=4),
                nn.ConvTranspose2d(channels[1], channels[1], 2, stride=2),
                nn.Identity(),
                nn.Conv2d(channels[3], channels[3], 3, stride=2, padding=1),
            ]
        )

    def forward(self, taps: Sequence[Tensor]) -> list[Tensor]:
        layers = zip(self.project, self.resample, taps, strict=True)
        return [resample(project(x)) for project, resample, x in layers]


class ChannelNorm(nn.LayerNorm):
    """LayerNorm over the channels of each place of (N, C, h, w).

    Written out, as OpenVINO moves all channels to the end and back for torch's own: with it, Lite2 takes 3 to 9 % more.
    """

    def forward(self, input: Tensor) -> Tensor:
        x = input - input.mean(1, keepdim=True)
        x = x * torch.rsqrt(x.square().mean(1, keepdim=True) + self.eps)
        return x * self.weight[:, None, None] + self.bias[:, None, None]


class DPTHead(nn.Module):
    """Feature maps from fine to coarse, each about half the size of the one before -> (N, 1, h, w) before activation.

    Args:
        channels: of each feature map, fine to coarse.
        features: width of the fusion path.
        hidden: width of the last convolution, at the picture's own size (32 in DPT).
        reassemble: makes these feature maps of what the encoder gives, where that is no pyramid yet.
        norm: bring all levels to one scale. The loss leaves the map's scale open, so nothing holds a convolutional
            encoder's levels together: the coarse one grows until it drowns the fine ones.
    """

    def __init__(
        self,
        channels: Sequence[int],
        features: int,
        hidden: int = 32,
        reassemble: Reassemble | None = None,
        norm: bool = False,
    ):
        super().__init__()
        self.reassemble = reassemble
        self.norm = nn.ModuleList(ChannelNorm(features) if norm else nn.Identity() for _ in channels)
        self.adapt = nn.ModuleList(nn.Conv2d(c, features, 3, padding=1, bias=False) for c in channels)
        coarsest = len(channels) - 1
        self.fuse = nn.ModuleList(FeatureFusion(features, has_skip=i < coarsest) for i in range(len(channels)))
        self.at_half = nn.Conv2d(features, features // 2, 3, padding=1)
        self.at_full = nn.Conv2d(features // 2, hidden, 3, padding=1)
        self.out = nn.Conv2d(hidden, 1, 1)

    def forward(self, pyramid: Sequence[Tensor], size: tuple[int, int]) -> Tensor:
        if self.reassemble is not None:
            pyramid = self.reassemble(pyramid)
        levels = [norm(adapt(x)) for norm, adapt, x in zip(self.norm, self.adapt, pyramid, strict=True)]
        x = None
        for i in reversed(range(len(levels))):
            h, w = levels[max(i - 1, 0)].shape[-2:]
            x = self.fuse[i](x, levels[i], (h, w) if i > 0 else (2 * h, 2 * w))
        x = F.relu(self.at_full(resize(self.at_half(x), size)))
        # A 1x1 convolution, written as the sum it is: a runtime that computes in bfloat16 keeps a sum at the end in
        # float32, where a convolution's result would be rounded to 8 bits, and the map lie in terraces.
        return (x * self.out.weight).sum(1, keepdim=True) + self.out.bias  # type: ignore[operator]
