"""Boats and ships afloat at z = 0, their bows towards -y."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.materials import Palette
from fathom.render.objects import shapes
from fathom.render.scene import Material, Mesh

Parts = list[tuple[Mesh, Material]]


def hull(length: float, beam: float, free: float, bow: float = 1.6) -> Mesh:
    """A boat's hull along y, its bow at -y; `free` is the height of its side above the water."""
    rings = []
    for t in (0.0, 0.02, 0.25, 0.5, 0.72, 0.88, 0.96, 1.0):
        half = beam / 2 * (0.75 + 0.25 * np.sin(np.pi * min(t / 0.9, 1.0))) * max(1 - max(t - 0.5, 0) ** 2 * 4, 0.015)
        sheer, keel = free * (1 + (bow - 1) * t**2.5), -0.35 * free * (1 - t**4)
        side = [(half, sheer), (half * 0.97, sheer * 0.4), (half * 0.72, keel * 0.4), (half * 0.2, keel)]
        section = [*side, *[(-x, z) for x, z in side[::-1]]]
        rings.append([(x, (0.5 - t) * length - (t**3) * 0.05 * length * (z / free), z) for x, z in section[::-1]])
    return shapes.skin(np.array(rings))


def boat(rng: np.random.Generator, palette: Palette, kind: str | None = None) -> Parts:
    """A rowing boat, a motor boat, a sailing boat with its rigging, or a fishing boat."""
    kind = str(rng.choice(["row", "motor", "sail", "fish"])) if kind is None else kind
    white = palette.glossy([0.7, 0.7, 0.68])
    length = {
        "row": rng.uniform(3, 4.5),
        "motor": rng.uniform(5, 12),
        "sail": rng.uniform(6, 13),
        "fish": rng.uniform(7, 14),
    }[kind]
    beam, free = length * (0.38 if kind == "row" else 0.31), length * (0.09 if kind == "row" else 0.1)
    side = white if rng.random() < 0.5 else palette.glossy()
    parts: Parts = [(hull(length, beam, free, 1.3 if kind == "row" else 1.7), side)]
    glass, steel = palette.glossy([0.03, 0.035, 0.04]), palette.metal([0.6, 0.6, 0.62])
    if kind == "row":
        inside = hull(length * 0.9, beam * 0.86, free * 0.9, 1.2).moved(z=free * 0.12)
        seats = [m.box(beam * 0.8, 0.22, 0.03).moved(0, y, free * 1.05) for y in (-0.2 * length, 0.15 * length)]
        oars = [m.tube([(s * beam * 0.2, 0, free * 1.2), (s * beam * 0.9, 0.6, free * 0.7)], 0.025, 6) for s in (-1, 1)]
        return [*parts, (m.merged([inside.scaled(1, 1, 0.95), *seats, *oars]), palette.matte([0.28, 0.18, 0.09]))]
    parts.append(
        (
            m.rounded_box(beam * 0.62, length * 0.34, length * 0.07, 0.06 * length).moved(
                0, 0.02 * length, free * 0.95
            ),
            white,
        )
    )
    rail = [
        (x, y, free * (1.0 + 0.5 * max(-y / length, 0)))
        for x, y in ((beam * 0.42, 0.4 * length), (beam * 0.46, 0.0), (beam * 0.3, -0.33 * length), (0, -0.5 * length))
    ]
    rail += [(-x, y, z) for x, y, z in rail[-2::-1]]
    parts.append((m.fence(rail, 0.055 * length + 0.15, 2, 0.9, 0.012), steel))
    if kind == "sail":
        mast, boom = length * rng.uniform(1.1, 1.4), length * 0.42
        foot = np.array([0, -0.08 * length, free])
        top = foot + np.array([0, 0, mast])
        spars = [
            m.tube([foot, top], [0.008 * length, 0.005 * length], 7),
            m.tube(
                [foot + np.array([0, 0, 0.12 * length]), foot + np.array([0, boom, 0.12 * length])], 0.006 * length, 6
            ),
        ]
        spars.append(
            m.tube(
                [foot + np.array([-beam * 0.3, 0, mast * 0.55]), foot + np.array([beam * 0.3, 0, mast * 0.55])],
                0.004 * length,
                5,
            )
        )
        stays = [
            (0, -0.5 * length, free * 1.6),
            (0, 0.48 * length, free),
            (beam * 0.45, 0, free),
            (-beam * 0.45, 0, free),
        ]
        spars += [m.tube([top, p], 0.0015 * length, 3) for p in stays]
        parts.append((m.merged(spars), steel))
        if rng.random() < 0.45:
            belly = rng.uniform(-0.12, 0.12) * length
            s = np.linspace(0, 1, 8)
            g = [
                [
                    (
                        belly * 4 * u * (1 - u) * (1 - v),
                        (u * boom * (1 - v)) + foot[1],
                        foot[2] + 0.13 * length + v * (mast - 0.15 * length),
                    )
                    for u in s
                ]
                for v in s
            ]
            jib = [
                [
                    (
                        belly * 4 * u * (1 - u) * (1 - v),
                        foot[1] - 0.02 * length - (1 - v) * (0.38 * length) * (1 - u),
                        free * 1.6 + v * mast * 0.9,
                    )
                    for u in s
                ]
                for v in s
            ]
            cloth = [m.smooth(np.array(q).reshape(-1, 3), m.grid_faces(8, 8)) for q in (g, jib)]
            parts.append((m.merged(cloth), palette.matte([0.75, 0.74, 0.7] if rng.random() < 0.75 else None)))
        else:
            furled = m.limb(
                foot + np.array([0, 0.05 * length, 0.14 * length]),
                foot + np.array([0, boom, 0.14 * length]),
                0.018 * length,
                0.012 * length,
            )
            parts.append((furled, palette.matte(textures.colour(rng, (0, 0.8), (0.05, 0.6)))))
        return parts
    high = rng.uniform(1.2, 1.6) + 0.05 * length
    y = -0.05 * length if kind == "motor" else rng.choice([-0.22, 0.25]) * length
    parts += [
        (
            m.rounded_box(beam * 0.6, length * 0.24, high, 0.12).moved(0, y, free),
            white if rng.random() < 0.7 else palette.glossy(),
        ),
        (
            m.merged(
                [
                    m.box(beam * 0.61, length * 0.2, high * 0.3).moved(0, y, free + high * 0.55),
                    m.box(beam * 0.5, length * 0.25, high * 0.28).moved(0, y, free + high * 0.56),
                ]
            ),
            glass,
        ),
    ]
    mast = length * rng.uniform(0.3, 0.55)
    poles = [m.tube([(0, y, free), (0, y, free + high + mast)], 0.03, 6)]
    if kind == "fish":
        poles += [m.tube([(0, -0.1 * length, free), (0, 0.3 * length, free + mast)], 0.05, 6)]
        poles += [m.tube([(0, y, free + high + mast), (0, q * length, free)], 0.01, 3) for q in (-0.48, 0.45)]
    parts.append((m.merged(poles), steel))
    return parts


def ship(rng: np.random.Generator, palette: Palette) -> Parts:
    """A freighter or ferry of about 100 m, for the horizon."""
    long = rng.uniform(60, 180)
    upper = [
        m.box(long * 0.13, long * 0.14, long * 0.14).moved(0, long * 0.36, long * 0.05),
        m.cylinder(long * 0.015, long * 0.1, 10).moved(0, long * 0.36, long * 0.15),
    ]
    boxes = [
        m.box(long * 0.13, long * 0.09, long * rng.uniform(0.02, 0.07)).moved(0, y * long, long * 0.06)
        for y in np.linspace(-0.35, 0.22, 6)
    ]
    return [
        (hull(long, long * 0.15, long * 0.06, 1.5), palette.matte()),
        (m.merged(upper), palette.matte([0.7, 0.7, 0.68])),
        (m.merged(boxes), palette.matte()),
    ]
