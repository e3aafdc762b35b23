"""Draws a `Scene` with Mitsuba 3: radiance by path tracing, geometry by one ray through the centre of each pixel.

Kernels are compiled for a number of rays, too, so a `Tracer` can be told to trace the same number whatever the shape
of the picture; and what changes from picture to picture is handed over in arrays, never as a constant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from fathom.data.sample import MATERIALS
from fathom.render.camera import Camera
from fathom.render.plugins import Builder
from fathom.render.scene import Scene
from fathom.render.variant import choose_variant, find_llvm, llvm_version, load_mitsuba

__all__ = ["Geometry", "Radiance", "Tracer", "choose_variant", "find_llvm", "llvm_version", "load_mitsuba"]

BRIGHTEST = 30.0  # times the mean radiance: brighter samples are cut, or single ones would leave white dots
SEEN_AS = {"pane": MATERIALS.index("glass"), "glass": MATERIALS.index("glass"), "mirror": MATERIALS.index("mirror")}


@dataclass(frozen=True)
class Radiance:
    """Linear radiance of a picture, and what helps to denoise it; each float32 (H, W, 3)."""

    colour: np.ndarray
    albedo: np.ndarray
    normal: np.ndarray


@dataclass(frozen=True)
class Geometry:
    """The first surface, be it of glass, that the ray through each pixel's centre meets."""

    depth: np.ndarray  # float32 (H, W): metres along the optical axis; inf for sky
    normals: np.ndarray  # float32 (H, W, 3): unit, facing the camera; x right, y down, z ahead; 0 for sky
    materials: np.ndarray  # uint8 (H, W): indices into fathom.data.sample.MATERIALS


class Tracer:
    """A scene ready to be looked at.

    Args:
        mitsuba: what `load_mitsuba` gave.
        pixels: rays are traced for that many pixels even where a picture has fewer.
        builder: the one that described the scenes before, which must be gone by now.
    """

    def __init__(self, mitsuba: Any, scene: Scene, pixels: int = 0, builder: Builder | None = None):
        self.mi = mitsuba
        self.jit = "scalar" not in mitsuba.variant()
        self.pixels = pixels
        described, self.surfaces = (builder or Builder(mitsuba)).describe(scene)
        self.scene = mitsuba.load_dict(described)
        self.integrator = mitsuba.load_dict({"type": "path", "max_depth": scene.bounces, "rr_depth": 100})

    # -- geometry

    def depth(self, camera: Camera, width: int, height: int) -> np.ndarray:
        """float32 (H, W): metres along the optical axis to the first surface at each pixel's centre; inf for sky."""
        return self.geometry(camera, width, height).depth

    def geometry(self, camera: Camera, width: int, height: int) -> Geometry:
        """Depth, normals and materials at each pixel's centre.

        The normals are those of the triangles, which the depth is of, too, and not the smoothed ones of the shading.
        """
        directions = camera.directions(width, height).reshape(-1, 3)
        # A direction one metre long along the axis makes the ray's parameter the planar depth itself.
        t, names, shapes, faces = self._first_hits(camera, directions)
        hit = (t > 0) & (t < 1e7)
        normals, materials = np.zeros(directions.shape), np.zeros(len(t), np.uint8)
        for number in np.unique(shapes[hit]):
            surface, here = self.surfaces[names[number]], hit & (shapes == number)
            normals[here] = surface.normals(faces[here])
            materials[here] = SEEN_AS.get(surface.kind, 0)
        away = np.einsum("ij,ij->i", normals, directions) > 0
        normals[away] *= -1
        depth = np.where(hit, t, np.float32(np.inf)).reshape(height, width)
        facing = (normals @ camera.axes().T).astype(np.float32)
        return Geometry(depth, facing.reshape(height, width, 3), materials.reshape(height, width))

    def _first_hits(
        self, camera: Camera, directions: np.ndarray
    ) -> tuple[np.ndarray, dict[int, str], np.ndarray, np.ndarray]:
        """For each ray (N, 3): its parameter float32 (N,), names of shapes, and by number its shape and triangle."""
        mi = self.mi
        shapes = self.scene.shapes()
        if not self.jit:
            numbers = {shape.id(): number for number, shape in enumerate(shapes)}
            origin = mi.Point3f(*camera.at)
            hits = [
                self.scene.ray_intersect_preliminary(mi.Ray3f(origin, mi.Vector3f(*d)), True)
                for d in directions.tolist()
            ]
            t = np.array([hit.t for hit in hits], np.float32)
            met = np.array([numbers[hit.shape.id()] if hit.is_valid() else -1 for hit in hits])
            faces = np.array([hit.prim_index for hit in hits])
            return t, {number: name for name, number in numbers.items()}, met, faces
        import drjit as dr

        count = len(directions)
        d = self._padded(directions, 1)
        o = np.broadcast_to(np.array(camera.at, np.float32), d.shape)
        hit = self.scene.ray_intersect_preliminary(mi.Ray3f(mi.Point3f(o.T), mi.Vector3f(d.T)), coherent=True)
        shape = dr.reinterpret_array(mi.UInt32, hit.shape)
        dr.eval(hit.t, shape, hit.prim_index)  # together: one kernel
        known = np.array(dr.reinterpret_array(mi.UInt32, self.scene.shapes_dr())).tolist()
        names = {number: mesh.id() for number, mesh in zip(known, shapes, strict=True)}
        t, met, faces = (np.array(values)[:count] for values in (hit.t, shape, hit.prim_index))
        return t.astype(np.float32), names, met, faces

    def _padded(self, rays: np.ndarray, spp: int) -> np.ndarray:
        """float32 (at least pixels x spp, 3): rays (N, 3), the last of them repeated."""
        missing = max(self.pixels * spp - len(rays), 0)
        rays = rays.astype(np.float32)
        return np.concatenate([rays, np.repeat(rays[-1:], missing, 0)]) if missing else rays

    # -- light

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
        traced = self._trace(self._padded(o, spp), self._padded(d, spp), spp, int(rng.integers(2**31)))
        samples = (values[:, : len(d)].reshape(3, height, width, spp) for values in traced)
        colour, albedo, normal = samples
        colour = np.nan_to_num(colour, nan=0.0, posinf=0.0, neginf=0.0)
        colour = np.minimum(colour, BRIGHTEST * max(float(colour.mean()), 1e-6))
        return Radiance(*(np.ascontiguousarray(v.mean(-1).transpose(1, 2, 0)) for v in (colour, albedo, normal)))

    def _trace(self, origins: np.ndarray, directions: np.ndarray, spp: int, seed: int) -> tuple[np.ndarray, ...]:
        """float32 (3, N) each: radiance, albedo and normal along each ray (N, 3), all rays at once.

        `spp` rays in a row belong to one pixel.
        """
        import drjit as dr

        mi = self.mi
        # Spread evenly over the rays of a pixel: 6 such samples are worth 8 independent ones.
        sampler = mi.load_dict({"type": "multijitter", "sample_count": spp})
        sampler.set_samples_per_wavefront(spp)
        sampler.seed(seed, len(origins))
        ray = mi.RayDifferential3f(mi.Point3f(origins.T), dr.normalize(mi.Vector3f(directions.T)))
        hit = self.scene.ray_intersect(ray, mi.RayFlags.All, coherent=True)
        albedo = hit.bsdf().eval_diffuse_reflectance(hit, hit.is_valid())
        normal = dr.select(hit.is_valid(), hit.sh_frame.n, 0)
        colour, _, _ = self.integrator.sample(self.scene, sampler, ray)
        dr.eval(colour, albedo, normal)  # together: one kernel
        return np.array(colour), np.array(albedo), np.array(normal)

    def _render(self, camera: Camera, width: int, height: int, spp: int, seed: int) -> Radiance:
        """The same through Mitsuba's own camera: without LLVM, going through the rays in Python would take minutes."""
        mi = self.mi
        right, down, forward = camera.axes()
        to_world = np.eye(4)
        to_world[:3] = np.stack([-right, -down, forward, np.array(camera.at)], -1)
        sensor: dict[str, Any] = {
            "type": "perspective",
            "fov": camera.fov,
            "fov_axis": "larger",
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
