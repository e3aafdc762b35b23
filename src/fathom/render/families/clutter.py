"""Heaps of generic solids: lying about, stacked, on shelves, or floating before anything. Shape for its own sake."""

from __future__ import annotations

import numpy as np

from fathom.render import light, textures
from fathom.render import meshes as m
from fathom.render.camera import Camera
from fathom.render.materials import Palette, textured
from fathom.render.objects import household, solids
from fathom.render.places import INDOORS, OUTDOORS, Setting, orbit, scatter, setting, softbox
from fathom.render.scene import GLASS, MIRROR, Material, Mesh, Scene


def stuff(rng: np.random.Generator, palette: Palette) -> Material:
    """Any material, sometimes a mirror or glass."""
    kind = rng.random()
    return MIRROR if kind < 0.03 else GLASS if kind < 0.06 else palette.label() if kind < 0.12 else palette.any()


def thing(rng: np.random.Generator, palette: Palette, size: float) -> list[tuple[Mesh, Material]]:
    """A solid, sometimes with another on top."""
    parts = solo(rng, palette, size)
    if rng.random() < 0.25:
        top = max(float(mesh.vertices[:, 2].max()) for mesh, _ in parts)
        parts += [(mesh.moved(z=0.985 * top), a) for mesh, a in solo(rng, palette, size * rng.uniform(0.3, 0.8))]
    return parts


def solo(rng: np.random.Generator, palette: Palette, size: float) -> list[tuple[Mesh, Material]]:
    if rng.random() < 0.15:
        return household.small(rng, palette, size)
    return [(solids.solid(rng, size), stuff(rng, palette))]


def lying(rng: np.random.Generator, s: Setting, size: float, cameras: int) -> None:
    """Things spread over the support, the middle ones piled up."""
    half = np.minimum(s.top, 3.0 * size)
    count = int(np.exp(rng.uniform(np.log(6), np.log(60))))
    each = size * rng.uniform(0.5, 1.0)
    spots = scatter(rng, count, 0.95 * half, each * rng.uniform(0.45, 0.8))
    for x, y in spots:
        big = each * float(np.exp(rng.normal(-0.1, 0.4)))
        s.scene.place(thing(rng, s.palette, min(big, 1.2 * size)), x, y, 0, rng.uniform(0, 360))
    for _ in range(cameras):
        x, y = spots[int(rng.integers(len(spots)))]
        target = (0.8 * x, 0.8 * y, each * rng.uniform(0.1, 0.5))
        s.scene.cameras.append(orbit(rng, s, target, 1.4 * each, 5 * each, 3, 80))


def stacked(rng: np.random.Generator, s: Setting, size: float, cameras: int) -> None:
    """Shelves or steps full of things."""
    width, rows, depth, step = 3 * size, int(rng.integers(2, 5)), 0.8 * size, 0.9 * size
    board, t = s.palette.any(), 0.03 * size
    for k in range(rows):
        s.scene.add(m.box(width, depth, t).moved(z=k * step), board)
        for y in (0.18 * size, -0.2 * size):
            x = -width / 2 + rng.uniform(0.25, 0.5) * size
            while x < width / 2 - 0.25 * size:
                each = size * rng.uniform(0.2, 0.65)
                s.scene.place(solo(rng, s.palette, each), x, y, k * step + t, rng.uniform(0, 360))
                x += 0.5 * each + size * rng.uniform(0.2, 0.45)
    s.scene.add(m.merged([m.box(t, depth, rows * step).moved(e * width / 2) for e in (-1, 1)]), board)
    if rng.random() < 0.7:
        s.scene.add(m.box(width, t, rows * step).moved(y=depth / 2), stuff(rng, s.palette))
    s.spread = 60.0
    for _ in range(cameras):
        target = (rng.uniform(-0.4, 0.4) * width, 0, rng.uniform(0.1, 0.8) * rows * step)
        s.scene.cameras.append(orbit(rng, s, target, 1.0 * size, 4 * size, -20, 40))


def floating(rng: np.random.Generator, cameras: int) -> Scene:
    """Anything anywhere in front of the camera: the only family that need not obey gravity."""
    palette, size = Palette(rng), float(np.exp(rng.uniform(np.log(0.1), np.log(10))))
    outdoors = rng.random() < 0.5
    sky = light.sky(rng).environment
    scene = Scene("clutter", sky if outdoors else light.indoor_ambient(rng) * rng.uniform(0.5, 3))
    scene.bounces = 4
    for _ in range(int(rng.integers(1, 4))):
        at = rng.normal(0, 1, 3) * [1.5, 1, 1.5] + [0, -3, 2.5]
        scene.add_light(*softbox(rng, at * size, rng.uniform(0.7, 2) * size, rng.uniform(5, 20)))
    back = textured(
        textures.any_texture(rng) if rng.random() < 0.6 else textures.picture(rng), rng.uniform(1, 5) * size
    )
    far = float(rng.uniform(2, 9)) * size
    if not outdoors or rng.random() < 0.5:
        wall = m.quad((-15 * size, far, -15 * size), (30 * size, 0, 0), (0, 0, 30 * size))
        scene.add(wall.turned(rng.uniform(-30, 30)).turned(rng.uniform(-25, 25), "x"), back)
    if rng.random() < 0.6:
        ground = textured(textures.any_texture(rng), rng.uniform(1, 5) * size)
        plane = m.quad((-40 * size, -40 * size, 0), (80 * size, 0, 0), (0, 80 * size, 0))
        scene.add(plane.turned(rng.normal(0, 6), "y").moved(z=-rng.uniform(1.0, 3) * size), ground)
    for _ in range(int(np.exp(rng.uniform(np.log(8), np.log(90))))):
        mesh = solids.solid(rng, size * float(np.exp(rng.uniform(np.log(0.15), np.log(1.3)))))
        mesh = mesh.turned(rng.uniform(0, 360), "x").turned(rng.uniform(0, 360))
        at = rng.uniform(-1, 1, 3) * [2.2, 1.4, 1.6] * size
        at *= 1 + 0.35 * at[1] / size  # further ones more widely spread, as in a camera's cone
        scene.add(mesh.moved(*np.add(at, (0, 0.7 * size, 0))), stuff(rng, palette))
    for _ in range(cameras):
        at = np.array([*rng.uniform(-0.8, 0.8, 2), 0.0])[[0, 2, 1]] * size + [
            0,
            -rng.uniform(2.2, 3.6) * size,
            0.2 * size,
        ]
        aperture = 0.02 * size * rng.random() if rng.random() < 0.35 else 0.0
        target = rng.normal(0, 0.3, 3) * size
        scene.cameras.append(Camera.looking_at(at, target, rng.uniform(-25, 25), rng.uniform(40, 80), aperture))
    return scene


def clutter(rng: np.random.Generator, cameras: int) -> Scene:
    kind = rng.random()
    if kind < 0.3:
        return floating(rng, cameras)
    outdoors = rng.random() < 0.35
    size = float(np.exp(rng.uniform(np.log(0.08), np.log(3.0 if outdoors else 0.6))))
    s = setting(rng, "clutter", 1.5 * size, OUTDOORS if outdoors else INDOORS, 0.5 if size < 0.5 else 0.0)
    (stacked if kind < 0.45 else lying)(rng, s, size, cameras)
    return s.scene
