"""KITTI's reader on files in its own format."""

from collections import Counter

import numpy as np
import pytest
import sets_on_disk as disk
from truths import perfect, read

from fathom.bench.registry import open_suite
from fathom.bench.sets.kitti_split import eigen_frames

RNG = np.random.default_rng(8)


def test_kitti_split():
    frames = eigen_frames()
    assert len(frames) == len(set(frames)) == 652
    assert len({drive for drive, _ in frames}) == 28
    assert max(Counter(drive for drive, _ in frames).values()) <= 25
    for frame in (69, 54, 6, 63):
        assert ("2011_09_26_drive_0002_sync", frame) in frames
    assert ("2011_09_26_drive_0002_sync", 66) not in frames


@pytest.mark.parametrize("layout", ["folders", "zip"])
def test_kitti(tmp_path, layout):
    height, width = 375, 1242
    depth = RNG.integers(256, 90 * 256, (height, width)) / 256
    depth[::2] = 0
    for i, (drive, frame) in enumerate([("2011_09_26_drive_0002_sync", 69), ("2011_09_26_drive_0009_sync", 16)]):
        rgb = disk.picture(height, width)
        pictures, truths = disk.kitti_frame(drive, frame, rgb, depth)
        half = ("val", "train")[i]
        truths = {f"{half}/{name}": data for name, data in truths.items()}
        disk.write(tmp_path, pictures)
        if layout == "zip":
            disk.write_zip(tmp_path / f"data_depth_annotated_{half}.zip", truths)
        else:
            disk.write(tmp_path / "data_depth_annotated", truths)
    with pytest.raises(ValueError, match=r"650 of the 652.*drive_0002_sync/image_02/data/0000000006\.png.*cvlibs"):
        open_suite(f"kitti:{tmp_path}")
    suite = open_suite(f"kitti:{tmp_path}", partial=True)
    assert [case.name for case in suite.cases] == [
        "2011_09_26_drive_0002_sync/0000000069",
        "2011_09_26_drive_0009_sync/0000000016",
    ]
    _, found, truth = read(suite, 1)
    assert (found == rgb).all()
    assert (truth.depth == depth).all() and (truth.valid == (depth > 0)).all()
    expected = np.zeros((height, width), bool)
    expected[153:371, 44:1197] = True
    assert (suite.protocol.scored(truth.depth, truth.valid) == expected & (depth > 0) & (depth < 80)).all()
    assert perfect(suite)["abs_rel"] == 0
