"""The card that every file of weights carries, whatever its format."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

from fathom.zoo.checkpoint import Card
from fathom.zoo.checkpoint import read_card as read_safetensors_card

KEY = "fathom"  # the card's place in the metadata of each format


def read_card(path: Path) -> Card:
    """The card of a .safetensors, .xml or .onnx file.

    Raises:
        ValueError: the file has none, or is damaged.
    """
    if path.suffix == ".safetensors":
        card = read_safetensors_card(path)
    else:
        text = _of_xml(path) if path.suffix == ".xml" else _of_onnx(path)
        known = {f.name for f in fields(Card)}
        card = Card(**{k: v for k, v in json.loads(text).items() if k in known}) if text else None
    if card is None:
        raise ValueError(f"{path}: has no fathom card, which says what its weights predict; see `fathom export`")
    return card


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
