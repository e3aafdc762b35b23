import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("nncf")

from fathom.errors import UsageError  # noqa: E402
from fathom.nets import build  # noqa: E402
from fathom.runtime import export as module  # noqa: E402
from fathom.runtime.export import PICTURES, Check, example_batches, export  # noqa: E402
from fathom.runtime.openvino import OpenVINORuntime, openvino  # noqa: E402
from fathom.zoo.cards import Card, read_card  # noqa: E402

CARD = Card("lite0", "metric", 64, max_depth=20)
PHOTOS = sorted(PICTURES.glob("*.jpg"))


@pytest.fixture(scope="module")
def net():
    torch.manual_seed(0)
    return build("lite0", max_depth=20).eval()


def test_in_eight_bits_the_maps_are_about_the_same(net, tmp_path):
    path = tmp_path / "net.xml"
    assert export(net, CARD, path, PHOTOS).passed and read_card(path) == CARD
    weights = [op for op in openvino.Core().read_model(path).get_ops() if op.get_element_type() == openvino.Type.i8]
    assert len(weights) > 50  # one for each convolution but a few
    runtime = OpenVINORuntime(path, keep=False)
    for x in example_batches(net, CARD.size)[0]:
        with torch.inference_mode():
            wanted = net(torch.from_numpy(x)).numpy()
        assert 0 < np.abs(runtime(x) - wanted).mean() < 0.03 * np.ptp(wanted)


def test_what_eight_bits_spoil_is_refused_and_said(net, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_write_int8", lambda net, card, path, photos: path.write_text("a network"))
    monkeypatch.setattr(module, "compare", lambda *_: Check(4, largest=0.2, mean=0.05))
    with pytest.raises(ValueError, match="take more photos for the 8 bits, 3 are few"):
        export(net, CARD, tmp_path / "net.xml", PHOTOS)
    assert not list(tmp_path.iterdir())


def test_eight_bits_are_for_openvino(net, tmp_path):
    with pytest.raises(UsageError, match=r"8 bits are for \.xml"):
        export(net, CARD, tmp_path / "net.onnx", PHOTOS)
