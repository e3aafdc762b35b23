"""People and animals, made of capsules."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.materials import Palette
from fathom.render.scene import Material, Mesh

Parts = list[tuple[Mesh, Material]]
SKINS = np.array([[0.55, 0.33, 0.23], [0.42, 0.24, 0.15], [0.22, 0.12, 0.07], [0.62, 0.42, 0.32], [0.10, 0.06, 0.04]])


def person(rng: np.random.Generator, palette: Palette, height: float | None = None, seated: bool = False) -> Parts:
    """A figure of about 1.1 to 1.9 m, walking, standing or seated (then on a seat 0.45 m high at the origin)."""
    h = float(rng.uniform(1.5, 1.9) if rng.random() < 0.8 else rng.uniform(1.0, 1.4)) if height is None else height
    skin, top, bottom, hair, shoe = (
        palette.matte(SKINS[int(rng.integers(5))] * rng.uniform(0.8, 1.2)),
        palette.matte(),
        palette.matte(textures.colour(rng, (0, 0.5), (0.03, 0.5))),
        palette.matte(rng.choice([[0.02, 0.015, 0.01], [0.1, 0.05, 0.02], [0.3, 0.2, 0.08], [0.3, 0.3, 0.3]])),
        palette.matte(),
    )
    build = rng.uniform(0.85, 1.25)
    hip, shoulder, width = 0.5 * h, 0.81 * h, 0.105 * h * build
    if seated:
        drop = hip - 0.52
        hip, shoulder = hip - drop, shoulder - drop
    head = shoulder + 0.12 * h
    parts: Parts = []
    torso = [
        m.limb((0, 0, hip), (0, 0, shoulder - 0.05 * h), 0.095 * h * build, 0.105 * h * build).scaled(1.15, 0.75, 1)
    ]
    swing = rng.uniform(-0.5, 0.5)
    legs, shoes = [], []
    for side in (-1, 1):
        x, a = side * 0.05 * h * build, side * swing
        if seated:
            knee, foot = (x * 1.6, -0.25 * h, hip), (x * 1.6, -0.24 * h, 0.04)
        else:
            knee = (x, -np.sin(a) * 0.24 * h, hip - np.cos(a) * 0.24 * h)
            b = a - abs(swing) * 0.5
            foot = (x, knee[1] - np.sin(b) * 0.22 * h, 0.035 * h)
        legs += [m.limb((x, 0, hip), knee, 0.055 * h * build, 0.042 * h), m.limb(knee, foot, 0.042 * h, 0.028 * h)]
        shoes.append(m.limb(np.add(foot, (0, 0.01, -0.01)), np.add(foot, (0, -0.08 * h, -0.015)), 0.024 * h, 0.02 * h))
    arms, hands = [], []
    for side in (-1, 1):
        lift = rng.uniform(0.0, 0.5) if rng.random() < 0.8 else rng.uniform(0.8, 2.4)
        reach = rng.uniform(-0.4, 0.9)
        s = np.array([side * (width + 0.03 * h), 0, shoulder - 0.03 * h])
        elbow = s + 0.16 * h * np.array([side * np.sin(lift) * 0.7, -np.sin(reach) * 0.6, -np.cos(lift)])
        hand = elbow + 0.15 * h * np.array([side * np.sin(lift) * 0.3, -abs(np.sin(reach + 0.4)), -np.cos(lift + 0.2)])
        arms += [m.limb(s, elbow, 0.033 * h * build, 0.027 * h), m.limb(elbow, hand, 0.027 * h, 0.02 * h)]
        hands.append(m.sphere(0.027 * h, 10).moved(*hand))
    face = [
        m.sphere(0.062 * h, 16).scaled(0.85, 1, 1.2).moved(z=head),
        m.limb((0, 0, shoulder - 0.04 * h), (0, 0, head), 0.032 * h),
    ]
    cap = m.sphere(0.066 * h, 16).scaled(0.88, 1, 1.15).moved(y=0.012 * h, z=head + 0.015 * h)
    parts += [
        (m.merged(torso + arms), top),
        (m.merged(legs), bottom),
        (m.merged(face + hands), skin),
        (m.merged(shoes), shoe),
    ]
    parts.append((cap, hair))
    if rng.random() < 0.25 and not seated:  # a skirt or coat
        parts.append((m.cylinder(0.16 * h * build, 0.25 * h, 16, 0.1 * h * build).moved(z=hip - 0.2 * h), bottom))
    if rng.random() < 0.3:
        parts.append(
            (m.rounded_box(0.2 * h, 0.09 * h, 0.25 * h, 0.04).moved(y=0.13 * h, z=hip + 0.06 * h), palette.matte())
        )
    return parts


def animal(rng: np.random.Generator, palette: Palette, length: float | None = None) -> Parts:
    """A four-legged animal, its head towards -y; cat to cow by its length of body (0.3 to 1.8 m)."""
    b = float(np.exp(rng.uniform(np.log(0.3), np.log(1.6)))) if length is None else length
    leg, thick = b * rng.uniform(0.3, 0.75), b * rng.uniform(0.16, 0.3)
    fur_colour = np.clip(
        rng.choice(
            [
                [0.3, 0.18, 0.09],
                [0.5, 0.4, 0.3],
                [0.05, 0.05, 0.05],
                [0.6, 0.58, 0.55],
                [0.35, 0.2, 0.1],
                [0.3, 0.3, 0.3],
            ]
        )
        * rng.uniform(0.6, 1.3, 3),
        0.02,
        0.85,
    )
    spots = Material(
        "matte",
        textures.mottled(
            rng, fur_colour, np.clip(fur_colour * rng.choice([0.3, 1.5, 2.5]), 0.02, 0.85), int(rng.integers(2, 9))
        ),
    )
    fur, dark = (spots if rng.random() < 0.6 else palette.matte(fur_colour)), palette.glossy([0.02, 0.02, 0.02])
    z = leg + thick * 0.5
    lie = rng.random() < 0.2
    if lie:
        z = thick
    body = [m.limb((0, -b / 2 + thick, z), (0, b / 2 - thick, z), thick * rng.uniform(0.85, 1.1), thick)]
    neck_up = rng.uniform(0.1, 0.9) * b * 0.6
    neck = np.array([rng.uniform(-0.1, 0.1) * b, -b / 2 - 0.12 * b, z + thick * 0.4 + neck_up])
    hr = thick * rng.uniform(0.5, 0.75)
    body.append(m.limb((0, -b / 2 + thick, z + thick * 0.2), neck, thick * 0.7, hr * 0.7))
    look = np.array([rng.uniform(-0.6, 0.6), -1, rng.uniform(-0.5, 0.2)])
    look /= np.linalg.norm(look)
    side = np.cross(look, [0, 0, 1])
    snout = neck + look * hr * rng.uniform(1.2, 2.2)
    body += [m.sphere(hr, 14).moved(*neck), m.limb(neck, snout, hr * 0.7, hr * 0.4)]
    black = [m.sphere(hr * 0.18, 8).moved(*(snout + look * hr * 0.35))]
    tall = rng.uniform(0.4, 1.3)
    for s in (-1, 1):
        ear = neck + side * s * hr * 0.6 + np.array([0, 0, hr * 0.6])
        body.append(
            m.limb(ear, ear + side * s * hr * 0.4 + np.array([0, 0, hr * tall]), hr * 0.3, hr * 0.08, 8).scaled(1, 1, 1)
        )
        black.append(
            m.sphere(hr * 0.14, 8).moved(*(neck + look * hr * 0.75 + side * s * hr * 0.45 + [0, 0, hr * 0.35]))
        )
        for y in (-b / 2 + thick, b / 2 - thick):
            step = 0 if lie else rng.uniform(-0.25, 0.25) * leg
            foot = (
                (s * thick * 0.55, y + step, 0.09 * thick) if not lie else (s * thick * 1.1, y - leg * 0.6, 0.2 * thick)
            )
            body.append(m.limb((s * thick * 0.55, y, z - thick * 0.2), foot, thick * 0.38, thick * 0.2, 8))
    t = rng.uniform(0.2, 0.7) * b
    bend = rng.uniform(-0.6, 0.9)
    tail = [
        (0, b / 2 - thick * 0.3, z + thick * 0.5),
        (0, b / 2 + t * 0.4, z + thick * 0.5 + t * bend * 0.3),
        (rng.uniform(-0.3, 0.3) * t, b / 2 + t * 0.7, z + t * bend),
    ]
    body.append(m.tube(tail, [thick * 0.2, thick * 0.15, thick * 0.06], 6))
    floor = 0.01 * b
    return [(m.merged(body).moved(z=floor), fur), (m.merged(black).moved(z=floor), dark)]


def bird(rng: np.random.Generator, palette: Palette, size: float | None = None) -> Parts:
    """A bird on two thin legs."""
    s = float(rng.uniform(0.12, 0.5)) if size is None else size
    z, r = s * rng.uniform(0.5, 1.3), s * 0.26
    head = np.array([0, -s * 0.45, z + s * rng.uniform(0.35, 1.0)])
    body = [
        m.limb((0, -s * 0.2, z), (0, s * 0.3, z), r, r * 0.5),
        m.limb((0, -s * 0.25, z), head, r * 0.6, r * 0.4),
        m.sphere(r * 0.55, 12).moved(*head),
    ]
    body.append(m.limb((0, s * 0.3, z), (0, s * 0.8, z - 0.1 * s), r * 0.45, r * 0.15).scaled(1.6, 1, 1))
    thin = [m.limb(head, np.add(head, (0, -r * 1.4, -r * 0.2)), r * 0.25, r * 0.03, 6)]
    for x in (-1, 1):
        thin += [m.tube([(x * r * 0.5, 0, z - r * 0.6), (x * r * 0.5, 0.02 * s, 0.0)], s * 0.018, 5)]
        thin += [
            m.tube([(x * r * 0.5, 0.02 * s, 0.01 * s), (x * r * 0.5 + d * s * 0.08, -s * 0.14, 0.01 * s)], s * 0.014, 4)
            for d in (-1, 0, 1)
        ]
    return [
        (m.merged(body), palette.matte()),
        (m.merged(thin), palette.matte(rng.choice([[0.5, 0.2, 0.03], [0.05, 0.05, 0.05]]))),
    ]
