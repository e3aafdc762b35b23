"""A folder is listed once, and again when it has changed."""

import os

import pytest

from fathom.data import index
from fathom.data.index import folders, indexed, scan, stems


def fill(root, scenes=3, frames=4):
    for scene in range(scenes):
        for frame in range(frames):
            for file in (f"p_{frame}.png", f"d_{frame}.npy"):
                path = root / f"scene{scene}" / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch()


class Listing:
    """Lists a folder and counts how often it was asked to."""

    def __init__(self, root):
        self.root, self.times = root, 0

    def __call__(self):
        self.times += 1
        for scene in folders(self.root):
            yield scene, stems(self.root / scene, "p_", ".png"), stems(self.root / scene, "d_", ".npy")


@pytest.fixture
def listing(tmp_path):
    fill(tmp_path)
    return Listing(tmp_path)


def test_a_folder_is_listed_once(tmp_path, listing):
    first = indexed(tmp_path, "set", listing)
    assert first == [f"scene{s}/{f}" for s in range(3) for f in range(4)]
    assert indexed(tmp_path, "set", listing) == first and listing.times == 1
    assert indexed(tmp_path, "another", listing) == first and listing.times == 2
    assert indexed(tmp_path, "set", listing, rescan=True) == first and listing.times == 3


def test_what_changes_the_folder_makes_it_listed_again(tmp_path, listing):
    indexed(tmp_path, "set", listing)
    (tmp_path / "scene0/p_9.png").touch()
    (tmp_path / "scene0/d_9.npy").touch()
    assert "scene0/9" in indexed(tmp_path, "set", listing) and listing.times == 2
    os.utime(tmp_path / "scene1", ns=(1, 1))
    indexed(tmp_path, "set", listing)
    assert listing.times == 3
    (tmp_path / "scene1").rename(tmp_path / "scene7")
    assert "scene7/0" in indexed(tmp_path, "set", listing) and listing.times == 4
    os.utime(tmp_path, ns=(2, 2))
    indexed(tmp_path, "set", listing)
    assert listing.times == 5


def test_a_damaged_index_is_made_again(tmp_path, listing, monkeypatch):
    monkeypatch.setenv("FATHOM_CACHE", str(tmp_path.parent / "cache"))
    names = indexed(tmp_path, "set", listing)
    (path,) = (tmp_path.parent / "cache/index").iterdir()
    whole = path.read_bytes()
    for damaged in (b"", b"{}\n", whole[:-10], b"\xff\xfe" + whole, whole + b"\nmore/1"):
        path.write_bytes(damaged)
        assert indexed(tmp_path, "set", listing) == names
        assert path.read_bytes() == whole
    assert listing.times == 6


def test_without_a_cache_it_is_only_slower(tmp_path, listing, monkeypatch):
    blocked = tmp_path.parent / "file"
    blocked.touch()
    monkeypatch.setenv("FATHOM_CACHE", str(blocked))
    assert len(indexed(tmp_path, "set", listing)) == 12
    assert len(indexed(tmp_path, "set", listing)) == 12 and listing.times == 2


def test_long_listings_say_how_far_they_are(tmp_path, listing, monkeypatch, capsys):
    monkeypatch.setattr(index, "QUIET", -1.0)
    scan(tmp_path, listing)
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[1] for line in lines] == [f"{n} pictures so far" for n in (4, 8, 12)]


def test_names_that_are_no_text_survive(tmp_path):
    odd = os.fsdecode(b"scene\xff")
    for file in ("p_1.png", "d_1.npy"):
        (tmp_path / odd).mkdir(exist_ok=True)
        (tmp_path / odd / file).touch()
    listing = Listing(tmp_path)
    assert indexed(tmp_path, "set", listing) == indexed(tmp_path, "set", listing) == [f"{odd}/1"]
    assert listing.times == 1


def test_folders_follow_links_and_missing_ones_are_empty(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").symlink_to(tmp_path / "a")
    (tmp_path / "c").touch()
    (tmp_path / "d").symlink_to(tmp_path / "nowhere")
    assert folders(tmp_path) == ["a", "b"]
    assert folders(tmp_path / "z") == [] and stems(tmp_path / "z", "", "") == set()
    assert folders(tmp_path / "c") == [] and stems(tmp_path / "c", "", "") == set()
