import functools

import numpy as np
import pytest

from fathom.render import meshes as m
from fathom.render.families.corridor import corridor
from fathom.render.families.kitchen import kitchen
from fathom.render.families.living import living
from fathom.render.families.office import office
from fathom.render.families.shelves import shelves
from fathom.render.families.storeroom import storeroom
from fathom.render.objects import arrange, openings
from fathom.render.objects.interior import Interior, Paints
from fathom.render.scene import KINDS, TEXTURE
from fathom.render.tracer import Tracer, load_mitsuba

INDOORS = {f.__name__: f for f in (kitchen, office, corridor, shelves, living, storeroom)}


def rng(seed=0):
    return np.random.default_rng(seed)


@functools.cache
def built(family, seed):
    """A scene with eight cameras, to look at only."""
    return INDOORS[family](rng(seed), 8)


def along(scene, origins, directions):
    """float (N,): how far each ray goes to the first triangle of a scene, by Möller and Trumbore's test; inf for none.

    The obvious way: every ray against every triangle.
    """
    meshes = [mesh for mesh, _ in scene.parts] + [mesh for mesh, _ in scene.lights]
    a, b, c = (np.concatenate([mesh.vertices[mesh.faces[:, i]] for mesh in meshes]) for i in range(3))
    reached = []
    for o, d in zip(origins, directions, strict=True):
        p = np.cross(d, c - a)
        with np.errstate(all="ignore"):
            inverse = 1 / ((b - a) * p).sum(1)
            u = ((o - a) * p).sum(1) * inverse
            q = np.cross(o - a, b - a)
            v = (q @ d) * inverse
            t = ((c - a) * q).sum(1) * inverse
            hit = (u >= -1e-9) & (v >= -1e-9) & (u + v <= 1 + 1e-9) & (t > 1e-6)
        reached.append(t[hit].min(initial=np.inf))
    return np.array(reached)


@pytest.mark.parametrize("family", INDOORS)
@pytest.mark.parametrize("seed", range(2))
def test_a_scene_can_be_drawn(family, seed):
    scene = built(family, seed)
    assert len(scene.cameras) == 8 and scene.family == family
    for mesh in [mesh for mesh, _ in scene.parts] + [mesh for mesh, _ in scene.lights]:
        assert np.isfinite(mesh.vertices).all() and np.isfinite(mesh.normals).all() and np.isfinite(mesh.uv).all()
        assert mesh.faces.min() >= 0 and mesh.faces.max() < len(mesh.vertices)
    for _, material in scene.parts:
        assert material.kind in KINDS
        assert material.kind in ("mirror", "pane", "glass") or material.texture.shape == (TEXTURE, TEXTURE, 3)
    # What keeps one kernel for all scenes: few textures.
    assert len({id(a.texture) for _, a in scene.parts}) <= 40
    assert 1000 < sum(len(mesh.faces) for mesh, _ in scene.parts) < 700_000
    size = np.ptp(np.concatenate([mesh.vertices for mesh, _ in scene.parts]), axis=0)
    assert (size[:2] > 1.5).all() and (size < 40).all() and size[2] > 1.9


@pytest.mark.parametrize("family", INDOORS)
def test_a_scene_is_a_function_of_its_seed(family):
    a, b = built(family, 1), INDOORS[family](rng(1), 8)
    assert a.cameras == b.cameras and len(a.parts) == len(b.parts)
    assert all(np.array_equal(p.vertices, q.vertices) for (p, _), (q, _) in zip(a.parts, b.parts, strict=True))


@pytest.mark.parametrize("family", INDOORS)
def test_rooms_are_closed_and_cameras_stand_free(family):
    scene = built(family, 1)
    rays = rng(1).normal(size=(8, 6, 3))
    rays /= np.linalg.norm(rays, axis=2, keepdims=True)
    origins = np.repeat(np.array([camera.at for camera in scene.cameras])[:, None], 6, 1)
    reach = along(scene, origins.reshape(-1, 3), rays.reshape(-1, 3)).reshape(8, 6)
    assert np.isfinite(reach).all()  # no ray gets out: no light gets in but by the windows
    assert (reach.max(1) > 0.6).all()  # and none begins within an object
    ahead = along(scene, origins[:, 0], np.array([camera.axes()[2] for camera in scene.cameras]))
    assert (ahead > 0.05).all()


def test_they_can_be_seen():
    mitsuba = load_mitsuba()
    for family in ("kitchen", "corridor"):
        scene = built(family, 1)
        depth = Tracer(mitsuba, scene).depth(scene.cameras[0], 32, 24)
        assert np.isfinite(depth).all() and depth.min() > 0.05 and 0.2 < np.median(depth) < 25


def test_nothing_is_put_where_something_is():
    room = Interior(rng(), "kitchen", 4, 3, 2.5)
    cube = [(m.box(1, 1, 1), room.palette.matte())]
    assert room.stand(cube, 1, 1)
    assert not room.stand(cube, 1.5, 1.5)
    assert not room.stand(cube, 3.8, 1)  # through the wall
    assert room.stand(cube, 1, 1, 1.01)  # upon it
    assert room.stand(cube, 2.6, 1, 0, 90)
    assert not room.free(np.array([1, 1, 0.5])) and room.free(np.array([3.5, 2.5, 1.5]))


def test_against_a_wall():
    room = Interior(rng(), "kitchen", 4, 3, 2.5)
    for wall in room.walls:
        assert room.against(wall, [(m.box(0.5, 0.3, 1), room.palette.matte())], 1.2)
    ahead, left, behind, right = room.things  # as seen looking along +y
    assert ahead[1][1] == pytest.approx(3, abs=0.03) and left[0][0] == pytest.approx(0, abs=0.03)
    assert behind[0][1] == pytest.approx(0, abs=0.03) and right[1][0] == pytest.approx(4, abs=0.03)
    # 1.2 m along each wall, from its left end seen from inside.
    middles = [((low + high) / 2)[axis] for (low, high), axis in zip(room.things, (0, 1, 0, 1), strict=True)]
    assert middles == pytest.approx([1.2, 1.2, 4 - 1.2, 3 - 1.2])
    assert np.ptp(left, axis=0) == pytest.approx([0.3, 0.5, 1])


def test_a_pierced_wall_has_its_holes_and_nothing_else():
    wall = openings.pierced(5.0, 3.0, [(1.0, 0.8, 1.2, 1.4), (3.5, 0.0, 0.9, 2.0)])
    corners = wall.vertices[wall.faces]
    points = rng().uniform([0, 0], [5, 3], (500, 2))

    def covered(p):
        a, b, c = (corners[:, i][:, [0, 2]] for i in range(3))
        side = lambda s, e: (e - s)[:, 0] * (p - s)[:, 1] - (e - s)[:, 1] * (p - s)[:, 0]  # noqa: E731
        signs = np.stack([side(a, b), side(b, c), side(c, a)])
        return bool(((signs >= 0).all(0) | (signs <= 0).all(0)).any())

    for x, z in points:
        edge = (
            min(abs(x - v) for v in (1.0, 2.2, 3.5, 4.4)) < 0.03 or min(abs(z - v) for v in (0.8, 2.2, 2.0, 0)) < 0.03
        )
        if not edge:
            hole = (1.0 < x < 2.2 and 0.8 < z < 2.2) or (3.5 < x < 4.4 and z < 2.0)
            assert covered(np.array([x, z])) != hole


def test_copies_are_the_mesh_moved():
    mesh, at = m.cylinder(0.2, 0.5, 8), rng().normal(size=(5, 3))
    slow = m.merged([mesh.moved(*offset) for offset in at])
    fast = arrange.copies(mesh, at)
    assert np.allclose(fast.vertices, slow.vertices) and np.array_equal(fast.faces, slow.faces)
    assert np.array_equal(fast.normals, slow.normals) and np.array_equal(fast.uv, slow.uv)


def test_spread_things_lie_apart_and_on_the_surface():
    cubes = [[(m.box(0.2, 0.1, 0.1), Paints(rng()).matte())] for _ in range(12)]
    placed = arrange.spread(rng(2), cubes, 1.0, 0.6, 0.75)
    boxes = [arrange.bounds([part]) for part in placed]
    assert 3 < len(boxes) <= 12
    for i, (low, high) in enumerate(boxes):
        assert (low[:2] > [-0.51, -0.31]).all() and (high[:2] < [0.51, 0.31]).all() and low[2] == 0.75
        assert not any((low < b - 1e-9).all() and (a < high - 1e-9).all() for a, b in boxes[:i])


def cell(material):
    """The part of a material's texture that it shows."""
    u0, v0, u1, v1 = material.window
    return material.texture[
        int((1 - v1) * TEXTURE) + 1 : int((1 - v0) * TEXTURE), int(u0 * TEXTURE) + 1 : int(u1 * TEXTURE)
    ]


def test_paints_keep_a_colour_however_many_are_asked_for():
    paints = Paints(rng())
    red = paints.matte([0.6, 0.05, 0.04])
    assert paints.matte([0.6, 0.05, 0.04]) is red
    before = cell(red).copy()
    assert len({paints.matte().window for _ in range(600)}) <= 256
    assert np.array_equal(cell(red), before)
    assert paints.matte([0.6, 0.06, 0.05]).window == red.window  # the nearest there is, when all cells are used
