"""fathom convert, from a published set to what trains."""

import numpy as np
import published_files as disk

from fathom.cli import main
from fathom.data.folder import DepthFolder
from fathom.data.shards import Shards

FLAT = np.full((disk.HEIGHT, disk.WIDTH), 2.0)


def fill(root, frames=5):
    for n in range(frames):
        disk.vkitti2(root, root, "Scene01/clone", 0, n, (FLAT + n) * 100)
    disk.vkitti2(root, root, "Scene02/clone", 0, 0, FLAT * 100)
    return f"vkitti2:{root}"


def test_to_shards_and_on_to_a_folder(tmp_path, capsys):
    source = fill(tmp_path / "set")
    assert main(["convert", source, str(tmp_path / "shards"), "--per-shard", "2"]) == 0
    assert "5 samples in" in capsys.readouterr().err
    shards = Shards(tmp_path / "shards")
    assert shards.counts == [2, 2, 1] and shards[3].depth[0, 0] == 5 and shards[0].intrinsics.fx == 725.0087
    assert main(["convert", str(tmp_path / "shards"), str(tmp_path / "folder"), "--folder", "--limit", "3"]) == 0
    folder = DepthFolder(tmp_path / "folder")
    assert folder.names == shards.names[:3] and np.array_equal(folder[2].depth, shards[2].depth)
    assert main(["convert", source, str(tmp_path / "shards"), "--per-shard", "2"]) == 0


def test_a_split(tmp_path):
    source = fill(tmp_path / "set")
    assert main(["convert", source, str(tmp_path / "a"), "--split", "validation"]) == 0
    assert main(["convert", source.replace(":", "/validation:", 1), str(tmp_path / "b"), "--shards"]) == 0
    assert Shards(tmp_path / "a").names == Shards(tmp_path / "b").names == ["Scene02/clone/Camera_0/00000"]


def test_damaged_samples_are_skipped_named_and_counted(tmp_path, capsys):
    source = fill(tmp_path / "set")
    path = tmp_path / "set/Scene01/clone/frames/depth/Camera_0/depth_00002.png"
    path.write_bytes(path.read_bytes()[:60])
    for form in ("--shards", "--folder"):
        assert main(["convert", source, str(tmp_path / form), form]) == 1
        said = capsys.readouterr().err
        assert "skipped Scene01/clone/Camera_0/00002: " in said and "depth_00002.png: is not a 16-bit PNG" in said
        assert "4 samples in" in said and "1 skipped" in said


def test_wrong_usage(tmp_path, capsys):
    source = fill(tmp_path / "set")
    for wrong, words in (
        (["--shards", "--folder"], "do not go together"),
        (["--limit", "0"], "limit is at least 1"),
        (["--per-shard", "0"], "per-shard is at least 1"),
    ):
        assert main(["convert", source, str(tmp_path / "out"), *wrong]) == 2
        assert words in capsys.readouterr().err
    assert main(["convert", f"irs:{tmp_path / 'set'}", str(tmp_path / "out")]) == 1
    assert "no IRS scene here: expected" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
