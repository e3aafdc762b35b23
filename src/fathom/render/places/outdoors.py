"""Gardens, squares, open country, the bed of a lake."""

from __future__ import annotations

import numpy as np

from fathom.render import light, textures
from fathom.render import meshes as m
from fathom.render.materials import Palette, textured
from fathom.render.objects import buildings, figures, outdoor, plants, vehicles
from fathom.render.places.indoors import softbox
from fathom.render.places.setting import Setting
from fathom.render.scene import Material, Mesh, Scene

Parts = list[tuple[Mesh, Material]]


def _open_air(rng: np.random.Generator, family: str, size: float) -> Setting:
    sky = light.sky(rng)
    scene, palette = Scene(family, sky.environment), Palette(rng)
    if rng.random() < 0.3:
        scene.haze, scene.haze_colour = rng.uniform(0.001, 0.01), sky.horizon
    reach = 12 * max(size, 0.5)
    return Setting(scene, palette, "garden", np.array([-reach, -reach, 0.05]), np.full(3, reach))


def _ground(
    rng: np.random.Generator, s: Setting, texture: np.ndarray, repeat: float, lift: float, hills: float
) -> None:
    """Level near the subject; `hills` metres high a hundred metres away."""
    t = np.linspace(-1, 1, 61)
    axis = np.sign(t) * (np.abs(t) * 10 + np.abs(t) ** 5 * 300)
    gx, gy = np.meshgrid(axis, axis)
    far = np.clip((np.hypot(gx, gy) - 12) / 100, 0, 1.5)
    phase = rng.uniform(0, 6)
    waves = sum(np.sin(gx * a + gy * b + phase) for a, b in rng.normal(0, 0.02, (4, 2)))
    s.scene.add(m.heightfield(axis, axis, far * hills * (1 + waves) / 3 - lift), textured(texture, repeat))
    s.low[2] += -lift


def _ring(rng: np.random.Generator, near: float, far: float) -> tuple[float, float, float]:
    """x, y of a point around the origin, and the turn that makes a thing there face it."""
    a, r = rng.uniform(0, 2 * np.pi), near + (far - near) * rng.random() ** 1.5
    return r * np.cos(a), r * np.sin(a), float(np.degrees(a)) - 90


def garden(rng: np.random.Generator, family: str, size: float, lift: float) -> Setting:
    """Grass or a terrace with bushes, trees, a fence or hedge, a house."""
    s = _open_air(rng, family, size)
    lawn = rng.random() < 0.6
    texture = (
        textures.grass(rng)
        if lawn
        else (textures.tiles(rng), textures.gravel(rng), textures.concrete(rng))[rng.integers(3)]
    )
    _ground(rng, s, texture, rng.uniform(1.5, 3.5), lift, rng.uniform(0, 6))
    leaf, wood = plants.foliage(rng), plants.bark(rng)
    if lawn:
        roots = rng.normal(0, 1.6 * max(size, 0.7), (2600, 3)) * [1, 1, 0] - [0, 0, lift]
        s.scene.add(m.blades(rng, roots, rng.uniform(0.03, 0.1), rng.uniform(0.006, 0.012)), leaf)
    clear = 1.6 * size + 1.2
    for _ in range(int(rng.integers(3, 10))):
        x, y, _ = _ring(rng, clear, 16)
        s.scene.place(plants.bush(rng, rng.uniform(0.4, 1.8), leaf), x, y, -lift)
    trees = [plants.tree(rng, rng.uniform(3.5, 11), leaf, wood, 0.6) for _ in range(3)]
    for _ in range(int(rng.integers(4, 14))):
        x, y, turn = _ring(rng, clear + 3, 45)
        s.scene.place(trees[int(rng.integers(3))], x, y, -lift, turn)
    edge = clear + rng.uniform(0.5, 9)
    for turn in (0, 90, 180, 270):
        kind, end = rng.random(), edge * 1.1
        if kind < 0.25:
            rail = m.fence([(-end, edge, 0), (end, edge, 0)], rng.uniform(0.8, 1.7), 2, rng.uniform(0.12, 0.5), 0.02)
            s.scene.place([(rail, s.palette.any())], 0, 0, -lift, turn)
        elif kind < 0.5:
            hedge = plants.hedge(rng, 2 * end, rng.uniform(0.8, 2.2), leaf)
            s.scene.place([(mesh.moved(y=edge), a) for mesh, a in hedge], 0, 0, -lift, turn)
        elif kind < 0.6:
            stone = textured(textures.bricks(rng), 1.5)
            s.scene.place([(m.box(2 * end, 0.25, rng.uniform(0.6, 2.2)).moved(y=edge), stone)], 0, 0, -lift, turn)
    if rng.random() < 0.6:
        x, y, turn = _ring(rng, edge + 7, edge + 18)
        s.scene.place(_house(rng, s.palette), x, y, -lift, turn)
    return s


def _house(rng: np.random.Generator, palette: Palette) -> Parts:
    wall = textures.bricks(rng, 16) if rng.random() < 0.4 else textures.plain(rng)
    return buildings.building(rng, palette, textured(wall, 2.0), rng.uniform(7, 14), 9, int(rng.integers(1, 5)))


def square(rng: np.random.Generator, family: str, size: float, lift: float) -> Setting:
    """Paving with house fronts around, cars, trees, people further off."""
    s = _open_air(rng, family, size)
    paving = textures.tiles(rng, 8) if rng.random() < 0.5 else textures.concrete(rng)
    _ground(rng, s, paving, rng.uniform(1.5, 3), lift, 0.0)
    leaf, wood = plants.foliage(rng), plants.bark(rng)
    houses, edge = [_house(rng, s.palette) for _ in range(3)], 3 * size + rng.uniform(3, 20)
    for a in np.linspace(0, 360, max(4, round(2 * np.pi * edge / rng.uniform(11, 16))), endpoint=False):
        if rng.random() < 0.8:
            s.scene.place([(mesh.moved(y=edge), b) for mesh, b in houses[int(rng.integers(3))]], 0, 0, -lift, a)
    car = vehicles.car(rng, s.palette)
    tree = plants.tree(rng, rng.uniform(4, 8), leaf, wood, 0.7)
    for _ in range(int(rng.integers(5, 14))):
        x, y, turn = _ring(rng, 1.6 * size + 1.8, max(edge, 8))
        kind = int(rng.integers(5))
        thing = (car, tree, outdoor.lamp_post, figures.person, outdoor.sign)[kind]
        made = thing if isinstance(thing, list) else thing(rng, s.palette)
        s.scene.place(made, x * 1.1, y * 1.1, -lift, turn + rng.normal(0, 40))
    return s


def country(rng: np.random.Generator, family: str, size: float, lift: float) -> Setting:
    """A meadow, beach or field before hills and woods."""
    s = _open_air(rng, family, size)
    style = rng.random()
    texture = textures.grass(rng) if style < 0.5 else textures.mottled(rng, np.array([0.42, 0.33, 0.22]), None, 7)
    _ground(rng, s, texture, rng.uniform(2, 5), lift, rng.uniform(1, 14))
    leaf, wood = plants.foliage(rng), plants.bark(rng)
    grey = np.full(3, rng.uniform(0.15, 0.4))
    rock = Material("matte", textures.mottled(rng, grey, grey * 0.5, 9), 1.5)
    if style < 0.7:
        roots = rng.normal(0, 2.5 * max(size, 0.7), (2600, 3)) * [1, 1, 0] - [0, 0, lift]
        s.scene.add(m.blades(rng, roots, rng.uniform(0.05, 0.25), rng.uniform(0.008, 0.016), 0.6), leaf)
    trees = [plants.tree(rng, rng.uniform(4, 12), leaf, wood, 0.6) for _ in range(3)]
    for _ in range(int(rng.choice([2, 8, 25]))):
        x, y, turn = _ring(rng, 2 * size + 5, 90)
        s.scene.place(trees[int(rng.integers(3))], x, y, -lift - 0.3, turn)
    for _ in range(int(rng.integers(0, 8))):
        x, y, turn = _ring(rng, 1.5 * size + 1, 14)
        s.scene.place(plants.stone(rng, rng.uniform(0.2, 1.4), rock), x, y, -lift, turn)
    return s


def water(rng: np.random.Generator, family: str, size: float, lift: float) -> Setting:
    """Under water: a bed of gravel with stones and weeds, fading into blue."""
    deep = np.array([0.03, 0.16, 0.25]) * rng.uniform(0.6, 1.8, 3)
    rows = np.linspace(1, -1, light.HEIGHT)[:, None, None]
    glow = deep * np.exp(1.2 * rows) * (1 + 2.5 * np.clip(rows, 0, 1) ** 4)
    scene = Scene(family, np.broadcast_to(glow, (light.HEIGHT, 2 * light.HEIGHT, 3)).astype(np.float32).copy())
    scene.haze, scene.haze_colour = rng.uniform(0.1, 0.4), tuple(deep)
    s = Setting(scene, Palette(rng), "water", np.full(3, -4 * size), np.full(3, 4 * size))
    bed = float(rng.uniform(0.7, 1.6)) * size
    _ground(rng, s, textures.gravel(rng) if rng.random() < 0.6 else textures.mottled(rng), 1.0, bed, 3.0)
    s.low[2] = -bed + 0.08
    grey = textures.colour(rng, (0, 0.5), (0.15, 0.5))
    rock, leaf = Material("matte", textures.mottled(rng, grey, grey * 0.5, 9), 0.5), plants.foliage(rng)
    for _ in range(int(rng.integers(5, 20))):
        x, y, turn = _ring(rng, 2.2 * size, 9 * size + 1)
        if rng.random() < 0.5:
            s.scene.place(plants.stone(rng, size * rng.uniform(0.4, 2.5), rock), x, y, -bed, turn)
        else:
            roots = rng.normal(0, 0.15 * size, (30, 3)) * [1, 1, 0]
            weed = m.blades(rng, roots, size * rng.uniform(0.5, 2.5), size * 0.06, 0.5)
            s.scene.place([(weed, leaf)], x, y, -bed)
    sun = softbox(rng, (rng.uniform(-2, 2), rng.uniform(-2, 2), 6), 3.0, rng.uniform(4, 9))
    scene.add_light(sun[0], sun[1] * [0.5, 0.9, 1.0])
    return s
