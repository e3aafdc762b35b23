import numpy as np
import pytest

from fathom.render.families import FAMILIES
from fathom.render.scene import KINDS, TEXTURE


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("seed", range(2))
def test_a_scene_can_be_drawn(family, seed):
    scene = FAMILIES[family](np.random.default_rng(seed), 8)
    assert len(scene.cameras) == 8 and scene.family == family
    for mesh in [m for m, _ in scene.parts] + [m for m, _ in scene.lights]:
        assert np.isfinite(mesh.vertices).all() and np.isfinite(mesh.normals).all() and np.isfinite(mesh.uv).all()
        assert mesh.faces.min() >= 0 and mesh.faces.max() < len(mesh.vertices)
    for _, material in scene.parts:
        assert material.kind in KINDS
        assert material.kind in ("mirror", "pane", "glass") or material.texture.shape == (TEXTURE, TEXTURE, 3)
    for camera in scene.cameras:
        assert np.isfinite(camera.at).all() and 20 < camera.fov <= 110
    # What keeps one kernel for all scenes: few textures.
    assert len({id(a.texture) for _, a in scene.parts}) <= 40


@pytest.mark.parametrize("family", FAMILIES)
def test_a_scene_is_a_function_of_its_seed(family):
    a, b = (FAMILIES[family](np.random.default_rng(5), 4) for _ in range(2))
    assert a.cameras == b.cameras and len(a.parts) == len(b.parts)
    assert all(np.array_equal(m.vertices, n.vertices) for (m, _), (n, _) in zip(a.parts, b.parts, strict=True))
    assert np.array_equal(a.environment, b.environment)
    assert FAMILIES[family](np.random.default_rng(6), 4).cameras != a.cameras
