"""Layouts of weights against the networks whose layouts they are.

That the official names are the right ones is shown in `nets/test_golden.py`, whose weights hang on their names.
"""

import pytest
import torch

from fathom.nets import build
from fathom.nets.depth_net import DepthNet
from fathom.nets.dinov2 import MEAN, PATCH, STD, VARIANTS, DINOv2
from fathom.nets.dpt import DPTHead, Reassemble
from fathom.zoo.layouts import (
    encoder_from_dinov2,
    load_weights,
    recognise,
    to_fathom,
    to_official,
)

WIDTH, DEPTH, HEADS, CHANNELS, FEATURES = 24, 4, 2, (4, 6, 8, 10), 8
UNUSED = [f"depth_head.scratch.refinenet4.resConfUnit1.conv{i}.{p}" for i in (1, 2) for p in ("weight", "bias")]


def tiny(swiglu=False, max_depth=None):
    head = DPTHead(CHANNELS, FEATURES, reassemble=Reassemble(WIDTH, CHANNELS))
    return DepthNet(DINOv2(WIDTH, DEPTH, HEADS, range(4), swiglu), head, MEAN, STD, PATCH, max_depth).eval()


def transformers_twin(swiglu, max_depth):
    transformers = pytest.importorskip("transformers")
    backbone = transformers.Dinov2Config(
        hidden_size=WIDTH,
        num_hidden_layers=DEPTH,
        num_attention_heads=HEADS,
        image_size=518,
        use_swiglu_ffn=swiglu,
        out_indices=[1, 2, 3, 4],
        reshape_hidden_states=False,
    )
    config = transformers.DepthAnythingConfig(
        backbone_config=backbone,
        reassemble_hidden_size=WIDTH,
        neck_hidden_sizes=list(CHANNELS),
        fusion_hidden_size=FEATURES,
        depth_estimation_type="relative" if max_depth is None else "metric",
        max_depth=1 if max_depth is None else max_depth,
    )
    torch.manual_seed(0)
    net = transformers.DepthAnythingForDepthEstimation(config).eval()
    with torch.no_grad():
        for parameter in net.parameters():
            fan_in = parameter[0].numel() if parameter.dim() > 1 else 100
            parameter.add_(torch.randn_like(parameter) / fan_in**0.5)
        net.head.conv3.bias.fill_(1.0)  # above the ReLU
    return net


def value_and_gradient(net, x):
    x = x.clone().requires_grad_()
    y = net(x)
    y = getattr(y, "predicted_depth", y)
    weights = torch.linspace(-1, 1, y.numel()).view(y.shape)
    return y.detach(), torch.autograd.grad((weights * y).sum(), x)[0]


@pytest.mark.parametrize("swiglu, max_depth", [(False, None), (True, 20)])
def test_networks_equal_those_of_transformers(tmp_path, swiglu, max_depth):
    """Values and input gradients at 518x518, where the position embeddings of both agree, through every layout."""
    theirs = transformers_twin(swiglu, max_depth)
    theirs.save_pretrained(tmp_path)  # writes the older names of the hub's files
    older = pytest.importorskip("safetensors.torch").load_file(tmp_path / "model.safetensors")
    newer = theirs.state_dict()  # has the newer ones from transformers 5 on
    assert any("attention.attention.query" in name for name in older)
    assert recognise(older) == recognise(newer) == "transformers"

    translated = to_fathom(older)
    for state in (newer, to_official(older), translated):
        again = to_fathom(state)
        assert again.keys() == translated.keys()
        assert all(torch.equal(again[name], translated[name]) for name in again)

    ours = tiny(swiglu, max_depth)
    load_weights(ours, older)
    # In float64: a ReLU that rounding flips would spoil the gradient at its place.
    x = torch.randn(1, 3, 518, 518, dtype=torch.float64)
    wanted, wanted_gradient = value_and_gradient(theirs.double(), x)
    found, found_gradient = value_and_gradient(ours.double(), x)
    assert wanted.std() > 0.1 and (wanted > 0).double().mean() > 0.5
    assert (found - wanted).abs().max() < 1e-9
    assert (found_gradient - wanted_gradient).abs().max() < 1e-9 * wanted_gradient.abs().max()


def test_official_layout_there_and_back():
    state = tiny().state_dict()
    official = to_official(state)
    assert recognise(official) == "official" and recognise(state) == "fathom"
    for name in ["pretrained.mask_token", *UNUSED]:
        assert not official.pop(name).any()
    assert official["pretrained.blocks.3.ls2.gamma"] is state["encoder.blocks.3.ls2.gamma"]
    back = to_fathom(official)  # without the unused ones, as with them
    assert back.keys() == state.keys() and all(back[name] is state[name] for name in state)


@pytest.mark.parametrize("architecture, millions", [("vits", 24.8), ("vitb", 97.5), ("vitl", 335.3)])
def test_official_layout_has_the_published_number_of_parameters(architecture, millions):
    with torch.device("meta"):
        official = to_official(build(architecture).state_dict())
    assert sum(tensor.numel() for tensor in official.values()) == pytest.approx(1e6 * millions, abs=5e4)


def test_giant_is_read_too():
    with torch.device("meta"):
        net = build("vitg")
        official = to_official(net.state_dict())
    assert to_fathom(official).keys() == net.state_dict().keys()
    assert len(net.encoder.blocks) == VARIANTS["vitg"].depth


def test_prefix_of_parallel_training_is_ignored():
    state = tiny().state_dict()
    wrapped = {f"module.{name}": tensor for name, tensor in to_official(state).items()}
    assert recognise(wrapped) == "official"
    assert to_fathom(wrapped).keys() == state.keys()


def test_dinov2_backbone_becomes_the_encoder():
    net = tiny()
    backbone = {**net.encoder.state_dict(), "mask_token": torch.zeros(1, WIDTH)}
    assert recognise(backbone) == "dinov2"
    tiny().encoder.load_state_dict(encoder_from_dinov2(backbone))
    with pytest.raises(ValueError, match="register tokens"):
        encoder_from_dinov2({**backbone, "register_tokens": torch.zeros(1, 4, WIDTH)})
    with pytest.raises(ValueError, match="not the weights of a DINOv2"):
        encoder_from_dinov2(net.state_dict())
    with pytest.raises(ValueError, match="backbone alone"):
        to_fathom(backbone)


def test_what_does_not_fit_is_named():
    net = tiny()
    official = to_official(net.state_dict())
    with pytest.raises(ValueError, match=r"no known layout.*fc\.weight"):
        recognise(["conv.weight", "fc.weight"])
    with pytest.raises(ValueError, match=r"unexpected.*depth_head\.extra"):
        to_fathom({**official, "depth_head.extra": torch.zeros(1)})
    short = {name: tensor for name, tensor in official.items() if name != "pretrained.norm.bias"}
    with pytest.raises(ValueError, match=r"missing: encoder\.norm\.bias\)"):
        load_weights(net, short)
    with pytest.raises(ValueError, match=r"of another shape: encoder\.norm\.bias\)"):
        load_weights(net, {**official, "pretrained.norm.bias": torch.zeros(3)})
    deeper = {**net.state_dict(), "encoder.blocks.4.norm1.bias": torch.zeros(WIDTH)}
    with pytest.raises(ValueError, match=r"unexpected: encoder\.blocks\.4\.norm1\.bias\)"):
        load_weights(net, deeper)


def test_query_without_key_is_said():
    state = {"neck.convs.0.weight": torch.zeros(1), "backbone.encoder.layer.0.attention.q_proj.bias": torch.zeros(1)}
    with pytest.raises(ValueError, match=r"missing.*k_proj\.bias"):
        to_fathom(state)


def test_other_encoders_have_no_official_layout():
    lite = build("lite0").state_dict()
    assert recognise(lite) == "fathom" and to_fathom(lite).keys() == lite.keys()
    with pytest.raises(ValueError, match="ViT"):
        to_official(lite)
