"""The teacher labels every photo once, and says which it could not."""

import json

import numpy as np
import pytest
from PIL import Image

from fathom.data.labels import LabelledPhotos, label_path
from fathom.depth import Depth
from fathom.picture import Picture
from fathom.recipe.label import affine_normalised, label


class Teacher:
    """Sees the red channel, and counts how often it is asked."""

    name, kind, size = "red", "relative", 32

    def __init__(self):
        self.asked = 0

    def __call__(self, pictures):
        self.asked += 1
        rgbs = [p.rgb if isinstance(p, Picture) else p for p in pictures]
        return [Depth(rgb[..., 0].astype(np.float32), "relative") for rgb in rgbs]


@pytest.fixture
def pool(tmp_path):
    folder = tmp_path / "pool"
    (folder / "sub").mkdir(parents=True)
    rng = np.random.default_rng(0)
    for name in ("a.png", "sub/b.png", "c.png"):
        Image.fromarray(rng.integers(0, 255, (20, 30, 3), dtype=np.uint8)).save(folder / name)
    Image.new("RGB", (20, 20), (9, 9, 9)).save(folder / "flat.png")
    (folder / "text.jpg").write_text("not a picture")
    return folder


def test_every_photo_is_labelled_or_quarantined(pool, tmp_path):
    out = tmp_path / "labels"
    assert label(pool, out, Teacher(), "f1") == (3, 2)
    quarantined = {
        q["photo"]: q["reason"] for q in map(json.loads, (out / "quarantine.jsonl").read_text().splitlines())
    }
    assert set(quarantined) == {"flat.png", "text.jpg"}
    assert "constant" in quarantined["flat.png"]
    samples = LabelledPhotos(pool, out)
    assert samples.names == ["a.png", "c.png", "sub/b.png"]
    red = samples[0].picture[..., 0].astype(np.float32)
    assert np.abs(affine_normalised(red) - samples[0].disparity).max() < 1e-3  # mirrored back, so the mean is itself


def test_a_second_start_makes_what_is_missing_and_nothing_else(pool, tmp_path):
    out, teacher = tmp_path / "labels", Teacher()
    label(pool, out, teacher, "f1")
    before = {p: p.read_bytes() for p in out.rglob("*.png")}
    label_path(out, "c.png").unlink()
    teacher.asked = 0
    assert label(pool, out, teacher, "f1") == (3, 2)
    assert teacher.asked == 2  # the missing one, and once more the flat one
    assert {p: p.read_bytes() for p in out.rglob("*.png")} == before


def test_labels_may_lie_inside_the_pool(pool):
    out = pool / "labels"
    assert label(pool, out, Teacher(), "f1") == (3, 2)
    assert label(pool, out, Teacher(), "f1") == (3, 2)


def test_a_photo_that_cannot_be_opened_is_quarantined(pool, tmp_path):
    (pool / "gone.jpg").symlink_to(tmp_path / "nowhere.jpg")
    assert label(pool, tmp_path / "labels", Teacher(), "f1") == (3, 3)


def test_labels_of_two_teachers_are_not_mixed(pool, tmp_path):
    label(pool, tmp_path / "labels", Teacher(), "f1")
    with pytest.raises(ValueError, match="another teacher"):
        label(pool, tmp_path / "labels", Teacher(), "f2")


def test_a_metric_teacher_is_refused(pool, tmp_path):
    teacher = Teacher()
    teacher.kind = "metric"
    with pytest.raises(ValueError, match="must be a relative model"):
        label(pool, tmp_path / "labels", teacher, "f1")


def test_an_empty_pool_is_said(tmp_path):
    with pytest.raises(ValueError, match="holds no pictures"):
        label(tmp_path, tmp_path / "labels", Teacher(), "f1")
