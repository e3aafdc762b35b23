"""A room being furnished: its shell, what stands where, and where a photographer could stand in it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from fathom.render import light, textures
from fathom.render import meshes as m
from fathom.render.camera import Camera
from fathom.render.materials import Palette, textured
from fathom.render.objects import lamps, openings, viewpoints
from fathom.render.objects.arrange import Parts, backed, bounds, moved
from fathom.render.scene import Material, Scene

Box = tuple[np.ndarray, np.ndarray]  # lowest and highest corner


@dataclass(frozen=True)
class Wall:
    """A wall seen from inside: it goes right from (x, y), the room on its own -y side once turned (degrees)."""

    x: float
    y: float
    turn: float
    length: float

    def put(self, parts: Parts) -> Parts:
        """Parts made for a wall along x at y = 0, where this wall is."""
        return moved(parts, self.x, self.y, 0.0, self.turn)


class Paints(Palette):
    """A palette for scenes of thousands of things: the same colour asked for twice is the same material.

    Once a kind's cells are used up, the colour among them that is nearest is given.
    """

    def __init__(self, rng: np.random.Generator):
        super().__init__(rng)
        self._made: dict[str, dict[tuple[float, ...], Material]] = {}

    def colour(self, kind: str, rgb=None) -> Material:
        made = self._made.setdefault(kind, {})
        wanted = textures.colour(self._rng) if rgb is None else np.asarray(rgb)
        key = tuple(float(v) for v in wanted)
        if key not in made and len(made) >= 250:
            colours = np.array(list(made))
            key = tuple(colours[int(np.abs(colours - wanted).sum(1).argmin())].tolist())
        if key not in made:
            made[key] = super().colour(kind, wanted)
        return made[key]


class Interior:
    """A room of w x d x h metres with its corner at the origin. Nothing is put where something is already."""

    def __init__(self, rng: np.random.Generator, family: str, w: float, d: float, h: float):
        self.rng, self.palette = rng, Paints(rng)
        self.w, self.d, self.h = float(w), float(d), float(h)
        self.scene = Scene(family, light.indoor_ambient(rng), bounces=4, lamp_share=0.97)
        self.walls = [Wall(0, d, 0, w), Wall(0, 0, 90, d), Wall(w, 0, 180, w), Wall(w, d, -90, d)]
        self.things: list[Box] = []  # solid: neither things nor cameras go there
        self.clear: list[Box] = []  # to be kept free of things: before doors, in front of windows
        self.floors = [(0.0, 0.0, self.w, self.d, 0.0)]  # where one can stand: x0, y0, x1, y1, height
        self.night = bool(rng.random() < 0.22)
        wood = textures.wood(rng, 0)
        self.wood = textured(wood, rng.uniform(0.5, 1.5), str(rng.choice(["matte", "glossy"])))
        self.trim = self.palette.matte([0.72, 0.71, 0.68]) if rng.random() < 0.65 else self.wood

    # -- the shell

    def paint(self, saturation: float = 0.35, dark: float = 0.42) -> Material:
        """Plain wall paint: white, cream or grey as mostly, or some colour."""
        base = textures.colour(self.rng, (0, saturation), (dark, 0.85))
        if self.rng.random() < 0.55:
            warm = self.rng.uniform(0, 0.25)
            base = self.rng.uniform(max(dark, 0.5), 0.85) * np.array([1, 1 - 0.25 * warm, 1 - warm])
        return textured(textures.plain(self.rng, base, 0.05), self.rng.uniform(1, 3))

    def ground(self, material: Material) -> None:
        self.scene.add(m.quad((-0.02, -0.02, 0), (self.w + 0.04, 0, 0), (0, self.d + 0.04, 0)), material)

    def ceiling(self, style: str = "plain") -> None:
        """A ceiling: plain, boards, beams, or a grid of tiles on thin rails."""
        rng, w, d, h = self.rng, self.w, self.d, self.h
        pale = textured(textures.plain(rng, textures.colour(rng, (0, 0.1), (0.6, 0.85)), 0.04), 1.5)
        boards = style == "boards"
        stuff = textured(textures.wood(rng, 8), 1.5) if boards else pale
        self.scene.add(m.quad((-0.02, d + 0.02, h), (w + 0.04, 0, 0), (0, -d - 0.04, 0)), stuff)
        if style == "beams":
            for y in np.arange(0.5, d, rng.uniform(0.6, 1.2)):
                self.scene.add(m.box(w, 0.12, 0.16).moved(w / 2, y, h - 0.16), self.wood)
        if style == "grid":
            rails = [m.box(0.024, d, 0.012).moved(x, d / 2, h - 0.01) for x in np.arange(0.3, w, 0.6)]
            rails += [m.box(w, 0.024, 0.012).moved(w / 2, y, h - 0.01) for y in np.arange(0.3, d, 0.6)]
            self.scene.add(m.merged(rails), self.palette.matte([0.5, 0.5, 0.5]))

    def wall(
        self,
        k: int,
        paint: Material,
        windows: Sequence[openings.Hole] = (),
        doors: Sequence[float] = (),
        passage: float | None = None,
    ) -> None:
        """Build wall k with windows, doors from x = these, and a passage to another room from x = that."""
        rng, wall, depth = self.rng, self.walls[k], self.rng.uniform(0.06, 0.25)
        holes = list(windows)
        if passage is not None:
            holes.append((passage, 0.0, 0.95, 2.08))
        parts: Parts = [(openings.pierced(wall.length, self.h, holes), paint)]
        for x, z, w, h in windows:
            parts += moved([(openings.lining(w, h, depth), self.trim)], x, 0, z)
            parts += moved(openings.casement(rng, self.trim, w, h, depth), x, 0, z)
            pane = m.quad((-0.01, depth + 0.01, -0.01), (w + 0.02, 0, 0), (0, 0, h + 0.02), unit=True).moved(x, 0, z)
            if self.night:  # a dark pane that mirrors the room
                parts.append((pane, self.palette.glossy([0.01, 0.012, 0.02])))
            else:
                # Glass that shines with the view outside: its depth is the pane's, as a depth camera's would be.
                lit = pane.turned(wall.turn).moved(wall.x, wall.y)
                self.scene.add_light(lit, light.outside(rng, rng.uniform(1.5, 4)))
            self.keep_clear(wall.put([(m.box(w, 0.3, h).moved(x + w / 2, -0.16, z), paint)]))
        for x in doors:
            ajar = float(rng.uniform(15, 80)) if rng.random() < 0.3 else 0.0
            leaf = moved(openings.door(rng, self.palette, self.leaf, 0.88, 2.03, ajar), x)
            parts += leaf
            if ajar:
                self.things.append(bounds(wall.put(leaf)))
            self.keep_clear(wall.put([(m.box(1.0, 1.0, 2.1).moved(x + 0.44, -0.5), paint)]))
        if passage is not None:
            parts += moved(openings.doorway(self.palette, self.trim, 0.95, 2.08, 0.14), passage)
            self.keep_clear(wall.put([(m.box(1.1, 1.0, 2.1).moved(passage + 0.47, -0.5), paint)]))
            self.annex(wall, passage, paint)
        skirt = rng.uniform(0.05, 0.12)
        edges = sorted([(0.0, 0.0), (wall.length, wall.length)] + [(x - 0.05, x + 0.93) for x in doors])
        edges += [] if passage is None else [(passage, passage + 0.95)]
        edges.sort()
        for (_, a), (b, _) in itertools.pairwise(edges):
            if b > a:
                parts.append((m.box(b - a, 0.014, skirt).moved((a + b) / 2, -0.007), self.trim))
        for mesh, material in wall.put(parts):
            self.scene.add(mesh, material)

    @property
    def leaf(self) -> Material:
        """What doors are made of."""
        return self.trim if self.rng.random() < 0.5 else self.wood

    @property
    def body(self) -> Material:
        """What a cupboard is made of: wood, white or some other lacquer, seldom something with a pattern."""
        kind = self.rng.random()
        if kind < 0.45:
            return self.wood
        return self.palette.matte([0.68, 0.68, 0.66]) if kind < 0.7 else self.palette.any()

    def annex(self, wall: Wall, x: float, paint: Material) -> None:
        """The room beyond a passage: bare but for a cupboard, a picture and a lamp."""
        # Within the wall's length: the wall itself closes it on this side.
        rng, h = self.rng, min(self.h, 2.6)
        left, right = max(0.02, x - rng.uniform(0.1, 2)), min(wall.length - 0.02, x + 0.95 + rng.uniform(0.1, 2))
        w, d, e = right - left, rng.uniform(1.5, 5), 0.01
        sides = [
            m.quad((left - e, d, -e), (w + 2 * e, 0, 0), (0, 0, h + 2 * e)),
            m.quad((left, -e, -e), (0, d + 2 * e, 0), (0, 0, h + 2 * e)),
            m.quad((right, d + e, -e), (0, -d - 2 * e, 0), (0, 0, h + 2 * e)),
            m.quad((left - e, d + e, h), (w + 2 * e, 0, 0), (0, -d - 2 * e, 0)),
        ]
        parts: Parts = [
            (m.merged(sides), paint),
            (m.quad((left - e, 0, -0.003), (w + 2 * e, 0, 0), (0, d + e, 0)), self.wood),
        ]
        parts.append((m.box(w * 0.6, 0.4, rng.uniform(0.5, 1.9)).moved(left + w / 2, d - 0.21), self.palette.any()))
        parts.append((m.box(w * 0.4, 0.02, 0.4, unit=True).moved(left + w / 2, d - 0.012, 1.95), self.palette.label()))
        for mesh, material in wall.put(parts):
            self.scene.add(mesh, material)
        lamp = m.quad((left + w * 0.3, d * 0.7, h - 0.01), (w * 0.4, 0, 0), (0, -d * 0.4, 0), unit=True)
        self.scene.add_light(lamp.turned(wall.turn).moved(wall.x, wall.y), lamps.WHITE * rng.uniform(1.5, 5))

    def pillar(self, x0: float, y0: float, x1: float, y1: float, paint: Material) -> None:
        """A part of the room that is masonry: a column, or in a corner, what makes an L of the room."""
        box = m.box(x1 - x0, y1 - y0, self.h).moved((x0 + x1) / 2, (y0 + y1) / 2)
        self.scene.add(box, paint)
        self.things.append((box.vertices.min(0), box.vertices.max(0)))
        self.walls += [
            Wall(x1, y1, 180, x1 - x0),
            Wall(x0, y1, -90, y1 - y0),
            Wall(x0, y0, 0, x1 - x0),
            Wall(x1, y0, 90, y1 - y0),
        ]

    # -- what stands in it

    def keep_clear(self, parts: Parts) -> None:
        self.clear.append(bounds(parts))

    def fits(self, low: np.ndarray, high: np.ndarray) -> bool:
        """Whether a box is inside the room and free of things."""
        if (low < [-0.03, -0.03, -0.3]).any() or (high > [self.w + 0.03, self.d + 0.03, self.h + 0.01]).any():
            return False
        return not any((low + 0.005 < b).all() and (a + 0.005 < high).all() for a, b in self.things + self.clear)

    def stand(self, parts: Parts, x: float, y: float, z: float = 0.0, turn: float = 0.0) -> bool:
        """Put an object there if nothing is in its way."""
        parts = moved(parts, x, y, z, turn)
        low, high = bounds(parts)
        if not self.fits(low, high):
            return False
        self.things.append((low, high))
        self.scene.parts += parts
        return True

    def against(self, wall: Wall, parts: Parts, x: float, z: float = 0.0) -> bool:
        """Put an object with its back to a wall, its middle `x` metres along that."""
        turn = np.radians(wall.turn)
        out = 0.016 if z == 0 else 0.001  # the skirting
        along, away = np.array([np.cos(turn), np.sin(turn)]), np.array([np.sin(turn), -np.cos(turn)])
        at = np.array([wall.x, wall.y]) + x * along + out * away
        return self.stand(backed(parts), at[0], at[1], z, wall.turn)

    def line(self, wall: Wall, make: Callable[[float], Parts], gap: float = 0.6, z: float = 0.0) -> None:
        """A row of objects along a wall: `make` is given the length that is left, and may give nothing."""
        x = self.rng.uniform(0.02, 0.5)
        while wall.length - x > 0.4:
            parts = make(wall.length - x)
            width = float(np.ptp(bounds(parts), axis=0)[0]) if parts else 0.5
            if parts and self.against(wall, parts, x + width / 2, z):
                x += width + self.rng.uniform(0.01, gap)
            else:
                x += 0.3

    def scattered(self, things: Sequence[Parts], tries: int = 12) -> None:
        """Things anywhere on the floor where there is room."""
        for parts in things:
            for _ in range(tries):
                x, y = self.rng.uniform(0.1, 0.9, 2) * [self.w, self.d]
                if self.stand(parts, x, y, 0.0, self.rng.uniform(0, 360)):
                    break

    # -- light

    def lit(self, lamp: lamps.Lamp, x: float, y: float, z: float, radiance, turn: float = 0.0) -> None:
        """Put a lamp that shines."""
        parts, shining = lamp
        self.scene.place(parts, x, y, z, turn)
        self.scene.add_light(shining.turned(turn).moved(x, y, z), radiance)
        self.things.append(bounds(moved([*parts], x, y, z, turn)))

    def ceiling_lamps(self, kind: str, spacing: float, strength: float | None = None, turn: float = 0.0) -> None:
        """A grid of lamps under the ceiling, brighter at night."""
        rng, (w, d, h) = self.rng, (self.w, self.d, self.h)
        base = {"panel": 26, "tube": 45, "globe": 24, "spot": 380, "bulb": 320, "cone": 80, "shade": 80}[kind]
        strength = (
            float(rng.uniform(0.7, 1.3) if self.night else rng.uniform(0.35, 1.0)) if strength is None else strength
        )
        colour = (lamps.WARM, lamps.WHITE, lamps.COOL)[int(rng.integers(3))] * base * strength
        lamp = lamps.ceiling_lamp(rng, self.palette, kind, rng.uniform(0.3, 0.5) * (h - 1.8))
        nx, ny = max(1, round(w / spacing)), max(1, round(d / spacing))
        for x in (np.arange(nx) + 0.5) * w / nx:
            for y in (np.arange(ny) + 0.5) * d / ny:
                low, high = bounds(moved(lamp[0], x, y, h, turn))
                if self.fits(low, high):
                    self.lit(lamp, x, y, h, colour, turn)

    # -- who looks at it

    def free(self, p: np.ndarray, margin: float = 0.07) -> bool:
        """Whether a camera can be at a point."""
        bottom = min(floor[4] for floor in self.floors)
        if (p < [0.1, 0.1, bottom + 0.08]).any() or (p > [self.w - 0.1, self.d - 0.1, self.h - 0.08]).any():
            return False
        return not any((p > a - margin).all() and (p < b + margin).all() for a, b in self.things)

    def look(self, count: int) -> Scene:
        """The finished scene, with this many cameras: in free space, and with something to see."""
        for attempt in range(count * 60):
            if len(self.scene.cameras) == count:
                break
            camera = viewpoints.candidate(self)
            ahead = np.array(camera.at) + np.outer([0.0, 0.1, 0.22], camera.axes()[2])
            enough = viewpoints.sees(camera, self.things) >= min(3, len(self.things)) or attempt > count * 40
            if enough and all(self.free(p) for p in ahead):
                self.scene.cameras.append(camera)
        x0, y0, x1, y1, z = self.floors[0]
        while len(self.scene.cameras) < count:
            at = (self.rng.uniform(x0 + 0.3, x1 - 0.3), self.rng.uniform(y0 + 0.3, y1 - 0.3), z + 1.6)
            self.scene.cameras.append(Camera.looking_at(at, ((x0 + x1) / 2, (y0 + y1) / 2, z + 1), 0, 80))
        return self.scene
