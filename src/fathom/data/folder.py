"""fathom's own folder format: any pictures with depth, two files each.

    <folder>/<name>.png or .jpg    the picture, 8-bit RGB
    <folder>/<name>.npz            depth       float32 (H, W): metres along the optical axis,
                                               inf where there is sky, nan where unknown
                                   disparity   float32 (H, W), instead of depth where its scale is not
                                               known: larger is nearer, nan where unknown
                                   intrinsics  float64 (4,): fx, fy, cx, cy in pixels (optional)
                                   normals     int8 (H, W, 3): 127 times the surface's normal, x right, y down,
                                               z ahead; 0 where there is no surface (optional)
                                   materials   uint8 (H, W): 1 glass, 2 mirror, 0 all else (optional)

`<name>` may contain folders. The .npz is written last, so a picture without one is unfinished.
"""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

import numpy as np
from PIL import Image

from fathom.data.sample import Sample, refuse_other_size
from fathom.files import write_whole
from fathom.intrinsics import Intrinsics
from fathom.picture import read

PICTURES = (".png", ".jpg", ".jpeg")
OF_A_MODEL = ".depth.npz"  # what `fathom depth` writes, maybe into the same folder, is no sample's depth
# Compressed depth is kept if it is smaller than this share. Most float32 is not: 0.86 for Hypersim, where undoing it
# takes 14 ms of a core at each reading, and 1 ms without.
WORTH = 0.75


def write_sample(folder: Path, sample: Sample) -> None:
    """Write one sample; each file appears whole or not at all."""
    write_files(folder, sample.name, (".png", encode_picture(sample)), encode_geometry(sample))


def write_files(folder: Path, name: str, picture: tuple[str, bytes], geometry: bytes) -> None:
    """Write a sample that is encoded already: its picture, as suffix and bytes, and its .npz.

    Raises:
        ValueError: the name would lead out of the folder.
    """
    if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
        raise ValueError(f"{name}: a sample of this name would lie outside of {folder}")
    suffix, data = picture
    write_whole(folder / f"{name}{suffix}", data)
    write_whole(folder / f"{name}.npz", geometry)


def encode_picture(sample: Sample) -> bytes:
    """PNG."""
    file = io.BytesIO()
    Image.fromarray(sample.picture).save(file, "PNG")
    return file.getvalue()


def encode_geometry(sample: Sample) -> bytes:
    """The .npz of a sample."""
    if sample.metric:
        arrays: dict[str, np.ndarray] = {"depth": sample.depth}
    else:
        arrays = {"disparity": np.where(sample.valid, sample.disparity, np.nan).astype(np.float32)}
    if sample.normals is not None:
        arrays["normals"] = np.round(127 * sample.normals).astype(np.int8)
    if sample.materials is not None:
        arrays["materials"] = sample.materials
    if sample.intrinsics is not None:
        k = sample.intrinsics
        arrays["intrinsics"] = np.array([k.fx, k.fy, k.cx, k.cy])
    packed, plain = io.BytesIO(), io.BytesIO()
    np.savez_compressed(packed, **arrays)  # type: ignore[arg-type]  # numpy's stub mistakes the arrays for a flag
    np.savez(plain, **arrays)  # type: ignore[arg-type]
    return min(packed, plain, key=lambda file: file.tell() * (WORTH if file is plain else 1)).getvalue()


def decode_geometry(data: bytes, name: str) -> dict[str, np.ndarray]:
    """The arrays of an .npz.

    Raises:
        ValueError: it is damaged, or no .npz.
    """
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            return dict(file)
    except MemoryError:
        raise
    except Exception as error:  # zipfile, zlib and numpy raise nearly anything on damaged files
        raise ValueError(f"{name}: is not an .npz fathom can read ({error})") from None


def intrinsics_of(name: str, values: np.ndarray) -> Intrinsics:
    """Raises ValueError if these are not fx, fy, cx, cy."""
    if values.shape != (4,):
        raise ValueError(f"{name}: its intrinsics are of shape {values.shape}, not (4,)")
    return Intrinsics(*values.tolist())


class DepthFolder(Sequence[Sample]):
    """The samples of a folder, sorted by name.

    Raises:
        ValueError: the folder holds no sample.
    """

    def __init__(self, folder: str | Path):
        self.folder = Path(folder)
        files = (Path(top, name) for top, _, names in os.walk(self.folder) for name in names)
        found = (path for path in files if path.suffix == ".npz" and not path.name.endswith(OF_A_MODEL))
        self.names = sorted(path.relative_to(self.folder).as_posix()[: -len(".npz")] for path in found)
        if not self.names:
            raise ValueError(f"{self.folder}: no pictures with depth (expected NAME.png or NAME.jpg with NAME.npz)")

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, index):
        """Raises ValueError, naming the file, if it is damaged or gone."""
        name = self.names[index]
        picture, geometry = self._picture(name), self.folder / f"{name}.npz"
        if not geometry.exists():
            raise ValueError(f"{geometry}: is gone since the folder was listed")
        arrays = decode_geometry(geometry.read_bytes(), str(geometry))
        return sample_of(name, read(picture).rgb, arrays)

    def picture_bytes(self, index: int) -> tuple[str, bytes]:
        """A sample's picture as it lies on disk: the file's suffix, and what is in it."""
        path = self._picture(self.names[index])
        return path.suffix, path.read_bytes()

    def _picture(self, name: str) -> Path:
        base = self.folder / name
        path = next((p for suffix in PICTURES if (p := base.with_name(base.name + suffix)).exists()), None)
        if path is None:
            raise ValueError(f"{base}.npz has no picture beside it (expected {base.name}.png or {base.name}.jpg)")
        return path


def sample_of(name: str, picture: np.ndarray, arrays: dict[str, np.ndarray]) -> Sample:
    """The sample of a picture and the arrays of its .npz.

    Raises:
        ValueError: they do not belong together, or there is neither depth nor disparity among them.
    """
    metric = "depth" in arrays
    if not metric and "disparity" not in arrays:
        raise ValueError(f"{name}: its .npz holds neither depth nor disparity, only {', '.join(arrays) or 'nothing'}")
    refuse_other_size(name, picture, **{what: a for what, a in arrays.items() if what != "intrinsics"})
    values = np.asarray(arrays["depth" if metric else "disparity"], np.float32)
    camera = intrinsics_of(name, arrays["intrinsics"]) if "intrinsics" in arrays else None
    if metric:
        sample = Sample.from_depth(name, picture, values, camera)
    else:
        valid = np.isfinite(values)
        sample = Sample(name, picture, np.where(valid, values, np.float32(0)), valid, False, camera)
    normals = arrays["normals"].astype(np.float32) / 127 if "normals" in arrays else None
    return replace(sample, normals=normals, materials=arrays.get("materials"))
