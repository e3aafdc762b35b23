"""What can be asked for: `fathom bench nyu:FOLDER`, or a folder whose layout says what it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fathom.bench.sets.clip import open_clip
from fathom.bench.sets.da2k import open_da2k
from fathom.bench.sets.diode import open_diode
from fathom.bench.sets.eth3d import open_eth3d
from fathom.bench.sets.folder import open_folder
from fathom.bench.sets.indexed import open_indexed
from fathom.bench.sets.kitti import open_kitti
from fathom.bench.sets.nyu import open_nyu
from fathom.bench.sets.sintel import open_sintel
from fathom.bench.suite import Suite

SUITES: dict[str, Callable[[Path, bool], Suite]] = {
    "nyu": open_nyu,
    "kitti": open_kitti,
    "sintel": open_sintel,
    "eth3d": open_eth3d,
    "diode": open_diode,
    "da2k": open_da2k,
    "clip": open_clip,
    "indexed": open_indexed,
    "folder": open_folder,
}

# A file or folder that only this layout has, for paths given without a name.
MARKS = {
    "indexed": ("index.json",),
    "da2k": ("annotations.json", "DA-2K/annotations.json", "DA-2K.zip"),
    "nyu": ("nyu_depth_v2_labeled.mat",),
    "sintel": ("training/final", "MPI-Sintel-complete.zip"),
    "kitti": ("2011_09_26", "raw_data/2011_09_26"),
    "eth3d": ("courtyard/images/dslr_images",),
    "diode": ("val/indoors", "indoors"),
    "clip": ("camera-intrinsics.txt", "*/camera-intrinsics.txt"),
    "folder": ("*.npz", "*/*.npz"),
}


def open_suite(asked: str, partial: bool = False) -> Suite:
    """The suite that NAME:PATH means, or PATH alone where the layout tells.

    Args:
        partial: score the pictures that are there where a published set is incomplete.

    Raises:
        ValueError: nothing of that name or layout, or the set is not complete.
    """
    name, colon, path = asked.partition(":")
    if colon and name in SUITES:
        return SUITES[name](Path(path).expanduser(), partial)
    folder = Path(asked).expanduser()
    if not folder.exists():
        hint = f"; say {asked}:FOLDER with the folder it is in" if asked in SUITES else ""
        raise ValueError(f"{asked}: no such folder{hint or ', and no such suite: there are ' + ', '.join(SUITES)}")
    for name, marks in MARKS.items():
        if any(next(folder.glob(mark), None) for mark in marks):
            return SUITES[name](folder, partial)
    raise ValueError(
        f"{asked}: it does not show which benchmark this folder is; say NAME:{asked} with one of {', '.join(SUITES)}"
    )
