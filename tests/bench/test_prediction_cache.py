"""Predictions are made once, and a run goes on where it stopped."""

import numpy as np
import pytest

from fathom.bench.cache import PredictionCache, default_folder, picture_fingerprint
from fathom.bench.protocol import Protocol
from fathom.bench.run import run
from fathom.bench.suite import Case, DepthSuite, Frame
from fathom.bench.truth import GroundTruth

RNG = np.random.default_rng(9)
PICTURES = RNG.integers(0, 256, (4, 6, 8, 3), dtype=np.uint8)


class Counting:
    name, kind = "counting", "metric"

    def __init__(self, fingerprint="abc", fails_at=None):
        self.fingerprint, self.fails_at, self.asked = fingerprint, fails_at, 0

    def __call__(self, rgb):
        self.asked += 1
        if self.asked == self.fails_at:
            raise KeyboardInterrupt
        return 1 + rgb[..., 0] / 255


def suite():
    cases = [Case(str(i), "s", (Frame(str(i), lambda i=i: PICTURES[i]),)) for i in range(4)]
    truth = GroundTruth(np.full((6, 8), 2.0), np.ones((6, 8), bool))
    return DepthSuite("s", Protocol("p", "", ""), cases, lambda case: truth)


def test_a_stopped_run_goes_on(tmp_path):
    first = Counting(fails_at=3)
    with pytest.raises(KeyboardInterrupt):
        run(suite(), first, PredictionCache(tmp_path))
    second, cache = Counting(), PredictionCache(tmp_path)
    resumed = run(suite(), second, cache)
    assert (second.asked, cache.reused, cache.predicted) == (2, 2, 2)
    assert resumed.scores == run(suite(), Counting(), PredictionCache(None)).scores


def test_metrics_are_run_again_without_the_network(tmp_path):
    run(suite(), Counting(), PredictionCache(tmp_path))
    again = Counting()
    run(suite().aligned_by("median"), again, PredictionCache(tmp_path))
    assert again.asked == 0


def test_other_weights_and_other_pictures_are_other_predictions(tmp_path):
    run(suite(), Counting("abc"), PredictionCache(tmp_path))
    other = Counting("abd")
    run(suite(), other, PredictionCache(tmp_path))
    assert other.asked == 4
    a = PICTURES[0]
    b = a.copy()
    b[0, 0, 0] ^= 1
    assert len({picture_fingerprint(x) for x in (a, b, a.reshape(8, 6, 3), a[:, ::-1])}) == 4


def test_a_model_without_fingerprint_is_always_asked(tmp_path):
    model = Counting(None)
    for _ in range(2):
        run(suite(), model, PredictionCache(tmp_path))
    assert model.asked == 8 and not any(tmp_path.iterdir())


@pytest.mark.parametrize("damage", [b"", b"\x93NUMPY", b"nothing"])
def test_a_damaged_file_is_made_again(tmp_path, damage):
    run(suite(), Counting(), PredictionCache(tmp_path))
    path = next(tmp_path.rglob("*.npy"))
    good = path.read_bytes()
    path.write_bytes(damage)
    model = Counting()
    run(suite(), model, PredictionCache(tmp_path))
    assert model.asked == 1 and path.read_bytes() == good


def test_a_map_of_another_size_is_an_error():
    model = Counting()
    model.__class__ = type("Small", (Counting,), {"__call__": lambda self, rgb: np.ones((2, 2))})
    with pytest.raises(ValueError, match=r"counting gave an array of shape \(2, 2\) for 0, which is 6x8"):
        run(suite(), model, PredictionCache(None))


def test_the_default_place_is_fathoms_own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("FATHOM_CACHE", str(tmp_path))
    assert default_folder() == tmp_path / "bench"
