"""ETH3D's reader on files in its own format."""

import numpy as np
import pytest
import sets_on_disk as disk
from truths import perfect, read

from fathom.bench.registry import open_suite

RNG = np.random.default_rng(8)


@pytest.mark.parametrize("prefix", ["", "courtyard_dslr_depth/"])
def test_eth3d(tmp_path, prefix):
    rgb = disk.picture(24, 36)
    depth = RNG.uniform(1, 100, (24, 36)).astype(np.float32)
    depth[3] = np.inf
    files = {
        "courtyard/images/dslr_images/DSC_0286.JPG": disk.jpeg(rgb),
        f"{prefix}courtyard/ground_truth_depth/dslr_images/DSC_0286.JPG": disk.eth3d_depth(depth),
    }
    disk.write(tmp_path, files)
    with pytest.raises(
        ValueError, match=r"453 of the 454.*37 in courtyard/images/dslr_images, 44 in delivery_area.*7z x"
    ):
        open_suite(str(tmp_path))
    suite = open_suite(str(tmp_path), partial=True)
    case, found, truth = read(suite)
    assert case.name == "courtyard/DSC_0286" and found.shape == rgb.shape
    assert (truth.depth == depth).all() and (truth.valid == np.isfinite(depth)).all()
    assert (suite.protocol.scored(truth.depth, truth.valid) == (depth < 72)).all()
    assert perfect(suite)["order"] == 1
    disk.write(tmp_path, {f"{prefix}courtyard/ground_truth_depth/dslr_images/DSC_0286.JPG": b"\0" * 40})
    with pytest.raises(ValueError, match="has 40 bytes, but float32 depth of 24x36 has 3456"):
        suite.read_truth(case)
