"""What models exist, and where their files are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from fathom.errors import pick
from fathom.zoo.cards import read_card
from fathom.zoo.records import RECORDS, Record

BUNDLED = Path(__file__).parent / "bundled"


@dataclass(frozen=True)
class Weights:
    """The files of one model that are on this disk; at least one is."""

    name: str
    openvino: Path | None = None  # .xml, its .bin beside it, or .onnx
    torch: Path | None = None  # .safetensors with a card

    @property
    def files(self) -> list[Path]:
        """Every file, the .bin of an .xml included."""
        found = [path for path in (self.openvino, self.torch) if path is not None]
        return found + [path.with_suffix(".bin") for path in found if path.suffix == ".xml"]


def on_disk(record: Record) -> Weights | None:
    """The files of a record; None if there are none yet."""
    if record.bundled is None:
        return None
    xml, safetensors = (BUNDLED / f"{record.bundled}{suffix}" for suffix in (".xml", ".safetensors"))
    weights = Weights(record.name, xml if xml.exists() else None, safetensors if safetensors.exists() else None)
    return weights if weights.files else None


def find(name_or_path: str | Path) -> Weights:
    """The files of a model by its name, or of a checkpoint by its path.

    Raises:
        UsageError: no model has that name.
        ValueError: the path leads to no checkpoint, or the named model is not on disk.
    """
    name = str(name_or_path)
    if name in RECORDS:
        weights = on_disk(RECORDS[name])
        if weights is None:
            raise ValueError(f"the files of {name} are not on this disk")
        return weights
    path = Path(name_or_path)
    if path.suffix or path.parent != Path() or path.exists():
        return _by_path(path)
    pick(name, RECORDS, "model")
    raise AssertionError("pick raises for a name that is not in RECORDS")


def find_for(name: str, path: Path) -> Weights:
    """The checkpoint at `path` in place of the weights of the model of that name.

    Raises:
        UsageError: no model has that name.
        ValueError: the path leads to no checkpoint, or to one of another architecture.
    """
    wanted = RECORDS[pick(name, RECORDS, "model")].architecture
    weights = _by_path(path)
    found = read_card(path).architecture
    if found != wanted:
        raise ValueError(f"{path}: its architecture is {found}, but {name} is {wanted}")
    return replace(weights, name=name)


def _by_path(path: Path) -> Weights:
    if not path.is_file():
        raise ValueError(f"{path}: no such checkpoint")
    if path.suffix == ".safetensors":
        return Weights(path.stem, torch=path)
    if path.suffix == ".onnx":
        return Weights(path.stem, openvino=path)
    if path.suffix == ".xml":
        if not path.with_suffix(".bin").exists():
            raise ValueError(f"{path}: its weights are missing, there is no {path.with_suffix('.bin').name} beside it")
        return Weights(path.stem, openvino=path)
    raise ValueError(f"{path}: a checkpoint is a .safetensors, .onnx or .xml (OpenVINO) file")
