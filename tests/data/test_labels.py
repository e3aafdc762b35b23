"""Labels come back beside the right photo."""

import numpy as np
import pytest
from PIL import Image

from fathom.data.labels import LabelledPhotos, label_path
from fathom.depth import Depth
from fathom.picture import read


@pytest.fixture
def pool(tmp_path):
    photos, labels = tmp_path / "photos", tmp_path / "labels"
    photos.mkdir()
    for name, value in (("a.jpg", 1.0), ("a.png", 2.0)):
        Image.new("RGB", (4, 3), (int(value) * 50,) * 3).save(photos / name)
        Depth(np.full((3, 4), value, np.float32), "relative").save(label_path(labels, name))
    return photos, labels


def test_photos_of_equal_stem_keep_their_own_labels(pool):
    photos, labels = pool
    Depth(np.ones((3, 4), np.float32), "relative").save(label_path(labels, "gone.jpg"))
    samples = LabelledPhotos(photos, labels)
    assert [(s.name, float(s.disparity[0, 0])) for s in samples] == [("a.jpg", 1.0), ("a.png", 2.0)]
    assert not any(s.metric for s in samples)


def test_the_student_sees_what_the_teacher_saw(tmp_path):
    photos, labels = tmp_path / "photos", tmp_path / "labels"
    photos.mkdir()
    rng = np.random.default_rng(0)
    Image.fromarray(rng.integers(0, 255, (6, 8, 4), dtype=np.uint8), "RGBA").save(photos / "alpha.png")
    Image.fromarray(rng.integers(0, 65535, (6, 8), dtype=np.uint16)).save(photos / "deep.png")
    turned = Image.new("RGB", (8, 6), (200, 10, 10))
    exif = turned.getexif()
    exif[0x0112] = 6
    turned.save(photos / "turned.jpg", exif=exif)
    for name in ("alpha.png", "deep.png", "turned.jpg"):
        seen = read(photos / name).rgb
        Depth(np.ones(seen.shape[:2], np.float32), "relative").save(label_path(labels, name))
    for sample in LabelledPhotos(photos, labels):
        assert np.array_equal(sample.picture, read(photos / sample.name).rgb)
        assert sample.picture.std() > 0 or sample.name == "turned.jpg"


def test_a_hole_in_a_label_is_not_valid(pool):
    photos, labels = pool
    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    Depth(values, "relative", valid=values != 5).save(label_path(labels, "a.jpg"))
    sample = LabelledPhotos(photos, labels)[0]
    assert np.array_equal(sample.valid, values != 5)
    assert np.allclose(sample.disparity[sample.valid], values[values != 5], atol=1e-3)


def test_what_does_not_fit_is_said(pool, tmp_path):
    photos, labels = pool
    Depth(np.ones((9, 9), np.float32), "relative").save(label_path(labels, "a.jpg"))
    with pytest.raises(ValueError, match=r"the label of a\.jpg"):
        LabelledPhotos(photos, labels)[0]
    Depth(np.ones((3, 4), np.float32), "metric").save(label_path(labels, "a.jpg"))
    with pytest.raises(ValueError, match="metric, not relative"):
        LabelledPhotos(photos, labels)[0]
    with pytest.raises(ValueError, match="fathom label"):
        LabelledPhotos(photos, tmp_path / "nothing")
