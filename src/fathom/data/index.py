"""What a large folder holds, listed once: an index in fathom's cache, one file for each folder and set.

The index holds for as long as the folder's own entries, and when each of them was changed, are the same; what changes
deeper inside is seen when the folder is listed anew.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from fathom.files import cache_folder, write_whole

VERSION = 1  # of the names: raise it when the same folder gives others
QUIET = 5.0  # seconds between two lines about a listing that takes long

# A folder of the set, the stems of its pictures and the stems of their depth maps.
Found = tuple[str, set[str], set[str]]


def folders(folder: Path) -> list[str]:
    """Names of the folders in a folder, sorted; none if there is no such folder."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if entry.is_dir())  # asks the disk for links only
    except (FileNotFoundError, NotADirectoryError):
        return []


def stems(folder: Path, prefix: str, suffix: str) -> set[str]:
    """What stands between prefix and suffix in the names of a folder's files; empty if there is no such folder."""
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries]
    except (FileNotFoundError, NotADirectoryError):
        return set()
    end = -len(suffix)
    return {name[len(prefix) : end] for name in names if name.startswith(prefix) and name.endswith(suffix)}


def indexed(folder: Path, what: str, find: Callable[[], Iterator[Found]], rescan: bool = False) -> list[str]:
    """`<folder>/<stem>` of every picture in `folder` that has a depth map.

    Args:
        what: the set's name; a folder listed as two sets has two indices.
        find: lists the folder.
        rescan: whether to list the folder even if there is an index of it.
    """
    where = str(folder.resolve())
    about = {"version": VERSION, "set": what, "folder": where, "stamp": stamp(folder)}
    path = cache_folder() / "index" / f"{what}-{sha256(os.fsencode(where)).hexdigest()[:16]}.txt"
    names = None if rescan else _read(path, about)
    if names is None:
        names = scan(folder, find)
        lines = [json.dumps({**about, "count": len(names)}), *names]
        with suppress(OSError):  # a cache that cannot be written to costs time, not the run
            write_whole(path, "\n".join(lines).encode(errors="surrogateescape"))
    return names


def _read(path: Path, about: dict) -> list[str] | None:
    """The names of an index; None if it is missing, damaged, or of the folder as it was."""
    try:
        first, *names = path.read_bytes().decode(errors="surrogateescape").split("\n")
        return names if json.loads(first) == {**about, "count": len(names)} else None
    except (OSError, ValueError):
        return None


def stamp(folder: Path) -> str:
    """A fingerprint of a folder's entries and of when each was last changed."""
    with os.scandir(folder) as entries:
        changed = sorted((entry.name, _changed(entry)) for entry in entries)
    lines = [f"{folder.stat().st_mtime_ns}", *(f"{name}\0{when}" for name, when in changed)]
    return sha256("\n".join(lines).encode(errors="surrogateescape")).hexdigest()


def _changed(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat().st_mtime_ns
    except OSError:  # a link to nowhere
        return 0


def scan(folder: Path, find: Callable[[], Iterator[Found]]) -> list[str]:
    """The names of all pairs, in the order in which `find` comes upon their folders; says what it leaves out."""
    names: list[str] = []
    alone: list[str] = []
    said = time.monotonic()
    for place, pictures, depths in find():
        names += [f"{place}/{stem}" for stem in sorted(pictures & depths)]
        alone += [f"{place}/{stem}" for stem in sorted(pictures ^ depths)]
        if time.monotonic() - said > QUIET:
            said = time.monotonic()
            print(f"listing {folder}: {len(names)} pictures so far", file=sys.stderr, flush=True)
    if alone:
        many = f"{len(alone)} pictures lack their depth, or depth maps their picture"
        print(f"{folder}: {many}, such as {alone[0]}: left out", file=sys.stderr)
    return names
