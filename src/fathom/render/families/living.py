"""Homes: living rooms, bedrooms, bathrooms and rooms of children."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.materials import hung, textured
from fathom.render.objects import (
    figures,
    furniture,
    homeware,
    household,
    kitchen_units,
    kitchenware,
    lamps,
    openings,
    plants,
)
from fathom.render.objects.arrange import Parts, backed, bounds, moved, spread
from fathom.render.objects.interior import Interior
from fathom.render.scene import Material, Scene


def shell(rng: np.random.Generator, w: float, d: float, wet: bool = False) -> Interior:
    """A room with windows in one wall or two, a door, perhaps a passage, perhaps the shape of an L."""
    room = Interior(rng, "living", w, d, rng.uniform(2.3, 2.9) if rng.random() < 0.8 else rng.uniform(2.9, 3.8))
    h, palette = room.h, room.palette
    floors = (
        (textures.tiles, textures.marble)
        if wet
        else (lambda r: textures.wood(r, 6), lambda r: textures.wood(r, 8), textures.weave, textures.tiles)
    )
    shine = str(rng.choice(["matte", "glossy"]))
    room.ground(textured(floors[int(rng.integers(len(floors)))](rng), rng.uniform(0.6, 1.8), shine))
    room.ceiling(str(rng.choice(["plain", "boards", "beams"], p=[0.8, 0.1, 0.1])))
    common = textured(textures.tiles(rng), rng.uniform(0.5, 1.2), "glossy") if wet else room.paint()
    paper = (textures.stripes, textures.dots, textures.bricks, textures.mottled, textures.checker)[int(rng.integers(5))]
    accent = textured(paper(rng), rng.uniform(0.6, 2)) if rng.random() < 0.35 else common
    cloth = furniture.cloth(rng)
    first = int(rng.integers(4))
    for k in range(4):
        wall, holes = room.walls[k], []
        doors: tuple[float, ...] = ()
        passage: float | None = None
        if k == first or (k == (first + 1) % 4 and rng.random() < 0.4):
            low = 1.2 if wet else float(rng.choice([0.05, rng.uniform(0.6, 0.95)], p=[0.25, 0.75]))
            ww = float(rng.uniform(0.6, 1.0) if wet else rng.uniform(1.0, min(3.0, wall.length - 0.8)))
            x = float(rng.uniform(0.35, wall.length - ww - 0.35))
            holes = [(x, low, ww, min(h - low - 0.25, 2.2))]
            dress(rng, room, k, holes[0], cloth)
        elif k == (first + 2) % 4:
            x = float(rng.uniform(0.3, wall.length - 1.4))
            if rng.random() < 0.45 and not wet:
                passage = x
            else:
                doors = (x,)
        room.wall(k, accent if k == (first + 3) % 4 else common, holes, doors, passage)
    if not wet and min(w, d) > 4 and rng.random() < 0.3:  # an L
        corner = int(rng.integers(4))
        a, b = rng.uniform(0.25, 0.4) * w, rng.uniform(0.25, 0.4) * d
        x0, y0 = (0.0 if corner % 2 == 0 else w - a), (0.0 if corner < 2 else d - b)
        box = np.array([x0, y0, 0]), np.array([x0 + a, y0 + b, h])
        if not any((box[0] < q).all() and (p < box[1]).all() for p, q in room.clear):
            room.pillar(x0, y0, x0 + a, y0 + b, common)
    if rng.random() < 0.5 and not wet:
        wall = room.walls[first]
        room.against(wall, homeware.heater(rng, palette, rng.uniform(0.6, 1.4)), wall.length * rng.uniform(0.3, 0.7))
    return room


def dress(rng: np.random.Generator, room: Interior, k: int, hole: openings.Hole, cloth: Material) -> None:
    """Curtains or a blind for a window of wall k."""
    x, z, w, h = hole
    parts: Parts = []
    if rng.random() < 0.6:
        top = min(z + h + 0.15, room.h - 0.03)
        cw = w * rng.uniform(0.2, 0.4)
        for side in (x, x + w):
            parts += moved(furniture.curtain(rng, cloth, cw, top), side, -0.1)
        parts.append((m.tube([(x - cw, -0.1, top), (x + w + cw, -0.1, top)], 0.012, 6), room.palette.metal()))
    elif rng.random() < 0.6:
        parts += moved(openings.blind(rng, room.palette, w, h), x, -0.04, z)
    if z > 0.5 and rng.random() < 0.5:  # a plant on the sill
        parts += moved(
            plants.pot_plant(rng, room.palette, rng.uniform(0.2, 0.4)), x + w * rng.uniform(0.2, 0.8), -0.06, z
        )
    room.scene.parts += room.walls[k].put(parts)


def carpet(rng: np.random.Generator, room: Interior) -> None:
    w, d = room.w * rng.uniform(0.35, 0.65), room.d * rng.uniform(0.3, 0.6)
    texture = textures.any_texture(rng) if rng.random() < 0.6 else textures.picture(rng)
    rug = m.box(w, d, 0.012, unit=True).turned(rng.uniform(-8, 8))
    room.scene.add(rug.moved(room.w / 2 + rng.normal(0, 0.1), room.d / 2 + rng.normal(0, 0.1), 0.002), hung(texture))


def decorate(rng: np.random.Generator, room: Interior, density: float = 1.0) -> None:
    """Pictures, mirrors, clocks and shelves on the walls."""
    for wall in room.walls:
        for x in rng.uniform(0.3, max(wall.length - 0.3, 0.4), int(density * wall.length * 0.8) + 1):
            kind = rng.random()
            if kind < 0.12:
                hang = furniture.mirror(rng, room.palette, rng.uniform(0.4, 1.0), rng.uniform(0.5, 1.2))
            elif kind < 0.3:
                hang = household.framed(rng, room.palette, rng.uniform(0.3, 1.1), rng.uniform(0.3, 0.8))
            else:
                hang = furniture.wall_thing(rng, room.palette)
            room.against(wall, hang, float(x), float(rng.uniform(1.45, 1.8)))


def along_walls(rng: np.random.Generator, room: Interior, made: list[Parts], gap: float = 0.7) -> None:
    """Put these against walls, the first ones first, then fill up with cupboards, shelves, plants and lamps."""
    for parts in made:
        for _ in range(14):
            wall = room.walls[int(rng.integers(len(room.walls)))]
            half = float(np.ptp(bounds(parts), axis=0)[0]) / 2
            if wall.length > 2 * half and room.against(wall, parts, float(rng.uniform(half, wall.length - half))):
                break
    palette = room.palette

    def item(left: float) -> Parts:
        kind = int(rng.integers(12))
        if kind < 3:
            return furniture.shelf(rng, palette, room.wood)
        if kind < 6:
            w, h = rng.uniform(0.5, 1.6), rng.uniform(0.5, 1.1)
            body = room.body
            things = [household.small(rng, palette, rng.uniform(0.1, 0.4)) for _ in range(int(rng.integers(1, 7)))]
            parts = furniture.cabinet(rng, palette, body, w, h, 0.42)
            return [*parts, *moved(spread(rng, things, w, 0.38, h, 40), 0, -0.22)]
        if kind < 8:
            return backed(plants.pot_plant(rng, palette, rng.uniform(0.4, 1.8)))
        if kind == 8:
            return backed(furniture.chair(rng, palette, room.wood))
        return []

    for wall in room.walls:
        room.line(wall, item, gap)


def light_up(rng: np.random.Generator, room: Interior, standing: int) -> None:
    """Lamps: some standing about, and some under the ceiling."""
    power = rng.uniform(50, 110) if room.night else rng.uniform(10, 60)
    for _ in range(standing):
        lamp = lamps.standing_lamp(rng, room.palette, rng.uniform(1.2, 1.8))
        for _ in range(8):
            x, y = rng.uniform(0.3, room.w - 0.3), rng.uniform(0.3, room.d - 0.3)
            x, y = (
                (x, float(rng.choice([0.35, room.d - 0.35])))
                if rng.random() < 0.5
                else (float(rng.choice([0.35, room.w - 0.35])), y)
            )
            if room.fits(*bounds(moved(lamp[0], x, y))):
                room.lit(lamp, x, y, 0, lamps.WARM * power)
                break
    if standing == 0 or rng.random() < 0.75:
        room.ceiling_lamps(str(rng.choice(["globe", "shade", "cone", "spot", "panel"])), rng.uniform(2.5, 4.5))


def inhabitants(rng: np.random.Generator, room: Interior) -> None:
    """People, animals, toys and what lies on the floor."""
    palette = room.palette
    things: list[Parts] = [figures.person(rng, palette) for _ in range(int(rng.choice([0, 0, 1, 1, 2])))]
    things += [figures.animal(rng, palette, rng.uniform(0.3, 0.7)) for _ in range(int(rng.random() < 0.3))]
    things += [homeware.bricks(rng, palette) for _ in range(int(rng.choice([0, 0, 1, 2])))]
    things += [homeware.cushion(rng, palette) for _ in range(int(rng.choice([0, 0, 1])))]
    things += [household.small(rng, palette, rng.uniform(0.1, 0.3)) for _ in range(int(rng.integers(0, 6)))]
    room.scattered(things)


def sitting(rng: np.random.Generator, room: Interior) -> None:
    """Sofas around a low table, a television, and what else a living room has."""
    palette, cloth = room.palette, furniture.cloth(rng)
    carpet(rng, room)
    couches = [backed(homeware.sofa(rng, palette, cloth)) for _ in range(int(rng.integers(1, 4)))]
    if rng.random() < 0.3:
        couches[0] += moved(figures.person(rng, palette, seated=True), 0.1, -0.55)
    special: list[Parts] = [couches[0], homeware.television(rng, palette, room.body)]
    special += [homeware.fireplace(rng, palette)] if rng.random() < 0.2 else []
    special += [homeware.piano(rng, palette)] if rng.random() < 0.15 else []
    along_walls(rng, room, special + couches[1:])
    w, d, h = rng.uniform(0.7, 1.3), rng.uniform(0.5, 0.8), rng.uniform(0.35, 0.5)
    low = (
        homeware.glass_table(rng, palette, w, d, h)
        if rng.random() < 0.35
        else furniture.table(rng, palette, room.wood, w, d, h)
    )
    things = [household.small(rng, palette, rng.uniform(0.06, 0.25)) for _ in range(int(rng.integers(1, 9)))]
    low += spread(rng, things, w * 0.9, d * 0.9, h)
    dining: Parts = furniture.table(rng, palette, room.wood, 1.4, 0.85, 0.74)
    things = [household.small(rng, palette, rng.uniform(0.06, 0.3)) for _ in range(int(rng.integers(1, 7)))]
    things += [kitchenware.place_setting(rng, palette) for _ in range(int(rng.integers(0, 4)))]
    dining += spread(rng, things, 1.2, 0.75, 0.74)
    chairs = [
        moved(furniture.chair(rng, palette, room.wood), x, s * 0.7, 0, 0 if s > 0 else 180)
        for s in (-1, 1)
        for x in (-0.35, 0.35)
    ]
    groups = [low] + ([sum(chairs, dining)] if room.w * room.d > 18 and rng.random() < 0.7 else [])
    groups += [homeware.sofa(rng, palette, cloth) for _ in range(int(rng.random() < 0.5))]
    for _ in range(int(rng.integers(0, 4))):  # side tables and stools
        side = furniture.table(rng, palette, palette.any(), 0.45, 0.45, 0.5)
        things = [household.small(rng, palette, rng.uniform(0.08, 0.25)) for _ in range(3)]
        groups.append(
            side + spread(rng, things, 0.4, 0.4, 0.5) if rng.random() < 0.6 else furniture.stool(rng, palette, 0.45)
        )
    room.scattered(groups)


def sleeping(rng: np.random.Generator, room: Interior) -> None:
    """A bed or two with tables beside, a wardrobe, a desk."""
    palette = room.palette
    carpet(rng, room)
    made: list[Parts] = []
    for _ in range(int(rng.choice([1, 1, 2]))):
        bed = backed(furniture.bed(rng, palette, furniture.cloth(rng), room.wood))
        half = float(bounds(bed)[1][0])
        for side in (-1, 1):
            if rng.random() < 0.7:
                bed += moved(homeware.nightstand(rng, palette, room.wood), side * (half + 0.3), -0.02)
        if rng.random() < 0.4:
            bed += moved(homeware.cushion(rng, palette), rng.uniform(-0.3, 0.3), -0.75, 0.62, rng.uniform(0, 90))
        made.append(bed)
    made.append(homeware.wardrobe(rng, palette, room.body))
    if rng.random() < 0.5:
        desk = furniture.table(rng, palette, room.wood, 1.2, 0.6, 0.74)
        things = [household.small(rng, palette, rng.uniform(0.1, 0.35)) for _ in range(5)]
        desk += spread(rng, things, 1.1, 0.5, 0.74, 40)
        made.append(backed(desk + moved(furniture.chair(rng, palette, room.wood), 0, -0.5, 0, 180)))
    along_walls(rng, room, made)
    room.scattered([homeware.basket(rng, palette)])


def bathroom(rng: np.random.Generator, cameras: int) -> Scene:
    room = shell(rng, rng.uniform(1.9, 3.4), rng.uniform(2.2, 4.0), wet=True)
    palette = room.palette
    made: list[Parts] = [homeware.bath(rng, palette) if rng.random() < 0.6 else homeware.shower(rng, palette)]
    made += [homeware.basin(rng, palette), homeware.toilet(rng, palette)]
    made += [kitchen_units.washer(rng, palette)] if rng.random() < 0.4 else []
    for parts in made:
        for _ in range(30):
            wall = room.walls[int(rng.integers(4))]
            half = float(np.ptp(bounds(parts), axis=0)[0]) / 2
            x = float(rng.uniform(half, max(wall.length - half, half + 0.01)))
            if room.against(wall, parts, x):
                if parts is made[1]:
                    glass = furniture.mirror(rng, palette, rng.uniform(0.4, 0.9), rng.uniform(0.5, 0.9))
                    room.against(wall, glass, x, 1.5)
                break
    for wall in room.walls:
        for x in rng.uniform(0.4, max(wall.length - 0.4, 0.5), 2):
            hang = homeware.towels(rng, palette) if rng.random() < 0.6 else furniture.wall_thing(rng, palette)
            room.against(wall, hang, float(x), float(rng.uniform(1.2, 1.6)))
    room.line(
        room.walls[int(rng.integers(4))], lambda left: furniture.cabinet(rng, palette, room.body, 0.4, 1.6, 0.3), 2
    )
    rug = m.box(0.7, 0.45, 0.015).moved(room.w / 2, room.d / 2)
    room.scene.add(rug, palette.stuff())
    room.scattered([homeware.basket(rng, palette), kitchen_units.bin_(rng, palette)])
    room.ceiling_lamps(str(rng.choice(["globe", "spot", "panel"])), rng.uniform(1.4, 2.5))
    return room.look(cameras)


def living(rng: np.random.Generator, cameras: int) -> Scene:
    kind = rng.random()
    if kind < 0.15:
        return bathroom(rng, cameras)
    bedroom = kind < 0.45
    size = (2.7, 5.0) if bedroom else (3.2, 7.5)
    room = shell(rng, rng.uniform(*size), rng.uniform(*size))
    (sleeping if bedroom else sitting)(rng, room)
    light_up(rng, room, int(rng.integers(0, 3)))
    decorate(rng, room)
    inhabitants(rng, room)
    return room.look(cameras)
