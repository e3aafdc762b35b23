"""What lies between rooms: corridors, stairwells, halls with lifts."""

from __future__ import annotations

import numpy as np

from fathom.render import light, textures
from fathom.render import meshes as m
from fathom.render.camera import Camera
from fathom.render.materials import textured
from fathom.render.objects import figures, furniture, homeware, household, lamps, openings, plants, stairs, vehicles
from fathom.render.objects.arrange import Parts, backed, moved
from fathom.render.objects.interior import Interior
from fathom.render.scene import Material, Scene


def floor(rng: np.random.Generator) -> Material:
    make = (textures.tiles, textures.weave, textures.plain, textures.marble, textures.mottled, textures.concrete)
    kind = str(rng.choice(["matte", "glossy"]))
    return textured(make[int(rng.integers(len(make)))](rng), rng.uniform(0.6, 2), kind)


def doors_along(rng: np.random.Generator, length: float) -> list[float]:
    """Where doors are along a wall: evenly, some left out."""
    pitch = rng.uniform(1.5, 3.6)
    return [float(x) for x in np.arange(rng.uniform(0.3, 1.2), length - 1.2, pitch) if rng.random() < 0.85]


def wainscot(rng: np.random.Generator, room: Interior) -> None:
    """Boards or a band of another colour along the lower part of the long walls."""
    stuff = room.wood if rng.random() < 0.5 else room.paint(0.6, 0.15)
    h = rng.uniform(0.8, 1.3)
    for wall in (room.walls[1], room.walls[3]):
        room.scene.parts += wall.put([(m.box(wall.length, 0.012, h).moved(wall.length / 2, -0.006), stuff)])
        rail = m.tube([(0.05, -0.06, h + 0.02), (wall.length - 0.05, -0.06, h + 0.02)], 0.02, 8)
        room.scene.parts += wall.put([(rail, room.palette.any())])


def passage(rng: np.random.Generator, cameras: int) -> Scene:
    """A long corridor with doors on both sides and a window, door or bend at its end."""
    w, d = rng.uniform(1.2, 3.2), rng.uniform(7, 24)
    room = Interior(rng, "corridor", w, d, rng.uniform(2.2, 3.2))
    palette, h = room.palette, room.h
    room.ground(floor(rng))
    room.ceiling(str(rng.choice(["plain", "grid", "boards"], p=[0.5, 0.35, 0.15])))
    paint = room.paint()
    end = rng.random()
    ww = float(rng.uniform(0.5, 0.85) * w)
    hole = [((w - ww) / 2, float(rng.choice([0.9, 0.1])), ww, h - 1.3)] if end < 0.6 else []
    room.wall(0, paint, hole, doors=() if hole or w < 1.3 else ((w - 0.88) / 2,))
    for k in (1, 3):
        if rng.random() < 0.2:
            pitch = rng.uniform(2.0, 3.0)
            row = [(float(x), 0.9, 1.3, h - 1.2) for x in np.arange(0.6, d - 1.6, pitch)]
            room.wall(k, paint, row)
        else:
            at = doors_along(rng, d)
            way = at.pop(int(rng.integers(len(at)))) if at and rng.random() < 0.4 else None
            room.wall(k, paint, doors=at, passage=way)
    room.wall(2, paint, doors=((w - 0.88) / 2,) if w > 1.3 else ())
    if rng.random() < 0.4:
        wainscot(rng, room)
    if rng.random() < 0.3:
        runner = m.box(w * 0.55, d * 0.9, 0.01).moved(w / 2, d / 2)
        room.scene.add(runner, furniture.cloth(rng))
    if rng.random() < 0.3:
        room.stand(moved(stairs.pipes(rng, palette, d - 0.1), z=h), rng.uniform(0.05, max(w - 0.9, 0.1)), 0.05)
    along(rng, room, rng.uniform(1.0, 4))
    room.ceiling_lamps(str(rng.choice(["tube", "panel", "globe", "spot", "shade"])), rng.uniform(1.8, 4.5))
    return room.look(cameras)


def along(rng: np.random.Generator, room: Interior, gap: float) -> None:
    """What stands and hangs in a corridor or hall."""
    palette = room.palette

    def item(left: float) -> Parts:
        kind = int(rng.integers(9))
        if kind < 2:
            return backed(plants.pot_plant(rng, palette, rng.uniform(0.5, 1.6)))
        if kind == 2:
            return stairs.bench(rng, palette, room.wood) if room.w > 1.6 else []
        if kind == 3:
            return furniture.cabinet(rng, palette, room.wood, rng.uniform(0.6, 1.2), rng.uniform(0.8, 2.0), 0.32)
        if kind == 4:
            return stairs.extinguisher(rng, palette)
        if kind == 5:
            return homeware.heater(rng, palette, rng.uniform(0.5, 1.2))
        if kind == 6:
            return backed(furniture.chair(rng, palette, room.wood))
        return []

    for wall in room.walls[1:4:2]:
        room.line(wall, item, gap)
    for wall in room.walls:
        for x in rng.uniform(0.3, max(wall.length - 0.3, 0.4), int(wall.length * 0.6) + 1):
            room.against(wall, furniture.wall_thing(rng, palette), float(x), float(rng.uniform(1.45, 1.75)))
    things: list[Parts] = [figures.person(rng, palette) for _ in range(int(rng.choice([0, 1, 1, 2, 3])))]
    things += [household.small(rng, palette, rng.uniform(0.15, 0.4)) for _ in range(int(rng.integers(0, 3)))]
    room.scattered(things)


def stairwell(rng: np.random.Generator, cameras: int) -> Scene:
    """A stair that turns back on a landing, seen on its way up and on its way down."""
    steps, rise, going = int(rng.integers(8, 11)), rng.uniform(0.16, 0.185), rng.uniform(0.26, 0.3)
    half, run = steps * rise, steps * going  # from a floor to a landing
    w, hall, landing = rng.uniform(2.2, 3.4), rng.uniform(1.8, 4.5), rng.uniform(1.1, 1.6)
    d, story = hall + run + landing, 2 * half
    room = Interior(rng, "corridor", w, d, story * 2 - 0.3)
    palette, h = room.palette, room.h
    stuff, tread = room.paint(), floor(rng)
    middle, gap = w / 2, 0.08
    solid = bool(rng.random() < 0.75)

    def slab(x0: float, y0: float, x1: float, y1: float, top: float) -> None:
        room.scene.add(m.box(x1 - x0, y1 - y0, 0.22).moved((x0 + x1) / 2, (y0 + y1) / 2, top - 0.22), tread)
        room.floors.append((x0, y0, x1, y1, top))
        room.things.append((np.array([x0, y0, top - 0.22]), np.array([x1, y1, top])))

    room.floors.clear()
    slab(-0.02, -0.02, w + 0.02, hall, 0.0)
    slab(-0.02, -0.02, w + 0.02, hall, story)
    slab(-0.02, hall + run, w + 0.02, d + 0.02, half)
    slab(-0.02, hall, w + 0.02, d + 0.02, -half)
    room.floors = room.floors[:1] * 3 + room.floors[1:3]
    room.scene.add(m.quad((-0.02, d + 0.02, h), (w + 0.04, 0, 0), (0, -d - 0.04, 0)), stuff)
    room.scene.add(m.quad((w, hall, -half), (-w, 0, 0), (0, 0, half - 0.1)), stuff)  # below the floor's edge
    width = middle - gap / 2
    flight = stairs.flight(steps, width, rise, going, solid)
    back = flight.turned(180).moved(middle - gap / 2, hall + run, half)  # from the landing on to the upper floor
    down = flight.turned(180).moved(middle - gap / 2, hall + run, -half)  # from the lower landing up to this floor
    for mesh in (flight.moved(middle + gap / 2, hall), back, down):
        room.scene.add(mesh, tread)
    right, left = middle + gap / 2 + 0.04, middle - gap / 2 - 0.04
    rail = room.wood if rng.random() < 0.5 else palette.metal()
    spacing = rng.uniform(0.11, 0.3)
    for a, b in (
        ((right, hall, rise), (right, hall + run, half + rise)),
        ((left, hall + run, half), (left, hall, story)),
        ((left, hall + run, -half), (left, hall, 0)),
        ((middle + 0.1, hall - 0.05, story), (w - 0.05, hall - 0.05, story)),
    ):
        room.scene.parts += stairs.railing(rng, palette, a, b, spacing, rail)
    walls(rng, room, stuff, -half)
    for z in (0.0, story):
        for k in (1, 3):  # doors of the flats
            parts = openings.door(rng, palette, room.leaf, 0.9, 2.03)
            y = hall / 2 - 0.45 if k == 1 else hall / 2 + 0.45
            room.scene.parts += moved(parts, room.walls[k].x, y, z, room.walls[k].turn)
        lamp = lamps.ceiling_lamp(rng, palette, str(rng.choice(["globe", "panel", "tube"])))
        room.lit(lamp, w / 2, hall / 2, story + z - 0.23 if z == 0 else h, lamps.WHITE * rng.uniform(25, 60))
    lamp = lamps.ceiling_lamp(rng, palette, "globe")
    room.lit(lamp, w / 2, d - 0.6, h, lamps.WHITE * rng.uniform(25, 60))
    under = lamps.ceiling_lamp(rng, palette, "globe")
    room.lit(under, w / 2, d - 0.6, half - 0.23, lamps.WHITE * rng.uniform(15, 40))
    for story_floor in (0.0, story):
        put_about(rng, room, hall, story_floor)
    for k in range(cameras - cameras // 3):  # at the stairs, from the floors, the landing and the steps
        look_from = (hall * rng.uniform(0.1, 0.9), d - landing * rng.uniform(0.2, 0.8))[k % 2]
        x = rng.uniform(0.35, w - 0.35)
        z = (float(rng.choice([0.0, story])) if k % 2 == 0 else half) + rng.uniform(1.2, 1.75)
        target = (
            rng.uniform(0.2, 0.8) * w,
            hall + run * rng.uniform(0.2, 0.8),
            z + rng.uniform(-2.6, -0.6 if z > story else 0.7),
        )
        camera = Camera.looking_at((x, look_from, z), target, rng.normal(0, 2), rng.uniform(55, 95))
        if room.free(np.array(camera.at)):
            room.scene.cameras.append(camera)
    return room.look(cameras)


def put_about(rng: np.random.Generator, room: Interior, depth: float, z: float) -> None:
    """What stands on a floor of a stairwell: plants, shoes and coats, people, letter boxes on the wall."""
    palette = room.palette
    things: list[Parts] = [figures.person(rng, palette) for _ in range(int(rng.choice([0, 0, 1, 2])))]
    things += [plants.pot_plant(rng, palette, rng.uniform(0.4, 1.2)) for _ in range(2)]
    things += [household.packet(rng, palette, rng.uniform(0.2, 0.45)) for _ in range(int(rng.integers(0, 3)))]
    things += [furniture.cabinet(rng, palette, room.wood, 0.8, 0.9, 0.3), vehicles.bicycle(rng, palette)]
    for parts in things:
        for _ in range(6):
            x, y = rng.uniform(0.35, room.w - 0.35), rng.uniform(0.4, depth - 0.4)
            if room.stand(parts, x, y, z + 0.001, rng.uniform(0, 360)):
                break
    for wall in (room.walls[1], room.walls[3], room.walls[2]):
        for x in rng.uniform(0.2, max(wall.length - 0.2, 0.3), 3):
            room.against(wall, furniture.wall_thing(rng, palette), float(x), z + float(rng.uniform(1.4, 1.7)))
    boxes = [m.box(0.3, 0.12, 0.1).moved(0.32 * i, -0.06, 0.12 * j) for i in range(3) for j in range(4)]
    room.against(room.walls[2], [(m.merged(boxes), palette.metal())], room.w * 0.5, z + 1.1)


def walls(rng: np.random.Generator, room: Interior, paint: Material, low: float) -> None:
    """The walls of a shaft that begins below the floor, with a window at the landing."""
    w, d, depth = room.w, room.d, 0.15
    tall = room.h - low
    ww, wh = float(rng.uniform(0.5, 0.8) * w), 1.2
    sill = room.h / 4 + 0.9 - low
    hole = ((w - ww) / 2, sill, ww, wh)
    parts: Parts = [(openings.pierced(w, tall, [hole]), paint)]
    parts += moved([(openings.lining(ww, wh, depth), room.trim)], hole[0], 0, sill)
    parts += moved(openings.casement(rng, room.trim, ww, wh, depth), hole[0], 0, sill)
    pane = m.quad((hole[0], depth + 0.01, sill), (ww, 0, 0), (0, 0, wh), unit=True)
    if room.night:
        parts.append((pane, room.palette.glossy([0.01, 0.012, 0.02])))
    else:
        room.scene.add_light(pane.moved(0, d, low), light.outside(rng, rng.uniform(2, 5)))
    room.scene.parts += moved(parts, 0, d, low)
    for wall in room.walls[1:4]:
        room.scene.parts += moved(wall.put([(openings.pierced(wall.length, tall), paint)]), 0, 0, low)


def hall(rng: np.random.Generator, cameras: int) -> Scene:
    """An entrance hall with lifts, benches, columns, plants, a desk."""
    room = Interior(rng, "corridor", rng.uniform(4, 9), rng.uniform(5, 14), rng.uniform(2.8, 5))
    w, d, h, palette = room.w, room.d, room.h, room.palette
    room.ground(floor(rng))
    room.ceiling(str(rng.choice(["plain", "grid", "beams"])))
    paint = room.paint()
    room.wall(0, textured(textures.any_texture(rng), 1.5), doors=(float(rng.uniform(0.3, w / 3)),))
    room.wall(1, paint, doors=doors_along(rng, d / 2))
    glazed = [(0.6, 0.05, w - 1.2, h - 0.5)] if rng.random() < 0.6 else []
    room.wall(2, paint, glazed)
    room.wall(3, paint, passage=float(rng.uniform(0.5, d - 1.6)))
    for x in np.arange(w * 0.55, w - 0.9, 1.8):
        room.against(room.walls[0], stairs.lift(rng, palette), float(x))
    if rng.random() < 0.35:
        for y in np.arange(2.5, d - 1.5, 4.5):
            for x in (w * 0.25, w * 0.75):
                if rng.random() < 0.5:
                    column = [(m.cylinder(0.22, h, 28), paint), (m.cylinder(0.28, 0.12, 28), room.trim)]
                    room.stand(column, x, y)
                else:
                    room.pillar(x - 0.2, y - 0.2, x + 0.2, y + 0.2, paint)
    counter: Parts = [(m.box(2.0, 0.6, 1.05), room.wood), (m.box(2.1, 0.7, 0.04).moved(z=1.05), palette.glossy())]
    counter += moved(household.screen(rng, palette, 0.35), 0.4, 0, 1.09, 180)
    benches = [stairs.bench(rng, palette, room.wood) for _ in range(int(rng.integers(2, 6)))]
    benches += [plants.pot_plant(rng, palette, rng.uniform(0.8, 2.2)) for _ in range(int(rng.integers(1, 5)))]
    benches += [figures.person(rng, palette) for _ in range(int(rng.integers(0, 6)))]
    room.scattered([counter, *benches, *[homeware.sofa(rng, palette, furniture.cloth(rng)) for _ in range(2)]])
    along(rng, room, 2.0)
    room.ceiling_lamps(str(rng.choice(["panel", "spot", "globe", "tube"])), rng.uniform(1.6, 2.6))
    return room.look(cameras)


def corridor(rng: np.random.Generator, cameras: int) -> Scene:
    """One of the three kinds of places."""
    kinds = (passage, stairwell, hall)
    return kinds[int(rng.choice(3, p=[0.45, 0.3, 0.25]))](rng, cameras)
