"""Squares among buildings: markets, cafés, churches, temples and statues, people and pigeons."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.camera import Camera
from fathom.render.families import outdoors
from fathom.render.families.outdoors import Subject, flat
from fathom.render.materials import Palette, textured
from fathom.render.objects import (
    animals,
    buildings,
    figures,
    land,
    landmarks,
    leisure,
    outdoor,
    plants,
    shapes,
    vehicles,
)
from fathom.render.scene import Scene


def square(rng: np.random.Generator, cameras: int) -> Scene:
    scene, palette = outdoors.open_air(rng, "square", (300, 8000)), Palette(rng)
    night = rng.random() < 0.12
    if night:
        outdoors.night(rng, scene)
    half = rng.uniform(14, 34, 2)
    scene.add(m.quad((-400, -400, 0), (800, 0, 0), (0, 800, 0)), outdoors.paving(rng))
    bands = [m.box(0.5, 2 * half[1], 0.012).moved(x) for x in np.arange(-half[0] + 2, half[0], rng.uniform(4, 9))]
    scene.add(m.merged(bands), palette.matte([0.4, 0.39, 0.37]))
    stone = surroundings(rng, scene, palette, half, night)
    subjects: list[Subject] = []

    def put(parts: outdoors.Parts, x: float, y: float, turn: float = 0.0) -> None:
        subjects.append(outdoors.put(scene, parts, x, y, 0.0, turn))

    def spots(count: int, share: float = 0.8) -> np.ndarray:
        return rng.uniform(-share, share, (count, 2)) * half

    if rng.random() < 0.6:
        fountain = rng.random() < 0.4
        thing = leisure.fountain(rng, stone, palette) if fountain else landmarks.statue(rng, palette, stone)
        put(thing, rng.uniform(-5, 5), rng.uniform(-5, 5), rng.uniform(0, 360))
    if rng.random() < 0.45:
        stalls(rng, scene, palette, half, subjects)
    if rng.random() < 0.55:  # a café
        table, x0 = leisure.cafe(rng, palette), rng.uniform(-0.6, 0.4) * half[0]
        for i, j in np.ndindex(int(rng.integers(2, 5)), int(rng.integers(1, 3))):
            x, y = x0 + 2.3 * i, -half[1] + 2.5 + 2.3 * j
            put(table, x, y, rng.uniform(0, 90))
            if rng.random() < 0.5:
                put(leisure.parasol(rng, palette), x + 0.9, y + 0.9)
            for a in rng.uniform(0, 360) + 120 * np.arange(rng.integers(0, 3)):
                sitting = figures.person(rng, palette, seated=True)
                put(sitting, x + 0.7 * np.sin(np.radians(a)), y - 0.7 * np.cos(np.radians(a)), a + 180)
    subjects += outdoors.crowd(rng, scene, palette, spots(int(rng.choice([3, 8, 18]))), flat)
    for x, y in spots(int(rng.integers(2, 12))):
        kind = rng.random()
        put(
            leisure.bench(rng, palette) if kind < 0.25
            else vehicles.bicycle(rng, palette) if kind < 0.45
            else plants.pot_plant(rng, palette, rng.uniform(0.8, 2.2)) if kind < 0.6
            else animals.animal(rng, palette, species="dog") if kind < 0.7
            else leisure.bin_(palette) if kind < 0.75
            else outdoor.sign(rng, palette) if kind < 0.85
            else animals.bird(rng, palette, rng.uniform(0.22, 0.35)),
            x, y, rng.uniform(0, 360),
        )  # fmt: skip
    for x, y in rng.normal(0, 1.2, (int(rng.choice([0, 6, 14])), 2)) + spots(1, 0.4):
        scene.place(animals.bird(rng, palette, 0.25), x, y, 0, rng.uniform(0, 360))
    lamps(rng, scene, palette, half, night)
    leaf, wood = plants.foliage(rng), plants.bark(rng)
    trees = [plants.tree(rng, rng.uniform(5, 10), leaf, wood, 1.2, "broad") for _ in range(2)]
    for x in np.arange(-half[0] * 0.7, half[0] * 0.7, 7.0) if rng.random() < 0.4 else []:
        scene.place(trees[int(rng.integers(2))], x, half[1] * 0.5, 0, rng.uniform(0, 360))
        scene.add(m.torus(0.9, 0.12, 20, 6).moved(x, half[1] * 0.5), stone)
    for x in rng.uniform(-0.9, 0.9, int(rng.choice([0, 0, 2, 5]))) * half[0]:
        put(vehicles.car(rng, palette), x, half[1] * 0.86 * rng.choice([-1, 1]), rng.choice([90, -90]))
    if rng.random() < 0.4:
        garlands(rng, scene, palette, half)
    for _ in range(cameras):
        x, y = spots(1)[0]
        kind = rng.random()
        yaw = float(np.degrees(np.arctan2(x, -y))) + rng.normal(0, 40)  # towards the middle
        if kind < 0.33:
            camera = outdoors.portrait(rng, subjects[int(rng.integers(len(subjects)))], flat)
        elif kind < 0.5:  # up at a building
            turn = yaw + float(rng.choice([0, 180]))
            at = (float(x), float(y), rng.uniform(1.3, 1.8))
            camera = Camera(at, turn, rng.uniform(12, 40), outdoors.roll(rng), outdoors.lens(rng))
        elif kind < 0.58:  # from a window
            at = (float(x) * 1.1, float(y) * 1.1, rng.uniform(4, 12))
            camera = Camera(at, yaw, rng.uniform(-35, -8), outdoors.roll(rng), outdoors.lens(rng))
        else:
            camera = outdoors.view(rng, x, y, flat, yaw)
        scene.cameras.append(camera)
    return scene


def surroundings(rng: np.random.Generator, scene: Scene, palette: Palette, half: np.ndarray, night: bool):
    """Houses on all four sides, and on one a church, a temple or a tower. Returns the stone of the place."""
    facades, cover, stone = outdoors.walls(rng, 4), buildings.roofing(rng), textured(textures.concrete(rng), 3.0)
    landmark = str(rng.choice(["church", "temple", "tower", "none"], p=[0.35, 0.25, 0.1, 0.3]))
    for turn, length, out in ((0, *half), (180, *half), (90, *half[::-1]), (-90, *half[::-1])):
        c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
        x = -length - 6
        while x < length + 6:
            w = rng.uniform(6, 15)
            hole = turn == 0 and landmark != "none" and abs(x + w / 2) < 13
            if not hole and rng.random() < 0.93:
                wall, floors = facades[int(rng.integers(4))], int(rng.integers(2, 6))
                px, py = x + w / 2, out + rng.uniform(0, 0.4)
                house = buildings.building(rng, palette, wall, w, 10, floors, cover)
                scene.place(house, px * c - py * s, px * s + py * c, 0, turn)
            x += w + (0 if rng.random() < 0.85 else rng.uniform(2, 6))
    walls = [buildings.facade(rng, 0.3 * night) for _ in range(3)]
    for x, y in land.scatter(rng, 90, float(np.hypot(*half)) + 22, 260):  # the town beyond
        h = rng.uniform(6, 30)
        top = cover if h < 16 else None
        block = buildings.block(rng, palette, walls[int(rng.integers(3))], rng.uniform(8, 20), 11, h, top)
        scene.place(block, x, y, 0, np.degrees(np.arctan2(-x, y)))
    if landmark == "church":
        wall = facades[0] if rng.random() < 0.5 else stone
        scene.place(landmarks.church(rng, palette, wall, cover), 0, half[1] - 4)
    elif landmark == "temple":
        scene.place(landmarks.temple(rng, stone, rng.uniform(12, 22), int(rng.choice([4, 6, 8]))), 0, half[1] - 3)
    elif landmark == "tower":
        wall = buildings.facade(rng, 0.3 * night)
        scene.place(landmarks.tower(rng, palette, wall, rng.uniform(14, 24), rng.uniform(40, 110)), 0, half[1])
    return stone


def lamps(rng: np.random.Generator, scene: Scene, palette: Palette, half: np.ndarray, night: bool) -> None:
    """Two rows of lamp posts, lit at night."""
    high = float(rng.uniform(3.2, 6))
    post, glow = outdoor.lamp_post(rng, palette, high, 0.6), []
    for x in np.arange(-half[0] + 3, half[0] - 2, rng.uniform(8, 14)):
        for s in (-1, 1):
            scene.place(post, x, s * half[1] * 0.72, 0, 90 + 90 * s)
            glow.append(outdoor.lamp_glow(high, 0.6).turned(90 + 90 * s).moved(x, s * half[1] * 0.72))
    if night:
        scene.add_light(outdoors.glowing(glow), np.array([1.0, 0.8, 0.5]) * 350)


def stalls(rng: np.random.Generator, scene: Scene, palette: Palette, half: np.ndarray, subjects: list[Subject]) -> None:
    """Rows of market stalls with sellers behind and buyers before them."""
    made = [leisure.stall(rng, palette) for _ in range(4)]
    people = [figures.person(rng, palette) for _ in range(6)]
    pick = lambda: people[int(rng.integers(6))]  # noqa: E731
    for y in np.arange(-half[1] * 0.5, half[1] * 0.4, rng.uniform(6, 8)):
        for x in np.arange(-half[0] * 0.6, half[0] * 0.6, 4.2):
            if rng.random() < 0.75:
                subjects.append(outdoors.put(scene, made[int(rng.integers(4))], x, y, 0.0, rng.normal(0, 3)))
                scene.place(pick(), x, y + 1.1, 0, rng.normal(0, 20))
                if rng.random() < 0.6:
                    turn = 180 + rng.normal(0, 40)
                    subjects.append(outdoors.put(scene, pick(), x + rng.normal(0, 0.5), y - 1.2, 0.0, turn))


def garlands(rng: np.random.Generator, scene: Scene, palette: Palette, half: np.ndarray) -> None:
    """Strings with flags across the square."""
    flags, ropes = [], []
    for y in rng.uniform(-0.7, 0.7, int(rng.integers(2, 6))) * half[1]:
        a, b = np.array([-half[0], y, rng.uniform(5, 7)]), np.array([half[0], y + rng.normal(0, 4), rng.uniform(5, 7)])
        ropes.append(shapes.rope(a, b, 1.2, 0.008, 24))
        for t in np.arange(0.02, 1, 0.6 / half[0]):
            p = a + (b - a) * t - np.array([0, 0, 4.8 * t * (1 - t)])
            flags.append(m.flat(p + np.array([(0, 0, 0), (0.25, 0, 0), (0.12, 0.03, -0.35)]), np.array([[0, 1, 2]])))
    scene.add(m.merged(ropes), palette.matte([0.05, 0.05, 0.05]))
    for k in range(3):
        scene.add(m.merged(flags[k::3]), palette.matte())
