"""Open country: hills, mountains, beaches, woods, often with a subject standing in the foreground."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.camera import Camera
from fathom.render.families import outdoors
from fathom.render.materials import Palette, textured
from fathom.render.objects import animals, buildings, figures, plants, vehicles
from fathom.render.scene import Material, Scene


class Ground:
    """Heights over the whole plane: rolling near the origin, rising to hills or mountains far away."""

    def __init__(self, rng: np.random.Generator):
        self.waves = []
        rough = rng.uniform(0.2, 1.0)
        for k in range(7):
            wavelength = 120 / 2**k
            a = rng.uniform(0, 2 * np.pi)
            self.waves.append(
                (
                    np.cos(a) * 6.28 / wavelength,
                    np.sin(a) * 6.28 / wavelength,
                    rng.uniform(0, 6.28),
                    rough * 0.022 * wavelength,
                )
            )
        self.ridges = [(rng.normal(0, 0.012), rng.normal(0, 0.012), rng.uniform(0, 6.28)) for _ in range(8)]
        self.mountains = float(rng.choice([0, 15, 60, 220]) * rng.uniform(0.6, 1.4))
        self.begin = rng.uniform(40, 250)
        self.tilt = rng.normal(0, 0.05, 2)

    def __call__(self, x, y) -> np.ndarray:
        """Heights at points, any shape."""
        x, y = np.asarray(x, float), np.asarray(y, float)
        r = np.hypot(x, y)
        z = sum(np.sin(a * x + b * y + p) * h for a, b, p, h in self.waves) * (1 - np.exp(-r / 12))
        z = z + (x * self.tilt[0] + y * self.tilt[1]) * np.exp(-r / 150)
        ridge = (
            sum(
                1 - np.abs(np.sin(a * x * 2 ** (k / 3) + b * y * 2 ** (k / 3) + p)) * 2 ** (-k / 4)
                for k, (a, b, p) in enumerate(self.ridges)
            )
            / 4
        )
        return z + self.mountains * np.clip((r - self.begin) / 500, 0, 1.5) ** 1.3 * ridge


def terrain(rng: np.random.Generator, cameras: int) -> Scene:
    scene, palette, ground = outdoors.open_air(rng, "terrain", (350, 12000)), Palette(rng), Ground(rng)
    # A grid that is fine near the middle and reaches a kilometre and a half.
    t = np.linspace(-1, 1, 181)
    axis = np.sign(t) * (np.abs(t) * 12 + np.abs(t) ** 4 * 1500)
    gx, gy = np.meshgrid(axis, axis)
    z = ground(gx, gy)
    style = str(rng.choice(["grass", "sand", "rock", "soil", "snow"], p=[0.45, 0.18, 0.14, 0.15, 0.08]))
    texture = {
        "grass": lambda: textures.grass(rng),
        "sand": lambda: textures.mottled(rng, np.array([0.45, 0.36, 0.24]) * rng.uniform(0.7, 1.3), None, 5),
        "rock": lambda: textures.gravel(rng) if rng.random() < 0.5 else textures.concrete(rng),
        "soil": lambda: textures.mottled(rng, np.array([0.2, 0.13, 0.08]) * rng.uniform(0.6, 1.6), None, 9),
        "snow": lambda: textures.plain(rng, np.array([0.8, 0.82, 0.85]), 0.06),
    }[style]()
    scene.add(m.heightfield(axis, axis, z), textured(texture, rng.uniform(2, 9)))
    water = None
    if rng.random() < 0.35:
        water = float(np.percentile(ground(rng.uniform(-60, 60, 400), rng.uniform(-60, 60, 400)), rng.uniform(5, 45)))
        waves = rng.uniform(0.0, 0.05)
        wz = water + waves * sum(np.sin(gx * a + gy * b + p) for a, b, p in rng.normal(0, 1.5, (5, 3)))
        blue = np.array([0.02, 0.06, 0.08]) * rng.uniform(0.4, 2, 3)
        scene.add(m.heightfield(axis, axis, wz), palette.glossy(blue))

    def dry(x: float, y: float) -> bool:
        return water is None or float(ground(x, y)) > water - 0.15

    leaf = [plants.foliage(rng), plants.foliage(rng)]
    wood = plants.bark(rng)
    grey = np.full(3, rng.uniform(0.12, 0.4)) * rng.uniform(0.9, 1.1, 3)
    rock = Material("matte", textures.mottled(rng, grey, grey * 0.5, 9), 2.0)
    forest = float(rng.choice([0, 8, 25, 60], p=[0.2, 0.35, 0.3, 0.15]))
    kinds = [
        plants.tree(rng, rng.uniform(3.5, 13), leaf[int(rng.integers(2))], wood, float(rng.choice([0.5, 1.0])))
        for _ in range(6)
    ]
    for _ in range(int(forest * rng.uniform(0.7, 1.3))):
        a, r = rng.uniform(0, 2 * np.pi), 4 + 110 * rng.random() ** 1.4
        x, y = r * np.cos(a), r * np.sin(a)
        if dry(x, y):
            scene.place(kinds[int(rng.integers(6))], x, y, float(ground(x, y)), rng.uniform(0, 360))
    stones = [plants.stone(rng, rng.uniform(0.3, 2.5), rock) for _ in range(4)]
    for _ in range(int(rng.choice([0, 5, 15, 40]))):
        a, r = rng.uniform(0, 2 * np.pi), 1.5 + 40 * rng.random() ** 1.5
        x, y = r * np.cos(a), r * np.sin(a)
        scene.place(stones[int(rng.integers(4))], x, y, float(ground(x, y)), rng.uniform(0, 360))
    for _ in range(int(rng.choice([0, 3, 10]))):
        a, r = rng.uniform(0, 2 * np.pi), 2 + 30 * rng.random()
        x, y = r * np.cos(a), r * np.sin(a)
        if dry(x, y):
            scene.place(plants.bush(rng, rng.uniform(0.4, 2), leaf[0]), x, y, float(ground(x, y)))
    if style in ("grass", "soil", "sand") and rng.random() < 0.75:
        n = 5000 if style == "grass" else 900
        p = rng.normal(0, 5, (n, 2))
        roots = np.concatenate([p, ground(p[:, 0], p[:, 1])[:, None]], 1)
        scene.add(m.blades(rng, roots, rng.uniform(0.06, 0.6), 0.018, 0.7), leaf[1])
    if rng.random() < 0.35:  # a fence
        a = rng.uniform(0, 2 * np.pi)
        along, off = np.array([np.cos(a), np.sin(a)]), np.array([-np.sin(a), np.cos(a)]) * rng.uniform(3, 9)
        p = off + along * np.arange(-24, 25, 3.0)[:, None]
        p3 = np.concatenate([p, ground(p[:, 0], p[:, 1])[:, None]], 1)
        scene.add(
            m.fence(p3, rng.uniform(0.8, 1.4), int(rng.integers(2, 5)), 1.5, 0.03),
            wood if rng.random() < 0.6 else palette.metal(),
        )
    if rng.random() < 0.35:  # a path
        p = np.linspace(-40, 60, 120)
        bend = rng.uniform(-2, 2) + rng.uniform(1, 6) * np.sin(p * rng.uniform(0.03, 0.1) + rng.uniform(0, 6))
        wide = rng.uniform(0.5, 1.6)
        strip = np.stack([np.stack([bend + s * wide, p, ground(bend + s * wide, p) + 0.04], -1) for s in (-1, 0, 1)], 1)
        v = strip.reshape(-1, 3)
        scene.add(m.smooth(v, m.grid_faces(120, 3), v[:, :2].copy()), textured(textures.gravel(rng), 2.0))
    if rng.random() < 0.25:
        a, r = rng.uniform(0, 2 * np.pi), rng.uniform(15, 60)
        x, y = r * np.cos(a), r * np.sin(a)
        wall = textured(textures.any_texture(rng), 2.0)
        scene.place(
            buildings.building(rng, palette, wall, rng.uniform(5, 12), rng.uniform(5, 9), int(rng.integers(1, 3))),
            x,
            y,
            float(ground(x, y)) - 0.4,
            np.degrees(a) - 90,
        )
    subjects = []
    for _ in range(int(rng.choice([1, 2, 3, 5]))):
        x, y = rng.normal(0, 4, 2)
        kind = rng.random()
        if kind < 0.4:
            thing = animals.animal(rng, palette)
        elif kind < 0.75:
            thing = figures.person(rng, palette)
        elif kind < 0.85:
            thing = animals.bird(rng, palette)
        else:
            thing = (
                plants.stone(rng, rng.uniform(0.5, 2.0), rock) if rng.random() < 0.5 else vehicles.bicycle(rng, palette)
            )
        size = float(np.ptp(np.concatenate([mesh.vertices for mesh, _ in thing]), axis=0).max())
        foot = float(ground(x, y)) if dry(x, y) or water is None else water - 0.1 * size
        scene.place(thing, x, y, foot, rng.uniform(0, 360))
        subjects.append((x, y, foot, size))
    for _ in range(cameras):
        x, y, foot, size = subjects[int(rng.integers(len(subjects)))]
        roll = rng.normal(0, 2) if rng.random() < 0.85 else rng.normal(0, 9)
        a = rng.uniform(0, 2 * np.pi)
        if rng.random() < 0.65:  # the subject
            r = size * np.exp(rng.uniform(np.log(0.7), np.log(3.5))) + 0.4
            cx, cy = x + r * np.cos(a), y + r * np.sin(a)
            floor = max(float(ground(cx, cy)), water if water is not None else -1e9)
            at = (cx, cy, floor + rng.uniform(0.3, 1.8))
            target = (
                x + rng.normal(0, 0.15) * size,
                y + rng.normal(0, 0.15) * size,
                foot + size * rng.uniform(0.3, 0.7),
            )
        else:  # the view
            r = rng.uniform(2, 15)
            cx, cy = r * np.cos(a), r * np.sin(a)
            floor = max(float(ground(cx, cy)), water if water is not None else -1e9)
            at = (cx, cy, floor + (rng.uniform(1.2, 2) if rng.random() < 0.7 else rng.uniform(2, 25)))
            b = rng.uniform(0, 2 * np.pi)
            target = (cx + 20 * np.cos(b), cy + 20 * np.sin(b), at[2] + rng.uniform(-7, 3.5))
        scene.cameras.append(Camera.looking_at(at, target, roll, rng.uniform(35, 85)))
    return scene
