"""The head against the order of operations of the reference, and its shapes."""

import pytest
import torch
import torch.nn.functional as F

from fathom.nets import ARCHITECTURES, build
from fathom.nets.dpt import ChannelNorm, DPTHead, FeatureFusion, resize
from fathom.recipe.losses import affine_invariant_losses


def test_projecting_before_enlarging_is_the_same_map():
    torch.manual_seed(0)
    fusion = FeatureFusion(8, has_skip=True)
    below, level = torch.randn(2, 8, 5, 7), torch.randn(2, 8, 5, 7)
    late = fusion.out(resize(fusion.refine(below + fusion.skip(level)), (10, 13)))
    assert torch.allclose(fusion(below, level, (10, 13)), late, atol=1e-6)


def test_resize_keeps_corners():
    x = torch.randn(1, 2, 5, 7)
    y = resize(x, (13, 29))
    for corner in ((0, 0), (0, -1), (-1, 0), (-1, -1)):
        assert torch.allclose(x[..., corner[0], corner[1]], y[..., corner[0], corner[1]], atol=1e-6)


def test_a_pyramid_of_any_depth_becomes_one_map():
    head = DPTHead([4, 6, 8], features=8, hidden=4)
    pyramid = [torch.randn(2, c, 24 // 2**i, 32 // 2**i) for i, c in enumerate((4, 6, 8))]
    assert head(pyramid, (96, 128)).shape == (2, 1, 96, 128)


def test_the_last_convolution_written_as_a_sum_is_one():
    torch.manual_seed(0)
    head = DPTHead([3, 4], features=8, hidden=4)
    seen = []
    head.at_full.register_forward_hook(lambda module, inputs, output: seen.append(output))
    found = head([torch.randn(2, c, 24 // 2**i, 32 // 2**i) for i, c in enumerate((3, 4))], (48, 64))
    wanted = head.out(F.relu(seen[0]))
    towards = torch.randn_like(wanted)
    assert torch.allclose(found, wanted, atol=1e-6)
    ours, theirs = (
        torch.autograd.grad(y, [seen[0], *head.out.parameters()], towards, retain_graph=True) for y in (found, wanted)
    )
    for one, other in zip(ours, theirs, strict=True):
        assert torch.allclose(one, other, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("architecture", ["lite0", "lite2"])
def test_networks_give_one_map_at_the_input_size(architecture):
    net = build(architecture).eval()
    with torch.no_grad():
        y = net(torch.randn(2, 3, 64, 96))
    assert y.shape == (2, 64, 96) and (y.amin((1, 2)) == 0).all()


def test_what_is_farthest_is_0_without_a_say_in_the_gradient():
    """The loss knows no shift: learning is as if the head's output were the map, wherever its values lie."""
    torch.manual_seed(0)
    net, raw, target = build("lite0"), torch.randn(2, 1, 12, 16) - 3, torch.rand(2, 12, 16)
    known = torch.rand(2, 12, 16) > 0.2

    def gradient(activate):
        x = raw.clone().requires_grad_()
        loss = affine_invariant_losses(activate(x).squeeze(1), target, known).sum()
        return loss.detach(), torch.autograd.grad(loss, x)[0]

    (loss, ours), (plain_loss, plain) = gradient(net.activate), gradient(lambda x: x)
    assert torch.allclose(loss, plain_loss, rtol=1e-5) and torch.allclose(ours, plain, atol=1e-6)
    assert (ours[:, 0][known] != 0).all()


def test_published_networks_end_in_a_relu():
    assert torch.equal(build("vits").activate(torch.tensor([[[[-1.0, 2.0]]]])), torch.tensor([[[[0.0, 2.0]]]]))


def test_a_metric_network_stays_within_its_depth():
    net = build("lite0", max_depth=20.0).eval()
    with torch.no_grad():
        y = net(10 * torch.randn(1, 3, 64, 64))
    assert y.min() >= 0 and y.max() <= 20


def test_a_picture_alone_or_in_a_batch_is_the_same():
    net = build("lite0").eval()
    x = torch.randn(3, 3, 64, 64)
    with torch.no_grad():
        assert torch.allclose(net(x)[1], net(x[1:2])[0], atol=1e-5)


def test_normalise_is_the_formula():
    net = build("lite0")
    x = torch.tensor([0, 127, 255], dtype=torch.uint8).view(1, 1, 1, 3).expand(1, 3, 1, 3)
    assert torch.allclose(net.normalise(x)[0, 0, 0], torch.tensor([-127 / 128, 0, 1.0]), atol=1e-6)


def test_unknown_architecture_is_said():
    with pytest.raises(ValueError, match=", ".join(list(ARCHITECTURES)[:2])):
        build("vit-huge")


def test_gradients_reach_every_weight():
    net = build("lite0")
    F.mse_loss(net(torch.randn(1, 3, 64, 64)), torch.rand(1, 64, 64)).backward()
    assert [name for name, p in net.named_parameters() if p.grad is None] == []


def test_channel_norm_is_torchs_layer_norm():
    torch.manual_seed(0)
    norm, theirs = ChannelNorm(6), torch.nn.LayerNorm(6)
    for parameter in norm.parameters():
        torch.nn.init.normal_(parameter)
    theirs.load_state_dict(norm.state_dict())
    x, towards = torch.randn(2, 6, 3, 4) * 50 + 7, torch.randn(2, 6, 3, 4)

    def value_and_gradients(layer, apply):
        at = x.clone().requires_grad_()
        y = apply(at)
        return [y.detach(), *torch.autograd.grad(y, [at, layer.weight, layer.bias], towards)]

    wanted = value_and_gradients(theirs, lambda x: theirs(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2))
    for ours, other in zip(value_and_gradients(norm, norm), wanted, strict=True):
        assert torch.allclose(ours, other, atol=1e-4)
