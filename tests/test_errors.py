import errno
from pathlib import Path

import numpy as np
import pytest

from fathom.errors import UsageError, pick, sentence
from fathom.intrinsics import Intrinsics


def raised(do):
    try:
        do()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def test_pick_offers_the_nearest_names_or_all():
    assert pick("nano", ["nano", "small"], "model") == "nano"
    with pytest.raises(UsageError, match="no model is called 'nanno'; did you mean nano"):
        pick("nanno", ["nano", "small"], "model")
    with pytest.raises(UsageError, match="there are nano, small"):
        pick("xyzzy", ["nano", "small"], "model")


def test_our_own_words_are_told():
    assert "between 0 and 180" in sentence(raised(lambda: Intrinsics.from_fov(4, 3, 180)))


def test_the_operating_systems_words_are_told():
    assert sentence(raised(Path("/nowhere/at/all").read_bytes)) == "/nowhere/at/all: no such file or directory"
    assert "no space left" in sentence(OSError(errno.ENOSPC, "x", "out.png"))


def test_bugs_are_not_told():
    assert sentence(raised(lambda: np.zeros(3) + np.zeros(4))) is None
    assert sentence(raised(lambda: Intrinsics(1, 1, 1, 1).scaled("a", None))) is None
    assert sentence(raised(lambda: 1 / 0)) is None
