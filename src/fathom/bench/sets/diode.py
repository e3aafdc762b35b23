"""DIODE's validation set, from the folder that its archive unpacks to.

[val/]indoors/scene_00019/scan_00183/00019_00183_indoors_000_010.png
                                     00019_00183_indoors_000_010_depth.npy         float32 (H, W, 1), metres
                                     00019_00183_indoors_000_010_depth_mask.npy    (H, W), 1 where valid
[val/]outdoor/...
"""

from __future__ import annotations

from pathlib import Path

from fathom.bench.completeness import complete
from fathom.bench.protocols.diode import PROTOCOL, PUBLISHED
from fathom.bench.reading import Tree
from fathom.bench.suite import Case, DepthSuite, Frame
from fathom.bench.truth import GroundTruth

HALVES = {"indoors": 325, "outdoor": 446}
GET = (
    "Get val.tar.gz from https://diode-dataset.org (2.6 GB, MD5 5c895d09201b88973c8fe4552a67dd85) and unpack it with "
    "`tar xf val.tar.gz`"
)


def open_diode(folder: Path, partial: bool = False) -> DepthSuite:
    """The validation pictures in `folder`. Sources are the halves, indoors and outdoor.

    Raises:
        ValueError: pictures, depth or masks are missing (unless `partial`).
    """
    tree = Tree(folder)
    needs: dict[str, tuple[str, str, str]] = {}
    lacking = {}
    for half, count in HALVES.items():
        pictures = tree.under(f"val/{half}", ".png") or tree.under(half, ".png")
        bases = [path.removesuffix(".png") for path in pictures]
        needs |= {f"{b.removeprefix('val/')}": (f"{b}.png", f"{b}_depth.npy", f"{b}_depth_mask.npy") for b in bases}
        lacking[half] = count - len(pictures)
    protocol, here = complete(tree, PROTOCOL, needs, GET, partial, lacking)

    def case(name: str) -> Case:
        return Case(name, name.split("/")[0], (Frame(name, lambda: tree.rgb(needs[name][0])),))

    def read_truth(case: Case) -> GroundTruth:
        _, depth, mask = needs[case.name]
        return GroundTruth(tree.map(depth), tree.map(mask) == 1)

    return DepthSuite("diode", protocol, [case(name) for name in here], read_truth, published=PUBLISHED)
