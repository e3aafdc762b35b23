"""fathom's own file of weights: safetensors, with a card in its header that says what the weights are."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from fathom.nets import DepthNet

Kind = Literal["relative", "metric"]


@dataclass(frozen=True)
class Card:
    """What a file of weights says about itself."""

    architecture: str
    kind: Kind
    size: int  # shorter side of the network's input at which it works best
    max_depth: float | None = None  # metres; metric networks only
    licence: str = "unknown"
    origin: dict[str, Any] = field(default_factory=dict)  # how it was made: stage, data, steps, teacher


def save_checkpoint(path: Path, net: DepthNet, card: Card) -> None:
    """Write weights and card; the file appears whole or not at all."""
    from safetensors.torch import save

    from fathom.files import write_whole

    state = {name: tensor.contiguous() for name, tensor in net.state_dict().items()}
    write_whole(path, save(state, metadata={"fathom": json.dumps(asdict(card))}))


def read_card(path: Path) -> Card | None:
    """The card of a safetensors file; None if the file is not one of fathom's.

    Raises:
        ValueError: the file is not safetensors, or cut short.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(path), framework="numpy") as file:
            metadata = file.metadata() or {}
    except SafetensorError as error:
        raise ValueError(f"{path}: not a whole safetensors file ({error})") from None
    if "fathom" not in metadata:
        return None
    known = {f.name for f in fields(Card)}
    return Card(**{k: v for k, v in json.loads(metadata["fathom"]).items() if k in known})


def load_checkpoint(path: Path) -> tuple[DepthNet, Card]:
    """The network of a checkpoint, in evaluation mode, float32, on the CPU.

    Raises:
        ValueError: not one of fathom's checkpoints, or its weights do not fit its architecture.
    """
    from safetensors.torch import load_file

    from fathom.nets import build

    card = read_card(path)
    if card is None:
        raise ValueError(f"{path}: has no fathom card in its header, so it is not a fathom checkpoint")
    net = build(card.architecture, card.max_depth)
    state = {name: tensor.float() for name, tensor in load_file(str(path)).items()}
    wanted, found = set(net.state_dict()), set(state)
    if wanted != found:
        raise ValueError(
            f"{path}: the weights do not fit {card.architecture}: "
            f"missing {sorted(wanted - found)[:5]}, unexpected {sorted(found - wanted)[:5]}"
        )
    net.load_state_dict(state)
    return net.eval(), card
