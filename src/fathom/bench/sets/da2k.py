"""DA-2K, from its archive or the folder that it unpacks to.

[DA-2K/]annotations.json    {"images/indoor/1.jpg": [{"point1": [row, column], "point2": [row, column],
                                                      "closer_point": "point1"}, ...], ...}
[DA-2K/]images/<scene>/...
"""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath

from fathom.bench.completeness import complete
from fathom.bench.pairs import Pair, PairSuite, Point
from fathom.bench.protocols.da2k import PROTOCOL, PUBLISHED
from fathom.bench.reading import Tree
from fathom.bench.suite import Case, Frame

ANNOTATIONS = "annotations.json"
SCENES = (
    "indoor",
    "outdoor",
    "non_real",
    "transparent_reflective",
    "adverse_style",
    "aerial",
    "underwater",
    "object",
)
GET = "Get DA-2K.zip from https://huggingface.co/datasets/depth-anything/DA-2K, unpacked or not"


def open_da2k(folder: Path, partial: bool = False) -> PairSuite:
    """The annotated pictures in `folder`. Sources are the scenes, which are taken from the paths.

    Raises:
        ValueError: annotations or pictures are missing (unless `partial`), or an annotation cannot be understood.
    """
    tree = Tree(folder)
    top = next((t for t in ("", "DA-2K/") if tree.has(t + ANNOTATIONS)), None)
    if top is None:
        raise ValueError(f"{folder}: no {ANNOTATIONS} here. {GET}.")
    where = f"{folder}: {top}{ANNOTATIONS}"
    try:
        annotations = json.loads(tree.read(top + ANNOTATIONS))
    except ValueError as error:
        raise ValueError(f"{where} is not JSON ({error})") from None
    pairs = {path: [_pair(a, f"{where}, {path}") for a in found] for path, found in annotations.items() if found}
    scenes = {path: _scene(path, where) for path in pairs}
    protocol, here = complete(tree, PROTOCOL, {path: (top + path,) for path in pairs}, GET, partial)

    def case(path: str) -> Case:
        name = PurePosixPath(path).with_suffix("").as_posix()
        return Case(path, scenes[path], (Frame(name, lambda: tree.rgb(top + path)),))

    cases = sorted((case(path) for path in here), key=lambda case: SCENES.index(case.source))
    return PairSuite("da2k", protocol, cases, pairs, published=PUBLISHED)


def _pair(annotation: dict, where: str) -> Pair:
    try:
        points = {name: _point(annotation[name]) for name in ("point1", "point2")}
        nearer = points.pop(annotation["closer_point"])
    except (KeyError, TypeError, ValueError):
        raise ValueError(
            f"{where}: expected point1, point2 as [row, column] and closer_point, found {annotation}"
        ) from None
    return Pair(nearer, next(iter(points.values())))


def _point(values: list) -> Point:
    row, column = values
    return int(row), int(column)


def _scene(path: str, where: str) -> str:
    scene = next((part for part in PurePosixPath(path).parts if part in SCENES), None)
    if scene is None:
        raise ValueError(f"{where}: the path {path} names none of the scenes {', '.join(SCENES)}")
    return scene
