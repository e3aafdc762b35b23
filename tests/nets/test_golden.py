"""The networks against outputs of the published Depth Anything V2 code, read through its layout of names."""

from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
import torch
from formula import STRIDE, golden_net, picture_tensor

GOLDEN = np.load(Path(__file__).parent / "golden.npz")
kept_net = lru_cache(maxsize=1)(golden_net)


@pytest.mark.parametrize("entry", sorted(GOLDEN))
def test_network_gives_the_references_numbers(entry):
    network, size = entry.split("/")
    h, w = map(int, size.split("x"))
    with torch.inference_mode():
        ours = kept_net(network)(picture_tensor(h, w))[0, ::STRIDE, ::STRIDE].numpy()
    theirs = GOLDEN[entry]
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).max() < 5e-5 * np.ptp(theirs)


def test_no_entry_is_flat():
    """A network that is dead or saturated would agree with anything."""
    for entry in GOLDEN:
        assert np.ptp(GOLDEN[entry]) > 1, entry
