"""Ground truth of one picture, as every set's reader gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class GroundTruth:
    """What is known of one picture's depth."""

    depth: np.ndarray  # float (H, W), metres along the optical axis, where `valid`
    valid: np.ndarray  # bool (H, W)
    # False: `depth` is 1 / disparity of unknown unit and offset, so only the shape of 1 / depth means anything.
    metric: bool = True
    regions: Mapping[str, np.ndarray] = field(default_factory=dict)  # bool (H, W) each: "glass", ...
