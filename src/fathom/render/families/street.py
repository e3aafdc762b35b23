"""Streets between buildings, and house fronts with their gardens."""

from __future__ import annotations

import numpy as np

from fathom.render import light, textures
from fathom.render import meshes as m
from fathom.render.camera import Camera
from fathom.render.materials import Palette, textured
from fathom.render.objects import figures, outdoor, plants
from fathom.render.scene import Material, Scene


def walls(rng: np.random.Generator) -> list[Material]:
    """A few facade materials for a whole street."""
    made = []
    for _ in range(4):
        texture = (
            textures.bricks(rng, 16)
            if rng.random() < 0.4
            else textures.concrete(rng)
            if rng.random() < 0.2
            else textures.plain(rng, textures.colour(rng, (0, 0.5), (0.2, 0.75)))
        )
        made.append(textured(texture, rng.uniform(1.5, 2.5)))
    return made


def outdoors(rng: np.random.Generator) -> Scene:
    sky = light.sky(rng)
    scene = Scene("street", sky.environment)
    if rng.random() < 0.35:
        scene.haze, scene.haze_colour = rng.uniform(0.001, 0.012), sky.horizon
    return scene


def street(rng: np.random.Generator, cameras: int) -> Scene:
    return front(rng, cameras) if rng.random() < 0.3 else road(rng, cameras)


def road(rng: np.random.Generator, cameras: int) -> Scene:
    """A road along +y with pavements, buildings or fields on both sides."""
    scene, palette = outdoors(rng), Palette(rng)
    half = rng.uniform(2.8, 7.0)  # of the carriageway
    path = rng.uniform(1.2, 4.0)
    near, far = -25.0, float(rng.uniform(60, 160))
    length = far - near
    asphalt = textured(
        textures.grain(
            rng,
            np.full((256, 256, 3), rng.uniform(0.04, 0.2), np.float32)
            + rng.normal(0, 0.012, (256, 256, 1)).astype(np.float32),
            0.3,
        ),
        3.0,
    )
    pavement = textured(textures.tiles(rng, 8) if rng.random() < 0.6 else textures.concrete(rng), 2.0)
    verge = textured(textures.grass(rng), 3.0)
    rural = rng.random() < 0.25
    slope_far = rng.uniform(-0.5, 3.0)
    kerb = 0.0 if rural else rng.uniform(0.08, 0.17)
    scene.add(m.quad((-half, near, 0), (2 * half, 0, 0), (0, length, 0)), asphalt)
    for s in (-1, 1):
        scene.add(
            m.box(path, length, kerb + 0.3).moved(s * (half + path / 2), near + length / 2, -0.3),
            verge if rural else pavement,
        )
        scene.add(
            m.box(0.15, length, kerb + 0.31).moved(s * (half + 0.05), near + length / 2, -0.3),
            palette.matte([0.35, 0.35, 0.34]),
        )
    scene.add(m.quad((-300, -100, -0.03), (600, 0, 0), (0, 700, 0)), verge if rural or rng.random() < 0.5 else pavement)
    white = palette.matte([0.65, 0.65, 0.62]) if rng.random() < 0.8 else palette.matte([0.6, 0.45, 0.08])
    dash, gap = (rng.uniform(1.5, 4), rng.uniform(2, 6)) if rng.random() < 0.8 else (length, 1.0)
    marks = []
    lanes = [0.0] if half < 5 else [-half / 2, 0.0, half / 2]
    for x in lanes:
        marks += [
            m.quad((x - 0.07, y, 0.004), (0.14, 0, 0), (0, dash, 0)) for y in np.arange(near, far - 1, dash + gap)[:60]
        ]
    if rng.random() < 0.5:
        marks += [m.quad((s * (half - 0.35) - 0.06, near, 0.004), (0.12, 0, 0), (0, length, 0)) for s in (-1, 1)]
    if rng.random() < 0.4:  # a crossing
        y = rng.uniform(3, 25)
        marks += [m.quad((x, y, 0.005), (0.5, 0, 0), (0, 3, 0)) for x in np.arange(-half + 0.3, half - 0.5, 1.0)]
    if rng.random() < 0.9:
        scene.add(m.merged(marks), white)
    facades = walls(rng)
    leaf, wood = plants.foliage(rng), plants.bark(rng)
    for s in (-1, 1):
        edge = half + path + (rng.uniform(2, 7) if rng.random() < 0.35 else 0)
        y = near
        density = rng.uniform(0.15, 0.5) if rural else rng.uniform(0.75, 1.0)
        while y < far:
            w = rng.uniform(6, 18)
            if rng.random() < density:
                tall = int(rng.integers(1, 4)) if rural or rng.random() < 0.5 else int(rng.integers(3, 9))
                house = outdoor.building(rng, palette, facades[int(rng.integers(4))], w, rng.uniform(7, 13), tall)
                scene.place(
                    house,
                    s * (edge + (rng.uniform(2, 15) if rural else rng.uniform(0, 0.5))),
                    y + w / 2,
                    kerb,
                    -90 if s > 0 else 90,
                )
            elif rng.random() < 0.7:
                scene.place(plants.tree(rng, rng.uniform(5, 11), leaf, wood, 0.7), s * (edge + 3), y + w / 2, 0)
            y += w + (0 if not rural and rng.random() < 0.7 else rng.uniform(1, 8))
        if rng.random() < 0.35:
            scene.add(
                m.fence(
                    [(s * (edge - 0.3), 2, kerb), (s * (edge - 0.3), 30, kerb)], rng.uniform(0.8, 1.6), 2, 0.25, 0.018
                ),
                palette.any(),
            )
        if rng.random() < 0.3:
            scene.place(
                [(mesh.turned(90), a) for mesh, a in plants.hedge(rng, 14, rng.uniform(0.8, 2), leaf)],
                s * (edge - 0.2),
                rng.uniform(8, 25),
                kerb,
            )
        every = rng.uniform(12, 28)
        if rng.random() < 0.75:
            post = outdoor.lamp_post(rng, palette)
            for y in np.arange(rng.uniform(0, every), far * 0.7, every):
                scene.place(post, s * (half + 0.5), y, kerb, -90 if s > 0 else 90)
        if rng.random() < 0.55:
            trees = [plants.tree(rng, rng.uniform(4, 9), leaf, wood, 0.9) for _ in range(2)]
            for k, y in enumerate(np.arange(rng.uniform(3, 12), far * 0.6, rng.uniform(7, 15))):
                scene.place(trees[k % 2], s * (half + path * rng.uniform(0.4, 0.9)), y, kerb, rng.uniform(0, 360))
        cars = [outdoor.car(rng, palette) for _ in range(3)]
        if rng.random() < 0.7:  # parked
            for y in np.arange(rng.uniform(2, 12), far * 0.5, rng.uniform(5.5, 9)):
                if rng.random() < 0.65:
                    scene.place(
                        cars[int(rng.integers(3))], s * (half - 1.05), y, 0, (180 if s > 0 else 0) + rng.normal(0, 2)
                    )
        for _ in range(int(rng.integers(0, 4))):  # driving
            scene.place(
                cars[int(rng.integers(3))],
                s * (half - (3.2 if half > 4.5 else 1.6)),
                rng.uniform(7, 60),
                0,
                180 if s > 0 else 0,
            )
        for _ in range(int(rng.choice([0, 1, 2, 3, 6]))):
            x = s * (half + path * rng.uniform(0.25, 0.85)) if rng.random() < 0.8 else rng.uniform(-half, half)
            scene.place(
                figures.person(rng, palette),
                x,
                2 + 30 * rng.random() ** 1.5,
                kerb if abs(x) > half else 0,
                rng.choice([0, 180, 90]) + rng.normal(0, 25),
            )
        for _ in range(int(rng.integers(0, 4))):
            scene.place(outdoor.sign(rng, palette), s * (half + 0.35), rng.uniform(3, 40), kerb, rng.normal(0, 8))
        if rng.random() < 0.25:
            scene.place(
                outdoor.bollards(palette, 12, rng.uniform(1.2, 2.5)), s * (half + 0.3), rng.uniform(3, 10), kerb
            )
        for _ in range(int(rng.integers(0, 3))):
            scene.place(outdoor.bicycle(rng, palette), s * (half + 0.8), rng.uniform(3, 20), kerb, rng.uniform(0, 360))
    if rng.random() < 0.5:  # wires
        z, sag = rng.uniform(6, 9), rng.uniform(0.3, 1.2)
        t = np.linspace(0, 1, 9)
        wires = []
        for k in range(int(rng.integers(1, 4))):
            for y in np.arange(-5, 60, 22.0):
                x = half + 0.5 + 0.4 * k
                wires.append(m.tube(np.stack([np.full(9, x), y + 22 * t, z - sag * 4 * t * (1 - t)], -1), 0.012, 4))
            y = rng.uniform(5, 30)
            wires.append(
                m.tube(
                    np.stack([(2 * t - 1) * (half + path), np.full(9, y + k * 0.3), z - sag * 4 * t * (1 - t)], -1),
                    0.012,
                    4,
                )
            )
        scene.add(m.merged(wires), palette.matte([0.02, 0.02, 0.02]))
    if rng.random() < 0.6:  # what ends the view
        scene.place(outdoor.building(rng, palette, facades[0], 2 * half + 14, 12, int(rng.integers(2, 7))), 0, far)
    else:
        hill = np.linspace(-1, 1, 33)
        heights = slope_far * 20 * np.exp(-((hill * 2) ** 2))[None] * np.linspace(0, 1, 9)[:, None] - 1
        scene.add(m.heightfield(hill * 300, np.linspace(far, far + 300, 9), heights), verge)
    for _ in range(cameras):
        kind = rng.random()
        if kind < 0.4:  # a driver
            at, yaw, pitch = (
                (half / 2 * rng.uniform(0.6, 1.1), rng.uniform(-12, 8), rng.uniform(1.2, 1.9)),
                rng.normal(0, 6),
                rng.normal(-2, 3),
            )
        elif kind < 0.85:  # a walker
            s = rng.choice([-1, 1])
            at, yaw, pitch = (
                (s * (half + path * rng.uniform(0.2, 0.7)), rng.uniform(-12, 12), kerb + rng.uniform(1.1, 1.8)),
                s * rng.uniform(-15, 60),
                rng.normal(0, 5),
            )
        else:  # from a window
            at, yaw, pitch = (
                (rng.uniform(-1, 1) * half, rng.uniform(-12, 5), rng.uniform(3, 9)),
                rng.normal(0, 20),
                rng.uniform(-30, -5),
            )
        roll = rng.normal(0, 1.5) if rng.random() < 0.85 else rng.normal(0, 7)
        scene.cameras.append(
            Camera(
                (float(at[0]), float(at[1]), float(at[2])), float(yaw), float(pitch), float(roll), rng.uniform(40, 95)
            )
        )
    return scene


def front(rng: np.random.Generator, cameras: int) -> Scene:
    """A house seen over its front garden."""
    scene, palette = outdoors(rng), Palette(rng)
    facades, leaf, wood = walls(rng), plants.foliage(rng), plants.bark(rng)
    garden = rng.uniform(4, 16)  # metres from the fence at y = 0 to the house
    lawn = textured(textures.grass(rng) if rng.random() < 0.8 else textures.gravel(rng), 3.0)
    scene.add(m.quad((-200, -60, 0), (400, 0, 0), (0, 300, 0)), lawn)
    scene.add(m.box(400, 2.5, 0.03).moved(0, -2), textured(textures.tiles(rng, 8), 2.0))
    scene.add(m.box(400, 6, 0.02).moved(0, -6.5), textured(textures.concrete(rng), 3.0))
    w = rng.uniform(7, 16)
    scene.place(
        outdoor.building(rng, palette, facades[0], w, rng.uniform(7, 11), int(rng.choice([1, 1, 2, 2, 3]))), 0, garden
    )
    if rng.random() < 0.5:  # a porch or a garage
        gw, gh = rng.uniform(2.5, 4), rng.uniform(2.3, 2.8)
        side = rng.choice([-1, 1]) * (w / 2 + gw / 2) * rng.uniform(0.6, 1.05)
        scene.add(m.box(gw, 5, gh).moved(side, garden + 0.5), facades[1])
        scene.add(m.box(gw * 0.8, 0.1, gh * 0.85).moved(side, garden - 2.02), palette.matte())
        scene.place(outdoor.roof(rng, palette, gw, 5, gh), side, garden - 2)
    for s in (-1, 1):
        if rng.random() < 0.7:
            nw = rng.uniform(7, 14)
            scene.place(
                outdoor.building(rng, palette, facades[int(rng.integers(4))], nw, 9, int(rng.integers(1, 4))),
                s * (w / 2 + nw / 2 + rng.uniform(2, 9)),
                garden + rng.uniform(-2, 5),
            )
    scene.add(
        m.box(1.4, garden, 0.04).moved(rng.uniform(-0.3, 0.3) * w, garden / 2), textured(textures.tiles(rng, 4), 1.0)
    )
    kind = rng.random()
    if kind < 0.35:
        h, style = rng.uniform(0.7, 1.4), rng.choice([0.1, 0.16, 0.3])
        for a, b in ((-14, -1), (1, 14)):
            scene.add(m.fence([(a, 0, 0), (b, 0, 0)], h, 2, float(style), rng.uniform(0.012, 0.03)), palette.any())
    elif kind < 0.6:
        for x in (-7.0, 7.0):
            scene.place(plants.hedge(rng, 11, rng.uniform(0.6, 1.4), leaf), x, 0)
    elif kind < 0.75:
        scene.add(m.box(26, 0.3, rng.uniform(0.5, 1.1)), facades[2])
    for _ in range(int(rng.integers(2, 10))):
        x, y = rng.uniform(-12, 12), rng.uniform(0.6, garden - 0.6)
        if abs(x) > 1:
            scene.place(plants.bush(rng, rng.uniform(0.4, 1.6), leaf), x, y)
    for _ in range(int(rng.integers(0, 4))):
        s = rng.choice([-1, 1])
        scene.place(plants.tree(rng, rng.uniform(3, 10), leaf, wood), s * rng.uniform(3, 14), rng.uniform(1, garden), 0)
    for _ in range(int(rng.integers(2, 7))):
        scene.place(
            plants.tree(rng, rng.uniform(6, 14), leaf, wood, 0.5), rng.uniform(-40, 40), garden + rng.uniform(14, 40)
        )
    if rng.random() < 0.6:
        y = rng.choice([-5.0, garden * 0.5])
        scene.place(
            outdoor.car(rng, palette),
            rng.uniform(-7, 7),
            y,
            0,
            rng.choice([90, -90]) if y < 0 else rng.uniform(-20, 20),
        )
    for _ in range(int(rng.choice([0, 1, 1, 2]))):
        scene.place(
            figures.person(rng, palette), rng.uniform(-5, 5), rng.uniform(-3, garden - 1), 0, rng.uniform(0, 360)
        )
    if rng.random() < 0.4:
        scene.place(
            figures.animal(rng, palette, rng.uniform(0.4, 0.8)),
            rng.uniform(-4, 4),
            rng.uniform(-2.5, garden - 1),
            0,
            rng.uniform(0, 360),
        )
    if rng.random() < 0.4:
        scene.place(outdoor.lamp_post(rng, palette), rng.uniform(-8, 8), -1.2, 0)
    if rng.random() < 0.5:
        roots = rng.uniform(-1, 1, (2500, 3)) * [8, garden / 2, 0] + [0, garden / 2, 0]
        scene.add(m.blades(rng, roots, rng.uniform(0.05, 0.2), 0.02), leaf)
    for _ in range(cameras):
        x, y = rng.uniform(-8, 8), -rng.uniform(0.5, 13)
        target = (rng.uniform(-0.3, 0.3) * w, garden, rng.uniform(1.0, 4.0))
        roll = rng.normal(0, 2)
        scene.cameras.append(Camera.looking_at((x, y, rng.uniform(0.8, 2.0)), target, roll, rng.uniform(45, 85)))
    return scene
