"""What people sit on and play with outside: benches, parasols, play things, stalls, café tables."""

from __future__ import annotations

import itertools

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.materials import Palette
from fathom.render.scene import Material, Mesh

Parts = list[tuple[Mesh, Material]]


def bench(rng: np.random.Generator, palette: Palette) -> Parts:
    """A park bench of slats, facing -y; its seat is 0.45 m high."""
    w = rng.uniform(1.3, 2.1)
    slats = [m.box(w, 0.09, 0.035).moved(0, y, 0.43) for y in (-0.18, -0.06, 0.06, 0.18)]
    if rng.random() < 0.8:
        slats += [m.box(w, 0.035, 0.09).moved(0, 0.25 + 0.05 * k, 0.52 + 0.13 * k) for k in range(3)]
    iron = []
    for x in (-w * 0.42, w * 0.42):
        iron += [m.tube([(x, -0.22, 0), (x, -0.2, 0.42), (x, 0.22, 0.42), (x, 0.38, 0.9)], 0.022, 6)]
        iron += [m.tube([(x, 0.3, 0), (x, 0.2, 0.42)], 0.022, 6), m.tube([(x, -0.2, 0.62), (x, 0.28, 0.62)], 0.02, 6)]
    return [
        (m.merged(slats), palette.matte([0.3, 0.18, 0.09]) if rng.random() < 0.7 else palette.matte()),
        (m.merged(iron), palette.matte([0.03, 0.03, 0.03])),
    ]


def table_and_benches(palette: Palette) -> Parts:
    """A picnic table."""
    boards = [m.box(1.8, 0.14, 0.04).moved(0, y, 0.72) for y in np.arange(-0.3, 0.31, 0.15)]
    boards += [m.box(1.8, 0.26, 0.04).moved(0, s * 0.72, 0.42) for s in (-1, 1)]
    boards += [m.tube([(x, s * 0.78, 0), (x, s * 0.2, 0.72)], 0.04, 4) for x in (-0.6, 0.6) for s in (-1, 1)]
    return [
        (
            m.merged([*boards, *[m.box(0.08, 1.6, 0.08).moved(x, 0, 0.36) for x in (-0.6, 0.6)]]),
            palette.matte([0.3, 0.2, 0.11]),
        )
    ]


def bin_(palette: Palette) -> Parts:
    """A litter bin."""
    return [(m.lathe([(0.2, 0), (0.24, 0.8), (0.2, 0.8), (0.18, 0.3), (0, 0.3)], 16, True), palette.any())]


def parasol(rng: np.random.Generator, palette: Palette) -> Parts:
    """A parasol on a slanting pole."""
    r, h = rng.uniform(0.9, 1.6), rng.uniform(1.9, 2.4)
    ribs = 8
    colours = [palette.matte(), palette.matte([0.75, 0.74, 0.7])]
    gores: list[list[Mesh]] = [[], []]
    for k in range(ribs):
        a, b = 2 * np.pi * k / ribs, 2 * np.pi * (k + 1) / ribs
        v = np.array(
            [(0, 0, h), (r * np.cos(a), r * np.sin(a), h - 0.32 * r), (r * np.cos(b), r * np.sin(b), h - 0.32 * r)]
        )
        gores[k % 2].append(m.flat(v, np.array([[0, 1, 2]])))
    parts: Parts = [(m.merged(g), c) for g, c in zip(gores, colours, strict=True)]
    parts.append((m.tube([(0, 0, -0.1), (0, 0, h + 0.1)], 0.022, 7), palette.metal()))
    tilt, turn = rng.uniform(-14, 14), rng.uniform(0, 360)
    return [(mesh.turned(tilt, "x").turned(turn), a) for mesh, a in parts]


def lounger(palette: Palette) -> Parts:
    """A beach lounger along y, its head at +y."""
    cloth = [m.box(0.6, 1.3, 0.04).moved(0, -0.3, 0.3), m.box(0.6, 0.7, 0.04).turned(40, "x").moved(0, 0.6, 0.5)]
    frame = [m.tube([(x, y, 0), (x, y, 0.32)], 0.02, 5) for x in (-0.28, 0.28) for y in (-0.85, 0.3)]
    return [(m.merged(cloth), palette.matte()), (m.merged(frame), palette.matte([0.7, 0.7, 0.7]))]


def swing(rng: np.random.Generator, palette: Palette) -> Parts:
    """A frame of thin bars with two swings on chains."""
    w, h = 3.2, 2.3
    bars = [m.tube([(-w / 2, 0, h), (w / 2, 0, h)], 0.045, 8)]
    bars += [m.tube([(s * w / 2, y, 0), (s * w / 2, 0, h)], 0.04, 8) for s in (-1, 1) for y in (-0.9, 0.9)]
    chains, seats = [], []
    for x in (-0.75, 0.75):
        a = rng.uniform(-0.5, 0.5)
        end = np.array([x, np.sin(a) * 1.8, h - np.cos(a) * 1.8])
        chains += [m.tube([(x + q, 0, h), end + np.array([q, 0, 0])], 0.009, 4) for q in (-0.22, 0.22)]
        seats.append(m.box(0.46, 0.2, 0.04).moved(*end))
    return [
        (m.merged(bars), palette.any()),
        (m.merged(chains), palette.metal([0.4, 0.4, 0.4])),
        (m.merged(seats), palette.matte([0.03, 0.03, 0.03])),
    ]


def slide(rng: np.random.Generator, palette: Palette) -> Parts:
    """A children's slide with a ladder and a platform, sliding towards -y."""
    h, long = rng.uniform(1.3, 2.2), rng.uniform(2.2, 3.4)
    t = np.linspace(0, 1, 8)
    chute = [
        (x, -0.5 - long * q, h * (1 - q) ** 1.15 + 0.15 + lift)
        for q in t
        for x, lift in ((-0.28, 0.18), (-0.25, 0), (0.25, 0), (0.28, 0.18))
    ]
    tray = m.smooth(np.array(chute), m.grid_faces(8, 4))
    bars = [m.tube([(x, y, 0), (x, y, h + 1.2)], 0.035, 7) for x in (-0.5, 0.5) for y in (-0.5, 0.5)]
    bars += [
        m.tube([(-0.3, 0.5 + 0.5 * (1 - q), h * q), (0.3, 0.5 + 0.5 * (1 - q), h * q)], 0.02, 5)
        for q in np.linspace(0.1, 1, 6)
    ]
    bars += [m.tube([(x, 1.0, 0), (x, 0.5, h)], 0.025, 6) for x in (-0.3, 0.3)]
    bars += [m.tube([(x, -0.5, h + z), (x, 0.5, h + z)], 0.02, 5) for x in (-0.5, 0.5) for z in (0.5, 0.95)]
    deck = [m.box(1.1, 1.1, 0.06).moved(z=h + 0.05)]
    top = m.lathe([(0.95, h + 1.2), (0.02, h + 1.9)], 4, True).turned(45)
    return [
        (m.merged([tray]), palette.metal() if rng.random() < 0.4 else palette.glossy()),
        (m.merged(bars + deck), palette.any()),
        (top, palette.matte()),
    ]


def climbing_frame(palette: Palette) -> Parts:
    """A dome of thin bars."""
    r, bars = 1.7, []
    rings = [
        [(r * np.cos(e) * np.cos(a), r * np.cos(e) * np.sin(a), r * np.sin(e)) for a in np.linspace(0, 2 * np.pi, 11)]
        for e in (0.03, 0.45, 0.85, 1.2)
    ]
    for row in rings[1:]:
        bars.append(m.tube(row, 0.02, 5))
    for low, high in itertools.pairwise(rings):
        bars += [m.tube([a, b], 0.02, 5) for a, b in zip(low, high, strict=True)]
        bars += [m.tube([a, b], 0.015, 5) for a, b in zip(low[:-1], high[1:], strict=True)]
    return [(m.merged(bars), palette.any())]


def fountain(rng: np.random.Generator, stone: Material, palette: Palette) -> Parts:
    """A round basin with water and a bowl on a stem."""
    r = rng.uniform(1.5, 4)
    basin = m.lathe([(r, 0), (r, 0.5), (r - 0.35, 0.5), (r - 0.4, 0.1), (0, 0.1)], 36, True)
    stem = m.lathe(
        [
            (0.45, 0.1),
            (0.25, 0.5),
            (0.2, 1.3),
            (r * 0.35, 1.6),
            (r * 0.4, 1.75),
            (0.15, 1.6),
            (0.12, 2.3),
            (0.25, 2.5),
            (0, 2.6),
        ],
        24,
    )
    return [
        (m.merged([basin, stem]), stone),
        (m.lathe([(r - 0.37, 0.38), (0, 0.381)], 36), palette.glossy([0.03, 0.07, 0.08])),
    ]


def stall(rng: np.random.Generator, palette: Palette) -> Parts:
    """A market stall with an awning, crates and fruit; the seller stands behind it, at y = 1."""
    w, d = rng.uniform(2, 3.5), 1.5
    poles = [
        m.tube([(x * w / 2, y, 0), (x * w / 2, y, 2.2 + 0.3 * (y > 0))], 0.025, 6) for x in (-1, 1) for y in (-0.7, 0.8)
    ]
    n = 8
    strips: list[list[Mesh]] = [[], []]
    for k in range(n):
        x = -w / 2 - 0.1 + (w + 0.2) * k / n
        strips[k % 2] += [
            m.quad((x, -1.0, 2.05), ((w + 0.2) / n, 0, 0), (0, 1.9, 0.55)),
            m.quad((x, -1.0, 1.85), ((w + 0.2) / n, 0, 0), (0, 0, 0.2)),
        ]
    parts: Parts = [(m.merged(poles), palette.metal())]
    parts += [
        (m.merged(s), c) for s, c in zip(strips, (palette.matte(), palette.matte([0.7, 0.69, 0.66])), strict=True)
    ]
    parts.append((m.box(w, d * 0.6, 0.75).moved(0, 0, 0), palette.matte()))
    for x in np.arange(-w / 2 + 0.3, w / 2 - 0.2, 0.55):
        crate = m.box(0.5, 0.75, 0.14).turned(12, "x").moved(x, -0.05, 0.72)
        balls = [
            m.sphere(0.05, 8).moved(x + i, -0.05 + j, 0.89 + j * 0.21)
            for i in (-0.16, -0.05, 0.06, 0.17)
            for j in np.arange(-0.28, 0.3, 0.11)
        ]
        parts += [
            (crate, palette.matte([0.35, 0.24, 0.12])),
            (m.merged(balls), palette.glossy(textures.colour(rng, (0.5, 1), (0.2, 0.7)))),
        ]
    return parts


def cafe(rng: np.random.Generator, palette: Palette) -> Parts:
    """A round table with two to four chairs of thin bars; seats 0.45 m high, half a metre and more from the middle."""
    legs = [
        m.tube([(0.28 * np.cos(a), 0.28 * np.sin(a), 0), (0, 0, 0.35), (0, 0, 0.72)], 0.014, 5) for a in (0.5, 2.6, 4.7)
    ]
    for a in rng.uniform(0, 6.28) + np.arange(int(rng.integers(2, 5))) * np.pi / 2:
        bars = [m.tube([(x, y, 0), (x * 0.9, y, 0.45)], 0.012, 5) for x in (-0.19, 0.19) for y in (-0.19, 0.19)]
        bars += [m.tube([(-0.19, 0.19, 0.45), (-0.18, 0.26, 0.85), (0.18, 0.26, 0.85), (0.19, 0.19, 0.45)], 0.012, 5)]
        bars += [
            m.box(0.4, 0.4, 0.03).moved(z=0.44),
            *[m.box(0.36, 0.015, 0.06).moved(0, 0.22 + q * 0.1, 0.5 + q) for q in (0.12, 0.28)],
        ]
        legs.append(m.merged(bars).moved(0, 0.65).turned(np.degrees(a)))
    return [
        (m.merged(legs), palette.metal() if rng.random() < 0.4 else palette.matte()),
        (m.cylinder(0.36, 0.025, 28).moved(z=0.72), palette.any()),
    ]
