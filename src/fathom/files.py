"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def _umask() -> int:
    umask = os.umask(0)  # there is no way to read it but to set it
    os.umask(umask)
    return umask


# Read once, at import: while it is set to 0, a file that another thread creates is open to everybody.
UMASK = _umask()


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that no reader, crash or full disk ever sees or leaves a part of it."""
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
