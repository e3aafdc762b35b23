"""The student reads the same samples whichever way photos and labels are packed, in an order that a position tells."""

import numpy as np
import pytest
import torch
from pools import red_teacher, write_picture_shards, write_pool
from safetensors.torch import load_file

from fathom.data.augment import Augmentation
from fathom.data.labelled_shards import LabelledShards, LabelledStream
from fathom.data.labels import LabelledPhotos, label_path, open_labelled
from fathom.data.stream import shard_order
from fathom.depth import Depth
from fathom.recipe.labelling.run import label
from fathom.recipe.loop import train
from fathom.recipe.stages import Student


@pytest.fixture(scope="module")
def pools(tmp_path_factory):
    """Photos loose and in shards, and the labels of both."""
    folder = tmp_path_factory.mktemp("pools")
    loose = write_pool(folder / "loose", 45)
    (loose / "text.jpg").write_text("not a picture")
    packed = write_picture_shards(loose, folder / "packed", 10)
    for pool in (loose, packed):
        label(str(pool), f"{pool}-labels", red_teacher(), engine="threads", per_shard=10)
    return {"loose": (loose, f"{loose}-labels"), "packed": (packed, f"{packed}-labels")}


def same(a, b):
    return (
        a.name == b.name
        and np.array_equal(a.picture, b.picture)
        and np.array_equal(a.disparity, b.disparity)
        and np.array_equal(a.valid, b.valid)
    )


@pytest.mark.parametrize("kind", ["loose", "packed"])
def test_the_stream_gives_what_random_access_gives(pools, kind):
    stream, samples = LabelledStream(*pools[kind], seed=5, window=2), LabelledShards(*pools[kind])
    assert len(samples) == len(stream) == 45
    order = [int(i) for epoch in range(2) for i in shard_order(stream.counts, 5, epoch, 2)]
    assert all(same(stream[p], samples[i]) for p, i in enumerate(order))
    assert stream[50].name == LabelledStream(*pools[kind], seed=5, window=2)[50].name  # without those before


def test_shards_and_loose_files_train_alike(pools, tmp_path):
    """Labels as files of their own hold the same to their own half step."""
    loose, packed = (open_labelled(*pools[kind]) for kind in ("loose", "packed"))
    assert list(loose.names) == list(packed.names)
    assert all(same(a, b) for a, b in zip(loose, packed, strict=True))
    for sample in loose:
        Depth(sample.disparity, "relative", sample.valid).save(label_path(tmp_path, sample.name))
    single = open_labelled(pools["loose"][0], tmp_path)
    assert isinstance(single, LabelledPhotos) and single.names == list(loose.names)
    for a, b in zip(loose, single, strict=True):
        assert np.array_equal(a.picture, b.picture)
        assert np.abs(a.disparity - b.disparity).max() <= np.ptp(a.disparity) / 2**16


def test_ranks_see_different_photos(pools):
    ranks = [LabelledStream(*pools["packed"], seed=3, window=2, rank=r, world=4) for r in range(4)]
    for epoch in range(2):
        seen = [r[p].name for r in ranks for p in range(11 * epoch, 11 * epoch + 11)]
        assert len(set(seen)) == 44


def test_pictures_are_had_as_they_lie_on_disk(pools):
    for kind in ("loose", "packed"):
        samples = open_labelled(*pools[kind])
        for index in (0, 7, -1):
            suffix, data = samples.picture_bytes(index)
            name = samples.names[index]
            assert (pools["loose"][0] / name).read_bytes() == data and name.endswith(suffix)


def test_an_address_is_as_good_as_a_folder(pools):
    photos, labels = pools["packed"]
    there, here = LabelledStream(f"file://{photos}", f"file://{labels}"), LabelledStream(photos, labels)
    assert all(same(there[p], here[p]) for p in range(12))
    assert same(LabelledShards(f"file://{photos}", f"file://{labels}")[3], LabelledShards(photos, labels)[3])


def test_what_does_not_belong_together_is_said(pools, tmp_path):
    photos, labels = pools["packed"]
    with pytest.raises(ValueError, match="unfinished"):
        LabelledShards(photos, tmp_path)
    other = write_picture_shards(write_pool(tmp_path / "other", 9), tmp_path / "packed", 10)
    with pytest.raises(ValueError, match=r"pictures-0000\.tar: has no picture .* is it the same pool"):
        LabelledShards(other, labels)[0]
    changed = tmp_path / "changed"
    write_pool(changed, 45)
    (changed / "000.jpg").write_bytes((changed / "sub/001.png").read_bytes())  # of another size
    with pytest.raises(ValueError, match=r"the label is of a picture of \(40, 60\), this is \(60, 40\)"):
        LabelledShards(changed, pools["loose"][1])[0]


@pytest.mark.parametrize("streamed", [False, True], ids=["random access", "streamed"])
def test_a_student_trains_on_shards(streamed, pools, tmp_path):
    photos, labels = pools["packed"]
    where = {"photos": f"stream:{photos}" if streamed else str(photos), "labels": str(labels)}
    how = Augmentation(crop=32, cutmix=0.5)
    stage = Student(
        tmp_path / "run", "lite0", steps=3, batch=2, warmup=1, augmentation=how, checkpoint_every=2, **where
    )
    first = load_file(train(stage))
    (tmp_path / "run" / "checkpoints" / "step-00000003.pt").unlink()  # as if it had been killed after step 2
    again = load_file(train(stage))
    assert all(torch.equal(first[name], again[name]) for name in first)
