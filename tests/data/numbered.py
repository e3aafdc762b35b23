"""Samples that cost nothing to make and can be told apart."""

import numpy as np

from fathom.data.folder import encode_picture
from fathom.data.sample import Sample


class Numbered(list):
    """Samples that differ, named by their number; those in `broken` cannot be read."""

    def __init__(self, count, first=0, broken=(), metric=True):
        numbers = range(first, first + count)
        self.names = [f"{i:03d}" for i in numbers]
        self.broken = set(broken)
        super().__init__(numbered(i, metric) for i in numbers)

    def __getitem__(self, index):
        sample = super().__getitem__(index)
        if sample.name in self.broken:
            raise ValueError(f"/data/{sample.name}.png: is damaged")
        return sample

    def picture_bytes(self, index):
        return ".png", encode_picture(self[index])


def numbered(i, metric=True):
    rng = np.random.default_rng(i)
    picture = rng.integers(0, 256, (10, 12, 3), dtype=np.uint8)
    return Sample(f"{i:03d}", picture, rng.random((10, 12), np.float32) + 0.1, rng.random((10, 12)) < 0.8, metric)
