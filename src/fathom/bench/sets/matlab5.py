"""Numeric arrays of a MATLAB 5 .mat file: just enough for the split files that benchmarks come with.

Format: "MAT-File Format", MathWorks, chapter 1. After a header of 128 bytes come data elements: a tag (type, bytes),
then the data, padded to 8 bytes; data of at most 4 bytes sits in the tag itself.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import numpy as np

NUMBERS = {1: "i1", 2: "u1", 3: "<i2", 4: "<u2", 5: "<i4", 6: "<u4", 7: "<f4", 9: "<f8", 12: "<i8", 13: "<u8"}
MATRIX, COMPRESSED = 14, 15


def read_matlab5(data: bytes) -> dict[str, np.ndarray]:
    """The real numeric arrays of a file, by name; anything else in it is passed over.

    Raises:
        ValueError: not a little-endian MATLAB 5 file, or damaged.
    """
    if len(data) < 128 or data[126:128] != b"IM":
        raise ValueError("not a MATLAB 5 file")
    arrays = {}
    try:
        for kind, body in _elements(data[128:]):
            if kind == COMPRESSED:
                kind, body = next(_elements(zlib.decompress(body)))
            if kind == MATRIX:
                parts = list(_elements(body))  # flags, dimensions, name, real part
                if len(parts) >= 4 and parts[3][0] in NUMBERS:
                    shape = np.frombuffer(parts[1][1], "<i4")
                    values = np.frombuffer(parts[3][1], NUMBERS[parts[3][0]])
                    arrays[parts[2][1].decode("ascii")] = values.reshape(shape, order="F")
    except (struct.error, zlib.error, ValueError, StopIteration) as error:
        raise ValueError(f"a damaged MATLAB 5 file ({error})") from None
    return arrays


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    while position + 8 <= len(data):
        kind, size = struct.unpack_from("<II", data, position)
        if kind >> 16:  # the small format: type and size in half a word each
            yield kind & 0xFFFF, data[position + 4 : position + 4 + (kind >> 16)]
            position += 8
        else:
            body = data[position + 8 : position + 8 + size]
            if len(body) < size:
                raise ValueError("cut short")
            yield kind, body
            position += 8 + (size if kind == COMPRESSED else -(-size // 8) * 8)
