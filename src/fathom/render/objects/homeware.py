"""What homes are full of: cushions and throws, television, glass tables, bathroom fittings, toys, heaters."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.materials import Palette
from fathom.render.objects import furniture, household
from fathom.render.objects.arrange import Parts, copies, moved, spread
from fathom.render.scene import MIRROR, PANE, Material, Mesh


def cushion(rng: np.random.Generator, palette: Palette, size: float = 0.45) -> Parts:
    """A cushion lying flat: plump in the middle, its four corners drawn out."""
    u, v = np.meshgrid(np.linspace(-1, 1, 11), np.linspace(-1, 1, 11))
    bulge = 0.16 * np.sqrt(np.clip((1 - u**2) * (1 - v**2), 0, 1)) ** 0.7
    pinch = 1 - 0.08 * (1 - np.abs(u * v))
    top = np.stack([u * pinch / 2, v * pinch / 2, bulge], -1).reshape(-1, 3) * size
    face = m.smooth(top, m.grid_faces(11, 11), top[:, :2] * 1.0)
    whole = m.merged([face, face.scaled(1, 1, -1)]).moved(z=0.14 * size)
    return [(whole, palette.stuff() if rng.random() < 0.5 else palette.matte())]


def sofa(rng: np.random.Generator, palette: Palette, cloth: Material) -> Parts:
    """A sofa with cushions leaning in it and perhaps a throw over its arm."""
    parts = furniture.sofa(rng, palette, cloth)
    low, high = np.min([p.vertices.min(0) for p, _ in parts], 0), np.max([p.vertices.max(0) for p, _ in parts], 0)
    for _ in range(int(rng.integers(0, 5))):
        x = rng.uniform(low[0] + 0.35, max(high[0] - 0.35, low[0] + 0.36))
        lean = [(mesh.turned(rng.uniform(55, 75), "x"), a) for mesh, a in cushion(rng, palette)]
        parts += moved(lean, x, high[1] - 0.42, 0.66, rng.uniform(-20, 20))
    if rng.random() < 0.3:  # a throw
        x, y = np.linspace(-0.3, 0.3, 9), np.linspace(low[1] - 0.02, high[1] - 0.25, 16)
        gx, gy = np.meshgrid(x, y)
        z = 0.47 + 0.012 * np.sin(gx * 30 + gy * 9)
        z[0] = 0.2
        parts.append((m.heightfield(x, y, z).moved((low[0] + high[0]) / 2 * 0.5), palette.stuff()))
    return parts


def television(rng: np.random.Generator, palette: Palette, body: Material) -> Parts:
    """A television on a low cupboard, with what stands beside and below it; its back at y = 0."""
    w, shown = rng.uniform(0.8, 1.6), rng.random() < 0.4
    stand_w = w * rng.uniform(1.0, 1.5)
    h = rng.uniform(0.35, 0.55)
    parts = furniture.cabinet(rng, palette, body, stand_w, h, 0.4)
    black = palette.glossy([0.012, 0.012, 0.014])
    screen = [m.box(w, 0.03, w * 0.57).moved(0, -0.2, h + 0.06), m.box(0.05, 0.04, 0.08).moved(0, -0.2, h)]
    screen.append(m.box(w * 0.45, 0.2, 0.012).moved(0, -0.2, h))
    parts.append((m.merged(screen), black))
    if shown:
        face = m.quad((-w * 0.485, -0.217, h + 0.075), (w * 0.97, 0, 0), (0, 0, w * 0.54), unit=True)
        parts.append((face, palette.label()))
    cable = m.tube([(0.1, -0.17, h + 0.2), (0.15, -0.06, h + 0.05), (0.2, -0.03, h - 0.1)], 0.004, 5)
    parts.append((cable, black))
    for s in (-1, 1):
        if rng.random() < 0.5 and stand_w > w * 1.2:
            parts += moved(household.small(rng, palette, rng.uniform(0.1, 0.3)), s * (stand_w / 2 - 0.1), -0.2, h)
    return parts


def glass_table(rng: np.random.Generator, palette: Palette, w: float, d: float, h: float) -> Parts:
    """A table with a top of glass on thin legs."""
    steel = palette.metal()
    r, t = rng.uniform(0.008, 0.02), 0.008
    legs = [m.tube([(x, y, 0), (x, y, h - t)], r, 8) for x in (-w * 0.42, w * 0.42) for y in (-d * 0.4, d * 0.4)]
    legs += [m.tube([(x, -d * 0.4, 0.12), (x, d * 0.4, 0.12)], r * 0.8, 6) for x in (-w * 0.42, w * 0.42)]
    shelf = m.box(w * 0.8, d * 0.76, 0.012).moved(z=0.13)
    parts: Parts = [(m.merged(legs), steel), (m.box(w, d, t).moved(z=h - t), PANE)]
    if rng.random() < 0.5:
        parts.append((shelf, palette.any()))
    return parts


def heater(rng: np.random.Generator, palette: Palette, w: float) -> Parts:
    """A radiator with its pipes, its back at y = 0."""
    white = palette.matte([0.75, 0.75, 0.73])
    h = rng.uniform(0.45, 0.65)
    x = np.arange(-w / 2 + 0.03, w / 2, 0.055)
    fin = m.rounded_box(0.045, 0.08, h, 0.015, 2).moved(y=-0.07, z=0.12)
    pipes = [m.tube([(w / 2, -0.07, 0.16), (w / 2 + 0.06, -0.07, 0.16), (w / 2 + 0.06, -0.07, 0)], 0.009, 6)]
    pipes.append(m.tube([(-w / 2, -0.07, h), (w / 2, -0.07, h)], 0.018, 8))
    valve = m.cylinder(0.025, 0.07, 10).moved(w / 2 + 0.06, -0.07, 0.14)
    return [(copies(fin, np.stack([x, x * 0, x * 0], -1)), white), (m.merged([*pipes, valve]), white)]


def wardrobe(rng: np.random.Generator, palette: Palette, body: Material) -> Parts:
    """A wardrobe, perhaps with a mirror in a door and boxes on top."""
    w, h = rng.uniform(0.8, 2.0), rng.uniform(1.8, 2.2)
    parts = furniture.cabinet(rng, palette, body, w, h, 0.58)
    if rng.random() < 0.35:
        parts.append((m.box(0.36, 0.004, h * 0.75).moved(-w / 2 + 0.25, -0.604, h * 0.15), MIRROR))
    if rng.random() < 0.4:
        parts += moved(household.packet(rng, palette, 0.2), rng.uniform(-0.3, 0.3) * w, -0.3, h)
    return parts


def nightstand(rng: np.random.Generator, palette: Palette, body: Material) -> Parts:
    h = rng.uniform(0.4, 0.6)
    parts = furniture.cabinet(rng, palette, body, rng.uniform(0.35, 0.5), h, 0.38)
    things = [household.small(rng, palette, rng.uniform(0.08, 0.2)) for _ in range(int(rng.integers(1, 3)))]
    return [*parts, *moved(spread(rng, things, 0.36, 0.34, h), 0, -0.2)]


def bath(rng: np.random.Generator, palette: Palette) -> Parts:
    """A bathtub along x with its back at y = 0, panelled, with taps."""
    w, d, h = rng.uniform(1.5, 1.8), rng.uniform(0.7, 0.8), 0.56
    white = palette.glossy([0.8, 0.8, 0.79])
    x, y = np.linspace(-w / 2, w / 2, 40), np.linspace(-d, 0, 24)
    gx, gy = np.meshgrid(x, y)
    rim = np.minimum((w / 2 - 0.06 - np.abs(gx)) / 0.16, (d / 2 - 0.06 - np.abs(gy + d / 2)) / 0.1)
    z = h - 0.4 * np.clip(rim, 0, 1) ** 0.6
    shell = [
        m.box(w, 0.01, h).moved(y=-d + 0.005),
        m.box(0.01, d, h).moved(-w / 2, -d / 2),
        m.box(0.01, d, h).moved(w / 2, -d / 2),
    ]
    tap = m.tube([(-w * 0.42, -0.02, h + 0.12), (-w * 0.42, -0.16, h + 0.14), (-w * 0.42, -0.17, h + 0.1)], 0.014, 8)
    return [(m.heightfield(x, y, z), white), (m.merged(shell), white), (tap, palette.metal())]


def basin(rng: np.random.Generator, palette: Palette) -> Parts:
    """A washbasin on a cupboard or a column, with tap, things, and its back at y = 0."""
    w, d, h = rng.uniform(0.5, 0.9), 0.46, 0.85
    white = palette.glossy([0.8, 0.8, 0.79])
    x, y = np.linspace(-w / 2, w / 2, 25), np.linspace(-d, 0, 19)
    gx, gy = np.meshgrid(x, y)
    hollow = 1 - (gx / (w / 2 - 0.05)) ** 2 - ((gy + d * 0.55) / (d * 0.4)) ** 2
    parts: Parts = [(m.heightfield(x, y, h - 0.12 * np.sqrt(np.clip(hollow, 0, 1))), white)]
    parts.append(
        (
            m.merged(
                [
                    m.box(w, 0.01, 0.13).moved(y=-d, z=h - 0.13),
                    *[m.box(0.01, d, 0.13).moved(s * w / 2, -d / 2, h - 0.13) for s in (-1, 1)],
                ]
            ),
            white,
        )
    )
    if rng.random() < 0.6:
        parts += furniture.cabinet(rng, palette, palette.any(), w * 0.94, h - 0.14, d * 0.9)
    else:
        parts.append((m.cylinder(0.11, h - 0.13, 16, 0.09).moved(y=-d * 0.5), white))
    spout = m.tube([(0, -0.05, h), (0, -0.05, h + 0.13), (0, -0.14, h + 0.15), (0, -0.15, h + 0.12)], 0.012, 8)
    parts.append((spout, palette.metal()))
    for s in (-1, 1):
        if rng.random() < 0.7:
            make = (household.bottle, household.holder, household.vessel)[int(rng.integers(3))]
            parts += moved(make(rng, palette, rng.uniform(0.1, 0.18)), s * w * 0.42, -0.07, h)
    return parts


def toilet(rng: np.random.Generator, palette: Palette) -> Parts:
    white = palette.glossy([0.8, 0.8, 0.79])
    foot = m.lathe([(0.1, 0), (0.12, 0.1), (0.17, 0.34), (0.19, 0.38)], 24).scaled(1, 1.35, 1).moved(y=-0.42)
    seat = m.cylinder(0.19, 0.035, 28).scaled(1, 1.3, 1).moved(y=-0.42, z=0.39)
    tank = m.rounded_box(0.4, 0.17, 0.38, 0.03).moved(y=-0.09, z=0.42)
    parts: Parts = [
        (m.merged([foot, tank, m.box(0.2, 0.3, 0.36).moved(y=-0.16)]), white),
        (seat, palette.matte([0.75, 0.75, 0.74])),
    ]
    roll = m.cylinder(0.055, 0.1, 16).turned(90, "y").moved(0.33, -0.1, 0.7)
    return [*parts, (roll, palette.matte([0.8, 0.8, 0.78]))]


def shower(rng: np.random.Generator, palette: Palette) -> Parts:
    """A walk-in shower with one sheet of glass and a hose, its back at y = 0."""
    # One sheet only: the tracer finds no lamps through glass, so a closed cabin would be dark inside.
    w, side = rng.uniform(0.8, 1.2), float(rng.choice([-1, 1]))
    steel = palette.metal()
    a = np.linspace(0, 1, 10)
    hose = np.stack([0.1 + 0.12 * np.sin(np.pi * a), a * 0 - 0.06, 1.0 + 0.95 * a - 0.35 * np.sin(np.pi * a)], -1)
    bars = [m.box(0.03, 0.03, 2.0).moved(side * w / 2, y) for y in (-0.015, -0.9)]
    bars += [m.box(0.03, 0.9, 0.03).moved(side * w / 2, -0.45, z) for z in (0.1, 1.97)]
    bars += [m.tube(hose, 0.008, 6), m.tube([(0.1, -0.05, 1.0), (0.1, -0.05, 2.0)], 0.01, 6)]
    bars.append(m.cylinder(0.05, 0.02, 16).turned(-60, "x").moved(0.1, -0.12, 1.98))
    tray = m.box(w, 0.9, 0.1).moved(y=-0.45)
    pane = m.box(0.006, 0.86, 1.85).moved(side * w / 2, -0.45, 0.12)
    return [(tray, palette.glossy([0.8, 0.8, 0.79])), (m.merged(bars), steel), (pane, PANE)]


def towels(rng: np.random.Generator, palette: Palette) -> Parts:
    """Towels over a rail on the wall at z = 0."""
    w = rng.uniform(0.4, 0.7)
    parts: Parts = [
        (m.tube([(-w / 2, 0, 0), (-w / 2, -0.07, 0), (w / 2, -0.07, 0), (w / 2, 0, 0)], 0.009, 8), palette.metal())
    ]
    for x in np.arange(-w / 2 + 0.12, w / 2 - 0.05, 0.26):
        drop = rng.uniform(0.3, 0.7)
        cloth = m.merged([m.box(0.22, 0.008, drop).moved(x, y, -drop + 0.012) for y in (-0.085, -0.055)])
        parts.append((cloth, palette.stuff() if rng.random() < 0.4 else palette.matte()))
    return parts


def bricks(rng: np.random.Generator, palette: Palette) -> Parts:
    """Toy bricks, a train of them, or a ball, on the floor."""
    if rng.random() < 0.3:
        return [(m.sphere(0.12, 20).moved(z=0.12), palette.stuff())]
    parts: Parts = []
    for _ in range(int(rng.integers(4, 14))):
        s = rng.uniform(0.03, 0.07)
        at = rng.normal(0, 0.15, 2)
        parts.append(
            (
                m.box(s, s * float(rng.choice([1, 2])), s).turned(rng.uniform(0, 90)).moved(*at),
                palette.glossy(textures.colour(rng, (0.7, 1), (0.4, 0.8))),
            )
        )
    return parts


def basket(rng: np.random.Generator, palette: Palette) -> Parts:
    """A laundry basket, half full."""
    r, h = rng.uniform(0.18, 0.26), rng.uniform(0.3, 0.55)
    rim = m.lathe([(0, 0.01), (r * 0.85, 0.01), (r, h), (r - 0.01, h), (r * 0.8, 0.03), (0, 0.03)], 24)
    heap: list[Mesh] = [m.blob(rng, (r * 0.6, r * 0.6, 0.1), 0.4, 14).moved(z=h * 0.85)]
    return [(rim, palette.any()), (heap[0], palette.stuff())]


def piano(rng: np.random.Generator, palette: Palette) -> Parts:
    """An upright piano, its back at y = 0."""
    black = palette.glossy([0.02, 0.015, 0.015] if rng.random() < 0.6 else [0.2, 0.09, 0.04])
    body = [m.box(1.5, 0.32, 1.15).moved(y=-0.16), m.box(1.5, 0.3, 0.12).moved(y=-0.45, z=0.6)]
    body += [m.box(0.08, 0.08, 0.6).moved(s * 0.7, -0.55) for s in (-1, 1)]
    x = np.linspace(-0.62, 0.62, 36)
    dark = x[np.arange(36) % 7 % 3 != 0]
    whites = m.box(1.3, 0.14, 0.012).moved(y=-0.53, z=0.72)
    blacks = copies(
        m.box(0.012, 0.09, 0.012), np.stack([dark, np.full(len(dark), -0.5), np.full(len(dark), 0.733)], -1)
    )
    sheet = m.box(0.4, 0.01, 0.28, unit=True).turned(-15, "x").moved(0, -0.36, 0.85)
    return [
        (m.merged(body), black),
        (whites, palette.matte([0.8, 0.8, 0.76])),
        (blacks, palette.matte([0.02, 0.02, 0.02])),
        (sheet, palette.label()),
    ]


def fireplace(rng: np.random.Generator, palette: Palette) -> Parts:
    """A chimney breast with a hearth and a mantelpiece with things on it."""
    stone, soot = palette.any(), palette.matte([0.02, 0.018, 0.016])
    frame = [m.box(0.25, 0.3, 1.05).moved(s * 0.55, -0.15) for s in (-1, 1)] + [
        m.box(1.35, 0.3, 0.25).moved(y=-0.15, z=0.8)
    ]
    logs = [
        m.limb((-0.25, -0.15, 0.06 + 0.07 * k), (0.25, -0.12, 0.06 + 0.07 * k), 0.045).turned(rng.uniform(-12, 12))
        for k in range(3)
    ]
    parts: Parts = [(m.merged([*frame, m.box(1.5, 0.38, 0.05).moved(y=-0.19, z=1.05)]), stone)]
    parts += [(m.box(0.86, 0.02, 0.8).moved(y=-0.01), soot), (m.merged(logs), palette.matte([0.2, 0.12, 0.07]))]
    things = [household.small(rng, palette, rng.uniform(0.1, 0.3)) for _ in range(5)]
    return [*parts, *moved(spread(rng, things, 1.4, 0.26, 1.1, 30), 0, -0.19)]
