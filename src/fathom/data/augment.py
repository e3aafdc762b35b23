"""From samples to batches: crops, flips and light, each a function of its own random generator.

Which samples a step sees and how they are augmented depends on (seed, step) alone, so a run that was stopped goes on
exactly as if it had not been, without saving any state of the data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from fathom.data.sample import Sample


@dataclass(frozen=True)
class Augmentation:
    """What is done to a sample on its way into a batch."""

    crop: int = 192
    """Side of the square the network sees."""
    smallest: float = 0.6
    """A crop's side, at least this share of the picture's shorter side; at most all of it."""
    stretch: float = 1.15
    """Widest change of the crop's aspect ratio."""
    flip: float = 0.5
    """Probability of a mirrored picture."""
    jitter: float = 0.3
    """Brightness, contrast, saturation and colour of the light change by up to this share."""


@dataclass(frozen=True)
class Batch:
    """N samples at one size."""

    pictures: np.ndarray  # uint8 (N, 3, crop, crop), RGB
    disparity: np.ndarray  # float32 (N, crop, crop)
    valid: np.ndarray  # bool (N, crop, crop)
    names: list[str]


def augment(sample: Sample, how: Augmentation, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One random view of a sample: picture uint8 (crop, crop, 3), disparity float32 and valid bool (crop, crop)."""
    height, width = sample.disparity.shape
    side = min(height, width) * rng.uniform(how.smallest, 1)
    ratio = how.stretch ** rng.uniform(-0.5, 0.5)
    w, h = min(side * ratio, width), min(side / ratio, height)
    x, y = rng.uniform(0, width - w), rng.uniform(0, height - h)
    size = how.crop
    image = Image.fromarray(sample.picture).resize((size, size), Image.Resampling.BICUBIC, box=(x, y, x + w, y + h))
    # Depth is taken, not averaged: a mean over an edge is a surface that is not there.
    centres = (np.arange(size) + 0.5) / size
    rows = np.minimum((y + centres * h).astype(int), height - 1)
    columns = np.minimum((x + centres * w).astype(int), width - 1)
    at = np.ix_(rows, columns)
    picture, disparity, valid = np.asarray(image), sample.disparity[at], sample.valid[at]
    if rng.random() < how.flip:
        picture, disparity, valid = picture[:, ::-1], disparity[:, ::-1], valid[:, ::-1]
    return relight(picture, how.jitter, rng), disparity, valid


def relight(picture: np.ndarray, strength: float, rng: np.random.Generator) -> np.ndarray:
    """Change brightness, the light's colour, contrast and saturation of a uint8 (H, W, 3) picture."""
    brightness, contrast, saturation = 1 + strength * rng.uniform(-1, 1, 3)
    tint = 1 + strength / 3 * rng.uniform(-1, 1, 3)
    x = picture.astype(np.float32) * (brightness * tint).astype(np.float32)
    grey = x.mean(axis=2, keepdims=True)
    x = grey + np.float32(saturation) * (x - grey)
    middle = grey.mean()
    x = middle + np.float32(contrast) * (x - middle)
    return np.clip(x + 0.5, 0, 255).astype(np.uint8)


def sample_order(seed: int, epoch: int, n: int) -> np.ndarray:
    """Every index of `n` samples once, in the order of that epoch."""
    return np.random.default_rng([seed, epoch]).permutation(n)


def make_batch(samples: Sequence[Sample], how: Augmentation, size: int, seed: int, step: int) -> Batch:
    """The batch of a step: the next `size` samples of the shuffled epochs, each augmented by its own generator."""
    n = len(samples)
    first, end = step * size, (step + 1) * size
    orders = {epoch: sample_order(seed, epoch, n) for epoch in range(first // n, (end - 1) // n + 1)}
    views, names = [], []
    for position in range(first, end):
        epoch, within = divmod(position, n)
        sample = samples[int(orders[epoch][within])]
        views.append(augment(sample, how, np.random.default_rng([seed, position, 1])))
        names.append(sample.name)
    pictures, disparity, valid = (np.stack(parts) for parts in zip(*views, strict=True))
    return Batch(np.ascontiguousarray(pictures.transpose(0, 3, 1, 2)), disparity, valid, names)
