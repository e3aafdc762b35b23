"""Ground truth to measure on."""

from __future__ import annotations

from fathom.bench.registry import open_suite
from fathom.bench.suite import DepthSuite


def depth_suite(path: str) -> DepthSuite:
    """A set of pictures with depth maps; ends the program with a sentence if it is none."""
    try:
        suite = open_suite(path)
    except (ValueError, OSError) as error:
        raise SystemExit(str(error)) from None
    if not isinstance(suite, DepthSuite):
        raise SystemExit(f"{path}: pictures with depth maps are needed, and this has none")
    return suite
