"""Networks as files for others to run, each checked against the network it came from before it is written."""

from __future__ import annotations

import copy
import io
import json
import tempfile
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fathom.errors import UsageError
from fathom.files import write_whole
from fathom.zoo.cards import KEY, Card
from fathom.zoo.checkpoint import save_checkpoint

if TYPE_CHECKING:
    from fathom.nets import DepthNet

SUFFIXES = (".xml", ".onnx", ".safetensors")
# Largest difference allowed, in parts of the map's range. Weights are stored in 16 bits in .xml and .safetensors: that
# costs under 0.001 on average on photos, but several times as much on the blots, which are like no photo.
TOLERANCE = 0.02
MEAN_TOLERANCE = 0.005


@dataclass(frozen=True)
class Check:
    """How far the file's maps are from the network's, in parts of each map's range; the worst of all pictures."""

    pictures: int
    largest: float
    mean: float

    @property
    def passed(self) -> bool:
        return self.largest <= TOLERANCE and self.mean <= MEAN_TOLERANCE

    def __str__(self) -> str:
        return f"{self.pictures} pictures: off by {self.mean:.1e} of the range on average, {self.largest:.1e} at most"


def export(net: DepthNet, card: Card, out: Path) -> Check:
    """Write `net` and its card to an .xml (with a .bin beside it), .onnx or .safetensors file, for any N, h and w.

    The files appear only if they compute what `net` computes, on the CPU, on pictures of several shapes.

    Raises:
        UsageError: another ending.
        ValueError: the file would compute something else.
        ImportError: the format needs a package that is not installed.
    """
    if out.suffix not in SUFFIXES:
        raise UsageError(f"{out}: a network is exported to {', '.join(SUFFIXES)}")
    net = copy.deepcopy(net).cpu().float().eval()
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / f"model{out.suffix}"
        {".xml": _write_xml, ".onnx": _write_onnx, ".safetensors": _write_safetensors}[out.suffix](net, card, draft)
        check = compare(net, draft, card)
        if not check.passed:
            raise ValueError(f"{out}: not written, the file would not compute what the network does ({check})")
        for file in sorted(Path(folder).iterdir()):  # the .bin before the .xml that needs it
            write_whole(out.with_suffix(file.suffix), file.read_bytes())
    return check


def compare(net: DepthNet, path: Path, card: Card) -> Check:
    """Run the network and the file on the same pictures."""
    import torch

    from fathom.runtime import Runtime
    from fathom.runtime.openvino import OpenVINORuntime
    from fathom.runtime.torch import TorchRuntime

    runtime: Runtime = TorchRuntime(path, "cpu") if path.suffix == ".safetensors" else OpenVINORuntime(path, keep=False)
    largest = 0.0
    means: list[float] = []
    for x in _batches(net, card.size):
        with torch.inference_mode():
            wanted = net(torch.from_numpy(x)).numpy()
        for ours, theirs in zip(wanted, runtime(x), strict=True):
            off = np.abs(ours - theirs) / max(float(np.ptp(ours)), 1e-6)
            off = np.nan_to_num(off, nan=np.inf)
            largest = max(largest, float(off.max()))
            means.append(float(off.mean()))
    return Check(len(means), largest, max(means))


def _batches(net: DepthNet, size: int) -> list[np.ndarray]:
    """Network inputs float32 (N, 3, h, w): photos if scikit-image is there, and pictures of coloured blots."""
    import cv2

    from fathom.predict import network_size, prepare
    from fathom.zoo.records import Input

    rng = np.random.default_rng(0)
    blots = [cv2.resize(rng.integers(0, 256, (6, n, 3), np.uint8), (80 * n, 480)) for n in (8, 6, 3)]
    pictures = [[blots[0], blots[0][:, ::-1]], [blots[1]], [blots[2]]]
    try:
        from skimage import data
    except ImportError:
        pass
    else:  # these two come inside the package
        pictures += [[data.astronaut()], [data.astronaut()[:, :300]], [data.camera()[:400, :, None].repeat(3, axis=2)]]
    mean, std = ((v.flatten().tolist()) for v in (net.mean, net.std))
    wanted = Input(net.multiple, tuple(mean), tuple(std), antialias=True)
    return [
        np.stack([prepare(p, network_size(p.shape[0], p.shape[1], size, net.multiple), wanted) for p in batch])
        for batch in pictures
    ]


def _example(net: DepthNet):
    import torch

    return torch.zeros(1, 3, 7 * net.multiple, 9 * net.multiple)


def _write_safetensors(net: DepthNet, card: Card, path: Path) -> None:
    save_checkpoint(path, copy.deepcopy(net).half(), card)


def _write_xml(net: DepthNet, card: Card, path: Path) -> None:
    from fathom.runtime.silent_openvino import openvino

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing warns of shapes; the comparison is what tells
        model = openvino.convert_model(net, example_input=_example(net), input=[openvino.PartialShape([-1, 3, -1, -1])])
    model.inputs[0].get_tensor().set_names({"picture"})
    model.outputs[0].get_tensor().set_names({"depth"})
    model.set_rt_info(json.dumps(asdict(card)), KEY)
    openvino.save_model(model, path, compress_to_fp16=True)


def _write_onnx(net: DepthNet, card: Card, path: Path) -> None:
    import torch

    try:
        import onnx
    except ImportError:
        raise ImportError("writing ONNX needs another package: pip install onnx") from None
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            net,
            (_example(net),),
            file,  # type: ignore[arg-type]  # the annotation forgot streams
            input_names=["picture"],
            output_names=["depth"],
            dynamic_axes={"picture": {0: "n", 2: "h", 3: "w"}, "depth": {0: "n", 1: "h", 2: "w"}},
            dynamo=False,  # the newer exporter takes ten times as long and one more package
        )
    model = onnx.load_from_string(file.getvalue())
    onnx.helper.set_model_props(model, {KEY: json.dumps(asdict(card))})
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())
