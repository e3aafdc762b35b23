"""Stairs with their railings, lift doors, and what hangs in passages."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render.materials import Palette
from fathom.render.objects.arrange import Parts, copies
from fathom.render.scene import Material, Mesh


def flight(steps: int, width: float, rise: float, going: float, solid: bool = True) -> Mesh:
    """Steps going up along +y from the origin, 0 to `width` in x: a flight of slab steps, or of open boards."""
    thick = rise + 0.12 if solid else 0.04
    k = np.arange(steps)
    tread = m.box(width, going + 0.03, thick).moved(width / 2, going / 2, rise - thick)
    body = copies(tread, np.stack([k * 0.0, k * going, k * rise], -1))
    if solid:
        return body
    ends = np.array([[0, 0, -0.12], [0, steps * going, steps * rise - 0.12]])
    strings = [m.tube(np.add(ends, (x, 0, 0.05)), 0.05, 4) for x in (0.06, width - 0.06)]
    return m.merged([body, *strings])


def railing(rng: np.random.Generator, palette: Palette, start, end, spacing: float, rail: Material) -> Parts:
    """A railing 0.9 m high between two points of the floor or of a flight: posts, a handrail, perhaps cross-bars."""
    a, b = np.asarray(start, float), np.asarray(end, float)
    up = np.array([0, 0, 0.92])
    n = max(1, round(float(np.linalg.norm((b - a)[:2])) / spacing))
    r = rng.uniform(0.006, 0.014)
    bars = [m.tube([p, p + up], r, 5) for p in a + np.linspace(0, 1, n + 1)[:, None] * (b - a)]
    bars += [m.tube([p, p + up * 1.02], 0.022, 8) for p in (a, b)]
    if rng.random() < 0.4:
        bars += [m.tube([a + up * t, b + up * t], r, 5) for t in (0.1, 0.5)]
    return [(m.merged(bars), palette.matte([0.03, 0.03, 0.03])), (m.tube([a + up, b + up], 0.026, 10), rail)]


def lift(rng: np.random.Generator, palette: Palette) -> Parts:
    """The doors of a lift with their frame, buttons and floor display; the back at y = 0."""
    steel = palette.metal([0.6, 0.6, 0.6])
    w, h = rng.uniform(0.9, 1.3), 2.1
    frame = [m.box(0.12, 0.08, h + 0.12).moved(s * (w / 2 + 0.06), -0.04) for s in (-1, 1)]
    frame.append(m.box(w + 0.24, 0.08, 0.14).moved(y=-0.04, z=h))
    wings = [m.box(w / 2 - 0.004, 0.02, h).moved(s * w / 4, -0.02) for s in (-1, 1)]
    panel = m.box(0.1, 0.015, 0.25, unit=True).moved(w / 2 + 0.3, -0.008, 1.0)
    show = m.box(0.25, 0.01, 0.09, unit=True).moved(0, -0.085, h + 0.03)
    return [(m.merged(wings), steel), (m.merged(frame), palette.any()), (m.merged([panel, show]), palette.label())]


def pipes(rng: np.random.Generator, palette: Palette, length: float) -> Parts:
    """Pipes and a cable tray under a ceiling at z = 0, along y from 0, with their hangers."""
    parts: Parts = []
    x = 0.0
    for _ in range(int(rng.integers(1, 6))):
        r = float(np.exp(rng.uniform(np.log(0.012), np.log(0.09))))
        x += r + 0.03
        z = -0.15 - r
        pipe = m.tube([(x, 0, z), (x, length, z)], r, 10)
        hangers = [m.tube([(x, y, z), (x, y, 0)], 0.004, 4) for y in np.arange(0.5, length, 1.4)]
        parts.append((m.merged([pipe, *hangers]), palette.metal() if rng.random() < 0.5 else palette.any()))
        x += r
    return parts


def extinguisher(rng: np.random.Generator, palette: Palette) -> Parts:
    """A fire extinguisher on the wall with its sign, the back at y = 0."""
    body = m.lathe([(0, 0), (0.075, 0.005), (0.075, 0.4), (0.03, 0.47), (0.02, 0.52), (0, 0.52)], 20).moved(
        y=-0.09, z=0.6
    )
    hose = m.tube([(0, -0.09, 1.1), (0.09, -0.1, 1.05), (0.1, -0.1, 0.75)], 0.01, 6)
    sign = m.box(0.2, 0.006, 0.2, unit=True).moved(0, -0.003, 1.5)
    return [
        (body, palette.glossy([0.5, 0.02, 0.02])),
        (hose, palette.matte([0.02, 0.02, 0.02])),
        (sign, palette.label()),
    ]


def bench(rng: np.random.Generator, palette: Palette, wood: Material) -> Parts:
    """A bench of slats or a row of waiting seats, the back at y = 0."""
    w = rng.uniform(1.0, 2.2)
    steel = palette.metal()
    feet = [
        m.tube(
            [(s * w * 0.4, -0.4, 0), (s * w * 0.4, -0.4, 0.42), (s * w * 0.4, -0.08, 0.42), (s * w * 0.4, -0.04, 0.85)],
            0.018,
            6,
        )
        for s in (-1, 1)
    ]
    feet += [m.tube([(s * w * 0.4, -0.1, 0), (s * w * 0.4, -0.1, 0.42)], 0.018, 6) for s in (-1, 1)]
    if rng.random() < 0.5:
        slats = [m.box(w, 0.07, 0.025).moved(y=y, z=0.43) for y in (-0.4, -0.31, -0.22, -0.13)]
        slats += [m.box(w, 0.02, 0.08).moved(y=-0.07 + 0.03 * k, z=0.6 + 0.12 * k) for k in range(2)]
        return [(m.merged(feet), steel), (m.merged(slats), wood)]
    n = max(2, round(w / 0.52))
    seat = m.merged(
        [
            m.rounded_box(0.46, 0.42, 0.05, 0.02).moved(y=-0.25, z=0.42),
            m.rounded_box(0.46, 0.05, 0.38, 0.02).turned(-8, "x").moved(y=-0.06, z=0.5),
        ]
    )
    x = (np.arange(n) - (n - 1) / 2) * w / n
    return [(m.merged(feet), steel), (copies(seat, np.stack([x, x * 0, x * 0], -1)), palette.any())]
