"""What people name on the command line -> pictures, each with its own place under the output folder."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from fathom.picture import SUFFIXES

OWN_ENDINGS = (".colour.png", ".side.png", ".depth16.png")  # what an earlier run may have left among the pictures


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

    A file that is named is taken whatever it is. In a folder, only files with a picture's ending count, and neither
    hidden files nor the results of an earlier run.
    """
    found = Gathered()
    for text in inputs:
        if text == "-":
            found.jobs.append(Job("standard input", None, Path("stdin")))
        elif os.path.lexists(text) or not glob.has_magic(text):
            _add(Path(text), out, found)
        else:
            matches = sorted(glob.glob(text, recursive=True))  # noqa: PTH207  # a pattern may be absolute
            if not matches:
                found.errors.append((text, "nothing matches this pattern"))
            for match in matches:
                _add(Path(match), out, found)
    found.jobs = _once_each(found.jobs)
    found.jobs, renamed = _apart(found.jobs)
    found.notes += renamed
    return found


def _add(path: Path, out: Path, found: Gathered) -> None:
    if not path.is_dir():
        found.jobs.append(Job(str(path), path, Path(path.stem)))
        return
    pictures: list[Path] = []
    others = 0
    unreadable: list[OSError] = []
    for folder, folders, files in os.walk(path, onerror=unreadable.append):
        here = Path(folder)
        folders[:] = sorted(f for f in folders if not f.startswith(".") and (here / f).resolve() != out.resolve())
        for name in sorted(files):
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith(".") and not name.endswith(OWN_ENDINGS):
                pictures.append(here / name)
            else:
                others += 1
    found.errors += [(str(error.filename), (error.strerror or "").lower()) for error in unreadable]
    if not pictures and not unreadable:
        found.errors.append((str(path), "there are no pictures in this folder"))
    elif others:
        found.notes.append(f"{path}: ignored {others} {'file that is' if others == 1 else 'files that are'} no picture")
    found.jobs += [Job(str(p), p, p.relative_to(path).with_suffix("")) for p in pictures]


def _once_each(jobs: list[Job]) -> list[Job]:
    """Without pictures that are named twice."""
    first = {job.path.resolve() if job.path else None: job for job in reversed(jobs)}
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
