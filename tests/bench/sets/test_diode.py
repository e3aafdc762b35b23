"""DIODE's reader on files in its own format."""

import numpy as np
import pytest
import sets_on_disk as disk
from truths import read

from fathom.bench.registry import open_suite

RNG = np.random.default_rng(8)


@pytest.mark.parametrize("top", ["", "val/"])
def test_diode(tmp_path, top):
    depth = RNG.uniform(0.1, 400, (12, 16, 1)).astype(np.float32)
    mask = RNG.random((12, 16)) < 0.7
    rgb = disk.picture(12, 16)
    for half, scene in [("indoors", "00019"), ("outdoor", "00022")]:
        base = f"{top}{half}/scene_{scene}/scan_00183/{scene}_00183_{half}_000_010"
        files = {
            f"{base}.png": disk.png(rgb),
            f"{base}_depth.npy": disk.npy(depth),
            f"{base}_depth_mask.npy": disk.npy(mask.astype(np.float64)),
        }
        disk.write(tmp_path, files)
    with pytest.raises(
        ValueError, match=r"769 of the 771 pictures of DIODE.*324 in indoors, 445 in outdoor.*val\.tar\.gz"
    ):
        open_suite(f"diode:{tmp_path}")
    suite = open_suite(str(tmp_path), partial=True)
    assert [case.source for case in suite.cases] == ["indoors", "outdoor"]
    _, found, truth = read(suite)
    assert (found == rgb).all() and (truth.depth == depth[..., 0]).all()
    expected = mask & (depth[..., 0] >= 0.6) & (depth[..., 0] <= 350)
    assert (suite.protocol.scored(truth.depth, truth.valid) == expected).all()
    (tmp_path / f"{base}_depth_mask.npy").unlink()
    with pytest.raises(ValueError, match=r"770 of the 771.*_depth_mask\.npy"):
        open_suite(f"diode:{tmp_path}")
