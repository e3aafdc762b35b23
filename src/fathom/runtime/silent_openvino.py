"""OpenVINO, imported so that it reports to nobody. Import it from here everywhere.

By itself `import openvino` forks a process that sends an event to its maker's analytics account, unless the user has
opted out, and its converter sends more. Where the package openvino_telemetry is not installed it takes a stub
instead; so it finds none. The import is faster by that, too.
"""

from __future__ import annotations

import sys

_NAME = "openvino_telemetry"

_before = sys.modules.get(_NAME)
sys.modules[_NAME] = None  # type: ignore[assignment]  # importing it raises ImportError
try:
    import openvino
finally:
    del sys.modules[_NAME]
    if _before is not None:
        sys.modules[_NAME] = _before

__all__ = ["openvino"]
