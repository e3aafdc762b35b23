"""fathom's own folder format: any pictures with depth, two files each.

    <folder>/<name>.png or .jpg    the picture, 8-bit RGB
    <folder>/<name>.npz            depth       float32 (H, W): metres along the optical axis,
                                               inf where there is sky, nan where unknown
                                   intrinsics  float64 (4,): fx, fy, cx, cy in pixels (optional)

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
    """Write one metric sample; each file appears whole or not at all."""
    picture = io.BytesIO()
    Image.fromarray(sample.picture).save(picture, "PNG")
    geometry = io.BytesIO()
    arrays: dict[str, np.ndarray] = {"depth": sample.depth}
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
        with np.load(base.with_name(base.name + ".npz"), allow_pickle=False) as arrays:
            depth = arrays["depth"]
            intrinsics = Intrinsics(*arrays["intrinsics"].tolist()) if "intrinsics" in arrays else None
        if depth.shape != picture.shape[:2]:
            raise ValueError(f"{base}: the picture is {picture.shape[:2]}, its depth {depth.shape}")
        valid = depth > 0  # false for nan
        disparity = np.divide(1, depth, out=np.zeros_like(depth, np.float32), where=valid)
        return Sample(name, picture, disparity, valid, intrinsics=intrinsics)
