"""Mountains, deserts and canyons: kilometres of range, with rocks, trees, a hut or a hiker in front."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.camera import Camera
from fathom.render.families import outdoors
from fathom.render.families.outdoors import Subject
from fathom.render.materials import Palette, textured
from fathom.render.objects import animals, buildings, figures, land, landmarks, outdoor, plants, shapes
from fathom.render.scene import Material, Scene

REACH = 14000.0


class Range:
    """Heights of a kind of country: alpine, snow, hills, desert (dunes), canyon."""

    def __init__(self, rng: np.random.Generator, kind: str):
        self.kind, self.noise, self.sand = kind, land.Noise(rng), land.Noise(rng)
        low, high = {
            "alpine": (500, 1700),
            "snow": (400, 1500),
            "hills": (80, 350),
            "desert": (60, 500),
            "canyon": (120, 380),
        }[kind]
        self.high = float(rng.uniform(low, high))
        self.wide = float(rng.uniform(1500, 3500)) * (0.6 if kind in ("hills", "canyon") else 1.0)
        self.rough = float(rng.uniform(0.4, 1.6))
        self.dunes = float(rng.uniform(2, 14)) if kind == "desert" else 0.0
        self.steps = float(rng.uniform(30, 80))
        at = rng.uniform(0, 60, 2)
        self.shift = at
        # Where the pictures are taken: among so many places the one whose height suits the kind.
        tries = at + rng.uniform(-2, 2, (60, 2))
        order = np.argsort(self._far(*(tries - at).T * self.wide))
        self.shift = at + (tries[order[int(len(order) * rng.uniform(0.2, 0.97))]] - at)
        self.base = float(self._far(np.zeros(1), np.zeros(1))[0])

    def _far(self, x, y) -> np.ndarray:
        u, v = x / self.wide + self.shift[0], y / self.wide + self.shift[1]
        if self.kind == "canyon":
            z = self.high * np.clip(1.6 * np.abs(self.noise(u, v, 5)) ** 0.7, 0, 1.0) + 8 * self.noise(u * 9, v * 9, 4)
            level = z / self.steps  # strata: flat steps with cliffs between them
            return self.steps * (np.floor(level) + land.smoothstep(level % 1, 0.55, 0.95))
        return self.high * self.noise.ridged(u, v, 8) ** 1.15

    def __call__(self, x, y) -> np.ndarray:
        x, y = np.asarray(x, float), np.asarray(y, float)
        r = np.hypot(x, y)
        z = self._far(x, y) - self.base
        z = z * (0.35 + 0.65 * land.smoothstep(r, 20, 400))  # not so steep that one could not stand
        z = z + self.rough * (0.9 * self.noise(x / 14, y / 14, 4) + 0.1 * self.noise(x / 1.7, y / 1.7, 3)) * np.exp(
            -r / 250
        )
        if self.dunes:
            wind = x * 0.8 + y * 0.6 + 18 * self.sand(x / 90, y / 90, 2)
            t = (wind / 95) % 1
            crest = np.where(t < 0.72, land.smoothstep(t, 0, 0.72), 1 - land.smoothstep(t, 0.72, 1.0))
            z = z + self.dunes * crest * (0.6 + 0.6 * self.sand(x / 160, y / 160, 2)) + 0.025 * np.sin(wind * 9)
        return z


def surfaces(rng: np.random.Generator, kind: str) -> tuple[list[Material], tuple[float, float, float]]:
    """Ground, rock and snow, and where they are: slopes above which rock shows, a snow line, its slope."""
    tone = np.full(3, rng.uniform(0.12, 0.4)) * rng.uniform(0.88, 1.12, 3)
    red = np.array([0.42, 0.2, 0.1]) * rng.uniform(0.7, 1.2)
    bare = red if kind == "canyon" or (kind == "desert" and rng.random() < 0.5) else tone
    rock = textured(textures.mottled(rng, bare, bare * rng.uniform(0.4, 0.7), 7), rng.uniform(6, 20))
    snow = textured(textures.plain(rng, np.array([0.82, 0.85, 0.9]), 0.05), 8.0)
    sand = np.array([0.5, 0.37, 0.23]) * rng.uniform(0.75, 1.2)
    soil = {
        "snow": lambda: textures.plain(rng, np.array([0.8, 0.83, 0.88]), 0.05),
        "desert": lambda: textures.mottled(rng, sand, sand * 0.88, 5),
        "canyon": lambda: textures.mottled(rng, bare * 1.15, bare * 0.7, 9),
    }.get(
        kind,
        lambda: (
            textures.grass(rng) if rng.random() < 0.75 else textures.mottled(rng, tone, np.array([0.16, 0.15, 0.06]), 6)
        ),
    )()
    rocky = {"alpine": 0.75, "snow": 1.05, "hills": 1.1, "desert": 0.7, "canyon": 0.6}[kind] * rng.uniform(0.8, 1.2)
    return [textured(soil, rng.uniform(3, 8)), rock, snow], (
        rocky,
        rng.uniform(0.3, 1.1) if kind == "alpine" else 9.0,
        1.1,
    )


def mountains(rng: np.random.Generator, cameras: int) -> Scene:
    scene, palette = outdoors.open_air(rng, "mountains", (4000, 60000)), Palette(rng)
    kind = str(rng.choice(["alpine", "snow", "hills", "desert", "canyon"], p=[0.42, 0.13, 0.17, 0.14, 0.14]))
    ground, (kinds, (rocky, line, steep)) = Range(rng, kind), surfaces(rng, kind)
    patches = land.Noise(rng)

    def choose(centre: np.ndarray, slope: np.ndarray) -> np.ndarray:
        x, y, z = centre.T
        jitter = 0.35 * patches(x / 40, y / 40, 7) + 0.25 * patches(x / 400, y / 400, 3)
        # Far facets are large: chance breaks up their edges, which from near would show.
        jitter += rng.normal(0, 0.12, len(x)) * land.smoothstep(np.hypot(x, y), 300, 2500)
        index = np.where(slope + jitter * 0.6 > rocky, 1, 0)
        over = (z - (line * ground.high - ground.base)) / 200 + jitter * 1.6
        return np.where((over > 0) & (slope + jitter * 0.4 < steep), 2, index)

    land.cover(scene, land.polar(ground, (0.0, 0.0), REACH, 320, 420), kinds, choose)
    if rng.random() < 0.3 and kind in ("alpine", "hills"):
        level = float(np.percentile(ground(*land.scatter(rng, 300, 60, 900).T), 12))
        if level < float(ground(0, 0)) - 4:
            scene.add(
                m.quad((-4000, -4000, level), (8000, 0, 0), (0, 8000, 0)),
                palette.glossy(np.array([0.02, 0.07, 0.08]) * rng.uniform(0.5, 1.6, 3)),
            )
    growth(rng, scene, ground, kind, kinds[1])
    subjects = staffage(rng, scene, palette, ground, kind)
    downhill = open_views(ground)
    for _ in range(cameras):
        if rng.random() < 0.3 and subjects:
            scene.cameras.append(outdoors.portrait(rng, subjects[int(rng.integers(len(subjects)))], ground))
            continue
        x, y = rng.normal(0, 5, 2)
        yaw = float(downhill[int(rng.integers(len(downhill)))] + rng.normal(0, 20))
        if rng.random() < 0.12:  # from a drone or a lift
            field = outdoors.lens(rng)
            scene.cameras.append(
                Camera(
                    (x, y, float(ground(x, y)) + rng.uniform(8, 60)), yaw, rng.normal(-12, 8), outdoors.roll(rng), field
                )
            )
        else:
            scene.cameras.append(outdoors.view(rng, x, y, ground, yaw))
    return scene


def open_views(ground: Range) -> np.ndarray:
    """Yaws (degrees) where the near ground falls away or the far rises: where people point their cameras."""
    yaw = np.arange(0, 360, 10.0)
    x, y = -np.sin(np.radians(yaw)), np.cos(np.radians(yaw))
    near = ground(x * 40, y * 40) - ground(0, 0)
    far = np.max([ground(x * r, y * r) for r in (700, 1500, 3000, 5000)], 0) - ground(0, 0)
    return yaw[np.argsort(near * 4 - far * 0.12)[:10]]


def growth(rng: np.random.Generator, scene: Scene, ground: Range, kind: str, rock: Material) -> None:
    """Stones, trees to the tree line, bushes and grass; cacti of a sort in deserts."""
    near_rock = Material("matte", rock.texture, 2.0)
    stones = [plants.stone(rng, 1.0, near_rock) for _ in range(6)]
    for x, y in land.scatter(rng, int(rng.choice([10, 40, 120])), 1.2, 120, power=2.2):
        size = float(np.exp(rng.normal(-0.9, 0.8)))
        parts = [(mesh.scaled(size), a) for mesh, a in stones[int(rng.integers(6))]]
        scene.place(parts, x, y, float(ground(x, y)) - 0.1 * size, rng.uniform(0, 360))
    needles, leaf, wood = plants.needles(rng), plants.foliage(rng), plants.bark(rng)
    if kind in ("alpine", "hills", "snow"):
        conifers = kind != "hills" or rng.random() < 0.4
        far = [
            plants.far_tree(
                rng, rng.uniform(7, 20), needles if conifers else leaf, wood, "conifer" if conifers else "broad"
            )
            for _ in range(5)
        ]
        near = [
            plants.tree(
                rng, rng.uniform(5, 14), needles if conifers else leaf, wood, 1.2, "conifer" if conifers else "broad"
            )
            for _ in range(3)
        ]
        spots = land.scatter(rng, int(rng.choice([0, 120, 350])), 40, 1500, power=1.5)
        edge = land.Noise(rng)
        for x, y in spots:
            if edge(x / 200, y / 200, 2) > -0.1:  # woods with clearings
                scene.place(far[int(rng.integers(5))], x, y, float(ground(x, y)) - 0.5, rng.uniform(0, 360))
        for x, y in land.scatter(rng, int(rng.choice([0, 4, 14])), 6, 60):
            scene.place(near[int(rng.integers(3))], x, y, float(ground(x, y)) - 0.2, rng.uniform(0, 360))
    dry = (
        plants.foliage(rng, np.array([0.3, 0.26, 0.12]) * rng.uniform(0.5, 1.2))
        if kind in ("desert", "canyon")
        else leaf
    )
    bushes = [plants.bush(rng, rng.uniform(0.4, 1.3), dry) for _ in range(3)]
    for x, y in land.scatter(rng, int(rng.choice([0, 10, 45])) if kind != "snow" else 0, 2, 150, power=1.8):
        scene.place(bushes[int(rng.integers(3))], x, y, float(ground(x, y)) - 0.05, rng.uniform(0, 360))
    if kind != "snow" and not ground.dunes:
        scene.add(land.grass(rng, ground, (0, 0), int(rng.choice([800, 7000])), 5.0, rng.uniform(0.06, 0.35)), dry)


def staffage(rng: np.random.Generator, scene: Scene, palette: Palette, ground: Range, kind: str) -> list[Subject]:
    """Hikers, beasts, a hut, a fence, a signpost, a cairn, a tent."""
    put = lambda parts, x, y, turn: outdoors.put(scene, parts, x, y, float(ground(x, y)) - 0.03, turn)  # noqa: E731
    subjects = outdoors.crowd(rng, scene, palette, land.scatter(rng, int(rng.integers(1, 5)), 1.5, 25), ground, 4)
    sits = figures.person(rng, palette, pose="ground")
    x, y = rng.normal(0, 4, 2)
    subjects.append(put(sits, x, y, rng.uniform(0, 360)))
    beasts = {"desert": ["horse"], "canyon": ["horse", "deer"]}.get(kind, ["cow", "sheep", "deer", "horse", "dog"])
    for x, y in land.scatter(rng, int(rng.choice([0, 1, 4, 8])), 3, 60):
        subjects.append(put(animals.animal(rng, palette, species=str(rng.choice(beasts))), x, y, rng.uniform(0, 360)))
    wall, cover = textured(textures.wood(rng, 8), 2.0), buildings.roofing(rng)
    for x, y in land.scatter(rng, int(rng.choice([0, 1, 1, 3])), 14, 130):
        put(landmarks.hut(rng, palette, wall, cover), x, y, rng.uniform(0, 360))
    if rng.random() < 0.4:
        a, off = rng.uniform(0, 6.28), rng.uniform(3, 8)
        t = np.arange(-30, 31, 2.5)
        line = np.stack([t * np.cos(a) - off * np.sin(a), t * np.sin(a) + off * np.cos(a)], -1)
        scene.add(
            m.fence(land.on(ground, line), rng.uniform(0.8, 1.2), int(rng.integers(2, 4)), 2.5, 0.045),
            palette.matte([0.2, 0.15, 0.1]),
        )
    if rng.random() < 0.45:  # a footpath
        t = np.arange(0, 160, 1.2)
        a = rng.uniform(0, 6.28)
        way = np.stack([t * np.cos(a + 0.4 * np.sin(t / 30)), t * np.sin(a + 0.4 * np.sin(t / 30))], -1)
        rows = [
            land.on(ground, shapes.offset(np.insert(way, 2, 0, 1), s * 0.5)[:, :2]) + np.array([0, 0, 0.04])
            for s in (-1, 0, 1)
        ]
        scene.add(
            m.smooth(np.stack(rows, 1).reshape(-1, 3), m.grid_faces(len(way), 3)),
            palette.matte(np.array([0.3, 0.24, 0.17]) * rng.uniform(0.6, 1.2)),
        )
    if rng.random() < 0.3:
        x, y = rng.normal(0, 5, 2)
        arms = [
            m.box(0.8, 0.03, 0.14).moved(0.4).turned(q).moved(0, 0, z)
            for q, z in zip(rng.uniform(0, 360, 3), (1.6, 1.85, 2.1), strict=True)
        ]
        post = [
            (m.tube([(0, 0, -0.2), (0, 0, 2.3)], 0.05, 7), palette.matte([0.25, 0.18, 0.1])),
            (m.merged(arms), palette.matte([0.6, 0.45, 0.1])),
        ]
        subjects.append(put(post, x, y, 0.0))
    if rng.random() < 0.2:
        x, y = rng.normal(0, 7, 2)
        cloth = m.flat(
            np.array([(-1, -1.2, 0), (1, -1.2, 0), (1, 1.2, 0), (-1, 1.2, 0), (0, -0.9, 1.2), (0, 0.9, 1.2)], float),
            np.array([[0, 1, 4], [1, 2, 5], [1, 5, 4], [2, 3, 5], [3, 0, 4], [3, 4, 5]]),
        )
        subjects.append(put([(cloth, palette.matte())], x, y, rng.uniform(0, 360)))
    if rng.random() < 0.2:
        x, y = rng.uniform(-60, 60), rng.uniform(40, 120)
        put(outdoor.pylon(rng.uniform(18, 30), palette), x, y, rng.uniform(0, 180))
    return subjects
