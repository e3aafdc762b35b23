"""What it takes to get to the first map: a process of its own that starts, loads, predicts, and tells.

    python -m fathom.bench.speed.start ASKED

with ASKED one JSON object: the path of a picture (.npy), and what `fathom.load` takes. It prints one, too.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Start:
    """Seconds one after the other, and what had been taken of the memory by then."""

    python: float  # until fathom's first line: the interpreter, numpy
    load: float  # imports and the model
    first: float  # the first map
    megabytes: float | None  # resident at most; None where the system does not say
    device_megabytes: float | None  # on a GPU, at most; None on others

    @property
    def total(self) -> float:
        return self.python + self.load + self.first


def start(rgb: np.ndarray, asked: dict[str, Any]) -> Start:
    """Start a new process for a picture uint8 (H, W, 3) and the arguments of `fathom.load`.

    Raises:
        ValueError: the process failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture.npy"
        np.save(path, rgb)
        asked_for = json.dumps({"picture": str(path), **asked})
        began = time.time()  # two processes share this clock, and no other
        done = subprocess.run([sys.executable, "-m", __name__, asked_for], capture_output=True, text=True)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise ValueError(f"a new process could not load the model ({reason})")
    told = json.loads(done.stdout.splitlines()[-1])
    return Start(told.pop("entered") - began, **told)


def main() -> None:
    entered, began = time.time(), time.perf_counter()
    asked = json.loads(sys.argv[1])
    rgb = np.load(asked.pop("picture"))

    import fathom

    model = fathom.load(asked.pop("name"), **asked)
    loaded = time.perf_counter()
    model(rgb)
    told = {"entered": entered, "load": loaded - began, "first": time.perf_counter() - loaded}
    print(json.dumps({**told, "megabytes": resident(), "device_megabytes": on_device()}))


def resident() -> float | None:
    """The most memory, in MB, that this process has had at a time."""
    if sys.platform == "linux":  # getrusage counts what the process had that started this one
        lines = Path("/proc/self/status").read_text().splitlines()
        return next((int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmHWM")), None)
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def on_device() -> float | None:
    """The most memory, in MB, that torch has taken of a CUDA device."""
    torch = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_initialized():
        return None
    return torch.cuda.max_memory_reserved() / 1e6


if __name__ == "__main__":
    main()
