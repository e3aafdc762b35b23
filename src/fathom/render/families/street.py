"""Streets between buildings, or between fields."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.camera import Camera
from fathom.render.families import outdoors
from fathom.render.materials import Palette, textured
from fathom.render.objects import buildings, figures, outdoor, plants, vehicles
from fathom.render.scene import Scene


def street(rng: np.random.Generator, cameras: int) -> Scene:
    """A road along +y with pavements, buildings or fields on both sides."""
    scene, palette = outdoors.open_air(rng, "street", (300, 6000)), Palette(rng)
    half = rng.uniform(2.8, 7.0)  # of the carriageway
    path = rng.uniform(1.2, 4.0)
    near, far = -25.0, float(rng.uniform(60, 160))
    length = far - near
    asphalt = outdoors.asphalt(rng)
    pavement = outdoors.paving(rng)
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
    facades, cover = outdoors.walls(rng, 4), buildings.roofing(rng)
    leaf, wood = plants.foliage(rng), plants.bark(rng)
    for s in (-1, 1):
        edge = half + path + (rng.uniform(2, 7) if rng.random() < 0.35 else 0)
        y = near
        density = rng.uniform(0.15, 0.5) if rural else rng.uniform(0.75, 1.0)
        while y < far:
            w = rng.uniform(6, 18)
            if rng.random() < density:
                tall = int(rng.integers(1, 4)) if rural or rng.random() < 0.5 else int(rng.integers(3, 9))
                house = buildings.building(
                    rng, palette, facades[int(rng.integers(4))], w, rng.uniform(7, 13), tall, cover
                )
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
        cars = [vehicles.car(rng, palette) for _ in range(3)]
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
            scene.place(vehicles.bicycle(rng, palette), s * (half + 0.8), rng.uniform(3, 20), kerb, rng.uniform(0, 360))
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
        scene.place(
            buildings.building(rng, palette, facades[0], 2 * half + 14, 12, int(rng.integers(2, 7)), cover), 0, far
        )
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
