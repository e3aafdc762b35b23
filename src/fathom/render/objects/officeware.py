"""What is in offices and classrooms: desks with their screens, chairs on castors, partitions, boards."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render.materials import Palette
from fathom.render.objects import household
from fathom.render.objects.arrange import Parts, copies, moved, spread
from fathom.render.scene import PANE, Material


def office_chair(rng: np.random.Generator, palette: Palette, cloth: Material) -> Parts:
    """A chair on five castors, facing -y."""
    seat, back = rng.uniform(0.44, 0.54), rng.uniform(0.45, 0.7)
    black = palette.matte([0.025, 0.025, 0.027])
    frame = palette.metal() if rng.random() < 0.3 else black
    foot = [m.tube([(0, 0, 0.1), (0.29, 0, 0.065)], [0.022, 0.014], 6), m.sphere(0.03, 8).moved(0.29, 0, 0.031)]
    star = m.merged([mesh.turned(72 * k + 10) for mesh in foot for k in range(5)])
    stem = m.merged([m.cylinder(0.025, seat - 0.1, 10).moved(z=0.08), m.box(0.2, 0.22, 0.04).moved(z=seat - 0.06)])
    parts: Parts = [(star, frame), (stem, black), (m.rounded_box(0.48, 0.47, 0.08, 0.035).moved(z=seat - 0.02), cloth)]
    rest = m.rounded_box(0.43, 0.06, back, 0.03).turned(-rng.uniform(5, 15), "x").moved(y=0.22, z=seat + 0.12)
    parts.append((rest, cloth if rng.random() < 0.6 else black))
    parts.append((m.tube([(0, 0.1, seat - 0.03), (0, 0.27, seat), (0, 0.26, seat + 0.3)], 0.016, 6), black))
    if rng.random() < 0.7:
        arm = [(0.24, 0, seat - 0.03), (0.29, 0, seat), (0.29, 0.02, seat + 0.2)]
        for s in (-1, 1):
            bar = m.tube(np.array(arm) * [s, 1, 1], 0.012, 6)
            parts.append(
                (m.merged([bar, m.rounded_box(0.07, 0.26, 0.03, 0.012).moved(s * 0.29, 0, seat + 0.2)]), black)
            )
    return moved(parts, turn=rng.uniform(-35, 35))


def monitor(rng: np.random.Generator, palette: Palette) -> Parts:
    """A flat screen on its foot."""
    w = rng.uniform(0.48, 0.7)
    h, lift = w * rng.uniform(0.55, 0.62), rng.uniform(0.1, 0.17)
    case = palette.matte([0.02, 0.02, 0.02]) if rng.random() < 0.7 else palette.metal()
    shown = palette.label() if rng.random() < 0.6 else palette.glossy([0.012, 0.012, 0.014])
    body = [m.box(w, 0.025, h).moved(z=lift), m.box(0.05, 0.04, lift + 0.1).moved(y=0.03), m.box(0.22, 0.18, 0.012)]
    face = m.quad((-w * 0.487, -0.0135, lift + h * 0.025), (w * 0.974, 0, 0), (0, 0, h * 0.94), unit=True)
    return [(m.merged(body), case), (face, shown)]


def laptop(rng: np.random.Generator, palette: Palette) -> Parts:
    w, d = rng.uniform(0.29, 0.38), rng.uniform(0.2, 0.26)
    case = palette.metal([0.55, 0.55, 0.57]) if rng.random() < 0.6 else palette.matte([0.03, 0.03, 0.03])
    keys = m.box(w * 0.86, d * 0.45, 0.002).moved(0, d * 0.14, 0.014)
    face = m.quad((-w * 0.47, -0.004, 0.01), (w * 0.94, 0, 0), (0, 0, d * 0.9), unit=True)
    lid = [(m.box(w, 0.006, d), case), (face, palette.label())]
    lean = -rng.uniform(5, 30)
    lid = [(mesh.turned(lean, "x").moved(y=d / 2, z=0.012), a) for mesh, a in lid]
    return [(m.box(w, d, 0.014), case), (keys, palette.matte([0.03, 0.03, 0.03])), *lid]


def keyboard(rng: np.random.Generator, palette: Palette) -> Parts:
    """A keyboard with a mouse at its right."""
    case = palette.matte([0.03, 0.03, 0.03] if rng.random() < 0.6 else [0.65, 0.65, 0.63])
    x, y = np.meshgrid(np.arange(15) * 0.028 - 0.196, np.arange(5) * 0.026 - 0.052)
    keys = copies(m.box(0.023, 0.021, 0.006), np.stack([x.ravel(), y.ravel(), np.full(75, 0.014)], -1))
    mouse = m.sphere(0.03, 12).scaled(1, 1.8, 0.6).moved(0.3, 0, 0.018)
    wire = m.tube([(0.3, 0.05, 0.012), (0.27, 0.14, 0.004), (0.3, 0.22, 0.004)], 0.0025, 4)
    return [
        (m.box(0.44, 0.14, 0.015), case),
        (keys, palette.matte([0.05, 0.05, 0.05])),
        (m.merged([mouse, wire]), case),
    ]


def paper(rng: np.random.Generator, palette: Palette) -> Parts:
    """A pile of sheets, a folder, or a letter tray."""
    if rng.random() < 0.3:
        wires = [m.box(0.25, 0.33, 0.004).moved(z=z) for z in (0.0, 0.07, 0.14)]
        posts = [m.box(0.006, 0.006, 0.16).moved(x, y) for x in (-0.12, 0.12) for y in (-0.16, 0.16)]
        sheets = [m.box(0.21, 0.297, rng.uniform(0.005, 0.05)).moved(z=z + 0.005) for z in (0.0, 0.07)]
        tray = palette.matte([0.03, 0.03, 0.03]) if rng.random() < 0.5 else palette.any()
        return [(m.merged([*wires, *posts]), tray), (m.merged(sheets), palette.matte([0.8, 0.8, 0.78]))]
    top = m.box(0.21, 0.297, 0.001, unit=True).turned(rng.uniform(-6, 6))
    h = float(np.exp(rng.uniform(np.log(0.001), np.log(0.08))))
    return [(m.box(0.21, 0.297, h), palette.matte([0.8, 0.8, 0.78])), (top.moved(z=h), palette.label())]


def telephone(rng: np.random.Generator, palette: Palette) -> Parts:
    black = palette.glossy([0.03, 0.03, 0.03])
    receiver = m.limb((-0.07, -0.09, 0.05), (-0.07, 0.09, 0.07), 0.02)
    a = np.linspace(0, 40, 120)
    cord = m.tube(
        np.stack([-0.1 - 0.002 * a + 0.006 * np.cos(a * 2), -0.09 + 0.0045 * a, 0.01 + 0.006 * np.sin(a * 2)], -1),
        0.002,
        4,
    )
    return [
        (m.box(0.2, 0.2, 0.04), black),
        (receiver, black),
        (cord, black),
        (m.box(0.08, 0.1, 0.005, unit=True).moved(0.04, 0, 0.04), palette.label()),
    ]


def headset(rng: np.random.Generator, palette: Palette) -> Parts:
    a = np.linspace(0, np.pi, 12)
    band = m.tube(np.stack([0.085 * np.cos(a), a * 0, 0.03 + 0.1 * np.sin(a)], -1), 0.006, 6)
    cups = [m.cylinder(0.035, 0.03, 14).turned(90, "y").moved(x, 0, 0.035) for x in (-0.1, 0.07)]
    return [(m.merged([band, *cups]), palette.matte([0.03, 0.03, 0.03]))]


def desk(rng: np.random.Generator, palette: Palette, top: Material, w: float, d: float, screens: int) -> Parts:
    """A desk with all that is on and under it; who sits at it is at -y, facing +y."""
    h = rng.uniform(0.7, 0.76)
    steel = palette.metal() if rng.random() < 0.5 else palette.matte([0.05, 0.05, 0.05])
    frame = [m.box(0.05, 0.05, h - 0.03).moved(s * (w / 2 - 0.08), y) for s in (-1, 1) for y in (-d * 0.36, d * 0.36)]
    frame += [m.box(w - 0.16, 0.03, 0.05).moved(y=d * 0.36, z=h - 0.09)]
    parts: Parts = [(m.box(w, d, 0.028).moved(z=h - 0.028), top), (m.merged(frame), steel)]
    if rng.random() < 0.5:  # drawers under it
        side = w / 2 - 0.3
        parts.append((m.box(0.4, 0.55, 0.55).moved(side, 0.02, 0.06), top))
        fronts = [m.box(0.38, 0.012, 0.16).moved(side, -0.262, 0.08 + k * 0.18) for k in range(3)]
        grips = [m.box(0.12, 0.02, 0.01).moved(side, -0.275, 0.2 + k * 0.18) for k in range(3)]
        parts += [(m.merged(fronts), palette.any()), (m.merged(grips), steel)]
    xs = [-0.32, 0.32] if screens == 2 and w > 1.3 else [rng.uniform(-0.15, 0.15)] if screens else []
    for x in xs:
        parts += moved(monitor(rng, palette), x, d * 0.22, h, -25 * x + rng.uniform(-6, 6))
        z = h + 0.1
        drop = [(x, d * 0.3, z), (x + 0.02, d * 0.46, h - 0.02), (x * 0.5, d * 0.44, 0.3), (x * 0.2, d * 0.4, 0.01)]
        parts.append((m.tube(drop, 0.004, 5), palette.matte([0.02, 0.02, 0.02])))
    if screens:
        parts += moved(keyboard(rng, palette), -0.06, -d * 0.2, h, rng.uniform(-8, 8))
    else:
        parts += moved(laptop(rng, palette), 0, -0.05, h, rng.uniform(-20, 20))
    for side in (-1, 1):
        things = [clutter(rng, palette) for _ in range(int(rng.integers(0, 5)))]
        parts += moved(spread(rng, things, w / 2 - 0.36, d * 0.8, h, 40), side * (w / 4 + 0.18), 0)
    return parts


def clutter(rng: np.random.Generator, palette: Palette) -> Parts:
    """Any small thing on a desk."""
    make = (paper, paper, paper, telephone, headset)
    kind = int(rng.integers(10))
    if kind < len(make):
        return make[kind](rng, palette)
    if kind < 7:
        return household.holder(rng, palette, 0.18)
    return household.small(rng, palette, rng.uniform(0.08, 0.22))


def screen_wall(rng: np.random.Generator, w: float, h: float, cloth: Material, edge: Material) -> Parts:
    """A partition along x, its foot on the ground."""
    feet = [m.box(0.04, 0.05, 0.1).moved(x) for x in (-w * 0.4, w * 0.4)]
    rim = [m.box(w, 0.04, 0.02).moved(z=h), m.box(0.02, 0.04, h).moved(-w / 2), m.box(0.02, 0.04, h).moved(w / 2)]
    return [(m.box(w, 0.03, h - 0.1).moved(z=0.1), cloth), (m.merged(feet + rim), edge)]


def glass_wall(palette: Palette, w: float, h: float, gap: float = 1.0) -> Parts:
    """A wall of panes between thin posts, along x."""
    steel = palette.matte([0.05, 0.05, 0.05])
    n = max(1, round(w / gap))
    posts = [m.box(0.04, 0.05, h).moved(x) for x in np.linspace(-w / 2, w / 2, n + 1)]
    posts += [m.box(w, 0.05, 0.05).moved(z=z) for z in (0.0, h - 0.05)]
    band = m.box(w - 0.04, 0.012, 0.12).moved(z=1.2)
    return [
        (m.merged(posts), steel),
        (m.box(w, 0.008, h - 0.06).moved(z=0.03), PANE),
        (band, palette.matte([0.7, 0.7, 0.7])),
    ]


def whiteboard(rng: np.random.Generator, palette: Palette, w: float, h: float) -> Parts:
    """A board on the wall with writing and notes on it, its back at y = 0 and its middle at z = 0."""
    green = rng.random() < 0.25
    ground = palette.matte([0.02, 0.09, 0.05]) if green else palette.glossy([0.82, 0.83, 0.83])
    ink = palette.matte(
        [0.7, 0.7, 0.68] if green else list(rng.choice([[0.02, 0.02, 0.3], [0.4, 0.02, 0.02], [0.02, 0.02, 0.02]]))
    )
    parts: Parts = [(m.box(w, 0.02, h).moved(y=-0.01, z=-h / 2), ground)]
    rim = [m.box(w + 0.04, 0.03, 0.02).moved(y=-0.015, z=z) for z in (-h / 2 - 0.02, h / 2)]
    rim += [m.box(0.02, 0.03, h).moved(s * (w / 2 + 0.01), -0.015, -h / 2) for s in (-1, 1)]
    rim.append(m.box(w * 0.5, 0.09, 0.012).moved(y=-0.05, z=-h / 2 - 0.02))
    parts.append((m.merged(rim), palette.metal()))
    strokes = []
    for _ in range(int(rng.integers(2, 14))):
        x, z = rng.uniform(-0.45, 0.3) * w, rng.uniform(-0.42, 0.42) * h
        t = np.arange(int(rng.integers(6, 30)))
        line = np.stack(
            [x + t * 0.014, t * 0 - 0.021, z + 0.02 * np.sin(t * rng.uniform(1.2, 3)) * rng.random(len(t))], -1
        )
        line[:, 0] = np.minimum(line[:, 0], w * 0.48)
        strokes.append(m.tube(line, 0.0022, 3))
    parts.append((m.merged(strokes), ink))
    for _ in range(int(rng.integers(0, 9))):
        note = m.box(0.08, 0.004, 0.08).moved(rng.uniform(-0.45, 0.45) * w, -0.022, rng.uniform(-0.45, 0.35) * h)
        parts.append((note, palette.matte(rng.choice([[0.7, 0.6, 0.1], [0.7, 0.2, 0.3], [0.3, 0.6, 0.2]]))))
    return parts


def beamer(rng: np.random.Generator, palette: Palette, drop: float) -> Parts:
    """A projector hanging from a ceiling at z = 0."""
    white = palette.matte([0.65, 0.65, 0.65])
    lens = m.cylinder(0.04, 0.04, 16).turned(90, "x").moved(0.08, -0.14, -drop - 0.06)
    pole = m.tube([(0, 0, 0), (0, 0, -drop)], 0.02, 8)
    return [
        (m.box(0.36, 0.28, 0.12).moved(z=-drop - 0.12), white),
        (lens, palette.glossy([0.02, 0.02, 0.02])),
        (pole, white),
    ]


def copier(rng: np.random.Generator, palette: Palette) -> Parts:
    """A photocopier, its back at y = 0."""
    grey, dark = palette.matte([0.6, 0.6, 0.58]), palette.matte([0.05, 0.05, 0.06])
    trays = [m.box(0.56, 0.012, 0.13).moved(0, -0.606, 0.1 + k * 0.15) for k in range(3)]
    return [
        (m.box(0.6, 0.6, 0.85).moved(y=-0.3, z=0.05), grey),
        (m.merged(trays), dark),
        (m.rounded_box(0.6, 0.55, 0.14, 0.03).moved(y=-0.29, z=0.96), grey),
        (m.box(0.5, 0.4, 0.06).moved(0, -0.3, 0.9), dark),
        (m.box(0.25, 0.02, 0.15, unit=True).turned(-40, "x").moved(0.2, -0.68, 0.92), palette.label()),
    ]


def water_cooler(rng: np.random.Generator, palette: Palette) -> Parts:
    tank = m.lathe([(0, 0.95), (0.06, 0.98), (0.13, 1.06), (0.135, 1.34), (0.08, 1.4), (0, 1.4)], 20)
    return [(m.box(0.3, 0.32, 0.95), palette.matte([0.7, 0.7, 0.7])), (tank, palette.glossy([0.15, 0.35, 0.6]))]
