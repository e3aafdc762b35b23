"""Food on plates and boards, about `r` metres in radius."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.materials import Palette
from fathom.render.objects import solids
from fathom.render.scene import Material, Mesh

Parts = list[tuple[Mesh, Material]]


def crust(rng: np.random.Generator, colour, repeat: float = 0.1) -> Material:
    c = np.asarray(colour, float)
    return Material("matte", textures.mottled(rng, np.clip(c * 0.55, 0, 1), np.clip(c * 1.25, 0, 0.9), 9), repeat)


def plate(rng: np.random.Generator, palette: Palette, r: float) -> Parts:
    """A plate, bowl or board; food goes to z = 0.1 r at its middle."""
    china = palette.glossy(textures.colour(rng, (0, 0.25), (0.5, 0.8)) if rng.random() < 0.7 else None)
    kind = rng.random()
    if kind < 0.75:
        parts: Parts = [
            (
                solids.bowl(
                    [(0.55 * r, 0), (0.62 * r, 0.02 * r), (0.72 * r, 0.09 * r), (r, rng.uniform(0.12, 0.2) * r)],
                    0.025 * r,
                    48,
                ),
                china,
            )
        ]
        return [*parts, (m.cylinder(0.66 * r, 0.02 * r, 40).moved(z=0.075 * r), china)]
    wood = Material("matte", textures.wood(rng, 0), 0.4)
    if kind < 0.88:
        return [(solids.disc(r, 0.1 * r), wood)]
    return [(m.rounded_box(2.2 * r, 1.7 * r, 0.1 * r, 0.04 * r), wood)]


def burger(rng: np.random.Generator, palette: Palette, r: float) -> Parts:
    bun, z, s = crust(rng, (0.55, 0.28, 0.09)), 0.0, 0.5 * r
    parts: Parts = [(m.lathe([(0, 0), (0.9 * s, 0), (s, 0.1 * s), (s, 0.3 * s), (0, 0.32 * s)], 32), bun)]
    z = 0.32 * s
    for _ in range(int(rng.integers(2, 6))):
        c = np.array(((0.13, 0.06, 0.03), (0.75, 0.45, 0.04), (0.5, 0.05, 0.03), (0.2, 0.4, 0.05))[rng.integers(4)])
        t = rng.uniform(0.06, 0.25) * s
        layer = m.blob(rng, (1.05 * s, 1.05 * s, t / 2), 0.15, 24).moved(z=z + t / 2)
        parts.append((layer, crust(rng, c) if c[0] < 0.2 else palette.glossy(c)))
        z += 0.8 * t
    parts.append(
        (
            m.lathe(
                [
                    (0, z),
                    (0.97 * s, z),
                    (s, z + 0.12 * s),
                    (0.8 * s, z + 0.42 * s),
                    (0.4 * s, z + 0.6 * s),
                    (0, z + 0.64 * s),
                ],
                32,
            ),
            bun,
        )
    )
    a, q = rng.uniform(0, 6.28, 50), rng.uniform(0, 0.75, 50) * s
    seeds = [
        m.sphere(0.03 * s, 6).moved(x, y, z + 0.64 * s - 0.42 * (d / s) ** 2 * s)
        for x, y, d in zip(q * np.cos(a), q * np.sin(a), q, strict=True)
    ]
    return [*parts, (m.merged(seeds), palette.matte([0.75, 0.65, 0.45]))]


def pizza(rng: np.random.Generator, palette: Palette, r: float) -> Parts:
    s, bread = 0.9 * r, crust(rng, (0.6, 0.33, 0.12))
    parts: Parts = [
        (
            m.blob(rng, (0.88 * s, 0.88 * s, 0.05 * s), 0.06, 40).moved(z=0.04 * s),
            Material(
                "glossy", textures.mottled(rng, np.array([0.55, 0.12, 0.03]), np.array([0.8, 0.6, 0.25]), 7), 0.3 * r
            ),
        ),
        (m.torus(0.88 * s, 0.07 * s, 48, 10).moved(z=0.05 * s), bread),
    ]
    for kind, colour in enumerate(([0.5, 0.05, 0.03], [0.1, 0.2, 0.03], [0.7, 0.65, 0.5])):
        paint = palette.glossy(np.array(colour) * rng.uniform(0.7, 1.2))
        pieces = []
        for _ in range(int(rng.integers(3, 14))):
            a, q = rng.uniform(0, 6.28), 0.75 * s * np.sqrt(rng.random())
            piece = (
                m.cylinder(0.12 * s, 0.025 * s, 20),
                solids.petal(0.25 * s, 0.14 * s, 0.2, 0.15).moved(z=0.02 * s),
                m.torus(0.08 * s, 0.025 * s, 16, 6).moved(z=0.02 * s),
            )[kind]
            pieces.append(piece.turned(rng.uniform(0, 360)).moved(q * np.cos(a), q * np.sin(a), 0.08 * s))
        parts.append((m.merged(pieces), paint))
    return parts


def pasta(rng: np.random.Generator, palette: Palette, r: float) -> Parts:
    """A heap of noodles with sauce."""
    strands, t = [], np.linspace(0, 1, 26)
    for _ in range(int(rng.integers(70, 120))):
        k = np.arange(1, 3)[:, None, None]
        waves = np.sin(2 * np.pi * k * t[:, None] + rng.uniform(0, 6.3, (2, 1, 3)))
        p = (rng.normal(0, 1, (2, 1, 3)) / k * waves).sum(0) * [0.22 * r, 0.22 * r, 0.1 * r]
        p[:, 2] = (
            np.abs(p[:, 2])
            + 0.02 * r
            + 0.16 * r * np.exp(-(p[:, 0] ** 2 + p[:, 1] ** 2) / (0.2 * r * r)) * rng.random()
        )
        strands.append(m.tube(p, 0.03 * r, 5))
    sauce = m.blob(rng, (0.35 * r, 0.35 * r, 0.13 * r), 0.35, 24).moved(z=0.25 * r)
    return [(m.merged(strands), palette.glossy([0.75, 0.55, 0.22])), (sauce, crust(rng, (0.4, 0.06, 0.03), 0.03))]


def salad(rng: np.random.Generator, palette: Palette, r: float) -> Parts:
    green = crust(rng, (0.16, 0.33, 0.05))
    leaves = [
        solids.petal(0.5 * r * rng.uniform(0.6, 1.2), 0.35 * r, rng.uniform(0.1, 0.5), rng.uniform(-0.3, 0.6), 0.9)
        .turned(rng.uniform(-10, 50), "x")
        .turned(rng.uniform(0, 360))
        .moved(*(rng.normal(0, 0.22, 3) * [r, r, 0.25 * r] + [0, 0, 0.1 * r]))
        for _ in range(26)
    ]
    parts: Parts = [
        (m.merged(leaves), green),
        (m.blob(rng, (0.45 * r, 0.45 * r, 0.1 * r), 0.3).moved(z=0.05 * r), green),
    ]
    for c in ([0.65, 0.06, 0.03], [0.75, 0.7, 0.55], [0.35, 0.5, 0.15]):
        paint = palette.glossy(c)
        for _ in range(int(rng.integers(1, 7))):
            at = rng.normal(0, 0.25, 3) * [r, r, 0] + [0, 0, 0.22 * r]
            piece = m.sphere(0.1 * r, 14) if rng.random() < 0.5 else m.cylinder(0.13 * r, 0.03 * r, 20)
            parts.append((piece.turned(rng.uniform(0, 60), "x").moved(*at), paint))
    return parts


def cake(rng: np.random.Generator, palette: Palette, r: float) -> Parts:
    """A whole cake or a slice, with layers, cream and berries."""
    s, tall, slice_ = 0.6 * r, 0.5 * r, rng.random() < 0.5
    sponge, cream = (
        crust(rng, textures.colour(rng, (0.3, 0.7), (0.15, 0.6))),
        palette.matte(textures.colour(rng, (0, 0.4), (0.6, 0.85))),
    )
    a = np.linspace(0, 0.8, 10) if slice_ else np.linspace(0, 2 * np.pi, 48, endpoint=False)
    edge = np.stack([np.cos(a), np.sin(a)], -1) * s * (1.4 if slice_ else 1)
    if slice_:
        edge = np.concatenate([[[0, 0]], edge])
        edge = edge - edge.mean(0)
    n = int(rng.integers(2, 4))
    parts: Parts = []
    for k in range(n):
        parts += [
            (solids.extruded(edge, 0.7 * tall / n).moved(z=k * tall / n), sponge),
            (solids.extruded(edge * 1.01, 0.3 * tall / n).moved(z=(k + 0.7) * tall / n), cream),
        ]
    berries = [m.sphere(0.1 * r, 14).moved(x, y, tall + 0.06 * r) for x, y in edge[:: (4 if slice_ else 5)] * 0.7]
    puffs = [
        m.lathe([(0.1 * r, 0), (0.09 * r, 0.05 * r), (0.03 * r, 0.11 * r), (0, 0.13 * r)], 14).moved(x, y, tall)
        for x, y in edge[2 :: (4 if slice_ else 5)] * 0.75
    ]
    return [
        *parts,
        (m.merged(berries), palette.glossy([0.55, 0.02, 0.04])),
        *([(m.merged(puffs), cream)] if puffs else []),
    ]


def dinner(rng: np.random.Generator, palette: Palette, r: float) -> Parts:
    """Meat, potatoes or rice, vegetables, side by side."""
    meat = m.blob(rng, (0.36 * r, 0.24 * r, 0.09 * r), 0.2, 24).moved(-0.2 * r, -0.15 * r, 0.08 * r)
    parts: Parts = [(meat, crust(rng, (0.2, 0.09, 0.04), 0.05))]
    if rng.random() < 0.5:
        grains = rng.normal(0, 0.14, (160, 3)) * [r, r, 0.4 * r]
        rice = m.merged(
            [
                m.sphere(0.03 * r, 6)
                .scaled(1.8, 1, 1)
                .turned(rng.uniform(0, 180))
                .moved(x + 0.25 * r, y + 0.2 * r, abs(z) + 0.05 * r)
                for x, y, z in grains
            ]
        )
        parts += [
            (rice, palette.matte([0.75, 0.72, 0.62])),
            (
                m.blob(rng, (0.25 * r, 0.25 * r, 0.07 * r), 0.2).moved(0.25 * r, 0.2 * r, 0.03 * r),
                palette.matte([0.75, 0.72, 0.62]),
            ),
        ]
    else:
        chips = [
            m.box(0.07 * r, 0.5 * r * rng.uniform(0.6, 1.1), 0.07 * r)
            .turned(rng.uniform(-12, 12), "x")
            .turned(rng.uniform(0, 180))
            .moved(0.22 * r + rng.normal(0, 0.1) * r, 0.22 * r + rng.normal(0, 0.1) * r, rng.uniform(0.02, 0.2) * r)
            for _ in range(18)
        ]
        parts.append((m.merged(chips), crust(rng, (0.75, 0.5, 0.12))))
    peas = [
        m.sphere(0.05 * r, 10).moved(
            rng.normal(0.25, 0.1) * r, rng.normal(-0.3, 0.1) * r, 0.06 * r + abs(rng.normal(0, 0.03)) * r
        )
        for _ in range(30)
    ]
    return [*parts, (m.merged(peas), palette.glossy([0.15, 0.35, 0.05] if rng.random() < 0.6 else [0.75, 0.3, 0.03]))]


def sushi(rng: np.random.Generator, palette: Palette, r: float) -> Parts:
    rice, weed = palette.matte([0.75, 0.74, 0.7]), palette.matte([0.02, 0.03, 0.02])
    parts: Parts = []
    for k, x in enumerate(np.linspace(-0.45, 0.45, 4)):
        for y in (-0.25, 0.25):
            c = palette.glossy(
                rng.choice(np.array([[0.75, 0.25, 0.1], [0.6, 0.08, 0.06], [0.75, 0.6, 0.1], [0.2, 0.4, 0.1]]))
            )
            if (k + (y > 0)) % 2:
                thing = [
                    (m.cylinder(0.13 * r, 0.2 * r, 20), weed),
                    (m.cylinder(0.115 * r, 0.205 * r, 20), rice),
                    (m.cylinder(0.05 * r, 0.215 * r, 12), c),
                ]
            else:
                thing = [
                    (m.rounded_box(0.18 * r, 0.4 * r, 0.15 * r, 0.06 * r), rice),
                    (m.rounded_box(0.2 * r, 0.46 * r, 0.08 * r, 0.035 * r).moved(z=0.13 * r), c),
                ]
            parts += [(mesh.turned(rng.normal(0, 8)).moved(x * r, y * r), a) for mesh, a in thing]
    return parts


def biscuits(rng: np.random.Generator, palette: Palette, r: float) -> Parts:
    """Biscuits, rolls or doughnuts in a heap."""
    dough, kind = crust(rng, np.array([0.55, 0.3, 0.1]) * rng.uniform(0.4, 1.3)), int(rng.integers(3))
    glaze = palette.glossy(textures.colour(rng, (0.2, 0.8), (0.2, 0.8)))
    parts: Parts = []
    for k in range(int(rng.integers(4, 12))):
        a, q, z = rng.uniform(0, 6.28), (0.15 + 0.35 * rng.random()) * r, 0.09 * r * (k // 4)
        at = (q * np.cos(a), q * np.sin(a), z + 0.06 * r)
        if kind == 0:
            parts += [
                (m.torus(0.15 * r, 0.08 * r, 28, 12).moved(*at), dough),
                (m.torus(0.15 * r, 0.078 * r, 28, 12).scaled(1, 1, 0.7).moved(at[0], at[1], at[2] + 0.035 * r), glaze),
            ]
        elif kind == 1:
            chips = [
                m.sphere(0.022 * r, 8).moved(rng.normal(0, 0.07) * r, rng.normal(0, 0.07) * r, 0.035 * r)
                for _ in range(7)
            ]
            tilt = rng.uniform(-15, 15)
            parts += [
                (m.blob(rng, (0.2 * r, 0.2 * r, 0.045 * r), 0.15).turned(tilt, "x").moved(*at), dough),
                (m.merged(chips).turned(tilt, "x").moved(*at), palette.matte([0.05, 0.025, 0.015])),
            ]
        else:
            parts.append(
                (m.blob(rng, (0.2 * r, 0.17 * r, 0.14 * r), 0.12).moved(at[0], at[1], at[2] + 0.06 * r), dough)
            )
    return parts


DISHES = (burger, pizza, pasta, salad, cake, dinner, sushi, biscuits)


def meal(rng: np.random.Generator, palette: Palette, r: float) -> Parts:
    """A plate with something on it."""
    dish = DISHES[int(rng.integers(len(DISHES)))](rng, palette, r)
    return [*plate(rng, palette, r), *((mesh.turned(rng.uniform(0, 5)).moved(z=0.095 * r), a) for mesh, a in dish)]
