"""fathom's folder format in tar files of many samples each, as WebDataset packs them.

    <folder>/000000.tar     <key>.jpg or .png, then <key>.npz, for each sample
    <folder>/shards.json    of each shard: file, samples, bytes, sha256, and what was skipped, with the reason

The key is the sample's name, with `.` as %2E and `%` as %25, because WebDataset takes what follows the first dot for
the suffix. `shards.json` is written last.
"""

from __future__ import annotations

import json
import re
import tarfile
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

from fathom.data.folder import decode_geometry, sample_of
from fathom.data.sample import Sample
from fathom.picture import read

INDEX = "shards.json"
MEMBER = re.compile(r"((?:.*/)?[^./]+)\.([^/]+)")  # key and suffix, as WebDataset tells them apart
PICTURES, GEOMETRY = ("png", "jpg", "jpeg"), "npz"
Span = tuple[int, int]  # where a member begins in its shard, and its size in bytes


@dataclass(frozen=True)
class Skipped:
    name: str
    reason: str


@dataclass(frozen=True)
class Shard:
    """A line of the index."""

    file: str
    samples: int
    bytes: int
    sha256: str
    skipped: tuple[Skipped, ...] = ()

    @classmethod
    def from_json(cls, record: dict) -> Shard:
        """Raises ValueError, KeyError or TypeError if it is not one."""
        if Path(record["file"]).name != record["file"]:
            raise ValueError(f"{record['file']} is not in the folder")
        return cls(**{**record, "skipped": tuple(Skipped(**s) for s in record["skipped"])})


def key_of(name: str) -> str:
    return name.replace("%", "%25").replace(".", "%2E")


def name_of(key: str) -> str:
    return key.replace("%2E", ".").replace("%25", "%")


@dataclass(frozen=True)
class Entry:
    """Where a sample is in its shard."""

    key: str
    picture: Span | None = None
    suffix: str = ""
    geometry: Span | None = None


def entries_of(file: BinaryIO, shard: str) -> list[Entry]:
    """The samples of a shard, in its order. Members that are neither a picture nor an .npz are passed over.

    Raises:
        ValueError: it is not a tar file, or cut short.
    """
    found: dict[str, Entry] = {}
    try:
        with tarfile.open(fileobj=file, mode="r:") as tar:
            for info in tar:
                match = MEMBER.fullmatch(info.name) if info.isfile() else None
                if match is None:
                    continue
                key, suffix = match[1], match[2].lower()
                span = (info.offset_data, info.size)
                entry = found.get(key, Entry(key))
                if suffix in PICTURES:
                    found[key] = Entry(key, span, f".{suffix}", entry.geometry)
                elif suffix == GEOMETRY:
                    found[key] = Entry(key, entry.picture, entry.suffix, span)
            file.seek(tar.offset)
            if not file.read(1):  # tarfile does not miss the blocks that end a file
                raise tarfile.ReadError("no end of archive")
    except tarfile.TarError as error:
        raise ValueError(f"{shard}: is not a shard, or cut short ({error})") from None
    return list(found.values())


def decode_entry(entry: Entry, read_span: Callable[[Span], bytes], shard: str) -> Sample:
    """The sample of an entry; `read_span` gives the bytes of a span.

    Raises:
        ValueError: it lacks a file, or one is damaged.
    """
    name = name_of(entry.key)
    if entry.picture is None or entry.geometry is None:
        lacking = "picture" if entry.picture is None else "depth (.npz)"
        raise ValueError(f"{shard}: {entry.key} has no {lacking}")
    where = f"{shard}: {entry.key}"
    picture = read(read_span(entry.picture), name=f"{where}{entry.suffix}").rgb
    return sample_of(name, picture, decode_geometry(read_span(entry.geometry), f"{where}.{GEOMETRY}"))


class Shards(Sequence[Sample]):
    """The samples of a folder of shards, by random access; a shard is looked through when it is first needed.

    Without a `shards.json`, as other programs leave it, each shard is looked through at once.

    Raises:
        ValueError: there are no shards, or their index is damaged.
    """

    def __init__(self, folder: str | Path):
        self.folder = Path(folder)
        self._entries: dict[int, list[Entry]] = {}
        if (self.folder / INDEX).is_file():
            self.shards = read_index((self.folder / INDEX).read_bytes(), str(self.folder / INDEX))
        else:
            self.shards = [Shard(path.name, -1, path.stat().st_size, "") for path in sorted(self.folder.glob("*.tar"))]
        if not self.shards:
            raise ValueError(f"{self.folder}: no shards here (expected 000000.tar and so on, with {INDEX})")
        self.counts = [len(self.entries(i)) if s.samples < 0 else s.samples for i, s in enumerate(self.shards)]
        self.ends = list(accumulate(self.counts))

    def __len__(self) -> int:
        return self.ends[-1]

    @cached_property
    def names(self) -> list[str]:
        """Of all samples, for which every shard is looked through."""
        return [name_of(entry.key) for i in range(len(self.shards)) for entry in self.entries(i)]

    def entries(self, shard: int) -> list[Entry]:
        if shard not in self._entries:
            record = self.shards[shard]
            path = self.folder / record.file
            if not path.is_file() or path.stat().st_size != record.bytes:
                raise ValueError(f"{path}: is missing or not of {record.bytes} bytes, as {INDEX} has it")
            with path.open("rb") as file:
                entries = entries_of(file, str(path))
            refuse_other_count(entries, record, str(path))
            self._entries[shard] = entries
        return self._entries[shard]

    def __getitem__(self, index):
        """Raises ValueError, naming shard and key, if it is damaged."""
        shard, entry = self._locate(index)
        path = self.folder / self.shards[shard].file
        with path.open("rb") as file:
            return decode_entry(entry, lambda span: _read_span(file, span), str(path))

    def picture_bytes(self, index: int) -> tuple[str, bytes]:
        """A sample's picture as it lies on disk: the file's suffix, and what is in it."""
        shard, entry = self._locate(index)
        if entry.picture is None:
            raise ValueError(f"{self.folder / self.shards[shard].file}: {entry.key} has no picture")
        with (self.folder / self.shards[shard].file).open("rb") as file:
            return entry.suffix, _read_span(file, entry.picture)

    def _locate(self, index: int) -> tuple[int, Entry]:
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        index %= len(self)
        shard = bisect_right(self.ends, index)
        return shard, self.entries(shard)[index - self.ends[shard] + self.counts[shard]]


def _read_span(file: BinaryIO, span: Span) -> bytes:
    file.seek(span[0])
    return file.read(span[1])


def read_index(data: bytes, name: str) -> list[Shard]:
    """The shards of a `shards.json`.

    Raises:
        ValueError: it is damaged.
    """
    try:
        return [Shard.from_json(record) for record in json.loads(data)["shards"]]
    except (ValueError, KeyError, TypeError):
        raise ValueError(f"{name}: is not an index of shards as fathom writes it") from None


def refuse_other_count(entries: list[Entry], record: Shard, name: str) -> None:
    """Raises ValueError if a shard does not hold as many samples as the index says."""
    if record.samples not in (-1, len(entries)):
        raise ValueError(f"{name}: holds {len(entries)} samples, {INDEX} says {record.samples}")
