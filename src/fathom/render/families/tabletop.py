"""Tables: laid for a meal, full of things, or with a few; indoors and out."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.materials import hung, textured
from fathom.render.objects import figures, food, furniture, glassware, household, instruments, plants, slender, wares
from fathom.render.places import INDOORS, OUTDOORS, Setting, orbit, scatter, setting
from fathom.render.scene import Scene


def around(rng: np.random.Generator, s: Setting) -> None:
    """Chairs, some with people on them, at the far side of the table."""
    lift = -float(s.low[2]) + 0.2
    for _ in range(int(rng.integers(0, 4))):
        x, y = rng.uniform(-1, 1) * s.top[0], s.top[1] + rng.uniform(0.2, 0.5)
        s.scene.place(furniture.chair(rng, s.palette, s.palette.any()), x, y, -lift, rng.uniform(-20, 20))
        if rng.random() < 0.4:
            s.scene.place(figures.person(rng, s.palette, seated=True), x, y, -lift, rng.uniform(-15, 15))


def heap(rng: np.random.Generator, cameras: int) -> Scene:
    """Anything, standing close together."""
    s = setting(rng, "tabletop", float(rng.uniform(0.4, 1.0)), INDOORS if rng.random() < 0.75 else OUTDOORS, 0.85)
    half = np.minimum(s.top, 0.8)
    size = rng.uniform(0.12, 0.3)
    count = int(np.exp(rng.uniform(np.log(8), np.log(50))))
    spots = scatter(rng, count, half - 0.04, size * rng.uniform(0.4, 0.8))
    for x, y in spots:
        h, kind = size * rng.uniform(0.35, 1.3), rng.random()
        if kind < 0.6:
            thing = household.small(rng, s.palette, h)
        elif kind < 0.8:
            thing = wares.SMALL[int(rng.integers(len(wares.SMALL)))](rng, s.palette, h)
        elif kind < 0.92:
            thing = glassware.tableware(rng, s.palette, max(h, 0.08))
        else:
            thing = slender.TABLE[int(rng.integers(len(slender.TABLE)))](rng, s.palette, h)
        s.scene.place(thing, x, y, 0, rng.uniform(0, 360))
    if rng.random() < 0.25:
        x, y = spots[0]
        s.scene.place(plants.pot_plant(rng, s.palette, rng.uniform(0.2, 0.5)), x, y)
    around(rng, s)
    for _ in range(cameras):
        x, y = spots[int(rng.integers(len(spots)))]
        s.scene.cameras.append(orbit(rng, s, (x, y, size * rng.uniform(0.1, 0.6)), 0.24, 1.4, 5, 80))
    return s.scene


def meal(rng: np.random.Generator, cameras: int) -> Scene:
    """Plates of food with cutlery and glasses: one to fill the picture, or a table laid for several."""
    s = setting(rng, "tabletop", float(rng.uniform(0.5, 1.1)), ("room", "room", "garden", "street"), 1.0)
    half, r = np.minimum(s.top, 0.8), rng.uniform(0.1, 0.15)
    if rng.random() < 0.3:
        s.scene.add(m.box(1.9 * half[0], 1.9 * half[1], 0.002), textured(textures.weave(rng), 0.4))
    spots = scatter(rng, int(rng.integers(1, 6)), half - r, 2.6 * r)
    napkin = furniture.cloth(rng)
    for x, y in spots:
        turn = float(np.degrees(np.arctan2(x, -y)) + rng.normal(0, 10))
        set_: list = [*food.meal(rng, s.palette, r * rng.uniform(0.75, 1.0))]
        if rng.random() < 0.7:
            tools = slender.cutlery(rng, s.palette, 0.19)
            set_ += [(mesh.moved(r + 0.07), a) for mesh, a in tools]
        if rng.random() < 0.3:
            set_.append((m.box(0.11, 0.17, 0.003).turned(rng.normal(0, 8)).moved(-r - 0.08), napkin))
        s.scene.place(set_, x, y, 0.002, turn)
    for x, y in scatter(rng, 9, half - 0.06, 0.16):
        if all(np.hypot(x - a, y - b) > r + 0.09 for a, b in spots):
            kind = rng.random()
            if kind < 0.6:
                thing = glassware.tableware(rng, s.palette, rng.uniform(0.09, 0.26))
            elif kind < 0.85:
                thing = household.small(rng, s.palette, rng.uniform(0.07, 0.18))
            else:
                thing = food.meal(rng, s.palette, 0.06)
            s.scene.place(thing, x, y, 0, rng.uniform(0, 360))
    around(rng, s)
    for _ in range(cameras):
        x, y = spots[int(rng.integers(len(spots)))]
        near, far = (2.0 * r, 5 * r) if rng.random() < 0.6 else (0.6, 1.5)
        s.scene.cameras.append(orbit(rng, s, (x, y, 0.03), near, far, 15, 88))
    return s.scene


def desk(rng: np.random.Generator, cameras: int) -> Scene:
    """A desk with a screen, keys, papers, books, cables."""
    s = setting(rng, "tabletop", 0.8, ("room",), 1.0)
    half = np.minimum(s.top, 0.8)
    p = s.palette
    s.scene.place(household.screen(rng, p, rng.uniform(0.3, 0.45)), 0, 0.5 * half[1], 0, rng.uniform(-20, 20))
    keys = [(mesh.moved(0, 0), a) for mesh, a in instruments.keyboard(rng, p, 0.38)]
    s.scene.place(keys, rng.normal(0, 0.05), -0.35 * half[1], 0, rng.uniform(-12, 12))
    sheet = hung(textures.marks(rng))
    for _ in range(int(rng.integers(0, 6))):
        paper = m.box(0.21, 0.297, 0.0015, unit=True).turned(rng.uniform(-40, 40))
        s.scene.add(paper.moved(*(rng.uniform(-0.7, 0.7, 2) * half)), sheet)
    makers = (household.books, household.holder, household.vessel, household.books, slender.headphones, wares.desk_lamp,
              plants.pot_plant, household.can)  # fmt: skip
    for x, y in scatter(rng, int(rng.integers(3, 9)), half - 0.07, 0.2):
        if abs(x) > 0.26 or y > 0.7 * half[1]:
            make = makers[int(rng.integers(len(makers)))]
            s.scene.place(make(rng, p, rng.uniform(0.12, 0.28)), x, y, 0.003, rng.uniform(0, 360))
    s.spread = 120.0
    for _ in range(cameras):
        target = (*(rng.uniform(-0.5, 0.5, 2) * half), rng.uniform(0, 0.15))
        s.scene.cameras.append(orbit(rng, s, target, 0.35, 1.4, 8, 75))
    return s.scene


def tabletop(rng: np.random.Generator, cameras: int) -> Scene:
    kind = rng.random()
    scene = (heap if kind < 0.45 else meal if kind < 0.75 else desk)(rng, cameras)
    scene.bounces = 6  # to see through things of glass
    return scene
