"""Trees, bushes, pot plants, grass and stones."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.materials import Palette
from fathom.render.scene import Material, Mesh

Parts = list[tuple[Mesh, Material]]


def green(rng: np.random.Generator) -> np.ndarray:
    if rng.random() < 0.12:
        return np.array([0.45, 0.2, 0.04]) * rng.uniform(0.5, 1.2)
    return np.array([0.085, 0.15, 0.04]) * rng.uniform(0.45, 1.5) * rng.uniform(0.8, 1.2, 3)


def foliage(rng: np.random.Generator) -> Material:
    """Leaf colours: every leaf takes one point of this texture."""
    g = green(rng)
    return Material("matte", np.clip(textures.mottled(rng, g * 0.6, g * 1.7, 16), 0, 1))


def bark(rng: np.random.Generator) -> Material:
    c = np.array([0.16, 0.11, 0.07]) * rng.uniform(0.5, 2.0)
    return Material("matte", textures.mottled(rng, c * 0.5, c * 1.4, 24), 0.6)


def branches(rng: np.random.Generator, height: float, levels: int = 3) -> tuple[list[Mesh], np.ndarray]:
    """A bare tree as tubes, and the points (N, 3) where its twigs are."""
    tubes: list[Mesh] = []
    ends: list[np.ndarray] = []

    def grow(start: np.ndarray, direction: np.ndarray, length: float, radius: float, level: int) -> None:
        steps = 4
        points = [start]
        for _ in range(steps):
            direction = direction + rng.normal(0, 0.12, 3) + [0, 0, 0.05]
            direction = direction / np.linalg.norm(direction)
            points.append(points[-1] + direction * length / steps)
        tubes.append(m.tube(points, np.linspace(radius, radius * 0.55, steps + 1), 7 if level == 0 else 5))
        if level >= levels - 1:
            ends.extend(points[1:])
            return
        for _ in range(int(rng.integers(3, 6))):
            at = points[int(rng.integers(2, steps + 1))]
            out = direction * 0.7 + rng.normal(0, 0.6, 3)
            out[2] = abs(out[2]) * 0.8
            grow(at, out / np.linalg.norm(out), length * rng.uniform(0.5, 0.75), radius * 0.5, level + 1)

    grow(np.array([0, 0, -0.1]), np.array([0, 0, 1.0]), height * 0.45, height * 0.026, 0)
    return tubes, np.array(ends)


def tree(rng: np.random.Generator, height: float, leaf: Material, wood: Material, detail: float = 1.0) -> Parts:
    """A broad tree with leaves, a bare one, a conifer, or a palm; `detail` scales the number of leaves."""
    style = rng.random()
    if style < 0.22:
        layers = int(rng.integers(5, 10))
        cones = [m.limb((0, 0, 0), (0, 0, height * 0.3), height * 0.02)]
        points = []
        for k in range(layers):
            z, r = height * (0.15 + 0.8 * k / layers), height * 0.24 * (1 - k / layers) + 0.1
            n = int(160 * detail * (1 - 0.6 * k / layers))
            a, q = rng.uniform(0, 2 * np.pi, n), np.sqrt(rng.random(n))
            points.append(np.stack([r * q * np.cos(a), r * q * np.sin(a), z + (1 - q) * height * 0.13], -1))
            cones.append(m.lathe([(r * 0.75, z), (0.02, z + height * 0.17)], 9))
        return [
            (m.merged(cones[:1]), wood),
            (m.merged([*cones[1:], m.leaves(rng, np.concatenate(points), height * 0.05)]), leaf),
        ]
    if style < 0.3:
        top = np.array([rng.uniform(-0.1, 0.1) * height, 0, height])
        trunk = m.tube([(0, 0, 0), top * [0.3, 1, 0.5], top], [0.03 * height, 0.022 * height, 0.018 * height], 8)
        fronds = []
        for a in rng.uniform(0, 2 * np.pi, 14):
            o, length = np.array([np.cos(a), np.sin(a), 0]), height * rng.uniform(0.25, 0.4)
            t = np.linspace(0, 1, 5)[:, None]
            spine = top + o * length * t + np.array([0, 0, 1]) * length * (0.5 * t - 1.0 * t**2)
            across = np.cross(o, [0, 0, 1]) * height * 0.03
            w = np.sin(np.pi * (0.15 + 0.85 * t))
            v = np.concatenate([spine - across * w, spine + across * w - [0, 0, 0.01 * height]], 1).reshape(-1, 3)
            fronds.append(m.smooth(v, m.grid_faces(5, 2), np.tile(rng.random(2), (10, 1))))
        return [(trunk, wood), (m.merged(fronds), leaf)]
    tubes, ends = branches(rng, height, 3)
    parts: Parts = [(m.merged(tubes), wood)]
    if style < 0.38:
        return parts
    n = int(1400 * detail)
    near = ends[rng.integers(len(ends), size=n)] + rng.normal(0, height * 0.045, (n, 3))
    parts.append((m.leaves(rng, near, min(height * 0.05, 0.28 / detail**0.5)), leaf))
    if style > 0.7:  # a dense crown: something opaque behind the leaves
        for _ in range(5):
            c = ends[int(rng.integers(len(ends)))]
            parts.append((m.blob(rng, height * rng.uniform(0.07, 0.14, 3), 0.3, 12).moved(*c), leaf))
    return parts


def bush(rng: np.random.Generator, size: float, leaf: Material, detail: float = 1.0) -> Parts:
    """A round bush of this width."""
    half = np.array([size / 2, size / 2, size * rng.uniform(0.3, 0.6)])
    n = int(350 * detail)
    d = rng.normal(size=(n, 3))
    d /= np.linalg.norm(d, axis=1, keepdims=True)
    d[:, 2] = np.abs(d[:, 2])
    points = d * half * rng.uniform(0.75, 1.05, (n, 1))
    return [
        (m.blob(rng, half * 0.85, 0.2, 14).moved(z=half[2] * 0.3), leaf),
        (m.leaves(rng, np.add(points, (0, 0, 0.1 * size)), size * 0.09), leaf),
    ]


def hedge(rng: np.random.Generator, length: float, height: float, leaf: Material) -> Parts:
    """A clipped hedge along x."""
    n = int(min(500 * length * height, 2500))
    p = rng.uniform(-0.5, 0.5, (n, 3))
    face = rng.integers(0, 4, n)
    p[face == 0, 1], p[face == 1, 1], p[face >= 2, 2] = -0.5, 0.5, 0.5
    p = p * [length, 0.6, height] + [0, 0, height / 2]
    return [(m.box(length, 0.56, height * 0.98), leaf), (m.leaves(rng, p, 0.12), leaf)]


def pot_plant(rng: np.random.Generator, palette: Palette, height: float) -> Parts:
    """A plant in a pot."""
    r = height * rng.uniform(0.13, 0.22)
    pot_height = r * rng.uniform(1.2, 2.0)
    pot = m.lathe(
        [
            (0, 0),
            (r * 0.7, 0),
            (r, pot_height),
            (r * 0.88, pot_height),
            (r * 0.85, pot_height * 0.9),
            (0, pot_height * 0.9),
        ],
        20,
        True,
    )
    parts: Parts = [(pot, palette.any())]
    leaf = foliage(rng)
    roots = np.tile([0.0, 0.0, pot_height * 0.9], (int(rng.integers(8, 40)), 1))
    style = rng.random()
    if style < 0.4:
        parts.append((m.blades(rng, roots, height - pot_height, height * 0.05, 0.9), leaf))
    else:
        stems, ends = [], []
        for _ in range(int(rng.integers(3, 9))):
            d = np.array([*rng.normal(0, 0.35, 2), 1.0]) * (height - pot_height) * rng.uniform(0.5, 1)
            p = (
                roots[0]
                + np.linspace(0, 1, 4)[:, None] * d
                + rng.normal(0, 0.03 * height, (4, 3)) * np.linspace(0, 1, 4)[:, None]
            )
            stems.append(m.tube(p, height * 0.008, 5))
            ends += list(p[1:])
        n = int(rng.integers(40, 160))
        c = np.array(ends)[rng.integers(len(ends), size=n)] + rng.normal(0, height * 0.05, (n, 3))
        parts += [(m.merged(stems), leaf), (m.leaves(rng, c, height * rng.uniform(0.08, 0.2)), leaf)]
    return parts


def stone(rng: np.random.Generator, size: float, material: Material) -> Parts:
    half = size * rng.uniform(0.3, 0.6, 3)
    return [(m.blob(rng, half, 0.3, 16).moved(z=half[2] * 0.5), material)]
