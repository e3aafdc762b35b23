"""Weights in an OpenVINO file, under their own names: one file serves OpenVINO and torch, and is bundled once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

BETWEEN = "|"  # names of parameters that are equal, and may have become one constant
STORED = "_compressed"  # what OpenVINO adds to the name of a constant that it stores in 16 bits


def name_parameters(model: Any, state: Mapping[str, Tensor]) -> None:
    """Give each constant of an `openvino.Model` that is a parameter of the network, whatever its shape, its name."""
    names: dict[bytes, list[str]] = {}
    for name, tensor in state.items():
        names.setdefault(_content(tensor.float().numpy()), []).append(name)
    for node in model.get_ops():
        if node.get_type_name() == "Constant" and node.get_element_type().get_type_name() == "f32":
            equal = names.get(_content(node.data))
            if equal is not None:
                node.set_friendly_name(BETWEEN.join(equal))


def read_parameters(path: Path, shapes: Mapping[str, tuple[int, ...]]) -> Mapping[str, Tensor]:
    """The named parameters of an .xml file with its .bin, float32, in the shapes that the network has them in.

    Raises:
        ValueError: the file is damaged, or its parameters have no names or are in 8 bits.
    """
    import torch

    from fathom.runtime.silent_openvino import openvino

    try:
        model = openvino.Core().read_model(path)
    except RuntimeError as error:
        raise ValueError(f"{path}: OpenVINO cannot load it ({str(error).strip().splitlines()[-1]})") from None
    found = {}
    for node in model.get_ops():
        if node.get_type_name() == "Constant":
            for name in node.get_friendly_name().removesuffix(STORED).split(BETWEEN):
                if name in shapes and node.data.size == np.prod(shapes[name], dtype=int):
                    found[name] = torch.from_numpy(node.data.astype(np.float32).reshape(shapes[name]))
    if len(found) < len(shapes):
        raise ValueError(f"{path}: {len(shapes) - len(found)} of {len(shapes)} parameters are not in it by name")
    return found


def _content(values: np.ndarray) -> bytes:
    return hashlib.sha256(values.astype(np.float32).tobytes()).digest()
