"""A label comes back to half a step; what is damaged is said."""

import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fathom.data.label_codec import HEADER, LabelMap, decode_map, encode_map, enlarged, fold, mixed_difference
from fathom.enlarge import enlarge

RNG = np.random.default_rng(0)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 9), st.integers(1, 9), st.integers(4, 16), st.integers(0, 99), st.floats(1e-6, 1e6))
def test_a_label_comes_back(height, width, bits, seed, size):
    rng = np.random.default_rng(seed)
    values = (size * rng.normal(size=(height, width)) + rng.normal()).astype(np.float32)
    valid, sky = rng.random((height, width)) < 0.8, rng.random((height, width)) < 0.2
    back = decode_map(encode_map(LabelMap(values, (8, 9), valid, sky), bits), "it")
    known = np.ones_like(valid) if back.valid is None else back.valid
    assert np.array_equal(known, valid) and back.picture_size == (8, 9)
    assert np.array_equal(np.zeros_like(sky) if back.sky is None else back.sky, sky & valid)
    measured = valid & ~sky
    if measured.any():
        low, high = values[measured].min(), values[measured].max()
        step = (float(high) - float(low)) / (2**bits - 3)
        rounding = 1e-6 * max(abs(float(low)), abs(float(high)))
        assert np.abs(back.values - values)[measured].max() <= 0.5 * step + rounding
        assert np.isclose(back.values[sky & valid], low, atol=rounding).all()


def test_the_residuals_are_what_the_format_says():
    """Against the definition, pixel by pixel."""
    codes = RNG.integers(0, 65536, (5, 7), dtype=np.uint16)
    residuals, padded = fold(mixed_difference(codes)), np.pad(codes.astype(int), ((1, 0), (1, 0)))
    for y in range(5):
        for x in range(7):
            r = (padded[y + 1, x + 1] - padded[y + 1, x] - padded[y, x + 1] + padded[y, x]) % 65536
            r = r - 65536 if r > 32767 else r
            assert residuals[y, x] == (2 * r if r >= 0 else -2 * r - 1)


def test_another_program_can_read_it():
    """Written by hand from the description of the format."""
    codes = np.array([[2, 3, 0], [4, 4095, 1]])
    padded = np.pad(codes, ((1, 0), (1, 0)))
    r = padded[1:, 1:] - padded[1:, :-1] - padded[:-1, 1:] + padded[:-1, :-1]
    folded = np.where(r >= 0, 2 * r, -2 * r - 1)
    planes = bytes((folded // 256).ravel().tolist()) + bytes((folded % 256).ravel().tolist())
    label = decode_map(HEADER.pack(b"FLM1", 12, 0, 2, 3, 4, 6, -1.0, 0.5) + zlib.compress(planes), "it")
    assert np.array_equal(label.values, [[0, 0.5, 0], [1, 2046.5, 0]])
    assert np.array_equal(label.valid, [[True, True, False], [True, True, True]])
    assert np.array_equal(label.sky, [[False] * 3, [False, False, True]])


def test_a_constant_map_and_one_without_values_come_back():
    flat = decode_map(encode_map(LabelMap(np.full((3, 4), 7, np.float32), (3, 4))), "it")
    assert (flat.values == 7).all() and flat.valid is None and flat.sky is None
    empty = decode_map(encode_map(LabelMap(np.full((3, 4), np.nan, np.float32), (3, 4), np.zeros((3, 4), bool))), "it")
    assert not empty.valid.any()


def test_what_is_damaged_is_said():
    data = encode_map(LabelMap(RNG.normal(size=(20, 30)).astype(np.float32), (20, 30)))
    for wrong in (b"", data[:30], data[:-1], data[: len(data) // 2], b"PNG" + data[3:], data[:-3] + b"abc"):
        with pytest.raises(ValueError, match=r"^it: "):
            decode_map(wrong, "it")
    large = HEADER.pack(b"FLM1", 12, 0, 1 << 20, 1 << 20, 1, 1, 0.0, 1.0) + zlib.compress(bytes(1000))
    with pytest.raises(ValueError, match="is not a label"):
        decode_map(large, "it")
    with pytest.raises(ValueError, match="not finite"):
        encode_map(LabelMap(np.full((2, 2), np.inf, np.float32), (2, 2)))


def test_a_smaller_map_is_enlarged_as_a_model_does_it():
    values = RNG.normal(size=(6, 8)).astype(np.float32)
    large, known = enlarged(LabelMap(values, (21, 29)))
    assert np.array_equal(large, enlarge(values, 21, 29)) and known.all()


def test_nothing_leaks_out_of_a_hole():
    values = np.full((6, 8), 5, np.float32)
    valid = np.ones((6, 8), bool)
    values[2:4, 3:5], valid[2:4, 3:5] = 1e9, False
    large, known = enlarged(LabelMap(values, (24, 32), valid))
    assert (large[known] == 5).all() and (large[~known] == 0).all()
    assert 0 < (~known).sum() < 24 * 32 / 6
