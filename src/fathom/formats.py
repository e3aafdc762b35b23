"""Depth maps as files: what is written, and how it is read back with its kind and units.

    ending           values                                   what they mean
    .npz             float32, everything of `Depth`           kept
    .exr             float32, channel Z (metres) or disparity kept (attribute "fathom")
    .depth.tiff      float32                                  kept (ImageDescription)
    .png             16 bits: value = code * scale + offset   kept (text chunk "fathom")
    .npy, .pfm       float32                                  not in the file: `load` asks
    .colour.png      a picture to look at                     gone

"Kept" is one JSON object: kind, unit, model, intrinsics (fx, fy, cx, cy in pixels), for PNG also scale and offset.
Where a map is not valid, float files have nan (npz has the values and the mask), PNG has code 0. In PNG, code 65535
is infinitely far; metric values are in millimetres (scale 0.001) as long as they fit, and positive; relative values
use the whole range from the smallest to the largest. A value is recovered to half a `scale`.
"""

from __future__ import annotations

import errno
import io
import json
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fathom.depth import Depth, Kind
from fathom.errors import UsageError
from fathom.files import write_whole
from fathom.intrinsics import Intrinsics

INVALID, INFINITE = 0, 65535  # codes of the 16-bit PNG
MILLIMETRE = 0.001
STRIP = 64  # rows of a map that are worked on at a time


@dataclass(frozen=True)
class Contents:
    """What was found in a file."""

    values: np.ndarray  # float32 (H, W)
    about: dict[str, Any]  # empty if the file does not say what the values mean
    valid: np.ndarray | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.about, dict):
            raise ValueError("what it says of its values is no JSON object")
        if self.values.ndim != 2 or self.values.dtype.kind not in "fiu":
            raise ValueError(f"it has {self.values.dtype} of shape {self.values.shape}, not numbers of shape (H, W)")


@dataclass(frozen=True)
class Format:
    endings: tuple[str, ...]
    encode: Callable[[Depth], bytes]
    decode: Callable[[bytes], Contents] | None  # None: there is no way back


def about(depth: Depth) -> dict[str, Any]:
    """What a file says about its values."""
    intrinsics = None if depth.intrinsics is None else astuple(depth.intrinsics)
    return {"kind": depth.kind, "unit": depth.unit, "model": depth.model, "intrinsics": intrinsics}


def _nan_where_invalid(depth: Depth) -> np.ndarray:
    return depth.values if depth.valid is None else np.where(depth.valid, depth.values, np.float32(np.nan))


def encode_npy(depth: Depth) -> bytes:
    file = io.BytesIO()
    np.save(file, _nan_where_invalid(depth))
    return file.getvalue()


def decode_npy(data: bytes) -> Contents:
    return Contents(np.load(io.BytesIO(data), allow_pickle=False).astype(np.float32, casting="same_kind"), {})


def encode_npz(depth: Depth) -> bytes:
    arrays = {"values": depth.values, "about": np.array(json.dumps(about(depth)))}
    if depth.valid is not None:
        arrays["valid"] = depth.valid
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]  # numpy's stub mistakes the arrays for a flag
    return file.getvalue()


def decode_npz(data: bytes) -> Contents:
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return Contents(arrays["values"], json.loads(str(arrays["about"])), arrays.get("valid"))


def encode_pfm(depth: Depth) -> bytes:
    """Rows run from the bottom up; the minus of -1.0 says little endian."""
    height, width = depth.values.shape
    rows = _nan_where_invalid(depth)[::-1].astype("<f4")
    return f"Pf\n{width} {height}\n-1.0\n".encode() + rows.tobytes()


def decode_pfm(data: bytes) -> Contents:
    header = re.match(rb"Pf\s+(\d+)\s+(\d+)\s+([-+.\deE]+)\s", data)
    if header is None:
        raise ValueError("no PFM header of one channel")
    width, height, scale = int(header[1]), int(header[2]), float(header[3])
    values = np.frombuffer(data, "<f4" if scale < 0 else ">f4", width * height, header.end())
    return Contents(values.reshape(height, width)[::-1].astype(np.float32), {})


def encode_tiff(depth: Depth) -> bytes:
    import tifffile

    file = io.BytesIO()
    tifffile.imwrite(file, _nan_where_invalid(depth), description=json.dumps(about(depth)), metadata=None)
    return file.getvalue()


def decode_tiff(data: bytes) -> Contents:
    import tifffile

    with tifffile.TiffFile(io.BytesIO(data)) as file:
        page = file.pages.first
        return Contents(page.asarray().astype(np.float32, casting="same_kind"), _parsed(page.description))


def _parsed(text: str) -> dict[str, Any]:
    """Our own JSON; nothing if the text is another program's."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) and "kind" in found else {}


def encode_exr(depth: Depth) -> bytes:
    import OpenEXR

    header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage, "fathom": json.dumps(about(depth))}
    channel = "Z" if depth.kind == "metric" else "disparity"
    values = np.ascontiguousarray(_nan_where_invalid(depth))
    with tempfile.TemporaryDirectory() as folder:  # OpenEXR before 3.5 writes to files only
        path = Path(folder) / "depth.exr"
        try:
            OpenEXR.File(header, {channel: values}).write(str(path))
        except RuntimeError as error:  # a full disk, too: told apart by its words alone
            full = os.strerror(errno.ENOSPC) in str(error)
            raise OSError(errno.ENOSPC if full else errno.EIO, str(error).strip()) from None
        return path.read_bytes()


def decode_exr(data: bytes) -> Contents:
    import OpenEXR

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "depth.exr"
        path.write_bytes(data)
        with OpenEXR.File(str(path), separate_channels=True) as file:
            channels = file.channels()
            name = next((n for n in ("Z", "disparity", "depth.Z") if n in channels), None)
            if name is None:
                raise ValueError(f"no channel Z or disparity, only {', '.join(channels)}")
            values = np.array(channels[name].pixels, np.float32)
            return Contents(values, _parsed(str(file.header().get("fathom", ""))))


def encode_png16(depth: Depth) -> bytes:
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    known = np.ones(depth.values.shape, bool) if depth.valid is None else depth.valid
    finite = known & np.isfinite(depth.values)
    if depth.kind == "metric":
        finite &= depth.values > 0
        largest = float(depth.values.max(where=finite, initial=0))
        offset = 0.0
        scale = MILLIMETRE if largest <= (INFINITE - 1) * MILLIMETRE else largest / (INFINITE - 1)
    else:
        low = float(depth.values.min(where=finite, initial=np.inf)) if finite.any() else 0.0
        high = float(depth.values.max(where=finite, initial=-np.inf)) if finite.any() else 0.0
        scale = (high - low) / (INFINITE - 2) or 1.0
        offset = low - scale  # the smallest value has code 1
    codes = np.full(depth.values.shape, INVALID, np.uint16)
    for start in range(0, len(codes), STRIP):  # in float64, but not all of a large map at once
        part = slice(start, start + STRIP)
        values, sound = depth.values[part].astype(np.float64), finite[part]
        codes[part][sound] = np.clip(np.rint((values[sound] - offset) / scale), INVALID + 1, INFINITE - 1)
        codes[part][known[part] & np.isposinf(values)] = INFINITE
    text = PngInfo()
    text.add_text("fathom", json.dumps({**about(depth), "scale": scale, "offset": offset}))
    file = io.BytesIO()
    Image.fromarray(codes).save(file, "PNG", pnginfo=text, compress_level=1)  # higher: 4 x the time for 5 % less
    return file.getvalue()


def decode_png16(data: bytes) -> Contents:
    from PIL import Image

    with Image.open(io.BytesIO(data)) as image:
        image.load()
        found = _parsed(str(image.info.get("fathom", "")))
        codes = np.asarray(image)
    if not found:
        raise ValueError("no text chunk of fathom's that says what the codes mean")
    values = (codes * float(found["scale"]) + float(found["offset"])).astype(np.float32)
    values[codes == INFINITE] = np.inf
    values[codes == INVALID] = np.nan
    return Contents(values, found)


def encode_colour(depth: Depth) -> bytes:
    from fathom.display import encode_png

    return encode_png(depth.colour())


# Looked up from the top: `.colour.png` is no depth map in 16 bits. `fathom depth` writes the first ending of each,
# one that neither pictures nor measured depth beside them have, so that results replace neither and become no input.
FORMATS: dict[str, Format] = {
    "colour": Format((".colour.png",), encode_colour, None),
    "png16": Format((".depth16.png", ".png"), encode_png16, decode_png16),
    "npy": Format((".depth.npy", ".npy"), encode_npy, decode_npy),
    "npz": Format((".depth.npz", ".npz"), encode_npz, decode_npz),
    "exr": Format((".depth.exr", ".exr"), encode_exr, decode_exr),
    "pfm": Format((".depth.pfm", ".pfm"), encode_pfm, decode_pfm),
    "tiff": Format((".depth.tiff", ".tiff", ".tif"), encode_tiff, decode_tiff),
}


def format_of(path: Path) -> Format:
    """The format of a file's ending.

    Raises:
        UsageError: there is none.
    """
    for candidate in FORMATS.values():
        if path.name.lower().endswith(candidate.endings):
            return candidate
    endings = ", ".join(e for f in FORMATS.values() for e in f.endings)
    raise UsageError(f"{path}: no format of depth maps has this ending; there are {endings}")


def save(depth: Depth, path: Path) -> None:
    """See `Depth.save`."""
    write_whole(path, format_of(path).encode(depth))


def load(path: Path, kind: Kind | None = None) -> Depth:
    """See `Depth.load`."""
    decode = format_of(path).decode
    if decode is None:
        raise ValueError(f"{path}: is a picture to look at, the depth is not in it")
    data = path.read_bytes()
    try:
        found = decode(data)
    except Exception as error:  # decoders raise nearly anything on damaged files
        raise ValueError(f"{path}: is not a depth map fathom can read ({error})") from None
    stated: Kind | None = found.about.get("kind", kind)
    if stated is None:
        raise ValueError(f"{path}: does not say what its values mean; load it with kind='relative' or kind='metric'")
    if kind is not None and stated != kind:
        raise ValueError(f"{path}: is {stated}, not {kind}")
    try:
        return _depth_of(found, stated)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{path}: is not a depth map fathom can read ({error})") from None


def _depth_of(found: Contents, kind: Kind) -> Depth:
    """Raises ValueError or TypeError where what the file says of its values makes no sense."""
    valid = found.valid
    if valid is None:
        known = ~np.isnan(found.values)
        valid = None if known.all() else known
    camera = found.about.get("intrinsics")
    intrinsics = Intrinsics(*map(float, camera)) if camera else None
    return Depth(found.values, kind, valid, intrinsics, str(found.about.get("model", "")))
