"""Materials for one scene: textured ones, and a palette that many small things share.

Every texture is a separate surface to the tracer, so a scene should have a few dozen of them at most. `Palette` packs
plain colours and labels into a single texture a kind.
"""

from __future__ import annotations

import numpy as np

from fathom.render import textures
from fathom.render.scene import TEXTURE, Material


def cell_window(index: int, cells: int, margin: float) -> tuple[float, float, float, float]:
    """The (u0, v0, u1, v1) of a cell of `textures.atlas`; v grows upwards, rows downwards."""
    row, column = divmod(index, cells)
    u0, u1 = (column + margin) / cells, (column + 1 - margin) / cells
    v0, v1 = 1 - (row + 1 - margin) / cells, 1 - (row + margin) / cells
    return u0, v0, u1, v1


class Palette:
    """Colours, patterns and labels of one scene. `matte`, `glossy`, `metal` take a linear colour or choose one."""

    def __init__(self, rng: np.random.Generator):
        self._rng = rng
        self._used: dict[str, int] = {}
        self._sheets: dict[str, np.ndarray] = {}
        self._labels: np.ndarray | None = None
        self._stuffs: list[Material] = []

    def colour(self, kind: str, rgb=None) -> Material:
        cells = 16
        size = TEXTURE // cells
        rgb = textures.colour(self._rng) if rgb is None else np.asarray(rgb, np.float32)
        if kind not in self._sheets:
            self._sheets[kind] = np.zeros((TEXTURE, TEXTURE, 3), np.float32)
        index = self._used.get(kind, 0)
        self._used[kind] = index + 1
        index %= cells**2  # past 256 colours the first are painted over
        row, column = divmod(index, cells)
        shade = self._rng.normal(1, 0.05, (size, size, 1)).astype(np.float32)
        patch = np.clip(rgb * shade, 0, 1)
        self._sheets[kind][row * size : (row + 1) * size, column * size : (column + 1) * size] = patch
        return Material(kind, self._sheets[kind], window=cell_window(index, cells, 0.1))

    def matte(self, rgb=None) -> Material:
        return self.colour("matte", rgb)

    def glossy(self, rgb=None) -> Material:
        return self.colour("glossy", rgb)

    def metal(self, rgb=None) -> Material:
        if rgb is None:
            rgb = self._rng.uniform(0.5, 0.9) * self._rng.choice(
                np.array([[1.0, 1.0, 1.0], [1.0, 0.8, 0.5], [1.0, 0.65, 0.5], [0.6, 0.6, 0.65]])
            )
        return self.colour("metal", rgb)

    def any(self) -> Material:
        if self._rng.random() < 0.3:
            return self.stuff()
        return self.colour(
            str(self._rng.choice(["matte", "matte", "glossy", "glossy", "metal"], p=[0.3, 0.2, 0.25, 0.17, 0.08]))
        )

    def stuff(self) -> Material:
        """One of three patterned surfaces of this scene."""
        if not self._stuffs:
            kinds = ("matte", "matte", "glossy")
            self._stuffs = [Material(k, textures.any_texture(self._rng), self._rng.uniform(0.1, 0.5)) for k in kinds]
        return self._stuffs[int(self._rng.integers(3))]

    def label(self) -> Material:
        """One of sixteen printed labels (packets, books, screens, signs)."""
        if self._labels is None:
            prints = [
                textures.marks(self._rng) if self._rng.random() < 0.7 else textures.picture(self._rng)
                for _ in range(16)
            ]
            self._labels = textures.atlas(prints, 4)
        return Material("glossy", self._labels, window=cell_window(int(self._rng.integers(16)), 4, 0.04))


def textured(texture: np.ndarray, repeat: float = 1.0, kind: str = "matte") -> Material:
    """A texture that repeats every so many metres."""
    return Material(kind, texture, repeat)


def hung(texture: np.ndarray, kind: str = "matte") -> Material:
    """A texture shown once on a mesh with uv 0..1."""
    return Material(kind, texture, window=(0.002, 0.002, 0.998, 0.998))
