"""The losses against twins in plain loops, values and gradients, and what they must not depend on."""

import math
import statistics
from functools import partial

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from fathom.recipe.losses import (
    MAX_DEVIATION,
    MIN_CONTRAST,
    affine_invariant_losses,
    correlation_loss,
    feature_alignment_loss,
    gradient_matching_loss,
    in_regions,
    local_loss,
    masked_mean,
    normalise,
    normalised_target,
    residual,
    silog_loss,
    ssi_loss,
)


def local(d, target, mask, **window):
    return local_loss(residual(d, target, mask)[0], *normalised_target(target, mask), **window)


# What a stage may train on: each is (d, target, mask) -> (..., N).
LOSSES = {
    "ssi": lambda d, target, mask: ssi_loss(*residual(d, target, mask)),
    "ssi, a tenth dropped": lambda d, target, mask: ssi_loss(*residual(d, target, mask), 0.1),
    "gm": lambda d, target, mask: gradient_matching_loss(*residual(d, target, mask)),
    "corr": correlation_loss,
    "local": partial(local, window=4),
    "silog": silog_loss,
    "silog, free of scale": partial(silog_loss, lam=1.0),
}


def maps(seed=0, n=2, h=9, w=11, known=0.8, dtype=torch.float32):
    generator = torch.Generator().manual_seed(seed)
    d = torch.rand(n, h, w, generator=generator, dtype=torch.float64) + 0.1
    target = torch.rand(n, h, w, generator=generator, dtype=torch.float64) * 3 + 0.01
    mask = torch.rand(n, h, w, generator=generator) < known
    return d.to(dtype), target.to(dtype), mask


def region_of(n=2, h=9, w=11):
    """A rectangle pasted into every other picture."""
    region = torch.zeros(n, h, w, dtype=torch.bool)
    region[::2, 1 : h - 1, 1 : w - 2] = True
    return region


# The twins: Python numbers of one picture, as dicts from pixel to value.


def known_by_loops(d, mask):
    return {(y, x): float(d[y, x]) for y in range(d.shape[0]) for x in range(d.shape[1]) if mask[y, x]}


def normalise_by_loops(d, mask):
    known = known_by_loops(d, mask)
    t = statistics.median_low(known.values())
    s = sum(abs(v - t) for v in known.values()) / len(known)
    return {at: (v - t) / s for at, v in known.items()}


def residual_by_loops(d, target, mask):
    a, b = normalise_by_loops(d, mask), normalise_by_loops(target, mask)
    return {at: a[at] - max(-MAX_DEVIATION, min(MAX_DEVIATION, b[at])) for at in a}


def ssi_by_loops(d, target, mask, drop=0.0):
    values = sorted(abs(v) for v in residual_by_loops(d, target, mask).values())
    values = values[: len(values) - round(drop * len(values))]
    return sum(values) / len(values)


def gm_by_loops(d, target, mask):
    r, total = residual_by_loops(d, target, mask), 0.0
    for step in (1, 2, 4, 8):
        grid = {(y // step, x // step): v for (y, x), v in r.items() if y % step == 0 and x % step == 0}
        differences = [abs(grid[y, x + 1] - v) for (y, x), v in grid.items() if (y, x + 1) in grid]
        differences += [abs(grid[y + 1, x] - v) for (y, x), v in grid.items() if (y + 1, x) in grid]
        total += sum(differences) / max(1, len(grid))
    return total


def correlation_by_a_fit(d, target, mask):
    """What a line, fitted by least squares with its slope and intercept, leaves of the target's variance."""
    known = {at: v for at, v in known_by_loops(target, mask).items() if v > 0}
    mean = sum(known.values()) / len(known)
    highest = mean + MAX_DEVIATION * sum(abs(v - mean) for v in known.values()) / len(known)
    y = np.array([min(v, highest) for v in known.values()])
    p = np.array([float(d[at]) for at in known])
    line = np.polynomial.Polynomial.fit(p, y, 1)
    explained = 1 - ((line(p) - y) ** 2).sum() / ((y - y.mean()) ** 2).sum()
    return 1 - math.copysign(explained, line.convert().coef[1])


def local_by_loops(d, target, mask, window=4):
    r, truth = residual_by_loops(d, target, mask), normalise_by_loops(target, mask)
    total, known = 0.0, 0
    for top in range(0, d.shape[0] - window + 1, window):
        for left in range(0, d.shape[1] - window + 1, window):
            inside = [(y, x) for y, x in r if top <= y < top + window and left <= x < left + window]
            if not inside:
                continue
            middle_r = statistics.median_low(r[at] for at in inside)
            clamped = [max(-MAX_DEVIATION, min(MAX_DEVIATION, truth[at])) for at in inside]
            middle = statistics.median_low(clamped)
            contrast = max(sum(abs(v - middle) for v in clamped) / len(inside), MIN_CONTRAST)
            total += sum(abs(r[at] - middle_r) for at in inside) / contrast
            known += len(inside)
    return total / max(1, known)


def silog_by_loops(d, target, mask, lam=0.5):
    near, far = known_by_loops(d, mask), known_by_loops(target, mask)
    g = [math.log(near[at]) - math.log(far[at]) for at in near]
    return math.sqrt(sum(v * v for v in g) / len(g) - lam * (sum(g) / len(g)) ** 2)


TWINS = {
    "ssi": ssi_by_loops,
    "ssi, a tenth dropped": partial(ssi_by_loops, drop=0.1),
    "gm": gm_by_loops,
    "corr": correlation_by_a_fit,
    "local": local_by_loops,
    "silog": silog_by_loops,
    "silog, free of scale": partial(silog_by_loops, lam=1.0),
}


def in_regions_by_loops(twin, d, target, mask, region):
    inside = [(y, x) for y in range(d.shape[0]) for x in range(d.shape[1]) if region[y, x]]
    share = len(inside) / d.numel()
    total = (1 - share) * twin(d, target, mask & ~region)
    return total + (share * twin(d, target, mask & region) if inside else 0)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("seed", range(3))
def test_losses_equal_their_loops(name, seed):
    d, target, mask = maps(seed)
    loss = LOSSES[name](d, target, mask)
    for i in range(2):
        assert loss[i].item() == pytest.approx(TWINS[name](d[i], target[i], mask[i]), rel=1e-4)


@pytest.mark.parametrize("name", LOSSES)
def test_losses_in_regions_equal_their_loops(name):
    d, target, mask = maps(5)
    region = region_of()
    loss = in_regions(LOSSES[name], d, target, mask, region)
    for i in range(2):
        expected = in_regions_by_loops(TWINS[name], d[i], target[i], mask[i], region[i])
        assert loss[i].item() == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("parts", ["whole", "in regions"])
@pytest.mark.parametrize("name", LOSSES)
def test_gradients_equal_finite_differences_of_the_loops(name, parts):
    d, target, mask = maps(n=1, h=5, w=6, dtype=torch.float64)
    region = region_of(1, 5, 6) if parts == "in regions" else None
    d.requires_grad_()
    in_regions(LOSSES[name], d, target, mask, region).sum().backward()

    def by_loops(values):
        if region is None:
            return TWINS[name](values, target[0], mask[0])
        return in_regions_by_loops(TWINS[name], values, target[0], mask[0], region[0])

    eps = 1e-6
    for y in range(5):
        for x in range(6):
            up, down = d.detach()[0].clone(), d.detach()[0].clone()
            up[y, x] += eps
            down[y, x] -= eps
            slope = (by_loops(up) - by_loops(down)) / (2 * eps)
            assert d.grad[0, y, x].item() == pytest.approx(slope, abs=1e-6)


@pytest.mark.parametrize("name", LOSSES)
def test_gradients_pass_the_numerical_check(name):
    d, target, mask = maps(1, h=5, w=6, dtype=torch.float64)
    region = region_of(2, 5, 6)
    d.requires_grad_()
    assert torch.autograd.gradcheck(lambda x: LOSSES[name](x, target, mask), d)
    assert torch.autograd.gradcheck(lambda x: in_regions(LOSSES[name], x, target, mask, region), d)


def test_both_affine_invariant_losses_come_from_one_residual():
    d, target, mask = maps(2)
    ssi, gm = affine_invariant_losses(d, target, mask, 0.1)
    assert torch.equal(ssi, LOSSES["ssi, a tenth dropped"](d, target, mask))
    assert torch.equal(gm, LOSSES["gm"](d, target, mask))
    parts = in_regions(partial(affine_invariant_losses, drop=0.1), d, target, mask, region_of())
    assert torch.equal(parts[0], in_regions(LOSSES["ssi, a tenth dropped"], d, target, mask, region_of()))


def test_correlation_and_windows_come_after_if_asked_for():
    d, target, mask = maps(2)
    *both, corr, windows = affine_invariant_losses(d, target, mask, 0.1, correlation=True, local=True)
    assert torch.equal(torch.stack(both), affine_invariant_losses(d, target, mask, 0.1))
    assert torch.equal(corr, correlation_loss(d, target, mask))
    assert torch.equal(windows, local(d, target, mask))
    assert torch.equal(affine_invariant_losses(d, target, mask, local=True)[-1], windows)


def test_what_is_thin_and_far_counts_in_its_window():
    """A post at 20 m before a wall at 30 m, near ground below: missing it costs next to nothing in L_ssi."""
    depth = torch.full((1, 96, 96), 30.0)
    depth[:, 64:] = torch.linspace(10, 4, 32)[:, None]
    without = 1 / depth
    depth[:, 10:64, 40:42] = 20
    target, mask = 1 / depth, torch.ones(1, 96, 96, dtype=torch.bool)
    ssi, windows = (loss(without, target, mask).item() for loss in (LOSSES["ssi"], local))
    assert ssi < 0.01 and windows > 5 * ssi
    assert local(target * 3 - 1, target, mask).item() < 1e-5


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.floats(0.01, 100), st.floats(-10, 10))
def test_scale_and_shift_of_the_prediction_cost_nothing(seed, scale, shift):
    d, target, mask = maps(seed, dtype=torch.float64)
    a, b = affine_invariant_losses(d, target, mask, 0.1), affine_invariant_losses(d * scale + shift, target, mask, 0.1)
    assert torch.allclose(a, b, rtol=1e-8)
    exact, m = residual(scale * target + shift, target, mask)
    inside = normalise(target, mask).abs() < MAX_DEVIATION
    assert exact[m & inside].abs().max() < 1e-8


@pytest.mark.parametrize("scale", [1e-12, 1e-3, 1e12])
def test_scale_of_the_target_costs_nothing(scale):
    """A far view's inverse depth spreads over a millionth of 1/metre, and is depth all the same."""
    d, target, mask = maps()
    a, b = affine_invariant_losses(d, target, mask), affine_invariant_losses(d, target * scale, mask)
    assert torch.allclose(a, b, rtol=1e-4) and a.min() > 0.1


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000), st.floats(0.1, 10))
def test_silog_of_a_scaled_depth_is_known(seed, scale):
    """g is a constant then: what is left of mean g^2 - lam mean(g)^2 is (1 - lam) g^2."""
    _, target, mask = maps(seed)
    expected = math.sqrt(0.5) * abs(math.log(scale))
    assert silog_loss(target * scale, target, mask).tolist() == pytest.approx([expected] * 2, abs=1e-5)
    assert silog_loss(target * scale, target, mask, lam=1.0).tolist() == pytest.approx([0, 0], abs=1e-5)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1e38, 0.0, -1.0])
@pytest.mark.parametrize("name", LOSSES)
def test_what_lies_outside_of_the_mask_changes_nothing(name, bad):
    values, gradients = [], []
    for filling in (1.0, bad):
        d, target, mask = maps()
        d[~mask], target[~mask] = filling, filling
        d.requires_grad_()
        loss = in_regions(LOSSES[name], d, target, mask, region_of())
        loss.sum().backward()
        values.append(loss.detach())
        gradients.append(d.grad)
    assert torch.equal(values[0], values[1]) and torch.equal(gradients[0], gradients[1])
    assert (gradients[1][~mask] == 0).all() and torch.isfinite(gradients[1]).all() and gradients[1].any()


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_residual_from_elsewhere_may_hold_anything_outside_of_the_mask(bad):
    r, _, mask = maps()
    r[~mask] = bad
    r.requires_grad_()
    (ssi_loss(r, mask, 0.1) + gradient_matching_loss(r, mask)).sum().backward()
    assert torch.isfinite(r.grad).all() and r.grad.any()


@pytest.mark.parametrize("name", LOSSES)
def test_a_prediction_that_is_nan_is_not_hidden(name):
    d, target, mask = maps()
    d[0][mask[0]] = torch.where(torch.arange(int(mask[0].sum())) == 3, torch.nan, d[0][mask[0]])
    loss = LOSSES[name](d, target, mask)
    assert loss[0].isnan() and loss[1].isfinite()


@pytest.mark.parametrize("name", LOSSES)
def test_the_batch_does_not_matter(name):
    d, target, mask = maps(n=3)
    target[2] *= 100  # a picture of large losses: it must not use up what is dropped of the others
    together = in_regions(LOSSES[name], d, target, mask, region_of(3))
    for i in range(3):
        one = slice(i, i + 1)
        alone = in_regions(LOSSES[name], d[one], target[one], mask[one], region_of(3)[one])
        assert alone.item() == pytest.approx(together[i].item(), rel=1e-6)


@pytest.mark.parametrize("case", ["empty mask", "constant target", "constant prediction", "one pixel", "exact"])
@pytest.mark.parametrize("scale", [1e-30, 1.0, 1e30])
@pytest.mark.parametrize("name", LOSSES)
def test_degenerate_maps_have_finite_losses_and_gradients(name, scale, case):
    d, target, mask = maps(n=1)
    if case == "empty mask":
        mask[:] = False
    elif case == "constant target":
        target[:] = 0.7
    elif case == "constant prediction":
        d[:] = 0.5
    elif case == "one pixel":
        mask[:] = False
        mask[0, 3, 3] = True
    elif case == "exact":
        d = target.clone()
    d, target = d * scale, target * scale
    d.requires_grad_()
    loss = LOSSES[name](d, target, mask)
    loss.sum().backward()
    assert torch.isfinite(loss).all() and torch.isfinite(d.grad).all()
    free = ("empty mask", "exact") if "silog" in name else ("empty mask", "constant target", "one pixel")
    if case in free:
        assert loss.item() == pytest.approx(0, abs=1e-6) and not d.grad.any()


def test_the_largest_and_the_nearest_floats_are_predicted_without_harm():
    """As a network does that comes apart: the loss is finite, and so is the way back."""
    _, target, mask = maps(n=1)
    for value in (0.0, 1e-38, 3e38):
        d = torch.full_like(target, value).requires_grad_()
        silog_loss(d, target, mask).sum().backward()
        assert torch.isfinite(d.grad).all()


@pytest.mark.parametrize("name", LOSSES)
def test_lower_precision_is_computed_in_float32(name):
    """Of what a network in 16 bits predicts, nothing more is lost."""
    d, target, mask = maps(dtype=torch.bfloat16)
    with torch.autocast("cpu", torch.bfloat16):
        loss = in_regions(LOSSES[name], d, target, mask, region_of())
    assert loss.dtype == torch.float32
    assert torch.equal(loss, in_regions(LOSSES[name], d.float(), target.float(), mask, region_of()))
    assert in_regions(LOSSES[name], d.double(), target, mask, region_of()).dtype == torch.float64


def test_correlation_is_of_what_has_depth_and_of_clamped_targets():
    """The sky may be anything, and one pixel that is a thousand times as near as the others is not all that counts."""
    d, target, mask = maps(n=1, h=64, w=64, known=1.0)
    target[0, 0] = 0.0
    loss = correlation_loss(d, target, mask)
    d[0, 0] = 100.0
    assert torch.equal(correlation_loss(d, target, mask), loss)
    clamped = 3 * target + 2
    target[0, 4, 4] = 1000.0
    loss = correlation_loss(clamped, target, mask)
    assert loss.item() == pytest.approx(correlation_by_a_fit(clamped[0], target[0], mask[0]), rel=1e-4)
    assert loss.item() < 0.3 and correlation_loss(-clamped, target, mask).item() > 1.7


def test_dropping_forgives_the_worst_tenth():
    """A target that is wrong on 5 % of the pixels costs nothing once 10 % are dropped."""
    target = torch.linspace(0, 1, 400).view(1, 20, 20).repeat(1, 1, 1)
    wrong = target.clone()
    wrong[0, 10, :] += 5
    r = wrong - target
    mask = torch.ones_like(r, dtype=torch.bool)
    assert ssi_loss(r, mask, 0.1).item() == 0
    assert ssi_loss(r, mask).item() == pytest.approx(0.25)


def test_dropping_counts_each_pictures_own_known_pixels():
    r = torch.arange(1.0, 21.0).view(1, 4, 5).repeat(2, 1, 1)
    mask = torch.ones_like(r, dtype=torch.bool)
    mask[1, 2:] = False  # 1 to 10 are known
    assert ssi_loss(r, mask, 0.1).tolist() == [sum(range(1, 19)) / 18, sum(range(1, 10)) / 9]
    assert ssi_loss(r, mask, 0.99).tolist() == [1, 1]  # something is always kept


def test_a_region_makes_two_pictures_of_one():
    """Two pictures put together, each with a scale and shift of its own, are predicted exactly, part by part."""
    _, target, mask = maps(n=1)
    region = region_of(1)
    d = torch.where(region, 3 * target + 5, 0.5 * target - 1)
    assert affine_invariant_losses(d, target, mask).min() > 0.1
    assert in_regions(affine_invariant_losses, d, target, mask, region).max() < 1e-5


def test_no_region_and_an_empty_one_are_the_plain_loss():
    d, target, mask = maps()
    plain = affine_invariant_losses(d, target, mask)
    assert torch.equal(in_regions(affine_invariant_losses, d, target, mask, None), plain)
    for region in (torch.zeros_like(mask), torch.ones_like(mask)):
        assert torch.allclose(in_regions(affine_invariant_losses, d, target, mask, region), plain)


def features(seed=1):
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(2, 8, 3, 4, generator=generator, dtype=torch.float64) for _ in range(2)]


def test_feature_alignment_equals_its_loops_and_their_gradients():
    f, frozen = features()
    near = frozen + 0.1 * f  # cosines of more than the margin, and of less
    f[:, :, 1:] = near[:, :, 1:]
    loss = feature_alignment_loss(f, frozen)
    for i in range(2):
        costs = []
        for y in range(3):
            for x in range(4):
                a, b = f[i, :, y, x].tolist(), frozen[i, :, y, x].tolist()
                cosine = sum(p * q for p, q in zip(a, b, strict=True)) / math.hypot(*a) / math.hypot(*b)
                costs += [1 - cosine] if cosine <= 0.85 else []
        assert 0 < len(costs) < 12
        assert loss[i].item() == pytest.approx(sum(costs) / len(costs))
    assert torch.autograd.gradcheck(lambda x: feature_alignment_loss(x, frozen), f.requires_grad_())


def test_feature_alignment_spares_what_agrees():
    _, frozen = features()
    assert feature_alignment_loss(frozen, frozen).tolist() == [0, 0]
    assert feature_alignment_loss(-frozen, frozen).tolist() == pytest.approx([2, 2])
    mixed = frozen.clone()
    mixed[:, :, 0] *= -1  # a third of the places disagrees wholly: only they count
    assert feature_alignment_loss(mixed, frozen).tolist() == pytest.approx([2, 2])


@pytest.mark.parametrize("scale", [0.0, 1e-30, 1e15])
def test_feature_alignment_of_extreme_features_is_finite(scale):
    f, frozen = (x.float() for x in features())
    f = (f * scale).requires_grad_()
    loss = feature_alignment_loss(f, frozen)
    loss.sum().backward()
    assert torch.isfinite(loss).all() and torch.isfinite(f.grad).all()


def test_masked_mean():
    x = torch.tensor([[1.0, 2.0, float("nan")], [5.0, 5.0, 5.0]])
    mask = torch.tensor([[True, True, False], [False, False, False]])
    assert masked_mean(x, mask).tolist() == [1.5, 0]
