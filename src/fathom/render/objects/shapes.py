"""Shapes that several kinds of objects are built of: skins over rings, extrusions, ribbons, rows of posts."""

from __future__ import annotations

import itertools

import numpy as np

from fathom.render import meshes as m
from fathom.render.scene import Mesh


def skin(rings: np.ndarray, caps: bool = True) -> Mesh:
    """A smooth closed surface through rings of points (K, N, 3), anticlockwise seen from the last ring's end."""
    rings = np.asarray(rings, float)
    count, around = rings.shape[:2]
    i, j = np.meshgrid(np.arange(count - 1) * around, np.arange(around), indexing="ij")
    k = (j + 1) % around
    faces = [np.stack([i + j, i + k, i + around + k], -1), np.stack([i + j, i + around + k, i + around + j], -1)]
    vertices = rings.reshape(-1, 3)
    if caps:
        centres = rings[[0, -1]].mean(1)
        first, last, side = len(vertices), (count - 1) * around, np.arange(around)
        after = (side + 1) % around
        faces += [
            np.stack([after, side, np.full(around, first)], -1),
            np.stack([last + side, last + after, np.full(around, first + 1)], -1),
        ]
        vertices = np.concatenate([vertices, centres])
    length = np.linalg.norm(np.diff(rings, axis=0), axis=2).mean(1)
    along = np.repeat(np.concatenate([[0], np.cumsum(length)]), around)
    round_ = np.tile(np.linspace(0, 1, around), count) * np.linalg.norm(np.ptp(rings[count // 2], axis=0)) * 2
    uv = np.stack([round_, along], -1)
    if caps:
        uv = np.concatenate([uv, [[0, 0], [0, along[-1]]]])
    return m.smooth(vertices, np.concatenate([f.reshape(-1, 3) for f in faces]), uv)


def ring(half_x: float, half_y: float, at=(0.0, 0.0, 0.0), sides: int = 14, power: float = 2.0) -> np.ndarray:
    """(sides, 3) points of a level ellipse, the squarer the higher the power."""
    a = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    c, s = np.cos(a), np.sin(a)
    x, y = (np.sign(v) * np.abs(v) ** (2 / power) for v in (c, s))
    return np.stack([x * half_x, y * half_y, np.zeros(sides)], -1) + np.asarray(at, float)


def loft(sections, sides: int = 14, power: float = 2.0) -> Mesh:
    """An upright body of level ellipses: rows of (z, half x, half y, y of the centre)."""
    return skin(np.stack([ring(rx, ry, (0, y, z), sides, power) for z, rx, ry, y in sections]))


def along_y(sections, sides: int = 14, power: float = 2.0) -> Mesh:
    """A lying body of ellipses across y: rows of (y, half x, half z, z of the centre), from high y to low y."""
    rings = [ring(rx, rz, (0, 0, 0), sides, power)[:, [0, 2, 1]] + [0, y, z] for y, rx, rz, z in sections]
    return skin(np.stack(rings))


def extruded(outline, low: float, high: float) -> Mesh:
    """A side view (N, 2) of y, z, anticlockwise with y to the right, given width from x = low to high. Star-shaped."""
    o = np.asarray(outline, float)
    n = len(o)
    middle = o.mean(0)
    v = np.concatenate([np.insert(np.vstack([o, middle]), 0, x, 1) for x in (low, high)])
    i = np.arange(n)
    j = (i + 1) % n
    up = n + 1
    faces = [
        np.stack([np.full(n, n), j, i], -1),
        np.stack([np.full(n, up + n), up + i, up + j], -1),
        np.stack([i, j, up + j], -1),
        np.stack([i, up + j, up + i], -1),
    ]
    return m.flat(v, np.concatenate(faces))


def ribbon(points, half: float, lift: float = 0.0) -> Mesh:
    """A level strip along a polyline (N, 3), this far to both sides; uv is metres across and along."""
    p = np.asarray(points, float)
    along = np.gradient(p[:, :2], axis=0)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    side = np.stack([along[:, 1], -along[:, 0], np.zeros(len(p))], -1) * half
    v = np.stack([p - side, p + side], 1) + np.array([0, 0, lift])
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(p, axis=0), axis=1))])
    uv = np.stack([np.tile([0.0, 2 * half], len(p)), np.repeat(length, 2)], -1)
    return m.smooth(v.reshape(-1, 3), m.grid_faces(len(p), 2), uv)


def offset(points, aside: float, lift: float = 0.0) -> np.ndarray:
    """A polyline (N, 3) moved level to its right, and up."""
    p = np.asarray(points, float)
    along = np.gradient(p[:, :2], axis=0)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    return p + np.stack([along[:, 1] * aside, -along[:, 0] * aside, np.full(len(p), lift)], -1)


def every(points, gap: float, start: float = 0.0) -> list[tuple[np.ndarray, float]]:
    """Places along a polyline (N, 3) `gap` metres apart: the point, and the way it goes there (degrees about z)."""
    p = np.asarray(points, float)
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(p, axis=0), axis=1))])
    places = []
    for s in np.arange(start, length[-1], gap):
        at = np.array([np.interp(s, length, p[:, k]) for k in range(3)])
        ahead = np.array([np.interp(s + 0.5, length, p[:, k]) for k in range(3)])
        d = ahead - at if np.linalg.norm(ahead - at) > 1e-6 else p[-1] - p[-2]
        places.append((at, float(np.degrees(np.arctan2(-d[0], d[1])))))
    return places


def rope(a, b, sag: float, radius: float = 0.012, steps: int = 10) -> Mesh:
    """A wire hanging between two points."""
    t = np.linspace(0, 1, steps)[:, None]
    p = np.asarray(a, float) * (1 - t) + np.asarray(b, float) * t
    p[:, 2] -= 4 * sag * (t * (1 - t))[:, 0]
    return m.tube(p, radius, 4)


def lattice(corners: np.ndarray, bays: int, radius: float) -> Mesh:
    """A truss between edges (E, 2, 3), each from its start to its end, braced in so many bays."""
    edges = np.asarray(corners, float)
    bars = [m.tube(e, radius, 4) for e in edges]
    t = np.linspace(0, 1, bays + 1)[:, None]
    rails = [e[0] * (1 - t) + e[1] * t for e in edges]
    for a, b in itertools.pairwise([*rails, rails[0]] if len(rails) > 2 else rails):
        for k in range(bays):
            p, q = (a[k], b[k + 1]) if k % 2 else (b[k], a[k + 1])
            bars.append(m.tube([p, q], radius * 0.6, 3))
    return m.merged(bars)
