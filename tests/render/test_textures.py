import numpy as np
import pytest

from fathom.render import light, textures
from fathom.render.camera import Camera
from fathom.render.materials import Palette, cell_window, hung, textured
from fathom.render.scene import KINDS, TEXTURE

MAKERS = [*textures.ANY, textures.grass, textures.picture]


@pytest.mark.parametrize("make", MAKERS, ids=lambda f: f.__name__)
def test_a_texture_is_reflectance_of_the_one_size(make):
    for seed in range(4):
        texture = make(np.random.default_rng(seed))
        assert texture.shape == (TEXTURE, TEXTURE, 3) and texture.dtype == np.float32
        assert texture.min() >= 0 and texture.max() <= 1


def test_noise_repeats_without_a_seam():
    noise = textures.fbm(np.random.default_rng(1), 4)
    step = np.abs(np.diff(noise, axis=0)).max()
    assert np.abs(noise[0] - noise[-1]).max() <= step * 1.5


@pytest.mark.parametrize("style", ["clear", "cloudy", "overcast", "low", "dusk", "night", None])
def test_skies_are_finite_and_brighter_above(style):
    sky = light.sky(np.random.default_rng(3), style).environment
    assert sky.shape == (light.HEIGHT, 2 * light.HEIGHT, 3) and sky.dtype == np.float32
    assert np.isfinite(sky).all() and sky.min() >= 0
    assert sky[: light.HEIGHT // 2].mean() > sky[light.HEIGHT // 2 :].mean()


def test_the_sun_is_where_the_sky_says():
    for seed, style in enumerate(["clear", "low", "dusk", "cloudy"] * 3):
        sky = light.sky(np.random.default_rng(seed), style)
        elevation = np.degrees(np.arcsin(sky.sun[2]))
        yaw = np.degrees(np.arctan2(-sky.sun[0], sky.sun[1]))
        axis = Camera((0, 0, 0), yaw, elevation).axes()[2]
        assert np.allclose(axis, sky.sun)
        if style == "clear":  # nothing outshines the sun
            row, column = np.unravel_index(sky.environment.sum(-1).argmax(), (light.HEIGHT, 2 * light.HEIGHT))
            assert abs(90 - (row + 0.5) * 180 / light.HEIGHT - elevation) < 2
            assert abs((-(column + 0.5) * 180 / light.HEIGHT - yaw + 180) % 360 - 180) < 3
    assert light.sky(np.random.default_rng(0), "overcast").sun is None


def test_nights_are_dark_and_a_street_lamp_outshines_them():
    nights = [light.night_sky(np.random.default_rng(seed)) for seed in range(20)]
    day = light.sky(np.random.default_rng(0), "overcast").environment.mean()
    for night in nights:
        assert night.environment.dtype == np.float32 and night.environment.min() >= 0
        assert np.median(night.environment) < 0.02 * day
    assert {night.sun is None for night in nights} == {True, False}
    for kind, (low, high, _) in light.LAMPS.items():
        radiance = light.lamp(np.random.default_rng(1), kind)
        assert radiance.shape == (3,) and 0.5 * low < radiance.max() <= high
    assert light.lamp(np.random.default_rng(1), "street").max() > 1000 * np.median(nights[0].environment)


def test_a_palette_keeps_its_colours_apart():
    palette = Palette(np.random.default_rng(0))
    red, green = palette.matte([0.9, 0.1, 0.1]), palette.matte([0.1, 0.9, 0.1])
    assert red.texture is green.texture
    for material, channel in ((red, 0), (green, 1)):
        u, v = (material.coordinates(np.array([[0.5, 0.5]]))[0] * TEXTURE).astype(int)
        assert material.texture[TEXTURE - 1 - v, u].argmax() == channel
    assert {palette.any().kind for _ in range(60)} <= set(KINDS)


def test_coordinates_repeat_or_fit():
    texture = np.zeros((TEXTURE, TEXTURE, 3), np.float32)
    assert np.allclose(textured(texture, 2.0).coordinates(np.array([[1.0, 3.0]])), [[0.5, 1.5]])
    assert np.allclose(hung(texture).coordinates(np.array([[0.0, 1.0]])), [[0, 1]], atol=0.01)
    u0, v0, u1, v1 = cell_window(0, 4, 0.0)
    assert (u0, v0, u1, v1) == (0, 0.75, 0.25, 1)
