"""A `Scene` as Mitsuba's plugins, always of the same make-up.

Dr.Jit compiles a kernel for every new combination of plugins and texture sizes, which costs more than the tracing.
So every scene has all kinds of material (a hidden speck stands in for those not used), one mesh for all lights, one
environment, textures of one size. Then one kernel, cached on disk, draws everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from fathom.render.scene import KINDS, TEXTURE, Material, Mesh, Scene

# A kernel also depends on how many meshes there are: each kind of material gets these many, or multiples of them.
SLOTS = {"matte": 12, "glossy": 6, "metal": 1, "mirror": 1, "pane": 1, "glass": 1}
LIGHTS = "lights"  # the name of the mesh of all lights


@dataclass(frozen=True)
class Surface:
    """The triangles that Mitsuba has as one mesh."""

    kind: str  # of its material; LIGHTS for the lights
    vertices: np.ndarray  # float64 (V, 3)
    faces: np.ndarray  # int (F, 3)

    def normals(self, faces: np.ndarray) -> np.ndarray:
        """float64 (N, 3): unit normals of N triangles, by their numbers; to either side."""
        a, b, c = (self.vertices[self.faces[faces, i]] for i in range(3))
        normals = np.cross(b - a, c - a)
        return normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-300)


class Builder:
    """Describes scenes to Mitsuba, one after the other.

    Lacquer keeps tables of how much light it lets through, which take 50 ms a piece to make and are always the same:
    so the glossy plugins are kept from scene to scene, and only painted anew. The last scene must be gone by then.
    """

    def __init__(self, mitsuba: Any):
        self.mi = mitsuba
        self._glossy: list[Any] = []

    def describe(self, scene: Scene) -> tuple[dict[str, Any], dict[str, Surface]]:
        """What `mitsuba.load_dict` takes, and the surfaces by the names (ids) that their meshes have there."""
        groups: dict[str, dict[int, list[tuple[Mesh, Material]]]] = {kind: {} for kind in KINDS}
        for mesh, material in scene.parts:
            if material.kind not in groups:
                raise ValueError(f"there is no material of kind {material.kind!r}, only {', '.join(KINDS)}")
            groups[material.kind].setdefault(id(material.texture), []).append((mesh, material))
        corner = np.min([m.vertices.min(0) for m, _ in scene.parts], 0) if scene.parts else np.zeros(3)
        speck = Mesh(
            corner + np.array([[0, 0, 0], [1e-4, 0, 0], [0, 1e-4, 0]]) - [0, 0, 0.01],
            np.array([[0, 1, 2]]),
            np.tile([0.0, 0.0, -1.0], (3, 1)),
            np.array([[0, 0], [1, 0], [0, 1.0]]),
        )
        grey = np.full((TEXTURE, TEXTURE, 3), 0.5, np.float32)
        described: dict[str, Any] = {"type": "scene"}
        surfaces: dict[str, Surface] = {}
        for kind, slots in SLOTS.items():
            members = list(groups[kind].values())
            missing = -len(members) % slots if members else slots
            members += [[(speck, Material(kind, grey))]] * missing
            if kind == "glossy":
                del self._glossy[len(members) :]  # as many objects as if nothing had been kept
            for number, group in enumerate(members):
                bsdf = self._bsdf(kind, number, group[0][1].texture)
                name, parts = f"{kind}{number}", [(mesh, a.coordinates(mesh.uv)) for mesh, a in group]
                described[name], surfaces[name] = self._mesh(kind, parts, bsdf, None)
        described[LIGHTS], surfaces[LIGHTS] = self._lights(scene, speck)
        # Mitsuba's environment has y up and starts at -z; light.py's has z up and starts at +y.
        described["environment"] = {
            "type": "envmap",
            "bitmap": self.mi.Bitmap(np.ascontiguousarray(scene.environment, np.float32)),
            "to_world": self.mi.ScalarTransform4f([[1, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]]),
            "sampling_weight": 1 - _lamp_share(scene),
        }
        return described, surfaces

    def _bsdf(self, kind: str, number: int, texture: np.ndarray | None) -> Any:
        load = self.mi.load_dict
        if kind == "mirror":
            return load({"type": "twosided", "bsdf": {"type": "conductor", "material": "none"}})
        if kind == "pane":
            return load({"type": "thindielectric"})
        if kind == "glass":
            return load({"type": "dielectric"})
        assert texture is not None, f"a {kind} material needs a texture"
        if kind == "glossy":
            return self._lacquer(number, texture)
        bsdf: dict[str, Any] = {"type": "diffuse", "reflectance": self._bitmap(texture)}
        if kind == "metal":
            reflectance = self._bitmap(texture)
            bsdf = {"type": "roughconductor", "material": "none", "alpha": 0.15, "specular_reflectance": reflectance}
        return load({"type": "twosided", "bsdf": bsdf})

    def _lacquer(self, number: int, texture: np.ndarray) -> Any:
        if number < len(self._glossy):
            values = self.mi.traverse(self._glossy[number])
            values["brdf_0.diffuse_reflectance.data"] = self._pixels(texture)
            values.update()
        else:
            bsdf = {"type": "roughplastic", "alpha": 0.12, "nonlinear": True}
            bsdf["diffuse_reflectance"] = self._bitmap(texture)
            self._glossy.append(self.mi.load_dict({"type": "twosided", "bsdf": bsdf}))
        return self._glossy[number]

    def _pixels(self, texture: np.ndarray) -> Any:
        if texture.shape != (TEXTURE, TEXTURE, 3):
            raise ValueError(f"a texture is ({TEXTURE}, {TEXTURE}, 3), not {texture.shape}")
        # Row 0 at v = 1, so that a picture stands upright where v grows upwards.
        return self.mi.TensorXf(np.ascontiguousarray(texture[::-1], np.float32))

    def _bitmap(self, texture: np.ndarray) -> dict[str, Any]:
        return {"type": "bitmap", "data": self._pixels(texture), "raw": True}

    def _lights(self, scene: Scene, speck: Mesh) -> tuple[Any, Surface]:
        """All lights as one mesh: their radiances are cells of one texture."""
        cells = 8
        size = TEXTURE // cells
        atlas = np.zeros((TEXTURE, TEXTURE, 3), np.float32)
        atlas[:] = 1e-3
        parts = []
        for number, (mesh, radiance) in enumerate(scene.lights or [(speck, np.full(3, 1e-3, np.float32))]):
            row, column = divmod(number % cells**2, cells)
            picture = np.broadcast_to(radiance, (size, size, 3)) if radiance.ndim == 1 else _resized(radiance, size)
            atlas[row * size : (row + 1) * size, column * size : (column + 1) * size] = picture
            low = np.array([column * size + 1, TEXTURE - (row + 1) * size + 1]) / TEXTURE
            parts.append((mesh, low + np.clip(mesh.uv, 0, 1) * (size - 2) / TEXTURE))
        share = _lamp_share(scene)
        emitter = self.mi.load_dict({"type": "area", "radiance": self._bitmap(atlas), "sampling_weight": share})
        black = self._bsdf("matte", 0, np.zeros((TEXTURE, TEXTURE, 3), np.float32))
        return self._mesh(LIGHTS, parts, black, emitter)

    def _mesh(self, kind: str, parts: list[tuple[Mesh, np.ndarray]], bsdf: Any, emitter: Any) -> tuple[Any, Surface]:
        """One Mitsuba mesh of all the parts, each with its texture coordinates."""
        properties = self.mi.Properties()
        properties["bsdf"] = bsdf
        if emitter is not None:
            properties["emitter"] = emitter
        starts = np.cumsum([0] + [len(mesh.vertices) for mesh, _ in parts])
        faces = np.concatenate([m.faces + s for (m, _), s in zip(parts, starts[:-1], strict=True)])
        vertices = np.concatenate([m.vertices for m, _ in parts])
        mesh = self.mi.Mesh(
            "mesh", len(vertices), len(faces), has_vertex_normals=True, has_vertex_texcoords=True, props=properties
        )
        values = self.mi.traverse(mesh)
        values["vertex_positions"] = vertices.astype(np.float32).ravel()
        values["vertex_normals"] = np.concatenate([m.normals for m, _ in parts]).astype(np.float32).ravel()
        values["vertex_texcoords"] = np.concatenate([uv for _, uv in parts]).astype(np.float32).ravel()
        values["faces"] = faces.astype(np.uint32).ravel()
        values.update()
        return mesh, Surface(kind, vertices, faces)


def _lamp_share(scene: Scene) -> float:
    # Never exactly a half: equal weights are another kernel.
    return float(np.clip(scene.lamp_share, 0.01, 0.99)) + 1e-3 if scene.lights else 0.011


def _resized(picture: np.ndarray, size: int) -> np.ndarray:
    import cv2

    return cv2.resize(picture.astype(np.float32), (size, size), interpolation=cv2.INTER_AREA)
