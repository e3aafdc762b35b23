"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path


def _umask() -> int:
    umask = os.umask(0)  # there is no way to read it but to set it
    os.umask(umask)
    return umask


# Read once, at import: while it is set to 0, a file that another thread creates is open to everybody.
UMASK = _umask()


def cache_folder() -> Path:
    """Where fathom keeps what it can make or fetch again: $FATHOM_CACHE, or its folder in the user's cache.

    Raises:
        OSError: there is no home directory.
    """
    chosen = os.environ.get("FATHOM_CACHE")
    if chosen:
        return Path(chosen)
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fathom"
    except RuntimeError:
        raise OSError("there is no home directory: name a folder to keep files in by FATHOM_CACHE") from None


def short_hash(text: str) -> str:
    """16 hexadecimal digits that tell this text from others."""
    return sha256(text.encode()).hexdigest()[:16]


def files_digest(paths: Iterable[Path]) -> str:
    """The SHA-256 of the files' contents, one after the other, in hexadecimal."""
    digest = sha256()
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that no reader, crash or full disk ever sees or leaves a part of it there.

    A process that is killed on the way leaves a hidden file beside it that ends in .part, and that nobody reads.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o666 & ~UMASK)  # mkstemp makes files private: give this one what open() would have
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
