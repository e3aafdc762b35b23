"""What runs a network: one small protocol, and the choice of who fulfils it."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np

from fathom.errors import UsageError, pick
from fathom.zoo import Weights

DEVICES = ("auto", "cpu", "cuda", "mps")
RUNTIMES = ("auto", "openvino", "torch")


class Runtime(Protocol):
    batch: int  # pictures at a time that it runs best with

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """float32 (N, 3, h, w), normalised, h and w multiples of what the network wants -> float32 (N, h, w)."""
        ...


def open_runtime(weights: Weights, device: str = "auto", runtime: str = "auto") -> tuple[Runtime, Path]:
    """Who runs these weights there, and from which file.

    OpenVINO is first choice on a CPU: it starts in a tenth of torch's time and is faster. "auto" stays with it even
    where there is a GPU: to find out, torch would have to be imported, which takes longer than many a picture.

    Raises:
        UsageError: no such device or runtime, or the two do not go together, or with these weights.
        ValueError, ImportError: what is needed is not here.
    """
    pick(device, DEVICES, "device")
    pick(runtime, RUNTIMES, "runtime")
    if runtime == "openvino" and device not in ("auto", "cpu"):
        raise UsageError(f"the runtime openvino computes on the CPU; for the device {device} take torch")
    if runtime == "auto":
        runtime = "openvino" if device in ("auto", "cpu") and weights.openvino is not None else "torch"
    if runtime == "openvino":
        if weights.openvino is None:
            raise UsageError(f"{weights.torch} is for torch: make an .xml of it with `fathom export`")
        from fathom.runtime.openvino import OpenVINORuntime

        return OpenVINORuntime(weights.openvino), weights.openvino
    if weights.torch is None:
        raise UsageError(f"{weights.openvino} is for the runtime openvino, on a CPU; torch needs a .safetensors file")
    from fathom.runtime.torch import TorchRuntime

    return TorchRuntime(weights.torch, device), weights.torch
