"""Where pictures of rooms are taken from: at things, at walls, across the room, from low and from high corners."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from fathom.render.camera import Camera

if TYPE_CHECKING:
    from fathom.render.objects.interior import Box, Interior


def sees(camera: Camera, things: Sequence[Box]) -> int:
    """How many things that stand lower than the eye are in a camera's picture, or behind others in it."""
    lower = [(low + high) / 2 for low, high in things if low[2] < camera.at[2]]
    if not lower:
        return 0
    x, y, z = ((np.array(lower) - camera.at) @ camera.axes().T).T
    half = np.tan(np.radians(camera.fov) / 2) * z
    return int(((z > 0.2) & (z < 9) & (np.abs(x) < half) & (np.abs(y) < 0.7 * half)).sum())


def candidate(room: Interior) -> Camera:
    """Where someone could photograph a room from, not yet checked to be free: see `Interior.look`."""
    rng = room.rng
    x0, y0, x1, y1, z = room.floors[int(rng.integers(len(room.floors)))]
    w, d = x1 - x0, y1 - y0
    roll = float(rng.normal(0, 1.5) if rng.random() < 0.85 else rng.normal(0, 8))
    kind = rng.random()
    p = np.array([x0 + w * rng.uniform(0.05, 0.95), y0 + d * rng.uniform(0.05, 0.95), z + rng.uniform(1.2, 1.75)])
    within_reach = [box for box in room.things if box[1][2] < z + 2.3]
    if kind < 0.3 and within_reach:  # at a thing: close by, or from above as with a telephone in the hand
        low, high = within_reach[int(rng.integers(len(within_reach)))]
        target = rng.uniform(low, high) * [1, 1, 0.5] + [0, 0, 0.5 * high[2]]
        reach, e = np.exp(rng.uniform(np.log(0.4), np.log(1.8))), np.radians(rng.uniform(-5, 70))
        a = rng.uniform(0, 2 * np.pi)
        p = target + reach * np.array([np.cos(a) * np.cos(e), np.sin(a) * np.cos(e), np.sin(e)])
        p[2] = np.clip(p[2], 0.1, room.h - 0.1)
        aperture = reach * rng.uniform(0.002, 0.01) if rng.random() < 0.25 else 0.0
        return Camera.looking_at(p, target, roll, rng.uniform(35, 75), aperture)
    if kind < 0.45:  # straight at a wall
        wall = room.walls[int(rng.integers(4))]
        across = np.array([np.sin(np.radians(wall.turn)), -np.cos(np.radians(wall.turn))])  # into the room
        far = rng.uniform(0.45, 0.95) * (d if wall.turn % 180 == 0 else w)
        p[:2] = np.where(np.abs(across) > 0.5, np.array([wall.x, wall.y]) + far * across, p[:2])
        yaw = wall.turn + rng.normal(0, 6)
        return Camera(tuple(p.tolist()), yaw, rng.normal(-8, 7), roll, rng.uniform(50, 90))
    target = np.array([x0 + w * rng.uniform(0.3, 0.7), y0 + d * rng.uniform(0.3, 0.7), p[2] + rng.normal(-0.3, 0.3)])
    if kind < 0.75:  # from near a wall or corner, as people do to get a room into the picture
        near = rng.uniform(0.15, 0.6)
        side = int(rng.integers(2)) if max(w, d) < 2 * min(w, d) else int(d > w)
        p[side] = (x0, y0)[side] + (near if rng.random() < 0.5 else (w, d)[side] - near)
    elif kind < 0.85:  # low
        p[2] = z + rng.uniform(0.12, 0.6)
        target[2] = z + rng.uniform(0.2, 1.0)
    elif kind < 0.95:  # a camera of the watch, under the ceiling in a corner
        cx, cy = rng.uniform(0.15, 0.4, 2)
        p[0], p[1] = (x0 + cx, x1 - cx)[int(rng.integers(2))], (y0 + cy, y1 - cy)[int(rng.integers(2))]
        p[2] = room.h - rng.uniform(0.15, 0.4)
        target[2] = z + rng.uniform(0.0, 0.9)
        return Camera.looking_at(p, target, roll * 0.3, rng.uniform(65, 95))
    if np.hypot(*(target[:2] - p[:2])) < 0.7:
        target[:2] = x0 + w - (p[0] - x0), y0 + d - (p[1] - y0)
    return Camera.looking_at(p, target, roll, rng.uniform(50, 95))
