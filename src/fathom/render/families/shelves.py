"""Aisles: supermarkets, libraries, warehouses, small shops, and stands of fruit and vegetables."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.camera import Camera
from fathom.render.materials import Palette, textured
from fathom.render.objects import figures, furniture, goods, greengrocery, household, plants
from fathom.render.objects.arrange import Parts, backed, bounds, moved
from fathom.render.objects.interior import Interior
from fathom.render.scene import Scene


def stocked(rng: np.random.Generator, palette: Palette) -> list[goods.Product]:
    """The articles of one shop. They share three sheets of labels."""
    sheets = [goods.Packaging(palette) for _ in range(3)]
    heights = np.exp(rng.uniform(np.log(0.09), np.log(0.34), 36))
    return [goods.article(rng, sheets[k % 3], float(h)) for k, h in enumerate(heights)]


def if_room(needed: float, make: Callable[[], Parts], left: float) -> Parts:
    """What `make` makes, if as much of the wall is left."""
    return make() if left > needed else []


def bays(rng: np.random.Generator, make: Callable[[], Parts], count: int, pitch: float) -> Parts:
    """A run of bays along x from 0, of four different ones, each turned up now and again."""
    kinds = [make() for _ in range(min(4, count))]
    run: Parts = []
    for k in range(count):
        run += moved(kinds[k % len(kinds) if k < 4 else int(rng.integers(len(kinds)))], (k + 0.5) * pitch)
    return run


def aisles(
    rng: np.random.Generator, room: Interior, make: Callable[[], Parts], pitch: float, depth: float, gap: float
) -> list[float]:
    """Double runs of bays along y with aisles between, singles along the sides; the middles of the aisles."""
    margin = rng.uniform(1.2, 2.5)
    count = max(1, int((room.d - 2 * margin) / pitch))
    y0 = (room.d - count * pitch) / 2
    n = max(1, round((room.w - 2 * depth) / (gap + 2 * depth)))
    gap = (room.w - 2 * depth * n - 0.04) / n
    middles = [0.02 + depth + gap / 2 + k * (gap + 2 * depth) for k in range(n)]
    for x in middles:
        for side in (-1, 1):
            run = bays(rng, make, count, pitch)
            at = x + side * (gap / 2 + depth)
            # Their backs at y = 0, fronts to -y: turned so that the fronts look into the aisle.
            room.stand(run, at, y0 if side < 0 else y0 + count * pitch, 0, -90 * side)
    return middles


def along(rng: np.random.Generator, room: Interior, middles: list[float], gap: float, count: int) -> None:
    """Cameras in the aisles: along them, at a shelf from the other side, and close to it."""
    while len(room.scene.cameras) < count:
        x, y = float(rng.choice(middles)), rng.uniform(0.3, room.d - 0.3)
        z = float(np.clip(rng.normal(1.45, 0.3), 0.4, room.h - 0.3))
        dx = rng.uniform(-0.4, 0.4) * gap
        kind = rng.random()
        if kind < 0.45:
            y = float(rng.choice([rng.uniform(0.3, room.d * 0.4), rng.uniform(room.d * 0.6, room.d - 0.3)]))
            ahead = room.d / 2 - y
            target = (x + rng.uniform(-0.5, 0.5) * gap, y + ahead * 1.5, z + rng.normal(-0.15, 0.25))
        else:  # at a side
            side = float(rng.choice([-1, 1]))
            dx = -side * rng.uniform(-0.25, 0.42) * gap
            height = rng.uniform(0.3, min(1.9, room.h - 0.5))
            y = float(np.clip(y, 2.0, max(room.d - 2.0, 2.1)))
            target = (x + side * gap / 2, y + rng.normal(0, 0.3), height)
            z = float(np.clip(height + rng.normal(0.15, 0.3), 0.3, 2.0))
        camera = Camera.looking_at((x + dx, y, z), target, rng.normal(0, 2.5), rng.uniform(40, 88))
        if room.free(np.array(camera.at)) or rng.random() < 0.02:
            room.scene.cameras.append(camera)


def people(rng: np.random.Generator, room: Interior, middles: list[float], gap: float, extra: Parts | None) -> None:
    """Who and what stands in the aisles."""
    for _ in range(int(rng.integers(0, 5))):
        x = float(rng.choice(middles)) + rng.uniform(-0.25, 0.25) * gap
        parts = figures.person(rng, room.palette) if extra is None or rng.random() < 0.6 else extra
        room.stand(parts, x, rng.uniform(0.5, room.d - 0.5), 0, rng.uniform(0, 360))


def shell(rng: np.random.Generator, w: float, d: float, h: float, ceiling: str, windows: bool) -> Interior:
    room = Interior(rng, "shelves", w, d, h)
    make = (textures.tiles, textures.concrete, textures.plain, textures.wood)[int(rng.integers(4))]
    room.ground(textured(make(rng), rng.uniform(0.8, 2.4), str(rng.choice(["matte", "glossy"]))))
    room.ceiling(ceiling)
    paint = room.paint(0.3, 0.5)
    for k in range(4):
        wall = room.walls[k]
        hole = [(0.5, 0.4, wall.length - 1.0, min(2.2, h - 0.6))] if windows and k == 2 else []
        room.wall(k, paint, hole, doors=(wall.length * 0.4,) if k == 0 and not windows else ())
    return room


def posters(rng: np.random.Generator, room: Interior) -> None:
    """Signs, prints and notices on the walls, high enough to be seen over what stands there."""
    for wall in room.walls[:4]:
        for x in rng.uniform(0.4, wall.length - 0.4, int(wall.length)):
            w, h = rng.uniform(0.3, 1.6), rng.uniform(0.3, 0.8)
            sign: Parts = [(m.box(w, 0.02, h, unit=True).moved(y=-0.01, z=-h / 2), room.palette.label())]
            some = sign if rng.random() < 0.6 else furniture.wall_thing(rng, room.palette)
            room.against(wall, some, float(x), float(rng.uniform(1.5, max(room.h - 0.6, 1.9))))


def hung_signs(rng: np.random.Generator, room: Interior, middles: list[float]) -> None:
    """Signs over the aisles on thin wires."""
    for x in middles:
        y, w, z = room.d * rng.uniform(0.2, 0.8), rng.uniform(0.5, 1.1), max(room.h - 0.9, 2.2)
        wires = [m.tube([(s * w * 0.4, 0, z), (s * w * 0.4, 0, room.h)], 0.003, 4) for s in (-1, 1)]
        sign = (m.box(w, 0.02, 0.35, unit=True).moved(z=z - 0.35), room.palette.label())
        room.stand([sign, (m.merged(wires), room.palette.metal())], x, y)


def supermarket(rng: np.random.Generator, cameras: int) -> Scene:
    gap = float(rng.uniform(1.5, 2.4))
    n = int(rng.integers(1, 4))
    room = shell(
        rng, n * (gap + 1.0), rng.uniform(7, 15), rng.uniform(2.8, 4), "grid" if rng.random() < 0.6 else "beams", False
    )
    stock, steel = stocked(rng, room.palette), room.palette.matte([0.7, 0.7, 0.7] if rng.random() < 0.6 else None)
    h = rng.uniform(1.6, 2.2)
    middles = aisles(rng, room, lambda: goods.gondola(rng, room.palette, stock, 1.2, h, steel), 1.2, 0.5, gap)
    hung_signs(rng, room, middles)
    people(rng, room, middles, gap, goods.trolley(rng, room.palette))
    room.ceiling_lamps("tube" if rng.random() < 0.7 else "panel", rng.uniform(1.6, 2.4), rng.uniform(0.7, 1.2))
    return finish(rng, room, middles, gap, cameras)


def library(rng: np.random.Generator, cameras: int) -> Scene:
    gap = float(rng.uniform(1.0, 1.8))
    room = shell(
        rng,
        int(rng.integers(1, 4)) * (gap + 0.7),
        rng.uniform(5, 13),
        rng.uniform(2.5, 3.8),
        "plain",
        rng.random() < 0.4,
    )
    h = rng.uniform(1.8, 2.4)
    body = room.wood if rng.random() < 0.6 else room.palette.matte()
    middles = aisles(rng, room, lambda: goods.bookcase(rng, room.palette, body, 0.9, h), 0.9, 0.35, gap)
    people(rng, room, middles, gap, furniture.stool(rng, room.palette, 0.45))
    room.ceiling_lamps(str(rng.choice(["tube", "globe", "panel", "cone"])), rng.uniform(1.8, 3), rng.uniform(0.6, 1.1))
    return finish(rng, room, middles, gap, cameras)


def warehouse(rng: np.random.Generator, cameras: int) -> Scene:
    gap, levels = float(rng.uniform(2.4, 3.6)), int(rng.integers(2, 5))
    room = shell(rng, int(rng.integers(1, 3)) * (gap + 2.1), rng.uniform(10, 24), 1.8 * levels + 1.5, "beams", False)
    paper, frame = (
        goods.cardboard(rng),
        room.palette.matte(rng.choice([[0.03, 0.08, 0.3], [0.3, 0.3, 0.32], [0.05, 0.2, 0.1]])),
    )
    middles = aisles(
        rng, room, lambda: goods.pallet_rack(rng, room.palette, paper, 2.7, levels, frame), 2.75, 1.05, gap
    )
    load = goods.cartons(rng, room.palette, paper, 0.9, 0.8, rng.uniform(0.5, 1.3))
    people(rng, room, middles, gap, load)
    room.ceiling_lamps("tube" if rng.random() < 0.5 else "panel", rng.uniform(2, 3), rng.uniform(1.5, 3))
    return finish(rng, room, middles, gap, cameras)


def shop(rng: np.random.Generator, cameras: int) -> Scene:
    """A small shop: shelves along the walls, a counter and stands in the middle."""
    room = shell(rng, rng.uniform(3, 6), rng.uniform(4, 8), rng.uniform(2.4, 3.4), "plain", True)
    palette = room.palette
    stock = stocked(rng, palette)
    for wall in room.walls[:2] + room.walls[3:4]:
        make = partial(goods.gondola, rng, palette, stock, 1.0, 2.0, room.wood)
        if rng.random() < 0.4:
            make = partial(furniture.shelf, rng, palette, room.wood)
        room.line(wall, partial(if_room, 1.0, make), 0.05)
    counter = [(m.box(1.6, 0.5, 0.95), room.wood), (m.box(1.7, 0.6, 0.04).moved(z=0.95), palette.glossy())]
    counter += moved(household.screen(rng, palette, 0.3), 0.3, 0, 0.99)
    room.scattered([counter])
    for _ in range(int(rng.integers(1, 4))):  # low stands
        stand: Parts = [(m.box(1.0, 0.7, 0.7), room.wood)]
        stand += moved(goods.row(rng, stock, 0.95, 0.5, 0.3), -0.48, -0.32, 0.701)
        stand += moved(goods.row(rng, stock, 0.95, 0.5, 0.3), 0.48, 0.32, 0.701, 180)
        room.scattered([stand])
    room.scattered([figures.person(rng, palette) for _ in range(int(rng.integers(0, 3)))])
    posters(rng, room)
    room.ceiling_lamps(str(rng.choice(["spot", "tube", "cone", "globe"])), rng.uniform(1.2, 2.2))
    return room.look(cameras)


def grocery(rng: np.random.Generator, cameras: int) -> Scene:
    """Crates of fruit and vegetables on sloping stands."""
    room = shell(rng, rng.uniform(4, 7), rng.uniform(4, 9), rng.uniform(2.6, 3.6), "plain", rng.random() < 0.7)
    palette = room.palette
    box = palette.matte([0.5, 0.36, 0.2]) if rng.random() < 0.5 else palette.glossy([0.05, 0.2, 0.08])
    stock = stocked(rng, palette)

    def stand() -> Parts:
        slope, tiers, n = rng.uniform(8, 28), int(rng.integers(2, 4)), int(rng.integers(2, 4))
        deep, up = 0.41 * np.cos(np.radians(slope)), 0.41 * np.sin(np.radians(slope))
        foot = rng.uniform(0.3, 0.6)
        parts: Parts = []
        for j in range(tiers):
            y, z = (j - tiers + 0.5) * deep, foot + (j + 0.5) * up
            parts.append((m.box(n * 0.62, deep, z - up / 2).moved(y=y), room.wood))
            for i in range(n):
                tray = [(mesh.turned(slope, "x"), a) for mesh, a in greengrocery.crate(rng, palette, box)]
                parts += moved(tray, (i - (n - 1) / 2) * 0.62, y, z)
        return backed(parts)

    for wall in (room.walls[1], room.walls[3], room.walls[0]):
        gondola = partial(goods.gondola, rng, palette, stock, 1.1, 1.9, room.wood)
        room.line(wall, partial(if_room, 1.1, gondola if rng.random() < 0.25 else stand), 0.1)
    for _ in range(int(rng.integers(1, 4))):
        back_to_back = stand()
        depth = bounds(back_to_back)[0][1]
        room.scattered([moved(back_to_back, y=-depth / 2)])
    things: list[Parts] = [figures.person(rng, palette) for _ in range(int(rng.integers(0, 3)))]
    things += [goods.trolley(rng, palette), plants.pot_plant(rng, palette, 0.7)]
    room.scattered(things)
    posters(rng, room)
    room.ceiling_lamps(str(rng.choice(["tube", "spot", "cone"])), rng.uniform(1.2, 2.2))
    return room.look(cameras)


def finish(rng: np.random.Generator, room: Interior, middles: list[float], gap: float, cameras: int) -> Scene:
    posters(rng, room)
    along(rng, room, middles, gap, cameras - cameras // 4)
    return room.look(cameras)


def shelves(rng: np.random.Generator, cameras: int) -> Scene:
    """One of the five kinds of places."""
    kinds = (supermarket, library, warehouse, shop, grocery)
    return kinds[int(rng.choice(5, p=[0.32, 0.17, 0.13, 0.15, 0.23]))](rng, cameras)
