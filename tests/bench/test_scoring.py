"""Predictions that are wrong in known ways are reported as what they are."""

import numpy as np
import pytest

from fathom.bench.protocol import Crop, Protocol
from fathom.bench.scoring import align_picture, score_depth
from fathom.bench.truth import GroundTruth

RNG = np.random.default_rng(3)
DEPTH = RNG.uniform(1, 8, (30, 40))
TRUTH = GroundTruth(DEPTH, np.ones(DEPTH.shape, bool))
PROTOCOL = Protocol("test", "", "", max_depth=10, cap=10)


def score(prediction, kind="relative", truth=TRUTH, protocol=PROTOCOL):
    aligned = align_picture(prediction, kind, truth, protocol)
    return score_depth(prediction, kind, truth, aligned), aligned.remarks


def test_perfect_predictions_of_each_kind():
    for prediction, kind in [(3 / DEPTH - 1, "relative"), (3 * DEPTH - 1, "relative-depth"), (DEPTH, "metric")]:
        metrics, remarks = score(prediction, kind)
        assert metrics["abs_rel"] == pytest.approx(0, abs=1e-9)
        assert metrics["delta1"] == metrics["order"] == 1
        assert remarks == ()


@pytest.mark.parametrize(
    ("prediction", "kind", "alignment"),
    [(1 / DEPTH, "relative", "depth"), (DEPTH, "relative-depth", "inverse-depth"), (1 / DEPTH, "relative", "none")],
)
def test_a_fit_in_the_wrong_space(prediction, kind, alignment):
    metrics, remarks = score(prediction, kind, protocol=PROTOCOL.aligned_by(alignment))
    assert remarks[0] == f"wrong space: {kind} fitted by {alignment}"
    assert metrics["abs_rel"] > 0.1  # of a prediction that is perfect in its own space
    assert metrics["order"] == 1  # needs no fit


def test_upside_down():
    """Least squares turns the map over, so AbsRel is perfect: only the order and the remark tell."""
    metrics, remarks = score(-1 / DEPTH)
    assert metrics["abs_rel"] == pytest.approx(0, abs=1e-9)
    assert metrics["order"] == 0
    assert remarks == ("upside down: the fitted scale is negative",)


def test_constant():
    metrics, remarks = score(np.full(DEPTH.shape, 7, np.float32))
    assert remarks == ("constant",)
    assert metrics["order"] == 0
    best = 1 / np.mean(1 / DEPTH)
    assert metrics["abs_rel"] == pytest.approx(np.mean(np.abs(best - DEPTH) / DEPTH))


def test_all_nan_and_some_nan():
    metrics, remarks = score(np.full(DEPTH.shape, np.nan))
    assert remarks == ("not finite: 1 of the scored pixels",)
    assert np.isnan(metrics["abs_rel"]) and metrics["delta1"] == metrics["order"] == 0
    some = 1 / DEPTH
    some[:3] = np.inf
    metrics, remarks = score(some)
    assert remarks == ("not finite: 0.1 of the scored pixels",)
    assert np.isnan(metrics["rmse"]) and metrics["delta1"] == pytest.approx(0.9)
    assert 0.7 < metrics["order"] < 0.9


def test_infinitely_far_in_metres_is_as_far_as_the_cap():
    prediction = DEPTH.copy()
    prediction[:3] = np.inf
    metrics, remarks = score(prediction, "metric")
    assert remarks == ()
    expected = np.where(np.isinf(prediction), 10, DEPTH)
    assert metrics["abs_rel"] == pytest.approx(np.mean((expected - DEPTH) / DEPTH))


def test_nan_outside_of_what_is_scored_does_no_harm():
    prediction = 1 / DEPTH
    prediction[:, 35:] = np.nan
    metrics, remarks = score(prediction, protocol=Protocol("x", "", "", cap=10, crop=Crop(0, 30, 0, 35)))
    assert remarks == () and metrics["delta1"] == 1


def test_only_scored_pixels_are_fitted():
    depth, prediction = DEPTH.copy(), 1 / DEPTH
    prediction[0] = 100  # wrong, but there the ground truth is unknown
    valid = np.ones(depth.shape, bool)
    valid[0] = False
    metrics, _ = score(prediction, truth=GroundTruth(np.where(valid, depth, np.nan), valid))
    assert metrics["abs_rel"] == pytest.approx(0, abs=1e-9)


def test_ground_truth_without_metres_is_fitted_even_for_metres():
    disparity = 100 / DEPTH - 8  # an offset is missing
    truth = GroundTruth(1 / disparity, np.ones(DEPTH.shape, bool), metric=False)
    aligned = align_picture(DEPTH, "metric", truth, Protocol("x", "", ""))
    assert aligned.alignment == "inverse-depth"
    assert (aligned.fit.scale, aligned.fit.shift) == pytest.approx((100, -8))
    assert align_picture(DEPTH, "metric", TRUTH, PROTOCOL).alignment == "none"


def test_regions_are_scored_with_the_fit_of_the_whole_picture():
    glass = np.zeros(DEPTH.shape, bool)
    glass[5:10, 5:10] = True
    prediction = DEPTH.copy()
    prediction[glass] *= 1.5
    truth = GroundTruth(DEPTH, TRUTH.valid, regions={"glass": glass, "mirror": np.zeros(DEPTH.shape, bool)})
    metrics, _ = score(prediction, "metric", truth, Protocol("x", "", "", cap=100))
    assert metrics["abs_rel@glass"] == pytest.approx(0.5)
    assert metrics["delta1@glass"] == 0 and metrics["delta2@glass"] == 1
    assert metrics["abs_rel"] == pytest.approx(0.5 * 25 / 1200)
    assert "order@glass" in metrics and not any("mirror" in key for key in metrics)


def test_what_cannot_be_scored_is_an_error():
    with pytest.raises(ValueError, match=r"prediction is \(3, 4\), the ground truth \(30, 40\)"):
        score(np.ones((3, 4)))
    with pytest.raises(ValueError, match="no pixel has ground truth"):
        score(DEPTH, truth=GroundTruth(DEPTH, np.zeros(DEPTH.shape, bool)))
