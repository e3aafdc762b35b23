"""What a device can reach: from its data sheet, or else as measured here with one large matrix product."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

import numpy as np

PRODUCTS = 7  # timed, after one that is not

# Dense peaks in TFLOP/s (no sparsity), by what torch calls the device; 16 bits are for bfloat16 and float16, with
# sums in float32. Float32 is without TF32. The first name that is part of the device's counts.
DATA_SHEETS: list[tuple[str, dict[str, float]]] = [
    ("H200", {"16": 989.4, "32": 66.9}),  # NVIDIA H200 data sheet: the chip of the H100 SXM
    ("H100 PCIe", {"16": 756.0, "32": 51.2}),  # NVIDIA H100 Tensor Core GPU Architecture, white paper, table 2
    ("H100 NVL", {"16": 835.5, "32": 60.0}),  # NVIDIA H100 NVL data sheet, half of what it gives with sparsity
    ("H100", {"16": 989.4, "32": 66.9}),  # SXM5; the same white paper
    ("A100", {"16": 312.0, "32": 19.5}),  # NVIDIA A100 data sheet
    ("L40S", {"16": 362.0, "32": 91.6}),  # NVIDIA L40S data sheet
    ("L4", {"16": 121.0, "32": 30.3}),  # NVIDIA L4 data sheet, half of what it gives with sparsity
    ("A10", {"16": 125.0, "32": 31.2}),  # NVIDIA A10 data sheet
    ("RTX 4090", {"16": 165.2, "32": 82.6}),  # NVIDIA Ada GPU Architecture, white paper, appendix A
    ("RTX 3090", {"16": 71.0, "32": 35.6}),  # NVIDIA Ampere GA102 GPU Architecture, white paper, table 9
]


@dataclass(frozen=True)
class Peak:
    flops: float  # per second
    source: str  # what it is a share of, in words


def peak_of(device: str, precision: str) -> Peak:
    """Of "cpu", "cuda" or "mps", in "float32", "bfloat16" or "float16"."""
    if device == "cpu":
        n = 1024
        return Peak(2 * n**3 / _seconds(_product(n, precision)), _described(n, precision, "OpenVINO"))
    import torch

    if device == "cuda":
        name = torch.cuda.get_device_name()
        sheet = data_sheet(name)
        if sheet is not None:
            return Peak(sheet["32" if precision == "float32" else "16"] * 1e12, f"{name}, data sheet, {precision}")
    n = 8192
    b = torch.rand(n, n, device=device, dtype=getattr(torch, precision))

    def product() -> None:
        float((b @ b)[0, 0])  # waits for it

    return Peak(2 * n**3 / _seconds(product), _described(n, precision, "torch"))


def _described(n: int, precision: str, library: str) -> str:
    return f"a {precision} product of {n} x {n} matrices in {library}, measured"


def _product(n: int, precision: str) -> Callable[[], object]:
    """A matrix product in OpenVINO, on all cores, with its result fetched."""
    from fathom.runtime.openvino import PRECISIONS
    from fathom.runtime.silent_openvino import openvino

    opset13 = import_module("openvino.opset13")  # after openvino itself, which is imported with care
    factor = np.random.default_rng(0).random((n, n), np.float32)
    other = opset13.parameter([n, n], np.float32)
    model = openvino.Model([opset13.matmul(other, opset13.constant(factor), False, False)], [other])
    hint = {"INFERENCE_PRECISION_HINT": PRECISIONS.get(precision, "f16")}
    request = openvino.Core().compile_model(model, "CPU", hint).create_infer_request()
    return lambda: request.infer([factor])


def data_sheet(name: str) -> dict[str, float] | None:
    """The peaks of a GPU; None if it is not among those known. One in a laptop has less than its name promises."""
    words = name.replace("-", " ").split()
    if "Laptop" in words:
        return None
    return next((peaks for known, peaks in DATA_SHEETS if _within(known.split(), words)), None)


def _within(known: list[str], words: list[str]) -> bool:
    """Whole words, one after the other: an L4 is no L40."""
    return any(words[i : i + len(known)] == known for i in range(len(words)))


def _seconds(task: Callable[[], object]) -> float:
    """The best of a few: other work on the machine only ever adds time."""
    times = []
    for _ in range(1 + PRODUCTS):
        began = time.perf_counter()
        task()
        times.append(time.perf_counter() - began)
    return min(times[1:])
