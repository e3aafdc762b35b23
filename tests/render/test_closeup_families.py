import numpy as np
import pytest
from scipy.spatial import cKDTree

from fathom.render.families.clutter import clutter
from fathom.render.families.creature import creature
from fathom.render.families.glass import glass
from fathom.render.families.product import product
from fathom.render.families.tabletop import tabletop
from fathom.render.families.thin import thin
from fathom.render.materials import Palette
from fathom.render.objects import beasts, food, glassware, slender, solids, wares, wings
from fathom.render.objects.implicit import ball, bone, field, reach, surface
from fathom.render.places import orbit, scatter, setting
from fathom.render.scene import KINDS, TEXTURE

FAMILIES = {f.__name__: f for f in (clutter, creature, glass, product, tabletop, thin)}
OBJECTS = [*wares.SMALL, *wares.LARGE, *food.DISHES, *glassware.TABLEWARE, *slender.FLOOR, *slender.TABLE]
OBJECTS = list(dict.fromkeys(OBJECTS))


def points(parts):
    return np.concatenate([mesh.vertices for mesh, _ in parts])


def check(mesh):
    assert np.isfinite(mesh.vertices).all() and np.isfinite(mesh.normals).all() and np.isfinite(mesh.uv).all()
    assert len(mesh.uv) == len(mesh.normals) == len(mesh.vertices)
    assert mesh.faces.min() >= 0 and mesh.faces.max() < len(mesh.vertices)


def volume(mesh):
    """By the divergence theorem: right only where the surface is closed and its triangles face outwards."""
    a, b, c = (mesh.vertices[mesh.faces[:, i]] for i in range(3))
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("seed", range(2))
def test_a_scene_can_be_drawn(family, seed):
    scene = FAMILIES[family](np.random.default_rng(seed), 6)
    assert scene.family == family and len(scene.cameras) == 6
    for mesh, _ in [*scene.parts, *scene.lights]:
        check(mesh)
    for _, material in scene.parts:
        assert material.kind in KINDS
        assert material.kind in ("mirror", "pane", "glass") or material.texture.shape == (TEXTURE, TEXTURE, 3)
    for camera in scene.cameras:
        assert np.isfinite(camera.at).all() and 25 < camera.fov < 85
    assert len({id(a.texture) for _, a in scene.parts}) <= 40
    assert sum(len(mesh.faces) for mesh, _ in scene.parts) < 400_000


@pytest.mark.parametrize("family", FAMILIES)
def test_a_scene_is_a_function_of_its_seed(family):
    a, b = (FAMILIES[family](np.random.default_rng(11), 3) for _ in range(2))
    assert a.cameras == b.cameras and len(a.parts) == len(b.parts)
    assert all(np.array_equal(m.vertices, n.vertices) for (m, _), (n, _) in zip(a.parts, b.parts, strict=True))
    assert FAMILIES[family](np.random.default_rng(12), 3).cameras != a.cameras


@pytest.mark.parametrize("make", OBJECTS, ids=lambda f: f"{f.__module__.rsplit('.')[-1]}.{f.__name__}")
def test_an_object_is_about_as_large_as_asked_and_stands_on_the_ground(make):
    for seed in range(2):
        rng = np.random.default_rng(seed)
        parts = make(rng, Palette(rng), 0.3)
        for mesh, _ in parts:
            check(mesh)
        p = points(parts)
        assert 0.05 < np.ptp(p, axis=0).max() < 1.6  # a few are wider than they are high
        assert -0.05 < p[:, 2].min() < 0.06


@pytest.mark.parametrize("kind", beasts.BUILDS)
def test_a_beast_has_its_size_and_its_head_in_front(kind):
    rng = np.random.default_rng(3)
    a = beasts.beast(rng, Palette(rng), kind)
    p = points(a.parts)
    low, high = beasts.BUILDS[kind].trunk
    assert 0.9 * low < np.ptp(p[:, 1]) < 3.2 * high
    assert abs(p[:, 2].min()) < 0.05 * high
    assert a.head[1] < p[:, 1].mean()
    assert cKDTree(p).query(a.head)[0] < a.size


@pytest.mark.parametrize("kind", wings.BIRDS)
def test_a_bird_stands_on_its_feet(kind):
    rng = np.random.default_rng(3)
    a = wings.bird(rng, Palette(rng), kind)
    assert abs(points(a.parts)[:, 2].min()) < 0.2 * wings.BIRDS[kind].body[1]
    assert a.head[2] > 0


def test_one_ball_has_the_surface_of_a_sphere():
    mesh = surface([ball((1.0, 2.0, 3.0), 0.5)], 40)
    r = np.linalg.norm(mesh.vertices - [1, 2, 3], axis=1)
    assert np.abs(r - 0.5).max() < 0.01
    assert volume(mesh) == pytest.approx(4 / 3 * np.pi * 0.5**3, rel=0.02)
    assert ((mesh.vertices - [1, 2, 3]) * mesh.normals).sum(1).min() > 0.48


def test_the_surface_lies_where_the_field_is_zero_and_every_edge_has_two_faces():
    bones = [
        ball((0, 0, 0), 1.0),
        bone((0, 0, 0), (2, 0.5, 0), 0.5, 0.2),
        bone((0, 0, 0), (0, 0, 2), 0.3, 0.3, (1, 2, 1)),
    ]
    mesh = surface(bones, 50)
    assert np.abs(field(bones, mesh.vertices)).max() < 0.03
    edges = np.sort(np.concatenate([mesh.faces[:, [0, 1]], mesh.faces[:, [1, 2]], mesh.faces[:, [2, 0]]]), axis=1)
    assert (np.unique(edges, axis=0, return_counts=True)[1] == 2).all()


def test_reach_ends_on_the_surface():
    bones = [ball((0, 0, 0), 1.0), bone((0, 0, 0), (0, -2, 0), 0.5, 0.3)]
    for direction in ((1, 0, 0), (0, -1, 0), (0.3, -0.8, 0.5)):
        assert abs(field(bones, reach(bones, (0, 0, 0), direction))) < 0.02


def test_extruded_outlines_are_closed_prisms():
    rng = np.random.default_rng(0)
    for kind in ("star", "gear", "polygon", "flower", "lump", "cross"):
        p = solids.outline(rng, kind)
        x, y = p.T
        area = 0.5 * float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))
        assert area > 0
        assert volume(solids.extruded(p, 2.0)) == pytest.approx(2 * area)


@pytest.mark.parametrize("seed", range(40))
def test_a_solid_fits_its_size(seed):
    mesh = solids.solid(np.random.default_rng(seed), 0.5)
    check(mesh)
    assert np.ptp(mesh.vertices, axis=0).max() < 1.3
    assert mesh.vertices[:, 2].min() == pytest.approx(0, abs=1e-9)


def test_a_round_superquadric_is_an_ellipsoid():
    v = solids.superquadric((1, 2, 3), 1.0, 1.0).vertices
    assert np.allclose(((v / [1, 2, 3]) ** 2).sum(1), 1)


@pytest.mark.parametrize("kind", ["studio", "room", "garden", "street", "country", "water"])
def test_cameras_stay_in_the_place(kind):
    rng = np.random.default_rng(4)
    s = setting(rng, "thin", 0.5, (kind,), 0.5)
    for _ in range(30):
        camera = orbit(rng, s, (0, 0, 0.2), 0.3, 3.0, -20, 70)
        assert (np.array(camera.at) > s.low - 1e-9).all() and (np.array(camera.at) < s.high + 1e-9).all()


def test_scattered_points_keep_their_distance():
    p = np.array(scatter(np.random.default_rng(0), 30, (1.0, 2.0), 0.3))
    assert len(p) > 10 and (np.abs(p) <= [1, 2]).all()
    assert len(cKDTree(p).query_pairs(0.299)) == 0
