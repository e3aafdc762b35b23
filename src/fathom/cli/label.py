"""fathom label: a teacher's pseudo-labels for a pool of photos."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro


@dataclass(frozen=True)
class Options:
    """Label every photo of a folder with the inverse depth that a teacher sees in it."""

    pool: tyro.conf.Positional[Path]
    """Folder of photos, searched with its sub-folders."""
    out: tyro.conf.Positional[Path]
    """Folder for the labels; those already there are kept, so a stopped run goes on."""
    model: Annotated[str, tyro.conf.arg(aliases=["-m"])]
    """The teacher: a model's name, or the path of a checkpoint."""
    size: int | None = None
    """Shorter side of the teacher's input; the model's own if not given."""
    device: str = "auto"
    """Where the teacher runs: auto, cpu, cuda or mps."""


def main(options: Options) -> int:
    import fathom
    from fathom.files import files_digest
    from fathom.recipe.label import label
    from fathom.zoo import find

    if not options.pool.is_dir():
        raise ValueError(f"{options.pool}: no such folder of photos")
    teacher = fathom.load(options.model, device=options.device, size=options.size)
    fingerprint = files_digest(find(options.model).files)[:16]
    labels, quarantined = label(options.pool, options.out, teacher, fingerprint)
    print(f"{labels} labels in {options.out}", file=sys.stderr)
    if quarantined:
        print(f"{quarantined} photos could not be labelled: see {options.out / 'quarantine.jsonl'}", file=sys.stderr)
    return 1 if quarantined else 0
