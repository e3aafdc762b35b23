"""What people name on the command line -> pictures, each with its own place under the output folder."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from fathom.picture import OWN_ENDINGS, is_picture


@dataclass(frozen=True)
class Job:
    """One picture."""

    name: str  # for messages
    path: Path | None  # None: standard input
    stem: Path  # relative; results are OUT/stem with each format's ending


@dataclass
class Gathered:
    jobs: list[Job] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # what was left out or renamed
    errors: list[tuple[str, str]] = field(default_factory=list)  # (what was named, what is wrong with it)


def gather(inputs: Sequence[str], out: Path) -> Gathered:
    """The pictures that `inputs` name: files, folders, patterns, "-". No two of them share a stem.

    A file that is named is taken whatever it is. Results of an earlier run are neither found in a folder nor matched
    by a pattern; in a folder, only files with a picture's ending count, and no hidden files.
    """
    found = Gathered()
    for text in inputs:
        if text == "-":
            found.jobs.append(Job("standard input", None, Path("stdin")))
        elif os.path.lexists(text) or not glob.has_magic(text):
            _add(Path(text), out, found)
        else:
            for match in _matches(text, found):
                _add(Path(match), out, found)
    found.jobs = _once_each(found.jobs)
    found.jobs, renamed = _apart(found.jobs)
    found.notes += renamed
    return found


def _matches(pattern: str, found: Gathered) -> list[str]:
    names = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207  # a pattern may be absolute
    kept = [name for name in names if not name.endswith(OWN_ENDINGS)]
    if len(kept) < len(names):
        found.notes.append(f"{pattern}: ignored {_counted(len(names) - len(kept), 'result')} of an earlier run")
    if not kept:
        found.errors.append((pattern, "nothing matches this pattern"))
    return kept


def _add(path: Path, out: Path, found: Gathered) -> None:
    try:
        is_folder = path.is_dir()
    except OSError as error:  # a name that is too long, a folder that may not be entered
        found.errors.append((str(path), (error.strerror or str(error)).lower()))
        return
    if is_folder:
        _add_folder(path, out, found)
    else:
        found.jobs.append(Job(str(path), path, Path(path.stem)))


def _add_folder(path: Path, out: Path, found: Gathered) -> None:
    pictures: list[Path] = []
    others = 0
    unreadable: list[OSError] = []
    for folder, folders, files in os.walk(path, onerror=unreadable.append):
        here = Path(folder)
        folders[:] = sorted(f for f in folders if not f.startswith(".") and real(here / f) != real(out))
        for name in sorted(files):
            if is_picture(name):
                pictures.append(here / name)
            else:
                others += 1
    found.errors += [(str(error.filename), (error.strerror or "").lower()) for error in unreadable]
    if not pictures and not unreadable:
        found.errors.append((str(path), "there are no pictures in this folder"))
    elif others:
        are = "is" if others == 1 else "are"
        found.notes.append(f"{path}: ignored {_counted(others, 'file')} that {are} no picture")
    found.jobs += [Job(str(p), p, p.relative_to(path).with_suffix("")) for p in pictures]


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def real(path: Path) -> str:
    """The path without symbolic links. Path.resolve raises for links that run in a circle."""
    return os.path.realpath(path)


def _once_each(jobs: list[Job]) -> list[Job]:
    """Without pictures that are named twice."""
    first = {real(job.path) if job.path else None: job for job in reversed(jobs)}
    kept = set(map(id, first.values()))
    return [job for job in jobs if id(job) in kept]


def _apart(jobs: list[Job]) -> tuple[list[Job], list[str]]:
    """Give pictures whose results would overwrite each other their full name, or else a number."""

    def key(stem: Path) -> str:  # what some file systems take for the same
        return str(stem).casefold()

    shared = Counter(key(job.stem) for job in jobs)
    taken: set[str] = set()
    placed, notes = [], []
    for job in jobs:
        stem = job.stem
        if shared[key(stem)] > 1 and job.path is not None:
            stem = stem.with_name(job.path.name)
        base, number = stem, 2
        while key(stem) in taken:
            stem, number = base.with_name(f"{base.name}-{number}"), number + 1
        if stem != job.stem:
            notes.append(f"{job.name}: its results are called {stem}.*, another picture has its name")
        taken.add(key(stem))
        placed.append(replace(job, stem=stem))
    return placed, notes
