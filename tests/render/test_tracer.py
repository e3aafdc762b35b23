"""Light where it should be, and kernels that are compiled once."""

import numpy as np
import pytest
from small_scenes import GREY, H, W, scene_of

from fathom.render import light, tracer
from fathom.render import meshes as m
from fathom.render.camera import Camera
from fathom.render.materials import textured
from fathom.render.plugins import Builder
from fathom.render.scene import MIRROR, TEXTURE, Scene

pytest.importorskip("mitsuba")


def test_other_cameras_and_shapes_need_no_other_kernel(trace):
    import drjit

    sizes = [(W, H), (W, H), (36, 64), (49, 49), (62, 48)]
    cameras = [
        Camera((0, 0.1 * k, 0), 10 * k, -20 * k, 30 * k, fov=50 + 10 * k, aperture=0.1 * (k % 2)) for k in range(5)
    ]
    # A scene's first picture is drawn by another kernel than the next ones.
    view = trace(scene_of((m.sphere(1).moved(0, 4), GREY)))
    drjit.set_flag(drjit.JitFlag.KernelHistory, True)
    try:
        for number, (size, camera) in enumerate(zip(sizes, cameras, strict=True)):
            view.geometry(camera, *size)
            view.radiance(camera, *size, 4, np.random.default_rng(number))
            traced = [k for k in drjit.kernel_history() if k["type"] == drjit.KernelType.JIT]
            assert traced and (number < 2 or all(kernel["cache_hit"] for kernel in traced))
    finally:
        drjit.set_flag(drjit.JitFlag.KernelHistory, False)
        drjit.kernel_history_clear()


def test_more_rays_than_pixels_change_nothing(mitsuba):
    scene = scene_of((m.sphere(1).moved(0, 4), GREY))
    few, many = tracer.Tracer(mitsuba, scene), tracer.Tracer(mitsuba, scene, pixels=2 * W * H)
    camera = Camera((0, 0, 0))
    for name in ("depth", "normals", "materials"):
        a, b = (getattr(view.geometry(camera, W, H), name) for view in (few, many))
        assert np.array_equal(a, b)
    a, b = (view.radiance(camera, W, H, 4, np.random.default_rng(0)).albedo for view in (few, many))
    assert np.allclose(a, b, atol=1e-6)


def test_lacquer_that_is_painted_anew_is_as_new(mitsuba):
    wall = m.quad((-9, 4, -9), (18, 0, 0), (0, 0, 18))
    red, green = (
        textured(np.broadcast_to(np.array(c, np.float32), (TEXTURE, TEXTURE, 3)), 1.0, "glossy")
        for c in ([0.8, 0.1, 0.1], [0.1, 0.8, 0.1])
    )

    def seen(material, builder):
        view = tracer.Tracer(mitsuba, scene_of((wall, material)), W * H, builder)
        return view.radiance(Camera((0, 0, 0)), 16, 12, 4, np.random.default_rng(0))

    builder = Builder(mitsuba)
    first, again, fresh = seen(red, builder), seen(green, builder), seen(green, Builder(mitsuba))
    assert np.allclose(again.albedo, fresh.albedo) and np.allclose(again.colour, fresh.colour, atol=1e-5)
    assert first.albedo[..., 0].mean() > 5 * again.albedo[..., 0].mean()


def test_an_unknown_material_is_named(mitsuba):
    with pytest.raises(ValueError, match="no material of kind 'velvet'"):
        tracer.Tracer(mitsuba, scene_of((m.box(1, 1, 1), textured(GREY.texture, 1.0, "velvet"))))


@pytest.mark.parametrize("yaw, pitch", [(0, 20), (90, 20), (-45, -30)])
def test_the_environment_is_where_light_says(trace, yaw, pitch):
    environment = np.full((64, 128, 3), 0.01, np.float32)
    row, column = int((90 - pitch) / 180 * 64), int(-yaw % 360 / 360 * 128)
    environment[row - 1 : row + 2, np.arange(column - 1, column + 2) % 128] = 5.0
    scene = Scene("test", environment)
    scene.add(m.box(0.1, 0.1, 0.1).moved(z=-50), GREY)
    camera = Camera((0, 0, 0), yaw, pitch, fov=60)
    picture = trace(scene).radiance(camera, W, H, 4, np.random.default_rng(0)).colour
    y, x = np.argwhere(picture.sum(-1) > 1).mean(0)
    assert abs(x - W / 2) < 3 and abs(y - H / 2) < 3


def test_lights_light_and_pictures_hang_upright(trace):
    texture = np.zeros((TEXTURE, TEXTURE, 3), np.float32)
    texture[: TEXTURE // 2] = [0.8, 0.1, 0.1]  # red above, green below
    texture[TEXTURE // 2 :] = [0.1, 0.8, 0.1]
    scene = Scene("test", np.full((16, 32, 3), 1e-3, np.float32), lamp_share=0.9)
    scene.add(m.quad((-2, 3, -2), (4, 0, 0), (0, 0, 4), unit=True), textured(texture))
    scene.add_light(m.quad((-1, 1, -1), (2, 0, 0), (0, 0, 2), unit=True).turned(180), (5, 5, 5))
    seen = trace(scene).radiance(Camera((0, 0, 0), fov=60), W, H, 4, np.random.default_rng(0))
    above, below = seen.colour[H // 4, W // 2], seen.colour[3 * H // 4, W // 2]
    assert above[0] > 3 * above[1] and below[1] > 3 * below[0] and above[0] > 0.05
    assert np.allclose(seen.albedo[H // 4, W // 2], [0.8, 0.1, 0.1], atol=0.02)
    assert np.allclose(np.abs(seen.normal[H // 2, W // 2]), [0, 1, 0], atol=0.01)


def test_without_llvm_the_picture_is_the_same(mitsuba):
    scene = Scene("test", light.sky(np.random.default_rng(1), "overcast").environment)
    scene.add(m.quad((-50, -50, 0), (100, 0, 0), (0, 100, 0)), GREY)
    scene.add(m.sphere(1).moved(0.5, 4, 1), GREY)
    scene.add(m.box(1, 0.1, 1).moved(-1.5, 4, 0), MIRROR)
    camera = Camera((0, 0, 1.5), 10, -5, 20, fov=60)
    wide = tracer.Tracer(mitsuba, scene)
    geometry, radiance = wide.geometry(camera, W, H), wide.radiance(camera, W, H, 64, np.random.default_rng(0))
    before = mitsuba.variant()
    try:
        mitsuba.set_variant("scalar_rgb")
        slow = tracer.Tracer(mitsuba, scene)
        slow_geometry = slow.geometry(camera, W, H)
        slow_radiance = slow.radiance(camera, W, H, 64, np.random.default_rng(0))
    finally:
        mitsuba.set_variant(before)
    assert (np.abs(1 / slow_geometry.depth - 1 / geometry.depth) < 1e-4).mean() > 0.99
    assert (np.abs(slow_geometry.normals - geometry.normals).max(-1) < 1e-3).mean() > 0.98
    assert np.array_equal(slow_geometry.materials, geometry.materials)
    for name in ("colour", "albedo", "normal"):
        a, b = getattr(radiance, name), getattr(slow_radiance, name)
        assert np.abs(a - b).mean() < 0.05 * max(float(np.abs(a).mean()), 0.1), name
