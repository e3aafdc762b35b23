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


def main(options: Options) -> int:
    from fathom.errors import UsageError
    from fathom.zoo import find

    weights = find(options.model)
    if weights.torch is None:
        raise UsageError(f"{options.model}: only a .safetensors checkpoint can be exported")
    if options.out.resolve() in [file.resolve() for file in weights.files]:
        raise UsageError(f"{options.out}: is the model itself, give another name")
    try:
        from fathom.runtime.export import export
        from fathom.zoo.checkpoint import load_checkpoint

        net, card = load_checkpoint(weights.torch)
        if options.size is not None:
            card = replace(card, size=options.size)
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        raise ImportError("fathom export needs torch: pip install 'fathom-depth[torch]'") from None
    check = export(net, card, options.out)
    print(f"{options.out}: checked on {check}", file=sys.stderr)
    return 0
