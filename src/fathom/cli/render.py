"""fathom render: synthetic pictures with exact depth."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro


@dataclass
class Options:
    """Render synthetic pictures with exact depth: rooms, streets, landscapes, things on tables.

    The same seed gives the same pictures. A run that was interrupted goes on where it stopped when started again.
    """

    out: Annotated[Path, tyro.conf.Positional, tyro.conf.arg(metavar="OUT")]
    """Folder to fill: OUT/<family>/<scene>_<view>.png and .npz."""
    scenes: int
    """How many scenes; the families take turns."""
    seed: int = 0
    """Scene i is a function of the seed and i alone."""
    views: int = 3
    """Pictures of each scene."""
    width: int = 320
    """Width of the pictures in pixels."""
    height: int = 240
    """Height of the pictures in pixels."""
    families: str = "room,street,terrain,tabletop"
    """Kinds of scenes, separated by commas."""
    workers: int = 2
    """Processes, of one thread each."""
    spp: int = 8
    """Samples per pixel, before denoising."""


def main(options: Options) -> int:
    """Run the command; the exit code.

    Raises:
        UsageError, ValueError, OSError, ModuleNotFoundError: one sentence says what is wrong.
    """
    from fathom.render import produce

    o = options
    families = tuple(name.strip() for name in o.families.split(",") if name.strip())
    what = produce.Options(o.seed, o.views, o.width, o.height, o.spp, families)
    return produce.run(o.out, what, o.scenes, o.workers)
