"""Pictures -> network input -> runtime -> depth maps at the pictures' own size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import overload

import cv2
import numpy as np

from fathom.depth import Depth
from fathom.detail import affine_normalised, middle_and_spread, with_detail
from fathom.enlarge import STRIP, enlarge, enlarge_guided
from fathom.errors import UsageError, pick
from fathom.picture import Picture, Source, read
from fathom.runtime import Runtime, open_runtime
from fathom.zoo import find, find_for
from fathom.zoo.cards import Card
from fathom.zoo.records import INPUTS, Input

MAX_ASPECT = 8  # longer panoramas are squeezed to this: a strip of 20000 x 40 would make an input of 112000 x 224
MAX_SIZE = 4096
EDGES = "auto", "picture", "network"


def load(
    name_or_path: str | Path = "nano",
    *,
    device: str = "auto",
    runtime: str = "auto",
    size: int | None = None,
    weights: str | Path | None = None,
    precision: str = "auto",
    compile: bool = False,
    edges: str = "auto",
    detail: int | None = None,
    commercial_only: bool = False,
) -> Model:
    """The model of that name, whose weights are fetched if they are not here yet, or of that checkpoint.

    Args:
        name_or_path: as `fathom models` lists them; or a .safetensors, .pth, .onnx or .xml file, or a run's folder.
        device: "auto", "cpu", "cuda" or "mps".
        runtime: "auto", "openvino", "torch" or "onnx".
        size: shorter side of the network's input, rounded up to what the network can take; if None, the size at which
            the weights work best. Larger sees finer detail and costs time, in proportion to its square.
        weights: a checkpoint to take instead of the named model's own weights, of the same architecture.
        precision: "auto", "float32", "bfloat16" or "float16"; see `fathom.runtime.open_runtime`.
        compile: `torch.compile` the network: slow to start, faster for many pictures of one shape.
        edges: "network" enlarges the network's map as the reference does; "picture" moves its edges onto those of the
            picture, see `fathom.enlarge.enlarge_guided`; "auto" does that for the Lites, whose edges are soft.
        detail: a larger size, at which each picture is seen once more, for thin things and fine edges: see
            `fathom.detail`. It costs what that size costs.
        commercial_only: refuse weights that may not be used commercially.

    Raises:
        UsageError: a name that does not exist, options that do not go together, a size out of range.
        ValueError, ImportError, OSError: the model, or what is needed to run it, is not here.
    """
    if size is not None:
        refuse_size(size)
    pick(edges, EDGES, "way to find edges")
    if weights is not None:
        found = find_for(str(name_or_path), Path(weights), commercial_only)
    else:
        found = find(name_or_path, commercial_only)
    return Model(found.name, found.card, open_runtime(found, device, runtime, precision, compile), size, edges, detail)


def refuse_size(size: int) -> None:
    """Raises UsageError for a shorter side of the network's input that is out of range."""
    if not 1 <= size <= MAX_SIZE:
        raise UsageError(f"the size of the network's input is 1 to {MAX_SIZE} pixels, not {size}")


def refuse_detail(detail: int, size: int, multiple: int) -> None:
    """Raises UsageError if at `detail`, rounded up to what the network can take, it sees no more than at `size`."""
    refuse_size(detail)
    least = -(-size // multiple) * multiple + 1
    if detail < least:
        raise UsageError(f"detail takes a larger look than the first, here at {least} or more; not at {detail}")


class Model:
    """A network with weights, ready to look at pictures: `depth = model("street.jpg")`.

    Raises:
        UsageError: a second look that shows no more than the first.
        ValueError: the architecture is not known.
    """

    def __init__(
        self,
        name: str,
        card: Card,
        runtime: Runtime,
        size: int | None = None,
        edges: str = "auto",
        detail: int | None = None,
    ):
        self.name = name
        self.card = card
        self.kind = card.kind
        self.size = size or card.size  # shorter side of the network's input
        self.detail = detail  # that of a second, larger one
        if card.architecture not in INPUTS:
            raise ValueError(
                f"{name}: this version of fathom runs no network of the architecture {card.architecture!r}, "
                f"only {', '.join(INPUTS)}"
            )
        self.input = INPUTS[card.architecture]
        if detail is not None:
            refuse_detail(detail, self.size, self.input.multiple)
        self.guided = self.input.soft if edges == "auto" else edges == "picture"  # by the picture, when enlarging
        self.runtime = runtime

    @overload
    def __call__(self, pictures: Source | Picture, tiles: int = 1) -> Depth: ...  # type: ignore[overload-overlap]  # str, bytes
    @overload
    def __call__(self, pictures: Sequence[Source | Picture], tiles: int = 1) -> list[Depth]: ...
    def __call__(self, pictures, tiles=1):
        """Depth of one picture, or of each picture of a list.

        A picture is a path, a file's bytes, a PIL image or a uint8 (H, W, 3) RGB array. Pictures of a list may have
        any sizes: those with the same network input run together, and none is padded.

        Args:
            tiles: see each picture once more in so many tiles along its longer side, for detail; see `fathom.tiles`.

        Raises:
            UsageError: fewer than one tile.
            ValueError, OSError: a picture cannot be read; nothing is predicted then.
        """
        many = isinstance(pictures, (list, tuple))
        if tiles < 1:
            raise UsageError(f"a picture is seen in at least 1 tile along its longer side, not in {tiles}")
        if tiles > 1:
            return [self._in_tiles(each, tiles) for each in pictures] if many else self._in_tiles(pictures, tiles)
        read_all = [each if isinstance(each, Picture) else read(each) for each in (pictures if many else [pictures])]
        inputs = [self._prepared(picture.rgb, self.size) for picture in read_all]
        maps = self.run(inputs)
        if self.detail is not None:
            inputs = [self._prepared(picture.rgb, self.detail) for picture in read_all]
            maps = [detailed(*both) for both in zip(maps, self.run(inputs), strict=True)]
        depths = [
            Depth(self._enlarged(values, picture.rgb, x), self.kind, intrinsics=picture.intrinsics, model=self.name)
            for values, picture, x in zip(maps, read_all, inputs, strict=True)
        ]
        return depths if many else depths[0]

    def _prepared(self, rgb: np.ndarray, size: int) -> np.ndarray:
        height, width = rgb.shape[:2]
        return prepare(rgb, network_size(height, width, size, self.input.multiple), self.input)

    def _enlarged(self, values: np.ndarray, rgb: np.ndarray, x: np.ndarray) -> np.ndarray:
        if self.guided:
            return enlarge_guided(values, rgb, shown(x, self.input))
        return enlarge(values, *rgb.shape[:2])

    def _in_tiles(self, source: Source | Picture, tiles: int) -> Depth:
        from fathom.tiles import tiled

        picture = source if isinstance(source, Picture) else read(source)
        depth = self(picture)
        depth.values = tiled(picture.rgb, self._values, depth.values, tiles, self.size, self.kind)
        return depth

    def _values(self, crops: Sequence[np.ndarray]) -> Iterator[np.ndarray]:
        for start in range(0, len(crops), self.runtime.batch):
            yield from (depth.values for depth in self(list(crops[start : start + self.runtime.batch])))

    def run(self, inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Network inputs float32 (3, h, w) of any shapes -> float32 (h, w) each."""
        same: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for index, x in enumerate(inputs):
            same[x.shape].append(index)
        maps: dict[int, np.ndarray] = {}
        for indices in same.values():
            for start in range(0, len(indices), self.runtime.batch):
                group = indices[start : start + self.runtime.batch]
                maps.update(zip(group, self.runtime(np.stack([inputs[i] for i in group])), strict=True))
        if not all(np.isfinite(values).all() for values in maps.values()):
            raise ValueError(f"the network of {self.name} gave values that are not finite: its weights are no good")
        return [maps[index] for index in range(len(inputs))]


def detailed(values: np.ndarray, detail: np.ndarray) -> np.ndarray:
    """float32 (h, w), (H, W) -> (H, W): a network's map in its own unit, with what it sees at a larger size."""
    middle, spread = middle_and_spread(values)
    out = with_detail((values - middle) / spread, affine_normalised(detail), min(values.shape))
    return np.maximum(spread * out + middle, 0)  # neither inverse depth nor metres are less


def network_size(height: int, width: int, size: int, multiple: int) -> tuple[int, int]:
    """(h, w) of the network's input: the shorter side at least `size`, the aspect kept, multiples of `multiple`.

    That is the reference's rule ("lower bound"), up to an aspect of MAX_ASPECT to one.
    """
    scale = size / min(height, width)
    longest = MAX_ASPECT * max(size, multiple)

    def fit(side: float) -> int:
        side = min(side, longest)
        rounded = round(side / multiple) * multiple
        return rounded if rounded >= size else -(-size // multiple) * multiple

    return fit(height * scale), fit(width * scale)


def prepare(rgb: np.ndarray, size: tuple[int, int], wanted: Input) -> np.ndarray:
    """uint8 (H, W, 3) -> the network's input, float32 (3, h, w)."""
    h, w = size
    if wanted.antialias:
        height, width = rgb.shape[:2]
        rgb = cv2.resize(rgb, (min(w, width), min(h, height)), interpolation=cv2.INTER_AREA)
    # Sideways a few rows at a time, then down: what cubic resizing does in one go, without a large picture in float32.
    x: np.ndarray = np.empty((rgb.shape[0], w, 3), np.float32)
    for start in range(0, len(x), STRIP):
        part = slice(start, start + STRIP)
        x[part] = cv2.resize(rgb[part].astype(np.float32) / 255, (w, len(x[part])), interpolation=cv2.INTER_CUBIC)
    if len(x) != h:
        x = cv2.resize(x, (w, h), interpolation=cv2.INTER_CUBIC)
    x = (x - np.array(wanted.mean, np.float32)) / np.array(wanted.std, np.float32)
    return np.ascontiguousarray(x.transpose(2, 0, 1))


def shown(x: np.ndarray, wanted: Input) -> np.ndarray:
    """The network's input float32 (3, h, w) as the picture that it is, (h, w, 3) in 0..1: the way back of `prepare`."""
    return x.transpose(1, 2, 0) * np.array(wanted.std, np.float32) + np.array(wanted.mean, np.float32)
