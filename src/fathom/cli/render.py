"""fathom render: synthetic pictures with exact depth."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro


@dataclass
class Options:
    """Render synthetic pictures with exact depth: rooms, streets, landscapes, people, animals, things near by.

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
    """Width of the pictures in pixels, or with the height how many pixels they have: see --shapes."""
    height: int = 240
    """Height of the pictures in pixels."""
    shapes: str = "varied"
    """varied: landscapes, squares and portraits with as many pixels as width x height; fixed: width x height."""
    families: str = "all"
    """Kinds of scenes, separated by commas: room, living, kitchen, office, corridor, shelves, storeroom; street,
    highway, square, house, park, terrain, mountains, coast, aerial; tabletop, product, creature, glass, thin, clutter;
    or all."""
    textures: Path | None = None
    """Folder of pictures, searched with its sub-folders: parts of them cover some of the surfaces."""
    device: str = "cpu"
    """Where light is traced: cpu; cuda, an NVIDIA GPU; auto, the GPU where there is one."""
    workers: int | None = None
    """Processes, of one thread each; one for each core if not given."""
    spp: int = 6
    """Samples per pixel, before denoising."""


def main(options: Options) -> int:
    """Run the command; the exit code.

    Raises:
        UsageError, ValueError, OSError, ModuleNotFoundError: one sentence says what is wrong.
    """
    from fathom.render import produce
    from fathom.render.families import FAMILIES

    o = options
    asked = tuple(name.strip() for name in o.families.split(",") if name.strip())
    families = tuple(FAMILIES) if asked == ("all",) else asked
    photos = None if o.textures is None else str(o.textures)
    what = produce.Options(o.seed, o.views, o.width, o.height, o.spp, families, o.shapes, photos, o.device)
    return produce.run(o.out, what, o.scenes, o.workers)
