"""fathom: depth from a single picture.

model = fathom.load("nano")
depth = model("street.jpg")
depth.save("street.exr")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fathom.depth import Depth
    from fathom.intrinsics import Intrinsics
    from fathom.predict import Model, load

__version__ = "0.2.0"
__all__ = ["Depth", "Intrinsics", "Model", "__version__", "load"]

_HOMES = {
    "Depth": "fathom.depth",
    "Intrinsics": "fathom.intrinsics",
    "Model": "fathom.predict",
    "load": "fathom.predict",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for: `import fathom` alone costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'fathom' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
