"""What is to be labelled: a folder of photos, a list of them, or shards of pictures; on a disk or at an address."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from fathom.data.storage import Storage
from fathom.picture import is_picture


@dataclass(frozen=True)
class Pool:
    """Pictures by their names under one root: loose photos, or else shards of pictures."""

    root: str
    photos: tuple[str, ...] = ()
    shards: tuple[str, ...] = ()


def open_pool(source: str, out: str = "") -> Pool:
    """The pictures that a folder, an address or a list names, sorted.

    A list is a file that ends in .txt and has a path or an address on each line, from the list's own folder on. What
    lies in `out`, which may be inside the pool, is not of it.

    Raises:
        ValueError: there are none, or photos and shards beside each other.
        OSError: it is not there.
    """
    if source.endswith(".txt"):
        return _listed(source)
    storage = Storage(source)
    if not storage.remote and not storage.path().is_dir():
        raise ValueError(f"{source}: no such folder of photos")
    names = [name for name in storage.sizes() if not _within(storage, name, out)]
    shards = sorted(name for name in names if name.endswith(".tar"))
    photos = sorted(name for name in names if is_picture(PurePosixPath(name).name))
    if photos and shards:
        raise ValueError(
            f"{source}: holds both photos ({photos[0]}) and shards ({shards[0]}): label one after the other"
        )
    if not photos and not shards:
        raise ValueError(f"{source}: holds no pictures to label")
    return Pool(storage.root, tuple(photos), tuple(shards))


def _within(storage: Storage, name: str, out: str) -> bool:
    if storage.remote or "://" in out:
        return bool(out) and storage.location(name).startswith(out.rstrip("/") + "/")
    return bool(out) and (storage.path() / name).absolute().is_relative_to(Path(out).absolute())


def _listed(source: str) -> Pool:
    folder, _, file = source.rpartition("/")
    here = Storage(folder or ".")
    try:
        lines = here.read(file).decode().splitlines()
    except UnicodeDecodeError:
        raise ValueError(f"{source}: is not a list of files, one on each line") from None
    base = here.root if here.remote else here.path().absolute().as_posix()
    wanted = [line.strip() for line in lines if line.strip()]
    whole = (p if "://" in p or p.startswith("/") else f"{base}/{p}" for p in wanted)
    paths = sorted({p if "://" in p else posixpath.normpath(p) for p in whole})
    if not paths:
        raise ValueError(f"{source}: names no pictures")
    root = _common_folder(paths)
    if not root:
        raise ValueError(f"{source}: its files have no folder in common, {paths[0]} and {paths[-1]}")
    return Pool(root, tuple(path[len(root) :].lstrip("/") for path in paths))


def _common_folder(paths: list[str]) -> str:
    """What all paths begin with, up to a slash. Sorted, the first and the last differ most."""
    first, last = paths[0].split("/")[:-1], paths[-1].split("/")[:-1]
    same = 0
    while same < min(len(first), len(last)) and first[same] == last[same]:
        same += 1
    root = "/".join(first[:same])
    return "" if root.endswith(":/") or root.endswith(":") else root or "/"
