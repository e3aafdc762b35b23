"""OpenVINO, imported so that it reports to nobody. Import it from here everywhere.

By itself `import openvino` forks a process that sends an event to its maker's analytics account, unless the user has
opted out, and its converter and NNCF send more. Where the package openvino_telemetry is not installed they take a
stub instead; so they find none. The import is faster by that, too.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_NAME = "openvino_telemetry"


@contextmanager
def silence() -> Iterator[None]:
    """While this lasts, openvino_telemetry cannot be imported."""
    before = sys.modules.get(_NAME)
    sys.modules[_NAME] = None  # type: ignore[assignment]  # importing it raises ImportError
    try:
        yield
    finally:
        del sys.modules[_NAME]
        if before is not None:
            sys.modules[_NAME] = before


with silence():
    import openvino

__all__ = ["openvino", "silence"]
