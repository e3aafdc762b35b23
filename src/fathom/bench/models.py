"""What can be measured: fathom's models, models of others, and maps that lie on disk already.

    -m nano                                  a model's name, or the path of a checkpoint
    -m transformers:FOLDER@relative          a depth model as `transformers` saves it
    -m folder:FOLDER@metric                  a folder of predictions, one file per picture
    -m package.module:function@relative      a Python callable, uint8 RGB (H, W, 3) -> (H, W)

What the values of others mean is declared after the @: relative (inverse depth up to scale and shift, larger is
nearer), relative-depth (depth up to scale and shift, larger is farther) or metric (metres).
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Protocol as Interface
from typing import get_args

import numpy as np

from fathom.bench.alignment import KINDS, Kind
from fathom.bench.reading import decode_map
from fathom.files import files_digest, short_hash


class Predictor(Interface):
    """uint8 RGB (H, W, 3) -> float32 (H, W), in the space that `kind` declares.

    If it has a `fingerprint` that is not None, equal fingerprints mean equal predictions, and they may be kept.
    """

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> Kind: ...

    def __call__(self, rgb: np.ndarray) -> np.ndarray: ...


class PredictionFolder:
    """Predictions made elsewhere: FOLDER/<name of the picture's frame>.npy, .npz, .exr, .pfm, .tiff (.depth.npy and
    so on, too) or .depth16.png."""

    # As `fathom depth` writes them, or bare.
    ENDINGS = (
        *(f".depth{suffix}" for suffix in (".npy", ".npz", ".exr", ".pfm", ".tiff")),
        *(".npy", ".npz", ".exr", ".pfm", ".tiff", ".depth16.png"),
    )

    def __init__(self, folder: Path, kind: Kind):
        if not folder.is_dir():
            raise ValueError(f"{folder}: no such folder of predictions")
        self.folder, self.name, self.kind = folder, folder.resolve().name, kind

    def read(self, name: str) -> np.ndarray:
        """float32 (H, W): the prediction for the picture of that name."""
        path = next((p for ending in self.ENDINGS if (p := self.folder / f"{name}{ending}").is_file()), None)
        if path is None:
            raise ValueError(f"{self.folder}: no prediction for {name} (looked for {name}{{{','.join(self.ENDINGS)}}})")
        if path.suffix == ".npy":
            return decode_map(path.read_bytes(), str(path))
        if self.kind == "relative-depth":
            raise ValueError(f"{path}: predictions of kind relative-depth are read from .npy only")
        from fathom.depth import Depth

        return Depth.load(path, self.kind).values


Model = Predictor | PredictionFolder


class FathomModel:
    """One of fathom's own, by name or checkpoint."""

    def __init__(
        self,
        name_or_path: str,
        device: str = "auto",
        size: int | None = None,
        edges: str = "auto",
        detail: int | None = None,
    ):
        import fathom
        from fathom.zoo import find

        self.model = fathom.load(name_or_path, device=device, size=size, edges=edges, detail=detail)
        self.name = self.model.name
        self.kind: Kind = self.model.kind
        found = find(name_or_path)
        # All that decides over the maps: what the weights are taken for, and the runtime, too, because bfloat16 on one
        # machine and float32 on another give different ones.
        card = found.card
        said = f"{card.architecture} {card.kind} {card.max_depth} {self.model.guided} {version('fathom-depth')}"
        self.fingerprint = (
            f"{files_digest(found.files)[:32]}-{short_hash(said)}-{self.model.size}"
            f"{'' if detail is None else f'-{detail}'}-{self.model.runtime.about}"
        )

    def __call__(self, rgb: np.ndarray) -> np.ndarray:
        return self.model(rgb).values


class TransformersModel:
    """A depth model in a folder, as `save_pretrained` of transformers writes model and image processor."""

    def __init__(self, folder: Path, kind: Kind, device: str = "auto"):
        if not (folder / "config.json").is_file():
            raise ValueError(f"{folder}: no config.json in it, so it is not a folder of a transformers model")
        try:
            import torch
            from transformers import AutoImageProcessor, AutoModelForDepthEstimation
        except ImportError as error:
            raise ValueError(f"models of transformers need another package: pip install {error.name}") from None
        if device == "auto":
            device = "cuda" if torch.cuda.is_available() else "cpu"
        self.processor = AutoImageProcessor.from_pretrained(folder, local_files_only=True)
        self.net = AutoModelForDepthEstimation.from_pretrained(folder, local_files_only=True).to(device).eval()
        says = getattr(self.net.config, "depth_estimation_type", kind)
        if says != kind:
            raise ValueError(f"{folder}: declared as {kind}, but its config.json says {says}")
        self.name, self.kind, self.device = folder.resolve().name, kind, device
        files = (p for p in folder.iterdir() if p.suffix in (".json", ".safetensors", ".bin"))
        self.fingerprint = f"{files_digest(sorted(files))[:32]}-{device}"

    def __call__(self, rgb: np.ndarray) -> np.ndarray:
        import torch

        with torch.inference_mode():
            inputs = self.processor(images=rgb, return_tensors="pt").to(self.device)
            outputs = self.net(**inputs)
            sized = self.processor.post_process_depth_estimation(outputs, target_sizes=[rgb.shape[:2]])
        return sized[0]["predicted_depth"].float().cpu().numpy()


class CallableModel:
    """A Python function. Its predictions are kept only if it has an attribute `fingerprint`."""

    def __init__(self, function: Callable[[np.ndarray], np.ndarray], name: str, kind: Kind):
        self.function, self.name, self.kind = function, name, kind
        self.fingerprint: str | None = getattr(function, "fingerprint", None)

    def __call__(self, rgb: np.ndarray) -> np.ndarray:
        return self.function(rgb)


OpenedModel = FathomModel | TransformersModel | CallableModel | PredictionFolder


def open_model(
    asked: str, device: str = "auto", size: int | None = None, edges: str = "auto", detail: int | None = None
) -> OpenedModel:
    """The model that `-m ASKED` means.

    Raises:
        ValueError: nothing of that name, or it cannot be used, or its kind is not declared.
    """
    rest, _, declared = asked.rpartition("@")
    if declared not in KINDS:
        rest, declared = asked, ""
    scheme, colon, place = rest.partition(":")
    if not colon or Path(asked).exists():
        if declared and not Path(asked).exists():
            raise ValueError(f"{asked}: a model of fathom knows its kind itself; say {rest}")
        return FathomModel(asked, device, size, edges, detail)
    if not declared:
        raise ValueError(
            f"{asked}: what its values mean must be declared: {' or '.join(f'{asked}@{k}' for k in KINDS)}"
        )
    kind: Kind = next(k for k in get_args(Kind) if k == declared)
    if scheme == "folder":
        return PredictionFolder(Path(place).expanduser(), kind)
    if scheme == "transformers":
        return TransformersModel(Path(place).expanduser(), kind, device)
    return CallableModel(_imported(scheme, place), rest, kind)


def open_models(
    asked: Sequence[str],
    device: str = "auto",
    size: int | None = None,
    edges: str = "auto",
    detail: int | None = None,
) -> list[OpenedModel]:
    """All models of a command line; those of equal names are told apart by what was asked for."""
    models = [open_model(name, device, size, edges, detail) for name in asked]
    names = [model.name for model in models]
    for model, name in zip(models, asked, strict=True):
        if names.count(model.name) > 1:
            model.name = name
    return models


def _imported(module: str, function: str) -> Callable[[np.ndarray], np.ndarray]:
    if "" not in sys.path:
        sys.path.insert(0, "")  # a script of the user's, in the folder where fathom is run
    try:
        found = getattr(importlib.import_module(module), function, None)
    except ModuleNotFoundError as error:
        raise ValueError(f"{module}:{function}: there is no Python module {error.name}") from None
    if not callable(found):
        raise ValueError(f"{module}:{function}: the module {module} has no function {function}")
    return found
