"""A network before its first step."""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from fathom.errors import UsageError
from fathom.nets import DepthNet, build, pretrained_encoder
from fathom.nets.dinov2 import VARIANTS
from fathom.recipe.stages import Metric, Stage, Student
from fathom.runtime.export import PICTURES
from fathom.zoo import find
from fathom.zoo.checkpoint import load_net, read_state


def pretrained(stage: Stage) -> dict[str, Tensor]:
    """State dict of the encoder as pretrained without depth: a DINOv2 backbone, fetched if need be, or ImageNet's.

    Raises:
        ValueError, OSError, ImportError: it is not what it should be, or cannot be had.
    """
    variant = stage.architecture.removesuffix("-v1")
    if variant not in VARIANTS:
        return pretrained_encoder(stage.architecture)
    from fathom.zoo.layouts import encoder_from_dinov2

    path = stage.encoder
    if path is None:
        from fathom.zoo.download import obtain
        from fathom.zoo.records import BACKBONES

        path = obtain(BACKBONES[variant])
    try:
        return encoder_from_dinov2(read_state(path))
    except ValueError as error:
        words = str(error)
        raise ValueError(words if words.startswith(str(path)) else f"{path}: {words}") from None


def initial_net(stage: Stage) -> DepthNet:
    """The network that a stage starts with, the same in every process.

    Raises:
        UsageError: the metric stage without a network to start from.
        ValueError, OSError, ImportError: what it starts from is of another architecture, or cannot be had.
    """
    vit = stage.architecture.removesuffix("-v1") in VARIANTS
    aligned = isinstance(stage, Student) and stage.align_weight > 0
    if stage.encoder is not None and not (vit and (stage.init is None or aligned)):
        raise UsageError(
            "--encoder is the DINOv2 backbone that a ViT starts from: it goes with no Lite, and not --init"
        )
    torch.manual_seed(stage.seed)
    metric = isinstance(stage, Metric)
    net = build(stage.architecture, stage.max_depth if isinstance(stage, Metric) else None)
    if stage.init is None:
        if metric:
            raise UsageError("the metric stage starts from a relative network: --init MODEL, a name or a checkpoint")
        net.encoder.load_state_dict(pretrained(stage))
        return net
    weights = find(stage.init)
    if weights.card.architecture != stage.architecture:
        raise ValueError(f"{stage.init} is a {weights.card.architecture}, the run trains a {stage.architecture}")
    if weights.torch is None:
        raise ValueError(f"{stage.init}: training starts from a .safetensors or .pth file")
    start = load_net(weights.torch, weights.card)
    net.encoder.load_state_dict(start.encoder.state_dict())
    if isinstance(stage, Metric) and stage.head == "new":
        return net
    net.head.load_state_dict(start.head.state_dict())
    if metric != (weights.card.kind == "metric"):
        middle, spread = raw_outputs(net) if metric else (0.0, 1.0)
        with torch.no_grad():  # what was nearness becomes distance, or the other way round
            net.head.out.weight.div_(-spread)  # type: ignore[operator]
            bias = net.head.out.bias
            bias.copy_((middle - bias) / spread if metric else torch.zeros_like(bias))  # type: ignore
    return net


@torch.no_grad()
def raw_outputs(net: DepthNet) -> tuple[float, float]:
    """Median of what the head gives for a few photos, before activation, and the mean distance from it.

    The loss of relative depth leaves both open, and a sigmoid that begins far from 0 has no slope to learn by.
    """
    outputs = []
    for path in sorted(PICTURES.glob("*.jpg")):
        with Image.open(path) as photo:
            pixels = np.array(photo.convert("RGB").resize((9 * net.multiple, 7 * net.multiple)))
        x = net.normalise(torch.from_numpy(pixels).permute(2, 0, 1)[None])
        outputs.append(net.head(net.encoder(x), x.shape[-2:]))
    raw = torch.cat(outputs)
    middle = raw.median()
    return middle.item(), max((raw - middle).abs().mean().item(), 1e-6)
