"""MPI Sintel, from the archives or folders of its training pictures and depth.

    training/final/<scene>/frame_0001.png
    training/depth/<scene>/frame_0001.dpt    float32 202021.25, int32 width, int32 height, float32 metres by rows

either unpacked, or as MPI-Sintel-complete.zip (or -training_images.zip) and MPI-Sintel-depth-training-20150305.zip.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

from fathom.bench.completeness import complete
from fathom.bench.protocols.sintel import PROTOCOL, PUBLISHED
from fathom.bench.reading import Tree
from fathom.bench.suite import Case, DepthSuite, Frame
from fathom.bench.truth import GroundTruth

# Scenes of 50 frames each, but for these.
SHORTER = {"ambush_2": 21, "ambush_4": 33, "ambush_6": 20, "market_6": 40}
SCENES = {  # scene -> its numbers: alley_1, alley_2, ...
    "alley": (1, 2),
    "ambush": (2, 4, 5, 6, 7),
    "bamboo": (1, 2),
    "bandage": (1, 2),
    "cave": (2, 4),
    "market": (2, 5, 6),
    "mountain": (1,),
    "shaman": (2, 3),
    "sleeping": (1, 2),
    "temple": (2, 3),
}
GET = (
    "Get MPI-Sintel-complete.zip and MPI-Sintel-depth-training-20150305.zip from http://sintel.is.tue.mpg.de "
    "(Downloads, and Depth), and put both into one folder, unpacked or not"
)


def open_sintel(folder: Path, partial: bool = False) -> DepthSuite:
    """The training frames of the final pass in `folder`.

    Raises:
        ValueError: pictures or depth are missing (unless `partial`).
    """
    tree = Tree(folder)
    scenes = [f"{name}_{number}" for name, numbers in SCENES.items() for number in numbers]
    frames = [f"{scene}/frame_{i:04d}" for scene in scenes for i in range(1, SHORTER.get(scene, 50) + 1)]
    needs = {name: (f"training/final/{name}.png", f"training/depth/{name}.dpt") for name in frames}
    protocol, here = complete(tree, PROTOCOL, needs, GET, partial)

    def case(name: str) -> Case:
        return Case(name, PROTOCOL.name, (Frame(name, lambda: tree.rgb(needs[name][0])),))

    def read_truth(case: Case) -> GroundTruth:
        path = needs[case.name][1]
        depth = decode_dpt(tree.read(path), path)
        return GroundTruth(depth, np.isfinite(depth) & (depth > 0))

    return DepthSuite("sintel", protocol, [case(name) for name in here], read_truth, published=PUBLISHED)


def decode_dpt(data: bytes, name: str) -> np.ndarray:
    """float32 (H, W), metres, of a .dpt file's bytes.

    Raises:
        ValueError: not such a file, or cut short.
    """
    if len(data) < 12 or struct.unpack_from("<f", data)[0] != 202021.25:
        raise ValueError(f"{name}: is not one of Sintel's .dpt files")
    width, height = struct.unpack_from("<ii", data, 4)
    if len(data) != 12 + 4 * width * height:
        raise ValueError(f"{name}: is damaged: {len(data)} bytes cannot be {width}x{height} values")
    return np.frombuffer(data, "<f4", offset=12).reshape(height, width)
