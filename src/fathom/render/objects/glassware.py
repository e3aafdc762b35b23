"""Things of glass, mirror and chrome. What is seen through them is far; what they are is near."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.materials import Palette
from fathom.render.objects import solids
from fathom.render.scene import GLASS, MIRROR, PANE, Material, Mesh

Parts = list[tuple[Mesh, Material]]


def blown(rng: np.random.Generator, profile, h: float, filled: float = 0.0) -> Parts:
    """A vessel of this outside profile (radius, height in heights) and height, as thin glass or as solid walls."""
    p = np.asarray(profile, float) * h
    fine = np.linspace(0, len(p) - 1, 5 * len(p))
    smooth = np.stack([np.interp(fine, np.arange(len(p)), p[:, k]) for k in (0, 1)], -1)
    kernel = np.array([1, 2, 3, 2, 1]) / 9
    padded = np.pad(smooth, ((2, 2), (0, 0)), mode="edge")
    smooth = np.stack([np.convolve(padded[:, k], kernel, "valid") for k in (0, 1)], -1)
    if rng.random() < 0.55:
        # One sheet: refraction in thin walls is hardly seen, and light gets through it.
        parts: Parts = [(m.lathe([(1e-4, smooth[0, 1]), *smooth], 36), PANE)]
        rim = smooth[-1]
        parts.append((m.torus(rim[0], 0.012 * h, 36, 6).moved(z=rim[1]), GLASS))
        parts.append((m.cylinder(smooth[0, 0] * 0.98, 0.015 * h, 32), PANE))
    else:
        parts = [(solids.bowl(smooth, max(0.025 * h, 0.002), 36), GLASS)]
    if filled:
        inside = smooth[(smooth[:, 1] > 0.06 * h) & (smooth[:, 1] < filled * h)]
        if len(inside) > 2 and inside[:, 0].min() > 0.05 * h:
            wet = [(0, inside[0, 1]), *(inside - [0.045 * h, 0]), (0, inside[-1, 1])]
            colour = rng.choice(
                np.array(
                    [
                        [0.35, 0.02, 0.03],
                        [0.6, 0.3, 0.03],
                        [0.05, 0.02, 0.01],
                        [0.7, 0.65, 0.55],
                        [0.1, 0.3, 0.05],
                        [0.7, 0.15, 0.05],
                    ]
                )
            )
            parts.append((m.lathe(wet, 32), Palette(rng).glossy(colour)))
    return parts


def bottle(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    r, neck, s = rng.uniform(0.13, 0.2), rng.uniform(0.045, 0.07), rng.uniform(0.5, 0.68)
    parts = blown(
        rng,
        [(r * 0.9, 0), (r, 0.03), (r, s * 0.5), (r, s), (neck * 1.2, s + 0.16), (neck, s + 0.22), (neck, 1)],
        h,
        rng.uniform(0.2, s) if rng.random() < 0.4 else 0,
    )
    if rng.random() < 0.5:
        parts.append((around(m.lathe([(r * 1.02 * h, 0.12 * h), (r * 1.02 * h, s * 0.8 * h)], 28)), palette.label()))
    if rng.random() < 0.5:
        parts.append((m.cylinder(neck * 1.2 * h, 0.06 * h, 16).moved(z=0.96 * h), palette.any()))
    return parts


def around(mesh: Mesh) -> Mesh:
    """A turned band with uv 0..1 across each half of it, for a label."""
    v = mesh.uv[:, 1]
    return Mesh(
        mesh.vertices, mesh.faces, mesh.normals, np.stack([mesh.uv[:, 0] * 2 % 1.0001, (v - v.min()) / np.ptp(v)], -1)
    )


def tumbler(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    r = rng.uniform(0.25, 0.42)
    return blown(
        rng, [(r * rng.uniform(0.7, 1), 0), (r * 0.9, 0.3), (r, 1)], h, rng.uniform(0.3, 0.9) * (rng.random() < 0.5)
    )


def goblet(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """A wine glass: a bowl on a stem and a foot."""
    r, s = rng.uniform(0.16, 0.24), rng.uniform(0.4, 0.55)
    cup = [
        (mesh.moved(z=s * h), a)
        for mesh, a in blown(
            rng,
            [(0.03, 0), (r * 0.8, 0.1), (r, 0.25), (r * rng.uniform(0.7, 1.0), 1 - s)],
            h,
            rng.uniform(0.15, 0.4) * (rng.random() < 0.6),
        )
    ]
    stem = m.lathe(
        [
            (0, 0),
            (0.19 * h, 0),
            (0.19 * h, 0.012 * h),
            (0.03 * h, 0.05 * h),
            (0.024 * h, s * h),
            (0.05 * h, (s + 0.03) * h),
            (0, (s + 0.04) * h),
        ],
        28,
    )
    return [*cup, (stem, GLASS)]


def jar(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """A jar with a lid and something in it."""
    r = rng.uniform(0.3, 0.45)
    parts: Parts = [
        (
            m.lathe([(1e-4, 0), (r * 0.92 * h, 0), (r * h, 0.05 * h), (r * h, 0.8 * h), (r * 0.8 * h, 0.88 * h)], 36),
            PANE,
        )
    ]
    parts.append((m.cylinder(r * 0.84 * h, 0.12 * h, 28).moved(z=0.87 * h), palette.any()))
    inside = palette.any()
    n, top = int(rng.integers(10, 60)), rng.uniform(0.3, 0.75)
    each = 0.09 * h
    a, q, z = (
        rng.uniform(0, 6.28, n),
        np.sqrt(rng.random(n)) * (r * h - 1.3 * each),
        rng.uniform(0.03 * h + each, top * h, n),
    )
    parts.append(
        (
            m.merged(
                [m.sphere(each, 10).moved(x, y, c) for x, y, c in zip(q * np.cos(a), q * np.sin(a), z, strict=True)]
            ),
            inside,
        )
    )
    return parts


def vase(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """A glass vase with stems and flowers in it."""
    r = rng.uniform(0.12, 0.25)
    tall = h * rng.uniform(0.4, 0.6)
    parts = blown(rng, [(r * 0.7, 0), (r, 0.2), (r * rng.uniform(0.6, 1.2), 0.6), (r * 0.7, 0.85), (r * 1.1, 1)], tall)
    stems, heads = [], []
    for _ in range(int(rng.integers(3, 10))):
        lean = rng.normal(0, 0.22, 2)
        end = np.array([*lean * h, h * rng.uniform(0.75, 1.0)])
        mouth = np.array([*(lean / max(np.abs(lean).max(), 0.3) * 0.35 * r * tall), tall])
        stems.append(solids.wire([-0.5 * mouth * [1, 1, 0] + [0, 0, 0.06 * tall], mouth, end], 0.01 * h + 0.0015))
        heads.append((end, rng.normal(0, 30, 2)))
    parts.append((m.merged(stems), palette.matte([0.08, 0.2, 0.04])))
    colour = palette.matte(textures.colour(rng, (0.3, 0.9), (0.4, 0.85)))
    for end, tilt in heads:
        parts += [
            (mesh.turned(tilt[0], "x").turned(tilt[1], "y").moved(*end), a)
            for mesh, a in flower(rng, palette, 0.2 * h, colour)
        ]
    return parts


def flower(rng: np.random.Generator, palette: Palette, size: float, colour: Material | None = None) -> Parts:
    """A flower's head about the origin, facing up."""
    colour = palette.matte(textures.colour(rng, (0.3, 0.9), (0.4, 0.85))) if colour is None else colour
    n, rows, bend = int(rng.integers(5, 14)), int(rng.integers(1, 4)), rng.uniform(-0.3, 0.7)
    petals = []
    for row in range(rows):
        for k in range(n):
            p = solids.petal(size / 2 * (1 - 0.2 * row), size * rng.uniform(1.6, 2.6) / n, 0.4, bend, 1.2)
            petals.append(p.turned(15 + 22 * row, "x").turned(360 * (k + 0.5 * row) / n).moved(z=0.02 * size * row))
    heart = m.sphere(0.11 * size, 12).scaled(1, 1, 0.6).moved(z=0.03 * size)
    return [(m.merged(petals), colour), (heart, palette.matte(rng.choice([[0.6, 0.4, 0.03], [0.1, 0.06, 0.03]])))]


def ornament(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """A solid body of glass, or of mirror: a paperweight, a bauble, a chrome figure."""
    material = GLASS if rng.random() < 0.5 else MIRROR
    shape = rng.random()
    if shape < 0.4:
        return [(m.sphere(h / 2, 36).moved(z=h / 2), material)]
    if shape < 0.7:
        return [(solids.standing(solids.superquadric(h / 2 * rng.uniform(0.6, 1, 3), 0.9, 0.9)), material)]
    return [(solids.turned(rng, h, 0.35 * h), material)]


TABLEWARE = (bottle, bottle, tumbler, tumbler, goblet, goblet, jar, vase, ornament)


def tableware(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    return TABLEWARE[int(rng.integers(len(TABLEWARE)))](rng, palette, h)
