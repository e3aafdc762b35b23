"""Folders of one's own: with an index, and as fathom writes them."""

import json

import numpy as np
import pytest
import sets_on_disk as disk
from truths import perfect, read

from fathom.bench.registry import open_suite
from fathom.data.folder import write_sample
from fathom.data.sample import MATERIALS, Sample

RNG = np.random.default_rng(8)


def index_files():
    disparity = RNG.integers(1, 200, (10, 14)).astype(np.uint8)
    disparity[0, 0] = 0
    metres = RNG.integers(500, 9000, (10, 14)).astype(np.uint16)
    metres[0, :2] = 0, 65535
    real = RNG.uniform(1, 5, (10, 14)).astype(np.float32)
    files = {f"{name}.png": disk.png(disk.picture(10, 14)) for name in ("one", "two", "three")}
    files |= {"one_gt.png": disk.png(disparity), "two_gt.png": disk.png(metres), "three_gt.npy": disk.npy(real)}
    files["glass.png"] = disk.png((np.arange(14) < 7) * np.full((10, 1), 255, np.uint8))
    common = {"dataset": "a", "invalid": [0]}
    index = [
        {**common, "name": "one", "rgb": "one.png", "gt": "one_gt.png", "kind": "disparity", "scale": 0.25},
        {**common, "name": "two", "rgb": "two.png", "gt": "two_gt.png", "kind": "metric_depth", "scale": 0.001},
        {"dataset": "b", "name": "three", "rgb": "three.png", "gt": "three_gt.npy", "kind": "metric_depth_sparse",
         "scale": 1.0, "regions": {"glass": "glass.png"}},
    ]  # fmt: skip
    index[1]["invalid"] = [0, 65535]
    return files, index, disparity, metres, real


def test_indexed_folder(tmp_path):
    files, index, disparity, metres, real = index_files()
    disk.write(tmp_path, files | {"index.json": json.dumps(index).encode()})
    suite = open_suite(str(tmp_path))
    assert [(case.source, case.name) for case in suite.cases] == [("a", "a/one"), ("a", "a/two"), ("b", "b/three")]
    one, two, three = (suite.read_truth(case) for case in suite.cases)
    assert not one.metric and two.metric and three.metric
    assert not one.valid[0, 0] and one.valid.sum() == 139 and two.valid.sum() == 138
    np.testing.assert_allclose(one.depth[one.valid], 4 / disparity[one.valid])
    np.testing.assert_allclose(two.depth[two.valid], metres[two.valid] / 1000)
    np.testing.assert_allclose(three.depth, real)
    assert three.regions["glass"].sum() == 70
    # A missing offset of the disparity is taken up by the fit; the cap costs the farthest thousandth a little.
    score = suite.score(suite.cases[0], [disparity * 3.0 + 50], "relative")
    assert score.metrics["abs_rel"] == pytest.approx(0, abs=2e-3) and score.metrics["delta1"] == 1
    assert perfect(suite, 1)["abs_rel"] < 1e-4
    assert "delta1@glass" in perfect(suite, 2)


def test_indexed_folder_that_is_not_right(tmp_path):
    files, index, *_ = index_files()
    disk.write(tmp_path, files)

    def refused(records):
        (tmp_path / "index.json").write_text(json.dumps(records) if not isinstance(records, str) else records)
        with pytest.raises(ValueError) as error:
            open_suite(str(tmp_path))
        return str(error.value)

    assert "is not JSON" in refused("[")
    assert "list of records" in refused([])
    assert "record 0 has no gt, scale" in refused([{k: v for k, v in index[0].items() if k not in ("gt", "scale")}])
    assert "there are metric_depth" in refused([{**index[0], "kind": "depth"}])
    assert "a/one is there twice" in refused([index[0], index[0]])
    assert "names gone.png, which is not in" in refused([{**index[0], "rgb": "gone.png"}])
    (tmp_path / "index.json").write_text(json.dumps([*index, {**index[0], "name": "x", "rgb": "gone.png"}]))
    assert len(open_suite(str(tmp_path), partial=True).cases) == 3


def test_fathom_folder(tmp_path):
    disparity = RNG.uniform(0.1, 1, (10, 14)).astype(np.float32)
    disparity[0] = 0  # sky
    valid = np.ones((10, 14), bool)
    valid[1] = False
    write_sample(tmp_path, Sample("scenes/room", disk.picture(10, 14), disparity, valid))
    suite = open_suite(f"folder:{tmp_path}")
    case, rgb, truth = read(suite)
    assert (case.name, case.source, rgb.shape) == ("scenes/room", "scenes", (10, 14, 3))
    assert truth.valid.sum() == 8 * 14  # neither the sky nor the unknown
    np.testing.assert_allclose(truth.depth[truth.valid], 1 / disparity[truth.valid], rtol=1e-5)
    assert suite.score(case, [disparity], "relative").metrics["delta1"] == 1


def test_glass_of_a_fathom_folder_is_scored_by_itself(tmp_path):
    disparity = RNG.uniform(0.1, 1, (10, 14)).astype(np.float32)
    materials = np.zeros((10, 14), np.uint8)
    materials[:3] = MATERIALS.index("glass")
    valid = np.ones((10, 14), bool)
    write_sample(tmp_path, Sample("scenes/bottles", disk.picture(10, 14), disparity, valid, materials=materials))
    suite = open_suite(f"folder:{tmp_path}")
    case, _, truth = read(suite)
    assert list(truth.regions) == ["glass"] and np.array_equal(truth.regions["glass"], materials == 1)
    through = np.where(materials == 1, disparity[::-1], disparity)  # what it says of the glass lies elsewhere
    metrics = suite.score(case, [through], "relative").metrics
    assert metrics["abs_rel@glass"] > metrics["abs_rel"] > 0
