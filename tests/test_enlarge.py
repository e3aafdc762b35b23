"""Maps made as large as their pictures."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from fathom.enlarge import AROUND, BLUR, EPSILON, RADIUS, STRIDE, WIDE, enlarge, enlarge_guided
from fathom.guided import guided, linear_in_guide


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def two_halves(height: int = 160, width: int = 200, edge: int = 90) -> np.ndarray:
    """uint8 (H, W, 3): one colour up to `edge`, another from there."""
    rgb = np.full((height, width, 3), (200, 120, 40), np.uint8)
    rgb[:, edge:] = (30, 60, 160)
    return rgb


def seen(rgb: np.ndarray, h: int, w: int) -> np.ndarray:
    return cv2.resize(rgb, (w, h), interpolation=cv2.INTER_AREA).astype(np.float32) / 255


def test_a_soft_edge_is_moved_onto_that_of_the_picture():
    rgb = two_halves(edge=90)
    # A network's map at a quarter of the size, soft over 20 pixels of the picture, and two beside it.
    values = 5 - 3 / (1 + np.exp((np.arange(50, dtype=np.float32) - 90 / 4 - 0.5) / -1.5))
    values = np.tile(values.astype(np.float32), (40, 1))
    out = enlarge_guided(values, rgb, seen(rgb, 40, 50))
    step = np.abs(np.diff(out, axis=1))
    assert (step.argmax(1) == 89).all()
    assert step.max() > 4 * np.abs(np.diff(enlarge(values, 160, 200), axis=1)).max()
    assert np.abs(out[:, :40] - 5).max() < 0.1 and np.abs(out[:, 140:] - 2).max() < 0.1


def test_without_edges_in_the_picture_the_map_is_only_enlarged():
    """The guided filter itself would smooth it: what is flat in its guide gets the mean around it."""
    y, x = np.mgrid[:48, :66].astype(np.float32)
    values = np.sin(x / 5) + y / 20
    rgb = np.full((192, 264, 3), 127, np.uint8)
    out = enlarge_guided(values, rgb, seen(rgb, 48, 66))
    assert np.abs(out - cv2.resize(values, (264, 192), interpolation=cv2.INTER_LINEAR)).max() < 1e-5
    cells = cv2.resize(values, (66 // STRIDE, 48 // STRIDE), interpolation=cv2.INTER_AREA)
    assert np.abs(guided(cells, np.full((16, 22, 3), 0.5, np.float32), RADIUS, EPSILON) - cells).max() > 0.2


@pytest.mark.parametrize("post", [5, 1])  # nearer than what is around it; or farther, as a gap
def test_a_thin_thing_stands_out_from_what_is_beside_it(post):
    """A post of two pixels in a map that is softer than the picture, at both ends of the soft hill as at its top."""
    sharp = np.full((96, 128), 2, np.float32)
    sharp[:, 40:42] = post
    rgb = np.full((384, 512, 3), (90, 140, 60), np.uint8)
    rgb[:, 160:168] = (150, 60, 30)
    values = cv2.GaussianBlur(sharp, (0, 0), BLUR, borderType=cv2.BORDER_REFLECT)
    out = enlarge_guided(values, rgb, seen(rgb, 96, 128))
    bilinear = enlarge(values, 384, 512)
    on, beside = np.s_[:, 160:168], np.s_[:, 170:180]
    contrast, before = (abs(x[on].mean() - x[beside].mean()) for x in (out, bilinear))
    assert contrast > 2 * before  # 0.96 with a guide as sharp as the picture
    assert abs(out[beside].mean() - 2) < 0.4 * abs(bilinear[beside].mean() - 2)


def test_texture_on_a_slope_leaves_the_map_alone():
    """Stripes along a slope go with its depth in every small window; it is a slope all the same."""
    values = np.tile(np.arange(128, dtype=np.float32) / 4, (96, 1))
    rgb = np.full((384, 512, 3), 90, np.uint8)
    rgb[:, :, 0] = 90 + 40 * np.sin(np.arange(512) / 7)
    out = enlarge_guided(values, rgb, seen(rgb, 96, 128))
    wanted = cv2.resize(values, (512, 384), interpolation=cv2.INTER_LINEAR)
    inside = np.s_[:, 64:-64]
    assert np.abs(out - wanted)[inside].max() < 0.25  # a pixel of the map's own slope


def test_edges_by_their_formula(rng):
    """The map, and a . (the colour - the soft picture's), all of it bilinear between places of the map and of cells."""
    values = rng.random((12, 15), np.float32)
    rgb = rng.integers(0, 256, (36, 45, 3), dtype=np.uint8)
    small = seen(rgb, 12, 15)
    soft = blurred(small, BLUR)
    cells, guide = (cv2.resize(x.astype(np.float32), (5, 4), interpolation=cv2.INTER_AREA) for x in (values, soft))
    cells, guide = ((x - blurred(x, WIDE)).astype(np.float32) for x in (cells, guide))
    a = linear_in_guide(cells, guide, RADIUS, EPSILON)[..., :3]
    rest = np.empty_like(values)
    for y, x in np.ndindex(values.shape):
        rest[y, x] = values[y, x] - between(a, (y + 0.5) / STRIDE - 0.5, (x + 0.5) / STRIDE - 0.5) @ soft[y, x]
    least = ndimage.minimum_filter(values, 2 * AROUND + 1, mode="nearest")
    largest = ndimage.maximum_filter(values, 2 * AROUND + 1, mode="nearest")
    out = enlarge_guided(values, rgb, small)
    clipped = 0
    for y, x in np.ndindex(out.shape):
        at = (y + 0.5) / 3 - 0.5, (x + 0.5) / 3 - 0.5
        at_cell = (y + 0.5) / 9 - 0.5, (x + 0.5) / 9 - 0.5
        wanted = between(rest, *at) + between(a, *at_cell) @ (rgb[y, x] / 255)
        in_bounds = np.clip(wanted, between(least, *at), between(largest, *at))
        assert out[y, x] == pytest.approx(in_bounds, abs=1e-4)
        clipped += in_bounds != wanted
    assert 0 < clipped < 0.3 * out.size


def blurred(x: np.ndarray, sigma: float) -> np.ndarray:
    reach = 4 * sigma  # as far as OpenCV goes for floats
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    x = x.astype(np.float64)
    for axis in (0, 1):
        x = ndimage.convolve1d(x, kernel / kernel.sum(), axis, mode="reflect")
    return x


def between(values: np.ndarray, y: float, x: float):
    """Bilinear; beyond the outermost places, theirs."""
    total = 0.0
    for i in (int(np.floor(y)), int(np.floor(y)) + 1):
        for j in (int(np.floor(x)), int(np.floor(x)) + 1):
            weight = (1 - abs(y - i)) * (1 - abs(x - j))
            total += weight * values[np.clip(i, 0, values.shape[0] - 1), np.clip(j, 0, values.shape[1] - 1)]
    return total


def test_no_value_is_beyond_those_of_the_map_around_it(rng):
    rgb = rng.integers(0, 256, (90, 120, 3), dtype=np.uint8)
    values = rng.random((30, 40), np.float32).cumsum(1, dtype=np.float32)
    out = enlarge_guided(values, rgb, seen(rgb, 30, 40))
    assert out.dtype == np.float32 and out.shape == (90, 120)
    reached = {"least": 0, "largest": 0}
    for y in range(30):
        for x in range(40):
            around = values[max(y - AROUND, 0) : y + AROUND + 1, max(x - AROUND, 0) : x + AROUND + 1]
            of_pixel = out[3 * y + 1, 3 * x + 1]  # its middle one
            assert around.min() - 1e-5 <= of_pixel <= around.max() + 1e-5
            reached["least"] += of_pixel < around.min() + 1e-5
            reached["largest"] += of_pixel > around.max() - 1e-5
    assert all(reached.values())


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (7, 3)])
def test_of_the_smallest_pictures(size, rng):
    rgb = rng.integers(0, 256, (*size, 3), dtype=np.uint8)
    values = rng.random((32, 64), np.float32)
    out = enlarge_guided(values, rgb, seen(rgb, 32, 64))
    assert out.shape == size and np.isfinite(out).all()
    assert enlarge_guided(values[:1, :1], rgb, seen(rgb, 1, 1)).shape == size


def test_a_constant_map_stays_one(rng):
    rgb = rng.integers(0, 256, (60, 80, 3), dtype=np.uint8)
    assert (enlarge_guided(np.full((32, 32), 7.5, np.float32), rgb, seen(rgb, 32, 32)) == 7.5).all()


@settings(max_examples=60, deadline=None)
@given(st.tuples(*[st.integers(1, 40)] * 2), st.tuples(*[st.integers(1, 200)] * 2))
def test_enlarge_is_bilinear_with_corners_aligned(small, large):
    torch = pytest.importorskip("torch")
    values = np.random.default_rng(0).random(small, np.float32)
    wanted = torch.nn.functional.interpolate(
        torch.from_numpy(values)[None, None], large, mode="bilinear", align_corners=True
    )
    assert np.abs(enlarge(values, *large) - wanted[0, 0].numpy()).max() < 1e-5
