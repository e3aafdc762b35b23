"""What models exist, and where their files are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fathom.errors import UsageError, pick
from fathom.files import files_digest
from fathom.settings import read_settings
from fathom.zoo.cards import Card, find_card, read_card
from fathom.zoo.policy import permitted, pull
from fathom.zoo.records import RECORDS, Record

BUNDLED = Path(__file__).parent / "bundled"
PICKLES = (".pth", ".pt", ".bin")  # torch's; read with weights_only


@dataclass(frozen=True)
class Weights:
    """The files of one model that are on this disk, at least one, and what they are."""

    name: str
    card: Card
    openvino: Path | None = None  # .xml, its .bin beside it, or .onnx
    torch: Path | None = None  # .safetensors or .pth, in any layout; of what is bundled, the .xml

    @property
    def files(self) -> list[Path]:
        """Every file, the .bin of an .xml included."""
        found = list(dict.fromkeys(path for path in (self.openvino, self.torch) if path is not None))
        return found + [path.with_suffix(".bin") for path in found if path.suffix == ".xml"]


def find(name_or_path: str | Path, commercial_only: bool = False) -> Weights:
    """The files of a model by its name, fetched if they are not here yet, or of a checkpoint by its path.

    NAME=PATH is the checkpoint at that path as the model of that name (see `find_for`).

    Raises:
        UsageError: no model has that name.
        ValueError, OSError: the path leads to no checkpoint, or the named model cannot be had.
    """
    name = str(name_or_path)
    if name in RECORDS:
        return _by_record(RECORDS[name], commercial_only)
    before, equals, after = name.partition("=")
    if equals and before in RECORDS:
        return find_for(before, Path(after), commercial_only)
    path = Path(name_or_path)
    if not (path.suffix or path.parent != Path() or path.exists()):
        pick(name, RECORDS, "model")
    path = _checked(path)
    published = _published(path)
    card = find_card(path) or (None if published is None else _card(published))
    _permit(path, card, published, commercial_only)
    if card is None:
        raise UsageError(
            f"{path}: does not say what it predicts; name the model that it is, as in: -m small-indoor={path}"
        )
    return _weights(path.stem, card, path)


def find_for(name: str, path: Path, commercial_only: bool = False) -> Weights:
    """The checkpoint at `path` in place of the weights of the model of that name.

    Raises:
        UsageError: no model has that name.
        ValueError: the path leads to no checkpoint, to one that is known to be something else, or to one that is
            refused as not for commercial use.
    """
    record, path = RECORDS[pick(name, RECORDS, "model")], _checked(path)
    published = _published(path)
    card = find_card(path) or (None if published is None else _card(published))
    if card is None and record.size is None:
        raise ValueError(f"{path}: does not say what it predicts, as weights in the place of {name} must")
    # A file that says nothing of itself is what its user says it is.
    said = record if card is None and record.file is not None else None
    card = card or _card(record)
    _permit(path, card, published or said, commercial_only)
    for what in ("architecture", "kind", "max_depth"):
        if what == "max_depth" and published is None:
            continue  # one of one's own may reach as far as it likes
        if getattr(card, what) != getattr(record, what):
            raise ValueError(f"{path}: its {what} is {getattr(card, what)}, but {name} is {getattr(record, what)}")
    return _weights(name, card, path)


def _by_record(record: Record, commercial_only: bool) -> Weights:
    if record.bundled is not None:
        xml = BUNDLED / f"{record.bundled}.xml"
        return Weights(record.name, read_card(xml), openvino=xml, torch=xml)
    return _weights(record.name, _card(record), pull(record, commercial_only=commercial_only))


def _card(record: Record) -> Card:
    assert record.size is not None, "only weights that have a card of their own come without a size"
    return Card(record.architecture, record.kind, record.size, record.max_depth, record.licence)


def _permit(path: Path, card: Card | None, published: Record | None, commercial_only: bool) -> None:
    """Raises ValueError for weights that are not for commercial use, where such are not wanted.

    What a file of unknown origin may be used for is its owner's to know; one that says it, is known, or is said to be
    a published model, is believed.
    """
    if published is not None:
        permitted(published, commercial_only)
    elif card is not None and "-NC" in card.licence and (commercial_only or read_settings().commercial_only):
        raise ValueError(f"{path}: is {card.licence}, refused, since only weights for commercial use are wanted")


def _weights(name: str, card: Card, path: Path) -> Weights:
    if path.suffix in (".xml", ".onnx"):
        return Weights(name, card, openvino=path)
    return Weights(name, card, torch=path)


def _checked(path: Path) -> Path:
    """The path of a checkpoint; of the one in it, if it is a run's folder.

    Raises:
        ValueError: there is none.
    """
    if path.is_dir() and (path / "model.safetensors").is_file():
        return path / "model.safetensors"
    if not path.is_file():
        raise ValueError(f"{path}: no such checkpoint")
    if path.suffix not in (".safetensors", ".onnx", ".xml", *PICKLES):
        raise ValueError(f"{path}: a checkpoint is a .safetensors, .pth, .onnx or .xml (OpenVINO) file")
    if path.suffix == ".xml" and not path.with_suffix(".bin").exists():
        raise ValueError(f"{path}: its weights are missing, there is no {path.with_suffix('.bin').name} beside it")
    return path


def _published(path: Path) -> Record | None:
    """The record of a published file, known by its content whatever it is called now."""
    size = path.stat().st_size
    same = [r for r in RECORDS.values() if r.file and r.file.sha256 and r.file.bytes in (None, size)]
    if not same:
        return None
    digest = files_digest([path])
    return next((record for record in same if record.file and record.file.sha256 == digest), None)
