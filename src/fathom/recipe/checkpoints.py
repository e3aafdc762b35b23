"""What a run leaves on disk to go on from: whole files only, written while training goes on."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from fathom.files import write_whole

FORMAT = "step-{:08d}.pt"


class Checkpoints:
    """A folder of `step-NNNNNNNN.pt`, the last few of a run."""

    def __init__(self, folder: Path, keep: int):
        self.folder, self.keep = folder, keep
        self.writer = ThreadPoolExecutor(1)
        self.pending: Future[None] | None = None

    def steps(self) -> list[int]:
        """Of the checkpoints that are there, oldest first."""
        found = (re.fullmatch(r"step-(\d{8})\.pt", path.name) for path in self.folder.glob("step-*.pt"))
        return sorted(int(match[1]) for match in found if match)

    def last(self) -> dict[str, Any] | None:
        """The newest one that can be read, on the CPU; None if there is none.

        Raises:
            ValueError: there are some, and none can be read.
        """
        steps = self.steps()
        for step in reversed(steps):
            path = self.folder / FORMAT.format(step)
            try:
                return torch.load(path, map_location="cpu", weights_only=True)
            except Exception as error:  # torch raises many kinds for a damaged file
                print(f"{path}: is damaged and left out ({type(error).__name__})", file=sys.stderr)
        if steps:
            raise ValueError(f"{self.folder}: none of its checkpoints can be read; remove it to start again")
        return None

    def save(self, state: Mapping[str, Any]) -> None:
        """Write a state with its "step", while the caller goes on. What it holds is copied first."""
        self.wait()
        self.pending = self.writer.submit(self._write, copied(state))

    def wait(self) -> None:
        """Until what was given is on disk.

        Raises:
            OSError: it could not be written.
        """
        if self.pending is not None:
            self.pending.result()
            self.pending = None

    def _write(self, state: dict[str, Any]) -> None:
        buffer = io.BytesIO()
        torch.save(state, buffer)
        write_whole(self.folder / FORMAT.format(state["step"]), buffer.getvalue())
        for step in self.steps()[: -self.keep]:
            (self.folder / FORMAT.format(step)).unlink(missing_ok=True)


def copied(value: Any) -> Any:
    """The same with every tensor copied to the CPU, in dicts, lists and tuples."""
    if isinstance(value, Tensor):
        return value.detach().to("cpu", copy=True)
    if isinstance(value, Mapping):
        return {key: copied(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(copied(each) for each in value)
    return value
