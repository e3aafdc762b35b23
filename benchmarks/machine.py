"""What machine a measurement was taken on, and how its results are given."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from pathlib import Path


def processor() -> str:
    """The processor's name as its maker gives it, where the system says it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def publish(lines: Iterable[str], out: Path | None) -> None:
    """Print a page of results; write it, too, if it is to be kept."""
    text = "\n".join(lines).rstrip()
    print(text)
    if out is not None:
        out.write_text(text + "\n")
