"""The sea: beaches with bathers, cliffs, and harbours full of masts."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.families import outdoors
from fathom.render.families.outdoors import Subject
from fathom.render.materials import Palette, textured
from fathom.render.objects import animals, boats, buildings, figures, land, leisure, outdoor, plants, vehicles
from fathom.render.scene import Material, Scene


def coast(rng: np.random.Generator, cameras: int) -> Scene:
    return harbour(rng, cameras) if rng.random() < 0.35 else beach(rng, cameras)


def sea(rng: np.random.Generator, scene: Scene, waves: float, length: float) -> None:
    """Water at z = 0 all around, to the horizon."""
    blue = np.array([0.015, 0.05, 0.065]) * rng.uniform(0.4, 2.2, 3)
    scene.add(
        land.water(rng, 0.0, waves, (0.0, 0.0), 30000, length), Material("glossy", textures.plain(rng, blue, 0.15), 9.0)
    )


def offing(rng: np.random.Generator, scene: Scene, palette: Palette, near: float) -> list[Subject]:
    """Boats, ships and birds out at sea, towards +y."""
    subjects = []
    for _ in range(int(rng.choice([0, 2, 5, 9]))):
        r, a = near + 250 * rng.random() ** 2, rng.normal(0, 0.6)
        boat = boats.boat(rng, palette)
        subjects.append(outdoors.put(scene, boat, r * np.sin(a), r * np.cos(a), 0.0, rng.uniform(0, 360)))
    for _ in range(int(rng.choice([0, 0, 1, 2]))):
        scene.place(
            boats.ship(rng, palette),
            rng.normal(0, 900),
            rng.uniform(1500, 3500),
            0,
            rng.choice([-90, 90]) + rng.normal(0, 20),
        )
    for _ in range(int(rng.choice([0, 2, 6]))):
        gull = animals.bird(rng, palette, rng.uniform(0.3, 0.5), "fly")
        scene.place(gull, rng.uniform(-15, 15), rng.uniform(3, 45), rng.uniform(2.5, 12), rng.uniform(0, 360))
    return subjects


def beach(rng: np.random.Generator, cameras: int) -> Scene:
    scene, palette = outdoors.open_air(rng, "coast", (1500, 40000)), Palette(rng)
    noise, curve = land.Noise(rng), rng.uniform(5, 40)
    slope, dunes, cliff = (
        rng.uniform(0.025, 0.09),
        rng.uniform(0, 4),
        float(rng.choice([0, 0, 15, 50]) * rng.uniform(0.6, 1.4)),
    )
    cape = float(rng.choice([-1, 1])) * rng.uniform(120, 400)  # a headland that closes one side of the bay
    tall, reach = rng.uniform(10, 140), rng.uniform(150, 500)
    shore = lambda x: 9 + curve * noise(np.asarray(x, float) / 130, 0.5, 3) - curve * noise(0, 0.5, 3)  # noqa: E731

    def ground(x, y):
        x, y = np.asarray(x, float), np.asarray(y, float)
        inland = shore(x) - y
        z = np.where(inland > 0, slope * np.minimum(inland, 30), np.maximum(0.06 * inland, -6))
        z = z + dunes * land.smoothstep(inland, 25, 60) * (0.6 + 0.5 * noise(x / 18, y / 18, 4))
        z = z + 0.05 * noise(x / 1.3, y / 1.3, 3) * land.smoothstep(inland, 0, 4)
        head = land.smoothstep((x - cape) * np.sign(cape), -60, 70) * land.smoothstep(
            reach - y + 60 * noise(x / 70, y / 70, 3), 0, 60
        )
        z = z + head * tall * (0.6 + 0.5 * noise.ridged(x / 160, y / 160, 5))
        return (
            z
            + cliff * land.smoothstep(inland + 6 * noise(x / 12, y / 12, 4), 38, 46)
            + 120 * land.smoothstep(inland, 300, 2500) * noise.ridged(x / 700, y / 700)
        )

    tone = np.array([0.5, 0.41, 0.28]) * rng.uniform(0.6, 1.25)
    pebbles = rng.random() < 0.2
    sand = textured(textures.gravel(rng) if pebbles else textures.mottled(rng, tone, tone * 0.85, 5), 3.0)
    wet = textured(textures.mottled(rng, tone * 0.55, tone * 0.45, 4), 5.0, "glossy")
    grey = np.full(3, rng.uniform(0.15, 0.45)) * rng.uniform(0.9, 1.1, 3)
    rock = textured(textures.mottled(rng, grey, grey * 0.5, 8), 7.0)
    green = textured(textures.grass(rng), 6.0)

    def choose(centre, steepness):
        x, y, z = centre.T
        index = np.where(z + 0.25 * noise(x / 5, y / 5, 3) < 0.25, 1, 0)
        index = np.where((z > 3 + 1.5 * noise(x / 9, y / 9, 3)) & (shore(x) - y > 28), 3, index)
        return np.where(steepness + rng.normal(0, 0.08, len(z)) > 0.75 + 0.2 * noise(x / 15, y / 15, 3), 2, index)

    land.cover(scene, land.polar(ground, (0.0, 0.0), 5000, 250, 420), [sand, wet, rock, green], choose)
    waves = float(rng.choice([0.06, 0.2, 0.45]) * rng.uniform(0.6, 1.4))
    sea(rng, scene, waves, rng.uniform(5, 16))
    foam, x = [], np.arange(-120, 121, 0.8)
    for k in range(int(rng.integers(2, 6))):  # breaking waves, and the last of them on the sand
        out = -0.6 + 6.0 * k * rng.uniform(0.6, 1.4)
        y = shore(x) + out + 1.8 * noise(x / 7, k * 3.1, 5)
        there = np.clip((noise(x / 14 + 40, k * 7.7, 3) + (0.3 if k == 0 else -0.1)) * 5, 0, 1)
        crest = (0.03 if k == 0 else waves * 0.7 + 0.06) * there
        width = (0.16 + 0.16 * noise(x / 2, k * 5.3, 4)) * (1 + 0.5 * k) * there
        rows = np.stack(
            [
                np.stack([x, y + s * width, crest * h + 0.02 + 0 * x], -1)
                for s, h in ((-1, 0.3), (-0.3, 1), (0.3, 0.9), (1, 0.2))
            ],
            1,
        )
        faces = m.grid_faces(len(x), 4)
        keep = there[faces[:, 0] // 4] > 0
        if keep.any():
            foam.append(m.smooth(rows.reshape(-1, 3), faces[keep]))
    if foam:
        scene.add(m.merged(foam), palette.matte([0.75, 0.77, 0.78]))

    def dry(count: int, far: float, power: float = 1.2) -> np.ndarray:
        """(count, 2) places on the beach, up to so far from the water."""
        px = rng.normal(0, far * 0.5, count)
        return np.stack([px, shore(px) - 2 - far * rng.random(count) ** power], -1)

    put = lambda parts, px, py, turn: outdoors.put(scene, parts, px, py, float(ground(px, py)) - 0.02, turn)  # noqa: E731
    subjects = outdoors.crowd(rng, scene, palette, dry(int(rng.choice([2, 6, 14])), 25), ground, 6)
    busy = int(rng.choice([0, 4, 14]))
    things = [leisure.parasol(rng, palette) for _ in range(3)]
    for px, py in dry(busy, 22):
        put(things[int(rng.integers(3))], px, py, rng.uniform(0, 360))
        put(leisure.lounger(palette), px + 0.9, py, rng.normal(0, 15))
        if rng.random() < 0.6:
            subjects.append(put(figures.person(rng, palette, pose="ground"), px - 0.9, py, 180 + rng.normal(0, 40)))
        towel = m.box(0.9, 1.8, 0.02)
        put([(towel, palette.matte())], px - 2.2, py, rng.normal(0, 20))
    for px in rng.normal(0, 14, int(rng.integers(0, 6))):  # bathers, up to their knees
        py = float(shore(px)) + rng.uniform(1, 6)
        subjects.append(
            outdoors.put(scene, figures.person(rng, palette), px, py, float(ground(px, py)), rng.uniform(0, 360))
        )
    boulders = Material("matte", rock.texture, 2.0)
    for _ in range(int(rng.choice([0, 10, 40]))):
        px = rng.normal(0, 25)
        py = float(shore(px)) + rng.normal(0, 6)
        put(plants.stone(rng, float(np.exp(rng.normal(-0.2, 0.7))), boulders), px, py, rng.uniform(0, 360))
    leaf, wood = plants.foliage(rng), plants.bark(rng)
    kind = "palm" if rng.random() < 0.45 else None
    trees = [plants.tree(rng, rng.uniform(5, 10), leaf, wood, 0.8, kind) for _ in range(3)]
    for px, py in dry(int(rng.choice([0, 5, 18])), 30, 0.4) - [0, 18]:
        put(trees[int(rng.integers(3))], px, py, rng.uniform(0, 360))
    for px, py in dry(3, 20):
        subjects.append(
            put(
                animals.animal(rng, palette, species="dog") if rng.random() < 0.5 else animals.bird(rng, palette, 0.4),
                px,
                py,
                rng.uniform(0, 360),
            )
        )
    if rng.random() < 0.5:
        px = rng.normal(0, 10)
        subjects.append(put(boats.boat(rng, palette, "row"), px, float(shore(px)) - 3, rng.uniform(0, 360)))
    if rng.random() < 0.35:
        jetty(rng, scene, palette, rng.uniform(-40, 40), float(shore(0)) - 6, rng.uniform(30, 120))
    scene.add(land.grass(rng, ground, (0.0, float(shore(0)) - 32), 2500, 7.0, rng.uniform(0.2, 0.6)), leaf)
    walls, cover = [buildings.facade(rng) for _ in range(2)], buildings.roofing(rng)
    for px in rng.uniform(-250, 250, int(rng.choice([0, 5, 16]))):
        py, h = float(shore(px)) - rng.uniform(60, 110), rng.uniform(5, 25)
        put(
            buildings.block(
                rng, palette, walls[int(rng.integers(2))], rng.uniform(10, 25), 12, h + 3, cover if h < 10 else None
            ),
            px,
            py,
            180,
        )
    subjects += offing(rng, scene, palette, 40)
    for _ in range(cameras):
        if rng.random() < 0.4:
            camera = outdoors.portrait(
                rng, subjects[int(rng.integers(len(subjects)))], lambda a, b: np.maximum(ground(a, b), 0.1)
            )
        else:
            px = rng.normal(0, 10)
            py = float(shore(px)) - (rng.uniform(0.5, 22) if cliff == 0 or rng.random() < 0.6 else rng.uniform(44, 47))
            out = rng.normal(0, 35) if rng.random() < 0.6 else rng.choice([-75, 75]) + rng.normal(0, 20)
            camera = outdoors.view(rng, px, py, ground, out)
        scene.cameras.append(camera)
    return scene


def jetty(
    rng: np.random.Generator, scene: Scene, palette: Palette, x: float, y: float, long: float, turn: float = 0.0
) -> None:
    """Planks on piles running out to sea from (x, y), with a railing on one side at times."""
    wide, high = rng.uniform(1.6, 3.5), rng.uniform(0.9, 1.6)
    planks = [m.box(wide, 0.27, 0.06).moved(0, q, high) for q in np.arange(0, long, 0.3)]
    planks += [m.box(0.15, long, 0.2).moved(s * wide * 0.45, long / 2, high - 0.2) for s in (-1, 1)]
    piles = [
        m.cylinder(0.13, high + 4.4, 9).moved(s * wide * 0.5, q, -4) for s in (-1, 1) for q in np.arange(1, long, 4.0)
    ]
    wood = textured(textures.wood(rng, 0), 1.0)
    parts = [(m.merged(planks + piles), wood)]
    if rng.random() < 0.4:
        parts.append(
            (
                m.fence([(wide * 0.45, 0, high), (wide * 0.45, long, high)], 1.0, 2, 2.0, 0.03),
                palette.matte([0.5, 0.5, 0.5]),
            )
        )
    scene.place(parts, x, y, 0, turn)


def harbour(rng: np.random.Generator, cameras: int) -> Scene:
    """A quay along x at y = 0 with boats moored before it, and houses behind."""
    scene, palette = outdoors.open_air(rng, "coast", (800, 30000)), Palette(rng)
    night = rng.random() < 0.12
    if night:
        outdoors.night(rng, scene)
    quay, wide = float(rng.uniform(0.8, 2.2)), float(rng.uniform(6, 20))
    sea(rng, scene, float(rng.uniform(0.02, 0.08)), 3.0)
    scene.add(m.box(700, wide + 200, quay + 5).moved(0, -(wide + 200) / 2, -5), outdoors.paving(rng))
    scene.add(m.box(700, 0.5, 0.2).moved(0, -0.25, quay), palette.matte([0.35, 0.34, 0.32]))
    facades = [
        textured(textures.plain(rng, textures.colour(rng, (0, 0.55), (0.25, 0.75)), 0.06), 2.0) for _ in range(4)
    ]
    cover = buildings.roofing(rng)
    x = -130.0
    while x < 130:
        w = rng.uniform(6, 14)
        if rng.random() < 0.92:
            house = buildings.building(
                rng, palette, facades[int(rng.integers(4))], w, 9, int(rng.integers(2, 5)), cover
            )
            scene.place(house, x + w / 2, -wide, quay, 180)
        x += w + (0 if rng.random() < 0.8 else rng.uniform(1, 6))
    hills, high = land.Noise(rng), rng.uniform(10, 250)
    back = rng.uniform(400, 2500)

    def shores(x, y) -> np.ndarray:
        """Hills behind the town, and across the water."""
        behind = -4 + high * land.smoothstep(-y, 60, 900) * hills.ridged(x / 500, y / 500) + quay * 1.2
        across = -3 + high * land.smoothstep(y, back, back + 900) * hills.ridged(x / 400, y / 400 + 9)
        return np.where(y < 0, behind, across)

    scene.add(land.polar(shores, (0.0, -20.0), 6000, 120, 300).moved(z=-0.5), textured(textures.grass(rng), 7.0))
    fleet = [boats.boat(rng, palette, str(k)) for k in rng.choice(["sail", "sail", "motor", "fish", "row"], 8)]
    subjects: list[Subject] = []
    for jx in np.arange(-90, 91, rng.uniform(22, 34)):
        long = rng.uniform(18, 50)
        jetty(rng, scene, palette, jx, -0.3, long)
        for s in (-1, 1):
            for y in np.arange(5, long, rng.uniform(4.5, 6.5)):
                if rng.random() < 0.7:
                    boat = fleet[int(rng.integers(len(fleet)))]
                    subjects.append(
                        outdoors.put(
                            scene,
                            boat,
                            jx + s * rng.uniform(8, 9.5),
                            y,
                            0,
                            s * 90 + rng.normal(0, 3) + 180 * (rng.random() < 0.3),
                        )
                    )
    level = lambda a, b: np.where(np.asarray(b) < 0, quay, 0.3) + 0 * np.asarray(a)  # noqa: E731
    along = lambda n: np.stack([rng.normal(0, 22, n), -rng.uniform(1.2, wide - 2, n)], -1)  # noqa: E731
    subjects += (people := outdoors.crowd(rng, scene, palette, along(int(rng.choice([3, 9, 18]))), level))
    every = rng.uniform(14, 24)
    post, glow = outdoor.lamp_post(rng, palette, 5.5, 0.8), []
    for x in np.arange(-100, 100, every):
        scene.place(post, x, -1.2, quay, 180)
        glow.append(outdoor.lamp_glow(5.5, 0.8).turned(180).moved(x, -1.2, quay))
    if night:
        scene.add_light(outdoors.glowing(glow), np.array([1.0, 0.8, 0.5]) * 350)
    iron = m.merged(
        [
            m.lathe([(0.2, 0), (0.13, 0.3), (0.22, 0.38), (0, 0.45)], 12).moved(x, -0.6, quay)
            for x in np.arange(-60, 60, 5.5)
        ]
    )
    scene.add(iron, palette.matte([0.03, 0.03, 0.03]))
    for px, py in along(int(rng.integers(4, 12))):
        kind = rng.random()
        thing = (
            leisure.bench(rng, palette) if kind < 0.25
            else vehicles.bicycle(rng, palette) if kind < 0.4
            else leisure.cafe(rng, palette) if kind < 0.6
            else animals.bird(rng, palette, 0.4) if kind < 0.8
            else [(m.merged([m.box(0.6, 0.4, 0.3).moved(0, 0, 0.31 * k) for k in range(3)]), palette.matte())]
        )  # fmt: skip
        subjects.append(outdoors.put(scene, thing, px, py, quay, rng.uniform(0, 360)))
    for px in rng.uniform(-80, 80, int(rng.integers(0, 8))):
        scene.place(vehicles.car(rng, palette), px, -wide + 2.2, quay, rng.choice([90, -90]))
    if rng.random() < 0.3:
        scene.add(m.fence([(-40, -0.4, quay), (40, -0.4, quay)], 1.0, 3, 1.5, 0.02), palette.metal())
    subjects += offing(rng, scene, palette, 90)
    for _ in range(cameras):
        pick = people if rng.random() < 0.6 else subjects
        if rng.random() < 0.35 and pick:
            scene.cameras.append(outdoors.portrait(rng, pick[int(rng.integers(len(pick)))], level))
        else:
            px, py = along(1)[0]
            yaw = (
                rng.normal(0, 40)
                if rng.random() < 0.6
                else rng.choice([-80, 80, 180], p=[0.42, 0.42, 0.16]) + rng.normal(0, 20)
            )
            scene.cameras.append(outdoors.view(rng, px, py, level, yaw))
    return scene
