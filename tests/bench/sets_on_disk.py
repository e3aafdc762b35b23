"""Writes small benchmarks as their authors publish them, by other means than the readers use."""

import io
import json
import struct
import tarfile
import zipfile

import h5py
import numpy as np
import scipy.io
from PIL import Image

RNG = np.random.default_rng(7)


def picture(height, width):
    return RNG.integers(0, 256, (height, width, 3), dtype=np.uint8)


def smooth_picture(height, width):
    """One that JPEG keeps."""
    rows, columns = np.mgrid[:height, :width]
    return np.stack([rows * 200 // height, columns * 200 // width, np.full((height, width), 90)], 2).astype(np.uint8)


def png(array):
    file = io.BytesIO()
    Image.fromarray(array).save(file, "PNG")
    return file.getvalue()


def jpeg(array):
    file = io.BytesIO()
    Image.fromarray(array).save(file, "JPEG")
    return file.getvalue()


def npy(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def write(folder, files):
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def write_zip(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)


def write_tar_gz(path, files):
    with tarfile.open(path, "w:gz") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


def nyu_mat(folder, pictures, depths, test_numbers, compressed=False):
    """pictures (N, 480, 640, 3), depths (N, 480, 640): MATLAB holds 480x640x3xN and 480x640xN, column by column."""
    with h5py.File(folder / "nyu_depth_v2_labeled.mat", "w", userblock_size=512) as file:
        file["images"] = np.ascontiguousarray(np.transpose(pictures, (0, 3, 2, 1)))
        file["rawDepths"] = np.ascontiguousarray(np.transpose(depths, (0, 2, 1)).astype(np.float32))
        file["depths"] = np.full((len(depths), 640, 480), 5, np.float32)  # in-painted: must not be read
    split = {"trainNdxs": np.array([[1]], np.uint16), "testNdxs": np.array(test_numbers, np.uint16)[:, None]}
    scipy.io.savemat(folder / "splits.mat", split, do_compression=compressed)


def kitti_frame(drive, frame, rgb, depth):
    """The files of one frame: depth in metres, coded times 256."""
    code = np.rint(depth * 256).astype(np.uint16)
    return (
        {f"{drive[:10]}/{drive}/image_02/data/{frame:010d}.png": png(rgb)},
        {f"{drive}/proj_depth/groundtruth/image_02/{frame:010d}.png": png(code)},
    )


def dpt(depth):
    height, width = depth.shape
    return struct.pack("<fii", 202021.25, width, height) + b"".join(struct.pack("<f", v) for v in depth.ravel())


def eth3d_depth(depth):
    return b"".join(struct.pack("<f", v) for v in depth.ravel())


def da2k(pairs):
    """pairs: path -> list of (nearer, farther)."""
    annotations = {
        path: [{"point1": list(near), "point2": list(far), "closer_point": "point1"} for near, far in found]
        for path, found in pairs.items()
    }
    return json.dumps(annotations).encode()


def clip(names, pictures, depths, poses, k):
    """depths in metres, coded in millimetres; nan becomes 65535, the sensor's other way to say that it saw nothing."""
    files = {"camera-intrinsics.txt": "\n".join(" ".join(f"{v:.18e}" for v in row) for row in k).encode()}
    for name, rgb, depth, pose in zip(names, pictures, depths, poses, strict=True):
        code = np.where(np.isnan(depth), 65535, np.rint(np.nan_to_num(depth) * 1000)).astype(np.uint16)
        files[f"rgb/{name}.png"], files[f"depth/{name}.png"] = png(rgb), png(code)
        files[f"pose/{name}.txt"] = "\n".join("\t ".join(f"{v:.8e}" for v in row) for row in pose).encode()
    return files
