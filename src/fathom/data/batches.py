"""What a training step sees: views of samples, for one process or many, from random access or from streams.

A batch is a function of the seed and of which it is, so that a run that was stopped goes on exactly as if it had not
been, without saving any state of the data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from fathom.data.augment import Augmentation, View, augment, cutmix, view_shape
from fathom.data.draws import CUTMIX, SHAPE, VIEW, Draws, Streamed
from fathom.data.sample import InMemory, Sample
from fathom.errors import UsageError, sentence
from fathom.overlap import overlapped

if TYPE_CHECKING:
    import torch
    from torch import Tensor

MAX_REPLACED = 20  # samples that cannot be used, one after the other, that end a run


@dataclass(frozen=True)
class Batch:
    """N views at one size, as tensors."""

    pictures: Tensor  # uint8 (N, 3, h, w), RGB
    disparity: Tensor  # float32 (N, h, w), as of `Sample`; 0 where it is not known
    valid: Tensor  # bool (N, h, w)
    region: Tensor | None  # bool (N, h, w): what CutMix pasted in; None if it is off
    metric: Tensor  # bool (N,): whether all of a view's disparity is in 1/metres
    names: list[str]
    broken: list[tuple[str, str]]  # samples that could not be used and were replaced: name and reason

    def to(self, device: torch.device | str) -> Batch:
        """The same on a device; from pinned memory, the copy goes on while the caller does."""
        return self._each(lambda tensor: tensor.to(device, non_blocking=True))

    def pin_memory(self) -> Batch:
        """The same in pages that a GPU can read by itself: what a DataLoader asks of a batch."""
        return self._each(lambda tensor: tensor.pin_memory())

    def _each(self, do: Callable[[Tensor], Tensor]) -> Batch:
        return replace(
            self,
            pictures=do(self.pictures),
            disparity=do(self.disparity),
            valid=do(self.valid),
            region=None if self.region is None else do(self.region),
            metric=do(self.metric),
        )


class Batches:
    """The micro-batches of a process by number: step `i // accumulate` takes its `accumulate` ones.

    All processes' micro-batches of a step together are `batch` views. With random access they are the same views
    however many processes and parts there are. Streams deal out their shards, so that which views come together depends
    on `world` and `readers`, but each comes once an epoch all the same.

    Args:
        sets: each of random access, or `Streamed`.
        batch: views of a step, of all processes together.
        seed: of the order and of the augmentation.
        rank, world: which of how many processes this is.
        accumulate: how many micro-batches a step takes from each process.
        weights: how often a view is from each set (see `Draws`).
        readers: how many processes read streams for this one; micro-batch i is number `i % readers`'s. Part of what
            makes the order: it stays what it was when a run goes on.
        multiple: what the sides of views that are not square are multiples of.

    Raises:
        UsageError: a batch that cannot be dealt out evenly, or unfit weights.
        ValueError: there are no samples, or a stream has too few for its readers.
    """

    def __init__(
        self,
        sets: Sequence[Sequence[Sample] | Streamed],
        how: Augmentation,
        batch: int,
        seed: int,
        *,
        rank: int = 0,
        world: int = 1,
        accumulate: int = 1,
        weights: Sequence[float] = (),
        readers: int = 1,
        multiple: int = 1,
    ):
        self.micro, left = divmod(batch, world * accumulate)
        if left or not self.micro:
            raise UsageError(f"a batch of {batch} cannot be dealt out evenly to {world} processes x {accumulate} parts")
        self.how, self.batch, self.seed, self.multiple = how, batch, seed, multiple
        self.streamed = any(isinstance(samples, Streamed) for samples in sets)
        self.in_memory = any(isinstance(samples, InMemory) for samples in sets)
        self.rank, self.world, self.accumulate = rank, world, accumulate
        self.readers = 1 if self.in_memory else readers
        self.draws = Draws(sets, seed, weights, lanes=world * self.readers if self.streamed else 1)

    def positions(self, i: int) -> tuple[int, range]:
        """The lane of micro-batch `i`, and its positions there."""
        if self.streamed:
            turn, reader = divmod(i, self.readers)
            return self.rank * self.readers + reader, range(turn * self.micro, (turn + 1) * self.micro)
        step, part = divmod(i, self.accumulate)
        first = step * self.batch + (self.rank * self.accumulate + part) * self.micro
        return 0, range(first, first + self.micro)

    def __getitem__(self, i: int) -> Batch:
        """Raises ValueError if too many samples in a row cannot be used."""
        import torch

        if i < 0:
            raise IndexError(i)
        lane, positions = self.positions(i)
        made: dict[int, _Drawn] = {}

        def drawn(position: int) -> _Drawn:
            if position not in made:
                made[position] = self._draw(lane, position, shape)
            return made[position]

        # All micro-batches of a step have one shape, in whatever process, so that none waits for a larger one.
        shape = view_shape(self.how, self.multiple, self._generator(SHAPE, 0, i // self.accumulate))
        n, cutting = len(positions), self.how.cutmix > 0
        pictures = np.empty((n, 3, *shape), np.uint8)
        disparity = np.empty((n, *shape), np.float32)
        valid, region = np.empty((n, *shape), bool), np.zeros((n, *shape), bool)
        metric = np.empty(n, bool)
        for k, position in enumerate(positions):
            view, metric[k] = drawn(position).view, drawn(position).metric
            rng = self._generator(CUTMIX, lane, position)
            if rng.random() < self.how.cutmix:
                # The neighbour: a stream need not go far for it, and an even micro-batch not beyond itself.
                other = drawn(position ^ 1)
                view, region[k] = cutmix(view, other.view, rng)
                metric[k] &= other.metric
            pictures[k], valid[k] = view.picture.transpose(2, 0, 1), view.valid
            disparity[k] = np.where(view.valid, view.disparity, 0)
        return Batch(
            torch.from_numpy(pictures),
            torch.from_numpy(disparity),
            torch.from_numpy(valid),
            torch.from_numpy(region) if cutting else None,
            torch.from_numpy(metric),
            [drawn(position).name for position in positions],
            [each for position in positions for each in drawn(position).broken],
        )

    def _generator(self, purpose: int, lane: int, position: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, purpose, lane, position])

    def _draw(self, lane: int, position: int, shape: tuple[int, int]) -> _Drawn:
        """The view of a position; in place of a sample that cannot be used, the next of the same set is taken."""
        which, draw = self.draws.locate(lane, position)
        broken: list[tuple[str, str]] = []
        while len(broken) < MAX_REPLACED:
            name = f"number {self.draws.index(lane, which, draw + len(broken))} of set {which}"
            try:
                sample = self.draws.sample(lane, which, draw + len(broken))
                name = sample.name
                refuse_unusable(sample)
            except (ValueError, OSError) as error:
                broken.append((name, sentence(error) or str(error)))
                continue
            view = augment(sample, self.how, self._generator(VIEW, lane, position), shape)
            return _Drawn(view, sample.name, sample.metric, broken)
        raise ValueError(f"{MAX_REPLACED} samples in a row cannot be used; the last is {': '.join(broken[-1])}")


@dataclass(frozen=True)
class _Drawn:
    view: View
    name: str
    metric: bool
    broken: list[tuple[str, str]]


def refuse_unusable(sample: Sample) -> None:
    """Raises ValueError for a sample that nothing can be learned from."""
    picture, disparity, valid = sample.picture, sample.disparity, sample.valid
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3:
        raise ValueError(f"its picture is {picture.dtype} of shape {picture.shape}, not uint8 (H, W, 3)")
    if disparity.shape != picture.shape[:2] or valid.shape != picture.shape[:2]:
        raise ValueError(f"its picture is {picture.shape[:2]}, its depth {disparity.shape} and {valid.shape}")
    if not valid.any():
        raise ValueError("its depth is not known anywhere")
    if not (np.isfinite(disparity) | ~valid).all():
        raise ValueError("its depth is said to be known where it is not finite")


def loader(batches: Batches, first: int, last: int, workers: int = 0, pin: bool = False) -> Iterator[Batch]:
    """Micro-batches `first` to `last` - 1, made ahead of their use; a run goes on at `step * accumulate`.

    Args:
        workers: processes that make them, one thread each. 0 makes them in a thread of this one. Sets that are in
            memory would be in that of each, and so have no more than one; streams have as many as `readers`, or none.
        pin: into memory from which copies to a GPU are fast.

    Raises:
        UsageError: another number of workers than streams have readers.
        ValueError: too many samples in a row cannot be used.
        OSError: a worker was killed.
    """
    if batches.in_memory:
        workers = min(workers, 1)
    if batches.streamed and workers not in (0, batches.readers):
        raise UsageError(f"{batches.readers} readers of streams need as many workers, or none, not {workers}")
    if workers and last > first:
        from fathom.data.workers import in_workers

        return in_workers(batches, range(first, last), workers, pin)
    return _in_a_thread(batches, range(first, last), pin)


def _in_a_thread(batches: Batches, numbers: range, pin: bool) -> Iterator[Batch]:
    with ThreadPoolExecutor(1) as pool:
        for batch in overlapped(pool, batches.__getitem__, numbers, ahead=1):
            yield batch.pin_memory() if pin else batch
