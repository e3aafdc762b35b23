"""Maps made as large as their pictures."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fathom.enlarge import enlarge, enlarge_guided


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


def test_without_edges_in_the_picture_the_map_is_only_smoothed():
    y, x = np.mgrid[:48, :64].astype(np.float32)
    values = np.sin(x / 10) + y / 20
    rgb = np.full((192, 256, 3), 127, np.uint8)
    out = enlarge_guided(values, rgb, seen(rgb, 48, 64))
    wanted = cv2.resize(values, (256, 192), interpolation=cv2.INTER_LINEAR)
    inside = np.s_[40:-40, 40:-40]
    assert np.abs(out - wanted)[inside].max() < 0.1 * np.ptp(values)


def test_no_value_is_beyond_those_of_the_map(rng):
    rgb = rng.integers(0, 256, (90, 120, 3), dtype=np.uint8)
    values = rng.random((30, 40), np.float32)
    out = enlarge_guided(values, rgb, seen(rgb, 30, 40))
    assert out.dtype == np.float32 and out.shape == (90, 120)
    assert values.min() <= out.min() and out.max() <= values.max()


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
