"""Musical instruments, and keyboards of both kinds. About `h` metres large."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.materials import Palette, textured
from fathom.render.objects import slender, solids
from fathom.render.objects.solids import DARK, lying, posed
from fathom.render.scene import Material, Mesh

Parts = list[tuple[Mesh, Material]]


def guitar(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """A guitar or violin."""
    along = np.array([-0.42, -0.4, -0.29, -0.1, 0.0, 0.1, 0.18, 0.235, 0.245])
    half = np.array([0.0, 0.09, 0.19, 0.15, 0.115, 0.135, 0.14, 0.09, 0.0]) * rng.uniform(0.85, 1.1)
    y = np.linspace(along[0], along[-1], 60)
    x = np.convolve(np.pad(np.interp(y, along, half), 3, mode="reflect"), np.ones(7) / 7, "valid")
    x[[0, -1]] = 0
    body = np.stack([np.concatenate([x, -x[-2:0:-1]]), np.concatenate([y, y[-2:0:-1]])], -1) * h
    thick = 0.09 * h
    wood = textured(textures.wood(rng, 0), 0.4, "glossy") if rng.random() < 0.6 else palette.glossy()
    neck = palette.matte([0.06, 0.04, 0.03])
    top = thick * 1.02
    parts: Parts = [(solids.extruded(body, thick), wood)]
    parts.append((m.box(0.055 * h, 0.52 * h, 0.03 * h).moved(0, 0.4 * h, top), neck))
    parts.append((m.box(0.085 * h, 0.14 * h, 0.025 * h).moved(0, 0.72 * h, top), wood))
    parts.append((m.cylinder(0.055 * h, 0.004 * h, 32).moved(0, 0.02 * h, top), palette.matte(DARK)))
    parts.append((m.box(0.14 * h, 0.025 * h, 0.02 * h).moved(0, -0.15 * h, top), neck))
    x = np.linspace(-0.02, 0.02, 6) * h
    strings = slender.bars(
        [[(v, -0.15 * h, top + 0.033 * h), (v, 0.68 * h, top + 0.036 * h)] for v in x], 0.0022 * h, 4
    )
    pegs = [
        m.sphere(0.012 * h, 8).moved(s * 0.055 * h, (0.67 + 0.04 * k) * h, top + 0.01 * h)
        for s in (-1, 1)
        for k in range(3)
    ]
    parts.append((m.merged([strings, *pegs]), palette.metal()))
    return posed(rng, parts)


def drum(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    r = 0.5 * h * rng.uniform(0.7, 1.2)
    tall = 0.55 * h
    n = 10
    lugs = slender.bars(
        [
            [
                (1.03 * r * np.cos(a), 1.03 * r * np.sin(a), 0.06 * tall),
                (1.03 * r * np.cos(a), 1.03 * r * np.sin(a), 0.94 * tall),
            ]
            for a in np.linspace(0, 6.28, n)
        ],
        0.012 * h,
    )
    return [
        (m.cylinder(r, tall, 40), palette.any()),
        (m.cylinder(0.97 * r, 0.01 * h, 40).moved(z=tall), palette.matte([0.75, 0.73, 0.68])),
        (m.merged([lugs, *(m.torus(r, 0.02 * h, 40).moved(z=z) for z in (0.03 * tall, 0.98 * tall))]), palette.metal()),
    ]


def horn(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """A trumpet-like thing of brass."""
    brass = palette.metal([0.85, 0.65, 0.3]) if rng.random() < 0.8 else palette.metal()
    z = 0.13 * h
    loop = [
        (0.5, 0, z),
        (0, 0, z),
        (-0.25, 0, z),
        (-0.33, 0, z - 0.05),
        (-0.25, 0, z - 0.1),
        (0.1, 0, z - 0.1),
        (0.18, 0, z - 0.05),
        (0.1, 0, z),
        (-0.5, 0, z + 0.0),
    ]
    pipe = solids.wire(np.array(loop) * [h, h, 1] + [0, 0.02 * h, 0], 0.016 * h, 10)
    bell = (
        m.lathe([(0.018 * h, 0), (0.025 * h, 0.12 * h), (0.05 * h, 0.22 * h), (0.12 * h, 0.28 * h)], 32)
        .turned(90, "y")
        .moved(0.45 * h, 0.02 * h, z)
    )
    valves = [m.cylinder(0.025 * h, 0.2 * h, 16).moved(x * h, 0.02 * h, z - 0.13 * h) for x in (-0.12, -0.06, 0.0)]
    return (
        posed(rng, [(m.merged([pipe, bell, *valves]), brass)])
        if rng.random() < 0.3
        else lying([(m.merged([pipe, bell, *valves]), brass)])
    )


def keyboard(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """Piano keys, or a computer's."""
    case = palette.glossy(DARK) if rng.random() < 0.6 else palette.glossy()
    if rng.random() < 0.5:
        n, w = 21, h / 22
        white = m.merged([m.box(0.93 * w, 5 * w, w).moved((k - n / 2 + 0.5) * w, -0.5 * w, 0.8 * w) for k in range(n)])
        black = m.merged(
            [
                m.box(0.55 * w, 3 * w, 0.7 * w).moved((k - n / 2 + 1) * w, 0.6 * w, 1.8 * w)
                for k in range(n - 1)
                if k % 7 not in (2, 6)
            ]
        )
        return [
            (m.box(h, 8 * w, 1.2 * w).moved(y=0.6 * w), case),
            (white, palette.glossy([0.75, 0.74, 0.7])),
            (black, palette.glossy(DARK)),
        ]
    w = h / 16
    keys = m.merged(
        [
            m.rounded_box(0.85 * w, 0.85 * w, 0.4 * w, 0.12 * w, 2).moved(
                (i - 7) * w + 0.25 * w * (j % 2), (j - 2) * w, 0.3 * w
            )
            for i in range(15)
            for j in range(5)
        ]
    )
    return [(m.rounded_box(h, 5.6 * w, 0.4 * w, 0.15 * w), case), (keys, palette.any())]
