"""Raw predictions on disk, so that metrics and protocols can be re-run without the network, and a run be resumed."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import numpy as np

from fathom.bench.models import Model, PredictionFolder
from fathom.bench.suite import Frame
from fathom.files import write_whole


def default_folder() -> Path:
    """Where predictions are kept if nothing else is said: beside what else fathom keeps."""
    from fathom.files import cache_folder

    return cache_folder() / "bench"


def picture_fingerprint(rgb: np.ndarray) -> str:
    """Of the pixels and the shape, not of the file that held them."""
    digest = hashlib.blake2b(repr(rgb.shape).encode(), digest_size=16)
    digest.update(np.ascontiguousarray(rgb).data)
    return digest.hexdigest()


class PredictionCache:
    """One float32 .npy per model and picture: <folder>/<model's fingerprint>/<picture's fingerprint>.npy.

    A model whose fingerprint is None is asked each time. A file that is damaged is made again.
    """

    def __init__(self, folder: Path | None):
        self.folder = folder  # None: nothing is kept
        self.predicted = self.reused = 0

    def predict(self, model: Model, frame: Frame) -> np.ndarray:
        """float32 (H, W): from the disk if it is there."""
        if isinstance(model, PredictionFolder):
            return model.read(frame.name)
        rgb = frame.read()
        fingerprint = getattr(model, "fingerprint", None)
        if self.folder is None or fingerprint is None:
            return self._ask(model, frame, rgb)
        path = self.folder / fingerprint / f"{picture_fingerprint(rgb)}.npy"
        if path.is_file():
            try:
                kept = np.load(path, allow_pickle=False)
                if kept.shape == rgb.shape[:2]:
                    self.reused += 1
                    return kept
            except (ValueError, EOFError, OSError):
                pass  # cut short by something that is not us: predict again and replace it
        prediction = self._ask(model, frame, rgb)
        file = io.BytesIO()
        np.save(file, prediction, allow_pickle=False)
        write_whole(path, file.getvalue())
        return prediction

    def _ask(self, model, frame: Frame, rgb: np.ndarray) -> np.ndarray:
        prediction = np.asarray(model(rgb))
        self.predicted += 1
        if prediction.shape != rgb.shape[:2]:
            raise ValueError(
                f"model {model.name} gave an array of shape {prediction.shape} for {frame.name}, which is "
                f"{rgb.shape[0]}x{rgb.shape[1]}; it must give one value per pixel"
            )
        return prediction.astype(np.float32)
