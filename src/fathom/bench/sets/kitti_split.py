"""Which frames Eigen et al. (2014) test on, of those with annotated ground truth: 652 in 28 drives.

Frames of a drive were taken at equal steps; those before a standing car and without ground truth are missing.
"""

from __future__ import annotations

# drive -> (first, last, step) of each run of frames, and the frames missing from it
RUNS: dict[str, tuple[tuple[tuple[int, int, int], ...], tuple[int, ...]]] = {
    "2011_09_26_drive_0002_sync": (((6, 69, 3),), (66,)),
    "2011_09_26_drive_0009_sync": (((16, 176, 16), (196, 388, 16)), ()),
    "2011_09_26_drive_0013_sync": (((5, 135, 5),), (15, 25, 55, 75)),
    "2011_09_26_drive_0020_sync": (((6, 78, 3),), (24, 30, 39)),
    "2011_09_26_drive_0023_sync": (((18, 468, 18),), (234,)),
    "2011_09_26_drive_0027_sync": (((7, 182, 7),), (105, 154)),
    "2011_09_26_drive_0029_sync": (((14, 196, 14), (268, 408, 14)), (282,)),
    "2011_09_26_drive_0036_sync": (((32, 768, 32),), (736,)),
    "2011_09_26_drive_0046_sync": (((5, 115, 5),), ()),
    "2011_09_26_drive_0048_sync": (((5, 16, 1),), ()),
    "2011_09_26_drive_0052_sync": (((6, 52, 2),), (24, 34)),
    "2011_09_26_drive_0056_sync": (((11, 286, 11),), (132,)),
    "2011_09_26_drive_0059_sync": (((14, 238, 14), (274, 358, 14)), (168,)),
    "2011_09_26_drive_0064_sync": (((22, 550, 22),), (132,)),
    "2011_09_26_drive_0084_sync": (((49, 374, 13),), (166,)),
    "2011_09_26_drive_0086_sync": (((7, 682, 27),), (547,)),
    "2011_09_26_drive_0093_sync": (((16, 256, 16), (305, 417, 16)), ()),
    "2011_09_26_drive_0096_sync": (((19, 456, 19),), ()),
    "2011_09_26_drive_0101_sync": (((80, 930, 34),), (250,)),
    "2011_09_26_drive_0106_sync": (((15, 15, 1), (35, 219, 8)), ()),
    "2011_09_26_drive_0117_sync": (((26, 650, 26),), (520,)),
    "2011_09_28_drive_0002_sync": (((6, 90, 3),), (15, 27, 42, 66, 69, 75)),
    "2011_09_29_drive_0071_sync": (((36, 612, 36), (735, 951, 36)), (843,)),
    "2011_09_30_drive_0016_sync": (((11, 264, 11),), (99,)),
    "2011_09_30_drive_0018_sync": (((107, 2247, 107), (2419, 2740, 107)), (321,)),
    "2011_09_30_drive_0027_sync": (((41, 656, 41), (753, 1081, 41)), (999,)),
    "2011_10_03_drive_0027_sync": (((181, 543, 181), (734, 4535, 181)), (2182,)),
    "2011_10_03_drive_0047_sync": (((32, 800, 32),), (256,)),
}


def eigen_frames() -> list[tuple[str, int]]:
    """(drive, frame) of the 652 pictures."""
    return [
        (drive, frame)
        for drive, (runs, missing) in RUNS.items()
        for first, last, step in runs
        for frame in range(first, last + 1, step)
        if frame not in missing
    ]
