"""Reading pictures upright: any colour mode to 8-bit RGB, EXIF orientation applied once, the lens from EXIF.

What becomes of a picture that is not plain RGB:

- grey, palette, 1-bit, CMYK, YCbCr: converted;
- transparent parts: shown on white, as a browser shows them;
- 16 bits a channel: divided down to 8, 65535 is white; 32-bit and float grey, which have no white, from darkest to
  lightest;
- animations and files of several pages: the first picture.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from PIL import Image, UnidentifiedImageError

from fathom.intrinsics import Intrinsics

Source: TypeAlias = "str | Path | bytes | Image.Image | np.ndarray"

# What counts as a picture when a folder is searched. A file that is named is tried whatever its name.
SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jfif", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".heif", ".avif", ".jp2"}
    | {".ppm", ".pgm", ".pbm", ".pnm", ".tga"}
)
# What fathom writes beside pictures with the endings of pictures: results of an earlier run are not input of the next.
OWN_ENDINGS = (".colour.png", ".side.png", ".depth16.png", ".depth.tiff")
# What Pillow may take a file for, whatever its name: not EPS, say, for which it would start Ghostscript.
# TGA comes last: it has no mark of its own.
PILLOW_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "JPEG2000", "PPM", "TGA")
HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
FILM_DIAGONAL = math.hypot(36, 24)  # mm; what "focal length in 35 mm film" refers to
ORIENTATION, EXIF_IFD, FOCAL_LENGTH_IN_35MM_FILM = 0x0112, 0x8769, 0xA405
BITS_PER_SAMPLE, PLANAR_CONFIGURATION, SAMPLE_FORMAT = 258, 284, 339  # of TIFF
# What turns (H, W, 3) pixels upright, by EXIF orientation.
UPRIGHT: dict[int, Callable[[np.ndarray], np.ndarray]] = {
    2: lambda x: x[:, ::-1],
    3: lambda x: x[::-1, ::-1],
    4: lambda x: x[::-1],
    5: lambda x: x.swapaxes(0, 1),
    6: lambda x: x.swapaxes(0, 1)[:, ::-1],
    7: lambda x: x[::-1, ::-1].swapaxes(0, 1),
    8: lambda x: x.swapaxes(0, 1)[::-1],
}


def is_picture(name: str) -> bool:
    """Whether a file of that name, found in a folder, counts as a picture."""
    return Path(name).suffix.lower() in SUFFIXES and not name.startswith(".") and not name.endswith(OWN_ENDINGS)


@dataclass(frozen=True)
class Picture:
    """A picture ready for a network."""

    rgb: np.ndarray  # uint8 (H, W, 3), upright
    name: str  # for messages
    notes: tuple[str, ...] = ()  # what was done to it that a person may not expect
    intrinsics: Intrinsics | None = None  # from EXIF


def read(source: Source, name: str | None = None) -> Picture:
    """Read a picture from a path, a file's bytes, a PIL image or a uint8 (H, W, 3) RGB array.

    Raises:
        ValueError: it is not a picture, or damaged, or too large, or of a kind that is not supported.
        OSError: the file is missing or cannot be read.
    """
    if isinstance(source, np.ndarray):
        return Picture(_checked_array(source, name or "the array"), name or "the array")
    if isinstance(source, Image.Image):
        return _from_pil(source, name or str(getattr(source, "filename", "") or "the picture"))
    if isinstance(source, bytes):
        return _decode(source, name or "the picture")
    if isinstance(source, (str, Path)):
        path = Path(source)
        if path.is_dir():
            raise ValueError(f"{path}: is a folder, not a picture")
        return _decode(path.read_bytes(), name or str(source))
    raise ValueError(f"a picture is a path, bytes, a PIL image or an array, not {type(source).__name__}")


def _checked_array(array: np.ndarray, name: str) -> np.ndarray:
    if array.ndim != 3 or array.shape[2] != 3 or array.dtype != np.uint8:
        raise ValueError(
            f"{name}: a picture is uint8 of shape (H, W, 3), RGB, with values 0 to 255; "
            f"this is {array.dtype} of shape {array.shape}"
        )
    if array.size == 0:
        raise ValueError(f"{name}: has no pixels, its shape is {array.shape}")
    return array


def _decode(data: bytes, name: str) -> Picture:
    if not data:
        raise ValueError(f"{name}: the file is empty")
    if data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS:
        return _from_pil(_open_heif(data, name), name)
    try:
        image = Image.open(io.BytesIO(data), formats=PILLOW_FORMATS)
    except UnidentifiedImageError:
        raise ValueError(f"{name}: is not a picture in a format fathom can read") from None
    except Image.DecompressionBombError:
        limit = 2 * (Image.MAX_IMAGE_PIXELS or 0) // 10**6
        raise ValueError(f"{name}: is larger than {limit} megapixels, which is more than fathom reads") from None
    except Exception as error:  # decoders raise nearly anything on damaged files: OSError, EOFError, zlib.error
        raise ValueError(f"{name}: is damaged or cut short ({error})") from None
    with image:
        if _is_deep_planar(image):
            return _from_pil(_read_deep_planar(data, image, name), name)
        return _from_pil(image, name)


def _open_heif(data: bytes, name: str) -> Image.Image:
    try:
        import pi_heif
    except ImportError:
        raise ValueError(f"{name}: reading HEIC needs another package: pip install 'fathom-depth[heif]'") from None
    try:
        return pi_heif.open_heif(data, convert_hdr_to_8bit=True).to_pillow()
    except (ValueError, RuntimeError, EOFError, OSError) as error:
        raise ValueError(f"{name}: is damaged or cut short ({error})") from None


def _tiff_tags(image: Image.Image) -> Mapping[int, Any]:
    """Empty if it comes from no TIFF."""
    return getattr(image, "tag_v2", {})


def _is_deep_planar(image: Image.Image) -> bool:
    """A TIFF of more than 8 bits a channel, one channel after the other: Pillow takes it for 8 bits and gives noise."""
    tags = _tiff_tags(image)
    bits = tags.get(BITS_PER_SAMPLE, (1,))
    return len(bits) >= 3 and max(bits) > 8 and tags.get(PLANAR_CONFIGURATION) == 2


def _read_deep_planar(data: bytes, tiff: Image.Image, name: str) -> Image.Image:
    """The 8-bit image of such a TIFF, its orientation kept."""
    import tifffile

    try:
        with tifffile.TiffFile(io.BytesIO(data)) as file:
            planes = file.pages.first.asarray()
        if planes.dtype != np.uint16 or tiff.mode not in ("RGB", "RGBA"):
            raise ValueError(f"{planes.dtype} {tiff.mode} in planes")
        pixels = np.ascontiguousarray(planes.transpose(1, 2, 0) >> 8).astype(np.uint8)
        image = Image.fromarray(pixels)  # RGB or RGBA
        image.getexif()[ORIENTATION] = _tiff_tags(tiff).get(ORIENTATION, 1)
    except Exception as error:  # damaged files make tifffile raise nearly anything
        raise ValueError(f"{name}: is not a TIFF fathom can read ({error})") from None
    return image


def _from_pil(image: Image.Image, name: str) -> Picture:
    notes: list[str] = []
    if getattr(image, "is_animated", False) and image.format != "MPO":  # MPO: what phones call a JPEG with a preview
        notes.append("has several frames or pages, the first one is used")
    try:
        image.load()
        orientation, focal = _exif(image, notes)  # only now: Pillow turns a TIFF upright itself when it loads it
        rgb = _to_rgb(image, notes)
    except MemoryError:
        raise
    except Exception as error:  # see _decode
        raise ValueError(f"{name}: is damaged or cut short ({error})") from None
    if not rgb.size:
        raise ValueError(f"{name}: has no pixels")
    rgb = np.ascontiguousarray(UPRIGHT.get(orientation, lambda x: x)(rgb))
    intrinsics = None
    if focal > 0:
        height, width = rgb.shape[:2]
        pixels = focal / FILM_DIAGONAL * math.hypot(width, height)
        intrinsics = Intrinsics(pixels, pixels, width / 2, height / 2)
    return Picture(rgb, name, tuple(notes), intrinsics)


def _exif(image: Image.Image, notes: list[str]) -> tuple[int, float]:
    """(orientation 1 to 8, focal length in 35 mm film or 0): a good picture may carry damaged EXIF."""
    try:
        exif = image.getexif()
        return int(exif.get(ORIENTATION, 1)), float(exif.get_ifd(EXIF_IFD).get(FOCAL_LENGTH_IN_35MM_FILM, 0))
    except Exception:  # as many types as for damaged pixels
        notes.append("has EXIF data that cannot be read, so neither orientation nor focal length is known")
        return 1, 0.0


def _to_rgb(image: Image.Image, notes: list[str]) -> np.ndarray:
    """uint8 (H, W, 3) of an image in any of Pillow's modes."""
    if image.mode[0] in "IF":
        values = np.asarray(image)
        tags = _tiff_tags(image)
        deep = tags.get(BITS_PER_SAMPLE) == (32,)
        if deep and image.mode == "I" and tags.get(SAMPLE_FORMAT, (1,)) == (1,):  # Pillow reads unsigned as signed
            values = values.view(np.uint32)
        if not deep and image.mode != "F" and values.min() >= 0 and values.max() <= 65535:  # 16 bits come as I, too
            grey = (values.astype(np.uint32) * 255 + 32767) // 65535
            return np.repeat(grey.astype(np.uint8)[..., None], 3, axis=2)
        values = values.astype(np.float64)
        finite = values[np.isfinite(values)]
        low, high = (finite.min(), finite.max()) if finite.size else (0.0, 0.0)
        notes.append(f"its grey values are stretched from {low:g}..{high:g} to 0..255")
        grey = np.nan_to_num((values - low) / ((high - low) or 1), nan=0, posinf=1, neginf=0) * 255
        return np.repeat(np.rint(grey).astype(np.uint8)[..., None], 3, axis=2)
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        if rgba.getchannel("A").getextrema() != (255, 255):
            notes.append("its transparent parts are shown on white")
        white = Image.new("RGBA", rgba.size, "white")
        return np.asarray(Image.alpha_composite(white, rgba).convert("RGB"))
    return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))
