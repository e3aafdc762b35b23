"""A copy of a rendered folder with the depth that a sensor would have measured there.

    python benchmarks/degrade.py RENDERED OUT

Nothing comes back from glass and mirrors; edges are as blurred as a sensor of a quarter of the resolution leaves them;
and range is noisy, with a standard deviation that is constant in inverse depth, as it is for stereo and structured
light.
The sky is kept. What is there already is not made again.
"""

from __future__ import annotations

import argparse
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.ndimage import binary_dilation, gaussian_filter

from fathom.data.folder import DepthFolder, encode_geometry, write_files
from fathom.data.sample import Sample
from fathom.progress import progress

BLUR = 2.0  # pixels: standard deviation of what is left of an edge
NOISE = 0.01  # of the picture's median inverse depth
HOLE_RIM = 1  # pixels around glass and mirrors that are lost with them


def degraded(sample: Sample, rng: np.random.Generator) -> Sample:
    known = sample.valid & ~sample.sky
    if not known.any():
        return sample
    # Within what is known: the sky does not bleed into the roofs.
    weight = gaussian_filter(known.astype(np.float32), BLUR)
    blurred = gaussian_filter(np.where(known, sample.disparity, 0).astype(np.float32), BLUR) / np.maximum(weight, 1e-6)
    noise = NOISE * float(np.median(sample.disparity[known]))
    disparity = np.maximum(blurred + noise * rng.standard_normal(blurred.shape, np.float32), 1e-6)
    valid = sample.valid
    if sample.materials is not None and (sample.materials > 0).any():
        valid = valid & ~binary_dilation(sample.materials > 0, iterations=HOLE_RIM)
    disparity = np.where(sample.sky, 0, disparity).astype(np.float32)
    return replace(sample, disparity=disparity, valid=valid, normals=None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rendered", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    samples = DepthFolder(args.rendered)
    with progress("degrading", total=len(samples)) as bar:
        for index, name in enumerate(samples.names):
            if not (args.out / f"{name}.npz").exists():
                rng = np.random.default_rng(zlib.crc32(name.encode()))
                geometry = encode_geometry(degraded(samples[index], rng))
                write_files(args.out, name, samples.picture_bytes(index), geometry)
            bar.advance()


if __name__ == "__main__":
    main()
