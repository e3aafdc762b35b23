"""PyTorch, on the CPU, on CUDA or on Apple's GPU."""

from __future__ import annotations

from pathlib import Path

import numpy as np


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


class TorchRuntime:
    """Runs a .safetensors checkpoint in float32.

    Raises:
        ImportError, ValueError: no torch, not this device, or not a checkpoint.
    """

    def __init__(self, path: Path, device: str = "auto"):
        self.device = choose_device(device)
        from fathom.zoo.checkpoint import load_checkpoint

        net, _ = load_checkpoint(path)
        self.net = net.to(self.device).eval()
        self.batch = 1 if self.device == "cpu" else 8

    def __call__(self, x: np.ndarray) -> np.ndarray:
        import torch

        with torch.inference_mode():
            return self.net(torch.from_numpy(x).to(self.device)).float().cpu().numpy()
