"""The same weights in `transformers`, as many run Depth Anything: what to compare with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fathom.errors import UsageError
from fathom.nets.depth_net import VIT_HEADS
from fathom.nets.dinov2 import GRID, MEAN, PATCH, STD, VARIANTS
from fathom.zoo.layouts import JOINED, OLDER, UNUSED, table

if TYPE_CHECKING:
    from torch import Tensor

    from fathom.nets import DepthNet
    from fathom.zoo import Weights


class Peer:
    """A network of transformers and its image processor, with the weights of one of fathom's.

    Args:
        size: shorter side of the network's input.
        precision: "float32", "bfloat16" or "float16", of all of the network, as `torch_dtype` there makes it.

    Raises:
        ImportError, UsageError: as `check`.
    """

    def __init__(self, weights: Weights, device: str, precision: str, size: int):
        check(weights)
        import torch
        from transformers.utils import logging

        level = logging.get_verbosity()
        logging.set_verbosity_error()  # it asks for torchvision, which it does well without
        from transformers import DPTImageProcessor

        logging.set_verbosity(level)
        from fathom.zoo.checkpoint import load_net

        assert weights.torch is not None
        net = load_net(weights.torch, weights.card)
        self.device, self.dtype = device, getattr(torch, precision)
        self.net = network(net, weights.card.architecture).to(device, self.dtype)
        # As the processors that are published with the weights.
        self.processor = DPTImageProcessor(
            size={"height": size, "width": size},
            keep_aspect_ratio=True,
            ensure_multiple_of=PATCH,
            resample=3,  # bicubic
            image_mean=MEAN,
            image_std=STD,
        )

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """float32 (N, 3, h, w) -> float32 (N, h, w), as a `Runtime`."""
        import torch

        with torch.inference_mode():
            maps = self.net(pixel_values=torch.from_numpy(x).to(self.device, self.dtype)).predicted_depth
            return maps.float().cpu().numpy()

    def whole(self, rgb: np.ndarray) -> np.ndarray:
        """uint8 (H, W, 3) -> float32 (H, W), by transformers' own steps."""
        import torch

        with torch.inference_mode():
            inputs = self.processor(images=rgb, return_tensors="pt").to(self.device, self.dtype)
            sized: Any = self.processor.post_process_depth_estimation(self.net(**inputs), target_sizes=[rgb.shape[:2]])
            depth: Tensor = sized[0]["predicted_depth"]
            return depth.float().cpu().numpy()


def check(weights: Weights) -> None:
    """Find out, before anything takes long, whether these weights can run in transformers.

    Raises:
        ImportError: it is not installed.
        UsageError: it has no such network, or the weights are in a file for something else.
    """
    try:
        import transformers  # noqa: F401
    except ImportError:
        raise ImportError("comparing with transformers needs another package: pip install transformers") from None
    architecture = weights.card.architecture
    if architecture.removesuffix("-v1") not in VARIANTS:
        raise UsageError(f"{weights.name}: is a {architecture}, which transformers has no network for, only ViTs")
    if weights.torch is None:
        raise UsageError(f"{weights.openvino}: transformers takes the weights of a .safetensors or .pth file")


def network(net: DepthNet, architecture: str):
    """`DepthAnythingForDepthEstimation` with the weights of `net`, in evaluation mode.

    It computes the same where the network's input is 518 x 518. Elsewhere transformers stretches the position
    embedding a little differently from the reference code, which makes more of a difference than rounding does.
    """
    import torch
    from transformers import DepthAnythingConfig, DepthAnythingForDepthEstimation, Dinov2Config

    variant = VARIANTS[architecture.removesuffix("-v1")]
    features, channels = VIT_HEADS[architecture.removesuffix("-v1")]
    taps: tuple[int, ...] = net.encoder.taps  # type: ignore[assignment]  # torch types whatever a module has
    shape: dict[str, Any] = {"out_indices": [tap + 1 for tap in taps]}  # the patches' embedding is their first
    backbone = Dinov2Config(
        hidden_size=variant.embed_dim,
        num_hidden_layers=variant.depth,
        num_attention_heads=variant.num_heads,
        use_swiglu_ffn=variant.swiglu,
        image_size=GRID * PATCH,
        patch_size=PATCH,
        reshape_hidden_states=False,
        **shape,
    )
    config = DepthAnythingConfig(
        backbone_config=backbone,
        reassemble_hidden_size=variant.embed_dim,
        neck_hidden_sizes=list(channels),
        fusion_hidden_size=features,
        depth_estimation_type="relative" if net.max_depth is None else "metric",
    )
    with torch.device("meta"):  # no time for weights that are replaced
        theirs = DepthAnythingForDepthEstimation(config)
    state = to_transformers(net.state_dict(), theirs.state_dict())
    theirs.load_state_dict(state, assign=True)
    theirs.head.max_depth = net.max_depth or 1  # its config takes whole numbers only
    return theirs.eval()


def to_transformers(state: dict[str, Tensor], like: dict[str, Tensor]) -> dict[str, Tensor]:
    """fathom's state dict under the names and in the pieces that this version of transformers has.

    Args:
        like: a state dict of the network to fill, for its names and shapes. What has no part in the output gets zeros.
    """
    import torch

    names = {theirs: ours for ours, _, theirs in table()}
    filled = {}
    for name, wanted in like.items():
        if name.startswith(UNUSED):
            filled[name] = torch.zeros(wanted.shape)
            continue
        newer = name
        for older, new in OLDER.items():
            newer = newer.replace(older, new)
        piece = 0
        for whole, parts in JOINED.items():
            for i, part in enumerate(parts):
                if f".{part}." in newer:
                    newer, piece = newer.replace(part, whole), i
        module, _, parameter = newer.rpartition(".")
        tensor = state[names[newer] if newer in names else f"{names[module]}.{parameter}"]
        rows = wanted.shape[0]
        filled[name] = tensor[piece * rows : (piece + 1) * rows] if tensor.shape != wanted.shape else tensor
    return filled
