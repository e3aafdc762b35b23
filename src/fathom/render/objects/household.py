"""Small things that stand on tables and shelves, and what hangs on walls."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.materials import Palette, hung
from fathom.render.scene import GLASS, Material, Mesh

Parts = list[tuple[Mesh, Material]]


def bottle(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    r = h * rng.uniform(0.11, 0.22)
    neck, shoulder = r * rng.uniform(0.25, 0.5), rng.uniform(0.5, 0.75) * h
    profile = [
        (0, 0),
        (r * 0.95, 0),
        (r, 0.03 * h),
        (r, shoulder * 0.5),
        (r, shoulder),
        (r * 0.8, shoulder + 0.08 * h),
        (neck, shoulder + 0.2 * h),
        (neck, h * 0.97),
        (0, h),
    ]
    body = m.lathe(profile, 24)
    parts: Parts = [(body, GLASS if rng.random() < 0.3 else palette.glossy())]
    if rng.random() < 0.7:
        label = m.lathe([(r * 1.01, shoulder * 0.25), (r * 1.01, shoulder * 0.85)], 24)
        parts.append(
            (
                Mesh(
                    label.vertices,
                    label.faces,
                    label.normals,
                    np.stack([label.uv[:, 0] * 2 % 1.0001, (label.uv[:, 1] - shoulder * 0.25) / (shoulder * 0.6)], -1),
                ),
                palette.label(),
            )
        )
    if rng.random() < 0.6:
        parts.append((m.cylinder(neck * 1.15, 0.06 * h).moved(z=h * 0.94), palette.any()))
    return parts


def vessel(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """A bowl, vase, cup, jug or plate: an open body of revolution, sometimes with a handle."""
    h = h * rng.uniform(0.4, 1.0)
    wide = h * float(np.exp(rng.uniform(np.log(0.25), np.log(1.0))))
    t = np.linspace(0, 1, 9)
    r = wide * (0.45 + 0.55 * t ** rng.uniform(0.3, 1.5)) * (1 + rng.uniform(-0.25, 0.35) * np.sin(np.pi * t))
    thickness = min(0.08 * wide, 0.006 + 0.02 * wide)
    outer = [(0, 0), *zip(r, t * h, strict=True)]
    inner = [(max(a - thickness, 0.001), max(b, thickness * 1.5)) for a, b in outer[:0:-1]]
    material = GLASS if rng.random() < 0.2 else palette.any()
    parts: Parts = [(m.lathe([*outer, *inner, (0, thickness * 1.5)], 28), material)]
    if rng.random() < 0.4:
        a = np.linspace(-1.3, 1.3, 9)
        x0 = float(r[5]) * 0.97
        curve = np.stack([x0 + h * 0.28 * np.cos(a) - 0.07 * h, np.zeros(9), h * 0.52 + h * 0.3 * np.sin(a)], -1)
        parts.append((m.tube(curve, h * 0.04, 8), material))
    if rng.random() < 0.4 and material is not GLASS:
        parts.append((m.cylinder(float(r[6]) - thickness, 0.01 * h).moved(z=h * 0.7), palette.glossy()))
    return parts


def fruit(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    kind = rng.random()
    c = rng.choice(
        [[0.6, 0.05, 0.03], [0.3, 0.5, 0.05], [0.8, 0.35, 0.03], [0.75, 0.6, 0.05], [0.25, 0.05, 0.15]]
    ) * rng.uniform(0.7, 1.2)
    if kind < 0.7:
        body = m.sphere(h / 2, 18).scaled(1, 1, rng.uniform(0.8, 1.1))
        return [
            (body.moved(z=-float(body.vertices[:, 2].min())), palette.glossy(c)),
            (m.tube([(0, 0, h * 0.85), (h * 0.05, 0, h * 1.1)], h * 0.02, 5), palette.matte([0.1, 0.06, 0.02])),
        ]
    a = np.linspace(-1, 1, 7)
    curve = np.stack([a * h * 0.8, 0.4 * h * a**2, np.full(7, h * 0.18)], -1)
    return [(m.tube(curve, h * 0.17 * np.array([0.25, 0.8, 1, 1, 1, 0.8, 0.2]), 9), palette.glossy([0.7, 0.5, 0.05]))]


def packet(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    w, d = h * rng.uniform(0.4, 1.1), h * rng.uniform(0.12, 0.6)
    if rng.random() < 0.3:
        return [(m.rounded_box(w, d, h, min(w, d) * 0.2), palette.any())]
    return [(m.box(w, d, h, unit=True), palette.label())]


def can(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    r = h * rng.uniform(0.28, 0.5)
    side = m.lathe([(r, 0.02 * h), (r, 0.97 * h)], 24)
    uv = np.stack([side.uv[:, 0] * 2 % 1.0001, side.uv[:, 1] / h], -1)
    return [
        (Mesh(side.vertices, side.faces, side.normals, uv), palette.label()),
        (m.cylinder(r * 0.96, h), palette.metal()),
    ]


def books(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """A pile of books, or one lying open-faced."""
    parts: Parts = []
    z = 0.0
    for _ in range(int(rng.integers(1, 6))):
        w, d, t = h * rng.uniform(0.8, 1.4), h * rng.uniform(0.6, 1.0), h * rng.uniform(0.06, 0.25)
        turn = rng.uniform(-15, 15)
        parts += [
            (m.box(w * 0.97, d * 0.97, t * 0.8).turned(turn).moved(z=z + 0.1 * t), palette.matte([0.7, 0.66, 0.55]))
        ]
        cover = palette.label() if rng.random() < 0.4 else palette.glossy()
        for zz in (z, z + 0.9 * t):
            parts.append((m.box(w, d, 0.1 * t, unit=True).turned(turn).moved(z=zz), cover))
        z += t
    return parts


def thin(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """Cutlery, pens, sticks lying about, or wire."""
    parts: Parts = []
    if rng.random() < 0.4:
        p = np.cumsum(rng.normal(0, h * 0.35, (14, 3)), 0) * [1, 1, 0]
        p = p - p.mean(0) + [0, 0, h * 0.02]
        return [(m.tube(p, h * 0.02, 6), palette.any())]
    for _ in range(int(rng.integers(1, 5))):
        a, r = rng.uniform(0, 2 * np.pi), h * rng.uniform(0.02, 0.05)
        d = np.array([np.cos(a), np.sin(a), 0]) * h * rng.uniform(0.5, 0.9)
        c = np.array([*rng.normal(0, h * 0.3, 2), r])
        parts.append((m.limb(c - d, c + d, r, r * rng.uniform(0.3, 1), 8), palette.any()))
        if rng.random() < 0.5:
            parts.append(
                (m.sphere(h * 0.12, 12).scaled(1, 0.65, 0.25).turned(np.degrees(a)).moved(*(c + d)), parts[-1][1])
            )
    return parts


def holder(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """A mug of pens, a vase of twigs."""
    parts = [(m.cylinder(h * 0.2, h * 0.5, 18, h * 0.22), palette.any())]
    for _ in range(int(rng.integers(3, 9))):
        d = np.array([*rng.normal(0, 0.15, 2), 1.0])
        parts.append((m.limb((0, 0, 0.05 * h), d * h * rng.uniform(0.7, 1.1), h * 0.018, h * 0.012, 6), palette.any()))
    return parts


def toy(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """Solids heaped or stacked: blocks, balls, rings, cones."""
    parts: Parts = []
    z = 0.0
    for _ in range(int(rng.integers(1, 5))):
        s = h * rng.uniform(0.25, 0.5)
        kind = int(rng.integers(6))
        mesh = [
            lambda s=s: m.box(s, s * rng.uniform(0.5, 1.5), s),
            lambda s=s: m.sphere(s / 2).moved(z=s / 2),
            lambda s=s: m.cylinder(s / 2, s),
            lambda s=s: m.cylinder(s / 2, s, 20, 0.001),
            lambda s=s: m.torus(s * 0.4, s * 0.15).moved(z=s * 0.15),
            lambda s=s: m.rounded_box(s, s, s, s * 0.2),
        ][kind]()
        parts.append((mesh.turned(rng.uniform(0, 90)).moved(z=z), palette.any()))
        z += float(mesh.vertices[:, 2].max()) if kind in (0, 2, 5) else 9 * h
        if z > 2 * h:
            break
    return parts


def lamp(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """A table or floor lamp (unlit; the scene may put a light inside)."""
    r = h * rng.uniform(0.12, 0.25)
    return [
        (m.cylinder(r * 0.7, h * 0.03), palette.any()),
        (m.tube([(0, 0, 0.02 * h), (0, 0, h * 0.75)], h * 0.012 + 0.003, 8), palette.metal()),
        (m.lathe([(r, h * 0.68), (r * rng.uniform(0.4, 0.9), h)], 24), palette.matte([0.75, 0.7, 0.6])),
    ]


def screen(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """A monitor, laptop-like."""
    w = h * rng.uniform(1.3, 1.8)
    case = palette.glossy([0.03, 0.03, 0.03] if rng.random() < 0.6 else [0.6, 0.6, 0.6])
    panel = m.merged([m.box(w, 0.03 * h + 0.005, h * 0.85)])
    face = m.quad((-w * 0.47, -0.016 * h - 0.004, h * 0.04), (w * 0.94, 0, 0), (0, 0, h * 0.77), unit=True)
    tilt, lift = rng.uniform(-25, 0), h * rng.uniform(0.0, 0.25) + 0.01
    parts = [(x.turned(tilt, "x").moved(z=lift), a) for x, a in ((panel, case), (face, palette.label()))]
    base = m.box(w * 0.9, h * 0.6, 0.012).moved(y=-h * 0.3) if lift < h * 0.08 else m.box(w * 0.4, h * 0.3, 0.012)
    return [*parts, (base, case), (m.box(0.06 * h, 0.05 * h, lift + 0.1 * h).moved(y=0.05 * h), case)]


SMALL = (bottle, vessel, vessel, fruit, packet, can, books, thin, holder, toy, lamp, screen)


def small(rng: np.random.Generator, palette: Palette, height: float) -> Parts:
    """Any thing for a table, of about this height."""
    return SMALL[int(rng.integers(len(SMALL)))](rng, palette, height)


def shelf_row(
    rng: np.random.Generator, palette: Palette, width: float, height: float, depth: float, sort: str
) -> Parts:
    """What stands on a shelf from x = 0 to `width`, its fronts near y = 0 (the shelf goes on to y = depth).

    sort: "books", "goods" (rows of the same packet, can or bottle), or "mixed".
    """
    parts: Parts = []
    x = 0.01
    while x < width - 0.04:
        if sort == "books":
            if rng.random() < 0.06:
                x += rng.uniform(0.02, 0.2)
            t, h, d = rng.uniform(0.012, 0.05), height * rng.uniform(0.55, 0.93), depth * rng.uniform(0.5, 0.9)
            if x + t > width:
                break
            cover = (
                palette.label() if rng.random() < 0.25 else palette.colour("matte" if rng.random() < 0.6 else "glossy")
            )
            parts.append((m.box(t * 0.97, d, h, unit=True).moved(x + t / 2, d / 2 + rng.uniform(0, 0.02)), cover))
            x += t
            continue
        h = height * rng.uniform(0.35, 0.9)
        if sort == "mixed":
            h = min(h, 0.35)
            thing = small(rng, palette, h * 0.8)
            w = float(np.ptp(np.concatenate([mesh.vertices for mesh, _ in thing])[:, 0]))
            if w < min(width, depth * 1.6) and x + w < width:
                parts += [(mesh.moved(x + w / 2, depth * 0.45), a) for mesh, a in thing]
            x += w + rng.uniform(0.01, 0.15)
            continue
        make = (packet, packet, can, bottle)[int(rng.integers(4))]
        thing = make(rng, palette, h)
        w = float(np.ptp(np.concatenate([mesh.vertices for mesh, _ in thing])[:, 0])) * 1.03
        for _ in range(int(rng.integers(1, 6))):
            if x + w > width:
                x = width
                break
            if rng.random() < 0.94:
                turn, dx, dy = rng.uniform(-4, 4), x + w / 2, w / 2 + rng.uniform(0, 0.12 * depth)
                parts += [(mesh.turned(turn).moved(dx, dy), a) for mesh, a in thing]
            x += w
    return parts


def framed(rng: np.random.Generator, palette: Palette, w: float, h: float) -> Parts:
    """A picture in its frame, flat against y = 0 and centred; its back is at y = 0."""
    f = rng.uniform(0.01, 0.05)
    bars = m.merged(
        [
            m.box(w + 2 * f, 0.03, f).moved(z=h / 2),
            m.box(w + 2 * f, 0.03, f).moved(z=-h / 2 - f),
            m.box(f, 0.03, h).moved(x=w / 2 + f / 2, z=-h / 2),
            m.box(f, 0.03, h).moved(x=-w / 2 - f / 2, z=-h / 2),
        ]
    ).moved(y=-0.015)
    sheet = m.quad((-w / 2, -0.01, -h / 2), (w, 0, 0), (0, 0, h), unit=True)
    return [(bars, palette.any()), (sheet, hung(textures.picture(rng)))]
