"""Pairs of points, asked in both orders."""

import numpy as np
import pytest

from fathom.bench.pairs import Pair, PairSuite, both_orders
from fathom.bench.protocols.da2k import PROTOCOL
from fathom.bench.run import Result
from fathom.bench.suite import Case, Frame
from fathom.bench.summary import headline, rows

MAP = np.array([[1.0, 2.0], [2.0, np.nan]])


def test_right_wrong_tie_and_nan():
    assert both_orders(MAP, Pair((0, 1), (0, 0)), "relative") == 1
    assert both_orders(MAP, Pair((0, 0), (0, 1)), "relative") == 0
    assert both_orders(MAP, Pair((0, 1), (1, 0)), "relative") == 0  # a tie, wrong in both orders
    assert both_orders(MAP, Pair((0, 1), (1, 1)), "relative") == 0
    for kind in ("metric", "relative-depth"):
        assert both_orders(MAP, Pair((0, 0), (0, 1)), kind) == 1


def suite():
    cases = [
        Case(name, source, (Frame(name, lambda: np.zeros((2, 2, 3), np.uint8)),))
        for name, source in [("a", "indoor"), ("b", "indoor"), ("c", "aerial")]
    ]
    good, bad = Pair((0, 1), (0, 0)), Pair((0, 0), (0, 1))
    return PairSuite("da2k", PROTOCOL, cases, {"a": [good], "b": [good, good, bad], "c": [good, bad]})


def test_share_over_pairs_and_mean_of_scenes():
    """Indoor: 3 of 4 pairs, in pictures of 1 and 3; aerial: 1 of 2."""
    s = suite()
    scores = tuple(s.score(case, [MAP], "relative") for case in s.cases)
    result = Result(s, "m", "relative", scores)
    shares = {row.source: row.means["accuracy"] for row in rows(result)}
    assert shares == pytest.approx({"indoor": 3 / 4, "aerial": 1 / 2, "mean of sources": 5 / 8, "all": 4 / 6})
    assert headline(result).source == "all"  # the paper's mean


def test_a_constant_map_gets_nothing():
    s = suite()
    assert all(s.score(case, [np.ones((2, 2))], "relative").metrics["accuracy"] == 0 for case in s.cases)


def test_points_outside_and_alignment_are_errors():
    s = suite()
    with pytest.raises(ValueError, match=r"da2k, a: point \(0, 1\) is outside 1x1"):
        s.score(s.cases[0], [np.ones((1, 1))], "relative")
    with pytest.raises(ValueError, match="leave out --align"):
        s.aligned_by("median")
