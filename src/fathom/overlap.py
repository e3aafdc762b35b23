"""Work that goes on in threads while its results are used one by one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def overlapped(
    pool: ThreadPoolExecutor, do: Callable[[Item], Result], items: Iterable[Item], ahead: int
) -> Iterator[Result]:
    """`map(do, items)` in order, with up to `ahead` results in the making while the caller uses the one before."""
    pending: deque[Future[Result]] = deque()
    for item in items:
        pending.append(pool.submit(do, item))
        if len(pending) > ahead or pending[0].done():
            yield pending.popleft().result()
    while pending:
        yield pending.popleft().result()
