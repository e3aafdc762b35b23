"""The losses against twins in plain loops, values and gradients, and what they must not depend on."""

import math
import statistics

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from fathom.recipe.losses import (
    MAX_DEVIATION,
    feature_alignment_loss,
    gradient_matching_loss,
    masked_mean,
    normalise,
    residual,
    ssi_loss,
)


def maps(seed=0, n=2, h=9, w=11, known=0.8):
    generator = torch.Generator().manual_seed(seed)
    d = torch.rand(n, h, w, generator=generator) + 0.1
    target = torch.rand(n, h, w, generator=generator) * 3
    mask = torch.rand(n, h, w, generator=generator) < known
    return d, target, mask


def normalise_by_loops(d, mask):
    """Python numbers of one picture: a dict from pixel to normalised value."""
    known = {(y, x): float(d[y, x]) for y in range(d.shape[0]) for x in range(d.shape[1]) if mask[y, x]}
    t = statistics.median_low(known.values())
    s = sum(abs(v - t) for v in known.values()) / len(known)
    return {at: (v - t) / s for at, v in known.items()}


def residual_by_loops(d, target, mask):
    a, b = normalise_by_loops(d, mask), normalise_by_loops(target, mask)
    return {at: a[at] - max(-MAX_DEVIATION, min(MAX_DEVIATION, b[at])) for at in a}


def ssi_by_loops(r, drop=0.0):
    values = sorted(abs(v) for v in r.values())
    if drop:
        at = (1 - drop) * (len(values) - 1)  # the quantile between two order statistics
        low, high = values[math.floor(at)], values[math.ceil(at)]
        limit = low + (high - low) * (at - math.floor(at))
        values = [v for v in values if v <= limit + 1e-9]
    return sum(values) / len(values)


def gm_by_loops(r, h, w):
    total = 0.0
    for k in range(4):
        step = 2**k
        grid = {(y // step, x // step): v for (y, x), v in r.items() if y % step == 0 and x % step == 0}
        if not grid:
            continue
        differences = [abs(grid[y, x + 1] - v) for (y, x), v in grid.items() if (y, x + 1) in grid]
        differences += [abs(grid[y + 1, x] - v) for (y, x), v in grid.items() if (y + 1, x) in grid]
        total += sum(differences) / len(grid)
    return total


@pytest.mark.parametrize("drop", [0.0, 0.1, 0.5])
def test_losses_equal_their_loops(drop):
    d, target, mask = maps()
    r, m = residual(d, target, mask)
    ssi, gm = ssi_loss(r, m, drop), gradient_matching_loss(r, m)
    for i in range(2):
        loops = residual_by_loops(d[i], target[i], mask[i])
        assert ssi[i].item() == pytest.approx(ssi_by_loops(loops, drop), rel=1e-4)
        assert gm[i].item() == pytest.approx(gm_by_loops(loops, 9, 11), rel=1e-4)


def test_gradients_equal_finite_differences_of_the_loops():
    d, target, mask = maps(n=1, h=5, w=6)
    d.requires_grad_()
    r, m = residual(d, target, mask)
    (ssi_loss(r, m) + 2 * gradient_matching_loss(r, m)).sum().backward()

    def by_loops(values):
        loops = residual_by_loops(values[0], target[0], mask[0])
        return ssi_by_loops(loops) + 2 * gm_by_loops(loops, 5, 6)

    values, eps = d.detach().double(), 1e-6
    for y in range(5):
        for x in range(6):
            up, down = values.clone(), values.clone()
            up[0, y, x] += eps
            down[0, y, x] -= eps
            slope = (by_loops(up) - by_loops(down)) / (2 * eps)
            assert d.grad[0, y, x].item() == pytest.approx(slope, abs=2e-3)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.floats(0.01, 100), st.floats(-10, 10))
def test_scale_and_shift_of_the_prediction_cost_nothing(seed, scale, shift):
    d, target, mask = maps(seed)
    r, m = residual(d.double(), target, mask)
    moved, _ = residual(d.double() * scale + shift, target, mask)
    assert torch.allclose(r, moved, atol=2e-3)
    exact, m = residual(scale * target + shift, target, mask)
    inside = normalise(target, mask).abs() < MAX_DEVIATION
    assert exact[m & inside].abs().max() < 2e-3


def test_unknown_pixels_do_not_matter():
    d, target, mask = maps()
    d2, target2 = d.clone(), target.clone()
    d2[~mask], target2[~mask] = 1e6, float("nan")
    for a, b in zip(residual(d, target, mask), residual(d2, target2, mask), strict=True):
        assert torch.equal(a, b)


def test_the_batch_does_not_matter():
    d, target, mask = maps(n=3)
    r, m = residual(d, target, mask)
    together = ssi_loss(r, m, 0.1)
    for i in range(3):
        alone = ssi_loss(*residual(d[i : i + 1], target[i : i + 1], mask[i : i + 1]), 0.1)
        assert alone.item() == pytest.approx(together[i].item(), rel=1e-6)


@pytest.mark.parametrize("case", ["empty mask", "constant target", "constant prediction", "one pixel", "huge", "tiny"])
def test_degenerate_maps_have_finite_losses_and_gradients(case):
    d, target, mask = maps(n=1)
    if case == "empty mask":
        mask[:] = False
    elif case == "constant target":
        target[:] = 2.0
    elif case == "constant prediction":
        d[:] = 0.5
    elif case == "one pixel":
        mask[:] = False
        mask[0, 3, 3] = True
    elif case == "huge":
        d, target = d * 1e12, target * 1e12
    elif case == "tiny":
        d, target = d * 1e-4, target * 1e-4
    d.requires_grad_()
    r, m = residual(d, target, mask)
    loss = (ssi_loss(r, m, 0.1) + gradient_matching_loss(r, m)).sum()
    loss.backward()
    assert torch.isfinite(loss) and torch.isfinite(d.grad).all()
    if case in ("empty mask", "constant target", "one pixel"):
        assert loss == 0


def test_dropping_forgives_the_worst_tenth():
    """A target that is wrong on 5 % of the pixels costs nothing once 10 % are dropped."""
    target = torch.linspace(0, 1, 400).view(1, 20, 20).repeat(1, 1, 1)
    wrong = target.clone()
    wrong[0, 10, :] += 5
    r = wrong - target
    mask = torch.ones_like(r, dtype=torch.bool)
    assert ssi_loss(r, mask, 0.1).item() == 0
    assert ssi_loss(r, mask).item() == pytest.approx(0.25)


def test_feature_alignment_spares_what_agrees():
    frozen = torch.randn(2, 8, 3, 4, generator=torch.Generator().manual_seed(1))
    assert feature_alignment_loss(frozen, frozen).tolist() == [0, 0]
    assert feature_alignment_loss(-frozen, frozen).tolist() == pytest.approx([2, 2])
    mixed = frozen.clone()
    mixed[:, :, 0] *= -1  # a third of the places disagrees wholly: only they count
    assert feature_alignment_loss(mixed, frozen).tolist() == pytest.approx([2, 2])


def test_masked_mean():
    x = torch.tensor([[1.0, 2.0, float("nan")], [5.0, 5.0, 5.0]])
    mask = torch.tensor([[True, True, False], [False, False, False]])
    assert masked_mean(x, mask).tolist() == [1.5, 0]
