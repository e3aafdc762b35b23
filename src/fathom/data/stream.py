"""Shards read from a disk or an address one after the other, in an order that any position of an epoch tells.

An epoch is a permutation of the shards; a window of a few of them is held in memory, and its samples are shuffled
among themselves. Nothing else is remembered, so a run goes on at the position where it stopped.
"""

from __future__ import annotations

import io
import threading
from bisect import bisect_right
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

import numpy as np

from fathom.data.sample import Sample
from fathom.data.shards import INDEX, Entry, Shards, decode_entry, entries_of, read_index, refuse_other_count
from fathom.data.storage import Storage


def rank_share(samples: int, rank: int, world: int) -> range:
    """The positions of an epoch that are a rank's: as many for each, in one run.

    The fewer than `world` positions that are left over are nobody's; they are other samples in each epoch.
    """
    each = samples // world
    return range(rank * each, (rank + 1) * each)


@dataclass(frozen=True)
class Epoch:
    """What a rank reads in an epoch. Sample 0 of shard 1 has the number counts[0]."""

    order: np.ndarray  # int64: numbers of samples
    windows: list[list[int]]  # shards that are held together, in the order in which they are needed
    ends: list[int]  # the position after the last of each window


def plan_epoch(counts: Sequence[int], seed: int, epoch: int, window: int, rank: int = 0, world: int = 1) -> Epoch:
    """The shards are permuted and dealt to the ranks; the samples of each `window` shards in a row are shuffled.

    That is as random as can be had without going back to a shard. A function of its arguments alone.

    Args:
        counts: how many samples each shard has.
    """
    first = np.cumsum(counts) - counts  # number of each shard's first sample
    share = rank_share(sum(counts), rank, world)
    pieces: list[tuple[int, np.ndarray]] = []  # of a shard that two ranks share, each has one
    begin = 0
    for shard in np.random.default_rng([seed, epoch]).permutation(len(counts)).tolist():
        low, high = max(share.start - begin, 0), min(share.stop - begin, counts[shard])
        if low < high:
            pieces.append((shard, np.arange(first[shard] + low, first[shard] + high)))
        begin += counts[shard]
    groups = [pieces[i : i + window] for i in range(0, len(pieces), window)]
    shuffled = [
        np.random.default_rng([seed, epoch, rank, i]).permutation(np.concatenate([numbers for _, numbers in group]))
        for i, group in enumerate(groups)
    ]
    order = np.concatenate(shuffled) if shuffled else np.empty(0, np.int64)
    return Epoch(order, [[shard for shard, _ in group] for group in groups], list(accumulate(map(len, shuffled))))


def shard_order(counts: Sequence[int], seed: int, epoch: int, window: int) -> np.ndarray:
    """int64 (sum of counts,): the number of every sample once, in the order of an epoch (see `plan_epoch`)."""
    return plan_epoch(counts, seed, epoch, window).order


class ShardStream:
    """Samples by position: position p of epoch e is item e * len(stream) + p, and there is no last epoch.

    Made to be read in order: the shards of a position's window are in memory, and those of the next window are being
    fetched meanwhile, so twice `window` shards are held at most.

    Args:
        source: a folder of shards, or its address in the words of fsspec (s3://, https://, ...).
        seed: of the order.
        window: how many shards are shuffled together.
        rank, world: which of how many processes this is; each has its own positions.

    Raises:
        ValueError: no index of shards is there, or fewer samples than processes.
        OSError: the address cannot be read.
    """

    def __init__(self, source: str | Path, seed: int = 0, window: int = 4, rank: int = 0, world: int = 1):
        self.storage = Storage(source)
        if self.storage.remote:
            self.shards = read_index(self.storage.read(INDEX), self.storage.location(INDEX))
            self.counts = [shard.samples for shard in self.shards]
        else:
            local = Shards(source)
            self.shards, self.counts = local.shards, local.counts
        self.ends = list(accumulate(self.counts))
        self.epoch_length = len(rank_share(self.ends[-1], rank, world))
        if not self.epoch_length:
            raise ValueError(f"{self.storage.root}: {self.ends[-1]} samples are too few for {world} processes")
        self._plan = lru_cache(maxsize=2)(lambda epoch: plan_epoch(self.counts, seed, epoch, window, rank, world))
        self._held: dict[int, Future[tuple[bytes, list[Entry]]]] = {}
        self._lock = threading.Lock()
        self._fetching = ThreadPoolExecutor(1)

    def __len__(self) -> int:
        """Samples of an epoch."""
        return self.epoch_length

    def __getitem__(self, index: int) -> Sample:
        """Raises ValueError, naming shard and key, for a damaged sample; OSError if its shard cannot be read."""
        if index < 0:
            raise IndexError(index)
        epoch, position = divmod(index, len(self))
        plan = self._plan(epoch)
        number = int(plan.order[position])
        shard = bisect_right(self.ends, number)
        data, entries = self._hold(plan, bisect_right(plan.ends, position))[shard].result()
        return self._sample(entries[number - self.ends[shard] + self.counts[shard]], data, self._location(shard))

    def _sample(self, entry: Entry, data: bytes, location: str) -> Sample:
        return decode_entry(entry, lambda span: data[span[0] : span[0] + span[1]], location)

    def _hold(self, plan: Epoch, window: int) -> dict[int, Future[tuple[bytes, list[Entry]]]]:
        """The shards of a window and of the next, fetched or being fetched; all others are let go."""
        with self._lock:
            wanted = [shard for shards in plan.windows[window : window + 2] for shard in shards]
            there = {s: held for s in wanted if (held := self._held.get(s)) and not _failed(held)}
            self._held = {s: there.get(s) or self._fetching.submit(self._read, s) for s in wanted}
            return self._held

    def _location(self, shard: int) -> str:
        return self.storage.location(self.shards[shard].file)

    def _read(self, shard: int) -> tuple[bytes, list[Entry]]:
        location, record = self._location(shard), self.shards[shard]
        data = self.storage.read(record.file)
        if len(data) != record.bytes:
            raise ValueError(f"{location}: has {len(data)} bytes, not {record.bytes} as {INDEX} says")
        entries = entries_of(io.BytesIO(data), location)
        refuse_other_count(entries, record, location)
        return data, entries


def _failed(future: Future) -> bool:
    return future.done() and future.exception() is not None
