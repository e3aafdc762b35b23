"""What moves: cars, vans, lorries, buses, bicycles, along y with their noses towards -y."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render.materials import Palette
from fathom.render.objects import shapes
from fathom.render.scene import Material, Mesh

Parts = list[tuple[Mesh, Material]]
PAINTS = np.array(
    [[0.6, 0.6, 0.6], [0.03, 0.03, 0.03], [0.25, 0.25, 0.27], [0.45, 0.03, 0.03], [0.04, 0.1, 0.35], [0.75, 0.75, 0.75]]
)


def paint(rng: np.random.Generator, palette: Palette) -> Material:
    return palette.glossy(PAINTS[int(rng.integers(6))] * rng.uniform(0.8, 1.15) if rng.random() < 0.8 else None)


def wheels(palette: Palette, places, radius: float, width: float = 0.2) -> Parts:
    """Tyres and hubs whose outer faces are at (x, y)."""
    tyres, hubs = [], []
    for x, y in places:
        s = np.sign(x)
        across = m.cylinder(radius, width, 20).turned(90, "y")
        tyres.append(across.moved(x - (width if s > 0 else 0), y, radius))
        hub = m.lathe([(0, 0.03), (radius * 0.2, 0.025), (radius * 0.62, 0.0), (radius * 0.64, -0.03)], 12)
        hubs.append(hub.turned(90 * s, "y").moved(x + s * 0.005, y, radius))
    return [(m.merged(tyres), palette.matte([0.025, 0.025, 0.025])), (m.merged(hubs), palette.metal([0.5, 0.5, 0.52]))]


def ends(palette: Palette, w: float, front: float, rear: float, z: float) -> Parts:
    """Head lamps, tail lamps and number plates."""
    lamps = [m.rounded_box(0.36, 0.1, 0.15, 0.04).moved(s * w * 0.36, front + 0.05, z) for s in (-1, 1)]
    tails = [m.rounded_box(0.26, 0.08, 0.2, 0.03).moved(s * w * 0.4, rear - 0.03, z + 0.05) for s in (-1, 1)]
    plates = [m.box(0.5, 0.02, 0.11).moved(0, y, 0.42) for y in (front - 0.01, rear + 0.01)]
    return [
        (m.merged(lamps), palette.glossy([0.75, 0.75, 0.72])),
        (m.merged(plates), palette.glossy([0.75, 0.72, 0.6])),
        (m.merged(tails), palette.glossy([0.5, 0.02, 0.02])),
    ]


def car(rng: np.random.Generator, palette: Palette, kind: str | None = None) -> Parts:
    """A hatchback, saloon, estate, off-roader, pickup or van."""
    if kind is None:
        kind = str(
            rng.choice(["hatch", "saloon", "estate", "suv", "pickup", "van"], p=[0.28, 0.25, 0.15, 0.18, 0.04, 0.1])
        )
    length, w, belt, top, bonnet, boot = {  # the last two: where the glass begins and ends, as shares of the length
        "hatch": (4.0, 1.75, 0.92, 1.48, 0.22, 0.97),
        "saloon": (4.7, 1.82, 0.92, 1.44, 0.26, 0.86),
        "estate": (4.6, 1.8, 0.93, 1.49, 0.25, 0.985),
        "suv": (4.5, 1.9, 1.08, 1.72, 0.23, 0.98),
        "pickup": (5.2, 1.95, 1.1, 1.8, 0.24, 0.62),
        "van": (5.2, 1.98, 1.25, 2.2, 0.12, 0.995),
    }[kind]
    length *= rng.uniform(0.94, 1.05)
    body, dark, glass = paint(rng, palette), palette.matte([0.02, 0.02, 0.02]), palette.glossy([0.03, 0.035, 0.04])
    lift, a = (0.3 if kind in ("suv", "pickup") else 0.2), length / 2
    y = lambda t: -a + t * length  # noqa: E731
    nose = belt * (0.82 if kind != "van" else 0.95)

    def row(t: float, half: float, high: float) -> tuple[float, float, float, float]:
        return y(t), half * w / 2, (high - lift) / 2, (high + lift) / 2

    shell = [
        row(1.0, 0.8, belt * 0.9), row(0.985, 0.93, belt * 0.97), row(0.9, 0.985, belt), row(0.6, 1.0, belt),
        row(bonnet + 0.02, 1.0, belt), row(bonnet * 0.6, 0.985, nose + 0.6 * (belt - nose)), row(0.05, 0.94, nose),
        row(0.012, 0.85, nose * 0.92), row(0.0, 0.75, nose * 0.8),
    ]  # fmt: skip
    parts: Parts = [(shapes.along_y(shell, 22, 5.0), body)]
    high = top - belt
    rake, back = (0.13, 0.02) if kind == "van" else (0.16, {"saloon": 0.13, "hatch": 0.07, "suv": 0.06}.get(kind, 0.04))
    begin, finish = bonnet, boot
    pillar = 0.014
    middle = (begin + rake + finish - back) / 2
    stations = [
        finish,
        finish - back,
        finish - back - 2 * pillar,
        middle + pillar,
        middle - pillar,
        begin + rake,
        begin,
    ]
    heights = [0.05, 0.97, 1.0, 1.0, 1.0, 0.95, 0.03]
    rows = [
        (y(t), (0.95 - 0.02 * k) * w / 2, h * high, belt - 0.02)
        for t, h, k in zip(stations, heights, (2, 1, 0, 0, 0, 0, 1), strict=True)
    ]
    cabin = shapes.along_y(rows, 28, 7.0 if kind == "van" else 3.2)
    centre = cabin.vertices[cabin.faces].mean(1)
    up, aside = (centre[:, 2] - belt) / high, np.abs(centre[:, 0]) / (w / 2)
    t = (centre[:, 1] + a) / length
    post = (np.abs(t - middle) < pillar) | (np.abs(t - (finish - back - pillar)) < pillar)
    slanted = ((t < begin + rake) | (t > finish - back)) & (aside > 0.74)
    metal = (up > 0.9) & (t > begin + rake * 0.85) & (t < finish - back * 0.6) | post | slanted
    if kind == "van":
        metal |= t > middle - 0.05
    for chosen, material in ((metal, body), (~metal, glass)):
        parts.append((Mesh(cabin.vertices, cabin.faces[chosen], cabin.normals, cabin.uv), material))
    r = 0.36 if kind in ("suv", "pickup", "van") else 0.31
    axles = (y(0.18), y(0.81))
    arches = [m.cylinder(r * 1.18, w * 0.99, 22).turned(90, "y").moved(-w * 0.495, q, r) for q in axles]
    parts.append((m.merged([*arches, m.rounded_box(w * 0.9, length * 0.96, 0.2, 0.05).moved(z=lift * 0.75)]), dark))
    parts += wheels(palette, [(s * w / 2, q) for s in (-1, 1) for q in axles], r)
    mirrors = [
        m.rounded_box(0.2, 0.1, 0.13, 0.04).moved(s * (w / 2 + 0.06), y(bonnet + rake * 0.6), belt) for s in (-1, 1)
    ]
    parts.append((m.merged(mirrors), body))
    parts.append((m.box(w * 0.55, 0.05, 0.14).moved(0, -a + 0.03, belt * 0.45), dark))
    return parts + ends(palette, w, -a, a, belt * 0.62)


def far_car(rng: np.random.Generator, palette: Palette) -> Parts:
    """A car or a van of about 100 triangles, to be seen from afar or from the air."""
    van = rng.random() < 0.15
    long, w, belt, top = (5.2, 1.95, 1.2, 2.2) if van else (rng.uniform(3.9, 4.8), 1.8, 0.92, 1.5)
    a = long / 2
    side = [(-a, 0.3), (a, 0.3), (a, belt), (-a + 0.25 * long, belt), (-a, belt * 0.8)]
    glass = [(-a + 0.22 * long, belt), (a * 0.95, belt), (a * 0.75, top), (-a + 0.4 * long, top)]
    body = paint(rng, palette)
    parts: Parts = [
        (shapes.extruded(side, -w / 2, w / 2), body),
        (shapes.extruded(glass, -w * 0.43, w * 0.43), palette.glossy([0.03, 0.035, 0.04])),
    ]
    parts.append((m.box(w * 0.84, 0.37 * long, 0.03).moved(0, 0.05 * long, top), body))
    wheels_ = [m.box(0.2, 0.6, 0.6).moved(s * (w / 2 - 0.1), q * long) for s in (-1, 1) for q in (-0.32, 0.31)]
    return [*parts, (m.merged(wheels_), palette.matte([0.025, 0.025, 0.025]))]


def lorry(rng: np.random.Generator, palette: Palette) -> Parts:
    """An articulated or rigid lorry with a box, a tanker or a flat bed, 8 to 16 m."""
    long, w = rng.uniform(5.5, 13.2), 2.5
    cab = paint(rng, palette)
    dark, glass = palette.matte([0.02, 0.02, 0.02]), palette.glossy([0.03, 0.035, 0.04])
    tall = rng.uniform(2.7, 3.5)
    parts: Parts = [
        (m.rounded_box(w * 0.98, 2.2, tall - 0.5, 0.16).moved(0, 0, 0.5), cab),
        (m.rounded_box(w * 0.88, 0.12, 0.85, 0.05).moved(0, -1.07, 1.75), glass),
        (m.merged([m.box(0.06, 0.8, 0.7).moved(s * w * 0.475, -0.45, 1.8) for s in (-1, 1)]), glass),
        (
            m.merged(
                [
                    m.rounded_box(w * 0.96, 0.3, 0.4, 0.1).moved(0, -1.0, 0.35),
                    m.box(w * 0.7, 0.05, 0.5).moved(0, -1.1, 0.95),
                ]
            ),
            dark,
        ),
        (m.merged([m.rounded_box(0.14, 0.12, 0.55, 0.04).moved(s * 1.4, -0.95, 1.9) for s in (-1, 1)]), dark),
    ]
    start = 1.35
    kind = rng.random()
    if kind < 0.65:
        side = palette.label() if rng.random() < 0.5 else paint(rng, palette)
        parts.append((m.box(w, long, 2.7, unit=True).moved(0, start + long / 2, 1.15), side))
        edges = [m.box(0.06, 0.06, 2.72).moved(s * w / 2, start + q, 1.14) for s in (-1, 1) for q in (0, long)]
        bars = [m.box(0.04, 0.04, 2.6).moved(x, start + long + 0.02, 1.18) for x in (-0.3, 0.3, 0.02)]
        parts.append((m.merged(edges + bars), palette.metal([0.5, 0.5, 0.5])))
    elif kind < 0.82:
        tank = m.cylinder(1.05, long, 26).turned(-90, "x").moved(0, start, 2.15)
        parts.append((tank, palette.metal() if rng.random() < 0.5 else paint(rng, palette)))
    else:
        load = [
            m.cylinder(0.3, long * 0.9, 12).turned(-90, "x").moved(x, start + 0.3, 1.5 + 0.55 * k)
            for k, xs in enumerate(((-0.9, -0.3, 0.3, 0.9), (-0.6, 0, 0.6)))
            for x in xs
        ]
        parts.append((m.merged(load), palette.matte([0.3, 0.2, 0.1])))
        parts.append(
            (
                m.merged(
                    [
                        m.box(0.08, 0.08, 1.5).moved(s * 1.2, start + q, 1.1)
                        for s in (-1, 1)
                        for q in np.linspace(0.3, long - 0.3, 4)
                    ]
                ),
                dark,
            )
        )
    chassis = [
        m.box(1.0, long + 1.5, 0.25).moved(0, start + long / 2 - 0.7, 0.8),
        m.box(w, long, 0.12).moved(0, start + long / 2, 1.04),
    ]
    guards = [m.box(0.03, long * 0.4, 0.4).moved(s * 1.2, start + long * 0.42, 0.45) for s in (-1, 1)]
    bumper = m.box(w * 0.95, 0.1, 0.14).moved(0, start + long, 0.45)
    parts.append((m.merged([*chassis, *guards, bumper]), dark))
    axles = [-0.3, start + 0.9, start + long - 1.2, start + long - 2.4]
    parts += wheels(palette, [(s * 1.23, q) for s in (-1, 1) for q in axles], 0.5, 0.35)
    return parts + ends(palette, w, -1.1, start + long, 0.68)


def bus(rng: np.random.Generator, palette: Palette) -> Parts:
    """A city bus or coach of about 12 m."""
    long, w, tall = rng.uniform(10, 13), 2.5, rng.uniform(2.7, 3.2)
    glass, dark = palette.glossy([0.03, 0.035, 0.04]), palette.matte([0.02, 0.02, 0.02])
    body = paint(rng, palette)
    strips = [
        m.box(w + 0.02, long * 0.9, tall * 0.36).moved(z=tall * 0.5),
        m.rounded_box(w * 0.92, 0.1, tall * 0.5, 0.04).moved(0, -long / 2, tall * 0.4),
    ]
    posts = [m.box(w + 0.04, 0.09, tall * 0.37).moved(0, q, tall * 0.5) for q in np.linspace(-0.45, 0.45, 8) * long]
    parts: Parts = [
        (m.rounded_box(w, long, tall, 0.18).moved(z=0.3), body),
        (m.merged(strips), glass),
        (m.merged(posts), body),
        (m.box(w * 0.6, 0.06, 0.3, unit=True).moved(0, -long / 2 - 0.03, tall * 0.92), palette.label()),
        (m.rounded_box(1.8, 3, 0.3, 0.1).moved(0, 1, tall + 0.25), dark),
    ]
    parts += wheels(palette, [(s * w / 2, q) for s in (-1, 1) for q in (-long * 0.3, long * 0.28)], 0.48, 0.3)
    return parts + ends(palette, w, -long / 2, long / 2, 0.75)


def any_vehicle(rng: np.random.Generator, palette: Palette, heavy: float = 0.1) -> Parts:
    """A car, or with this probability a lorry or a bus."""
    if rng.random() > heavy:
        return car(rng, palette)
    return lorry(rng, palette) if rng.random() < 0.7 else bus(rng, palette)


def lamps(parts: Parts) -> tuple[list[Mesh], list[Mesh]]:
    """Surfaces to light up at a vehicle's front and rear; each with uv 0..1."""
    low = np.min([mesh.vertices.min(0) for mesh, _ in parts], 0)
    high = np.max([mesh.vertices.max(0) for mesh, _ in parts], 0)
    w = min(high[0] - low[0], 2.4) / 2
    front = [m.quad((s * w * 0.7 - 0.13, low[1] - 0.03, 0.58), (0.26, 0, 0), (0, 0, 0.14), unit=True) for s in (-1, 1)]
    rear = [
        m.quad((s * w * 0.78 + 0.12, high[1] + 0.04, 0.68), (-0.24, 0, 0), (0, 0, 0.16), unit=True) for s in (-1, 1)
    ]
    return front, rear


def bicycle(rng: np.random.Generator, palette: Palette) -> Parts:
    """A bicycle along y, leaning on its stand."""
    rim, r = palette.matte([0.03, 0.03, 0.03]), 0.34
    tyres, thin = [], []
    for y in (-0.52, 0.52):
        tyres.append(m.torus(r, 0.018, 28, 6).turned(90, "y").moved(0, y, r + 0.02))
        for a in np.linspace(0, 2 * np.pi, 16, endpoint=False):
            thin.append(m.tube([(0, y, r + 0.02), (0, y + r * np.cos(a), r + 0.02 + r * np.sin(a))], 0.003, 3))
        arc = np.linspace(0.2, 2.6, 9)
        thin.append(m.tube(np.stack([0 * arc, y + 0.37 * np.cos(arc), 0.36 + 0.37 * np.sin(arc)], -1), 0.008, 4))
    p = {
        "rear": (0, 0.52, 0.36), "pedal": (0, 0.05, 0.3), "seat": (0, 0.18, 0.9), "head": (0, -0.38, 0.88),
        "front": (0, -0.52, 0.36), "bar": (0, -0.36, 1.0),
    }  # fmt: skip
    joints = [
        "rear",
        "pedal",
        "rear",
        "seat",
        "pedal",
        "seat",
        "pedal",
        "head",
        "seat",
        "head",
        "front",
        "head",
        "head",
        "bar",
    ]
    frame = [m.tube([p[a], p[b]], 0.017, 6) for a, b in zip(joints[::2], joints[1::2], strict=True)]
    bar = np.array(
        [(-0.28, -0.22, 1.0), (-0.22, -0.34, 1.02), (0, -0.37, 1.0), (0.22, -0.34, 1.02), (0.28, -0.22, 1.0)]
    )
    frame += [m.tube(bar, 0.013, 6), m.cylinder(0.09, 0.01, 18).turned(90, "y").moved(0.03, 0.05, 0.3)]
    thin += [
        m.tube([(0.03, 0.3, 0.3), (0.16, 0.36, 0.02)], 0.009, 4),
        m.tube([(-0.1, 0.05, 0.2), (0.12, 0.05, 0.4)], 0.01, 5),
    ]
    parts: Parts = [(m.merged(tyres + thin), rim), (m.merged(frame), palette.glossy())]
    parts.append((m.rounded_box(0.14, 0.26, 0.06, 0.03).moved(y=0.2, z=0.9), rim))
    if rng.random() < 0.35:
        bars = [m.box(0.3, 0.22, 0.01).moved(0, -0.55, z) for z in (0.78, 1.0)]
        bars += [
            m.tube([(x, y, 0.78), (x * 1.1, y, 1.0)], 0.004, 4)
            for x in np.linspace(-0.15, 0.15, 6)
            for y in (-0.66, -0.44)
        ]
        parts.append((m.merged(bars), palette.metal()))
    return parts
