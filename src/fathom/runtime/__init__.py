"""What runs a network: one small protocol, and the choice of who fulfils it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from fathom.errors import UsageError, pick
from fathom.runtime.gpu import gpu_here

if TYPE_CHECKING:
    from fathom.zoo import Weights

DEVICES = ("auto", "cpu", "cuda", "mps")
RUNTIMES = ("auto", "openvino", "torch", "onnx")
PRECISIONS = ("auto", "float32", "bfloat16", "float16")


class Runtime(Protocol):
    batch: int  # pictures at a time that it runs best with
    about: str  # what computes, where, and how precisely

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """float32 (N, 3, h, w), normalised, h and w multiples of what the network wants -> float32 (N, h, w)."""
        ...


def open_runtime(
    weights: Weights, device: str = "auto", runtime: str = "auto", precision: str = "auto", compile: bool = False
) -> Runtime:
    """Who runs these weights there.

    OpenVINO is first choice on a CPU: it starts in a tenth of torch's time and is faster. Weights of torch are
    converted for it once, which needs torch. On "auto", a GPU is taken for those; what is there for OpenVINO already
    is small enough for the CPU.

    Args:
        precision: "auto" is bfloat16 for OpenVINO on a processor that has instructions for it, and 16 bits for ViTs on
            CUDA, with their head and softmax in float32; elsewhere float32. Files of other programs, or of fathom
            before 0.2, end in a convolution: in bfloat16 their maps have terraces.
        compile: `torch.compile`, with CUDA graphs on CUDA: a minute for each new shape, then faster.

    Raises:
        UsageError: no such device, runtime or precision, or they do not go together, or with these weights.
        ValueError, ImportError: what is needed is not here.
    """
    pick(device, DEVICES, "device")
    pick(runtime, RUNTIMES, "runtime")
    pick(precision, PRECISIONS, "precision")
    if runtime == "openvino" and device not in ("auto", "cpu"):
        raise UsageError(f"the runtime openvino computes on the CPU; for the device {device} take torch")
    if runtime == "auto":
        runtime = "openvino" if device == "cpu" or (device == "auto" and _stays_on_cpu(weights)) else "torch"
        if runtime == "torch" and weights.torch is None:
            runtime = "onnx"
        if compile:
            runtime = "torch"
    if compile and runtime != "torch":
        raise UsageError(f"only the runtime torch compiles, not {runtime}")
    if runtime == "openvino":
        return _openvino(weights, precision)
    if runtime == "onnx":
        if weights.openvino is None or weights.openvino.suffix != ".onnx":
            raise UsageError(f"{weights.files[0]}: ONNX Runtime takes .onnx files; make one with `fathom export`")
        if precision not in ("auto", "float32"):
            raise UsageError(f"ONNX Runtime computes in the precision of the file, not in {precision}")
        from fathom.runtime.onnx import ONNXRuntime

        return ONNXRuntime(weights.openvino, device)
    if weights.torch is None:
        raise UsageError(f"{weights.openvino} is for a CPU; torch needs a .safetensors or .pth file")
    from fathom.runtime.torch import TorchRuntime, choose_device, half_precision

    place = choose_device(device)
    from fathom.zoo.checkpoint import load_net

    if precision == "auto":
        precision = half_precision() if place == "cuda" and _large(weights) else "float32"
    return TorchRuntime(load_net(weights.torch, weights.card), place, precision, compile)


def _large(weights: Weights) -> bool:
    """Whether 16 bits are worth it on CUDA: a small network does not wait for arithmetic there."""
    return weights.card.architecture.startswith("vit")


def _stays_on_cpu(weights: Weights) -> bool:
    if weights.openvino is not None or not gpu_here():
        return True
    from fathom.runtime.torch import choose_device

    try:
        return choose_device("auto") == "cpu"  # a GPU, but a torch that cannot use it
    except ImportError:
        return True


def _openvino(weights: Weights, precision: str) -> Runtime:
    from fathom.runtime.openvino import OpenVINORuntime, bfloat16_is_fast

    if precision == "float16":
        raise UsageError("on a CPU the precisions are float32 and bfloat16")
    if precision == "auto":
        precision = "bfloat16" if bfloat16_is_fast() else "float32"
    if weights.openvino is not None:
        return OpenVINORuntime(weights.openvino, precision)
    assert weights.torch is not None
    from fathom.runtime.convert import converted, to_openvino

    try:
        return OpenVINORuntime(converted(weights.torch, weights.card), precision)
    except OSError:  # nothing can be kept: the disk is full, there is no home directory
        from fathom.zoo.checkpoint import load_net

        return OpenVINORuntime(to_openvino(load_net(weights.torch, weights.card), weights.card), precision)
