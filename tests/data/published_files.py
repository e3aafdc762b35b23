"""Writes small published sets in their own layouts, by other means than the readers use."""

import csv
import io
import struct

import h5py
import numpy as np
import OpenEXR
from PIL import Image

HEIGHT, WIDTH = 24, 32


def picture(height=HEIGHT, width=WIDTH):
    """One that JPEG keeps."""
    rows, columns = np.mgrid[:height, :width]
    return np.stack([rows * 200 // height, columns * 200 // width, np.full((height, width), 90)], 2).astype(np.uint8)


def put(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def encoded(array, kind):
    file = io.BytesIO()
    Image.fromarray(array).save(file, kind, **({"quality": 95} if kind == "JPEG" else {}))
    return file.getvalue()


def plane(normal, offset, rays):
    """Depth along the axis and along the ray of the plane normal . X = offset, for rays (H, W, 3) with z = 1."""
    depth = offset / (rays @ np.asarray(normal, float))
    return depth, depth * np.linalg.norm(rays, axis=2)


def rays(f, cx, cy, height=HEIGHT, width=WIDTH):
    """x right, y down, through the centres of the pixels of a pinhole camera; (0, 0) is the picture's corner."""
    y, x = np.mgrid[:height, :width] + 0.5
    return np.stack([(x - cx) / f, (y - cy) / f, np.ones((height, width))], 2)


def hypersim(root, scene, camera, frame, distance, rgb=None, dtype=np.float16):
    images = root / scene / "images"
    put(
        images / f"scene_{camera}_final_preview/frame.{frame:04d}.tonemap.jpg",
        encoded(picture() if rgb is None else rgb, "JPEG"),
    )
    put(images / f"scene_{camera}_final_preview/frame.{frame:04d}.color.jpg", b"not this one")
    path = images / f"scene_{camera}_geometry_hdf5/frame.{frame:04d}.depth_meters.hdf5"
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        file.create_dataset("dataset", data=distance.astype(dtype), compression="gzip")


def table(path, columns, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([columns, *rows])


def hypersim_split(path, rows):
    """rows: (scene, camera, frame, included, partition)."""
    columns = "scene_name,camera_name,frame_id,included_in_public_release,exclude_reason,split_partition_name"
    table(path, columns.split(","), [(s, c, f, i, "" if i else "FLAGGED", p) for s, c, f, i, p in rows])


def hypersim_cameras(path, matrices):
    entries = [f"M_cam_from_uv_{r}{c}" for r in range(3) for c in range(3)]
    rows = [(scene, 768.0, *np.asarray(m).ravel()) for scene, m in matrices.items()]
    table(path, ["scene_name", "settings_output_img_height", *entries], rows)


def vkitti2(rgb_root, depth_root, drive, camera, frame, centimetres):
    put(rgb_root / f"{drive}/frames/rgb/Camera_{camera}/rgb_{frame:05d}.jpg", encoded(picture(), "JPEG"))
    code = np.asarray(centimetres, np.uint16)
    put(depth_root / f"{drive}/frames/depth/Camera_{camera}/depth_{frame:05d}.png", encoded(code, "PNG"))


def tartanair(world, flight, frame, depth, side="left"):
    put(world / flight / f"image_{side}/{frame:06d}_{side}.png", encoded(picture(), "PNG"))
    path = world / flight / f"depth_{side}/{frame:06d}_{side}_depth.npy"
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, depth.astype(np.float32))


def irs(scene, frame, disparity, dtype=np.float16, channels=("G",)):
    put(scene / f"l_{frame}.png", encoded(picture(), "PNG"))
    put(scene / f"r_{frame}.png", b"not read")
    header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
    with OpenEXR.File(header, {c: np.ascontiguousarray(disparity.astype(dtype)) for c in channels}) as file:
        file.write(str(scene / f"d_{frame}.exr"))


def pfm(depth, endian="<"):
    """Rows from the bottom up; the scale's sign tells the order of the bytes."""
    height, width = depth.shape
    rows = [struct.pack(f"{endian}{width}f", *row) for row in depth[::-1]]
    return f"Pf\n{width} {height}\n{-1 if endian == '<' else 1}.000000\n".encode() + b"".join(rows)


def blendedmvs(scene, number, depth, k=None):
    put(scene / f"blended_images/{number:08d}.jpg", encoded(picture(), "JPEG"))
    put(scene / f"blended_images/{number:08d}_masked.jpg", encoded(np.zeros_like(picture()), "JPEG"))
    put(scene / f"rendered_depth_maps/{number:08d}.pfm", pfm(depth))
    if k is not None:
        rows = "\n".join(" ".join(f"{v:g}" for v in row) for row in k)
        pose = "\n".join(" ".join(f"{v:g}" for v in row) for row in np.eye(4))
        put(
            scene / f"cams/{number:08d}_cam.txt", f"extrinsic\n{pose}\n\nintrinsic\n{rows}\n\n0.4 0.1 128 12\n".encode()
        )
