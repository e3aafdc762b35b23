"""From the air, 20 to 300 m up: city blocks, suburbs, villages and fields, obliquely or straight down."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.camera import Camera
from fathom.render.families import outdoors
from fathom.render.materials import Palette, textured
from fathom.render.objects import buildings, land, landmarks, outdoor, plants, shapes, vehicles
from fathom.render.scene import Material, Mesh, Scene

Parts = list[tuple[Mesh, Material]]


def aerial(rng: np.random.Generator, cameras: int) -> Scene:
    scene, palette = outdoors.open_air(rng, "aerial", (1200, 30000)), Palette(rng)
    roofs = city(rng, scene, palette) if rng.random() < 0.5 else village(rng, scene, palette)
    for _ in range(cameras):
        height = float(np.exp(rng.uniform(np.log(20), np.log(300))))
        pitch = -90.0 + abs(rng.normal(0, 4)) if rng.random() < 0.2 else rng.uniform(-75, -10)
        field = outdoors.lens(rng)
        if height < 60 and pitch > -25:
            field = max(field, 50.0)
        # Looked at is a place near the middle; the camera stands back from it by as much as its pitch says.
        back = min(height / np.tan(np.radians(-pitch)), 260)
        yaw = rng.uniform(0, 360)
        target = roofs[int(rng.integers(len(roofs))), :2] * 0.5 + rng.normal(0, 12, 2)
        x, y = target + back * np.array([np.sin(np.radians(yaw)), -np.cos(np.radians(yaw))])
        under = roofs[np.hypot(roofs[:, 0] - x, roofs[:, 1] - y) < 40, 2]  # keep clear of what is below
        at = (float(x), float(y), height + float(under.max(initial=0)))
        scene.cameras.append(Camera(at, float(yaw), float(pitch), outdoors.roll(rng), field))
    return scene


def facades(rng: np.random.Generator) -> tuple[list[Material], list[Material]]:
    return [buildings.facade(rng) for _ in range(6)], [buildings.roofing(rng) for _ in range(3)]


def park_trees(rng: np.random.Generator) -> list[Parts]:
    """A dozen trees, light enough to be planted by the hundred."""
    wood = plants.bark(rng)
    leaves = [plants.foliage(rng), plants.foliage(rng)]
    trees = [plants.far_tree(rng, rng.uniform(5, 13), leaves[k % 2], wood, fine=False) for k in range(8)]
    return trees + [
        plants.far_tree(rng, rng.uniform(8, 16), plants.needles(rng), wood, "conifer", False) for _ in range(2)
    ]


def city(rng: np.random.Generator, scene: Scene, palette: Palette) -> np.ndarray:
    """A grid of streets, its blocks filled with houses around courts, towers, parks or car parks.

    Returns:
        (N, 3) x, y of every building and its height.
    """
    walls, covers = facades(rng)
    trees = park_trees(rng)
    street, block_x, block_y = rng.uniform(12, 22), rng.uniform(45, 100), rng.uniform(45, 100)
    downtown = rng.random() < 0.5
    pitched = rng.random() < 0.5
    n = int(np.ceil(640 / (block_x + street))), int(np.ceil(640 / (block_y + street)))
    scene.add(m.quad((-4000, -4000, -0.02), (8000, 0, 0), (0, 8000, 0)), textured(textures.grass(rng), 9.0))
    scene.add(m.quad((-3500, -3500, 0), (7000, 0, 0), (0, 7000, 0)), outdoors.asphalt(rng))
    lawn, stone = textured(textures.grass(rng), 5.0), outdoors.paving(rng)
    fleet = [vehicles.far_car(rng, palette) for _ in range(9)]
    roofs, marks = [], []

    def building(x: float, y: float, w: float, d: float, turn: float) -> None:
        tall = rng.uniform(8, 22) if not downtown or rng.random() < 0.5 else rng.uniform(20, 60)
        wall = walls[int(rng.integers(len(walls)))]
        if downtown and rng.random() < 0.12:
            tall = min(rng.uniform(40, 140), 5 * min(w, d))
            parts = landmarks.tower(rng, palette, wall, min(w, d, 30), tall)
        else:
            flat = not pitched or tall > 24 or rng.random() < 0.15
            parts = buildings.block(rng, palette, wall, w, d, tall, None if flat else covers[int(rng.integers(3))])
        scene.place(parts, x, y, 0.15, turn)
        roofs.append((x, y, tall + 8))

    for i in range(-n[0] // 2, n[0] // 2 + 1):
        for j in range(-n[1] // 2, n[1] // 2 + 1):
            x, y = i * (block_x + street), j * (block_y + street)
            use = rng.random()
            ground = lawn if use < 0.2 else stone
            scene.add(m.box(block_x, block_y, 0.15).moved(x, y), ground)
            if use < 0.13:  # a park
                for tx, ty in rng.uniform(-0.46, 0.46, (int(rng.integers(15, 45)), 2)) * [block_x, block_y]:
                    scene.place(trees[int(rng.integers(10))], x + tx, y + ty, 0.1, rng.uniform(0, 360))
                for a in rng.uniform(0, np.pi, 2):
                    way = np.outer(
                        np.linspace(-0.48, 0.48, 9) * min(block_x, block_y), [np.cos(a), np.sin(a), 0]
                    ) + np.array(
                        [
                            x,
                            y,
                            0.17,
                        ]
                    )
                    scene.add(shapes.ribbon(way, 1.6), stone)
            elif use < 0.22:  # a car park
                for px in np.arange(-block_x / 2 + 4, block_x / 2 - 3, 2.7):
                    for py in np.arange(-block_y / 2 + 5, block_y / 2 - 4, 11.0):
                        marks.append(m.quad((x + px - 1.35, y + py - 2.5, 0.17), (0.1, 0, 0), (0, 5, 0)))
                        if rng.random() < 0.4:
                            scene.place(fleet[int(rng.integers(9))], x + px, y + py, 0.15, rng.choice([0, 180]))
            else:  # houses along its four sides, a court with trees inside
                depth = rng.uniform(10, 16)
                for side, length, off in (
                    (0, block_x, block_y),
                    (180, block_x, block_y),
                    (90, block_y, block_x),
                    (-90, block_y, block_x),
                ):
                    along = -length / 2 + (depth if abs(side) == 90 else 0)
                    end = -along
                    while along < end - 8:
                        w = min(rng.uniform(10, 28), end - along)
                        if rng.random() < 0.88:
                            c, s = np.cos(np.radians(side)), np.sin(np.radians(side))
                            px, py = along + w / 2, -off / 2 + 0.8
                            building(x + px * c - py * s, y + px * s + py * c, w - 0.1, depth, side)
                        along += w
                for tx, ty in rng.uniform(-0.2, 0.2, (int(rng.integers(0, 7)), 2)) * [block_x, block_y]:
                    scene.place(trees[int(rng.integers(10))], x + tx, y + ty, 0.1, rng.uniform(0, 360))
            # The streets on its right and above it: lane marks, crossings, cars, trees.
            for turn, length, out in ((0, block_y, block_x / 2 + street / 2), (90, block_x, -block_y / 2 - street / 2)):
                c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
                at = lambda u, v, c=c, s=s, x=x, y=y: (x + u * c - v * s, y + u * s + v * c)  # noqa: E731
                u0 = out if turn == 0 else -out
                for v in np.arange(-length / 2, length / 2 - 3, 7.0):
                    marks.append(m.quad((-0.08, 0, 0.02), (0.16, 0, 0), (0, 3, 0)).turned(turn).moved(*at(u0, v)))
                for u in np.arange(-street / 2 + 1.5, street / 2 - 1, 1.1):
                    marks.append(
                        m.quad((-0.3, 0, 0.02), (0.55, 0, 0), (0, 3.5, 0))
                        .turned(turn)
                        .moved(*at(u0 + u, length / 2 - 4))
                    )
                for lane in (-0.36, -0.15, 0.15, 0.36):
                    for v in np.arange(-length / 2 + 3, length / 2 - 6, rng.uniform(8, 40)):
                        if rng.random() < 0.5:
                            scene.place(
                                fleet[int(rng.integers(9))],
                                *at(u0 + lane * street, v + rng.uniform(0, 4)),
                                0.0,
                                turn + (180 if lane > 0 else 0),
                            )
                if rng.random() < 0.4:
                    for v in np.arange(-length / 2 + 4, length / 2 - 3, rng.uniform(10, 22)):
                        for side in (-1, 1):
                            scene.place(
                                trees[int(rng.integers(5))],
                                *at(u0 + side * (street / 2 + 1), v),
                                0.1,
                                rng.uniform(0, 360),
                            )
    scene.add(m.merged(marks), palette.matte([0.6, 0.6, 0.58]))
    suburbs: list[list[Mesh]] = [[] for _ in walls]
    for x, y in land.scatter(rng, 1500, 640, 3200, power=0.7):
        size = rng.uniform([10, 10, 6], [40, 30, 24])
        suburbs[int(rng.integers(len(walls)))].append(
            m.box(*size).turned(float(rng.choice([0, 0, 90, 30]))).moved(x, y)
        )
    for houses, wall in zip(suburbs, walls, strict=True):
        scene.add(m.merged(houses), wall)
    return np.array(roofs)


def village(rng: np.random.Generator, scene: Scene, palette: Palette) -> np.ndarray:
    """Houses with gardens along winding roads, fields all around, woods and hills beyond."""
    walls, covers = facades(rng)
    trees = park_trees(rng)
    noise, hilly, far = land.Noise(rng), rng.uniform(0, 14), float(rng.choice([0, 60, 300]))

    def ground(x, y) -> np.ndarray:
        x, y = np.asarray(x, float), np.asarray(y, float)
        hills = far * land.smoothstep(np.hypot(x, y), 600, 3500) * noise.ridged(x / 900, y / 900)
        return hilly * noise(x / 320, y / 320, 3) + hills

    crops = [textures.grass(rng) for _ in range(3)]
    for c in ([0.42, 0.34, 0.14], [0.2, 0.14, 0.09], [0.16, 0.2, 0.06], [0.5, 0.45, 0.1]):
        soil = textures.mottled(rng, np.array(c) * rng.uniform(0.7, 1.2), None, 5)
        rows = 0.8 + 0.2 * np.sin(np.arange(256) * 2 * np.pi * 12 / 256)
        crops.append((soil * rows[None, :, None]).astype(np.float32))
    fields = [textured(c, rng.uniform(10, 20)) for c in crops]
    # Fields are the cells of a slanting, uneven grid: every facet of the ground belongs to one.
    slant, across, along = rng.uniform(0, np.pi), 8.0 * rng.integers(8, 25), 8.0 * rng.integers(5, 14)
    c, s = np.cos(slant), np.sin(slant)
    table = rng.integers(0, len(fields), (64, 64))

    def choose(centre: np.ndarray, _: np.ndarray) -> np.ndarray:
        x, y = centre[:, 0], centre[:, 1]
        u, v = (x * c + y * s) / across, (y * c - x * s) / along
        return np.where(np.hypot(x, y) < 150, 0, table[np.floor(u).astype(int) % 64, np.floor(v).astype(int) % 64])

    axis = 8.0 * np.concatenate([np.arange(-625, -81, 16), np.arange(-80, 81), np.arange(96, 640, 16)])
    gu, gv = np.meshgrid(axis, axis)  # along the fields, so that their edges are those of facets
    x, y = gu * c - gv * s, gu * s + gv * c
    land.cover(
        scene,
        m.smooth(np.stack([x, y, ground(x, y)], -1).reshape(-1, 3), m.grid_faces(len(axis), len(axis))),
        fields,
        choose,
    )
    tarmac, fleet = outdoors.asphalt(rng), [vehicles.far_car(rng, palette) for _ in range(6)]
    roofs: list[tuple[float, float, float]] = []
    roads = []
    t = np.arange(-600, 601, 8.0)
    for k in range(int(rng.integers(2, 5))):
        a, off = slant + k * rng.uniform(0.7, 1.4), rng.normal(0, 50)
        side = off + 25 * noise(t / 140, k * 9.1, 2)
        way = land.on(ground, np.stack([t * np.cos(a) - side * np.sin(a), t * np.sin(a) + side * np.cos(a)], -1))
        half = rng.uniform(2.2, 4)
        scene.add(shapes.ribbon(way, half, 0.25), tarmac)
        roads.append((way, half))
    middles = np.concatenate([way[:, :2] for way, _ in roads])
    for way, half in roads:
        for at, turn in shapes.every(way, rng.uniform(16, 30)):
            if rng.random() < 0.25:
                scene.place(fleet[int(rng.integers(6))], at[0], at[1], at[2] + 0.25, turn + rng.choice([0, 180]))
            for s in (-1, 1):
                if np.hypot(*at[:2]) > 230 or rng.random() < 0.25:
                    if rng.random() < 0.35:
                        q = shapes.offset(
                            np.stack([at, at + np.array([-np.sin(np.radians(turn)), np.cos(np.radians(turn)), 0])]),
                            s * (half + 4),
                        )[0]
                        scene.place(
                            trees[int(rng.integers(10))], q[0], q[1], float(ground(q[0], q[1])), rng.uniform(0, 360)
                        )
                    continue
                q = shapes.offset(
                    np.stack([at, at + np.array([-np.sin(np.radians(turn)), np.cos(np.radians(turn)), 0])]),
                    s * (half + rng.uniform(4, 10)),
                )[0]
                crowded = any(np.hypot(q[0] - rx, q[1] - ry) < 15 for rx, ry, _ in roofs)
                if crowded or np.hypot(*(middles - q[:2]).T).min() < half + 3.5:
                    continue
                w, d, h = rng.uniform(8, 15), rng.uniform(7, 11), rng.uniform(3, 7.5)
                house = buildings.block(
                    rng, palette, walls[int(rng.integers(6))], w, d, h + 1, covers[int(rng.integers(3))]
                )
                z = float(ground(q[0], q[1]))
                if rng.random() < 0.5:
                    plot = m.box(rng.uniform(18, 26), rng.uniform(18, 30), 1.0).turned(turn - 90 * s)
                    scene.add(plot.moved(q[0], q[1], z - 0.85), fields[int(rng.integers(len(fields)))])
                facing = turn - 90 * s + rng.normal(0, 6)
                scene.place(house, q[0], q[1], z - 1, facing)
                roofs.append((q[0], q[1], z + h + 6))
                for gx_, gy_ in rng.normal(0, 14, (int(rng.integers(2, 8)), 2)):
                    if np.hypot(gx_, gy_) > 10:
                        scene.place(
                            trees[int(rng.integers(10))],
                            q[0] + gx_,
                            q[1] + gy_,
                            float(ground(q[0] + gx_, q[1] + gy_)),
                            0,
                        )
                if rng.random() < 0.4:
                    scene.place(
                        fleet[int(rng.integers(6))], q[0] + 9, q[1] - 2, float(ground(q[0] + 9, q[1] - 2)), facing
                    )
                if rng.random() < 0.2:
                    pool = m.box(8, 4, 0.3).turned(facing)
                    scene.add(pool.moved(q[0] + rng.choice([-14, 14]), q[1], z), palette.glossy([0.05, 0.35, 0.45]))
    x, y = rng.normal(0, 25, 2)
    scene.place(
        landmarks.church(rng, palette, textured(textures.concrete(rng), 4.0), covers[0]),
        x,
        y,
        float(ground(x, y)) - 0.5,
        rng.uniform(0, 360),
    )
    roofs.append((x, y, 40.0 + float(ground(x, y))))
    woods = land.Noise(rng)
    for x, y in land.scatter(rng, 900, 60, 900, power=0.7):
        if woods(x / 170, y / 170, 3) > 0.25:
            scene.place(trees[int(rng.integers(10))], x, y, float(ground(x, y)), rng.uniform(0, 360))
    for i in range(-6, 7) if rng.random() < 0.3 else ():
        x, y = i * 110.0, 160 + 30.0 * i
        scene.place(outdoor.pylon(32, palette), x, y, float(ground(x, y)), 20)
    return np.array(roofs)
