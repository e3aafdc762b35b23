"""The order of an epoch is a function of its arguments; the stream follows it and reads each shard once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fathom.data.folder import encode_picture
from fathom.data.pack import write_shards
from fathom.data.sample import Sample
from fathom.data.shards import INDEX, Shards
from fathom.data.storage import Storage
from fathom.data.stream import ShardStream, plan_epoch, rank_share, shard_order

COUNTS = st.lists(st.integers(0, 6), min_size=1, max_size=8).filter(sum)


@settings(max_examples=40, deadline=None)
@given(COUNTS, st.integers(0, 99), st.integers(0, 3), st.integers(1, 9))
def test_an_epoch_has_every_sample_once_and_goes_through_the_shards_in_windows(counts, seed, epoch, window):
    order = shard_order(counts, seed, epoch, window)
    assert sorted(order) == list(range(sum(counts)))
    shard_of = np.repeat(np.arange(len(counts)), counts)[order]
    last_use = {int(s): i for i, s in enumerate(shard_of)}
    for position, shard in enumerate(shard_of):  # at no time are more than `window` shards begun and not used up
        begun = {int(s) for s in shard_of[: position + 1]}
        assert sum(last_use[s] >= position for s in begun) <= window
        assert int(shard) in begun


def test_epochs_and_seeds_have_orders_of_their_own():
    a = shard_order([50] * 6, 1, 0, 2)
    assert np.array_equal(a, shard_order([50] * 6, 1, 0, 2))
    assert not np.array_equal(a, shard_order([50] * 6, 1, 1, 2))
    assert not np.array_equal(a, shard_order([50] * 6, 2, 0, 2))
    first = np.sort(a[:100] // 50)
    assert len(set(first)) == 2 and not np.array_equal(a[:100] // 50, first)  # two shards, mixed


@given(st.integers(0, 50), st.integers(1, 9))
def test_ranks_share_the_positions(samples, world):
    shares = [rank_share(samples, rank, world) for rank in range(world)]
    assert len({len(share) for share in shares}) == 1
    taken = [p for share in shares for p in share]
    assert len(set(taken)) == len(taken) and set(taken) <= set(range(samples))
    assert samples - len(taken) < world


class Numbered(list):
    """Samples whose picture shows their number."""

    def __init__(self, count):
        self.names = [f"{i:03d}" for i in range(count)]
        flat = np.ones((4, 5), np.float32)
        pictures = (np.full((4, 5, 3), i, np.uint8) for i in range(count))
        super().__init__(map(lambda n, p: Sample(n, p, flat * (int(n) + 1), flat > 0), self.names, pictures))

    def picture_bytes(self, index):
        return ".png", encode_picture(self[index])


@settings(max_examples=40, deadline=None)
@given(COUNTS, st.integers(1, 5), st.integers(1, 4))
def test_ranks_read_shards_of_their_own(counts, world, window):
    plans = [plan_epoch(counts, 1, 2, window, rank, world) for rank in range(world)]
    numbers = [int(n) for plan in plans for n in plan.order]
    assert len(set(numbers)) == len(numbers) == sum(counts) // world * world
    read = [shard for plan in plans for shards in plan.windows for shard in shards]
    assert len(read) <= len(counts) + world - 1  # at most the one at each border is read by two
    shard_of = np.repeat(np.arange(len(counts)), counts)
    for plan in plans:
        starts = [0, *plan.ends]
        for i, shards in enumerate(plan.windows):
            assert len(shards) <= window and set(shard_of[plan.order[starts[i] : starts[i + 1]]]) == set(shards)
        assert starts[-1] == len(plan.order)


@pytest.fixture
def folder(tmp_path):
    write_shards(Numbered(23), tmp_path / "shards", per_shard=3)
    return tmp_path / "shards"


def reads(monkeypatch):
    """Which files are fetched, in order."""
    fetched = []
    read = Storage.read
    monkeypatch.setattr(Storage, "read", lambda self, name: fetched.append(name) or read(self, name))
    return fetched


def test_the_stream_follows_the_order_of_its_epochs_and_reads_each_shard_once(folder, monkeypatch):
    fetched = reads(monkeypatch)
    samples, shards = ShardStream(folder, seed=5, window=2), Shards(folder)
    got = [samples[p] for p in range(2 * len(samples))]
    expected = [shards[int(i)] for epoch in range(2) for i in shard_order(shards.counts, 5, epoch, 2)]
    assert [s.name for s in got] == [s.name for s in expected]
    assert all(np.array_equal(a.disparity, b.disparity) for a, b in zip(got, expected, strict=True))
    assert all((s.picture == int(s.name)).all() for s in got)
    # Each once an epoch; a shard that ends one epoch and begins the next may still be there.
    assert 14 <= len(fetched) <= 16 and len(set(fetched[:8])) == 8


def test_any_position_can_be_had_without_those_before(folder):
    whole = [s.name for s, _ in zip(ShardStream(folder, seed=1), range(60), strict=False)]
    for start in (0, 7, 22, 23, 41):
        again = ShardStream(folder, seed=1)
        assert [again[p].name for p in range(start, start + 5)] == whole[start : start + 5]


def test_ranks_see_different_samples(folder):
    ranks = [ShardStream(folder, seed=3, window=2, rank=r, world=4) for r in range(4)]
    assert [len(r) for r in ranks] == [5] * 4
    for epoch in range(3):
        seen = [r[p].name for r in ranks for p in range(5 * epoch, 5 * epoch + 5)]
        assert len(set(seen)) == 20
    with pytest.raises(ValueError, match="23 samples are too few for 24 processes"):
        ShardStream(folder, world=24)


def test_few_shards_are_held(folder):
    samples = ShardStream(folder, window=2)
    for p in range(40):
        samples[p]
        assert len(samples._held) <= 4


def test_addresses_are_read_as_folders_are(folder):
    local, remote = ShardStream(folder, seed=2), ShardStream(f"file://{folder}", seed=2)
    assert [local[p].name for p in range(30)] == [remote[p].name for p in range(30)]


def test_a_shard_that_cannot_be_read_is_tried_again(folder):
    samples = ShardStream(folder, window=8)
    path = folder / "000004.tar"
    path.rename(path.with_suffix(".away"))
    position = int(np.flatnonzero(shard_order(samples.counts, 0, 0, 8) == 12)[0])
    with pytest.raises(OSError, match=r"000004\.tar"):
        samples[position]
    path.with_suffix(".away").rename(path)
    assert samples[position].name == "012"
    path.write_bytes(path.read_bytes()[:-512])
    with pytest.raises(ValueError, match=r"000004\.tar: has \d+ bytes, not \d+"):
        ShardStream(folder, window=8)[position]


def test_a_stream_needs_to_know_how_many_samples_there_are(folder):
    (folder / INDEX).unlink()
    assert len(ShardStream(folder)) == 23  # a folder is looked through
    with pytest.raises(OSError, match=r"shards\.json: is not there"):
        ShardStream(f"file://{folder}")
