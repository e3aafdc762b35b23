"""The guided filter against its formulas, window by window."""

import cv2
import numpy as np
import pytest

from fathom.guided import guided, linear_in_guide, sharpened


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def window_by_window(values: np.ndarray, guide: np.ndarray, radius: int, epsilon: float) -> np.ndarray:
    """Ridge regression in the window around each pixel; a and b are then the mean over the windows that hold it."""
    h, w, channels = guide.shape
    pad = ((2 * radius, 2 * radius), (2 * radius, 2 * radius), (0, 0))
    stacked = np.pad(np.dstack([guide, values]).astype(np.float64), pad, mode="symmetric")
    coefficients = np.zeros((h + 2 * radius, w + 2 * radius, channels + 1))
    for y in range(h + 2 * radius):
        for x in range(w + 2 * radius):
            window = stacked[y : y + 2 * radius + 1, x : x + 2 * radius + 1].reshape(-1, channels + 1)
            colours, p = window[:, :-1], window[:, -1]
            centred = colours - colours.mean(0)
            a = np.linalg.solve(
                centred.T @ centred / len(p) + epsilon * np.eye(channels), centred.T @ (p - p.mean()) / len(p)
            )
            coefficients[y, x] = [*a, p.mean() - a @ colours.mean(0)]
    out = np.empty((h, w))
    for y in range(h):
        for x in range(w):
            mean = coefficients[y : y + 2 * radius + 1, x : x + 2 * radius + 1].mean((0, 1))
            out[y, x] = mean[:-1] @ guide[y, x] + mean[-1]
    return out


@pytest.mark.parametrize("channels", [1, 2, 3])
def test_what_the_papers_formulas_say(rng, channels):
    guide = rng.random((14, 17, channels), np.float32)
    values = 40 + 5 * guide[..., 0] + rng.random((14, 17), np.float32)
    wanted = window_by_window(values, guide, 2, 0.01)
    assert np.abs(guided(values, guide, 2, 0.01) - wanted).max() < 2e-5 * np.abs(wanted).max()


def test_a_guide_of_one_channel_may_have_two_axes(rng):
    values, guide = rng.random((2, 9, 12), np.float32)
    assert np.array_equal(guided(values, guide, 2, 0.01), guided(values, guide[..., None], 2, 0.01))


def test_a_map_that_is_linear_in_its_guide_stays_as_it_is(rng):
    guide = rng.random((20, 24, 3), np.float32)
    values = (guide @ [2.0, -1.0, 0.5] + 3).astype(np.float32)
    assert np.abs(guided(values, guide, 3, 1e-6) - values).max() < 1e-3


def test_a_flat_guide_gives_the_mean_around_each_pixel():
    values = np.zeros((15, 15), np.float32)
    values[7, 7] = 1
    out = guided(values, np.full((15, 15), 0.5, np.float32), 1, 1e-3)
    assert out.sum() == pytest.approx(1, abs=1e-5)
    assert out[7, 7] == pytest.approx(3 * 3 / 9**2, abs=1e-6)  # a mean of means
    assert np.abs(out[:4]).max() < 1e-6


def test_a_soft_map_becomes_as_sharp_as_its_guide():
    """A post of two pixels, seen softly: all of it comes back, where the filter alone leaves less than two thirds."""
    guide = np.zeros((40, 50), np.float32)
    guide[:, 24:26] = 1
    values = 2 * cv2.GaussianBlur(guide, (0, 0), 2.0, borderType=cv2.BORDER_REFLECT) + 3
    out = sharpened(values, guide, 2.0, 5, 10, 1e-7)
    assert np.abs(out - (2 * guide + 3)).max() < 2e-2
    assert guided(values, guide, 5, 1e-7)[:, 24:26].max() < 3 + 2 * 2 / 3


def test_what_the_map_shows_nothing_of_comes_at_the_contrast_around_it():
    guide = np.zeros((60, 80), np.float32)
    guide[:, :20] = 1
    values = 2 * cv2.GaussianBlur(guide, (0, 0), 2.0, borderType=cv2.BORDER_REFLECT)  # a wall, and no post
    guide[:, 40:42] = 1
    near, far = (sharpened(values, guide, 2.0, 4, wider, 1e-4)[:, 40:42].mean() for wider in (4, 30))
    assert near < 0.1 and far > 0.6


def test_sharpened_is_its_formula(rng):
    values, guide = rng.random((30, 24), np.float32), rng.random((30, 24), np.float32)
    reach, blur = 12, 1.5
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / blur) ** 2)
    kernel /= kernel.sum()
    soft = np.pad(guide.astype(np.float64), reach, mode="symmetric")
    for axis in (0, 1):
        soft = np.apply_along_axis(np.convolve, axis, soft, kernel, "valid")
    (a, b), (a_wide, _) = (
        np.moveaxis(linear_in_guide(values, soft.astype(np.float32)[..., None], radius, 1e-3), -1, 0)
        for radius in (3, 8)
    )
    wanted = np.where(a_wide > a, a_wide * (guide - soft) + a * soft + b, a * guide + b)
    assert np.abs(sharpened(values, guide, blur, 3, 8, 1e-3) - wanted).max() < 2e-3
