"""One subject, as catalogues and collections of labelled pictures show it, from a macro shot to the whole of it."""

from __future__ import annotations

import numpy as np

from fathom.render.materials import Palette
from fathom.render.objects import food, furniture, glassware, household, plants, slender, vehicles, wares
from fathom.render.places import INDOORS, OUTDOORS, orbit, setting
from fathom.render.scene import Material, Mesh, Scene

Parts = list[tuple[Mesh, Material]]


def subject(rng: np.random.Generator, palette: Palette) -> tuple[Parts, bool]:
    """A thing at the origin, and whether it belongs on tables."""
    kind = rng.random()
    h = float(rng.uniform(0.1, 0.4))
    if kind < 0.42:
        return wares.SMALL[int(rng.integers(len(wares.SMALL)))](rng, palette, h), True
    if kind < 0.52:
        return wares.LARGE[int(rng.integers(len(wares.LARGE)))](rng, palette, rng.uniform(0.5, 1.1)), False
    if kind < 0.6:
        return household.small(rng, palette, h), True
    if kind < 0.66:
        return glassware.vase(rng, palette, rng.uniform(0.25, 0.5)), True
    if kind < 0.71:
        return plants.pot_plant(rng, palette, rng.uniform(0.2, 0.8)), True
    if kind < 0.77:
        return food.meal(rng, palette, rng.uniform(0.1, 0.16)), True
    if kind < 0.83:
        return slender.TABLE[int(rng.integers(len(slender.TABLE)))](rng, palette, h), True
    if kind < 0.88:
        return furniture.chair(rng, palette, palette.any()), False
    if kind < 0.91:
        return furniture.sofa(rng, palette, furniture.cloth(rng)), False
    if kind < 0.94:
        return slender.FLOOR[int(rng.integers(len(slender.FLOOR)))](rng, palette, rng.uniform(0.5, 1.2)), False
    if kind < 0.97:
        return vehicles.bicycle(rng, palette), False
    return vehicles.car(rng, palette), False


def product(rng: np.random.Generator, cameras: int) -> Scene:
    # The subject decides what place it needs, and the place has the palette: so the subject is made first, with one
    # of its own.
    parts, table = subject(rng, Palette(rng))
    points = np.concatenate([mesh.vertices for mesh, _ in parts])
    size = float(np.ptp(points, axis=0).max())
    kinds = (*INDOORS, "studio") if size < 2.5 and rng.random() < 0.75 else OUTDOORS
    s = setting(rng, "product", max(size, 0.12), kinds, 0.55 if table else 0.0)
    s.scene.place(parts, 0, 0, 0, rng.uniform(-40, 40))
    if rng.random() < 0.25:  # another of the kind, or something with it
        other, _ = subject(rng, s.palette)
        wide = float(np.ptp(np.concatenate([mesh.vertices for mesh, _ in other]), axis=0).max())
        x = float(rng.choice([-1, 1])) * (0.6 * size + 0.6 * wide)
        if wide < 1.5 * size and abs(x) < s.top[0]:
            s.scene.place(other, x, rng.uniform(-0.1, 0.2) * size, 0, rng.uniform(0, 360))
    middle = (points.max(0) + points.min(0)) / 2
    for _ in range(cameras):
        if rng.random() < 0.3:  # a part of it
            at = points[int(rng.integers(len(points)))] * 0.7 + 0.3 * middle
            s.scene.cameras.append(orbit(rng, s, at, max(0.35 * size, 0.1), 0.9 * size + 0.05, 0, 60))
        else:
            s.scene.cameras.append(orbit(rng, s, middle, 0.85 * size + 0.05, 1.8 * size + 0.07, -5, 75))
    return s.scene
