"""From radiance to a photograph: denoising, exposure, tone and the small faults of real cameras."""

from __future__ import annotations

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
    """Blend far things into the haze's colour; the sky already has it."""
    if scene.haze <= 0:
        return colour
    through = np.exp(-scene.haze * np.where(np.isfinite(depth), depth, 0))[..., None]
    return (colour * through + np.array(scene.haze_colour) * (1 - through)).astype(np.float32)


def develop(colour: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """uint8 (H, W, 3), as a camera would have it, of linear radiance (H, W, 3)."""
    height, width = colour.shape[:2]
    colour = np.maximum(colour, 0) * np.exp(rng.normal(0, [0.07, 0.02, 0.07]))  # white balance
    light = colour @ np.array([0.2126, 0.7152, 0.0722])
    # Expose for the middle of the picture's tones, but never so far that windows and skies are all white.
    middle, high = np.exp(np.log(light + 1e-5).mean()), np.percentile(light, 97)
    exposure = min(rng.uniform(0.16, 0.38) / max(middle, 1e-6), rng.uniform(1.6, 4.5) / max(high, 1e-6))
    x = colour * exposure
    white = max(1.1 * float(np.percentile(light, 99.7)) * exposure, 1.0)
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
    if rng.random() < 0.6:
        x = x + rng.normal(0, rng.uniform(0.003, 0.022), x.shape)
    picture = (np.clip(x, 0, 1) * 255 + 0.5).astype(np.uint8)
    if rng.random() < 0.5:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(55, 96))]
        _, data = cv2.imencode(".jpg", picture[..., ::-1], quality)
        decoded = cv2.imdecode(data, cv2.IMREAD_COLOR)
        assert decoded is not None
        picture = np.ascontiguousarray(decoded[..., ::-1])
    return picture
