"""Skies and what windows show. An environment is (H, 2H, 3) radiance: row 0 is straight up, the last straight down;
column 0 looks along +y, the next ones further to the right."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

HEIGHT = 192


@dataclass(frozen=True)
class Sky:
    environment: np.ndarray  # float32 (HEIGHT, 2 * HEIGHT, 3)
    horizon: tuple[float, float, float]  # radiance where the sky meets the ground: what haze fades to


def noise(rng: np.random.Generator, x: np.ndarray, y: np.ndarray, octaves: int = 5) -> np.ndarray:
    """Cloud noise about 0..1 at points (x, y), by looking up a random grid that repeats."""
    grid = rng.random((64, 64)).astype(np.float32)
    total, weight = np.zeros(x.shape, np.float32), 0.5
    for _ in range(octaves):
        mx, my = (np.mod(v, 62).astype(np.float32) for v in (x, y))
        total += weight * cv2.remap(grid, mx, my, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
        x, y, weight = x * 2.03 + 7, y * 2.03 + 3, weight * 0.5
    return total


def sky(rng: np.random.Generator, style: str | None = None) -> Sky:
    """A sky: clear, cloudy, overcast, low sun, or dusk."""
    style = (
        str(rng.choice(["clear", "cloudy", "overcast", "low", "dusk"], p=[0.25, 0.33, 0.22, 0.14, 0.06]))
        if style is None
        else style
    )
    v, u = np.meshgrid((np.arange(HEIGHT) + 0.5) / HEIGHT, (np.arange(2 * HEIGHT) + 0.5) / (2 * HEIGHT), indexing="ij")
    elevation, azimuth = np.pi * (0.5 - v), 2 * np.pi * u
    flat = np.cos(elevation)
    direction = np.stack([np.sin(azimuth) * flat, np.cos(azimuth) * flat, np.sin(elevation)], -1)
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
    sun_yaw = rng.uniform(0, 2 * np.pi)
    sun = np.array([-np.sin(sun_yaw) * np.cos(sun_up), np.cos(sun_yaw) * np.cos(sun_up), np.sin(sun_up)])
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
    # The sun spreads over a few pixels of this small map, with the irradiance it should have: shadows stay soft-edged.
    disc = np.exp((cosine[..., 0] - 1) * 2500)
    solid = np.cos(elevation) * (np.pi / HEIGHT) ** 2
    total = float((disc * solid).sum())
    image = image + (disc / max(total, 1e-9) * strength * 3.0)[..., None] * warm
    ground = np.clip(-direction[..., 2:] * 12, 0, 1)
    earth = rng.uniform(0.1, 0.35) * bottom
    image = image * (1 - ground) + earth * ground
    return Sky(np.maximum(image, 0).astype(np.float32), (float(bottom[0]), float(bottom[1]), float(bottom[2])))


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
