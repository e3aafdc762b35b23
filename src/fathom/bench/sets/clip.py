"""RGB-D clips with camera poses, in the layout of the 7-Scenes example of tsdf-fusion.

    camera-intrinsics.txt    3x3
    rgb/000200.jpg           or .png
    depth/000200.png         16 bits, millimetres; 0 and 65535 mean unknown
    pose/000200.txt          4x4, camera to world, metres

`folder` is a clip, or holds one in each sub-folder.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from fathom.bench.protocols.clip import PROTOCOL, PUBLISHED
from fathom.bench.reading import Tree
from fathom.bench.suite import Case, Frame
from fathom.bench.truth import GroundTruth
from fathom.bench.video import ClipSuite, ClipTruth
from fathom.intrinsics import Intrinsics

INTRINSICS = "camera-intrinsics.txt"


def open_clip(folder: Path, partial: bool = False) -> ClipSuite:
    """The clips in `folder`. A frame must have picture, depth and pose; frames are in the order of their names.

    Raises:
        ValueError: no clip there, or a frame lacks a file.
    """
    if not folder.is_dir():
        raise ValueError(f"{folder}: no such folder")
    folders = [folder] if (folder / INTRINSICS).is_file() else sorted(p.parent for p in folder.glob(f"*/{INTRINSICS}"))
    if not folders:
        raise ValueError(f"{folder}: no {INTRINSICS} here or one folder below, so no RGB-D clip with poses")
    trees = {path.resolve().name: Tree(path) for path in folders}
    names = {clip: _frame_names(tree, partial) for clip, tree in trees.items()}

    def frame(clip: str, name: str) -> Frame:
        return Frame(f"{clip}/{name}", lambda: trees[clip].rgb(_picture(trees[clip], name)))

    cases = [Case(clip, clip, tuple(frame(clip, name) for name in names[clip])) for clip in trees]
    return ClipSuite(
        folder.resolve().name,
        PROTOCOL,
        cases,
        lambda case: _read_truth(trees[case.name], names[case.name]),
        published=PUBLISHED,
    )


def _picture(tree: Tree, name: str) -> str:
    return next((p for suffix in (".jpg", ".png") if tree.has(p := f"rgb/{name}{suffix}")), f"rgb/{name}.png")


def _frame_names(tree: Tree, partial: bool) -> list[str]:
    names = sorted({Path(path).stem for suffix in (".jpg", ".png") for path in tree.under("rgb", suffix)})
    lacking = {n: p for n in names for p in (f"depth/{n}.png", f"pose/{n}.txt") if not tree.has(p)}
    if lacking and not partial:
        raise ValueError(
            f"{tree.root}: {len(lacking)} of {len(names)} frames lack depth or pose: {min(lacking.values())}"
        )
    names = [name for name in names if name not in lacking]
    if len(names) < 2:
        raise ValueError(f"{tree.root}: a clip has at least two frames in rgb/, depth/ and pose/; found {len(names)}")
    return names


def _read_truth(tree: Tree, names: list[str]) -> ClipTruth:
    def frame(name: str) -> GroundTruth:
        values = tree.map(f"depth/{name}.png")
        return GroundTruth(values / 1000, (values > 0) & (values < 65535))

    k = _matrix(tree, INTRINSICS, 3)
    poses = np.stack([_matrix(tree, f"pose/{name}.txt", 4) for name in names])
    return ClipTruth([frame(name) for name in names], poses, Intrinsics(k[0, 0], k[1, 1], k[0, 2], k[1, 2]))


def _matrix(tree: Tree, path: str, size: int) -> np.ndarray:
    try:
        return np.array(tree.read(path).decode().split(), np.float64).reshape(size, size)
    except ValueError:
        raise ValueError(f"{tree.root / path}: expected {size}x{size} numbers") from None
