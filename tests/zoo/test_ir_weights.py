import numpy as np
import openvino
import pytest
import torch

from fathom.nets import build
from fathom.runtime.convert import to_openvino
from fathom.runtime.export import export
from fathom.zoo import find
from fathom.zoo.cards import Card
from fathom.zoo.checkpoint import load_net
from fathom.zoo.ir_weights import name_parameters

CARD = Card("lite0", "relative", 64)


@pytest.fixture
def net():
    torch.manual_seed(0)
    net = build("lite0").eval()
    for parameter in net.parameters():  # of a new network some are 0 or 1, which a graph does without
        parameter.data.add_(0.01 * torch.randn_like(parameter))
    return net


def test_what_is_exported_is_read_back(net, tmp_path):
    with torch.no_grad():
        net.encoder.stages[0][0].project.bias.copy_(net.encoder.stages[2][0].expand.bias[:16])
        net.encoder.stages[1][0].project.bias.copy_(net.encoder.stages[1][1].project.bias)  # two that are equal
    export(net, CARD, tmp_path / "net.xml")
    read = load_net(tmp_path / "net.xml", CARD).state_dict()
    assert list(read) == list(net.state_dict())
    for name, written in net.state_dict().items():
        assert read[name].dtype == torch.float32
        torch.testing.assert_close(read[name], written, rtol=2**-11, atol=1e-7)  # it is stored in 16 bits


def test_a_file_without_names_is_refused(net, tmp_path):
    model = to_openvino(net, CARD)
    name_parameters(model, net.state_dict())
    for node in model.get_ops():
        if node.get_friendly_name() == "head.at_half.weight":
            node.set_friendly_name("something else")
    openvino.save_model(model, tmp_path / "net.xml")
    with pytest.raises(ValueError, match=r"net\.xml: 1 of 150 parameters are not in it by name"):
        load_net(tmp_path / "net.xml", CARD)


def test_a_damaged_file_is_refused(tmp_path):
    (tmp_path / "net.xml").write_text("<net>")
    (tmp_path / "net.bin").touch()
    with pytest.raises(ValueError, match=r"net\.xml: OpenVINO cannot load it"):
        load_net(tmp_path / "net.xml", CARD)


def test_the_bundled_network_is_the_same_for_torch():
    weights = find("nano")
    net = load_net(weights.torch, weights.card)
    x = np.random.default_rng(0).normal(size=(1, 3, 64, 96)).astype(np.float32)
    compiled = openvino.Core().compile_model(weights.openvino, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    with torch.inference_mode():
        torch.testing.assert_close(net(torch.from_numpy(x)), torch.from_numpy(compiled(x)[0]), rtol=1e-3, atol=1e-3)
