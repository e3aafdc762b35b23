"""From radiance to a photograph: denoising, exposure, tone and the small faults of real cameras."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np

from fathom.render.scene import Scene
from fathom.render.tracer import Radiance


class Denoiser:
    """Intel Open Image Denoise on one CPU thread.

    Raises:
        ModuleNotFoundError: pyoidn is not installed; the message says how to install it.
    """

    def __init__(self) -> None:
        try:
            import pyoidn
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError('rendering needs pyoidn: pip install "fathom-depth[train]"') from error
        self._oidn = pyoidn
        self._device: Any = pyoidn.Device(pyoidn.OIDN_DEVICE_TYPE_CPU)
        self._device.set_int("numThreads", 1)
        self._device.set_bool("setAffinity", False)
        self._device.commit()

    def __call__(self, radiance: Radiance) -> np.ndarray:
        """float32 (H, W, 3): the radiance without its noise."""
        oidn = self._oidn
        height, width = radiance.colour.shape[:2]
        images = {
            oidn.OIDN_IMAGE_COLOR: np.ascontiguousarray(radiance.colour, np.float32),
            oidn.OIDN_IMAGE_ALBEDO: np.ascontiguousarray(np.clip(radiance.albedo, 0, 1), np.float32),
            oidn.OIDN_IMAGE_NORMAL: np.ascontiguousarray(radiance.normal, np.float32),
            oidn.OIDN_IMAGE_OUTPUT: np.zeros((height, width, 3), np.float32),
        }
        buffers = [oidn.Buffer.shared_from_numpy(self._device, image) for image in images.values()]
        with oidn.Filter(self._device, oidn.OIDN_FILTER_TYPE_RT) as denoise:
            for name, buffer in zip(images, buffers, strict=True):
                denoise.set_image(name, buffer, oidn.OIDN_FORMAT_FLOAT3, width, height)
            denoise.set_bool("hdr", True)
            denoise.set_quality(oidn.OIDN_QUALITY_FAST)  # half the time, and no worse to look at at this size
            denoise.commit()
            denoise.execute()
        for buffer in buffers:
            buffer.release()
        return images[oidn.OIDN_IMAGE_OUTPUT]


def hazed(colour: np.ndarray, depth: np.ndarray, scene: Scene) -> np.ndarray:
    """Blend far things into the haze's colour; the sky already has it.

    Sky beside something holds a part of that thing's colour, as pixels are not points: it gets that thing's haze.
    """
    if scene.haze <= 0:
        return colour
    solid = np.where(np.isfinite(depth), depth, np.inf).astype(np.float32)
    beside = cv2.erode(solid, np.ones((3, 3)), borderType=cv2.BORDER_REPLICATE)
    through = np.exp(-scene.haze * np.where(np.isfinite(beside), np.where(np.isfinite(depth), depth, beside), 0))
    through = through[..., None]
    return (colour * through + np.array(scene.haze_colour) * (1 - through)).astype(np.float32)


def develop(colour: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """uint8 (H, W, 3), as a camera would have it, of linear radiance (H, W, 3)."""
    height, width = colour.shape[:2]
    warmth, tint = rng.normal(0, [0.08, 0.02])  # of the white balance: mostly along the colours of daylight
    colour = np.maximum(colour, 0) * np.exp([warmth, tint, -warmth])
    light = colour @ np.array([0.2126, 0.7152, 0.0722])
    middle = np.exp(np.log(light + 1e-5).mean())
    night = float(np.clip(np.log10(0.05 / middle) / 2, 0, 1))  # 0 by day and in lit rooms, 1 by moonlight
    # Expose for the middle of the picture's tones, darker at night, and let what is small and bright burn: windows,
    # lamps. A large sky keeps its colour.
    high = np.percentile(light, rng.uniform(60, 92))
    exposure = rng.uniform(0.18, 0.42) * (1 - 0.75 * night) / max(middle, 1e-6)
    exposure = min(exposure, rng.uniform(1.6, 4.5) / max(high, 1e-6))
    x = colour * exposure
    x = _with_noise(x, night, rng)
    white = np.clip(1.1 * float(np.percentile(light, 99.7)) * exposure, 1.0, rng.uniform(3, 12))
    x = x * (1 + x / white**2) / (1 + x)  # Reinhard's shoulder, with a white point
    if rng.random() < 0.5:
        r = np.hypot(*np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height)))
        x = x * (1 - rng.uniform(0, 0.18) * r**2)[..., None]
    grey = x.mean(-1, keepdims=True)
    x = np.clip(grey + (x - grey) * rng.uniform(0.75, 1.3), 0, 1)
    x = np.where(x <= 0.0031308, 12.92 * x, 1.055 * x ** (1 / 2.4) - 0.055)
    contrast = rng.uniform(0.0, 0.45)
    x = (1 - contrast) * x + contrast * (x * x * (3 - 2 * x))
    if rng.random() < 0.4:
        x = cv2.GaussianBlur(x, (0, 0), rng.uniform(0.3, 0.8))
    picture = (np.clip(x, 0, 1) * 255 + 0.5).astype(np.uint8)
    if rng.random() < 0.5:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(55, 96))]
        _, data = cv2.imencode(".jpg", picture[..., ::-1], quality)
        decoded = cv2.imdecode(data, cv2.IMREAD_COLOR)
        assert decoded is not None
        picture = np.ascontiguousarray(decoded[..., ::-1])
    return picture


def _with_noise(x: np.ndarray, night: float, rng: np.random.Generator) -> np.ndarray:
    """The exposed picture (H, W, 3), 1 near white, as a sensor counts it: the fewer photons, the noisier.

    The variance of shot noise is in proportion to the light, that of reading it out is the same everywhere.
    """
    gain = math.exp(rng.uniform(math.log(1e-5), math.log(4e-4)) + night * rng.uniform(0, 3))
    deviation = np.sqrt(gain * np.minimum(x, 4) + rng.uniform(0.002, 0.02) * gain)
    return np.maximum(x + deviation * rng.standard_normal(x.shape, np.float32), 0)
