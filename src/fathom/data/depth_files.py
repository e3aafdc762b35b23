"""Depth as the published sets store it: one file in, the array that it holds out.

Each reader raises FileNotFoundError for a file that is not there, and ValueError, naming the file, for one that is
damaged or of another kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from fathom.formats import decode_pfm


@contextmanager
def _reading(path: Path, kind: str) -> Iterator[None]:
    path.stat()  # some libraries say of a missing file what they say of a damaged one, or not which it is
    try:
        yield
    except MemoryError:
        raise
    except Exception as error:  # decoders raise nearly anything on damaged files
        if isinstance(error, OSError) and error.errno is not None:
            raise  # of the disk, not of what is in the file
        raise ValueError(f"{path}: is not {kind} fathom can read ({error})") from None


def read_png16(path: Path) -> np.ndarray:
    """uint16 (H, W)."""
    with _reading(path, "a 16-bit PNG"):
        with Image.open(path, formats=["PNG"]) as image:
            values = np.asarray(image)
        if values.dtype != np.uint16 or values.ndim != 2:
            raise ValueError(f"it has {values.dtype} of shape {values.shape}")
        return values


def read_npy(path: Path) -> np.ndarray:
    """float32 (H, W)."""
    with _reading(path, "an array of depth"):
        values = np.load(path, allow_pickle=False)
        if values.dtype.kind != "f" or values.ndim != 2:
            raise ValueError(f"it has {values.dtype} of shape {values.shape}")
        return values.astype(np.float32, copy=False)


def read_pfm(path: Path) -> np.ndarray:
    """float32 (H, W), upright: the rows of a PFM run from the bottom up."""
    with _reading(path, "a PFM"):
        return decode_pfm(path.read_bytes()).values


def read_exr(path: Path, channel: str) -> np.ndarray:
    """float32 (H, W) of one channel, which may be stored in half precision."""
    import OpenEXR

    with _reading(path, "an OpenEXR file"), OpenEXR.File(str(path), separate_channels=True) as file:
        channels = file.channels()
        if channel not in channels:
            raise ValueError(f"no channel {channel}, only {', '.join(channels)}")
        return np.array(channels[channel].pixels, np.float32)


@contextmanager
def open_hdf5(path: Path, dataset: str) -> Iterator[Any]:
    """A dataset as h5py gives it: only what is sliced from it is read."""
    try:
        import h5py
    except ImportError:
        raise ValueError(f"{path}: reading HDF5 needs another package: pip install h5py") from None
    with _reading(path, "an HDF5 file"), h5py.File(path, "r") as file:
        yield file[dataset]


def read_hdf5(path: Path, dataset: str = "dataset") -> np.ndarray:
    """float32 (H, W)."""
    with open_hdf5(path, dataset) as entries:
        values = entries[:]
        if values.dtype.kind != "f" or values.ndim != 2:
            raise ValueError(f"it has {values.dtype} of shape {values.shape}")
        return values.astype(np.float32)
