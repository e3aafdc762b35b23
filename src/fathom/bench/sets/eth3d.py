"""ETH3D, high-resolution multi-view training scenes, from the folders that its archives unpack to.

    <scene>/images/dslr_images/DSC_0286.JPG
    <scene>/ground_truth_depth/dslr_images/DSC_0286.JPG    not a JPEG: float32 metres by rows, inf where unknown

The depth may also lie under <scene>_dslr_depth/<scene>/, and the pictures under <scene>_dslr_jpg/<scene>/.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path, PurePosixPath

import numpy as np

from fathom.bench.completeness import complete
from fathom.bench.protocols.eth3d import PROTOCOL, PUBLISHED
from fathom.bench.reading import Tree
from fathom.bench.suite import Case, DepthSuite, Frame
from fathom.bench.truth import GroundTruth

# How many pictures each of the 13 training scenes has: 454.
SCENES = {
    "courtyard": 38,
    "delivery_area": 44,
    "electro": 45,
    "facade": 76,
    "kicker": 31,
    "meadow": 15,
    "office": 26,
    "pipes": 14,
    "playground": 38,
    "relief": 31,
    "relief_2": 31,
    "terrace": 23,
    "terrains": 42,
}
GET = (
    "Get <scene>_dslr_jpg.7z and <scene>_dslr_depth.7z of the 13 training scenes from "
    "https://www.eth3d.net/datasets (High-res multi-view), and unpack all into one folder with `7z x`"
)


def open_eth3d(folder: Path, partial: bool = False) -> DepthSuite:
    """The training pictures in `folder`.

    Raises:
        ValueError: pictures or depth are missing (unless `partial`).
    """
    tree = Tree(folder)
    needs: dict[str, tuple[str, str]] = {}
    lacking = {}
    for scene, count in SCENES.items():
        pictures = _pictures(tree, scene)
        needs |= {f"{scene}/{PurePosixPath(p).stem}": (p, _depth(tree, scene, PurePosixPath(p).name)) for p in pictures}
        lacking[f"{scene}/images/dslr_images"] = count - len(pictures)
    protocol, here = complete(tree, PROTOCOL, needs, GET, partial, lacking)

    def case(name: str) -> Case:
        return Case(name, PROTOCOL.name, (Frame(name, lambda: tree.rgb(needs[name][0])),))

    def read_truth(case: Case) -> GroundTruth:
        picture, path = needs[case.name]
        depth = decode_depth(tree.read(path), tree.size(picture), path)
        return GroundTruth(depth, np.isfinite(depth) & (depth > 0))

    return DepthSuite("eth3d", protocol, [case(name) for name in here], read_truth, published=PUBLISHED)


def decode_depth(data: bytes, shape: tuple[int, ...], name: str) -> np.ndarray:
    """float32 (H, W), metres, inf where unknown, of a headerless file of a picture of that shape.

    Raises:
        ValueError: the number of bytes is not that of the picture.
    """
    height, width = shape
    if len(data) != 4 * height * width:
        raise ValueError(
            f"{name}: has {len(data)} bytes, but float32 depth of {height}x{width} has {4 * height * width}"
        )
    return np.frombuffer(data, "<f4").reshape(height, width)


def _pictures(tree: Tree, scene: str) -> list[str]:
    for top in ("", f"{scene}_dslr_jpg/", "rgb/"):
        found = tree.under(f"{top}{scene}/images/dslr_images", ".JPG")
        if found:
            return found
    return []


def _depth(tree: Tree, scene: str, name: str) -> str:
    tops = [a + b for a, b in product(("", "depth/"), ("", f"{scene}_dslr_depth/"))]
    paths = [f"{top}{scene}/ground_truth_depth/dslr_images/{name}" for top in tops]
    return next((path for path in paths if tree.has(path)), paths[0])
