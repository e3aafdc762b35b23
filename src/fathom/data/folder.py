"""fathom's own folder format: any pictures with depth, two files each.

    <folder>/<name>.png or .jpg    the picture, 8-bit RGB
    <folder>/<name>.npz            depth       float32 (H, W): metres along the optical axis,
                                               inf where there is sky, nan where unknown
                                   disparity   float32 (H, W), instead of depth where its scale is not
                                               known: larger is nearer, nan where unknown
                                   intrinsics  float64 (4,): fx, fy, cx, cy in pixels (optional)
                                   normals     int8 (H, W, 3): 127 times the surface's normal, x right, y down,
                                               z ahead; 0 where there is no surface (optional)
                                   materials   uint8 (H, W): 1 glass, 2 mirror, 0 all else (optional)

`<name>` may contain folders. The .npz is written last, so a picture without one is unfinished.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from fathom.data.sample import Sample
from fathom.files import write_whole
from fathom.intrinsics import Intrinsics
from fathom.picture import read


def write_sample(folder: Path, sample: Sample) -> None:
    """Write one sample; each file appears whole or not at all."""
    picture = io.BytesIO()
    Image.fromarray(sample.picture).save(picture, "PNG")
    geometry = io.BytesIO()
    if sample.metric:
        arrays: dict[str, np.ndarray] = {"depth": sample.depth}
    else:
        arrays = {"disparity": np.where(sample.valid, sample.disparity, np.nan).astype(np.float32)}
    if sample.normals is not None:
        arrays["normals"] = np.round(127 * sample.normals).astype(np.int8)
    if sample.materials is not None:
        arrays["materials"] = sample.materials
    if sample.intrinsics is not None:
        k = sample.intrinsics
        arrays["intrinsics"] = np.array([k.fx, k.fy, k.cx, k.cy])
    np.savez_compressed(geometry, **arrays)  # type: ignore[arg-type]  # numpy's stub mistakes the arrays for a flag
    write_whole(folder / f"{sample.name}.png", picture.getvalue())
    write_whole(folder / f"{sample.name}.npz", geometry.getvalue())


class DepthFolder(Sequence[Sample]):
    """The samples of a folder, sorted by name.

    Raises:
        ValueError: the folder holds no sample.
    """

    def __init__(self, folder: str | Path):
        self.folder = Path(folder)
        self.names = sorted(p.relative_to(self.folder).with_suffix("").as_posix() for p in self.folder.rglob("*.npz"))
        if not self.names:
            raise ValueError(f"{self.folder}: no pictures with depth (expected NAME.png or NAME.jpg with NAME.npz)")

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, index):
        name = self.names[index]
        base = self.folder / name
        picture_path = next((p for s in (".png", ".jpg") if (p := base.with_name(base.name + s)).exists()), None)
        if picture_path is None:
            raise ValueError(f"{base}.npz has no picture beside it (expected {base.name}.png or {base.name}.jpg)")
        picture = read(picture_path).rgb
        with np.load(base.with_name(base.name + ".npz"), allow_pickle=False) as file:
            return sample_of(name, picture, dict(file))


def sample_of(name: str, picture: np.ndarray, arrays: dict[str, np.ndarray]) -> Sample:
    """The sample of a picture and the arrays of its .npz.

    Raises:
        ValueError: they do not belong together, or there is neither depth nor disparity among them.
    """
    metric = "depth" in arrays
    if not metric and "disparity" not in arrays:
        raise ValueError(f"{name}: its .npz holds neither depth nor disparity, only {', '.join(arrays) or 'nothing'}")
    values = np.asarray(arrays["depth" if metric else "disparity"], np.float32)
    for what, array in arrays.items():
        if what != "intrinsics" and array.shape[:2] != picture.shape[:2]:
            raise ValueError(f"{name}: the picture is {picture.shape[:2]}, its {what} {array.shape[:2]}")
    if metric:
        valid = values > 0  # false for nan
        disparity = np.divide(1, values, out=np.zeros_like(values), where=valid)
    else:
        valid = np.isfinite(values)
        disparity = np.where(valid, values, np.float32(0))
    normals = arrays["normals"].astype(np.float32) / 127 if "normals" in arrays else None
    camera = Intrinsics(*arrays["intrinsics"].tolist()) if "intrinsics" in arrays else None
    return Sample(name, picture, disparity, valid, metric, camera, normals, arrays.get("materials"))
