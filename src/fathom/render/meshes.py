"""Primitives as triangles. Each stands on z = 0, centred on the z axis, unless it says otherwise; uv is in metres."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import numpy as np

from fathom.render.scene import Mesh


def merged(meshes: Iterable[Mesh]) -> Mesh:
    """Several meshes as one."""
    parts = list(meshes)
    starts = np.cumsum([0] + [len(m.vertices) for m in parts])
    return Mesh(
        np.concatenate([m.vertices for m in parts]),
        np.concatenate([m.faces + s for m, s in zip(parts, starts[:-1], strict=True)]),
        np.concatenate([m.normals for m in parts]),
        np.concatenate([m.uv for m in parts]),
    )


def smooth(vertices: np.ndarray, faces: np.ndarray, uv: np.ndarray | None = None) -> Mesh:
    """A mesh with normals averaged over the faces around each vertex."""
    a, b, c = (vertices[faces[:, i]] for i in range(3))
    face_normals = np.cross(b - a, c - a)
    sums = [np.bincount(faces.ravel(), np.repeat(face_normals[:, i], 3), len(vertices)) for i in range(3)]
    normals = np.stack(sums, -1).astype(float)
    normals = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    return Mesh(vertices, faces, normals, vertices[:, :2].copy() if uv is None else uv)


def flat(vertices: np.ndarray, faces: np.ndarray) -> Mesh:
    """A mesh of plane facets; uv is the position projected along each facet's main axis."""
    corners = vertices[faces]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    main = np.abs(normals).argmax(1)
    keep = np.array([[1, 2], [0, 2], [0, 1]])[main]
    uv = np.take_along_axis(corners, np.repeat(keep[:, None], 3, 1), 2)
    return Mesh(
        corners.reshape(-1, 3), np.arange(len(faces) * 3).reshape(-1, 3), np.repeat(normals, 3, 0), uv.reshape(-1, 2)
    )


def grid_faces(rows: int, columns: int) -> np.ndarray:
    """Triangles of a (rows, columns) grid of vertices, anticlockwise where columns go right and rows go up."""
    i = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    return np.concatenate([np.stack([i, i + 1, i + columns + 1], -1), np.stack([i, i + columns + 1, i + columns], -1)])


def quad(corner, along, up, unit: bool = False) -> Mesh:
    """A parallelogram; its front is where `along` goes right and `up` goes up. uv is 0..1 when `unit`."""
    o, a, b = (np.asarray(v, float) for v in (corner, along, up))
    normal = np.array([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])
    normal = normal / np.sqrt(normal @ normal)
    w, h = (1.0, 1.0) if unit else (np.linalg.norm(a), np.linalg.norm(b))
    uv = np.array([[0, 0], [w, 0], [w, h], [0, h]], float)
    return Mesh(np.array([o, o + a, o + a + b, o + b]), np.array([[0, 1, 2], [0, 2, 3]]), np.tile(normal, (4, 1)), uv)


# A box's corners, face by face: front (-y), right, back, left, top, bottom; each anticlockwise seen from outside.
_CORNERS = np.array(
    [
        [[0, 0, 0], [1, 0, 0], [1, 0, 1], [0, 0, 1]],
        [[1, 0, 0], [1, 1, 0], [1, 1, 1], [1, 0, 1]],
        [[1, 1, 0], [0, 1, 0], [0, 1, 1], [1, 1, 1]],
        [[0, 1, 0], [0, 0, 0], [0, 0, 1], [0, 1, 1]],
        [[0, 0, 1], [1, 0, 1], [1, 1, 1], [0, 1, 1]],
        [[0, 1, 0], [1, 1, 0], [1, 0, 0], [0, 0, 0]],
    ],
    float,
)
_NORMALS = np.repeat(np.array([[0, -1, 0], [1, 0, 0], [0, 1, 0], [-1, 0, 0], [0, 0, 1], [0, 0, -1]], float), 4, 0)
_BOX_FACES = (np.array([[0, 1, 2], [0, 2, 3]]) + 4 * np.arange(6)[:, None, None]).reshape(-1, 3)
_SQUARE = np.tile(np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float), (6, 1))


def box(x: float, y: float, z: float, unit: bool = False) -> Mesh:
    """A box of these sizes. Every side has its own uv, upright on the walls; uv is 0..1 when `unit`."""
    vertices = (_CORNERS.reshape(-1, 3) - [0.5, 0.5, 0]) * [x, y, z]
    sizes = np.repeat(np.array([[x, z], [y, z], [x, z], [y, z], [x, y], [x, y]]), 4, 0)
    return Mesh(vertices, _BOX_FACES, _NORMALS, _SQUARE if unit else _SQUARE * sizes)


def rounded_box(x: float, y: float, z: float, radius: float, steps: int = 3) -> Mesh:
    """A box with round edges: a sphere whose eight octants are pulled apart."""
    radius = min(radius, x / 2, y / 2, z / 2)
    lat = np.concatenate([np.linspace(-90, -1e-3, steps + 1), np.linspace(1e-3, 90, steps + 1)])
    lon = np.concatenate([np.linspace(q + 1e-3, q + 90 - 1e-3, steps + 1) for q in (0, 90, 180, 270)] + [[360 + 1e-3]])
    lat, lon = np.radians(lat), np.radians(lon)
    n = np.stack(
        [
            np.outer(np.cos(lat), np.cos(lon)),
            np.outer(np.cos(lat), np.sin(lon)),
            np.outer(np.sin(lat), np.ones_like(lon)),
        ],
        -1,
    )
    signs = np.sign(n)
    signs[[0, -1], :, :2] = np.sign(n[len(lat) // 2, :, :2])  # the poles open into the flat top and bottom
    inner = np.array([x, y, z]) / 2 - radius
    points = n * radius + signs * inner + [0, 0, z / 2]
    rows, columns = n.shape[:2]
    around = np.linspace(0, 2 * (x + y), columns)
    uv = np.stack([np.broadcast_to(around, (rows, columns)), points[..., 2]], -1)
    body = Mesh(points.reshape(-1, 3), grid_faces(rows, columns), n.reshape(-1, 3), uv.reshape(-1, 2))
    a, b = inner[0], inner[1]
    caps = (
        [
            quad((-a, -b, z), (2 * a, 0, 0), (0, 2 * b, 0)),
            quad((-a, b, 0), (2 * a, 0, 0), (0, -2 * b, 0)),
        ]
        if a > 1e-6 and b > 1e-6
        else []
    )
    return merged([body, *caps])


def lathe(profile, segments: int = 24, facets: bool = False) -> Mesh:
    """A profile of (radius, height) points, bottom to top, turned about z. uv: once around is 0..1, height in metres.

    `facets` keeps the profile's corners sharp; otherwise the whole is smooth.
    """
    p = np.asarray(profile, float)
    if facets:
        p = np.repeat(p, 2, 0)[1:-1]
    angle = np.linspace(0, 2 * np.pi, segments + 1)
    ring = np.stack([np.cos(angle), np.sin(angle)], -1)
    points = np.concatenate([p[:, None, :1] * ring, np.broadcast_to(p[:, None, 1:], (len(p), segments + 1, 1))], -1)
    if facets:
        slope = np.repeat(p[1::2] - p[::2], 2, 0)
    else:
        slope = np.gradient(p, axis=0) if len(p) > 2 else np.repeat(p[1:] - p[:1], 2, 0)
    out = np.stack([slope[:, 1], -slope[:, 0]], -1)
    out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-12)
    normals = np.concatenate(
        [out[:, None, :1] * ring, np.broadcast_to(out[:, None, 1:], (len(p), segments + 1, 1))], -1
    )
    uv = np.stack(np.broadcast_arrays(angle / (2 * np.pi), p[:, 1:]), -1)
    return Mesh(points.reshape(-1, 3), grid_faces(len(p), segments + 1), normals.reshape(-1, 3), uv.reshape(-1, 2))


def cylinder(radius: float, height: float, segments: int = 20, top: float | None = None) -> Mesh:
    """A closed cylinder, or a cone (frustum) with another radius at the top."""
    t = radius if top is None else top
    return lathe([(0, 0), (radius, 0), (t, height), (0, height)], segments, facets=True)


def sphere(radius: float, segments: int = 20) -> Mesh:
    """A sphere centred on the origin."""
    a = np.linspace(-np.pi / 2, np.pi / 2, segments // 2 + 1)
    mesh = lathe(np.stack([radius * np.cos(a), radius * np.sin(a)], -1), segments)
    return Mesh(mesh.vertices, mesh.faces, mesh.vertices / radius, mesh.uv * [2 * np.pi * radius, 1])


def torus(radius: float, thickness: float, segments: int = 28, around: int = 10) -> Mesh:
    """A ring lying about the origin; `thickness` is the radius of the tube."""
    a = np.linspace(0, 2 * np.pi, around + 1)
    return lathe(np.stack([radius + thickness * np.cos(a), thickness * np.sin(a)], -1), segments)


def tube(points, radius, sides: int = 6) -> Mesh:
    """A round tube along a polyline (N, 3); `radius` is a number or one for each point."""
    p = np.asarray(points, float)
    r = np.broadcast_to(np.asarray(radius, float), (len(p),))
    tangent = np.gradient(p, axis=0)
    tangent /= np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-12)
    side = np.zeros_like(p)
    reference = np.eye(3)[np.abs(tangent[0]).argmin()]
    for i, t in enumerate(tangent):  # carry the frame along, so that the tube does not twist
        reference = reference - t * (reference @ t)
        reference = reference / max(float(np.linalg.norm(reference)), 1e-12)
        side[i] = reference
    up = np.cross(tangent, side)
    angle = np.linspace(0, 2 * np.pi, sides + 1)
    n = np.cos(angle)[None, :, None] * side[:, None] + np.sin(angle)[None, :, None] * up[:, None]
    points3 = p[:, None] + n * r[:, None, None]
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(p, axis=0), axis=1))])
    uv = np.stack(np.broadcast_arrays(angle[None] * r.max(), length[:, None]), -1)
    return Mesh(points3.reshape(-1, 3), grid_faces(len(p), sides + 1), n.reshape(-1, 3), uv.reshape(-1, 2))


def limb(start, end, radius: float, end_radius: float | None = None, sides: int = 10) -> Mesh:
    """A capsule between two points, thinner or thicker towards its end."""
    a, b = np.asarray(start, float), np.asarray(end, float)
    r1, r2 = radius, radius if end_radius is None else end_radius
    direction = (b - a) / max(float(np.linalg.norm(b - a)), 1e-9)
    cap = np.radians([0.0, 25, 50, 75])
    points = [a - direction * r1 * np.cos(c) for c in cap] + [b + direction * r2 * np.cos(c) for c in cap[::-1]]
    radii = [r1 * np.sin(c) for c in cap] + [r2 * np.sin(c) for c in cap[::-1]]
    mesh = tube(points, np.maximum(radii, 1e-5), sides)
    return smooth(mesh.vertices, mesh.faces, mesh.uv)


def blob(rng: np.random.Generator, size, roughness: float = 0.15, segments: int = 20) -> Mesh:
    """A lump (stone, crown, bush): an ellipsoid of half-axes `size` with bumps, centred on the origin."""
    mesh = sphere(1.0, segments)
    v = mesh.vertices
    bumps = np.zeros(len(v))
    for k in range(1, 4):
        for _ in range(4):
            bumps += np.sin(v @ rng.normal(0, 1.6 * k, 3) + rng.uniform(0, 6.3)) / k
    v = v * (1 + roughness * bumps / 3)[:, None] * np.asarray(size, float)
    return smooth(v, mesh.faces, mesh.uv * float(np.mean(size)))


def heightfield(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> Mesh:
    """Ground of heights z (len(y), len(x)) over a grid of increasing x and y."""
    gx, gy = np.meshgrid(x, y)
    return smooth(np.stack([gx, gy, z], -1).reshape(-1, 3), grid_faces(len(y), len(x)))


def blades(rng: np.random.Generator, roots: np.ndarray, height: float, width: float, lean: float = 0.4) -> Mesh:
    """Grass: one bent, pointed blade at every root (N, 3)."""
    n = len(roots)
    angle, h = rng.uniform(0, 2 * np.pi, n), height * rng.uniform(0.5, 1.2, n)
    out = np.stack([np.cos(angle), np.sin(angle), np.zeros(n)], -1)
    side = np.stack([-np.sin(angle), np.cos(angle), np.zeros(n)], -1) * (width / 2)
    bend = out * (h * rng.uniform(0, lean, n))[:, None]
    up = np.array([0, 0, 1]) * h[:, None]
    middle, tip = roots + bend * 0.3 + up * 0.6, roots + bend + up
    v = np.stack([roots - side, roots + side, middle + side * 0.7, middle - side * 0.7, tip], 1)
    faces = np.array([[0, 1, 2], [0, 2, 3], [3, 2, 4]]) + 5 * np.arange(n)[:, None, None]
    return smooth(v.reshape(-1, 3), faces.reshape(-1, 3), rng.random((n, 2)).repeat(5, 0))


def leaves(rng: np.random.Generator, centres: np.ndarray, size: float) -> Mesh:
    """Leaves: a folded diamond of about this length at every centre (N, 3), turned any way. uv is one point a leaf."""
    n = len(centres)
    a = rng.normal(size=(n, 3))
    a /= np.linalg.norm(a, axis=1, keepdims=True)
    b = np.cross(a, rng.normal(size=(n, 3)))
    b /= np.maximum(np.linalg.norm(b, axis=1, keepdims=True), 1e-9)
    length = size * rng.uniform(0.6, 1.3, (n, 1)) / 2
    v = np.stack(
        [centres - a * length, centres + b * length * 0.55, centres + a * length, centres - b * length * 0.55], 1
    )
    faces = np.array([[0, 1, 2], [0, 2, 3]]) + 4 * np.arange(n)[:, None, None]
    return smooth(v.reshape(-1, 3), faces.reshape(-1, 3), rng.random((n, 2)).repeat(4, 0))


def fence(points, height: float, rails: int = 2, spacing: float = 0.15, bar: float = 0.012) -> Mesh:
    """A railing along a polyline on the ground (N, 3): upright bars and horizontal rails."""
    p = np.asarray(points, float)
    parts = []
    for a, b in itertools.pairwise(p):
        length = float(np.linalg.norm(b - a))
        for t in np.linspace(0, 1, max(int(length / spacing), 1) + 1):
            foot = a + (b - a) * t
            parts.append(tube([foot, np.add(foot, (0, 0, height))], bar, 5))
        for z in np.linspace(0.1, 1, rails) * height:
            parts.append(tube(np.add([a, b], (0, 0, z)), bar * 1.4, 5))
    return merged(parts)
