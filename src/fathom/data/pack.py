"""Packs samples into shards (see `shards`), and goes on where it was stopped.

While it runs, `unfinished.jsonl` in the folder tells which shards are done.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO, TypeAlias

from fathom.data.folder import DepthFolder, encode_geometry, write_files
from fathom.data.sample import Source
from fathom.data.shards import GEOMETRY, INDEX, Shard, Skipped, key_of, read_index
from fathom.files import write_whole
from fathom.overlap import overlapped
from fathom.progress import progress

UNFINISHED = "unfinished.jsonl"
Member: TypeAlias = "tuple[str, tuple[str, bytes], bytes]"  # name, (suffix, picture), geometry


def write_shards(source: Source, out: Path, per_shard: int = 500, workers: int = 1) -> list[Skipped]:
    """Write all samples into `out`; shards that are there already are kept. Gives what was skipped, being damaged.

    Shard i holds the samples from i * `per_shard` on, so what is in it does not depend on how often the run was
    stopped. Pictures are copied as they are, not encoded again.

    Raises:
        ValueError: `out` holds shards of other samples.
        OSError: `out` cannot be written, or the source cannot be read.
    """
    names = "\n".join(source.names).encode(errors="surrogateescape")
    # Two rendered worlds have the same names: the first picture tells them apart.
    about = {"names": hashlib.sha256(names).hexdigest(), "first": _digest(source, 0), "per_shard": per_shard}
    shards = _done(out, about)
    starts = range(0, len(source), per_shard)
    if len(shards) < len(starts) and not (out / UNFINISHED).exists():
        write_whole(out / UNFINISHED, (json.dumps(about) + "\n").encode())
    with (
        progress("packing", total=len(source), done=min(len(shards) * per_shard, len(source)), unit="sample") as bar,
        ThreadPoolExecutor(workers) as threads,
    ):
        for start in starts[len(shards) :]:
            indices = range(start, min(start + per_shard, len(source)))
            members = overlapped(threads, lambda i: _encoded(source, i), indices, workers)
            shard = _write_shard(out / f"{start // per_shard:06d}.tar", members, bar.advance)
            with (out / UNFINISHED).open("a") as log:
                log.write(json.dumps(asdict(shard)) + "\n")
            shards.append(shard)
    record = {**about, "shards": [asdict(shard) for shard in shards]}
    write_whole(out / INDEX, json.dumps(record, indent=1).encode())
    (out / UNFINISHED).unlink(missing_ok=True)
    return [skipped for shard in shards for skipped in shard.skipped]


def write_folder(source: Source, out: Path, workers: int = 1) -> list[Skipped]:
    """Write all samples into `out` in fathom's folder format; those that are there already are kept.

    Gives what was skipped, being damaged. Pictures are copied as they are, not encoded again.

    Raises:
        ValueError: `out` holds other samples of the same names.
        OSError: `out` cannot be written, or the source cannot be read.
    """

    def write(index: int) -> Skipped | None:
        member = _encoded(source, index)
        if isinstance(member, Skipped):
            return member
        try:
            write_files(out, *member)
        except ValueError as error:
            return Skipped(source.names[index], str(error))
        return None

    todo = [i for i, name in enumerate(source.names) if not (out / f"{name}.npz").exists()]
    done = set(range(len(source))).difference(todo)
    if done and out.is_dir():
        there, first = DepthFolder(out), min(done)
        if _digest(there, there.names.index(source.names[first])) != _digest(source, first):
            raise ValueError(f"{out} holds another {source.names[first]}: choose another folder")
    with (
        progress("converting", total=len(source), done=len(source) - len(todo), unit="sample") as bar,
        ThreadPoolExecutor(workers) as threads,
    ):
        skipped = []
        for result in overlapped(threads, write, todo, workers):
            skipped += [result] if result else []
            bar.advance()
    return skipped


def _digest(source: Source, index: int) -> str:
    """Of a sample's picture, as it lies on disk; empty if it is damaged."""
    try:
        return hashlib.sha256(source.picture_bytes(index)[1]).hexdigest()
    except (ValueError, IndexError):
        return ""


def _done(out: Path, about: dict) -> list[Shard]:
    """The shards that an earlier run has finished."""
    other = f"{out} holds shards of other samples, or of another size: choose another folder"
    if (out / INDEX).exists():
        shards = read_index((out / INDEX).read_bytes(), str(out / INDEX))
        record = json.loads((out / INDEX).read_bytes())
        if {k: record.get(k) for k in about} != about:
            raise ValueError(other)
        return shards
    if not (out / UNFINISHED).exists():
        return []
    first, *lines = (out / UNFINISHED).read_text().splitlines()
    if json.loads(first) != about:
        raise ValueError(other)
    shards = []
    for line in lines:
        try:
            shard = Shard.from_json(json.loads(line))
        except (ValueError, KeyError, TypeError):
            break  # the run was killed while it wrote this line
        if not (out / shard.file).exists() or (out / shard.file).stat().st_size != shard.bytes:
            break
        shards.append(shard)
    kept = [json.dumps(about), *(json.dumps(asdict(shard)) for shard in shards)]
    write_whole(out / UNFINISHED, ("\n".join(kept) + "\n").encode())
    return shards


def _encoded(source: Source, index: int) -> Member | Skipped:
    try:
        sample = source[index]
        return source.names[index], source.picture_bytes(index), encode_geometry(sample)
    except ValueError as error:
        return Skipped(source.names[index], str(error))


class _Hashing:
    """A file that knows the size and the hash of what was written."""

    def __init__(self, file: BinaryIO):
        self.file, self.digest, self.size = file, hashlib.sha256(), 0

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        self.size += len(data)
        return self.file.write(data)


def _write_shard(path: Path, members: Iterable[Member | Skipped], advance: Callable[[], None]) -> Shard:
    """Appears whole or not at all. Its bytes depend on the samples alone."""
    samples, skipped = 0, []
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        hashing = _Hashing(file)
        with tarfile.open(fileobj=hashing, mode="w|") as tar:  # type: ignore[call-overload]  # it only writes
            for member in members:
                advance()
                if isinstance(member, Skipped):
                    skipped.append(member)
                    continue
                name, (suffix, picture), geometry = member
                for end, data in ((suffix, picture), (f".{GEOMETRY}", geometry)):
                    info = tarfile.TarInfo(key_of(name) + end)
                    info.size = len(data)
                    tar.addfile(info, io.BytesIO(data))
                samples += 1
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return Shard(path.name, samples, hashing.size, hashing.digest.hexdigest(), tuple(skipped))
