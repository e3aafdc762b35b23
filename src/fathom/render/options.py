"""What determines the rendered pictures, and the record of it beside them."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from fathom.errors import UsageError, pick
from fathom.files import write_whole
from fathom.render.families import FAMILIES
from fathom.render.photo_textures import Photos
from fathom.render.variant import DEVICES

VERSION = 3  # of the scenes: raise it when the same seed gives other pictures
# Shapes of pictures, width : height, and how often each is taken: as people hold their cameras.
SHAPES = {(4, 3): 0.3, (3, 2): 0.25, (16, 9): 0.13, (1, 1): 0.1, (3, 4): 0.1, (2, 3): 0.08, (9, 16): 0.04}


def at_least(name: str, value: int, low: int) -> None:
    if value < low:
        raise UsageError(f"{name} must be {low} or more, not {value}")


@dataclass(frozen=True)
class Options:
    """What determines the pictures. A folder holds pictures of one set of options only."""

    seed: int = 0
    views: int = 3
    width: int = 320
    height: int = 240
    spp: int = 6  # samples per pixel
    families: tuple[str, ...] = tuple(FAMILIES)
    shapes: str = "varied"  # or "fixed": every picture is width x height
    photos: str | None = None  # a folder of pictures to take textures from
    device: str = "cpu"  # see variant.choose_variant

    def check(self) -> None:
        """Raises UsageError for values that make no pictures."""
        for family in self.families:
            pick(family, FAMILIES, "family of scenes")
        if not self.families:
            raise UsageError(f"no family of scenes; there are {', '.join(FAMILIES)}")
        at_least("seed", self.seed, 0)
        for name, low in (("views", 1), ("width", 16), ("height", 16), ("spp", 1)):
            at_least(name, getattr(self, name), low)
        pick(self.shapes, ("varied", "fixed"), "kind of shapes")
        pick(self.device, DEVICES, "device")

    def size(self, rng: np.random.Generator) -> tuple[int, int]:
        """A picture's width and height: of varied shapes, with width x height pixels or a few less."""
        if self.shapes == "fixed":
            return self.width, self.height
        across, up = list(SHAPES)[int(rng.choice(len(SHAPES), p=list(SHAPES.values())))]
        pixels = self.width * self.height
        return math.isqrt(pixels * across // up), math.isqrt(pixels * up // across)

    def family(self, scene: int) -> str:
        return self.families[scene % len(self.families)]

    def scene(self, scene: int) -> str:
        return f"{self.family(scene)}/{scene:06d}"

    def name(self, scene: int, view: int) -> str:
        return f"{self.scene(scene)}_{view}"


def claim(out: Path, options: Options, variant: str) -> None:
    """Write OUT/render.json, or check that what is there was made with the same options and variant of Mitsuba.

    Raises:
        ValueError: the folder was made with others; the photos for textures are missing.
    """
    path = out / "render.json"
    record = {"version": VERSION, **asdict(options), "families": list(options.families), "variant": variant}
    del record["device"]  # the variant says it
    # The pictures and not their folder, which may move.
    record["photos"] = None if options.photos is None else Photos(options.photos).fingerprint
    if not path.exists():
        write_whole(path, (json.dumps(record, indent=1) + "\n").encode())
        return
    try:
        there = json.loads(path.read_text())
    except ValueError:
        there = None
    if not isinstance(there, dict):
        raise ValueError(f"{path} is not a record of rendering; choose another folder")
    other = [k for k in record if there.get(k) != record[k]]
    if other:
        differences = ", ".join(f"{k} {there.get(k)!r}, not {record[k]!r}" for k in other)
        raise ValueError(f"{out} was rendered with other options ({differences}); choose another folder")
