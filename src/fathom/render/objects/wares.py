"""Things of the house, as in catalogues: tools, shoes, hats, lamps, kettles, clocks, bags. About `h` metres large."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render.materials import Palette
from fathom.render.objects import slender, solids
from fathom.render.objects.grown import fruit, mushroom, shell
from fathom.render.objects.implicit import bone, surface
from fathom.render.objects.instruments import drum, guitar, horn, keyboard
from fathom.render.objects.solids import DARK, lying, posed
from fathom.render.objects.toys import aeroplane, bricks, teddy, toy_car
from fathom.render.scene import Material, Mesh

Parts = list[tuple[Mesh, Material]]


def hammer(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """A hammer, axe or spanner, lying."""
    steel, kind = palette.metal([0.6, 0.6, 0.62]), int(rng.integers(3))
    grip = m.limb((0, -0.5 * h, 0), (0, 0.42 * h, 0), 0.035 * h, 0.026 * h, 10)
    wood = palette.matte([0.4, 0.25, 0.1]) if rng.random() < 0.6 else palette.any()
    if kind == 0:
        head = m.merged(
            [
                m.cylinder(0.055 * h, 0.16 * h, 20).turned(90, "y"),
                m.limb((0, 0, 0), (-0.17 * h, 0, 0), 0.045 * h, 0.012 * h),
            ]
        ).moved(y=0.42 * h)
    elif kind == 1:
        blade = np.array([[-0.04, -0.05], [0.2, -0.13], [0.24, 0.0], [0.2, 0.13], [-0.04, 0.05]]) * h
        head = solids.extruded(blade - [0.08 * h, 0], 0.05 * h).moved(0.08 * h, 0.42 * h, -0.025 * h)
    else:
        head = m.torus(0.09 * h, 0.03 * h, 28, 8).moved(y=0.5 * h)
        wood = steel
    return lying([(grip, wood), (head, steel)])


def saw(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    n = 30
    teeth = np.stack([np.linspace(-0.5, 0.4, 2 * n), -0.05 - 0.012 * (np.arange(2 * n) % 2)], -1) * h
    blade = solids.extruded(np.concatenate([teeth, np.array([[0.4, 0.1], [-0.5, 0.0]]) * h]), 0.006 * h)
    grip = m.torus(0.075 * h, 0.028 * h, 24, 8).scaled(1, 1.3, 1).moved(0.45 * h, 0.02 * h, 0.01 * h)
    return posed(rng, [(blade, palette.metal()), (grip, palette.any())])


def shoe(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """A shoe or boot of this length, or a pair."""
    boot = rng.random() < 0.3
    bones = [
        bone((0, -0.36, 0.1), (0, -0.05, 0.15), 0.12, 0.14, (1, 1, 0.75)),
        bone((0, -0.05, 0.15), (0, 0.3, 0.16), 0.14, 0.13),
        bone((0, 0.2, 0.2), (0, 0.3, 0.75 if boot else 0.34), 0.13, 0.14 if boot else 0.12),
    ]
    upper = surface(bones, 50)
    top = 0.76 if boot else 0.4
    upper = Mesh(
        upper.vertices.clip([-9, -9, 0.03], [9, 9, top]), upper.faces, upper.normals, upper.vertices[:, 1:] * 0.3
    )
    t = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    sole = np.stack([(0.115 + 0.025 * np.cos(t + 1.5)) * np.cos(t), 0.44 * np.sin(t) - 0.03], -1)
    hole = m.cylinder(0.11, 0.004, 24).moved(0, 0.295, top - 0.002)
    laces = [
        m.tube([(-0.07, y, z), (0, y - 0.02, z + 0.03), (0.07, y + 0.03, z)], 0.014, 6)
        for y, z in zip(np.linspace(-0.2, 0.1, 5), np.linspace(0.2, 0.3, 5), strict=True)
    ]
    one: Parts = [
        (upper, palette.any()),
        (solids.extruded(sole, 0.07, 0.97), palette.matte()),
        (hole, palette.matte(DARK)),
        (m.merged(laces), palette.matte()),
    ]
    one = [(mesh.scaled(h), a) for mesh, a in one]
    if rng.random() < 0.5:
        one += [(mesh.turned(rng.uniform(-12, 12)).moved(0.36 * h, rng.uniform(-0.1, 0.1) * h), a) for mesh, a in one]
    return one


def hat(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    crown, brim = rng.uniform(0.22, 0.3) * h, rng.uniform(0.4, 0.55) * h
    z = rng.uniform(0.2, 0.45) * h
    p = [
        (1e-4, z),
        (0.85 * crown, z),
        (crown, 0.85 * z),
        (1.05 * crown, 0.12 * z),
        (1.1 * crown, 0.02 * h),
        (brim, 0.01 * h),
        (brim, 0.0),
        (1.05 * crown, 0.0),
    ]
    return [
        (m.lathe(p[::-1], 40).scaled(1, 1.15, 1), palette.any()),
        (m.lathe([(1.07 * crown, 0.15 * z), (1.045 * crown, 0.35 * z)], 40).scaled(1, 1.15, 1), palette.matte()),
    ]


def desk_lamp(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    joint, tip = np.array([-0.22 * h, 0, 0.55 * h]), np.array([0.2 * h, 0, 0.85 * h])
    shade = (
        m.lathe([(0.05 * h, 0.18 * h), (0.09 * h, 0.14 * h), (0.17 * h, 0)], 32)
        .turned(-rng.uniform(10, 50), "y")
        .moved(*(tip - [0, 0, 0.12 * h]))
    )
    paint = palette.any()
    return [
        (m.cylinder(0.18 * h, 0.03 * h, 32), paint),
        (slender.bars([[(0, 0, 0), joint], [joint, tip]], 0.014 * h, 8), palette.metal()),
        (shade, paint),
        (m.sphere(0.03 * h, 12).moved(*joint), palette.metal()),
    ]


def kettle(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """A kettle or teapot or jug."""
    body = m.lathe(
        [
            (0, 0),
            (0.32 * h, 0),
            (0.4 * h, 0.12 * h),
            (0.38 * h, 0.35 * h),
            (0.22 * h, 0.6 * h),
            (0.1 * h, 0.64 * h),
            (0, 0.65 * h),
        ],
        36,
    )
    spout = m.tube(
        [(0.33 * h, 0, 0.2 * h), (0.5 * h, 0, 0.32 * h), (0.6 * h, 0, 0.55 * h)], [0.09 * h, 0.06 * h, 0.035 * h], 12
    )
    grip = solids.wire(np.array([(-0.3, 0, 0.5), (-0.55, 0, 0.5), (-0.58, 0, 0.25), (-0.38, 0, 0.15)]) * h, 0.03 * h, 8)
    return [
        (m.merged([body, spout]), shell := palette.any()),
        (grip, palette.matte(DARK) if rng.random() < 0.5 else shell),
        (m.sphere(0.045 * h, 12).moved(z=0.68 * h), palette.any()),
    ]


def clock(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    rim, r = m.torus(0.45 * h, 0.05 * h, 40), 0.44 * h
    marks = [m.box(0.02 * h, 0.08 * h, 0.012 * h).moved(0, 0.36 * h).turned(30 * k) for k in range(12)]
    hands = [
        m.box(0.025 * h, s * h, 0.015 * h).moved(0, 0.45 * s * h, 0.01 * h).turned(rng.uniform(0, 360))
        for s in (0.22, 0.34)
    ]
    parts: Parts = [
        (rim, palette.any()),
        (m.cylinder(r, 0.02 * h, 40).moved(z=-0.02 * h), palette.matte([0.75, 0.74, 0.7])),
        (m.merged([*marks, *hands]), palette.matte(DARK)),
    ]
    feet = [(m.sphere(0.04 * h, 10).moved(s * 0.25 * h, -0.42 * h, 0), parts[0][1]) for s in (-1, 1)]
    return lying([(mesh.turned(86, "x"), a) for mesh, a in parts + feet])


def bag(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    w, d = rng.uniform(0.6, 1.1) * h, 0.35 * h
    body = solids.superquadric((w / 2, d / 2, 0.4 * h), 0.5, 0.35).moved(z=0.4 * h)
    a = np.linspace(0, np.pi, 13)
    straps = [
        m.tube(np.stack([0.22 * w * np.cos(a), y + 0 * a, 0.72 * h + 0.28 * h * np.sin(a)], -1), 0.018 * h, 8)
        for y in (-0.12 * d, 0.2 * d)
    ]
    flap = m.rounded_box(0.7 * w, 0.06 * d, 0.35 * h, 0.03 * h).moved(y=-0.5 * d, z=0.12 * h)
    return [
        (body, skin := palette.any()),
        (m.merged(straps), palette.any()),
        (flap, skin),
        (m.sphere(0.02 * h, 10).moved(0, -0.54 * d, 0.42 * h), palette.metal()),
    ]


SMALL = (
    hammer,
    saw,
    shoe,
    hat,
    desk_lamp,
    kettle,
    clock,
    bag,
    toy_car,
    aeroplane,
    teddy,
    bricks,
    fruit,
    fruit,
    fruit,
    mushroom,
    shell,
    keyboard,
)
LARGE = (guitar, guitar, drum, horn, bag, teddy, desk_lamp)
