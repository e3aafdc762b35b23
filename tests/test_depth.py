import numpy as np
import pytest

from fathom import Depth


def test_a_relative_map_has_no_metres_and_says_what_to_do():
    with pytest.raises(ValueError, match=r"relative.*use a metric model"):
        Depth(np.ones((2, 3), np.float32), "relative").metres()


def test_metres_are_nan_where_not_valid():
    valid = np.array([[True, False]])
    metres = Depth(np.array([[1.5, 2]]), "metric", valid).metres()
    assert metres.dtype == np.float32
    assert metres[0, 0] == 1.5 and np.isnan(metres[0, 1])


def test_units():
    assert Depth(np.ones((2, 3)), "metric").unit == "m"
    assert Depth(np.ones((2, 3)), "relative").unit is None


@pytest.mark.parametrize(
    "arguments",
    [(np.ones(3), "metric"), (np.ones((2, 3)), "disparity"), (np.ones((2, 3)), "metric", np.ones((3, 2), bool))],
)
def test_maps_that_make_no_sense_are_refused(arguments):
    with pytest.raises(ValueError):
        Depth(*arguments)
