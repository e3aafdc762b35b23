"""Thin things: ladders, scaffolds, masts, tripods, cages, wheels, racks, stems, cables. About `h` metres large."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render.materials import Palette
from fathom.render.objects import plants, solids
from fathom.render.scene import Material, Mesh

Parts = list[tuple[Mesh, Material]]


def bars(pairs, radius: float, sides: int = 6) -> Mesh:
    """A straight bar for every pair of points."""
    return m.merged([m.tube(np.asarray(p, float), radius, sides) for p in pairs])


def ladder(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """A stepladder, or a ladder that leans on nothing in sight."""
    w, lean, n = 0.2 * h, rng.uniform(0.1, 0.25) * h, int(rng.integers(5, 10))
    side = [[(x * (0.7 + 0.3), -lean, 0), (0.8 * x, 0, h)] for x in (-w, w)]
    rungs = [
        [(-w * (1 - 0.2 * t), -lean * (1 - t), h * t), (w * (1 - 0.2 * t), -lean * (1 - t), h * t)]
        for t in np.linspace(0.1, 0.95, n)
    ]
    back = [[(x, lean, 0), (0.8 * x, 0, h)] for x in (-w, w)] + [[(-w, 0.7 * lean, 0.3 * h), (w, 0.7 * lean, 0.3 * h)]]
    return [(bars(side + rungs, 0.011 * h), palette.any()), (bars(back, 0.009 * h), palette.metal())]


def scaffold(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """Tubes in bays with braces and boards."""
    bays, levels = int(rng.integers(1, 4)), int(rng.integers(2, 4))
    w, d, step = 0.6 * h, 0.3 * h, h / levels
    pairs = []
    for i in range(bays + 1):
        x = (i - bays / 2) * w
        pairs += [[(x, y, 0), (x, y, h)] for y in (-d / 2, d / 2)]
        for k in range(1, levels + 1):
            pairs.append([(x, -d / 2, k * step), (x, d / 2, k * step)])
            if i < bays:
                pairs += [[(x, y, k * step), (x + w, y, k * step)] for y in (-d / 2, d / 2)]
                pairs.append([(x, d / 2, (k - 1) * step), (x + w, d / 2, k * step)])
    boards = m.merged([m.box(bays * w, 0.9 * d, 0.015 * h).moved(z=k * step + 0.01 * h) for k in range(1, levels)])
    return [(bars(pairs, 0.009 * h), palette.metal()), (boards, palette.matte([0.35, 0.25, 0.13]))]


def mast(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """A lattice mast, narrowing upwards."""
    a, b, n = 0.13 * h, 0.03 * h, int(rng.integers(6, 11))
    ways = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])

    def corner(k: int, t: float) -> np.ndarray:
        return np.array([*(ways[k % 4] * (a + (b - a) * t)), h * t])

    pairs = [[corner(k, 0), corner(k, 1)] for k in range(4)]
    for i in range(n):
        pairs += [[corner(k + i % 2, i / n), corner(k + 1 - i % 2, (i + 1) / n)] for k in range(4)]
    arms = [[(-0.25 * h, 0, t * h), (0.25 * h, 0, t * h)] for t in rng.uniform(0.6, 0.95, 3)]
    return [(bars(pairs, 0.007 * h, 5), paint := palette.any()), (bars(arms, 0.009 * h), paint)]


def tripod(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """Three legs with a camera, a lamp, a telescope or a music stand on them."""
    r, spread = 0.011 * h, rng.uniform(0.2, 0.35) * h
    hub = 0.72 * h
    feet = [(spread * np.cos(a), spread * np.sin(a), 0) for a in (0.5, 2.6, 4.7)]
    legs = bars(
        [[f, (0, 0, hub)] for f in feet]
        + [[(0.45 * f[0], 0.45 * f[1], 0.4 * h), (0, 0, 0.35 * h)] for f in feet]
        + [[(0, 0, 0.35 * h), (0, 0, 0.95 * h)]],
        r,
    )
    black, kind = palette.matte([0.03, 0.03, 0.03]), int(rng.integers(3))
    if kind == 0:
        tops = [
            (m.box(0.13 * h, 0.07 * h, 0.09 * h).moved(z=0.93 * h), black),
            (m.cylinder(0.035 * h, 0.1 * h).turned(90, "x").moved(y=-0.02 * h, z=0.97 * h), black),
        ]
    elif kind == 1:
        tops = [
            (m.cylinder(0.03 * h, 0.5 * h, 20, 0.045 * h).turned(70, "x").moved(y=0.2 * h, z=0.9 * h), palette.any())
        ]
    else:
        sheet = [m.box(0.4 * h, 0.006 * h, 0.012 * h).moved(z=z * h) for z in (0, 0.1, 0.2)] + [
            m.box(0.012 * h, 0.006 * h, 0.25 * h).moved(x * h) for x in (-0.2, 0, 0.2)
        ]
        tops = [(m.merged(sheet).turned(-20, "x").moved(z=0.86 * h), black)]
        if rng.random() < 0.6:
            tops.append(
                (
                    m.box(0.32 * h, 0.004 * h, 0.2 * h, unit=True).turned(-20, "x").moved(y=-0.012 * h, z=0.87 * h),
                    palette.label(),
                )
            )
    return [(legs, palette.any()), *tops]


def cage(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """A bird's cage: round or square, with a perch."""
    n, r = int(rng.integers(14, 26)), rng.uniform(0.25, 0.4) * h
    t = np.linspace(0, np.pi / 2, 7)
    wire = [
        m.tube(
            [
                (r * np.cos(a), r * np.sin(a), 0.04 * h),
                *((r * np.cos(a) * np.cos(v), r * np.sin(a) * np.cos(v), 0.65 * h + 0.3 * h * np.sin(v)) for v in t),
            ],
            0.005 * h,
            5,
        )
        for a in np.linspace(0, 2 * np.pi, n, endpoint=False)
    ]
    rings = [m.torus(r, 0.007 * h, 36, 6).moved(z=z * h) for z in (0.05, 0.35, 0.65)]
    perch = bars([[(-r, 0, 0.3 * h), (r, 0, 0.3 * h)]], 0.012 * h)
    ring = m.torus(0.04 * h, 0.006 * h, 16, 6).turned(90, "x").moved(z=0.99 * h)
    return [
        (m.merged([*wire, *rings, ring]), palette.metal() if rng.random() < 0.6 else palette.any()),
        (perch, palette.any()),
        (m.cylinder(1.03 * r, 0.05 * h, 36), palette.any()),
    ]


def wheel(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """A spoked wheel of this height standing across y, on its own."""
    r, n = 0.46 * h, int(rng.integers(10, 29))
    a = np.linspace(0, 2 * np.pi, n, endpoint=False)
    spokes = [
        m.tube(
            [(s * 0.03 * h, 0.05 * h * np.cos(v + 1.3), 0.05 * h * np.sin(v + 1.3)), (0, r * np.cos(v), r * np.sin(v))],
            0.0045 * h,
            4,
        )
        for s, v in zip(np.resize([-1, 1], n), a, strict=True)
    ]
    rim = m.torus(r, 0.018 * h, 40, 8).turned(90, "y")
    tyre = m.torus(r + 0.02 * h, 0.026 * h, 40, 8).turned(90, "y")
    hub = m.cylinder(0.04 * h, 0.09 * h, 16).turned(90, "y").moved(x=-0.045 * h)
    return [
        (part.moved(z=h / 2), a_)
        for part, a_ in (
            (m.merged([*spokes, hub]), palette.metal()),
            (rim, palette.any()),
            (tyre, palette.matte([0.03, 0.03, 0.03])),
        )
    ]


def stool(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    r, n, seat = 0.24 * h, int(rng.choice([3, 4])), palette.any()
    a = np.linspace(0, 2 * np.pi, n, endpoint=False) + 0.6
    low, top = (
        np.stack([1.2 * r * np.cos(a), 1.2 * r * np.sin(a), 0 * a], -1),
        np.stack([0.7 * r * np.cos(a), 0.7 * r * np.sin(a), 0 * a + h], -1),
    )
    pairs = [[p, q] for p, q in zip(low, top, strict=True)]
    pairs += [[low[k] * 0.6 + top[k] * 0.4, low[(k + 1) % n] * 0.6 + top[(k + 1) % n] * 0.4] for k in range(n)]
    return [(bars(pairs, 0.02 * h, 8), palette.any()), (m.cylinder(r, 0.06 * h, 36).moved(z=h - 0.01 * h), seat)]


def rack(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """A dish rack with plates, or a wire basket with fruit."""
    w, d = 1.6 * h, 1.1 * h
    pairs = [
        [(-w / 2, y, z), (w / 2, y, z)] for y in (-d / 2, 0, d / 2) for z in (0.06 * h, 0.45 * h * (y != 0) + 0.06 * h)
    ]
    n = 11
    for x in np.linspace(-w / 2, w / 2, n):
        pairs += [
            [(x, -d / 2, 0.5 * h), (x, -d / 2, 0.06 * h)],
            [(x, -d / 2, 0.06 * h), (x, d / 2, 0.06 * h)],
            [(x, d / 2, 0.06 * h), (x, d / 2, 0.5 * h)],
        ]
    parts: Parts = [(bars(pairs, 0.017 * h), palette.metal())]
    china = palette.glossy(rng.choice([[0.75, 0.74, 0.7], [0.3, 0.4, 0.55], [0.7, 0.5, 0.4]]))
    plate = (
        solids.bowl([(0.2 * h, 0), (0.28 * h, 0.01 * h), (0.46 * h, 0.06 * h)], 0.012 * h)
        .turned(80, "y")
        .moved(z=0.5 * h)
    )
    for x in np.linspace(-w / 2, w / 2, n)[1:-1]:
        if rng.random() < 0.65:
            parts.append(
                (plate.turned(rng.normal(0, 2)).moved(x - 0.08 * h, rng.uniform(-0.05, 0.05) * h, 0.02 * h), china)
            )
    return parts


def headphones(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """Headphones lying with their cable, tangled."""
    a = np.linspace(0, np.pi, 15)
    band = m.tube(np.stack([0.45 * h * np.cos(a), 0.5 * h * np.sin(a), 0.12 * h + 0 * a], -1), 0.035 * h, 8)
    cups = [
        m.cylinder(0.2 * h, 0.1 * h, 24).turned(90, "y").moved(s * 0.45 * h - 0.05 * h, 0, 0.2 * h) for s in (-1, 1)
    ]
    p = np.cumsum(rng.normal(0, 0.3 * h, (9, 2)), 0) - np.array([0.45, 0.3]) * h
    line = np.concatenate([[[-0.45 * h, 0, 0.1 * h]], np.concatenate([p, np.full((9, 1), 0.02 * h)], 1)])
    return [
        (band, palette.any()),
        (m.merged(cups), palette.matte([0.03, 0.03, 0.03])),
        (solids.wire(line, 0.016 * h), palette.any()),
    ]


def stems(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """Stems with leaves along them, or ears of grass, or twigs, out of the ground."""
    leaf, kind = plants.foliage(rng), rng.random()
    parts: Parts = []
    tubes, blades_ = [], []
    for _ in range(int(rng.integers(3, 12))):
        foot, lean = np.array([*rng.normal(0, 0.12 * h, 2), 0]), rng.normal(0, 0.2, 2)
        tip = foot + np.array([*lean * h, h * rng.uniform(0.6, 1.1)])
        bow = (foot + tip) / 2 - np.array([*lean * 0.4 * h, 0])
        t = np.linspace(0, 1, 9)[:, None]
        line = (1 - t) ** 2 * foot + 2 * t * (1 - t) * bow + t**2 * tip
        tubes.append(m.tube(line, np.linspace(0.014, 0.006, 9) * h, 6))
        if kind < 0.6:
            for k in range(1, 9):
                p = solids.petal(0.22 * h * rng.uniform(0.6, 1.2), 0.09 * h, 0.2, -0.35, 0.8).turned(25, "x")
                blades_.append(p.turned(137 * k + rng.uniform(-20, 20)).moved(*line[k]))
        else:
            blades_.append(m.blob(rng, (0.02 * h, 0.02 * h, 0.09 * h), 0.3, 12).moved(*tip))
    parts.append((m.merged(tubes), leaf if kind < 0.6 else palette.matte([0.25, 0.2, 0.08])))
    return [
        *parts,
        *((Mesh(b.vertices, b.faces, b.normals, np.tile(rng.random(2), (len(b.vertices), 1))), leaf) for b in blades_),
    ]


def cutlery(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """A fork, a knife, a spoon side by side, h long."""
    steel, parts = palette.metal([0.75, 0.75, 0.75]), []
    for k, kind in enumerate(rng.permutation(["fork", "knife", "spoon"])):
        grip = m.limb((0, -0.5 * h, 0.02 * h), (0, 0.1 * h, 0.03 * h), 0.032 * h, 0.018 * h, 8).scaled(1, 1, 0.5)
        if kind == "fork":
            head = m.merged(
                [
                    bars(
                        [
                            [(x * h, 0.18 * h, 0.03 * h), (x * h, 0.42 * h, 0.04 * h)]
                            for x in (-0.05, -0.017, 0.017, 0.05)
                        ],
                        0.011 * h,
                    ),
                    m.box(0.12 * h, 0.1 * h, 0.012 * h).moved(0, 0.14 * h, 0.02 * h),
                ]
            )
        elif kind == "knife":
            head = m.box(0.07 * h, 0.4 * h, 0.01 * h).moved(0, 0.28 * h, 0.02 * h)
        else:
            head = m.sphere(0.09 * h, 16).scaled(1, 1.6, 0.25).moved(0, 0.22 * h, 0.03 * h)
        parts.append((m.merged([grip, head]).turned(rng.normal(0, 4)).moved((k - 1) * 0.22 * h), steel))
    return parts


FLOOR = (ladder, scaffold, mast, tripod, tripod, wheel, stool, stool, stems, stems, cage)
TABLE = (rack, rack, headphones, cutlery, cage, stems, wheel)
