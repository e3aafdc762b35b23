"""Speed, with clocks that are known and networks whose work can be counted on paper."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fathom.bench.speed import measure as measuring
from fathom.bench.speed.clock import WARM_UP, Timing, in_turn
from fathom.bench.speed.measure import OURS, Speed, measure, picture, place
from fathom.bench.speed.operations import of_file, operations
from fathom.bench.speed.peak import Peak, data_sheet, peak_of
from fathom.bench.speed.start import Start, start
from fathom.bench.speed.text import speed_text
from fathom.cli import main
from fathom.errors import UsageError
from fathom.predict import Model
from fathom.runtime.silent_openvino import openvino
from fathom.zoo import Weights, find
from fathom.zoo.cards import Card

START = Start(python=0.2, load=0.3, first=0.5, megabytes=200.0, device_megabytes=None)
VITS = Card("vits", "relative", 518)


def timing(*seconds: float) -> Timing:
    return Timing(seconds)


def speed_of(**more) -> Speed:
    return Speed(
        "small",
        "a runtime",
        "a machine",
        (300, 400),
        (252, 336),
        START,
        network={OURS: timing(0.1), "theirs": timing(0.3)},
        whole={OURS: timing(0.2), "theirs": timing(0.1)},
        batches={OURS: {1: timing(0.1), 4: timing(0.2)}, "theirs": {1: timing(0.3), 4: timing(0.4)}},
        apart={"theirs": 0.01},
        **more,
    )


def test_tasks_run_in_turn_and_are_timed_apart():
    now, order = 0.0, []

    def task(name, *seconds):
        times = iter(seconds)

        def run():
            nonlocal now
            now += next(times)
            order.append(name)

        return run

    advanced = []
    tasks = {"a": task("a", 9, 9, 1, 2, 3), "b": task("b", 8, 8, 5, 5, 20)}
    assert WARM_UP == 2
    found = in_turn(tasks, 3, clock=lambda: now, advance=lambda: advanced.append(now))
    assert order == ["a", "b"] * 5
    assert found == {"a": timing(1, 2, 3), "b": timing(5, 5, 20)}  # the warm-up's are not among them
    assert (found["a"].median, found["b"].median) == (2, 5)
    assert found["a"].percentile(90) == pytest.approx(2.8)
    assert advanced == [17, 34, 40, 47, 70]


def test_above_one_fathom_is_faster():
    ratios = speed_of().times_as_fast("theirs")
    assert ratios == {key: pytest.approx(n) for key, n in zip(ratios, (3, 0.5, 3, 2), strict=True)}
    assert list(ratios) == ["network", "whole", "batch of 1", "batch of 4"]


def test_throughput_and_the_share_of_the_peak():
    speed = speed_of(operations=5e9, peak=Peak(400e9, "a table"))
    assert speed.pictures_per_second(OURS, 4) == pytest.approx(20)
    assert speed.share == pytest.approx(20 * 5 / 400)  # at its best: in fours
    assert speed_of(operations=5e9).share is None and speed_of(peak=Peak(1.0, "")).share is None


def test_the_text_says_it_all():
    text = speed_text(speed_of(operations=5e9, peak=Peak(400e9, "a table")))
    for words in (
        "small: a runtime",
        "a machine",
        "picture 400 x 300, network input 336 x 252",
        "1.00 s to the first map (Python 0.20, load 0.30, first map 0.50), 200 MB of memory at most",
        "5.0 GFLOP a picture; at best 25% of 0.4 TFLOP/s (a table)",
        "| fathom | 100.0 ms (100.0) | 200.0 ms (200.0) | 10.0/s | 20.0/s |",
        "| fathom is so many times as fast as theirs | 3.00 | 0.50 | 3.00 | 2.00 |",
        "Maps of theirs differ by 1.0e-02 of the range at most.",
    ):
        assert words in text
    widths = {line.count("|") for line in text.splitlines() if line.startswith("|")}
    assert len(widths) == 1


def test_operations_of_a_file_in_closed_form(tmp_path):
    """One of each operation that counts, on a network input of 16 x 24."""
    from openvino import opset13 as ops

    def random(*shape):
        return ops.constant(np.ones(shape, np.float32))

    x = openvino.opset13.parameter(openvino.PartialShape([-1, 3, -1, -1]), np.float32)
    conv = ops.convolution(x, random(8, 3, 3, 3), [2, 2], [1, 1], [1, 1], [1, 1])  # (8, 8, 12)
    group = ops.group_convolution(conv, random(4, 2, 2, 3, 3), [1, 1], [1, 1], [1, 1], [1, 1])  # in 4 groups of 2
    up = ops.convolution_backprop_data(group, random(8, 5, 2, 2), [2, 2])  # (5, 16, 24)
    tokens = ops.reshape(up, ops.constant(np.array([0, 5, 16 * 24])), True)  # (1, 5, 384)
    wide = ops.matmul(tokens, random(10, 384), False, True)  # (1, 5, 10)
    turned = ops.matmul(wide, random(5, 7), True, False)  # (1, 10, 7)
    attended = ops.scaled_dot_product_attention(turned, random(1, 6, 7), random(1, 6, 4))  # (1, 10, 4)
    path = tmp_path / "a.xml"
    openvino.save_model(openvino.Model([ops.relu(attended)], [x]), path)
    wanted = 2 * (
        (8 * 8 * 12) * (3 * 9)  # each value of the output is a sum over channels and the window
        + (8 * 8 * 12) * (2 * 9)
        + (8 * 8 * 12) * (5 * 4)  # each value of the input goes to so many
        + (5 * 10) * 384
        + (10 * 7) * 5
        + (10 * 6) * 7
        + (10 * 4) * 6
    )
    assert of_file(path, (16, 24)) == wanted


def test_operations_that_stay_unknown(tmp_path):
    """How many rows come out depends on the picture's values."""
    from openvino import opset13 as ops

    x = openvino.opset13.parameter([-1, 3, -1, -1], np.float32)
    rows = ops.transpose(ops.non_zero(x), ops.constant(np.array([1, 0])))
    net = ops.matmul(ops.convert(rows, "f32"), ops.constant(np.ones((4, 2), np.float32)), False, False)
    openvino.save_model(openvino.Model([net], [x]), tmp_path / "a.xml")
    assert of_file(tmp_path / "a.xml", (16, 24)) is None


def test_operations_of_torch_and_of_the_file_are_the_same():
    pytest.importorskip("torch")
    nano = find("nano")
    assert operations(nano, (64, 96)) == operations(Weights("nano", nano.card, torch=nano.torch), (64, 96)) > 1e6


def test_operations_of_a_vit_in_closed_form():
    torch = pytest.importorskip("torch")
    from fathom.bench.speed.operations import of_module
    from fathom.nets import build

    with torch.device("meta"):
        encoder = build("vits").encoder
    width, layers, tokens = 384, 12, 4 * 6 + 1
    dense = 2 * tokens * width * width * (3 + 1 + 4 + 4)  # qkv, projection, and the two layers four times as wide
    attention = 2 * 2 * tokens * tokens * width
    patches = 2 * (tokens - 1) * width * 3 * 14 * 14
    stretching = 2 * width * (4 * 37 * 37 + 4 * 6 * 37)  # the position embedding of 37 x 37 patches, rows and columns
    assert of_module(encoder, (56, 84)) == layers * (dense + attention) + patches + stretching


@pytest.mark.parametrize(
    "name, flops",
    [
        ("NVIDIA H100 80GB HBM3", 989.4),
        ("NVIDIA H100 PCIe", 756.0),
        ("NVIDIA H200", 989.4),
        ("NVIDIA A100-SXM4-80GB", 312.0),
        ("NVIDIA L4", 121.0),
        ("NVIDIA L40S", 362.0),
        ("NVIDIA GeForce RTX 4090", 165.2),
        ("NVIDIA L40", None),
        ("NVIDIA GH200 480GB", None),
        ("NVIDIA GeForce RTX 4090 Laptop GPU", None),
    ],
)
def test_the_peak_of_a_gpu(name, flops):
    assert (data_sheet(name) or {}).get("16") == flops


def test_the_peak_of_a_cpu_is_measured():
    peak = peak_of("cpu", "float32")
    assert 1e8 < peak.flops < 1e15 and "float32 product of 1024 x 1024 matrices" in peak.source


class Fake:
    """A network of a known answer, and what it was given."""

    batch = 1

    def __init__(self, factor: float = 1, about: str = "nothing on cpu, float32"):
        self.factor, self.about, self.seen = factor, about, []

    def __call__(self, x):
        self.seen.append(x.shape)
        return self.factor * (x.mean(axis=1) + np.linspace(0, 1, x.shape[2])[:, None]).astype(np.float32)

    def whole(self, rgb):
        self.seen.append(rgb.shape)


def test_everything_is_measured_on_the_same_input(monkeypatch):
    monkeypatch.setattr(measuring, "peak_of", lambda *asked: Peak(1e12, f"{asked}"))
    ours, theirs, rounds = Fake(), Fake(1.5), []
    model = Model("fake", Card("lite0", "relative", 64), ours)
    rgb = picture(80, 120)
    speed = measure(model, find("nano"), rgb, START, [1, 3], 2, {"theirs": theirs}, lambda: rounds.append(1))
    assert speed.input == (64, 96) and speed.picture == (80, 120)
    turn = [(1, 3, 64, 96), (1, 3, 64, 96), (1, 3, 64, 96), (3, 3, 64, 96)]  # network, whole, batches
    assert ours.seen == [turn[0]] + turn * (WARM_UP + 2)
    turn[1] = (80, 120, 3)
    assert theirs.seen == [turn[0]] + turn * (WARM_UP + 2)
    assert len(rounds) == WARM_UP + 2
    first = Fake()(np.zeros((1, 3, 64, 96), np.float32))
    assert speed.apart["theirs"] > 0 and measuring.difference(first, 1.5 * first) == pytest.approx(0.5)
    assert speed.peak == Peak(1e12, "('cpu', 'float32')")
    record = json.loads(json.dumps(speed.record()))
    assert set(record) == {
        "model", "runtime", "machine", "picture", "input", "start", "network", "whole", "batches", "operations",
        "peak", "share_of_peak", "times_as_fast_as", "largest_difference",
    }  # fmt: skip
    assert record["network"]["fathom"]["rounds"] == 2 and set(record["batches"]["theirs"]) == {"1", "3"}
    assert record["start"]["total"] == 1 and list(record["times_as_fast_as"]) == ["theirs"]


@pytest.mark.parametrize(
    "about, wanted",
    [
        ("OpenVINO 2026.4 on cpu, bfloat16", ("cpu", "bfloat16")),
        ("torch 2.9.0+cu130 on cuda, float16, compiled", ("cuda", "float16")),
        ("ONNX Runtime on cuda, precision of the file", ("cuda", "float32")),
    ],
)
def test_where_and_how_precisely(about, wanted):
    assert place(Model("fake", Card("lite0", "relative", 64), Fake(about=about))) == wanted


def test_the_command(tmp_path, capsys):
    Image.fromarray(picture(60, 80)).save(tmp_path / "a.png")
    arguments = ["speed", "--picture", str(tmp_path / "a.png"), "--size", "32", "--rounds", "2", "--batches", "2"]
    assert main([*arguments, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["model"], found["picture"], found["input"]) == ("nano", [60, 80], [32, 32])
    assert 0 < found["network"]["fathom"]["p50"] <= found["network"]["fathom"]["p90"]
    assert found["start"]["load"] > 0 and found["start"]["megabytes"] > 20
    assert found["operations"] > 1e6 and 0 < found["share_of_peak"] < 5


@pytest.mark.parametrize(
    "arguments, code, words",
    [
        (["-m", "nanno"], 2, "did you mean nano?"),
        (["-m", "gone.safetensors"], 1, "no such checkpoint"),
        (["--batches", "1,0"], 2, "whole numbers from 1 up"),
        (["--batches", "-1"], 2, "whole numbers from 1 up"),
        (["--batches", "1,many"], 2, "whole numbers from 1 up"),
        (["--batches", ""], 2, "whole numbers from 1 up"),
        (["--rounds", "0"], 2, "at least once"),
        (["--against", "timm"], 2, "there are transformers"),
        (["--size", "0"], 2, "size"),
        (["--picture", "gone.jpg"], 1, "gone.jpg"),
    ],
)
def test_wrong_usage(arguments, code, words, capsys):
    assert main(["speed", *arguments]) == code
    assert words in capsys.readouterr().err


def test_a_new_process_that_fails():
    with pytest.raises(ValueError, match=r"new process could not load the model .*nanno"):
        start(picture(8, 8), {"name": "nanno"})


def test_what_transformers_cannot_run(monkeypatch):
    pytest.importorskip("transformers")
    from fathom.bench.speed.peer import check

    with pytest.raises(UsageError, match="only ViTs"):
        check(find("nano"))
    with pytest.raises(UsageError, match=r"a\.xml: transformers takes"):
        check(Weights("small", VITS, openvino=Path("a.xml")))
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(ImportError, match="pip install transformers"):
        check(Weights("small", VITS, torch=Path("a.safetensors")))


def test_the_same_weights_in_transformers(tmp_path):
    """Maps are the same but for the position embedding, which is stretched in another way: here there is none."""
    torch = pytest.importorskip("torch")
    pytest.importorskip("transformers")
    from fathom.bench.speed.peer import Peer
    from fathom.nets import build
    from fathom.zoo.checkpoint import save_checkpoint

    torch.manual_seed(0)
    for max_depth in (None, 20.0):
        net = build("vits", max_depth).eval()
        net.encoder.pos_embed.data.zero_()
        torch.nn.init.normal_(net.encoder.cls_token)
        card = Card("vits", "relative" if max_depth is None else "metric", 56, max_depth)
        save_checkpoint(tmp_path / "a.safetensors", net, card)
        peer = Peer(Weights("a", card, torch=tmp_path / "a.safetensors"), "cpu", "float32", 56)
        x = torch.randn(2, 3, 56, 84)
        with torch.inference_mode():
            ours = net(x).numpy()
        np.testing.assert_allclose(peer(x.numpy()), ours, rtol=1e-4, atol=1e-5)
    assert peer.whole(picture(90, 120)).shape == (90, 120)


@pytest.mark.parametrize("architecture", ["vits", "vitg", "vitl-v1"])
def test_no_weight_is_lost_on_the_way_to_transformers(architecture):
    """And back again: every tensor is where it was. (Numbers instead of tensors where those would be large.)"""
    torch = pytest.importorskip("torch")
    pytest.importorskip("transformers")
    from fathom.bench.speed.peer import network
    from fathom.nets import build
    from fathom.zoo.layouts import to_fathom

    with torch.device("meta" if architecture != "vits" else "cpu"):
        net = build(architecture)
    state, back = net.state_dict(), to_fathom(network(net, architecture).state_dict())
    assert back.keys() == state.keys()
    for name, tensor in state.items():
        assert back[name].shape == tensor.shape
        assert tensor.is_meta or torch.equal(back[name], tensor)
