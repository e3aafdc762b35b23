import numpy as np
import pytest

from fathom.render import photograph
from fathom.render.scene import Scene
from fathom.render.tracer import Radiance


def test_denoising_keeps_edges_and_removes_noise():
    pytest.importorskip("pyoidn")
    rng = np.random.default_rng(0)
    truth = np.full((64, 64, 3), 0.2, np.float32)
    truth[:, 32:] = 0.8
    flat = np.zeros_like(truth)
    flat[..., 1] = -1
    noisy = (truth * rng.gamma(4, 0.25, truth.shape)).astype(np.float32)
    clean = photograph.Denoiser()(Radiance(noisy, truth, flat))
    assert np.abs(clean - truth).mean() < 0.25 * np.abs(noisy - truth).mean()


@pytest.mark.parametrize("scale", [0.1, 1.0, 1e4])
def test_development_exposes_for_the_picture(scale):
    rng = np.random.default_rng(1)
    colour = np.linspace(0.05, 1, 64 * 48 * 3).reshape(48, 64, 3) * scale
    pictures = [photograph.develop(colour, rng) for _ in range(10)]
    assert all(p.dtype == np.uint8 and p.shape == (48, 64, 3) for p in pictures)
    assert all(60 < p.mean() < 210 for p in pictures)


def test_a_bright_sky_is_not_white():
    colour = np.full((48, 64, 3), 0.1)
    colour[:24] = 2.0 * np.linspace(0.7, 1, 64)[None, :, None]
    for seed in range(10):
        picture = photograph.develop(colour, np.random.default_rng(seed))
        assert (picture[:24].min(-1) == 255).mean() < 0.2 and picture[30:].mean() > 15


def test_a_room_is_exposed_for_and_its_window_burns():
    rng = np.random.default_rng(0)
    colour = rng.uniform(0.05, 0.2, (48, 64, 1)) * np.ones(3)
    colour[10:20, 20:40] = 6.0  # 7 % of the picture, forty times as bright
    window = np.zeros((48, 64), bool)
    window[12:18, 22:38] = True
    for seed in range(10):
        picture = photograph.develop(colour, np.random.default_rng(seed))
        assert picture[window].mean() > 225 and 75 < picture[25:].mean() < 200


def test_the_night_is_dark_and_noisy():
    flat = np.full((48, 64, 3), 0.3)
    day, night = (
        [photograph.develop(flat * scale, np.random.default_rng(seed)).astype(float) for seed in range(20)]
        for scale in (1.0, 0.002)
    )
    grain = [np.median([np.diff(p, axis=1).std() for p in pictures]) for pictures in (day, night)]
    assert np.mean(night) < 0.75 * np.mean(day) and grain[1] > 1.5 * grain[0]


def test_noise_grows_with_the_root_of_the_light():
    steps = np.repeat([0.04, 0.36], 20000)[:, None, None] * np.ones((1, 1, 3))
    noisy = photograph._with_noise(steps, 0.0, np.random.default_rng(1))
    dark, bright = noisy[:20000].std(), noisy[20000:].std()
    assert bright / dark == pytest.approx(3, rel=0.15)  # and a little less, for the reading
    assert noisy.mean((1, 2))[20000:].mean() == pytest.approx(0.36, rel=0.01)


def test_haze_hides_what_is_far_and_spares_the_sky():
    scene = Scene("test", np.ones((4, 8, 3), np.float32), haze=0.01, haze_colour=(1, 1, 1))
    depth = np.array([[1.0, 100.0, 10000.0, 100.0, np.inf, np.inf]], np.float32)
    seen = photograph.hazed(np.zeros((1, 6, 3), np.float32), depth, scene)[0, :, 0]
    # The sky beside a thing shows a part of it, and gets its haze.
    assert seen == pytest.approx([0.00995, 0.632, 1.0, 0.632, 0.632, 0.0], abs=1e-3)
