"""ONNX Runtime, on the CPU or on CUDA."""

from __future__ import annotations

from pathlib import Path

import numpy as np

PROVIDERS = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}


class ONNXRuntime:
    """Runs an .onnx file, one of fathom's or any other with one picture going in and one map coming out.

    Raises:
        ImportError: onnxruntime is not installed.
        ValueError: it cannot use that device, or not read the file.
    """

    def __init__(self, path: Path, device: str = "auto"):
        try:
            import onnxruntime
        except ImportError:
            raise ImportError("the runtime onnx needs another package: pip install onnxruntime") from None
        available = [place for place, name in PROVIDERS.items() if name in onnxruntime.get_available_providers()]
        place = ("cuda" if "cuda" in available else "cpu") if device == "auto" else device
        if place not in available:
            raise ValueError(f"onnxruntime {onnxruntime.__version__} cannot use the device {place}, only {available}")
        try:
            self.session = onnxruntime.InferenceSession(path, providers=[PROVIDERS[place]])
        except Exception as error:  # its errors have no common type of their own
            raise ValueError(f"{path}: ONNX Runtime cannot load it ({str(error).splitlines()[0]})") from None
        self.batch = 1 if place == "cpu" else 8
        self.about = f"ONNX Runtime on {place}, precision of the file"

    def __call__(self, x: np.ndarray) -> np.ndarray:
        maps = self.session.run(None, {self.session.get_inputs()[0].name: x})[0]
        return np.asarray(maps, np.float32).reshape(len(x), *x.shape[2:])
