"""Putting things beside, upon and among each other."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from fathom.render.scene import Material, Mesh

Parts = list[tuple[Mesh, Material]]


def bounds(parts: Parts) -> tuple[np.ndarray, np.ndarray]:
    """The lowest and the highest x, y, z of an object."""
    low = np.min([mesh.vertices.min(0) for mesh, _ in parts], axis=0)
    return low, np.max([mesh.vertices.max(0) for mesh, _ in parts], axis=0)


def moved(parts: Parts, x: float = 0.0, y: float = 0.0, z: float = 0.0, turn: float = 0.0) -> Parts:
    """An object turned about z (degrees), then moved."""
    return [((mesh.turned(turn) if turn else mesh).moved(x, y, z), material) for mesh, material in parts]


def backed(parts: Parts) -> Parts:
    """An object with its back at y = 0, centred in x: ready to be put against a wall."""
    low, high = bounds(parts)
    return moved(parts, -(low[0] + high[0]) / 2, -high[1])


def copies(mesh: Mesh, offsets: np.ndarray) -> Mesh:
    """The same mesh at many offsets (N, 3), as one."""
    n, count = len(offsets), len(mesh.vertices)
    return Mesh(
        (mesh.vertices + np.asarray(offsets, float)[:, None]).reshape(-1, 3),
        (mesh.faces + count * np.arange(n)[:, None, None]).reshape(-1, 3),
        np.tile(mesh.normals, (n, 1)),
        np.tile(mesh.uv, (n, 1)),
    )


def repeated(parts: Parts, offsets: np.ndarray) -> Parts:
    """The same object at many offsets (N, 3)."""
    return [(copies(mesh, offsets), material) for mesh, material in parts]


def spread(
    rng: np.random.Generator, things: Iterable[Parts], w: float, d: float, z: float = 0.0, turn: float = 180.0
) -> Parts:
    """Things on a surface of w x d metres about the origin, each turned by up to `turn` degrees, none in another.

    Those for which no place is found in a few tries are left out.
    """
    placed: Parts = []
    boxes: list[np.ndarray] = []
    for thing in things:
        thing = moved(thing, turn=rng.uniform(-turn, turn))
        low, high = (v[:2] for v in bounds(thing))
        room = np.array([w, d]) - (high - low)
        if room.min() < 0:
            continue
        for _ in range(6):
            corner = rng.uniform(-0.5, 0.5, 2) * room - (high - low) / 2
            box = np.stack([corner, corner + high - low])
            if not any((box[0] < b[1]).all() and (b[0] < box[1]).all() for b in boxes):
                boxes.append(box)
                x, y = (corner - low).tolist()
                placed += moved(thing, x, y, z)
                break
    return placed
