"""Errors that a person can act on: one sentence each, and the exit code they end a command with."""

from __future__ import annotations

import difflib
import errno
import traceback
from collections.abc import Iterable
from pathlib import Path

PACKAGE = Path(__file__).parent


class UsageError(ValueError):
    """Asked for in words that do not exist or do not go together: the command line exits with 2 instead of 1."""


def pick(word: str, names: Iterable[str], what: str) -> str:
    """`word`, if it is one of `names`.

    Raises:
        UsageError: it is not; the message offers the names nearest to it, or all of them.
    """
    names = list(names)
    if word in names:
        return word
    near = difflib.get_close_matches(word.lower(), names, n=3)
    offer = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(names)}"
    raise UsageError(f"no {what} is called {word!r}; {offer}")


def sentence(error: BaseException) -> str | None:
    """What to tell a person about `error`, or None if it is a bug, whose traceback must be seen.

    Telling: errors of the operating system, and those that a `raise` statement of fathom's own words as a sentence.
    The same type of error out of numpy, say, is a bug.
    """
    if isinstance(error, MemoryError):
        return "there is not enough memory for this"
    if isinstance(error, OSError) and error.errno is not None:
        reason = "no space left on the disk" if error.errno == errno.ENOSPC else (error.strerror or str(error)).lower()
        return f"{error.filename}: {reason}" if error.filename else reason
    if isinstance(error, (ValueError, ImportError, OSError)):
        frames = traceback.extract_tb(error.__traceback__)
        if frames and Path(frames[-1].filename).is_relative_to(PACKAGE) and (frames[-1].line or "").startswith("raise"):
            return str(error)
    return None
