"""Floating point operations of a network, counted: a multiplication and an addition are two.

Convolutions and matrix products count, and nothing else: the rest is memory traffic, and a few in a hundred.
"""

from __future__ import annotations

from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import nn

    from fathom.zoo import Weights

# OpenVINO's convolutions. Filters end with (channels, height, width) in all: what an output value is a sum over, or,
# transposed, what an input value is added to.
FORWARD = ("Convolution", "GroupConvolution")
TRANSPOSED = ("ConvolutionBackpropData", "GroupConvolutionBackpropData")
COUNTED = (*FORWARD, *TRANSPOSED, "MatMul", "ScaledDotProductAttention")


def operations(weights: Weights, shape: tuple[int, int]) -> float | None:
    """Of one picture with a network input of (h, w); None if the file does not let them be counted."""
    if weights.openvino is not None:
        return of_file(weights.openvino, shape)
    import torch

    from fathom.nets import build

    with torch.device("meta"):  # shapes only
        return of_module(build(weights.card.architecture, weights.card.max_depth).eval(), shape)


def of_module(net: nn.Module, shape: tuple[int, int]) -> float:
    """Of a torch network whose parameters are on the device meta."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        net(torch.empty(1, 3, *shape, device="meta"))
    return float(counter.get_total_flops())


def of_file(path: Path, shape: tuple[int, int]) -> float | None:
    """Of an .xml or .onnx file; None if some shape in it stays open even when the input's is known."""
    from fathom.runtime.silent_openvino import openvino

    model = openvino.Core().read_model(path)
    model.reshape([1, 3, *shape])
    counts = [_of_operation(operation) for operation in model.get_ops()]
    return None if None in counts else float(sum(count or 0 for count in counts))


def _of_operation(operation) -> int | None:
    kind = operation.get_type_name()
    if kind not in COUNTED:
        return 0
    if any(port.get_partial_shape().is_dynamic for port in (*operation.inputs(), *operation.outputs())):
        return None
    inputs = [tuple(port.get_shape()) for port in operation.inputs()]
    out = tuple(operation.output(0).get_shape())
    if kind in (*FORWARD, *TRANSPOSED):
        return 2 * prod(out if kind in FORWARD else inputs[0]) * prod(inputs[1][-3:])
    if kind == "MatMul":
        return 2 * prod(out) * inputs[0][-2 if operation.get_attributes()["transpose_a"] else -1]
    queries, keys, values = inputs[:3]  # (..., T, C): scores, and their mean of the values
    return 2 * prod(queries) * keys[-2] + 2 * prod(queries[:-1]) * keys[-2] * values[-1]
