"""Means and their intervals."""

import math

import numpy as np
import pytest

from fathom.bench.protocol import Protocol
from fathom.bench.run import Result
from fathom.bench.suite import Case, DepthSuite, Score
from fathom.bench.summary import headline, median_of_sources, remarks, rows


def result(scores, reduction="pictures"):
    """scores: (source, metrics) of each case."""
    cases = [Case(str(i), source, ()) for i, (source, _) in enumerate(scores)]
    suite = DepthSuite("s", Protocol("p", "", "", reduction=reduction), cases, lambda case: None)
    return Result(suite, "m", "relative", tuple(Score(metrics) for _, metrics in scores))


THREE = [("a", {"x": 1.0}), ("a", {"x": 3.0}), ("b", {"x": 8.0}), ("c", {"x": 9.0})]


def test_means_of_sources_and_of_pictures():
    means = {row.source: (row.cases, row.means["x"]) for row in rows(result(THREE))}
    assert means == {
        "a": (2, 2),
        "b": (1, 8),
        "c": (1, 9),
        "mean of sources": (4, pytest.approx(19 / 3)),
        "all": (4, 21 / 4),
    }
    assert median_of_sources(result(THREE)) == {"x": 8}
    assert headline(result(THREE)).source == "all"
    assert headline(result(THREE, "sources")).source == "mean of sources"


def test_a_single_source_is_its_own_headline():
    assert [row.source for row in rows(result(THREE[:2]))] == ["a"]
    assert headline(result(THREE[:2])).means == {"x": 2}


def test_cases_without_a_metric_are_left_out_of_its_mean_only():
    r = result([("a", {"x": 1.0, "x@glass": 5.0}), ("a", {"x": 3.0}), ("b", {"x": 5.0})])
    means = {row.source: row.means for row in rows(r)}
    assert means["a"] == {"x": 2, "x@glass": 5}
    assert means["b"] == {"x": 5}
    assert means["mean of sources"] == {"x": 3.5, "x@glass": 5}


def test_a_failed_picture_is_not_hidden_in_a_mean():
    assert math.isnan(headline(result([("a", {"x": math.nan}), ("a", {"x": 1.0})])).means["x"])


def test_intervals_are_those_of_the_mean():
    """For many pictures, 1.96 standard errors about the mean."""
    values = np.random.default_rng(0).normal(5, 2, 400)
    row = headline(result([("a", {"x": float(v)}) for v in values]))
    error = 1.96 * values.std() / 20
    assert row.intervals["x"] == pytest.approx((values.mean() - error, values.mean() + error), abs=0.04)
    again = headline(result([("a", {"x": float(v)}) for v in values]))
    assert again.intervals == row.intervals


def test_intervals_cover_as_often_as_they_say():
    generator = np.random.default_rng(1)
    covered = 0
    for _ in range(100):
        low, high = headline(result([("a", {"x": v}) for v in generator.normal(0, 1, 60)])).intervals["x"]
        covered += low <= 0 <= high
    assert 87 <= covered <= 100


def test_pictures_are_resampled_within_their_source():
    """Sources differ, pictures of a source do not: nothing is uncertain about the mean of sources."""
    row = headline(result([("a", {"x": 1.0})] * 5 + [("b", {"x": 9.0})] * 5, "sources"))
    assert row.intervals["x"] == (5, 5)


def test_remarks_are_counted():
    r = result(THREE)
    scores = (Score({}, ("constant",)), Score({}, ("not finite: 0.1",)), Score({}, ("not finite: 0.3",)), Score({}))
    assert remarks(Result(r.suite, "m", "relative", scores)) == ["constant (1 of 4)", "not finite (2 of 4)"]
