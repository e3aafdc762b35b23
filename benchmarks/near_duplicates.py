"""Whether a picture that models are measured on, or nearly the same one, is among those that they are trained on.

    python benchmarks/near_duplicates.py TRAINING [TRAINING ...] --measured GT [--out FILE]

Every picture of these folders is brought to a 64-bit perceptual hash (the signs of its lowest frequencies). Pairs whose
hashes differ by few bits, straight or mirrored, are then compared as 32x32 thumbnails, and are near-duplicates if those
correlate. To see that this finds something, altered copies of the measured pictures are looked for in the same way.
The exit code is 1 if there is a near-duplicate.
"""

from __future__ import annotations

import argparse
import io
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
from machine import publish
from PIL import Image, ImageEnhance, ImageOps
from scipy.fft import dctn

from fathom.progress import progress

SIDE = 32  # pixels of a thumbnail
BITS = 20  # of 64: hashes that differ by more are of other pictures
ALIKE = 0.85  # correlation of thumbnails
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".ppm", ".tif", ".tiff"}


class Look(NamedTuple):
    hash: np.ndarray  # bool (64,)
    thumbnail: np.ndarray  # float32 (SIDE, SIDE), mean 0, norm 1


def look(picture: Image.Image) -> Look:
    grey = np.asarray(picture.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX), np.float32)
    low = dctn(grey)[:8, :8].ravel()
    centred = grey - grey.mean()
    return Look(low > np.median(low[1:]), centred / max(float(np.linalg.norm(centred)), 1e-6))


def looks(picture: Image.Image) -> list[Look]:
    """Of the picture and of its mirror image."""
    return [look(picture), look(ImageOps.mirror(picture))]


def looks_of(path: Path) -> list[Look]:
    with Image.open(path) as picture:
        return looks(ImageOps.exif_transpose(picture).convert("RGB"))


def altered(picture: Image.Image) -> dict[str, Image.Image]:
    """What may have become of a picture on its way into another set."""
    width, height = picture.size
    compressed = io.BytesIO()
    picture.resize((width // 2, height // 2), Image.Resampling.BICUBIC).save(compressed, "JPEG", quality=50)
    return {
        "half as large, JPEG": Image.open(compressed),
        "mirrored": ImageOps.mirror(picture),
        "5 % cropped off": picture.crop((width // 40, height // 40, width - width // 40, height - height // 40)),
        "brighter": ImageEnhance.Brightness(picture).enhance(1.4),
        "grey": picture.convert("L"),
    }


def nearest(them: list[Look], hashes: np.ndarray, thumbnails: np.ndarray) -> tuple[int, float, bool, int]:
    """The least difference in bits and the largest correlation among those within BITS, whether that is a
    near-duplicate, and of which picture."""
    bits = np.stack([(hashes != each.hash).sum(1) for each in them]).min(0)
    alike = np.stack([thumbnails @ each.thumbnail.ravel() for each in them]).max(0)
    close = np.where(bits <= BITS, alike, -1.0)
    which = int(close.argmax())
    return int(bits.min()), float(close[which]), bool(close[which] >= ALIKE), which


def pictures_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("training", nargs="+", type=Path)
    parser.add_argument("--measured", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    # Depth is often kept as PNG too: what is not RGB is no picture.
    measured = [path for path in pictures_in(args.measured) if Image.open(path).mode == "RGB"]
    of_measured = [looks_of(path)[0] for path in measured]
    hashes = np.stack([each.hash for each in of_measured])
    thumbnails = np.stack([each.thumbnail.ravel() for each in of_measured])

    lines = [
        "# Near-duplicates of measured pictures among those that are trained on",
        "",
        f"`python benchmarks/near_duplicates.py`, {date.today()}: {len(measured)} measured pictures; hashes of 64",
        f"bits, straight and mirrored; near-duplicates differ by {BITS} bits at most, and their thumbnails of",
        f"{SIDE}x{SIDE} correlate to {ALIKE}.",
        "",
        "| altered copies of the measured pictures | found |",
        "|---|---|",
    ]
    found: dict[str, int] = {}
    for path in measured:
        with Image.open(path) as picture:
            for how, copy in altered(picture.convert("RGB")).items():
                found[how] = found.get(how, 0) + nearest(looks(copy), hashes, thumbnails)[2]
    lines += [f"| {how} | {count} of {len(measured)} |" for how, count in found.items()]
    lines += [
        "",
        "| trained on | pictures | near-duplicates | fewest bits | closest within them |",
        "|---|---|---|---|---|",
    ]

    pairs: list[str] = []
    with ProcessPoolExecutor() as processes:
        for folder in args.training:
            paths = pictures_in(folder)
            fewest, closest, count = 64, -1.0, 0
            with progress("comparing", total=len(paths), unit="picture") as bar:
                for path, them in zip(paths, processes.map(looks_of, paths, chunksize=16), strict=True):
                    bits, alike, same, which = nearest(them, hashes, thumbnails)
                    fewest, closest, count = min(fewest, bits), max(closest, alike), count + same
                    if same:
                        pairs.append(f"- {path.relative_to(folder)} and {measured[which].relative_to(args.measured)}")
                    bar.advance()
            shown = f"{closest:.2f}" if closest > -1 else ""
            lines.append(f"| {folder.name} | {len(paths)} | {count} | {fewest} | {shown} |")
    publish([*lines, "", *pairs], args.out)
    return 1 if pairs else 0


if __name__ == "__main__":
    sys.exit(main())
