"""Generic solids: superquadrics, extruded outlines, turned profiles, bent tubes, lumps, reliefs, petals."""

from __future__ import annotations

import cv2
import numpy as np

from fathom.render import meshes as m
from fathom.render.scene import Material, Mesh

Parts = list[tuple[Mesh, Material]]
DARK = (0.025, 0.025, 0.025)


def standing(mesh: Mesh) -> Mesh:
    """The mesh with its lowest point on z = 0 and its middle on the z axis."""
    low, high = mesh.vertices.min(0), mesh.vertices.max(0)
    return mesh.moved(-(low[0] + high[0]) / 2, -(low[1] + high[1]) / 2, -low[2])


def lying(parts: Parts) -> Parts:
    """The same with its lowest point on z = 0."""
    low = min(float(mesh.vertices[:, 2].min()) for mesh, _ in parts)
    return [(mesh.moved(z=-low), a) for mesh, a in parts]


def posed(rng: np.random.Generator, parts: Parts) -> Parts:
    """Something flat in the x, y plane: lying, leaning back a little, or upright."""
    tilt = float(rng.choice([0.0, 68.0, 84.0]))
    return lying([(mesh.turned(tilt, "x"), a) for mesh, a in parts])


def superquadric(half, east: float, north: float, segments: int = 28) -> Mesh:
    """Half-axes and roundness: 0.1 is a box, 1 an ellipsoid, 2 an octahedron. Centred."""
    power = lambda v, e: np.sign(v) * np.abs(v) ** e  # noqa: E731
    a, b = np.linspace(-np.pi / 2, np.pi / 2, segments // 2 + 1), np.linspace(-np.pi, np.pi, segments + 1)
    ca, sa = power(np.cos(a), north)[:, None], power(np.sin(a), north)[:, None]
    v = np.stack([ca * power(np.cos(b), east), ca * power(np.sin(b), east), np.broadcast_to(sa, (len(a), len(b)))], -1)
    around, up = np.meshgrid(b * (half[0] + half[1]) / 2, a * half[2])
    uv = np.stack([around, up], -1).reshape(-1, 2)
    return m.smooth(v.reshape(-1, 3) * np.asarray(half, float), m.grid_faces(len(a), len(b)), uv)


def outline(rng: np.random.Generator, kind: str | None = None) -> np.ndarray:
    """(N, 2) points anticlockwise around the origin, about 1 across: star, gear, polygon, flower, lump or cross."""
    kind = str(rng.choice(["star", "gear", "polygon", "flower", "lump", "cross"])) if kind is None else kind
    n = int(rng.integers(3, 9))
    if kind == "cross":
        t = rng.uniform(0.1, 0.2)
        arm = np.array([[0.5, -t], [0.5, t], [t, t]])
        return np.concatenate([arm @ np.linalg.matrix_power(np.array([[0, 1], [-1, 0]]), k) for k in range(4)])
    corners = {"polygon": n, "star": 2 * n, "gear": 12 * n}.get(kind, 64)
    a = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    r = np.full(corners, 0.5)
    if kind == "star":
        r[1::2] *= rng.uniform(0.35, 0.7)
    elif kind == "gear":
        r[np.arange(corners) % 4 >= 2] = 0.42
    elif kind == "flower":
        r = 0.4 + 0.1 * np.cos(n * a)
    elif kind == "lump":
        r = 0.4 * np.exp(sum(rng.normal(0, 0.25 / k) * np.cos(k * a + rng.uniform(0, 6.3)) for k in range(2, 6)))
    return np.stack([r * np.cos(a), r * np.sin(a)], -1)


def extruded(points, height: float, taper: float = 1.0, twist: float = 0.0) -> Mesh:
    """A prism over an outline that is star-shaped about the origin, narrower (`taper`) or twisted (degrees) upwards."""
    p, n = np.asarray(points, float), len(points)
    levels = 2 if twist == 0 else 9
    rings = []
    for t in np.linspace(0, 1, levels):
        c, s = np.cos(np.radians(twist) * t), np.sin(np.radians(twist) * t)
        q = p @ np.array([[c, s], [-s, c]]) * (1 + (taper - 1) * t)
        rings.append(np.concatenate([q, np.full((n, 1), height * t)], 1))
    v = np.concatenate([*rings, [[0, 0, 0], [0, 0, height]]])
    i, j = np.arange(n), (np.arange(n) + 1) % n
    bottom, top = n * levels, n * levels + 1
    faces = [np.stack([np.full(n, bottom), j, i], -1), np.stack([np.full(n, top), i + bottom - n, j + bottom - n], -1)]
    for a in range(0, bottom - n, n):
        faces += [np.stack([a + i, a + j, a + n + j], -1), np.stack([a + i, a + n + j, a + n + i], -1)]
    return m.flat(v, np.concatenate(faces))


def disc(radius: float, height: float, sides: int = 64) -> Mesh:
    """A flat cylinder whose texture runs straight across, as wood's does; the uv of `meshes.cylinder` goes round."""
    a = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    return extruded(radius * np.stack([np.cos(a), np.sin(a)], -1), height)


def turned(rng: np.random.Generator, height: float, radius: float, facets: bool = False) -> Mesh:
    """A closed body of revolution with a random profile, as from a lathe."""
    n = int(rng.integers(4, 9))
    z = np.sort(np.concatenate([[0, 1], rng.uniform(0.05, 0.95, n)])) * height
    r = radius * rng.uniform(0.3, 1, n + 2)
    if not facets:  # a smooth curve through the points
        fine = np.linspace(0, height, 28)
        weight = np.exp(-(((fine[:, None] - z) / (0.12 * height)) ** 2))
        z, r = fine, (weight @ r) / weight.sum(1)
    return m.lathe([(0, 0), *zip(r, z, strict=True), (0, height)], 28, facets)


def bent_tube(rng: np.random.Generator, size: float) -> Mesh:
    """A smooth curve with a round section: a coil, a knot, an arch, or any. Centred."""
    kind, t = rng.random(), np.linspace(0, 1, 60)
    a = 2 * np.pi * t
    if kind < 0.35:
        turns = rng.uniform(2, 5)
        p = np.stack([np.cos(turns * a), np.sin(turns * a), rng.uniform(1, 4) * t], -1) * 0.35
    elif kind < 0.55:
        p = np.stack([np.sin(a) + 2 * np.sin(2 * a), np.cos(a) - 2 * np.cos(2 * a), -np.sin(3 * a)], -1) / 6
    elif kind < 0.7:
        p = np.stack([np.cos(a / 2), 0 * t, np.sin(a / 2) * rng.uniform(0.7, 1.6)], -1) * 0.5
    else:
        k = np.arange(1, 4)[:, None, None]
        waves = np.sin(np.pi * k * t[:, None] + rng.uniform(0, 6.3, (3, 1, 3)))
        p = (rng.normal(0, 0.25, (3, 1, 3)) / k * waves).sum(0)
    radius = size * rng.uniform(0.025, 0.1)
    return m.merged(
        [m.tube(p * size, radius * (1 - rng.uniform(0, 0.7) * t), 12), m.sphere(radius, 12).moved(*(p[0] * size))]
    )


def relief(rng: np.random.Generator, size: float, text: str | None = None) -> Mesh:
    """A plate standing along x with raised letters, facing -y, its foot on z = 0."""
    rows, columns = 48, 96
    image = np.zeros((rows, columns), np.uint8)
    letters = text or "".join(rng.choice(list("ABCDEFGHKMNPRSTUVXYZ2345789&?"), int(rng.integers(2, 6))))
    face = int(rng.choice([cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_TRIPLEX]))
    (w, h), _ = cv2.getTextSize(letters, face, 1.0, 3)
    scale = min(86 / w, 34 / h)
    start = (int((columns - w * scale) / 2), int((rows + h * scale) / 2))
    cv2.putText(image, letters, start, face, scale, 255, max(int(3 * scale), 1), cv2.LINE_AA)
    raised = cv2.resize(cv2.GaussianBlur(image.astype(np.float32) / 255, (0, 0), 0.7), (columns * 2, rows * 2))
    x, z = np.meshgrid(np.linspace(-size / 2, size / 2, columns * 2), np.linspace(0, size / 2, rows * 2))
    deep = size * rng.uniform(0.02, 0.06)
    v = np.stack([x, -deep * raised[::-1] - 0.02 * size, z], -1).reshape(-1, 3)
    front = m.smooth(v, m.grid_faces(rows * 2, columns * 2), np.stack([x, z], -1).reshape(-1, 2))
    return m.merged([front, m.box(size, 0.04 * size, size / 2)])


def petal(length: float, width: float, cup: float = 0.0, bend: float = 0.0, point: float = 1.0, steps: int = 9) -> Mesh:
    """A leaf, petal, ear, fin or feather along +y from the origin, its face up. uv is 0..1 along and across.

    Args:
        cup: how far the sides rise, in half-widths.
        bend: how far the tip rises, in lengths.
        point: 1 is an ellipse-like leaf; higher, the widest place moves towards the tip; lower, towards the root.
    """
    t, s = np.linspace(0, 1, steps), np.linspace(-1, 1, 5)
    half = width / 2 * np.sin(np.pi * (0.05 + 0.93 * t) ** point)
    x = half[:, None] * s
    z = cup * np.abs(x) * np.abs(s) + bend * length * t[:, None] ** 2
    v = np.stack(np.broadcast_arrays(x, t[:, None] * length, z), -1).reshape(-1, 3)
    uv = np.stack(np.broadcast_arrays(t[:, None], (s + 1) / 2), -1).reshape(-1, 2)
    return m.smooth(v, m.grid_faces(steps, 5), uv)


def bowl(profile, wall: float, segments: int = 32) -> Mesh:
    """A hollow body of revolution: (radius, height) points of its outside, from the foot to the rim, and its wall."""
    p = np.asarray(profile, float)
    inner = np.stack([np.maximum(p[:, 0] - wall, 1e-4), np.maximum(p[:, 1], p[0, 1] + 1.5 * wall)], -1)[::-1]
    return m.lathe([(0, p[0, 1]), *p, *inner, (0, p[0, 1] + 1.5 * wall)], segments)


def wire(points, radius: float, sides: int = 6) -> Mesh:
    """A tube along a smooth curve through points (N, 3), N at least 2."""
    p = np.asarray(points, float)
    at, fine = np.arange(len(p)), np.linspace(0, len(p) - 1, 6 * (len(p) - 1) + 1)
    slope = np.gradient(p, axis=0)
    i = np.minimum(fine.astype(int), len(p) - 2)
    t = (fine - at[i])[:, None]
    a, b, u, v = p[i], p[i + 1], slope[i], slope[i + 1]  # a cubic Hermite piece
    curve = (2 * t**3 - 3 * t**2 + 1) * a + (t**3 - 2 * t**2 + t) * u + (3 * t**2 - 2 * t**3) * b + (t**3 - t**2) * v
    return m.tube(curve, radius, sides)


def solid(rng: np.random.Generator, size: float) -> Mesh:
    """Any of these about `size` large, standing on z = 0."""
    half = size / 2 * rng.uniform(0.3, 1.0, 3)
    e1, e2 = np.exp(rng.uniform(np.log(0.15), np.log(2.2), 2))
    kind = int(rng.integers(13))
    if kind == 0:
        mesh = m.box(*(2 * half))
    elif kind == 1:
        mesh = m.rounded_box(2 * half[0], 2 * half[1], 2 * half[2], float(half.min() * rng.uniform(0.1, 0.9)))
    elif kind == 2:
        mesh = m.cylinder(half[0], 2 * half[2], 36, half[0] * float(rng.choice([1.0, rng.uniform(0.01, 0.9)])))
    elif kind == 3:
        mesh = m.sphere(size / 2, 32)
    elif kind in (4, 5):
        mesh = superquadric(half, float(e1), float(e2))
    elif kind in (6, 7):
        twist = float(rng.choice([0.0, rng.uniform(-120, 120)]))
        mesh = extruded(outline(rng) * 2 * half[0], 2 * half[2], float(rng.choice([1.0, rng.uniform(0.1, 1.3)])), twist)
        mesh = mesh.turned(90, "x") if rng.random() < 0.4 else mesh
    elif kind == 8:
        mesh = turned(rng, 2 * half[2], half[0], rng.random() < 0.4)
    elif kind == 9:
        mesh = bent_tube(rng, size).turned(rng.uniform(0, 90), "x")
    elif kind == 10:
        mesh = m.blob(rng, half, rng.uniform(0.1, 0.5), 32)
    elif kind == 11:
        mesh = relief(rng, size).turned(float(rng.choice([0.0, 0.0, -90.0])), "x")
    else:
        mesh = m.torus(half[0], half[0] * rng.uniform(0.08, 0.6), 40, 16).turned(float(rng.choice([0.0, 90.0])), "x")
    return standing(mesh.turned(rng.uniform(0, 360)))
