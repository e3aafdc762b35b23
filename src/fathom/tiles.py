"""Detail in large pictures: the picture seen once whole, and once more through overlapping tiles.

A network sees every picture at one size, so a tile shows it more of each thing and less of what is around it: edges
come out finer, while where the tile lies in the scene, and how it slopes, is guesswork. So each tile is laid over the
whole picture's map, by a scale and a shift that most of its pixels agree on; what is left between the two is
broad, comes from the whole picture, and is added back; and neighbouring tiles fade into each other.

Metric maps are fitted as logarithms, and by a shift alone: a tile looks like the same scene through a longer lens,
which makes a metric network wrong by a factor, and by nothing else that could be known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from fathom.depth import Kind
from fathom.fit import Fit, least_squares

OVERLAP = 1 / 3  # of a tile's side, with the next one
CELLS = 3  # across a tile: what is broader than a cell is taken from the whole picture
SAMPLES = 64  # along each side of a tile, for its fit
ITERATIONS = 20  # of reweighting
SMALLEST = np.float32(1e-6)  # metres, of which there is a logarithm

Predict = Callable[[Sequence[np.ndarray]], Iterable[np.ndarray]]


@dataclass(frozen=True)
class Span:
    """A tile's place along one axis."""

    start: int
    window: np.ndarray  # float32 (n,): its share of each pixel; those of all tiles at a pixel add up to 1

    @property
    def pixels(self) -> slice:
        return slice(self.start, self.start + len(self.window))


def tiled(
    rgb: np.ndarray, predict: Predict, whole: np.ndarray, tiles: int, size: int, kind: Kind = "relative"
) -> np.ndarray:
    """The map of a picture with the detail that its tiles show.

    Args:
        rgb: uint8 (H, W, 3).
        predict: pictures uint8 (h, w, 3) -> maps float32 (h, w), called with one row of tiles at a time. The maps are
            taken one by one: a generator keeps them from all being in memory.
        whole: float32 (H, W), finite: the map of the picture seen whole. It is not changed.
        tiles: along the picture's longer side; along the other, as many as it takes with square tiles. Fewer, where
            a tile would have fewer than `size` pixels: enlarged, it has no more detail than the picture seen whole.
        size: shorter side of the network's input.
        kind: of the map; see `Depth`.

    Returns:
        float32 (H, W). Besides it, at most one row of tiles is in memory at a time.
    """
    rows, columns = layout(whole.shape[0], whole.shape[1], tiles, size)
    if len(rows) == len(columns) == 1:
        return whole.copy()
    blended = np.zeros_like(whole)
    for row in rows:
        crops = [rgb[row.pixels, column.pixels] for column in columns]
        for column, tile in zip(columns, predict(crops), strict=True):
            place = row.pixels, column.pixels
            part = laid_over(tile, whole[place], row.window, column.window, kind)
            part *= column.window  # in place, as tiles may have megapixels
            part *= row.window[:, None]
            blended[place] += part
    # Neither metres nor inverse depth go below 0, where detail may have taken what was 0 already: a sky.
    return np.maximum(blended, min(whole.min(), np.float32(0)), out=blended)


def layout(height: int, width: int, tiles: int, size: int) -> tuple[list[Span], list[Span]]:
    """The rows and the columns of tiles; one of each if the picture is too small for more."""
    longer = max(height, width)
    sides = (-(-longer // (n - (n - 1) * OVERLAP)) for n in range(min(tiles, longer), 1, -1))
    side = next((int(side) for side in sides if side >= size), longer)
    return spans(height, side), spans(width, side)


def spans(length: int, side: int) -> list[Span]:
    """Tiles of `side` pixels, evenly along `length` pixels, each overlapping the next by OVERLAP or more."""
    if side >= length:
        return [Span(0, np.ones(length, np.float32))]
    n = int(np.ceil((length - side) / (side * (1 - OVERLAP)) - 1e-9)) + 1
    starts = np.rint(np.linspace(0, length - side, n)).astype(int)
    total = np.zeros(length)
    windows = []
    for start in starts:
        # From 0 to 1 along the overlap, in half a cosine; the picture's own borders need no fading.
        ramp = min(side, int(side * OVERLAP)) or 1
        fade = 0.5 - 0.5 * np.cos(np.pi * (np.arange(side) + 0.5).clip(max=ramp) / ramp)
        window = (fade if start > 0 else 1) * (fade[::-1] if start < length - side else 1) * np.ones(side)
        total[start : start + side] += window
        windows.append(window)
    return [
        Span(int(start), (window / total[start : start + side]).astype(np.float32))
        for start, window in zip(starts, windows, strict=True)
    ]


def laid_over(tile: np.ndarray, whole: np.ndarray, down: np.ndarray, along: np.ndarray, kind: Kind) -> np.ndarray:
    """A tile's map (h, w) in the scale, the shift and the broad shape of the whole picture's map there: a new array.

    Where the tile tells nothing of what the whole picture shows (a constant; values that are not finite; near where
    the whole picture has far), that is what is returned.

    Args:
        down, along: the tile's windows, (h,) and (w,): how much its pixels count in the fit.
    """
    if not np.isfinite(tile).all():
        return whole.copy()
    if kind == "metric":
        tile, whole = np.log(tile.clip(SMALLEST)), np.log(whole.clip(SMALLEST))
    rows, columns = (slice(None, None, max(1, side // SAMPLES)) for side in tile.shape)
    window = np.outer(down[rows], along[columns]).ravel()
    fit = robust_fit(tile[rows, columns].ravel(), whole[rows, columns].ravel(), window, scaled=kind == "relative")
    if fit.scale > 0:
        aligned = tile * np.float32(fit.scale)
        aligned += np.float32(fit.shift)
        aligned += broad(whole - aligned)
    else:
        aligned = whole.copy()
    return np.exp(aligned, out=aligned) if kind == "metric" else aligned


def robust_fit(tile: np.ndarray, whole: np.ndarray, window: np.ndarray, scaled: bool = True) -> Fit:
    """The s, t of min sum window |s tile + t - whole|, arrays (N,): what the two see differently does not bend it.

    By iteratively reweighted least squares, as `fathom.bench.alignment.least_absolute`. Unless `scaled`, s is 1.
    """
    p, y, base = (values.astype(np.float64) for values in (tile, whole, window))
    smallest = 1e-3 * (np.abs(y - np.median(y)).mean() or 1.0)
    weight = base
    fit = Fit(1.0, 0.0)
    for _ in range(ITERATIONS):
        fit = least_squares(p, y, weight) if scaled else Fit(1.0, float(np.average(y - p, weights=weight)))
        weight = base / np.maximum(np.abs(fit.scale * p + fit.shift - y), smallest)
    return fit


def broad(values: np.ndarray) -> np.ndarray:
    """float32 (h, w) without detail: means of CELLS x CELLS cells, and smoothly between them."""
    h, w = values.shape
    cells = cv2.resize(values, (min(CELLS, w), min(CELLS, h)), interpolation=cv2.INTER_AREA)
    return cv2.resize(cells, (w, h), interpolation=cv2.INTER_CUBIC)
