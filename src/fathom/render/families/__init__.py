"""Kinds of places. A family is a function (rng, cameras) -> Scene that offers about that many cameras.

To add one: write such a function in a module here, and name it in `FAMILIES`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from fathom.render.families.room import room
from fathom.render.families.street import street
from fathom.render.families.tabletop import tabletop
from fathom.render.families.terrain import terrain
from fathom.render.scene import Scene

Family = Callable[[np.random.Generator, int], Scene]
FAMILIES: dict[str, Family] = {"room": room, "street": street, "terrain": terrain, "tabletop": tabletop}
