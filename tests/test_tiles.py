"""Tiles of a picture, with networks that answer what is known beforehand."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fathom
from fathom import tiles
from fathom.bench.alignment import least_absolute
from fathom.tiles import CELLS, broad, laid_over, layout, robust_fit, spans, tiled

RNG = np.random.default_rng(0)


def scene(height: int, width: int) -> np.ndarray:
    """float32 (H, W), positive: slopes, waves of many sizes, and steps."""
    y, x = np.mgrid[:height, :width]
    values = 3 + y / height + np.sin(x / 40) * np.cos(y / 25) + 0.2 * np.sin(x / 3 + y / 5)
    return (values + ((x // 60 + y // 45) % 3) * 0.3).astype(np.float32)


def picture_of(values: np.ndarray) -> np.ndarray:
    """uint8 (H, W, 3): a picture in which each pixel says where it is, so that a network may know the answer."""
    y, x = np.indices(values.shape)
    return np.stack([y % 256, x % 256, (y // 256) * 16 + x // 256], axis=2).astype(np.uint8)


def knowing(values: np.ndarray, answer):
    """A network that finds a crop in the picture, and gives `answer(the true map there, number of the crop)`."""
    count = iter(range(10**6))

    def predict(crops):
        maps = []
        for crop in crops:
            y0, x0 = (int(crop[0, 0, i]) + 256 * part for i, part in enumerate(divmod(int(crop[0, 0, 2]), 16)))
            maps.append(answer(values[y0 : y0 + crop.shape[0], x0 : x0 + crop.shape[1]], next(count)))
        return maps

    return predict


def affine(values: np.ndarray, n: int) -> np.ndarray:
    return values * np.float32(0.2 + 0.37 * (n % 7)) + np.float32(n % 5 - 2)


@pytest.mark.parametrize("shape", [(240, 400), (400, 240), (300, 300), (90, 700), (201, 333)])
@pytest.mark.parametrize("n", [2, 3, 5])
def test_a_network_right_up_to_scale_and_shift_gives_the_truth(shape, n):
    truth = scene(*shape)
    found = tiled(picture_of(truth), knowing(truth, affine), truth, n, 32)
    assert found.dtype == np.float32 and found.shape == shape
    np.testing.assert_allclose(found, truth, atol=1e-5)


def test_a_metric_network_wrong_by_a_factor_gives_the_truth():
    truth = scene(240, 400)
    predict = knowing(truth, lambda values, n: values * np.float32(0.5 + 0.3 * n))
    np.testing.assert_allclose(tiled(picture_of(truth), predict, truth, 3, 32, "metric"), truth, rtol=1e-5)


def test_detail_comes_from_the_tiles():
    """The whole picture's map is blurred; the tiles are sharp."""
    truth = scene(240, 400)
    whole = np.stack([np.convolve(row, np.ones(25) / 25, "same") for row in np.pad(truth, ((0, 0), (25, 25)), "edge")])
    whole = whole[:, 25:-25].astype(np.float32)
    found = tiled(picture_of(truth), knowing(truth, affine), whole, 3, 32)
    assert np.abs(found - truth).mean() < 0.5 * np.abs(whole - truth).mean()


def test_broad_shapes_come_from_the_whole_picture():
    """Each tile of a slope bends it in its own way, and all of them in a way that the slope has not."""
    x = np.arange(400, dtype=np.float32)[None].repeat(240, axis=0)
    whole = 1 + x / 400

    def bent(values, n):
        down = np.linspace(-1, 1, values.shape[0], dtype=np.float32)[:, None]
        return values * (1 + n % 3) + (0.5 + n % 2) * down

    found = tiled(picture_of(whole), knowing(whole, bent), whole, 3, 32)
    bend = np.abs(bent(whole, 0) - whole).mean()
    assert np.abs(found - whole).mean() < 0.1 * bend


def test_no_seams():
    """Tiles that contradict each other as much as they like: between them the map is as smooth as inside of them."""
    whole = np.full((300, 480), 5, np.float32) + scene(300, 480) / 10

    def other(values, n):
        y, x = np.mgrid[: values.shape[0], : values.shape[1]]
        return (values + 0.2 * np.sin(x / (9 + n) + n) * np.cos(y / (8 + 2 * n))).astype(np.float32)

    smooth = 5 + np.sin(np.arange(480, dtype=np.float32) / 70) + np.cos(np.arange(300, dtype=np.float32) / 50)[:, None]
    found = tiled(picture_of(whole), knowing(smooth, other), smooth, 3, 32)
    rows, columns = layout(300, 480, 3, 32)
    for axis, places, length in ((0, rows, 300), (1, columns, 480)):
        bends = np.abs(np.diff(found, 2, axis=axis)).max(axis=1 - axis)
        borders = {edge for place in places for edge in (place.start, place.start + len(place.window))} - {0, length}
        near = sorted({i for edge in borders for i in range(edge - 3, edge + 2)})
        assert bends[near].max() <= np.delete(bends, near).max()


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 500), st.integers(1, 500))
def test_windows_add_up_to_one(length, side):
    total = np.zeros(length)
    for place in spans(length, side):
        assert len(place.window) == min(side, length) and (place.window > 0).all()
        total[place.pixels] += place.window
    assert np.abs(total - 1).max() < 1e-6


@pytest.mark.parametrize(
    "picture, n, size, wanted",
    [
        ((600, 900), 3, 32, (2, 3)),
        ((900, 600), 3, 32, (3, 2)),
        ((100, 900), 4, 32, (1, 4)),
        ((600, 900), 8, 256, (3, 4)),  # fewer than asked for: none smaller than the network's input
        ((100, 150), 8, 256, (1, 1)),
        ((600, 900), 1, 32, (1, 1)),
        ((1, 1), 5, 1, (1, 1)),
        ((2, 1), 2, 1, (1, 1)),
    ],
)
def test_the_number_of_tiles(picture, n, size, wanted):
    rows, columns = layout(*picture, n, size)
    assert (len(rows), len(columns)) == wanted
    if wanted != (1, 1):
        assert all(len(place.window) >= min(size, *picture) for place in [*rows, *columns])
    assert len({(len(r.window), len(c.window)) for r in rows for c in columns}) == 1  # one shape: one batch


def test_a_picture_too_small_for_tiles_is_seen_once():
    whole = scene(30, 40)
    found = tiled(picture_of(whole), lambda crops: pytest.fail("looked at tiles"), whole, 4, 32)
    assert np.array_equal(found, whole) and not np.shares_memory(found, whole)


@pytest.mark.parametrize("value", [0.0, 2.5, np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("kind", ["relative", "metric"])
def test_tiles_that_tell_nothing(value, kind):
    """Constant, or not finite: the map is the whole picture's there, and only there."""
    truth = scene(240, 400)
    predict = knowing(truth, lambda values, n: np.full_like(values, value) if n == 1 else values)
    found = tiled(picture_of(truth), predict, truth, 3, 32, kind)
    if kind == "metric" and np.isfinite(value):  # no scale is fitted: a flat wall is a flat wall
        assert np.isfinite(found).all() and (found > 0).all()
    else:
        np.testing.assert_allclose(found, truth, atol=1e-5)


def test_a_constant_map_stays_constant():
    whole = np.full((200, 300), 4, np.float32)
    predict = knowing(whole, lambda values, n: values + RNG.standard_normal(values.shape).astype(np.float32))
    np.testing.assert_allclose(tiled(picture_of(whole), predict, whole, 2, 32), whole, atol=0.05)


def test_a_tile_that_is_inside_out_is_left_out():
    truth = scene(200, 200)
    found = laid_over(-truth, truth, np.ones(200, np.float32), np.ones(200, np.float32), "relative")
    assert np.array_equal(found, truth) and not np.shares_memory(found, truth)


def test_no_value_below_zero():
    truth = np.maximum(scene(240, 400) - 3.5, 0)
    noisy = knowing(truth, lambda v, n: v + 0.1 * RNG.standard_normal(v.shape).astype(np.float32))
    found = tiled(picture_of(truth), noisy, truth, 3, 32)
    assert found.min() == 0


def test_a_wrong_region_does_not_bend_the_fit():
    whole = scene(60, 60).ravel()
    tile = (whole - 1) / 2
    tile[::7] = 1.5
    fit = robust_fit(tile, whole, np.ones_like(whole))
    assert (fit.scale, fit.shift) == pytest.approx((2, 1), abs=0.01)
    wanted = least_absolute(tile, whole)
    assert (fit.scale, fit.shift) == pytest.approx((wanted.scale, wanted.shift), abs=0.01)
    assert robust_fit(tile, whole, np.ones_like(whole), scaled=False).scale == 1


def test_the_window_weighs_the_fit():
    whole = scene(60, 60).ravel()
    tile, window = whole * 2, np.ones_like(whole)
    tile[:2400] += 1  # most of it, but none of it counts
    window[:2400] = 0
    fit = robust_fit(tile, whole, window)
    assert (fit.scale, fit.shift) == pytest.approx((0.5, 0), abs=1e-6)


def test_broad_keeps_means_and_leaves_detail():
    y, x = np.mgrid[:90, :120].astype(np.float32)
    assert np.allclose(broad(np.full((90, 120), 3, np.float32)), 3)
    assert np.abs(broad((x + y) % 2)).max() == pytest.approx(0.5, abs=1e-3)
    assert np.corrcoef(broad(x / 120).ravel(), x.ravel())[0, 1] > 0.99
    assert broad(np.ones((1, 2), np.float32)).shape == (1, 2) and CELLS > 2


def slow(rgb, predict, whole, n, size):
    """The twin: every tile's map at the picture's size, one below the other, and their weights."""
    rows, columns = layout(*whole.shape, n, size)
    maps, weights = [], []
    for row in rows:
        for column in columns:
            y0, x0, h, w = row.start, column.start, len(row.window), len(column.window)
            (tile,) = predict([rgb[y0 : y0 + h, x0 : x0 + w]])
            full, weight = np.zeros(whole.shape), np.zeros(whole.shape)
            for i in range(h):
                for j in range(w):
                    weight[y0 + i, x0 + j] = row.window[i] * column.window[j]
            there = whole[y0 : y0 + h, x0 : x0 + w]
            full[y0 : y0 + h, x0 : x0 + w] = laid_over(tile, there, row.window, column.window, "relative")
            maps.append(full)
            weights.append(weight)
    return np.average(maps, axis=0, weights=weights)


def test_the_slow_twin():
    truth = scene(110, 150)

    def answer(values, n):
        return affine(values, n) + np.sin(np.arange(values.size, dtype=np.float32) / (3 + n)).reshape(values.shape) / 9

    fast = tiled(picture_of(truth), knowing(truth, answer), truth, 3, 32)
    np.testing.assert_allclose(fast, slow(picture_of(truth), knowing(truth, answer), truth, 3, 32), atol=1e-5)


def test_one_row_of_tiles_at_a_time():
    whole = np.zeros((2400, 800), np.float32)
    rows = []

    def predict(crops):
        rows.append(len(crops))
        return [np.ones(crop.shape[:2], np.float32) for crop in crops]

    rgb = np.zeros((2400, 800, 3), np.uint8)
    tracemalloc.start()
    tiled(rgb, predict, whole, 12, 32)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert rows == [len(layout(2400, 800, 12, 32)[1])] * 12
    assert peak < 1.5 * whole.nbytes


def test_the_bundled_model():
    """Its own tiles, end to end: the map of a photo-like picture stays close to the one of the whole."""
    model = fathom.load("nano", size=64)
    y, x = np.mgrid[:200, :300].astype(np.float32)
    rgb = np.stack([120 + 100 * np.sin(x / 50), 200 - y / 2, 128 + 80 * np.cos(y / 30)], axis=2).astype(np.uint8)
    whole = model(rgb).values
    found = tiled(rgb, lambda crops: [depth.values for depth in model(list(crops))], whole, 2, model.size)
    assert np.corrcoef(found.ravel(), whole.ravel())[0, 1] > 0.9
    assert tiles.OVERLAP <= 0.5
