"""Networks in 8 bits: on a CPU about half the time of float32, for maps that are off by a few percent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from fathom.runtime.silent_openvino import silence

if TYPE_CHECKING:
    from fathom.zoo.cards import Card

PHOTOS = 300  # that the ranges of the activations are taken from; more make no difference


def quantised(model: Any, card: Card, inputs: Sequence[np.ndarray]) -> Any:
    """The `openvino.Model` with weights and activations in 8 bits, by NNCF's quantisation after training.

    Args:
        inputs: network inputs float32 (1, 3, h, w) of pictures such as the network will see.

    Raises:
        ImportError: nncf is not installed.
    """
    with silence():
        try:
            import nncf
        except ImportError:
            raise ImportError("8 bits need another package: pip install nncf") from None
    nncf.set_log_level(40)  # errors only
    transformer = nncf.ModelType.TRANSFORMER if card.architecture.startswith("vit") else None
    data = nncf.Dataset(list(inputs))
    return nncf.quantize(
        model, data, subset_size=len(inputs), model_type=transformer, preset=nncf.QuantizationPreset.MIXED
    )
