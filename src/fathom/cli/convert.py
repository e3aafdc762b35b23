"""fathom convert: a set of pictures with depth to fathom's shards or its folder format."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import tyro


@dataclass(frozen=True)
class Options:
    """Convert pictures with depth to shards, which train fast from any disk, or to a folder, which is easy to look at.

    A run that was stopped goes on when started again. Damaged samples are left out and named, and the exit code is 1.
    """

    source: tyro.conf.Positional[str]
    """hypersim:FOLDER, vkitti2:, tartanair:, irs:, blendedmvs:, nyu:, kitti:, with /validation or /all before the
    colon; or a folder of fathom's own format or of shards."""
    out: tyro.conf.Positional[Path]
    """Folder to write into."""
    shards: bool = False
    """Write shards: tar files of many samples each, as WebDataset packs them. This is the default."""
    folder: bool = False
    """Write a picture and an .npz for each sample."""
    split: Literal["train", "validation", "all"] | None = None
    """Of a published set; train if not given."""
    limit: int | None = None
    """Convert no more than the first so many."""
    per_shard: int = 500
    """Samples in each shard."""
    workers: int = 4
    """Samples in the making at a time."""
    rescan: bool = False
    """List a published set's folder anew, though nothing seems to have changed."""


def main(options: Options) -> int:
    from fathom.data.pack import write_folder, write_shards
    from fathom.data.sample import First
    from fathom.data.sources import open_samples
    from fathom.errors import UsageError

    o = options
    if o.shards and o.folder:
        raise UsageError("--shards and --folder do not go together")
    for name in ("limit", "per_shard", "workers"):
        if (value := getattr(o, name)) is not None and value < 1:
            raise UsageError(f"{name.replace('_', '-')} is at least 1, not {value}")
    source = open_samples(o.source, o.split, o.rescan)
    if o.limit is not None:
        source = First(source, o.limit)
    if o.folder:
        skipped = write_folder(source, o.out, o.workers)
    else:
        skipped = write_shards(source, o.out, o.per_shard, o.workers)
    for sample in skipped:
        print(f"skipped {sample.name}: {sample.reason}", file=sys.stderr)
    print(f"{len(source) - len(skipped)} samples in {o.out}, {len(skipped)} skipped", file=sys.stderr)
    return 1 if skipped else 0
