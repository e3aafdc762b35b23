"""Networks as files for others to run, each checked against the network it came from before it is written."""

from __future__ import annotations

import copy
import json
import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fathom.errors import UsageError
from fathom.files import write_whole
from fathom.zoo.cards import KEY, Card
from fathom.zoo.checkpoint import load_checkpoint, save_checkpoint

if TYPE_CHECKING:
    from fathom.nets import DepthNet

SUFFIXES = (".xml", ".onnx", ".safetensors")
PICTURES = Path(__file__).parent / "pictures"  # photos to compare on; docs/photos/README.md says whose they are


@dataclass(frozen=True)
class Check:
    """How far the file's maps are from the network's, in parts of each map's range; the worst of all pictures."""

    pictures: int
    largest: float
    mean: float
    # What is allowed. Weights are stored in 16 bits in .xml and .safetensors: on photos, that costs about 0.001 on
    # average.
    largest_allowed: float = 0.02
    mean_allowed: float = 0.005

    @property
    def passed(self) -> bool:
        return self.largest <= self.largest_allowed and self.mean <= self.mean_allowed

    def __str__(self) -> str:
        return f"{self.pictures} pictures: off by {self.mean:.1e} of the range on average, {self.largest:.1e} at most"


def export(net: DepthNet, card: Card, out: Path, int8: Sequence[Path] = ()) -> Check:
    """Write `net` and its card to an .xml (with a .bin beside it), .onnx or .safetensors file, for any N, h and w.

    The files appear only if they compute what `net` computes, on the CPU, on pictures of several shapes.

    Args:
        int8: photos to calibrate 8-bit weights and activations with (.xml only); none leaves 16-bit weights.

    Raises:
        UsageError: another ending, or 8 bits for another format than .xml.
        ValueError: the file would compute something else, or a photo cannot be read.
        ImportError: the format needs a package that is not installed.
    """
    if out.suffix not in SUFFIXES:
        raise UsageError(f"{out}: a network is exported to {', '.join(SUFFIXES)}")
    if int8 and out.suffix != ".xml":
        raise UsageError(f"{out}: 8 bits are for .xml (OpenVINO) files")
    net = copy.deepcopy(net).cpu().float().eval()
    photos, blots = example_batches(net, card.size)
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / f"model{out.suffix}"
        if int8:
            _write_int8(net, card, draft, int8)
            # Ranges taken from photos cannot hold for what is like none. nano's worst photo is off by 0.035 and its
            # accuracy kept where 140 photos give them, by 0.048 and lost where three do: see pipeline_speed.md.
            checks = [replace(compare(net, draft, photos), largest_allowed=0.25, mean_allowed=0.04)]
        else:
            {".xml": _write_xml, ".onnx": _write_onnx, ".safetensors": _write_safetensors}[out.suffix](net, card, draft)
            # Rounded weights cost several times as much on blots: a relative map, less its least value, is another
            # as a whole where that one pixel is.
            strange = replace(compare(net, draft, blots), largest_allowed=0.1, mean_allowed=0.03)
            checks = [compare(net, draft, photos), strange]
        for check in checks:
            if not check.passed:
                why = f"{out}: not written, the file would not compute what the network does ({check})"
                raise ValueError(f"{why}; take more photos for the 8 bits, {len(int8)} are few" if int8 else why)
        for file in sorted(Path(folder).iterdir()):  # the .bin before the .xml that needs it
            write_whole(out.with_suffix(file.suffix), file.read_bytes())
    return checks[0]


def compare(net: DepthNet, path: Path, batches: Sequence[np.ndarray]) -> Check:
    """Run the network and the file on the same network inputs, each float32 (N, 3, h, w)."""
    import torch

    from fathom.runtime import Runtime
    from fathom.runtime.openvino import OpenVINORuntime
    from fathom.runtime.torch import TorchRuntime

    runtime: Runtime
    if path.suffix == ".safetensors":
        runtime = TorchRuntime(load_checkpoint(path)[0])
    else:
        runtime = OpenVINORuntime(path, keep=False)
    largest = 0.0
    means: list[float] = []
    for x in batches:
        with torch.inference_mode():
            wanted = net(torch.from_numpy(x)).numpy()
        for ours, theirs in zip(wanted, runtime(x), strict=True):
            off = np.abs(ours - theirs) / max(float(np.ptp(ours)), 1e-6)
            off = np.nan_to_num(off, nan=np.inf)
            largest = max(largest, float(off.max()))
            means.append(float(off.mean()))
    return Check(len(means), largest, max(means))


def example_batches(net: DepthNet, size: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Network inputs float32 (N, 3, h, w) of several shapes: of photos, and of pictures of coloured blots."""
    import cv2

    from fathom.picture import read

    rng = np.random.default_rng(0)
    wide, tall = (cv2.resize(rng.integers(0, 256, (6, n, 3), np.uint8), (80 * n, 480)) for n in (8, 3))
    photos = [read(path).rgb for path in sorted(PICTURES.glob("*.jpg"))]

    def prepared(batches: list[list[np.ndarray]]) -> list[np.ndarray]:
        return [np.stack([_prepared(net, size, picture) for picture in batch]) for batch in batches]

    return prepared([*([photo] for photo in photos), [photos[0][:, :180]]]), prepared([[wide, wide[:, ::-1]], [tall]])


def _prepared(net: DepthNet, size: int, rgb: np.ndarray) -> np.ndarray:
    """uint8 (H, W, 3) -> the network's input, float32 (3, h, w)."""
    from fathom.predict import network_size, prepare
    from fathom.zoo.records import Input

    mean, std = (tuple(v.flatten().tolist()) for v in (net.mean, net.std))
    wanted = Input(net.multiple, mean, std, antialias=True)
    return prepare(rgb, network_size(rgb.shape[0], rgb.shape[1], size, net.multiple), wanted)


def _write_safetensors(net: DepthNet, card: Card, path: Path) -> None:
    save_checkpoint(path, copy.deepcopy(net).half(), card)


def _write_xml(net: DepthNet, card: Card, path: Path) -> None:
    from fathom.runtime.convert import to_openvino
    from fathom.runtime.silent_openvino import openvino
    from fathom.zoo.ir_weights import name_parameters

    model = to_openvino(net, card)
    name_parameters(model, net.state_dict())
    openvino.save_model(model, path, compress_to_fp16=True)


def _write_int8(net: DepthNet, card: Card, path: Path, photos: Sequence[Path]) -> None:
    from fathom.picture import read
    from fathom.runtime.convert import to_openvino
    from fathom.runtime.quantise import PHOTOS, quantised
    from fathom.runtime.silent_openvino import openvino

    chosen = list(photos) if len(photos) <= PHOTOS else [photos[i * len(photos) // PHOTOS] for i in range(PHOTOS)]
    inputs = [_prepared(net, card.size, read(photo).rgb)[None] for photo in chosen]
    model = quantised(to_openvino(net, card), card, inputs)
    model.set_rt_info(json.dumps(asdict(card)), KEY)
    openvino.save_model(model, path, compress_to_fp16=True)


def _write_onnx(net: DepthNet, card: Card, path: Path) -> None:
    import torch
    from torch.export import Dim

    try:
        import onnx
        import onnxscript  # noqa: F401  what torch's exporter writes with
    except ImportError as error:
        raise ImportError(f"writing ONNX needs another package: pip install {error.name}") from None
    sides = {2: net.multiple * Dim("rows", min=1, max=4096), 3: net.multiple * Dim("columns", min=1, max=4096)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            net,
            (torch.zeros(2, 3, 7 * net.multiple, 9 * net.multiple),),
            input_names=["picture"],
            output_names=["depth"],
            dynamic_shapes=({0: Dim("n", min=1, max=4096), **sides},),
            dynamo=True,
            verbose=False,
        )
    assert program is not None
    model = program.model_proto
    onnx.helper.set_model_props(model, {KEY: json.dumps(asdict(card))})
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())
