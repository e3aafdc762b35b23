"""Furniture, from floor to ceiling."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.materials import Palette, textured
from fathom.render.objects import household
from fathom.render.scene import MIRROR, Material, Mesh

Parts = list[tuple[Mesh, Material]]


def _legs(w: float, d: float, h: float, radius: float, material: Material, slant: float = 0.0) -> Parts:
    feet = [
        m.tube(
            [
                (x * (w / 2 - radius + slant), y * (d / 2 - radius + slant), 0),
                (x * (w / 2 - radius), y * (d / 2 - radius), h),
            ],
            radius,
            8,
        )
        for x in (-1, 1)
        for y in (-1, 1)
    ]
    return [(m.merged(feet), material)]


def chair(rng: np.random.Generator, palette: Palette, wood: Material) -> Parts:
    """A chair with thin legs, facing -y."""
    w, d, seat, back = rng.uniform(0.38, 0.5), rng.uniform(0.38, 0.5), rng.uniform(0.42, 0.48), rng.uniform(0.75, 1.05)
    frame = wood if rng.random() < 0.5 else palette.any()
    r = rng.uniform(0.009, 0.024)
    parts = _legs(w, d, seat, r, frame, rng.uniform(0, 0.05))
    cushion = frame if rng.random() < 0.5 else palette.any()
    parts.append((m.rounded_box(w, d, 0.04, 0.015).moved(z=seat), cushion))
    y, lean = d / 2 - r, rng.uniform(0.02, 0.12)
    posts = [m.tube([(x * (w / 2 - r), y, seat), (x * (w / 2 - r), y + lean, back)], r, 6) for x in (-1, 1)]
    style = rng.random()
    if style < 0.35:
        posts += [
            m.tube([(x, y, seat), (x, y + lean, back)], r * 0.7, 5)
            for x in np.linspace(-w / 3, w / 3, int(rng.integers(2, 6)))
        ]
        posts.append(m.box(w, 0.025, 0.07).moved(y=y + lean, z=back - 0.06))
    elif style < 0.7:
        posts += [
            m.box(w, 0.02, 0.07).moved(y=y + lean * t, z=seat + (back - seat) * t - 0.06) for t in (0.45, 0.7, 1.0)
        ]
    else:
        parts.append(
            (
                m.rounded_box(w, 0.04, (back - seat) * 0.7, 0.02).moved(y=y + lean * 0.7, z=seat + (back - seat) * 0.3),
                cushion,
            )
        )
    parts.append((m.merged(posts), frame))
    return parts


def table(rng: np.random.Generator, palette: Palette, top: Material, w: float, d: float, h: float) -> Parts:
    """A table; things may be put at z = h."""
    t = rng.uniform(0.02, 0.05)
    frame = top if rng.random() < 0.5 else palette.any()
    if rng.random() < 0.25 and w < 1.4:
        parts = [
            (m.cylinder(w / 2, t, 36).moved(z=h - t), top),
            (m.cylinder(0.04, h - t, 12), frame),
            (m.cylinder(w * 0.25, 0.03, 24), frame),
        ]
        return parts
    return [(m.box(w, d, t).moved(z=h - t), top), *_legs(w * 0.96, d * 0.94, h - t, rng.uniform(0.015, 0.04), frame)]


def sofa(rng: np.random.Generator, palette: Palette, cloth: Material) -> Parts:
    w, d, seat = rng.uniform(0.8, 2.4), rng.uniform(0.75, 1.0), rng.uniform(0.36, 0.46)
    arm, back = rng.uniform(0.1, 0.22), rng.uniform(0.7, 0.95)
    parts: Parts = [(m.rounded_box(w, d, seat - 0.17, 0.03).moved(z=0.05), cloth)]
    n = max(1, round(w / 0.75))
    step = (w - 2 * arm) / n
    for k in range(n):
        x = -w / 2 + arm + step * (k + 0.5)
        parts.append((m.rounded_box(step * 0.98, d * 0.8, 0.16, 0.05).moved(x, -d * 0.08, seat - 0.14), cloth))
        parts.append(
            (m.rounded_box(step * 0.96, 0.2, back - seat, 0.07).turned(-10, "x").moved(x, d / 2 - 0.28, seat), cloth)
        )
    parts.append((m.rounded_box(w, 0.18, back - 0.08, 0.05).moved(y=d / 2 - 0.09, z=0.06), cloth))
    parts += [
        (m.rounded_box(arm, d, seat + rng.uniform(0.08, 0.22), 0.05).moved(s * (w / 2 - arm / 2), z=0.05), cloth)
        for s in (-1, 1)
    ]
    for _ in range(int(rng.integers(0, 4))):
        pillow = m.sphere(0.22, 14).scaled(1, 0.4, 0.9).turned(-20, "x").turned(rng.uniform(-30, 30))
        parts.append((pillow.moved(rng.uniform(-w / 2 + arm, w / 2 - arm), d * 0.1, seat + 0.2), palette.matte()))
    return parts


def bed(rng: np.random.Generator, palette: Palette, cloth: Material, wood: Material) -> Parts:
    """A bed with its head at +y."""
    w, length, h = rng.uniform(0.9, 1.9), rng.uniform(1.95, 2.15), rng.uniform(0.4, 0.6)
    parts: Parts = [
        (m.box(w, length, h - 0.2).moved(z=0.05), wood),
        (m.box(w + 0.06, 0.05, h + rng.uniform(0.3, 0.8)).moved(y=length / 2), wood),
    ]
    parts.append((m.rounded_box(w * 0.98, length * 0.98, 0.2, 0.07).moved(z=h - 0.18), palette.matte([0.7, 0.7, 0.68])))
    x, y = np.linspace(-w / 2 - 0.05, w / 2 + 0.05, 24), np.linspace(-length / 2 - 0.03, length * 0.22, 30)
    gx, gy = np.meshgrid(x, y)
    z = (
        h
        + 0.06
        + 0.03 * np.sin(gx * 5 + rng.uniform(0, 6)) * np.sin(gy * 4 + rng.uniform(0, 6))
        + rng.normal(0, 0.006, gx.shape)
    )
    z[:, [0, -1]] = z[[0], :][:, [0, -1]] = h - 0.25
    parts.append((m.heightfield(x, y, z), cloth))
    n = 1 if w < 1.3 else 2
    for k in range(n):
        px = (k - (n - 1) / 2) * w / 2
        parts.append(
            (
                m.sphere(0.3, 16).scaled(1.05, 0.65, 0.32).moved(px, length * 0.37, h + 0.1),
                palette.matte(textures.colour(rng, (0, 0.4), (0.4, 0.8))),
            )
        )
    return parts


def shelf(rng: np.random.Generator, palette: Palette, wood: Material) -> Parts:
    """Open shelves with things on them, the back at y = 0."""
    w, h, d, rows = rng.uniform(0.6, 2.0), rng.uniform(0.8, 2.3), rng.uniform(0.24, 0.4), int(rng.integers(2, 7))
    step = h / rows
    parts: Parts = [(m.box(0.025, d, h).moved(x, -d / 2), wood) for x in (-w / 2, w / 2)]
    if rng.random() < 0.6:
        parts.append((m.box(w, 0.01, h).moved(y=-0.005), wood))
    for k in range(rows + 1):
        parts.append((m.box(w, d, 0.022).moved(y=-d / 2, z=k * step * 0.985), wood))
        if rng.random() < 0.85 and k < rows:
            row = household.shelf_row(
                rng, palette, w - 0.05, step - 0.04, d, str(rng.choice(["books", "books", "mixed"]))
            )
            parts += [(mesh.moved(-w / 2 + 0.025, -d, k * step * 0.985 + 0.022), a) for mesh, a in row]
    return parts


def cabinet(rng: np.random.Generator, palette: Palette, body: Material, w: float, h: float, d: float) -> Parts:
    """A cupboard or drawers with fronts and handles, the back at y = 0."""
    parts: Parts = [(m.box(w, d, h - 0.05).moved(y=-d / 2, z=0.05), body)]
    columns, rows = max(1, round(w / 0.5)), int(rng.integers(1, 5)) if h < 1.5 else 1
    cw, ch = w / columns, (h - 0.07) / rows
    knob = palette.metal()
    for i in range(columns):
        for j in range(rows):
            x, z = -w / 2 + cw * (i + 0.5), 0.06 + ch * j
            parts.append((m.box(cw - 0.012, 0.02, ch - 0.012).moved(x, -d - 0.01, z), body))
            grip = m.tube([(-0.06, 0, 0), (0.06, 0, 0)], 0.006, 6)
            if rows == 1:
                grip = grip.turned(90, "y").moved(x=cw * 0.38 * (1 if i % 2 == 0 else -1))
            parts.append((grip.moved(x, -d - 0.035, z + ch * 0.6), knob))
    return parts


def kitchen(rng: np.random.Generator, palette: Palette, body: Material, top: Material, w: float) -> Parts:
    """A counter with things on it and cupboards above, the back at y = 0."""
    parts = cabinet(rng, palette, body, w, 0.88, 0.58)
    parts.append((m.box(w + 0.02, 0.63, 0.04).moved(y=-0.31, z=0.88), top))
    for x in np.arange(-w / 2 + 0.2, w / 2 - 0.1, rng.uniform(0.2, 0.5)):
        if rng.random() < 0.75:
            thing = household.small(rng, palette, rng.uniform(0.1, 0.32))
            parts += [
                (mesh.turned(float(rng.uniform(-30, 30))).moved(x, -rng.uniform(0.2, 0.45), 0.92), a)
                for mesh, a in thing
            ]
    steel = palette.metal()
    if rng.random() < 0.7:
        parts.append(
            (
                m.tube(
                    [(0, -0.1, 0.92), (0, -0.1, 1.15), (0, -0.14, 1.22), (0, -0.26, 1.2), (0, -0.27, 1.15)], 0.012, 8
                ),
                steel,
            )
        )
    if rng.random() < 0.7:
        parts += [(mesh.moved(z=1.4), a) for mesh, a in cabinet(rng, palette, body, w * rng.uniform(0.5, 1), 0.7, 0.34)]
    if rng.random() < 0.5:
        parts += [
            (m.box(0.6, 0.02, 0.6).moved(w / 2 - 0.4, -0.61, 0.2), palette.glossy([0.03, 0.03, 0.03])),
            (m.tube([(w / 2 - 0.65, -0.66, 0.74), (w / 2 - 0.15, -0.66, 0.74)], 0.012, 6), steel),
        ]
    return parts


def mirror(rng: np.random.Generator, palette: Palette, w: float, h: float) -> Parts:
    """A framed mirror with its back at y = 0, centred."""
    frame = [(m.box(w + 0.06, 0.03, h + 0.06).moved(y=-0.015, z=-h / 2 - 0.03), palette.any())]
    return [*frame, (m.quad((-w / 2, -0.034, -h / 2), (w, 0, 0), (0, 0, h)), MIRROR)]


def curtain(rng: np.random.Generator, cloth: Material, w: float, h: float) -> Parts:
    """A wavy curtain hanging from z = h, centred."""
    n = 60
    x = np.linspace(-w / 2, w / 2, n)
    y = 0.035 * np.sin(x / w * 2 * np.pi * max(3, int(w / 0.14)) + rng.uniform(0, 6))
    v = np.concatenate([np.stack([x, y * s, np.full(n, z)], -1) for z, s in ((0.02, 1.2), (h, 0.8))])
    return [(m.smooth(v, m.grid_faces(2, n), np.stack([np.tile(x * 1.6, 2), v[:, 2]], -1)), cloth)]


def cloth(rng: np.random.Generator) -> Material:
    make = (textures.weave, textures.weave, textures.plain, textures.stripes, textures.checker, textures.mottled)
    return textured(make[int(rng.integers(len(make)))](rng), rng.uniform(0.3, 1.2))


def stool(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """A stool or bar stool, on legs or on a column."""
    seat = palette.any()
    if rng.random() < 0.5:
        ring = m.torus(0.16, 0.008, 20, 6).moved(z=h * 0.35)
        legs = _legs(0.26, 0.26, h, 0.012, palette.any(), 0.05)
        return [*legs, (ring, legs[0][1]), (m.cylinder(0.17, 0.04, 24).moved(z=h - 0.01), seat)]
    steel = palette.metal()
    column = m.merged([m.cylinder(0.2, 0.015, 24), m.cylinder(0.025, h, 12)])
    return [(column, steel), (m.rounded_box(0.36, 0.34, 0.07, 0.03).moved(z=h - 0.02), seat)]


def wall_thing(rng: np.random.Generator, palette: Palette) -> Parts:
    """A small thing to hang on a wall, its back at y = 0 and its middle at z = 0: a print, clock, hooks, switches."""
    kind = rng.random()
    if kind < 0.45:
        w, h, f = rng.uniform(0.2, 0.9), rng.uniform(0.2, 0.7), rng.uniform(0.01, 0.04)
        sheet = (m.box(w, 0.012, h, unit=True).moved(y=-0.006, z=-h / 2), palette.label())
        if rng.random() < 0.25:
            return [sheet]  # a poster
        bars = [m.box(w + 2 * f, 0.025, f).moved(y=-0.0125, z=z) for z in (h / 2, -h / 2 - f)]
        bars += [m.box(f, 0.025, h).moved(s * (w + f) / 2, -0.0125, -h / 2) for s in (-1, 1)]
        return [sheet, (m.merged(bars), palette.any())]
    if kind < 0.6:
        r = rng.uniform(0.1, 0.18)
        face = m.cylinder(r, 0.02, 28).turned(90, "x")
        rim = m.torus(r, 0.01, 28, 6).turned(90, "x").moved(y=-0.015)
        hands = [
            m.limb((0, -0.025, 0), (r * c * np.cos(a), -0.025, r * c * np.sin(a)), 0.003, sides=5)
            for c, a in zip((0.5, 0.8), rng.uniform(0, 6.28, 2), strict=True)
        ]
        dark = palette.matte([0.03, 0.03, 0.03])
        return [(face, palette.matte([0.8, 0.8, 0.78])), (rim, palette.any()), (m.merged(hands), dark)]
    if kind < 0.75:
        return hooks(rng, palette, rng.uniform(0.3, 0.9))
    if kind < 0.9:
        w = rng.uniform(0.4, 1.0)
        parts: Parts = [(m.box(w, 0.2, 0.025).moved(y=-0.1), palette.any())]
        row = household.shelf_row(rng, palette, w, 0.3, 0.18, "mixed" if rng.random() < 0.6 else "books")
        return parts + [(mesh.moved(-w / 2, -0.19, 0.025), a) for mesh, a in row]
    plate = [m.box(0.08, 0.01, 0.08).moved(x, -0.005, -0.3) for x in np.arange(int(rng.integers(1, 4))) * 0.082]
    return [(m.merged(plate), palette.glossy([0.75, 0.75, 0.73]))]


def hooks(rng: np.random.Generator, palette: Palette, w: float) -> Parts:
    """Coat hooks on a board, with coats, bags and towels."""
    parts: Parts = [(m.box(w, 0.02, 0.09).moved(y=-0.01), palette.any())]
    steel = palette.metal()
    for x in np.arange(-w / 2 + 0.07, w / 2 - 0.03, 0.14):
        parts.append((m.tube([(x, -0.02, 0.04), (x, -0.06, 0.03), (x, -0.07, 0.06)], 0.006, 6), steel))
        if rng.random() < 0.5:
            h = rng.uniform(0.3, 0.9)
            coat = m.lathe([(0.1, -h), (0.085, -h * 0.5), (0.07, -0.15), (0.02, -0.01)], 14).scaled(1, 0.6, 1)
            parts.append((coat.moved(x, -0.075, 0.03), palette.any()))
    return parts
