"""OpenVINO on the CPU: no torch, and compiled in a fraction of a second."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from fathom.files import cache_folder, short_hash
from fathom.runtime.silent_openvino import openvino

PROPERTIES: dict[str, str] = {
    "PERFORMANCE_HINT": "LATENCY",
    # Kernels are kept per shape. At the default of 5000 a folder of pictures of many shapes grows to gigabytes;
    # 500 are enough for the shapes in use (measured: 350 MB instead of 600 after 200 shapes, at the same speed).
    "CPU_RUNTIME_CACHE_CAPACITY": "500",
}
PRECISIONS = {"float32": "f32", "bfloat16": "bf16"}


@cache
def bfloat16_is_fast() -> bool:
    """Whether the processor has instructions for bfloat16 (AMX, AVX512-BF16), rather than emulates it."""
    return "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


class OpenVINORuntime:
    """Runs an .xml or .onnx file, or an `openvino.Model`.

    One network is compiled for all shapes. Measured for nano: compiling for one shape and its first picture take
    0.19 s, for all shapes 0.20 s; each further shape then costs 0.02 to 0.05 s, where compiling anew costs 0.18 s.

    Args:
        precision: "float32" or "bfloat16".
        keep: whether to keep the compiled network in the user's cache, which saves 0.1 s the next time.

    Raises:
        ValueError: the file cannot be read.
    """

    batch = 1  # batches of four are no faster per picture: one already fills the cores

    def __init__(self, source: Path | Any, precision: str = "float32", keep: bool = True):
        core = openvino.Core()
        properties = {**PROPERTIES, "INFERENCE_PRECISION_HINT": PRECISIONS[precision]}
        try:
            network = _compile_kept(core, source, properties) if keep and isinstance(source, Path) else None
            self.network = network or core.compile_model(source, "CPU", properties)
        except RuntimeError as error:
            reason = str(error).strip().splitlines()[-1]
            raise ValueError(f"{source}: OpenVINO cannot load it ({reason})") from None
        self.request = self.network.create_infer_request()
        self.about = f"OpenVINO {openvino.__version__.split('-')[0]} on cpu, {precision}"

    def __call__(self, x: np.ndarray) -> np.ndarray:
        maps = np.array(self.request.infer([x])[self.network.output(0)], np.float32)  # a copy: the request is reused
        return maps.reshape(len(x), *x.shape[2:])  # files of other programs may have (N, 1, h, w)


def _compile_kept(core: openvino.Core, path: Path, properties: dict[str, str]) -> openvino.CompiledModel | None:
    """Compile with the cache; None if that fails: the cache cannot be written to, there is no home directory."""
    weights = path.with_suffix(".bin") if path.suffix == ".xml" else path
    try:
        # What was compiled of these weights; what was of earlier ones in their place is of no use any more.
        folder = cache_folder() / "openvino" / f"{path.stem}-{short_hash(str(path.resolve()))}"
        mine = folder / f"{weights.stat().st_mtime_ns:x}"
        for other in folder.glob("*"):
            if other != mine:
                shutil.rmtree(other, ignore_errors=True)
        # With the weights in it (the mode "speed"): compiled without them, a ViT came back from the cache broken
        # (OpenVINO 2026.4: constants of shapes taken for others).
        return core.compile_model(path, "CPU", {**properties, "CACHE_DIR": str(mine), "CACHE_MODE": "OPTIMIZE_SPEED"})
    except (RuntimeError, OSError):
        return None
