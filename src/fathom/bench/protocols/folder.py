"""fathom's own folder format: rendered pictures, or any others with depth."""

from fathom.bench.protocol import Protocol

PROTOCOL = Protocol(
    name="fathom folder",
    split="every picture of the folder",
    mask="known depth, without the sky",
    cap=None,
    cap_quantile=0.999,  # as for an indexed folder
    reduction="pictures",
    source="the common protocol for affine-invariant inverse depth",
)
