"""What models exist: one record per set of weights, and how each architecture wants its pictures."""

from __future__ import annotations

from dataclasses import dataclass

from fathom.depth import Kind


@dataclass(frozen=True)
class Record:
    """One set of weights that has a name."""

    name: str
    architecture: str  # one of INPUTS, and of `fathom.nets.ARCHITECTURES`
    kind: Kind
    parameters: int
    licence: str
    about: str  # one line for a person choosing
    bundled: str | None = None  # the files' stem in zoo/bundled, for weights that come with the package


RECORDS: dict[str, Record] = {
    record.name: record
    for record in [
        Record(
            "nano",
            architecture="lite0",
            kind="relative",
            parameters=3_468_041,
            licence="Apache-2.0",
            about="small and fast, trained by fathom itself; runs without torch",
            bundled="nano",
        ),
    ]
}


@dataclass(frozen=True)
class Input:
    """How an architecture wants its pictures."""

    multiple: int  # both sides of the network's input are multiples of this
    mean: tuple[float, float, float]  # of RGB in 0..1
    std: tuple[float, float, float]
    antialias: bool  # average when shrinking; the reference code of Depth Anything does not


_LITE = Input(32, (127 / 255,) * 3, (128 / 255,) * 3, antialias=True)  # as `fathom.nets.efficientnet_lite` has it

INPUTS: dict[str, Input] = {"lite0": _LITE, "lite1": _LITE, "lite2": _LITE}
