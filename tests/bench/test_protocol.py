"""Protocols are locked: every number of them is written down here a second time."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from fathom.bench.protocol import Crop, Protocol
from fathom.bench.protocols import clip, da2k, diode, eth3d, folder, indexed, kitti, nyu, sintel

INF = float("inf")
GARG = ((40810811, 3594771), (99189189, 96405229))  # hundred-millionths: top and left, bottom and right
DEPTH = {"nyu": nyu, "kitti": kitti, "sintel": sintel, "eth3d": eth3d, "diode": diode}


@pytest.mark.parametrize(
    ("name", "range_of_truth", "closed", "clip", "cap"),
    [
        ("nyu", (1e-3, 10), False, 1e-3, 10),
        ("kitti", (1e-3, 80), False, 1e-3, 80),
        ("sintel", (0, 70), True, 1e-3, 70),
        ("eth3d", (0, 72), False, 1e-3, 72),
        ("diode", (0.6, 350), True, 0.6, 350),
    ],
)
def test_ranges_and_caps(name, range_of_truth, closed, clip, cap):
    p = DEPTH[name].PROTOCOL
    assert (p.min_depth, p.max_depth) == range_of_truth
    assert (p.closed, p.clip, p.cap) == (closed, clip, cap)
    assert (p.relative, p.relative_depth, p.metric) == ("inverse-depth", "depth", "none")
    assert (p.reduction, p.aligned_over) == ("pictures", "picture")
    assert p.floor < 1 / cap  # never decides instead of the cap


def test_folders_and_clips():
    for p in (indexed.PROTOCOL, folder.PROTOCOL):
        assert (p.min_depth, p.max_depth, p.crop, p.cap, p.cap_quantile) == (0, INF, None, None, 0.999)
    assert (indexed.PROTOCOL.reduction, folder.PROTOCOL.reduction) == ("sources", "pictures")
    p = clip.PROTOCOL
    assert (p.floor, p.clip, p.cap, p.max_depth, p.aligned_over, p.reduction) == (1e-3, 1e-3, 10, 10, "clip", "clips")
    assert da2k.PROTOCOL.reduction == "pairs"


def test_the_crop_of_nyu_to_the_pixel():
    scored = nyu.PROTOCOL.scored(np.ones((480, 640)), np.ones((480, 640), bool))
    expected = np.zeros((480, 640), bool)
    for row in range(45, 471):
        expected[row, 41:601] = True
    assert (scored == expected).all()
    assert scored.sum() == 426 * 560


@pytest.mark.parametrize("size", [(375, 1242), (370, 1224), (376, 1241), (370, 1226), (374, 1238)])
def test_the_crop_of_kitti_to_the_pixel(size):
    """KITTI's five sizes. In whole numbers: no rounding can hide in them."""
    (top, bottom), (left, right) = ((n * a // 10**8, n * b // 10**8) for n, a, b in zip(size, *GARG, strict=True))
    expected = np.zeros(size, bool)
    for row in range(top, bottom):
        expected[row, left:right] = True
    assert (kitti.PROTOCOL.scored(np.ones(size), np.ones(size, bool)) == expected).all()
    if size == (375, 1242):
        assert (top, bottom, left, right) == (153, 371, 44, 1197)


def test_ends_of_ranges():
    depth = np.array([[0.0, 1e-3, 0.0011, 9.999, 10.0, np.inf, np.nan, -1]])
    valid = np.ones(depth.shape, bool)
    no_crop = Protocol("x", "", "", min_depth=1e-3, max_depth=10)
    assert no_crop.scored(depth, valid).tolist() == [[False, False, True, True, False, False, False, False]]
    closed = Protocol("x", "", "", min_depth=1e-3, max_depth=10, closed=True)
    assert closed.scored(depth, valid).tolist() == [[False, True, True, True, True, False, False, False]]
    open_above = Protocol("x", "", "", closed=True)
    assert open_above.scored(depth, valid).tolist() == [[False, True, True, True, True, False, False, False]]
    valid[0, 3] = False
    assert not closed.scored(depth, valid)[0, 3]


def test_the_cap_of_a_picture_is_its_own_farthest_depth_but_for_a_thousandth():
    depth = np.ones(10_000)
    depth[:9] = 1000.0  # nine stray returns in ten thousand
    assert indexed.PROTOCOL.cap_of(depth) == 1
    depth[:11] = 1000.0
    assert indexed.PROTOCOL.cap_of(depth) == 1000
    assert nyu.PROTOCOL.cap_of(depth) == 10


def test_protocols_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        nyu.PROTOCOL.cap = 11
    other = nyu.PROTOCOL.aligned_by("median")
    assert "NOT as locked" in other.name and "median" in other.describe()
    assert {other.relative, other.relative_depth, other.metric} == {"median"}
    assert nyu.PROTOCOL.relative == "inverse-depth"


def test_a_description_says_everything_that_decides_a_number():
    said = kitti.PROTOCOL.describe()
    for words in ("652", "0.40810811", "0.96405229", "80", "0.001", "inverse-depth", "mean over pictures", "annotated"):
        assert words in said
    assert str(Crop(45, 471, 41, 601)) == "rows 45:471, columns 41:601"
    assert "99.9% quantile" in indexed.PROTOCOL.describe()
    assert "both orders" in da2k.PROTOCOL.describe()
