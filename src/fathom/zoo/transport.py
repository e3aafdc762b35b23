"""Bytes of an address into a file: resumed where an earlier try left off, tried again while the connection fails.

The HTTP client is huggingface_hub's, with the proxies and certificates that are set up for it. Its downloader (of 2.4)
is not used: it deletes what an interrupted download has fetched, gives up at the first answer 503 and when a connection
is reset, and makes a request beside those for the file.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

from fathom.progress import Bar, progress

RETRIED = (408, 425, 429, 500, 502, 503, 504)  # what a server may answer differently in a moment
LONGEST_WAIT = 120.0  # seconds, whatever a server asks for
MEGABYTE = 1_000_000
Result = TypeVar("Result")


@dataclass(frozen=True)
class Patience:
    """How long a server is waited for; for ever, as long as it sends anything."""

    waits: tuple[float, ...] = (1, 2, 4, 8)  # seconds before each new try, while no try brings anything
    timeout: float | None = None  # seconds without a byte until a try has failed; None: $HF_HUB_DOWNLOAD_TIMEOUT, or 10


class _Interrupted(Exception):
    """A try that failed, where another may not."""

    def __init__(self, reason: str, details: str = "", wait: float = 0.0):
        super().__init__(f"{reason} ({details})" if details else reason)
        self.reason = reason
        self.wait = min(wait, LONGEST_WAIT)  # seconds that the server asks for


def fetch(url: str, headers: dict[str, str], path: Path, size: int, patience: Patience) -> None:
    """Complete the file at `path`, which may hold the first part already, to the `size` bytes that `url` has.

    Raises:
        OSError: the server cannot be reached, or does not have the file; what has come stays, to be gone on with.
        ValueError: what the server has is of another size.
    """
    name = urlsplit(url).path.rpartition("/")[2]
    with progress(name, -(-size // MEGABYTE), _bytes_in(path) // MEGABYTE, "megabyte") as bar:
        meter = _Meter(bar, _bytes_in(path))

        def go_on() -> None:
            _go_on(url, headers, path, size, _timeout(patience), meter)

        _patiently(go_on, url, patience, lambda: meter.most, bar.note)
        meter.finish(size)


def declared(url: str, headers: dict[str, str], patience: Patience) -> tuple[str, int]:
    """The SHA-256 and the size of a file, as the hub declares them.

    Raises:
        OSError: the hub cannot be reached, or does not have the file.
        ValueError: it declares no SHA-256.
    """
    said = _patiently(lambda: _head(url, headers, _timeout(patience)), url, patience)
    etag = (said.get("x-linked-etag") or said.get("etag") or "").removeprefix("W/").strip('"')
    size = said.get("x-linked-size") or said.get("content-length") or ""
    if not re.fullmatch("[0-9a-f]{64}", etag) or not size.isdecimal():
        raise ValueError(f"{url}: the server does not say what SHA-256 the file has, so that it could not be verified")
    return etag, int(size)


def _timeout(patience: Patience) -> float:
    from huggingface_hub import constants

    return constants.HF_HUB_DOWNLOAD_TIMEOUT if patience.timeout is None else patience.timeout


def _patiently(
    do: Callable[[], Result],
    url: str,
    patience: Patience,
    got: Callable[[], int] = lambda: 0,
    note: Callable[[str], None] = lambda _: None,
) -> Result:
    """`do()`, again and again if it is interrupted, until it has been so too often without `got()` having grown."""
    failures, most = 0, got()
    while True:
        try:
            return do()
        except _Interrupted as interruption:
            failures = failures + 1 if got() <= most else 1
            most = got()
            if failures > len(patience.waits):
                raise OSError(f"{url}: {interruption}; given up at try {failures}, try again later") from None
            note(f"{interruption.reason}, trying again")
            time.sleep(max(patience.waits[failures - 1], interruption.wait))
            note("")


class _Meter:
    """The bar, which counts megabytes, and the most bytes that there have been: a try may begin anew."""

    def __init__(self, bar: Bar, done: int):
        self.bar, self.shown, self.most = bar, done // MEGABYTE, done

    def at(self, done: int) -> None:
        self.most = max(self.most, done)
        if done // MEGABYTE != self.shown:
            self.bar.advance(done // MEGABYTE - self.shown)
            self.shown = done // MEGABYTE

    def finish(self, size: int) -> None:
        """The last megabyte, which need not be a whole one."""
        if -(-size // MEGABYTE) > self.shown:
            self.bar.advance(-(-size // MEGABYTE) - self.shown)


def _go_on(url: str, headers: dict[str, str], path: Path, size: int, timeout: float, meter: _Meter) -> None:
    """One try: ask for what is missing in the file, and append it."""
    done = _bytes_in(path)
    if done > size:  # no part of this file
        path.unlink()
        done = 0
    if done == size:
        return
    asked = {**headers, "Range": f"bytes={done}-"} if done else headers
    with _answer("GET", url, asked, timeout, follow_redirects=True) as answer:
        if answer.status_code == 416:  # what is there is shorter than what has come: another file
            path.unlink(missing_ok=True)
            raise _Interrupted("the server has less of it than before")
        _check_status(answer, url)
        start, whole = _extent(answer.headers, answer.status_code)
        if whole is not None and whole != size:
            raise ValueError(f"{url}: has {whole} bytes, not {size}: it is not the file that it should be")
        if start not in (0, done):
            raise _Interrupted("the server sent another part than was asked for")
        # A server that takes no notice of Range begins at 0.
        with path.open("ab" if start else "wb") as file:
            done = start
            for block in answer.iter_raw():  # blocks as they come: none of a broken connection is lost
                file.write(block)
                done += len(block)
                if done > size:
                    break
                meter.at(done)
            file.flush()
            os.fsync(file.fileno())
    if done > size:
        path.unlink()
        raise ValueError(f"{url}: has more than {size} bytes: it is not the file that it should be")
    if done < size:
        raise _Interrupted("the connection ended early", f"{done} of {size} bytes")


def _head(url: str, headers: dict[str, str], timeout: float) -> dict[str, str]:
    """What the hub says of a file; it says it with the redirection to where the bytes are, which is not followed."""
    for _ in range(5):
        with _answer("HEAD", url, headers, timeout, follow_redirects=False) as answer:
            _check_status(answer, url)
            target = urljoin(url, answer.headers.get("location", ""))
            if answer.status_code < 300 or "x-linked-etag" in answer.headers:
                return dict(answer.headers)
            if urlsplit(target).netloc != urlsplit(url).netloc:  # the token is for the hub alone
                return dict(answer.headers)
            url = target  # a repository that has been renamed
    raise OSError(f"{url}: redirects in a circle")


@contextmanager
def _answer(method: str, url: str, headers: dict[str, str], timeout: float, **how: Any):
    """The server's answer, its body unread. Errors of the connection are interruptions, in here and while reading."""
    from huggingface_hub import get_session
    from huggingface_hub.errors import HTTPError  # of the HTTP library that it uses: httpx, or its successor

    try:
        session = get_session()
    except ValueError as error:
        raise OSError(f"{url}: the proxy that the environment names cannot be used ({error})") from None
    try:
        with session.stream(method, url, headers=headers, timeout=timeout, **how) as answer:
            yield answer
    except HTTPError as error:
        words = str(error).strip().rstrip(".") or type(error).__name__
        raise _Interrupted("the connection failed", words) from None


def _check_status(answer: Any, url: str) -> None:
    """Raises an interruption, or OSError, unless the server has answered with what was asked for."""
    status = answer.status_code
    if status in RETRIED:
        wait = answer.headers.get("retry-after", "")
        raise _Interrupted(f"the server answered {status}", wait=float(wait) if wait.isdecimal() else 0.0)
    if status in (401, 403):
        raise OSError(f"{url}: the server refuses it ({status}); a token in HF_TOKEN may be needed, or one has run out")
    if status in (404, 410):
        raise OSError(f"{url}: is not there ({status}); the repository or the mirror does not have this file")
    if status >= 400:
        raise OSError(f"{url}: the server answered {status}")
    if answer.headers.get("content-type", "").startswith("text/html"):
        raise OSError(f"{url}: a web page came instead of the file; does this network ask for a login?")


def _extent(headers: Any, status: int) -> tuple[int, int | None]:
    """Where the body of an answer begins in the file, and the size of the whole file, if it is said."""
    if status == 206:
        part = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", headers.get("content-range", ""))
        if part is None:
            raise _Interrupted("the server does not say which part it sent")
        return int(part[1]), None if part[2] == "*" else int(part[2])
    length = headers.get("content-length", "")
    return 0, int(length) if length.isdecimal() else None


def _bytes_in(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
