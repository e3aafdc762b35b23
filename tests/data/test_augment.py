"""Views keep picture and depth together, and depend on (seed, position) alone."""

import numpy as np
import pytest

from fathom.data.augment import Augmentation, augment, make_batch, relight, sample_order
from fathom.data.sample import Sample

PLAIN = Augmentation(crop=32, jitter=0)


def ramp(name="ramp", height=48, width=64):
    """A picture whose red is its column and green its row, and whose depth says both."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    picture = np.stack([x * 4, y * 4, np.zeros_like(x)], -1).astype(np.uint8)
    return Sample(name, picture, x + 1000 * y, x > 3)


@pytest.mark.parametrize("seed", range(8))
def test_depth_follows_the_picture(seed):
    picture, disparity, valid = augment(ramp(), PLAIN, np.random.default_rng(seed))
    assert picture.shape == (32, 32, 3) and disparity.shape == valid.shape == (32, 32)
    x, y = disparity % 1000, disparity // 1000
    inner = (slice(2, -2), slice(2, -2))
    assert np.abs(picture[..., 0] / 4.0 - x)[inner].max() <= 1.5
    assert np.abs(picture[..., 1] / 4.0 - y)[inner].max() <= 1.5
    assert np.array_equal(valid, x > 3)


def test_flips_happen_and_only_sideways():
    firsts = [augment(ramp(), PLAIN, np.random.default_rng(s))[1] for s in range(40)]
    mirrored = [d[0, 0] % 1000 > d[0, -1] % 1000 for d in firsts]
    assert 8 < sum(mirrored) < 32
    assert all(d[0, 0] // 1000 < d[-1, 0] // 1000 for d in firsts)


def test_batches_depend_on_seed_and_step_alone():
    samples = [ramp(str(i)) for i in range(5)]
    a, b = (make_batch(samples, Augmentation(crop=16), 3, seed=7, step=4) for _ in range(2))
    assert a.names == b.names and np.array_equal(a.pictures, b.pictures) and np.array_equal(a.disparity, b.disparity)
    c = make_batch(samples, Augmentation(crop=16), 3, seed=8, step=4)
    assert not np.array_equal(a.pictures, c.pictures)
    assert a.pictures.shape == (3, 3, 16, 16)


def test_every_epoch_sees_every_sample_once():
    samples = [ramp(str(i)) for i in range(5)]
    seen = [name for step in range(5) for name in make_batch(samples, PLAIN, 3, 0, step).names]
    for epoch in range(3):
        assert sorted(seen[5 * epoch : 5 * epoch + 5]) == list("01234")
    assert not np.array_equal(sample_order(0, 0, 50), sample_order(0, 1, 50))


def test_relight_of_strength_zero_changes_nothing():
    picture = ramp().picture
    assert np.array_equal(relight(picture, 0.0, np.random.default_rng(0)), picture)
    assert not np.array_equal(relight(picture, 0.3, np.random.default_rng(0)), picture)
