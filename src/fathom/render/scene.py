"""What a family fills and the tracer draws: meshes with materials, lights, a sky and cameras. No Mitsuba here.

The world's z axis points up and lengths are metres.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from fathom.render.camera import Camera

TEXTURE = 256  # pixels across: one size for every texture, because the tracer compiles a kernel for each size
KINDS = ("matte", "glossy", "metal", "mirror", "pane", "glass")


@dataclass(frozen=True)
class Mesh:
    """Triangles. Vertices are shared between faces only where the surface is meant to look smooth."""

    vertices: np.ndarray  # float64 (V, 3)
    faces: np.ndarray  # int (F, 3), anticlockwise seen from outside
    normals: np.ndarray  # float64 (V, 3), unit length
    uv: np.ndarray  # float64 (V, 2): metres along the surface, or 0 to 1 across it where a picture is to fit

    def moved(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Mesh:
        return replace(self, vertices=self.vertices + np.array([x, y, z], float))

    def transformed(self, matrix: np.ndarray) -> Mesh:
        """Every vertex times a (3, 3) matrix."""
        normals = self.normals @ np.linalg.inv(matrix)
        normals = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
        faces = self.faces if np.linalg.det(matrix) > 0 else self.faces[:, ::-1]
        return Mesh(self.vertices @ np.asarray(matrix).T, faces, normals, self.uv)

    def scaled(self, x: float, y: float | None = None, z: float | None = None) -> Mesh:
        return self.transformed(np.diag([x, x if y is None else y, x if z is None else z]).astype(float))

    def turned(self, degrees: float, axis: str = "z") -> Mesh:
        """Turned about a world axis, anticlockwise looking from its positive end."""
        c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        i, j = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
        matrix = np.eye(3)
        matrix[i, i], matrix[i, j], matrix[j, i], matrix[j, j] = c, -s, s, c
        return self.transformed(matrix)


@dataclass(frozen=True, eq=False)
class Material:
    """How a surface looks.

    `kind` is one of `KINDS`: matte, glossy (lacquer over a colour), metal (blurred reflection, tinted), mirror,
    pane (a thin sheet of glass), glass (a solid body of it). The last three take no texture.
    """

    kind: str
    texture: np.ndarray | None = None  # float32 (TEXTURE, TEXTURE, 3), linear reflectance in [0, 1]
    repeat: float = 1.0  # metres (or whatever the mesh's uv counts) for one repetition of the texture
    window: tuple[float, float, float, float] | None = None  # u0, v0, u1, v1: fit uv 0..1 into this part instead

    def coordinates(self, uv: np.ndarray) -> np.ndarray:
        """(V, 2) texture coordinates of a mesh's uv."""
        if self.window is None:
            return uv / self.repeat
        u0, v0, u1, v1 = self.window
        return np.array([u0, v0]) + np.clip(uv, 0, 1) * np.array([u1 - u0, v1 - v0])


MIRROR, PANE, GLASS = Material("mirror"), Material("pane"), Material("glass")


@dataclass
class Scene:
    """One synthetic place. Cameras are candidates, best first: views that see nothing useful are passed over."""

    family: str
    environment: np.ndarray  # float32 (H, 2H, 3) radiance around the scene; row 0 is straight up, see light.py
    parts: list[tuple[Mesh, Material]] = field(default_factory=list)
    lights: list[tuple[Mesh, np.ndarray]] = field(default_factory=list)  # radiance: (3,) or a picture (h, w, 3)
    cameras: list[Camera] = field(default_factory=list)
    lamp_share: float = 0.5  # share of light samples spent on the lights rather than on the environment
    bounces: int = 3  # longest path of light to the camera, in segments
    haze: float = 0.0  # extinction per metre of a picture-space haze; 0 for none
    haze_colour: tuple[float, float, float] = (1.0, 1.0, 1.0)  # radiance of very much haze

    def add(self, mesh: Mesh, material: Material) -> None:
        self.parts.append((mesh, material))

    def place(self, parts: list[tuple[Mesh, Material]], x: float, y: float, z: float = 0.0, turn: float = 0.0) -> None:
        """Add the parts of an object made at the origin, turned about z (degrees) and put at a place."""
        for mesh, material in parts:
            self.add(mesh.turned(turn).moved(x, y, z), material)

    def add_light(self, mesh: Mesh, radiance) -> None:
        """An emitting surface, lit on the side its normals point to, with uv 0..1 across it."""
        self.lights.append((mesh, np.asarray(radiance, np.float32)))
