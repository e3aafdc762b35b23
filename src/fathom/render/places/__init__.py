"""Places for a subject: studio, room, garden, street, open country, under water. Close families share them.

The subject goes to the origin, on a support whose top is z = 0: the floor, the ground, or a table.
"""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.materials import textured
from fathom.render.objects import furniture, solids
from fathom.render.places.indoors import chamber, softbox, studio
from fathom.render.places.outdoors import country, garden, square, water
from fathom.render.places.setting import Setting, orbit, scatter

__all__ = ["INDOORS", "OUTDOORS", "PLACES", "Setting", "orbit", "scatter", "setting", "softbox"]

PLACES = {"studio": studio, "room": chamber, "garden": garden, "street": square, "country": country, "water": water}
INDOORS = ("studio", "room", "room", "room")
OUTDOORS = ("garden", "garden", "street", "country")


def setting(rng: np.random.Generator, family: str, size: float, kinds, raised: float = 0.0) -> Setting:
    """One of these kinds of place, around a subject about `size` metres large.

    Args:
        raised: the probability of a table under the subject.
    """
    kind = str(rng.choice(list(kinds)))
    on_table = rng.random() < raised
    lift = float(rng.uniform(0.4, 0.95)) if on_table else 0.0
    s = PLACES[kind](rng, family, size, 0.0 if kind in ("studio", "water") else lift)
    s.kind = kind
    s.scene.bounces = 4
    if on_table and kind not in ("studio", "water"):
        s.top = _table(rng, s, size, lift)
        s.low[2] = max(s.low[2], -lift + 0.2)
    return s


def _table(rng: np.random.Generator, s: Setting, size: float, lift: float) -> tuple[float, float]:
    w, d = max(1.6 * size, 0.5) * rng.uniform(1.0, 1.8), max(1.2 * size, 0.4) * rng.uniform(1.0, 1.5)
    top = textures.wood(rng, 0) if rng.random() < 0.5 else textures.any_texture(rng)
    surface = textured(top, rng.uniform(0.4, 1.2), str(rng.choice(["matte", "glossy"])))
    legs = s.palette.any()
    if rng.random() < 0.65:
        s.scene.add(m.rounded_box(w, d, 0.04, 0.008).moved(z=-0.04), surface)
    else:
        w = d = max(w, d)
        s.scene.add(solids.disc(w / 2, 0.04).moved(z=-0.04), surface)
        w = d = 0.7 * w
    feet = [
        m.tube([(x * w * 0.44, y * d * 0.42, -lift), (x * w * 0.44, y * d * 0.42, -0.03)], 0.024, 8)
        for x in (-1.0, 1.0)
        for y in (-1.0, 1.0)
    ]
    s.scene.add(m.merged(feet), legs)
    if rng.random() < 0.25:
        mat = m.box(w * rng.uniform(0.4, 0.8), d * rng.uniform(0.4, 0.8), 0.003).turned(rng.uniform(-8, 8))
        s.scene.add(mat, furniture.cloth(rng))
    return float(w) / 2 - 0.03, float(d) / 2 - 0.03
