"""A folder on a disk, or at an address in the words of fsspec (s3://, gs://, https://, ...): the same few verbs.

What fails at an address is tried again, a little later each time. Files appear whole or not at all.
"""

from __future__ import annotations

import io
import os
import random
import time
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, TypeVar

from fathom.files import write_whole

ATTEMPTS = 7  # of a store that fails 5 % of its requests, one in 10**9 fails for good
BLOCK = 8 << 20  # bytes of a file that are fetched at a time when it is read from its beginning
# What trying again does not mend.
FINAL = (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError, NotImplementedError, ImportError)
Result = TypeVar("Result")


def absolute(root: str) -> str:
    """The same folder or address, from wherever it is looked at."""
    return root if "://" in root else str(Path(root).absolute())


class Storage:
    """A folder and the files in it, by their paths relative to it.

    It is small and may be sent to other processes.

    Args:
        root: a folder, which need not exist yet, or an address.

    Raises:
        ValueError: addresses of this kind need a package that is not installed, or are not known.
    """

    def __init__(self, root: str | Path):
        self.root = str(root).rstrip("/") or "/"
        self.remote = "://" in self.root
        self._fs: Any = None
        if self.remote:
            self._connect()

    def __getstate__(self) -> dict:
        return {"root": self.root, "remote": self.remote, "_fs": None}  # each process has a connection of its own

    def location(self, name: str) -> str:
        """For messages."""
        return f"{self.root}/{name}" if name else self.root

    def path(self, name: str = "") -> Path:
        """Of a folder on a disk.

        Raises:
            ValueError: the name would lead out of the folder.
        """
        return Path(self.root, self._inside(name))

    def read(self, name: str) -> bytes:
        """Raises OSError if it cannot be read."""
        if not self.remote:
            return self.path(name).read_bytes()
        return self._insist(name, lambda fs, path: fs.cat_file(path))

    def write(self, name: str, data: bytes) -> None:
        """Raises OSError if it cannot be written; then there is what was there before."""
        if not self.remote:
            write_whole(self.path(name), data)
        else:
            self._insist(name, lambda fs, path: fs.pipe_file(path, data))

    def size(self, name: str) -> int:
        """Raises OSError if it is not there."""
        if not self.remote:
            return self.path(name).stat().st_size
        return int(self._insist(name, lambda fs, path: fs.info(path)["size"]))

    def sizes(self, under: str = "") -> dict[str, int]:
        """Every file, not hidden, in the folder `under` and its sub-folders, with its bytes; -1 for a broken link."""
        if self.remote:
            return self._remote_sizes(under)
        found, top = {}, self.path(under)
        for folder, folders, files in os.walk(top):
            folders[:] = sorted(f for f in folders if not f.startswith("."))
            for file in files:
                if not file.startswith("."):
                    path = Path(folder, file)
                    found[path.relative_to(self.root).as_posix()] = path.stat().st_size if path.exists() else -1
        return found

    def exists(self, name: str) -> bool:
        """Raises OSError if the store cannot be asked."""
        try:
            self.size(name)
        except FileNotFoundError:
            return False
        return True

    def open(self, name: str) -> BinaryIO:
        """A file to be read from its beginning, or at places, a few megabytes of it in memory."""
        if not self.remote:
            return self.path(name).open("rb")
        return io.BufferedReader(_Ranges(self, name), BLOCK)

    def read_span(self, name: str, start: int, length: int) -> bytes:
        """Part of a file. Raises OSError."""
        if self.remote:
            return self._insist(name, lambda fs, path: fs.cat_file(path, start=start, end=start + length))
        with self.path(name).open("rb") as file:
            file.seek(start)
            return file.read(length)

    def _remote_sizes(self, under: str) -> dict[str, int]:
        def find(fs: Any, path: str) -> dict[str, int]:
            fs.invalidate_cache()
            base = fs._strip_protocol(self.root).rstrip("/") + "/"
            return {p[len(base) :]: int(about["size"]) for p, about in fs.find(path, detail=True).items()}

        try:
            found = self._insist(under, find)
        except FileNotFoundError:
            return {}
        return {name: size for name, size in found.items() if not any(p.startswith(".") for p in name.split("/"))}

    def _inside(self, name: str) -> str:
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise ValueError(f"{name}: would lie outside of {self.root}")
        return name

    def _connect(self) -> Any:
        if self._fs is None:
            try:
                import fsspec

                self._fs, _ = fsspec.core.url_to_fs(self.root, use_listings_cache=False)
            except ImportError as error:
                raise ValueError(f"{self.root}: reading addresses needs another package ({error})") from None
            except ValueError as error:
                raise ValueError(f"{self.root}: is no address that can be read ({error})") from None
        return self._fs

    def _insist(self, name: str, do: Callable[[Any, str], Result]) -> Result:
        inside = self._inside(name)
        fs = self._connect()
        path = f"{fs._strip_protocol(self.root).rstrip('/')}/{inside}".rstrip("/")
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return do(fs, path)
            except FINAL as error:
                if isinstance(error, FileNotFoundError):
                    raise FileNotFoundError(f"{self.location(name)}: is not there") from None
                raise OSError(f"{self.location(name)}: cannot be used ({error})") from None
            except MemoryError:
                raise
            except Exception as error:  # each kind of address has errors of its own
                if attempt == ATTEMPTS:
                    raise OSError(f"{self.location(name)}: failed {ATTEMPTS} times, at last with: {error}") from None
            time.sleep(min(10, 0.1 * 2**attempt) * random.uniform(0.5, 1))
        raise AssertionError("unreachable")


class _Ranges(io.RawIOBase):
    """A file at an address, fetched range by range, so that a request that fails costs that range alone."""

    def __init__(self, storage: Storage, name: str):
        self.storage, self.name = storage, name
        self.length, self.at = storage.size(name), 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.length}[whence]
        return self.at

    def tell(self) -> int:
        return self.at

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), self.length - self.at)
        if wanted <= 0:
            return 0
        data = self.storage.read_span(self.name, self.at, wanted)
        buffer[: len(data)] = data
        self.at += len(data)
        return len(data)
