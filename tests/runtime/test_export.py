import numpy as np
import pytest

import fathom
from fathom.errors import UsageError

torch = pytest.importorskip("torch")

from fathom.nets import build  # noqa: E402
from fathom.runtime import export as module  # noqa: E402
from fathom.runtime.export import Check, export  # noqa: E402
from fathom.zoo.cards import read_card  # noqa: E402
from fathom.zoo.checkpoint import Card, save_checkpoint  # noqa: E402

CARD = Card("lite0", "metric", 64, max_depth=20, licence="Apache-2.0", origin={"made by": "a test", "steps": 3})


@pytest.fixture(scope="module")
def net():
    torch.manual_seed(0)
    return build("lite0", max_depth=20)


@pytest.mark.parametrize("name", ["a.xml", "a.safetensors"])  # .onnx: tests/runtime/test_vit_runtimes.py
def test_an_exported_file_loads_by_its_path_and_predicts_the_same(name, net, tmp_path):
    path = tmp_path / "sub" / name
    check = export(net, CARD, path)
    assert check.passed and check.pictures >= 4
    assert read_card(path) == CARD
    save_checkpoint(tmp_path / "source.safetensors", net, CARD)
    picture = np.random.default_rng(0).integers(0, 256, (90, 150, 3), np.uint8)
    wanted = fathom.load(tmp_path / "source.safetensors", device="cpu", precision="float32")(picture)
    depth = fathom.load(path, device="cpu", precision="float32")(picture)
    assert depth.kind == "metric" and depth.model == "a"
    assert np.abs(depth.values - wanted.values).max() < 0.02 * np.ptp(wanted.values)
    left = {p.name for p in path.parent.iterdir()}
    assert left == ({"a.xml", "a.bin"} if name == "a.xml" else {name})


def test_a_file_that_computes_something_else_is_not_written(net, tmp_path, monkeypatch):
    def wrong(net, card, path):
        with torch.no_grad():
            net.head.out.weight *= -1
        save_checkpoint(path, net, card)
        with torch.no_grad():
            net.head.out.weight *= -1

    monkeypatch.setattr(module, "_write_safetensors", wrong)
    with pytest.raises(ValueError, match="not written"):
        export(net, CARD, tmp_path / "a.safetensors")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("on_photos", "on_blots", "written"), [(0.0, 0.014, True), (0.014, 0.0, False), (0.0, 0.05, False)]
)
def test_photos_are_held_to_more_than_blots(net, tmp_path, monkeypatch, on_photos, on_blots, written):
    """Blots are there for what photos do not show: a file that goes wrong with several pictures at once."""

    def compare(net, path, batches):
        blots = len(batches[0]) > 1
        return Check(1, largest=0.0, mean=on_blots if blots else on_photos)

    monkeypatch.setattr(module, "compare", compare)
    if written:
        assert export(net, CARD, tmp_path / "a.safetensors").mean == on_photos
    else:
        with pytest.raises(ValueError, match="not written"):
            export(net, CARD, tmp_path / "a.safetensors")
    assert bool(list(tmp_path.iterdir())) == written


def test_another_ending_is_refused(net, tmp_path):
    with pytest.raises(UsageError, match=r"\.xml, \.onnx, \.safetensors"):
        export(net, CARD, tmp_path / "a.trt")


def test_the_network_is_left_as_it_was(net, tmp_path):
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    export(net.train(), CARD, tmp_path / "a.safetensors")
    assert net.training
    assert all(torch.equal(tensor, before[name]) for name, tensor in net.state_dict().items())
