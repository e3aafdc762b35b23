"""What the outdoor families share: light and air, and the ways in which people hold cameras outside."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from fathom.render import light, meshes, textures
from fathom.render.camera import Camera
from fathom.render.materials import Palette, textured
from fathom.render.objects import figures
from fathom.render.objects.land import Height
from fathom.render.scene import TEXTURE, Material, Mesh, Scene

Parts = list[tuple[Mesh, Material]]


@dataclass(frozen=True)
class Subject:
    """Something worth a portrait: where it stands, the way it faces (0 is -y), how high and how large it is."""

    x: float
    y: float
    z: float
    turn: float
    high: float
    size: float  # the largest of height, width and length


def open_air(rng: np.random.Generator, family: str, sight: tuple[float, float] = (300.0, 20000.0)) -> Scene:
    """An empty scene under some sky; `sight` bounds how many metres one sees through the haze, where there is any."""
    sky = light.sky(rng)
    scene = Scene(family, sky.environment)
    if rng.random() < 0.7:
        scene.haze = 3.9 / float(np.exp(rng.uniform(*np.log(sight))))
        scene.haze_colour = air(sky.environment)
    return scene


def air(environment: np.ndarray) -> tuple[float, float, float]:
    """The sky's colour a little above the horizon, away from the sun: that of far mountains in haze."""
    rows = len(environment)
    low = environment[int(rows * 0.44) : int(rows * 0.49)].reshape(-1, 3)
    r, g, b = np.median(low, 0)
    return float(r), float(g), float(b)


def glowing(quads: list[Mesh]) -> Mesh:
    """Many shining surfaces as one light. Each gets its own part of uv 0..1, because the tracer chooses points on
    lights by their uv: where two share it, one of them would give no light."""
    n = int(np.ceil(np.sqrt(len(quads))))
    cells = [divmod(k, n) for k in range(len(quads))]
    return meshes.merged([replace(q, uv=(q.uv + cell) / n) for q, cell in zip(quads, cells, strict=True)])


def night(rng: np.random.Generator, scene: Scene) -> None:
    """Turn a scene's sky into a night's: what lamps it has must light it."""
    sky = light.night_sky(rng)
    scene.environment, scene.haze_colour = sky.environment, sky.horizon
    scene.lamp_share = 0.85


def asphalt(rng: np.random.Generator) -> Material:
    tone = rng.uniform(0.05, 0.2)
    speckle = rng.normal(0, 0.012, (TEXTURE, TEXTURE, 1)).astype(np.float32)
    return textured(textures.grain(rng, np.full((TEXTURE, TEXTURE, 3), tone, np.float32) + speckle, 0.25), 4.0)


def paving(rng: np.random.Generator) -> Material:
    """Slabs, cobbles, bricks, concrete or gravel in the colours of stone."""
    kind = rng.random()
    if kind < 0.45:
        stone = textures.colour(rng, (0.0, 0.25), (0.15, 0.5))
        count = int(rng.choice([4, 8, 16]))
        cell = np.arange(TEXTURE) * count // TEXTURE
        tone = rng.uniform(0.8, 1.15, (count, count))[cell[:, None], cell][..., None]
        joint = (np.arange(TEXTURE) * count % TEXTURE) < count * 1.6
        body = (stone * tone).astype(np.float32)
        body[joint[:, None] | joint] *= 0.5
        return textured(textures.grain(rng, body, 0.2), count * rng.uniform(0.25, 0.6))
    if kind < 0.65:
        return textured(textures.bricks(rng, 16) * np.float32(rng.uniform(0.5, 0.9)), rng.uniform(1.5, 2.5))
    return textured(textures.concrete(rng) if kind < 0.85 else textures.gravel(rng), rng.uniform(2, 4))


def put(scene: Scene, parts: Parts, x: float, y: float, z: float = 0.0, turn: float = 0.0) -> Subject:
    """Place an object, and say so as a subject."""
    scene.place(parts, x, y, z, turn)
    corners = np.concatenate([[mesh.vertices.min(0), mesh.vertices.max(0)] for mesh, _ in parts])
    return Subject(x, y, z, turn, float(corners[:, 2].max()), float(np.ptp(corners, axis=0).max()))


def crowd(
    rng: np.random.Generator, scene: Scene, palette: Palette, spots, height: Height, pool: int = 7
) -> list[Subject]:
    """People at places (N, 2), alone and in groups that face each other, out of a pool of so many figures."""
    people = [figures.person(rng, palette) for _ in range(pool)]
    subjects = []
    for x, y in np.asarray(spots, float).reshape(-1, 2):
        size = int(rng.choice([1, 2, 3, 4], p=[0.55, 0.28, 0.11, 0.06]))
        start, heading = rng.uniform(0, 360), rng.uniform(0, 360)
        for k in range(size):
            a = np.radians(start + 360 * k / size)
            r = 0 if size == 1 else 0.3 + 0.13 * size
            px, py = x + r * np.sin(a), y - r * np.cos(a)
            turn = heading if size == 1 else np.degrees(a) + 180 + rng.normal(0, 25)
            subjects.append(put(scene, people[int(rng.integers(pool))], px, py, float(height(px, py)), turn))
    return subjects


def lens(rng: np.random.Generator) -> float:
    """A horizontal field of view: mostly a phone's, sometimes wide, sometimes long."""
    low, high = ((50, 75), (75, 98), (24, 45))[int(rng.choice(3, p=[0.5, 0.27, 0.23]))]
    return float(rng.uniform(low, high))


def roll(rng: np.random.Generator) -> float:
    return float(rng.normal(0, 1.5) if rng.random() < 0.85 else rng.normal(0, 8))


def portrait(rng: np.random.Generator, subject: Subject, height: Height) -> Camera:
    """The subject, from the front or side, filling much of the frame."""
    size = max(subject.size, 0.25)
    upright = subject.high > 0.8 * size
    near = upright and 0.8 < size < 2.2 and rng.random() < 0.45  # head and shoulders
    aim = subject.high * (rng.uniform(0.75, 0.95) if near else rng.uniform(0.4, 0.65))
    field = lens(rng)
    framed = size * (rng.uniform(0.35, 0.7) if near else rng.uniform(1.0, 2.2))  # metres of height in the frame
    least = 0.6 if upright else 0.75 * size + 0.2  # what is long may turn its end to the camera
    r = max(framed / (1.5 * np.tan(np.radians(field / 2))), least)
    a = np.radians(subject.turn + rng.normal(0, 45) + (180 if rng.random() < 0.12 else 0))
    x, y = subject.x + r * np.sin(a), subject.y - r * np.cos(a)
    eye = (
        rng.uniform(0.5, 1.1) * float(np.clip(subject.high, 0.5, 2.0)) if rng.random() < 0.75 else rng.uniform(0.3, 2.0)
    )
    at = (x, y, max(float(height(x, y)) + 0.25, subject.z + eye))
    side = rng.normal(0, 0.12) * framed
    target = (subject.x + side * np.cos(a), subject.y + side * np.sin(a), subject.z + aim)
    return Camera.looking_at(at, target, roll(rng), field)


def view(rng: np.random.Generator, x: float, y: float, height: Height, yaw: float, eye: float | None = None) -> Camera:
    """From where one stands: level, or up, or down at the ground; sometimes from low down or on high."""
    if eye is None:
        eye = float(
            rng.choice([rng.uniform(1.3, 1.8), rng.uniform(0.25, 1.0), rng.uniform(2, 6)], p=[0.75, 0.17, 0.08])
        )
    kind = rng.random()
    pitch = rng.normal(-3, 5) if kind < 0.75 else rng.uniform(6, 22) if kind < 0.85 else rng.uniform(-45, -12)
    field = lens(rng)
    if field < 45:
        pitch = rng.normal(-1, 3)
    return Camera((float(x), float(y), float(height(x, y)) + eye), float(yaw), float(pitch), roll(rng), field)


def walls(rng: np.random.Generator, count: int) -> list[Material]:
    """Bricks, boards, concrete, plaster."""
    made = []
    for _ in range(count):
        kind = rng.random()
        if kind < 0.3:
            texture = textures.bricks(rng, 16)
        elif kind < 0.38:
            texture = np.clip(textures.wood(rng, 8) * np.float32(rng.uniform(0.8, 1.6)), 0, 1)
        elif kind < 0.5:
            texture = textures.concrete(rng)
        else:
            texture = textures.plain(rng, textures.colour(rng, (0, 0.5), (0.25, 0.75)), 0.07)
        made.append(textured(texture, rng.uniform(1.5, 2.5)))
    return made


def flat(x, y) -> np.ndarray:
    """Level ground."""
    return np.zeros(np.broadcast(x, y).shape)
