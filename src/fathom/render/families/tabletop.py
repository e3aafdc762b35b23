"""Close things: a table with objects, a shelf of goods seen from the front, a single subject with a far background."""

from __future__ import annotations

import numpy as np

from fathom.render import light, textures
from fathom.render import meshes as m
from fathom.render.camera import Camera
from fathom.render.materials import Palette, textured
from fathom.render.objects import figures, household, plants
from fathom.render.scene import MIRROR, PANE, Scene


def lit_scene(rng: np.random.Generator, size: float) -> Scene:
    """An empty scene under a sky, or in a dim surrounding with area lamps around a subject of this size."""
    outdoors = rng.random() < 0.4
    if outdoors:
        scene = Scene("tabletop", light.sky(rng).environment)
    else:
        scene = Scene("tabletop", light.indoor_ambient(rng) * rng.uniform(0.4, 2.0))
        for _ in range(int(rng.integers(1, 4))):
            a, up, s = rng.uniform(0, 2 * np.pi), rng.uniform(0.5, 1.6), rng.uniform(0.4, 1.2) * size
            at = np.array([np.cos(a), np.sin(a), up]) * rng.uniform(2.5, 4) * size
            n = -at / np.linalg.norm(at)
            x = np.cross([0.1, 0, 1], n)
            x = x / np.linalg.norm(x) * s
            y = np.cross(n, x)
            colour = rng.choice(np.array([[1.0, 1.0, 1.0], [1.0, 0.85, 0.65], [0.85, 0.93, 1.0]])) * rng.uniform(8, 30)
            scene.add_light(m.quad(at - x / 2 - y / 2, x, y, unit=True), colour)
    scene.bounces = 5  # to see through things of glass
    return scene


def surroundings(rng: np.random.Generator, scene: Scene, palette: Palette, floor: float, reach: float) -> None:
    """A floor and a few walls with things on them, `reach` metres away, so that the background is a place."""
    scene.add(
        m.quad((-12, -12, floor), (24, 0, 0), (0, 24, 0)), textured(textures.any_texture(rng), rng.uniform(0.6, 3))
    )
    wall = textured(textures.any_texture(rng) if rng.random() < 0.5 else textures.plain(rng), rng.uniform(0.8, 3))
    turn = rng.uniform(-25, 25)
    sides = [0] if rng.random() < 0.4 else [0, 90] if rng.random() < 0.6 else [0, 90, -90]
    for side in sides:
        r = reach * (1 if side == 0 else rng.uniform(1, 1.6))
        parts = [(m.quad((-8, r, floor), (16, 0, 0), (0, 0, 4.5)), wall)]
        for _ in range(int(rng.integers(0, 4))):
            frame = household.framed(rng, palette, rng.uniform(0.3, 1.2), rng.uniform(0.3, 1.0))
            x, z = rng.uniform(-2.5, 2.5), floor + rng.uniform(1.2, 2.2)
            parts += [(mesh.moved(x, r - 0.005, z), a) for mesh, a in frame]
        if rng.random() < 0.5:
            h, w = rng.uniform(0.6, 2.2), rng.uniform(0.5, 1.6)
            parts.append((m.box(w, 0.4, h).moved(rng.uniform(-2, 2), r - 0.25, floor), palette.any()))
        scene.place(parts, 0, 0, 0, turn + side)


def scatter(
    rng: np.random.Generator, count: int, half_x: float, half_y: float, gap: float
) -> list[tuple[float, float]]:
    """Up to `count` points in a rectangle, no two nearer than `gap`."""
    chosen: list[tuple[float, float]] = []
    for x, y in rng.uniform(-1, 1, (count * 8, 2)) * [half_x, half_y]:
        if len(chosen) < count and all((x - a) ** 2 + (y - b) ** 2 > gap**2 for a, b in chosen):
            chosen.append((float(x), float(y)))
    return chosen


def orbit(
    rng: np.random.Generator, target, near: float, far: float, low: float, high: float, spread: float = 180
) -> Camera:
    """A camera somewhere around a target: distances in metres, elevations in degrees, azimuth about -y."""
    a, e = np.radians(rng.uniform(-spread, spread)), np.radians(rng.uniform(low, high))
    d = float(np.exp(rng.uniform(np.log(near), np.log(far))))
    at = np.asarray(target) + d * np.array([np.sin(a) * np.cos(e), -np.cos(a) * np.cos(e), np.sin(e)])
    roll = rng.normal(0, 3) if rng.random() < 0.8 else rng.normal(0, 12)
    aperture = d * rng.uniform(0.002, 0.012) if rng.random() < 0.35 else 0.0
    aim = np.asarray(target) + rng.normal(0, 0.07, 3) * d
    return Camera.looking_at(at, aim, roll, rng.uniform(35, 80), aperture)


def table(rng: np.random.Generator, cameras: int) -> Scene:
    palette = Palette(rng)
    scene = lit_scene(rng, 1.0)
    w, d, h = rng.uniform(0.7, 2.2), rng.uniform(0.5, 1.2), rng.uniform(0.45, 0.95)
    top = textured(
        textures.wood(rng, 0) if rng.random() < 0.5 else textures.any_texture(rng),
        rng.uniform(0.4, 1.5),
        str(rng.choice(["matte", "glossy"])),
    )
    # The table's surface is z = 0.
    if rng.random() < 0.5:
        scene.add(m.box(w, d, 0.04).moved(z=-0.04), top)
    else:
        scene.add(m.cylinder(max(w, d) / 2, 0.04, 40).moved(z=-0.04), top)
        w = d = max(w, d) * 0.75
    legs = palette.any()
    for x in (-1.0, 1.0):
        for y in (-1.0, 1.0):
            scene.add(m.tube([(x * w * 0.44, y * d * 0.42, -h), (x * w * 0.44, y * d * 0.42, -0.03)], 0.025, 8), legs)
    surroundings(rng, scene, palette, -h, rng.uniform(0.8, 6))
    if rng.random() < 0.3:
        scene.add(
            m.box(rng.uniform(0.3, 0.7), rng.uniform(0.3, 0.5), 0.004).turned(rng.uniform(0, 90)),
            textured(textures.weave(rng), 0.4),
        )
    size = rng.uniform(0.12, 0.32)
    spots = scatter(
        rng, int(np.exp(rng.uniform(np.log(4), np.log(45)))), w / 2 - 0.08, d / 2 - 0.08, size * rng.uniform(0.4, 0.8)
    )
    for x, y in spots:
        scene.place(household.small(rng, palette, size * rng.uniform(0.35, 1.3)), x, y, 0, rng.uniform(0, 360))
    if rng.random() < 0.25:
        x, y = spots[0]
        scene.place(plants.pot_plant(rng, palette, rng.uniform(0.2, 0.5)), x, y)
    if rng.random() < 0.15:
        scene.place(
            [(m.box(0.4, 0.008, 0.3), PANE if rng.random() < 0.5 else MIRROR)], 0, d * 0.3, 0, rng.uniform(-40, 40)
        )
    for _ in range(int(rng.integers(0, 3))):  # chairs' backs, or people at the table
        x, y = rng.uniform(-w / 2, w / 2), d / 2 + rng.uniform(0.25, 0.5)
        if rng.random() < 0.5:
            scene.place(figures.person(rng, palette, seated=True), x, y, -h, rng.uniform(-15, 15))
        else:
            bars = [m.tube([(dx, 0, -h), (dx, 0, 0.25)], 0.018, 6) for dx in (-0.2, 0.2)] + [
                m.box(0.42, 0.03, 0.08).moved(z=z) for z in (0.0, 0.17)
            ]
            scene.place([(m.merged(bars), legs)], x, y)
    for _ in range(cameras):
        x, y = spots[int(rng.integers(len(spots)))]
        if rng.random() < 0.3:
            scene.cameras.append(orbit(rng, (0, 0, size / 3), 0.8, 2.2, 15, 80, 70))
        else:
            scene.cameras.append(orbit(rng, (x, y, size * rng.uniform(0.1, 0.6)), 0.22, 1.4, 8, 75, 80))
    return scene


def shelves(rng: np.random.Generator, cameras: int) -> Scene:
    palette = Palette(rng)
    scene = lit_scene(rng, 2.0)
    scene.environment = np.maximum(scene.environment, 0.3)
    floor_repeat = rng.uniform(0.5, 2)
    scene.add(m.quad((-10, -8, 0), (20, 0, 0), (0, 10, 0)), textured(textures.tiles(rng), floor_repeat, "glossy"))
    sort = str(rng.choice(["goods", "goods", "books", "mixed"]))
    width, rows, depth = rng.uniform(1.2, 3.0), int(rng.integers(3, 7)), rng.uniform(0.25, 0.5)
    height = rng.uniform(1.6, 2.4)
    board = palette.matte() if rng.random() < 0.5 else textured(textures.wood(rng, 0), 1.0)
    step = height / rows
    parts = [(m.box(width, 0.02, height).moved(y=depth + 0.01), board)]
    parts += [(m.box(0.03, depth, height).moved(x, depth / 2), board) for x in (-width / 2, width / 2)]
    for k in range(rows + 1):
        parts.append((m.box(width, depth, 0.025).moved(y=depth / 2, z=k * step), board))
        if k < rows and rng.random() < 0.95:
            row = household.shelf_row(rng, palette, width - 0.04, step - 0.04, depth, sort)
            parts += [(mesh.moved(-width / 2 + 0.02, rng.uniform(0, 0.03), k * step + 0.026), a) for mesh, a in row]
            if sort == "goods":
                parts.append((m.box(width, 0.005, 0.04, unit=True).moved(y=-0.01, z=k * step), palette.label()))
    scene.place(parts, 0, 0)
    for side in (-1, 1):  # the neighbours
        if rng.random() < 0.7:
            scene.add(
                m.box(width * 0.9, depth, height * rng.uniform(0.7, 1.2)).moved(
                    side * width, depth / 2 + rng.uniform(0, 0.1)
                ),
                palette.any(),
            )
    scene.add(
        m.quad((-10, depth + rng.uniform(0.05, 1.5), 0), (20, 0, 0), (0, 0, 4)), textured(textures.any_texture(rng), 2)
    )
    for _ in range(int(rng.integers(0, 3))):
        scene.place(
            figures.person(rng, palette), rng.uniform(-1.5, 1.5), -rng.uniform(0.4, 1.5), 0, rng.uniform(0, 360)
        )
    for _ in range(cameras):
        target = (rng.uniform(-0.35, 0.35) * width, 0, rng.uniform(0.2, 0.9) * height)
        scene.cameras.append(orbit(rng, target, 0.5, 3.0, -15, 30, 50))
    return scene


def portrait(rng: np.random.Generator, cameras: int) -> Scene:
    """One subject on open ground, something far behind it."""
    palette = Palette(rng)
    sky = light.sky(rng)
    scene = Scene("tabletop", sky.environment)
    kind = rng.random()
    if kind < 0.35:
        subject, size = figures.animal(rng, palette), 0.8
    elif kind < 0.55:
        subject, size = figures.person(rng, palette), 1.7
    elif kind < 0.68:
        subject, size = figures.bird(rng, palette), 0.4
    elif kind < 0.82:
        subject, size = plants.pot_plant(rng, palette, rng.uniform(0.3, 1.0)), 0.6
    else:
        subject, size = household.toy(rng, palette, rng.uniform(0.3, 1.0)), 0.6
    points = np.concatenate([mesh.vertices for mesh, _ in subject])
    size = float(np.ptp(points, axis=0).max())
    scene.place(subject, 0, 0, 0, rng.uniform(0, 360))
    ground = textures.grass(rng) if rng.random() < 0.45 else textures.any_texture(rng)
    x = np.linspace(-1, 1, 49)
    x = np.sign(x) * x**2 * 60
    waves = rng.uniform(0, 0.03) * size
    z = waves * np.sin(np.add.outer(x * 0.7, x * 0.4) / size)  # 0 at the subject
    scene.add(m.heightfield(x, x, z), textured(ground, rng.uniform(0.5, 2.5) * max(size, 0.5)))
    leaf = plants.foliage(rng)
    if rng.random() < 0.5:
        roots = rng.normal(0, 2.5 * size, (1500, 3)) * [1, 1, 0]
        scene.add(m.blades(rng, roots, rng.uniform(0.03, 0.2) * max(size, 0.5), 0.008 + 0.01 * size), leaf)
    wood = plants.bark(rng)
    for _ in range(int(rng.integers(2, 9))):
        a, r = rng.uniform(0, 2 * np.pi), size * rng.uniform(3, 14) + 2
        what = rng.random()
        if what < 0.35:
            thing = plants.tree(rng, rng.uniform(3, 9), leaf, wood, 0.6)
        elif what < 0.6:
            thing = plants.bush(rng, rng.uniform(0.6, 2.5), leaf)
        elif what < 0.8:
            thing = [
                (
                    m.box(rng.uniform(1, 6), rng.uniform(0.2, 4), rng.uniform(0.8, 5)),
                    textured(textures.any_texture(rng), 2),
                )
            ]
        else:
            thing = figures.person(rng, palette)
        scene.place(thing, r * np.cos(a), r * np.sin(a), -1.5 * waves, rng.uniform(0, 360))
    if rng.random() < 0.3:
        scene.add(
            m.fence([(-12, 3 * size + 1, 0), (12, 3 * size + 1.5, 0)], max(size, 0.8), 3, 0.5, 0.02), palette.any()
        )
    middle = points.mean(0)
    for _ in range(cameras):
        target = middle * [0, 0, rng.uniform(0.8, 1.5)]
        scene.cameras.append(orbit(rng, target, 0.75 * size + 0.1, 2.8 * size + 0.2, -2, 40))
    return scene


def tabletop(rng: np.random.Generator, cameras: int) -> Scene:
    """One of the three kinds of close view."""
    kind = rng.random()
    return table(rng, cameras) if kind < 0.5 else shelves(rng, cameras) if kind < 0.7 else portrait(rng, cameras)
