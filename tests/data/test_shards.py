"""Shards hold what was written, go on where they were stopped, and are what WebDataset reads and writes."""

import hashlib
import io
import json
import tarfile

import numpy as np
import pytest
import webdataset
from PIL import Image

from fathom.data.folder import DepthFolder, write_sample
from fathom.data.pack import UNFINISHED, write_folder, write_shards
from fathom.data.sample import First, Sample
from fathom.data.shards import INDEX, Shards, key_of, name_of
from fathom.intrinsics import Intrinsics


def sample(i, name=None, metric=True):
    rng = np.random.default_rng(i)
    disparity = rng.uniform(0.1, 2, (6, 8)).astype(np.float32)
    disparity[0] = 0
    valid = np.ones((6, 8), bool)
    valid[5, :3] = False
    disparity[5, :3] = 0
    picture = rng.integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Sample(name or f"scene.{i % 2}/view.{i}", picture, disparity, valid, metric, Intrinsics(10, 11, 4, 3))


@pytest.fixture
def folder(tmp_path):
    for i in range(7):
        write_sample(tmp_path / "folder", sample(i, metric=i != 4))
    jpeg = tmp_path / "folder/scene.1/view.3.png"
    Image.open(jpeg).save(jpeg.with_name("view.3.jpg"), quality=70)
    jpeg.unlink()
    return DepthFolder(tmp_path / "folder")


def same(a, b):
    assert a.name == b.name and a.metric == b.metric and a.intrinsics == b.intrinsics
    for what in ("picture", "disparity", "valid"):
        assert np.array_equal(getattr(a, what), getattr(b, what))
    return True


def test_round_trip(folder, tmp_path):
    assert write_shards(folder, tmp_path / "out", per_shard=3) == []
    shards = Shards(tmp_path / "out")
    assert len(shards) == 7 and shards.counts == [3, 3, 1] and shards.names == folder.names
    assert all(same(a, b) for a, b in zip(shards, folder, strict=True))
    assert same(shards[-1], folder[6])
    assert not (tmp_path / "out" / UNFINISHED).exists()


def test_the_index_says_what_is_in_each_shard(folder, tmp_path):
    write_shards(folder, tmp_path / "out", per_shard=4)
    for record in json.loads((tmp_path / "out" / INDEX).read_text())["shards"]:
        data = (tmp_path / "out" / record["file"]).read_bytes()
        assert record["bytes"] == len(data) and record["sha256"] == hashlib.sha256(data).hexdigest()
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            names = tar.getnames()
        assert len(names) == 2 * record["samples"] and not any("view." in name for name in names)


def test_pictures_are_copied_as_they_are(folder, tmp_path):
    write_shards(folder, tmp_path / "out")
    write_folder(folder, tmp_path / "copy")
    write_shards(Shards(tmp_path / "out"), tmp_path / "again")
    for i in range(7):
        suffix, data = folder.picture_bytes(i)
        assert suffix == (".jpg" if folder.names[i].endswith("3") else ".png")
        assert Shards(tmp_path / "out").picture_bytes(i) == (suffix, data)
        assert (tmp_path / f"copy/{folder.names[i]}{suffix}").read_bytes() == data
        assert Shards(tmp_path / "again").picture_bytes(i) == (suffix, data)
        assert same(DepthFolder(tmp_path / "copy")[i], folder[i])


class Stopping(First):
    """A source that fails as a pulled plug does, after so many samples."""

    left = 5

    def __getitem__(self, index):
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return super().__getitem__(index)


def test_a_stopped_run_goes_on_with_whole_shards(folder, tmp_path):
    write_shards(folder, tmp_path / "whole", per_shard=2)
    with pytest.raises(KeyboardInterrupt):
        write_shards(Stopping(folder, 7), tmp_path / "out", per_shard=2)
    done = sorted(p.name for p in (tmp_path / "out").glob("*.tar"))
    assert done == ["000000.tar", "000001.tar"]
    with pytest.raises(ValueError, match="holds shards of other samples"):
        write_shards(First(folder, 6), tmp_path / "out", per_shard=2)
    kept = (tmp_path / "out/000000.tar").stat().st_mtime_ns
    with (tmp_path / "out" / UNFINISHED).open("a") as log:
        log.write('{"file": "0000')  # the plug was pulled while this was written
    write_shards(folder, tmp_path / "out", per_shard=2)
    assert (tmp_path / "out/000000.tar").stat().st_mtime_ns == kept
    for path in (tmp_path / "whole").iterdir():
        assert (tmp_path / "out" / path.name).read_bytes() == path.read_bytes()
    assert len(list((tmp_path / "out").iterdir())) == len(list((tmp_path / "whole").iterdir()))


def test_a_finished_folder_is_left_alone_and_another_refused(folder, tmp_path):
    write_shards(folder, tmp_path / "out", per_shard=2)
    assert write_shards(Stopping(folder, 7), tmp_path / "out", per_shard=2) == []
    for source, per_shard in ((First(folder, 6), 2), (folder, 3)):
        with pytest.raises(ValueError, match="holds shards of other samples"):
            write_shards(source, tmp_path / "out", per_shard=per_shard)
    (tmp_path / "out" / INDEX).write_text("[1, 2]")
    with pytest.raises(ValueError, match="is not an index of shards"):
        write_shards(folder, tmp_path / "out", per_shard=2)


def test_samples_of_the_same_names_are_told_apart(folder, tmp_path):
    write_shards(folder, tmp_path / "out")
    write_folder(First(folder, 3), tmp_path / "copy")
    assert write_folder(folder, tmp_path / "copy") == []  # goes on
    for i, name in enumerate(folder.names):  # as another seed of rendering would give
        write_sample(tmp_path / "other", sample(100 + i, name))
    other = DepthFolder(tmp_path / "other")
    with pytest.raises(ValueError, match="holds shards of other samples"):
        write_shards(other, tmp_path / "out")
    with pytest.raises(ValueError, match=r"copy holds another scene\.0/view\.0: choose another folder"):
        write_folder(other, tmp_path / "copy")
    assert all(same(a, b) for a, b in zip(Shards(tmp_path / "out"), folder, strict=True))


def test_any_ending_that_shards_have_can_be_read_from_a_folder(folder, tmp_path):
    picture = tmp_path / "folder/scene.1/view.3.jpg"
    picture.rename(picture.with_suffix(".jpeg"))
    write_shards(DepthFolder(tmp_path / "folder"), tmp_path / "shards")
    write_folder(Shards(tmp_path / "shards"), tmp_path / "again")
    assert all(same(a, b) for a, b in zip(DepthFolder(tmp_path / "again"), folder, strict=True))


@pytest.mark.parametrize("workers", [1, 3])
def test_damaged_samples_are_skipped_and_named(folder, tmp_path, workers):
    (tmp_path / "folder/scene.0/view.2.npz").write_bytes(b"nonsense")
    (tmp_path / "folder/scene.1/view.5.png").write_bytes(b"")
    skipped = write_shards(folder, tmp_path / "out", per_shard=3, workers=workers)
    assert [s.name for s in skipped] == ["scene.0/view.2", "scene.1/view.5"]
    assert "view.2.npz: is not an .npz" in skipped[0].reason and "file is empty" in skipped[1].reason
    assert Shards(tmp_path / "out").names == [n for n in folder.names if n[-1] not in "25"]
    assert write_shards(folder, tmp_path / "out", per_shard=3) == skipped  # said again when nothing is left to do
    assert [s.name for s in write_folder(folder, tmp_path / "copy", workers)] == [s.name for s in skipped]
    assert len(DepthFolder(tmp_path / "copy")) == 5


def test_a_name_does_not_lead_out_of_the_folder(tmp_path):
    class Outside(list):
        names = ("../evil", "/tmp/evil", "good")

        def picture_bytes(self, index):
            return ".png", b"x"

    skipped = write_folder(Outside([sample(0)] * 3), tmp_path / "out")
    assert [s.name for s in skipped] == ["../evil", "/tmp/evil"]
    assert not list(tmp_path.glob("evil*")) and (tmp_path / "out/good.npz").exists()


@pytest.mark.parametrize("name", ["a/b.c.d/e", "50%", "%2E", "x%252E.y", "plain", "ü.ß"])
def test_keys_have_no_dots_and_give_the_name_back(name):
    assert "." not in key_of(name) and name_of(key_of(name)) == name


def test_webdataset_reads_it(folder, tmp_path):
    write_shards(folder, tmp_path / "out", per_shard=4)
    urls = sorted(str(p) for p in (tmp_path / "out").glob("*.tar"))
    read = list(webdataset.WebDataset(urls, shardshuffle=False, empty_check=False))
    assert [name_of(r["__key__"]) for r in read] == folder.names
    for i, record in enumerate(read):
        suffix, data = folder.picture_bytes(i)
        assert record[suffix[1:]] == data
        arrays = np.load(io.BytesIO(record["npz"]))
        key = "depth" if folder[i].metric else "disparity"
        expected = folder[i].depth if folder[i].metric else np.where(folder[i].valid, folder[i].disparity, np.nan)
        assert np.array_equal(arrays[key], expected, equal_nan=True)


def test_what_webdataset_wrote_is_read(folder, tmp_path):
    expected = [folder[i] for i in (0, 1, 3)]
    for shard in range(2):
        with webdataset.TarWriter(str(tmp_path / f"set-{shard}.tar")) as tar:
            for i in range(3):
                depth = expected[i].depth
                record = {"__key__": f"part{shard}/{i:04d}", "png": expected[i].picture, "npz": {"depth": depth}}
                tar.write({**record, "json": {"text": "a caption"}, "cls": 3})
    samples = Shards(tmp_path)
    assert samples.counts == [3, 3] and samples.names[4] == "part1/0001"
    assert np.array_equal(samples[4].picture, expected[1].picture)
    assert np.array_equal(samples[4].depth, expected[1].depth, equal_nan=True)


def test_damaged_shards_are_named(folder, tmp_path):
    write_shards(folder, tmp_path / "out", per_shard=4)
    path = tmp_path / "out/000000.tar"
    whole = path.read_bytes()
    path.write_bytes(whole[:-2000])
    with pytest.raises(ValueError, match=r"000000\.tar: is missing or not of \d+ bytes"):
        Shards(tmp_path / "out")[0]
    index = tmp_path / "out" / INDEX
    record = index.read_text()
    index.unlink()
    for length in (len(whole) // 2, 3 * 512, 700, 10, 0):  # in a member, between two, in a header
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match=r"000000\.tar: is not a shard, or cut short"):
            Shards(tmp_path / "out")
    path.write_bytes(whole)
    for damaged in ("", "[]", '{"shards": [{"file": "x"}]}', record.replace("000000.tar", "../000000.tar")):
        index.write_text(damaged)
        with pytest.raises(ValueError, match="is not an index of shards"):
            Shards(tmp_path / "out")
    index.write_text(record.replace('"samples": 4', '"samples": 5'))
    with pytest.raises(ValueError, match=r"holds 4 samples, shards\.json says 5"):
        Shards(tmp_path / "out")[0]
    with pytest.raises(ValueError, match="no shards here"):
        Shards(tmp_path)


def test_a_sample_without_one_of_its_files_is_named(tmp_path):
    with tarfile.open(tmp_path / "0.tar", "w") as tar:
        for name, data in (("a.png", b"x"), ("b.npz", b"x"), ("c.png", b"x"), ("c.npz", b"x")):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    samples = Shards(tmp_path)
    for i, words in enumerate((r"0\.tar: a has no depth", r"0\.tar: b has no picture", r"0\.tar: c\.png: is not")):
        with pytest.raises(ValueError, match=words):
            samples[i]
