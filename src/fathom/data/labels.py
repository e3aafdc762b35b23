"""Pseudo-labels beside a pool of photos: one 16-bit PNG of inverse depth for each photo.

<labels>/<photo's path in the pool>.png    0..65535 spans the map's smallest to largest value; the text chunk
                                           `fathom` holds {"offset", "scale", "teacher"} as JSON:
                                           inverse depth = offset + scale * value
<labels>/labels.json                       the teacher that made them, and how
<labels>/quarantine.jsonl                  photos that got no label, with the reason
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo

from fathom.data.sample import Sample

STEPS = 65535


def encode_label(disparity: np.ndarray, teacher: str) -> bytes:
    """float32 (H, W), finite -> the bytes of a label."""
    low, high = float(disparity.min()), float(disparity.max())
    scale = (high - low) / STEPS or 1.0
    values = np.rint((disparity - low) / scale).astype(np.uint16)
    info = PngInfo()
    info.add_text("fathom", json.dumps({"offset": low, "scale": scale, "teacher": teacher}))
    out = io.BytesIO()
    Image.fromarray(values).save(out, "PNG", pnginfo=info, compress_level=3)
    return out.getvalue()


def decode_label(path: Path) -> np.ndarray:
    """float32 (H, W), to half a step of what was encoded.

    Raises:
        ValueError: not a label.
    """
    with Image.open(path) as image:
        text = getattr(image, "text", {}).get("fathom")
        if text is None or not image.mode.startswith("I"):
            raise ValueError(f"{path}: not a label of fathom (a 16-bit PNG with its scale in a text chunk)")
        values = np.asarray(image, dtype=np.float32)
    about = json.loads(text)
    return np.float32(about["offset"]) + np.float32(about["scale"]) * values


class LabelledPhotos(Sequence[Sample]):
    """Photos of a pool with their pseudo-labels: the samples of the student's stage, sorted by name.

    Raises:
        ValueError: no label belongs to a photo of the pool.
    """

    def __init__(self, photos: str | Path, labels: str | Path):
        self.photos, self.labels = Path(photos), Path(labels)
        found = (p.relative_to(self.labels).as_posix()[: -len(".png")] for p in self.labels.rglob("*.png"))
        self.names = sorted(name for name in found if (self.photos / name).is_file())
        if not self.names:
            raise ValueError(f"{self.labels}: holds no label for a photo of {self.photos} (made with: fathom label)")

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, index):
        name = self.names[index]
        with Image.open(self.photos / name) as image:
            picture = np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
        disparity = decode_label(self.labels / f"{name}.png")
        if disparity.shape != picture.shape[:2]:
            raise ValueError(f"{self.labels / name}.png is {disparity.shape}, its photo {picture.shape[:2]}")
        return Sample(name, picture, disparity, np.ones(disparity.shape, bool), metric=False)
