"""Kitchens: fitted units along one, two or three walls, an island or a table, and all that stands about."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.materials import textured
from fathom.render.objects import figures, furniture, household, kitchen_units, kitchenware, lamps, openings, plants
from fathom.render.objects.arrange import Parts, bounds, moved, spread
from fathom.render.objects.interior import Interior, Wall
from fathom.render.scene import Scene

TOP = kitchen_units.TOP


class Fitted:
    """The fitted part of one kitchen: its units share fronts, handles, worktop and the tiles above that."""

    def __init__(self, rng: np.random.Generator, room: Interior):
        self.rng, self.room, self.palette = rng, room, room.palette
        white = rng.random() < 0.35
        kind = "glossy" if rng.random() < 0.5 else "matte"
        colour = textures.colour(rng, (0, 0.1), (0.6, 0.8)) if white else textures.colour(rng, (0, 0.5), (0.1, 0.7))
        self.front = room.wood if rng.random() < 0.35 else self.palette.colour(kind, colour)
        make = (textures.wood, textures.marble, textures.concrete, textures.mottled)[int(rng.integers(4))]
        self.top = textured(make(rng), rng.uniform(0.6, 1.5), "glossy")
        self.tiles = textured(textures.tiles(rng), rng.uniform(0.3, 1.0), "glossy")
        self.handle = kitchen_units.grip(rng, self.palette, rng.uniform(0.08, 0.25), bool(rng.random() < 0.4))

    def run(self, wall: Wall, start: float, length: float, wet: float | None, stove: bool, high: bool) -> None:
        """Units from x = `start` for `length` metres along a wall; the sink goes near x = `wet`, if that is given."""
        rng, palette, room = self.rng, self.palette, self.room
        n = max(1, round(length / 0.6))
        w = length / n
        at_sink = -1 if wet is None else int(np.clip((wet - start) / w, 0, n - 1))
        at_stove = -1
        if stove:
            at_stove = int(rng.choice([k for k in range(n) if k != at_sink] or [0]))
        parts: Parts = [(m.box(length, 0.008, 0.56).moved(start + length / 2, -0.004, TOP), self.tiles)]
        for k in range(n):
            x = start + (k + 0.5) * w
            kind = "oven" if k == at_stove else "doors" if k == at_sink else ""
            kind = kind or str(rng.choice(["doors", "drawers", "dishwasher"], p=[0.5, 0.38, 0.12]))
            parts += moved(kitchen_units.base_unit(rng, palette, self.front, self.handle, w, kind), x)
            if k == at_sink:
                parts += moved(kitchen_units.sink(rng, palette, w, self.top), x)
            else:
                parts.append((m.box(w, 0.61, 0.04).moved(x, -0.305, TOP - 0.04), self.top))
            if k == at_stove:
                parts += moved(kitchen_units.hob(rng, palette, w), x, 0, TOP)
            elif k != at_sink and rng.random() < 0.9:
                things = [kitchenware.utensil(rng, palette) for _ in range(int(rng.integers(1, 4)))]
                parts += moved(spread(rng, things, w, 0.5, TOP, 35), x, -0.3)
        stood = wall.put(parts)
        room.things.append(bounds(stood))
        room.scene.parts += stood
        tall = float(rng.uniform(0.55, min(0.95, room.h - 1.5)))
        for k in range(n):
            x = start + (k + 0.5) * w
            if k == at_stove:
                room.against(wall, kitchen_units.hood(rng, palette, min(w, 0.6), room.h - 1.62), x, 1.6)
            elif high and k != at_sink:
                unit = kitchen_units.wall_unit(rng, palette, self.front, self.handle, w - 0.003, tall)
                room.against(wall, unit, x, 1.46)
            elif rng.random() < 0.5:
                room.against(wall, kitchenware.rail(rng, palette, w * 0.95), x, 1.45)


def table(rng: np.random.Generator, room: Interior) -> None:
    """A table laid for some, with chairs."""
    w, d = rng.uniform(0.8, 1.7), rng.uniform(0.65, 0.9)
    turn = float(rng.choice([0, 90]) + rng.normal(0, 4))
    parts = furniture.table(rng, room.palette, room.wood, w, d, 0.75)
    things: list[Parts] = [kitchenware.place_setting(rng, room.palette) for _ in range(int(rng.integers(0, 4)))]
    things += [kitchenware.utensil(rng, room.palette) for _ in range(int(rng.integers(1, 6)))]
    things += [household.small(rng, room.palette, rng.uniform(0.08, 0.25)) for _ in range(int(rng.integers(0, 4)))]
    parts += spread(rng, things, w * 0.9, d * 0.85, 0.75)
    for _ in range(10):
        x, y = rng.uniform(0.25, 0.75, 2) * [room.w, room.d]
        if not room.stand(parts, x, y, 0, turn):
            continue
        if rng.random() < 0.5:
            lamp = lamps.ceiling_lamp(rng, room.palette, "cone" if rng.random() < 0.5 else "shade", room.h - 1.75)
            room.lit(lamp, x, y, room.h, lamps.WARM * (80 if room.night else 40))
        c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
        for side in (-1, 1):
            for a in np.arange(-w / 2 + 0.3, w / 2 - 0.2, 0.6):
                b = side * (d / 2 + rng.uniform(0.26, 0.4))
                facing = turn + (0 if side > 0 else 180) + rng.uniform(-15, 15)
                seat = furniture.chair(rng, room.palette, room.wood)
                if rng.random() < 0.15:
                    seat += figures.person(rng, room.palette, seated=True)
                room.stand(seat, x + a * c - b * s, y + a * s + b * c, 0, facing)
        return


def island(rng: np.random.Generator, room: Interior, fitted: Fitted) -> None:
    """A block of units in the middle, with stools and lamps above."""
    w = float(min(rng.uniform(1.2, 2.4), room.w - 2.6))
    n = max(1, round(w / 0.6))
    parts: Parts = []
    for k in range(n):
        unit = kitchen_units.base_unit(rng, room.palette, fitted.front, fitted.handle, w / n, "drawers")
        parts += moved(unit, (k + 0.5) * w / n - w / 2, 0.28)
    parts.append((m.box(w + 0.06, 0.95, 0.04).moved(y=0.15, z=TOP - 0.04), fitted.top))
    things = [kitchenware.utensil(rng, room.palette) for _ in range(int(rng.integers(2, 8)))]
    parts += moved(spread(rng, things, w, 0.7, TOP), 0, 0.1)
    x, y = room.w / 2, room.d * rng.uniform(0.4, 0.55)
    if not room.stand(parts, x, y):
        return
    for a in np.arange(-w / 2 + 0.3, w / 2 - 0.1, 0.55):
        room.stand(furniture.stool(rng, room.palette, 0.65), x + a, y + 0.9, 0, rng.uniform(0, 360))
    lamp = lamps.ceiling_lamp(rng, room.palette, "cone", room.h - 1.8)
    for a in (-w / 3, w / 3):
        room.lit(lamp, x + a, y + 0.1, room.h, lamps.WARM * (80 if room.night else 40))


def kitchen(rng: np.random.Generator, cameras: int) -> Scene:
    w, d = rng.uniform(2.3, 5.5), rng.uniform(2.6, 6.5)
    room = Interior(rng, "kitchen", w, d, rng.uniform(2.3, 3.0))
    h = room.h
    floor = (textures.tiles, textures.wood, textures.tiles, textures.marble, textures.plain)[int(rng.integers(5))](rng)
    room.ground(textured(floor, rng.uniform(0.6, 1.8), str(rng.choice(["matte", "glossy"]))))
    room.ceiling(str(rng.choice(["plain", "beams", "boards"], p=[0.8, 0.1, 0.1])))
    paint = room.paint()
    fitted = Fitted(rng, room)
    # A window above the sink in wall 0; the way in is through wall 2.
    ww = float(rng.uniform(0.7, max(0.8, min(1.8, w - 1.2))))
    wx = float(rng.uniform(0.5, max(w - ww - 0.3, 0.51)))
    window: list[openings.Hole] = [(wx, 1.12, ww, min(h - 1.4, 1.2))] if rng.random() < 0.75 else []
    side: list[openings.Hole] = [(d * 0.3, 0.95, min(d * 0.4, 1.8), h - 1.25)] if rng.random() < 0.5 else []
    if window and rng.random() < 0.4:
        blind = openings.blind(rng, room.palette, ww, window[0][3])
        room.scene.parts += room.walls[0].put(moved(blind, wx, -0.03, 1.12))
    run_left = rng.random() < 0.6
    run_right = rng.random() < (0.3 if w > 3 else 0.0)
    room.wall(0, paint, window)
    room.wall(1, paint, side if not run_left else ())
    passage = float(rng.uniform(0.7, w - 1.6)) if rng.random() < 0.6 and w > 2.6 else None
    room.wall(2, paint, doors=() if passage is not None else (w * 0.5 - 0.44,), passage=passage)
    room.wall(3, paint, side if not run_right else (), doors=(d * 0.72,) if d > 4.5 else ())
    # Wall 0 from corner to corner (but for the fridge), then the sides up to it.
    fridge = rng.random() < 0.5
    fitted.run(room.walls[0], 0.01, w - (0.8 if fridge else 0.02), wx + ww / 2 if window else w / 2, True, True)
    if fridge:
        room.against(room.walls[0], kitchen_units.fridge(rng, room.palette), w - 0.4)
    if run_left:  # wall 1 ends, seen from inside, at wall 0
        length = float(rng.uniform(0.4, 0.75) * d)
        fitted.run(room.walls[1], d - 0.64 - length, length, None, False, bool(rng.random() < 0.6))
    if run_right:
        fitted.run(room.walls[3], 0.74, float(rng.uniform(0.3, 0.6) * d), None, False, bool(rng.random() < 0.6))
    if not fridge:
        room.line(room.walls[2], lambda _: kitchen_units.fridge(rng, room.palette), 9)
    if w > 4 and d > 4 and rng.random() < 0.5:
        island(rng, room, fitted)
    else:
        table(rng, room)
    for wall in room.walls:
        room.line(wall, lambda left: against_wall(rng, room, left), 1.0)
        for x in rng.uniform(0.3, max(wall.length - 0.3, 0.4), int(rng.integers(1, 4))):
            hang = furniture.wall_thing(rng, room.palette)
            room.against(wall, hang, float(x), float(rng.uniform(1.45, 1.7)))
    things: list[Parts] = [kitchen_units.bin_(rng, room.palette)]
    things += [figures.person(rng, room.palette) for _ in range(int(rng.choice([0, 0, 1, 2])))]
    things += [figures.animal(rng, room.palette, rng.uniform(0.3, 0.6)) for _ in range(int(rng.random() < 0.2))]
    room.scattered(things)
    room.ceiling_lamps(str(rng.choice(["globe", "spot", "panel", "shade", "tube"])), rng.uniform(2, 3.5))
    return room.look(cameras)


def against_wall(rng: np.random.Generator, room: Interior, left: float) -> Parts:
    """Something for a free part of a kitchen's wall."""
    palette = room.palette
    kind = rng.random()
    if kind < 0.25:
        return furniture.shelf(rng, palette, room.wood) if left > 1 else []
    if kind < 0.5:
        w, h = rng.uniform(0.5, 1.4), rng.uniform(0.8, 1.1)
        parts = furniture.cabinet(rng, palette, room.wood, w, h, 0.42)
        things = [kitchenware.utensil(rng, palette) for _ in range(3)]
        return [*parts, *moved(spread(rng, things, w, 0.38, h, 20), 0, -0.22)]
    if kind < 0.65:
        return plants.pot_plant(rng, palette, rng.uniform(0.4, 1.4))
    if kind < 0.8:
        return kitchen_units.washer(rng, palette)
    return []
