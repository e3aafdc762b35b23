"""Draws a `Scene` with Mitsuba 3: radiance by path tracing, depth by one ray through the centre of each pixel.

Dr.Jit compiles a kernel for every new combination of plugins and array shapes, which costs more than the tracing.
So every scene has exactly the same make-up: all kinds of material (a hidden speck stands in for those not used), one
mesh for all lights, one environment, textures of one size. Then one kernel, cached on disk, draws everything.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fathom.render.camera import Camera
from fathom.render.scene import KINDS, TEXTURE, Material, Mesh, Scene

LLVM_PATTERNS = (
    "/usr/lib/*/libLLVM*.so*",
    "/usr/lib/llvm-*/lib/libLLVM*.so*",
    "/usr/lib64/libLLVM*.so*",
    "/usr/lib/libLLVM*.so*",
    "/usr/local/lib/libLLVM*.so*",
    "/opt/homebrew/opt/llvm*/lib/libLLVM*.dylib",
    "/usr/local/opt/llvm*/lib/libLLVM*.dylib",
)
# A kernel also depends on how many meshes there are: each kind of material gets these many, or multiples of them.
SLOTS = {"matte": 12, "glossy": 6, "metal": 1, "mirror": 1, "pane": 1, "glass": 1}
BRIGHTEST = 30.0  # times the mean radiance: brighter samples are cut, or single ones would leave white dots


def llvm_version(path: Path) -> int | None:
    """The major version in the name of an LLVM library; None where it says none."""
    match = re.search(r"LLVM(?:-|\.so\.|\.)(\d+)", path.name) or re.search(r"llvm[-@](\d+)", str(path))
    return int(match[1]) if match else None


def find_llvm(patterns: tuple[str, ...] = LLVM_PATTERNS) -> Path | None:
    """The newest suitable LLVM library: 17 to 21. Older ones crash on AVX-512 machines, newer ones are untested."""
    found: dict[Path, int] = {}
    for pattern in patterns:
        for path in Path("/").glob(pattern.lstrip("/")):
            version = llvm_version(path)
            if version is not None and 17 <= version <= 21:
                found[path] = version
    return max(found, key=lambda p: (found[p], str(p)), default=None)


def choose_variant() -> tuple[str, str | None]:
    """Mitsuba's variant for this machine, and a sentence about what would be faster (None if nothing would).

    Sets DRJIT_LIBLLVM_PATH where the person has not, so call it before Mitsuba is imported.
    """
    if "DRJIT_LIBLLVM_PATH" not in os.environ:
        library = find_llvm()
        if library is None:
            return "scalar_rgb", (
                "rendering without LLVM, about four times slower: install LLVM 17 to 21 "
                "(Debian, Ubuntu: apt install libllvm19), or point DRJIT_LIBLLVM_PATH at its library"
            )
        os.environ["DRJIT_LIBLLVM_PATH"] = str(library)
    return "llvm_ad_rgb", None


def load_mitsuba(threads: int = 1) -> Any:
    """Mitsuba with its variant set.

    Raises:
        ModuleNotFoundError: Mitsuba is not installed; the message says how to install it.
    """
    variant, _ = choose_variant()
    try:
        import drjit
        import mitsuba
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError('rendering needs Mitsuba: pip install "fathom-depth[train]"') from error
    mitsuba.set_variant(variant)
    mitsuba.set_log_level(mitsuba.LogLevel.Error)
    drjit.set_thread_count(threads)
    return mitsuba


@dataclass(frozen=True)
class Radiance:
    """Linear radiance of a picture, and what helps to denoise it; each float32 (H, W, 3)."""

    colour: np.ndarray
    albedo: np.ndarray
    normal: np.ndarray


class Tracer:
    """A scene ready to be looked at. `mitsuba` is what `load_mitsuba` gave."""

    def __init__(self, mitsuba: Any, scene: Scene):
        self.mi = mitsuba
        self.jit = "llvm" in mitsuba.variant()
        self.scene = mitsuba.load_dict(self._describe(scene))
        self.integrator = mitsuba.load_dict({"type": "path", "max_depth": scene.bounces, "rr_depth": 100})

    # -- building

    def _describe(self, scene: Scene) -> dict[str, Any]:
        mi = self.mi
        groups: dict[str, dict[int, list[tuple[Mesh, Material]]]] = {kind: {} for kind in KINDS}
        for mesh, material in scene.parts:
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
        for kind, slots in SLOTS.items():
            members = list(groups[kind].values())
            missing = -len(members) % slots if members else slots
            members += [[(speck, Material(kind, grey))]] * missing
            for number, group in enumerate(members):
                bsdf = mi.load_dict(self._bsdf(kind, group[0][1].texture))
                described[f"{kind}{number}"] = self._mesh([(m, a.coordinates(m.uv)) for m, a in group], bsdf, None)
        described["lights"] = self._lights(scene, speck)
        # Mitsuba's environment has y up and starts at -z; light.py's has z up and starts at +y.
        described["environment"] = {
            "type": "envmap",
            "bitmap": mi.Bitmap(np.ascontiguousarray(scene.environment, np.float32)),
            "to_world": mi.ScalarTransform4f([[1, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]]),
            "sampling_weight": 1 - _lamp_share(scene),
        }
        return described

    def _bsdf(self, kind: str, texture: np.ndarray | None) -> dict[str, Any]:
        if kind == "mirror":
            return {"type": "twosided", "bsdf": {"type": "conductor", "material": "none"}}
        if kind == "pane":
            return {"type": "thindielectric"}
        if kind == "glass":
            return {"type": "dielectric"}
        assert texture is not None, f"a {kind} material needs a texture"
        bitmap = self._bitmap(texture)
        if kind == "matte":
            bsdf: dict[str, Any] = {"type": "diffuse", "reflectance": bitmap}
        elif kind == "glossy":
            bsdf = {"type": "roughplastic", "alpha": 0.12, "diffuse_reflectance": bitmap, "nonlinear": True}
        elif kind == "metal":
            bsdf = {"type": "roughconductor", "material": "none", "alpha": 0.15, "specular_reflectance": bitmap}
        else:
            raise ValueError(f"there is no material of kind {kind!r}, only {', '.join(KINDS)}")
        return {"type": "twosided", "bsdf": bsdf}

    def _bitmap(self, texture: np.ndarray) -> dict[str, Any]:
        if texture.shape != (TEXTURE, TEXTURE, 3):
            raise ValueError(f"a texture is ({TEXTURE}, {TEXTURE}, 3), not {texture.shape}")
        # Row 0 at v = 1, so that a picture stands upright where v grows upwards.
        data = self.mi.TensorXf(np.ascontiguousarray(texture[::-1], np.float32))
        return {"type": "bitmap", "data": data, "raw": True}

    def _lights(self, scene: Scene, speck: Mesh) -> Any:
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
        black = np.zeros((TEXTURE, TEXTURE, 3), np.float32)
        return self._mesh(parts, self.mi.load_dict(self._bsdf("matte", black)), emitter)

    def _mesh(self, parts: list[tuple[Mesh, np.ndarray]], bsdf: Any, emitter: Any) -> Any:
        """One Mitsuba mesh of all the parts, each with its texture coordinates."""
        properties = self.mi.Properties()
        properties["bsdf"] = bsdf
        if emitter is not None:
            properties["emitter"] = emitter
        starts = np.cumsum([0] + [len(mesh.vertices) for mesh, _ in parts])
        faces = np.concatenate([m.faces + s for (m, _), s in zip(parts, starts[:-1], strict=True)])
        mesh = self.mi.Mesh(
            "mesh", int(starts[-1]), len(faces), has_vertex_normals=True, has_vertex_texcoords=True, props=properties
        )
        values = self.mi.traverse(mesh)
        values["vertex_positions"] = np.concatenate([m.vertices for m, _ in parts]).astype(np.float32).ravel()
        values["vertex_normals"] = np.concatenate([m.normals for m, _ in parts]).astype(np.float32).ravel()
        values["vertex_texcoords"] = np.concatenate([uv for _, uv in parts]).astype(np.float32).ravel()
        values["faces"] = faces.astype(np.uint32).ravel()
        values.update()
        return mesh

    # -- looking

    def depth(self, camera: Camera, width: int, height: int) -> np.ndarray:
        """float32 (H, W): metres along the optical axis to the first surface at each pixel's centre; inf for sky."""
        mi = self.mi
        directions = camera.directions(width, height).reshape(-1, 3)
        # A direction one metre long along the axis makes the ray's parameter the planar depth itself.
        if self.jit:
            ray = mi.Ray3f(mi.Point3f(*camera.at), mi.Vector3f(directions.T.astype(np.float32)))
            hit = self.scene.ray_intersect_preliminary(ray, coherent=True)
            t = np.array(hit.t)
        else:
            origin = mi.Point3f(*camera.at)
            rays = (mi.Ray3f(origin, mi.Vector3f(*d)) for d in directions.tolist())
            t = np.array([self.scene.ray_intersect_preliminary(ray, True).t for ray in rays])
        t = t.astype(np.float32).reshape(height, width)
        return np.where((t > 0) & (t < 1e7), t, np.float32(np.inf))

    def radiance(self, camera: Camera, width: int, height: int, spp: int, rng: np.random.Generator) -> Radiance:
        """Path-traced radiance, the mean of `spp` samples spread over each pixel. Noisy: see photograph.denoise."""
        if not self.jit:
            return self._render(camera, width, height, spp, int(rng.integers(2**31)))
        offsets = stratified(rng, height, width, spp)
        d = camera.directions(width, height, offsets).reshape(-1, 3)
        o = np.broadcast_to(np.array(camera.at), d.shape)
        if camera.aperture > 0:
            angle, radius = rng.random(len(d)) * 2 * np.pi, camera.aperture * np.sqrt(rng.random(len(d)))
            right, down, _ = camera.axes()
            lens = (radius * np.cos(angle))[:, None] * right + (radius * np.sin(angle))[:, None] * down
            o, d = o + lens, d * camera.focus - lens
        d = d / np.linalg.norm(d, axis=1, keepdims=True)
        values = self._trace(o.astype(np.float32), d.astype(np.float32), int(rng.integers(2**31)))
        values = values.reshape(height, width, spp, 9)
        colour = np.nan_to_num(values[..., :3], nan=0.0, posinf=0.0, neginf=0.0)
        colour = np.minimum(colour, BRIGHTEST * max(float(colour.mean()), 1e-6)).mean(2)
        return Radiance(colour, values[..., 3:6].mean(2), values[..., 6:].mean(2))

    def _trace(self, origins: np.ndarray, directions: np.ndarray, seed: int) -> np.ndarray:
        """float32 (N, 9): radiance, albedo and normal along each ray, all rays at once."""
        import drjit as dr

        mi = self.mi
        sampler = mi.load_dict({"type": "independent"})
        sampler.seed(seed, len(origins))
        ray = mi.RayDifferential3f(mi.Point3f(origins.T), mi.Vector3f(directions.T))
        hit = self.scene.ray_intersect(ray)
        albedo = hit.bsdf().eval_diffuse_reflectance(hit, hit.is_valid())
        normal = dr.select(hit.is_valid(), hit.sh_frame.n, 0)
        colour, _, _ = self.integrator.sample(self.scene, sampler, ray)
        dr.eval(colour, albedo, normal)  # together: one kernel
        return np.concatenate([np.array(colour), np.array(albedo), np.array(normal)]).T

    def _render(self, camera: Camera, width: int, height: int, spp: int, seed: int) -> Radiance:
        """The same through Mitsuba's own camera: without LLVM, going through the rays in Python would take minutes."""
        mi = self.mi
        right, down, forward = camera.axes()
        to_world = np.eye(4)
        to_world[:3] = np.stack([-right, -down, forward, np.array(camera.at)], -1)
        sensor: dict[str, Any] = {
            "type": "perspective",
            "fov": camera.fov,
            "near_clip": 1e-3,
            "far_clip": 1e6,
            "to_world": mi.ScalarTransform4f(to_world.tolist()),
            "sampler": {"type": "independent", "sample_count": spp},
            "film": {
                "type": "hdrfilm",
                "width": width,
                "height": height,
                "pixel_format": "rgb",
                "rfilter": {"type": "box"},
            },
        }
        if camera.aperture > 0:
            sensor |= {"type": "thinlens", "aperture_radius": camera.aperture, "focus_distance": camera.focus}
        integrator = mi.load_dict({"type": "aov", "aovs": "a:albedo,n:sh_normal", "colour": self.integrator})
        image = np.array(mi.render(self.scene, sensor=mi.load_dict(sensor), integrator=integrator, spp=spp, seed=seed))
        image = np.nan_to_num(image, nan=0.0, posinf=0.0, neginf=0.0)
        colour = np.minimum(image[..., :3], BRIGHTEST * max(float(image[..., :3].mean()), 1e-6))
        return Radiance(colour, image[..., 3:6], image[..., 6:9])


def stratified(rng: np.random.Generator, height: int, width: int, spp: int) -> np.ndarray:
    """float64 (H, W, S, 2) points in the unit square, spread evenly within each pixel."""
    columns = max(int(np.sqrt(spp)), 1)
    rows = -(-spp // columns)
    cell = np.arange(spp)
    corner = np.stack([cell % columns, cell // columns], -1)
    return (corner + rng.random((height, width, spp, 2))) / [columns, rows]


def _lamp_share(scene: Scene) -> float:
    # Never exactly a half: equal weights are another kernel.
    return float(np.clip(scene.lamp_share, 0.01, 0.99)) + 1e-3 if scene.lights else 0.011


def _resized(picture: np.ndarray, size: int) -> np.ndarray:
    import cv2

    return cv2.resize(picture.astype(np.float32), (size, size), interpolation=cv2.INTER_AREA)
