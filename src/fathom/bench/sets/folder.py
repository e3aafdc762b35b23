"""fathom's own folder of pictures with depth, as `fathom render` writes it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from fathom.bench.protocols.folder import PROTOCOL
from fathom.bench.suite import Case, DepthSuite, Frame
from fathom.bench.truth import GroundTruth
from fathom.data.folder import DepthFolder
from fathom.data.sample import MATERIALS


def open_folder(folder: Path, partial: bool = False) -> DepthSuite:
    """The suite of a folder of NAME.png with NAME.npz. A picture's source is the sub-folder it lies in.

    Glass and mirrors, where a folder knows of them, are regions that are scored by themselves, too.

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
        regions = {} if sample.materials is None else regions_of(sample.materials)
        return GroundTruth(np.where(known, sample.depth, np.nan), known, regions=regions)

    return DepthSuite(folder.resolve().name, PROTOCOL, [case(name) for name in samples.names], read_truth)


def regions_of(materials: np.ndarray) -> dict[str, np.ndarray]:
    """bool (H, W) of each material but the ordinary one that is to be seen."""
    return {name: region for i, name in enumerate(MATERIALS) if i > 0 and (region := np.equal(materials, i)).any()}
