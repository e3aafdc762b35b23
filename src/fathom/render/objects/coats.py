"""What animals wear: coats of two colours in patterns, tufts of fur, eyes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.materials import Palette
from fathom.render.objects.implicit import Bone, reach
from fathom.render.scene import TEXTURE, Material, Mesh

Parts = list[tuple[Mesh, Material]]


@dataclass(frozen=True)
class Creature:
    """An animal at the origin on z = 0."""

    parts: Parts
    head: np.ndarray  # (3,) its middle, where a portrait looks
    size: float  # metres, of the head with what surrounds it


def linear(code: str) -> np.ndarray:
    """Linear reflectance of a hex colour as screens show it."""
    c = np.array([int(code[i : i + 2], 16) for i in (0, 2, 4)]) / 255
    return c**2.2


def coat(rng: np.random.Generator, a, b) -> Material:
    """A ramp from one linear colour to the other along u, with hairs along v; see `coated`."""
    hairs = textures.fbm(rng, 64, 3, 0.7, stretch=8) * 0.5 + textures.fbm(rng, 6, 4) * 0.5
    ramp = np.broadcast_to(np.linspace(-0.1, 1.1, TEXTURE)[None], (TEXTURE, TEXTURE)).clip(0, 1)
    body = textures.mix(ramp.astype(np.float32), np.asarray(a, np.float32), np.asarray(b, np.float32))
    return Material("matte", np.clip(body * (0.65 + 0.7 * hairs[..., None]), 0.015, 0.9).astype(np.float32), 1.0)


def lumps(rng: np.random.Generator, points: np.ndarray, scale: float) -> np.ndarray:
    """Noise of about unit variance at points (N, 3), with lumps about `scale` large."""
    waves = [np.sin(points @ rng.normal(0, 2.2 / scale, 3) + rng.uniform(0, 6.3)) for _ in range(9)]
    return np.sum(waves, 0) / 2.1


def coated(rng: np.random.Generator, skin: Mesh, pattern: str, size: float) -> Mesh:
    """The mesh with uv for a coat: plain, belly (the second colour below), patches, stripes, spots or points."""
    v, high = skin.vertices, float(skin.vertices[:, 2].max())
    if pattern == "belly":
        u = np.clip(0.5 - 0.9 * skin.normals[:, 2] - 0.5 * v[:, 2] / high + 0.1 * lumps(rng, v, 0.3 * size), 0, 1)
    elif pattern == "patches":
        u = np.clip(0.5 + 2.5 * lumps(rng, v, 0.8 * size), 0, 1)
    elif pattern == "stripes":
        u = np.clip(0.4 + 1.3 * np.sin(v[:, 1] * 22 / size + 1.3 * lumps(rng, v, 0.5 * size)), 0, 1)
    elif pattern == "spots":
        u = np.clip(2.2 * lumps(rng, v, 0.16 * size) - 1.6, 0, 1)
    elif pattern == "points":
        r = np.linalg.norm((v - v.mean(0)) / np.ptp(v, axis=0), axis=1)
        u = np.clip(3 * r - 0.9 + 0.1 * lumps(rng, v, 0.3 * size), 0, 1)
    else:
        u = np.clip(0.25 + 0.2 * lumps(rng, v, 0.4 * size), 0, 1)
    along = (v[:, 2] + 0.35 * v[:, 1] + 0.2 * np.abs(v[:, 0])) / size
    along = along + rng.normal(0, 0.12, len(v))  # a grain, where even steps would draw contour lines
    return Mesh(v, skin.faces, skin.normals, np.stack([0.02 + 0.96 * u, along], -1))


def fur(rng: np.random.Generator, skin: Mesh, length: float, count: int, away: np.ndarray) -> Mesh:
    """Tufts on a coated skin, combed back and down; none near the points `away` (N, 3), such as eyes and nose."""
    corners = skin.vertices[skin.faces]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    pick = rng.choice(len(area), count, p=area / area.sum())
    root, out = corners[pick].mean(1), skin.normals[skin.faces[pick]].mean(1)
    clear = np.linalg.norm(root[:, None] - away[None], axis=2).min(1)
    keep = clear > 0.6 * length
    root, out, uv, clear = root[keep], out[keep], skin.uv[skin.faces[pick[keep], 0]], clear[keep]
    comb = np.array([0, 0.8, -0.7]) + rng.normal(0, 0.35, (len(root), 3))
    comb -= (comb * out).sum(1, keepdims=True) * out
    comb /= np.maximum(np.linalg.norm(comb, axis=1, keepdims=True), 1e-9)
    # Shorter on the face.
    tall = length * rng.uniform(0.5, 1.2, (len(root), 1)) * np.clip(clear / (4 * length), 0.3, 1)[:, None]
    tip = root + (comb + 0.3 * out) * tall
    side = np.cross(comb, out) * tall * 0.17
    v = np.stack([root - side - 0.05 * tall * out, root + side - 0.05 * tall * out, tip], 1)
    v[..., 2] = np.maximum(v[..., 2], skin.vertices[:, 2].min())  # not through the ground
    # The skin's own normals, nearly: single hairs are too fine to shade apart.
    normal = np.repeat(out + 0.15 * rng.normal(size=out.shape), 3, 0)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    shade = (
        np.repeat(uv, 3, 0)
        + np.repeat(rng.uniform(-0.1, 0.1, (len(root), 2)), 3, 0)
        + np.tile([[0, 0], [0, 0], [0, 0.2]], (len(root), 1))
    )
    return Mesh(v.reshape(-1, 3), np.arange(3 * len(root)).reshape(-1, 3), normal, shade.clip([0.02, -99], [0.98, 99]))


def eyes(
    palette: Palette, bones: list[Bone], head: np.ndarray, look: np.ndarray, wide: float, up: float, r: float, iris
) -> tuple[Parts, list[np.ndarray]]:
    """Two eyeballs set into the body; `wide` and `up` turn them away from where the head looks (degrees)."""
    parts: Parts = []
    places = []
    side = np.cross(look, [0, 0, 1])
    side /= np.linalg.norm(side)
    rise = np.cross(side, look)
    a, b = np.radians([wide, up])
    for s in (-1, 1):
        d = look * np.cos(a) * np.cos(b) + s * side * np.sin(a) * np.cos(b) + rise * np.sin(b)
        at = reach(bones, head, d) - d * 0.45 * r
        gaze = d + 0.4 * look
        gaze /= np.linalg.norm(gaze)
        ball_ = m.sphere(r, 14).moved(*at)
        pupil = m.sphere(0.62 * r, 12).moved(*(at + gaze * 0.47 * r))
        glint = m.sphere(0.16 * r, 8).moved(*(at + gaze * 0.92 * r + rise * 0.38 * r))
        parts += [
            (ball_, palette.glossy(iris)),
            (pupil, palette.glossy([0.008, 0.007, 0.006])),
            (glint, palette.glossy([0.9, 0.9, 0.9])),
        ]
        places.append(at)
    return parts, places
