"""Whether there is a GPU, found out in milliseconds: to ask torch, it would have to be imported first."""

from __future__ import annotations

import ctypes
import platform
import sys


def gpu_here() -> bool:
    """Whether the machine has a GPU that torch may be able to use: one of NVIDIA's, or Apple's own."""
    if sys.platform == "darwin":
        return platform.machine() == "arm64"
    try:
        cuda = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return False  # no driver
    count = ctypes.c_int(0)
    return cuda.cuInit(0) == 0 and cuda.cuDeviceGetCount(ctypes.byref(count)) == 0 and count.value > 0
