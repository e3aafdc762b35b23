"""Houses over their front gardens, as one would photograph them to sell them, with neighbours and a street."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.camera import Camera
from fathom.render.families import outdoors
from fathom.render.families.outdoors import Subject, flat
from fathom.render.materials import Palette, textured
from fathom.render.objects import animals, buildings, land, outdoor, plants, vehicles
from fathom.render.scene import Scene


def house(rng: np.random.Generator, cameras: int) -> Scene:
    """The house's front is at y = garden and centred on x; a fence or hedge at y = 0, then the pavement and street."""
    scene, palette = outdoors.open_air(rng, "house", (400, 10000)), Palette(rng)
    walls, cover = outdoors.walls(rng, 3), buildings.roofing(rng)
    garden, w, d = rng.uniform(5, 16), rng.uniform(8, 16), rng.uniform(7, 11)
    lawn = textured(textures.grass(rng), rng.uniform(2.5, 5))
    scene.add(m.quad((-600, -600, -0.02), (1200, 0, 0), (0, 1200, 0)), lawn)
    scene.add(m.box(400, 2.2, 0.12).moved(0, -1.6, -0.1), outdoors.paving(rng))
    scene.add(m.box(400, 7, 0.03).moved(0, -6.3, -0.02), outdoors.asphalt(rng))
    floors = int(rng.choice([1, 2, 2, 3]))
    scene.place(buildings.building(rng, palette, walls[0], w, d, floors, cover), 0, garden)
    if rng.random() < 0.55:
        porch = buildings.porch(rng, palette, w * rng.uniform(0.5, 1.0), rng.uniform(1.6, 2.6), cover)
        scene.place(porch, 0, garden)
    drive = float(rng.choice([-1, 1]) * (w / 2 + 2.2))
    if rng.random() < 0.55:  # a garage with a drive
        gw = rng.uniform(3, 5.5)
        drive = float(np.sign(drive) * (w / 2 + gw / 2))
        scene.place(buildings.block(rng, palette, walls[1], gw, 6, 2.7, cover), drive, garden + 0.6)
        door = [m.box(gw * 0.8, 0.06, 0.48).moved(0, 0, 0.5 * k) for k in range(4)]
        scene.place([(m.merged(door), palette.matte([0.7, 0.7, 0.68]))], drive, garden + 0.58, 0.1)
    scene.add(m.box(3, garden, 0.04).moved(drive, garden / 2, -0.02), outdoors.paving(rng))
    scene.add(m.box(1.3, garden, 0.05).moved(0, garden / 2, -0.02), outdoors.paving(rng))
    sides = [(s * (w / 2 + 12 + 18 * k), garden + rng.uniform(-2, 4), 0) for s in (-1, 1) for k in range(3)]
    for x, y, turn in sides + [(x, -19.0, 180) for x in np.arange(-60, 61, 16.0)]:  # those across the street, too
        wall, storeys = walls[int(rng.integers(3))], int(rng.integers(1, 4))
        scene.place(buildings.building(rng, palette, wall, rng.uniform(8, 14), 9, storeys, cover), x, y, 0, turn)
    leaf, wood = plants.foliage(rng), plants.bark(rng)
    grounds(rng, scene, palette, garden, drive, leaf, wood, walls[2])
    subjects: list[Subject] = []

    def put(parts: outdoors.Parts, x: float, y: float, turn: float = 0.0) -> None:
        subjects.append(outdoors.put(scene, parts, x, y, 0.0, turn))

    if rng.random() < 0.6:
        put(vehicles.car(rng, palette), drive, garden * 0.5, float(rng.choice([0, 180])) + rng.normal(0, 3))
    for x in rng.uniform(-25, 25, int(rng.integers(0, 5))):
        put(vehicles.car(rng, palette), x, float(rng.choice([-4.2, -8.6])), float(rng.choice([90, -90])))
    spots = rng.uniform([-7, -2.5], [7, garden - 2], (int(rng.integers(0, 4)), 2))
    subjects += outdoors.crowd(rng, scene, palette, spots, flat, 4)
    if rng.random() < 0.5:
        pet = animals.animal(rng, palette, species=str(rng.choice(["dog", "cat", "hound"])))
        put(pet, rng.uniform(-5, 5), rng.uniform(-2, garden - 2), rng.uniform(0, 360))
    put(vehicles.bicycle(rng, palette), 1.9, garden - 1.5, rng.uniform(60, 120))
    line = np.array([[-60, -10.6, 0], [60, -10.6, 0]])
    for mesh, a in outdoor.wire_poles(rng, palette, line, 30) if rng.random() < 0.6 else []:
        scene.add(mesh, a)
    for _ in range(cameras):
        if rng.random() < 0.2 and subjects:
            scene.cameras.append(outdoors.portrait(rng, subjects[int(rng.integers(len(subjects)))], flat))
            continue
        x, y = rng.uniform(-9, 9), -rng.uniform(0.5, 9.0) if rng.random() < 0.8 else garden * rng.uniform(0.2, 0.6)
        target = (rng.uniform(-0.4, 0.4) * w, garden + 1, rng.uniform(0.8, 2.0 + 1.5 * floors))
        at = (x, y, rng.uniform(0.9, 2.0))
        scene.cameras.append(Camera.looking_at(at, target, outdoors.roll(rng), rng.uniform(40, 90)))
    return scene


def grounds(
    rng: np.random.Generator, scene: Scene, palette: Palette, garden: float, drive: float, leaf, wood, stone
) -> None:
    """A fence, hedge or wall along the street with gaps for the path and the drive; what grows before and behind."""
    gaps = sorted([(-1.0, 1.0), (drive - 1.8, drive + 1.8)])
    style, high = rng.random(), rng.uniform(0.7, 1.3)
    bars = palette.matte([0.7, 0.7, 0.68]) if style < 0.25 else palette.any()
    for a, b in ((-15.0, gaps[0][0]), (gaps[0][1], gaps[1][0]), (gaps[1][1], 15.0)):
        if b - a < 1:
            continue
        if style < 0.4:
            scene.add(m.fence([(a, 0, 0), (b, 0, 0)], high, 2, 0.13 + 0.1 * (style < 0.2), 0.02), bars)
        elif style < 0.6:
            scene.place(plants.hedge(rng, b - a, high + 0.2, leaf), (a + b) / 2, 0)
        elif style < 0.75:
            scene.add(m.box(b - a, 0.3, 0.7).moved((a + b) / 2), stone)
    free = lambda x: abs(x) > 1.1 and abs(x - drive) > 1.9  # noqa: E731
    for x, y in rng.uniform([-12, 0.7], [12, garden - 0.9], (int(rng.integers(6, 24)), 2)):
        if free(x):
            bush = plants.bush(rng, rng.uniform(0.35, 1.4), leaf, 1.3)
            scene.place(bush, x, y if rng.random() < 0.5 else garden - 0.8)
    trees = [plants.tree(rng, rng.uniform(4, 11), leaf, wood, 1.5) for _ in range(3)]
    for x in rng.uniform(4, 22, int(rng.integers(1, 6))) * rng.choice([-1, 1]):
        y = rng.uniform(1, garden - 1) if free(x) and abs(x) < 12 else garden + 14
        scene.place(trees[int(rng.integers(3))], x, y, 0, rng.uniform(0, 360))
    far = [plants.far_tree(rng, rng.uniform(8, 16), leaf, wood) for _ in range(4)]
    for x in rng.uniform(-70, 70, 22):
        scene.place(far[int(rng.integers(4))], x, garden + rng.uniform(16, 60), 0, rng.uniform(0, 360))
    bed = np.array([2.5 * rng.choice([-1, 1]), rng.uniform(0.6, garden - 2), 0])
    roots = rng.uniform([-1, 0, 0], [1, 0.5, 0], (90, 3)) + bed
    scene.place(plants.flowers(rng, palette, roots, rng.uniform(0.25, 0.6), leaf), 0, 0)
    scene.add(land.grass(rng, flat, (0, garden / 2), 3000, 5.0, rng.uniform(0.04, 0.12)), leaf)
