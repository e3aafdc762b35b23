"""Files of weights, of whatever origin, to networks and back."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from fathom.zoo.cards import KEY, Card, read_card

if TYPE_CHECKING:
    from torch import Tensor

    from fathom.nets import DepthNet

__all__ = ["Card", "load_checkpoint", "load_net", "read_state", "save_checkpoint"]

WRAPPERS = ("average", "model", "state_dict", "model_state_dict", "net")  # what training code puts weights under


def save_checkpoint(path: Path, net: DepthNet, card: Card) -> None:
    """Write weights and card to fathom's own file, a safetensors; it appears whole or not at all."""
    from safetensors.torch import save

    from fathom.files import write_whole

    state = {name: tensor.contiguous() for name, tensor in net.state_dict().items()}
    write_whole(path, save(state, metadata={KEY: json.dumps(asdict(card))}))


def load_checkpoint(path: Path) -> tuple[DepthNet, Card]:
    """The network of one of fathom's own files, and its card; see `load_net`.

    Raises:
        ValueError: not one of fathom's, of no known architecture, or its weights do not fit that.
    """
    card = read_card(path)
    return load_net(path, card), card


def load_net(path: Path, card: Card) -> DepthNet:
    """The network that `card` describes with the weights of a .safetensors or .pth file, in any layout, or of an .xml.

    In evaluation mode, float32, on the CPU.

    Raises:
        ValueError: the file is damaged, of no known layout, or its weights do not fit.
    """
    import torch

    from fathom.nets import build
    from fathom.zoo.ir_weights import read_parameters
    from fathom.zoo.layouts import load_weights

    with torch.device("meta"):  # no time and memory for weights that are replaced
        net = build(card.architecture, card.max_depth)
    try:
        if path.suffix == ".xml":
            state = read_parameters(path, {name: tuple(tensor.shape) for name, tensor in net.state_dict().items()})
        else:
            state = read_state(path)
        load_weights(net, {name: tensor.float() for name, tensor in state.items()}, assign=True)
    except ValueError as error:
        words = str(error)
        raise ValueError(words if words.startswith(str(path)) else f"{path}: {words}") from None
    return net.eval()


def read_state(path: Path) -> Mapping[str, Tensor]:
    """The tensors of a .safetensors file or of a pickle of torch, by their names. Nothing of a pickle is executed.

    Raises:
        ValueError: it is damaged, or holds no weights.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    if path.suffix == ".safetensors":
        try:
            return load_file(str(path))
        except SafetensorError as error:
            raise ValueError(f"{path}: not a whole safetensors file ({error})") from None
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, LookupError, ValueError, TypeError, AttributeError):
        raise ValueError(
            f"{path}: holds more than weights, or is damaged; only weights are read from a pickle"
        ) from None
    except (RuntimeError, EOFError) as error:
        reason = str(error).partition("\n")[0] or "it ends too early"
        raise ValueError(f"{path}: not a whole file of torch ({reason})") from None
    for wrapper in WRAPPERS:
        if isinstance(state, dict) and isinstance(state.get(wrapper), dict):
            state = state[wrapper]
            break
    if not isinstance(state, dict) or not all(
        isinstance(name, str) and isinstance(value, torch.Tensor) for name, value in state.items()
    ):
        raise ValueError(f"{path}: holds no weights by name")
    return state
