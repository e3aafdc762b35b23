"""Depth, normals and materials against closed forms."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from small_scenes import GREY, H, W, scene_of

from fathom.data.sample import MATERIALS
from fathom.render import meshes as m
from fathom.render.camera import Camera
from fathom.render.materials import textured
from fathom.render.scene import GLASS, MIRROR, PANE, TEXTURE

pytest.importorskip("mitsuba")
POSES = [
    Camera((0, 0, 0)),
    Camera((1.5, -2.0, 0.7), 25, -10, 15, fov=35),
    Camera((-0.5, 0.5, -0.3), -30, 8, -70, fov=95),
    Camera((0.2, 0.1, 1.0), 5, 20, 180, fov=60),
]

# Every option of a camera on its own and together, straight up and down, narrow and wide.
LOOKS = [
    Camera((0.3, -0.4, 0.2)),
    Camera((0.3, -0.4, 0.2), yaw=137),
    Camera((0.3, -0.4, 0.2), pitch=-90),
    Camera((0.3, -0.4, 0.2), pitch=90, yaw=20),
    Camera((0.3, -0.4, 0.2), roll=-50),
    Camera((0.3, -0.4, 0.2), fov=30),
    Camera((0.3, -0.4, 0.2), fov=110),
    Camera((-2.1, 3.3, 1.9), yaw=-160, pitch=-35, roll=100, fov=85, aperture=0.1, focus=2.0),
    Camera.looking_at((1.0, 1.0, 2.0), (1.0, 1.0, -1.0), roll=33, fov=70),
]
SIZES = [(W, H), (36, 64), (49, 49)]


def depth_of(trace, camera, *parts):
    return trace(scene_of(*parts)).depth(camera, W, H)


def rotation(camera):
    """The camera's turn from looking along +y, upright, by the textbook and not by `Camera.axes`."""
    return Rotation.from_euler("ZXY", [camera.yaw, camera.pitch, camera.roll], degrees=True).as_matrix()


def rays(camera, width, height):
    """World directions (H, W, 3) through the pixels' centres, one metre along the axis."""
    focal = max(width, height) / 2 / np.tan(np.radians(camera.fov) / 2)
    y, x = np.mgrid[:height, :width] + 0.5
    local = np.stack([(x - width / 2) / focal, np.ones_like(x), (height / 2 - y) / focal], -1)
    return local @ rotation(camera).T


def in_camera(camera, vectors):
    """World vectors as x right, y down, z ahead."""
    return (vectors @ rotation(camera))[..., [0, 2, 1]] * [1, -1, 1]


def plane_depth(camera, point, normal):
    """Planar depth of the plane through every pixel centre; inf where it is behind."""
    d = camera.directions(W, H)
    with np.errstate(divide="ignore"):
        t = (np.asarray(point) - camera.at) @ normal / (d @ np.asarray(normal))
    return np.where(t > 0, t, np.inf)


def close(depth, expected, rel=1e-4):
    assert np.array_equal(np.isinf(depth), np.isinf(expected))
    seen = np.isfinite(expected)
    assert seen.any()
    assert (np.abs(depth[seen] / expected[seen] - 1) < rel).all()


@pytest.mark.parametrize("camera", POSES)
def test_a_tilted_plane(trace, camera):
    normal = np.array([0.3, -1.0, 0.4]) / np.linalg.norm([0.3, -1.0, 0.4])
    along = np.cross(normal, [0, 0, 1.0])
    up = np.cross(along, normal)
    point = np.array([0.0, 6.0, 0.0])
    size = 4000.0  # so large that every ray meets it, or is turned away from it
    mesh = m.quad(point - size / 2 * (along + up), size * along, size * up)
    expected = plane_depth(camera, point, normal)
    depth = depth_of(trace, camera, (mesh, GREY))
    near = expected < 300  # beyond, the quad ends somewhere
    assert near.mean() > 0.5
    assert (np.abs(depth[near] / expected[near] - 1) < 1e-4).all()


@pytest.mark.parametrize("camera", POSES)
def test_a_sphere(trace, camera):
    centre, radius = np.array([0.0, 4.0, 0.5]), 1.2
    d = camera.directions(W, H)
    o = camera.at - centre
    a, b, c = (d * d).sum(-1), (d @ o), o @ o - radius**2
    root = b * b - a * c
    expected = np.where(root > 0, (-b - np.sqrt(np.maximum(root, 0))) / a, np.inf)
    expected[expected < 0] = np.inf
    depth = depth_of(trace, camera, (m.sphere(radius, 400).moved(*centre), GREY))
    inner = root > 0.05 * a * radius**2  # away from the silhouette, where facets and sphere part
    outer = root < -1e-3
    assert inner.sum() > 50
    assert (np.abs(depth[inner] / expected[inner] - 1) < 1e-4).all()
    assert np.isinf(depth[outer]).all()


@pytest.mark.parametrize("material", [PANE, GLASS, MIRROR, GREY])
@pytest.mark.parametrize("camera", POSES[:2])
def test_the_first_surface_counts_even_of_glass(trace, material, camera):
    pane = m.quad((-50, 3, -50), (100, 0, 0), (0, 0, 100))
    wall = m.quad((-500, 8, -500), (1000, 0, 0), (0, 0, 1000))
    close(depth_of(trace, camera, (pane, material), (wall, GREY)), plane_depth(camera, (0, 3, 0), (0, -1, 0)))


def test_very_near_and_very_far(trace):
    camera = Camera((0, 0, 0), fov=60)
    near = m.quad((-1, 0.02, -1), (0.99, 0, 0), (0, 0, 2))
    far = m.quad((-9000, 3000, -9000), (18000, 0, 0), (0, 0, 18000))
    depth = depth_of(trace, camera, (near, GREY), (far, GREY))
    d = camera.directions(W, H)
    close(depth, np.where(d[..., 0] * 0.02 < -0.01, 0.02, 3000.0))


def test_sky_is_infinitely_far(trace):
    camera = Camera((0, 0, 1.5), fov=70)
    ground = m.quad((-1e5, -1e5, 0), (2e5, 0, 0), (0, 2e5, 0))
    depth = depth_of(trace, camera, (ground, GREY))
    assert np.isinf(depth[: H // 2]).all() and np.isfinite(depth[H // 2 :]).all()
    close(depth[H // 2 :], plane_depth(camera, (0, 0, 0), (0, 0, 1))[H // 2 :])


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_every_option_of_a_camera_is_exact_inside_a_box(trace, size):
    low, high = np.array([-3.0, -2.0, -1.5]), np.array([4.0, 5.0, 2.5])
    box = m.box(*(high - low)).moved(0.5, 1.5, -1.5)
    view = trace(scene_of((box, GREY)))
    for camera in LOOKS:
        seen, d = view.geometry(camera, *size), rays(camera, *size)
        with np.errstate(divide="ignore"):
            walls = (np.where(d > 0, high, low) - camera.at) / d
        walls = np.where(d == 0, np.inf, walls)
        close(seen.depth, walls.min(-1))
        first, second = np.partition(walls, 1, -1)[..., :2].transpose(2, 0, 1)
        clear = second > 1.001 * first  # of the edges, where either wall will do
        assert clear.mean() > 0.98
        normals = -np.sign(d) * (np.arange(3) == walls.argmin(-1)[..., None])
        assert np.allclose(seen.normals[clear], in_camera(camera, normals)[clear], atol=1e-6)
        assert seen.materials.max() == 0


@pytest.mark.parametrize("camera", LOOKS[:2] + LOOKS[6:])
def test_normals_of_a_sphere(trace, camera):
    centre = camera.at + 4 * rays(camera, 1, 1)[0, 0]
    seen = trace(scene_of((m.sphere(1.2, 400).moved(*centre), GREY))).geometry(camera, W, H)
    hit = np.isfinite(seen.depth)
    assert hit.sum() > 50
    points = camera.at + rays(camera, W, H)[hit] * seen.depth[hit][:, None]
    assert np.abs(seen.normals[hit] - in_camera(camera, (points - centre) / 1.2)).max() < 0.01  # a facet's half width
    assert np.allclose(np.linalg.norm(seen.normals[hit], axis=-1), 1, atol=1e-6)
    assert not seen.normals[~hit].any()  # sky


def test_normals_face_the_camera_from_either_side(trace):
    quad = m.quad((-9, 3, -9), (18, 0, 0), (0, 0, 18))
    view = trace(scene_of((quad, GREY)))
    for camera in (Camera((0, 0, 0)), Camera((0, 6, 0), yaw=180)):
        assert np.allclose(view.geometry(camera, 8, 6).normals, [0, 0, -1], atol=1e-6)


def test_glass_and_mirrors_are_marked_where_they_come_first(trace):
    sheets = {  # material: its kind, its distance and extent across and up
        PANE: ("glass", 2.0, (-0.8, -0.1), (-0.6, 0.5)),
        MIRROR: ("mirror", 2.5, (0.2, 0.9), (-0.7, 0.3)),
        GLASS: ("glass", 3.0, (-0.3, 0.6), (0.1, 1.3)),
        GREY: ("other", 3.5, (-5.0, 5.0), (-5.0, 1.0)),
    }
    parts = [
        (m.quad((x0, y, z0), (x1 - x0, 0, 0), (0, 0, z1 - z0)), k) for k, (_, y, (x0, x1), (z0, z1)) in sheets.items()
    ]
    view = trace(scene_of(*parts))
    for camera in (Camera((0, 0, 0)), Camera((0.2, -0.3, 0.1), yaw=10, pitch=5, roll=40)):
        d = rays(camera, 96, 72)
        expected, depth, edge = np.zeros((72, 96), int), np.full((72, 96), np.inf), np.zeros((72, 96), bool)
        for name, y, (x0, x1), (z0, z1) in sorted(sheets.values(), key=lambda sheet: -sheet[1]):
            t = (y - camera.at[1]) / d[..., 1]
            x, z = (camera.at[i] + d[..., i] * t for i in (0, 2))
            inside = np.minimum.reduce([x - x0, x1 - x, z - z0, z1 - z])
            expected[inside > 0], depth[inside > 0] = MATERIALS.index(name), t[inside > 0]
            edge |= np.abs(inside) < 1e-4
        seen = view.geometry(camera, 96, 72)
        assert {0, 1, 2} == set(np.unique(expected)) and np.isinf(depth).any() and edge.mean() < 0.01
        assert np.array_equal(seen.materials[~edge], expected[~edge])
        close(seen.depth[~edge], depth[~edge])


def test_a_lens_blurs_the_picture_and_not_the_geometry(trace):
    stripes = np.zeros((TEXTURE, TEXTURE, 3), np.float32)
    stripes[:, ::32] = stripes[:, 1::32] = 0.9
    view = trace(scene_of((m.quad((-9, 4, -9), (18, 0, 0), (0, 0, 18)), textured(stripes, 4.0))))
    sharp, soft = Camera((0, 0, 0)), Camera((0, 0, 0), aperture=0.2, focus=1.0)
    assert np.array_equal(view.geometry(sharp, W, H).depth, view.geometry(soft, W, H).depth)
    pictures = [view.radiance(camera, W, H, 4, np.random.default_rng(0)).colour.mean(0) for camera in (sharp, soft)]
    assert pictures[0].std() > 2 * pictures[1].std()
