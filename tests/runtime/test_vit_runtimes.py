"""A ViT, from the file of its weights to maps, by every runtime; torch in float32 is what they are measured by."""

import os
import subprocess
import sys

import numpy as np
import pytest

import fathom
from fathom.errors import UsageError
from fathom.runtime import gpu, open_runtime
from fathom.zoo import find_for

torch = pytest.importorskip("torch")

from fathom.nets import build  # noqa: E402
from fathom.runtime.export import export  # noqa: E402
from fathom.runtime.openvino import bfloat16_is_fast  # noqa: E402
from fathom.runtime.torch import TorchRuntime  # noqa: E402
from fathom.zoo.layouts import to_official  # noqa: E402


@pytest.fixture(scope="module")
def net():
    torch.manual_seed(0)
    return build("vits").eval()


@pytest.fixture(scope="module")
def weights(net, tmp_path_factory):
    path = tmp_path_factory.mktemp("weights") / "depth_anything_v2_vits.pth"
    torch.save(to_official(net.state_dict()), path)
    return find_for("small", path)


def batch(n=1, height=70, width=98):
    return np.random.default_rng(0).standard_normal((n, 3, height, width)).astype(np.float32)


def truth(net, x):
    with torch.inference_mode():
        return net(torch.from_numpy(x)).numpy()


def off(ours, wanted):
    """Largest and mean difference in parts of the range."""
    assert ours.shape == wanted.shape and ours.dtype == np.float32
    difference = np.abs(ours - wanted) / np.ptp(wanted)
    return difference.max(), difference.mean()


@pytest.mark.parametrize("shape", [(1, 70, 98), (2, 126, 56)])
def test_openvino_in_float32_gives_the_networks_values(shape, net, weights):
    x = batch(*shape)
    assert off(open_runtime(weights, "cpu", precision="float32")(x), truth(net, x))[0] < 5e-5


def test_openvino_in_bfloat16_is_close(net, weights):
    x = batch()
    largest, mean = off(open_runtime(weights, "cpu", precision="bfloat16")(x), truth(net, x))
    assert largest < 0.03 and mean < 0.005


def test_sixteen_bits_are_taken_where_the_processor_has_them(weights):
    about = open_runtime(weights, "cpu").about
    assert ("bfloat16" in about) == bfloat16_is_fast()
    about = open_runtime(fathom.zoo.find("nano"), "cpu").about
    assert ("bfloat16" in about) == bfloat16_is_fast()


@pytest.mark.skipif(not bfloat16_is_fast(), reason="this processor has no bfloat16")
def test_sixteen_bits_leave_no_terraces(weights):
    values = open_runtime(weights, "cpu", precision="bfloat16")(batch())
    assert len(np.unique(values)) > 0.9 * values.size  # rounded to bfloat16, hundreds of values would be left


@pytest.mark.parametrize("precision", ["float32", "bfloat16", "float16"])
def test_torch_keeps_the_head_in_float32(precision, net, weights):
    x = batch()
    largest, mean = off(open_runtime(weights, "cpu", "torch", precision)(x), truth(net, x))
    assert (largest, mean) < {"float32": (1e-6, 1e-6), "bfloat16": (0.06, 0.02), "float16": (0.01, 0.002)}[precision]
    runtime = TorchRuntime(net, precision=precision)
    assert all(p.dtype == torch.float32 for p in runtime.fast.head.parameters())
    assert all(p.dtype == torch.float32 for n, p in runtime.fast.named_parameters() if "norm" in n or "gamma" in n)
    assert all(p.dtype == torch.float32 for p in net.parameters())  # the caller's is as it was


def test_what_overflows_in_float16_is_computed_again_in_float32(weights):
    from fathom.zoo.checkpoint import load_net

    net = load_net(weights.torch, weights.card)
    with torch.no_grad():  # beyond 65504 within the MLP, undone behind it
        net.encoder.blocks[3].mlp.fc1.weight *= 1e6
        net.encoder.blocks[3].mlp.fc2.weight *= 1e-6
    x = batch()
    wanted = truth(net, x)
    runtime = TorchRuntime(net, precision="float16")
    with torch.inference_mode():
        assert not torch.isfinite(runtime.forward(torch.from_numpy(x))).all()
    assert np.array_equal(runtime(x), wanted)


def test_compiling_changes_nothing_but_speed(net):
    x = batch(1, 42, 42)
    runtime = TorchRuntime(net)
    runtime.forward = torch.compile(runtime._forward, dynamic=False, backend="eager", fullgraph=True)  # no breaks
    assert off(runtime(x), truth(net, x))[0] < 1e-6


def test_onnx_runtime_runs_what_export_writes(net, weights, tmp_path):
    pytest.importorskip("onnxruntime")
    from dataclasses import replace

    path = tmp_path / "small.onnx"
    export(net, replace(weights.card, size=56), path)
    for shape in ((1, 70, 98), (3, 56, 126)):
        x = batch(*shape)
        assert off(open_runtime(fathom.zoo.find(path), "cpu", "onnx")(x), truth(net, x))[0] < 5e-5
        assert off(open_runtime(fathom.zoo.find(path), "cpu", "openvino", "float32")(x), truth(net, x))[0] < 5e-5
    with pytest.raises(UsageError, match="precision of the file"):
        open_runtime(fathom.zoo.find(path), "cpu", "onnx", "bfloat16")
    with pytest.raises(ValueError, match="cannot use the device mps"):
        open_runtime(fathom.zoo.find(path), "mps", "onnx")
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(ValueError, match="cannot load it"):
        open_runtime(replace(weights, openvino=path, torch=None), "cpu", "onnx")


def test_the_second_start_needs_no_torch(weights, tmp_path):
    """It is in the cache for good, and made anew when the weights change."""
    script = (
        "import sys, numpy as np, fathom; from pathlib import Path\n"
        "model = fathom.load('small', weights=sys.argv[1], device='cpu', size=56)\n"
        "depth = model(np.zeros((60, 80, 3), np.uint8))\n"
        "print(depth.values.mean(), 'torch' in sys.modules)"
    )
    environment = {**os.environ, "FATHOM_CACHE": str(tmp_path / "cache")}

    def start():
        run = [sys.executable, "-c", script, str(weights.torch)]
        mean, torch_there = subprocess.run(
            run, env=environment, check=True, capture_output=True, text=True
        ).stdout.split()
        return float(mean), torch_there == "True"

    first, second = start(), start()
    assert first == (second[0], True) and not second[1]
    made = list((tmp_path / "cache" / "converted").rglob("*.xml"))
    assert len(made) == 1 and {p.suffix for p in made[0].parent.iterdir()} == {".xml", ".bin"}
    state = torch.load(weights.torch, weights_only=True)
    changed = tmp_path / weights.torch.name
    state["depth_head.scratch.output_conv2.2.bias"] += 1
    torch.save(state, changed)
    from fathom.runtime.convert import converted

    os.environ["FATHOM_CACHE"], before = str(tmp_path / "cache"), os.environ["FATHOM_CACHE"]
    try:
        one = converted(changed, weights.card)
        assert one == converted(changed, weights.card) and one != made[0]
        os.utime(changed, ns=(1, 1))
        two = converted(changed, weights.card)
        assert two != one and not one.exists()  # what is stale is gone
    finally:
        os.environ["FATHOM_CACHE"] = before


def test_where_nothing_can_be_kept_it_runs_all_the_same(net, weights, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("FATHOM_CACHE", str(tmp_path / "file" / "below"))
    x = batch()
    assert off(open_runtime(weights, "cpu", "openvino", "float32")(x), truth(net, x))[0] < 5e-5


def test_with_a_gpu_large_models_go_there_and_small_ones_stay(weights, monkeypatch):
    asked = []

    def choose(device):
        asked.append(device)
        return "cuda"

    def run(net, device, precision, compile):
        return device, precision

    monkeypatch.setattr("fathom.runtime.gpu_here", lambda: True)
    monkeypatch.setattr("fathom.runtime.torch.choose_device", choose)
    monkeypatch.setattr("fathom.runtime.torch.half_precision", lambda: "float16")
    monkeypatch.setattr("fathom.runtime.torch.TorchRuntime", run)
    assert open_runtime(weights) == ("cuda", "float16") and set(asked) == {"auto"}
    assert "OpenVINO" in open_runtime(fathom.zoo.find("nano")).about


def test_looking_for_a_gpu_agrees_with_torch():
    if sys.platform == "linux":
        assert gpu.gpu_here() == torch.cuda.is_available()


def test_what_compiles(weights):
    with pytest.raises(UsageError, match="only the runtime torch compiles"):
        open_runtime(weights, "cpu", "openvino", compile=True)
    with pytest.raises(UsageError, match="float32 and bfloat16"):
        open_runtime(weights, "cpu", "openvino", "float16")
    with pytest.raises(UsageError, match="no precision is called 'float'; did you mean"):
        open_runtime(weights, precision="float")


def test_a_gpu_that_torch_cannot_use_is_left_alone(weights, monkeypatch):
    monkeypatch.setattr("fathom.runtime.gpu_here", lambda: True)
    monkeypatch.setattr("fathom.runtime.torch.choose_device", lambda device: "cpu")
    assert "OpenVINO" in open_runtime(weights).about

    def no_torch(device):
        raise ImportError("no torch")

    monkeypatch.setattr("fathom.runtime.torch.choose_device", no_torch)
    assert "OpenVINO" in open_runtime(weights).about
