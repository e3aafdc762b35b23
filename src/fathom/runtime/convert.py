"""Networks of torch as OpenVINO's, and a cache of them: torch is needed the first time only."""

from __future__ import annotations

import json
import shutil
import tempfile
import warnings
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fathom import __version__
from fathom.files import cache_folder, short_hash
from fathom.runtime.silent_openvino import openvino
from fathom.zoo.cards import KEY, Card

if TYPE_CHECKING:
    from fathom.nets import DepthNet


def to_openvino(net: DepthNet, card: Card) -> Any:
    """The network as an `openvino.Model` that carries the card, for pictures of any number and size."""
    import torch

    example = torch.zeros(2, 3, 7 * net.multiple, 9 * net.multiple)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing warns of shapes; comparing the two is what tells
        model = openvino.convert_model(net, example_input=example, input=[openvino.PartialShape([-1, 3, -1, -1])])
    model.inputs[0].get_tensor().set_names({"picture"})
    model.outputs[0].get_tensor().set_names({"depth"})
    model.set_rt_info(json.dumps(asdict(card)), KEY)
    return model


def converted(weights: Path, card: Card) -> Path:
    """The .xml of a .safetensors or .pth file, in the user's cache; made, with torch, if it is not there yet.

    Raises:
        ImportError: it has to be made, and torch is not installed.
        ValueError: the weights are damaged or do not fit what the card says.
        OSError: the cache cannot be written.
    """
    state = weights.stat()
    contents = [state.st_size, state.st_mtime_ns, card.architecture, card.max_depth, __version__, openvino.__version__]
    # One folder for each file of weights: a checkpoint that training writes anew replaces what was made of the old.
    folder = cache_folder() / "converted" / f"{weights.stem}-{short_hash(str(weights.resolve()))}"
    path = folder / short_hash(repr(contents)) / f"{weights.stem}.xml"
    if path.exists():
        return path
    try:
        import torch  # noqa: F401
    except ImportError:
        raise ImportError(f"{weights}: the first time, running it takes torch: pip install torch") from None
    from filelock import FileLock

    from fathom.zoo.checkpoint import load_net

    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if path.exists():  # another process was first
            return path
        net = load_net(weights, card)
        shutil.rmtree(folder, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as draft:
            whole = Path(draft) / "whole"
            whole.mkdir()
            openvino.save_model(to_openvino(net, card), whole / path.name, compress_to_fp16=False)
            folder.mkdir()
            whole.rename(path.parent)
    return path
