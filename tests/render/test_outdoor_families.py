import functools
import inspect

import numpy as np
import pytest

from fathom.render.families.aerial import aerial
from fathom.render.families.coast import beach, harbour
from fathom.render.families.highway import highway
from fathom.render.families.house import house
from fathom.render.families.mountains import mountains
from fathom.render.families.outdoors import glowing
from fathom.render.families.park import park
from fathom.render.families.square import square
from fathom.render.families.street import street
from fathom.render.families.terrain import terrain
from fathom.render.materials import Palette
from fathom.render.meshes import quad
from fathom.render.objects import (
    animals,
    boats,
    buildings,
    figures,
    land,
    landmarks,
    leisure,
    outdoor,
    plants,
    shapes,
    vehicles,
)
from fathom.render.scene import KINDS, TEXTURE

FAMILIES = (highway, park, mountains, beach, harbour, aerial, square, house, street, terrain)


@functools.cache
def built(family):
    return family(np.random.default_rng(3), 6)


def extent(parts):
    """Lowest and highest corner of an object's parts."""
    vertices = np.concatenate([mesh.vertices for mesh, _ in parts])
    return vertices.min(0), vertices.max(0)


def volume(mesh):
    """Of a closed mesh, by the divergence theorem: positive where its faces look outwards."""
    a, b, c = (mesh.vertices[mesh.faces[:, k]] for k in range(3))
    return float(np.sum(a * np.cross(b, c)) / 6)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_scene_can_be_drawn(family):
    scene = built(family)
    assert len(scene.cameras) == 6
    faces = 0
    for mesh in [m for m, _ in scene.parts] + [m for m, _ in scene.lights]:
        assert np.isfinite(mesh.vertices).all() and np.isfinite(mesh.normals).all() and np.isfinite(mesh.uv).all()
        assert mesh.faces.min() >= 0 and mesh.faces.max() < len(mesh.vertices)
        faces += len(mesh.faces)
    assert 20_000 < faces < 900_000
    for _, material in scene.parts:
        assert material.kind in KINDS and material.texture.shape == (TEXTURE, TEXTURE, 3)
    # The tracer has a kernel for every number of textures: scenes are to have few, and in all similar numbers.
    assert len({id(a.texture) for _, a in scene.parts}) <= 40
    for camera in scene.cameras:
        assert np.isfinite([*camera.at, camera.yaw, camera.pitch, camera.roll]).all() and 20 < camera.fov < 100


@pytest.mark.parametrize("family", FAMILIES)
def test_a_scene_is_a_function_of_its_seed(family):
    a, b = built(family), family(np.random.default_rng(3), 6)
    assert a.cameras == b.cameras and len(a.parts) == len(b.parts)
    assert all(np.array_equal(m.vertices, n.vertices) for (m, _), (n, _) in zip(a.parts, b.parts, strict=True))
    assert np.array_equal(a.environment, b.environment)


def surface_below(scene, x, y):
    """Heights at which a plumb line through (x, y) meets the scene: barycentric coordinates against every triangle."""
    heights = []
    for mesh, _ in scene.parts:
        low, high = mesh.vertices[:, :2].min(0), mesh.vertices[:, :2].max(0)
        if not (low[0] <= x <= high[0] and low[1] <= y <= high[1]):
            continue
        a, b, c = (mesh.vertices[mesh.faces[:, k]] for k in range(3))
        u, v, w = b[:, :2] - a[:, :2], c[:, :2] - a[:, :2], np.array([x, y]) - a[:, :2]
        area = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
        area = np.where(area == 0, np.nan, area)  # upright triangles are not met
        s = (w[:, 0] * v[:, 1] - w[:, 1] * v[:, 0]) / area
        t = (u[:, 0] * w[:, 1] - u[:, 1] * w[:, 0]) / area
        inside = (s >= 0) & (t >= 0) & (s + t <= 1)
        heights.append((a[:, 2] + s * (b - a)[:, 2] + t * (c - a)[:, 2])[inside])
    return np.concatenate(heights)


@pytest.mark.parametrize("family", (highway, park, mountains, beach, harbour, aerial, square, house))
def test_cameras_stand_above_the_ground(family):
    scene = built(family)
    for camera in scene.cameras:
        heights = surface_below(scene, *camera.at[:2])
        assert len(heights) > 0 and camera.at[2] > heights.min()  # there is ground, and one is not beneath it
        below = heights[heights < camera.at[2]]
        assert camera.at[2] - below.max() > 0.05


def test_glowing_lamps_do_not_share_their_place_on_the_light():
    """The tracer picks points on a light by uv, so two quads on one spot of it would be one lamp."""
    lamps = [quad((k, 0, 0), (0.5, 0, 0), (0, 0.5, 0), unit=True) for k in range(7)]
    uv = glowing(lamps).uv.reshape(7, 4, 2)
    assert uv.min() >= 0 and uv.max() <= 1
    for i in range(7):
        for j in range(i):
            low, high = np.maximum(uv[i].min(0), uv[j].min(0)), np.minimum(uv[i].max(0), uv[j].max(0))
            assert (high - low).min() <= 1e-12


@pytest.mark.parametrize("pose", figures.POSES)
def test_people_have_their_height_and_stand_on_the_ground(pose):
    rng = np.random.default_rng(1)
    for _ in range(3):
        low, high = extent(figures.person(rng, Palette(rng), 1.75, pose=pose))
        reach = {
            "sit": (1.2, 1.5),
            "ground": (0.7, 1.1),
            "crouch": (0.8, 1.5),
            "bend": (1.0, 1.7),
            "run": (1.35, 2.0),
        }.get(pose, (1.6, 2.5))
        assert abs(low[2]) < 0.06 if pose != "sit" else low[2] < 0.2
        assert reach[0] < high[2] < reach[1] and np.ptp([low[:2], high[:2]], axis=0).max() < 2


@pytest.mark.parametrize("species", animals.SPECIES)
def test_beasts_have_their_size_and_feet_on_the_ground(species):
    kind, rng = animals.SPECIES[species], np.random.default_rng(2)
    for _ in range(6):
        low, high = extent(animals.animal(rng, Palette(rng), species=species))
        assert abs(low[2]) < 0.08 * kind.body[1] and kind.body[0] * 0.5 < high[2] < kind.body[1] * 2.1


@pytest.mark.parametrize(
    ("make", "low", "high"),
    [
        (lambda r, p: vehicles.car(r, p), (1.7, 3.7, 1.35), (2.5, 5.7, 2.4)),
        (lambda r, p: vehicles.lorry(r, p), (2.4, 7, 2.5), (3.1, 17, 4.2)),
        (lambda r, p: vehicles.bus(r, p), (2.4, 9.9, 2.9), (2.8, 13.4, 4.0)),
        (lambda r, p: vehicles.bicycle(r, p), (0.3, 1.6, 0.9), (0.8, 2.0, 1.2)),
        (lambda r, p: boats.boat(r, p), (0.9, 2.9, 0.4), (5.0, 15, 22)),
        (lambda r, p: leisure.bench(r, p), (1.2, 0.4, 0.4), (2.2, 0.8, 1.0)),
        (lambda r, p: plants.tree(r, 10, plants.foliage(r), plants.bark(r)), (1.5, 1.5, 8), (14, 14, 14)),
        (lambda r, p: plants.far_tree(r, 10, plants.foliage(r), plants.bark(r)), (1, 1, 6), (9, 9, 13)),
    ],
)
def test_sizes_are_those_of_the_real_things(make, low, high):
    rng = np.random.default_rng(4)
    for _ in range(5):
        a, b = extent(make(rng, Palette(rng)))
        assert (np.array(low) <= b - a).all() and (b - a <= np.array(high)).all(), b - a
        assert -4 < a[2] < 0.1


def test_closed_shapes_look_outwards_and_have_their_volume():
    body = shapes.loft([(0.0, 0.5, 0.5, 0.0), (2.0, 0.5, 0.5, 0.0)], 200)
    assert volume(body) == pytest.approx(np.pi * 0.25 * 2, rel=1e-3)
    lying = shapes.along_y([(1.0, 0.5, 0.5, 0.0), (-1.0, 0.5, 0.5, 0.0)], 200)
    assert volume(lying) == pytest.approx(np.pi * 0.25 * 2, rel=1e-3)
    assert volume(shapes.extruded([(0, 0), (2, 0), (2, 1), (0, 1)], -1, 1)) == pytest.approx(4)
    assert volume(boats.hull(8, 2.5, 0.8)) > 0.3 * 8 * 2.5 * 0.8
    assert volume(buildings.gable(8, 6, 3, 0.0, 2)) == pytest.approx(8 * 6 * 2 / 2)


def test_noise_is_smooth_and_bounded():
    noise = land.Noise(np.random.default_rng(0))
    x = np.linspace(-40, 90, 20001)
    z = noise(x, 0.3 * x)
    assert np.abs(z).max() < 1.6 and z.std() > 0.1
    assert np.abs(np.diff(z)).max() < 0.2  # no steps at the lattice's lines
    ridges = noise.ridged(x, 0.3 * x)
    assert ridges.min() >= 0 and ridges.max() < 1.2


def test_polar_ground_lies_on_its_heights_and_is_finest_near_the_centre():
    height = lambda x, y: 0.1 * x + 3 * np.sin(y / 50)  # noqa: E731
    mesh = land.polar(height, (5.0, -2.0), 800.0, 60, 90)
    x, y, z = mesh.vertices.T
    assert np.allclose(z, height(x, y)) and (mesh.normals[:, 2] > 0.5).all()
    r = np.hypot(x - 5, y + 2)
    assert r.max() == pytest.approx(800) and np.median(r) < 60


def test_street_lamps_shine_downwards():
    glow = outdoor.lamp_glow(8.0, 1.5)
    assert np.allclose(glow.normals, [0, 0, -1]) and 7.8 < glow.vertices[:, 2].mean() < 8


def test_every_walks_along_a_path():
    path = np.array([[0, 0, 0], [0, 10, 0], [10, 10, 0]], float)
    places = shapes.every(path, 5.0)
    assert np.allclose([p for p, _ in places], [[0, 0, 0], [0, 5, 0], [0, 10, 0], [5, 10, 0]])
    assert [turn for _, turn in places] == pytest.approx([0, 0, -90, -90])


def test_landmarks_take_a_stone_and_stand_on_the_ground():
    rng = np.random.default_rng(0)
    palette, stone = Palette(rng), Palette(rng).matte([0.4, 0.4, 0.4])
    for parts in (
        landmarks.church(rng, palette, stone, stone),
        landmarks.temple(rng, stone, 16),
        landmarks.statue(rng, palette, stone),
        landmarks.tower(rng, palette, stone, 20, 80),
    ):
        low, high = extent(parts)
        assert abs(low[2]) < 0.1 and high[2] > 2
    assert high[2] > 75


def test_families_take_a_generator_and_a_number_of_cameras():
    for family in FAMILIES:
        assert list(inspect.signature(family).parameters) == ["rng", "cameras"]


def test_other_seeds_give_other_scenes():
    a, b = (street(np.random.default_rng(seed), 4) for seed in (1, 2))
    assert a.cameras != b.cameras and len(a.parts) != len(b.parts)
