"""Lamps. Each gives its body and the surface that shines, hanging from or standing at the origin."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render.materials import Palette
from fathom.render.objects.arrange import Parts
from fathom.render.scene import Mesh

Lamp = tuple[Parts, Mesh]
WARM, WHITE, COOL = np.array([[1.0, 0.78, 0.52], [1.0, 0.94, 0.86], [0.88, 0.95, 1.0]])
CEILING = ("panel", "tube", "globe", "shade", "spot", "bulb", "cone")


def ceiling_lamp(rng: np.random.Generator, palette: Palette, kind: str, drop: float = 0.6) -> Lamp:
    """A lamp of one of the `CEILING` kinds under a ceiling at z = 0, its body reaching up to that. `drop` in metres."""
    white, black = palette.matte([0.7, 0.7, 0.7]), palette.matte([0.02, 0.02, 0.02])

    def downward(x: float, y: float, z: float) -> Mesh:
        return m.quad((-x / 2, y / 2, z), (x, 0, 0), (0, -y, 0), unit=True)

    if kind == "panel":
        return [(m.box(0.63, 0.63, 0.02).moved(z=-0.02), white)], downward(0.58, 0.58, -0.024)
    if kind == "tube":
        body = [m.box(0.18, 1.25, 0.05).moved(z=-0.05), m.box(0.05, 1.25, 0.03).moved(z=-0.07)]
        return [(m.merged(body), white)], m.merged(
            [m.tube([(x, -0.58, -0.09), (x, 0.58, -0.09)], 0.016, 6) for x in (-0.05, 0.05)]
        )
    if kind == "globe":
        return [(m.cylinder(0.08, 0.05).moved(z=-0.05), palette.metal())], m.sphere(0.15, 14).moved(z=-0.19)
    if kind == "spot":
        return [(m.cylinder(0.06, 0.02).moved(z=-0.02), palette.metal())], downward(0.09, 0.09, -0.023)
    cord = (m.tube([(0, 0, -drop), (0, 0, 0)], 0.004, 5), black)
    if kind == "bulb":
        return [cord, (m.cylinder(0.02, 0.07, 10).moved(z=-drop), black)], m.sphere(0.045, 12).moved(z=-drop - 0.04)
    r = rng.uniform(0.1, 0.26)
    shade = palette.any()
    if kind == "cone":
        profile = [(r, -drop - r), (r * 0.45, -drop - 0.15 * r), (0.02, -drop)]
        return [cord, (m.lathe(profile, 24), shade)], m.sphere(r * 0.45, 12).moved(z=-drop - 0.75 * r)
    drum = m.lathe([(r * 1.2, -drop - r), (r * 1.1, -drop)], 24)
    return [cord, (drum, palette.matte([0.75, 0.7, 0.6]))], m.sphere(r * 0.5, 12).moved(z=-drop - 0.55 * r)


def standing_lamp(rng: np.random.Generator, palette: Palette, h: float) -> Lamp:
    """A floor or table lamp, straight or bent, with a shade."""
    r = rng.uniform(0.1, 0.2) * (1.0 if h > 0.9 else 0.7)
    thin = 0.004 + 0.006 * h
    pole = [(0, 0, 0), (0, 0, h * 0.75)]
    metal = palette.metal() if rng.random() < 0.6 else palette.matte([0.03, 0.03, 0.03])
    parts: Parts = [(m.cylinder(r * 0.85, 0.02), metal)]
    x = 0.0
    if rng.random() < 0.3 and h > 0.9:  # an arc lamp
        x = 0.4 * h
        a = np.linspace(0, np.pi * 0.95, 12)
        curve = np.stack([x / 2 - x / 2 * np.cos(a), a * 0, h * 0.8 + 0.28 * h * np.sin(a)], -1)
        parts.append((m.tube([(0, 0, 0), *curve], thin, 8), metal))
    elif rng.random() < 0.2:  # a tripod
        feet = [(0.25 * h * np.cos(a), 0.25 * h * np.sin(a), 0) for a in (0.5, 2.6, 4.7)]
        parts = [(m.merged([m.tube([f, (0, 0, h * 0.75)], thin, 6) for f in feet]), metal)]
    else:
        parts.append((m.tube(pole, thin, 8), metal))
    shade = m.lathe([(r * 1.3, h * 0.72), (r * rng.uniform(0.7, 1.2), h * 0.72 + 1.6 * r)], 24)
    parts.append((shade.moved(x), palette.matte([0.75, 0.7, 0.6])))
    return parts, m.sphere(r * 0.5, 12).moved(x, 0, h * 0.72 + 0.7 * r)


def desk_lamp(rng: np.random.Generator, palette: Palette) -> Lamp:
    """A jointed lamp for a desk."""
    knee, head = np.array([-0.12, 0.05, 0.28]), np.array([0.1, -0.12, 0.42]) * rng.uniform(0.85, 1.1)
    paint = palette.glossy() if rng.random() < 0.7 else palette.metal()
    arm = m.merged([m.tube([(0, 0, 0.02), knee], 0.007, 6), m.tube([knee, head], 0.007, 6)])
    cone = m.lathe([(0.075, -0.06), (0.03, 0.02), (0.01, 0.03)], 18).moved(*head)
    return [(m.cylinder(0.09, 0.02), paint), (arm, paint), (cone, paint)], m.sphere(0.03, 10).moved(
        *np.add(head, (0, 0, -0.03))
    )
