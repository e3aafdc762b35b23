"""What can be named, and what is said of what cannot."""

import numpy as np
import published_files as disk
import pytest

from fathom.data.folder import DepthFolder, write_sample
from fathom.data.pack import write_shards
from fathom.data.sample import First, Joined, Sample
from fathom.data.sets.blendedmvs import BlendedMVS
from fathom.data.sets.hypersim import Hypersim
from fathom.data.sets.irs import IRS
from fathom.data.sets.tartanair import TartanAir
from fathom.data.sets.virtual_kitti import VirtualKitti2
from fathom.data.shards import Shards
from fathom.data.sources import fingerprint, open_samples
from fathom.errors import UsageError

FLAT = np.full((disk.HEIGHT, disk.WIDTH), 2.0)
WRITERS = {
    "hypersim": (Hypersim, lambda root: disk.hypersim(root, "ai_001_001", "cam_00", 0, FLAT)),
    "vkitti2": (VirtualKitti2, lambda root: disk.vkitti2(root, root, "Scene01/clone", 0, 0, FLAT * 100)),
    "tartanair": (TartanAir, lambda root: disk.tartanair(root / "oldtown/oldtown", "Easy/P000", 0, FLAT)),
    "irs": (IRS, lambda root: disk.irs(root / "Home/Kitchen", "1", 24 * FLAT)),
    "blendedmvs": (BlendedMVS, lambda root: disk.blendedmvs(root / "5a0271884e62597cdee0d0eb", 0, FLAT)),
}


@pytest.mark.parametrize("name", WRITERS)
def test_a_published_set_is_named_or_recognised(tmp_path, name):
    kind, write = WRITERS[name]
    write(tmp_path)
    (tmp_path / "download.tar").touch()
    for asked in (f"{name}/all:{tmp_path}", str(tmp_path)):
        samples = open_samples(asked, split="all" if asked == str(tmp_path) else None)
        assert isinstance(samples, kind) and len(samples) == 1
    splits = {}
    for split in ("train", "validation"):
        try:
            splits[split] = len(open_samples(f"{name}/{split}:{tmp_path}"))
        except ValueError as error:
            assert "none of its 1 pictures belongs to the split" in str(error)
    assert list(splits.values()) == [1]


def test_fathoms_own_formats_are_recognised(tmp_path):
    flat = FLAT.astype(np.float32)
    write_sample(tmp_path / "folder", Sample("a/b", disk.picture(), flat, flat > 0))
    write_shards(DepthFolder(tmp_path / "folder"), tmp_path / "shards")
    for prefix in ("", "folder:"):
        assert isinstance(open_samples(f"{prefix}{tmp_path / 'folder'}"), DepthFolder)
    for prefix in ("", "shards:"):
        assert isinstance(open_samples(f"{prefix}{tmp_path / 'shards'}"), Shards)
    (tmp_path / "shards/shards.json").unlink()
    assert isinstance(open_samples(str(tmp_path / "shards")), Shards)
    assert open_samples(str(tmp_path / "shards"), split="all").names == ["a/b"]
    with pytest.raises(UsageError, match="has no split validation"):
        open_samples(str(tmp_path / "shards"), split="validation")


def test_fingerprints_tell_samples_apart(tmp_path):
    flat = FLAT.astype(np.float32)
    prints = set()
    for i, name in enumerate("ab"):
        write_sample(tmp_path / "folder", Sample(name, disk.picture(), flat + i, flat > 0))
        write_shards(DepthFolder(tmp_path / "folder"), tmp_path / f"shards{i}")
        for path in ("folder", f"shards{i}"):
            prints.add(fingerprint(open_samples(str(tmp_path / path))))
            assert fingerprint(open_samples(str(tmp_path / path))) in prints
    assert len(prints) == 4
    samples = Shards(tmp_path / "shards1")
    (tmp_path / "shards1/000000.tar").unlink()
    assert fingerprint(samples) in prints  # by the index alone


def test_paths_may_have_colons(tmp_path):
    flat = FLAT.astype(np.float32)
    write_sample(tmp_path / "irs:mine", Sample("a", disk.picture(), flat, flat > 0))
    assert len(open_samples(str(tmp_path / "irs:mine"))) == 1
    assert len(open_samples(f"folder:{tmp_path}/irs:mine")) == 1


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("{}/nowhere", r"/nowhere: no such folder$"),
        ("hypersim:{}/nowhere", r"/nowhere: no such folder$"),
        ("hypersin:{}/nowhere", "no such folder, and there is no set called 'hypersin'"),
        ("hypersin:{}", "did you mean hypersim"),
        ("hypersim/val:{}", "no split is called 'val'; there are train, validation, all"),
        ("{}", "expected NAME.png"),
        ("tartanair:{}", "no tartanair|no TartanAir"),
    ],
)
def test_what_is_wrong_is_said(tmp_path, asked, words):
    with pytest.raises(ValueError, match=words):
        open_samples(asked.format(tmp_path))


def test_sets_one_after_the_other():
    a, b, c = ["a0", "a1"], [], ["c0", "c1", "c2"]
    joined = Joined([a, b, c])
    assert [joined[i] for i in range(5)] == list(joined) == a + c
    assert [joined[i] for i in range(-5, 0)] == a + c and len(joined) == 5
    assert len(Joined([])) == 0
    for wrong in (5, -6):
        with pytest.raises(IndexError):
            joined[wrong]


def test_the_first_few(tmp_path):
    flat = FLAT.astype(np.float32)
    for name in "abc":
        write_sample(tmp_path, Sample(name, disk.picture(), flat, flat > 0))
    few = First(DepthFolder(tmp_path), 2)
    assert [s.name for s in few] == few.names == ["a", "b"] and few[-1].name == "b"
    with pytest.raises(IndexError):
        few[2]
    assert len(First(DepthFolder(tmp_path), 9)) == 3
