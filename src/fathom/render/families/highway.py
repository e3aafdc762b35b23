"""Driving: motorways and country roads as a car's camera sees them, tunnels, nights under lamps, views from bridges."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.camera import Camera
from fathom.render.families import outdoors
from fathom.render.materials import Palette, textured
from fathom.render.objects import buildings, land, outdoor, plants, roads, shapes, vehicles
from fathom.render.scene import Mesh, Scene


def traffic(
    rng: np.random.Generator,
    scene: Scene,
    palette: Palette,
    road: roads.Road,
    stops: list[tuple[float, float]],
    dark: bool,
) -> None:
    """Cars and lorries in all lanes, clear of the places (aside, y) where cameras drive."""
    fleet = [vehicles.any_vehicle(rng, palette, 0.3) for _ in range(7)] + [vehicles.car(rng, palette) for _ in range(2)]
    lights = [vehicles.lamps(v) for v in fleet]
    gap = np.exp(rng.uniform(np.log(14), np.log(90)))
    heads: list[Mesh] = []
    tails: list[Mesh] = []
    for oncoming in (False, True):
        for k in range(road.lanes):
            aside = road.lane(k, oncoming)
            way = road.path(-40, 330, aside)
            for at, turn in shapes.every(way, gap * rng.uniform(0.7, 1.4), rng.uniform(0, gap)):
                n = int(rng.integers(len(fleet)))
                if rng.random() < 0.3 or any(abs(aside - a) < 3 and -19 < at[1] - y < 16 for a, y in stops):
                    continue
                turn += 0 if oncoming else 180
                drift = rng.normal(0, 0.2)
                scene.place(fleet[n], at[0] + drift, at[1], at[2], turn + rng.normal(0, 0.7))
                if dark:
                    for lamps, lit in zip(lights[n], (heads, tails), strict=True):
                        lit += [lamp.turned(turn).moved(at[0] + drift, at[1], at[2]) for lamp in lamps]
    if heads:
        scene.add_light(outdoors.glowing(heads), np.array([1.0, 0.95, 0.85]) * 60)
        scene.add_light(outdoors.glowing(tails), np.array([1.0, 0.02, 0.01]) * 3)


def tunnel(rng: np.random.Generator, scene: Scene, palette: Palette, road: roads.Road, end: float) -> None:
    """A vaulted tube around the road, lit by rows of lamps, that ends in daylight or goes on."""
    half, high = road.half + 0.4, rng.uniform(5.5, 7.5)
    a = np.linspace(0, np.pi, 13)
    arch = [(half * 1.02, 0.0), *[(half * np.cos(q), 3.0 + (high - 3.0) * np.sin(q)) for q in a], (-half * 1.02, 0.0)]
    rows = [shapes.offset(road.path(-60, end), x, z - 0.05) for x, z in arch]
    v = np.stack(rows, 1)
    tube = m.smooth(v.reshape(-1, 3), m.grid_faces(len(v), len(arch)))
    along = np.repeat(np.arange(len(v)) * 5.0, len(arch))
    tube = Mesh(
        tube.vertices, tube.faces, tube.normals, np.stack([np.tile(np.arange(len(arch)) * 1.4, len(v)), along], -1)
    )
    scene.add(tube, textured(textures.concrete(rng) if rng.random() < 0.6 else textures.tiles(rng, 8), 5.0))
    for s in (-1, 1):
        kerb = shapes.offset(road.path(-60, end), s * (half - 0.45))
        scene.add(m.tube(kerb + np.array([0, 0, 0.05]), 0.4, 4), palette.matte([0.4, 0.4, 0.38]))
        scene.add(m.tube(kerb + np.array([s * 0.3, 0, 3.2]), 0.06, 5), palette.matte([0.1, 0.1, 0.1]))
    glow = [
        m.quad((-0.2, -0.6, 0), (0, 1.2, 0), (0.4, 0, 0), unit=True).turned(turn).moved(*at)
        for x in ((-0.35, 0.35) if road.lanes > 1 else (0.0,))
        for at, turn in shapes.every(shapes.offset(road.path(-55, end), x * half, high - 0.5), rng.uniform(6, 14))
    ]
    warm = [1.0, 0.7, 0.35] if rng.random() < 0.5 else [1.0, 0.97, 0.9]
    scene.add_light(outdoors.glowing(glow), np.array(warm) * 25)
    scene.lamp_share, scene.bounces = 0.85, 4


def roadside(
    rng: np.random.Generator, scene: Scene, palette: Palette, road: roads.Road, ground: land.Height, dark: bool
) -> None:
    """Rails, poles, signs, gantries, lamps, bridges, trees and buildings."""
    for s in (-1, 1):
        if rng.random() < (0.8 if road.lanes > 1 else 0.3):
            for mesh, a in outdoor.guard_rail(road.path(-60, 420, s * (road.half + 0.3)), palette, s):
                scene.add(mesh, a)
        else:
            posts = [
                m.box(0.12, 0.06, 0.95).moved(*at)
                for at, _ in shapes.every(road.path(-40, 300, s * (road.half + 0.6)), 25)
            ]
            scene.add(m.merged(posts), palette.matte([0.7, 0.7, 0.7]))
        if rng.random() < 0.15:
            wall = road.path(-60, 350, s * (road.half + 2.5), -0.5)
            tall = np.stack([wall, wall + np.array([0, 0, rng.uniform(3, 5)])], 1).reshape(-1, 3)
            fence = m.smooth(
                tall,
                m.grid_faces(len(wall), 2),
                np.stack([np.repeat(np.arange(len(wall)) * 5.0, 2), np.tile([0, 4.0], len(wall))], -1),
            )
            scene.add(fence, textured(textures.wood(rng, 8) if rng.random() < 0.5 else textures.concrete(rng), 4.0))
    if road.median > 0:
        if rng.random() < 0.7:
            for s in (-1, 1):
                for mesh, a in outdoor.guard_rail(
                    road.path(-60, 420, s * min(road.median / 2 - 0.2, 0.45)), palette, -s
                ):
                    scene.add(mesh, a)
        else:
            block = m.merged(
                [m.box(0.4, 5.05, 0.85).turned(turn).moved(*at) for at, turn in shapes.every(road.path(-60, 400), 5.0)]
            )
            scene.add(block, palette.matte([0.4, 0.4, 0.38]))
    if dark or rng.random() < 0.45:
        h, arm = float(rng.uniform(8, 12)), float(rng.uniform(1.5, 3))
        mast = outdoor.lamp_post(rng, palette, h, arm)
        glow = []
        sides = (0,) if road.median > 1 else (-1, 1) if rng.random() < 0.4 else (1,)
        for side in sides:
            for at, turn in shapes.every(
                road.path(-50, 330, side * (road.half + 0.9)), rng.uniform(25, 42), rng.uniform(0, 20)
            ):
                for way in (-90, 90) if side == 0 else (-90 * side,):
                    scene.place(mast, at[0], at[1], at[2], turn + way)
                    glow.append(outdoor.lamp_glow(h, arm).turned(turn + way).moved(*at))
        if dark:
            scene.add_light(
                outdoors.glowing(glow), np.array([1.0, 0.72, 0.4] if rng.random() < 0.5 else [1, 0.96, 0.9]) * 500
            )
    for y in rng.uniform(25, 330, int(rng.integers(0, 4)) if road.lanes > 1 else 0):
        scene.place(
            outdoor.gantry(rng, palette, 2 * road.half + 1.5, max(road.lanes, 2)),
            float(road.bend(y)),
            y,
            float(road.rise(y)),
            road.yaw(y),
        )
    for y in rng.uniform(8, 160, int(rng.integers(1, 6))):
        x = float(road.bend(y)) + road.side * (road.half + rng.uniform(1.2, 3))
        if rng.random() < 0.35:
            w, h = rng.uniform(2, 4.5), rng.uniform(1.5, 3)
            scene.place(
                [(mesh.moved(z=1.8), a) for mesh, a in outdoor.board(rng, palette, w, h)],
                x + road.side * w / 2,
                y,
                float(ground(x, y)),
            )
            legs = m.merged([m.tube([(q, 0.1, -0.5), (q, 0.1, 1.8 + h)], 0.06, 6) for q in (-w * 0.3, w * 0.3)])
            scene.place([(legs, palette.metal())], x + road.side * w / 2, y, float(ground(x, y)))
        else:
            scene.place(outdoor.sign(rng, palette), x, y, float(ground(x, y)))
    if rng.random() < 0.4:
        for mesh, a in outdoor.wire_poles(
            rng,
            palette,
            land.on(ground, road.path(-40, 400, rng.choice([-1, 1]) * (road.half + rng.uniform(6, 14)))[:, :2]),
        ):
            scene.add(mesh, a)
    if rng.random() < 0.3:
        y, slant = rng.uniform(80, 300), rng.normal(0, 10)
        for k in range(-3, 4):
            x = k * 90.0 + float(road.bend(y)) + 35
            scene.place(outdoor.pylon(rng.uniform(30, 45), palette), x, y + k * slant, float(ground(x, y)) - 1, 90)
    leaf, wood = [plants.foliage(rng), plants.foliage(rng)], plants.bark(rng)
    near = [plants.tree(rng, rng.uniform(5, 13), leaf[k % 2], wood, 0.8) for k in range(4)]
    needles = plants.needles(rng)
    far = [plants.far_tree(rng, rng.uniform(6, 15), leaf[k % 2], wood) for k in range(4)]
    far += [plants.far_tree(rng, rng.uniform(8, 16), needles, wood, "conifer") for _ in range(int(rng.integers(3)))]
    density = rng.choice([20, 90, 220], p=[0.3, 0.4, 0.3])
    for _ in range(int(density)):
        y = -50 + 550 * rng.random() ** 1.3
        x = float(road.bend(y)) + rng.choice([-1, 1]) * (road.half + 6 + 90 * rng.random() ** 1.7)
        kinds = near if y < 60 and rng.random() < 0.25 else far
        scene.place(kinds[int(rng.integers(len(kinds)))], x, y, float(ground(x, y)), rng.uniform(0, 360))
    bushes = [plants.bush(rng, rng.uniform(0.8, 2.5), leaf[0]) for _ in range(3)]
    for _ in range(int(rng.choice([0, 15, 40]))):
        y = -20 + 160 * rng.random()
        x = float(road.bend(y)) + rng.choice([-1, 1]) * (road.half + rng.uniform(3, 9))
        scene.place(bushes[int(rng.integers(3))], x, y, float(ground(x, y)))
    scene.add(
        m.merged(
            [
                land.grass(rng, ground, (road.half * s + s * 2.2, y), 700, 0.8, rng.uniform(0.2, 0.6))
                for s in (-1, 1)
                for y in (6, 14)
            ]
        ),
        leaf[1],
    )
    walls, cover = [buildings.facade(rng, 0.3 * dark) for _ in range(3)], buildings.roofing(rng)
    for _ in range(int(rng.choice([0, 4, 14, 30]))):
        y = rng.uniform(20, 450)
        x = float(road.bend(y)) + rng.choice([-1, 1]) * (road.half + rng.uniform(22, 130))
        w, d, h = (
            rng.uniform(8, 45),
            rng.uniform(8, 25),
            rng.uniform(3, 12) if rng.random() < 0.7 else rng.uniform(12, 45),
        )
        top = cover if h < 10 and w < 20 else None
        scene.place(
            buildings.block(rng, palette, walls[int(rng.integers(3))], w, d, h + 2, top),
            x,
            y,
            float(ground(x, y)) - 2,
            rng.choice([0, 90, -90]),
        )


def highway(rng: np.random.Generator, cameras: int) -> Scene:
    scene, palette, road = outdoors.open_air(rng, "highway", (250, 12000)), Palette(rng), roads.Road(rng)
    inside = rng.random() < 0.12
    if inside:
        scene.haze = 0.0
    dark = rng.random() < 0.17 and not inside
    if dark:
        outdoors.night(rng, scene)
    noise, far, rough = land.Noise(rng), float(rng.choice([15, 60, 250, 700])), rng.uniform(0.5, 5)
    cutting = rng.uniform(-4, 5)  # the road lies in a cutting, or on a bank

    def ground(x, y):
        away = np.abs(x - road.bend(y)) - road.half
        r = np.hypot(x, y)
        hills = rough * noise(x / 60, y / 60, 4) + far * land.smoothstep(r, 250, 2500) * noise.ridged(
            x / 1400 + 3, y / 1400
        )
        open_ = 1 - land.smoothstep(np.abs(y), 480, 700)  # further away hills close in on the road
        level = road.rise(np.clip(y, -700, 700)) - 0.1 - 0.6 * land.smoothstep(-away, 0.2, 1.5)
        rise = land.smoothstep(away, 1.5, 12 + rough) * cutting
        return level + rise + hills * np.maximum(land.smoothstep(away, 4, 60), 1 - open_)

    end = float(rng.uniform(120, 260)) if inside else 700.0
    roads.surface(rng, scene, palette, road, outdoors.asphalt(rng), -60, 700)
    if inside:
        tunnel(rng, scene, palette, road, end)
    field = textured(
        textures.grass(rng) if rng.random() < 0.8 else textures.mottled(rng, np.array([0.35, 0.27, 0.17])),
        rng.uniform(4, 9),
    )
    scene.add(land.polar(ground, (0.0, 20.0), 4000, 190, 400), field)
    stops = [(road.lane(int(rng.integers(road.lanes))), float(rng.uniform(-15, 45))) for _ in range(5)]
    traffic(rng, scene, palette, road, stops, dark or inside)
    overpass = 0.0
    if not inside:
        roadside(rng, scene, palette, road, ground, dark)
        if rng.random() < 0.45:
            overpass = float(rng.uniform(60, 220))
            roads.bridge(scene, palette, road, overpass, 5.8)
    stands = float(rng.uniform(-30, -20))
    if not inside and rng.random() < 0.4:
        roads.bridge(scene, palette, road, stands, 6.5)
    else:
        stands = 0.0
    for _ in range(cameras):
        kind = rng.random()
        if stands and kind < 0.3:  # from a bridge
            y = stands + 4.75
            at = (float(road.bend(y)) + rng.uniform(-6, 6), y, float(road.rise(y)) + 6.5 + 1.5)
            yaw, pitch, field_ = road.yaw(y) + rng.normal(0, 12), rng.uniform(-22, -4), outdoors.lens(rng)
        elif kind < 0.42 and not inside:  # from the verge
            y = rng.uniform(0, 40)
            x = float(road.bend(y)) + road.side * (road.half + rng.uniform(1, 2))
            at = (x, y, max(float(ground(x, y)), float(road.rise(y)) - 0.3) + rng.uniform(1.2, 1.8))
            yaw, pitch, field_ = road.yaw(y) + road.side * rng.uniform(-5, 70), rng.normal(-2, 4), outdoors.lens(rng)
        else:  # from a car's windscreen, seldom a lorry's
            aside, y = stops[int(rng.integers(len(stops)))]
            p = road.path(y, y + 6, aside + rng.normal(0, 0.15))[0]
            eye = rng.uniform(1.1, 1.5) if rng.random() < 0.85 else rng.uniform(2.2, 2.8)
            at, yaw, pitch = (
                (float(p[0]), float(p[1]), float(p[2]) + eye),
                road.yaw(y) + rng.normal(0, 4),
                rng.normal(-1.5, 2.5),
            )
            field_ = rng.uniform(48, 95) if rng.random() < 0.85 else rng.uniform(28, 48)
        scene.cameras.append(
            Camera(
                (float(at[0]), float(at[1]), float(at[2])),
                float(yaw),
                float(pitch),
                float(rng.normal(0, 1)),
                float(field_),
            )
        )
    return scene
