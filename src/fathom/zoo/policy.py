"""Which weights may be used, and what has to be said of their licences."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

from fathom.errors import UsageError
from fathom.files import cache_folder, write_whole
from fathom.settings import read_settings
from fathom.zoo.records import RECORDS, Record


def pull(record: Record, *, commercial_only: bool = False) -> Path:
    """The verified file of weights that do not come with fathom, fetched if it is not here.

    A licence that forbids commercial use, or may, is said on standard error the first time.

    Raises:
        UsageError: there is no file to be had, in which case the message says what to do instead.
        ValueError: the weights are refused as not for commercial use; what was fetched is not what it should be.
        OSError: the file is not here and cannot be fetched.
    """
    from fathom.zoo.download import obtain

    file = permitted(record, commercial_only).file
    if file is None:
        raise UsageError(f"{record.name} comes with fathom: there is nothing to fetch")
    if not record.commercial:
        _say_once(record)
    return obtain(file)


def permitted(record: Record, commercial_only: bool = False) -> Record:
    """The record, if there are weights and they may be used.

    Args:
        commercial_only: whether to refuse weights that are not free for commercial use; the settings can ask for it.

    Raises:
        UsageError: the weights were never released.
        ValueError: they are not free for commercial use.
    """
    if record.file is None and record.bundled is None:
        raise UsageError(
            f"the weights of {record.name} were never released; give a file of your own: --weights FILE on the command "
            "line, weights= in Python"
        )
    if (commercial_only or read_settings().commercial_only) and not record.commercial:
        raise ValueError(f"refused, since only weights for commercial use are wanted: {licence(record)}")
    return record


def licence(record: Record) -> str:
    """One sentence on what the weights may be used for, and what to take where that is not everything."""
    if record.commercial:
        return f"{record.name} is {record.licence}, free for commercial use"
    free = next(r.name for r in RECORDS.values() if r.commercial and r.file and r.max_depth == record.max_depth)
    if record.ancestry:
        doubt = f"is {record.licence} by its card, but {record.ancestry}: commercial use is in doubt"
        return f"{record.name} {doubt}; {free} is free for it"
    return f"{record.name} is {record.licence}, not for commercial use; {free} is free for it"


def _say_once(record: Record) -> None:
    with suppress(OSError):  # without a cache that can be written to, it is said each time
        said = cache_folder() / "licences" / record.name
        if said.exists():
            return
        write_whole(said, b"")
    print(licence(record), file=sys.stderr)
