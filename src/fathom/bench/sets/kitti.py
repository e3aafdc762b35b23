"""KITTI, Eigen's split, from the folders that KITTI's raw data and annotated depth unpack to.

2011_09_26/2011_09_26_drive_0002_sync/image_02/data/0000000069.png        (raw data, also under raw_data/)
val/2011_09_26_drive_0002_sync/proj_depth/groundtruth/image_02/0000000069.png
                                                (also in train/; also under data_depth_annotated/; also as its .zip)
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

from fathom.bench.completeness import complete
from fathom.bench.protocols.kitti import PROTOCOL, PUBLISHED
from fathom.bench.reading import Tree
from fathom.bench.sets.kitti_split import eigen_frames
from fathom.bench.suite import Case, DepthSuite, Frame
from fathom.bench.truth import GroundTruth

GET = (
    "Get the synced and rectified raw data of the 28 drives and data_depth_annotated.zip from "
    "https://www.cvlibs.net/datasets/kitti (Raw Data, and Depth), and put both into one folder"
)


def open_kitti(folder: Path, partial: bool = False) -> DepthSuite:
    """The Eigen test frames with annotated ground truth in `folder`.

    Raises:
        ValueError: pictures or ground truth are missing (unless `partial`).
    """
    tree = Tree(folder)
    needs = {
        f"{drive}/{frame:010d}": (_picture(tree, drive, frame), _truth(tree, drive, frame))
        for drive, frame in eigen_frames()
    }
    protocol, here = complete(tree, PROTOCOL, needs, GET, partial)

    def case(name: str) -> Case:
        return Case(name, PROTOCOL.name, (Frame(name, lambda: tree.rgb(needs[name][0])),))

    def read_truth(case: Case) -> GroundTruth:
        depth = tree.map(needs[case.name][1]) / 256
        return GroundTruth(depth, depth > 0)

    return DepthSuite("kitti", protocol, [case(name) for name in here], read_truth, published=PUBLISHED)


def _picture(tree: Tree, drive: str, frame: int) -> str:
    path = f"{drive[:10]}/{drive}/image_02/data/{frame:010d}"
    return _first(tree, [f"{top}{path}{suffix}" for suffix, top in product((".png", ".jpg"), ("", "raw_data/"))])


def _truth(tree: Tree, drive: str, frame: int) -> str:
    path = f"{drive}/proj_depth/groundtruth/image_02/{frame:010d}.png"
    return _first(tree, [f"{t}{half}/{path}" for t, half in product(("", "data_depth_annotated/"), ("val", "train"))])


def _first(tree: Tree, paths: list[str]) -> str:
    return next((path for path in paths if tree.has(path)), paths[0])
