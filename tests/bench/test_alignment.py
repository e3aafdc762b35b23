"""The fits against plain loops, a closed form, and what they must not depend on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fathom.bench.alignment import ALIGNMENTS, KINDS, Fit, apply, fit, is_sound, least_absolute, least_squares

RNG = np.random.default_rng(0)
DEPTH = RNG.uniform(0.5, 20, 500)
INVERSE = 1 / DEPTH
NOISY = (3 * INVERSE + 0.4 + RNG.normal(0, 0.05, 500)).astype(np.float32)
LIMITS = {"floor": 1e-6, "clip": 1e-3, "cap": 1e3}


def slow_least_squares(p, y):
    """Normal equations of sum (s p + t - y)^2, solved by Cramer's rule."""
    n = pp = p1 = py = y1 = 0.0
    for a, b in zip(p, y, strict=True):
        a, b = float(a), float(b)
        n, pp, p1, py, y1 = n + 1, pp + a * a, p1 + a, py + a * b, y1 + b
    determinant = pp * n - p1 * p1
    return (py * n - p1 * y1) / determinant, (pp * y1 - p1 * py) / determinant


def test_least_squares_is_the_slow_one():
    line = least_squares(NOISY, INVERSE)
    assert (line.scale, line.shift) == pytest.approx(slow_least_squares(NOISY, INVERSE), rel=1e-9)


def test_least_squares_of_four_points_by_hand():
    """Points (0, 1), (1, 3), (2, 2), (3, 6): s = 7 / 5, t = 9 / 10."""
    line = least_squares(np.array([0.0, 1, 2, 3]), np.array([1.0, 3, 2, 6]))
    assert (line.scale, line.shift) == pytest.approx((1.4, 0.9))


def test_no_line_nearby_is_better():
    line = least_squares(NOISY, INVERSE)
    best = np.sum((line.scale * NOISY + line.shift - INVERSE) ** 2)
    for ds, dt in [(1e-3, 0), (-1e-3, 0), (0, 1e-3), (0, -1e-3)]:
        assert np.sum(((line.scale + ds) * NOISY + line.shift + dt - INVERSE) ** 2) > best


def test_weights_count_points_as_often():
    w = RNG.integers(1, 4, 500)
    weighted = least_squares(NOISY, INVERSE, w.astype(float))
    repeated = least_squares(np.repeat(NOISY, w), np.repeat(INVERSE, w))
    assert (weighted.scale, weighted.shift) == pytest.approx((repeated.scale, repeated.shift))


@pytest.mark.parametrize("value", [0.0, 5.0, 1e-9, -3e6])
def test_a_constant_has_no_scale(value):
    line = least_squares(np.full(500, value, np.float32), INVERSE)
    assert line.scale == 0
    assert line.shift == pytest.approx(INVERSE.mean())


def test_values_far_from_zero_keep_their_digits():
    line = least_squares(2 * INVERSE + 1e6, INVERSE)
    assert line.scale == pytest.approx(0.5, rel=1e-6)


def test_the_robust_fit_is_not_bent_by_a_wrong_third():
    p = 3 * INVERSE + 0.4
    target = INVERSE.copy()
    target[:150] = RNG.uniform(5, 9, 150)
    line = least_absolute(p, target)
    assert (line.scale, line.shift) == pytest.approx((1 / 3, -0.4 / 3), rel=1e-3)
    assert least_squares(p, target).shift != pytest.approx(-0.4 / 3, rel=0.5)


def test_the_robust_fit_has_the_least_absolute_error():
    line = least_absolute(NOISY, INVERSE)
    best = np.abs(line.scale * NOISY + line.shift - INVERSE).sum()
    for s in np.linspace(line.scale - 0.02, line.scale + 0.02, 9):
        for t in np.linspace(line.shift - 0.02, line.shift + 0.02, 9):
            assert np.abs(s * NOISY + t - INVERSE).sum() >= best * (1 - 1e-6)


@pytest.mark.parametrize(
    ("kind", "alignment", "prediction"),
    [
        ("relative", "inverse-depth", 7 * INVERSE - 2),
        ("relative", "robust-inverse-depth", 7 * INVERSE - 2),
        ("relative-depth", "depth", 0.1 * DEPTH + 5),
        ("relative-depth", "robust-depth", 0.1 * DEPTH + 5),
        ("metric", "none", DEPTH),
        ("metric", "median", 4 * DEPTH),
        ("metric", "depth", 4 * DEPTH + 1),
        ("metric", "inverse-depth", 4 * DEPTH),
    ],
)
def test_what_is_exact_up_to_the_fit_comes_out_exact(kind, alignment, prediction):
    line = fit(prediction, DEPTH, kind, alignment)
    np.testing.assert_allclose(apply(prediction, kind, alignment, line, **LIMITS), DEPTH, rtol=1e-4)
    assert is_sound(kind, alignment)


def test_the_median_fit_is_the_ratio_of_medians():
    p = RNG.uniform(1, 2, 99)
    d = RNG.uniform(1, 9, 99)
    assert fit(p, d, "metric", "median") == Fit(sorted(d)[49] / sorted(p)[49], 0.0)


def test_sound_spaces():
    sound = {kind: {a for a in ALIGNMENTS if is_sound(kind, a)} for kind in KINDS}
    assert sound == {
        "relative": {"inverse-depth", "robust-inverse-depth"},
        "relative-depth": {"depth", "robust-depth"},
        "metric": set(ALIGNMENTS),
    }


def test_floor_inversion_and_clips_in_this_order():
    """Aligned inverse depths -1, 0.01, 0.5, 4 with floor 0.05, clip 0.4, cap 10."""
    p = np.array([-1, 0.01, 0.5, 4])
    depth = apply(p, "relative", "inverse-depth", Fit(1, 0), floor=0.05, clip=0.4, cap=10)
    assert depth == pytest.approx([10, 10, 2, 0.4])  # 1/0.05 = 20 -> cap; cap; 1/0.5; 1/4 -> clip
    depth = apply(p, "relative", "inverse-depth", Fit(1, 0), floor=0.2, clip=0.1, cap=10)
    assert depth == pytest.approx([5, 5, 2, 0.25])
    depth = apply(p, "relative-depth", "depth", Fit(1, 0), floor=0.2, clip=0.1, cap=2)
    assert depth == pytest.approx([0.1, 0.1, 0.5, 2])


def test_the_prediction_is_left_alone():
    p = NOISY.copy()
    apply(p, "metric", "inverse-depth", fit(p, DEPTH, "metric", "inverse-depth"), **LIMITS)
    assert (p == NOISY).all()


scales = st.floats(1e-3, 1e3) | st.floats(-1e3, -1e-3)
shifts = st.floats(-1e3, 1e3)


@given(scales, shifts)
def test_scale_and_shift_of_a_relative_prediction_do_not_matter(scale, shift):
    for kind, alignment in [("relative", "inverse-depth"), ("relative-depth", "depth")]:
        p = NOISY.astype(np.float64)
        q = scale * p + shift
        once = apply(p, kind, alignment, fit(p, DEPTH, kind, alignment), **LIMITS)
        again = apply(q, kind, alignment, fit(q, DEPTH, kind, alignment), **LIMITS)
        np.testing.assert_allclose(again, once, rtol=1e-5)


@given(st.floats(1e-3, 1e3))
def test_the_unit_of_the_ground_truth_scales_the_result(unit):
    p = NOISY.astype(np.float64)
    once = apply(p, "relative", "inverse-depth", fit(p, DEPTH, "relative", "inverse-depth"), 1e-9, 0, np.inf)
    line = fit(p, unit * DEPTH, "relative", "inverse-depth")
    again = apply(p, "relative", "inverse-depth", line, 1e-9 / unit, 0, np.inf)
    np.testing.assert_allclose(again, unit * once, rtol=1e-6)


@given(st.permutations(range(30)))
def test_the_order_of_pixels_does_not_matter(order):
    order = list(order)
    line = fit(NOISY[:30], DEPTH[:30], "relative", "inverse-depth")
    again = fit(NOISY[:30][order], DEPTH[:30][order], "relative", "inverse-depth")
    assert (again.scale, again.shift) == pytest.approx((line.scale, line.shift))
