"""Buildings and monuments one takes pictures of: churches, temples, towers, huts, statues. Fronts at y = 0 face -y."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render.materials import Palette
from fathom.render.objects import figures
from fathom.render.objects.buildings import gable, rooftop
from fathom.render.scene import Material, Mesh

Parts = list[tuple[Mesh, Material]]


def tower(rng: np.random.Generator, palette: Palette, wall: Material, w: float, h: float) -> Parts:
    """A tall building that steps back once or twice towards its top."""
    parts: Parts = []
    z, wide = 0.0, w
    for share in rng.dirichlet(np.ones(int(rng.integers(1, 4))) * 3):
        parts.append((m.box(wide, wide, share * h).moved(0, w / 2, z), wall))
        z += share * h
        wide *= rng.uniform(0.6, 0.9)
    wide = max(wide, 3)
    parts += [(mesh.moved(y=(w - wide) / 2), a) for mesh, a in rooftop(rng, palette, wide, wide, z)]
    if rng.random() < 0.3:
        parts.append((m.tube([(0, w / 2, z), (0, w / 2, z + h * 0.2)], 0.25, 6), palette.metal()))
    return parts


def church(rng: np.random.Generator, palette: Palette, wall: Material, cover: Material) -> Parts:
    """A nave with arched windows, and a tower with a spire or a dome in front of it."""
    w, d, h = rng.uniform(9, 14), rng.uniform(18, 30), rng.uniform(7, 12)
    t, th = w * rng.uniform(0.38, 0.5), h * rng.uniform(1.6, 2.6)
    parts: Parts = [
        (m.merged([m.box(w, d, h).moved(y=t * 0.5 + d / 2), m.box(t, t, th).moved(y=t / 2)]), wall),
        (gable(w, d, h, 0.4, w * rng.uniform(0.4, 0.6), across=True).moved(y=t * 0.5), cover),
    ]
    if rng.random() < 0.65:
        parts.append(
            (
                m.lathe([(t * 0.75, th), (t * 0.2, th + t * 1.2), (0.05, th + t * rng.uniform(1.8, 3.5))], 4, True)
                .turned(45)
                .moved(y=t / 2),
                cover,
            )
        )
    else:
        a = np.linspace(0, np.pi / 2, 8)
        parts.append(
            (m.lathe(np.stack([t * 0.55 * np.cos(a), th + t * 0.7 * np.sin(a)], -1), 20).moved(y=t / 2), cover)
        )
    holes, sills = [], []
    for x, y, z, s, turn in [(0, 0, 1, 1.3, 0), (0, 0, th * 0.55, 0.8, 0), (0, 0, th * 0.82, 1.0, 0)] + [
        (s * w / 2, t + 2 + k * 4, h * 0.25, 1.4, 90) for s in (-1, 1) for k in range(int((d - 4) / 4))
    ]:
        high = h * 0.22 * s if z > 1 else 2.4
        arch = [
            m.box(0.9 * s, 0.16, high).moved(z=0),
            m.cylinder(0.45 * s, 0.16, 16).turned(90, "x").moved(0, 0.08, high),
        ]
        holes.append(m.merged(arch).turned(turn).moved(x, y, z))
        sills.append(m.box(1.2 * s, 0.3, 0.15).turned(turn).moved(x, y, z - 0.15))
    parts += [
        (m.merged(holes), palette.glossy([0.03, 0.03, 0.04])),
        (m.merged(sills), palette.matte([0.4, 0.38, 0.34])),
    ]
    clock = m.cylinder(t * 0.25, 0.12, 24).turned(90, "x").moved(0, 0.02, th * 0.72)
    hands = [m.box(0.07, 0.04, t * 0.2).turned(a, "y").moved(0, -0.13, th * 0.72) for a in rng.uniform(0, 360, 2)]
    return [*parts, (clock, palette.matte([0.7, 0.7, 0.66])), (m.merged(hands), palette.matte([0.02, 0.02, 0.02]))]


def temple(rng: np.random.Generator, stone: Material, w: float, columns: int = 6) -> Parts:
    """Steps, a row of fluted columns, a beam and a pediment; a wall with a door behind."""
    high, deep = w * rng.uniform(0.35, 0.5), w * 0.5
    stairs = [m.box(w + 1.6 - 0.5 * k, deep + 1.6 - 0.5 * k, 0.17).moved(0, deep / 2 - 0.1, 0.17 * k) for k in range(4)]
    base, r = 0.68, w / columns * rng.uniform(0.14, 0.2)
    shaft = m.lathe(
        [
            (r * 1.4, 0),
            (r * 1.4, 0.2),
            (r * 1.05, 0.35),
            (r, high * 0.35),
            (r * 0.85, high - 0.35),
            (r * 1.3, high - 0.15),
            (r * 1.3, high),
        ],
        20,
    )
    a = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    flutes = [
        m.tube(
            [(r * np.cos(q), r * np.sin(q), 0.4), (r * 0.88 * np.cos(q), r * 0.88 * np.sin(q), high - 0.4)], r * 0.09, 4
        )
        for q in a
    ]
    column = m.merged([shaft, *flutes])
    spots = [(x, 0.6) for x in np.linspace(-w / 2 + 2 * r, w / 2 - 2 * r, columns)]
    spots += [(s * (w / 2 - 2 * r), y) for s in (-1, 1) for y in np.linspace(0.6, deep, 4)[1:]]
    parts = [*stairs, *[column.moved(x, y, base) for x, y in spots]]
    top = base + high
    parts += [
        m.box(w, deep, 0.6).moved(0, deep / 2, top),
        m.box(w + 0.5, deep + 0.5, 0.25).moved(0, deep / 2, top + 0.6),
    ]
    parts.append(gable(w, deep, top + 0.85, 0.2, w * 0.16, across=True))
    parts.append(m.box(w * 0.8, 0.4, high).moved(0, deep * 0.7, base))
    return [(m.merged(parts), stone)]


def statue(rng: np.random.Generator, palette: Palette, stone: Material) -> Parts:
    """A figure or a beast of stone or bronze on a plinth."""
    high = rng.uniform(0.8, 2.6)
    w = rng.uniform(0.8, 1.3)
    metal = palette.metal([0.12, 0.1, 0.06]) if rng.random() < 0.5 else stone
    plinth = [m.box(w * 1.3, w * 1.3, 0.25), m.box(w, w, high), m.box(w * 1.2, w * 1.2, 0.15).moved(z=high)]
    if rng.random() < 0.75:
        body = figures.person(rng, palette, rng.uniform(1.8, 2.8), pose=str(rng.choice(list(figures.POSES)[:10])))
    else:
        body = figures.animal(rng, palette, rng.uniform(1.3, 2.0))
    return [(m.merged(plinth), stone), (m.merged([mesh.moved(z=high + 0.15) for mesh, _ in body]), metal)]


def hut(rng: np.random.Generator, palette: Palette, wall: Material, cover: Material) -> Parts:
    """A small house of logs or stone with a wide roof: an alpine hut, a shed, a beach cabin."""
    w, d, h = rng.uniform(3, 7), rng.uniform(3, 6), rng.uniform(2.1, 3.0)
    parts: Parts = [(m.box(w, d, h + 1.5).moved(0, d / 2, -1.5), wall), (gable(w, d, h, 0.6, d * 0.35), cover)]
    triangle = m.flat(
        np.array(
            [[s * w / 2 * 0.999, y, h] for s in (-1, 1) for y in (0, d)]
            + [[s * w / 2 * 0.999, d / 2, h + d * 0.3] for s in (-1, 1)]
        ),
        np.array([[0, 1, 4], [2, 5, 3]]),
    )
    door, frame = m.box(0.9, 0.08, 1.9).moved(-w * 0.2, -0.01), m.box(0.95, 0.06, 0.85).moved(w * 0.22, 0, 0.95)
    pane = [m.box(0.36, 0.08, 0.7).moved(w * 0.22 + s * 0.21, -0.005, 1.02) for s in (-1, 1)]
    parts += [
        (triangle, wall),
        (door, palette.matte()),
        (frame, palette.matte()),
        (m.merged(pane), palette.glossy([0.03, 0.03, 0.04])),
    ]
    return [*parts, (m.box(0.5, 0.5, 1.6).moved(w * 0.25, d * 0.65, h + 0.3), palette.matte([0.25, 0.2, 0.18]))]
