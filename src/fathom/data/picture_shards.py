"""Shards of pictures as WebDataset packs them, read from the beginning to the end with one picture in memory."""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from fathom.data.shards import MEMBER, Span
from fathom.picture import SUFFIXES


@dataclass(frozen=True)
class PictureMember:
    """A picture in a shard."""

    key: str
    suffix: str
    span: Span  # where its bytes are
    data: Callable[[], bytes]  # as long as the shard is open


def members_of(file: BinaryIO, shard: str) -> Iterator[PictureMember]:
    """The pictures of a shard, in its order; members that are no pictures are passed over.

    Raises:
        ValueError: it is not a tar file, or cut short, or has two pictures of one key.
    """
    keys: set[str] = set()
    try:
        with tarfile.open(fileobj=file, mode="r:") as tar:
            for info in tar:
                match = MEMBER.fullmatch(info.name) if info.isfile() else None
                if match is None or f".{match[2].lower()}" not in SUFFIXES:
                    continue
                if match[1] in keys:
                    raise ValueError(f"{shard}: has two pictures of the key {match[1]}")
                keys.add(match[1])

                def data(info: tarfile.TarInfo = info) -> bytes:
                    file.seek(info.offset_data)
                    found = file.read(info.size)
                    if len(found) < info.size:
                        raise ValueError(f"{shard}: is cut short")
                    return found

                yield PictureMember(match[1], f".{match[2].lower()}", (info.offset_data, info.size), data)
                tar.members = []  # type: ignore[attr-defined]  # or it keeps each member it has seen
            file.seek(tar.offset)
            if not file.read(1):  # tarfile does not miss the blocks that end a file
                raise tarfile.ReadError("no end of archive")
    except tarfile.TarError as error:
        raise ValueError(f"{shard}: is not a shard, or cut short ({error})") from None
