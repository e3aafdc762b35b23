"""The stages in the threads of this process: starts at once, and needs nothing that is not installed."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from fathom.data.label_store import Job
from fathom.errors import sentence
from fathom.overlap import overlapped
from fathom.recipe.labelling.stages import Piece
from fathom.recipe.labelling.work import Outcome, Work

AHEAD = 2  # pieces that wait between two stages
Item = TypeVar("Item")


def label_here(jobs: Iterable[Job], work: Work, workers: int | None = None) -> Iterator[Outcome]:
    """Make the shards of `jobs`, one after the other; the teacher runs in the thread that asks for the next outcome.

    Args:
        workers: threads that decode and encode; as many as there are cores if None.

    Raises:
        OSError: the pool cannot be read, or the store cannot be written.
        ValueError: the teacher cannot be had.
    """
    workers = workers or os.cpu_count() or 1
    failures: list[str] = []
    looker, gatherer = work.looker(), work.gatherer()
    with ThreadPoolExecutor(1) as reading, ThreadPoolExecutor(workers) as coding, ThreadPoolExecutor(1) as writing:
        read = _in_background(reading, _pieces(jobs, work, failures))
        decoded = overlapped(coding, work.decoder(), read, AHEAD)
        encoded = overlapped(coding, work.encoder(), map(looker, decoded), AHEAD)
        for outcome in overlapped(writing, lambda p: Outcome(len(p.items), gatherer.add(p)), encoded, AHEAD):
            yield outcome
            while failures:
                yield Outcome(failure=failures.pop())
    yield from (Outcome(failure=failure) for failure in failures)


def _pieces(jobs: Iterable[Job], work: Work, failures: list[str]) -> Iterator[Piece]:
    read = work.reader()
    for job in jobs:
        try:
            yield from read(job)
        except ValueError as error:
            if sentence(error) is None:
                raise
            failures.append(str(error))


def _in_background(thread: ThreadPoolExecutor, items: Iterator[Item]) -> Iterator[Item]:
    """The same items, the next few of which are made meanwhile."""
    for item in overlapped(thread, lambda _: next(items, None), itertools.count(), AHEAD):
        if item is None:
            return
        yield item
