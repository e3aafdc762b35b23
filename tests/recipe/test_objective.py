"""The terms of a stage's loss, and that they add up."""

from pathlib import Path

import pytest
import torch

from fathom.recipe.losses import affine_invariant_losses
from fathom.recipe.objective import losses
from fathom.recipe.stages import Student, Teacher


@pytest.mark.parametrize("kind", [Teacher, Student])
@pytest.mark.parametrize(("weight", "local_weight"), [(0.0, 0.0), (3.0, 0.0), (0.0, 0.5), (3.0, 0.5)])
def test_terms_add_up_by_their_weights(kind, weight, local_weight):
    generator = torch.Generator().manual_seed(0)
    d, disparity, features = (torch.rand(2, 16, 20, generator=generator) for _ in range(3))
    stage = kind(Path("run"), gm_weight=0.5, gm_rise=0.0, correlation_weight=weight, local_weight=local_weight)
    terms = losses(stage, 0, (d, features), disparity, disparity > 0.1)
    drop = stage.drop if kind is Student else 0.0
    each = affine_invariant_losses(d, disparity, disparity > 0.1, drop, correlation=True, local=True)
    ssi, gm, corr, local = each.mean(1)
    assert torch.allclose(terms["loss"], ssi + 0.5 * gm + weight * corr + local_weight * local)
    optional = {"corr": weight, "local": local_weight}
    assert set(terms) == {"loss", "ssi", "gm"} | {name for name, w in optional.items() if w}
