import numpy as np
import pytest

from fathom.render import meshes as m

RNG = np.random.default_rng(0)
CLOSED = {
    "box": (m.box(1, 2, 3), 6.0),
    "rounded box": (m.rounded_box(1, 2, 3, 0.1), 5.9),
    "thin rounded box": (m.rounded_box(0.4, 2, 3, 0.2, 8), 8.32 * 0.2 + 16.8 * np.pi * 0.01 + 4 / 3 * np.pi * 0.008),
    "sphere": (m.sphere(1, 64), 4.19),
    "cylinder": (m.cylinder(1, 2, 64), 6.28),
    "cone": (m.cylinder(1, 3, 64, 0.0), 3.14),
    "torus": (m.torus(2, 0.5, 64, 32), 2 * np.pi**2 * 2 * 0.25),
    "limb": (m.limb((0, 0, 0), (1, 1, 1), 0.3, sides=48), np.pi * 0.09 * (np.sqrt(3) + 0.4)),
}


def face_normals(mesh):
    a, b, c = (mesh.vertices[mesh.faces[:, i]] for i in range(3))
    return np.cross(b - a, c - a)


def volume(mesh):
    a, b, c = (mesh.vertices[mesh.faces[:, i]] for i in range(3))
    return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6)


@pytest.mark.parametrize("name", CLOSED)
def test_faces_look_outwards_and_enclose_the_volume(name):
    mesh, expected = CLOSED[name]
    assert volume(mesh) == pytest.approx(expected, rel=0.08)


OPEN = {
    "quad": m.quad((0, 0, 0), (1, 0, 0), (0, 0, 2)),
    "lathe": m.lathe([(0.5, 0), (0.8, 1), (0.2, 2)], 16, facets=True),
    "tube": m.tube([(0, 0, 0), (0, 0, 1), (1, 0, 1.5)], [0.1, 0.1, 0.05]),
    "blob": m.blob(RNG, (1, 1, 2)),
    "heightfield": m.heightfield(np.linspace(0, 1, 5), np.linspace(0, 2, 6), RNG.random((6, 5))),
    "blades": m.blades(RNG, RNG.random((20, 3)), 0.3, 0.02),
    "leaves": m.leaves(RNG, RNG.random((20, 3)), 0.1),
    "fence": m.fence([(0, 0, 0), (2, 0, 0), (2, 2, 0)], 1.0),
}


@pytest.mark.parametrize("name", [*CLOSED, *OPEN])
def test_normals_are_unit_and_on_the_front(name):
    mesh = CLOSED[name][0] if name in CLOSED else OPEN[name]
    assert mesh.vertices.shape == mesh.normals.shape == (len(mesh.uv), 3)
    assert mesh.faces.min() == 0 and mesh.faces.max() == len(mesh.vertices) - 1
    assert np.isfinite(mesh.vertices).all() and np.isfinite(mesh.uv).all()
    faces = face_normals(mesh)
    area = np.linalg.norm(faces, axis=1)
    real = area > 1e-9
    mean = mesh.normals[mesh.faces].mean(1)
    towards = np.einsum("ij,ij->i", faces / np.maximum(area, 1e-12)[:, None], mean)
    assert (towards[real] > 0.2).mean() > 0.97
    used = np.unique(mesh.faces[real])
    assert np.allclose(np.linalg.norm(mesh.normals[used], axis=1), 1, atol=1e-6)


def test_moving_turning_and_scaling_keep_normals_right():
    mesh = m.box(1, 1, 1).scaled(1, 2, 3).turned(90, "z").moved(5)
    assert np.allclose(np.ptp(mesh.vertices, axis=0), [2, 1, 3])
    assert mesh.vertices[:, 0].mean() == pytest.approx(5)
    assert (np.einsum("ij,ij->i", face_normals(mesh), mesh.normals[mesh.faces[:, 0]]) > 0).all()
    mirrored = m.box(1, 1, 1).scaled(-1, 1, 1)
    assert volume(mirrored) == pytest.approx(1)
