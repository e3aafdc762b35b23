"""Codecs for pseudo-labels: bytes, error, speed, and what their error is to the student's loss.

    python benchmarks/label_codecs.py RENDERED LABELS [--maps 24] [--out benchmarks/results/label_codecs.md]

RENDERED is a folder as `fathom render` writes it; LABELS has a teacher's maps as .png files, as `Depth.save` writes
them. Needs lerc, imagecodecs and zstandard, which fathom itself does without.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import io
import platform
import random
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import imagecodecs
import lerc
import numpy as np
import torch
import zstandard
from machine import processor
from PIL import Image

from fathom.data.folder import decode_geometry
from fathom.data.label_codec import HEADER, LabelMap, decode_map, encode_map, fold, mixed_difference, mixed_sum, unfold
from fathom.depth import Depth
from fathom.recipe.losses import gradient_matching_loss, residual, ssi_loss

BITS = (16, 12, 10, 8)


@dataclass(frozen=True)
class Codec:
    """Codes of so many bits to bytes and back, without loss."""

    name: str
    encode: Callable[[np.ndarray], bytes]
    decode: Callable[[bytes, tuple[int, ...]], np.ndarray]


def narrow(codes: np.ndarray) -> np.ndarray:
    return codes.astype(np.uint8) if codes.max() < 256 else codes


def encode_png(codes: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(narrow(codes)).save(file, "PNG", compress_level=6)
    return file.getvalue()


def decode_png(data: bytes, shape: tuple[int, ...]) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data))).astype(np.uint16)


def encode_lerc(values: np.ndarray, error: float) -> bytes:
    failed, size, buffer = lerc.encode(values, 1, False, None, error, 2 * values.nbytes + 999)
    assert not failed
    return bytes(buffer[:size])


def planes(residuals: np.ndarray) -> bytes:
    return np.stack([residuals >> 8, residuals & 255]).astype(np.uint8).tobytes()


def unplanes(data: bytes, shape: tuple[int, ...]) -> np.ndarray:
    high, low = np.frombuffer(data, np.uint8).reshape(2, *shape).astype(np.uint16)
    return (high << 8) | low


def encode_rows(codes: np.ndarray) -> bytes:
    return planes(fold(np.diff(codes, axis=1, prepend=np.uint16(0))))


def decode_rows(data: bytes, shape: tuple[int, ...]) -> np.ndarray:
    return unfold(unplanes(data, shape)).cumsum(axis=1, dtype=np.uint16)


def encode_mixed(codes: np.ndarray) -> bytes:
    return planes(fold(mixed_difference(codes)))


def decode_mixed(data: bytes, shape: tuple[int, ...]) -> np.ndarray:
    return mixed_sum(unfold(unplanes(data, shape)))


def zstd(level: int, encode: Callable, decode: Callable, name: str) -> Codec:
    into, back = zstandard.ZstdCompressor(level=level), zstandard.ZstdDecompressor()
    return Codec(name, lambda c: into.compress(encode(c)), lambda d, shape: decode(back.decompress(d), shape))


CODECS = [
    Codec("PNG (Pillow)", encode_png, decode_png),
    zstd(9, encode_rows, decode_rows, "zstd 9, differences along rows"),
    zstd(9, encode_mixed, decode_mixed, "zstd 9, mixed differences"),
    zstd(19, encode_mixed, decode_mixed, "zstd 19, mixed differences"),
    Codec(
        "zlib 6, mixed differences",
        lambda c: zlib.compress(encode_mixed(c), 6),
        lambda d, s: decode_mixed(zlib.decompress(d), s),
    ),
    Codec(
        "zlib 9, mixed differences",
        lambda c: zlib.compress(encode_mixed(c), 9),
        lambda d, s: decode_mixed(zlib.decompress(d), s),
    ),
    Codec(
        "JPEG XL, effort 3",
        lambda c: imagecodecs.jpegxl_encode(narrow(c), lossless=True, effort=3),
        lambda d, s: imagecodecs.jpegxl_decode(d).astype(np.uint16),
    ),
    Codec(
        "JPEG XL, effort 7",
        lambda c: imagecodecs.jpegxl_encode(narrow(c), lossless=True, effort=7),
        lambda d, s: imagecodecs.jpegxl_decode(d).astype(np.uint16),
    ),
    Codec(
        "JPEG-LS",
        lambda c: imagecodecs.jpegls_encode(narrow(c)),
        lambda d, s: imagecodecs.jpegls_decode(d).astype(np.uint16),
    ),
    Codec(
        "JPEG 2000, reversible",
        lambda c: imagecodecs.jpeg2k_encode(narrow(c), reversible=True, level=0),
        lambda d, s: imagecodecs.jpeg2k_decode(d).astype(np.uint16),
    ),
]


def quantised(values: np.ndarray, bits: int) -> tuple[np.ndarray, float, float]:
    low, high = float(values.min()), float(values.max())
    scale = (high - low) / (2**bits - 1) or 1.0
    return np.rint((values.astype(np.float64) - low) / scale).astype(np.uint16), low, scale


@dataclass
class Row:
    name: str
    pixels: int = 0
    bytes: int = 0
    encode: float = 0.0
    decode: float = 0.0
    worst: float = 0.0  # of a map's range
    mean: list[float] | None = None  # of its mean absolute deviation from its median
    ssi: list[float] | None = None
    loss: list[float] | None = None

    def add(self, values: np.ndarray, encode: Callable[[], bytes], decode: Callable[[bytes], np.ndarray]) -> None:
        began = time.process_time()
        data = encode()
        encoded = time.process_time()
        back = decode(data)
        self.decode += time.process_time() - encoded
        self.encode += encoded - began
        self.pixels += values.size
        self.bytes += len(data)
        error = np.abs(back.astype(np.float64) - values)
        self.worst = max(self.worst, float(error.max() / np.ptp(values)))
        deviation = np.abs(values - np.median(values)).mean()
        self.mean = [*(self.mean or []), float(error.mean() / deviation)]
        ssi, loss = losses(back, values)
        self.ssi, self.loss = [*(self.ssi or []), ssi], [*(self.loss or []), loss]

    def line(self) -> str:
        speeds = f"{self.pixels / self.encode / 1e6:.0f} | {self.pixels / self.decode / 1e6:.0f}"
        errors = f"{self.worst:.1e} | {np.mean(self.mean):.1e} | {np.mean(self.ssi):.4f} | {np.mean(self.loss):.4f}"
        return f"| {self.name} | {self.bytes / self.pixels:.3f} | {errors} | {speeds} |"


def losses(decoded: np.ndarray, original: np.ndarray) -> tuple[float, float]:
    """L_ssi, and L_ssi + 2 L_gm, of a student who says exactly the original and is taught the decoded."""
    d, target = (torch.from_numpy(np.ascontiguousarray(v, np.float32))[None] for v in (original, decoded))
    r, mask = residual(d, target, torch.ones_like(target, dtype=torch.bool))
    ssi, gm = ssi_loss(r, mask), gradient_matching_loss(r, mask)
    return float(ssi), float(ssi + 2 * gm)


def rows_of(maps: list[np.ndarray]) -> list[Row]:
    rows = []
    for bits in BITS:
        for codec in CODECS:
            row = Row(f"{codec.name}, {bits} bits")
            for values in maps:
                found: dict = {}

                def encode(values=values, codec=codec, bits=bits, found=found) -> bytes:
                    codes, found["low"], found["scale"] = quantised(values, bits)
                    return codec.encode(codes)

                def decode(data: bytes, values=values, codec=codec, found=found) -> np.ndarray:
                    return (codec.decode(data, values.shape) * found["scale"] + found["low"]).astype(np.float32)

                row.add(values, encode, decode)
            rows.append(row)
        row = Row(f"LERC, as exact as {bits} bits")
        for values in maps:
            error = float(np.ptp(values)) / (2**bits - 1) / 2
            row.add(
                values,
                lambda values=values, error=error: encode_lerc(values, error),
                lambda data: lerc.decode(data)[1],
            )
        rows.append(row)
        row = Row(f"**fathom's**, {bits} bits")
        for values in maps:
            row.add(
                values,
                lambda values=values, bits=bits: encode_map(LabelMap(values, values.shape), bits),
                lambda data: decode_map(data, "it").values,
            )
        rows.append(row)
    return rows


def rendered_map(path: Path) -> np.ndarray:
    arrays = decode_geometry(path.read_bytes(), str(path))
    depth = arrays["depth"]
    return np.where(depth > 0, np.divide(1, depth, where=depth > 0), 0).astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rendered", type=Path)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--maps", type=int, default=24)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    load = os.getloadavg()[0]
    choose = random.Random(0)
    rendered = choose.sample(sorted(options.rendered.rglob("*.npz")), options.maps)
    labels = choose.sample(sorted(options.labels.rglob("*.png")), options.maps)
    sets = {
        "Rendered maps": [rendered_map(path) for path in rendered],
        "A teacher's labels": [Depth.load(path, kind="relative").values for path in labels],
    }
    lines = [
        "# Codecs for labels",
        "",
        f"`python benchmarks/label_codecs.py RENDERED LABELS --maps {options.maps}`, {date.today()}, {processor()}, "
        f"one core, Python {platform.python_version()}, numpy {np.__version__}, zlib {zlib.ZLIB_RUNTIME_VERSION}, "
        f"zstandard {zstandard.__version__}, imagecodecs {imagecodecs.__version__}. Load when it began: {load:.1f}; "
        "times are of the processor, with all that numpy does for a codec.",
        "",
        "Errors: the worst as a share of a map's range; the mean as a share of its mean absolute deviation from its "
        "median, which is 1 in the loss. L_ssi and L_ssi + 2 L_gm are what a student is charged whose prediction is "
        "the map itself. Each codec stores integer codes without loss; LERC is given the same largest error instead.",
    ]
    for name, maps in sets.items():
        sizes = f"{len(maps)} maps, {sum(m.size for m in maps) / 1e6:.1f} megapixels"
        lines += [
            "",
            f"## {name}: {sizes}",
            "",
            "| codec | bytes/pixel | worst error | mean error | L_ssi | L_ssi + 2 L_gm "
            "| encode, Mpx/s | decode, Mpx/s |",
            "|---|---|---|---|---|---|---|---|",
            *(row.line() for row in rows_of(maps)),
        ]
    lines += ["", f"Fathom's has {HEADER.size} bytes of header, and codes that mean unknown and sky."]
    print("\n".join(lines))
    if options.out:
        notes = options.out.read_text().partition("\n## What follows")[1:] if options.out.exists() else ("", "")
        options.out.write_text("\n".join(lines) + "\n" + "".join(notes))


if __name__ == "__main__":
    main()
