"""Beasts on four legs to be seen from close by: blended bodies in coats, their heads towards -y."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render.materials import Palette
from fathom.render.objects import solids
from fathom.render.objects.builds import BUILDS, Build
from fathom.render.objects.coats import Creature, coat, coated, eyes, fur, linear
from fathom.render.objects.implicit import Bone, ball, bone, reach, surface
from fathom.render.scene import Material, Mesh

Parts = list[tuple[Mesh, Material]]


def beast(rng: np.random.Generator, palette: Palette, kind: str | None = None) -> Creature:
    """A four-legged animal, standing, sitting or lying."""
    build = BUILDS[str(rng.choice(list(BUILDS))) if kind is None else kind]
    body = float(rng.uniform(*build.trunk))
    pose = str(rng.choice(["stand", "sit", "lie"], p=[0.45, 0.35, 0.2] if build.sits else [0.85, 0.0, 0.15]))
    chest, hip = build.chest * rng.uniform(0.9, 1.12), build.hip * rng.uniform(0.9, 1.12)
    low = 0.95 * max(chest, hip)
    height = {"stand": build.leg + 0.75 * chest, "sit": 0.0, "lie": low}[pose]
    front, rear = np.array([0, -0.5 + chest * 0.8, height]), np.array([0, 0.5 - hip * 0.8, height])
    if pose == "sit":
        rear, front = np.array([0, 0.2, hip * 0.95]), np.array([0, -0.18, build.leg + 0.55 * chest])
    flat = 0.86  # beasts are narrower than high
    bones = [bone(front, rear, chest, hip, (flat, 1, 1))]
    bones.append(bone((front + rear) / 2 - [0, 0, 0.1 * chest], rear, 0.98 * (chest + hip) / 2, hip, (flat, 1, 1)))
    for s in (-1, 1):
        x, foot = 0.55 * chest, 0.055 + 0.1 * chest
        step = rng.uniform(-0.12, 0.12) * build.leg
        if pose == "lie":
            bones += [
                bone((s * x, front[1], 0.8 * low), (s * x * 1.2, front[1] - 0.1, 0.1), 0.45 * chest, foot),
                bone((s * x * 1.2, front[1] - 0.1, foot), (s * x * 1.1, front[1] - 0.35, 0.8 * foot), foot, foot),
            ]
            bones += [
                ball((s * x * 1.35, rear[1] - 0.05, 0.6 * hip), 0.62 * hip),
                bone((s * x * 1.5, rear[1], foot), (s * x * 1.6, rear[1] - 0.28, 0.8 * foot), foot, foot),
            ]
            continue
        shoulder = np.add(front, (s * x, 0, -0.2 * chest))
        elbow = np.array([s * x, shoulder[1] + 0.05, 0.52 * build.leg])
        paw = np.array([s * x, shoulder[1] + (step if pose == "stand" else 0), 0.75 * foot])
        bones += [
            bone(shoulder, elbow, 0.5 * chest, 0.3 * chest),
            bone(elbow, paw, 0.3 * chest, 0.75 * foot),
            bone(paw, paw - [0, 0.05, 0.1 * foot], 0.95 * foot, 0.8 * foot),
        ]
        x = 0.6 * hip
        if pose == "sit":
            bones += [
                bone(
                    np.add(rear, (s * x, -0.02, 0.05)), np.add(rear, (s * x * 1.5, -0.25, 0.03)), 0.6 * hip, 0.45 * hip
                ),
                bone((s * x * 1.6, rear[1] - 0.2, 0.8 * foot), (s * x * 1.7, rear[1] - 0.42, 0.7 * foot), foot, foot),
            ]
        else:
            knee, hock = np.add(rear, (s * x, -0.04, -0.75 * hip)), np.array([s * x, rear[1] + 0.11, 0.42 * build.leg])
            paw = np.array([s * x, rear[1] + 0.06 - step, 0.75 * foot])
            bones += [
                bone(np.add(rear, (s * x, 0, -0.1 * hip)), knee, 0.62 * hip, 0.45 * hip),
                bone(knee, hock, 0.42 * hip, foot),
                bone(hock, paw, 0.85 * foot, 0.75 * foot),
                bone(paw, paw - [0, 0.05, 0.1 * foot], 0.95 * foot),
            ]
    head, look, face = _neck_and_head(rng, build, front, chest, pose)
    bones += face
    tail = build.tail * rng.uniform(0.7, 1.1)
    root, up = np.add(rear, (0, 0.8 * hip, 0.35 * hip)), rng.uniform(-0.9, 0.6) if pose == "stand" else -0.6
    curl = [
        root,
        np.add(root, (0, 0.35 * tail, 0.4 * up * tail)),
        np.add(root, (rng.normal(0, 0.15) * tail, 0.5 * tail, up * tail)),
    ]
    curl = [np.maximum(p, [-9, -9, 0.04]) for p in curl]
    bushy = build.fur > 0.06 and build.tail > 0.3
    thick = 0.08 if bushy else 0.028 + 0.1 * build.tail * 0.4
    bones += [
        bone(curl[0], curl[1], thick, 1.3 * thick if bushy else 0.8 * thick),
        bone(curl[1], curl[2], 1.3 * thick if bushy else 0.8 * thick, 0.5 * thick),
    ]
    return _finish(rng, palette, build, body, bones, head, look)


def _neck_and_head(
    rng: np.random.Generator, build: Build, front: np.ndarray, chest: float, pose: str
) -> tuple[np.ndarray, np.ndarray, list[Bone]]:
    """Where the head is, where it looks, and the bones of both."""
    rise = np.radians(build.rise + rng.normal(0, 10) + (20 if pose == "sit" else 0))
    if pose == "stand" and build.fur == 0 and rng.random() < 0.25:
        rise -= 1.2  # grazing, drinking
    throat = np.add(front, (0, -0.35 * chest, 0.35 * chest))
    head = throat + (build.neck + 0.5 * build.head) * np.array([rng.normal(0, 0.12), -np.cos(rise), np.sin(rise)])
    head[2] = max(head[2], 1.3 * build.head)
    look = np.array([rng.normal(0, 0.45), -1.0, rng.normal(-0.22, 0.15)])
    look /= np.linalg.norm(look)
    r = build.head
    nose = head + look * (0.8 * r + 0.75 * build.snout) - [0, 0, 0.35 * r]
    face = [
        bone(throat, head - look * 0.3 * r, 0.75 * chest, 0.72 * r),
        ball(head, r, (1.0, 1.0, 0.95)),
        ball(head + look * 0.2 * r - [0, 0, 0.3 * r], 0.78 * r),  # cheeks
        bone(
            head + look * 0.6 * r - [0, 0, 0.3 * r], nose, (0.5 if build.fur else 0.62) * r, build.snout_end, blend=0.35
        ),
        bone(
            head + look * 0.4 * r - [0, 0, 0.5 * r],
            nose - [0, 0, 0.55 * build.snout_end] - look * 0.02,
            0.45 * r,
            0.6 * build.snout_end,
        ),
    ]
    return head, look, face


def _ear(build: Build, head, look, side) -> tuple[np.ndarray, np.ndarray, float]:
    """Where an ear begins and ends, and its width."""
    length, width, droop = build.ear
    a = np.radians(droop)
    at = head + build.head * (
        side * (0.62 if droop < 50 else 0.9) + np.array([0, 0, 0.7 if droop < 80 else 0.35]) - 0.1 * look
    )
    return at, at + (side * np.sin(a) + np.array([0, 0, np.cos(a)])) * (length - 0.3 * width), width


def _finish(
    rng: np.random.Generator,
    palette: Palette,
    build: Build,
    body: float,
    bones: list[Bone],
    head: np.ndarray,
    look: np.ndarray,
) -> Creature:
    """Skin, coat, fur, and what is not skin; metres."""
    r = build.head
    main, second = (linear(c) * rng.uniform(0.8, 1.25) for c in str(rng.choice(list(build.coats))).split())
    hide = coat(rng, main.clip(0.01, 0.85), second.clip(0.01, 0.85))
    side = np.cross(look, [0, 0, 1])
    side /= np.linalg.norm(side)
    if build.extra == "tusks":  # the trunk of an elephant
        n = head + look * (r + build.snout)
        bend = rng.uniform(-0.05, 0.2)
        trunk = [
            n,
            n + look * 0.14 - [0, 0, 0.2],
            n + look * (0.14 + bend * 0.5) - [0, 0, 0.42],
            n + look * (0.16 + bend) - [0, 0, 0.58 - bend],
        ]
        bones += [
            bone(p, q, a, b)
            for p, q, a, b in zip(trunk, trunk[1:], (0.11, 0.085, 0.065), (0.085, 0.065, 0.05), strict=False)
        ]
    for s in (-1, 1):
        at, ear_tip, width = _ear(build, head, look, side * s)
        hanging = build.ear[2] > 100
        flat = (0.45, 1.0, 1.0) if hanging else (1.0, 0.35 if width < 0.3 else 0.18, 1.0)
        bones.append(bone(at, ear_tip, 0.5 * width, 0.5 * width if hanging or width > 0.3 else 0.1 * width, flat, 0.25))
    skin = coated(rng, surface(bones, 92), str(rng.choice(list(build.patterns))), 1.0)
    up = 18 if build.eye[1] < 50 else 12
    iris = linear(str(rng.choice(["5a3a1a", "3a2410", "8a7430", "6a7a58", "4a3418"])))
    balls, near = eyes(palette, bones, head, look, build.eye[1], up, build.eye[0] * r, iris)
    nose = reach(bones, head - [0, 0, 0.3 * r], look)
    dark = palette.glossy([0.015, 0.012, 0.012] if rng.random() < 0.8 else [0.35, 0.16, 0.14])
    muzzle = build.snout_end
    tip = (
        m.sphere(0.5 * muzzle, 14)
        .scaled(1.25, 0.7, 0.85)
        .moved(*(np.add(nose, (0, 0, 0.25 * muzzle)) - look * 0.12 * muzzle))
    )
    parts: Parts = [(skin, hide), *balls]
    if build.fur and build.extra not in ("horns", "antlers"):
        parts.append((tip, dark))
    elif build.extra != "tusks":
        nostrils = [
            m.sphere(0.22 * muzzle, 10).moved(*(nose + s * side * 0.42 * muzzle + [0, 0, 0.3 * muzzle]))
            for s in (-1, 1)
        ]
        parts.append((m.merged(nostrils), dark))
    for s in (-1, 1):
        at, ear_tip, width = _ear(build, head, look, side * s)
        flap = solids.petal(float(np.linalg.norm(ear_tip - at)) * 0.9, 0.6 * width, -0.3, 0.0, 0.75).turned(90, "x")
        flap = flap.turned(s * build.ear[2], "y").moved(*(at - [0, 0.2 * width, 0]))
        if build.ear[2] < 60 and build.fur:
            parts.append((flap, palette.matte((0.5 * main + [0.2, 0.1, 0.08]).clip(0, 0.8))))
        near += [at, (at + ear_tip) / 2, ear_tip]
        if build.extra in ("horns", "antlers", "tusks"):
            parts += _horn(rng, palette, build.extra, bones, head, look, side * s, r)
    if build.extra == "whiskers":
        hairs = [
            m.tube(
                [
                    nose + side * s * 0.7 * muzzle - look * 0.3 * muzzle,
                    nose + side * s * 0.9 * r + [0, 0, dz * r] + look * 0.1 * r,
                ],
                0.004,
                3,
            )
            for s in (-1, 1)
            for dz in (-0.35, -0.05, 0.2)
        ]
        parts.append((m.merged(hairs), palette.matte([0.6, 0.58, 0.55])))
    if build.fur:
        length = build.fur * rng.uniform(0.7, 1.3)
        parts.append((fur(rng, skin, length, int(24000 * min(0.05 / length, 1.4)), np.array([*near, nose])), hide))
    if build.extra == "mane":
        close = np.linalg.norm(skin.vertices - (head - look * 0.9 * r), axis=1) < 1.7 * r
        faces = skin.faces[close[skin.faces].all(1)]
        mane = fur(
            rng,
            Mesh(skin.vertices, faces, skin.normals, np.clip(skin.uv, 0.6, None)),
            0.13,
            3500,
            np.array([*near[:2], nose, head + look * r]),
        )
        parts.append((mane, hide))
    parts = [(mesh.scaled(body), a) for mesh, a in parts]
    low = min(float(mesh.vertices[:, 2].min()) for mesh, _ in parts[:1])
    return Creature(
        [(mesh.moved(z=-low), a) for mesh, a in parts], head * body - [0, 0, low], (r + build.snout) * 2.2 * body
    )


def _horn(
    rng: np.random.Generator,
    palette: Palette,
    kind: str,
    bones: list[Bone],
    head: np.ndarray,
    look: np.ndarray,
    side: np.ndarray,
    r: float,
) -> Parts:
    """A horn, an antler or a tusk, on the side that `side` points to."""
    bony = palette.glossy(linear("d8c8a0") * rng.uniform(0.3, 1.1))
    start = reach(bones, head, side * 0.45 + np.array([0, 0, 0.9])) - [0, 0, 0.1 * r]
    if kind == "horns":
        bend = rng.uniform(-0.3, 0.9)
        curve = [start, start + side * 0.7 * r + [0, 0, 0.6 * r], start + side * 0.8 * r + [0, bend * r, 1.5 * r]]
        return [(m.tube(np.array(curve), [0.2 * r, 0.15 * r, 0.03 * r], 9), bony)]
    if kind == "tusks":
        start = head + side * 0.6 * r + look * 0.8 * r - [0, 0, 0.6 * r]
        curve = [start, start + look * 0.8 * r - [0, 0, 0.6 * r], start + look * 1.6 * r - [0, 0, 0.5 * r]]
        return [(m.tube(np.array(curve), [0.16 * r, 0.13 * r, 0.03 * r], 9), palette.glossy(linear("e8dcc0")))]
    tines = [
        solids.wire(
            [start, start + side * 1.4 * r + [0, 0, 1.2 * r], start + side * 1.2 * r + [0, 0, 3.6 * r]], 0.13 * r
        )
    ]
    for t in (0.3, 0.6, 0.85):
        at = start + side * 1.35 * r * np.sqrt(t) + np.array([0, 0, 3.3 * r * t])
        tines.append(m.limb(at, at + look * 1.0 * r + np.array([0, 0, 0.8 * r]), 0.1 * r, 0.04 * r, 7))
    return [(m.merged(tines), bony)]
