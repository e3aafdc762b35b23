"""Pictures in = labels + quarantined, whatever comes; a run that was stopped ends with the same bytes."""

import json
import os
import signal
import subprocess
import sys
import tarfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pools import contents, photo, red_teacher, write_odd, write_picture_shards, write_poison, write_pool

from fathom.data.label_store import Job, LabelStore
from fathom.data.labels import open_labelled
from fathom.data.pool import Pool, open_pool
from fathom.data.storage import Storage
from fathom.recipe.labelling import stages
from fathom.recipe.labelling.check import check
from fathom.recipe.labelling.plan import planned
from fathom.recipe.labelling.run import label
from fathom.recipe.labelling.stages import Gatherer, Piece, Refused


def run(pool, out, teacher=None, **how):
    return label(str(pool), str(out), teacher or red_teacher(), **{"engine": "threads", "per_shard": 20, **how})


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    return write_pool(tmp_path_factory.mktemp("pool") / "photos", 45)


@pytest.fixture(scope="module")
def labelled(pool, tmp_path_factory):
    out = tmp_path_factory.mktemp("store") / "labels"
    assert run(pool, out).labels == 45
    return out


def test_poison_is_quarantined_and_the_odd_is_labelled(tmp_path):
    reasons, odd = write_poison(tmp_path / "pool"), write_odd(tmp_path / "pool")
    write_pool(tmp_path / "pool" / "plain", 20)
    result = run(tmp_path / "pool", tmp_path / "labels")
    assert (result.labels, result.quarantined) == (len(odd) + 20, len(reasons))
    lines = [json.loads(line) for line in (tmp_path / "labels/quarantine.jsonl").read_text().splitlines()]
    found = {line["name"]: line["reason"] for line in lines}
    assert set(found) == set(reasons)
    assert all(found[name].startswith(reason) for name, reason in reasons.items()), found
    samples = open_labelled(tmp_path / "pool", tmp_path / "labels")
    assert set(odd) <= set(samples.names)
    turned = next(sample for sample in samples if sample.name == "turned.jpg")
    assert turned.disparity.shape == (60, 40)
    manifest = json.loads((tmp_path / "labels/shards.json").read_text())
    assert manifest["pictures"] == manifest["labels"] + manifest["quarantined"] == len(reasons) + len(odd) + 20
    assert check(LabelStore(str(tmp_path / "labels"))).faults == ()


def test_one_picture_that_spoils_a_batch_does_not_spoil_the_others(tmp_path):
    write_pool(tmp_path / "pool", 10)
    run(tmp_path / "pool", tmp_path / "before")
    ramp = np.full((48, 64, 3), 255, np.uint8)
    ramp[..., 0] = np.linspace(0, 255, 64)
    Image.fromarray(ramp).save(tmp_path / "pool/zzz.png")
    result = run(tmp_path / "pool", tmp_path / "after")
    assert (result.labels, result.quarantined) == (10, 1)
    assert (tmp_path / "after/000000.tar").read_bytes() == (tmp_path / "before/000000.tar").read_bytes()


def test_a_bug_is_not_quarantined(tmp_path, monkeypatch):
    write_pool(tmp_path / "pool", 3)
    monkeypatch.setattr(stages, "encode_map", lambda *a: np.zeros(3).reshape(2))
    with pytest.raises(ValueError, match="cannot reshape"):
        run(tmp_path / "pool", tmp_path / "labels")


def test_a_second_start_makes_what_is_missing_and_nothing_else(pool, labelled, tmp_path):
    asked = tmp_path / "asked"
    run(pool, tmp_path / "labels", red_teacher(asked=asked))
    assert contents(tmp_path / "labels") == contents(labelled)
    asked.write_text("")
    (tmp_path / "labels/records/000001.json").unlink()  # as if killed between a shard and its record
    run(pool, tmp_path / "labels", red_teacher(asked=asked))
    assert contents(tmp_path / "labels") == contents(labelled)
    assert sum(map(int, asked.read_text().split())) == 2 * 20
    (tmp_path / "labels/000002.tar").write_bytes(b"cut short")
    run(pool, tmp_path / "labels", red_teacher(asked=asked))
    assert contents(tmp_path / "labels") == contents(labelled)
    asked.write_text("")
    run(pool, tmp_path / "labels", red_teacher(asked=asked))
    assert asked.read_text() == ""


KILLED = """
import sys
sys.path.insert(0, sys.argv[1])
from pools import red_teacher
from fathom.recipe.labelling.run import label
label(sys.argv[2], sys.argv[3], red_teacher(seconds=0.05), engine="threads", per_shard=20)
"""


def test_killed_at_any_moment_it_goes_on_to_the_same_bytes(pool, labelled, tmp_path):
    out = tmp_path / "labels"
    command = [sys.executable, "-c", KILLED, str(Path(__file__).parent), str(pool), str(out)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not (out / "records/000000.json").exists() and time.monotonic() < deadline:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (out / "shards.json").exists()
    before = (out / "000000.tar").stat().st_mtime_ns
    run(pool, out)
    assert {k: v for k, v in contents(out).items() if not k.endswith(".part")} == contents(labelled)
    assert (out / "000000.tar").stat().st_mtime_ns == before


def test_a_full_disk_is_said_and_the_run_goes_on_from_there(pool, labelled, tmp_path, monkeypatch):
    import errno

    write, writes = Storage.write, []

    def full(self, name, data):
        writes.append(name)
        if name == "000001.tar":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), self.location(name))
        write(self, name, data)

    monkeypatch.setattr(Storage, "write", full)
    with pytest.raises(OSError, match="No space left"):
        run(pool, tmp_path / "labels")
    assert not (tmp_path / "labels/shards.json").exists()
    monkeypatch.undo()
    run(pool, tmp_path / "labels")
    assert contents(tmp_path / "labels") == contents(labelled)


def test_pieces_may_come_in_any_order_and_twice(pool, labelled, tmp_path):
    names = LabelStore(str(labelled)).plan()[0].names
    with tarfile.open(labelled / "000000.tar") as tar:
        members = [(i.name.removesuffix(".label"), tar.extractfile(i).read()) for i in tar]
    cuts = [members[:7], members[7:15], members[15:]]
    pieces = [Piece("000000.tar", i, i == 2, tuple(cut)) for i, cut in enumerate(cuts)]
    gatherer = Gatherer(str(tmp_path))
    assert [gatherer.add(pieces[i]) for i in (2, 0, 0)] == [None] * 3
    assert gatherer.add(pieces[1]).samples == len(names) == 20
    assert (tmp_path / "000000.tar").read_bytes() == (labelled / "000000.tar").read_bytes()
    assert gatherer.begun == {}


def test_photos_that_come_later_are_added(pool, labelled, tmp_path):
    for source in sorted(pool.rglob("*.*"))[:-5]:
        target = tmp_path / "pool" / source.relative_to(pool)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
    run(tmp_path / "pool", tmp_path / "labels")
    before = contents(tmp_path / "labels")
    photo(99).save(tmp_path / "pool/000_new.png")
    assert run(tmp_path / "pool", tmp_path / "labels").labels == 41
    after = contents(tmp_path / "labels")
    assert all(after[name] == data for name, data in before.items() if name.endswith(".tar"))
    assert LabelStore(str(tmp_path / "labels")).plan()[-1] == Job("000002.tar", names=("000_new.png",))


def test_shards_of_pictures_have_shards_of_labels_with_the_same_keys(pool, labelled, tmp_path):
    shards = write_picture_shards(pool, tmp_path / "shards", 20)
    run(shards, tmp_path / "labels")
    assert sorted(p.name for p in (tmp_path / "labels").glob("*.tar")) == sorted(p.name for p in shards.iterdir())
    loose = {s.name: s for s in open_labelled(pool, labelled)}
    packed = open_labelled(shards, tmp_path / "labels")
    assert sorted(packed.names) == sorted(loose)
    for name, sample in zip(packed.names, packed, strict=True):
        assert sample.name == name
        assert np.array_equal(sample.picture, loose[name].picture)
        assert np.array_equal(sample.disparity, loose[name].disparity)  # the same pictures in the same pieces


def test_a_shard_of_pictures_that_is_cut_short_is_said_and_the_others_are_labelled(pool, tmp_path):
    shards = write_picture_shards(pool, tmp_path / "shards", 20)
    broken = shards / "pictures-0001.tar"
    whole = broken.read_bytes()
    broken.write_bytes(whole[: len(whole) // 2])
    result = run(shards, tmp_path / "labels")
    assert result.labels == 25 and len(result.failures) == 1 and "pictures-0001.tar: is" in result.failures[0]
    assert not (tmp_path / "labels/shards.json").exists()
    broken.write_bytes(whole)
    assert run(shards, tmp_path / "labels") == replace(result, labels=45, failures=())


def test_a_list_of_files_is_a_pool(pool, labelled, tmp_path):
    names = sorted(p.relative_to(pool).as_posix() for p in pool.rglob("*.*"))
    (pool.parent / "list.txt").write_text(
        "\n".join(f"photos/{n}" if i % 2 else f"{pool}/{n}" for i, n in enumerate(names))
    )
    found = open_pool(str(pool.parent / "list.txt"))
    assert found == Pool(str(pool), tuple(names))
    run(pool.parent / "list.txt", tmp_path / "labels")
    assert contents(tmp_path / "labels") == contents(labelled)
    assert open_labelled(pool.parent / "list.txt", tmp_path / "labels")[3].name == names[3]


def test_labels_may_lie_inside_the_pool(tmp_path):
    write_pool(tmp_path / "pool", 4)
    for _ in range(2):
        assert run(tmp_path / "pool", tmp_path / "pool/labels").labels == 4


def test_an_address_is_as_good_as_a_folder(pool, labelled):
    run(f"file://{pool}", "memory://store/labels")
    there = Storage("memory://store/labels")
    assert {name: there.read(name) for name in there.sizes()} == contents(labelled)
    assert check(LabelStore("memory://store/labels"), str(pool)).labels == 45


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"fingerprint": "f2"}, "another teacher"),
        ({"sizes": (64,)}, r"made otherwise \(sizes \[48\] and not \[64\]\)"),
    ],
)
def test_labels_of_two_teachers_are_not_mixed(pool, labelled, change, message):
    with pytest.raises(ValueError, match=message):
        run(pool, labelled, replace(red_teacher(), **change))


def test_loose_labels_are_not_mixed_with_shards(pool, tmp_path):
    (tmp_path / "labels.json").write_text('{"fingerprint": "f1", "teacher": "red"}')
    with pytest.raises(ValueError, match="another format"):
        run(pool, tmp_path)


def test_a_list_may_lead_out_of_its_folder(tmp_path):
    for name in ("a/one.png", "b/two.png", "b/two.side.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        photo(0).save(tmp_path / name)
    (tmp_path / "a/list.txt").write_text("one.png\n../b/two.png\n./one.png\n")
    assert open_pool(str(tmp_path / "a/list.txt")) == Pool(str(tmp_path), ("a/one.png", "b/two.png"))
    assert open_pool(str(tmp_path / "b")).photos == ("two.png",)  # the other is a result of fathom depth


def test_what_holds_no_pictures_is_said(tmp_path):
    for make, message in ((lambda: None, "holds no pictures"), (lambda: (tmp_path / "a.txt").touch(), "names no pict")):
        make()
        with pytest.raises(ValueError, match=message):
            open_pool(str(tmp_path / "a.txt" if (tmp_path / "a.txt").exists() else tmp_path))
    with pytest.raises(ValueError, match="no such folder"):
        open_pool(str(tmp_path / "nothing"))
    photo(0).save(tmp_path / "a.png")
    (tmp_path / "b.tar").touch()
    with pytest.raises(ValueError, match="both photos"):
        open_pool(str(tmp_path))


def test_two_shards_of_pictures_may_not_share_a_name():
    with pytest.raises(ValueError, match="both have their labels in a__b"):
        planned(Pool("x", shards=("a/b.tar", "a__b.tar")), 20)


def test_check_finds_what_is_wrong(pool, labelled, tmp_path):
    def damaged(change):
        store = tmp_path / str(time.monotonic_ns())
        for name, data in contents(labelled).items():
            (store / name).parent.mkdir(parents=True, exist_ok=True)
            (store / name).write_bytes(data)
        change(store)
        return " ".join(check(LabelStore(str(store)), str(pool)).faults)

    def flip(store):
        data = bytearray((store / "000001.tar").read_bytes())
        data[2000] ^= 1
        (store / "000001.tar").write_bytes(data)

    def forget_one(store):
        record = store / "records/000000.json"
        names = LabelStore(str(store)).plan()[0]
        LabelStore(str(store)).write_shard(names, [], [])
        assert json.loads(record.read_text())["samples"] == 0

    assert damaged(lambda store: None) == ""
    assert "checksum" in damaged(flip)
    assert "000001.tar: is gone" in damaged(lambda store: (store / "000001.tar").unlink())
    assert "unfinished" in damaged(lambda store: (store / "records/000002.json").unlink())
    assert "unfinished" in damaged(lambda store: (store / "shards.json").unlink())
    assert "are 0 pictures, not the 20" in damaged(forget_one)
    with pytest.raises(ValueError, match="no store"):
        check(LabelStore(str(tmp_path / "nothing")))


def test_a_refused_item_stays_refused():
    piece = Piece("s", 0, True, (("a", 1), ("b", Refused("tiny: x")))).mapped(lambda x: x + 1)
    assert piece.items == (("a", 2), ("b", Refused("tiny: x")))
