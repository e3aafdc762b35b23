"""Animals and people from close by: heads and whole bodies, on floors, sofas, tables, grass, leaves, under water."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.materials import hung
from fathom.render.objects import beasts, figures, furniture, household, plants, solids, wings
from fathom.render.objects.coats import Creature
from fathom.render.places import INDOORS, OUTDOORS, Setting, orbit, setting
from fathom.render.scene import Scene

HOUSE = ("dog", "dog", "spitz", "pug", "cat", "cat", "cat", "rabbit", "mouse")
FIELD = ("dog", "spitz", "cat", "fox", "rabbit", "horse", "horse", "cow", "sheep", "goat", "pig", "bear", "lion",
         "elephant", "elephant", "deer")  # fmt: skip


def views(rng: np.random.Generator, s: Setting, a: Creature, at, cameras: int, low: float = -8) -> Scene:
    """Heads filling the picture, and the whole animal; from its front and side more than from behind."""
    points = np.concatenate([mesh.vertices for mesh, _ in a.parts])
    body = float(np.ptp(points, axis=0).max())
    s.spread = min(s.spread, 105.0)
    for _ in range(cameras):
        if rng.random() < 0.5:
            s.scene.cameras.append(orbit(rng, s, at + a.head, 0.85 * a.size, 2.0 * a.size, low, 45))
        else:
            s.scene.cameras.append(
                orbit(rng, s, at + 0.5 * (points.max(0) + points.min(0)), 0.9 * body, 2.2 * body, low, 50)
            )
    return s.scene


def pet(rng: np.random.Generator, cameras: int) -> Scene:
    """Indoors, on the floor, a rug, a sofa or a table."""
    s = setting(rng, "creature", 0.8, INDOORS)
    a = beasts.beast(rng, s.palette, str(rng.choice(HOUSE)))
    z, kind = 0.0, rng.random()
    if s.kind == "room" and kind < 0.3:  # a mattress-like seat with a back
        z = float(rng.uniform(0.3, 0.45))
        cloth = furniture.cloth(rng)
        s.scene.add(m.rounded_box(2.0, 0.9, z, 0.08, 5), cloth)
        s.scene.add(m.rounded_box(2.0, 0.22, z + 0.4, 0.1, 5).moved(y=0.48), cloth)
        s.spread = 75.0
    elif kind < 0.55:
        s.scene.add(m.box(1.8, 1.3, 0.012).turned(rng.uniform(-20, 20)), furniture.cloth(rng))
        z = 0.012
    for _ in range(int(rng.integers(0, 4))):
        x, y = rng.choice([-1, 1]) * rng.uniform(0.55, 0.9), rng.uniform(-0.3, 0.3)
        s.scene.place(household.small(rng, s.palette, rng.uniform(0.08, 0.2)), x, y, z, rng.uniform(0, 360))
    s.scene.place(a.parts, 0, 0, z)
    return views(rng, s, a, np.array([0, 0, z]), cameras)


def outdoor(rng: np.random.Generator, cameras: int) -> Scene:
    """On grass, sand or paving, sometimes two of a kind."""
    kind = str(rng.choice(FIELD))
    size = beasts.BUILDS[kind].trunk[1]
    s = setting(rng, "creature", 1.3 * size, OUTDOORS)
    a = beasts.beast(rng, s.palette, kind)
    s.scene.place(a.parts, 0, 0)
    for x in (-1.5, 1.6):
        if rng.random() < 0.3:
            b = beasts.beast(rng, s.palette, kind)
            s.scene.place(b.parts, x * 1.3 * size, rng.uniform(0.5, 3) * size, 0, rng.uniform(-70, 70))
    return views(rng, s, a, np.zeros(3), cameras)


def perched(rng: np.random.Generator, cameras: int) -> Scene:
    """A bird on the ground, a post, a rail or a branch."""
    s = setting(rng, "creature", 0.5, OUTDOORS if rng.random() < 0.8 else INDOORS)
    a = wings.bird(rng, s.palette)
    wide = 0.5 * float(np.ptp(np.concatenate([mesh.vertices for mesh, _ in a.parts])[:, 1]))
    z, r, kind = 0.0, 0.16 * wide, rng.random()
    if kind < 0.7:
        z = float(rng.uniform(0.6, 1.3))
        bark = plants.bark(rng)
        if kind < 0.3:
            s.scene.add(m.cylinder(0.5 * wide, z, 24), bark)
        else:  # a branch, with twigs
            x = np.linspace(-1.5, 1.5, 15)
            line = np.stack([x, 0.05 * np.sin(3 * x), z - r + 0.06 * np.sin(2.2 * x) * np.abs(x)], -1)
            s.scene.add(m.tube(line, r * np.linspace(1.3, 0.8, 15), 10), bark)
            ends = []
            for k in (1, 4, 10, 13):
                tip = line[k] + rng.normal(0, 0.25, 3) + [0, 0.05, 0.15]
                s.scene.add(
                    m.tube(
                        [line[k], (line[k] + tip) / 2 + rng.normal(0, 0.03, 3), tip], [0.5 * r, 0.35 * r, 0.2 * r], 6
                    ),
                    bark,
                )
                ends.append(tip)
            leaf = plants.foliage(rng)
            near = np.array(ends)[rng.integers(len(ends), size=60)] + rng.normal(0, 0.08, (60, 3))
            s.scene.add(m.leaves(rng, near, 0.07), leaf)
    s.scene.place(a.parts, 0, 0, z)
    return views(rng, s, a, np.array([0, 0, z]), cameras)


def swimming(rng: np.random.Generator, cameras: int) -> Scene:
    """Fish under water."""
    first = wings.fish(rng, (s := setting(rng, "creature", float(rng.uniform(0.25, 0.7)), ("water",))).palette)
    s.scene.place(first.parts, 0, 0)
    for _ in range(int(rng.choice([0, 1, 3, 8]))):
        x, y, z = rng.uniform(-1.6, 1.6, 3) * [1, 1, 0.4]
        if np.hypot(x, y) > 0.7:
            s.scene.place(first.parts, x * first.size * 2, y * first.size * 2, z * first.size, rng.normal(0, 30))
    return views(rng, s, first, np.zeros(3), cameras, -30)


def small(rng: np.random.Generator, cameras: int) -> Scene:
    """An insect on a leaf, a table or the ground."""
    s = setting(rng, "creature", 0.3, OUTDOORS)
    a = wings.insect(rng, s.palette)
    z = 0.0
    if rng.random() < 0.7:
        z = float(rng.uniform(0.3, 0.8))
        veined = textures.mottled(rng, np.array([0.03, 0.09, 0.02]), np.array([0.1, 0.22, 0.05]), 9)
        green = hung(veined, "glossy")
        big = solids.petal(8 * a.size, 5 * a.size, 0.05, 0.0, 0.8, 15).moved(y=-4 * a.size).turned(rng.uniform(0, 360))
        s.scene.add(big.moved(z=z), green)
        s.scene.add(m.tube([(0, 0, 0), (0.04, 0.03, z / 2), (0, 0, z - 0.003)], 0.006, 7), green)
        for _ in range(int(rng.integers(3, 9))):
            b = solids.petal(7 * a.size, 4 * a.size, 0.1, -0.2, 0.8, 11).turned(rng.uniform(0, 360))
            s.scene.add(
                b.moved(*(rng.normal(0, 3, 3) * [a.size, a.size, 0] + [0, 0, z - rng.uniform(1, 5) * a.size])), green
            )
    s.scene.place(a.parts, 0, 0, z, rng.uniform(0, 360))
    return views(rng, s, a, np.array([0, 0, z]), cameras, 8)


def person(rng: np.random.Generator, cameras: int) -> Scene:
    """One or two people, head and shoulders or whole."""
    s = setting(rng, "creature", 1.7, OUTDOORS if rng.random() < 0.5 else INDOORS)
    who = figures.person(rng, s.palette)
    top = max(float(mesh.vertices[:, 2].max()) for mesh, _ in who)
    s.scene.place(who, 0, 0)
    if rng.random() < 0.4:
        s.scene.place(
            figures.person(rng, s.palette),
            rng.choice([-1, 1]) * rng.uniform(0.6, 0.9),
            rng.uniform(-0.2, 0.5),
            0,
            rng.normal(0, 40),
        )
    return views(rng, s, Creature(who, np.array([0, 0, 0.9 * top]), 0.6), np.zeros(3), cameras)


def creature(rng: np.random.Generator, cameras: int) -> Scene:
    kinds = (pet, outdoor, perched, swimming, small, person)
    make = kinds[int(rng.choice(6, p=[0.3, 0.32, 0.13, 0.07, 0.08, 0.1]))]
    return make(rng, cameras)
