"""Pseudo-labels beside a pool of photos: one depth map for each photo.

<labels>/<photo's path in the pool>.png    relative depth in 16 bits, as `Depth.save` writes it
<labels>/labels.json                       the teacher that made them, and how
<labels>/quarantine.jsonl                  photos that got no label, with the reason
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from fathom.data.sample import Sample
from fathom.depth import Depth
from fathom.picture import read


def label_path(labels: Path, photo: str) -> Path:
    """Where the label of a photo is; `photo` is its path in the pool, ending and all, so that no two labels meet."""
    return labels / f"{photo}.png"


def made_by(labels: Path) -> dict:
    """What `labels.json` says of the teacher; nothing if it is not there."""
    manifest = labels / "labels.json"
    return json.loads(manifest.read_text()) if manifest.exists() else {}


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
        picture = read(self.photos / name).rgb  # as the teacher saw it: upright, the same grey, on the same white
        label = Depth.load(label_path(self.labels, name), kind="relative")
        if label.values.shape != picture.shape[:2]:
            raise ValueError(
                f"{self.labels}: the label of {name} is {label.values.shape}, its photo {picture.shape[:2]}"
            )
        valid = np.ones(label.values.shape, bool) if label.valid is None else label.valid
        return Sample(name, picture, np.where(valid, label.values, 0), valid, metric=False)
