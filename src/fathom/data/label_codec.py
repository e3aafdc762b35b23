"""A map of relative inverse depth in few bytes: 12 bits a pixel, each the difference to its neighbours, deflated.

    bytes   0      4 b"FLM1"
            4      uint8 bits of a code, 4 to 16
            5      uint8 0
            6      4 x uint32 height and width of the map; of the picture that it belongs to
           22      2 x float64 offset and scale: value = offset + scale * code
           38      a zlib stream of two planes of uint8 (height, width): the high and the low bytes of the residuals

All numbers are little endian. Code 0 is unknown; code 1 is sky, infinitely far; the smallest value has code 2 and the
largest the largest code. A residual is the mixed difference c[y, x] - c[y, x-1] - c[y-1, x] + c[y-1, x-1] modulo
2**16, codes outside of the map being 0, folded to small numbers (0, -1, 1, -2, ... become 0, 1, 2, 3, ...). It is zero
on every plane and on whatever was enlarged bilinearly.

A map may be smaller than its picture: what the network did not see is not kept. `enlarged` makes it as large.
Why this codec and 12 bits: benchmarks/results/label_codecs.md.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

import numpy as np

MAGIC = b"FLM1"
HEADER = struct.Struct("<4sBBIIIIdd")
UNKNOWN, SKY, LOWEST = 0, 1, 2  # codes
BITS = 12
MOST_PIXELS = 1 << 28  # of a map that is read: no file of a few bytes may fill the memory


@dataclass(frozen=True, eq=False)
class LabelMap:
    """Relative inverse depth of a picture, at the size at which it was seen."""

    values: np.ndarray  # float32 (h, w), larger is nearer; finite where `valid`
    picture_size: tuple[int, int]  # height, width
    valid: np.ndarray | None = None  # bool (h, w): where `values` are known; None: everywhere
    sky: np.ndarray | None = None  # bool (h, w): known to be infinitely far; None: nothing is known to be


def encode_map(label: LabelMap, bits: int = BITS) -> bytes:
    """The bytes of a label; a value comes back to half of (largest - smallest) / (2**bits - 3).

    Raises:
        ValueError: a value that is said to be known is not finite.
    """
    known = np.ones(label.values.shape, bool) if label.valid is None else label.valid
    sky = known & label.sky if label.sky is not None else np.zeros_like(known)
    measured = known & ~sky
    values = label.values.astype(np.float64)
    if not np.isfinite(values[measured]).all():
        raise ValueError("a label has values that are not finite")
    low = float(values.min(where=measured, initial=np.inf)) if measured.any() else 0.0
    high = float(values.max(where=measured, initial=-np.inf)) if measured.any() else 0.0
    scale = (high - low) / ((1 << bits) - 1 - LOWEST) or 1.0
    offset = low - LOWEST * scale
    codes = np.full(values.shape, UNKNOWN, np.uint16)
    codes[measured] = np.rint((values[measured] - offset) / scale)
    codes[sky] = SKY
    residuals = fold(mixed_difference(codes))
    planes = np.stack([residuals >> 8, residuals & 255]).astype(np.uint8)
    header = HEADER.pack(MAGIC, bits, 0, *values.shape, *label.picture_size, offset, scale)
    # Runs and Huffman's code alone: of such residuals a search for repetitions makes no less, in six times the time.
    deflating = zlib.compressobj(6, zlib.DEFLATED, 15, 9, zlib.Z_RLE)
    return header + deflating.compress(planes.tobytes()) + deflating.flush()


def decode_map(data: bytes, name: str) -> LabelMap:
    """The label that `encode_map` wrote. The sky, as far as it is known, has the smallest value of all.

    Raises:
        ValueError: it is damaged, or no label.
    """
    try:
        magic, bits, _, height, width, picture_height, picture_width, offset, scale = HEADER.unpack_from(data)
    except struct.error:
        raise ValueError(f"{name}: is cut short") from None
    if magic != MAGIC or not 4 <= bits <= 16 or not 0 < height * width <= MOST_PIXELS:
        raise ValueError(f"{name}: is not a label as fathom writes it")
    wanted = 2 * height * width
    inflating = zlib.decompressobj()
    try:
        planes = inflating.decompress(data[HEADER.size :], wanted)
    except zlib.error as error:
        raise ValueError(f"{name}: is damaged ({error})") from None
    # The checksum at the end of the stream has been seen only if nothing is left to inflate.
    if len(planes) != wanted or inflating.decompress(inflating.unconsumed_tail, 1) or not inflating.eof:
        raise ValueError(f"{name}: is damaged or cut short")
    high, low = np.frombuffer(planes, np.uint8).reshape(2, height, width).astype(np.uint16)
    codes = mixed_sum(unfold((high << 8) | low))
    values = (codes * scale + offset).astype(np.float32)
    known, sky = codes != UNKNOWN, codes == SKY
    values[codes < LOWEST] = offset + LOWEST * scale
    return LabelMap(
        values,
        (picture_height, picture_width),
        None if known.all() else known,
        sky if sky.any() else None,
    )


def mixed_difference(codes: np.ndarray) -> np.ndarray:
    """uint16 (h, w) -> the difference along both axes, modulo 2**16."""
    across = np.diff(codes, axis=1, prepend=np.uint16(0))
    return np.diff(across, axis=0, prepend=np.uint16(0))


def mixed_sum(residuals: np.ndarray) -> np.ndarray:
    """What `mixed_difference` was made of."""
    return residuals.cumsum(axis=0, dtype=np.uint16).cumsum(axis=1, dtype=np.uint16)


def fold(residuals: np.ndarray) -> np.ndarray:
    """uint16, of which those above 32767 are negative -> uint16 that are small where those are near 0."""
    signed = residuals.view(np.int16)
    return ((signed << 1) ^ (signed >> 15)).view(np.uint16)


def unfold(folded: np.ndarray) -> np.ndarray:
    """What `fold` was made of."""
    return (folded >> 1) ^ (-(folded & 1)).astype(np.uint16)


def enlarged(label: LabelMap) -> tuple[np.ndarray, np.ndarray]:
    """The label at its picture's size: float32 (H, W), 0 where unknown, and bool (H, W), where it is known.

    Values are enlarged as a model enlarges its own maps; a pixel is known if the nearest of the map is. Around
    holes, the unknown are given the value of the nearest known, so that none leaks in from them.
    """
    from fathom.enlarge import enlarge

    height, width = label.picture_size
    if label.values.shape == label.picture_size:
        known = np.ones(label.values.shape, bool) if label.valid is None else label.valid
        return np.where(known, label.values, np.float32(0)), known
    if label.valid is None:
        return enlarge(label.values, height, width), np.ones((height, width), bool)
    rows = np.rint(np.linspace(0, label.values.shape[0] - 1, height)).astype(int)
    columns = np.rint(np.linspace(0, label.values.shape[1] - 1, width)).astype(int)
    nearest = np.ix_(rows, columns)
    sound = enlarge(label.valid.astype(np.float32), height, width) == 1
    smooth = enlarge(np.where(label.valid, label.values, np.float32(0)), height, width)
    known = label.valid[nearest]
    values = np.where(sound, smooth, label.values[nearest])
    return np.where(known, values, np.float32(0)), known
