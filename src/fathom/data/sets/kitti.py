"""KITTI (Geiger et al. 2013) with the annotated depth of its depth benchmark (Uhrig et al. 2017): drives, by LiDAR.

    DATE/DRIVE/image_0C/data/NNNNNNNNNN.png                        about 1242x375, rectified, also as .jpg
    DATE/calib_cam_to_cam.txt                                      P_rect_02 and P_rect_03: optional
    {train,val}/DRIVE/proj_depth/groundtruth/image_0C/NNNNNNNNNN.png    16 bits, metres times 256, 0 where unknown

DATE is 2011_09_26 and the like, DRIVE is DATE_drive_NNNN_sync, C is 2 on the left and 3 on the right. The dates may
lie in raw_data, and train and val in data_depth_annotated. https://www.cvlibs.net/datasets/kitti (Raw Data; Depth)

Depth is sparse: about a sixth of the pixels, and none of the sky. The authors' val validates. The 28 drives from which
Eigen et al. took the pictures that the benchmark scores are in no split.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np

from fathom.bench.sets.kitti_split import RUNS as TESTED
from fathom.data.depth_files import read_png16
from fathom.data.index import Found, folders, stems
from fathom.data.sample import Sample
from fathom.data.sets.published import PublishedSet
from fathom.intrinsics import Intrinsics
from fathom.picture import read

HALVES = {"train": "train", "val": "validation"}
CAMERAS = ("image_02", "image_03")
DRIVE = re.compile(r"\d{4}_\d\d_\d\d_drive_\d{4}_sync")
CALIBRATION = "calib_cam_to_cam.txt"
# f, cx, cy of P_rect_02 and P_rect_03, which are those of one camera: every date was calibrated anew.
USUAL = {
    "2011_09_26": (721.5377, 609.5593, 172.8540),
    "2011_09_28": (707.0493, 604.0814, 180.5066),
    "2011_09_29": (718.3351, 600.3891, 181.5122),
    "2011_09_30": (707.0912, 601.8873, 183.1104),
    "2011_10_03": (718.8560, 607.1928, 185.2157),
}


class Kitti(PublishedSet):
    key, title = "kitti", "KITTI drive with annotated depth"
    layout = (
        "DATE/DRIVE/image_0C/data/... and {train,val}/DRIVE/proj_depth/groundtruth/image_0C/... "
        "(or these in raw_data and data_depth_annotated)"
    )

    def find(self) -> Iterator[Found]:
        for half in HALVES:
            for drive in filter(DRIVE.fullmatch, folders(self._annotated(half))):
                for camera in CAMERAS:
                    depths = stems(self._annotated(half) / drive / "proj_depth/groundtruth" / camera, "", ".png")
                    data = self._day(drive) / drive / camera / "data"
                    pictures = stems(data, "", ".png") | stems(data, "", ".jpg")
                    # The first and last five pictures of every drive have no depth: that is nothing to be said.
                    yield f"{half}/{drive}/{camera}", pictures & depths, depths

    def split_of(self, name: str) -> str | None:
        half, drive, *_ = name.split("/")
        return None if drive in TESTED else HALVES[half]

    def picture_path(self, name: str) -> Path:
        _, drive, camera, frame = name.split("/")
        png = self._day(drive) / drive / camera / "data" / f"{frame}.png"
        jpg = png.with_suffix(".jpg")
        return jpg if jpg.exists() and not png.exists() else png

    def read(self, name: str) -> Sample:
        half, drive, camera, frame = name.split("/")
        picture = read(self.picture_path(name)).rgb
        codes = read_png16(self._annotated(half) / drive / "proj_depth/groundtruth" / camera / f"{frame}.png")
        intrinsics = read_calibration(self._day(drive) / CALIBRATION).get(camera) or usual_camera(drive)
        return Sample.from_depth(name, picture, codes.astype(np.float32) / 256, intrinsics)

    def _annotated(self, half: str) -> Path:
        archive = self.root / "data_depth_annotated" / half
        return archive if archive.is_dir() else self.root / half

    def _day(self, drive: str) -> Path:
        """The folder of the date on which it was driven."""
        date = drive[:10]
        moved = self.root / "raw_data" / date
        return moved if (moved / drive).is_dir() else self.root / date


@lru_cache(maxsize=16)  # there are 5
def read_calibration(path: Path) -> dict[str, Intrinsics]:
    """image_0C -> intrinsics of the rectified cameras; empty if the file is not there.

    Raises:
        ValueError: it is there, and is another file.
    """
    if not path.is_file():
        return {}
    try:
        lines = dict(line.split(":", 1) for line in path.read_text().splitlines() if ":" in line)
        cameras = {}
        for camera in CAMERAS:
            fx, _, cx, _, _, fy, cy, *_ = map(float, lines[f"P_rect_{camera[-2:]}"].split())
            cameras[camera] = corner_based(fx, fy, cx, cy)
        return cameras
    except (KeyError, ValueError):
        raise ValueError(f"{path}: is not a calibration of KITTI's rectified cameras") from None


def usual_camera(drive: str) -> Intrinsics | None:
    """The published camera of the drive's date; None for a date that KITTI does not have."""
    if drive[:10] not in USUAL:
        return None
    f, cx, cy = USUAL[drive[:10]]
    return corner_based(f, f, cx, cy)


def corner_based(fx: float, fy: float, cx: float, cy: float) -> Intrinsics:
    """KITTI has the centre of the top left pixel at (0, 0), fathom at (0.5, 0.5)."""
    return Intrinsics(fx, fy, cx + 0.5, cy + 0.5)
