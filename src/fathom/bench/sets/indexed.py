"""Any folder of pictures and ground truth with an index.

`index.json` is a list of records, one per picture, with paths relative to the folder:

    {"dataset": "tum_rgbd",             the source it is counted under
     "name": "fr1_desk_1",              unique within its source
     "rgb": "tum_rgbd/rgb/1.jpg", "gt": "tum_rgbd/depth/1.png",
     "kind": "metric_depth",            or "metric_depth_sparse", or "disparity"
     "scale": 0.0002,                   value * scale is metres, or pixels of disparity
     "invalid": [0],                    values (before the scale) that mean "unknown"
     "regions": {"glass": "m.png"}}     optional masks, non-zero inside

Ground truth is a .npy, a grey PNG of 8 or 16 bits, or a float TIFF.

A disparity map often lacks the offset between its two views' crops (Middlebury 2005 and 2006), and has no baseline: it
is inverse depth up to scale and shift. Its "depth" here is 1 / disparity as stored, in a unit of its own: every
prediction, metric ones too, is fitted to it in inverse depth, and the fit is the same whatever the offset. AbsRel and
delta are then errors of 1 / disparity: a missing (positive) offset makes them larger than the errors of the true depth
would be, for every model alike. The order is exact.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from fathom.bench.protocols.indexed import PROTOCOL
from fathom.bench.reading import Tree
from fathom.bench.suite import Case, DepthSuite, Frame
from fathom.bench.truth import GroundTruth

KINDS = ("metric_depth", "metric_depth_sparse", "disparity")
FIELDS = ("dataset", "name", "rgb", "gt", "kind", "scale")


def open_indexed(folder: Path, partial: bool = False) -> DepthSuite:
    """The suite of a folder with an `index.json`.

    Raises:
        ValueError: no index there, or a record that lacks a field or (unless `partial`) names a missing file.
    """
    tree = Tree(folder)
    records = {f"{record['dataset']}/{record['name']}": record for record in _records(tree, partial)}

    def case(name: str, record: dict) -> Case:
        frame = Frame(Path(record["rgb"]).with_suffix("").as_posix(), lambda: tree.rgb(record["rgb"]))
        return Case(name, record["dataset"], (frame,))

    cases = [case(name, record) for name, record in records.items()]
    return DepthSuite(folder.resolve().name, PROTOCOL, cases, lambda case: read_truth(tree, records[case.name]))


def read_truth(tree: Tree, record: dict) -> GroundTruth:
    """The ground truth of one record."""
    values = tree.map(record["gt"])
    valid = np.isfinite(values) & (values > 0) & ~np.isin(values, record.get("invalid", []))
    scaled = np.where(valid, values.astype(np.float64) * record["scale"], np.nan)
    disparity = record["kind"] == "disparity"
    regions = {name: tree.map(path) > 0 for name, path in record.get("regions", {}).items()}
    return GroundTruth(1 / scaled if disparity else scaled, valid, metric=not disparity, regions=regions)


def _records(tree: Tree, partial: bool) -> list[dict]:
    index = tree.root / "index.json"
    if not tree.has("index.json"):
        raise ValueError(f"{tree.root}: no index.json in this folder")
    try:
        records = json.loads(tree.read("index.json"))
    except ValueError as error:
        raise ValueError(f"{index}: is not JSON ({error})") from None
    if not isinstance(records, list) or not records:
        raise ValueError(f"{index}: expected a list of records, one per picture")
    seen, here = set(), []
    for number, record in enumerate(records):
        lacking = [key for key in FIELDS if key not in record]
        if lacking:
            raise ValueError(f"{index}: record {number} has no {', '.join(lacking)}")
        if record["kind"] not in KINDS:
            raise ValueError(f"{index}: record {number} is of kind {record['kind']!r}; there are {', '.join(KINDS)}")
        if (record["dataset"], record["name"]) in seen:
            raise ValueError(f"{index}: {record['dataset']}/{record['name']} is there twice")
        seen.add((record["dataset"], record["name"]))
        absent = [path for path in (record["rgb"], record["gt"]) if not tree.has(path)]
        if absent and not partial:
            raise ValueError(f"{index}: record {number} names {absent[0]}, which is not in {tree.root}")
        if not absent:
            here.append(record)
    if not here:
        raise ValueError(f"{index}: none of its {len(records)} pictures are in {tree.root}")
    return here
