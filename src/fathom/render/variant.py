"""Which of Mitsuba's variants draws: compiled for the CPU by LLVM, for an NVIDIA GPU, or not compiled at all."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from fathom.errors import UsageError, pick

LLVM_PATTERNS = (
    "/usr/lib/*/libLLVM*.so*",
    "/usr/lib/llvm-*/lib/libLLVM*.so*",
    "/usr/lib64/libLLVM*.so*",
    "/usr/lib/libLLVM*.so*",
    "/usr/local/lib/libLLVM*.so*",
    "/opt/homebrew/opt/llvm*/lib/libLLVM*.dylib",
    "/usr/local/opt/llvm*/lib/libLLVM*.dylib",
)
DEVICES = ("auto", "cpu", "cuda")


def llvm_version(path: Path) -> int | None:
    """The major version in the name of an LLVM library; None where it says none."""
    match = re.search(r"LLVM(?:-|\.so\.|\.)(\d+)", path.name) or re.search(r"llvm[-@](\d+)", str(path))
    return int(match[1]) if match else None


def find_llvm(patterns: tuple[str, ...] = LLVM_PATTERNS) -> Path | None:
    """The newest suitable LLVM library: 17 to 21. Older ones crash on AVX-512 machines, newer ones are untested."""
    found: dict[Path, int] = {}
    for pattern in patterns:
        for path in Path("/").glob(pattern.lstrip("/")):
            version = llvm_version(path)
            if version is not None and 17 <= version <= 21:
                found[path] = version
    return max(found, key=lambda p: (found[p], str(p)), default=None)


def has_cuda() -> bool:
    """Whether Mitsuba can draw on a GPU here. False where it is not installed."""
    try:
        import drjit
        import mitsuba
    except ModuleNotFoundError:
        return False
    return "cuda_ad_rgb" in mitsuba.variants() and bool(drjit.has_backend(drjit.JitBackend.CUDA))


def choose_variant(prefer: str = "cpu") -> tuple[str, str | None]:
    """Mitsuba's variant for this machine, and a sentence about what would be faster (None if nothing would).

    Sets DRJIT_LIBLLVM_PATH where the person has not, so call it before Mitsuba is imported.

    Args:
        prefer: "cpu"; "cuda", an NVIDIA GPU; "auto", the GPU where there is one. The GPU's pictures differ from the
            CPU's as two runs with other noise do. The denoiser stays on the CPU.

    Raises:
        UsageError: there is no such device, or "cuda" is asked for and Mitsuba cannot use a GPU here.
    """
    pick(prefer, DEVICES, "device")
    library = None if "DRJIT_LIBLLVM_PATH" in os.environ else find_llvm()
    if library is not None:
        os.environ["DRJIT_LIBLLVM_PATH"] = str(library)
    if prefer != "cpu":
        if has_cuda():
            return "cuda_ad_rgb", None
        if prefer == "cuda":
            raise UsageError("Mitsuba finds no NVIDIA GPU with a driver it can use; render with --device cpu")
    if "DRJIT_LIBLLVM_PATH" in os.environ:
        return "llvm_ad_rgb", None
    return "scalar_rgb", (
        "rendering without LLVM, about four times slower: install LLVM 17 to 21 "
        "(Debian, Ubuntu: apt install libllvm19), or point DRJIT_LIBLLVM_PATH at its library"
    )


def load_mitsuba(threads: int = 1, device: str = "cpu") -> Any:
    """Mitsuba with its variant set; `threads` of the CPU draw.

    Raises:
        ModuleNotFoundError: Mitsuba is not installed; the message says how to install it.
        UsageError: as `choose_variant`.
    """
    variant, _ = choose_variant(device)
    try:
        import drjit
        import mitsuba
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError('rendering needs Mitsuba: pip install "fathom-depth[train]"') from error
    mitsuba.set_variant(variant)
    mitsuba.set_log_level(mitsuba.LogLevel.Error)
    drjit.set_thread_count(threads)
    return mitsuba
