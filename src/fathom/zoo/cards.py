"""The card that every file of weights carries, whatever its format."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from fathom.depth import Kind

KEY = "fathom"  # the card's place in the metadata of each format


@dataclass(frozen=True)
class Card:
    """What a file of weights says about itself."""

    architecture: str
    kind: Kind
    size: int  # shorter side of the network's input at which it works best
    max_depth: float | None = None  # metres; metric networks only
    licence: str = "unknown"
    origin: dict[str, Any] = field(default_factory=dict)  # how it was made: stage, data, steps, teacher

    def __post_init__(self) -> None:
        if self.kind not in ("relative", "metric"):
            raise ValueError(f"the kind of a network is 'relative' or 'metric', not {self.kind!r}")
        if (self.kind == "metric") != (self.max_depth is not None):
            raise ValueError(f"metric networks and no others have a max_depth; this one is {self.kind}")
        if self.max_depth is not None and not self.max_depth > 0:
            raise ValueError(f"the max_depth of a network is positive, not {self.max_depth}")
        if self.size < 1:
            raise ValueError(f"the size of a network's input is at least 1, not {self.size}")

    @classmethod
    def parse(cls, text: str, path: Path) -> Card:
        """The card that `text` holds, found in the file `path`. Fields of later versions are ignored.

        Raises:
            ValueError: it holds none.
        """
        known = {f.name for f in fields(cls)}
        try:
            return cls(**{name: value for name, value in json.loads(text).items() if name in known})
        except (ValueError, TypeError, AttributeError) as error:  # no JSON; a field missing or ill-typed; no object
            raise ValueError(f"{path}: its fathom card is damaged ({error})") from None


def find_card(path: Path) -> Card | None:
    """The card of a file of weights; None if it has none, as those of other programs.

    Raises:
        ValueError: the file or its card is damaged.
    """
    readers = {".safetensors": _of_safetensors, ".xml": _of_xml, ".onnx": _of_onnx, ".pt": _of_training}
    text = readers[path.suffix](path) if path.suffix in readers else None
    return None if text is None else Card.parse(text, path)


def read_card(path: Path) -> Card:
    """The card of a .safetensors, .xml or .onnx file.

    Raises:
        ValueError: the file has none, or is damaged.
    """
    card = find_card(path)
    if card is None:
        raise ValueError(f"{path}: has no fathom card, which says what its weights predict; see `fathom export`")
    return card


def _of_safetensors(path: Path) -> str | None:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(path), framework="numpy") as file:
            return (file.metadata() or {}).get(KEY)
    except SafetensorError as error:
        raise ValueError(f"{path}: not a whole safetensors file ({error})") from None


def _of_xml(path: Path) -> str | None:
    import xml.etree.ElementTree as ElementTree

    try:
        root = ElementTree.parse(path).getroot()
    except ElementTree.ParseError as error:
        raise ValueError(f"{path}: not a whole OpenVINO file ({error})") from None
    entry = root.find(f"rt_info/{KEY}")
    return None if entry is None else entry.get("value")


def _of_onnx(path: Path) -> str | None:
    from fathom.runtime.silent_openvino import openvino

    try:
        model = openvino.Core().read_model(path)
    except RuntimeError as error:
        raise ValueError(f"{path}: not a whole ONNX file ({str(error).splitlines()[-1]})") from None
    place = ["framework", KEY]
    return str(model.get_rt_info(place).value) if model.has_rt_info(place) else None


def _of_training(path: Path) -> str | None:
    """Of a checkpoint in the middle of training, which is torch's."""
    try:
        import torch
    except ImportError:
        raise ImportError(f"{path}: to read a checkpoint of training takes torch: pip install torch") from None
    try:
        state = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    except Exception:  # of many kinds; whoever reads the weights says what is wrong
        return None
    card = state.get(KEY) if isinstance(state, dict) else None
    return card if isinstance(card, str) else None
