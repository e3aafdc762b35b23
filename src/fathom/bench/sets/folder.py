"""fathom's own folder of pictures with depth, as `fathom render` writes it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from fathom.bench.protocols.folder import PROTOCOL
from fathom.bench.suite import Case, DepthSuite, Frame
from fathom.bench.truth import GroundTruth
from fathom.data.folder import DepthFolder


def open_folder(folder: Path, partial: bool = False) -> DepthSuite:
    """The suite of a folder of NAME.png with NAME.npz. A picture's source is the sub-folder it lies in.

    Raises:
        ValueError: no picture with depth there.
    """
    samples = DepthFolder(folder)
    index = {name: i for i, name in enumerate(samples.names)}

    def case(name: str) -> Case:
        source = Path(name).parent.as_posix()
        return Case(name, "pictures" if source == "." else source, (Frame(name, lambda: samples[index[name]].picture),))

    def read_truth(case: Case) -> GroundTruth:
        sample = samples[index[case.name]]
        known = sample.valid & ~sample.sky
        return GroundTruth(np.where(known, sample.depth, np.nan), known)

    return DepthSuite(folder.resolve().name, PROTOCOL, [case(name) for name in samples.names], read_truth)
