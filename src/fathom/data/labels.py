"""Pseudo-labels and the photos that they belong to.

`fathom label` writes stores of shards (see `label_store`). What other programs, and earlier versions, wrote is read
too, one depth map for each photo:

<labels>/<photo's path in the pool>.png    relative depth in 16 bits, as `Depth.save` writes it
<labels>/labels.json                       the teacher that made them, and how
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from fathom.data.label_store import FORMAT, LabelStore
from fathom.data.sample import Sample, Source
from fathom.depth import Depth
from fathom.picture import read


def open_labelled(photos: str | Path, labels: str | Path) -> Source:
    """The photos of a pool with their labels, whichever way those are kept.

    Args:
        photos: the pool: a folder, a list of files, or an address.
        labels: the folder or address that `fathom label` wrote.

    Raises:
        ValueError: there are no labels of this pool, or they are unfinished.
        OSError: they cannot be read.
    """
    if made_by(labels).get("format") == FORMAT:
        from fathom.data.labelled_shards import LabelledShards

        return LabelledShards(photos, labels)
    return LabelledPhotos(photos, labels)


def label_path(labels: Path, photo: str) -> Path:
    """Where the label of a photo is; `photo` is its path in the pool, ending and all, so that no two labels meet."""
    return labels / f"{photo}.png"


def made_by(labels: str | Path) -> dict:
    """What `labels.json` says of the teacher; nothing if it is not there."""
    return LabelStore(str(labels)).about()


class LabelledPhotos(Sequence[Sample]):
    """Photos of a pool with a file of its own for each label, sorted by name.

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

    def picture_bytes(self, index: int) -> tuple[str, bytes]:
        """A sample's picture as it lies on disk: the file's suffix, and what is in it."""
        path = self.photos / self.names[index]
        return path.suffix, path.read_bytes()
