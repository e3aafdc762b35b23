"""Photos in place of some of a scene's procedural textures: real surfaces are richer than any noise.

A photo says nothing of the geometry it is put on, so any folder of pictures will do; close views of bricks, cloth,
bark, grass and printed things serve best.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import cv2
import numpy as np

from fathom.picture import is_picture, read
from fathom.render.scene import TEXTURE, Material, Scene

SHARE = 0.35  # of a scene's textures that become photos
PHOTOS = 4  # read for one scene at most; decoding them is what costs time
SMALLEST = 0.15  # of the texture's side: smaller windows are the patches of one colour of a `Palette`

Window = tuple[float, float, float, float]


class Photos:
    """The pictures of a folder and its sub-folders, sorted by name.

    Raises:
        ValueError: the folder is missing or holds no picture.
    """

    def __init__(self, folder: str | Path):
        self.folder = Path(folder)
        files = (p for p in self.folder.rglob("*") if is_picture(p.name))
        self.names = sorted(p.relative_to(self.folder).as_posix() for p in files if p.is_file())
        if not self.names:
            raise ValueError(f"{self.folder}: no folder with pictures to take textures from")

    @property
    def fingerprint(self) -> str:
        """16 hex digits of the names and sizes of the files: other pictures give other scenes."""
        lines = (f"{name} {(self.folder / name).stat().st_size}\n" for name in self.names)
        return sha256("".join(lines).encode()).hexdigest()[:16]

    def some(self, rng: np.random.Generator, count: int) -> list[np.ndarray]:
        """Up to `count` of them as uint8 (H, W, 3); those that cannot be read are passed over."""
        chosen = rng.choice(len(self.names), min(count, len(self.names)), replace=False)
        found = []
        for index in chosen:
            try:
                found.append(read(self.folder / self.names[int(index)]).rgb)
            except ValueError:
                continue
        return found


def retextured(scene: Scene, photos: Photos, rng: np.random.Generator) -> Scene:
    """The scene with some of its textures replaced by crops of photos, as light or dark as what they replace.

    Surfaces whose texture repeats get a crop mirrored into a tile; pictures, labels and screens get one each.
    The scene given is left as it is.
    """
    uses: dict[int, tuple[np.ndarray, set[Window | None]]] = {}
    for _, material in scene.parts:
        if material.texture is not None:
            uses.setdefault(id(material.texture), (material.texture, set()))[1].add(material.window)
    # All numbers are drawn before a photo is looked at: whether one can be read changes no other texture.
    chosen = {key: int(rng.integers(2**62)) for key in uses if rng.random() < SHARE}
    sources = photos.some(rng, PHOTOS)
    if not chosen or not sources:
        return scene
    new = {key: _replaced(*uses[key], sources, np.random.default_rng(seed)) for key, seed in chosen.items()}

    def renewed(material: Material) -> Material:
        key = id(material.texture)
        return replace(material, texture=new[key]) if key in new else material

    return replace(scene, parts=[(mesh, renewed(material)) for mesh, material in scene.parts])


def _replaced(
    texture: np.ndarray, windows: set[Window | None], sources: list[np.ndarray], rng: np.random.Generator
) -> np.ndarray:
    """A texture whose used parts are crops of photos."""
    if None in windows:
        half = _crop(sources, TEXTURE // 2, TEXTURE // 2, rng)
        wide = np.concatenate([half, half[:, ::-1]], 1)
        return _as_bright(np.concatenate([wide, wide[::-1]]), texture)
    result = texture.copy()
    for u0, v0, u1, v1 in sorted(window for window in windows if window is not None):
        if min(u1 - u0, v1 - v0) < SMALLEST:
            continue
        left, right = max(int(u0 * TEXTURE), 0), min(-int(-u1 * TEXTURE // 1), TEXTURE)
        top, bottom = max(int((1 - v1) * TEXTURE), 0), min(-int(-(1 - v0) * TEXTURE // 1), TEXTURE)
        crop = _crop(sources, bottom - top, right - left, rng)
        result[top:bottom, left:right] = _as_bright(crop, texture[top:bottom, left:right])
    return result


def _crop(sources: list[np.ndarray], height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    """Linear float32 (height, width, 3): a random square of a random photo."""
    photo = sources[int(rng.integers(len(sources)))]
    whole = min(photo.shape[:2])
    side = max(1, int(whole * rng.uniform(0.25, 1.0)))
    y, x = (int(rng.integers(0, n - side + 1)) for n in photo.shape[:2])
    square = photo[y : y + side, x : x + side]
    small = cv2.resize(square, (width, height), interpolation=cv2.INTER_AREA if side > width else cv2.INTER_LINEAR)
    encoded = small.astype(np.float32) / 255
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4).astype(np.float32)


def _as_bright(crop: np.ndarray, texture: np.ndarray) -> np.ndarray:
    """The crop with the mean reflectance of a texture, as far as a factor of 3 and white paint allow."""
    gain = np.clip(float(texture.mean()) / max(float(crop.mean()), 1e-3), 1 / 3, 3.0)
    return np.clip(crop * np.float32(gain), 0, 0.9).astype(np.float32)
