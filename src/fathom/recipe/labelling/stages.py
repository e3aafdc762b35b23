"""What is done to the pictures of a shard, a few at a time: read, decode, look, encode, gather.

Each stage but the first takes a `Piece` and gives one; none knows of threads, processes or machines. What a piece
becomes depends on its pictures and the teacher alone: the teacher is always shown the same pictures together, because
a network's results may differ in their last bits with the size of the batch.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol

import cv2
import numpy as np

from fathom.data.label_codec import LabelMap, encode_map
from fathom.data.label_store import Job, LabelStore
from fathom.data.picture_shards import members_of
from fathom.data.shards import Shard, Skipped, key_of, name_of
from fathom.data.storage import Storage
from fathom.detail import affine_normalised, with_detail
from fathom.enlarge import enlarge, enlarge_guided
from fathom.errors import sentence
from fathom.overlap import overlapped
from fathom.picture import read
from fathom.predict import network_size, prepare
from fathom.zoo.records import Input

PIECE = 16  # pictures
AT_ONCE = 8  # loose photos that are read at a time from an address
MIN_SIDE = 32  # pixels: what is smaller shows a network nothing
FLAT = 2  # of 255: a picture whose colours differ by no more is of one colour
CONSTANT = 1e-4  # of its largest value: a map that spreads by less has no depth in it


@dataclass(frozen=True)
class Refused:
    """Why a picture gets no label."""

    reason: str  # unreadable, tiny, flat, constant or not finite: and in words


@dataclass(frozen=True)
class Piece:
    """Some pictures of a shard, one after the other, at some stage."""

    shard: str  # of the labels
    index: int  # which piece of the shard
    last: bool
    items: tuple[tuple[str, Any], ...]  # key, and what the stage before has made of it or Refused

    def mapped(self, do: Callable[[Any], Any]) -> Piece:
        """With `do` done to each item that is not refused; a ValueError that says so refuses it."""
        made = []
        for key, item in self.items:
            if not isinstance(item, Refused):
                try:
                    item = do(item)
                except ValueError as error:
                    if sentence(error) is None:  # a bug
                        raise
                    item = Refused(str(error))
            made.append((key, item))
        return Piece(self.shard, self.index, self.last, tuple(made))


class Runs(Protocol):
    def run(self, inputs: Sequence[np.ndarray], /) -> list[np.ndarray]:
        """Network inputs float32 (3, h, w) of any shapes -> float32 (h, w) each.

        Raises:
            ValueError: a map is not finite.
        """
        ...


@dataclass(frozen=True)
class Teacher:
    """What is known of a teacher without its weights, and how to get them; may be sent to other machines."""

    name: str
    fingerprint: str
    sizes: tuple[int, ...]  # shorter sides of the network's input; a label is the mean of what is seen at each
    input: Input
    networks: tuple[Callable[[], Runs], ...]  # what opens each; with several, a label is the mean of what all see
    detail: int | None = None  # shorter side at which it looks once more, for edges
    guided: bool = False  # whether a label's edges are then moved onto those of its picture


@dataclass(frozen=True)
class Prepared:
    inputs: tuple[np.ndarray, ...]  # float32 (3, h, w), the network's input at each of its sizes
    size: tuple[int, int]  # of the picture: height, width
    detailed: bool = False  # whether the last of the inputs is there for edges
    guide: np.ndarray | None = None  # uint8 (h, w, 3): the picture, as large as its label, if that is to have its edges

    @property
    def views(self) -> list[np.ndarray]:
        """Each input, and after it its mirror image."""
        return [view for x in self.inputs for view in (x, _mirror(x))]


@dataclass(frozen=True)
class Seen:
    maps: tuple[np.ndarray, ...]  # float32 (h, w) each, in pairs: of a view, and of its mirror image, mirrored back
    size: tuple[int, int]
    details: tuple[np.ndarray, ...] = ()  # the same of what is there for edges
    guide: np.ndarray | None = None

    @classmethod
    def of(cls, prepared: Prepared, seen: Sequence[Iterator[np.ndarray]]) -> Seen:
        """Takes the maps of its views from what each network has seen."""
        maps: list[np.ndarray] = []
        details: list[np.ndarray] = []
        for seen_by_one in seen:
            of_one = [m for _ in prepared.inputs for m in (next(seen_by_one), _mirror(next(seen_by_one)))]
            broad = len(of_one) - 2 * prepared.detailed
            maps += of_one[:broad]
            details += of_one[broad:]
        return cls(tuple(maps), prepared.size, tuple(details), prepared.guide)


@dataclass(frozen=True)
class Reader:
    """Job -> its pictures as they lie in the pool, `PIECE` at a time."""

    root: str

    def __call__(self, job: Job) -> Iterator[Piece]:
        """Raises OSError if the pool cannot be read, ValueError if a shard of pictures is damaged."""
        pool = Storage(self.root)
        pictures = _of_shard(pool, job.pictures) if job.pictures else _of_files(pool, job.names)
        waiting: list[tuple[str, bytes | Refused]] = []
        index = 0
        for picture in pictures:
            if len(waiting) == PIECE:  # only now is it known not to be the last
                yield Piece(job.shard, index, False, tuple(waiting))
                waiting, index = [], index + 1
            waiting.append(picture)
        yield Piece(job.shard, index, True, tuple(waiting))


def _of_files(pool: Storage, names: Sequence[str]) -> Iterator[tuple[str, bytes | Refused]]:
    with ThreadPoolExecutor(AT_ONCE if pool.remote else 1) as threads:
        read_all = overlapped(threads, lambda name: _of_file(pool, name), names, AT_ONCE)
        yield from ((key_of(name), data) for name, data in zip(names, read_all, strict=True))


def _of_file(pool: Storage, name: str) -> bytes | Refused:
    """A photo that is gone or closed to us is its own fault; any other error is the disk's, and is raised."""
    try:
        return pool.read(name)
    except (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError) as error:
        return Refused(f"unreadable: {(error.strerror or 'no such file').lower()}")


def _of_shard(pool: Storage, shard: str) -> Iterator[tuple[str, bytes]]:
    with pool.open(shard) as file:
        for member in members_of(file, pool.location(shard)):
            yield member.key, member.data()


@dataclass(frozen=True)
class Decoder:
    """Files' bytes -> `Prepared`, on a CPU."""

    sizes: tuple[int, ...]
    input: Input
    detail: int | None = None
    guided: bool = False

    def __call__(self, piece: Piece) -> Piece:
        return piece.mapped(self.decoded)

    def decoded(self, data: bytes) -> Prepared:
        try:
            rgb = read(data, name="it").rgb
        except ValueError as error:
            words = re.sub(r" at 0x[0-9a-f]+", "", str(error).removeprefix("it: "))  # the same each time
            raise ValueError(f"unreadable: {words}") from None
        height, width = rgb.shape[:2]
        if min(height, width) < MIN_SIDE:
            raise ValueError(f"tiny: {width}x{height} pixels, where {MIN_SIDE} are the least")
        if _spread(rgb[::16, ::16]) <= FLAT and _spread(rgb) <= FLAT:
            raise ValueError("flat: the picture has one colour")
        return self.prepared(rgb)

    def prepared(self, rgb: np.ndarray) -> Prepared:
        height, width = rgb.shape[:2]
        sizes = self.sizes if self.detail is None else (*self.sizes, self.detail)
        shapes = [network_size(height, width, size, self.input.multiple) for size in sizes]
        inputs = tuple(prepare(rgb, shape, self.input) for shape in shapes)
        guide = None
        if self.guided:
            h, w = label_shape(shapes, (height, width))
            guide = cv2.resize(rgb, (w, h), interpolation=cv2.INTER_AREA)
        return Prepared(inputs, (height, width), self.detail is not None, guide)


def label_shape(shapes: Iterable[tuple[int, int]], size: tuple[int, int]) -> tuple[int, int]:
    """(h, w) of the label of a picture seen in these shapes: the largest of them, or the picture's if that is smaller.

    Args:
        size: of the picture.
    """
    largest = max(shapes, key=math.prod)
    return size if math.prod(size) < math.prod(largest) else largest


def _spread(rgb: np.ndarray) -> int:
    return int((rgb.max((0, 1)).astype(int) - rgb.min((0, 1))).max())


@dataclass
class Looker:
    """`Prepared` -> `Seen`, wherever the teacher's networks run."""

    teacher: Teacher
    networks: list[Runs] = field(default_factory=list, repr=False)

    def __call__(self, piece: Piece) -> Piece:
        self.networks = self.networks or [opened() for opened in self.teacher.networks]
        views = [view for _, p in piece.items if isinstance(p, Prepared) for view in p.views]
        try:
            seen = self._look(views)
        except ValueError as error:  # one of them is not finite: each for itself
            if sentence(error) is None:
                raise
            return piece.mapped(self._alone)
        return piece.mapped(lambda p: Seen.of(p, seen))

    def _look(self, views: list[np.ndarray]) -> list[Iterator[np.ndarray]]:
        return [iter(network.run(views)) for network in self.networks]

    def _alone(self, prepared: Prepared) -> Seen:
        try:
            return Seen.of(prepared, self._look(prepared.views))
        except ValueError as error:
            if sentence(error) is None:
                raise
            raise ValueError("not finite: the teacher's map has nan or infinity in it") from None


def _mirror(x: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(x[..., ::-1])


@dataclass(frozen=True)
class Encoder:
    """`Seen` -> the bytes of its label, on a CPU."""

    bits: int

    def __call__(self, piece: Piece) -> Piece:
        return piece.mapped(self.encoded)

    def encoded(self, seen: Seen) -> bytes:
        return encode_map(label_of(seen), self.bits)


def label_of(seen: Seen) -> LabelMap:
    """The mean of what is seen in all views, as large as the largest of them, or as the picture if that is smaller.

    Large views of a picture show where its edges are; small ones, how it lies as a whole. So where there are maps for
    detail, the mean of the others is given the edges of theirs. With a guide, these are moved onto the picture's.

    Raises:
        ValueError: there is no depth in one.
    """
    every = seen.maps + seen.details
    for d in every[::2]:
        if float(np.ptp(d)) <= max(CONSTANT * float(np.abs(d).max()), 1e-6):
            raise ValueError("constant: the teacher sees no depth in it")
    height, width = label_shape((d.shape for d in every), seen.size)
    label = _mean(seen.maps, height, width)
    if seen.details:
        label = with_detail(label, _mean(seen.details, height, width), min(min(d.shape) for d in seen.maps))
    label = label.astype(np.float32)
    if seen.guide is not None:
        label = enlarge_guided(label, seen.guide, seen.guide.astype(np.float32) / 255)
    return LabelMap(label, seen.size)


def _mean(maps: Sequence[np.ndarray], height: int, width: int) -> np.ndarray:
    """float64 (height, width) of maps float32 (h, w), each normalised first."""
    mean = np.zeros((height, width))
    for d in map(affine_normalised, maps):
        mean += d if d.shape == mean.shape else enlarge(d, height, width)
    return mean / len(maps)


class Gatherer:
    """Encoded pieces -> shards in the store, each written when its last missing piece has come."""

    def __init__(self, root: str):
        self.store = LabelStore(root)
        self.begun: dict[str, dict[int, Piece]] = {}

    def add(self, piece: Piece) -> Shard | None:
        """The record of the piece's shard, if that is whole now. A piece that comes twice counts once.

        Raises:
            OSError: the store cannot be written.
        """
        pieces = self.begun.setdefault(piece.shard, {})
        pieces[piece.index] = piece
        last = next((p.index for p in pieces.values() if p.last), None)
        if last is None or len(pieces) <= last:
            return None
        items = [item for index in range(last + 1) for item in pieces[index].items]
        shard = self.store.write_shard(Job(piece.shard), _labels(items), _skipped(items))
        del self.begun[piece.shard]
        return shard


def _labels(items: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, bytes]]:
    return ((key, item) for key, item in items if not isinstance(item, Refused))


def _skipped(items: Iterable[tuple[str, Any]]) -> list[Skipped]:
    return [Skipped(name_of(key), item.reason) for key, item in items if isinstance(item, Refused)]
