"""Toys. About `h` metres large."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.materials import Palette, textured
from fathom.render.objects import slender, solids
from fathom.render.objects.implicit import ball, bone, surface
from fathom.render.objects.solids import DARK, lying
from fathom.render.scene import Material, Mesh

Parts = list[tuple[Mesh, Material]]


def toy_car(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """A toy car, truck or tractor of this length."""
    w, r = 0.42 * h, rng.uniform(0.09, 0.14) * h
    paint = palette.glossy(textures.colour(rng, (0.4, 0.95), (0.2, 0.8)))
    body = m.rounded_box(w, h, 0.2 * h, 0.06 * h).moved(z=0.8 * r)
    cab = m.rounded_box(0.85 * w, rng.uniform(0.3, 0.55) * h, 0.22 * h, 0.08 * h).moved(
        y=rng.uniform(-0.15, 0.15) * h, z=0.8 * r + 0.17 * h
    )
    tyres = [
        m.torus(0.7 * r, 0.36 * r, 24, 10).turned(90, "y").moved(s * w / 2, y * h, 1.05 * r)
        for s in (-1, 1)
        for y in (-0.3, 0.3)
    ]
    hubs = [
        m.cylinder(0.5 * r, 0.3 * r, 16).turned(90, "y").moved(s * w / 2 - 0.15 * r, y * h, 1.05 * r)
        for s in (-1, 1)
        for y in (-0.3, 0.3)
    ]
    lamps = [m.sphere(0.04 * h, 10).moved(s * 0.3 * w, -0.49 * h, 0.8 * r + 0.12 * h) for s in (-1, 1)]
    return [
        (body, paint),
        (cab, palette.glossy([0.04, 0.05, 0.06]) if rng.random() < 0.5 else palette.glossy()),
        (m.merged(tyres), palette.matte(DARK)),
        (m.merged(hubs), palette.any()),
        (m.merged(lamps), palette.glossy([0.75, 0.72, 0.6])),
    ]


def aeroplane(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    hull = m.limb((0, -0.45 * h, 0), (0, 0.45 * h, 0.05 * h), 0.08 * h, 0.03 * h, 16)
    wing = solids.petal(0.5 * h, 0.2 * h, 0, 0.08, 0.7)
    wings = [wing.turned(-90).moved(0.02 * h, -0.08 * h), wing.turned(-90).scaled(-1, 1, 1).moved(-0.02 * h, -0.08 * h)]
    tail = [solids.petal(0.18 * h, 0.12 * h).turned(s * 90).moved(0, 0.4 * h, 0.05 * h) for s in (-1, 1)] + [
        solids.petal(0.2 * h, 0.15 * h).turned(90, "y").turned(75, "x").moved(0, 0.38 * h, 0.06 * h)
    ]
    gear = [
        m.sphere(0.045 * h, 10).scaled(0.5, 1, 1).moved(x * h, y * h, -0.12 * h)
        for x, y in ((-0.12, -0.1), (0.12, -0.1), (0, -0.35))
    ]
    struts = slender.bars(
        [[(x * h, y * h, -0.12 * h), (x * 0.4 * h, y * h, 0)] for x, y in ((-0.12, -0.1), (0.12, -0.1), (0, -0.35))],
        0.012 * h,
    )
    screw = m.box(0.3 * h, 0.015 * h, 0.03 * h).turned(rng.uniform(0, 180), "y").moved(0, -0.54 * h, 0)
    return lying(
        [
            (hull, palette.glossy()),
            (m.merged([*wings, *tail]), palette.any()),
            (m.merged([*gear, screw]), palette.matte(DARK)),
            (struts, palette.metal()),
        ]
    )


def teddy(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """A soft toy, sitting."""
    bones = [
        ball((0, 0, 0.28), 0.24, (1, 0.9, 1)),
        ball((0, -0.02, 0.66), 0.2),
        bone((0, -0.15, 0.62), (0, -0.22, 0.61), 0.1, 0.07),
    ]
    for s in (-1, 1):
        bones += [
            bone((s * 0.14, -0.08, 0.12), (s * 0.24, -0.4, 0.09), 0.1, 0.09),
            bone((s * 0.2, -0.02, 0.42), (s * 0.34, -0.18, 0.24), 0.08, 0.075),
            ball((s * 0.16, 0, 0.83), 0.075, (1, 0.5, 1), 0.3),
        ]
    skin = surface(bones, 70)
    uv = np.stack([skin.vertices[:, 0] + 0.4 * skin.vertices[:, 1], skin.vertices[:, 2]], -1)
    black = [m.sphere(0.028, 10).moved(s * 0.075, -0.19, 0.72) for s in (-1, 1)] + [
        m.sphere(0.04, 10).moved(0, -0.29, 0.64)
    ]
    plush = textured(textures.mottled(rng, None, None, 40), 0.5)
    return [
        (Mesh(skin.vertices, skin.faces, skin.normals, uv).scaled(h), plush),
        (m.merged(black).scaled(h), palette.glossy(DARK)),
    ]


def bricks(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """Studded building bricks, stacked."""
    u, parts = h / 8, []
    paints = [palette.glossy(textures.colour(rng, (0.5, 0.95), (0.3, 0.8))) for _ in range(4)]
    for z in range(int(rng.integers(2, 7))):
        for _ in range(int(rng.integers(1, 3))):
            nx, ny = int(rng.integers(2, 5)), int(rng.integers(1, 4))
            x, y = rng.integers(-2, 2, 2) * u
            studs = [
                m.cylinder(0.3 * u, 0.2 * u, 12).moved((i - nx / 2 + 0.5) * u, (j - ny / 2 + 0.5) * u, 1.2 * u)
                for i in range(nx)
                for j in range(ny)
            ]
            parts.append(
                (
                    m.merged([m.box(nx * u * 0.99, ny * u * 0.99, 1.2 * u), *studs]).moved(x, y, 1.2 * u * z),
                    paints[int(rng.integers(4))],
                )
            )
    return parts
