"""The proportions and colours of beasts on four legs: add one here, and `beasts.beast` makes it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Build:
    """A beast's proportions in lengths of its trunk, which is `trunk` metres."""

    trunk: tuple[float, float]
    leg: float
    chest: float  # radii of the body at the shoulders and at the hips
    hip: float
    neck: float
    rise: float  # of the neck, degrees
    head: float  # radius
    snout: float  # length
    snout_end: float  # radius
    ear: tuple[float, float, float]  # length, width, droop in degrees (0 up, 90 sideways, 150 hanging)
    tail: float
    coats: tuple[str, ...]  # hex colours in pairs: main, second
    patterns: tuple[str, ...]
    fur: float = 0.05  # length of tufts; 0 for a smooth skin
    eye: tuple[float, float] = (0.2, 35.0)  # radius in head radii, degrees apart
    sits: bool = False
    extra: str = ""  # horns, antlers, tusks, mane


DOGS = ("6b4a2b e8dcc8", "2a2522 8a5a30", "c89a60 f0e6d6", "e9e4da 4a3728", "3a2a20 d8c8b0", "b8863f 7a4a20")
BUILDS = {
    "dog": Build((0.3, 0.75), 0.5, 0.2, 0.15, 0.3, 50, 0.15, 0.2, 0.07, (0.2, 0.13, 120), 0.45, DOGS,
                 ("belly", "patches", "plain", "points"), 0.05, (0.17, 30), True),
    "spitz": Build((0.3, 0.6), 0.45, 0.23, 0.19, 0.25, 55, 0.16, 0.15, 0.055, (0.15, 0.11, 12), 0.45, DOGS,
                   ("belly", "points", "plain"), 0.09, (0.17, 30), True),
    "pug": Build((0.25, 0.4), 0.32, 0.24, 0.2, 0.18, 55, 0.2, 0.08, 0.1, (0.13, 0.12, 110), 0.15,
                 ("c8a878 30261e", "2a2624 3a3430"), ("points", "plain"), 0.0, (0.22, 38), True),
    "cat": Build((0.26, 0.36), 0.38, 0.17, 0.16, 0.16, 50, 0.155, 0.03, 0.06, (0.16, 0.15, 15), 0.85,
                 ("8a7a68 2c241c", "d08a48 f2e2c8", "22201f 3a3634", "eae6de 4a4038", "9a9a98 5a5a5a", "e6d8c0 3a2a22"),
                 ("stripes", "stripes", "patches", "points", "belly", "plain"), 0.045, (0.2, 32), True, "whiskers"),
    "fox": Build((0.45, 0.6), 0.42, 0.16, 0.14, 0.22, 45, 0.13, 0.17, 0.035, (0.2, 0.14, 12), 0.7,
                 ("b85a20 efe6da", "9a9a94 efe9e0"), ("belly",), 0.07, (0.15, 30), True),
    "rabbit": Build((0.2, 0.3), 0.22, 0.22, 0.27, 0.1, 45, 0.19, 0.08, 0.08, (0.42, 0.13, 12), 0.1,
                    ("8a7660 d8ccb8", "eae6e0 c8c0b8", "3a3430 6a5a4a"), ("belly", "plain", "patches"),
                    0.06, (0.2, 70), extra="whiskers"),
    "mouse": Build((0.06, 0.14), 0.14, 0.22, 0.28, 0.08, 20, 0.19, 0.17, 0.03, (0.17, 0.18, 30), 0.9,
                   ("8a6a48 d8c8b0", "c8c0b8 eae6e0"), ("belly", "plain"), 0.05, (0.17, 50), extra="whiskers"),
    "horse": Build((1.2, 1.6), 0.72, 0.21, 0.19, 0.55, 52, 0.105, 0.3, 0.08, (0.12, 0.06, 10), 0.5,
                   ("5a2f18 2a1a12", "7a4a28 c8a070", "d8d4cc 8a8480", "1e1a18 2a2624", "8a5228 e8e0d4"),
                   ("plain", "patches", "points"), 0.0, (0.16, 65), extra="mane"),
    "cow": Build((1.3, 1.8), 0.5, 0.25, 0.24, 0.3, 25, 0.14, 0.2, 0.095, (0.17, 0.09, 95), 0.5,
                 ("e8e4dc 1e1a18", "7a4426 8a5230", "b08050 efe6d8"), ("patches", "patches", "plain"), 0.0, (0.14, 62),
                 extra="horns"),
    "sheep": Build((0.8, 1.1), 0.38, 0.3, 0.3, 0.22, 40, 0.13, 0.16, 0.06, (0.13, 0.07, 100), 0.12,
                   ("d8d0c0 eae4d8", "3a322c 5a5048"), ("plain",), 0.09, (0.14, 60)),
    "goat": Build((0.7, 0.9), 0.5, 0.2, 0.2, 0.3, 55, 0.11, 0.18, 0.05, (0.17, 0.07, 100), 0.15,
                  ("e6dfd0 8a6a48", "5a4030 1e1a18"), ("patches", "belly", "points"), 0.05, (0.15, 62), extra="horns"),
    "pig": Build((0.6, 1.2), 0.28, 0.26, 0.25, 0.12, 5, 0.17, 0.17, 0.075, (0.17, 0.14, 60), 0.15,
                 ("d8a090 e8b8a8", "3a2e2a d8a090"), ("plain", "patches"), 0.0, (0.1, 42)),
    "bear": Build((1.0, 1.6), 0.38, 0.28, 0.3, 0.2, 25, 0.17, 0.16, 0.08, (0.09, 0.1, 30), 0.06,
                  ("4a3020 7a5a3a", "1a1614 3a2a1e", "e4dccb f0ebe0"), ("plain", "points"), 0.08, (0.1, 28), True),
    "lion": Build((1.2, 1.7), 0.45, 0.2, 0.17, 0.25, 40, 0.14, 0.14, 0.08, (0.08, 0.09, 40), 0.7,
                  ("b0854a e0c898", "c07828 f0e4d0", "c8954a f2e8d8"), ("belly", "stripes", "spots"), 0.05, (0.13, 30),
                  True, "mane"),
    "elephant": Build((2.0, 3.2), 0.5, 0.32, 0.31, 0.18, 20, 0.22, 0.14, 0.12, (0.5, 0.5, 95), 0.4,
                      ("6a625a 4a4440", "5a5652 6e665e"), ("plain", "belly"), 0.0, (0.09, 62), extra="tusks"),
    "deer": Build((0.9, 1.4), 0.65, 0.18, 0.16, 0.45, 58, 0.09, 0.17, 0.035, (0.17, 0.08, 65), 0.12,
                  ("9a6a40 e6d8c4", "7a5030 d8c4a8"), ("belly", "spots"), 0.025, (0.18, 62), extra="antlers"),
}  # fmt: skip
