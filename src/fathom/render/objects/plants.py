"""Trees, bushes, pot plants, grass, flowers and stones."""

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


def foliage(rng: np.random.Generator, colour: np.ndarray | None = None) -> Material:
    """Leaf colours: every leaf takes one point of this texture."""
    g = green(rng) if colour is None else np.asarray(colour)
    return Material("matte", np.clip(textures.mottled(rng, g * 0.6, g * 1.7, 16), 0, 1))


def needles(rng: np.random.Generator) -> Material:
    """The darker green of conifers."""
    return foliage(rng, np.array([0.03, 0.06, 0.025]) * rng.uniform(0.6, 1.6) * rng.uniform(0.85, 1.15, 3))


def bark(rng: np.random.Generator) -> Material:
    c = np.array([0.16, 0.11, 0.07]) * rng.uniform(0.5, 2.0)
    return Material("matte", textures.mottled(rng, c * 0.5, c * 1.4, 24), 0.6)


def _level(angle: float) -> np.ndarray:
    return np.array([np.cos(angle), np.sin(angle), 0.0])


def branches(
    rng: np.random.Generator, height: float, spread: float = 0.3, clear: float = 0.28
) -> tuple[list[Mesh], np.ndarray]:
    """A bare tree as tubes, and the points (N, 3) where its twigs are.

    `spread` is the crown's half width and `clear` where its lowest branches leave the trunk, as shares of the height.
    """
    t = np.linspace(0, 1, 9)[:, None]
    wander = np.cumsum(rng.normal(0, 0.012, (9, 2)), 0) * height
    trunk = np.concatenate([wander - wander[0] + t * rng.normal(0, 0.04, 2) * height, t * height * 0.9 - 0.1], 1)
    radius = height * rng.uniform(0.018, 0.028) * ((1 - t[:, 0]) ** 0.8 * 0.95 + 0.05)
    radius[0] *= 1.5
    tubes, ends = [m.tube(trunk, radius, 9)], [trunk[-3:]]
    count = int(rng.integers(9, 15))
    turn = rng.uniform(0, 6.28)
    for k in range(count):
        f = clear + (0.9 - clear) * (k + rng.random()) / count
        at = np.array([np.interp(f, t[:, 0], trunk[:, i]) for i in range(3)])
        thick = np.interp(f, t[:, 0], radius)
        way = _level(turn + k * 2.4 + rng.normal(0, 0.3))
        length = height * spread * np.sqrt(max(1 - ((f - 0.55) / 0.6) ** 2, 0.08)) * rng.uniform(0.75, 1.2)
        rise = rng.uniform(0.3, 0.8) + 0.5 * f
        s = np.linspace(0, 1, 5)[:, None]
        limb = (
            at
            + s * length * way
            + np.array([0, 0, 1]) * length * rise * s**1.3
            + rng.normal(0, 0.03, (5, 3)) * length * s
        )
        tubes.append(m.tube(limb, thick * 0.55 * (1 - 0.8 * s[:, 0]), 5))
        ends.append(limb[2:])
        for _ in range(int(rng.integers(3, 6))):
            root = limb[int(rng.integers(1, 5))]
            out = way * 0.6 + rng.normal(0, 0.6, 3) + [0, 0, 0.3]
            tip = root + out / np.linalg.norm(out) * length * rng.uniform(0.3, 0.6)
            bow = (root + tip) / 2 + rng.normal(0, 0.04, 3) * length
            tubes.append(m.tube([root, bow, tip], thick * np.array([0.22, 0.14, 0.05]), 4))
            ends.append(np.stack([bow, tip, (bow + tip) / 2]))
    return tubes, np.concatenate(ends)


def broad(rng: np.random.Generator, height: float, leaf: Material, wood: Material, detail: float) -> Parts:
    """A broad tree: round, tall like a poplar, or wide like an oak."""
    spread, clear = [(0.27, 0.25), (0.16, 0.2), (0.36, 0.25), (0.3, 0.4)][int(rng.integers(4))]
    tubes, ends = branches(rng, height, spread, clear)
    n = int(1500 * detail)
    near = ends[rng.integers(len(ends), size=n)] + rng.normal(0, height * 0.038, (n, 3))
    leaves = [m.leaves(rng, near, min(height * 0.055, 0.3 / detail**0.5))]
    if rng.random() < 0.6:  # a dense crown: something opaque inside, behind the leaves
        for c in ends[rng.integers(len(ends), size=7)]:
            lump = m.blob(rng, height * rng.uniform(0.05, 0.09, 3), 0.5, 8).moved(*(c * [0.75, 0.75, 0.97]))
            leaves.append(Mesh(lump.vertices, lump.faces, lump.normals, rng.random((len(lump.vertices), 2)) * 0.3))
    return [(m.merged(tubes), wood), (m.merged(leaves), leaf)]


def conifer(rng: np.random.Generator, height: float, leaf: Material, wood: Material, detail: float) -> Parts:
    """A spruce or pine: whorls of drooping boughs set with needles."""
    pine = rng.random() < 0.3
    low, wide = (0.5, 0.17) if pine else (rng.uniform(0.05, 0.2), rng.uniform(0.13, 0.22))
    trunk = m.tube([(0, 0, -0.1), (0, 0, height * 0.5), (0, 0, height)], height * np.array([0.016, 0.011, 0.002]), 7)
    boughs, tufts = [trunk], []
    rows = int(rng.integers(9, 14))
    for k in range(rows):
        f = low + (0.97 - low) * k / rows
        reach = height * wide * ((1 - f) / (1 - low)) ** (0.5 if pine else 0.85) + 0.02 * height
        for a in rng.uniform(0, 6.28) + np.arange(7) * 0.9 + rng.normal(0, 0.15, 7):
            long = reach * rng.uniform(0.7, 1.1)
            tip = _level(a) * long + [0, 0, (f + (0.06 if pine else -0.04)) * height]
            boughs.append(m.tube([(0, 0, f * height), tip], [height * 0.003, height * 0.001], 3))
            s = rng.random((int(13 * detail) + 3, 1)) ** 0.7
            tufts.append(s * tip + (1 - s) * np.array([0, 0, f * height]) + rng.normal(0, 0.016 * height, (len(s), 3)))
    points = np.concatenate(tufts)
    return [(m.merged(boughs), wood), (m.leaves(rng, points, min(height * 0.07, 0.55 / detail**0.5)), leaf)]


def palm(rng: np.random.Generator, height: float, leaf: Material, wood: Material, detail: float) -> Parts:
    top = np.array([rng.uniform(-0.12, 0.12) * height, 0, height])
    trunk = m.tube([(0, 0, -0.1), top * [0.3, 1, 0.5], top], np.array([0.03, 0.02, 0.017]) * height, 9)
    fronds = []
    for a in rng.uniform(0, 6.28) + np.arange(16) * 2.4:
        o, length = _level(a), height * rng.uniform(0.25, 0.36)
        t = np.linspace(0, 1, 14)[:, None]
        droop = rng.uniform(0.6, 1.3)
        spine = top + o * length * t * (1.15 - 0.25 * t) + np.array([0, 0, 1]) * length * (0.55 * t - droop * t**2)
        across = np.cross(o, [0, 0, 1.0])
        fronds.append(m.tube(spine, 0.004 * height, 3))
        for side in (-1, 1):  # leaflets, each a narrow blade
            long = length * 0.28 * np.sin(np.pi * (0.1 + 0.85 * t))
            tip = spine + side * across * long + o * long * 0.6 - np.array([0, 0, 0.35]) * long
            broad_ = o * length * 0.03
            v = np.stack([spine - broad_, spine + broad_, tip], 1).reshape(-1, 3)
            fronds.append(m.smooth(v, np.arange(len(v)).reshape(-1, 3), np.tile(rng.random(2), (len(v), 1))))
    return [(trunk, wood), (m.merged(fronds), leaf)]


def tree(
    rng: np.random.Generator,
    height: float,
    leaf: Material,
    wood: Material,
    detail: float = 1.0,
    kind: str | None = None,
) -> Parts:
    """A broad tree with leaves, a bare one, a conifer, or a palm; `detail` scales the number of leaves."""
    if kind is None:
        kind = str(rng.choice(["broad", "conifer", "palm", "bare"], p=[0.67, 0.2, 0.05, 0.08]))
    if kind == "bare":
        return [(m.merged(branches(rng, height, rng.uniform(0.2, 0.35))[0]), wood)]
    return {"broad": broad, "conifer": conifer, "palm": palm}[kind](rng, height, leaf, wood, detail)


def far_tree(
    rng: np.random.Generator, height: float, leaf: Material, wood: Material, kind: str = "broad", fine: bool = True
) -> Parts:
    """A tree of about 500 triangles, to be seen from 50 m and more; a coarse one has 130, for hundreds of them."""
    trunk = m.limb((0, 0, -0.2), (0, 0, height * 0.5), height * 0.025, height * 0.012, 5)
    lumps = []
    if kind == "conifer":
        r = height * rng.uniform(0.12, 0.2)
        for z, s in ((0.1, 1.0), (0.35, 0.75), (0.6, 0.48)):
            lumps.append(
                m.lathe([(r * s, z * height), (r * s * 0.55, (z + 0.14) * height), (0.01, (z + 0.42) * height)], 7)
            )
    else:
        wide = height * rng.uniform(0.2, 0.32)
        for _ in range(4 if fine else 2):
            c = rng.uniform(-1, 1, 3) * [wide * 0.6, wide * 0.45, height * 0.1] + [0, 0, height * 0.62]
            lumps.append(
                m.blob(rng, rng.uniform(0.5, 0.8, 3) * [wide, wide, height * 0.3], 0.5, 10 if fine else 6).moved(*c)
            )
    crown = m.merged(lumps)
    count = 110 if fine else 12
    fringe = crown.vertices[rng.integers(len(crown.vertices), size=count)] + rng.normal(0, 0.012 * height, (count, 3))
    crown = m.merged([crown, m.leaves(rng, fringe, height * 0.07)])  # an outline that is not a ball's
    crown = Mesh(crown.vertices, crown.faces, crown.normals, rng.random((len(crown.vertices), 2)) * 0.4)
    return [(trunk, wood), (crown, leaf)]


def twig(rng: np.random.Generator, length: float, leaf: Material, wood: Material) -> Parts:
    """A leafy branch reaching along -y from the origin, for the foreground."""
    stems, points = [], []
    t = np.linspace(0, 1, 7)[:, None]
    spine = np.hstack([rng.normal(0, 0.1) * t**2, -t, -0.3 * t**2 + rng.normal(0, 0.02, (7, 1))]) * length
    stems.append(m.tube(spine, np.linspace(0.012, 0.003, 7) * length, 5))
    for _ in range(int(rng.integers(7, 15))):
        at = spine[int(rng.integers(1, 7))]
        tip = (
            at
            + np.array([rng.choice([-1, 1]) * rng.uniform(0.1, 0.4), rng.uniform(-0.4, 0.1), rng.normal(0, 0.15)])
            * length
        )
        stems.append(m.tube([at, (at + tip) / 2 + [0, 0, 0.02 * length], tip], 0.003 * length, 4))
        s = rng.random((9, 1))
        points.append(at * (1 - s) + tip * s + rng.normal(0, 0.02, (9, 3)) * length)
    return [(m.merged(stems), wood), (m.leaves(rng, np.concatenate(points), rng.uniform(0.05, 0.12)), leaf)]


def bush(rng: np.random.Generator, size: float, leaf: Material, detail: float = 1.0) -> Parts:
    """A round bush of this width."""
    half = np.array([size / 2, size / 2, size * rng.uniform(0.3, 0.6)])
    n = int(450 * detail)
    d = rng.normal(size=(n, 3))
    d /= np.linalg.norm(d, axis=1, keepdims=True)
    d[:, 2] = np.abs(d[:, 2])
    points = d * half * rng.uniform(0.7, 1.1, (n, 1))
    lump = m.blob(rng, half * 0.85, 0.25, 12).moved(z=half[2] * 0.3)
    lump = Mesh(lump.vertices, lump.faces, lump.normals, rng.random((len(lump.vertices), 2)) * 0.3)
    return [(lump, leaf), (m.leaves(rng, np.add(points, (0, 0, 0.1 * size)), size * 0.09 / detail**0.4), leaf)]


def hedge(rng: np.random.Generator, length: float, height: float, leaf: Material) -> Parts:
    """A clipped hedge along x."""
    n = int(min(500 * length * height, 2500))
    p = rng.uniform(-0.5, 0.5, (n, 3))
    face = rng.integers(0, 4, n)
    p[face == 0, 1], p[face == 1, 1], p[face >= 2, 2] = -0.5, 0.5, 0.5
    p = p * [length, 0.6, height] + [0, 0, height / 2]
    return [(m.box(length, 0.56, height * 0.98), leaf), (m.leaves(rng, p, 0.12), leaf)]


def flowers(rng: np.random.Generator, palette: Palette, roots: np.ndarray, height: float, leaf: Material) -> Parts:
    """A flower with a thin stem, two leaves and five petals at every root (N, 3)."""
    stems, petals = [], []
    size = height * rng.uniform(0.08, 0.16)
    for root in np.asarray(roots, float):
        top = root + np.array([*rng.normal(0, 0.12, 2) * height, height * rng.uniform(0.6, 1.1)])
        stems.append(m.tube([root, (root + top) / 2 + [0.02 * height, 0, 0], top], 0.012 * height, 3))
        lean = rng.uniform(10, 70)
        disc = (
            m.lathe([(0, 0), (size * 0.6, size * 0.12), (size, size * 0.3)], 7)
            .turned(lean, "x")
            .turned(rng.uniform(0, 360))
        )
        petals.append(disc.moved(*top))
    low = np.repeat(np.asarray(roots, float), 3, 0)
    return [
        (m.merged([*stems, m.blades(rng, low, height * 0.6, height * 0.06, 0.8)]), leaf),
        (m.merged(petals), palette.matte(textures.colour(rng, (0.1, 0.95), (0.4, 0.85)))),
    ]


def pot_plant(rng: np.random.Generator, palette: Palette, height: float) -> Parts:
    """A plant in a pot."""
    r = height * rng.uniform(0.13, 0.22)
    tall = r * rng.uniform(1.2, 2.0)
    side = [(0, 0), (r * 0.7, 0), (r, tall), (r * 0.88, tall), (r * 0.85, tall * 0.9), (0, tall * 0.9)]
    parts: Parts = [(m.lathe(side, 20, True), palette.any())]
    leaf = foliage(rng)
    roots = np.tile([0.0, 0.0, tall * 0.9], (int(rng.integers(8, 40)), 1))
    if rng.random() < 0.4:
        parts.append((m.blades(rng, roots, height - tall, height * 0.05, 0.9), leaf))
        return parts
    stems, ends = [], []
    t = np.linspace(0, 1, 4)[:, None]
    for _ in range(int(rng.integers(3, 9))):
        d = np.array([*rng.normal(0, 0.35, 2), 1.0]) * (height - tall) * rng.uniform(0.5, 1)
        p = roots[0] + t * d + rng.normal(0, 0.03 * height, (4, 3)) * t
        stems.append(m.tube(p, height * 0.008, 5))
        ends += list(p[1:])
    n = int(rng.integers(40, 160))
    c = np.array(ends)[rng.integers(len(ends), size=n)] + rng.normal(0, height * 0.05, (n, 3))
    return [*parts, (m.merged(stems), leaf), (m.leaves(rng, c, height * rng.uniform(0.08, 0.2)), leaf)]


def stone(rng: np.random.Generator, size: float, material: Material) -> Parts:
    """A boulder: a ball cut by planes at random, its edges a little worn, sunk into the ground."""
    ball = m.sphere(1.0, 22)
    v = ball.vertices.copy()
    for _ in range(int(rng.integers(8, 16))):
        n = rng.normal(size=3)
        n /= np.linalg.norm(n)
        over = np.maximum(v @ n - rng.uniform(0.45, 0.85), 0)
        v -= over[:, None] * n * 0.95
    v = v * (1 + 0.03 * np.sin(v @ rng.normal(0, 6, (3, 4)) + rng.uniform(0, 6, 4)).sum(1, keepdims=True) / 2)
    half = size * rng.uniform(0.32, 0.6, 3)
    v = v * half
    uv = v[:, :2] + v[:, [2]] * [0.6, 0.8]  # along the world's axes: a ball's own would pinch at the poles
    return [(m.smooth(v, ball.faces, uv).moved(z=half[2] * rng.uniform(0.3, 0.7)), material)]


def reeds(rng: np.random.Generator, count: int, height: float, leaf: Material) -> Parts:
    """A clump of reeds a metre across."""
    roots = np.concatenate([rng.normal(0, 0.35, (count, 2)), np.zeros((count, 1))], 1)
    heads = [m.limb((x, y, height * 0.9), (x, y, height), 0.014, 0.012, 5) for x, y, _ in roots[:: max(count // 8, 1)]]
    return [(m.merged([m.blades(rng, roots, height, 0.025, 0.35), *heads]), leaf)]
