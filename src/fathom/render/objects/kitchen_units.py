"""Kitchens' fitted units and big appliances, made to stand or hang with their backs at y = 0."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render.materials import Palette
from fathom.render.objects.arrange import Parts, moved, repeated
from fathom.render.objects.kitchenware import dishes, pan, pot
from fathom.render.scene import Material

TOP = 0.9  # height of worktops, metres


def grip(rng: np.random.Generator, palette: Palette, length: float, upright: bool = False) -> Parts:
    """A bar handle sticking out to -y, centred on the origin."""
    half, out = length / 2, -0.035
    bar = m.tube([(-half, 0, 0), (-half, out, 0), (half, out, 0), (half, 0, 0)], 0.005, 6)
    return [(bar.turned(90, "y") if upright else bar, palette.metal())]


def base_unit(rng: np.random.Generator, palette: Palette, body: Material, handle: Parts, w: float, kind: str) -> Parts:
    """A fitted unit w wide and TOP - 0.04 high: "doors", "drawers", "dishwasher" or "oven"."""
    h, d = TOP - 0.04, 0.57
    dark = palette.matte([0.03, 0.03, 0.03])
    parts: Parts = [(m.box(w, d, h - 0.1).moved(y=-d / 2, z=0.1), body)]
    parts.append((m.box(w, 0.02, 0.1).moved(y=-d + 0.06), dark))
    if kind in ("oven", "dishwasher"):
        front = palette.metal() if rng.random() < 0.5 else palette.glossy([0.03, 0.03, 0.03])
        parts.append((m.box(w - 0.006, 0.02, h - 0.11).moved(y=-d - 0.01, z=0.1), front))
        bar = m.tube([(-w * 0.38, 0, 0), (-w * 0.38, -0.05, 0), (w * 0.38, -0.05, 0), (w * 0.38, 0, 0)], 0.009, 8)
        parts.append((bar.moved(y=-d - 0.02, z=h - 0.17), palette.metal()))
        if kind == "oven":
            parts.append((m.box(w * 0.74, 0.01, 0.3).moved(y=-d - 0.022, z=0.28), palette.glossy([0.01, 0.01, 0.01])))
            knob = m.cylinder(0.018, 0.03, 12).turned(90, "x").moved(y=-d - 0.02, z=h - 0.06)
            parts += repeated([(knob, palette.metal())], np.outer(np.linspace(-0.38, 0.38, 5) * w, [1, 0, 0]))
            if rng.random() < 0.5:  # a towel over the bar
                towel = m.box(0.3, 0.012, 0.38).moved(rng.uniform(-0.1, 0.1), -d - 0.09, h - 0.54)
                parts.append((towel, palette.stuff()))
        return parts
    rows = int(rng.integers(3, 5)) if kind == "drawers" else 1
    columns = 2 if kind == "doors" and w > 0.62 else 1
    cw, ch = w / columns, (h - 0.1) / rows
    panel = rng.random() < 0.5
    for i in range(columns):
        for j in range(rows):
            x, z = -w / 2 + cw * (i + 0.5), 0.1 + ch * j
            parts.append((m.box(cw - 0.006, 0.02, ch - 0.006).moved(x, -d - 0.01, z + 0.003), body))
            if panel and rows < 3:
                rim = [m.box(cw - 0.14, 0.008, 0.012).moved(x, -d - 0.022, z + t) for t in (0.07, ch - 0.08)]
                parts.append((m.merged(rim), body))
            dx = 0.0 if rows > 1 else cw * 0.4 * (1 if i == 0 else -1)
            parts += moved(handle, x + dx, -d - 0.02, z + ch * (0.75 if rows == 1 else 0.65))
    return parts


def wall_unit(rng: np.random.Generator, palette: Palette, body: Material, handle: Parts, w: float, h: float) -> Parts:
    """A cupboard to hang on the wall, with doors, or open with dishes in it."""
    d = 0.33
    if rng.random() < 0.7:
        parts: Parts = [(m.box(w, d, h).moved(y=-d / 2), body)]
        columns = max(1, round(w / 0.45))
        for i in range(columns):
            x = -w / 2 + w / columns * (i + 0.5)
            parts.append((m.box(w / columns - 0.006, 0.02, h - 0.006).moved(x, -d - 0.01, 0.003), body))
            parts += moved(handle, x + (0.38 if i % 2 == 0 else -0.38) * w / columns, -d - 0.02, 0.12)
        return parts
    boards = [m.box(w, d, 0.02).moved(y=-d / 2, z=z) for z in np.linspace(0, h - 0.02, 3)]
    boards += [m.box(0.02, d, h).moved(x, -d / 2) for x in (-w / 2 + 0.01, w / 2 - 0.01)]
    parts = [(m.merged(boards), body)]
    for z in np.linspace(0, h - 0.02, 3)[:2]:
        parts += dishes(rng, palette, w - 0.06, z + 0.02)
    return parts


def sink(rng: np.random.Generator, palette: Palette, w: float, top: Material) -> Parts:
    """A basin of steel or porcelain let into a worktop w wide, with a tap. The worktop around it comes with it."""
    b, d = min(w * 0.7, 0.55), 0.36
    steel = palette.metal() if rng.random() < 0.7 else palette.glossy([0.8, 0.8, 0.78])
    front, back, side = 0.61 - 0.1 - d, 0.1, (w - b) / 2
    boards = [m.box(w, front, 0.04).moved(y=-0.61 + front / 2), m.box(w, back, 0.04).moved(y=-back / 2)]
    boards += [m.box(side, d, 0.04).moved(s * (w - side) / 2, -back - d / 2) for s in (-1, 1)]
    parts: Parts = [(m.merged(boards).moved(z=TOP - 0.04), top)]
    basin = [m.box(b, d, 0.005).moved(z=-0.16)]
    basin += [m.box(0.006, d, 0.17).moved(s * b / 2, 0, -0.16) for s in (-1, 1)]
    basin += [m.box(b, 0.006, 0.17).moved(0, s * d / 2, -0.16) for s in (-1, 1)]
    basin += [m.box(b + 0.04, 0.02, 0.006).moved(0, s * (d / 2 + 0.01)) for s in (-1, 1)]
    basin += [m.box(0.02, d, 0.006).moved(s * (b / 2 + 0.01)) for s in (-1, 1)]
    parts.append((m.merged(basin).moved(y=-back - d / 2, z=TOP), steel))
    return [*parts, *moved(tap(rng, palette), 0, -0.07, TOP)]


def tap(rng: np.random.Generator, palette: Palette) -> Parts:
    """A tap whose spout reaches towards -y."""
    h, reach = rng.uniform(0.18, 0.4), rng.uniform(0.14, 0.22)
    a = np.linspace(0, np.pi * 0.95, 8)
    arc = np.stack([a * 0, -reach / 2 + reach / 2 * np.cos(a), h - 0.06 + reach / 2 * np.sin(a)], -1)
    spout = m.tube([(0, 0, 0), *arc, arc[-1] - [0, 0, 0.03]], 0.011, 8)
    lever = m.tube([(0.02, 0, 0.06), (0.07, -0.01, 0.11)], 0.006, 6)
    return [(m.merged([spout, lever, m.cylinder(0.024, 0.08, 14)]), palette.metal())]


def hob(rng: np.random.Generator, palette: Palette, w: float) -> Parts:
    """Four rings on a worktop at z = 0, gas or glass, some with pots."""
    parts: Parts = [(m.box(w * 0.96, 0.5, 0.008).moved(y=-0.3), palette.glossy([0.015, 0.015, 0.015]))]
    gas = rng.random() < 0.5
    black = palette.matte([0.02, 0.02, 0.02])
    for x in (-w / 4, w / 4):
        for y in (-0.18, -0.42):
            base = 0.009
            if gas:
                bars = [m.box(0.2, 0.008, 0.012).turned(t).moved(z=0.03) for t in (45, 135)]
                feet = [m.box(0.008, 0.008, 0.03).moved(0.065 * i, 0.065 * j) for i in (-1, 1) for j in (-1, 1)]
                parts.append((m.merged([*bars, *feet, m.cylinder(0.04, 0.02, 14)]).moved(x, y, base), black))
                base += 0.042
            else:
                parts.append((m.torus(0.08, 0.0012, 28, 4).moved(x, y, base), palette.matte([0.3, 0.3, 0.3])))
            if rng.random() < 0.4:
                ware = pan(rng, palette) if rng.random() < 0.5 else pot(rng, palette)
                parts += moved(ware, x, y, base + 0.001, rng.uniform(-60, 60))
    return parts


def hood(rng: np.random.Generator, palette: Palette, w: float, ceiling: float) -> Parts:
    """An extractor hood from z = 0 up to the ceiling."""
    steel = palette.metal()
    if rng.random() < 0.6:
        skirt = m.cylinder(0.5, 0.28, 4, 0.2).turned(45).scaled(w / 0.707, 0.5 / 0.707, 1).moved(y=-0.26, z=0.05)
        lip = m.box(w, 0.5, 0.05).moved(y=-0.26)
        return [(m.merged([skirt, lip, m.box(0.28, 0.26, max(ceiling - 0.3, 0.1)).moved(y=-0.14, z=0.3)]), steel)]
    return [(m.box(w, 0.45, 0.12).moved(y=-0.23), steel), (m.box(w, 0.33, 0.3).moved(y=-0.17, z=0.12), palette.any())]


def fridge(rng: np.random.Generator, palette: Palette) -> Parts:
    """A refrigerator with a freezer below, notes and magnets on its door."""
    w, h, split = rng.uniform(0.58, 0.75), rng.uniform(1.5, 2.0), rng.uniform(0.5, 0.75)
    white = palette.glossy([0.75, 0.75, 0.74]) if rng.random() < 0.6 else palette.metal()
    doors = [m.rounded_box(w, 0.06, b - a - 0.01, 0.015).moved(y=-0.62, z=a) for a, b in ((0.05, split), (split, h))]
    bars = [
        m.tube([(0, 0, 0), (0, -0.05, 0), (0, -0.05, s), (0, 0, s)], 0.01, 8).moved(-w * 0.42, -0.65, z)
        for z, s in ((split - 0.4, 0.3), (split + 0.1, 0.5))
    ]
    parts: Parts = [(m.box(w, 0.59, h).moved(y=-0.295), white), (m.merged(doors), white)]
    parts.append((m.merged(bars), palette.metal()))
    for _ in range(int(rng.integers(0, 7))):
        s = rng.uniform(0.04, 0.18)
        note = m.box(s, 0.003, s * rng.uniform(0.8, 1.4), unit=True).turned(rng.uniform(-9, 9), "y")
        parts.append((note.moved(rng.uniform(-0.22, 0.3) * w, -0.653, rng.uniform(0.55, 0.85) * h), palette.label()))
    return parts


def bin_(rng: np.random.Generator, palette: Palette) -> Parts:
    """A dustbin with a pedal or a swing lid."""
    r, h = rng.uniform(0.12, 0.2), rng.uniform(0.3, 0.65)
    body = palette.metal() if rng.random() < 0.5 else palette.any()
    return [
        (m.cylinder(r, h, 24), body),
        (m.lathe([(r * 1.02, h), (r * 0.7, h + 0.06), (0.001, h + 0.08)], 24), palette.any()),
    ]


def washer(rng: np.random.Generator, palette: Palette) -> Parts:
    """A washing machine."""
    white = palette.glossy([0.75, 0.75, 0.74])
    ring = m.torus(0.17, 0.025, 28, 8).turned(90, "x").moved(0, -0.575, 0.42)
    disc = m.sphere(0.16, 20).scaled(1, 0.25, 1).moved(0, -0.575, 0.42)
    panel = m.box(0.24, 0.006, 0.08, unit=True).moved(0.12, -0.572, 0.74)
    return [
        (m.rounded_box(0.6, 0.57, 0.85, 0.012).moved(y=-0.285), white),
        (ring, palette.metal()),
        (disc, palette.glossy([0.02, 0.025, 0.03])),
        (panel, palette.label()),
        (m.cylinder(0.03, 0.03, 14).turned(90, "x").moved(-0.05, -0.57, 0.78), palette.metal()),
    ]
