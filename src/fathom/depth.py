"""Depth: the map that a model gives, and what its numbers mean."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from fathom.intrinsics import Intrinsics

Kind = Literal["relative", "metric"]


@dataclass(eq=False)
class Depth:
    """A map at the picture's own size, and what its numbers mean.

    `kind` is one of

    - "relative": affine-invariant inverse depth. Larger is nearer; scale and shift are unknown, so that ratios and
      differences of values mean nothing in metres.
    - "metric": metres along the optical axis (not along the ray). inf is infinitely far.
    """

    values: np.ndarray  # float32 (H, W)
    kind: Kind
    valid: np.ndarray | None = None  # bool (H, W): where `values` are known; None: everywhere
    intrinsics: Intrinsics | None = None  # the picture's camera, if it is known
    model: str = ""  # name of the model it comes from

    def __post_init__(self) -> None:
        if self.kind not in ("relative", "metric"):
            raise ValueError(f"the kind of a depth map is 'relative' or 'metric', not {self.kind!r}")
        self.values = np.asarray(self.values, np.float32)
        if self.values.ndim != 2 or not self.values.size:
            raise ValueError(f"a depth map has shape (H, W), not {self.values.shape}")
        if self.valid is not None:
            self.valid = np.asarray(self.valid, bool)
            if self.valid.shape != self.values.shape:
                raise ValueError(f"the map is {self.values.shape}, where it is valid is {self.valid.shape}")

    @property
    def unit(self) -> str | None:
        """ "m" for a metric map; None for a relative one, which has no unit."""
        return "m" if self.kind == "metric" else None

    def metres(self) -> np.ndarray:
        """float32 (H, W): metres along the optical axis, nan where not valid.

        Raises:
            ValueError: the map is relative.
        """
        if self.kind != "metric":
            raise ValueError(
                "this map is relative: inverse depth with unknown scale and shift, so it has no metres; "
                "use a metric model, or fit scale and shift to depths you know"
            )
        return self.values if self.valid is None else np.where(self.valid, self.values, np.float32(np.nan))

    def colour(self, colormap: str = "inferno") -> np.ndarray:
        """uint8 RGB (H, W, 3) to look at, near is bright; see `fathom.display`."""
        from fathom.display import colour

        return colour(self, colormap)

    def save(self, path: str | Path) -> None:
        """Write the map in the format of the file's ending; see `fathom.formats`.

        The file appears whole or not at all. Pixels that are not valid become nan, or 0 in a PNG.

        Raises:
            ValueError: no format has that ending.
            OSError: the file cannot be written.
        """
        from fathom.formats import save

        save(self, Path(path))

    @classmethod
    def load(cls, path: str | Path, kind: Kind | None = None) -> Depth:
        """Read back what `save` wrote.

        Args:
            kind: for files that do not say it themselves: .npy, .pfm, and files that fathom did not write.

        Raises:
            ValueError: not a depth map, damaged, of another kind than `kind`, or of unknown kind.
            OSError: the file is missing or cannot be read.
        """
        from fathom.formats import load

        return load(Path(path), kind)
