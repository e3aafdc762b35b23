"""Studios and rooms."""

from __future__ import annotations

import numpy as np

from fathom.render import light, textures
from fathom.render import meshes as m
from fathom.render.materials import Palette, textured
from fathom.render.objects import furniture, household, plants
from fathom.render.places.setting import Setting
from fathom.render.scene import Material, Mesh, Scene

Parts = list[tuple[Mesh, Material]]


def softbox(rng: np.random.Generator, at, size: float, strength: float) -> tuple[Mesh, np.ndarray]:
    """A square lamp at a place, facing the origin, and its radiance."""
    at = np.asarray(at, float)
    n = -at / np.linalg.norm(at)
    x = np.cross([0.1, 0.02, 1], n)
    x = x / np.linalg.norm(x) * size
    y = np.cross(n, x)
    tint = rng.choice(np.array([[1.0, 1.0, 1.0], [1.0, 0.85, 0.65], [0.85, 0.93, 1.0]]))
    return m.quad(at - x / 2 - y / 2, x, y, unit=True), tint * strength


def studio(rng: np.random.Generator, family: str, size: float, lift: float) -> Setting:
    """A seamless sweep of paper or cloth, lamps around."""
    scene, palette = Scene(family, light.indoor_ambient(rng) * rng.uniform(0.5, 2.5)), Palette(rng)
    back, wide, bend = size * rng.uniform(1.2, 3), size * 9, size * rng.uniform(0.3, 1.2)
    a = np.linspace(0, np.pi / 2, 12)
    y = np.concatenate([[-8 * size], back + bend * np.sin(a), [back + bend]])
    z = np.concatenate([[0.0], bend - bend * np.cos(a), [9 * size]])
    along = np.concatenate([[0], np.cumsum(np.hypot(np.diff(y), np.diff(z)))])
    v = np.stack([np.tile([-wide, wide], len(y)), np.repeat(y, 2), np.repeat(z, 2)], -1)
    paper = (
        textures.plain(rng, textures.colour(rng, (0, 0.6), (0.15, 0.9)), 0.03)
        if rng.random() < 0.7
        else (textures.any_texture(rng))
    )
    uv = np.stack([v[:, 0], np.repeat(along, 2)], -1)
    scene.add(m.smooth(v, m.grid_faces(len(y), 2), uv), textured(paper, rng.uniform(1, 3) * max(size, 0.3)))
    for _ in range(int(rng.integers(1, 4))):
        b = rng.uniform(-2.2, 2.2)
        at = np.array([np.sin(b), -np.cos(b) * 0.8, rng.uniform(0.7, 1.6)]) * rng.uniform(3, 5) * size
        scene.add_light(*softbox(rng, at, rng.uniform(0.6, 2.0) * size, rng.uniform(8, 25)))
    scene.lamp_share = 0.75
    reach = 5 * size
    return Setting(scene, palette, "studio", np.array([-reach, -reach, 0.03]), np.array([reach, back, reach]), 60.0)


def _wall_furniture(rng: np.random.Generator, palette: Palette, wood: Material, cloth: Material) -> Parts:
    """Something with its back to y = 0."""
    kind = int(rng.integers(7))
    if kind == 0:
        return furniture.shelf(rng, palette, wood)
    if kind == 1:
        h = float(rng.choice([0.5, 0.8, 1.1, 2.0]))
        body = wood if rng.random() < 0.5 else palette.any()
        parts = furniture.cabinet(rng, palette, body, rng.uniform(0.5, 1.6), h, rng.uniform(0.35, 0.55))
        if h < 1.2:
            for x in (-0.2, 0.15):
                thing = household.small(rng, palette, rng.uniform(0.15, 0.4))
                parts += [(mesh.moved(x, -0.22, h), a) for mesh, a in thing]
        return parts
    if kind == 2:
        return [(mesh.moved(y=-0.5), a) for mesh, a in furniture.sofa(rng, palette, cloth)]
    if kind == 3:
        return [(mesh.moved(y=-0.4), a) for mesh, a in plants.pot_plant(rng, palette, rng.uniform(0.6, 1.6))]
    if kind == 4:
        return [(mesh.moved(y=-0.35), a) for mesh, a in furniture.chair(rng, palette, wood)]
    if kind == 5:
        return [(mesh.moved(y=-0.3), a) for mesh, a in household.lamp(rng, palette, rng.uniform(1.2, 1.7))]
    return furniture.kitchen(rng, palette, palette.any(), wood, rng.uniform(1.2, 2.4))


def chamber(rng: np.random.Generator, family: str, size: float, lift: float) -> Setting:
    """A closed room with things along its walls; daylight through windows, or lamps."""
    scene, palette = Scene(family, light.indoor_ambient(rng)), Palette(rng)
    scene.lamp_share = 0.97
    x0, x1, y0, y1 = (float(v) for v in rng.uniform(1.3, 3.6, 4) + size * rng.uniform(0.8, 1.3, 4))
    h, night = float(rng.uniform(2.3, 3.0)) + max(size - 1.5, 0), rng.random() < 0.25
    wood, cloth = textured(textures.wood(rng, 0), rng.uniform(0.6, 1.4)), furniture.cloth(rng)
    floor = (textures.wood(rng, 6), textures.tiles(rng), textures.weave(rng), textures.mottled(rng))[rng.integers(4)]
    shine = str(rng.choice(["matte", "glossy"]))
    scene.add(m.quad((-x0, -y0, -lift), (x0 + x1, 0, 0), (0, y0 + y1, 0)), textured(floor, rng.uniform(0.8, 2), shine))
    pale = textures.plain(rng, textures.colour(rng, (0, 0.15), (0.6, 0.85)), 0.04)
    scene.add(m.quad((-x0, y1, h - lift), (x0 + x1, 0, 0), (0, -y0 - y1, 0)), textured(pale))
    paints = [
        textured(textures.plain(rng, textures.colour(rng, (0, 0.5), (0.2, 0.85)), 0.05), 2.0),
        textured(textures.any_texture(rng), rng.uniform(1, 2.5)),
    ]
    bright, lit = rng.uniform(4, 10), False
    for k, (length, turn, x, y) in enumerate(
        ((x0 + x1, 0, -x0, y1), (y0 + y1, 90, -x0, -y0), (x0 + x1, 180, x1, -y0), (y0 + y1, -90, x1, y1))
    ):
        paint = paints[0] if rng.random() < 0.7 else paints[1]
        parts: Parts = [
            (m.quad((-0.01, 0, -0.01), (length + 0.02, 0, 0), (0, 0, h + 0.02)), paint),
            (m.box(length, 0.02, 0.08).moved(length / 2, -0.01), wood),
        ]
        put = lambda mesh, t=turn, x=x, y=y: mesh.turned(t).moved(x, y, -lift)  # noqa: E731
        if not night and (rng.random() < 0.45 or (k == 3 and not lit)):
            lit = True
            w, tall, sill = rng.uniform(0.9, min(2.4, length - 0.6)), rng.uniform(1.0, 1.5), rng.uniform(0.3, 0.9)
            at = rng.uniform(0.2, length - w - 0.2)
            scene.add_light(
                put(m.quad((at, -0.01, sill), (w, 0, 0), (0, 0, tall), unit=True)), light.outside(rng, bright)
            )
            bars = [m.box(w + 0.1, 0.05, 0.05).moved(at + w / 2, -0.02, sill + z) for z in (-0.05, tall)]
            bars += [m.box(0.05, 0.05, tall).moved(at + dx, -0.02, sill) for dx in (0.0, w / 2, w)]
            parts.append((m.merged(bars), palette.matte([0.75, 0.75, 0.73])))
            for dx in (-0.15, w + 0.15) if rng.random() < 0.5 else ():
                parts += [
                    (c.moved(at + dx, -0.1), a) for c, a in furniture.curtain(rng, cloth, 0.45, sill + tall + 0.1)
                ]
        else:
            for spot in np.arange(0.7, length - 0.6, rng.uniform(0.9, 2.2)):
                if rng.random() < 0.6:
                    parts += [(c.moved(spot, -0.02), a) for c, a in _wall_furniture(rng, palette, wood, cloth)]
                elif rng.random() < 0.6:
                    make = furniture.mirror if rng.random() < 0.2 else household.framed
                    picture = make(rng, palette, rng.uniform(0.3, 0.8), rng.uniform(0.3, 0.7))
                    parts += [(c.moved(spot, -0.003, 1.5), a) for c, a in picture]
        for mesh, a in parts:
            scene.add(put(mesh), a)
    if night or rng.random() < 0.4:
        glow = rng.choice(np.array([[1, 0.95, 0.9], [1, 0.8, 0.55], [0.9, 0.97, 1.0]])) * rng.uniform(12, 30)
        lx, ly = rng.uniform(-0.7, 0.7, 2)
        scene.add_light(m.sphere(0.17, 12).moved(lx, ly, h - lift - 0.3), glow)
        scene.add(m.tube([(lx, ly, h - lift - 0.15), (lx, ly, h - lift)], 0.012, 6), palette.metal())
        scene.add_light(m.quad((-x0 * 0.6, 0.5, h - lift - 0.02), (0.9, 0, 0), (0, -0.9, 0), unit=True), glow * 0.6)
    return Setting(
        scene,
        palette,
        "room",
        np.array([0.25 - x0, 0.25 - y0, 0.1 - lift]),
        np.array([x1 - 0.25, y1 - 0.25, h - lift - 0.2]),
    )
