"""Parks and gardens: trees near and far, lawns, ponds, paths, play things, and people and animals close by."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.families import outdoors
from fathom.render.families.outdoors import Subject
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


def park(rng: np.random.Generator, cameras: int) -> Scene:
    scene, palette = outdoors.open_air(rng, "park", (150, 6000)), Palette(rng)
    noise, swell = land.Noise(rng), rng.uniform(0.2, 2.5)
    pond = (rng.uniform(-22, 22), rng.uniform(10, 30), rng.uniform(5, 13)) if rng.random() < 0.45 else None

    def ground(x, y):
        x, y = np.asarray(x, float), np.asarray(y, float)
        z = swell * (noise(x / 45, y / 45, 3) - noise(0, 0, 3)) + 0.06 * noise(x / 2.5, y / 2.5, 3)
        if pond is not None:  # a hollow, whose rim is level with the water
            r = np.hypot(x - pond[0], (y - pond[1]) * 1.4) / pond[2] + 0.12 * noise(x / 6 + 9, y / 6)
            t = land.smoothstep(r, 0.75, 1.7)
            z = z * t + (1 - t) * (-1.1 + 1.4 * land.smoothstep(r, 0.5, 1.35))
        return z

    scene.add(land.polar(ground, (0.0, 0.0), 500, 180, 360), textured(textures.grass(rng), rng.uniform(2, 5)))
    dry = lambda x, y: pond is None or np.hypot(x - pond[0], (y - pond[1]) * 1.4) > pond[2] * 1.3  # noqa: E731
    if pond is not None:
        lake = m.lathe([(pond[2] * 1.6, 0.0), (0, 0.001)], 48).scaled(1, 0.75, 1).moved(pond[0], pond[1], -0.25)
        scene.add(lake, palette.glossy(np.array([0.02, 0.035, 0.03]) * rng.uniform(0.5, 2)))
    # The path winds past the middle, where most cameras are.
    y = np.arange(-60, 110, 1.5)
    bend = rng.uniform(2, 9) * np.sin(y / rng.uniform(12, 30) + rng.uniform(0, 6)) + rng.uniform(-4, 4)
    path, wide = land.on(ground, np.stack([bend, y], -1)), rng.uniform(0.7, 2.2)
    rows = [
        land.on(ground, shapes.offset(path, s * wide)[:, :2]) + np.array([0, 0, 0.025]) for s in (-1, -0.33, 0.33, 1)
    ]
    strip = np.stack(rows, 1).reshape(-1, 3)
    scene.add(m.smooth(strip, m.grid_faces(len(path), 4)), outdoors.paving(rng))
    beside = lambda at, off: (float(np.interp(at, y, bend)) + off, at)  # noqa: E731
    clear = lambda x, at: abs(x - np.interp(at, y, bend)) > wide + 0.5 and dry(x, at)  # noqa: E731

    leaves, wood = [plants.foliage(rng) for _ in range(3)], plants.bark(rng)
    planting(rng, scene, ground, leaves, wood, clear)
    furniture(rng, scene, palette, ground, path, wide)
    subjects = playground(rng, scene, palette, ground) if rng.random() < 0.4 else []
    if pond is not None:
        for _ in range(int(rng.integers(2, 8))):
            a = rng.uniform(0, 6.28)
            x, at = pond[0] + pond[2] * 1.12 * np.cos(a), pond[1] + pond[2] * 0.8 * np.sin(a)
            scene.place(plants.reeds(rng, 40, rng.uniform(0.8, 1.8), leaves[1]), x, at, float(ground(x, at)))
        for _ in range(int(rng.integers(0, 6))):
            x, at = pond[0] + rng.normal(0, 0.3) * pond[2], pond[1] + rng.normal(0, 0.2) * pond[2]
            swan = animals.bird(rng, palette, rng.uniform(0.35, 0.9), "swim")
            subjects.append(outdoors.put(scene, swan, x, at, -0.25, rng.uniform(0, 360)))
    spots = [beside(rng.uniform(-15, 50), rng.normal(0, wide * 0.5)) for _ in range(int(rng.integers(1, 7)))]
    spots += [p for p in land.scatter(rng, int(rng.integers(1, 7)), 2, 35) if dry(*p)]
    subjects += outdoors.crowd(rng, scene, palette, spots, ground)
    for x, at in land.scatter(rng, int(rng.integers(1, 6)), 1.5, 18):
        if not dry(x, at):
            continue
        kind = rng.random()
        thing = (
            animals.animal(rng, palette, species=str(rng.choice(["dog", "hound", "terrier", "dog", "cat"])))
            if kind < 0.55
            else animals.bird(rng, palette, rng.uniform(0.2, 0.45))
            if kind < 0.8
            else vehicles.bicycle(rng, palette)
        )
        subjects.append(outdoors.put(scene, thing, x, at, float(ground(x, at)), rng.uniform(0, 360)))
    for _ in range(int(rng.choice([0, 0, 2, 6]))):
        x, at = rng.uniform(-30, 30), rng.uniform(5, 60)
        scene.place(animals.bird(rng, palette, 0.35, "fly"), x, at, rng.uniform(2, 14), rng.uniform(0, 360))
    for _ in range(cameras):
        kind = rng.random()
        if kind < 0.5 and subjects:
            camera = outdoors.portrait(rng, subjects[int(rng.integers(len(subjects)))], ground)
        else:
            x, at = beside(rng.uniform(-12, 12), rng.normal(0, 2.5)) if kind < 0.85 else rng.normal(0, 8, 2)
            if not dry(x, at):
                continue
            yaw = rng.normal(0, 30) if rng.random() < 0.7 else rng.uniform(0, 360)
            camera = outdoors.view(rng, x, at, ground, yaw)
        scene.cameras.append(camera)
    while len(scene.cameras) < cameras:
        scene.cameras.append(outdoors.view(rng, *beside(rng.uniform(-12, 8), 0.0), ground, rng.normal(0, 30)))
    for camera in scene.cameras[:12:4]:  # a leafy branch before some of them
        _, down, forward = camera.axes()
        at = np.array(camera.at) + forward * rng.uniform(0.9, 1.6) - down * rng.uniform(0.35, 0.6)
        scene.place(plants.twig(rng, rng.uniform(0.6, 1.1), leaves[0], wood), at[0], at[1], at[2], rng.uniform(0, 360))
    return scene


def planting(rng: np.random.Generator, scene: Scene, ground, leaves, wood, clear) -> None:
    """Trees from the nearest to those that close the view, bushes, hedges, flowers, grass, fallen leaves."""
    pick = lambda: leaves[int(rng.integers(len(leaves)))]  # noqa: E731
    near = [plants.tree(rng, rng.uniform(4, 14), pick(), wood, 2.0) for _ in range(3)]
    middle = [plants.tree(rng, rng.uniform(5, 15), pick(), wood, 0.7) for _ in range(5)]
    far = [plants.far_tree(rng, rng.uniform(7, 17), pick(), wood) for _ in range(5)]
    far += [plants.far_tree(rng, rng.uniform(9, 18), plants.needles(rng), wood, "conifer")]
    for trees, count, low, high in (
        (near, 9, 3.5, 18),
        (middle, int(rng.integers(8, 22)), 12, 55),
        (far, int(rng.integers(60, 200)), 50, 200),
    ):
        for x, y in land.scatter(rng, count, low, high, power=0.8):
            if clear(x, y):
                scene.place(trees[int(rng.integers(len(trees)))], x, y, float(ground(x, y)), rng.uniform(0, 360))
    bushes = [plants.bush(rng, rng.uniform(0.6, 2.2), pick(), 1.5) for _ in range(4)]
    for x, y in land.scatter(rng, int(rng.integers(3, 22)), 2.5, 40):
        if clear(x, y):
            scene.place(bushes[int(rng.integers(4))], x, y, float(ground(x, y)), rng.uniform(0, 360))
    if rng.random() < 0.25:
        x, y = rng.uniform(-12, 12), rng.uniform(6, 18)
        scene.place(
            plants.hedge(rng, rng.uniform(6, 16), rng.uniform(0.7, 1.8), leaves[0]),
            x,
            y,
            float(ground(x, y)) - 0.1,
            rng.uniform(-30, 30),
        )
    palette = Palette(rng)
    for _ in range(int(rng.choice([0, 1, 2, 4]))):
        c = rng.normal(0, 6, 2)
        roots = land.on(ground, rng.normal(0, 0.8, (60, 2)) + c)
        for mesh, a in plants.flowers(rng, palette, roots, rng.uniform(0.2, 0.7), leaves[1]):
            scene.add(mesh, a)
    tall = float(np.exp(rng.uniform(np.log(0.04), np.log(0.4))))
    scene.add(land.grass(rng, ground, (0, 0), 9000, 5.0, tall), leaves[2])
    if rng.random() < 0.4:
        fallen = rng.normal(0, 6, (1500, 2))
        scene.add(m.leaves(rng, land.on(ground, fallen) + np.array([0, 0, 0.03]), 0.07), leaves[0])


def furniture(rng: np.random.Generator, scene: Scene, palette: Palette, ground, path: np.ndarray, wide: float) -> None:
    """Benches with people on them, bins, lamps along the path, a fence, a fountain or statue, houses behind it all."""
    place = lambda parts, x, y, turn=0.0: scene.place(parts, x, y, float(ground(x, y)), turn)  # noqa: E731
    benches = [p for p in shapes.every(shapes.offset(path, wide + 0.7)[20:], rng.uniform(7, 20)) if rng.random() < 0.7]
    bench = leisure.bench(rng, palette)
    for at, turn in benches[:6]:
        place(bench, at[0], at[1], turn - 90)
        if rng.random() < 0.5:
            place(figures.person(rng, palette, seated=True), at[0], at[1], turn - 90)
        if rng.random() < 0.4:
            place(leisure.bin_(palette), at[0], at[1] + 1.8)
    if rng.random() < 0.6:
        post = outdoor.lamp_post(rng, palette, rng.uniform(3, 4.5))
        for at, turn in shapes.every(shapes.offset(path, -wide - 0.5), rng.uniform(12, 25)):
            place(post, at[0], at[1], turn)
    if rng.random() < 0.45:
        a = rng.uniform(0, 360)
        line = np.stack([np.linspace(-25, 25, 21), np.full(21, rng.uniform(5, 14))], -1)
        c, s = np.cos(np.radians(a)), np.sin(np.radians(a))
        bars = rng.choice([0.12, 0.2, 2.0])
        p = land.on(ground, line @ np.array([[c, s], [-s, c]]))
        scene.add(
            m.fence(
                p[: 21 if bars > 1 else 9],
                rng.uniform(0.7, 1.5),
                int(rng.integers(2, 4)),
                float(bars),
                0.012 if bars < 1 else 0.04,
            ),
            palette.any(),
        )
    x, y = rng.uniform(-14, 14), rng.uniform(10, 25)
    if rng.random() < 0.35:
        stone = textured(textures.concrete(rng), 2.0)
        place(
            leisure.fountain(rng, stone, palette) if rng.random() < 0.5 else landmarks.statue(rng, palette, stone), x, y
        )
    for x, y in land.scatter(rng, int(rng.choice([0, 1, 3])), 4, 20):
        place(
            leisure.table_and_benches(palette) if rng.random() < 0.6 else leisure.parasol(rng, palette),
            x,
            y,
            rng.uniform(0, 360),
        )
    wall, cover = [buildings.facade(rng) for _ in range(2)], buildings.roofing(rng)
    for a in rng.uniform(0, 2 * np.pi, int(rng.choice([0, 2, 8, 14]))):
        r, h = rng.uniform(80, 170), rng.uniform(6, 30)
        x, y = r * np.sin(a), r * np.cos(a)
        house = buildings.block(
            rng, palette, wall[int(rng.integers(2))], rng.uniform(10, 30), 12, h, cover if h < 14 else None
        )
        scene.place(house, x, y, float(ground(x, y)) - 0.5, -np.degrees(a))


def playground(rng: np.random.Generator, scene: Scene, palette: Palette, ground) -> list[Subject]:
    """Swings, slides and climbing frames with children around them."""
    x0, y0 = rng.uniform(-9, 9), rng.uniform(7, 14)
    made = [leisure.swing(rng, palette), leisure.slide(rng, palette), leisure.climbing_frame(palette)]
    subjects = []
    for k in rng.permutation(3)[: int(rng.integers(1, 4))]:
        x, y = x0 + (k - 1) * 5.5, y0 + rng.normal(0, 1)
        subjects.append(outdoors.put(scene, made[k], x, y, float(ground(x, y)), rng.uniform(0, 360)))
    for _ in range(int(rng.integers(1, 6))):
        x, y = x0 + rng.normal(0, 4), y0 - 2 + rng.normal(0, 2)
        child = figures.person(
            rng,
            palette,
            rng.uniform(0.95, 1.4),
            pose=str(rng.choice(["run", "step", "wave", "crouch", "walk", "stand"])),
        )
        subjects.append(outdoors.put(scene, child, x, y, float(ground(x, y)), rng.uniform(0, 360)))
    return subjects
