"""Everything that is measured of a model's speed, put together."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fathom.bench.speed.clock import Timing, in_turn
from fathom.bench.speed.operations import operations
from fathom.bench.speed.peak import Peak, peak_of
from fathom.bench.speed.start import Start
from fathom.predict import Model, network_size, prepare
from fathom.runtime import DEVICES, PRECISIONS

if TYPE_CHECKING:
    from fathom.bench.speed.peer import Peer
    from fathom.zoo import Weights

OURS = "fathom"


@dataclass(frozen=True)
class Speed:
    """Times in seconds. The first contender is fathom; the others, if there are any, are what it is compared with."""

    model: str
    runtime: str  # what computed, where, how precisely
    machine: str
    picture: tuple[int, int]  # (H, W)
    input: tuple[int, int]  # (h, w) of the network's
    start: Start
    network: dict[str, Timing]  # by contender: network input to map, from and to the main memory
    whole: dict[str, Timing]  # by contender: picture to map of the picture's size
    batches: dict[str, dict[int, Timing]]  # by contender: as `network`, of so many pictures together
    operations: float | None = None  # floating point operations of one picture; None: not known
    peak: Peak | None = None
    apart: dict[str, float] = field(default_factory=dict)  # by other contender: how far its map is from fathom's

    @property
    def share(self) -> float | None:
        """Of the device's peak, that the network reaches at the batch size where it reaches most."""
        if self.operations is None or self.peak is None:
            return None
        most = max([self.pictures_per_second(OURS, n) for n in self.batches[OURS]] or [1 / self.network[OURS].median])
        return most * self.operations / self.peak.flops

    def pictures_per_second(self, contender: str, batch: int) -> float:
        return batch / self.batches[contender][batch].median

    def times_as_fast(self, other: str) -> dict[str, float]:
        """How many times as fast as `other` fathom is, by what is measured: above 1, fathom is the faster one."""
        ratios = {
            "network": self.network[other].median / self.network[OURS].median,
            "whole": self.whole[other].median / self.whole[OURS].median,
        }
        for n in self.batches[OURS]:
            ratios[f"batch of {n}"] = self.batches[other][n].median / self.batches[OURS][n].median
        return ratios

    def record(self) -> dict[str, Any]:
        """As JSON has it."""

        def times(timings: Mapping[Any, Timing]) -> dict[str, Any]:
            return {
                str(name): {"p50": timing.median, "p90": timing.percentile(90), "rounds": len(timing.seconds)}
                for name, timing in timings.items()
            }

        return {
            "model": self.model,
            "runtime": self.runtime,
            "machine": self.machine,
            "picture": self.picture,
            "input": self.input,
            "start": {**asdict(self.start), "total": self.start.total},
            "network": times(self.network),
            "whole": times(self.whole),
            "batches": {name: times(timings) for name, timings in self.batches.items()},
            "operations": self.operations,
            "peak": None if self.peak is None else asdict(self.peak),
            "share_of_peak": self.share,
            "times_as_fast_as": {name: self.times_as_fast(name) for name in self.network if name != OURS},
            "largest_difference": self.apart,
        }


def measure(
    model: Model,
    weights: Weights,
    rgb: np.ndarray,
    start: Start,
    batches: Sequence[int] = (),
    rounds: int = 20,
    peers: Mapping[str, Peer] | None = None,
    advance: Callable[[], None] = lambda: None,
) -> Speed:
    """Measure a model on a picture uint8 (H, W, 3), in turn with its peers. `advance` is called after each round."""
    height, width = rgb.shape[:2]
    shape = network_size(height, width, model.size, model.input.multiple)
    x = prepare(rgb, shape, model.input)[None]
    runs: dict[str, Callable[[np.ndarray], np.ndarray]] = {OURS: model.runtime, **(peers or {})}
    wholes: dict[str, Callable[[np.ndarray], object]] = {OURS: model}
    wholes.update({name: peer.whole for name, peer in (peers or {}).items()})
    ours = model.runtime(x)
    apart = {name: difference(ours, run(x)) for name, run in runs.items() if name != OURS}
    many = {n: np.repeat(x, n, axis=0) for n in batches}
    tasks: dict[str, Callable[[], object]] = {}
    for name, run in runs.items():
        tasks[f"network {name}"] = partial(run, x)
        tasks[f"whole {name}"] = partial(wholes[name], rgb)
        for n, together in many.items():
            tasks[f"{n} {name}"] = partial(run, together)
    timings = in_turn(tasks, rounds, advance=advance)
    device, precision = place(model)
    return Speed(
        model.name,
        model.runtime.about,
        machine(device),
        (height, width),
        shape,
        start,
        {name: timings[f"network {name}"] for name in runs},
        {name: timings[f"whole {name}"] for name in runs},
        {name: {n: timings[f"{n} {name}"] for n in many} for name in runs},
        operations(weights, shape),
        peak_of(device, precision),
        apart,
    )


def difference(ours: np.ndarray, theirs: np.ndarray) -> float:
    """The largest one between two maps, in parts of ours' range."""
    return float(np.abs(ours - theirs).max() / max(float(np.ptp(ours)), 1e-9))


def place(model: Model) -> tuple[str, str]:
    """Device and precision, as the runtime says of itself; float32 where it does not say how precisely."""
    words = re.findall(r"\w+", model.runtime.about)
    device = next((name for name in DEVICES if name in words), "cpu")
    return device, next((name for name in PRECISIONS if name in words), "float32")


def picture(height: int, width: int) -> np.ndarray:
    """uint8 (H, W, 3): waves of many lengths, the same everywhere and always."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    waves = [np.sin(x / (9 + 20 * i) + i) * np.cos(y / (13 + 17 * i)) for i in range(3)]
    return np.stack([127.5 + 127.5 * (wave + waves[0]) / 2 for wave in waves], axis=2).astype(np.uint8)


def machine(device: str) -> str:
    """What it was measured on, in one line."""
    parts = [
        processor(),
        f"{len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()} cores",
    ]
    if device == "cuda":
        import torch

        parts.append(torch.cuda.get_device_name())
    if hasattr(os, "getloadavg"):
        parts.append(f"load {os.getloadavg()[0]:.1f}")
    return ", ".join([*parts, f"Python {platform.python_version()}", sys.platform])


def processor() -> str:
    """The processor's name as its maker gives it, where the system says it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
