"""From samples to views: crops, flips, light and what V1 calls strong perturbations, drawn by a given generator."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageFilter

from fathom.data.sample import Sample

BLUR = 0.1, 2.0  # range of the Gaussian's sigma, in pixels of the view
# What CutMix pastes: its share of the view's area, and its width / height. V1 gives no numbers; these are those of
# UniMatch, by the same first author.
PASTED_AREA = 0.02, 0.4
PASTED_RATIO = 0.3, 1 / 0.3
FRAME = 0.06  # widest frame, as a share of the view's shorter side
BAR = 0.15  # widest bar, as a share of the side it lies across


@dataclass(frozen=True)
class Augmentation:
    """What is done to a sample on its way into a batch.

    A crop that is smaller than the picture's shorter side is enlarged more, so that all in it seems nearer than it is,
    as through a longer lens. Inverse depth of unknown scale does not mind. A network that is to tell metres from the
    picture alone does, and takes `smallest` = `stretch` = `aspect` = 1: then a crop shows all of the shorter side, as
    the pictures will that the network is used on. Where it lies along the longer side changes nothing: depth is along
    the axis.

    V1's student sees jitter, blur and CutMix, the last with a probability of 0.5, on its unlabelled pictures.
    """

    crop: int = 192
    """Side of the square the network sees."""
    aspect: float = 1.0
    """Widest shape of what it sees in place of the square: longer side by shorter, of about the same area; each step
    has one."""
    standing: float = 0.5
    """Share of those shapes that stand; the others lie, as most pictures do."""
    smallest: float = 0.6
    """A crop's side, at least this share of the picture's shorter side; at most all of it."""
    stretch: float = 1.15
    """Widest change of the crop's aspect ratio."""
    flip: float = 0.5
    """Probability of a mirrored picture."""
    jitter: float = 0.3
    """Brightness, contrast, saturation and colour of the light change by up to this share."""
    blur: float = 0.0
    """Probability of a Gaussian blur, of 0.1 to 2 pixels."""
    cutmix: float = 0.0
    """Probability that a rectangle of another view is pasted in."""
    frame: float = 0.0
    """Probability of a plain frame over the view's edges, as of a scanned print, or of two bars, as of a film. The
    depth stays what it is under them: whoever never saw one takes it for the nearest thing there is, and what it
    touches for near as well."""


class View(NamedTuple):
    """A sample as it comes into a batch."""

    picture: np.ndarray  # uint8 (h, w, 3), RGB
    disparity: np.ndarray  # float32 (h, w)
    valid: np.ndarray  # bool (h, w)


def view_shape(how: Augmentation, multiple: int, rng: np.random.Generator) -> tuple[int, int]:
    """Height and width of a step's views; unless square, the multiples of `multiple` that are nearest."""
    if how.aspect == 1:
        return how.crop, how.crop
    root = how.aspect ** rng.uniform(0, 0.5)
    if rng.random() < how.standing:
        root = 1 / root
    height, width = (max(1, round(side / multiple)) * multiple for side in (how.crop / root, how.crop * root))
    return height, width


def augment(sample: Sample, how: Augmentation, rng: np.random.Generator, shape: tuple[int, int] | None = None) -> View:
    """One random view of a sample, without CutMix, which takes two; of the given height and width, or square."""
    height, width = sample.disparity.shape
    rows_seen, columns_seen = shape or (how.crop, how.crop)
    # Of the shape, the largest part of the picture, and then some share of that.
    scale = min(height / rows_seen, width / columns_seen) * rng.uniform(how.smallest, 1)
    ratio = how.stretch ** rng.uniform(-0.5, 0.5)
    w, h = min(columns_seen * scale * ratio, width), min(rows_seen * scale / ratio, height)
    x, y = rng.uniform(0, width - w), rng.uniform(0, height - h)
    box, size = (x, y, x + w, y + h), (columns_seen, rows_seen)
    image = Image.fromarray(sample.picture).resize(size, Image.Resampling.BICUBIC, box=box)
    # Depth is taken, not averaged: a mean over an edge is a surface that is not there.
    rows = np.minimum((y + (np.arange(rows_seen) + 0.5) / rows_seen * h).astype(int), height - 1)
    columns = np.minimum((x + (np.arange(columns_seen) + 0.5) / columns_seen * w).astype(int), width - 1)
    if rng.random() < how.flip:
        image, columns = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT), columns[::-1]
    image = relight(image, how.jitter, rng)
    if rng.random() < how.blur:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(*BLUR)))
    picture = np.asarray(image)
    if rng.random() < how.frame:
        picture = frame(picture, rng)
    disparity, valid = (values.take(rows, 0).take(columns, 1) for values in (sample.disparity, sample.valid))
    return View(picture, disparity, valid)


def relight(image: Image.Image, strength: float, rng: np.random.Generator) -> Image.Image:
    """Change an RGB picture's brightness, the colour of its light, its contrast and its saturation."""
    brightness, contrast, saturation = 1 + strength * rng.uniform(-1, 1, 3)
    gain = brightness * (1 + strength / 3 * rng.uniform(-1, 1, 3))
    if strength == 0:
        return image
    # All of it is linear, so that each pixel need only be touched once: c' = contrast * (grey + saturation * (gain * c
    # - grey)) + (1 - contrast) * middle, where grey is the mean of gain * c, and middle that of all pixels' greys.
    grey = np.tile(gain / 3, (3, 1))
    colours = contrast * (grey + saturation * (np.diag(gain) - grey))
    means = np.reshape(image.histogram(), (3, 256)) @ np.arange(256) / (image.width * image.height)
    middle = float(grey[0] @ means)
    rows = np.column_stack([colours, np.full(3, (1 - contrast) * middle)])
    return image.convert("RGB", tuple(rows.ravel().tolist()))  # clips and rounds


def frame(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A copy of a picture, uint8 (h, w, 3), behind a white, black or coloured frame, or between two such bars."""
    height, width = picture.shape[:2]
    bar = rng.uniform(0, BAR)
    top, bottom, left, right = (
        rng.uniform(0, FRAME) * min(height, width) * rng.uniform(0.5, 1, 4),  # prints do not lie straight
        (bar * height, bar * height, 0, 0),
        (0, 0, bar * width, bar * width),
    )[rng.choice(3, p=(0.5, 0.25, 0.25))]
    framed = np.empty_like(picture)
    framed[:] = ((255, 255, 255), (0, 0, 0), rng.integers(0, 256, 3))[rng.integers(3)]
    inner = np.s_[ceil(top) : height - ceil(bottom), ceil(left) : width - ceil(right)]
    framed[inner] = picture[inner]
    return framed


def cutmix(view: View, other: View, rng: np.random.Generator) -> tuple[View, np.ndarray]:
    """`view` with a rectangle of `other` in the same place, and bool (h, w), true where it is."""
    height, width = view.disparity.shape
    area = rng.uniform(*PASTED_AREA) * height * width
    ratio = np.exp(rng.uniform(*np.log(PASTED_RATIO)))
    w, h = min(width, max(1, round(sqrt(area * ratio)))), min(height, max(1, round(sqrt(area / ratio))))
    x, y = rng.integers(0, width - w + 1), rng.integers(0, height - h + 1)
    pasted = np.s_[y : y + h, x : x + w]
    region, mixed = np.zeros((height, width), bool), View(*(values.copy() for values in view))
    region[pasted] = True
    for values, from_other in zip(mixed, other, strict=True):
        values[pasted] = from_other[pasted]
    return mixed, region
