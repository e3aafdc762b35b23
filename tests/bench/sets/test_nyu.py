"""NYU's reader on files in its own format."""

import numpy as np
import pytest
import sets_on_disk as disk
from truths import perfect, read

from fathom.bench.registry import open_suite
from fathom.bench.sets.matlab5 import read_matlab5

RNG = np.random.default_rng(8)


@pytest.mark.parametrize("compressed", [False, True])
def test_nyu_mat(tmp_path, compressed):
    pictures = RNG.integers(0, 256, (3, 480, 640, 3), dtype=np.uint8)
    depths = RNG.uniform(0.5, 12, (3, 480, 640)).astype(np.float32)
    depths[1, 100] = 0
    disk.nyu_mat(tmp_path, pictures, depths, [3, 2], compressed)
    suite = open_suite(f"nyu:{tmp_path}")
    assert [case.name for case in suite.cases] == ["0002", "0003"]
    _, rgb, truth = read(suite)
    assert (rgb == pictures[1]).all()
    assert (truth.depth == depths[1]).all()
    assert (truth.valid == (depths[1] > 0)).all()
    scored = suite.protocol.scored(truth.depth, truth.valid)
    inside = (depths[1] > 1e-3) & (depths[1] < 10)
    assert scored.sum() == inside[45:471, 41:601].sum()
    assert perfect(suite)["delta1"] == 1
    assert open_suite(str(tmp_path)).cases[0].name == "0002"  # told by its file


def test_nyu_without_its_split_and_cut_short(tmp_path):
    (tmp_path / "nyu_depth_v2_labeled.mat").write_bytes(b"MATLAB 7.3 MAT-file" + bytes(600))
    with pytest.raises(ValueError, match=r"not splits\.mat.*indoor_seg_sup"):
        open_suite(f"nyu:{tmp_path}")
    (tmp_path / "splits.mat").write_bytes(b"no")
    with pytest.raises(ValueError, match="not a MATLAB 5 file"):
        open_suite(f"nyu:{tmp_path}")
    disk.scipy.io.savemat(tmp_path / "splits.mat", {"trainNdxs": np.array([[1]], np.uint16)})
    with pytest.raises(ValueError, match="has no testNdxs"):
        open_suite(f"nyu:{tmp_path}")
    disk.scipy.io.savemat(tmp_path / "splits.mat", {"testNdxs": np.array([[1]], np.uint16)})
    with pytest.raises(ValueError, match="damaged or cut short"):
        open_suite(f"nyu:{tmp_path}")


@pytest.mark.parametrize(("pair", "encode"), [("sync_depth", disk.jpeg), ("depth", disk.png)])
def test_nyu_extracted(tmp_path, pair, encode):
    rgb, depth = disk.smooth_picture(480, 640), RNG.uniform(0.5, 9, (480, 640))
    code = (depth * 1000).astype(np.uint16)
    suffix = "jpg" if encode is disk.jpeg else "png"
    for half in ("test", "train"):
        name = f"{half}/kitchen_0004"
        disk.write(tmp_path, {f"{name}/rgb_0001.{suffix}": encode(rgb), f"{name}/{pair}_0001.png": disk.png(code)})
    disk.write(tmp_path, {"test/kitchen_0004/filled_0001.png": disk.png(code + 1)})
    with pytest.raises(ValueError, match=r"653 of the 654 pictures of NYU-D v2.*653 in test.*add --partial"):
        open_suite(f"nyu:{tmp_path}")
    suite = open_suite(f"nyu:{tmp_path}", partial=True)
    assert "PARTIAL, 1 of 654" in suite.protocol.describe()
    case, found, truth = read(suite)
    assert case.name == case.frames[0].name == "test/kitchen_0004/rgb_0001"
    assert np.abs(found.astype(int) - rgb).max() <= (8 if suffix == "jpg" else 0)
    np.testing.assert_allclose(truth.depth, code / 1000, rtol=1e-6)


def test_matlab5_arrays(tmp_path):
    arrays = {"a": np.arange(12, dtype=np.int16).reshape(3, 4), "long_name": np.array([[1.5]]), "text": "no number"}
    disk.scipy.io.savemat(tmp_path / "x.mat", arrays)
    data = (tmp_path / "x.mat").read_bytes()
    found = read_matlab5(data)
    assert (found["a"] == arrays["a"]).all() and found["long_name"] == 1.5
    with pytest.raises(ValueError, match="damaged"):
        read_matlab5(data[:180])
