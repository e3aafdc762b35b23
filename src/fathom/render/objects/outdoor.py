"""What stands in streets: buildings, cars, lamp posts, signs, fences."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.materials import Palette, textured
from fathom.render.scene import Material, Mesh

Parts = list[tuple[Mesh, Material]]


def window_glass(rng: np.random.Generator, palette: Palette) -> Material:
    return palette.glossy(rng.choice([[0.02, 0.025, 0.03], [0.05, 0.06, 0.08], [0.12, 0.14, 0.16], [0.3, 0.28, 0.25]]))


def building(rng: np.random.Generator, palette: Palette, wall: Material, w: float, d: float, floors: int) -> Parts:
    """A house whose front is at y = 0 (facing -y) and centred on x."""
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
    balcony = rng.random() < 0.35
    shop = rng.random() < 0.35 and floors > 1
    door_at = int(rng.integers(n))
    for k in range(floors):
        for i in range(n):
            x, z = -w / 2 + step * (i + 0.5), k * storey + storey * 0.28
            if k == 0 and (i == door_at or shop):
                dw, dh = (step * 0.8, storey * 0.75) if shop and i != door_at else (1.0, 2.1)
                frames.append(m.box(dw + 0.16, 0.08, dh + 0.1).moved(x))
                (panes if shop else ledges).append(m.box(dw, 0.1, dh).moved(x, -0.02))
                if shop:
                    parts.append((m.box(step, 0.12, 0.5, unit=True).moved(x, -0.05, dh + 0.15), palette.label()))
                    if rng.random() < 0.4:
                        v = np.array(
                            [
                                [x - step / 2, 0, dh + 0.7],
                                [x + step / 2, 0, dh + 0.7],
                                [x - step / 2, -1.2, dh + 0.15],
                                [x + step / 2, -1.2, dh + 0.15],
                            ]
                        )
                        parts.append((m.flat(v, np.array([[0, 2, 1], [1, 2, 3]])), palette.matte()))
                continue
            frames.append(m.box(ww + 0.14, 0.06, wh + 0.14).moved(x, 0, z - 0.07))
            panes.append(m.box(ww, 0.08, wh).moved(x, -0.005, z))
            bar = m.box(0.05, 0.1, wh).moved(x, -0.01, z)
            frames.append(bar)
            ledges.append(m.box(ww + 0.25, 0.2, 0.07).moved(x, -0.06, z - 0.14))
            if balcony and k > 0 and (i + k) % 2 == 0:
                ledges.append(m.box(ww + 0.6, 1.0, 0.12).moved(x, -0.5, k * storey - 0.05))
                a = ww / 2 + 0.28
                rails.append(
                    m.fence(
                        [
                            (x - a, -0.02, k * storey),
                            (x - a, -0.98, k * storey),
                            (x + a, -0.98, k * storey),
                            (x + a, -0.02, k * storey),
                        ],
                        1.0,
                        2,
                        0.22,
                        0.013,
                    )
                )
    for side in (-1, 1):  # windows of the side walls too
        for k in range(floors):
            for y in np.arange(2, d - 1, 3.5):
                panes.append(m.box(0.08, ww, wh).moved(side * w / 2, y, k * storey + storey * 0.28))
    parts += [(m.merged(frames), trim), (m.merged(panes), glass)] if panes else [(m.merged(frames), trim)]
    if ledges:
        parts.append((m.merged(ledges), trim if rng.random() < 0.5 else palette.any()))
    if rails:
        parts.append((m.merged(rails), palette.matte([0.03, 0.03, 0.03])))
    if floors <= 4 and rng.random() < 0.75:
        parts += roof(rng, palette, w, d, h)
    else:
        parts.append((m.box(w + 0.3, d + 0.3, 0.4).moved(y=d / 2, z=h), trim))
        for _ in range(int(rng.integers(0, 4))):
            s = rng.uniform(0.4, 2)
            parts.append(
                (m.box(s, s, s).moved(rng.uniform(-0.4, 0.4) * w, d * rng.uniform(0.2, 0.8), h + 0.4), palette.matte())
            )
    return parts


def roof(rng: np.random.Generator, palette: Palette, w: float, d: float, h: float) -> Parts:
    """A pitched roof with a chimney, over a house whose front is y = 0."""
    e, up = rng.uniform(0.2, 0.6), d * rng.uniform(0.22, 0.5)
    c = (
        np.array([0.35, 0.13, 0.08]) * rng.uniform(0.4, 1.3)
        if rng.random() < 0.6
        else textures.colour(rng, (0, 0.3), (0.05, 0.3))
    )
    cover = textured(
        textures.grain(
            rng,
            np.broadcast_to(c.astype(np.float32), (256, 256, 3))
            * (0.7 + 0.3 * (np.arange(256) % 16 > 3))[:, None, None],
            0.25,
        ),
        3.0,
    )
    a, b = w / 2 + e, d + e
    if rng.random() < 0.3:  # hipped
        r = max(a - d / 2, 0.1)
        v = np.array([[-a, -e, 0], [a, -e, 0], [a, b, 0], [-a, b, 0], [-r, d / 2, up], [r, d / 2, up]])
        f = [[0, 1, 5], [0, 5, 4], [1, 2, 5], [2, 3, 4], [2, 4, 5], [3, 0, 4]]
    else:
        v = np.array([[-a, -e, 0], [a, -e, 0], [a, b, 0], [-a, b, 0], [-a, d / 2, up], [a, d / 2, up]])
        f = [[0, 1, 5], [0, 5, 4], [1, 2, 5], [2, 3, 4], [2, 4, 5], [3, 0, 4]]
        if rng.random() < 0.4:  # the gable to the street
            v = v[:, [1, 0, 2]]
            v = (v - [d / 2, 0, 0]) * [2 * a / (d + 2 * e), (d + 2 * e) / (2 * a), 1] + [0, d / 2, 0]
            f = [t[::-1] for t in f]
    parts: Parts = [(m.flat(np.add(v, (0, 0, h)), np.array(f)), cover)]
    if rng.random() < 0.6:
        parts.append(
            (
                m.box(0.6, 0.6, up * 0.5 + 1.0).moved(rng.uniform(-0.3, 0.3) * w, d * 0.5, h + up * 0.5),
                palette.matte([0.35, 0.15, 0.1]),
            )
        )
    return parts


def car(rng: np.random.Generator, palette: Palette) -> Parts:
    """A car, van or truck of about 4 m along y, its nose towards -y."""
    kind = rng.random()
    length, w = (
        (rng.uniform(3.6, 4.9), rng.uniform(1.65, 1.9)) if kind < 0.8 else (rng.uniform(5, 7.5), rng.uniform(1.95, 2.3))
    )
    lift, belt = rng.uniform(0.18, 0.3), rng.uniform(0.85, 1.0)
    top = rng.uniform(1.4, 1.7) if kind < 0.8 else rng.uniform(2.2, 3.2)
    paint = palette.glossy(
        rng.choice(
            [
                [0.6, 0.6, 0.6],
                [0.03, 0.03, 0.03],
                [0.3, 0.3, 0.32],
                [0.5, 0.03, 0.03],
                [0.04, 0.1, 0.35],
                [0.75, 0.75, 0.75],
                list(textures.colour(rng)),
            ]
        )
    )
    dark, glass = palette.matte([0.02, 0.02, 0.02]), palette.glossy([0.03, 0.035, 0.04])

    def prism(outline, half: float, inset: float = 0.0) -> Mesh:
        """A side view (y, z) given width; `inset` narrows the upper points."""
        o = np.asarray(outline, float)
        n = len(o)
        narrow = half - inset * (o[:, 1] > belt + 0.05)
        v = np.concatenate([np.stack([s * narrow, o[:, 0], o[:, 1]], -1) for s in (-1, 1)])
        f = [[0, i + 1, i] for i in range(1, n - 1)] + [[n, n + i, n + i + 1] for i in range(1, n - 1)]
        f += [t for i in range(n) for t in ([i, (i + 1) % n, n + i], [(i + 1) % n, n + (i + 1) % n, n + i])]
        return m.flat(v, np.array(f))

    a = length / 2
    hood = rng.uniform(0.2, 0.32) * length if kind < 0.8 else 0.12 * length
    trunk = rng.uniform(0.05, 0.25) * length if kind < 0.8 else 0.02 * length
    lower = [
        (-a, lift),
        (a, lift),
        (a, belt * 0.95),
        (a - 0.1, belt),
        (-a + hood, belt),
        (-a + 0.15, belt * 0.85),
        (-a, belt * 0.7),
    ]
    rake, rake2 = rng.uniform(0.5, 0.9), rng.uniform(0.15, 0.7)
    if kind > 0.8:
        rake, rake2 = 0.4, 0.05
    cabin = [(-a + hood - 0.05, belt), (a - trunk, belt), (a - trunk - rake2, top), (-a + hood + rake, top)]
    shrink = [(y * 0.985 + 0.0, z - 0.06 if z > belt + 0.1 else z) for y, z in cabin]
    parts: Parts = [(prism(lower, w / 2), paint)]
    if kind < 0.8:
        parts.append((prism([(y * 0.99, z) for y, z in shrink], w / 2 - 0.04, 0.16), glass))
        roof_y0, roof_y1 = cabin[3][0], cabin[2][0]
        parts.append(
            (
                m.box(w - 0.38, max(roof_y1 - roof_y0, 0.5) + 0.1, 0.06).moved(y=(roof_y0 + roof_y1) / 2, z=top - 0.08),
                paint,
            )
        )
        pillars = []
        for s in (-1, 1):
            x0, x1 = s * (w / 2 - 0.04), s * (w / 2 - 0.2)
            for y0, y1 in (
                (cabin[0][0], cabin[3][0]),
                (cabin[1][0], cabin[2][0]),
                ((cabin[0][0] + cabin[1][0]) / 2,) * 2,
            ):
                pillars.append(m.tube([(x0, y0 * 0.99, belt), (x1, y1 * 0.99, top - 0.05)], 0.045, 6))
        parts.append((m.merged(pillars), paint))
    else:
        parts.append((prism(cabin, w / 2, 0.05), palette.matte() if rng.random() < 0.5 else paint))
        parts.append((m.box(w * 0.9, 0.08, 0.6).turned(-20, "x").moved(y=-a + hood + 0.1, z=belt + 0.1), glass))
    wheel = m.cylinder(rng.uniform(0.29, 0.36), 0.2, 18).turned(90, "y")
    hub = m.cylinder(0.2, 0.21, 14).turned(90, "y")
    wheels, hubs = [], []
    for y in (-a + 0.18 * length, a - 0.18 * length):
        for x in (-w / 2 + 0.0, w / 2 - 0.2):
            wheels.append(wheel.moved(x, y, 0.33))
            hubs.append(hub.moved(x - 0.005, y, 0.33))
    parts += [(m.merged(wheels), dark), (m.merged(hubs), palette.metal())]
    lights = [m.box(0.35, 0.06, 0.14).moved(s * w * 0.36, -a - 0.01, belt * 0.62) for s in (-1, 1)]
    tails = [m.box(0.25, 0.06, 0.2).moved(s * w * 0.4, a + 0.01, belt * 0.68) for s in (-1, 1)]
    plates = [m.box(0.5, 0.02, 0.11).moved(0, y, 0.45) for y in (-a - 0.02, a + 0.02)]
    parts += [
        (m.merged(lights + plates), palette.glossy([0.75, 0.75, 0.7])),
        (m.merged(tails), palette.glossy([0.5, 0.02, 0.02])),
    ]
    parts += [(m.merged([m.box(w * 0.98, 0.12, 0.2).moved(0, y, lift) for y in (-a, a)]), dark)]
    return parts


def lamp_post(rng: np.random.Generator, palette: Palette) -> Parts:
    h, arm, r = rng.uniform(3.5, 9), rng.uniform(0, 2.0), rng.uniform(0.04, 0.09)
    metal = palette.matte([0.05, 0.06, 0.06]) if rng.random() < 0.5 else palette.metal()
    pole = m.tube(
        [(0, 0, 0), (0, 0, h * 0.93), (0, -arm * 0.3, h * 0.99), (0, -arm, h)], [r, r * 0.7, r * 0.6, r * 0.5], 8
    )
    head = m.box(0.22, 0.5, 0.12).moved(y=-arm, z=h - 0.05) if arm > 0.5 else m.sphere(0.25, 12).moved(y=-arm, z=h)
    return [(pole, metal), (head, palette.matte([0.7, 0.7, 0.65]))]


def sign(rng: np.random.Generator, palette: Palette) -> Parts:
    """A road sign on a thin pole, or a traffic light, facing -y."""
    h = rng.uniform(2.0, 3.2)
    pole = (m.tube([(0, 0, 0), (0, 0, h + 0.3)], 0.03, 8), palette.metal())
    kind = rng.random()
    if kind < 0.35:
        plate = m.cylinder(0.32, 0.02, 24).turned(90, "x").moved(y=-0.03, z=h)
        inner = m.cylinder(0.24, 0.021, 24).turned(90, "x").moved(y=-0.034, z=h)
        return [pole, (plate, palette.glossy([0.6, 0.03, 0.03])), (inner, palette.glossy([0.75, 0.75, 0.75]))]
    if kind < 0.7:
        s = rng.uniform(0.3, 0.7)
        return [
            pole,
            (m.box(s * rng.uniform(0.8, 2.5), 0.02, s, unit=True).moved(y=-0.05, z=h - s / 2), palette.label()),
        ]
    body = m.box(0.3, 0.25, 0.9).moved(y=-0.15, z=h)
    lights = [
        (m.sphere(0.1, 12).moved(y=-0.28, z=h + z), palette.glossy(c))
        for z, c in ((0.72, [0.7, 0.03, 0.02]), (0.45, [0.3, 0.2, 0.02]), (0.18, [0.02, 0.25, 0.08]))
    ]
    return [pole, (body, palette.matte([0.03, 0.03, 0.03])), *lights]


def bollards(palette: Palette, count: int, gap: float) -> Parts:
    """A row of posts along y."""
    return [(m.merged([m.cylinder(0.06, 0.9, 10).moved(y=k * gap) for k in range(count)]), palette.any())]


def bicycle(rng: np.random.Generator, palette: Palette) -> Parts:
    """A bicycle along y."""
    rim, r = palette.matte([0.03, 0.03, 0.03]), 0.34
    wheels = []
    for y in (-0.52, 0.52):
        wheels.append(m.torus(r, 0.018, 24, 6).turned(90, "y").moved(0, y, r + 0.02))
        wheels += [
            m.tube([(0, y, r + 0.02), (0, y + r * np.cos(a), r + 0.02 + r * np.sin(a))], 0.003, 3)
            for a in np.linspace(0, 2 * np.pi, 12)
        ]
    p = {
        "rear": (0, 0.52, 0.36),
        "pedal": (0, 0.05, 0.3),
        "seat": (0, 0.18, 0.9),
        "head": (0, -0.38, 0.88),
        "front": (0, -0.52, 0.36),
        "bar": (0, -0.36, 1.0),
    }
    pairs = (
        ("rear", "pedal"),
        ("rear", "seat"),
        ("pedal", "seat"),
        ("pedal", "head"),
        ("seat", "head"),
        ("front", "head"),
        ("head", "bar"),
    )
    frame = [m.tube([p[a], p[b]], 0.017, 6) for a, b in pairs] + [
        m.tube([(-0.28, -0.3, 1.0), (0.28, -0.3, 1.0)], 0.014, 6)
    ]
    return [
        (m.merged(wheels), rim),
        (m.merged(frame), palette.glossy()),
        (m.rounded_box(0.14, 0.26, 0.06, 0.03).moved(y=0.2, z=0.9), rim),
    ]
