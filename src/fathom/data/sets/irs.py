"""IRS (Wang et al. 2019): 103,316 pictures of homes, offices, restaurants and shops.

    {Home,Office,Restaurant,Store}/<scene>/l_N.png    960x540, the left camera's picture
    {Home,Office,Restaurant,Store}/<scene>/d_N.exr    its disparity in pixels, positive

in the folder itself or in its IRSDataset. The stereo rig has a focal length of 480 pixels and a baseline of 0.1 m
(dataloader/scripts/disp2pcd.py of https://github.com/HKBU-HPML/IRS), so that depth = 48 m / disparity.

The authors' lists, each line beginning with a picture, are used if they lie in the folder or in its `lists`:
IRSDataset_TRAIN.list (or irs_train.list) and IRSDataset_TEST.list (or irs_test.list). With both, only what is listed
is read: some frames on disk are, in the authors' words, for debugging. Beware that every seventh frame of a walk is
for tests, and looks like its neighbours. Without a list, 5 % of the scenes validate, in all of their lights.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import numpy as np

from fathom.data.depth_files import read_exr
from fathom.data.index import Found, folders, stems
from fathom.data.sample import Sample, refuse_other_size
from fathom.data.sets.published import PublishedSet, held_out
from fathom.intrinsics import Intrinsics
from fathom.picture import read

PLACES = ("Home", "Office", "Restaurant", "Store")
FOCAL, BASELINE = 480.0, 0.1  # pixels, metres
CHANNEL = "G"  # the only one, or one of three that are the same
LISTS = {
    "train": ("IRSDataset_TRAIN.list", "irs_train.list"),
    "validation": ("IRSDataset_TEST.list", "irs_test.list"),
}


class IRS(PublishedSet):
    key, title = "irs", "IRS scene"
    layout = "{Home,Office,Restaurant,Store}/<scene>/l_N.png with d_N.exr (or these in IRSDataset)"

    def find_home(self) -> Path:
        inner = self.root / "IRSDataset"
        return inner if inner.is_dir() else self.root

    def find(self) -> Iterator[Found]:
        for place in PLACES:
            for scene in folders(self.home / place):
                folder = self.home / place / scene
                yield f"{place}/{scene}", stems(folder, "l_", ".png"), stems(folder, "d_", ".exr")

    def split_of(self, name: str) -> str | None:
        train, test = self._lists["train"], self._lists["validation"]
        if test is not None and name in test:
            return "validation"
        if train is not None:
            return "train" if name in train else None
        if test is not None:
            return "train"
        scene = name.split("/")[1].partition("_")[0]  # ArchvizKitchen_Dark is ArchvizKitchen in another light
        return "validation" if held_out(scene) else "train"

    def picture_path(self, name: str) -> Path:
        place, scene, frame = name.split("/")
        return self.home / place / scene / f"l_{frame}.png"

    def read(self, name: str) -> Sample:
        place, scene, frame = name.split("/")
        picture = read(self.picture_path(name)).rgb
        pixels = read_exr(self.home / place / scene / f"d_{frame}.exr", CHANNEL)
        refuse_other_size(name, picture, disparity=pixels)  # some of the published frames are so
        valid = np.isfinite(pixels) & (pixels > 0)
        disparity = np.where(valid, pixels / np.float32(FOCAL * BASELINE), np.float32(0))
        height, width = pixels.shape
        return Sample(name, picture, disparity, valid, True, Intrinsics(FOCAL, FOCAL, width / 2, height / 2))

    @cached_property
    def _lists(self) -> dict[str, set[str] | None]:
        """The names in each of the authors' lists; None for one that is not there."""
        places = (self.root, self.root / "lists", self.home / "lists")
        found: dict[str, set[str] | None] = {}
        for split, files in LISTS.items():
            path = next((path for place in places for file in files if (path := place / file).is_file()), None)
            found[split] = None if path is None else set(map(_name, path.read_text().splitlines()))
        return found


def _name(line: str) -> str:
    """`Home/Kitchen/7` of the line `[IRSDataset/]Home/Kitchen/l_7.png Home/Kitchen/r_7.png ...`."""
    folder, _, file = line.partition(" ")[0].removeprefix("IRSDataset/").rpartition("/")
    return f"{folder}/{file.removeprefix('l_').removesuffix('.png')}"
