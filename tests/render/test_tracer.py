"""Geometry against closed forms, and light where it should be."""

import numpy as np
import pytest

from fathom.render import light, tracer
from fathom.render import meshes as m
from fathom.render.camera import Camera
from fathom.render.materials import textured
from fathom.render.scene import GLASS, MIRROR, PANE, TEXTURE, Scene

pytest.importorskip("mitsuba")
W, H = 64, 48
GREY = textured(np.full((TEXTURE, TEXTURE, 3), 0.5, np.float32))
POSES = [
    Camera((0, 0, 0)),
    Camera((1.5, -2.0, 0.7), 25, -10, 15, fov=35),
    Camera((-0.5, 0.5, -0.3), -30, 8, -70, fov=95),
    Camera((0.2, 0.1, 1.0), 5, 20, 180, fov=60),
]


@pytest.fixture(scope="module")
def mitsuba():
    return tracer.load_mitsuba()


def depth_of(mitsuba, camera, *parts):
    scene = Scene("test", np.ones((16, 32, 3), np.float32))
    for mesh, material in parts:
        scene.add(mesh, material)
    return tracer.Tracer(mitsuba, scene).depth(camera, W, H)


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
def test_a_tilted_plane(mitsuba, camera):
    normal = np.array([0.3, -1.0, 0.4]) / np.linalg.norm([0.3, -1.0, 0.4])
    along = np.cross(normal, [0, 0, 1.0])
    up = np.cross(along, normal)
    point = np.array([0.0, 6.0, 0.0])
    size = 4000.0  # so large that every ray meets it, or is turned away from it
    mesh = m.quad(point - size / 2 * (along + up), size * along, size * up)
    expected = plane_depth(camera, point, normal)
    depth = depth_of(mitsuba, camera, (mesh, GREY))
    near = expected < 300  # beyond, the quad ends somewhere
    assert near.mean() > 0.5
    assert (np.abs(depth[near] / expected[near] - 1) < 1e-4).all()


@pytest.mark.parametrize("camera", POSES)
def test_a_sphere(mitsuba, camera):
    centre, radius = np.array([0.0, 4.0, 0.5]), 1.2
    d = camera.directions(W, H)
    o = camera.at - centre
    a, b, c = (d * d).sum(-1), (d @ o), o @ o - radius**2
    root = b * b - a * c
    expected = np.where(root > 0, (-b - np.sqrt(np.maximum(root, 0))) / a, np.inf)
    expected[expected < 0] = np.inf
    depth = depth_of(mitsuba, camera, (m.sphere(radius, 400).moved(*centre), GREY))
    inner = root > 0.05 * a * radius**2  # away from the silhouette, where facets and sphere part
    outer = root < -1e-3
    assert inner.sum() > 50
    assert (np.abs(depth[inner] / expected[inner] - 1) < 1e-4).all()
    assert np.isinf(depth[outer]).all()


@pytest.mark.parametrize("material", [PANE, GLASS, MIRROR, GREY])
@pytest.mark.parametrize("camera", POSES[:2])
def test_the_first_surface_counts_even_of_glass(mitsuba, material, camera):
    pane = m.quad((-50, 3, -50), (100, 0, 0), (0, 0, 100))
    wall = m.quad((-500, 8, -500), (1000, 0, 0), (0, 0, 1000))
    close(depth_of(mitsuba, camera, (pane, material), (wall, GREY)), plane_depth(camera, (0, 3, 0), (0, -1, 0)))


def test_very_near_and_very_far(mitsuba):
    camera = Camera((0, 0, 0), fov=60)
    near = m.quad((-1, 0.02, -1), (0.99, 0, 0), (0, 0, 2))
    far = m.quad((-9000, 3000, -9000), (18000, 0, 0), (0, 0, 18000))
    depth = depth_of(mitsuba, camera, (near, GREY), (far, GREY))
    d = camera.directions(W, H)
    close(depth, np.where(d[..., 0] * 0.02 < -0.01, 0.02, 3000.0))


def test_sky_is_infinitely_far(mitsuba):
    camera = Camera((0, 0, 1.5), fov=70)
    ground = m.quad((-1e5, -1e5, 0), (2e5, 0, 0), (0, 2e5, 0))
    depth = depth_of(mitsuba, camera, (ground, GREY))
    assert np.isinf(depth[: H // 2]).all() and np.isfinite(depth[H // 2 :]).all()
    close(depth[H // 2 :], plane_depth(camera, (0, 0, 0), (0, 0, 1))[H // 2 :])


@pytest.mark.parametrize("yaw, pitch", [(0, 20), (90, 20), (-45, -30)])
def test_the_environment_is_where_light_says(mitsuba, yaw, pitch):
    environment = np.full((64, 128, 3), 0.01, np.float32)
    row, column = int((90 - pitch) / 180 * 64), int(-yaw % 360 / 360 * 128)
    environment[row - 1 : row + 2, np.arange(column - 1, column + 2) % 128] = 5.0
    scene = Scene("test", environment)
    scene.add(m.box(0.1, 0.1, 0.1).moved(z=-50), GREY)
    camera = Camera((0, 0, 0), yaw, pitch, fov=60)
    picture = tracer.Tracer(mitsuba, scene).radiance(camera, W, H, 4, np.random.default_rng(0)).colour
    y, x = np.argwhere(picture.sum(-1) > 1).mean(0)
    assert abs(x - W / 2) < 3 and abs(y - H / 2) < 3


def test_lights_light_and_pictures_hang_upright(mitsuba):
    texture = np.zeros((TEXTURE, TEXTURE, 3), np.float32)
    texture[: TEXTURE // 2] = [0.8, 0.1, 0.1]  # red above, green below
    texture[TEXTURE // 2 :] = [0.1, 0.8, 0.1]
    scene = Scene("test", np.full((16, 32, 3), 1e-3, np.float32), lamp_share=0.9)
    scene.add(m.quad((-2, 3, -2), (4, 0, 0), (0, 0, 4), unit=True), textured(texture))
    scene.add_light(m.quad((-1, 1, -1), (2, 0, 0), (0, 0, 2), unit=True).turned(180), (5, 5, 5))
    seen = tracer.Tracer(mitsuba, scene).radiance(Camera((0, 0, 0), fov=60), W, H, 8, np.random.default_rng(0))
    above, below = seen.colour[H // 4, W // 2], seen.colour[3 * H // 4, W // 2]
    assert above[0] > 3 * above[1] and below[1] > 3 * below[0] and above[0] > 0.05
    assert np.allclose(seen.albedo[H // 4, W // 2], [0.8, 0.1, 0.1], atol=0.02)
    assert np.allclose(np.abs(seen.normal[H // 2, W // 2]), [0, 1, 0], atol=0.01)


def test_without_llvm_the_picture_is_the_same(mitsuba):
    scene = Scene("test", light.sky(np.random.default_rng(1), "overcast").environment)
    scene.add(m.quad((-50, -50, 0), (100, 0, 0), (0, 100, 0)), GREY)
    scene.add(m.sphere(1).moved(0.5, 4, 1), GREY)
    camera = Camera((0, 0, 1.5), 10, -5, 20, fov=60)
    wide = tracer.Tracer(mitsuba, scene)
    depth, radiance = wide.depth(camera, W, H), wide.radiance(camera, W, H, 64, np.random.default_rng(0))
    before = mitsuba.variant()
    try:
        mitsuba.set_variant("scalar_rgb")
        slow = tracer.Tracer(mitsuba, scene)
        slow_depth = slow.depth(camera, W, H)
        slow_radiance = slow.radiance(camera, W, H, 64, np.random.default_rng(0))
    finally:
        mitsuba.set_variant(before)
    assert (np.abs(1 / slow_depth - 1 / depth) < 1e-4).mean() > 0.99
    for name in ("colour", "albedo", "normal"):
        a, b = getattr(radiance, name), getattr(slow_radiance, name)
        assert np.abs(a - b).mean() < 0.05 * max(float(np.abs(a).mean()), 0.1), name


@pytest.mark.parametrize(
    "path, version",
    [
        ("/usr/lib/x86_64-linux-gnu/libLLVM.so.19.1", 19),
        ("/usr/lib/x86_64-linux-gnu/libLLVM-14.so.1", 14),
        ("/usr/lib/x86_64-linux-gnu/libLLVM-17.so", 17),
        ("/usr/lib/llvm-18/lib/libLLVM.so", 18),
        ("/usr/local/opt/llvm@20/lib/libLLVM.dylib", 20),
        ("/usr/lib/libLLVM.so", None),
    ],
)
def test_llvm_versions_are_read_from_names(path, version):
    from pathlib import Path

    assert tracer.llvm_version(Path(path)) == version


def test_the_newest_suitable_llvm_is_taken(tmp_path):
    for name in ("libLLVM-14.so.1", "libLLVM-16.so.1", "libLLVM.so.18.1", "libLLVM.so.19.1", "libLLVM.so.22.0"):
        (tmp_path / name).touch()
    found = tracer.find_llvm((f"{tmp_path}/libLLVM*.so*",))
    assert found is not None and found.name == "libLLVM.so.19.1"
    assert tracer.find_llvm((f"{tmp_path}/libLLVM-1*.so*",)) is None


def test_without_a_suitable_llvm_it_is_scalar_and_says_so(monkeypatch):
    monkeypatch.delenv("DRJIT_LIBLLVM_PATH", raising=False)
    monkeypatch.setattr(tracer, "find_llvm", lambda: None)
    variant, advice = tracer.choose_variant()
    assert variant == "scalar_rgb" and "LLVM" in advice and "DRJIT_LIBLLVM_PATH" in advice


def test_a_library_that_was_named_is_used(monkeypatch):
    monkeypatch.setenv("DRJIT_LIBLLVM_PATH", "/somewhere/libLLVM.so")
    monkeypatch.setattr(tracer, "find_llvm", lambda: pytest.fail("looked for another"))
    assert tracer.choose_variant() == ("llvm_ad_rgb", None)


def test_missing_mitsuba_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "mitsuba", None)
    with pytest.raises(ModuleNotFoundError, match="fathom-depth\\[train\\]"):
        tracer.load_mitsuba()
