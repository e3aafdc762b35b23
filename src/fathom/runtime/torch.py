"""PyTorch, on the CPU, on CUDA or on Apple's GPU."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

    from fathom.nets import DepthNet


def choose_device(device: str) -> str:
    """The device that "auto" means here, or the one asked for.

    Raises:
        ImportError: torch is not installed.
        ValueError: torch does not see that device.
    """
    try:
        import torch
    except ImportError:
        raise ImportError(f"the device {device} needs torch: pip install 'fathom-depth[torch]'") from None
    here = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if device == "auto":
        return next(name for name, available in here.items() if available)
    if not here[device]:
        raise ValueError(f"torch {torch.__version__} sees no device {device} on this machine; there is cpu")
    return device


def half_precision() -> str:
    """Which 16 bits this machine's CUDA device computes in by itself."""
    import torch

    return "bfloat16" if torch.cuda.is_bf16_supported(including_emulation=False) else "float16"


class TorchRuntime:
    """Runs a network on one device.

    In bfloat16 or float16 only the encoder's matrix products and convolutions are computed so: the residual path and
    the norms are float32, and so is the head. Softmax is computed in float32 inside torch's fused attention. Should a
    map not be finite all the same, the pictures are run once more in float32.

    Args:
        net: becomes the runtime's own.
        device: "cpu", "cuda" or "mps".
        precision: "float32", "bfloat16" or "float16".
        compile: `torch.compile`, with CUDA graphs on CUDA. Each shape of picture is compiled for itself.
    """

    def __init__(self, net: DepthNet, device: str = "cpu", precision: str = "float32", compile: bool = False):
        import torch

        self.device = device
        self.dtype = getattr(torch, precision)
        self.net = net.eval()  # in float32
        fast = net if self.dtype == torch.float32 else halved(net, self.dtype)
        self.fast = fast.to(device)
        if device == "cuda":
            self.fast = self.fast.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.forward = self._forward
        if compile:
            self.forward = torch.compile(
                self._forward, dynamic=False, mode="reduce-overhead" if device == "cuda" else "default"
            )
        self.batch = 1 if device == "cpu" else 8
        self.about = f"torch {torch.__version__} on {device}, {precision}" + (", compiled" if compile else "")

    def __call__(self, x: np.ndarray) -> np.ndarray:
        import torch

        with torch.inference_mode():
            pictures = torch.from_numpy(x).to(self.device)
            maps = self.forward(pictures)
            if self.dtype != torch.float32 and not torch.isfinite(maps).all():
                maps = self.net.to(self.device)(pictures)
            return maps.float().cpu().numpy()

    def _forward(self, x: Tensor) -> Tensor:
        import torch

        half = self.dtype != torch.float32
        with torch.autocast(self.device, self.dtype if half else None, enabled=half):
            features = self.fast.encoder(x)
        raw = self.fast.head([feature.float() for feature in features], x.shape[-2:])
        return self.fast.activate(raw).squeeze(1)


def halved(net: DepthNet, dtype) -> DepthNet:
    """A copy whose encoder has the weights of its matrix products and convolutions in 16 bits, ready for autocast."""
    from torch import nn

    net = deepcopy(net)
    for module in net.encoder.modules():
        if isinstance(module, (nn.Linear, nn.Conv2d)):
            module.to(dtype)
    return net
