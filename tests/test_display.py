import warnings

import numpy as np
import pytest

from fathom import Depth
from fathom.display import COLORMAPS, colour, colour_table, nearness, side_by_side
from fathom.errors import UsageError

RAMP = np.linspace(1, 10, 200, dtype=np.float32).reshape(10, 20)


def test_near_is_bright_whatever_the_kind():
    assert nearness(Depth(RAMP, "relative"))[-1, -1] == 1
    assert nearness(Depth(RAMP, "metric"))[0, 0] == 1
    assert nearness(Depth(RAMP, "metric"))[-1, -1] == 0


def test_metric_is_shown_as_inverse_depth():
    shown = nearness(Depth(np.float32([[1, 2, np.inf]]), "metric"))
    assert shown[0, 1] == pytest.approx(0.5, abs=0.02) and shown[0, 2] == 0


def test_a_few_odd_pixels_do_not_darken_the_others():
    odd = RAMP.copy()
    odd[0, 0] = 1e9
    assert np.abs(nearness(Depth(odd, "relative")) - nearness(Depth(RAMP, "relative")))[0, 1:].max() < 0.02


@pytest.mark.parametrize("kind", ["relative", "metric"])
@pytest.mark.parametrize(
    "values",
    [np.full((3, 4), 0.5), np.zeros((3, 4)), np.full((3, 4), np.nan), np.full((3, 4), np.inf), np.full((1, 1), -1)],
)
def test_constant_and_unknown_maps_have_a_picture_too(kind, values):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        shown = nearness(Depth(values, kind))
        assert colour(Depth(values, kind)).shape == (*values.shape, 3)
    assert not shown.any()


def test_a_map_that_is_constant_but_for_a_speck_shows_the_speck():
    values = np.zeros((40, 40), np.float32)
    values[5, 5] = 1
    assert nearness(Depth(values, "relative"))[5, 5] == 1


@pytest.mark.parametrize("name", COLORMAPS)
def test_colour_maps(name):
    table = colour_table(name)
    assert table.shape == (256, 3) and table.dtype == np.uint8
    assert len(np.unique(table, axis=0)) > 150
    assert np.array_equal(colour(Depth(RAMP, "relative"), name)[-1, -1], table[-1])


def test_published_colours():
    assert colour_table("inferno")[[0, -1]].tolist() == [[0, 0, 4], [252, 255, 164]]  # dark blue to pale yellow
    assert colour_table("spectral")[[0, -1]].tolist() == [[94, 79, 162], [158, 1, 66]]


def test_an_unknown_colour_map_is_refused_with_the_nearest():
    with pytest.raises(UsageError, match="did you mean inferno"):
        colour(Depth(RAMP, "relative"), "infreno")


def test_where_not_valid_it_is_black_and_does_not_count():
    values, valid = RAMP.copy(), np.ones(RAMP.shape, bool)
    values[0], valid[0] = 1000, False
    depth = Depth(values, "relative", valid)
    assert not colour(depth)[0].any()
    assert nearness(depth)[-1, -1] == 1


def test_side_by_side():
    assert side_by_side(np.zeros((3, 4, 3), np.uint8), np.ones((3, 4, 3), np.uint8)).shape == (3, 8, 3)
