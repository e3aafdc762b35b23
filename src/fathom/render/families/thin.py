"""Thin things near the camera with a place behind: what sensors miss and labels of a rendered scene have exactly."""

from __future__ import annotations

import numpy as np

from fathom.render import meshes as m
from fathom.render.objects import figures, furniture, household, plants, screens, slender, vehicles
from fathom.render.places import INDOORS, OUTDOORS, orbit, scatter, setting
from fathom.render.scene import Scene


def screen(rng: np.random.Generator, cameras: int) -> Scene:
    """A place seen through a net, a fence, blinds, wires."""
    outdoors = rng.random() < 0.7
    s = setting(rng, "thin", 1.5, OUTDOORS if outdoors else ("room",))
    w, h = rng.uniform(1.5, 4), rng.uniform(1.0, 2.2)
    make = screens.SCREENS[int(rng.integers(len(screens.SCREENS)))]
    s.scene.place(make(rng, s.palette, w, h), 0, 0, 0, rng.uniform(-25, 25))
    for _ in range(int(rng.integers(1, 5))):  # who is behind it
        thing = (
            figures.person(rng, s.palette) if rng.random() < 0.5 else furniture.chair(rng, s.palette, s.palette.any())
        )
        s.scene.place(thing, rng.uniform(-1.2, 1.2), rng.uniform(0.8, 3), 0, rng.uniform(0, 360))
    s.spread = 55.0
    for _ in range(cameras):
        target = (rng.uniform(-0.35, 0.35) * w, 0, rng.uniform(0.3, 0.85) * h)
        s.scene.cameras.append(orbit(rng, s, target, 0.35 * h, 1.3 * h, -25, 30))
    return s.scene


def standing(rng: np.random.Generator, cameras: int) -> Scene:
    """Ladders, stools, tripods, masts, wheels, plants, bicycles, close together."""
    outdoors = rng.random() < 0.5
    size = float(rng.uniform(0.5, 1.6))
    s = setting(rng, "thin", 1.4 * size, OUTDOORS if outdoors else INDOORS)
    spots = scatter(rng, int(rng.integers(1, 7)), (1.3 * size, 1.1 * size), 0.75 * size)
    for x, y in spots:
        kind = rng.random()
        if kind < 0.15:
            thing = furniture.chair(rng, s.palette, s.palette.any())
        elif kind < 0.27:
            thing = vehicles.bicycle(rng, s.palette)
        else:
            thing = slender.FLOOR[int(rng.integers(len(slender.FLOOR)))](rng, s.palette, size * rng.uniform(0.7, 1.1))
        s.scene.place(thing, x, y, 0, rng.uniform(0, 360))
    for _ in range(cameras):
        x, y = spots[int(rng.integers(len(spots)))]
        s.scene.cameras.append(orbit(rng, s, (x, y, size * rng.uniform(0.25, 0.7)), 0.55 * size, 1.7 * size, -10, 45))
    return s.scene


def lying(rng: np.random.Generator, cameras: int) -> Scene:
    """Racks, cages, cutlery, cables on a table."""
    s = setting(rng, "thin", 0.5, INDOORS if rng.random() < 0.75 else OUTDOORS, 0.8)
    half = np.minimum(s.top, 0.45)
    spots = scatter(rng, int(rng.integers(2, 7)), half, 0.25)
    for k, (x, y) in enumerate(spots):
        if k == 0 or rng.random() < 0.8:
            thing = slender.TABLE[int(rng.integers(len(slender.TABLE)))](rng, s.palette, rng.uniform(0.15, 0.3))
        else:
            thing = household.small(rng, s.palette, rng.uniform(0.08, 0.2))
        s.scene.place(thing, x, y, 0.002, rng.uniform(0, 360))
    for _ in range(cameras):
        x, y = spots[int(rng.integers(len(spots)))]
        s.scene.cameras.append(orbit(rng, s, (x, y, 0.07), 0.22, 0.75, 8, 75))
    return s.scene


def branches(rng: np.random.Generator, cameras: int) -> Scene:
    """Twigs with leaves close to the camera, the place behind them."""
    s = setting(rng, "thin", 1.2, OUTDOORS)
    leaf, wood, z = plants.foliage(rng), plants.bark(rng), rng.uniform(1.0, 1.6)
    twigs, ends = [], []
    for _ in range(int(rng.integers(2, 7))):
        start = np.array([rng.choice([-1.3, 1.3]), rng.normal(0, 0.2), z + rng.normal(0, 0.35)])
        reach, r = rng.uniform(0.9, 2.2) * -np.sign(start[0]), rng.uniform(0.01, 0.02)
        t = np.linspace(0, 1, 14)
        line = start + np.stack(
            [reach * t, np.cumsum(rng.normal(0, 0.03, 14)), np.cumsum(rng.normal(0.005, 0.03, 14))], -1
        )
        twigs.append(m.tube(line, np.linspace(r, 0.4 * r, 14), 6))
        for k in range(3, 14, 2):
            tip = line[k] + np.array([0.15 * np.sign(reach), 0, 0]) + rng.normal(0, 0.12, 3)
            twigs.append(
                m.tube([line[k], (line[k] + tip) / 2 + rng.normal(0, 0.01, 3), tip], [0.45 * r, 0.35 * r, 0.25 * r], 5)
            )
            ends += [line[k], (line[k] + tip) / 2, tip]
    s.scene.add(m.merged(twigs), wood)
    if rng.random() < 0.75:
        n = int(rng.integers(60, 500))
        near = np.array(ends)[rng.integers(len(ends), size=n)] + rng.normal(0, 0.03, (n, 3))
        s.scene.add(m.leaves(rng, near, rng.uniform(0.04, 0.11)), leaf)
    if rng.random() < 0.4:
        bloom = s.palette.matte(rng.choice([[0.75, 0.45, 0.5], [0.8, 0.78, 0.75], [0.5, 0.03, 0.03]]))
        picks = np.array(ends)[rng.integers(len(ends), size=40)]
        s.scene.add(m.merged([m.sphere(0.018, 8).moved(*(p - [0, 0, 0.02])) for p in picks]), bloom)
    s.spread = 50.0
    for _ in range(cameras):
        s.scene.cameras.append(orbit(rng, s, (rng.uniform(-0.4, 0.4), 0, z + rng.normal(0, 0.15)), 0.35, 1.2, -35, 25))
    return s.scene


def thin(rng: np.random.Generator, cameras: int) -> Scene:
    kinds = (screen, standing, lying, branches)
    return kinds[int(rng.choice(4, p=[0.32, 0.33, 0.18, 0.17]))](rng, cameras)
