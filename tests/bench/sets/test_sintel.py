"""Sintel's reader on files in its own format."""

import numpy as np
import pytest
import sets_on_disk as disk
from truths import perfect, read

from fathom.bench.registry import open_suite

RNG = np.random.default_rng(8)


@pytest.mark.parametrize("layout", ["folders", "zips"])
def test_sintel(tmp_path, layout):
    rgb = disk.picture(20, 30)
    depth = RNG.uniform(1, 90, (20, 30)).astype(np.float32)
    depth[0, 0], depth[0, 1] = 70, np.nextafter(np.float32(70), np.float32(71))
    pictures = {"training/final/alley_1/frame_0001.png": disk.png(rgb)}
    depths = {"training/depth/alley_1/frame_0001.dpt": disk.dpt(depth)}
    if layout == "zips":
        disk.write_zip(tmp_path / "MPI-Sintel-complete.zip", pictures)
        disk.write_zip(tmp_path / "MPI-Sintel-depth-training-20150305.zip", depths)
    else:
        disk.write(tmp_path, pictures | depths)
    with pytest.raises(ValueError, match=r"1063 of the 1064 pictures of Sintel.*frame_0002\.png.*sintel\.is\.tue"):
        open_suite(str(tmp_path))
    suite = open_suite(str(tmp_path), partial=True)
    _, found, truth = read(suite)
    assert (found == rgb).all() and (truth.depth == depth).all()
    assert (suite.protocol.scored(truth.depth, truth.valid) == (depth <= 70)).all()
    assert perfect(suite)["delta1"] == 1


def test_sintel_depth_that_is_damaged(tmp_path):
    good = disk.dpt(np.ones((4, 5), np.float32))
    for data, words in [(good[:-4], "is damaged"), (b"\0" * 40, "is not one of Sintel's"), (b"", "is not one")]:
        files = {"training/final/alley_1/frame_0001.png": disk.png(disk.picture(4, 5))}
        disk.write(tmp_path, files | {"training/depth/alley_1/frame_0001.dpt": data})
        suite = open_suite(f"sintel:{tmp_path}", partial=True)
        with pytest.raises(ValueError, match=words):
            suite.read_truth(suite.cases[0])
