"""Published files on this disk, verified: what is here already, in fathom's cache or another program's, or fetched.

A file is hashed once. What was found is written down beside it in fathom's cache, and holds as long as the file keeps
its size and time of change.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from fathom import __version__
from fathom.files import cache_folder, files_digest, write_whole
from fathom.settings import read_settings
from fathom.zoo.records import File
from fathom.zoo.transport import MEGABYTE, Patience, declared, fetch


def obtain(file: File, *, offline: bool | None = None, patience: Patience | None = None) -> Path:
    """The file on this disk, verified; fetched if it is not here. Interrupted, it goes on the next time.

    Args:
        offline: whether to fetch nothing; None: as the settings say.
        patience: how long to wait for the server.

    Raises:
        OSError: it is not here and cannot be fetched.
        ValueError: what was fetched is not what it should be; it is gone from the disk.
    """
    patience = patience or Patience()
    found = _remembered(file)
    if found is not None:
        return found
    offline = read_settings().offline if offline is None else offline
    shared = _of_other_programs(file)
    if file.sha256 is None or file.bytes is None:
        file = _as_declared(file, shared, offline, patience)
    for path in (_place(file), shared):
        if path is not None and path.is_file() and _is(path, file):
            _remember(path, file)
            return path
    if offline:
        raise OSError(f"{file.name} is not whole on this disk, and not to be fetched: fathom is set to be offline")
    return _fetched(file, patience)


def locate(file: File) -> Path | None:
    """Where the file lies on this disk, verified or not; nothing is fetched or hashed."""
    place = _place(file)
    return _remembered(file) or (place if place.is_file() else _of_other_programs(file))


def _place(file: File) -> Path:
    """Where fathom keeps the file."""
    folder = re.sub(r"[^\w.-]+", "--", file.repo.partition("://")[2] or file.repo)
    return cache_folder() / "weights" / folder / Path(file.name).name


def _of_other_programs(file: File) -> Path | None:
    """The file in the cache of huggingface_hub, or of torch.hub."""
    if not file.on_hub:
        cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111  # never raises
        path = Path(os.environ.get("TORCH_HOME") or Path(cache, "torch")) / "hub" / "checkpoints" / file.name
        return path if path.is_file() else None
    from huggingface_hub import try_to_load_from_cache

    repo = file.repo.removeprefix("spaces/")
    found = try_to_load_from_cache(repo, file.name, repo_type="model" if repo == file.repo else "space")
    return Path(found) if isinstance(found, str) else None


def _as_declared(file: File, shared: Path | None, offline: bool, patience: Patience) -> File:
    """The file with the SHA-256 and the size that the hub declares for it."""
    blob = shared.resolve() if shared is not None else None
    if blob is not None and re.fullmatch("[0-9a-f]{64}", blob.name):  # huggingface_hub names files by it
        return replace(file, sha256=blob.name, bytes=blob.stat().st_size)
    if offline:
        raise OSError(f"{file.name} is not here, or cannot be verified: fathom is set to be offline")
    sha256, size = declared(file.url, _headers(file), patience)
    print(f"{file.name}: no checksum is known beforehand; verified by the one that {file.url} gives", file=sys.stderr)
    return replace(file, sha256=sha256, bytes=size)


def _is(path: Path, file: File) -> bool:
    return path.stat().st_size == file.bytes and files_digest([path]) == file.sha256


def _fetched(file: File, patience: Patience) -> Path:
    assert file.sha256 is not None and file.bytes is not None
    target = _place(file)
    part = target.with_name(f"{target.name}.{file.sha256[:12]}.part")
    target.parent.mkdir(parents=True, exist_ok=True)
    with _alone(target):
        found = _remembered(file)  # by a process that this one has waited for
        if found is not None:
            return found
        missing = file.bytes - (part.stat().st_size if part.exists() else 0)
        free = shutil.disk_usage(target.parent).free
        if free < missing:
            wanted = f"{file.name} takes {_megabytes(missing)} more, and {_megabytes(free)} are free"
            raise OSError(f"{target.parent}: {wanted}; FATHOM_CACHE can name another folder")
        print(f"fetching {file.name} ({_megabytes(file.bytes)}) from {file.url}", file=sys.stderr)
        fetch(file.url, _headers(file), part, file.bytes, patience)
        digest = files_digest([part])
        if digest != file.sha256:
            part.unlink()
            raise ValueError(
                f"{file.url}: its SHA-256 is {digest}, not {file.sha256}; it was removed, and if this is so again, "
                "the file was changed there or on its way"
            )
        part.replace(target)
        _remember(target, file)
        return target


def _megabytes(size: int) -> str:
    return f"{-(-size // MEGABYTE)} MB"


def _headers(file: File) -> dict[str, str]:
    """What is sent with a request: whose it is, and to the hub the user's token, if there is one. Nothing else."""
    headers = {"User-Agent": f"fathom/{__version__}", "Accept-Encoding": "identity"}
    if file.on_hub:
        from huggingface_hub import constants, get_token

        token = None if constants.HF_HUB_DISABLE_IMPLICIT_TOKEN else get_token()
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
    return headers


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """No other process is in here for the same path."""
    from filelock import Timeout
    from huggingface_hub.utils import WeakFileLock

    lock = path.with_name(f"{path.name}.lock")
    with ExitStack() as stack:
        try:
            stack.enter_context(WeakFileLock(lock, timeout=0.2))
        except Timeout:
            print(f"waiting for another process that is fetching {path.name}", file=sys.stderr)
            stack.enter_context(WeakFileLock(lock))
        yield


def _note(file: File) -> Path:
    place = _place(file)
    return place.with_name(f"{place.name}.json")


def _remember(path: Path, file: File) -> None:
    """Write down that the file at `path` was verified."""
    state = path.stat()
    said = {"path": str(path.absolute()), "bytes": state.st_size, "changed": state.st_mtime_ns, "sha256": file.sha256}
    with suppress(OSError):  # a cache that cannot be written to: it will be verified again
        write_whole(_note(file), json.dumps(said).encode())


def _remembered(file: File) -> Path | None:
    """The file, if it was verified before and has not changed since."""
    try:
        said = json.loads(_note(file).read_text("utf-8"))
        path = Path(said["path"])
        state = path.stat()
        same = (state.st_size, state.st_mtime_ns) == (said["bytes"], said["changed"])
        return path if same and file.sha256 in (None, said["sha256"]) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
