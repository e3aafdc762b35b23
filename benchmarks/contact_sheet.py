"""Photos beside the depth that models see in them, on one sheet.

python benchmarks/contact_sheet.py PHOTOS SHEET.jpg -m runs/teacher/model.safetensors -m nano [--columns 2]
    [--detail 448]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

import fathom
from fathom.picture import SUFFIXES, read

HEIGHT = 150  # of every tile, in pixels


def tile(rgb: np.ndarray) -> np.ndarray:
    height, width = rgb.shape[:2]
    width = max(1, round(width * HEIGHT / height))
    return cv2.resize(rgb, (width, HEIGHT), interpolation=cv2.INTER_AREA)


def sheet(rows: list[np.ndarray], columns: int) -> np.ndarray:
    """Rows of tiles in columns, each as wide as its widest row."""
    parts = [rows[i::columns] for i in range(columns)]
    blocks = []
    for part in parts:
        width = max(row.shape[1] for row in part)
        part = [np.pad(row, ((0, 4), (0, width - row.shape[1] + 8), (0, 0)), constant_values=255) for row in part]
        blocks.append(np.concatenate(part))
    tallest = max(block.shape[0] for block in blocks)
    blocks = [np.pad(b, ((0, tallest - b.shape[0]), (0, 0), (0, 0)), constant_values=255) for b in blocks]
    return np.concatenate(blocks, axis=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("-m", "--model", action="append", required=True)
    parser.add_argument("--columns", type=int, default=2)
    parser.add_argument("--detail", type=int, help="show each model once more, looking a second time at that size")
    options = parser.parse_args()

    ways = [None] if options.detail is None else [None, options.detail]
    models = [fathom.load(name, detail=way) for name in options.model for way in ways]
    rows = []
    for path in sorted(p for p in options.photos.rglob("*") if p.suffix.lower() in SUFFIXES):
        picture = read(path)
        rows.append(np.concatenate([tile(picture.rgb), *(tile(model(picture).colour()) for model in models)], axis=1))
    Image.fromarray(sheet(rows, options.columns)).save(options.out, quality=85)
    print(f"{len(rows)} photos, each beside {', '.join(options.model)}: {options.out}")


if __name__ == "__main__":
    main()
