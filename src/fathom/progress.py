"""A progress bar on standard error: rate and time left on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Bar(Protocol):
    def advance(self, steps: int = 1) -> None: ...

    def note(self, text: str) -> None:
        """Show a few words beside the bar."""


class _Lines:
    """For logs: one line at most every 30 seconds, and one at the end."""

    def __init__(self, what: str, total: int, done: int, unit: str):
        self.what, self.total, self.done, self.unit = what, total, done, unit
        self.first, self.text = done, ""
        self.began = self.said = time.monotonic()

    def advance(self, steps: int = 1) -> None:
        self.done += steps
        now = time.monotonic()
        if now - self.said >= 30 or self.done == self.total:
            self.said = now
            rate = (self.done - self.first) / max(now - self.began, 1e-9)
            left = (self.total - self.done) / max(rate, 1e-9)
            words = f"{self.what}: {self.done}/{self.total} {self.unit}s, {rate:.2f}/s, {left / 60:.1f} min left"
            print(f"{words}  {self.text}".rstrip(), file=sys.stderr, flush=True)

    def note(self, text: str) -> None:
        self.text = text


@contextmanager
def progress(what: str, total: int, done: int = 0, unit: str = "picture") -> Iterator[Bar]:
    """A bar for `total` units of which `done` are behind us already."""
    if not sys.stderr.isatty():
        yield _Lines(what, total, done, unit)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn

    class RichBar:
        def __init__(self, bars: Progress):
            self.bars = bars
            self.task = bars.add_task(what, total=total, completed=done, rate="", text="")
            self.began, self.seen = time.monotonic(), 0

        def advance(self, steps: int = 1) -> None:
            self.seen += steps
            rate = self.seen / max(time.monotonic() - self.began, 1e-9)
            self.bars.update(self.task, advance=steps, rate=f"{rate:.2f} {unit}s/s")

        def note(self, text: str) -> None:
            self.bars.update(self.task, text=text)

    columns: list[ProgressColumn] = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()]
    columns += [TextColumn("{task.fields[rate]}"), TimeRemainingColumn(), TextColumn("{task.fields[text]}")]
    # Standard output is for results: rich would send them to standard error, along with the bar.
    with Progress(*columns, console=Console(stderr=True), redirect_stdout=False) as bars:
        yield RichBar(bars)
