"""Files of pictures and of ground truth, read with the values they hold."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import cv2
import numpy as np
from PIL import Image


def decode_rgb(data: bytes, name: str) -> np.ndarray:
    """uint8 (H, W, 3) of an encoded picture. Benchmarks store pictures as their ground truth lies: EXIF is ignored."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            return np.asarray(image.convert("RGB"))
    except (OSError, SyntaxError) as error:
        raise ValueError(f"{name}: cannot be read as a picture ({error})") from None


def decode_map(data: bytes, name: str) -> np.ndarray:
    """float32 (H, W): the values of a .npy, or of a grey PNG of 8 or 16 bits, or of a float TIFF or PFM."""
    if name.endswith(".npy"):
        try:
            values = np.load(io.BytesIO(data), allow_pickle=False)
        except (ValueError, EOFError) as error:
            raise ValueError(f"{name}: is damaged ({error})") from None
    else:
        values = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED) if data else None
        if values is None:
            raise ValueError(f"{name}: cannot be read as a map of depth")
    values = np.squeeze(values)
    if values.ndim != 2:
        raise ValueError(f"{name}: expected one value per pixel, found an array of shape {values.shape}")
    return values.astype(np.float32)


class Tree:
    """Files by relative path, in a folder or in the .zip archives that lie in it, which need not be unpacked."""

    def __init__(self, root: Path):
        if not root.exists():
            raise ValueError(f"{root}: no such folder or archive")
        self.root = root
        self._archives: dict[str, zipfile.ZipFile] = {}
        for path in [root] if root.is_file() else sorted(root.glob("*.zip")):
            try:
                archive = zipfile.ZipFile(path)
            except zipfile.BadZipFile:
                raise ValueError(f"{path}: is not a whole .zip archive; download it again") from None
            self._archives |= {name: archive for name in archive.namelist() if not name.endswith("/")}

    def has(self, path: str) -> bool:
        return path in self._archives or (self.root / path).is_file()

    def read(self, path: str) -> bytes:
        if path in self._archives:
            try:
                return self._archives[path].read(path)
            except zipfile.BadZipFile as error:
                raise ValueError(f"{self.root}: {path} is damaged in its archive ({error})") from None
        return (self.root / path).read_bytes()

    def under(self, folder: str, suffix: str) -> list[str]:
        """All paths in `folder`, at any depth, that end with `suffix`, sorted."""
        prefix = f"{folder}/" if folder else ""
        found = {name for name in self._archives if name.startswith(prefix) and name.endswith(suffix)}
        if (self.root / folder).is_dir():
            on_disk = (self.root / folder).rglob(f"*{suffix}")
            found |= {path.relative_to(self.root).as_posix() for path in on_disk if path.is_file()}
        return sorted(found)

    def size(self, path: str) -> tuple[int, int]:
        """Height and width of a picture, from its header."""
        with Image.open(io.BytesIO(self.read(path))) as image:
            return image.height, image.width

    def rgb(self, path: str) -> np.ndarray:
        """uint8 (H, W, 3)."""
        return decode_rgb(self.read(path), path)

    def map(self, path: str) -> np.ndarray:
        """float32 (H, W)."""
        return decode_map(self.read(path), path)
