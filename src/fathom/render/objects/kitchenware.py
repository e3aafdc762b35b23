"""What stands about in kitchens: pots, dishes, small appliances."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render.materials import Palette
from fathom.render.objects import household
from fathom.render.objects.arrange import Parts, moved, repeated
from fathom.render.scene import GLASS


def dishes(rng: np.random.Generator, palette: Palette, w: float, z: float) -> Parts:
    """A row of plates in piles, cups, glasses and jars on a board, the wall behind them at y = 0."""
    parts: Parts = []
    x = -w / 2 + 0.1
    while x < w / 2 - 0.08:
        kind = rng.random()
        if kind < 0.3:
            parts += moved(plates(rng, palette, int(rng.integers(2, 9)), 0.1), x, -0.16, z)
        elif kind < 0.7:
            cup = household.vessel(rng, palette, rng.uniform(0.08, 0.16)) if kind < 0.5 else glass(rng)
            parts += moved(cup, x, -0.12, z)
        else:
            parts += moved(jar(rng, palette, rng.uniform(0.1, 0.2)), x, -0.14, z)
        x += rng.uniform(0.13, 0.24)
    return parts


def pan(rng: np.random.Generator, palette: Palette) -> Parts:
    """A frying pan with its handle towards -y."""
    r, h = rng.uniform(0.09, 0.14), rng.uniform(0.035, 0.06)
    iron = palette.metal() if rng.random() < 0.4 else palette.matte([0.025, 0.025, 0.025])
    bowl = m.lathe([(0, 0), (r * 0.8, 0), (r, h), (r - 0.004, h), (r * 0.78, 0.005), (0, 0.005)], 24, True)
    handle = m.limb((0, -r, h * 0.8), (0, -r - rng.uniform(0.15, 0.22), h + 0.03), 0.009, 0.012, 8)
    return [(bowl, iron), (handle, palette.matte([0.03, 0.02, 0.02]))]


def pot(rng: np.random.Generator, palette: Palette) -> Parts:
    """A saucepan with two handles, with or without its lid."""
    r, h = rng.uniform(0.08, 0.13), rng.uniform(0.08, 0.2)
    steel = palette.metal() if rng.random() < 0.7 else palette.glossy()
    profile = [(0, 0), (r, 0), (r, h), (r - 0.004, h), (r - 0.004, 0.006), (0, 0.006)]
    ears = [m.torus(0.03, 0.005, 12, 6).moved(s * (r + 0.015), 0, h * 0.85) for s in (-1, 1)]
    parts: Parts = [(m.merged([m.lathe(profile, 24, True), *ears]), steel)]
    if rng.random() < 0.6:
        parts.append((m.lathe([(r, h), (r * 0.6, h + 0.02), (0.001, h + 0.03)], 24), steel))
        parts.append((m.sphere(0.015, 10).moved(z=h + 0.045), palette.matte([0.02, 0.02, 0.02])))
    return parts


def kettle(rng: np.random.Generator, palette: Palette) -> Parts:
    body = palette.metal() if rng.random() < 0.5 else palette.glossy()
    dark = palette.matte([0.03, 0.03, 0.03])
    handle = m.tube([(0.07, 0, 0.05), (0.13, 0, 0.08), (0.13, 0, 0.19), (0.05, 0, 0.22)], 0.011, 8)
    spout = m.limb((-0.07, 0, 0.16), (-0.12, 0, 0.2), 0.02, 0.01)
    return [
        (m.lathe([(0, 0), (0.085, 0), (0.08, 0.12), (0.06, 0.2), (0.02, 0.23), (0, 0.235)], 24), body),
        (m.merged([handle, m.cylinder(0.09, 0.015)]), dark),
        (spout, body),
    ]


def toaster(rng: np.random.Generator, palette: Palette) -> Parts:
    slots = [m.box(0.2, 0.025, 0.004).moved(0, y, 0.187) for y in (-0.03, 0.03)]
    body = palette.metal() if rng.random() < 0.6 else palette.glossy()
    return [
        (m.rounded_box(0.28, 0.16, 0.19, 0.03), body),
        (m.merged([*slots, m.box(0.02, 0.03, 0.02).moved(0.15, 0, 0.12)]), palette.matte([0.02, 0.02, 0.02])),
    ]


def microwave(rng: np.random.Generator, palette: Palette) -> Parts:
    case = palette.glossy([0.03, 0.03, 0.03]) if rng.random() < 0.5 else palette.metal()
    window = m.box(0.32, 0.006, 0.2).moved(-0.06, -0.182, 0.045)
    return [
        (m.box(0.48, 0.36, 0.28), case),
        (window, palette.glossy([0.01, 0.01, 0.01])),
        (m.tube([(0.12, -0.2, 0.05), (0.12, -0.2, 0.24)], 0.007, 6), palette.metal()),
        (m.box(0.07, 0.004, 0.2, unit=True).moved(0.19, -0.182, 0.04), palette.label()),
    ]


def coffee_machine(rng: np.random.Generator, palette: Palette) -> Parts:
    body = palette.glossy([0.03, 0.03, 0.03]) if rng.random() < 0.6 else palette.metal()
    boxes = [m.box(0.2, 0.3, 0.04), m.box(0.2, 0.12, 0.34).moved(y=0.09), m.box(0.2, 0.28, 0.1).moved(z=0.26)]
    return [(m.merged(boxes), body), *moved(glass(rng), 0, -0.07, 0.041)]


def knife_block(rng: np.random.Generator, palette: Palette) -> Parts:
    handles = [m.limb((x, 0.02, 0.2), (x, -0.06, 0.3), 0.009, 0.011, 6) for x in np.linspace(-0.035, 0.035, 4)]
    block = m.box(0.1, 0.16, 0.2).moved(y=0.02)
    return [(block, palette.matte([0.3, 0.18, 0.08])), (m.merged(handles), palette.matte([0.02, 0.02, 0.02]))]


def board(rng: np.random.Generator, palette: Palette) -> Parts:
    """A cutting board with something on it and a knife."""
    w, d = rng.uniform(0.25, 0.4), rng.uniform(0.18, 0.28)
    parts: Parts = [(m.box(w, d, 0.02), palette.matte([0.4, 0.25, 0.12]))]
    blade = [
        (m.box(0.18, 0.028, 0.0015).moved(0.08), palette.metal()),
        (m.limb((0, 0, 0), (-0.11, 0, 0), 0.01), palette.matte([0.02, 0.02, 0.02])),
    ]
    parts += moved(blade, 0, -d * 0.25, 0.032, rng.uniform(-20, 20))
    for _ in range(int(rng.integers(0, 4))):
        x, y = rng.uniform(-0.35, 0.35) * w, rng.uniform(0.05, 0.35) * d
        parts += moved(household.fruit(rng, palette, rng.uniform(0.05, 0.08)), x, y, 0.02)
    return parts


def plates(rng: np.random.Generator, palette: Palette, count: int, r: float | None = None) -> Parts:
    """A pile of plates, or one."""
    r = rng.uniform(0.08, 0.14) if r is None else r
    plate = m.lathe([(0, 0.004), (r * 0.6, 0.004), (r, 0.022), (r, 0.026), (r * 0.6, 0.009), (0, 0.009)], 28)
    z = np.arange(count) * 0.012
    return repeated(
        [(plate, palette.glossy([0.75, 0.74, 0.7] if rng.random() < 0.7 else None))], np.outer(z, [0, 0, 1])
    )


def glass(rng: np.random.Generator) -> Parts:
    """A tumbler or a stemmed glass."""
    h, r = rng.uniform(0.09, 0.15), rng.uniform(0.03, 0.04)
    if rng.random() < 0.6:
        return [
            (m.lathe([(0, 0), (r * 0.8, 0), (r, h), (r - 0.002, h), (r * 0.75, 0.008), (0, 0.008)], 20, True), GLASS)
        ]
    foot = m.lathe([(0, 0), (r, 0.001), (0.004, 0.008), (0.004, h * 0.6), (r, h * 0.8), (r * 0.85, h * 1.4)], 20)
    return [(foot, GLASS)]


def jar(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """A jar filled with something, closed with a lid."""
    r = h * rng.uniform(0.28, 0.45)
    fill = m.cylinder(r, h * 0.9, 18)
    return [(fill, palette.glossy()), (m.cylinder(r * 0.9, h * 0.12, 18).moved(z=h * 0.9), palette.any())]


def rack(rng: np.random.Generator, palette: Palette) -> Parts:
    """A wire rack with plates drying in it."""
    wires = [m.tube([(-0.2, y, z), (0.2, y, z)], 0.003, 4) for y in (-0.13, 0.13) for z in (0.01, 0.1)]
    x = np.linspace(-0.2, 0.2, 11)
    loop = m.tube([(0, -0.13, 0.1), (0, -0.13, 0.01), (0, 0.13, 0.01), (0, 0.13, 0.1)], 0.003, 4)
    parts: Parts = [(m.merged(wires), palette.metal())]
    parts += repeated([(loop, parts[0][1])], np.stack([x, x * 0, x * 0], -1))
    for k in range(int(rng.integers(1, 9))):
        parts += [(mesh.turned(80, "y").moved(x[k + 1], 0, 0.13), a) for mesh, a in plates(rng, palette, 1, 0.11)]
    return parts


def rail(rng: np.random.Generator, palette: Palette, w: float) -> Parts:
    """A rail on the wall at z = 0 with pans and spoons hanging from hooks."""
    steel = palette.metal()
    parts: Parts = [(m.tube([(-w / 2, -0.05, 0), (w / 2, -0.05, 0)], 0.007, 8), steel)]
    parts += [(m.tube([(x, 0, 0), (x, -0.05, 0)], 0.006, 6), steel) for x in (-w / 2 + 0.03, w / 2 - 0.03)]
    x = -w / 2 + 0.1
    while x < w / 2 - 0.05:
        hook = [m.tube([(x, -0.05, 0.012), (x, -0.062, 0), (x, -0.062, -0.04), (x, -0.05, -0.05)], 0.0025, 4)]
        parts.append((m.merged(hook), steel))
        if rng.random() < 0.45:
            ware = pan(rng, palette)
            parts += [(mesh.turned(-90, "x").moved(x, -0.03, -0.38), a) for mesh, a in ware]
            x += rng.uniform(0.22, 0.3)
        else:
            length, head = rng.uniform(0.2, 0.3), palette.metal() if rng.random() < 0.6 else palette.matte()
            parts.append((m.tube([(x, -0.055, -0.04), (x, -0.055, -length)], 0.005, 6), head))
            parts.append((m.sphere(0.035, 12).scaled(1, 0.3, 1.3).moved(x, -0.05, -length - 0.03), head))
            x += rng.uniform(0.07, 0.12)
    return parts


APPLIANCES = (kettle, toaster, microwave, coffee_machine, knife_block, board, rack)


def utensil(rng: np.random.Generator, palette: Palette) -> Parts:
    """Any thing that stands about on a worktop."""
    kind = rng.random()
    if kind < 0.4:
        return APPLIANCES[int(rng.integers(len(APPLIANCES)))](rng, palette)
    if kind < 0.5:
        return jar(rng, palette, rng.uniform(0.1, 0.25))
    if kind < 0.6:
        return pot(rng, palette) if rng.random() < 0.5 else pan(rng, palette)
    if kind < 0.66:
        return plates(rng, palette, int(rng.integers(1, 8)))
    if kind < 0.72:
        return glass(rng)
    if kind < 0.8:
        return household.holder(rng, palette, 0.3)
    if kind < 0.87:
        roll = m.cylinder(0.06, 0.24, 20)
        return [(roll, palette.matte([0.8, 0.8, 0.78])), (m.cylinder(0.01, 0.3, 8), palette.metal())]
    make = (household.bottle, household.vessel, household.packet, household.can)[int(rng.integers(4))]
    return make(rng, palette, rng.uniform(0.12, 0.3))


def place_setting(rng: np.random.Generator, palette: Palette) -> Parts:
    """A plate with knife, fork and a glass; the eater sits at -y."""
    steel = palette.metal()
    parts = plates(rng, palette, 1, rng.uniform(0.11, 0.14))
    for x in (-0.17, 0.17):
        parts.append((m.limb((x, -0.1, 0.004), (x, 0.06, 0.004), 0.004, 0.003, 6), steel))
        parts.append((m.sphere(0.014, 10).scaled(0.8, 2, 0.3).moved(x, 0.07, 0.006), steel))
    return [*parts, *moved(glass(rng), 0.14, 0.17)]
