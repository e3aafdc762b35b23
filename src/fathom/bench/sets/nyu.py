"""NYU-Depth V2, from the published .mat or from a folder of files extracted from it.

    nyu_depth_v2_labeled.mat    MATLAB 7.3, that is HDF5: images (1449, 3, 640, 480) and rawDepths
                                (1449, 640, 480) in metres, transposed as MATLAB stores them
    splits.mat                  testNdxs: the numbers of the test pictures, from 1

or

    test/<scene>/rgb_00045.jpg + sync_depth_00045.png    (as BTS extracts them, from 0; pictures with a black border)
    test/<scene>/rgb_0046.png + depth_0046.png           (as Marigold packs them, from 1)

where depth is raw depth in millimetres, 16-bit PNG.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import numpy as np

from fathom.bench.completeness import complete
from fathom.bench.protocols.nyu import PROTOCOL, PUBLISHED
from fathom.bench.reading import Tree
from fathom.bench.sets.matlab5 import read_matlab5
from fathom.bench.suite import Case, DepthSuite, Frame
from fathom.bench.truth import GroundTruth

LABELED, SPLITS, COUNT = "nyu_depth_v2_labeled.mat", "splits.mat", 654
GET = (
    f"Put {LABELED} and {SPLITS} into one folder: "
    f"http://horatio.cs.nyu.edu/mit/silberman/nyu_depth_v2/{LABELED} and "
    f"http://horatio.cs.nyu.edu/mit/silberman/indoor_seg_sup/{SPLITS}"
)


def open_nyu(folder: Path, partial: bool = False) -> DepthSuite:
    """The test pictures of NYU-D v2 in `folder`.

    Raises:
        ValueError: neither layout is there, or it is incomplete (unless `partial`).
    """
    tree = Tree(folder)
    return _open_mat(tree) if tree.has(LABELED) else _open_extracted(tree, partial)


def _open_mat(tree: Tree) -> DepthSuite:
    try:
        import h5py
    except ImportError:
        raise ValueError(f"reading {LABELED} needs another package: pip install 'fathom-depth[bench]'") from None
    if not tree.has(SPLITS):
        raise ValueError(f"{tree.root}: {LABELED} is there, but not {SPLITS}, which names the test pictures. {GET}.")
    numbers = _test_numbers(tree)
    try:
        file = h5py.File(tree.root / LABELED, "r")
    except OSError as error:
        raise ValueError(f"{tree.root / LABELED}: is damaged or cut short ({error}). {GET}.") from None
    images, depths = file["images"], file["rawDepths"]
    if numbers.min() < 1 or numbers.max() > len(images):
        raise ValueError(f"{tree.root}: {SPLITS} names picture {numbers.max()}, but {LABELED} has only {len(images)}")

    def case(number: int) -> Case:
        frame = Frame(f"{number:04d}", lambda: np.ascontiguousarray(images[number - 1].transpose(2, 1, 0)))
        return Case(frame.name, PROTOCOL.name, (frame,))

    def read_truth(case: Case) -> GroundTruth:
        depth = np.ascontiguousarray(depths[int(case.name) - 1].T)
        return GroundTruth(depth, depth > 0)

    cases = [case(int(number)) for number in np.sort(numbers)]
    return DepthSuite("nyu", PROTOCOL, cases, read_truth, published=PUBLISHED)


def _test_numbers(tree: Tree) -> np.ndarray:
    where = tree.root / SPLITS
    try:
        arrays = read_matlab5(tree.read(SPLITS))
    except ValueError as error:
        raise ValueError(f"{where}: {error}. {GET}.") from None
    if "testNdxs" not in arrays:
        raise ValueError(f"{where}: has no testNdxs, only {', '.join(arrays)}. {GET}.")
    return arrays["testNdxs"].ravel().astype(int)


def _open_extracted(tree: Tree, partial: bool) -> DepthSuite:
    depth_of = {}
    for path in (p for suffix in (".png", ".jpg") for p in tree.under("", suffix)):
        pure = PurePosixPath(path)
        if pure.name.startswith("rgb_") and "train" not in pure.parts:
            number = pure.stem.removeprefix("rgb_")
            candidates = [str(pure.with_name(f"{kind}_{number}.png")) for kind in ("sync_depth", "depth")]
            depth_of[path] = next((c for c in candidates if tree.has(c)), candidates[1])
    if not depth_of:
        raise ValueError(f"{tree.root}: neither {LABELED} nor test/<scene>/rgb_*.png with depth_*.png is there. {GET}.")
    needs = {path: (path, depth) for path, depth in depth_of.items()}
    protocol, here = complete(tree, PROTOCOL, needs, GET, partial, {"test": COUNT - len(needs)})

    def case(path: str) -> Case:
        name = PurePosixPath(path).with_suffix("").as_posix()
        return Case(name, PROTOCOL.name, (Frame(name, lambda: tree.rgb(path)),))

    by_name = {case(path).name: depth_of[path] for path in here}

    def read_truth(case: Case) -> GroundTruth:
        depth = tree.map(by_name[case.name]) / 1000
        return GroundTruth(depth, depth > 0)

    return DepthSuite("nyu", protocol, [case(path) for path in here], read_truth, published=PUBLISHED)
