"""Things to look through: nets, fences, trellises, blinds, wires. Upright about y = 0, w wide and h high."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render.materials import Palette
from fathom.render.objects import plants
from fathom.render.objects.slender import bars
from fathom.render.scene import Material, Mesh

Parts = list[tuple[Mesh, Material]]


def net(rng: np.random.Generator, palette: Palette, w: float, h: float) -> Parts:
    """A net, of square or diamond meshes, between two posts; it sags a little."""
    cell = h / rng.integers(7, 18)
    r = cell * rng.uniform(0.03, 0.07)
    sag = rng.uniform(0, 0.06) * h
    lines = []
    shape = lambda x, z: np.stack([x, sag * np.cos(x / w * np.pi) * np.sin(z / h * np.pi), z], -1)  # noqa: E731
    if rng.random() < 0.5:
        lines += [shape(np.full(9, x), np.linspace(0, h, 9)) for x in np.arange(-w / 2, w / 2, cell)]
        lines += [shape(np.linspace(-w / 2, w / 2, 17), np.full(17, z)) for z in np.arange(cell / 2, h, cell)]
    else:
        for s in (-1, 1):
            for x in np.arange(-w / 2 - h, w / 2 + h, cell):
                t = np.linspace(0, h, 2 * round(h / cell) + 1)
                keep = np.abs(x + s * (t - h / 2)) <= w / 2
                if keep.sum() > 1:
                    lines.append(shape((x + s * (t - h / 2))[keep], t[keep]))
    cord = (
        palette.matte(rng.choice([[0.75, 0.75, 0.72], [0.03, 0.03, 0.03], [0.05, 0.2, 0.1]]))
        if rng.random() < 0.6
        else palette.metal()
    )
    rim = [[(-w / 2, 0, h), (w / 2, 0, h)], *([(x, 0, 0), (x, 0, h)] for x in (-w / 2, w / 2))]
    return [(m.merged([m.tube(p, r, 4) for p in lines]), cord), (bars(rim, 3 * r, 8), palette.any())]


def fence(rng: np.random.Generator, palette: Palette, w: float, h: float) -> Parts:
    """Upright bars or pickets with rails."""
    gap = h * rng.uniform(0.07, 0.2)
    n = max(int(w / gap), 3)
    x = np.linspace(-w / 2, w / 2, n)
    style, paint = rng.random(), palette.any()
    if style < 0.4:
        posts = m.merged([m.box(0.55 * gap, 0.02 * h, h * (1 - 0.06 * (k % 2))).moved(v) for k, v in enumerate(x)])
        rails = m.merged([m.box(w, 0.03 * h, 0.07 * h).moved(0, 0.025 * h, z * h) for z in (0.2, 0.75)])
        return [(posts, paint), (rails, paint)]
    r = gap * rng.uniform(0.06, 0.14)
    tops = [m.sphere(2 * r, 8).moved(v, 0, h) for v in x] if rng.random() < 0.4 else []
    rail = [[(-w / 2, 0, z * h), (w / 2, 0, z * h)] for z in (0.08, rng.uniform(0.5, 0.9), 0.95)]
    return [(m.merged([bars([[(v, 0, 0), (v, 0, h)] for v in x], r), bars(rail, 1.3 * r), *tops]), paint)]


def lattice(rng: np.random.Generator, palette: Palette, w: float, h: float) -> Parts:
    """A trellis of laths, sometimes with a climbing plant."""
    gap, lath = h * rng.uniform(0.1, 0.2), h * rng.uniform(0.012, 0.025)
    slats = [m.box(lath, lath / 2, h).moved(x) for x in np.arange(-w / 2, w / 2 + 1e-6, gap)]
    slats += [m.box(w, lath / 2, lath).moved(0, lath / 2, z) for z in np.arange(0, h, gap)]
    parts: Parts = [(m.merged(slats), palette.any())]
    if rng.random() < 0.6:
        leaf = plants.foliage(rng)
        ends, stems = [], []
        for x in rng.uniform(-w / 2, w / 2, int(rng.integers(1, 5))):
            line = np.stack(
                [
                    x + np.cumsum(rng.normal(0, 0.05 * h, 12)),
                    rng.normal(0, 0.015 * h, 12),
                    np.linspace(0, h * rng.uniform(0.6, 1), 12),
                ],
                -1,
            )
            stems.append(m.tube(line, 0.008 * h, 5))
            ends += list(line[2:])
        c = np.array(ends)[rng.integers(len(ends), size=160)] + rng.normal(0, 0.05 * h, (160, 3)) * [1, 0.5, 1]
        parts += [(m.merged(stems), leaf), (m.leaves(rng, c, 0.09 * h), leaf)]
    return parts


def blinds(rng: np.random.Generator, palette: Palette, w: float, h: float) -> Parts:
    """Slats across a window, tilted, with their cords."""
    gap, tilt = h / rng.integers(12, 26), rng.uniform(10, 80)
    slats = [m.box(w, 0.85 * gap, 0.06 * gap).turned(tilt, "x").moved(z=z) for z in np.arange(gap, h, gap)]
    cords = bars([[(x, -0.3 * gap, 0), (x, -0.3 * gap, h)] for x in (-0.35 * w, 0.35 * w)], 0.05 * gap)
    return [(m.merged(slats), palette.any()), (m.merged([cords, m.box(w, gap, gap).moved(z=h)]), palette.matte())]


def wires(rng: np.random.Generator, palette: Palette, w: float, h: float) -> Parts:
    """Lines with washing, lamps or birds' worth of sag, between two poles."""
    lines: list[Mesh] = []
    hung_: list[Mesh] = []
    r = w * rng.uniform(0.002, 0.004)
    t = np.linspace(0, 1, 25)
    for k in range(int(rng.integers(2, 7))):
        z, sag, y = h * rng.uniform(0.6, 1), h * rng.uniform(0.02, 0.25), rng.normal(0, 0.1) * w
        p = np.stack([w * (t - 0.5), y * np.sin(np.pi * t), z - 4 * sag * t * (1 - t)], -1)
        lines.append(m.tube(p, r, 5))
        for i in range(2, 23, 2) if k == 0 and rng.random() < 0.5 else ():
            s = 0.03 * w
            cloth = m.box(rng.uniform(1, 2.4) * s, 0.1 * s, rng.uniform(2, 5) * s)
            hung_.append(
                (cloth if rng.random() < 0.7 else m.sphere(0.6 * s, 10)).moved(p[i, 0], p[i, 1], p[i, 2] - 2 * s)
            )
    poles = bars([[(x, 0, 0), (x, 0, 1.05 * h)] for x in (-w / 2, w / 2)], 0.02 * h, 8)
    parts: Parts = [(m.merged(lines), palette.matte([0.03, 0.03, 0.03])), (poles, palette.any())]
    return [*parts, *((piece, palette.any()) for piece in hung_)]


def goal(rng: np.random.Generator, palette: Palette, w: float, h: float) -> Parts:
    """A goal: posts, and a net hanging behind them."""
    d, cell = 0.45 * h, h / rng.integers(9, 16)
    rim = bars(
        [[(-w / 2, 0, 0), (-w / 2, 0, h)], [(-w / 2, 0, h), (w / 2, 0, h)], [(w / 2, 0, h), (w / 2, 0, 0)]],
        0.025 * h,
        10,
    )
    back = lambda x, q: (x, d * np.clip(q, 0, 1) ** 0.5, h * (1 - q))  # noqa: E731
    q = np.linspace(0, 1, 9)
    cords = [m.tube([back(x, v) for v in q], 0.05 * cell, 4) for x in np.arange(-w / 2, w / 2 + 1e-6, cell)]
    cords += [m.tube([back(-w / 2, v), back(w / 2, v)], 0.05 * cell, 4) for v in np.arange(cell / h, 1, cell / h)]
    return [(rim, palette.matte([0.75, 0.75, 0.75])), (m.merged(cords), palette.matte([0.7, 0.7, 0.7]))]


SCREENS = (net, net, fence, fence, lattice, blinds, wires, goal)
