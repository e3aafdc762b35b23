"""Labels come back to half a step, beside the right photo."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from fathom.data.labels import STEPS, LabelledPhotos, decode_label, encode_label


@settings(max_examples=30, deadline=None)
@given(arrays(np.float32, (5, 7), elements=st.floats(-1000, 1000, width=32)))
def test_round_trip(disparity):
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.png"
        path.write_bytes(encode_label(disparity, "t"))
        step = float(np.ptp(disparity.astype(np.float64))) / STEPS
        assert np.abs(decode_label(path) - disparity).max() <= 0.51 * step + 1e-6 * np.abs(disparity).max()


def test_the_file_says_what_it_is(tmp_path):
    (tmp_path / "x.png").write_bytes(encode_label(np.array([[1.0, 3.0]], np.float32), "teacher-1"))
    with Image.open(tmp_path / "x.png") as image:
        about = json.loads(image.text["fathom"])
        assert np.asarray(image).tolist() == [[0, 65535]]
    assert about["teacher"] == "teacher-1" and about["offset"] == 1.0


def test_photos_of_equal_stem_keep_their_own_labels(tmp_path):
    photos, labels = tmp_path / "photos", tmp_path / "labels"
    photos.mkdir(), labels.mkdir()
    for name, value in (("a.jpg", 1.0), ("a.png", 2.0)):
        Image.new("RGB", (4, 3), (int(value) * 50,) * 3).save(photos / name)
        (labels / f"{name}.png").write_bytes(encode_label(np.full((3, 4), value, np.float32), "t"))
    (labels / "gone.jpg.png").write_bytes(encode_label(np.ones((3, 4), np.float32), "t"))
    samples = LabelledPhotos(photos, labels)
    assert [(s.name, float(s.disparity[0, 0]), s.metric) for s in samples] == [
        ("a.jpg", 1.0, False),
        ("a.png", 2.0, False),
    ]


def test_what_is_no_label_is_said(tmp_path):
    Image.new("RGB", (4, 3)).save(tmp_path / "x.png")
    with pytest.raises(ValueError, match="not a label"):
        decode_label(tmp_path / "x.png")
    (tmp_path / "photos").mkdir()
    with pytest.raises(ValueError, match="fathom label"):
        LabelledPhotos(tmp_path / "photos", tmp_path)
