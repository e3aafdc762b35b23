"""What shops, libraries and stores are full of: products in rows, crates of fruit, racks, trolleys."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from fathom.render import meshes as m
from fathom.render import textures
from fathom.render.materials import Palette
from fathom.render.objects import household
from fathom.render.objects.arrange import Parts, bounds, copies, moved, repeated
from fathom.render.scene import Material, Mesh

BRANDS = np.array(
    [
        [0.55, 0.02, 0.02],
        [0.75, 0.5, 0.02],
        [0.02, 0.1, 0.45],
        [0.03, 0.3, 0.08],
        [0.75, 0.22, 0.02],
        [0.8, 0.8, 0.78],
        [0.02, 0.02, 0.03],
        [0.45, 0.02, 0.2],
        [0.05, 0.4, 0.6],
        [0.4, 0.25, 0.1],
    ]
)


class Packaging(Palette):
    """A second palette of a scene, its labels wrappers in the loud colours of goods: bands, a badge, a name."""

    def __init__(self, palette: Palette):
        super().__init__(palette._rng)
        self._palette = palette

    def colour(self, kind: str, rgb=None) -> Material:
        return self._palette.colour(kind, rgb)  # without sheets of its own: more surfaces are other kernels

    def label(self) -> Material:
        if self._labels is None:
            self._labels = textures.atlas([self._wrapper() for _ in range(16)], 4)
        return super().label()

    def _wrapper(self) -> np.ndarray:
        rng, n = self._rng, textures.N
        pick = lambda: [float(v) for v in BRANDS[int(rng.integers(len(BRANDS)))] * rng.uniform(0.7, 1.2)]  # noqa: E731
        image = np.broadcast_to(np.array(pick(), np.float32), (n, n, 3)).copy()
        for _ in range(int(rng.integers(0, 3))):
            y, h = int(rng.integers(n)), int(rng.integers(10, 90))
            cv2.rectangle(image, (0, y), (n, y + h), pick(), -1)
        x, y = (int(v) for v in rng.integers(60, n - 60, 2))
        axes = (int(rng.integers(30, 110)), int(rng.integers(25, 80)))
        cv2.ellipse(image, (x, y), axes, float(rng.uniform(-30, 30)), 0, 360, pick(), -1, cv2.LINE_AA)
        word = "".join(chr(int(c)) for c in rng.integers(65, 91, int(rng.integers(3, 7))))
        where, scale = (int(rng.integers(4, 60)), int(rng.integers(50, n - 20))), rng.uniform(1.2, 2.6)
        ink = np.zeros((n, n), np.uint8)
        cv2.putText(ink, word, where, cv2.FONT_HERSHEY_DUPLEX, scale, 255, int(rng.integers(3, 9)), cv2.LINE_AA)
        image = textures.mix(ink.astype(np.float32) / 255, image, np.array(pick(), np.float32))
        for k in range(int(rng.integers(0, 5))):
            cv2.line(image, (30, n - 14 - 12 * k), (int(rng.integers(90, n - 10)), n - 14 - 12 * k), pick(), 3)
        return np.clip(image, 0, 0.9)


@dataclass(frozen=True)
class Product:
    """One article: its shape about the origin and the room that it takes."""

    parts: Parts
    w: float
    d: float
    h: float


def article(rng: np.random.Generator, palette: Palette, height: float, kind: str = "") -> Product:
    """Something sold in numbers: a packet, bag, can, jar, bottle, tub or roll about this high."""
    kind = kind or str(rng.choice(["packet", "packet", "packet", "bag", "can", "bottle", "tub", "roll"]))
    if kind == "packet":
        w, d = height * rng.uniform(0.35, 0.9), height * rng.uniform(0.12, 0.5)
        parts: Parts = [(m.box(w, d, height, unit=True), palette.label())]
    elif kind == "bag":
        w, d = height * rng.uniform(0.55, 0.8), height * rng.uniform(0.2, 0.35)
        parts = [(pillow(w, d, height), palette.label())]
    elif kind == "can":
        parts = tin(rng, palette, height)
    elif kind == "tub":
        r = height * rng.uniform(0.35, 0.6)
        side = m.lathe([(r * 0.85, 0), (r, height * 0.9)], 18)
        uv = np.stack([side.uv[:, 0] * 2 % 1.0001, side.uv[:, 1] / (0.9 * height)], -1)
        lid = m.cylinder(r * 1.04, height * 0.1, 18).moved(z=height * 0.9)
        parts = [(Mesh(side.vertices, side.faces, side.normals, uv), palette.label()), (lid, palette.glossy())]
    elif kind == "roll":
        r = min(0.06, height * 0.4)
        at = np.array([[0.0, y, z] for y in (-r, r) for z in np.arange(max(1, int(height / (2 * r)))) * 2 * r])
        parts = repeated([(m.cylinder(r, 1.9 * r, 14), palette.matte([0.75, 0.75, 0.74]))], at)
    else:
        parts = bottle(rng, palette, height)
    low, high = bounds(parts)
    w, d, h = (high - low).tolist()
    return Product(moved(parts, -(low[0] + high[0]) / 2, -(low[1] + high[1]) / 2), w, d, h)


def tin(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    r = h * rng.uniform(0.28, 0.5)
    side = m.lathe([(r, 0.02 * h), (r, 0.97 * h)], 14)
    uv = np.stack([side.uv[:, 0] * 2 % 1.0001, side.uv[:, 1] / h], -1)
    return [
        (Mesh(side.vertices, side.faces, side.normals, uv), palette.label()),
        (m.cylinder(r * 0.96, h, 14), palette.metal([0.6, 0.6, 0.6])),
    ]


def pillow(w: float, d: float, h: float) -> Mesh:
    """A bag blown up between a flat upper and lower edge; uv runs 0..1 over its front and its back."""
    u, v = np.meshgrid(np.linspace(0, 1, 7), np.linspace(0, 1, 9))
    bulge = d / 2 * np.sqrt(np.clip(np.sin(np.pi * u) * np.sin(np.pi * v), 0, 1))
    p = np.stack([(u - 0.5) * w, -bulge, v * h], -1).reshape(-1, 3)
    front = m.smooth(p, m.grid_faces(9, 7), np.stack([u.ravel(), v.ravel()], -1))
    return m.merged([front, front.turned(180)])


def bottle(rng: np.random.Generator, palette: Palette, h: float) -> Parts:
    """A plain bottle or flask with a label and a cap: few triangles, since shops have hundreds."""
    r, neck = h * rng.uniform(0.12, 0.2), h * rng.uniform(0.025, 0.06)
    shoulder = h * rng.uniform(0.5, 0.75)
    squash = rng.uniform(0.5, 1.0) if rng.random() < 0.3 else 1.0
    body = m.lathe(
        [(0, 0), (r, 0.01 * h), (r, shoulder), (r * 0.6, shoulder + 0.12 * h), (neck, h * 0.9), (0, h * 0.92)], 14
    )
    band = m.lathe([(r * 1.01, shoulder * 0.2), (r * 1.01, shoulder * 0.85)], 14)
    uv = np.stack([band.uv[:, 0] * 2 % 1.0001, (band.uv[:, 1] / shoulder - 0.2) / 0.65], -1)
    cap = m.cylinder(neck * 1.4, h * 0.1, 10).moved(z=h * 0.9)
    parts = [(body, palette.glossy()), (Mesh(band.vertices, band.faces, band.normals, uv), palette.label())]
    return [(mesh.scaled(1, squash, 1), a) for mesh, a in [*parts, (cap, palette.glossy())]]


def row(rng: np.random.Generator, stock: list[Product], width: float, height: float, depth: float) -> Parts:
    """Products from x = 0 to `width` on a board at z = 0, their fronts near y = 0, the board going on to y = depth."""
    parts: Parts = []
    fitting = [p for p in stock if p.h < height - 0.02 and p.d < depth and p.w < width]
    x = 0.01
    while fitting and x < width - 0.05:
        product = fitting[int(rng.integers(len(fitting)))]
        pitch = product.w * rng.uniform(1.01, 1.08)
        count = min(int(rng.integers(2, 8)), int((width - x) / pitch))
        if count < 1:
            break
        layers = int(rng.integers(1, 4)) if 2 * product.h < height - 0.03 and rng.random() < 0.5 else 1
        layers = min(layers, int((height - 0.02) / product.h))
        heavy = sum(len(mesh.faces) for mesh, _ in product.parts) > 100
        deep = 1 if heavy else min(int(depth / (product.d * 1.05)), 2)
        at = [
            (x + (i + 0.5) * pitch, product.d * (0.52 + 1.04 * j) + rng.uniform(0, 0.008), k * product.h)
            for i in range(count)
            for k in range(layers if rng.random() < 0.85 else 1)
            for j in range(deep)
            if j > 0 or rng.random() < 0.93
        ]
        if at:
            parts += repeated(product.parts, np.array(at))
        x += count * pitch + (rng.uniform(0.05, 0.25) if rng.random() < 0.06 else 0.006)
    return parts


def gondola(
    rng: np.random.Generator, palette: Palette, stock: list[Product], w: float, h: float, steel: Material
) -> Parts:
    """A bay of shop shelves w wide, its back at y = 0, with rails of prices along the boards."""
    d, rows = rng.uniform(0.35, 0.5), int(rng.integers(4, 7))
    step = (h - 0.12) / rows
    rail, card = palette.matte([0.75, 0.72, 0.6]), palette.label()
    boards = [m.box(w, d, 0.02).moved(y=-d / 2, z=0.1 + k * step) for k in range(rows)]
    boards += [m.box(w, 0.02, h).moved(y=-0.01), m.box(w, d - 0.03, 0.1).moved(y=-d / 2)]
    parts: Parts = [(m.merged([*boards, m.box(0.03, 0.06, h).moved(-w / 2, -0.03)]), steel)]
    fronts = [m.box(w, 0.008, 0.04).moved(y=-d - 0.004, z=0.085 + k * step) for k in range(rows)]
    parts.append((m.merged(fronts), rail))
    for k in range(rows):
        if rng.random() < 0.97:
            some = [stock[int(i)] for i in rng.integers(len(stock), size=4)]
            parts += moved(row(rng, some, w - 0.02, step - 0.02, d), -w / 2 + 0.01, -d, 0.121 + k * step)
        x = np.arange(-w / 2 + 0.08, w / 2 - 0.05, rng.uniform(0.12, 0.3))
        cards = np.stack([x, np.full(len(x), -d - 0.009), np.full(len(x), 0.088 + k * step)], -1)
        parts.append((copies(m.box(0.06, 0.003, 0.035, unit=True), cards), card))
    return parts


def bookcase(rng: np.random.Generator, palette: Palette, body: Material, w: float, h: float) -> Parts:
    """Shelves full of books, the back at y = 0."""
    d, rows = rng.uniform(0.26, 0.34), max(2, round(h / rng.uniform(0.3, 0.38)))
    step = (h - 0.1) / rows
    boards = [m.box(w, d, 0.024).moved(y=-d / 2, z=0.08 + k * step) for k in range(rows + 1)]
    boards += [m.box(0.024, d, h).moved(s * (w / 2 - 0.012), -d / 2) for s in (-1, 1)] + [
        m.box(w, 0.012, h).moved(y=-0.006)
    ]
    parts: Parts = [(m.merged(boards), body)]
    for k in range(rows):
        if rng.random() < 0.95:
            length = (w - 0.06) * (1.0 if rng.random() < 0.7 else rng.uniform(0.3, 0.9))
            books = household.shelf_row(rng, palette, length, step - 0.05, d, "books")
            parts += moved(books, -w / 2 + 0.03, -d, 0.105 + k * step)
    return parts


def cartons(rng: np.random.Generator, palette: Palette, paper: Material, w: float, d: float, high: float) -> Parts:
    """A stack of cardboard boxes within w x d x `high` metres, taped and labelled."""
    parts: Parts = []
    z = 0.0
    while z < high - 0.15:
        h = float(min(rng.uniform(0.18, 0.45), high - z))
        nx = int(rng.integers(1, 4))
        for k in range(nx):
            if z > 0.5 * high and rng.random() < 0.25:
                continue
            bw, bd = w / nx * rng.uniform(0.9, 0.98), d * rng.uniform(0.85, 0.98)
            x = -w / 2 + (k + 0.5) * w / nx
            parts.append((m.box(bw, bd, h - 0.004).moved(x, 0, z), paper))
            tape = m.box(0.05, bd + 0.002, h).moved(x, 0, z - 0.002)
            parts.append((tape, palette.matte([0.35, 0.25, 0.14])))
            if rng.random() < 0.6:
                note = m.box(bw * 0.35, 0.003, h * 0.3, unit=True).moved(x + bw * 0.2, -bd / 2 - 0.002, z + h * 0.4)
                parts.append((note, palette.label()))
        z += h
    return parts


def cardboard(rng: np.random.Generator) -> Material:
    base = np.array([0.42, 0.29, 0.17]) * rng.uniform(0.7, 1.2)
    return Material("matte", textures.mottled(rng, base, base * 0.85, 6), 0.7)


def pallet_rack(
    rng: np.random.Generator, palette: Palette, paper: Material, w: float, levels: int, frame: Material
) -> Parts:
    """A bay of a warehouse's rack w wide and 1 m deep, pallets with boxes on every level; its back at y = 0."""
    step, beam = rng.uniform(1.3, 1.8), palette.matte([0.6, 0.22, 0.02])
    h = step * levels
    posts = [m.box(0.09, 0.07, h).moved(x, y) for x in (-w / 2, w / 2) for y in (-0.04, -0.96)]
    ties = []
    for k in range(levels * 2):
        a, b = (-0.04, -0.96) if k % 2 else (-0.96, -0.04)
        ties.append(m.tube([(-w / 2, a, k * step / 2), (-w / 2, b, (k + 1) * step / 2)], 0.015, 4))
    parts: Parts = [(m.merged(posts + ties), frame)]
    beams = [m.box(w, 0.05, 0.12).moved(0, y, k * step) for k in range(1, levels) for y in (-0.05, -0.95)]
    if beams:
        parts.append((m.merged(beams), beam))
    wood = palette.matte([0.45, 0.32, 0.18])
    for k in range(levels):
        for x in (-w / 4, w / 4):
            if rng.random() < 0.12:
                continue
            z = k * step + (0.12 if k else 0.0)
            slats = [m.box(w * 0.44, 0.1, 0.02).moved(x, y, z + 0.1) for y in np.linspace(-0.9, -0.1, 6)]
            slats += [m.box(0.1, 0.9, 0.1).moved(x + s * w * 0.19, -0.5, z) for s in (-1, 0, 1)]
            parts.append((m.merged(slats), wood))
            load = cartons(rng, palette, paper, w * 0.42, 0.85, float(rng.uniform(0.5, step - 0.35)))
            parts += moved(load, x, -0.5, z + 0.12)
    return parts


def trolley(rng: np.random.Generator, palette: Palette) -> Parts:
    """A shopping trolley of wire, its handle at +y."""
    wire, r = palette.metal(), 0.0035
    lines = []
    for t in np.linspace(0, 1, 9):
        y = -0.4 + 0.8 * t
        x, z = 0.2 + 0.08 * t, 0.5 - 0.08 * t
        lines.append([(-x, y, 0.95), (-x * 0.9, y, z), (x * 0.9, y, z), (x, y, 0.95)])
    for t in np.linspace(0, 1, 6):
        for s in (-1, 1):
            lines.append([(s * (0.18 + 0.02 * t), -0.4, 0.5 + 0.45 * t), (s * (0.25 + 0.03 * t), 0.4, 0.42 + 0.53 * t)])
        lines.append([(-0.18, -0.4, 0.5 + 0.45 * t), (0.18, -0.4, 0.5 + 0.45 * t)])
        lines.append([(-0.18 + 0.36 * t, -0.4, 0.5), (-0.25 + 0.5 * t, 0.4, 0.42)])
    frame = [m.tube([(s * 0.25, 0.4, 0.95), (s * 0.25, 0.42, 0.15), (s * 0.18, -0.4, 0.13)], 0.011, 6) for s in (-1, 1)]
    wheels = [m.cylinder(0.06, 0.03, 14).turned(90, "y").moved(x, y, 0.06) for x in (-0.2, 0.2) for y in (-0.4, 0.4)]
    bar = m.tube([(-0.28, 0.45, 1.0), (0.28, 0.45, 1.0)], 0.014, 8)
    return [
        (m.merged([m.tube(line, r, 4) for line in lines] + frame), wire),
        (m.merged(wheels), palette.matte([0.03, 0.03, 0.03])),
        (bar, palette.glossy()),
    ]
