"""Birds, fish and insects to be seen from close by, their heads towards -y."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.materials import Palette
from fathom.render.objects import solids
from fathom.render.objects.coats import Creature, coat, coated, eyes, fur, linear
from fathom.render.objects.implicit import ball, bone, surface
from fathom.render.scene import Material, Mesh

Parts = list[tuple[Mesh, Material]]


@dataclass(frozen=True)
class Plumage:
    """A bird's proportions in lengths of its body, which is `body` metres."""

    body: tuple[float, float]
    girth: float
    upright: float  # degrees
    neck: float
    head: float  # radius
    beak: tuple[float, float, float]  # length, thickness, hook (how far its end drops, in lengths)
    leg: float
    tail: float
    colours: tuple[str, ...]  # pairs of hex colours: back, breast
    beak_colour: str = "3a3430"


BIRDS = {
    "songbird": Plumage((0.08, 0.16), 0.3, 40, 0.1, 0.22, (0.18, 0.06, 0.1), 0.35, 0.7,
                        ("6a5a48 c8b090", "3a5a9a e0a878", "4a4a48 c85a30", "8a8a40 e0d060", "2a2826 e8e4e0")),
    "parrot": Plumage((0.2, 0.4), 0.26, 65, 0.05, 0.2, (0.2, 0.13, 0.75), 0.18, 1.0,
                      ("2a8a30 d0c830", "c82a20 e0b020", "2050b0 e0a820", "e8e4dc f0e8d0", "8a8a8a d0d0cc"), "2a2622"),
    "duck": Plumage((0.3, 0.45), 0.3, 10, 0.35, 0.17, (0.24, 0.09, 0.1), 0.2, 0.25,
                    ("6a5a44 b0a080", "e8e4dc f0eee8", "3a3830 8a8478", "2a4a3a a09484"), "c88a20"),
    "hen": Plumage((0.3, 0.4), 0.34, 25, 0.35, 0.14, (0.12, 0.06, 0.2), 0.4, 0.5,
                   ("8a4a20 b0703a", "e8e2d4 f4f0e8", "2a2422 5a4a3a"), "c8a040"),
    "owl": Plumage((0.25, 0.45), 0.32, 78, 0.02, 0.27, (0.1, 0.07, 0.8), 0.15, 0.35,
                   ("7a6248 d8c8a8", "e6e0d4 f4f0ea", "5a4a3a b09878")),
    "gull": Plumage((0.3, 0.45), 0.24, 15, 0.2, 0.15, (0.22, 0.06, 0.3), 0.32, 0.5,
                    ("a0a4a8 f2f0ee", "5a5e62 f2f0ee"), "d8b030"),
    "heron": Plumage((0.35, 0.6), 0.2, 35, 1.0, 0.1, (0.4, 0.06, 0.05), 1.1, 0.25,
                     ("8a9098 e0e0de", "f0eeea f6f4f0", "d88a80 e8a8a0"), "c8a040"),
}  # fmt: skip


def bird(rng: np.random.Generator, palette: Palette, kind: str | None = None) -> Creature:
    """A bird standing with folded wings, or spreading them."""
    p = BIRDS[str(rng.choice(list(BIRDS))) if kind is None else kind]
    body, up = float(rng.uniform(*p.body)), np.radians(p.upright + rng.normal(0, 6))
    axis = np.array([0, -np.cos(up), np.sin(up)])  # from the tail to the breast
    middle = np.array([0, 0, p.leg + p.girth * 0.95])
    breast, rump = middle + 0.28 * axis, middle - 0.4 * axis
    head = breast + axis * 0.1 + np.array([rng.normal(0, 0.06), -0.12, 0.5 * p.neck + 0.8 * p.head + 0.08])
    head[2] += 0.5 * p.neck
    look = np.array([rng.normal(0, 0.6), -1.0, rng.normal(-0.05, 0.12)])
    look /= np.linalg.norm(look)
    bend = (breast + head) / 2 + np.array([0, 0.12 * p.neck, 0])
    bones = [
        bone(breast, rump, p.girth, 0.35 * p.girth),
        ball(middle, p.girth * 1.02),
        bone(breast, bend, 0.75 * p.girth, 0.75 * p.head),
        bone(bend, head, 0.72 * p.head, 0.8 * p.head),
        ball(head, p.head),
        bone(rump, rump - axis * 0.25, 0.3 * p.girth, 0.1 * p.girth, (1.5, 1, 1)),
    ]
    back, front = (linear(c) * rng.uniform(0.8, 1.25) for c in str(rng.choice(list(p.colours))).split())
    feathers = coat(rng, back.clip(0.01, 0.85), front.clip(0.01, 0.85))
    skin = coated(rng, surface(bones, 80), str(rng.choice(["belly", "belly", "patches", "points"])), 0.6)
    eye_angle, iris = (24, "c89020") if kind == "owl" else (62, str(rng.choice(["2a2018", "a05020", "c8a030"])))
    balls, near = eyes(
        palette, bones, head, look, eye_angle, 12, p.head * (0.3 if p.upright > 70 else 0.2), linear(iris)
    )
    length, thick, hook = p.beak
    start = head + look * 0.8 * p.head - [0, 0, 0.1 * p.head]
    curve = [
        start,
        start + look * (0.25 * p.head + 0.55 * length),
        start + look * (0.25 * p.head + length) - [0, 0, hook * length],
    ]
    beak = m.tube(np.array(curve), [thick, 0.7 * thick, 0.08 * thick], 10)
    horn = palette.glossy(linear(p.beak_colour))
    parts: Parts = [(skin, feathers), *balls, (beak, horn)]
    parts.append((fur(rng, skin, 0.09, 6000, np.array([*near, curve[1]])), feathers))
    quills = []
    spread = rng.random() < 0.15
    for s in (-1, 1):
        root = breast + np.array([s * 0.85 * p.girth, 0.02, 0.1 * p.girth])
        for k, t in enumerate(np.linspace(0, 1, 9)):
            q = solids.petal((0.65 + 0.45 * t) * (1.3 if spread else 0.85), 0.16, 0.25, 0.02, 0.8)
            if spread:
                q = q.turned(s * -(80 - 75 * t) + s * 10).turned(15, "x").turned(s * -25, "y")
            else:  # folded along the body, each over the next
                q = q.turned(-p.upright * 0.8 + 14 - 26 * t, "x").turned(s * (62 - 3 * k), "y").turned(s * -7 * (1 - t))
            quills.append(q.moved(*(root + np.array([s * 0.012 * (9 - k), 0.04 * t, -0.02 * k]))))
    for t in np.linspace(-1, 1, 7):
        q = solids.petal(p.tail * (1 - 0.15 * t * t), 0.12, 0.1, 0.0, 0.75).turned(-0.7 * p.upright, "x").turned(9 * t)
        quills.append(q.moved(*(rump - 0.1 * axis)))
    shade = (back * rng.uniform(0.4, 1.1)).clip(0.01, 0.8)
    wing = coat(rng, shade, (0.5 * back + 0.5 * front).clip(0.01, 0.8))
    for q in quills:  # on the ground, they lie on it
        parts.append(
            (
                Mesh(
                    q.vertices.clip([-9, -9, 0.02]),
                    q.faces,
                    q.normals,
                    np.stack([0.05 + 0.9 * q.uv[:, 0], q.uv[:, 1] + rng.random()], -1),
                ),
                wing,
            )
        )
    legs = []
    for s in (-1, 1):
        hip, foot = (
            middle + np.array([s * 0.45 * p.girth, 0.02, -0.7 * p.girth]),
            np.array([s * 0.5 * p.girth, -0.02, 0.03]),
        )
        thin = 0.028 if p.leg < 0.6 else 0.022
        legs.append(m.tube([hip, (hip + foot) / 2 + [0, 0.06, 0], foot], [1.4 * thin, thin, thin], 7))
        legs += [
            m.limb(foot, foot + 0.2 * np.array([np.sin(a), -np.cos(a), 0]), 0.8 * thin, 0.5 * thin, 6)
            for a in (-0.5, 0, 0.5, 3.1)
        ]
    parts.append((m.merged(legs), horn if rng.random() < 0.6 else palette.matte(linear("5a4a40"))))
    if kind == "hen" or p is BIRDS["hen"]:
        comb = (
            solids.extruded(solids.outline(rng, "flower") * 0.2, 0.03)
            .turned(90, "y")
            .moved(*np.add(head, (0, 0, 0.9 * p.head)))
        )
        parts.append((comb, palette.glossy([0.5, 0.03, 0.02])))
    parts = [(mesh.scaled(body), a) for mesh, a in parts]
    return Creature(parts, head * body, 3.2 * (p.head + 0.5 * length) * body)


def fish(rng: np.random.Generator, palette: Palette) -> Creature:
    """A fish of 5 to 60 cm, swimming at the origin."""
    length = float(np.exp(rng.uniform(np.log(0.05), np.log(0.6))))
    t = np.linspace(0, 1, 26)
    deep, wide = rng.uniform(0.1, 0.33), rng.uniform(0.06, 0.12)
    shape = np.sin(np.pi * t ** rng.uniform(0.55, 0.85)).clip(0) ** 0.7 + 0.13 * np.clip(t - 0.7, 0, 1) / 0.3
    a = np.linspace(0, 2 * np.pi, 29)
    bend = 0.08 * rng.uniform(-1, 1) * np.sin(np.pi * t * 1.3 + rng.uniform(0, 3))
    x = wide * shape[:, None] * np.cos(a) + bend[:, None]
    z = deep * shape[:, None] * np.sin(a)
    v = np.stack(np.broadcast_arrays(x, t[:, None] - 0.5, z), -1).reshape(-1, 3)
    skin = m.smooth(v, m.grid_faces(26, 29))
    one, two = textures.colour(rng, (0.1, 0.95), (0.1, 0.8)), textures.colour(rng, (0, 0.7), (0.3, 0.85))
    scales = coat(rng, one, two)
    skin = coated(rng, skin, str(rng.choice(["belly", "belly", "stripes", "spots", "patches"])), 0.8)
    parts: Parts = [(skin, Material("glossy", scales.texture))]
    fins = []
    for z0 in (1, -1):  # tail, upper and lower lobe
        fins.append(solids.petal(0.3, 0.2, 0, 0, 1.3).turned(90, "y").turned(50 * z0, "x").moved(0, 0.44, 0))
    for first, last, tall, way in ((7, 21, 0.2, 1), (15, 22, 0.14, -1)):  # along the back and the belly
        k = np.arange(first, last)
        top = tall * np.sin(np.pi * (k - first + 0.5) / (last - first)) ** 0.6 * (1 + 0.15 * (k % 2))
        edge = [
            np.stack([bend[k], t[k] - 0.5 + lean, way * (0.96 * deep * shape[k] + up)], -1)
            for lean, up in ((0, 0), (0.06, top))
        ]
        fins.append(m.smooth(np.concatenate(edge), m.grid_faces(2, len(k)), np.tile([0.5, 0.5], (2 * len(k), 1))))
    for s in (-1, 1):
        fins.append(
            solids.petal(0.2, 0.11, 0, 0.1, 1.2)
            .turned(s * -50, "z")
            .moved(s * 0.8 * wide + bend[7], -0.2, -0.35 * deep)
        )
    finned = Material("matte", scales.texture, window=(0.6, 0.0, 0.95, 0.5))
    parts.append((m.merged(fins), finned))
    for s in (-1, 1):
        at, r = np.array([bend[3] + s * wide * 0.82 * shape[3], -0.38, 0.22 * deep * shape[3]]), 0.16 * deep
        parts += [
            (m.sphere(r, 14).scaled(0.45, 1, 1).moved(*at), palette.glossy([0.7, 0.6, 0.3])),
            (
                m.sphere(0.6 * r, 12).scaled(0.5, 1, 1).moved(*np.add(at, (s * 0.25 * r, 0, 0))),
                palette.glossy([0.01, 0.01, 0.01]),
            ),
        ]
    return Creature([(mesh.scaled(length), b) for mesh, b in parts], np.array([0, -0.25 * length, 0]), 0.7 * length)


def insect(rng: np.random.Generator, palette: Palette) -> Creature:
    """A beetle, bee, butterfly, dragonfly or spider, 3 to 9 cm long so that it can be photographed like the others."""
    kind = str(rng.choice(["beetle", "bee", "butterfly", "dragonfly", "spider"]))
    size = float(rng.uniform(0.03, 0.09))
    slim = {"beetle": 0.24, "bee": 0.17, "butterfly": 0.09, "dragonfly": 0.085, "spider": 0.2}[kind]
    z = {"beetle": 0.22, "spider": 0.3}.get(kind, 0.28)
    head = np.array([0, -0.48, z + 0.02])
    bones = [
        ball((0, -0.22, z), 0.8 * slim + 0.03),
        bone((0, 0.0, z), (0, 0.42, z - 0.04), slim, 0.6 * slim),
        ball(head, 0.6 * slim + 0.035),
    ]
    shell = coat(rng, textures.colour(rng, (0.2, 0.95), (0.02, 0.4)), textures.colour(rng, (0.2, 0.95), (0.05, 0.6)))
    skin = coated(rng, surface(bones, 64), str(rng.choice(["stripes", "plain", "spots", "points"])), 0.6)
    parts: Parts = [(skin, Material("matte" if kind in ("bee", "spider") else "glossy", shell.texture))]
    if kind in ("bee", "spider"):
        parts.append((fur(rng, skin, 0.08, 2500, np.array([head])), shell))
    dark = palette.glossy([0.02, 0.015, 0.01])
    legs = []
    for k, y in enumerate(np.linspace(-0.3, 0.05, 4 if kind == "spider" else 3)):
        for s in (-1, 1):
            out = np.array([s, (k - 1.2) * 0.55, 0]) * (0.5 if kind == "spider" else 0.32)
            p = np.array([0, y, z])
            knee, foot = p + 0.6 * out + [0, 0, 0.16], (p + 1.25 * out) * [1, 1, 0] + [0, 0, 0.012]
            legs += [m.limb(p, knee, 0.026, 0.02, 6), m.limb(knee, foot, 0.02, 0.013, 6)]
    if kind != "spider":
        legs += [
            solids.wire([head, np.add(head, (s * 0.12, -0.14, 0.14)), np.add(head, (s * 0.22, -0.3, 0.16))], 0.013)
            for s in (-1, 1)
        ]
    parts += [(m.merged(legs), dark)]
    parts += [
        (
            m.sphere(0.3 * slim + 0.03, 12).moved(s * (0.4 * slim + 0.025), -0.52, z + 0.05),
            palette.glossy(linear("3a1410")),
        )
        for s in (-1, 1)
    ]
    wings: list[Mesh] = []
    if kind in ("butterfly", "bee", "dragonfly"):
        rise, fore, hind, width = {
            "butterfly": (rng.uniform(5, 65), 62, 108, 0.55),
            "bee": (20, 115, 130, 0.2),
            "dragonfly": (4, 80, 98, 0.17),
        }[kind]
        for s in (-1, 1):
            for angle, length in ((fore, 0.85), (hind, 0.68)):
                wings.append(
                    solids.petal(length, width, 0.0, 0.05, 1.25)
                    .turned(-s * angle)
                    .turned(-s * rise, "y")
                    .moved(0, -0.12, z + 0.5 * slim)
                )
        paint = coat(rng, textures.colour(rng, (0.3, 0.95), (0.2, 0.8)), textures.colour(rng, (0.2, 0.9), (0.02, 0.5)))
        for w in wings:
            parts.append(
                (
                    Mesh(w.vertices, w.faces, w.normals, np.stack([w.uv[:, 0], 1.7 * w.uv[:, 1]], -1)),
                    paint if kind == "butterfly" else palette.glossy([0.6, 0.62, 0.6]),
                )
            )
    elif kind == "beetle":
        parts.append(
            (m.tube([(0, -0.05, z + slim * 0.99), (0, 0.2, z + slim * 0.9), (0, 0.5, z + 0.3 * slim)], 0.008, 5), dark)
        )
    return Creature([(mesh.scaled(size), a) for mesh, a in parts], np.array([0, -0.1, z]) * size, 1.5 * size)
