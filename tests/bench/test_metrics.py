"""Every metric against plain loops, a closed form, and what it must not depend on."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fathom.bench.metrics import ORDER_PAIRS, ORDER_RATIO, ORDER_SEED, depth_metrics, order, order_pairs

RNG = np.random.default_rng(1)
TRUTH = RNG.uniform(0.5, 20, 400)
PREDICTED = TRUTH * np.exp(RNG.normal(0, 0.3, 400))
ERRORS = ("abs_rel", "sq_rel", "rmse", "rmse_log", "log10", "silog")
ACCURACIES = ("delta1", "delta2", "delta3")


def slow_metrics(predicted, truth):
    n = len(truth)
    absolute = squared = square = log_square = ten = log_sum = 0.0
    within = [0, 0, 0]
    for d, g in zip(map(float, predicted), map(float, truth), strict=True):
        absolute += abs(d - g) / g / n
        squared += (d - g) ** 2 / g / n
        square += (d - g) ** 2 / n
        log_square += (math.log(d) - math.log(g)) ** 2 / n
        log_sum += (math.log(d) - math.log(g)) / n
        ten += abs(math.log10(d) - math.log10(g)) / n
        for k in range(3):
            within[k] += max(d / g, g / d) < 1.25 ** (k + 1)
    return {
        "abs_rel": absolute,
        "sq_rel": squared,
        "rmse": math.sqrt(square),
        "rmse_log": math.sqrt(log_square),
        "log10": ten,
        "silog": 100 * math.sqrt(log_square - log_sum**2),
        **{f"delta{k + 1}": within[k] / n for k in range(3)},
    }


def slow_order(prediction, truth, kind):
    first, second = np.random.default_rng(ORDER_SEED).integers(0, len(truth), (2, ORDER_PAIRS))
    right = asked = 0
    for i, j in zip(first, second, strict=True):
        if max(truth[i], truth[j]) / min(truth[i], truth[j]) <= ORDER_RATIO:
            continue
        asked += 1
        i_nearer = truth[i] < truth[j]
        if kind == "relative":
            right += prediction[i] > prediction[j] if i_nearer else prediction[j] > prediction[i]
        else:
            right += prediction[i] < prediction[j] if i_nearer else prediction[j] < prediction[i]
    return right / asked


def test_all_metrics_are_the_slow_ones():
    assert depth_metrics(PREDICTED, TRUTH) == pytest.approx(slow_metrics(PREDICTED, TRUTH), rel=1e-9)


def test_all_metrics_of_a_tenth_too_far_by_hand():
    truth = np.array([1.0, 2, 5])
    metrics = depth_metrics(1.1 * truth, truth)
    assert metrics == pytest.approx(
        {
            "abs_rel": 0.1,
            "sq_rel": 0.01 * 8 / 3,
            "rmse": 0.1 * math.sqrt(10),
            "rmse_log": math.log(1.1),
            "log10": math.log10(1.1),
            "silog": 0,
            "delta1": 1,
            "delta2": 1,
            "delta3": 1,
        },
        abs=1e-5,
    )


def test_thresholds_of_delta_by_hand():
    metrics = depth_metrics(np.array([1.24, 1 / 1.24, 1.26, 1.56, 1 / 1.57, 1.95, 1.96]), np.ones(7))
    assert [metrics[k] for k in ACCURACIES] == pytest.approx([2 / 7, 4 / 7, 6 / 7])


def test_perfect():
    metrics = depth_metrics(TRUTH, TRUTH)
    assert all(metrics[k] == 0 for k in ERRORS)
    assert all(metrics[k] == 1 for k in ACCURACIES)


def test_nan_makes_errors_nan_and_counts_as_wrong():
    predicted = TRUTH.copy()
    predicted[:100] = np.nan
    metrics = depth_metrics(predicted, TRUTH)
    assert all(math.isnan(metrics[k]) for k in ERRORS)
    assert all(metrics[k] == 0.75 for k in ACCURACIES)


@given(st.floats(1e-3, 1e3))
def test_the_unit_matters_to_rmse_and_sqrel_only(unit):
    once, again = depth_metrics(PREDICTED, TRUTH), depth_metrics(unit * PREDICTED, unit * TRUTH)
    for name in once:
        assert again[name] == pytest.approx(once[name] * (unit if name in ("rmse", "sq_rel") else 1), rel=1e-6)


@given(st.floats(1e-3, 1e3))
def test_silog_does_not_see_the_scale_of_a_prediction(scale):
    assert depth_metrics(scale * PREDICTED, TRUTH)["silog"] == pytest.approx(depth_metrics(PREDICTED, TRUTH)["silog"])


@given(st.permutations(range(40)))
def test_the_order_of_pixels_does_not_matter(permutation):
    p = list(permutation)
    assert depth_metrics(PREDICTED[:40][p], TRUTH[:40][p]) == pytest.approx(depth_metrics(PREDICTED[:40], TRUTH[:40]))


@pytest.mark.parametrize("kind", ["relative", "relative-depth", "metric"])
def test_order_is_the_slow_one(kind):
    assert order(PREDICTED, TRUTH, kind) == pytest.approx(slow_order(PREDICTED, TRUTH, kind))


def test_order_of_perfect_upside_down_constant_and_nan():
    assert order(1 / TRUTH, TRUTH, "relative") == 1
    assert order(TRUTH, TRUTH, "metric") == order(TRUTH, TRUTH, "relative-depth") == 1
    assert order(TRUTH, TRUTH, "relative") == 0
    assert order(np.ones(400), TRUTH, "relative") == 0  # a tie is wrong
    assert order(np.full(400, np.nan), TRUTH, "metric") == 0


def test_order_asks_only_pairs_that_are_apart():
    near, far = order_pairs(TRUTH)
    assert (TRUTH[far] / TRUTH[near] > ORDER_RATIO).all()
    assert len(near) > 10_000
    assert order(TRUTH, np.linspace(1, ORDER_RATIO - 1e-6, 400), "metric") is None


@given(st.floats(0.1, 10), st.floats(-5, 5), st.sampled_from([np.exp, np.arctan, lambda x: x]))
def test_order_sees_no_increasing_change(scale, shift, change):
    p = np.round(PREDICTED, 2)  # far enough apart that rounding cannot make ties
    assert order(change(scale * p / 20 + shift), TRUTH, "metric") == order(p, TRUTH, "metric")
