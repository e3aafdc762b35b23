"""Rendered pictures beside their depth, a row for each family, on one sheet.

python benchmarks/world_sheet.py RENDERED SHEET.jpg [--pictures 6] [--families room,street] [--height 110]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw

from fathom.data.folder import DepthFolder
from fathom.data.sample import Sample
from fathom.depth import Depth
from fathom.display import colour


def tile(sample: Sample, height: int) -> np.ndarray:
    """Picture and coloured inverse depth, side by side."""
    width = round(sample.picture.shape[1] * height / sample.picture.shape[0])
    depth = colour(Depth(sample.disparity, "relative"), "inferno")
    halves = [cv2.resize(half, (width, height), interpolation=cv2.INTER_AREA) for half in (sample.picture, depth)]
    return np.concatenate([*halves, np.full((height, 6, 3), 255, np.uint8)], axis=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rendered", type=Path)
    parser.add_argument("sheet", type=Path)
    parser.add_argument("--pictures", type=int, default=6)
    parser.add_argument("--families")
    parser.add_argument("--height", type=int, default=110)
    args = parser.parse_args()
    samples = DepthFolder(args.rendered)
    families: dict[str, list[int]] = {}
    for i, name in enumerate(samples.names):
        families.setdefault(name.split("/")[0], []).append(i)
    rows = []
    for family in args.families.split(",") if args.families else families:
        members = families[family]
        chosen = [members[k * len(members) // args.pictures] for k in range(min(args.pictures, len(members)))]
        row = np.concatenate([tile(samples[i], args.height) for i in chosen], axis=1)
        label = Image.new("RGB", (90, args.height + 4), "white")
        ImageDraw.Draw(label).text((4, args.height // 2), family, fill="black")
        rows.append(np.concatenate([np.asarray(label), np.pad(row, ((0, 4), (0, 0), (0, 0)), constant_values=255)], 1))
    width = max(row.shape[1] for row in rows)
    sheet = np.concatenate([np.pad(r, ((0, 0), (0, width - r.shape[1]), (0, 0)), constant_values=255) for r in rows])
    Image.fromarray(sheet).save(args.sheet, quality=85)


if __name__ == "__main__":
    main()
