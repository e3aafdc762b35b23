"""People in many poses. Heights are fractions of the figure's own; see `animals` for the rest of the living."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.materials import Palette
from fathom.render.objects import shapes
from fathom.render.objects.animals import animal, bird
from fathom.render.scene import Material, Mesh

__all__ = ["POSES", "Pose", "animal", "bird", "person"]

Parts = list[tuple[Mesh, Material]]
SKINS = np.array([[0.55, 0.33, 0.23], [0.42, 0.24, 0.15], [0.22, 0.12, 0.07], [0.62, 0.42, 0.32], [0.10, 0.06, 0.04]])
HAIRS = np.array([[0.02, 0.015, 0.01], [0.1, 0.05, 0.02], [0.3, 0.2, 0.08], [0.3, 0.3, 0.3], [0.06, 0.03, 0.02]])


@dataclass(frozen=True)
class Pose:
    """Angles in radians, (left, right): limbs swing forwards, knees and elbows bend, arms spread sideways."""

    thighs: tuple[float, float] = (0.03, -0.03)
    knees: tuple[float, float] = (0.03, 0.03)
    swing: tuple[float, float] = (0.05, 0.1)
    spread: tuple[float, float] = (0.12, 0.12)
    elbows: tuple[float, float] = (0.2, 0.25)
    lean: float = 0.0


POSES = {
    "stand": Pose(),
    "casual": Pose(thighs=(0.12, -0.05), knees=(0.2, 0.02), elbows=(0.4, 0.15)),
    "hips": Pose(spread=(0.75, 0.75), swing=(-0.25, -0.25), elbows=(1.5, 1.5)),
    "crossed": Pose(swing=(0.35, 0.35), spread=(0.1, 0.1), elbows=(1.6, 1.5)),
    "phone": Pose(swing=(0.35, 0.0), elbows=(2.0, 0.2), spread=(0.05, 0.12)),
    "camera": Pose(swing=(0.7, 0.7), elbows=(2.0, 2.0), spread=(0.15, 0.15)),
    "wave": Pose(spread=(2.5, 0.15), elbows=(0.5, 0.2)),
    "point": Pose(swing=(1.4, 0.0), elbows=(0.05, 0.2)),
    "walk": Pose((0.45, -0.4), (0.12, 0.35), (-0.4, 0.4), (0.1, 0.1), (0.3, 0.45), 0.04),
    "step": Pose((0.25, -0.2), (0.5, 0.1), (-0.2, 0.25), (0.1, 0.1), (0.25, 0.3), 0.03),
    "run": Pose((1.0, -0.5), (0.9, 1.1), (-0.8, 0.7), (0.15, 0.15), (1.5, 1.5), 0.18),
    "bend": Pose((0.5, 0.35), (0.5, 0.4), (0.8, 0.9), (0.1, 0.1), (0.3, 0.3), 0.7),
    "crouch": Pose((1.9, 1.7), (2.3, 2.2), (0.7, 0.9), (0.2, 0.2), (0.9, 1.0), 0.3),
    "sit": Pose((1.5, 1.5), (1.5, 1.45), (0.35, 0.45), (0.12, 0.12), (0.8, 0.9)),
    "ground": Pose((2.5, 1.55), (2.2, 0.1), (0.3, -0.6), (0.2, 0.3), (1.2, 0.1), -0.15),
}
ON_FEET = ("stand", "casual", "hips", "crossed", "phone", "camera", "wave", "point", "walk", "walk", "step", "step")


def person(
    rng: np.random.Generator,
    palette: Palette,
    height: float | None = None,
    seated: bool = False,
    pose: str | None = None,
) -> Parts:
    """A figure of about 1.0 to 1.9 m in one of `POSES`; seated, on a seat 0.45 m high at the origin."""
    h = float(rng.uniform(1.5, 1.9) if rng.random() < 0.8 else rng.uniform(1.0, 1.4)) if height is None else height
    if pose is None:
        pose = "sit" if seated else str(rng.choice(ON_FEET))
    jitter = lambda pair: (pair[0] + rng.normal(0, 0.07), pair[1] + rng.normal(0, 0.07))  # noqa: E731
    p = POSES[pose]
    p = Pose(jitter(p.thighs), jitter(p.knees), jitter(p.swing), jitter(p.spread), jitter(p.elbows), p.lean)
    mirrored = -1 if rng.random() < 0.5 else 1
    build = rng.uniform(0.85, 1.3)
    skin = palette.matte(SKINS[int(rng.integers(5))] * rng.uniform(0.8, 1.2))
    top = palette.stuff() if rng.random() < 0.15 else palette.matte()
    bottom = palette.matte(textures.colour(rng, (0, 0.5), (0.02, 0.35)))
    legwear = str(rng.choice(["trousers", "shorts", "skirt", "dress"], p=[0.66, 0.14, 0.08, 0.12]))
    sleeves = rng.random() < 0.6
    worn: dict[str, list[Mesh]] = {"top": [], "bottom": [], "skin": [], "shoe": []}

    lean = lambda q: np.add(q, (0, -np.sin(p.lean) * (q[2] - 0.5), (np.cos(p.lean) - 1) * (q[2] - 0.5)))  # noqa: E731
    pelvis = [(0.455, 0.05, 0.05, 0.0), (0.49, 0.092, 0.066, 0.005), (0.54, 0.09, 0.063, 0.0), (0.58, 0.08, 0.055, 0.0)]
    hem = rng.uniform(0.47, 0.53)
    torso = [
        (hem - 0.001, 0.06, 0.04, 0.0),
        (hem, 0.1, 0.072, 0.003),
        (0.55, 0.095, 0.067, 0.0),
        (0.61, 0.08, 0.056, -0.004),
        (0.70, 0.097, 0.068, -0.006),
        (0.76, 0.106, 0.068, 0.0),
        (0.80, 0.098, 0.052, 0.004),
        (0.825, 0.055, 0.042, 0.008),
        (0.845, 0.035, 0.035, 0.008),
    ]
    body = shapes.loft([(z, rx * build, ry * build, y) for z, rx, ry, y in torso])
    worn["bottom"].append(shapes.loft([(z, rx * build, ry * build, y) for z, rx, ry, y in pelvis]))
    worn["top"].append(Mesh(_bent(body.vertices, p.lean), body.faces, body.normals, body.uv))
    lowest = []
    for k, side in enumerate((-1, 1)):
        hip = np.array([side * 0.052 * build, 0.0, 0.51])
        a, b = p.thighs[k], p.thighs[k] - p.knees[k]
        knee = hip + 0.235 * np.array([side * 0.06, -np.sin(a), -np.cos(a)])
        ankle = knee + 0.235 * np.array([0, -np.sin(b), -np.cos(b)])
        worn["bottom"].append(m.limb(hip, knee, 0.056 * build, 0.038))
        calf = "bottom" if legwear == "trousers" else "skin"
        worn[calf].append(m.limb(knee, ankle, 0.038 if calf == "bottom" else 0.034, 0.026))
        flat = min(max(b * 0.6, -0.9), 0.3)  # a foot behind stands on its toes
        toe = ankle + 0.085 * np.array([side * 0.2, -np.cos(flat), np.sin(flat)]) - [0, 0, 0.014]
        worn["shoe"].append(m.limb(ankle + np.array([0, 0.02, -0.014]), toe, 0.026, 0.02))
        lowest.append(min(ankle[2], toe[2]) - 0.036)
    hands = []
    for k, side in enumerate((-1, 1)):
        s, f = p.spread[k], p.swing[k]
        shoulder = lean(np.array([side * 0.097 * build, 0.002, 0.778]))
        f += p.lean * 0.6
        elbow = shoulder + 0.165 * np.array([side * np.sin(s), -np.sin(f) * np.cos(s), -np.cos(f) * np.cos(s)])
        g, t = f + p.elbows[k], s * (1.0 if s > 1.5 else 0.1) - (0.75 if pose in ("hips", "crossed") else 0.0)
        wrist = elbow + 0.14 * np.array([side * np.sin(t), -np.sin(g) * np.cos(t), -np.cos(g) * np.cos(t)])
        worn["top"] += [m.limb(shoulder, elbow, 0.032 * build, 0.027)]
        worn["top" if sleeves else "skin"].append(m.limb(elbow, wrist, 0.026, 0.02))
        worn["skin"] += _hand(wrist, (wrist - elbow) / 0.14, side)
        hands.append(wrist + (wrist - elbow) / 0.14 * 0.05)
    parts: Parts = []
    if legwear in ("skirt", "dress") and pose not in ("sit", "ground", "crouch", "run"):
        knees = rng.uniform(0.2, 0.38)
        spread = 0.11 + 0.05 * rng.random() + abs(p.thighs[0] - p.thighs[1]) * 0.1
        skirt = shapes.loft(
            [(knees, spread, spread * 0.95, 0), (0.5, 0.1 * build, 0.075, 0), (0.6, 0.083, 0.06, 0)], 18
        )
        worn["top" if legwear == "dress" else "bottom"].append(skirt)
    head, hair = _head(rng, palette, skin)
    at = lean(np.array([0, -0.012, 0.93]))
    nod, turn = rng.normal(6, 8), rng.normal(0, 22)
    parts += [(mesh.turned(nod, "x").turned(turn).moved(*at), a) for mesh, a in head + hair]
    worn["skin"].append(m.limb(lean(np.array([0, 0.008, 0.82])), at - [0, -0.012, 0.02], 0.034, 0.03))
    colours = {"top": top, "bottom": bottom, "skin": skin, "shoe": palette.matte(rng.uniform(0.02, 0.5, 3))}
    parts += [(m.merged(meshes), colours[name]) for name, meshes in worn.items() if meshes]
    if pose in ON_FEET:
        parts += _carried(rng, palette, hands, lean, build)
    floor = {"sit": 0.51 * h - 0.54, "ground": min(*lowest, 0.455) * h}.get(pose, min(lowest) * h)
    return [(mesh.scaled(mirrored * h, h, h).moved(z=-floor), a) for mesh, a in parts]


def _bent(v: np.ndarray, lean: float) -> np.ndarray:
    """A torso (V, 3) leaning forwards above the hips."""
    up = np.maximum(v[:, 2] - 0.5, 0)
    return v + np.stack([0 * up, -np.sin(lean) * up, (np.cos(lean) - 1) * up], -1)


def _hand(wrist: np.ndarray, way: np.ndarray, side: int) -> list[Mesh]:
    palm = wrist + way * 0.03
    across = np.cross(way, (side, 0, 0))
    across = across / max(float(np.linalg.norm(across)), 1e-6)
    fingers = [
        m.limb(palm + across * a, palm + across * a * 1.3 + way * 0.055 * (1 - abs(a) * 9), 0.0062, 0.005, 5)
        for a in (-0.015, -0.005, 0.005, 0.015)
    ]
    thumb = m.limb(wrist + way * 0.012, wrist + way * 0.04 - across * 0.028, 0.008, 0.006, 5)
    return [m.limb(wrist, palm + way * 0.005, 0.017, 0.02, 8), thumb, *fingers]


def _head(rng: np.random.Generator, palette: Palette, skin: Material) -> tuple[Parts, Parts]:
    """A head about the origin looking to -y, and its hair or hat."""
    ball = m.sphere(1.0, 24)
    v = ball.vertices * [0.046, 0.056, 0.07]
    low = np.clip(-v[:, 2] / 0.07, 0, 1)
    v = v * np.stack([1 - 0.28 * low**1.5, 1 - 0.1 * low, np.ones_like(low)], -1)
    v[:, 1] -= 0.012 * low
    skull = m.smooth(v, ball.faces, ball.uv)
    nose = m.limb((0, -0.052, 0.008), (0, -0.066, -0.012), 0.005, 0.009, 8)
    ears = [m.sphere(0.014, 8).scaled(0.4, 0.8, 1.2).moved(s * 0.046, 0.004, -0.002) for s in (-1, 1)]
    whites = [m.sphere(0.0085, 8).scaled(1, 0.6, 0.7).moved(s * 0.018, -0.0475, 0.01) for s in (-1, 1)]
    irises = [m.sphere(0.0045, 8).scaled(1, 0.5, 1).moved(s * 0.018, -0.0515, 0.01) for s in (-1, 1)]
    mouth = m.sphere(0.016, 10).scaled(1, 0.35, rng.uniform(0.2, 0.45)).moved(0, -0.058, -0.032)
    brows = [
        m.limb((s * 0.01, -0.053, 0.022), (s * 0.028, -0.047, 0.023), 0.0028, 0.002, 5).scaled(1, 1, 1) for s in (-1, 1)
    ]
    dark = palette.matte(HAIRS[int(rng.integers(5))] * rng.uniform(0.6, 1.4))
    parts: Parts = [
        (m.merged([skull, nose, *ears]), skin),
        (m.merged(whites), palette.glossy([0.7, 0.7, 0.68])),
        (m.merged(irises), palette.glossy(rng.choice([[0.02, 0.015, 0.01], [0.05, 0.1, 0.15], [0.08, 0.05, 0.02]]))),
        (mouth, palette.matte([0.35, 0.12, 0.1])),
        (m.merged(brows), dark),
    ]
    if rng.random() < 0.15:
        rims = [m.torus(0.014, 0.0018, 14, 4).turned(90, "x").moved(s * 0.018, -0.057, 0.008) for s in (-1, 1)]
        temples = [m.tube([(s * 0.032, -0.056, 0.01), (s * 0.047, 0.0, 0.008)], 0.0016, 4) for s in (-1, 1)]
        parts.append((m.merged(rims + temples), palette.matte([0.03, 0.03, 0.03])))
    w = ball.vertices * [0.0505, 0.061, 0.076]
    line = w[:, 2] - rng.uniform(0.014, 0.03) * np.clip(-w[:, 1] / 0.05, -1.6, 1) < rng.uniform(-0.005, 0.012)
    w = np.where(line[:, None], w * 0.8, w) + np.array([0, 0.004, 0.003])
    hair: list[Mesh] = [m.smooth(w, ball.faces, ball.uv)]
    style = rng.random()
    if style < 0.35:  # long
        length = rng.uniform(0.09, 0.22)
        fall = [
            (-length, 0.05, 0.014, 0.045),
            (-0.06, 0.054, 0.02, 0.042),
            (0.0, 0.052, 0.03, 0.03),
            (0.05, 0.03, 0.02, 0.02),
        ]
        hair.append(shapes.loft(fall))
    elif style < 0.45:
        hair.append(m.sphere(0.026, 12).moved(0, 0.055, 0.045))
    elif style < 0.52:
        return parts, []
    hat = rng.random()
    if hat > 0.3:
        return parts, [(m.merged(hair), dark)]
    colour = palette.matte() if rng.random() < 0.7 else palette.matte([0.5, 0.4, 0.22])
    dome = (
        m.lathe([(0.056, 0.0), (0.056, 0.02), (0.045, 0.05), (0.0, 0.062)], 18)
        .scaled(1, 1.12, 1)
        .moved(y=0.004, z=0.028)
    )
    if hat < 0.1:
        brim = m.lathe([(0.05, 0.0), (rng.uniform(0.085, 0.13), -0.006)], 22).moved(z=0.03)
    elif hat < 0.22:
        brim = m.sphere(0.05, 14).scaled(0.9, 0.9, 0.08).moved(y=-0.05, z=0.03)
    else:
        brim = m.torus(0.055, 0.008, 18, 6).scaled(1, 1.1, 1).moved(z=0.03)
    under = [(mesh, dark) for mesh in hair[1:]]
    return parts, [*under, (m.merged([dome, brim]), colour)]


def _carried(rng: np.random.Generator, palette: Palette, hands: list[np.ndarray], lean, build: float) -> Parts:
    """A backpack, a bag in the hand or over the shoulder, an umbrella: or nothing."""
    kind = rng.random()
    if kind < 0.16:
        pack = m.rounded_box(0.17, 0.09, 0.25, 0.035).moved(*lean(np.array([0, 0.115 * build, 0.57])))
        straps = [
            m.tube(
                [lean(np.array([s * 0.06, y, z])) for y, z in ((0.07, 0.8), (-0.0, 0.83), (-0.075 * build, 0.75))],
                0.009,
                5,
            )
            for s in (-1, 1)
        ]
        return [(m.merged([pack, *straps]), palette.matte())]
    if kind < 0.28:
        x, y, z = hands[1]
        size = rng.uniform(0.1, 0.17)
        bag = m.rounded_box(0.06, size, size * rng.uniform(0.7, 1.2), 0.01).moved(x, y, z - size - 0.07)
        loop = m.torus(0.035, 0.004, 14, 5).turned(90, "y").scaled(1, 1, 2).moved(x, y, z - 0.06)
        return [(m.merged([bag, loop]), palette.matte())]
    if kind < 0.36:
        strap = m.tube(
            [
                (-0.1, 0.03, 0.55),
                (-0.08, 0.065, 0.7),
                (0.03, 0.02, 0.835),
                (0.0, -0.085 * build, 0.7),
                (-0.11, -0.02, 0.55),
            ],
            0.006,
            5,
        )
        return [(m.merged([m.rounded_box(0.05, 0.15, 0.11, 0.02).moved(-0.14, 0, 0.45), strap]), palette.matte())]
    return []
