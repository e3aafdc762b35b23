"""fathom export: a model for other programs."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import tyro


@dataclass(frozen=True)
class Options:
    """Write a model to a file, if the file computes what the model does: on pictures of any size and number."""

    model: tyro.conf.Positional[str]
    """A model's name, or the path of a .safetensors checkpoint."""
    out: tyro.conf.Positional[Path]
    """FILE.xml (OpenVINO, with FILE.bin), FILE.onnx or FILE.safetensors; weights in 16 bits except for .onnx."""
    size: int | None = None
    """Shorter side of the network's input that the file is to recommend; the model's own if not given."""
    int8: Path | None = None
    """Photos, or a folder of them, such as the network will see: compute in 8 bits, in ranges taken from these. For
    FILE.xml: on a CPU about half the time of float32, for maps that are off by a few percent."""
    weights: Path | None = None
    """A checkpoint of that model's architecture, to take instead of its own weights."""


def main(options: Options) -> int:
    from fathom.cli.inputs import gather
    from fathom.errors import UsageError
    from fathom.zoo import find, find_for

    weights = find(options.model) if options.weights is None else find_for(options.model, options.weights)
    if weights.torch is None:
        raise UsageError(f"{options.model}: only weights of torch can be exported, a .safetensors or .pth file")
    written = [options.out, *([options.out.with_suffix(".bin")] if options.out.suffix == ".xml" else [])]
    own = {file.resolve() for file in weights.files}
    for path in written:
        if path.resolve() in own:
            raise UsageError(f"{path}: is the model itself, give another name")
    photos = []
    if options.int8 is not None:
        found = gather([str(options.int8)], options.out.parent)
        for name, error in found.errors:
            raise ValueError(f"{name}: {error}")
        photos = [job.path for job in found.jobs if job.path is not None]
    try:
        import torch  # noqa: F401

        from fathom.runtime.export import export
        from fathom.zoo.checkpoint import load_net
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        raise ImportError("fathom export needs torch: pip install 'fathom-depth[torch]'") from None
    card = weights.card if options.size is None else replace(weights.card, size=options.size)
    check = export(load_net(weights.torch, card), card, options.out, photos)
    print(f"{options.out}: checked on {check}", file=sys.stderr)
    return 0
