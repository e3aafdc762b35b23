"""Animals: dogs, cats, horses, cows, sheep, deer and birds, their heads towards -y."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.materials import Palette
from fathom.render.objects import shapes
from fathom.render.scene import Material, Mesh

Parts = list[tuple[Mesh, Material]]


@dataclass(frozen=True)
class Species:
    """What makes a beast; lengths in units of its body from breast to rump, which is `body` metres."""

    body: tuple[float, float]
    leg: float  # from the belly to the ground
    girth: float  # half height of the chest
    neck: float
    rise: float  # of the neck, degrees
    head: float
    nose: float  # thickness of the snout as a share of the head's
    ear: float
    tail: float
    thin: float = 1.0  # legs
    horns: float = 0.0
    mane: bool = False
    wool: bool = False


SPECIES = {
    "dog": Species((0.35, 0.75), 0.42, 0.2, 0.26, 48, 0.36, 0.5, 0.12, 0.5),
    "hound": Species((0.55, 0.7), 0.52, 0.19, 0.3, 45, 0.4, 0.42, 0.16, 0.55, 0.8),
    "terrier": Species((0.28, 0.4), 0.3, 0.23, 0.2, 55, 0.4, 0.55, 0.13, 0.35),
    "cat": Species((0.28, 0.38), 0.34, 0.17, 0.14, 40, 0.26, 0.55, 0.09, 0.8, 0.85),
    "horse": Species((1.35, 1.65), 0.55, 0.22, 0.5, 48, 0.4, 0.55, 0.08, 0.5, 0.8, mane=True),
    "cow": Species((1.4, 1.75), 0.38, 0.25, 0.3, 18, 0.34, 0.6, 0.1, 0.5, 0.95, horns=0.14),
    "sheep": Species((0.75, 1.0), 0.32, 0.25, 0.2, 35, 0.28, 0.55, 0.12, 0.15, 0.75, wool=True),
    "deer": Species((0.85, 1.2), 0.62, 0.18, 0.42, 60, 0.28, 0.45, 0.13, 0.1, 0.65, horns=0.4),
}
FURS = np.array(
    [[0.3, 0.18, 0.09], [0.5, 0.4, 0.3], [0.04, 0.04, 0.04], [0.6, 0.58, 0.55], [0.2, 0.1, 0.05], [0.3, 0.3, 0.3]]
)


def animal(
    rng: np.random.Generator, palette: Palette, length: float | None = None, species: str | None = None
) -> Parts:
    """A four-legged animal standing, walking, grazing or sitting; chosen by its length of body when that is given."""
    if species is None:
        names = list(SPECIES)
        if length is not None:
            names = sorted(names, key=lambda n: abs(np.log(length / np.mean(SPECIES[n].body))))[:2]
        species = names[int(rng.integers(len(names)))]
    kind = SPECIES[species]
    b = float(rng.uniform(*kind.body)) if length is None else length
    sits = species in ("dog", "hound", "terrier", "cat") and rng.random() < 0.3
    grazes = species in ("horse", "cow", "sheep", "deer") and rng.random() < 0.45
    g = kind.girth * rng.uniform(0.9, 1.12)
    z = kind.leg + g
    trunk_rows = [
        (0.53, 0.03, 0.03, z + g * 0.25),
        (0.48, g * 0.55, g * 0.62, z + g * 0.12),
        (0.34, g * 0.8, g * 0.86, z + g * 0.08),
        (0.1, g * 0.78, g * 0.84, z),
        (-0.15, g * 0.8, g * 0.95, z - g * 0.03),
        (-0.34, g * 0.74, g * 0.98, z),
        (-0.46, g * 0.52, g * 0.72, z + g * 0.1),
        (-0.53, g * 0.2, g * 0.3, z + g * 0.12),
    ]
    trunk: Mesh = shapes.along_y(trunk_rows)
    if kind.wool:
        trunk = m.blob(rng, (g * 1.05, 0.56, g * 1.1), 0.12, 22).moved(z=z)
    tilt = 42.0 if sits else 0.0
    pivot = np.array([0, 0.4, 0.0])

    def held(p) -> np.ndarray:
        """Where a point of the trunk goes when the animal sits: the breast up, the rump on the ground."""
        c, s = np.cos(np.radians(tilt)), np.sin(np.radians(tilt))
        _, y, up = np.asarray(p, float) - pivot
        return np.array([p[0], c * y + s * up * 0.4, c * up - s * y]) + pivot - [0, 0, kind.leg * 0.9 * (tilt > 0)]

    fur = [trunk.moved(*-pivot).turned(-tilt, "x").moved(*pivot).moved(z=-(z - g * 0.95) * 0.75 * (tilt > 0))]
    if sits:
        fur[0] = fur[0].moved(z=-min(fur[0].vertices[:, 2].min(), 0))
        breast = fur[0].vertices[np.argmin(fur[0].vertices[:, 1])]
        root = breast + np.array([0, 0.08, 0.05])
    else:
        root = np.array([0, -0.42, z + g * 0.35])
    rise = np.radians(rng.uniform(-62, -50) if grazes else (70 if sits else kind.rise) + rng.normal(0, 8))
    neck = kind.neck if not grazes else max(kind.neck, kind.leg * 0.85)
    poll = root + neck * np.array([rng.normal(0, 0.05), -np.cos(rise), np.sin(rise)])
    thick = g * (0.62 if kind.neck > 0.25 else 0.6)
    fur.append(m.limb(root + np.array([0, 0.05, -g * 0.2]), poll, thick, kind.head * 0.26, 12))
    pitch = np.radians(rng.uniform(-70, -45) if grazes else -35 if kind.mane else rng.uniform(-25, 5))
    yaw = rng.normal(0, 0.35)
    look = np.array([np.sin(yaw) * np.cos(pitch), -np.cos(yaw) * np.cos(pitch), np.sin(pitch)])
    side = np.cross(look, [0, 0, 1.0])
    side /= np.linalg.norm(side)
    top = np.cross(side, look)
    r, long = kind.head * 0.27, kind.head
    brow = poll + look * r * 0.4
    muzzle = brow + look * (long - r) * 0.85 - top * r * 0.3
    fur += [
        m.sphere(r, 14).moved(*brow),
        m.limb(brow + look * r * 0.3, muzzle, r * 0.8, r * kind.nose, 12),
    ]
    dark = [
        m.sphere(r * 0.2 if kind.body[1] < 1 else r * 0.3, 8).moved(
            *(muzzle + look * r * kind.nose * 0.85 + top * r * 0.1)
        )
    ]
    bone: list[Mesh] = []
    for s in (-1, 1):
        base = brow + side * s * r * 0.7 + top * r * 0.6 - look * r * 0.3
        flop = species == "hound"
        tip = base + side * s * kind.ear * 0.5 + (top * (-0.9 if flop else 1.0)) * kind.ear
        fur.append(m.limb(base, tip, kind.ear * 0.32, kind.ear * (0.3 if flop else 0.08), 8))
        dark.append(m.sphere(r * 0.17, 8).moved(*(brow + look * r * 0.68 + side * s * r * 0.6 + top * r * 0.35)))
        if kind.horns and (species == "cow" or rng.random() < 0.5):
            up = base + top * kind.horns + side * s * kind.horns * 0.7 - look * kind.horns * 0.2
            bone.append(
                m.tube([base, (base + up) / 2 + side * s * kind.horns * 0.25, up], [r * 0.22, r * 0.16, r * 0.05], 6)
            )
            if kind.horns > 0.3:
                bone += [m.limb((base + up) / 2, (base + up) / 2 + top * 0.14 + look * 0.12, 0.012, 0.004, 5)]
    w = 0.085 * kind.thin
    walk = 0.0 if sits or rng.random() < 0.4 else rng.uniform(0.06, 0.14)
    for s in (-1, 1):
        x = s * g * 0.5
        shoulder = held((x, -0.34, z)) if not sits else root + np.array([s * g * 0.45, 0.06, -g * 0.5])
        step = walk * s
        foot = np.array([x, shoulder[1] - step + (0.02 if not sits else -0.03), w * 0.35])
        knee = shoulder * 0.45 + foot * 0.55 + [0, -max(step, 0) * 0.5, 0]
        fur += [m.limb(shoulder, knee, w * 1.15, w * 0.55, 9), m.limb(knee, foot, w * 0.5, w * 0.42, 8)]
        if sits:
            hip = np.array([s * g * 0.6, 0.3, g * 0.7])
            fur += [m.limb(hip, hip + np.array([s * 0.03, -0.2, -g * 0.2]), w * 1.4, w * 0.95, 9)]
            back = np.array([s * g * 0.9, 0.02, w * 0.4])
            fur.append(m.limb(back + np.array([0, 0.2, 0.01]), back, w * 0.55, w * 0.42, 8))
        else:
            hip = np.array([x, 0.38, z])
            back = np.array([x, 0.42 + step, w * 0.35])
            stifle, hock = hip + np.array([0, -0.06, -kind.leg * 0.5]), back + np.array([0, 0.05, kind.leg * 0.45])
            fur += [
                m.limb(hip, stifle, w * 1.5, w * 0.9, 9),
                m.limb(stifle, hock, w * 0.85, w * 0.5, 8),
                m.limb(hock, back, w * 0.48, w * 0.42, 8),
            ]
        for f in (foot, back):
            paw = m.limb(f + np.array([0, 0.01, 0]), f + np.array([0, -w * 0.55, -0.0]), w * 0.46, w * 0.4, 8)
            (dark if kind.body[1] > 0.8 else fur).append(paw.scaled(1, 1, 0.8))
    seat = held((0, 0.5, z + g * 0.4)) if not sits else np.array([0, 0.55, 0.12])
    bend = rng.uniform(-0.9, 0.2) if kind.body[1] > 0.8 else rng.uniform(-0.3, 0.9)
    if sits:
        bend = -0.1
    t = kind.tail
    tail = [
        seat,
        seat + np.array([rng.normal(0, 0.05), t * 0.5, t * bend * 0.5]),
        seat + np.array([rng.normal(0, 0.15) * t, t * 0.7, t * bend]),
    ]
    (fur if not kind.mane else bone).append(
        m.tube(tail, np.array([0.045, 0.035, 0.015]) * (1.6 if kind.mane else 1.0), 7)
    )
    if kind.mane:
        t3 = np.linspace(0.05, 1, 6)[:, None]
        bone.append(m.tube(root * (1 - t3) + poll * t3 + [0, 0.05, 0.07], 0.05, 6).scaled(0.5, 1, 1))
    colour = np.clip(FURS[int(rng.integers(6))] * rng.uniform(0.6, 1.3) * rng.uniform(0.9, 1.1, 3), 0.02, 0.85)
    if kind.wool:
        colour = np.array([0.55, 0.5, 0.42]) * rng.uniform(0.7, 1.3)
    spotted = Material(
        "matte",
        textures.mottled(
            rng, colour, np.clip(colour * rng.choice([0.3, 1.8, 3.0]), 0.02, 0.85), int(rng.integers(2, 7))
        ),
    )
    coat = spotted if rng.random() < (0.75 if species in ("cow", "cat") else 0.4) else palette.matte(colour)
    parts: Parts = [(m.merged(fur), coat), (m.merged(dark), palette.glossy([0.02, 0.018, 0.016]))]
    if bone:
        parts.append((m.merged(bone), palette.matte(colour * 0.4 if kind.mane else [0.4, 0.35, 0.26])))
    return [(mesh.scaled(b), a) for mesh, a in parts]


def bird(rng: np.random.Generator, palette: Palette, size: float | None = None, pose: str | None = None) -> Parts:
    """A bird standing on two thin legs, swimming, or flying (then about the origin)."""
    s = float(rng.uniform(0.12, 0.5)) if size is None else size
    pose = "stand" if pose is None else pose
    z = {"stand": rng.uniform(0.45, 0.9), "swim": 0.16, "fly": 0.0}[pose] * s
    r = s * 0.24
    reach = rng.uniform(0.3, 0.9) if pose != "fly" else 0.1
    head = np.array([rng.normal(0, 0.06) * s, -s * (0.42 if pose != "fly" else 0.62), z + s * reach])
    body = [
        shapes.along_y(
            [
                (0.62 * s, r * 0.35, r * 0.06, z + 0.05 * s),
                (0.38 * s, r * 0.5, r * 0.28, z + 0.03 * s),
                (0.15 * s, r * 0.9, r * 0.8, z),
                (-0.1 * s, r, r * 0.98, z),
                (-0.28 * s, r * 0.75, r * 0.78, z + 0.04 * s),
                (-0.38 * s, r * 0.2, r * 0.25, z + 0.08 * s),
            ],
            12,
        ),
        m.limb((0, -s * 0.25, z + 0.06 * s), head, r * 0.6, r * 0.36),
        m.sphere(r * 0.5, 12).moved(*head),
    ]
    thin = [m.limb(head + np.array([0, -r * 0.3, 0]), head + np.array([0, -r * 1.3, -r * 0.2]), r * 0.2, r * 0.03, 6)]
    eyes = [m.sphere(r * 0.1, 6).moved(*(head + np.array([x * r * 0.4, -r * 0.25, r * 0.12]))) for x in (-1, 1)]
    wings: list[Mesh] = []
    for x in (-1, 1):
        if pose == "fly":
            flap = rng.uniform(-0.3, 0.6)
            t = np.linspace(0, 1, 7)[:, None]
            front = np.hstack(
                [x * t * s * 1.3, -0.25 * s + 0.35 * s * (t - 0.4) ** 2, s * flap * t * (1.3 - 0.6 * t) + 0.05 * s]
            )
            chord = np.hstack([0 * t, s * 0.34 * (1 - t**2) + 0.03 * s, -0.02 * s * np.ones_like(t)])
            v = np.stack([front, front + chord], 1).reshape(-1, 3)
            wings.append(m.smooth(v, m.grid_faces(7, 2), v[:, :2] * 1.0))
        else:
            fold = (
                m.sphere(1, 12)
                .scaled(r * 0.22, s * 0.36, r * 0.62)
                .turned(8, "x")
                .moved(x * r * 0.85, 0.12 * s, z + r * 0.15)
            )
            wings.append(fold)
        if pose == "stand":
            foot = (x * r * 0.5, -0.02 * s, 0.008 * s)
            thin.append(
                m.tube([(x * r * 0.45, 0.02 * s, z - r * 0.6), (x * r * 0.5, 0.05 * s, z * 0.4), foot], s * 0.016, 5)
            )
            thin += [
                m.tube([foot, (x * r * 0.5 + d * s * 0.07, -s * 0.14, 0.008 * s)], s * 0.012, 4) for d in (-1, 0, 1)
            ]
    colour = textures.colour(rng, (0, 0.5), (0.03, 0.75))
    return [
        (m.merged(body), palette.matte(colour)),
        (m.merged(wings), palette.matte(colour * rng.uniform(0.4, 0.9))),
        (m.merged(thin), palette.matte(rng.choice([[0.5, 0.2, 0.03], [0.05, 0.05, 0.05]]))),
        (m.merged(eyes), palette.glossy([0.01, 0.01, 0.01])),
    ]
