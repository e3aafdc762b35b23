"""What grows: fruit, mushrooms, shells. About `h` metres large."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.materials import Palette
from fathom.render.objects import solids
from fathom.render.objects.solids import lying
from fathom.render.scene import Material, Mesh

Parts = list[tuple[Mesh, Material]]


def fruit(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """An apple, pear, pumpkin, pepper, bunch of grapes, pineapple-like thing."""
    kind = int(rng.integers(5))
    c = rng.choice(
        np.array([[0.6, 0.05, 0.03], [0.3, 0.45, 0.05], [0.8, 0.33, 0.03], [0.75, 0.6, 0.05], [0.2, 0.04, 0.12]])
    )
    skin = Material("glossy", textures.mottled(rng, c, np.clip(c * rng.uniform(0.5, 1.6, 3), 0, 0.85), 9), 0.6 * h)
    if kind == 4:
        berry = m.sphere(0.11 * h, 14)
        at = rng.normal(0, 1, (46, 3))
        at /= np.linalg.norm(at, axis=1, keepdims=True)
        at *= np.array([0.25, 0.25, 0.36]) * h * rng.uniform(0.6, 1, (46, 1))
        at[:, :2] *= 1 + 0.8 * at[:, 2:] / h
        return lying(
            [
                (m.merged([berry.moved(*p) for p in at]), skin),
                (m.tube([(0, 0, 0.3 * h), (0.04 * h, 0, 0.55 * h)], 0.02 * h), palette.matte([0.15, 0.1, 0.04])),
            ]
        )
    t = np.linspace(0, np.pi, 22)
    ribs = int(rng.choice([0, 8, 10])) if kind == 1 else 5 if kind == 2 else 0
    a = np.linspace(0, 2 * np.pi, 49)
    r = {
        0: 0.5 * np.sin(t) * (1 + 0.08 * np.cos(t)),
        1: 0.5 * np.sin(t) ** 0.8,
        2: 0.36 * np.sin(t) ** 0.6,
        3: (0.34 - 0.15 * np.cos(t + np.pi)) * np.sin(t) ** 0.8,
    }[kind]
    z = {
        0: -0.43 * np.cos(t) - 0.08 * np.exp(-((t - np.pi) ** 2) / 0.1),
        1: -0.36 * np.cos(t),
        2: -0.5 * np.cos(t),
        3: -0.6 * np.cos(t),
    }[kind]
    if kind == 3:
        r = r[::-1]
    dent = 1 - 0.09 * np.abs(np.cos(ribs * a / 2)) if ribs else np.ones_like(a)
    x, y = r[:, None] * dent * np.cos(a), r[:, None] * dent * np.sin(a)
    v = np.stack(np.broadcast_arrays(x, y, z[:, None]), -1).reshape(-1, 3) * h
    uv = np.stack(np.broadcast_arrays(a * 0.4 * h, z[:, None] * h), -1).reshape(-1, 2)
    top = float(z[-1]) * h
    stalk = m.tube([(0, 0, top - 0.03 * h), (0.02 * h, 0, top + 0.07 * h), (0.06 * h, 0, top + 0.14 * h)], 0.022 * h, 7)
    parts: Parts = [(m.smooth(v, m.grid_faces(22, 49), uv), skin), (stalk, palette.matte([0.12, 0.09, 0.03]))]
    if rng.random() < 0.4:
        parts.append(
            (
                solids.petal(0.35 * h, 0.15 * h, 0.3, -0.2)
                .turned(rng.uniform(0, 360))
                .moved(0.03 * h, 0, top + 0.08 * h),
                palette.matte([0.07, 0.15, 0.03]),
            )
        )
    tilt = float(rng.choice([0.0, 0.0, rng.uniform(60, 100)]))
    return lying([(mesh.turned(tilt, "x"), b) for mesh, b in parts])


def mushroom(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    parts: Parts = []
    cap_paint, stem_paint = palette.any(), palette.matte([0.65, 0.6, 0.5])
    for _ in range(int(rng.integers(1, 5))):
        s, (x, y) = h * rng.uniform(0.5, 1), rng.normal(0, 0.3, 2) * h
        cap = m.lathe(
            [
                (0.1 * s, 0.0),
                (0.45 * s, -0.06 * s),
                (0.46 * s, 0.02 * s),
                (0.36 * s, 0.2 * s),
                (0.18 * s, 0.3 * s),
                (0, 0.33 * s),
            ],
            32,
        )
        parts += [
            (cap.moved(x, y, 0.66 * s), cap_paint),
            (m.lathe([(0.15 * s, 0), (0.1 * s, 0.3 * s), (0.11 * s, 0.67 * s)], 20).moved(x, y), stem_paint),
        ]
    return parts


def shell(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """A snail's shell, lying."""
    turns = rng.uniform(3, 4.5)
    a = np.linspace(0, 2 * np.pi * turns, 110)
    g = np.exp((a - a[-1]) * rng.uniform(0.09, 0.13))
    p = np.stack([0.3 * g * np.cos(a), 0.3 * g * np.sin(a), 0.75 * (1 - g)], -1) * h
    tube = m.tube(p, 0.26 * g * h, 14)
    c = textures.colour(rng, (0.1, 0.5), (0.3, 0.8))
    return lying(
        [
            (
                tube.turned(rng.uniform(60, 110), "x"),
                Material("glossy", textures.stripes(rng) if rng.random() < 0.3 else textures.mottled(rng, c), 0.5 * h),
            )
        ]
    )
