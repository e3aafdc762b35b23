"""Kinds of places. A family is a function (rng, cameras) -> Scene that offers about that many cameras.

To add one: write such a function in a module here, and name it in `FAMILIES`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from fathom.render.families.aerial import aerial
from fathom.render.families.clutter import clutter
from fathom.render.families.coast import coast
from fathom.render.families.corridor import corridor
from fathom.render.families.creature import creature
from fathom.render.families.glass import glass
from fathom.render.families.highway import highway
from fathom.render.families.house import house
from fathom.render.families.kitchen import kitchen
from fathom.render.families.living import living
from fathom.render.families.mountains import mountains
from fathom.render.families.office import office
from fathom.render.families.park import park
from fathom.render.families.product import product
from fathom.render.families.room import room
from fathom.render.families.shelves import shelves
from fathom.render.families.square import square
from fathom.render.families.storeroom import storeroom
from fathom.render.families.street import street
from fathom.render.families.tabletop import tabletop
from fathom.render.families.terrain import terrain
from fathom.render.families.thin import thin
from fathom.render.scene import Scene

Family = Callable[[np.random.Generator, int], Scene]
INDOORS: tuple[Family, ...] = (room, living, kitchen, office, corridor, shelves, storeroom)
OUTDOORS: tuple[Family, ...] = (street, highway, square, house, park, terrain, mountains, coast, aerial)
CLOSE_UP: tuple[Family, ...] = (tabletop, product, creature, glass, thin, clutter)
FAMILIES: dict[str, Family] = {family.__name__: family for family in (*INDOORS, *OUTDOORS, *CLOSE_UP)}
