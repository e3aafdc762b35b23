"""What a run says of itself: a log, TensorBoard, and the words beside the progress bar."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor

from fathom.files import write_whole

EVERY = 10  # steps a line


class Monitor:
    """Writes `log.jsonl`, and to the folder `tensorboard` if that package is installed.

    Args:
        first: the step from which the run goes on. What was logged after it is dropped: those steps are made again.
    """

    def __init__(self, run: Path, first: int, operations: float | None = None, peak: float | None = None):
        self.log = run / "log.jsonl"
        keep_log_until(self.log, first)
        self.operations, self.peak = operations, peak  # of a step; of the devices, per second
        self.recent: list[dict[str, float]] = []
        self.began, self.waited, self.steps = time.perf_counter(), 0.0, 0
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError:
            self.board: Any = None
        else:
            self.board = SummaryWriter(str(run / "tensorboard"), purge_step=first)

    def step(self, terms: Mapping[str, float], waited: float) -> None:
        """Note a step: its losses, and the seconds that were spent waiting for its batch."""
        if terms:
            self.recent.append(dict(terms))
        self.waited += waited
        self.steps += 1

    def line(self, step: int, pictures: int) -> str:
        """Write a line of means over the last steps, of so many pictures each; the words for the bar."""
        elapsed = time.perf_counter() - self.began
        line = {name: round(float(np.mean([r[name] for r in self.recent])), 5) for name in self.recent[0]}
        line["pictures_per_s"] = round(self.steps * pictures / elapsed, 2)
        line["waiting"] = round(self.waited / elapsed, 4)
        if self.operations and self.peak:
            line["share_of_peak"] = round(self.steps * self.operations / elapsed / self.peak, 4)
        self.recent.clear()
        self.began, self.waited, self.steps = time.perf_counter(), 0.0, 0
        self.write(step, line)
        share = f"  {line['share_of_peak']:.0%} of peak" if "share_of_peak" in line else ""
        return f"loss {line['loss']:.3f}  {line['pictures_per_s']:.1f} pictures/s  {line['waiting']:.0%} waiting{share}"

    def write(self, step: int, values: Mapping[str, float]) -> None:
        with self.log.open("a") as log:
            log.write(json.dumps({"step": step, **values}) + "\n")
        if self.board is not None:
            for name, value in values.items():
                self.board.add_scalar(name, value, step)

    def pictures(self, step: int, pictures: Tensor, target: Tensor, found: Tensor, count: int = 6) -> None:
        """A grid for TensorBoard: pictures uint8 (N, 3, h, w) above their targets and the maps found (N, h, w)."""
        if self.board is not None:
            rows = [row(pictures[:count].cpu().numpy()), row(grey(target[:count])), row(grey(found[:count]))]
            self.board.add_image("pictures, targets, found", np.concatenate(rows, axis=1), step)

    def close(self) -> None:
        if self.board is not None:
            self.board.close()


class Broken:
    """Samples that could not be used, with the reason, one line each in `broken.jsonl`.

    Each process counts its own since the run was last started.
    """

    def __init__(self, run: Path):
        self.path, self.count = run / "broken.jsonl", 0

    def note(self, step: int, found: Sequence[tuple[str, str]]) -> None:
        self.count += len(found)
        if found:
            lines = (json.dumps({"step": step, "sample": name, "reason": reason}) for name, reason in found)
            with self.path.open("a") as file:
                file.write("\n".join(lines) + "\n")


def row(pictures: np.ndarray) -> np.ndarray:
    """uint8 (N, 3, h, w) -> (3, h, N w), side by side."""
    n, channels, h, w = pictures.shape
    return pictures.transpose(1, 2, 0, 3).reshape(channels, h, n * w)


def grey(maps: Tensor) -> np.ndarray:
    """Maps (N, h, w) as uint8 (N, 3, h, w), each from its 2 % to its 98 % quantile."""
    values = maps.detach().float().cpu().numpy()
    low, high = np.quantile(values, [0.02, 0.98], axis=(1, 2), keepdims=True)
    scaled = np.clip((values - low) / np.maximum(high - low, 1e-9), 0, 1)
    return np.repeat((255 * scaled).astype(np.uint8)[:, None], 3, axis=1)


def keep_log_until(log: Path, step: int) -> None:
    """Drop what was logged after a step."""

    def kept(line: str) -> bool:
        try:
            return json.loads(line)["step"] <= step
        except ValueError:
            return False  # cut short by a kill

    if log.exists():
        lines = log.read_text().splitlines(keepends=True)
        write_whole(log, "".join(line for line in lines if kept(line)).encode())
