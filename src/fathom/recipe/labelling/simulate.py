"""A run on paper: how long shards take when some machines are slow and any may fail."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Fleet:
    machines: int
    shard_seconds: float  # of one shard on a machine of median speed
    spread: float = 0.0  # standard deviation of the logarithm of a machine's speed
    stragglers: float = 0.0  # share of machines that are three times as slow as their speed says
    failures: float = 0.0  # of each machine in an hour, at random moments
    repair: float = 600.0  # seconds until a machine that failed is back


@dataclass(frozen=True)
class Simulated:
    hours: float
    ideal_hours: float  # had every machine run to the end without a failure and had shards no size
    failures: int
    lost: float  # share of the work that was done twice
    tail: float  # share of the machines' time spent with nothing left to begin


def simulate(shards: int, fleet: Fleet, seed: int = 0) -> Simulated:
    """Machines take shards one after the other; a failure costs the shard that a machine is at."""
    rng = np.random.default_rng(seed)
    speed = np.exp(rng.normal(0, fleet.spread, fleet.machines))
    speed[rng.random(fleet.machines) < fleet.stragglers] /= 3
    each = fleet.shard_seconds / speed
    failing = fleet.failures / 3600
    free = [(0.0, machine) for machine in range(fleet.machines)]
    until = np.array([rng.exponential(1 / failing) if failing else np.inf for _ in range(fleet.machines)])
    heapq.heapify(free)
    running: list[tuple[float, int, float, bool]] = []  # when it ends, machine, when it began, whether it fails
    todo, end, wasted, failures = shards, 0.0, 0.0, 0
    busy = np.zeros(fleet.machines)
    while todo or running:
        if todo and free and (not running or free[0][0] <= running[0][0]):
            now, machine = heapq.heappop(free)
            todo -= 1
            done = now + each[machine]
            fails = done > until[machine]
            heapq.heappush(running, (min(done, max(now, until[machine])), machine, now, fails))
            continue
        at, machine, began, failed = heapq.heappop(running)
        busy[machine] += at - began
        if failed:
            todo, failures, wasted = todo + 1, failures + 1, wasted + at - began
            until[machine] = at + fleet.repair + rng.exponential(1 / failing)
            heapq.heappush(free, (at + fleet.repair, machine))
        else:
            end = max(end, at)
            heapq.heappush(free, (at, machine))
    ideal = shards / float((1 / each).sum())
    down = failures * fleet.repair
    tail = max(0.0, 1 - (float(busy.sum()) + down) / (end * fleet.machines))
    return Simulated(end / 3600, ideal / 3600, failures, wasted / float(busy.sum()), tail)
