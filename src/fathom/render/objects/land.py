"""Ground under open sky: noise, hills, meshes of them that are fine near the viewer, water, what grows on them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from fathom.render import meshes as m
from fathom.render.scene import Material, Mesh, Scene

Height = Callable[..., np.ndarray]  # (x, y) -> metres up at points of the plane, of any shape


class Noise:
    """Smooth noise over the plane with lumps of about one unit; it repeats after 128."""

    def __init__(self, rng: np.random.Generator):
        self.grid = rng.uniform(-1, 1, (128, 128))

    def once(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        x, y = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float))
        i, j = np.floor(x).astype(int), np.floor(y).astype(int)
        u, v = x - i, y - j
        u, v = u**3 * (u * (6 * u - 15) + 10), v**3 * (v * (6 * v - 15) + 10)
        g = lambda a, b: self.grid[(j + b) % 128, (i + a) % 128]  # noqa: E731
        return (g(0, 0) * (1 - u) + g(1, 0) * u) * (1 - v) + (g(0, 1) * (1 - u) + g(1, 1) * u) * v

    def __call__(self, x, y, octaves: int = 5, gain: float = 0.5) -> np.ndarray:
        """About -1 to 1."""
        x, y = np.asarray(x, float), np.asarray(y, float)
        layers = [gain**k * self.once(x * 2**k + 17.3 * k, y * 2**k + 5.7 * k) for k in range(octaves)]
        return np.sum(layers, axis=0) * (1 - gain) * 1.6

    def ridged(self, x, y, octaves: int = 7) -> np.ndarray:
        """Sharp crests and valleys, about 0 to 1; crests carry more detail than valleys (Musgrave's multifractal)."""
        x, y = np.asarray(x, float), np.asarray(y, float)
        total, weight, scale = np.zeros(np.broadcast(x, y).shape), 1.0, 0.5
        for k in range(octaves):
            crest = (1 - np.abs(self.once(x * 2**k + 17.3 * k, y * 2**k + 5.7 * k))) ** 2
            total = total + crest * weight * scale
            weight, scale = np.clip(crest * 1.6, 0, 1), scale * 0.5
        return total


def smoothstep(x, low: float, high: float) -> np.ndarray:
    t = np.clip((np.asarray(x, float) - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def polar(height: Height, centre: tuple[float, float], reach: float, rings: int = 170, spokes: int = 360) -> Mesh:
    """Ground from `centre` out to `reach` metres: facets of about the same size to a viewer near the centre."""
    r = np.concatenate([[0], np.geomspace(0.6, reach, rings - 1)])
    a = np.linspace(0, 2 * np.pi, spokes + 1)
    x, y = (np.outer(r, f(a)) + c for f, c in zip((np.cos, np.sin), centre, strict=True))
    v = np.stack([x, y, height(x, y)], -1).reshape(-1, 3)
    faces = m.grid_faces(rings, spokes + 1)[:, ::-1]
    mesh = m.smooth(v, faces)
    mesh.normals[: spokes + 1] = [0, 0, 1]  # the first ring is a point
    grid = mesh.normals.reshape(rings, spokes + 1, 3)
    grid[:, 0] = grid[:, -1] = (grid[:, 0] + grid[:, -1]) / 2
    return mesh


def cover(scene: Scene, mesh: Mesh, kinds: list[Material], choose) -> None:
    """Add ground whose facets are of different kinds: choose(centres (F, 3), slopes (F,)) gives indices (F,)."""
    corners = mesh.vertices[mesh.faces]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    slope = np.hypot(normal[:, 0], normal[:, 1]) / np.maximum(np.abs(normal[:, 2]), 1e-9)
    index = choose(corners.mean(1), slope)
    for k, material in enumerate(kinds):
        if (index == k).any():
            scene.add(_compact(mesh, mesh.faces[index == k]), material)


def _compact(mesh: Mesh, faces: np.ndarray) -> Mesh:
    used, inverse = np.unique(faces, return_inverse=True)
    return Mesh(mesh.vertices[used], inverse.reshape(-1, 3), mesh.normals[used], mesh.uv[used])


def water(
    rng: np.random.Generator, level: float, waves: float, centre: tuple[float, float], reach: float, length: float = 6.0
) -> Mesh:
    """Water with waves of this height and length that run one way with some spread; far off only its light shows."""
    heading = rng.uniform(0, 2 * np.pi)
    parts = []
    for k in range(9):
        long = length * 0.72**k * rng.uniform(0.85, 1.15)
        a = heading + rng.normal(0, 0.45)
        parts.append(
            (np.cos(a) * 6.28 / long, np.sin(a) * 6.28 / long, rng.uniform(0, 6.28), waves * 0.7**k * 0.45, long)
        )

    def height(x, y):
        r = np.hypot(x - centre[0], y - centre[1])
        z = np.zeros_like(r)
        for kx, ky, p, high, long in parts:  # a wave fades where the mesh grows too coarse for it
            phase = kx * x + ky * y + p
            z += high * (np.sin(phase) + 0.25 * np.cos(2 * phase)) * np.clip(2 - r * 0.12 / long, 0, 1)
        return level + z

    mesh = polar(height, centre, reach, 190, 420)
    r = np.hypot(mesh.vertices[:, 0] - centre[0], mesh.vertices[:, 1] - centre[1])
    rough = 0.12 * np.clip(waves * 4, 0.1, 1) * np.clip(r / 60, 0, 1)  # small waves too fine for triangles
    normals = mesh.normals + rng.normal(0, 1, mesh.normals.shape) * [1, 1, 0] * rough[:, None]
    return Mesh(mesh.vertices, mesh.faces, normals / np.linalg.norm(normals, axis=1, keepdims=True), mesh.uv)


def scatter(
    rng: np.random.Generator, count: int, near: float, far: float, centre: tuple[float, float] = (0.0, 0.0), power=1.6
) -> np.ndarray:
    """(count, 2) places between two distances from the centre, the denser the nearer (evenly when power is 0.5)."""
    a, r = rng.uniform(0, 2 * np.pi, count), near + (far - near) * rng.random(count) ** power
    return np.stack([r * np.cos(a) + centre[0], r * np.sin(a) + centre[1]], -1)


def on(height: Height, places: np.ndarray) -> np.ndarray:
    """(N, 3): places (N, 2) of the plane, put onto the ground."""
    return np.concatenate([places, height(places[:, 0], places[:, 1])[:, None]], 1)


def grass(rng: np.random.Generator, height: Height, centre, count: int, spread: float, tall: float) -> Mesh:
    """Blades of grass around a place, in tufts."""
    tufts = rng.normal(0, spread, (max(count // 12, 1), 2)) + np.asarray(centre)
    p = np.repeat(tufts, 12, 0) + rng.normal(0, 0.12 + tall * 0.2, (len(tufts) * 12, 2))
    return m.blades(rng, on(height, p) - [0, 0, 0.01], tall, 0.006 + 0.02 * tall, 0.7)
