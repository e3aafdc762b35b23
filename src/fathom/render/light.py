"""Skies and what windows show. An environment is (H, 2H, 3) radiance: row 0 is straight up, the last straight down;
column 0 looks along +y, the next ones further to the right."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

HEIGHT = 192
WARM, NEUTRAL, COLD, SODIUM = (1.0, 0.74, 0.43), (1.0, 0.92, 0.80), (0.9, 0.97, 1.0), (1.0, 0.58, 0.16)
# Lowest and highest radiance of a lamp's shining surface and the colours it comes in. 1 is about that of a bright sky
# (5000 cd/m2); lamps of the night are true to each other, its sky and moon are brighter than they would be.
LAMPS: dict[str, tuple[float, float, tuple[tuple[float, float, float], ...]]] = {
    "bulb": (12.0, 40.0, (WARM, WARM, NEUTRAL)),  # a frosted one, or its small globe
    "shade": (0.5, 2.5, (WARM, WARM, NEUTRAL)),  # cloth or paper with a bulb behind it
    "tube": (2.0, 5.0, (NEUTRAL, COLD, COLD)),  # a fluorescent tube, or a panel of LEDs
    "street": (40.0, 150.0, (SODIUM, NEUTRAL, NEUTRAL, COLD)),  # the glass of a street lamp, about 0.05 m2 of it
    "headlight": (60.0, 200.0, (NEUTRAL, COLD)),
    "window": (0.03, 0.3, (WARM, WARM, NEUTRAL)),  # a lit room, seen from outside at night
    "sign": (0.1, 0.6, (WARM, COLD, (1.0, 0.1, 0.15), (0.1, 0.4, 1.0), (0.1, 0.9, 0.3), (1.0, 0.2, 0.8))),
}


@dataclass(frozen=True)
class Sky:
    environment: np.ndarray  # float32 (HEIGHT, 2 * HEIGHT, 3)
    horizon: tuple[float, float, float]  # radiance where the sky meets the ground: what haze fades to
    sun: tuple[float, float, float] | None = None  # unit vector towards the sun or moon; None where none is to be seen


def lamp(rng: np.random.Generator, kind: str) -> np.ndarray:
    """Radiance (3,) of the shining surface of a lamp, one of `LAMPS`."""
    low, high, colours = LAMPS[kind]
    colour = np.array(colours[int(rng.integers(len(colours)))])
    return (colour * math.exp(rng.uniform(math.log(low), math.log(high)))).astype(np.float32)


def noise(rng: np.random.Generator, x: np.ndarray, y: np.ndarray, octaves: int = 5) -> np.ndarray:
    """Cloud noise about 0..1 at points (x, y), by looking up a random grid that repeats."""
    grid = rng.random((64, 64)).astype(np.float32)
    total, weight = np.zeros(x.shape, np.float32), 0.5
    for _ in range(octaves):
        mx, my = (np.mod(v, 62).astype(np.float32) for v in (x, y))
        total += weight * cv2.remap(grid, mx, my, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
        x, y, weight = x * 2.03 + 7, y * 2.03 + 3, weight * 0.5
    return total


def _directions() -> np.ndarray:
    """(HEIGHT, 2 * HEIGHT, 3): the unit vector towards each pixel of an environment."""
    v, u = np.meshgrid((np.arange(HEIGHT) + 0.5) / HEIGHT, (np.arange(2 * HEIGHT) + 0.5) / (2 * HEIGHT), indexing="ij")
    elevation, azimuth = np.pi * (0.5 - v), 2 * np.pi * u
    flat = np.cos(elevation)
    return np.stack([np.sin(azimuth) * flat, np.cos(azimuth) * flat, np.sin(elevation)], -1)


def _towards(yaw: float, elevation: float) -> np.ndarray:
    """The unit vector of a camera's yaw and an elevation, both in radians."""
    return np.array([-np.sin(yaw) * np.cos(elevation), np.cos(yaw) * np.cos(elevation), np.sin(elevation)])


def _disc(direction: np.ndarray, towards: np.ndarray, irradiance: float) -> np.ndarray:
    """Radiance (HEIGHT, 2 * HEIGHT, 1) of a sun or moon of this irradiance on a surface facing it.

    It spreads over a few pixels of this small map: shadows stay soft-edged.
    """
    disc = np.exp((direction @ towards - 1) * 2500)[..., None]
    solid = np.sqrt(1 - direction[..., 2:] ** 2) * (np.pi / HEIGHT) ** 2
    return disc * irradiance / max(float((disc * solid).sum()), 1e-9)


def _as_tuple(vector: np.ndarray) -> tuple[float, float, float]:
    return float(vector[0]), float(vector[1]), float(vector[2])


def night_sky(rng: np.random.Generator) -> Sky:
    """A dark sky: blue to black, with the glow of a town on the horizon, stars, a moon. Lamps are the scene's matter.

    The moon and the sky alone light a picture, dimly; a street lamp (`lamp`) outshines them.
    """
    direction = _directions()
    up = np.clip(direction[..., 2:], 0, 1)
    top = np.array([0.25, 0.45, 1.0]) * math.exp(rng.uniform(math.log(0.0005), math.log(0.006)))
    bottom = top * rng.uniform(1.0, 2.5) + np.array([0.5, 0.55, 0.7]) * rng.uniform(0.0002, 0.002)
    image = bottom + (top - bottom) * up ** rng.uniform(0.3, 0.7)
    if rng.random() < 0.6:  # the glow of a town, brightest on one side
        glow = np.array([1.0, 0.6, 0.3]) * rng.uniform(0.001, 0.015)
        side = 0.5 + 0.5 * direction @ _towards(rng.uniform(0, 2 * np.pi), 0.0)
        glow = glow * (side[..., None] ** rng.uniform(1, 6)) * np.exp(-up * rng.uniform(4, 12))
        image = image + glow
        bottom = bottom + glow[HEIGHT // 2].mean(0)
    if rng.random() < 0.5:
        stars = rng.random(image.shape[:2]) < rng.uniform(0.001, 0.006)
        image[stars & (up[..., 0] > 0.05)] += rng.uniform(0.005, 0.1)
    cover = rng.uniform(0, 1)
    if cover > 0.3:
        scale = rng.uniform(1.2, 3.5) / (np.abs(direction[..., 2]) + 0.22)
        clouds = noise(rng, direction[..., 0] * scale + 31, direction[..., 1] * scale + 31)
        mask = np.clip((clouds - (0.75 - 0.5 * cover)) * 5, 0, 1)[..., None] * np.clip(up * 6, 0, 1)
        image = image * (1 - mask) + bottom * rng.uniform(0.5, 1.2) * mask
    moon = None
    if rng.random() < 0.6:
        moon = _towards(rng.uniform(0, 2 * np.pi), math.radians(rng.uniform(10, 65)))
        pale = np.array([0.85, 0.92, 1.0])
        cosine = np.clip(direction @ moon, -1, 1)[..., None]
        image = image + pale * (0.005 * np.exp(60 * (cosine - 1)) + _disc(direction, moon, rng.uniform(0.03, 0.12)))
    ground = np.clip(-direction[..., 2:] * 12, 0, 1)
    image = image * (1 - ground) + rng.uniform(0.1, 0.35) * bottom * ground
    return Sky(image.astype(np.float32), _as_tuple(bottom), None if moon is None else _as_tuple(moon))


def sky(rng: np.random.Generator, style: str | None = None) -> Sky:
    """A sky: clear, cloudy, overcast, low (sun), dusk or night; one of daylight's, dusk among them, when None."""
    if style == "night":
        return night_sky(rng)
    style = (
        str(rng.choice(["clear", "cloudy", "overcast", "low", "dusk"], p=[0.25, 0.33, 0.22, 0.14, 0.06]))
        if style is None
        else style
    )
    direction = _directions()
    up = np.clip(direction[..., 2], 0, 1)[..., None]
    zenith = {
        "clear": (0.16, 0.32, 0.75),
        "cloudy": (0.20, 0.36, 0.72),
        "overcast": (0.55, 0.58, 0.63),
        "low": (0.22, 0.30, 0.52),
        "dusk": (0.05, 0.07, 0.16),
    }[style]
    horizon = {
        "clear": (0.62, 0.74, 0.88),
        "cloudy": (0.7, 0.77, 0.85),
        "overcast": (0.72, 0.73, 0.75),
        "low": (0.95, 0.70, 0.45),
        "dusk": (0.45, 0.25, 0.18),
    }[style]
    top = np.array(zenith) * rng.uniform(0.75, 1.25, 3)
    bottom = np.array(horizon) * rng.uniform(0.85, 1.1, 3)
    image = bottom + (top - bottom) * up ** rng.uniform(0.35, 0.7)
    sun_up = np.radians(rng.uniform(3, 14) if style in ("low", "dusk") else rng.uniform(22, 70))
    sun = _towards(rng.uniform(0, 2 * np.pi), sun_up)
    cosine = np.clip(direction @ sun, -1, 1)[..., None]
    warm = np.array([1.0, 0.93, 0.82]) if style not in ("low", "dusk") else np.array([1.0, 0.6, 0.3])
    if style != "overcast":
        image = image + warm * (0.5 * np.exp(8 * (cosine - 1)) + 1.2 * np.exp(120 * (cosine - 1)))
    cover = {
        "clear": 0.0,
        "cloudy": rng.uniform(0.35, 0.6),
        "overcast": 1.0,
        "low": rng.uniform(0, 0.5),
        "dusk": rng.uniform(0, 0.5),
    }[style]
    if cover > 0:
        # On a plane overhead, which near the horizon is pulled nearer: clouds there would be streaks.
        scale = rng.uniform(1.2, 3.5) / (np.abs(direction[..., 2]) + 0.22)
        clouds = noise(rng, direction[..., 0] * scale + 31, direction[..., 1] * scale + 31)
        if style == "overcast":
            image = image * (1 + 0.8 * (clouds[..., None] - 0.5) * np.clip(up * 4, 0, 1))
        else:
            mask = np.clip((clouds - (0.72 - 0.5 * cover)) * 5, 0, 1)[..., None] * np.clip(up * 6, 0, 1)
            white = (bottom * 0.5 + warm * 0.5) * (1.0 + 0.5 * (clouds[..., None] - 0.5))
            image = image * (1 - mask) + white * mask * rng.uniform(0.9, 1.4)
    strength = {
        "clear": rng.uniform(1.0, 1.8),
        "cloudy": rng.uniform(0.6, 1.6),
        "overcast": 0.0,
        "low": rng.uniform(0.6, 1.2),
        "dusk": 0.05,
    }[style]
    image = image + _disc(direction, sun, strength * 3.0) * warm
    ground = np.clip(-direction[..., 2:] * 12, 0, 1)
    earth = rng.uniform(0.1, 0.35) * bottom
    image = image * (1 - ground) + earth * ground
    seen = None if style == "overcast" else _as_tuple(sun)
    return Sky(np.maximum(image, 0).astype(np.float32), _as_tuple(bottom), seen)


def outside(rng: np.random.Generator, brightness: float) -> np.ndarray:
    """(32, 32, 3) radiance: the blurred, bright view through a window."""
    y, x = np.meshgrid(np.linspace(1, 0, 32), np.linspace(0, 1, 32), indexing="ij")
    top = np.array([0.8, 0.9, 1.0]) * rng.uniform(0.8, 1.1)
    low = rng.choice([[0.2, 0.3, 0.12], [0.4, 0.38, 0.35], [0.5, 0.42, 0.36], [0.8, 0.85, 0.9]]) * rng.uniform(0.6, 1.3)
    edge = rng.uniform(0.1, 0.6) + 0.25 * (noise(rng, x * 5 + 9, np.zeros_like(x) + rng.uniform(0, 40)) - 0.5)
    mask = np.clip((y - edge) * 14, 0, 1)[..., None]
    image = low * (1 - mask) * (0.6 + 0.8 * noise(rng, x * 9 + 9, y * 9 + 9)[..., None]) + top * mask
    return (image * brightness).astype(np.float32)


def indoor_ambient(rng: np.random.Generator) -> np.ndarray:
    """An environment for closed rooms: only a dim glow, for what a crack lets in."""
    return np.full((HEIGHT, 2 * HEIGHT, 3), 0.3, np.float32) * rng.uniform(0.9, 1.1, 3).astype(np.float32)
