"""The folder format gives back what was written, sky and holes included."""

import numpy as np
import pytest
from PIL import Image

from fathom.data.folder import DepthFolder, write_sample
from fathom.data.sample import Reduced, Sample
from fathom.depth import Depth
from fathom.intrinsics import Intrinsics


def sample(name="a/b", metric=True):
    rng = np.random.default_rng(0)
    disparity = rng.uniform(0.1, 2, (6, 8)).astype(np.float32)
    disparity[0] = 0  # sky
    valid = np.ones((6, 8), bool)
    valid[5, :3] = False
    disparity[5, :3] = 0
    picture = rng.integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Sample(name, picture, disparity, valid, metric, Intrinsics(10, 11, 4, 3))


def test_round_trip(tmp_path):
    written = sample()
    write_sample(tmp_path, written)
    samples = DepthFolder(tmp_path)
    assert len(samples) == 1
    read = samples[0]
    assert read.name == "a/b" and read.metric and read.intrinsics == written.intrinsics
    assert np.array_equal(read.picture, written.picture)
    assert np.array_equal(read.valid, written.valid)
    assert np.allclose(read.disparity, written.disparity, rtol=1e-6)
    assert np.array_equal(read.sky, written.sky) and read.sky[0].all() and read.sky.sum() == 8


def test_depth_of_sky_is_infinite_and_of_holes_unknown():
    depth = sample().depth
    assert np.isinf(depth[0]).all() and np.isnan(depth[5, :3]).all() and np.isfinite(depth[1:5]).all()


def test_relative_labels_have_no_metres():
    relative = sample(metric=False)
    assert not relative.sky.any()
    with pytest.raises(ValueError, match="no depth in metres"):
        _ = relative.depth


def test_reduced_keeps_picture_depth_and_camera_together():
    x = np.mgrid[:60, :80][1].astype(np.float32)
    picture = np.repeat((x * 3)[..., None], 3, 2).astype(np.uint8)
    whole = Sample("s", picture, x, x > 3, True, Intrinsics(80, 80, 40, 30))
    small = Reduced([whole], 30)[0]
    assert small.picture.shape == (30, 40, 3) and small.disparity.shape == (30, 40)
    assert np.abs(small.picture[..., 0] / 3.0 - small.disparity).max() <= 1
    assert np.array_equal(small.valid, small.disparity > 3)
    assert small.intrinsics == Intrinsics(40, 40, 20, 15)
    assert Reduced([whole], 60)[0] is whole


def test_bad_folders_are_said(tmp_path):
    with pytest.raises(ValueError, match=r"expected NAME\.png"):
        DepthFolder(tmp_path)
    np.savez(tmp_path / "x.npz", depth=np.ones((2, 2)))
    with pytest.raises(ValueError, match="has no picture beside it"):
        DepthFolder(tmp_path)[0]
    Image.new("RGB", (3, 3)).save(tmp_path / "x.png")
    with pytest.raises(ValueError, match="the picture is"):
        DepthFolder(tmp_path)[0]


def test_a_camera_of_too_few_numbers_is_said(tmp_path):
    write_sample(tmp_path, sample())
    with np.load(tmp_path / "a" / "b.npz") as file:
        arrays = dict(file)
    np.savez(tmp_path / "a" / "b.npz", **{**arrays, "intrinsics": np.ones(3)})
    with pytest.raises(ValueError, match=r"a/b: its intrinsics are of shape \(3,\)"):
        DepthFolder(tmp_path)[0]


def test_what_a_model_saw_is_no_sample(tmp_path):
    write_sample(tmp_path, sample("a"))
    Depth(np.ones((6, 8), np.float32), "relative").save(tmp_path / "a.depth.npz")
    assert DepthFolder(tmp_path).names == ["a"]
