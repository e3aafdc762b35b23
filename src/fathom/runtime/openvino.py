"""OpenVINO on the CPU: no torch, and compiled in a fraction of a second."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from fathom.runtime.silent_openvino import openvino

PROPERTIES: dict[str, str] = {
    "PERFORMANCE_HINT": "LATENCY",
    # Left alone, OpenVINO takes bf16 where the CPU has it. nano gains 7 ms of 17 by that and loses 1.5 % of the
    # map's range in places: not worth it.
    "INFERENCE_PRECISION_HINT": "f32",
    # Kernels are kept per shape. At the default of 5000 a folder of pictures of many shapes grows to gigabytes;
    # 500 are enough for the shapes in use (measured: 350 MB instead of 600 after 200 shapes, at the same speed).
    "CPU_RUNTIME_CACHE_CAPACITY": "500",
}


def cache_folder() -> Path:
    """Where compiled models are kept: $FATHOM_CACHE, or fathom's folder in the user's cache."""
    chosen = os.environ.get("FATHOM_CACHE")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fathom"


class OpenVINORuntime:
    """Runs an .xml or .onnx file.

    One network is compiled for all shapes. Measured for nano: compiling for one shape and its first picture take
    0.19 s, for all shapes 0.20 s; each further shape then costs 0.02 to 0.05 s, where compiling anew costs 0.18 s.

    Args:
        keep: whether to keep the compiled network in the user's cache, which saves 0.1 s the next time.

    Raises:
        ValueError: the file cannot be read.
    """

    batch = 1  # batches of four are no faster per picture: one already fills the cores

    def __init__(self, path: Path, keep: bool = True):
        core = openvino.Core()
        try:
            network = _compile_kept(core, path) if keep else None
            self.network = network or core.compile_model(path, "CPU", PROPERTIES)
        except RuntimeError as error:
            reason = str(error).strip().splitlines()[-1]
            raise ValueError(f"{path}: OpenVINO cannot load it ({reason})") from None
        self.request = self.network.create_infer_request()

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.array(self.request.infer([x])[self.network.output(0)], np.float32)  # a copy: the request is reused


def _compile_kept(core: openvino.Core, path: Path) -> openvino.CompiledModel | None:
    """Compile with the cache; None if that fails: the cache cannot be written to, there is no home directory."""
    weights = path.with_suffix(".bin") if path.suffix == ".xml" else path
    # What was compiled is kept without its weights: small, and never older than they are.
    name = f"{path.stem}-{weights.stat().st_mtime_ns:x}"
    try:
        folder = cache_folder() / "openvino" / name
        return core.compile_model(path, "CPU", {**PROPERTIES, "CACHE_DIR": str(folder), "CACHE_MODE": "OPTIMIZE_SIZE"})
    except RuntimeError:
        return None
