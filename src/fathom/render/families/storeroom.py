"""Where things are put away: attics under their rafters, cellars."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.materials import textured
from fathom.render.objects import (
    furniture,
    goods,
    homeware,
    household,
    kitchen_units,
    kitchenware,
    lamps,
    openings,
    stairs,
    vehicles,
)
from fathom.render.objects.arrange import Parts, backed, moved
from fathom.render.objects.interior import Interior
from fathom.render.scene import Scene


def junk(rng: np.random.Generator, room: Interior, count: int) -> list[Parts]:
    """What people put out of their way."""
    palette, paper = room.palette, goods.cardboard(rng)
    makers: list[Callable[[], Parts]] = [
        lambda: goods.cartons(rng, palette, paper, rng.uniform(0.3, 0.7), rng.uniform(0.3, 0.5), rng.uniform(0.2, 1.2)),
        lambda: goods.cartons(rng, palette, paper, rng.uniform(0.3, 0.6), rng.uniform(0.3, 0.5), rng.uniform(0.2, 0.8)),
        lambda: furniture.chair(rng, palette, room.wood),
        lambda: household.lamp(rng, palette, rng.uniform(0.5, 1.5)),
        lambda: household.toy(rng, palette, rng.uniform(0.2, 0.5)),
        lambda: household.books(rng, palette, rng.uniform(0.25, 0.4)),
        lambda: furniture.cabinet(rng, palette, room.wood, rng.uniform(0.5, 1.0), rng.uniform(0.5, 1.2), 0.45),
        lambda: homeware.basket(rng, palette),
        lambda: vehicles.bicycle(rng, palette),
        lambda: [
            (m.rounded_box(0.7, 0.24, 0.5, 0.05), palette.any()),
            (m.torus(0.06, 0.012, 14, 6).turned(90, "x").moved(z=0.53), palette.any()),
        ],
        lambda: [
            (m.cylinder(0.22, 0.7, 24), palette.any()),
            *[(m.torus(0.222, 0.008, 24, 6).moved(z=z), palette.metal()) for z in (0.1, 0.35, 0.6)],
        ],
        lambda: [
            (m.tube([(0, 0, 0), (0, 0.3, 1.5)], 0.014, 6), room.wood),
            (m.box(0.3, 0.06, 0.12).moved(y=-0.02), palette.any()),
        ],
        lambda: kitchen_units.washer(rng, palette),
    ]
    return [makers[int(rng.integers(len(makers)))]() for _ in range(count)]


def attic(rng: np.random.Generator, cameras: int) -> Scene:
    """A room under a gabled roof with its rafters, full of boxes and old things."""
    w, d, ridge, eave = rng.uniform(4.5, 8), rng.uniform(5, 11), rng.uniform(2.5, 3.6), rng.uniform(0.3, 1.2)
    room = Interior(rng, "storeroom", w, d, ridge)
    palette = room.palette
    room.ground(textured(textures.wood(rng, 6), 1.5))
    boards, beam = textured(textures.wood(rng, 8), 1.5), room.wood
    finished = room.paint() if rng.random() < 0.35 else boards
    ww = min(w * 0.25, 1.2)
    gable: list[openings.Hole] = [((w - ww) / 2, 0.9, ww, min(1.1, ridge - 1.6))]
    room.wall(0, finished, gable)
    room.wall(2, finished, gable if rng.random() < 0.5 else ())
    for k in (1, 3):
        room.wall(k, finished)
    for s in (-1, 1):
        foot = w / 2 + s * (w / 2 + 0.02)
        along_, up = (0.0, s * (d + 0.04), 0.0), (w / 2 - foot, 0.0, ridge - eave)
        room.scene.add(m.quad((foot, -0.02 if s > 0 else d + 0.02, eave), along_, up), finished)
        for y in np.arange(0.4, d, rng.uniform(0.7, 1.1)):
            rafter = m.tube([(foot, y, eave - 0.05), (w / 2, y, ridge - 0.05)], 0.06, 4)
            room.scene.add(rafter, beam)
        for t in np.linspace(0, 0.9, 8):  # nothing through the roof
            x0, x1 = sorted((foot, foot + (w / 2 - foot) * (t + 0.1)))
            z = eave + (ridge - eave) * t
            room.clear.append((np.array([x0, 0, z]), np.array([x1, d, ridge + 1])))
            room.things.append((np.array([x0, -0.1, z + 0.08]), np.array([x1, d + 0.1, ridge + 1])))
    roof = len(room.things)
    for y in np.arange(1.2, d, rng.uniform(2.0, 3.2)):  # ties and posts
        room.scene.add(m.box(w * 0.7, 0.12, 0.14).moved(w / 2, y, ridge * 0.8), beam)
        if rng.random() < 0.6:
            for x in (w * 0.28, w * 0.72):
                room.stand([(m.box(0.12, 0.12, eave + (ridge - eave) * 0.45), beam)], x, y)
    if rng.random() < 0.5:
        room.pillar(w * 0.5 + 0.3, d * 0.4, w * 0.5 + 0.9, d * 0.4 + 0.5, textured(textures.bricks(rng), 0.8))
    if rng.random() < 0.3:
        room.scattered([furniture.bed(rng, palette, furniture.cloth(rng), room.wood)])
    room.scattered(junk(rng, room, int(rng.integers(10, 32))), 6)
    for y in np.arange(d * 0.25, d, d * 0.5):
        lamp = lamps.ceiling_lamp(rng, palette, str(rng.choice(["bulb", "globe", "cone"])), 0.4)
        room.lit(lamp, w / 2, y, ridge - 0.12, lamps.WARM * rng.uniform(60, 160))
    kept = room.things[:roof]
    room.things = room.things[roof:] + kept
    return room.look(cameras)


def cellar(rng: np.random.Generator, cameras: int) -> Scene:
    """A low room of masonry with pipes, shelves of jars and things put away."""
    room = Interior(rng, "storeroom", rng.uniform(2.5, 6), rng.uniform(3.5, 9), rng.uniform(2.0, 2.5))
    w, d, h, palette = room.w, room.d, room.h, room.palette
    room.ground(textured(textures.concrete(rng), 2.0))
    room.ceiling(str(rng.choice(["plain", "boards", "beams"])))
    make = (textures.bricks, textures.concrete, textures.bricks, textures.plain)[int(rng.integers(4))]
    stone = textured(make(rng), rng.uniform(0.8, 2))
    for k in range(4):
        high: list[openings.Hole] = [(room.walls[k].length * 0.4, h - 0.55, 0.7, 0.4)] if rng.random() < 0.4 else []
        room.wall(k, stone, high, doors=(0.5,) if k == 2 else ())
    room.stand(moved(stairs.pipes(rng, palette, d - 0.1), z=h), rng.uniform(0.1, w - 1.0), 0.05)
    if d > 5 and w > 3:
        flight = stairs.flight(9, 0.8, 0.19, 0.22, False)
        room.stand(
            [(flight, room.wood), *stairs.railing(rng, palette, (0.05, 0, 0.1), (0.05, 1.9, 1.75), 0.4, room.wood)],
            w - 0.85,
            d - 2.6,
        )

    def item(left: float) -> Parts:
        kind = int(rng.integers(6))
        if kind < 2:
            return furniture.shelf(rng, palette, room.wood)
        if kind == 2:
            frame = [m.box(0.04, 0.4, 1.8).moved(s * 0.5, -0.2) for s in (-1, 1)] + [
                m.box(1.0, 0.4, 0.025).moved(y=-0.2, z=z) for z in (0.2, 0.7, 1.2, 1.7)
            ]
            rows = [kitchenware.dishes(rng, palette, 0.95, z + 0.026) for z in (0.2, 0.7, 1.2)]
            return [(m.merged(frame), room.wood), *[part for row in rows for part in row]]
        if kind == 3:
            return kitchen_units.washer(rng, palette)
        return backed(junk(rng, room, 1)[0])

    for wall in room.walls:
        room.line(wall, item, 0.6)
    room.scattered(junk(rng, room, int(rng.integers(4, 14))), 6)
    room.ceiling_lamps(str(rng.choice(["bulb", "tube", "globe"])), rng.uniform(2, 3.5), rng.uniform(0.5, 1.0))
    return room.look(cameras)


def storeroom(rng: np.random.Generator, cameras: int) -> Scene:
    """An attic or a cellar."""
    return (attic if rng.random() < 0.5 else cellar)(rng, cameras)
