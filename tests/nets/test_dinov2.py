"""The encoder's parts against the slow and obvious way, and its assembly with the head."""

import math

import pytest
import torch
import torch.nn.functional as F

from fathom.nets import build, pretrained_encoder
from fathom.nets.depth_net import DepthNet
from fathom.nets.dinov2 import GRID, MEAN, PATCH, STD, Attention, DINOv2, SwiGLU, interpolate_pos_embed
from fathom.nets.dpt import DPTHead, Reassemble


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(0)


def shaken(module):
    """The module with every parameter moved, so that none is without effect."""
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    return module


def tiny(swiglu=False):
    channels = (4, 6, 8, 10)
    encoder = DINOv2(embed_dim=24, depth=5, num_heads=2, taps=(0, 1, 3, 4), swiglu=swiglu)
    net = shaken(DepthNet(encoder, DPTHead(channels, 8, reassemble=Reassemble(24, channels)), MEAN, STD, PATCH))
    torch.nn.init.constant_(net.head.out.bias, 1.0)  # above the ReLU
    return net


def test_attention_is_the_softmax_written_out():
    attention = Attention(embed_dim=12, num_heads=3).double()
    x = torch.randn(2, 7, 12, dtype=torch.float64)
    heads = []
    for head in range(3):
        of_head = slice(4 * head, 4 * head + 4)
        q, k, v = (
            F.linear(x, w[of_head], b[of_head])
            for w, b in zip(attention.qkv.weight.chunk(3), attention.qkv.bias.chunk(3), strict=True)
        )
        logits = q @ k.transpose(1, 2) / math.sqrt(4)  # (N, T, T)
        heads.append(logits.softmax(-1) @ v)
    assert torch.allclose(attention(x), attention.proj(torch.cat(heads, -1)), atol=1e-12)


def test_swiglu_is_its_formula():
    ffn = SwiGLU(9)  # 4 * 9 * 2 / 3 = 24 hidden channels
    assert ffn.w12.weight.shape == (48, 9) and ffn.w3.weight.shape == (9, 24)
    x = torch.randn(5, 9)
    w1, w2 = ffn.w12.weight.chunk(2)
    b1, b2 = ffn.w12.bias.chunk(2)
    gate = x @ w1.T + b1
    assert torch.allclose(ffn(x), ffn.w3(gate * torch.sigmoid(gate) * (x @ w2.T + b2)), atol=1e-6)


def test_swiglu_of_the_giant_has_the_published_shapes():
    with torch.device("meta"):
        ffn = SwiGLU(1536)
    assert ffn.w12.weight.shape == (8192, 1536) and ffn.w3.weight.shape == (1536, 4096)


def test_position_embedding_is_untouched_at_the_size_of_training():
    grid = torch.randn(GRID, GRID, 3)
    assert torch.equal(interpolate_pos_embed(grid, GRID, GRID), grid)


@pytest.mark.parametrize("h, w", [(10, 19), (37, 50), (64, 37), (1, 2)])
def test_position_embedding_is_torchs_bicubic_at_dinov2s_scale(h, w):
    grid = torch.randn(GRID, GRID, 3, requires_grad=True)
    scales = ((h + 0.1) / GRID, (w + 0.1) / GRID)
    wanted = F.interpolate(grid.permute(2, 0, 1)[None], scale_factor=scales, mode="bicubic")[0].permute(1, 2, 0)
    found = interpolate_pos_embed(grid, h, w)
    assert found.shape == (h, w, 3)
    assert torch.allclose(found, wanted, atol=1e-4)
    weights = torch.randn(h, w, 3)
    ours, theirs = (torch.autograd.grad((y * weights).sum(), grid)[0] for y in (found, wanted))
    assert torch.allclose(ours, theirs, atol=1e-3)


def test_features_are_the_normed_patches_after_each_layer():
    encoder = tiny().encoder
    x = torch.randn(2, 3, 28, 42)
    tokens = encoder.patch_embed(x).flatten(2).transpose(1, 2)  # (N, 6, C)
    grid = interpolate_pos_embed(encoder.pos_embed[0, 1:].view(GRID, GRID, -1), 2, 3)
    cls_token = encoder.cls_token + encoder.pos_embed[:, :1]
    tokens = torch.cat((cls_token.expand(2, 1, -1), tokens + grid.view(1, 6, -1)), 1)
    wanted = []
    for block in encoder.blocks:
        tokens = block(tokens)
        wanted.append(encoder.norm(tokens)[:, 1:].transpose(1, 2).reshape(2, 24, 2, 3))
    for layers in ([0], [4, 1], range(5)):
        found = encoder(x, layers)
        assert len(found) == len(layers)
        for layer, y in zip(layers, found, strict=True):
            assert torch.allclose(y, wanted[layer], atol=1e-5)
    assert len(encoder(x)) == 4  # its taps


@pytest.mark.parametrize("swiglu", [False, True])
def test_checkpointing_changes_nothing_but_memory(swiglu):
    net = tiny(swiglu)
    x = torch.randn(2, 3, 28, 42)

    def run():
        net.zero_grad()
        y = net(x)
        y.square().sum().backward()
        return y.detach(), [parameter.grad.clone() for parameter in net.parameters()]

    y, gradients = run()
    net.encoder.checkpointing = True
    calls = []
    handle = net.encoder.blocks[2].register_forward_pre_hook(lambda *_: calls.append(1))
    y_again, gradients_again = run()
    handle.remove()
    assert len(calls) == 2  # forward, and once more for the gradient
    assert y.max() > 0 and torch.equal(y, y_again)
    assert all(torch.allclose(a, b, atol=1e-6) for a, b in zip(gradients, gradients_again, strict=True))


def test_gradients_reach_every_weight():
    net = tiny(swiglu=True)
    net(torch.randn(1, 3, 28, 42)).sum().backward()
    assert [name for name, p in net.named_parameters() if p.grad is None] == []


def test_reassemble_makes_a_pyramid():
    taps = [torch.randn(2, 24, 5, 7) for _ in range(4)]
    shapes = [tuple(y.shape) for y in Reassemble(24, (4, 6, 8, 10))(taps)]
    assert shapes == [(2, 4, 20, 28), (2, 6, 10, 14), (2, 8, 5, 7), (2, 10, 3, 4)]


def test_an_exported_graph_is_right_for_every_size():
    net = tiny().eval()
    auto = torch.export.Dim.AUTO
    exported = torch.export.export(net, (torch.randn(2, 3, 56, 84),), dynamic_shapes={"x": {0: auto, 2: auto, 3: auto}})
    for size in ((1, 3, 42, 98), (1, 3, 518, 518), (3, 3, 518, 56)):
        x = torch.randn(size)
        with torch.no_grad():
            assert torch.allclose(exported.module()(x), net(x), atol=1e-5)


def test_wrong_sizes_and_layers_are_said():
    encoder = tiny().encoder
    with pytest.raises(ValueError, match=r"28x41.*multiples of 14"):
        encoder(torch.randn(1, 3, 28, 41))
    with pytest.raises(ValueError, match=r"\[2, 5\].*has 5"):
        encoder(torch.randn(1, 3, 28, 28), layers=[2, 5])


def test_v1_taps_the_last_four_layers():
    v1, v2 = build("vits-v1").eval(), build("vits").eval()
    v1.load_state_dict(v2.state_dict())
    x = torch.randn(1, 3, 28, 42)
    with torch.no_grad():
        features = v2.encoder(x, layers=(8, 9, 10, 11))
        assert torch.equal(v1(x), v2.activate(v2.head(features, x.shape[-2:])).squeeze(1))


def test_where_the_backbones_weights_come_from_is_said():
    for architecture in ("vits", "vits-v1"):
        with pytest.raises(ValueError, match=r"dinov2_vits14_pretrain\.pth"):
            pretrained_encoder(architecture)
