"""DA-2K's reader on files in its own format."""

import json

import numpy as np
import pytest
import sets_on_disk as disk

from fathom.bench.registry import open_suite


@pytest.mark.parametrize("layout", ["folder", "zip"])
def test_da2k(tmp_path, layout):
    """Rows come first: a gradient from top to bottom answers as the points lie in it."""
    pairs = {
        "images/indoor/one.jpg": [((5, 0), (1, 9)), ((1, 9), (5, 0))],
        "images/transparent_reflective/two.png": [((7, 2), (0, 3))],
    }
    files = {"annotations.json": disk.da2k(pairs)}
    files |= {path: disk.png(disk.picture(8, 12)) for path in pairs}
    if layout == "zip":
        disk.write_zip(tmp_path / "DA-2K.zip", {f"DA-2K/{name}": data for name, data in files.items()})
    else:
        disk.write(tmp_path, files)
    suite = open_suite(str(tmp_path))
    rows = np.repeat(np.arange(8.0)[:, None], 12, axis=1)
    scores = {case.source: suite.score(case, [rows], "relative") for case in suite.cases}
    assert {source: (s.metrics["accuracy"], s.weight) for source, s in scores.items()} == {
        "indoor": (0.5, 2),
        "transparent_reflective": (1, 1),
    }
    assert suite.cases[0].frames[0].read().shape == (8, 12, 3)
    assert suite.cases[0].frames[0].name == "images/indoor/one"


@pytest.mark.parametrize(
    ("annotations", "words"),
    [
        (b"{", "is not JSON"),
        (json.dumps({"images/indoor/a.png": [{"point1": [1, 2]}]}).encode(), r"expected point1, point2 as \[row"),
        (disk.da2k({"images/nowhere/a.png": [((0, 0), (1, 1))]}), "names none of the scenes"),
        (disk.da2k({"images/indoor/a.png": [((0, 0), (1, 1))]}), r"1 of the 1 pictures of DA-2K.*huggingface"),
    ],
)
def test_da2k_that_is_not_right(tmp_path, annotations, words):
    (tmp_path / "annotations.json").write_bytes(annotations)
    with pytest.raises(ValueError, match=words):
        open_suite(f"da2k:{tmp_path}")


def test_da2k_takes_the_nearer_point_that_the_annotation_names(tmp_path):
    entry = {"point1": [1, 1], "point2": [3, 3], "closer_point": "point2"}
    files = {"annotations.json": json.dumps({"images/object/a.png": [entry]}).encode()}
    disk.write(tmp_path, files | {"images/object/a.png": disk.png(disk.picture(5, 5))})
    assert open_suite(f"da2k:{tmp_path}").pairs["images/object/a.png"][0].nearer == (3, 3)
