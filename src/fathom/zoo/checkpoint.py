"""fathom's own file of weights: safetensors, with a card in its header that says what the weights are."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from fathom.zoo.cards import KEY, Card, read_card

if TYPE_CHECKING:
    from fathom.nets import DepthNet

__all__ = ["Card", "load_checkpoint", "save_checkpoint"]


def save_checkpoint(path: Path, net: DepthNet, card: Card) -> None:
    """Write weights and card; the file appears whole or not at all."""
    from safetensors.torch import save

    from fathom.files import write_whole

    state = {name: tensor.contiguous() for name, tensor in net.state_dict().items()}
    write_whole(path, save(state, metadata={KEY: json.dumps(asdict(card))}))


def load_checkpoint(path: Path) -> tuple[DepthNet, Card]:
    """The network of a checkpoint, in evaluation mode, float32, on the CPU.

    Raises:
        ValueError: not one of fathom's checkpoints, of no known architecture, or its weights do not fit that.
    """
    from safetensors.torch import load_file

    from fathom.nets import build
    from fathom.zoo.layouts import load_weights

    card = read_card(path)
    try:
        net = build(card.architecture, card.max_depth)
        load_weights(net, load_file(str(path)))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    return net.eval(), card
