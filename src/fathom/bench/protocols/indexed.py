"""Any folder with an index of pictures and ground truth."""

from fathom.bench.protocol import Protocol

PROTOCOL = Protocol(
    name="indexed folder",
    split="every record of index.json",
    mask="values that are finite, positive and not listed as invalid",
    # The cap is the picture's own farthest depth (MoGe's evaluation floors inverse depth at 1 / max(gt)), but for one
    # pixel in a thousand: a stray return of a LiDAR must not decide what the sky of a prediction costs.
    cap=None,
    cap_quantile=0.999,
    reduction="sources",
    source="the common protocol for affine-invariant inverse depth",
)
