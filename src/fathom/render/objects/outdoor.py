"""What stands in streets and fields: lamps, signs, boards, rails, poles, pylons."""

from __future__ import annotations

import itertools

import numpy as np

from fathom.render import meshes as m
from fathom.render.materials import Palette
from fathom.render.objects import shapes
from fathom.render.scene import Material, Mesh

Parts = list[tuple[Mesh, Material]]


def lamp_post(
    rng: np.random.Generator, palette: Palette, height: float | None = None, arm: float | None = None
) -> Parts:
    """A street lamp on a bent mast, or a lantern."""
    h = rng.uniform(3.5, 9) if height is None else height
    arm = (rng.uniform(0.6, 2.0) if h > 5 else 0.0) if arm is None else arm
    r = 0.035 + 0.006 * h
    metal = palette.matte([0.05, 0.06, 0.06]) if rng.random() < 0.5 else palette.metal()
    way = (
        [(0, 0, 0), (0, 0, h * 0.93), (0, -arm * 0.3, h * 0.99), (0, -arm, h)]
        if arm
        else [(0, 0, 0), (0, 0, h * 0.5), (0, 0, h)]
    )
    pole = m.merged([m.tube(way, np.linspace(r, r * 0.5, len(way)), 8), m.cylinder(r * 1.8, 0.5, 10)])
    if arm:
        head = m.rounded_box(0.26, 0.6, 0.13, 0.05).moved(y=-arm - 0.1, z=h - 0.06)
        return [(pole, metal), (head, palette.matte([0.35, 0.35, 0.35]))]
    cap = m.lathe([(0.26, 0.42), (0.2, 0.48), (0.02, 0.6)], 10).moved(z=h)
    glass = (
        m.lathe([(0.1, 0), (0.2, 0.42), (0, 0.42)], 8, True) if rng.random() < 0.6 else m.sphere(0.22, 14).moved(z=0.2)
    )
    return [(m.merged([pole, cap]), metal), (glass.moved(z=h), palette.glossy([0.7, 0.7, 0.65]))]


def lamp_glow(height: float, arm: float) -> Mesh:
    """The shining underside of a `lamp_post` of this height and arm; uv 0..1."""
    return m.quad((-0.12, -arm - 0.35, height - 0.07), (0, 0.5, 0), (0.24, 0, 0), unit=True)


def sign(rng: np.random.Generator, palette: Palette) -> Parts:
    """A road sign on a thin pole, or a traffic light, facing -y."""
    h = rng.uniform(2.0, 3.2)
    pole = (m.tube([(0, 0, 0), (0, 0, h + 0.3)], 0.03, 8), palette.metal())
    kind = rng.random()
    if kind < 0.4:
        sides = int(rng.choice([24, 24, 3, 8]))
        plate = m.cylinder(0.34, 0.02, sides).turned(-30 if sides == 3 else 0).turned(90, "x").moved(y=-0.04, z=h)
        inner = m.cylinder(0.25, 0.02, sides).turned(-30 if sides == 3 else 0).turned(90, "x").moved(y=-0.046, z=h)
        rim, ground = (
            ([0.6, 0.03, 0.03], [0.75, 0.75, 0.75]) if rng.random() < 0.65 else ([0.75, 0.75, 0.75], [0.03, 0.12, 0.5])
        )
        return [pole, (plate, palette.glossy(rim)), (inner, palette.glossy(ground))]
    if kind < 0.75:
        s = rng.uniform(0.3, 0.7)
        plate = m.box(s * rng.uniform(0.8, 2.5), 0.02, s, unit=True).moved(y=-0.05, z=h - s / 2)
        return [pole, (plate, palette.label())]
    body = m.merged([m.box(0.3, 0.25, 0.9).moved(y=-0.15, z=h), m.box(0.55, 0.02, 1.15).moved(y=-0.02, z=h - 0.1)])
    colours = ((0.72, [0.7, 0.03, 0.02]), (0.45, [0.3, 0.2, 0.02]), (0.18, [0.02, 0.25, 0.08]))
    lights = [(m.sphere(0.1, 12).moved(y=-0.28, z=h + z), palette.glossy(c)) for z, c in colours]
    return [pole, (body, palette.matte([0.03, 0.03, 0.03])), *lights]


def board(rng: np.random.Generator, palette: Palette, w: float, h: float) -> Parts:
    """A direction board as motorways have: blue or green, a white rim, lines of lettering and an arrow. z from 0."""
    ground = [0.02, 0.1, 0.4] if rng.random() < 0.5 else [0.01, 0.22, 0.1]
    white = palette.matte([0.75, 0.75, 0.75])
    marks = [m.box(w, 0.02, 0.06).moved(0, -0.035, z) for z in (0.06, h - 0.12)]
    marks += [m.box(0.06, 0.02, h - 0.12).moved(s * (w / 2 - 0.05), -0.035, 0.06) for s in (-1, 1)]
    for row in range(max(int(h / 0.7), 1)):
        x, size = -w * 0.42, rng.uniform(0.2, 0.34)
        while x < w * rng.uniform(0.0, 0.4):
            letter = rng.uniform(0.5, 0.9) * size
            z = h - 0.65 - 0.68 * row
            marks.append(m.box(letter * 0.25, 0.02, size).moved(x, -0.035, z))
            marks.append(
                m.box(letter, 0.02, size * 0.22).moved(x + letter * 0.4, -0.035, z + size * rng.choice([0, 0.4, 0.8]))
            )
            x += letter * 1.35
    marks += [
        m.box(0.1, 0.02, 0.6).moved(w * 0.4, -0.035, 0.25),
        m.box(0.32, 0.02, 0.32).turned(45, "y").moved(w * 0.4, -0.035, 0.6),
    ]
    return [(m.box(w, 0.06, h), palette.glossy(ground)), (m.merged(marks), white)]


def gantry(rng: np.random.Generator, palette: Palette, span: float, boards: int) -> Parts:
    """A truss across a road along y, centred on x, with boards that face -y."""
    h, steel = rng.uniform(6.5, 7.5), palette.metal([0.4, 0.41, 0.42])
    edges = [[(-span / 2, y, h + z), (span / 2, y, h + z)] for y, z in ((-0.5, 0), (0.5, 0), (0.5, 1.0), (-0.5, 1.0))]
    parts: Parts = [(shapes.lattice(np.array(edges), int(span / 1.3), 0.06), steel)]
    posts = [m.box(0.4, 0.7, h + 1.1).moved(s * (span / 2 + 0.1)) for s in (-1, 1)]
    parts.append((m.merged(posts), steel))
    for x in (np.arange(boards) + 0.5) / boards * span - span / 2:
        w, tall = min(rng.uniform(2.5, 4.5), span / boards - 0.3), rng.uniform(1.6, 2.8)
        parts += [(mesh.moved(x, -0.62, h + 0.5 - tall * 0.35), a) for mesh, a in board(rng, palette, w, tall)]
    return parts


def guard_rail(path, palette: Palette, side: float = 1.0) -> Parts:
    """A W-shaped steel beam on posts along a path (N, 3), its posts to the right of it when side is 1."""
    profile = [(0.0, 0.5), (0.05, 0.55), (0.05, 0.59), (0.0, 0.63), (0.0, 0.67), (0.05, 0.71), (0.05, 0.75), (0.0, 0.8)]
    rows = np.stack([shapes.offset(path, -side * x, z) for x, z in profile], 1)
    n = len(rows)
    beam = m.smooth(rows.reshape(-1, 3), m.grid_faces(n, len(profile)), np.zeros((n * len(profile), 2)))
    posts = [
        m.box(0.06, 0.1, 0.75).turned(turn).moved(*at)
        for at, turn in shapes.every(shapes.offset(path, side * 0.06), 4.0)
    ]
    return [(m.merged([beam, *posts]), palette.metal([0.45, 0.46, 0.47]))]


def wire_poles(rng: np.random.Generator, palette: Palette, path, gap: float = 40.0) -> Parts:
    """Wooden poles along a path (N, 3) with wires between them."""
    h, arms = rng.uniform(7, 10), rng.uniform(1.6, 2.4)
    places = shapes.every(path, gap)
    poles = []
    for at, turn in places:
        pole = [m.tube([(0, 0, 0), (0, 0, h)], [0.14, 0.09], 8), m.box(arms, 0.1, 0.12).moved(z=h - 0.5)]
        pole += [m.cylinder(0.04, 0.16, 6).moved(x * arms / 2, 0, h - 0.38) for x in (-0.9, 0, 0.9)]
        poles.append(m.merged(pole).turned(turn).moved(*at))
    wires = []
    for (a, turn), (b, _) in itertools.pairwise(places):
        way = np.array([np.cos(np.radians(turn)), np.sin(np.radians(turn)), 0]) * arms / 2
        wires += [
            shapes.rope(a + way * x + [0, 0, h - 0.22], b + way * x + [0, 0, h - 0.22], gap * 0.02, 0.014)
            for x in (-0.9, 0, 0.9)
        ]
    return [
        (m.merged(poles), palette.matte([0.16, 0.11, 0.07])),
        *([(m.merged(wires), palette.matte([0.02, 0.02, 0.02]))] if wires else []),
    ]


def pylon(height: float, palette: Palette) -> Parts:
    """A lattice mast of a power line, its arms along x."""
    b, t = height * 0.11, height * 0.02
    edges = [[(x * b, y * b, 0), (x * t, y * t, height)] for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    bars = [shapes.lattice(np.array(edges), 9, 0.09)]
    for z in (0.62, 0.77, 0.92):
        for s in (-1, 1):
            tip = (s * height * 0.17, 0, z * height)
            bars += [m.tube([(s * t, y, q * height), tip], 0.07, 4) for y, q in ((-t, z), (t, z), (0, z + 0.04))]
            bars.append(m.tube([tip, np.subtract(tip, (0, 0, 2))], 0.1, 4))
    return [(m.merged(bars), palette.metal([0.35, 0.36, 0.37]))]


def bollards(palette: Palette, count: int, gap: float) -> Parts:
    """A row of posts along y."""
    return [(m.merged([m.cylinder(0.06, 0.9, 10).moved(y=k * gap) for k in range(count)]), palette.any())]
