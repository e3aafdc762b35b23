"""Places of work: open-plan offices, small ones, meeting rooms and classrooms."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.materials import textured
from fathom.render.objects import figures, furniture, household, lamps, officeware, openings, plants
from fathom.render.objects.arrange import Parts, backed, moved, spread
from fathom.render.objects.interior import Interior
from fathom.render.scene import Material, Scene


def windows(rng: np.random.Generator, length: float, h: float) -> list[openings.Hole]:
    """A row of windows along a wall."""
    w, sill = rng.uniform(1.0, 2.2), rng.uniform(0.5, 1.0)
    gap = rng.uniform(0.15, 0.8)
    n = int((length - 0.4) / (w + gap))
    first = (length - n * (w + gap) + gap) / 2
    return [(float(first + k * (w + gap)), sill, float(w), h - sill - rng.uniform(0.25, 0.4)) for k in range(n)]


def shell(rng: np.random.Generator, w: float, d: float, h: float) -> Interior:
    """A room with a ceiling grid, a row of windows and a door or two."""
    room = Interior(rng, "office", w, d, h)
    make = (textures.weave, textures.mottled, textures.plain, textures.wood, textures.concrete)
    kind = str(rng.choice(["matte", "glossy"], p=[0.75, 0.25]))
    room.ground(textured(make[int(rng.integers(5))](rng), rng.uniform(0.5, 1.6), kind))
    room.ceiling(str(rng.choice(["grid", "grid", "plain", "beams"])))
    paint = room.paint(0.25, 0.5)
    accent = room.paint(0.7, 0.2) if rng.random() < 0.4 else paint
    row = windows(rng, d, h)
    if rng.random() < 0.5:
        for x, z, ww, wh in row:
            room.scene.parts += room.walls[1].put(moved(openings.blind(rng, room.palette, ww, wh), x, -0.04, z))
    room.wall(0, accent)
    room.wall(1, paint, row)
    room.wall(2, paint, doors=(float(rng.uniform(0.4, w - 1.4)),))
    if rng.random() < 0.3 and w > 7:
        room.wall(3, paint, windows(rng, d, h))
    else:
        room.wall(3, paint, doors=(float(rng.uniform(0.4, d - 1.4)),), passage=None)
    return room


def seat(rng: np.random.Generator, room: Interior, chair: Parts, x: float, y: float, turn: float) -> None:
    """A chair, now and then with someone in it."""
    parts = moved(chair, turn=float(rng.uniform(-30, 30)))
    if rng.random() < 0.2:
        parts += moved(figures.person(rng, room.palette, seated=True), z=0.02)
    room.stand(parts, x + rng.normal(0, 0.05), y, 0, turn)


def desks(rng: np.random.Generator, room: Interior, cloth: Material) -> None:
    """Rows of desks in facing pairs, with partitions between."""
    palette = room.palette
    top = room.wood if rng.random() < 0.5 else palette.matte([0.7, 0.7, 0.68])
    w, d = rng.uniform(1.2, 1.7), rng.uniform(0.7, 0.85)
    edge, split = palette.metal(), rng.random() < 0.6
    height, cubicles = rng.uniform(1.1, 1.5), rng.random() < 0.3
    screens = int(rng.choice([0, 1, 2], p=[0.15, 0.45, 0.4]))
    chair = officeware.office_chair(rng, palette, cloth)
    pitch_y = 2 * d + rng.uniform(1.9, 2.6)
    columns = max(1, int((room.w - 1.6) / (w + 0.06)))
    skip = int(rng.integers(2, 5))
    for y in np.arange(1.4 + d, room.d - 1.2 - d, pitch_y):
        for k in range(columns):
            x = 0.9 + (k + 0.5) * (w + 0.06)
            if k % (skip + 1) == skip:
                continue  # a way through
            if split:
                room.stand(officeware.screen_wall(rng, w, height, cloth, edge), x, y)
            for side in (-1, 1):
                desk = officeware.desk(rng, palette, top, w, d, screens)
                if room.stand(desk, x, y + side * (d / 2 + 0.06), 0, 0 if side < 0 else 180):
                    seat(rng, room, chair, x, y + side * (d + 0.4), 180 if side < 0 else 0)
                if cubicles and k % 2 == 0:
                    wall = officeware.screen_wall(rng, d + 0.6, height, cloth, edge)
                    room.stand(wall, x + w / 2 + 0.03, y + side * (d / 2 + 0.4), 0, 90)


def meeting(rng: np.random.Generator, room: Interior, cloth: Material) -> None:
    """A long table with chairs, and a screen on the wall."""
    palette = room.palette
    length, w = float(min(room.d - 2.4, rng.uniform(2.2, 6))), rng.uniform(1.0, 1.4)
    parts = furniture.table(rng, palette, room.wood, w, length, 0.74)
    things: list[Parts] = []
    for _ in range(int(length * rng.uniform(1, 4))):
        things.append(officeware.laptop(rng, palette) if rng.random() < 0.2 else officeware.clutter(rng, palette))
    parts += spread(rng, things, w * 0.9, length * 0.95, 0.74)
    x, y = room.w / 2, room.d / 2
    room.stand(parts, x, y)
    chair = officeware.office_chair(rng, palette, cloth)
    chair = chair if rng.random() < 0.6 else furniture.chair(rng, palette, room.wood)
    for side in (-1, 1):
        for t in np.arange(-length / 2 + 0.4, length / 2 - 0.2, 0.72):
            seat(rng, room, chair, x + side * (w / 2 + rng.uniform(0.3, 0.5)), y + t, -90 if side < 0 else 90)
    hang_screen(rng, room)


def hang_screen(rng: np.random.Generator, room: Interior) -> None:
    """A board or a big screen on the far wall, perhaps a projector."""
    palette, w = room.palette, float(min(room.w * 0.6, rng.uniform(1.2, 3.5)))
    if rng.random() < 0.5:
        room.against(room.walls[0], officeware.whiteboard(rng, palette, w, 1.2), room.w / 2, 1.5)
    else:
        tv = [(m.box(w, 0.06, w * 0.56), palette.glossy([0.015, 0.015, 0.015]))]
        tv.append((m.box(w * 0.96, 0.004, w * 0.52, unit=True).moved(y=-0.033, z=w * 0.02), palette.label()))
        room.against(room.walls[0], tv, room.w / 2, max(1.0, 1.75 - w * 0.3))
    if rng.random() < 0.5:
        room.stand(officeware.beamer(rng, palette, 0.25), room.w / 2, room.d * 0.6, room.h)


def classroom(rng: np.random.Generator, room: Interior, cloth: Material) -> None:
    """Rows of small tables facing a board."""
    palette = room.palette
    hang_screen(rng, room)
    frame = palette.metal()
    w = float(rng.choice([0.7, 1.3]))
    teacher = officeware.desk(rng, palette, room.wood, 1.5, 0.75, 1)
    room.stand(teacher, room.w * rng.uniform(0.25, 0.75), room.d - 1.7, 0, 180)
    chair = furniture.chair(rng, palette, palette.any())
    for x in np.arange(1.0, room.w - 0.9, w + 0.75):
        for y in np.arange(1.2, room.d - 2.9, rng.uniform(1.25, 1.5)):
            legs = [m.tube([(a, b, 0), (a, b, 0.72)], 0.014, 6) for a in (-w * 0.45, w * 0.45) for b in (-0.22, 0.22)]
            legs.append(m.box(w * 0.9, 0.3, 0.1).moved(z=0.6))
            parts: Parts = [(m.box(w, 0.52, 0.025).moved(z=0.72), room.wood), (m.merged(legs), frame)]
            things = [officeware.clutter(rng, palette) for _ in range(int(rng.integers(0, 3)))]
            parts += spread(rng, things, w * 0.9, 0.45, 0.745, 30)
            room.stand(parts, x, y)
            for dx in (0.0,) if w < 1 else (-0.32, 0.32):
                seat(rng, room, chair, x + dx, y - rng.uniform(0.42, 0.6), 180)


def desk_at_wall(rng: np.random.Generator, room: Interior, cloth: Material) -> None:
    """A desk facing a wall, with its chair."""
    wall = room.walls[int(rng.integers(4))]
    desk = officeware.desk(rng, room.palette, room.wood, rng.uniform(1.3, 1.8), 0.78, int(rng.integers(0, 3)))
    if room.against(wall, desk, float(rng.uniform(0.9, max(wall.length - 0.9, 1.0)))):
        low, high = room.things[-1]
        (x, y), turn, out = (low + high)[:2] / 2, np.radians(wall.turn), 0.39 + rng.uniform(0.3, 0.5)
        chair = officeware.office_chair(rng, room.palette, cloth)
        seat(rng, room, chair, x + out * np.sin(turn), y - out * np.cos(turn), wall.turn + 180)


def furnish(rng: np.random.Generator, room: Interior) -> None:
    """What stands and hangs along the walls."""
    palette = room.palette
    body = room.body if rng.random() < 0.6 else palette.matte([0.6, 0.6, 0.6])

    def item(left: float) -> Parts:
        kind = int(rng.integers(9))
        if kind < 3:
            h = float(rng.choice([0.75, 1.2, 2.0]))
            w = rng.uniform(0.6, 1.2)
            parts = furniture.cabinet(rng, palette, body, w, h, 0.42)
            things = [officeware.clutter(rng, palette) for _ in range(3)] if h < 1.5 else []
            return [*parts, *moved(spread(rng, things, w, 0.38, h, 20), 0, -0.22)]
        if kind < 5:
            return furniture.shelf(rng, palette, body)
        if kind == 5:
            return plants.pot_plant(rng, palette, rng.uniform(0.6, 1.9))
        if kind == 6:
            return officeware.copier(rng, palette)
        if kind == 7:
            return backed(officeware.water_cooler(rng, palette))
        return []

    for wall in room.walls:
        room.line(wall, item, 2.0)
        for x in rng.uniform(0.5, max(wall.length - 0.5, 0.6), int(wall.length / 2)):
            if rng.random() < 0.25:
                board = officeware.whiteboard(rng, palette, rng.uniform(0.9, 1.8), rng.uniform(0.6, 1.0))
                room.against(wall, board, float(x), 1.5)
            else:
                room.against(wall, furniture.wall_thing(rng, palette), float(x), float(rng.uniform(1.4, 1.75)))


def office(rng: np.random.Generator, cameras: int) -> Scene:
    kind = str(rng.choice(["open", "small", "meeting", "class"], p=[0.45, 0.2, 0.2, 0.15]))
    low, high = {"open": (7, 15), "small": (2.8, 4.8), "meeting": (3.6, 6.5), "class": (6, 9)}[kind]
    w, d = rng.uniform(low, high), rng.uniform(low, high) * (1.15 if kind == "meeting" else 1.0)
    room = shell(rng, w, d, float(rng.uniform(2.5, 3.0) if kind == "small" else rng.uniform(2.6, 3.5)))
    palette = room.palette
    cloth = furniture.cloth(rng) if rng.random() < 0.5 else palette.matte()
    if kind == "open":
        for x in np.arange(4.5, w - 2, 5.5) if rng.random() < 0.4 else ():
            room.pillar(x, d / 2 - 0.2, x + 0.4, d / 2 + 0.2, room.paint(0.1, 0.6))
        if rng.random() < 0.4:  # a glazed room in a corner, with a table in it
            gw, gd = rng.uniform(2.4, 3.2), rng.uniform(2.2, 3)
            room.stand(officeware.glass_wall(palette, gd, room.h - 0.02), w - gw, d - gd / 2, 0, 90)
            room.stand(officeware.glass_wall(palette, gw - 1.0, room.h - 0.02), w - gw / 2 + 0.5, d - gd)
            room.stand(furniture.table(rng, palette, room.wood, 1.2, 0.9, 0.74), w - gw / 2, d - gd / 2)
            for s in (-1, 1):
                seat(rng, room, furniture.chair(rng, palette, room.wood), w - gw / 2 + s, d - gd / 2, 90 * s)
        desks(rng, room, cloth)
    elif kind == "meeting":
        meeting(rng, room, cloth)
    elif kind == "class":
        classroom(rng, room, cloth)
    else:
        for _ in range(int(rng.integers(1, 3))):
            desk_at_wall(rng, room, cloth)
    furnish(rng, room)
    things: list[Parts] = [figures.person(rng, palette) for _ in range(int(rng.integers(0, 5)))]
    things += [plants.pot_plant(rng, palette, rng.uniform(0.6, 1.8)) for _ in range(int(rng.integers(0, 3)))]
    things += [household.packet(rng, palette, rng.uniform(0.2, 0.5)) for _ in range(int(rng.integers(0, 3)))]
    room.scattered(things)
    kind_of_lamp = str(rng.choice(["panel", "panel", "tube", "tube", "cone"]))
    room.ceiling_lamps(kind_of_lamp, rng.uniform(1.8, 3), turn=float(rng.choice([0, 90])))
    if room.night and rng.random() < 0.5:
        lamp = lamps.standing_lamp(rng, palette, rng.uniform(1.3, 1.8))
        room.lit(lamp, 0.4, 0.4, 0, lamps.WARM * 60)
    return room.look(cameras)
