"""Walls with holes, and what fills the holes: windows, blinds, doors. Local to a wall that runs along x at y = 0.

The room is on the wall's -y side.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fathom.render import meshes as m
from fathom.render.materials import Palette
from fathom.render.objects.arrange import Parts, copies, moved
from fathom.render.scene import Material, Mesh

Hole = tuple[float, float, float, float]  # left, lower edge, width, height


def pierced(length: float, height: float, holes: Sequence[Hole] = ()) -> Mesh:
    """A wall from x = 0 to `length` with rectangular holes that do not overlap in x."""
    # The pieces overlap a little, or rays would find their way between them.
    e, x = 0.01, -0.01
    pieces: list[Hole] = []
    for left, low, w, h in sorted(holes):
        pieces.append((x, -e, left - x, height + 2 * e))
        pieces.append((left - e, -e, w + 2 * e, low + e))
        pieces.append((left - e, low + h, w + 2 * e, height + e - low - h))
        x = left + w
    pieces.append((x, -e, length + e - x, height + 2 * e))
    walls = []
    for left, low, w, h in pieces:
        if w > 1e-3 and h > 1e-3:
            q = m.quad((left, 0, low), (w, 0, 0), (0, 0, h))
            walls.append(Mesh(q.vertices, q.faces, q.normals, np.add(q.uv, (left, low))))
    return m.merged(walls)


def lining(w: float, h: float, depth: float, floor: bool = True) -> Mesh:
    """The inside of a hole through a wall, from y = 0 outwards; its lower left corner is at the origin."""
    # A little deeper, and larger at its edges, than what closes it: no ray finds its way past.
    e, far = 0.02, depth + 0.03
    sides = [
        m.quad((0, -0.005, -e), (0, far, 0), (0, 0, h + 2 * e)),
        m.quad((w, far - 0.005, -e), (0, -far, 0), (0, 0, h + 2 * e)),
        m.quad((-e, far - 0.005, h), (w + 2 * e, 0, 0), (0, -far, 0)),
    ]
    if floor:
        sides.append(m.quad((-e, -0.005, 0), (w + 2 * e, 0, 0), (0, far, 0)))
    return m.merged(sides)


def casement(rng: np.random.Generator, frame: Material, w: float, h: float, depth: float) -> Parts:
    """A window's frame with its bars and sill, in a hole `depth` deep. What fills the pane is up to the caller."""
    t = rng.uniform(0.03, 0.07)
    bars = [m.box(w, 0.05, t).moved(w / 2), m.box(w, 0.05, t).moved(w / 2, z=h - t)]
    bars += [m.box(t, 0.05, h).moved(x) for x in (t / 2, w - t / 2)]
    columns = max(1, round(w / rng.uniform(0.5, 1.2)))
    bars += [m.box(t, 0.05, h).moved(x) for x in np.linspace(0, w, columns + 1)[1:-1]]
    if rng.random() < 0.35:
        rows = int(rng.integers(2, 4))
        bars += [m.box(w, 0.04, t * 0.6).moved(w / 2, z=z) for z in np.linspace(0, h, rows + 1)[1:-1]]
    if rng.random() < 0.6:  # a handle
        bars.append(m.tube([(w / 2, -0.03, h * 0.4), (w / 2, -0.06, h * 0.4), (w / 2, -0.06, h * 0.4 - 0.12)], 0.01, 6))
    sill = m.box(w + 0.08, depth + 0.1, 0.03).moved(w / 2, depth / 2 - 0.05, -0.03)
    return [(m.merged(bars).moved(y=depth - 0.03), frame), (sill, frame)]


def blind(rng: np.random.Generator, palette: Palette, w: float, h: float) -> Parts:
    """A blind from z = h down, 0 to w: slats, a roller, or upright strips."""
    cloth = palette.matte([0.7, 0.7, 0.66]) if rng.random() < 0.6 else palette.matte()
    drop = h * float(rng.choice([rng.uniform(0.1, 0.5), rng.uniform(0.5, 0.97)]))
    kind = rng.random()
    head = (m.box(w, 0.05, 0.05).moved(w / 2, z=h - 0.03), cloth)
    if kind < 0.55:
        tilt, gap = rng.uniform(-50, 50), rng.uniform(0.025, 0.05)
        z = np.arange(h - 0.04, h - drop, -gap)
        slat = m.box(w * 0.98, gap * 0.95, 0.0015).turned(tilt, "x").moved(w / 2)
        strings = [m.tube([(x, -0.005, h), (x, -0.005, h - drop)], 0.0015, 4) for x in (w * 0.15, w * 0.85)]
        cord = m.tube([(w * 0.96, -0.04, h), (w * 0.96, -0.04, h * 0.35)], 0.002, 4)
        return [head, (copies(slat, np.stack([z * 0, z * 0, z], -1)), cloth), (m.merged([*strings, cord]), cloth)]
    if kind < 0.8:
        bar = m.tube([(0.01, 0, h - drop), (w - 0.01, 0, h - drop)], 0.01, 6)
        return [head, (m.merged([m.box(w * 0.98, 0.003, drop).moved(w / 2, z=h - drop), bar]), cloth)]
    x = np.arange(0.05, w * rng.uniform(0.3, 1.0), 0.09)
    strip = m.box(0.085, 0.002, h * 0.96).turned(rng.uniform(-75, 75)).moved(z=0.02 * h)
    return [head, (copies(strip, np.stack([x, x * 0, x * 0], -1)), cloth)]


def door(
    rng: np.random.Generator,
    palette: Palette,
    leaf: Material,
    w: float,
    h: float,
    ajar: float = 0.0,
    depth: float = 0.0,
) -> Parts:
    """A door in its frame with a handle, from x = 0 to w. `ajar` degrees open into the room; `depth` sets it back."""
    style = rng.random()
    t, steel = 0.04, palette.metal()
    if style < 0.2:  # with frosted glass
        rim = [m.box(0.11, t, h).moved(x) for x in (0.055, w - 0.055)]
        rim += [m.box(w, t, s).moved(w / 2, z=z) for z, s in ((0, 0.25), (h - 0.12, 0.12), (h * 0.5, 0.05))]
        body: Parts = [
            (m.merged(rim), leaf),
            (m.box(w - 0.2, 0.006, h - 0.3).moved(w / 2, z=0.2), palette.glossy([0.5, 0.53, 0.53])),
        ]
    else:
        body = [(m.box(w, t, h).moved(w / 2), leaf)]
        if style < 0.65:  # panels
            rows = int(rng.integers(1, 4))
            columns = int(rng.integers(1, 3))
            pw, ph = w / columns, (h - 0.1) / rows
            panels = [
                m.merged(
                    [m.box(pw - 0.14, t + 0.02, 0.02).moved(z=z) for z in (0.0, ph - 0.16)]
                    + [m.box(0.02, t + 0.02, ph - 0.14).moved(x) for x in (-pw / 2 + 0.08, pw / 2 - 0.08)]
                ).moved((i + 0.5) * pw, 0, 0.1 + j * ph)
                for i in range(columns)
                for j in range(rows)
            ]
            body.append((m.merged(panels), leaf))
    lever = [m.tube([(w - 0.07, 0, 1.02), (w - 0.07, -0.07, 1.02), (w - 0.19, -0.075, 1.02)], 0.009, 8)]
    lever.append(m.box(0.035, 0.008, 0.2).moved(w - 0.07, -t / 2 - 0.004, 0.9))
    body.append((m.merged(lever), steel))
    frame = palette.matte([0.72, 0.71, 0.68]) if rng.random() < 0.6 else leaf
    f = rng.uniform(0.05, 0.09)
    posts = [m.box(f, 0.05, h + f).moved(x, -0.02) for x in (-f / 2, w + f / 2)]
    posts.append(m.box(w + 2 * f, 0.05, f).moved(w / 2, -0.02, h))
    return [*moved(moved(body, turn=-ajar), y=depth - 0.025), (m.merged(posts), frame)]


def doorway(palette: Palette, trim: Material, w: float, h: float, depth: float) -> Parts:
    """An open passage through a wall: a lining with a frame round it."""
    f = 0.07
    posts = [m.box(f, depth + 0.04, h + f).moved(x, depth / 2) for x in (-f / 2, w + f / 2)]
    posts.append(m.box(w + 2 * f, depth + 0.04, f).moved(w / 2, depth / 2, h))
    return [(m.merged(posts), trim)]
