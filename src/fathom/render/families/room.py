"""Inside a building: living rooms, bedrooms, kitchens, offices, corridors, halls."""

from __future__ import annotations

import numpy as np

from fathom.render import light, textures
from fathom.render import meshes as m
from fathom.render.camera import Camera
from fathom.render.materials import Palette, hung, textured
from fathom.render.objects import figures, furniture, household, openings, plants
from fathom.render.scene import PANE, Material, Mesh, Scene

Parts = list[tuple[Mesh, Material]]


def window(rng: np.random.Generator, scene: Scene, palette: Palette, place, w: float, h: float, bright: float) -> Parts:
    """A window's frame and pane; `place` puts a mesh where the window is. Returns parts about its lower left corner."""
    frame = palette.matte([0.75, 0.75, 0.73]) if rng.random() < 0.7 else palette.matte()
    t = rng.uniform(0.03, 0.06)
    bars = [m.box(w, 0.06, t).moved(w / 2), m.box(w, 0.06, t).moved(w / 2, z=h - t)]
    bars += [m.box(t, 0.06, h).moved(x) for x in (t / 2, w - t / 2)]
    bars += [m.box(t * 0.7, 0.05, h).moved(x) for x in np.linspace(0, w, int(rng.integers(1, 4)) + 1)[1:-1]]
    if rng.random() < 0.4:
        bars += [
            m.box(w, 0.05, t * 0.7).moved(w / 2, z=z) for z in np.linspace(0, h, int(rng.integers(2, 4)) + 1)[1:-1]
        ]
    sill = m.box(w + 0.1, 0.22, 0.03).moved(w / 2, -0.08, -0.03)
    # Glass that shines with the view outside: its depth is the pane's, as a depth camera's would be.
    scene.add_light(place(m.quad((0, 0.05, 0), (w, 0, 0), (0, 0, h), unit=True)), light.outside(rng, bright))
    return [(m.merged(bars).moved(y=0.02), frame), (sill, frame)]


def room(rng: np.random.Generator, cameras: int) -> Scene:
    palette = Palette(rng)
    corridor = rng.random() < 0.15
    w = float(rng.uniform(1.4, 2.6) if corridor else np.exp(rng.uniform(np.log(2.6), np.log(9))))
    d = float(rng.uniform(6, 16) if corridor else np.exp(rng.uniform(np.log(2.6), np.log(10))))
    h = float(rng.uniform(2.2, 3.1) if rng.random() < 0.85 else rng.uniform(3.1, 5))
    night = rng.random() < 0.25
    open_air = rng.random() < 0.25 and not night
    scene = Scene("room", light.sky(rng).environment * 2.0 if open_air else light.indoor_ambient(rng))
    scene.bounces = 4
    scene.lamp_share = 0.6 if open_air else 0.97
    wood = textured(textures.wood(rng, 0), rng.uniform(0.5, 1.5), str(rng.choice(["matte", "glossy"])))
    wood2 = textured(textures.wood(rng, 0), 1.0)
    cloths = [furniture.cloth(rng) for _ in range(3)]
    pick = lambda: cloths[int(rng.integers(3))]  # noqa: E731
    floor_texture = (
        textures.wood(rng, 6),
        textures.tiles(rng),
        textures.weave(rng),
        textures.mottled(rng),
        textures.marble(rng),
        textures.plain(rng),
    )[int(rng.integers(6))]
    scene.add(
        m.quad((-0.02, -0.02, 0), (w + 0.04, 0, 0), (0, d + 0.04, 0)),
        textured(floor_texture, rng.uniform(0.6, 2), str(rng.choice(["matte", "glossy"]))),
    )
    pale = textures.colour(rng, (0, 0.15), (0.55, 0.85))
    scene.add(
        m.quad((-0.02, d + 0.02, h), (w + 0.04, 0, 0), (0, -d - 0.04, 0)),
        textured(textures.plain(rng, pale, 0.04) if rng.random() < 0.8 else textures.wood(rng, 8), 1.5),
    )
    if rng.random() < 0.15:
        for y in np.arange(0.5, d, rng.uniform(0.6, 1.2)):
            scene.add(m.box(w, 0.12, 0.18).moved(w / 2, y, h - 0.18), wood2)

    def wall_texture() -> np.ndarray:
        if rng.random() < 0.65:
            return textures.plain(rng, textures.colour(rng, (0, 0.45), (0.3, 0.85)), 0.05)
        return textures.any_texture(rng)

    common = textured(wall_texture(), rng.uniform(1, 3))
    skirting = palette.matte([0.7, 0.7, 0.68]) if rng.random() < 0.6 else wood2
    # Each wall is made along x and turned into place: its length, its turn, where its left end (seen from inside) is.
    walls = [(w, 0, 0.0, d), (d, 90, 0.0, 0.0), (w, 180, w, 0.0), (d, -90, w, d)]
    windows = 0
    for k, (length, turn, x0, y0) in enumerate(walls):
        place = lambda mesh, turn=turn, x0=x0, y0=y0: mesh.turned(turn).moved(x0, y0)  # noqa: E731
        paint = common if rng.random() < 0.7 else textured(wall_texture(), rng.uniform(0.8, 2.5))
        parts: Parts = []
        has_window = (rng.random() < 0.5 or (k == 3 and windows == 0 and not night)) and length > 1.6
        taken: list[tuple[float, float]] = []
        if has_window:
            windows += 1
            ww = float(rng.uniform(0.8, min(length * 0.8, 3.2)))
            sill = float(rng.choice([rng.uniform(0.7, 1.1), 0.02], p=[0.75, 0.25]))
            wh = float(rng.uniform(0.9, max(h - sill - 0.2, 1.0))) if sill > 0.1 else h * 0.85
            wh = min(wh, h - sill - 0.1)
            x = float(rng.uniform(0.1, length - ww - 0.1))
            parts.append((openings.pierced(length, h, [(x, sill, ww, wh)]), paint))
            taken.append((x - 0.1, x + ww + 0.1))
            at = lambda mesh, x=x, sill=sill, place=place: place(mesh.moved(x, 0, sill))  # noqa: E731
            if open_air:
                bars = [m.box(0.05, 0.06, wh).moved(t) for t in np.linspace(0, ww, int(rng.integers(2, 5)))]
                scene.add(at(m.merged(bars)), skirting)
                if rng.random() < 0.5:
                    scene.add(at(m.quad((0, 0.04, 0), (ww, 0, 0), (0, 0, wh))), PANE)
            else:
                bright = 0.05 if night else rng.uniform(2.5, 8)
                for mesh, a in window(rng, scene, palette, at, ww, wh, bright):
                    scene.add(at(mesh), a)
            if rng.random() < 0.55:
                c = pick()
                cw, top = ww * rng.uniform(0.2, 0.4), min(sill + wh + 0.15, h - 0.02)
                for mesh, a in furniture.curtain(rng, c, cw, top):
                    parts += [(mesh.moved(x, -0.1), a), (mesh.moved(x + ww, -0.1), a)]
                parts.append((m.tube([(x - cw, -0.1, top), (x + ww + cw, -0.1, top)], 0.012, 6), palette.metal()))
        else:
            parts.append((m.quad((-0.01, 0, -0.01), (length + 0.02, 0, 0), (0, 0, h + 0.02)), paint))
        if rng.random() < 0.45 and length > 1.2:
            x = float(rng.uniform(0.1, length - 1.0))
            if all(x > b or x + 0.9 < a for a, b in taken):
                taken.append((x, x + 0.9))
                door = palette.matte([0.7, 0.7, 0.68]) if rng.random() < 0.5 else wood2
                ajar = rng.uniform(-75, -20) if rng.random() < 0.4 else 0
                parts.append((m.box(0.82, 0.04, 2.02).moved(0.41).turned(ajar).moved(x + 0.04, -0.03), door))
                parts += [(m.box(0.06, 0.06, 2.1).moved(x + e, -0.02), skirting) for e in (0.0, 0.9)]
                parts += [
                    (m.box(0.96, 0.06, 0.06).moved(x + 0.45, -0.02, 2.06), skirting),
                    (m.sphere(0.03, 10).moved(x + 0.76, -0.1, 1.0), palette.metal()),
                ]
        parts.append((m.box(length, 0.02, rng.uniform(0.05, 0.12)).moved(length / 2, -0.01), skirting))
        for _ in range(int(rng.integers(0, 4))):
            pw, ph = rng.uniform(0.2, 1.1), rng.uniform(0.2, 0.9)
            x, z = float(rng.uniform(0.2, max(length - 0.2, 0.3))), rng.uniform(1.3, 1.8)
            if x - pw / 2 > 0 and x + pw / 2 < length and all(x - pw / 2 > b or x + pw / 2 < a for a, b in taken):
                make = furniture.mirror if rng.random() < 0.2 else household.framed
                parts += [(mesh.moved(x, -0.002, z), a) for mesh, a in make(rng, palette, pw, ph)]
                taken.append((x - pw / 2 - 0.1, x + pw / 2 + 0.1))
        cursor = float(rng.uniform(0.05, 0.6))
        while not corridor and cursor < length - 0.6 and rng.random() < 0.85:  # what stands along the wall
            item, width = wall_item(rng, palette, wood, wood2, pick, length - cursor)
            if cursor + width < length - 0.6:
                parts += [(mesh.moved(cursor + width / 2, -0.03), a) for mesh, a in item]
            cursor += width + rng.uniform(0.02, 1.2)
        for mesh, a in parts:
            scene.add(place(mesh), a)
    middle(rng, scene, palette, w, d, wood, pick, corridor)
    lamps(rng, scene, palette, w, d, h, night or windows == 0)
    for _ in range(cameras):
        eye = rng.uniform(0.5, 2.0) if rng.random() < 0.3 else rng.uniform(1.1, 1.7)
        margin = min(0.35, w / 5)
        wall = rng.random() < 0.6  # from near a wall or corner, as people do to get a room into the picture
        x, y = rng.uniform(margin, w - margin), rng.uniform(margin, d - margin)
        if wall and d > w:
            y = float(rng.choice([margin, d - margin])) + rng.uniform(-0.1, 0.3)
        elif wall:
            x = float(rng.choice([margin, w - margin])) + rng.uniform(-0.1, 0.3)
        target = np.array([w * rng.uniform(0.25, 0.75), d * rng.uniform(0.3, 0.7), eye + rng.normal(-0.25, 0.35)])
        if np.hypot(*(target[:2] - [x, y])) < 0.8:
            target[:2] = w - x, d - y
        roll = rng.normal(0, 2) if rng.random() < 0.85 else rng.normal(0, 8)
        eye_at = (np.clip(x, 0.2, w - 0.2), np.clip(y, 0.2, d - 0.2), min(eye, h - 0.3))
        scene.cameras.append(Camera.looking_at(eye_at, target, roll, rng.uniform(50, 95)))
    return scene


def wall_item(
    rng: np.random.Generator, palette: Palette, wood: Material, wood2: Material, pick, room_left: float
) -> tuple[Parts, float]:
    """Something that stands with its back to a wall at y = 0, and its width."""
    kind = int(rng.choice(8, p=[0.2, 0.17, 0.17, 0.12, 0.08, 0.1, 0.08, 0.08]))
    if kind == 0:
        parts = furniture.shelf(rng, palette, wood)
    elif kind == 1:
        w, h = rng.uniform(0.5, 1.8), float(rng.choice([0.5, 0.8, 1.1, 2.0])) * rng.uniform(0.9, 1.15)
        parts = furniture.cabinet(
            rng, palette, wood2 if rng.random() < 0.5 else palette.any(), w, h, rng.uniform(0.35, 0.6)
        )
        for x in np.arange(-w / 2 + 0.15, w / 2 - 0.1, 0.3):
            if h < 1.4 and rng.random() < 0.6:
                thing = household.small(rng, palette, rng.uniform(0.12, 0.4))
                parts += [(mesh.moved(x, -0.22, h), a) for mesh, a in thing]
    elif kind == 2:
        parts = [(mesh.moved(y=-0.5), a) for mesh, a in furniture.sofa(rng, palette, pick())]
    elif kind == 3:
        parts = [(mesh.moved(y=-1.1), a) for mesh, a in furniture.bed(rng, palette, pick(), wood)]
    elif kind == 4:
        parts = furniture.kitchen(
            rng, palette, palette.any(), wood, float(rng.uniform(1.2, max(1.3, min(3.5, room_left - 0.7))))
        )
    elif kind == 5:
        w = rng.uniform(0.9, 1.6)
        parts = [(mesh.moved(y=-0.35), a) for mesh, a in furniture.table(rng, palette, wood2, w, 0.65, 0.73)]
        for x in np.arange(-w / 2 + 0.15, w / 2, 0.28):
            parts += [
                (mesh.moved(x, -0.3, 0.73), a) for mesh, a in household.small(rng, palette, rng.uniform(0.12, 0.45))
            ]
        parts += [
            (mesh.turned(180 + rng.uniform(-40, 40)).moved(y=-0.85), a)
            for mesh, a in furniture.chair(rng, palette, wood)
        ]
    elif kind == 6:
        parts = [(mesh.moved(y=-0.35), a) for mesh, a in plants.pot_plant(rng, palette, rng.uniform(0.5, 1.8))]
    else:
        parts = [(mesh.moved(y=-0.25), a) for mesh, a in household.lamp(rng, palette, rng.uniform(1.2, 1.8))]
    x = np.concatenate([mesh.vertices[:, 0] for mesh, _ in parts])
    shift = -(x.min() + x.max()) / 2
    return [(mesh.moved(shift), a) for mesh, a in parts], float(np.ptp(x))


def middle(
    rng: np.random.Generator, scene: Scene, palette: Palette, w: float, d: float, wood: Material, pick, corridor: bool
) -> None:
    """What stands in the middle: rugs, tables with chairs, people, animals, clutter on the floor."""
    if rng.random() < 0.5:
        rw, rd = w * rng.uniform(0.3, 0.6), d * rng.uniform(0.25, 0.6)
        rug = textures.any_texture(rng) if rng.random() < 0.5 else textures.picture(rng)
        scene.add(m.box(rw, rd, 0.012, unit=True).turned(rng.uniform(-8, 8)).moved(w / 2, d / 2), hung(rug))
    if w > 2.8 and d > 2.8 and not corridor and rng.random() < 0.75:
        for _ in range(1 if w * d < 25 else int(rng.integers(1, 4))):
            x, y, turn = (
                w * rng.uniform(0.3, 0.7),
                d * rng.uniform(0.3, 0.7),
                rng.choice([0, 90]) + rng.uniform(-10, 10),
            )
            low = rng.random() < 0.35
            tw, td, th = rng.uniform(0.7, 1.8), rng.uniform(0.5, 0.95), 0.42 if low else 0.74
            scene.place(furniture.table(rng, palette, wood, tw, td, th), x, y, 0, turn)
            for _ in range(int(rng.integers(1, 9))):
                c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
                a, b = rng.uniform(-0.4, 0.4) * tw, rng.uniform(-0.35, 0.35) * td
                scene.place(
                    household.small(rng, palette, rng.uniform(0.08, 0.3)),
                    x + a * c - b * s,
                    y + a * s + b * c,
                    th,
                    rng.uniform(0, 360),
                )
            for k in range(0 if low else int(rng.integers(2, 7))):
                side = 1 if k % 2 else -1
                a, b = (k // 2 - 0.6) * 0.55, side * (td / 2 + rng.uniform(0.0, 0.35))
                c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
                facing = turn + (0 if side > 0 else 180) + rng.uniform(-20, 20)
                scene.place(furniture.chair(rng, palette, wood), x + a * c - b * s, y + a * s + b * c, 0, facing)
                if rng.random() < 0.12:
                    scene.place(
                        figures.person(rng, palette, seated=True), x + a * c - b * s, y + a * s + b * c, 0.02, facing
                    )
    for _ in range(int(rng.choice([0, 0, 1, 1, 2, 3]))):
        scene.place(
            figures.person(rng, palette),
            w * rng.uniform(0.15, 0.85),
            d * rng.uniform(0.15, 0.85),
            0,
            rng.uniform(0, 360),
        )
    if rng.random() < 0.25:
        scene.place(
            figures.animal(rng, palette, rng.uniform(0.3, 0.8)),
            w * rng.uniform(0.2, 0.8),
            d * rng.uniform(0.2, 0.8),
            0,
            rng.uniform(0, 360),
        )
    for _ in range(int(rng.integers(0, 8))):
        scene.place(
            household.small(rng, palette, rng.uniform(0.1, 0.3)),
            w * rng.uniform(0.1, 0.9),
            d * rng.uniform(0.1, 0.9),
            0,
            rng.uniform(0, 360),
        )
    if rng.random() < 0.12:
        y = d * rng.uniform(0.35, 0.65)
        scene.add(m.fence([(0.05, y, 0), (w * rng.uniform(0.3, 0.7), y, 0)], 0.95, 2, 0.11, 0.009), palette.any())


def lamps(rng: np.random.Generator, scene: Scene, palette: Palette, w: float, d: float, h: float, needed: bool) -> None:
    """Ceiling lights and hanging lamps; the only light when `needed`."""
    if not needed and rng.random() < 0.4:
        return
    colour = rng.choice([[1, 0.95, 0.9], [1, 0.8, 0.55], [0.9, 0.97, 1.0]]) * (
        rng.uniform(12, 30) if needed else rng.uniform(3, 12)
    )
    nx, ny = max(1, round(w / rng.uniform(2.5, 4))), max(1, round(d / rng.uniform(2.5, 4)))
    style = rng.random()
    for i in range(nx):
        for j in range(ny):
            x, y = w * (i + 0.5) / nx, d * (j + 0.5) / ny
            if style < 0.4:
                a, b = (0.6, 0.6) if style < 0.2 else (0.2, 1.2)
                scene.add_light(
                    m.quad((x - a / 2, y + b / 2, h - 0.03), (a, 0, 0), (0, -b, 0), unit=True), colour * 0.8
                )
                scene.add(m.box(a + 0.04, b + 0.04, 0.025).moved(x, y, h - 0.026), palette.matte([0.7, 0.7, 0.7]))
            elif style < 0.7:
                scene.add_light(m.sphere(0.16, 12).moved(x, y, h - 0.22), colour)
                scene.add(m.tube([(x, y, h - 0.08), (x, y, h)], 0.01, 6), palette.metal())
            else:
                z, r = h - rng.uniform(0.5, 0.9), rng.uniform(0.12, 0.28)
                scene.add(
                    m.lathe([(r, z), (r * 0.4, z + r * 0.7), (0.01, z + r * 0.75)], 24).moved(x, y), palette.any()
                )
                scene.add(m.tube([(x, y, z + 0.05), (x, y, h)], 0.006, 5), palette.matte([0.03, 0.03, 0.03]))
                scene.add_light(m.sphere(r * 0.6, 12).moved(x, y, z), colour * 1.2)
