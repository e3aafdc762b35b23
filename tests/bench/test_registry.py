"""Which set is meant by what is asked for."""

import pytest
import sets_on_disk as disk

from fathom.bench.registry import open_suite


def test_names_and_places(tmp_path):
    for asked, words in [
        (str(tmp_path / "gone"), "no such folder, and no such suite: there are nyu, kitti"),
        ("kitti", "say kitti:FOLDER"),
        (f"kitti:{tmp_path / 'gone'}", "no such folder or archive"),
        (str(tmp_path), "say NAME:"),
    ]:
        with pytest.raises(ValueError, match=words):
            open_suite(asked)


def test_an_archive_that_is_cut_short(tmp_path):
    disk.write_zip(tmp_path / "DA-2K.zip", {"DA-2K/annotations.json": b"{}"})
    (tmp_path / "DA-2K.zip").write_bytes((tmp_path / "DA-2K.zip").read_bytes()[:-30])
    with pytest.raises(ValueError, match=r"not a whole \.zip archive"):
        open_suite(str(tmp_path))
