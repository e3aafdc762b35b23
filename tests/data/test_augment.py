"""Views keep picture and depth together, and depend on nothing but their generator."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from scipy import ndimage

from fathom.data.augment import BAR, FRAME, Augmentation, View, augment, cutmix, frame, relight, view_shape
from fathom.data.sample import Sample

PLAIN = Augmentation(crop=32, jitter=0)


def ramp(name="ramp", height=48, width=64):
    """A picture whose red is its column and green its row, and whose depth says both."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    picture = np.stack([x * 4, y * 4, np.zeros_like(x)], -1).astype(np.uint8)
    return Sample(name, picture, x + 1000 * y, x > 3)


def noise(height=40, width=50, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.mark.parametrize("seed", range(8))
def test_depth_follows_the_picture(seed):
    picture, disparity, valid = augment(ramp(), PLAIN, np.random.default_rng(seed))
    assert picture.shape == (32, 32, 3) and disparity.shape == valid.shape == (32, 32)
    assert (picture.dtype, disparity.dtype, valid.dtype) == (np.uint8, np.float32, bool)
    x, y = disparity % 1000, disparity // 1000
    inner = (slice(2, -2), slice(2, -2))
    assert np.abs(picture[..., 0] / 4.0 - x)[inner].max() <= 1.5
    assert np.abs(picture[..., 1] / 4.0 - y)[inner].max() <= 1.5
    assert np.array_equal(valid, x > 3)


SHAPES = st.tuples(st.integers(1, 40), st.integers(1, 40))


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 70), st.integers(1, 70), st.integers(0, 99), st.floats(0.1, 1), st.floats(1, 2), SHAPES)
def test_a_view_of_any_picture_is_of_the_samples_own_depth(height, width, seed, smallest, stretch, shape):
    how = Augmentation(crop=16, smallest=smallest, stretch=stretch, blur=0.5)
    sample = ramp(height=height, width=width)
    view = augment(sample, how, np.random.default_rng(seed), shape)
    assert view.picture.shape == (*shape, 3)
    assert np.isin(view.disparity, sample.disparity).all()


def test_flips_happen_and_only_sideways():
    firsts = [augment(ramp(), PLAIN, np.random.default_rng(s))[1] for s in range(40)]
    mirrored = [d[0, 0] % 1000 > d[0, -1] % 1000 for d in firsts]
    assert 8 < sum(mirrored) < 32
    assert all(d[0, 0] // 1000 < d[-1, 0] // 1000 for d in firsts)


def test_whole_crops_show_all_of_the_shorter_side_undistorted():
    """What metric training takes: the angle that a view spans is the camera's."""
    for seed in range(10):
        how = replace(PLAIN, crop=48, smallest=1.0, stretch=1.0, flip=0.0)
        x, y = np.divmod(augment(ramp(), how, np.random.default_rng(seed)).disparity, 1000)[::-1]
        assert np.array_equal(y[:, 0], np.arange(48))  # of a picture of 48 rows
        assert set(np.diff(x[0])) == {1}


@pytest.mark.parametrize("shape", [(32, 32), (24, 32), (24, 64), (32, 16)])
def test_a_view_of_any_shape_shows_as_much_as_it_can_undistorted(shape):
    how = replace(PLAIN, smallest=1.0, stretch=1.0, flip=0.0)
    sample = ramp(height=48, width=64)
    shown = {"rows": set(), "columns": set()}
    for seed in range(20):
        x, y = np.divmod(augment(sample, how, np.random.default_rng(seed), shape).disparity, 1000)[::-1]
        step = min(48 / shape[0], 64 / shape[1])
        assert np.abs(np.diff(x, axis=1) - step).max() < 1 and np.abs(np.diff(y, axis=0) - step).max() < 1
        shown["rows"].add((y[0, 0], y[-1, 0]))
        shown["columns"].add((x[0, 0], x[0, -1]))
    assert (len(shown["rows"]) == 1) == (shape[0] / shape[1] >= 48 / 64)  # all of the side that is the tighter one
    assert (len(shown["columns"]) == 1) == (shape[0] / shape[1] <= 48 / 64)


def test_views_are_square_unless_another_aspect_is_asked_for():
    assert view_shape(PLAIN, 32, np.random.default_rng(0)) == (32, 32)


def test_shapes_are_of_about_one_area_and_as_often_lying_as_standing():
    how = Augmentation(crop=192, aspect=2.0)
    rng = np.random.default_rng(0)
    shapes = np.array([view_shape(how, 32, rng) for _ in range(400)])
    assert (shapes % 32 == 0).all()
    area, aspect = shapes.prod(1) / 192**2, shapes[:, 1] / shapes[:, 0]
    assert area.min() > 0.8 and area.max() < 1.2
    assert aspect.min() == 128 / 256 and aspect.max() == 256 / 128
    assert (aspect > 1).mean() > 0.3 and abs((aspect > 1).mean() - (aspect < 1).mean()) < 0.1


@pytest.mark.parametrize("standing", [0.0, 1.0])
def test_shapes_may_all_lie_or_all_stand(standing):
    how = Augmentation(crop=192, aspect=2.0, standing=standing)
    rng = np.random.default_rng(0)
    height, width = np.array([view_shape(how, 32, rng) for _ in range(100)]).T
    longer, shorter = (height, width) if standing else (width, height)
    assert (longer >= shorter).all() and (longer > shorter).any()


def relight_by_steps(picture, strength, rng):
    """One thing after the other, each on all pixels."""
    brightness, contrast, saturation = 1 + strength * rng.uniform(-1, 1, 3)
    tint = 1 + strength / 3 * rng.uniform(-1, 1, 3)
    x = picture * (brightness * tint)
    grey = x.mean(2, keepdims=True)
    x = grey + saturation * (x - grey)
    x = grey.mean() + contrast * (x - grey.mean())
    return np.clip(np.floor(x + 0.5), 0, 255)


@pytest.mark.parametrize("seed", range(6))
def test_relight_equals_its_steps(seed):
    picture = noise(seed=seed)
    expected = relight_by_steps(picture, 0.4, np.random.default_rng(seed))
    got = np.asarray(relight(Image.fromarray(picture), 0.4, np.random.default_rng(seed)))
    assert got.dtype == np.uint8
    assert np.abs(got - expected).max() <= 1 and (got == expected).mean() > 0.999  # float32 rounds otherwise


def test_relight_of_strength_zero_changes_nothing():
    image = Image.fromarray(noise())
    assert np.array_equal(relight(image, 0.0, np.random.default_rng(0)), image)
    assert not np.array_equal(relight(image, 0.3, np.random.default_rng(0)), image)


def test_blur_softens_the_picture_and_leaves_its_depth():
    sample, how = replace(ramp(), picture=noise(48, 64)), replace(PLAIN, flip=0.0)
    sharp = augment(sample, how, np.random.default_rng(3))
    blurred = augment(sample, replace(how, blur=1.0), np.random.default_rng(3))
    assert np.array_equal(sharp.disparity, blurred.disparity)
    errors = {}
    for sigma in np.arange(0.1, 2.01, 0.05):
        expected = ndimage.gaussian_filter(sharp.picture.astype(float), (sigma, sigma, 0), mode="nearest")
        errors[sigma] = np.abs(expected - blurred.picture)[4:-4, 4:-4].mean()
    assert min(errors.values()) < 1.5 < errors[0.1] / 3  # some Gaussian of the range it is


def test_blur_happens_as_often_as_it_should():
    sample = replace(ramp(), picture=noise(48, 64))
    how = replace(PLAIN, flip=0.0)
    blurred = 0
    for seed in range(60):
        a = augment(sample, how, np.random.default_rng(seed)).picture
        b = augment(sample, replace(how, blur=0.5), np.random.default_rng(seed)).picture
        blurred += not np.array_equal(a, b)
    assert 15 < blurred < 45


def covered(framed, picture):
    """Rows and columns that a frame covers: top, bottom, left, right; checks that the rest is the picture's."""
    differs = (framed != picture).any(2)
    colour = framed[0, 0] if (framed[0] == framed[0, 0]).all() else framed[0, -1]
    plain = (framed == colour).all(2)
    rows, columns = np.flatnonzero(~plain.all(1)), np.flatnonzero(~plain.all(0))
    inner = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    assert not differs[inner].any()
    outside = np.ones(plain.shape, bool)
    outside[inner] = False
    assert plain[outside].all()
    return rows[0], len(plain) - 1 - rows[-1], columns[0], plain.shape[1] - 1 - columns[-1]


def test_frames_and_bars_are_plain_and_cover_no_more_than_the_edges():
    picture = noise(100, 200)
    before = picture.copy()
    sides = np.array([covered(frame(picture, np.random.default_rng(seed)), picture) for seed in range(200)])
    assert np.array_equal(picture, before)
    frames = (sides > 0).all(1)
    lying = (sides[:, :2] > 0).all(1) & ~frames
    standing = (sides[:, 2:] > 0).all(1) & ~frames
    assert (frames | lying | standing).all()
    assert 70 < frames.sum() < 130 and 30 < lying.sum() < 75 and 30 < standing.sum() < 75
    assert sides[frames].max() == np.ceil(FRAME * 100) and np.ptp(sides[frames], axis=1).max() > 1
    for bars, side, length in ((lying, slice(0, 2), 100), (standing, slice(2, 4), 200)):
        assert np.ptp(sides[bars, side], axis=1).max() == 0  # as wide as each other
        assert 0.9 * BAR * length < sides[bars, side].max() <= np.ceil(BAR * length)


def test_frames_come_as_often_as_they_should_and_leave_the_depth():
    sample, framed = replace(ramp(), picture=noise(48, 64)), 0
    for seed in range(100):
        bare, other = (augment(sample, replace(PLAIN, frame=p), np.random.default_rng(seed)) for p in (0.0, 0.3))
        assert np.array_equal(bare.disparity, other.disparity) and np.array_equal(bare.valid, other.valid)
        framed += not np.array_equal(bare.picture, other.picture)
    assert 15 < framed < 45


@pytest.mark.parametrize("size", [1, 2, 3])
def test_frames_of_tiny_views_are_as_large_as_the_views(size):
    for seed in range(20):
        assert frame(noise(size, size), np.random.default_rng(seed)).shape == (size, size, 3)


def flat(value, size=40):
    return View(
        np.full((size, size, 3), value, np.uint8), np.full((size, size), value, np.float32), np.eye(size) < value
    )


def test_cutmix_pastes_a_rectangle_of_all_maps_and_says_where():
    shares, ratios = [], []
    for seed in range(60):
        mine, other = flat(1), flat(2)
        mixed, region = cutmix(mine, other, np.random.default_rng(seed))
        assert (mixed.picture == np.where(region, 2, 1)[..., None]).all()
        assert np.array_equal(mixed.disparity, np.where(region, 2, 1))
        assert np.array_equal(mixed.valid, np.where(region, True, np.eye(40) == 0))
        assert (mine.picture == 1).all() and (mine.disparity == 1).all()  # as it was
        rows, columns = region.any(1).nonzero()[0], region.any(0).nonzero()[0]
        assert region[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].all()
        assert region.sum() == len(rows) * len(columns)
        shares.append(region.mean())
        ratios.append(len(columns) / len(rows))
    assert 0.015 < min(shares) < 0.06 and 0.34 < max(shares) < 0.42
    assert min(ratios) < 0.6 and max(ratios) > 1.6


@pytest.mark.parametrize("size", [1, 2, 7])
def test_cutmix_of_tiny_views_stays_inside(size):
    for seed in range(20):
        _, region = cutmix(flat(1, size), flat(2, size), np.random.default_rng(seed))
        assert region.any()
