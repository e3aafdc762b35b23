"""Roads: their course over hills and round bends, what is painted on them, bridges across them."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render.materials import Palette
from fathom.render.objects import shapes
from fathom.render.scene import Material, Mesh, Scene

LANE = 3.6  # metres
SHOULDER = 2.6


class Road:
    """A road along +y, its middle at (bend(y), y, rise(y)); `lanes` of them in each direction."""

    def __init__(self, rng: np.random.Generator):
        self.lanes = int(rng.choice([1, 2, 3, 4], p=[0.25, 0.4, 0.25, 0.1]))
        self.median = 0.0 if self.lanes == 1 else float(rng.uniform(1.0, 5.0))
        self.side = float(rng.choice([1, 1, 1, -1]))  # which side one drives on: 1 is right
        self.wave = [
            (rng.uniform(0, 30) * (rng.random() < 0.7), rng.uniform(350, 900), rng.uniform(0, 6.28)) for _ in range(2)
        ]
        self.hill = (rng.uniform(0, 7), rng.uniform(250, 700), rng.uniform(0, 6.28))
        self.half = self.median / 2 + self.lanes * LANE + (SHOULDER if self.lanes > 1 else 0.7)

    def bend(self, y):
        return sum(a * (np.sin(6.28 * np.asarray(y) / w + p) - np.sin(p)) for a, w, p in self.wave)

    def rise(self, y):
        a, w, p = self.hill
        return a * (np.sin(6.28 * np.asarray(y) / w + p) - np.sin(p))

    def path(self, start: float, end: float, aside: float = 0.0, lift: float = 0.0) -> np.ndarray:
        y = np.arange(start, end, 5.0)
        return shapes.offset(np.stack([self.bend(y), y, self.rise(y)], -1), aside, lift)

    def lane(self, k: int, oncoming: bool = False) -> float:
        """How far aside the middle of a lane is; lane 0 is the slow one."""
        aside = self.median / 2 + (self.lanes - 1 - k + 0.5) * LANE
        return self.side * aside * (-1 if oncoming else 1)

    def yaw(self, y: float) -> float:
        d = float(self.bend(y + 4) - self.bend(y - 4)) / 8
        return float(np.degrees(np.arctan(-d)))


def dashes(path: np.ndarray, dash: float, gap: float, width: float) -> list[Mesh]:
    """Painted marks along a path (N, 3)."""
    return [
        m.quad((-width / 2, 0, 0), (width, 0, 0), (0, dash, 0)).turned(turn).moved(*at)
        for at, turn in shapes.every(path, dash + gap)
    ]


def surface(
    rng: np.random.Generator, scene: Scene, palette: Palette, road: Road, tarmac: Material, start: float, end: float
) -> None:
    """The carriageways and what is painted on them."""
    scene.add(shapes.ribbon(road.path(start, end), road.half), tarmac)
    white = palette.matte([0.62, 0.62, 0.6])
    dash, gap = (3.0, 9.0) if road.lanes > 1 else (3.0, rng.uniform(4, 9))
    near = min(end, 420.0)
    marks = []
    for s in (-1, 1):
        marks += [
            shapes.ribbon(road.path(start, end, s * (road.median / 2 + e)), 0.09, 0.015)
            for e in ((0.1, road.lanes * LANE) if road.lanes > 1 else (LANE,))
        ]
        for k in range(1, road.lanes):
            marks += dashes(road.path(start, near, s * (road.median / 2 + k * LANE), 0.015), dash, gap, 0.15)
    if road.lanes == 1:
        solid = rng.random() < 0.3
        marks += (
            [shapes.ribbon(road.path(start, end), 0.08, 0.015)]
            if solid
            else dashes(road.path(start, near, 0, 0.015), dash, gap, 0.14)
        )
        if rng.random() < 0.3:
            white = palette.matte([0.6, 0.42, 0.06])
    scene.add(m.merged(marks), white)
    patches = [
        m.quad((-w / 2, 0, 0), (w, 0, 0), (0, long, 0)).turned(turn).moved(*at)
        for (at, turn), w, long in zip(
            shapes.every(road.path(start + 20, 150, road.lane(0), 0.008), 27.0),
            rng.uniform(0.4, 3, 9),
            rng.uniform(0.4, 14, 9),
            strict=False,
        )
    ]
    if patches and rng.random() < 0.6:
        scene.add(m.merged(patches), palette.matte(np.full(3, rng.uniform(0.03, 0.12))))


def bridge(scene: Scene, palette: Palette, road: Road, y: float, deck: float) -> None:
    """A bridge across the road at y, its deck this high above it."""
    x, z, wide = float(road.bend(y)), float(road.rise(y)) + deck, 9.0
    span = road.half + 4
    parts = [m.box(400, wide, 1.1).moved(0, 0, -1.1), *[m.box(400, 0.3, 0.5).moved(0, s * wide / 2) for s in (-1, 1)]]
    parts += [m.box(1.2, wide * 0.8, deck + 3).moved(q, 0, -deck - 4) for q in (-span, span)]
    if road.median > 1:
        parts.append(m.box(0.8, wide * 0.7, deck + 3).moved(0, 0, -deck - 4))
    rails = [
        m.fence([(-span - 8, s * wide / 2, 0.5), (span + 8, s * wide / 2, 0.5)], 0.7, 2, 0.4, 0.02) for s in (-1, 1)
    ]
    scene.place(
        [(m.merged(parts), palette.matte([0.42, 0.41, 0.39])), (m.merged(rails), palette.metal())], x, y, z, road.yaw(y)
    )
