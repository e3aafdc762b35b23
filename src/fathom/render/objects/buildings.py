"""Buildings, from huts to towers, their fronts at y = 0 facing -y and centred on x, and what belongs to them."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.materials import Palette, textured
from fathom.render.scene import TEXTURE, Material, Mesh

Parts = list[tuple[Mesh, Material]]
FACADE = 12.0  # metres of wall that one repetition of a facade texture covers


def window_glass(rng: np.random.Generator, palette: Palette) -> Material:
    return palette.glossy(rng.choice([[0.02, 0.025, 0.03], [0.05, 0.06, 0.08], [0.12, 0.14, 0.16], [0.3, 0.28, 0.25]]))


def facade(rng: np.random.Generator, lit: float = 0.0) -> Material:
    """A wall with four rows of painted windows, for buildings too far away to give them real ones."""
    wall = textures.plain(rng, textures.colour(rng, (0, 0.45), (0.12, 0.7)), 0.1)
    if rng.random() < 0.3:
        wall = textures.bricks(rng, 16)
    image, cell = wall.copy(), TEXTURE // 4
    columns = int(rng.choice([4, 4, 8]))
    wide, office = TEXTURE // columns, rng.random() < 0.3
    w, h = (
        (int(wide * rng.uniform(0.35, 0.6)), int(cell * rng.uniform(0.4, 0.6)))
        if not office
        else (wide - 3, int(cell * 0.62))
    )
    frame, glass = textures.colour(rng, (0, 0.2), (0.2, 0.8)), rng.uniform(0.015, 0.07, 3)
    for row in range(4):
        for column in range(columns):
            x, y = column * wide + (wide - w) // 2, row * cell + (cell - h) // 2
            image[y - 2 : y + h + 2, max(x - 2, 0) : x + w + 2] = frame
            tone = glass * rng.uniform(0.5, 2.5)
            image[y : y + h, x : x + w] = tone if rng.random() > lit else [0.9, 0.75, 0.45]
            image[y : y + h, x + w // 2] = frame
    if not office:
        image[::cell, :] *= 0.7
    return textured(np.clip(image, 0, 1).astype(np.float32), FACADE, "glossy" if office else "matte")


def roofing(rng: np.random.Generator) -> Material:
    """Tiles, slates or sheet metal."""
    red = rng.random() < 0.6
    c = np.array([0.35, 0.13, 0.08]) * rng.uniform(0.4, 1.3) if red else textures.colour(rng, (0, 0.3), (0.05, 0.3))
    rows = (0.7 + 0.3 * (np.arange(TEXTURE) % 16 > 3)).astype(np.float32)[:, None, None]
    return textured(textures.grain(rng, np.broadcast_to(c.astype(np.float32), (TEXTURE, TEXTURE, 3)) * rows, 0.25), 3.0)


def gable(w: float, d: float, h: float, eaves: float, rise: float, hip: float = 0.0, across: bool = False) -> Mesh:
    """A pitched roof on walls of height h; its ridge runs along x, or along y when `across`."""
    a, b = (d / 2 if across else w / 2) + eaves, (w if across else d) / 2 + eaves
    r = max(a - hip * b, 0.05)
    v = np.array([[-a, -b, 0], [a, -b, 0], [a, b, 0], [-a, b, 0], [-r, 0, rise], [r, 0, rise]])
    f = [[0, 1, 5], [0, 5, 4], [2, 3, 4], [2, 4, 5], [1, 2, 5], [3, 0, 4], [0, 2, 1], [0, 3, 2]]
    mesh = m.flat(v, np.array(f))
    return (mesh.turned(90) if across else mesh).moved(0, d / 2, h)


def roof(
    rng: np.random.Generator, palette: Palette, w: float, d: float, h: float, cover: Material | None = None
) -> Parts:
    """A pitched or hipped roof with a chimney or two, over a house whose front is y = 0."""
    cover = roofing(rng) if cover is None else cover
    across = rng.random() < 0.3
    rise = (w if across else d) * rng.uniform(0.22, 0.48)
    parts: Parts = [(gable(w, d, h, rng.uniform(0.25, 0.6), rise, float(rng.choice([0, 0, 0.9])), across), cover)]
    stacks = []
    for _ in range(int(rng.choice([0, 1, 1, 2]))):
        x, y = (
            (rng.uniform(-0.2, 0.2) * w, d * rng.uniform(0.3, 0.7)) if across else (rng.uniform(-0.4, 0.4) * w, d * 0.5)
        )
        stacks += [m.box(0.6, 0.6, rise + 0.8).moved(x, y, h), m.box(0.75, 0.75, 0.12).moved(x, y, h + rise + 0.8)]
        stacks.append(m.cylinder(0.12, 0.4, 8).moved(x, y, h + rise + 0.9))
    if stacks:
        parts.append((m.merged(stacks), palette.matte([0.3, 0.15, 0.1])))
    if rng.random() < 0.3:
        mast = [m.tube([(0, d / 2, h + rise), (0, d / 2, h + rise + 2.2)], 0.02, 5)]
        mast += [m.tube([(-0.5, d / 2, h + rise + z), (0.5, d / 2, h + rise + z)], 0.008, 4) for z in (1.4, 1.7, 2.0)]
        parts.append((m.merged(mast), palette.metal()))
    return parts


def building(
    rng: np.random.Generator,
    palette: Palette,
    wall: Material,
    w: float,
    d: float,
    floors: int,
    cover: Material | None = None,
) -> Parts:
    """A house with windows and a door, or a shop at street level; sometimes with balconies."""
    storey = rng.uniform(2.7, 3.5)
    h = floors * storey + rng.uniform(0.2, 0.8)
    parts: Parts = [(m.box(w, d, h).moved(y=d / 2), wall)]
    trim, glass = palette.matte(textures.colour(rng, (0, 0.3), (0.3, 0.85))), window_glass(rng, palette)
    n = max(1, round(w / rng.uniform(1.8, 3.2)))
    step = w / n
    ww, wh = step * rng.uniform(0.35, 0.7), storey * rng.uniform(0.4, 0.62)
    frames: list[Mesh] = []
    panes: list[Mesh] = []
    ledges: list[Mesh] = []
    rails: list[Mesh] = []
    shutters: list[Mesh] = []
    balcony, shutter = rng.random() < 0.35, rng.random() < 0.25
    shop = rng.random() < 0.35 and floors > 1
    door_at = int(rng.integers(n))
    cross = rng.random() < 0.5
    for k in range(floors):
        for i in range(n):
            x, z = -w / 2 + step * (i + 0.5), k * storey + storey * 0.28
            if k == 0 and (i == door_at or shop):
                front = shop and i != door_at
                dw, dh = (step * 0.8, storey * 0.75) if front else (1.0, 2.1)
                frames += [m.box(dw + 0.16, 0.08, dh + 0.1).moved(x), m.box(dw + 0.6, 0.5, 0.14).moved(x, -0.22)]
                (panes if shop else ledges).append(m.box(dw, 0.1, dh).moved(x, -0.02))
                if shop:
                    parts.append((m.box(step, 0.12, 0.5, unit=True).moved(x, -0.05, dh + 0.15), palette.label()))
                    if rng.random() < 0.4:
                        slope = m.quad((x - step / 2, -1.2, dh + 0.15), (step, 0, 0), (0, 1.2, 0.55))
                        parts.append((slope, palette.matte()))
                continue
            panes.append(m.box(ww, 0.02, wh).moved(x, 0.0, z))
            # The pane is set back: what stands out of the wall is the frame around it.
            bars = [m.box(ww + 0.12, 0.1, 0.07).moved(x, -0.02, z + q) for q in (-0.06, wh - 0.01)]
            bars += [m.box(0.07, 0.1, wh).moved(x + s * ww / 2, -0.02, z) for s in (-1, 1)]
            bars.append(m.box(0.045, 0.07, wh).moved(x, -0.01, z))
            if cross:
                bars.append(m.box(ww, 0.07, 0.045).moved(x, -0.01, z + wh * 0.62))
            frames += bars
            ledges.append(m.box(ww + 0.25, 0.22, 0.07).moved(x, -0.07, z - 0.12))
            if shutter:
                shutters += [m.box(ww * 0.48, 0.05, wh).moved(x + s * (ww * 0.76 + 0.04), -0.04, z) for s in (-1, 1)]
            if balcony and k > 0 and (i + k) % 2 == 0:
                a, floor = ww / 2 + 0.28, k * storey
                ledges.append(m.box(ww + 0.6, 1.0, 0.12).moved(x, -0.5, floor - 0.05))
                corners = [(x - a, -0.02, floor), (x - a, -0.98, floor), (x + a, -0.98, floor), (x + a, -0.02, floor)]
                rails.append(m.fence(corners, 1.0, 2, 0.22, 0.013))
    for side in (-1, 1):
        for k in range(floors):
            for y in np.arange(2, d - 1, 3.5):
                panes.append(m.box(0.02, ww, wh).moved(side * w / 2, y, k * storey + storey * 0.28))
    pipe = [m.tube([(w / 2 - 0.15, -0.06, 0), (w / 2 - 0.15, -0.06, h)], 0.045, 6)]
    parts += [(m.merged(frames), trim), (m.merged(panes), glass), (m.merged(pipe), palette.matte([0.25, 0.25, 0.25]))]
    for meshes, material in (
        (ledges, trim if rng.random() < 0.5 else palette.any()),
        (rails, palette.matte([0.03, 0.03, 0.03])),
        (shutters, palette.matte()),
    ):
        if meshes:
            parts.append((m.merged(meshes), material))
    if floors <= 4 and rng.random() < 0.75:
        return parts + roof(rng, palette, w, d, h, cover)
    parts.append((m.box(w + 0.3, d + 0.3, 0.4).moved(y=d / 2, z=h), trim))
    return parts + rooftop(rng, palette, w, d, h + 0.4)


def rooftop(rng: np.random.Generator, palette: Palette, w: float, d: float, h: float) -> Parts:
    """What stands on a flat roof: a parapet, air conditioners, vents, an aerial, a hut for the lift."""
    rim = [m.box(w, 0.25, 0.7).moved(0, y, h) for y in (0.13, d - 0.13)]
    rim += [m.box(0.25, d, 0.7).moved(s * (w / 2 - 0.13), d / 2, h) for s in (-1, 1)]
    things = []
    for _ in range(int(rng.integers(1, 6))):
        s = rng.uniform(0.6, 2.2)
        x, y = rng.uniform(-0.38, 0.38) * w, d * rng.uniform(0.15, 0.85)
        things.append(
            m.box(s, s * 0.7, s * 0.7).moved(x, y, h)
            if rng.random() < 0.7
            else m.cylinder(s * 0.5, s, 14).moved(x, y, h)
        )
    if w * d > 120:
        things.append(m.box(4, 3, 2.8).moved(rng.uniform(-0.2, 0.2) * w, d * 0.5, h))
        things.append(m.tube([(0.1 * w, d * 0.4, h), (0.1 * w, d * 0.4, h + 6)], 0.06, 5))
    return [
        (m.merged(rim), palette.matte([0.35, 0.34, 0.32])),
        (m.merged(things), palette.matte(textures.colour(rng, (0, 0.2), (0.2, 0.7)))),
    ]


def block(
    rng: np.random.Generator, palette: Palette, wall: Material, w: float, d: float, h: float, cover: Material | None
) -> Parts:
    """A building with painted windows, for a distance: pitched with a cover, else flat."""
    parts: Parts = [(m.box(w, d, h).moved(y=d / 2), wall)]
    if cover is not None:
        across = w < d
        rise = min(w, d) * rng.uniform(0.22, 0.45)
        parts.append((gable(w, d, h, 0.4, rise, float(rng.choice([0, 0, 0.9])), across), cover))
        parts.append(
            (m.box(0.7, 0.7, rise + 0.7).moved(rng.uniform(-0.2, 0.2) * w, d / 2, h), palette.matte([0.3, 0.16, 0.11]))
        )
        return parts
    parts.append(
        (
            m.box(w * 0.998, d * 0.998, 0.05).moved(y=d / 2, z=h),
            palette.matte(textures.colour(rng, (0, 0.15), (0.08, 0.5))),
        )
    )
    return parts + rooftop(rng, palette, w, d, h)


def porch(rng: np.random.Generator, palette: Palette, w: float, deep: float, cover: Material) -> Parts:
    """A wooden porch before a house: a deck, steps, posts, a railing, a roof. It reaches from y = 0 to -deep."""
    h, deck = rng.uniform(2.4, 2.8), rng.uniform(0.2, 0.6)
    wood = palette.matte([0.7, 0.69, 0.66]) if rng.random() < 0.6 else palette.matte([0.25, 0.16, 0.09])
    xs = np.linspace(-w / 2 + 0.1, w / 2 - 0.1, max(int(w / 2), 2) + 1)
    beams = [
        m.box(w, deep, 0.08).moved(0, -deep / 2, deck - 0.08),
        m.box(w, 0.12, 0.18).moved(0, -deep + 0.1, deck + h - 0.1),
    ]
    beams += [m.box(0.12, 0.12, h).moved(x, -deep + 0.1, deck) for x in xs]
    steps = int(deck / 0.17) + 1
    beams += [m.box(1.4, 0.3, deck * (1 - k / steps)).moved(0, -deep - 0.15 - 0.3 * k) for k in range(steps)]
    rails = [
        m.fence([(x0, -deep + 0.1, deck), (x1, -deep + 0.1, deck)], 0.9, 2, 0.14, 0.014)
        for x0, x1 in ((xs[0], -0.75), (0.75, xs[-1]))
    ]
    slope = m.box(w + 0.4, np.hypot(deep + 0.3, 0.6), 0.08).turned(np.degrees(np.arctan2(0.6, deep + 0.3)), "x")
    return [(m.merged(beams + rails), wood), (slope.moved(0, -deep / 2 - 0.1, deck + h + 0.3), cover)]
