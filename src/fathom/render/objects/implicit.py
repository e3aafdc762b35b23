"""Smooth bodies out of bones: the surface of blended round cones, by surface nets (Gibson, 1998)."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from fathom.render import meshes as m
from fathom.render.scene import Mesh


@dataclass(frozen=True)
class Bone:
    """A tapering capsule from a to b."""

    a: tuple[float, float, float]
    b: tuple[float, float, float]
    ra: float
    rb: float
    stretch: tuple[float, float, float] = (1.0, 1.0, 1.0)  # wider or narrower than round along the world's axes
    blend: float = 0.6  # how far it melts into the others, in radii

    def distance(self, points: np.ndarray) -> np.ndarray:
        """About how far points (..., 3) are outside it; negative inside."""
        a, b, scale = np.asarray(self.a), np.asarray(self.b), np.asarray(self.stretch)
        along = b - a
        t = np.clip((points - a) @ along / max(float(along @ along), 1e-12), 0, 1)
        off = (points - a - t[..., None] * along) / scale
        return (np.sqrt((off * off).sum(-1)) - (self.ra + t * (self.rb - self.ra))) * scale.min()

    @property
    def melt(self) -> float:
        return self.blend * max(self.ra, self.rb)

    def bounds(self, margin: float) -> tuple[np.ndarray, np.ndarray]:
        ends = np.array([self.a, self.b])
        reach = max(self.ra, self.rb) * np.asarray(self.stretch) + margin
        return ends.min(0) - reach, ends.max(0) + reach


def bone(a, b, ra: float, rb: float | None = None, stretch=(1.0, 1.0, 1.0), blend: float = 0.6) -> Bone:
    """A bone from anything that has three numbers."""
    first, second = tuple(float(v) for v in a), tuple(float(v) for v in b)
    return Bone(first, second, ra, ra if rb is None else rb, tuple(stretch), blend)  # type: ignore[arg-type]


def ball(centre, radius: float, stretch=(1.0, 1.0, 1.0), blend: float = 0.6) -> Bone:
    return bone(centre, centre, radius, radius, stretch, blend)


def field(bones: list[Bone], points: np.ndarray) -> np.ndarray:
    """The blended distance at points (..., 3)."""
    total = np.full(points.shape[:-1], np.inf)
    for b in bones:
        total = _blended(total, b.distance(points), b.melt)
    return total


def _blended(x: np.ndarray, y: np.ndarray, melt: float) -> np.ndarray:
    """The smaller of two distances, rounded where they are alike."""
    if melt <= 0:
        return np.minimum(x, y)
    with np.errstate(invalid="ignore"):
        h = np.clip(melt - np.abs(x - y), 0, None)
    return np.minimum(x, y) - h * h / (4 * melt)


def reach(bones: list[Bone], start, direction) -> np.ndarray:
    """(3,) where a ray from inside leaves the body."""
    start, direction = np.asarray(start, float), np.asarray(direction, float) / np.linalg.norm(direction)
    size = max(np.ptp(np.concatenate([b.bounds(0) for b in bones]), axis=0))
    along = np.linspace(0, size, 400)
    inside = field(bones, start + along[:, None] * direction) < 0
    return start + direction * along[int(np.argmin(inside))]


_CORNERS = np.array(list(itertools.product((0, 1), repeat=3)))
_EDGES = [(i, j) for i, j in itertools.combinations(range(8), 2) if np.abs(_CORNERS[i] - _CORNERS[j]).sum() == 1]


def surface(bones: list[Bone], cells: int = 80) -> Mesh:
    """The body's skin; `cells` of the grid along its longest side."""
    low = np.min([b.bounds(0)[0] for b in bones], 0)
    high = np.max([b.bounds(0)[1] for b in bones], 0)
    cell = float((high - low).max()) / cells
    swell = max(b.melt for b in bones) / 2 + 3 * cell  # blending swells bodies a little beyond their bones
    low, shape = low - swell, np.ceil((high - low + 2 * swell) / cell).astype(int) + 1
    values = np.full(shape, 1e3)
    for b in bones:
        # Only near the bone: elsewhere it changes nothing.
        first, last = b.bounds(b.melt / min(b.stretch) + 2.5 * cell)
        i = np.clip(((first - low) / cell).astype(int), 0, shape)
        j = np.clip(np.ceil((last - low) / cell).astype(int) + 1, 0, shape)
        grid = np.stack(np.meshgrid(*(np.arange(p, q) for p, q in zip(i, j, strict=True)), indexing="ij"), -1)
        window = tuple(slice(p, q) for p, q in zip(i, j, strict=True))
        values[window] = _blended(values[window], b.distance(low + grid * cell), b.melt)
    return _nets(values, low, cell)


def _nets(values: np.ndarray, low: np.ndarray, cell: float) -> Mesh:
    """A vertex in every cell of the grid that the surface crosses, at the mean of where it crosses the edges."""
    inside = values < 0
    count = sum(
        inside[tuple(slice(c, n - 1 + c) for c, n in zip(corner, values.shape, strict=True))].astype(np.int8)
        for corner in _CORNERS
    )
    where = np.argwhere((count > 0) & (count < 8))
    number = np.zeros(np.array(values.shape) - 1, np.int64)
    number[tuple(where.T)] = np.arange(len(where))
    at = [values[tuple((where + corner).T)] for corner in _CORNERS]
    total, crossings = np.zeros((len(where), 3)), np.zeros(len(where))
    for i, j in _EDGES:
        crossed = (at[i] < 0) != (at[j] < 0)
        t = np.where(crossed, at[i] / np.where(crossed, at[i] - at[j], 1), 0)
        total += crossed[:, None] * (_CORNERS[i] + t[:, None] * (_CORNERS[j] - _CORNERS[i]))
        crossings += crossed
    vertices = low + (where + total / crossings[:, None]) * cell
    faces = []
    for axis in range(3):
        u, v = np.eye(3, dtype=int)[[(axis + 1) % 3, (axis + 2) % 3]]
        here = np.take(inside, range(values.shape[axis] - 1), axis)
        there = np.take(inside, range(1, values.shape[axis]), axis)
        for outward in (True, False):
            edge = np.argwhere((here & ~there) if outward else (~here & there))
            ring = [number[tuple((edge - d).T)] for d in (u + v, v, 0 * u, u)]  # anticlockwise about the axis
            a, b, c, d = ring if outward else ring[::-1]
            faces += [np.stack([a, b, c], -1), np.stack([a, c, d], -1)]
    return m.smooth(vertices, np.concatenate(faces))
