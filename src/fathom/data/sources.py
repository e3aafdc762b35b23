"""One way to name samples: `hypersim:/data/hypersim`, `vkitti2/validation:/data/vkitti`, or the path alone.

NAME:PATH          a published set, its training split
NAME/SPLIT:PATH    another split: validation, or all
PATH               a folder of fathom's own format, of shards, or of a published set that its layout gives away
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

from fathom.data.folder import DepthFolder
from fathom.data.sample import Source
from fathom.data.sets.blendedmvs import BlendedMVS
from fathom.data.sets.hypersim import Hypersim
from fathom.data.sets.irs import IRS
from fathom.data.sets.kitti import Kitti
from fathom.data.sets.nyu import NYUDepthV2
from fathom.data.sets.published import PublishedSet, Split, refuse_other_split
from fathom.data.sets.tartanair import TartanAir
from fathom.data.sets.virtual_kitti import VirtualKitti2
from fathom.data.shards import INDEX, Shards
from fathom.errors import UsageError, pick

SETS: dict[str, type[PublishedSet]] = {
    s.key: s for s in (Hypersim, VirtualKitti2, TartanAir, IRS, BlendedMVS, NYUDepthV2, Kitti)
}
OWN: dict[str, Callable[[Path], Source]] = {"folder": DepthFolder, "shards": Shards}

# What only this layout has, for paths given without a name. Few entries are looked at: a set may have a million files.
MARKS = {
    INDEX: "shards",
    "ai_[0-9][0-9][0-9]_[0-9][0-9][0-9]/images": "hypersim",
    "evermotion_dataset/scenes": "hypersim",
    "Scene[0-9][0-9]/*/frames": "vkitti2",
    "vkitti_2.0.3_rgb": "vkitti2",
    "*/Easy/P000": "tartanair",
    "*/*/Easy/P000": "tartanair",
    "*/blended_images": "blendedmvs",
    "IRSDataset": "irs",
    "Home/*/l_*.png": "irs",
    "nyu_depth_v2_labeled.mat": "nyu",
    "data_depth_annotated": "kitti",
    "train/*_sync/proj_depth": "kitti",
    "val/*_sync/proj_depth": "kitti",
    "*.tar": "shards",  # last: the archives of a published set may lie beside what they unpacked to
}


def open_samples(asked: str, split: Split | None = None, rescan: bool = False) -> Source:
    """The samples that NAME:PATH, NAME/SPLIT:PATH or PATH mean.

    Args:
        split: of a published set, if `asked` does not say.
        rescan: list a published set's folder anew, though nothing seems to have changed.

    Raises:
        UsageError: no set or split of that name.
        ValueError: the folder does not hold what was asked for.
    """
    prefix, colon, path = asked.partition(":")
    if not colon or Path(asked).exists():
        prefix, path = "", asked
    name, slash, of = prefix.partition("/")
    folder = Path(path).expanduser()
    if not folder.is_dir():
        known = "" if not prefix or name in (*SETS, *OWN) else f", and there is no set called {name!r}"
        raise ValueError(f"{path if prefix else asked}: no such folder{known}")
    name = pick(name, (*SETS, *OWN), "set of samples") if prefix else recognised(folder)
    if slash:
        refuse_other_split(of)
        split = of  # type: ignore[assignment]  # just checked
    if name in OWN:
        if split not in (None, "all"):
            raise UsageError(f"{asked}: has no split {split}; only published sets have splits")
        return OWN[name](folder)
    return SETS[name](folder, split or "train", rescan)


def fingerprint(samples: Source) -> str:
    """Of which samples these are: their names, or of shards what their index says, for which none is looked through."""
    lines: Sequence[object] = getattr(samples, "shards", None) or samples.names
    return sha256("\n".join(map(str, lines)).encode(errors="surrogateescape")).hexdigest()[:16]


def recognised(folder: Path) -> str:
    """The name of what lies in a folder, fathom's own format if nothing else shows."""
    return next((name for mark, name in MARKS.items() if any(folder.glob(mark))), "folder")
