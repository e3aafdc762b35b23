"""Which sample of which set comes at which position of an endless sequence, with nothing to remember.

It is a function of the seed and the position alone, so that a run goes on anywhere, and processes agree on who takes
what. Random access has one sequence, which all processes share. Streams cannot: each of their readers has a sequence of
its own, a *lane*, of shards that no other lane reads in that epoch.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from fathom.data.sample import Joined, Sample
from fathom.data.stream import ShardStream
from fathom.errors import UsageError

# What a generator is for, so that no two draw the same numbers.
ORDER, MIX, VIEW, CUTMIX, SHAPE = range(5)
BLOCK = 1000  # positions, about, in which every set has its share


class Streamed:
    """Shards that are read one after the other, being too many or too far away for random access.

    Args:
        source: a folder of shards, or its address.
        window: how many shards are shuffled together; each lane has twice as many in memory (see `ShardStream`).

    Raises:
        ValueError: no index of shards is there.
        OSError: the address cannot be read.
    """

    def __init__(self, source: str, window: int = 4):
        self.source, self.window = source, window
        stream = ShardStream(source)
        self.shards, self.samples = stream.shards, stream.ends[-1]

    def __len__(self) -> int:
        return self.samples

    def open(self, seed: int, lane: int, lanes: int) -> ShardStream:
        return ShardStream(self.source, seed, self.window, lane, lanes)


class Draws:
    """The samples of several sets; those of each set come in shuffled epochs, one after the other.

    Args:
        weights: how often a sample is from each set, in any unit. Without, it is by size: sets of random access are
            shuffled as if they were one.
        lanes: how many sequences the sets are shared by.

    Raises:
        ValueError: there are no samples, or a stream has too few for its lanes.
        UsageError: weights that are not one above 0 for each set.
    """

    def __init__(
        self, sets: Sequence[Sequence[Sample] | Streamed], seed: int, weights: Sequence[float] = (), lanes: int = 1
    ):
        if not sets or not all(len(samples) for samples in sets):
            raise ValueError("there are no samples to make batches of")
        if weights and (len(weights) != len(sets) or not all(0 < w < math.inf for w in weights)):
            raise UsageError(f"{len(sets)} sets are mixed by as many weights above 0, not by {list(weights)}")
        self.seed, self.lanes = seed, lanes
        if weights or any(isinstance(samples, Streamed) for samples in sets):
            self.sets, parts = list(sets), list(weights) or [len(samples) for samples in sets]
        else:
            self.sets, parts = [Joined([s for s in sets if not isinstance(s, Streamed)])], [1]
        self.shares = tuple(max(1, round(BLOCK * part / sum(parts))) for part in parts)
        self._streams: dict[tuple[int, int], ShardStream] = {}
        for number, samples in enumerate(self.sets):
            if isinstance(samples, Streamed):
                self._stream(number, samples, 0)

    def __getstate__(self) -> dict:
        return {**self.__dict__, "_streams": {}}  # they hold threads: each process opens its own

    def locate(self, lane: int, position: int) -> tuple[int, int]:
        """The number of the set that a lane's position has a sample from, and how many it had from there before."""
        block, within = divmod(position, sum(self.shares))
        order = block_order(self.shares, self.seed, lane, block)
        which = int(order[within])
        return which, block * self.shares[which] + int(np.count_nonzero(order[:within] == which))

    def sample(self, lane: int, which: int, draw: int) -> Sample:
        """Draw number `draw` of a lane from a set.

        Raises:
            ValueError: it is damaged.
            OSError: it cannot be read.
        """
        samples = self.sets[which]
        if isinstance(samples, Streamed):
            return self._stream(which, samples, lane)[draw]
        return samples[self.index(lane, which, draw)]

    def index(self, lane: int, which: int, draw: int) -> int:
        """The number of a drawn sample in its set, if that is of random access; its position in the lane, if not."""
        if isinstance(self.sets[which], Streamed):
            return draw
        n = len(self.sets[which])
        epoch, within = divmod(draw * self.lanes + lane, n)
        return int(sample_order(self.seed, which, epoch, n)[within])

    def _stream(self, which: int, samples: Streamed, lane: int) -> ShardStream:
        if (which, lane) not in self._streams:
            self._streams[which, lane] = samples.open(self.seed, lane, self.lanes)
        return self._streams[which, lane]


@lru_cache(maxsize=16)
def sample_order(seed: int, which: int, epoch: int, n: int) -> np.ndarray:
    """int64 (n,): each of a set's samples once, in the order of an epoch."""
    return np.random.default_rng([seed, ORDER, which, epoch]).permutation(n)


@lru_cache(maxsize=16)
def block_order(shares: tuple[int, ...], seed: int, lane: int, block: int) -> np.ndarray:
    """int64 (sum of shares,): the sets that the positions of a block have their samples from."""
    return np.random.default_rng([seed, MIX, lane, block]).permutation(np.repeat(np.arange(len(shares)), shares))
