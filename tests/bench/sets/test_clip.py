"""Clips's reader on files in its own format."""

import numpy as np
import pytest
import sets_on_disk as disk

from fathom.bench.registry import open_suite

RNG = np.random.default_rng(8)


def clip_files(n=3):
    depths = [RNG.uniform(1, 4, (12, 16)).round(3) for _ in range(n)]
    depths[0][2, 3], depths[1][0, 0] = np.nan, 0
    poses = [np.eye(4) + np.eye(4, k=3) * 0.1 * i for i in range(n)]
    k = [[20, 0, 8], [0, 22, 6], [0, 0, 1]]
    names = [f"{200 + i:06d}" for i in range(n)]
    return disk.clip(names, [disk.picture(12, 16) for _ in range(n)], depths, poses, k), depths, poses


@pytest.mark.parametrize("folder", ["", "clip_a"])
def test_clip(tmp_path, folder):
    files, depths, poses = clip_files()
    disk.write(tmp_path / folder, files)
    suite = open_suite(str(tmp_path))
    assert len(suite.cases) == 1 and len(suite.cases[0].frames) == 3
    assert suite.cases[0].frames[0].name.endswith("/000200")
    truth = suite.read_truth(suite.cases[0])
    assert not truth.frames[0].valid[2, 3] and not truth.frames[1].valid[0, 0]
    assert sum(frame.valid.sum() for frame in truth.frames) == 3 * 12 * 16 - 2
    for frame, depth in zip(truth.frames, depths, strict=True):
        np.testing.assert_allclose(frame.depth[frame.valid], depth[frame.valid], rtol=1e-6)
    np.testing.assert_allclose(truth.poses, poses, rtol=1e-6)
    assert (truth.intrinsics.fx, truth.intrinsics.fy, truth.intrinsics.cx, truth.intrinsics.cy) == (20, 22, 8, 6)
    predictions = [frame.depth for frame in truth.frames]
    assert suite.score(suite.cases[0], predictions, "metric").metrics["abs_rel"] == pytest.approx(0, abs=1e-6)


def test_clip_that_is_not_right(tmp_path):
    with pytest.raises(ValueError, match=r"no camera-intrinsics\.txt"):
        open_suite(f"clip:{tmp_path}")
    files, _, _ = clip_files()
    disk.write(tmp_path, {name: data for name, data in files.items() if name != "pose/000201.txt"})
    with pytest.raises(ValueError, match=r"1 of 3 frames lack depth or pose: pose/000201\.txt"):
        open_suite(f"clip:{tmp_path}")
    disk.write(tmp_path, {"pose/000201.txt": b"1 2 3"})
    suite = open_suite(f"clip:{tmp_path}")
    with pytest.raises(ValueError, match=r"000201\.txt: expected 4x4 numbers"):
        suite.read_truth(suite.cases[0])
