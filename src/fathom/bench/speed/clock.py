"""Timing several things fairly: in turn, so that whatever else the machine does meets them all alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

WARM_UP = 2  # rounds that do not count: kernels are chosen, caches filled, clocks raised


@dataclass(frozen=True)
class Timing:
    """Seconds of each round."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return self.percentile(50)

    def percentile(self, percent: float) -> float:
        return float(np.percentile(self.seconds, percent))


def in_turn(
    tasks: Mapping[str, Callable[[], object]],
    rounds: int,
    clock: Callable[[], float] = time.perf_counter,
    advance: Callable[[], None] = lambda: None,
) -> dict[str, Timing]:
    """Run every task once in each round, and time it.

    A task returns when its work is done: what a GPU still has in its queue must have been waited for.

    Args:
        advance: called after each round, those of the warm-up included.
    """
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    for number in range(WARM_UP + rounds):
        for name, task in tasks.items():
            began = clock()
            task()
            if number >= WARM_UP:
                seconds[name].append(clock() - began)
        advance()
    return {name: Timing(tuple(times)) for name, times in seconds.items()}
