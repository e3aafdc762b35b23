"""Batches are the same for any number of processes, in any of them, and after any stop."""

import re
from collections import Counter
from dataclasses import replace
from multiprocessing import active_children

import numpy as np
import pytest
import torch
from numbered import Numbered, numbered

from fathom.data.augment import Augmentation
from fathom.data.batches import MAX_REPLACED, Batches, loader
from fathom.data.draws import BLOCK, Draws, Streamed
from fathom.data.folder import DepthFolder, write_sample
from fathom.data.pack import write_shards
from fathom.data.sample import InMemory, Reduced
from fathom.data.storage import Storage
from fathom.errors import UsageError

HOW = Augmentation(crop=8, cutmix=0.5, blur=0.3)


def joint(batches):
    """Several batches in a row as one."""
    keys = ("pictures", "disparity", "valid", "region", "metric")
    maps = {k: torch.cat([getattr(b, k) for b in batches]) for k in keys}
    return {**maps, "names": [n for b in batches for n in b.names], "broken": [x for b in batches for x in b.broken]}


def same(a, b):
    a, b = (x if isinstance(x, dict) else joint([x]) for x in (a, b))
    return all(torch.equal(v, b[k]) if isinstance(v, torch.Tensor) else v == b[k] for k, v in a.items())


def same_each(a, b):
    return all(same(x, y) for x, y in zip(a, b, strict=True))


def test_a_batch_holds_what_it_says():
    batch = Batches([Numbered(7)], HOW, batch=4, seed=1)[0]
    assert batch.pictures.shape == (4, 3, 8, 8) and batch.pictures.dtype == torch.uint8
    assert batch.disparity.shape == (4, 8, 8) and batch.disparity.dtype == torch.float32
    assert batch.valid.dtype == batch.region.dtype == torch.bool and batch.region.shape == (4, 8, 8)
    assert batch.metric.tolist() == [True] * 4
    assert (batch.disparity[~batch.valid] == 0).all() and (batch.disparity[batch.valid] > 0).all()
    assert Batches([Numbered(7)], replace(HOW, cutmix=0.0), 4, 1)[0].region is None
    moved = batch.to("cpu")
    assert same(moved, batch)
    with pytest.raises(IndexError):
        Batches([Numbered(7)], HOW, 4, 1)[-1]


@pytest.mark.parametrize("aspect", [1, 2])
@pytest.mark.parametrize(("world", "accumulate"), [(2, 1), (1, 3), (3, 2), (2, 6), (12, 1)])
def test_all_processes_together_see_what_one_would(world, accumulate, aspect):
    """Positions, views and what is pasted where, with damaged samples among them; parts of 1 too, cut at odd places."""
    samples, how = Numbered(17, broken={"004"}), replace(HOW, aspect=aspect)
    whole = Batches([samples], how, 12, seed=3)
    parts = [Batches([samples], how, 12, 3, rank=r, world=world, accumulate=accumulate) for r in range(world)]
    assert len({whole[step].pictures.shape for step in range(4)}) == (1 if aspect == 1 else 3)
    for step in range(4):
        micro = [each[step * accumulate + a] for each in parts for a in range(accumulate)]
        assert all(len(batch.names) == 12 // world // accumulate for batch in micro)
        assert same(joint(micro), whole[step])


def test_uneven_batches_are_refused():
    with pytest.raises(UsageError, match="batch of 10 cannot be dealt out evenly to 2 processes x 3 parts"):
        Batches([Numbered(7)], HOW, 10, 0, world=2, accumulate=3)
    with pytest.raises(UsageError, match="batch of 0"):
        Batches([Numbered(7)], HOW, 0, 0)


def test_every_epoch_has_every_sample_once_in_an_order_of_its_own():
    sets = [Numbered(5), Numbered(6, first=5)]
    names = [n for i in range(11) for n in Batches(sets, HOW, 3, 0)[i].names]
    epochs = [names[i : i + 11] for i in (0, 11, 22)]
    assert all(sorted(e) == [f"{i:03d}" for i in range(11)] for e in epochs)
    assert epochs[0] != epochs[1] != epochs[2] != epochs[0]
    assert names != [n for i in range(11) for n in Batches(sets, HOW, 3, 1)[i].names]
    assert {n < "005" for n in epochs[0][:5]} == {True, False}  # the sets are shuffled as one


def test_views_of_a_sample_differ_from_epoch_to_epoch():
    batches = Batches([Numbered(1)], HOW, 1, 0)
    assert len({batches[i].pictures.numpy().tobytes() for i in range(6)}) == 6


def test_weights_mix_sets_each_in_epochs_of_its_own():
    sets = [Numbered(30), Numbered(4, first=30), Numbered(100, first=34)]
    draws = Draws(sets, seed=2, weights=(2, 1, 1))
    located = [draws.locate(0, p) for p in range(2 * BLOCK)]
    for which, share in enumerate((0.5, 0.25, 0.25)):
        mine = [draw for w, draw in located if w == which]
        assert mine == list(range(len(mine)))  # none left out, none twice
        for start in (0, 100, 777):  # in any stretch, about its share
            assert abs(sum(w == which for w, _ in located[start : start + 400]) / 400 - share) < 0.1
        n = len(sets[which])
        epoch = [draws.sample(0, which, draw).name for draw in range(n)]
        assert sorted(epoch) == sets[which].names and epoch != [draws.sample(0, which, n + d).name for d in range(n)]
    assert Counter(w for w, _ in located) == {0: BLOCK, 1: BLOCK / 2, 2: BLOCK / 2}


def test_a_rare_set_is_not_forgotten():
    draws = Draws([Numbered(3), Numbered(3, first=3)], 0, weights=(1, 1e-9))
    assert 1 in {draws.locate(0, p)[0] for p in range(BLOCK + 1)}


@pytest.mark.parametrize("weights", [(1,), (1, 0), (1, -1), (1, float("nan")), (1, float("inf")), (1, 1, 1)])
def test_unfit_weights_are_said(weights):
    with pytest.raises(UsageError, match="2 sets are mixed by as many weights above 0"):
        Batches([Numbered(3), Numbered(3)], HOW, 1, 0, weights=weights)


@pytest.mark.parametrize("sets", [[], [[]], [Numbered(3), []]])
def test_nothing_to_train_on_is_said(sets):
    with pytest.raises(ValueError, match="no samples to make batches of"):
        Batches(sets, HOW, 1, 0)


def spoilt(**changes):
    return replace(numbered(1), name="bad", **changes)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (spoilt(disparity=np.full((10, 12), np.nan, np.float32)), "not finite"),
        (spoilt(valid=np.zeros((10, 12), bool)), "not known anywhere"),
        (spoilt(disparity=np.ones((12, 10), np.float32)), r"picture is \(10, 12\), its depth \(12, 10\)"),
        (spoilt(valid=np.ones((10, 11), bool)), r"\(10, 11\)"),
        (spoilt(picture=np.zeros((10, 12), np.uint8)), r"uint8 of shape \(10, 12\)"),
        (spoilt(picture=np.zeros((10, 12, 3), np.float32)), "float32"),
    ],
)
def test_a_sample_of_no_use_is_replaced_and_said(bad, reason):
    batches = Batches([[numbered(0), bad, numbered(2)]], HOW, 3, 0)
    batch = batches[0]
    (name, why), names = *batch.broken, Counter(batch.names)
    assert name == "bad" and names == names & Counter({"000": 2, "002": 2}) and len(batch.names) == 3
    assert re.search(reason, why)
    assert same(batches[0], batch)


def test_a_sample_that_is_not_finite_where_nothing_is_known_is_of_use():
    sample = numbered(0)
    disparity = np.where(sample.valid, sample.disparity, np.nan)
    batch = Batches([[replace(sample, disparity=disparity)]], HOW, 2, 0)[0]
    assert not batch.broken and torch.isfinite(batch.disparity).all()


def test_a_damaged_file_is_replaced_by_the_next_of_its_set():
    damaged = {"003", "007"}
    batches = Batches([Numbered(10, broken=damaged)], replace(HOW, cutmix=0.0), 10, seed=4)
    order = Batches([Numbered(10)], replace(HOW, cutmix=0.0), 10, seed=4)[0].names
    following = Batches([Numbered(10)], replace(HOW, cutmix=0.0), 10, seed=4)[1].names
    endless = order + following
    expected = [next(n for n in endless[k:] if n not in damaged) for k in range(10)]
    batch = batches[0]
    assert batch.names == expected
    assert sorted(reason for _, reason in batch.broken) == [f"/data/{n}.png: is damaged" for n in sorted(damaged)]


def test_missing_files_are_said_as_the_system_says_it(tmp_path):
    class Gone(Numbered):
        def __getitem__(self, index):
            (tmp_path / "gone.png").read_bytes()

    with pytest.raises(ValueError, match=r"20 samples in a row cannot be used; the last is .*gone\.png: no such file"):
        Batches([Gone(3)], HOW, 1, 0)[0]


def test_sets_that_are_broken_all_through_end_the_run():
    assert MAX_REPLACED == 20
    for workers in (0, 1):
        with pytest.raises(ValueError, match=r"20 samples in a row cannot be used; the last is number .*is damaged$"):
            next(loader(Batches([Numbered(3, broken={"000", "001", "002"})], HOW, 1, 0), 0, 9, workers))


def test_units_are_known_of_every_view():
    """A metric picture with a rectangle of unknown scale in it is not metric."""
    sets = [Numbered(50), Numbered(50, first=50, metric=False)]
    plain = Batches(sets, replace(HOW, cutmix=0.0), 100, 0)[0]
    assert plain.metric.tolist() == [name < "050" for name in plain.names]
    mixed = Batches(sets, replace(HOW, cutmix=1.0), 100, 0)[0]
    neighbours = [plain.metric[k ^ 1] for k in range(100)]
    assert mixed.metric.tolist() == [bool(a and b) for a, b in zip(plain.metric, neighbours, strict=True)]


def test_what_is_pasted_is_the_neighbours_view():
    plain = Batches([Numbered(9)], replace(HOW, cutmix=0.0), 6, 0)[0]
    mixed = Batches([Numbered(9)], replace(HOW, cutmix=1.0), 6, 0)[0]
    neighbours = [k ^ 1 for k in range(6)]
    assert mixed.region.flatten(1).any(1).all()
    for name in ("disparity", "valid"):
        a, b = getattr(plain, name), getattr(plain, name)[neighbours]
        assert torch.equal(getattr(mixed, name), torch.where(mixed.region, b, a))
    pictures = torch.where(mixed.region[:, None], plain.pictures[neighbours], plain.pictures)
    assert torch.equal(mixed.pictures, pictures)


@pytest.mark.parametrize("workers", [0, 2])
def test_an_iteration_goes_on_where_another_was_left(workers):
    batches = Batches([Numbered(17, broken={"004"})], HOW, 4, seed=3)
    expected = [batches[i] for i in range(12)]
    assert same_each(loader(batches, 0, 12, workers), expected)
    left = loader(batches, 0, 12, workers)
    assert same_each([next(left) for _ in range(5)], expected[:5])
    left.close()
    assert same_each(loader(batches, 5, 12, workers), expected[5:])
    assert list(loader(batches, 12, 12, workers)) == []


def test_making_batches_leaves_torchs_generator_alone():
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    assert len(list(loader(Batches([Numbered(3)], HOW, 2, 0), 0, 3, workers=1))) == 3
    assert torch.equal(torch.rand(1), expected)


def test_sets_in_memory_are_in_that_of_one_worker(tmp_path):
    for i in range(3):
        write_sample(tmp_path, numbered(i))
    batches = Batches([InMemory(Reduced(DepthFolder(tmp_path), 9))], HOW, 2, 0)
    running = loader(batches, 0, 20, workers=3)
    next(running)
    assert len(active_children()) == 1
    running.close()
    assert not active_children()


# Streams.


@pytest.fixture(scope="module")
def shards(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shards")
    write_shards(Numbered(23), folder, per_shard=3)
    return str(folder)


@pytest.mark.parametrize(("world", "readers"), [(1, 1), (2, 1), (1, 3), (2, 2)])
def test_an_epoch_of_a_stream_has_every_sample_once(shards, world, readers):
    each = 23 // (world * readers)
    every = [Batches([Streamed(shards, 2)], HOW, world, 0, rank=r, world=world, readers=readers) for r in range(world)]
    epochs = []
    for epoch in range(2):
        turns = range(epoch * each * readers, (epoch + 1) * each * readers)
        epochs.append([name for batches in every for i in turns for name in batches[i].names])
        assert len(set(epochs[-1])) == len(epochs[-1]) == each * world * readers
    assert epochs[0] != epochs[1]


@pytest.mark.parametrize("readers", [1, 2])
def test_a_stream_goes_on_in_the_middle_of_an_epoch(shards, readers):
    """In other processes than before, and from a micro-batch whose turn is not the first reader's."""

    def batches():
        return Batches([Streamed(shards, 2)], HOW, 3, seed=1, accumulate=1, readers=readers)

    whole = batches()
    expected = [whole[i] for i in range(12)]
    assert same_each(loader(batches(), 0, 12, workers=readers), expected)
    assert same_each(loader(batches(), 5, 12, workers=readers), expected[5:])
    assert same_each(loader(batches(), 5, 12, workers=0), expected[5:])


def test_no_shard_is_read_by_two_readers(tmp_path, monkeypatch):
    write_shards(Numbered(23), tmp_path, per_shard=3)
    fetched = []
    read = Storage.read
    monkeypatch.setattr(Storage, "read", lambda self, name: fetched.append(self.path(name)) or read(self, name))
    batches = Batches([Streamed(str(tmp_path), window=1)], replace(HOW, cutmix=1.0), 2, 0, readers=2)
    for i in range(10):  # 20 of an epoch's 23
        batches[i]
    mine = [path for path in fetched if path.parent == tmp_path]
    assert 7 <= len(mine) <= 8 + 1  # the one at the border is read by both


def test_readers_and_workers_are_the_same_processes(shards):
    batches = Batches([Streamed(shards)], HOW, 2, 0, readers=2)
    with pytest.raises(UsageError, match="2 readers of streams need as many workers, or none, not 3"):
        loader(batches, 0, 4, workers=3)


def test_a_stream_too_short_for_its_readers_is_said(shards):
    with pytest.raises(ValueError, match="23 samples are too few for 24 processes"):
        Batches([Streamed(shards)], HOW, 4, 0, world=4, readers=6)


def test_a_stream_beside_random_access(shards):
    """Mixed by size, and shared out to lanes: nothing comes twice before all of it came once."""
    every = [
        Batches([Streamed(shards, 2), Numbered(20, first=100)], HOW, 2, 5, rank=r, world=2, readers=2) for r in range(2)
    ]
    names = [name for batches in every for i in range(20) for name in batches[i].names]
    beside = Counter(n for n in names if n >= "100")
    assert len(beside) > 5 and 8 < sum(beside.values()) < 32 and max(beside.values()) <= 2
