"""Fruit and vegetables, and the crates that they are sold in."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render.materials import Palette
from fathom.render.objects.arrange import Parts, copies
from fathom.render.scene import Material, Mesh

FRUITS = ("apple", "orange", "lemon", "tomato", "banana", "cucumber", "carrot", "pepper", "cabbage", "potato", "plum")


def fruit(rng: np.random.Generator, kind: str) -> tuple[Mesh, float, np.ndarray]:
    """A fruit or vegetable about the origin, the room that it takes, and its colour."""
    ball = m.sphere(0.5, 10)
    round_ = {
        "apple": (0.075, 0.9, [0.5, 0.06, 0.04]),
        "orange": (0.08, 1.0, [0.8, 0.32, 0.03]),
        "lemon": (0.06, 1.35, [0.8, 0.65, 0.06]),
        "tomato": (0.07, 0.8, [0.6, 0.04, 0.02]),
        "potato": (0.07, 0.75, [0.4, 0.28, 0.13]),
        "plum": (0.045, 1.15, [0.12, 0.03, 0.12]),
    }
    if kind in round_:
        size, tall, colour = round_[kind]
        shade = np.array(colour) * rng.uniform(0.7, 1.2)
        if kind == "apple" and rng.random() < 0.5:
            shade = np.array([0.3, 0.45, 0.06])
        return ball.scaled(size, size, size * tall), size, shade
    if kind == "cabbage":
        green = np.array([0.25, 0.4, 0.1]) if rng.random() < 0.6 else np.array([0.2, 0.05, 0.15])
        return m.blob(rng, (0.09, 0.09, 0.08), 0.15, 12), 0.17, green
    if kind == "pepper":
        shade = rng.choice(np.array([[0.6, 0.03, 0.02], [0.75, 0.5, 0.02], [0.1, 0.35, 0.04]]))
        return m.blob(rng, (0.04, 0.04, 0.05), 0.2, 12), 0.085, shade
    if kind == "banana":
        a = np.linspace(-1, 1, 7)
        curve = np.stack([a * 0.09, 0.05 * a**2, a * 0], -1)
        fingers = [
            m.tube(curve, 0.017 * np.array([0.3, 0.9, 1, 1, 1, 0.9, 0.3]), 7).moved(0, k * 0.03, k * 0.008)
            for k in range(4)
        ]
        return m.merged(fingers), 0.16, np.array([0.75, 0.55, 0.05])
    long = {"cucumber": (0.28, 0.024, 0.022, [0.05, 0.2, 0.03]), "carrot": (0.18, 0.017, 0.004, [0.75, 0.25, 0.02])}
    length, r, tip, colour = long[kind]
    return m.limb((-length / 2, 0, 0), (length / 2, 0, 0), r, tip, 8), 2.1 * r, np.array(colour)


def crate(rng: np.random.Generator, palette: Palette, box: Material, kind: str = "") -> Parts:
    """A crate of 0.6 x 0.4 m, its front at -y, heaped with one kind of fruit, a price card above it."""
    w, d, h = 0.6, 0.4, rng.uniform(0.1, 0.2)
    t = 0.012
    slats = [m.box(w, t, h * 0.4).moved(0, s * (d / 2 - t / 2), z) for s in (-1, 1) for z in (0.02, h * 0.58)]
    slats += [m.box(t, d, h).moved(s * (w / 2 - t / 2)) for s in (-1, 1)] + [m.box(w, d, t)]
    parts: Parts = [(m.merged(slats), box)]
    mesh, size, colour = fruit(rng, kind or str(rng.choice(FRUITS)))
    parts.append((m.box(w - 0.03, d - 0.03, h * 0.7), palette.matte(colour * 0.3)))
    skins = [palette.glossy(np.clip(colour * rng.uniform(0.85, 1.15, 3), 0.01, 0.9)) for _ in range(3)]
    extent = np.ptp(mesh.vertices, axis=0)
    step = np.maximum(extent[:2], size * 0.9)
    lying = bool(extent[0] > 2 * extent[1])
    places = []
    for layer in range(2):  # what would lie below them is hidden
        z = h * 0.75 + layer * extent[2] * 0.72
        shrink = 0.02 + layer * 0.4 * size
        x = np.arange(-w / 2 + step[0] / 2 + shrink, w / 2 - step[0] / 2 - shrink + 1e-6, step[0] * 1.02)
        y = np.arange(-d / 2 + step[1] / 2 + shrink, d / 2 - step[1] / 2 - shrink + 1e-6, step[1] * 1.0)
        gx, gy = np.meshgrid(x + (layer % 2) * step[0] * 0.3, y)
        at = np.stack([gx.ravel(), gy.ravel(), np.full(gx.size, z)], -1)
        at = at[rng.random(len(at)) < (1.0, 0.6)[layer]]
        places.append(at + rng.normal(0, 0.08 * size, at.shape))
    at = np.concatenate(places)
    chosen = rng.integers(3 * 4, size=len(at))  # three colours, four attitudes
    for k in range(12):
        if (chosen == k).any():
            tilt = rng.uniform(-12, 12) if lying else rng.uniform(0, 360)
            turned = mesh.turned(float(rng.uniform(-60, 60)), "x").turned(tilt)
            parts.append((copies(turned, at[chosen == k]), skins[k % 3]))
    if rng.random() < 0.7:
        pole = m.tube([(0.2, 0.17, h), (0.2, 0.17, h + 0.25)], 0.004, 5)
        card = m.box(0.16, 0.004, 0.11, unit=True).turned(-12, "x").moved(0.2, 0.16, h + 0.22)
        parts += [(pole, palette.metal()), (card, palette.label())]
    return parts
