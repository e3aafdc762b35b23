"""What a stage makes the network minimise."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor, nn

from fathom.nets import DepthNet
from fathom.recipe.losses import affine_invariant_losses, feature_alignment_loss, in_regions, silog_loss
from fathom.recipe.stages import Metric, Relative, Stage, Student

NEAREST = 1e-3  # metres: nearer than that, nothing is seen


class Learner(nn.Module):
    """A network as it is trained: uint8 RGB (N, 3, h, w) -> its map (N, h, w), and the encoder's last features."""

    def __init__(self, net: DepthNet):
        super().__init__()
        self.net = net

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        x = self.net.normalise(pictures).contiguous(memory_format=torch.channels_last)
        features = self.net.encoder(x)
        return self.net.activate(self.net.head(features, x.shape[-2:])).squeeze(1), features[-1]


def gm_weight(step: int, stage: Relative) -> float:
    """The weight of L_gm at a step: a linear rise to what the stage says."""
    return stage.gm_weight * min(1.0, (step + 1) / max(1.0, stage.gm_rise * stage.steps))


def losses(
    stage: Stage,
    step: int,
    outputs: tuple[Tensor, Tensor],
    disparity: Tensor,
    valid: Tensor,
    region: Tensor | None = None,
    reference: Tensor | None = None,
) -> dict[str, Tensor]:
    """The stage's loss of a batch at a step, whole ("loss") and by its terms; each is the mean over the pictures.

    Args:
        outputs: of `Learner`.
        disparity, valid: (N, h, w), of the batch.
        region: bool (N, h, w), what CutMix pasted in.
        reference: the frozen encoder's last features, to align with.
    """
    d, features = outputs
    if isinstance(stage, Metric):
        near, far = 1 / NEAREST, 1 / stage.max_depth
        known = valid & (disparity >= far) & (disparity <= near)
        target = 1 / torch.where(known, disparity, 1.0)
        loss = silog_loss(d, target, known).mean()
        return {"loss": loss, "silog": loss}
    assert isinstance(stage, Relative)
    drop = stage.drop if isinstance(stage, Student) else 0.0
    weights = {"ssi": 1.0, "gm": gm_weight(step, stage)}
    weights |= {name: w for name, w in (("corr", stage.correlation_weight), ("local", stage.local_weight)) if w > 0}
    relative = partial(affine_invariant_losses, drop=drop, correlation="corr" in weights, local="local" in weights)
    each = in_regions(relative, d, disparity, valid, region)  # (len(weights), N)
    terms = dict(zip(weights, each.mean(1), strict=True))
    loss = sum((weights[name] * term for name, term in terms.items()), torch.zeros_like(terms["ssi"]))
    if reference is not None and isinstance(stage, Student):
        terms["align"] = feature_alignment_loss(features, reference, stage.align_margin).mean()
        loss = loss + stage.align_weight * terms["align"]
    return {"loss": loss, **terms}
