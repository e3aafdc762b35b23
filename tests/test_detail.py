"""Two looks at one picture, with a network made of a formula: small ones are soft, large ones bent."""

import cv2
import numpy as np
import pytest

from fathom.depth import Depth
from fathom.detail import affine_normalised, with_detail
from fathom.errors import UsageError
from fathom.predict import Model, detailed, load
from fathom.zoo.cards import Card

HEIGHT, WIDTH = 128, 160


def scene() -> np.ndarray:
    """float32 (H, W): a floor that comes nearer towards the bottom, a post of two pixels before it."""
    values = np.tile(np.linspace(10, 30, HEIGHT, dtype=np.float32)[:, None], (1, WIDTH))
    values[20:100, 80:82] += 12
    return values


def soft(values: np.ndarray, blur: float) -> np.ndarray:
    return cv2.GaussianBlur(values, (0, 0), blur, borderType=cv2.BORDER_REFLECT)


def bend() -> np.ndarray:
    return 8 * np.sin(np.linspace(0, 3, WIDTH, dtype=np.float32))[None]


def test_the_small_look_says_how_it_lies_and_the_large_one_what_is_thin():
    truth = scene()
    small = cv2.resize(soft(truth, 6.0), (WIDTH // 2, HEIGHT // 2), interpolation=cv2.INTER_AREA)
    large = 3 * (truth + bend()) + 100  # of another scale
    out = detailed(small, large)
    assert out.shape == truth.shape and out.dtype == np.float32
    post, beside = np.s_[30:90, 80:82], np.s_[30:90, 60:76]
    contrast = (out[post].mean(1) - out[beside].mean(1)).mean()
    assert contrast > 0.75 * 12  # the small look has 12 * 2 / (6 sqrt(2 pi)), a seventh
    away = np.ones(truth.shape, bool)
    away[10:110, 60:102] = False
    off, bent = (np.abs(values - truth)[away].mean() for values in (out, large / 3 - 100 / 3))
    assert off < 0.25 * bent


def test_nothing_is_below_0():
    small = soft(scene(), 6.0) - 10
    large = small.copy()
    large[:3, 100:103] = -40
    assert detailed(small - small.min(), large).min() >= 0


def test_a_map_alone_is_kept():
    values = affine_normalised(scene())
    assert np.abs(with_detail(values, values, 10**6) - values).max() < 0.02 * np.ptp(values)


class Formula:
    """A runtime whose map is the picture's red; large ones are bent, small ones soft by 3 pixels."""

    batch, about = 1, "a formula"

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.stack([self.one(picture[0]) for picture in x])

    def one(self, red: np.ndarray) -> np.ndarray:
        if min(red.shape) == 64:
            return soft(red, 3.0)
        return red + np.linspace(0, 1, red.shape[1], dtype=np.float32) ** 2


@pytest.mark.parametrize("edges", ["network", "picture"])
def test_a_model_looks_twice(edges):
    rgb = np.full((HEIGHT, HEIGHT, 3), 60, np.uint8)
    rgb[20:100, 60:62] = 200
    card = Card("lite2", "relative", 64)
    once, twice = (Model("formula", card, Formula(), edges=edges, detail=detail) for detail in (None, 128))
    (a, b), (c, d) = (model([rgb, rgb[:, ::-1].copy()]) for model in (once, twice))
    for depth, other in ((a, c), (b, d)):
        assert isinstance(other, Depth) and other.values.shape == depth.values.shape == rgb.shape[:2]
    near, behind = np.s_[30:90, 60:62], np.s_[30:90, 40:50]
    before, after = (m.values[near].mean() - m.values[behind].mean() for m in (a, c))
    assert after > 1.5 * before > 0
    assert np.allclose(twice(rgb).values, c.values)


@pytest.mark.parametrize("detail, words", [(193, "at 225 or more"), (224, "at 225 or more"), (5000, "1 to 4096")])
def test_a_second_look_is_larger(detail, words):
    with pytest.raises(UsageError, match=words):
        load("nano", size=200, detail=detail)  # which is 224 to a Lite
