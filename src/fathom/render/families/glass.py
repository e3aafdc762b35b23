"""Glass, mirrors and chrome: the depth is that of their own surface, and what they show lies elsewhere."""

from __future__ import annotations

import numpy as np

from fathom.render import light
from fathom.render import meshes as m
from fathom.render.objects import figures, furniture, glassware, glazing, household, plants
from fathom.render.places import INDOORS, OUTDOORS, Setting, orbit, scatter, setting
from fathom.render.scene import Scene


def service(rng: np.random.Generator, cameras: int) -> Scene:
    """Glasses, bottles, jars and vases among other things, on a table or floor."""
    s = setting(rng, "glass", 0.45, OUTDOORS if rng.random() < 0.25 else INDOORS, 0.75)
    half = np.minimum(s.top, 0.5)
    spots = scatter(rng, int(rng.integers(4, 20)), 0.8 * half, rng.uniform(0.1, 0.16))
    for x, y in spots:
        h = rng.uniform(0.1, 0.32)
        make = glassware.tableware if rng.random() < 0.75 else household.small
        s.scene.place(make(rng, s.palette, h if make is glassware.tableware else 0.6 * h), x, y, 0, rng.uniform(0, 360))
    for _ in range(cameras):
        x, y = spots[int(rng.integers(len(spots)))]
        s.scene.cameras.append(orbit(rng, s, (x, y, rng.uniform(0.05, 0.15)), 0.22, 1.0, 2, 65))
    return s.scene


def case(rng: np.random.Generator, cameras: int) -> Scene:
    """One large thing: an aquarium, a display cabinet, a glass table, a mirror."""
    s = setting(rng, "glass", 1.0, ("studio", "room", "room", "room", "street", "garden"))
    kind, p = int(rng.integers(4)), s.palette
    if kind == 0:
        w, h = rng.uniform(0.4, 1.2), rng.uniform(0.4, 0.9)
        s.scene.add(m.box(1.1 * w, 0.7 * w, h), p.any())
        s.scene.place(glazing.tank(rng, p, w), 0, 0, h)
        target, far = (0, 0, h + 0.2 * w), 2.5
    elif kind == 1:
        w, h = rng.uniform(0.6, 1.6), rng.uniform(1.0, 2.0)
        s.scene.place(glazing.showcase(rng, p, w, h), 0, 0)
        lamp = m.quad((-w / 3, 0.25, h - 0.03), (w / 1.5, 0, 0), (0, -0.1, 0), unit=True)
        s.scene.add_light(lamp, light.lamp(rng, "tube") * 2)
        target, far, s.spread = (0, 0, 0.6 * h), 2.6, 65.0
    elif kind == 2:
        w, d, h = rng.uniform(0.7, 1.5), rng.uniform(0.5, 0.9), rng.choice([0.42, 0.74])
        s.scene.place(glazing.glass_table(rng, p, w, d, h), 0, 0)
        for x, y in scatter(rng, int(rng.integers(2, 9)), (0.3 * w, 0.3 * d), 0.17):
            make = glassware.tableware if rng.random() < 0.5 else household.small
            s.scene.place(make(rng, p, rng.uniform(0.1, 0.3)), x, y, h)
        for a in rng.uniform(0, 360, int(rng.integers(0, 4))):
            chair = [(mesh.moved(y=0.75 * w + 0.2), b) for mesh, b in furniture.chair(rng, p, p.any())]
            s.scene.place(chair, 0, 0, 0, a)
        target, far = (0, 0, h), 2.6
    else:
        w, h = rng.uniform(0.4, 1.2), rng.uniform(1.0, 2.0)
        s.scene.place(glazing.standing_mirror(rng, p, w, h), 0, 0)
        for x, y in ((rng.uniform(0.7, 1.3), -rng.uniform(0.2, 1.0)), (-rng.uniform(0.7, 1.3), -rng.uniform(0.2, 1.0))):
            thing = (
                furniture.chair(rng, p, p.any())
                if rng.random() < 0.5
                else plants.pot_plant(rng, p, rng.uniform(0.4, 1))
            )
            s.scene.place(thing, x, y, 0, rng.uniform(0, 360))
        target, far, s.spread = (0, 0, 0.5 * h), 2.8, 60.0
    for _ in range(cameras):
        s.scene.cameras.append(orbit(rng, s, np.add(target, rng.normal(0, 0.12, 3)), 0.6, far, -5, 50))
    return s.scene


def window(rng: np.random.Generator, cameras: int) -> Scene:
    """A glazed wall, a shop window or a showcase across the view, with things behind it and before it."""
    outdoors = rng.random() < 0.55
    s = setting(rng, "glass", 1.6, OUTDOORS if outdoors else ("room",))
    w, h = rng.uniform(1.5, 5), rng.uniform(1.8, 2.6)
    s.scene.place(glazing.partition(rng, s.palette, w, h), 0, 0, 0, 0)
    if outdoors:  # a shop: a box behind the pane
        d, wall = rng.uniform(0.8, 3), s.palette.any()
        shell = [m.box(0.2, d, h + 0.6).moved(e * (w / 2 + 0.12), d / 2) for e in (-1, 1)]
        shell += [m.box(w + 0.4, 0.1, h + 0.6).moved(y=d), m.box(w + 0.44, d, 0.6).moved(y=d / 2 - 0.02, z=h)]
        s.scene.add(m.merged(shell), wall)
        if rng.random() < 0.6:
            s.scene.add_light(
                m.quad((-w / 3, d * 0.8, h - 0.02), (w / 1.5, 0, 0), (0, -d * 0.6, 0), unit=True), [3, 2.8, 2.5]
            )
    for _ in range(int(rng.integers(2, 8))):
        _beside(rng, s, w, rng.uniform(0.25, 0.75), 1)
    for _ in range(int(rng.integers(0, 3))):
        _beside(rng, s, w, rng.uniform(0.4, 1.2), -1)
    s.spread = 62.0
    for _ in range(cameras):
        target = (rng.uniform(-0.35, 0.35) * w, 0, rng.uniform(0.4, 0.7) * h)
        # Not so near that no frame is in sight: then nothing tells of the glass.
        s.scene.cameras.append(orbit(rng, s, target, 1.2, 3.6, -15, 20))
    return s.scene


def _beside(rng: np.random.Generator, s: Setting, w: float, away: float, side: int) -> None:
    """A thing before (-1) or behind (1) the pane."""
    x, p = rng.uniform(-0.45, 0.45) * w, s.palette
    kind = int(rng.integers(5))
    if kind == 0:
        thing = figures.person(rng, p)
    elif kind == 1:
        thing = plants.pot_plant(rng, p, rng.uniform(0.4, 1.3))
    elif kind == 2:
        thing = furniture.chair(rng, p, p.any())
    elif kind == 3:
        h = rng.uniform(0.3, 0.9)
        thing = [(m.box(0.4, 0.4, h), p.any()), *((mesh.moved(z=h), a) for mesh, a in household.small(rng, p, 0.3))]
    else:
        thing = glazing.poster(rng, rng.uniform(0.3, 0.8), rng.uniform(0.5, 1.2))
    s.scene.place(thing, x, side * away, 0, rng.uniform(-30, 30))


def glass(rng: np.random.Generator, cameras: int) -> Scene:
    make = (service, service, case, case, window)[int(rng.integers(5))]
    scene = make(rng, cameras)
    scene.bounces = 8  # through both walls of a vessel, and light on what is behind it
    return scene
