"""Glass and mirrors as large as furniture: tanks, display cabinets, glass tables, glazed walls."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.materials import Palette, hung, textured
from fathom.render.objects import household
from fathom.render.objects.glassware import tableware
from fathom.render.scene import MIRROR, PANE, Material, Mesh

Parts = list[tuple[Mesh, Material]]


def tank(rng: np.random.Generator, palette: Palette, w: float) -> Parts:
    """An aquarium or glass case of this width, with what is in it."""
    d, h, t = w * rng.uniform(0.4, 0.6), w * rng.uniform(0.4, 0.8), 0.012 * w
    frame = palette.matte([0.02, 0.02, 0.02]) if rng.random() < 0.6 else palette.metal()
    edges = [m.box(w, t, t).moved(0, y, z) for y in (-d / 2, d / 2) for z in (0, h - t)]
    edges += [m.box(t, d, t).moved(x, 0, z) for x in (-w / 2, w / 2) for z in (0, h - t)]
    edges += [m.box(t, t, h).moved(x, y) for x in (-w / 2, w / 2) for y in (-d / 2, d / 2)]
    parts: Parts = [(m.merged(edges), frame)]
    for y in (-d / 2, d / 2):
        parts.append((m.quad((-w / 2, y, 0), (w, 0, 0), (0, 0, h)), PANE))
    parts += [(m.quad((x, -d / 2, 0), (0, d, 0), (0, 0, h)), PANE) for x in (-w / 2, w / 2)]
    parts.append((m.box(w * 0.98, d * 0.98, 0.07 * h), textured(textures.gravel(rng), 0.3 * w)))
    leaf = palette.matte([0.06, 0.2, 0.05])
    for _ in range(int(rng.integers(3, 8))):
        x, y = rng.uniform(-0.4, 0.4, 2) * [w, d]
        if rng.random() < 0.5:
            roots = np.tile([x, y, 0.06 * h], (12, 1)) + rng.normal(0, 0.02 * w, (12, 3)) * [1, 1, 0]
            parts.append((m.blades(rng, roots, 0.6 * h, 0.03 * w, 0.4), leaf))
        else:
            thing = household.small(rng, palette, h * rng.uniform(0.15, 0.4))
            parts += [(mesh.moved(x * 0.8, y * 0.6, 0.07 * h), a) for mesh, a in thing]
    return parts


def showcase(rng: np.random.Generator, palette: Palette, w: float, h: float) -> Parts:
    """A display cabinet with a glazed front, its front at y = 0."""
    d, rows = rng.uniform(0.3, 0.45), int(rng.integers(2, 5))
    body = palette.any()
    parts: Parts = [(m.box(w, 0.02, h).moved(y=d), body)]
    parts += [(m.box(0.03, d, h).moved(x, d / 2), body) for x in (-w / 2, w / 2)]
    for k in range(rows + 1):
        z = 0.1 + (h - 0.12) * k / rows
        parts.append((m.box(w, d * 0.95, 0.015).moved(0, d / 2, z), body if k in (0, rows) else PANE))
        for x in np.arange(-w / 2 + 0.12, w / 2 - 0.08, 0.2) if k < rows else ():
            tall = min(0.8 * (h - 0.12) / rows, 0.3)
            make = tableware if rng.random() < 0.4 else household.small
            thing = make(rng, palette, tall * rng.uniform(0.5, 1))
            parts += [(mesh.moved(x, d / 2, z + 0.016), a) for mesh, a in thing]
    doors = int(rng.integers(1, 4))
    for k in range(doors):
        x, wide = -w / 2 + w * (k + 0.5) / doors, w / doors - 0.01
        bars = [m.box(wide, 0.02, 0.05).moved(x, 0, z) for z in (0.08, h - 0.06)]
        bars += [m.box(0.04, 0.02, h - 0.1).moved(x + e * (wide / 2 - 0.02), 0, 0.08) for e in (-1, 1)]
        parts += [(m.merged(bars), body), (m.quad((x - wide / 2, 0, 0.1), (wide, 0, 0), (0, 0, h - 0.15)), PANE)]
        parts.append((m.sphere(0.014, 10).moved(x + wide / 2 - 0.03, -0.025, h / 2), palette.metal()))
    return parts


def glass_table(rng: np.random.Generator, palette: Palette, w: float, d: float, h: float) -> Parts:
    """A table with a glass top; things may be put at z = h."""
    frame = palette.metal() if rng.random() < 0.6 else palette.any()
    if rng.random() < 0.5:
        top = (m.box(w, d, 0.012).moved(z=h - 0.012), PANE)
        r = 0.018
        bars = [
            m.tube([(x * w * 0.46, y * d * 0.44, 0), (x * w * 0.46, y * d * 0.44, h - 0.012)], r, 8)
            for x in (-1, 1)
            for y in (-1, 1)
        ]
        bars += [
            m.tube([(-w * 0.46, y * d * 0.44, h - 0.03), (w * 0.46, y * d * 0.44, h - 0.03)], 0.7 * r, 8)
            for y in (-1, 1)
        ]
        return [top, (m.merged(bars), frame), (m.box(w * 0.9, d * 0.85, 0.012).moved(z=0.3 * h), PANE)]
    top = (m.cylinder(max(w, d) / 2, 0.012, 48).moved(z=h - 0.012), PANE)
    legs = [
        m.tube(
            [
                (0.42 * w * np.cos(a), 0.42 * w * np.sin(a), 0),
                (0.1 * w * np.cos(a + 2), 0.1 * w * np.sin(a + 2), h / 2),
                (0.35 * w * np.cos(a), 0.35 * w * np.sin(a), h - 0.012),
            ],
            0.02,
            8,
        )
        for a in (0.3, 2.4, 4.5)
    ]
    return [top, (m.merged(legs), frame)]


def standing_mirror(rng: np.random.Generator, palette: Palette, w: float, h: float) -> Parts:
    """A tall mirror leaning back a little, facing -y."""
    f = rng.uniform(0.02, 0.08)
    bars = [m.box(w + 2 * f, 0.04, f).moved(z=z) for z in (0.0, h + f)] + [
        m.box(f, 0.04, h + 2 * f).moved(x) for x in (-w / 2 - f / 2, w / 2 + f / 2)
    ]
    glass = m.quad((-w / 2, -0.012, f), (w, 0, 0), (0, 0, h))
    back = m.box(w, 0.01, h).moved(y=0.01, z=f)
    lean = -rng.uniform(3, 14)
    return [
        (mesh.turned(lean, "x"), a)
        for mesh, a in ((m.merged(bars), palette.any()), (glass, MIRROR), (back, palette.matte()))
    ]


def partition(rng: np.random.Generator, palette: Palette, w: float, h: float) -> Parts:
    """A glazed wall along x about y = 0: panes in thin frames, with a sticker or a door handle on them."""
    n, bar = max(2, round(w / rng.uniform(0.5, 1.2))), rng.uniform(0.025, 0.07)
    frame = palette.matte([0.03, 0.03, 0.03]) if rng.random() < 0.5 else palette.any()
    parts: Parts = [(m.quad((-w / 2, 0, 0), (w, 0, 0), (0, 0, h)), PANE)]
    bars = [m.box(bar, 0.06, h).moved(x) for x in np.linspace(-w / 2, w / 2, n + 1)]
    bars += [m.box(w, 0.06, bar).moved(z=z) for z in (0.0, h - bar)]
    if rng.random() < 0.5:
        bars.append(m.box(w, 0.05, bar).moved(z=h * rng.uniform(0.35, 0.7)))
    parts.append((m.merged(bars), frame))
    for _ in range(int(rng.integers(0, 3))):
        s, x, z = rng.uniform(0.1, 0.4), rng.uniform(-0.4, 0.4) * w, rng.uniform(0.3, 0.7) * h
        parts.append((m.quad((x, -0.004, z), (s * rng.uniform(0.7, 2), 0, 0), (0, 0, s), unit=True), palette.label()))
    if rng.random() < 0.5:
        parts.append((m.tube([(0.06, -0.08, 0.85), (0.06, -0.08, 1.3)], 0.014, 8), palette.metal()))
    return parts


def poster(rng: np.random.Generator, w: float, h: float) -> Parts:
    """A sheet standing upright, seen through glass."""
    return [(m.quad((-w / 2, 0, 0), (w, 0, 0), (0, 0, h), unit=True), hung(textures.picture(rng)))]
