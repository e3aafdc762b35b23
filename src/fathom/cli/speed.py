"""fathom speed: how fast a model is here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import tyro

from fathom.errors import UsageError, pick

PICTURE = (960, 1280)  # (H, W) of the picture that is made where none is given


@dataclass(frozen=True)
class Options:
    """Measure how fast a model is on this machine: latency, throughput, start-up, memory, share of the device's peak.

    What is compared runs in turn, so that other work on the machine slows all of it alike.
    """

    model: Annotated[str, tyro.conf.arg(aliases=["-m"])] = "nano"
    """A model's name, or the path of a checkpoint."""
    size: int | None = None
    """Shorter side of the network's input; the model's own if not given."""
    device: str = "auto"
    """Where to compute: auto, cpu, cuda or mps."""
    runtime: str = "auto"
    """What computes: auto, openvino, torch or onnx."""
    precision: str = "auto"
    """auto, float32, bfloat16 or float16."""
    against: str | None = None
    """transformers: the same weights there, in float32 and in 16 bits. ViTs only. Except at 518 x 518 its maps differ
    a little from the reference's and fathom's: it stretches the position embedding in another way."""
    batches: str = "1,2,4,8"
    """Numbers of pictures that the network sees together, with commas between."""
    picture: Path | None = None
    """A picture; one of 1280 x 960 is made if not given."""
    rounds: int = 20
    """How often each thing is timed."""
    json: bool = False
    """One JSON object instead of text."""


def main(options: Options) -> int:
    batches = batch_sizes(options.batches)
    if options.rounds < 1:
        raise UsageError(f"each thing is timed at least once, not {options.rounds} times")
    if options.against is not None:
        pick(options.against, ["transformers"], "library to compare with")
    from fathom.zoo import find

    weights = find(options.model)
    if options.against is not None:
        from fathom.bench.speed.peer import check

        check(weights)
    import fathom
    from fathom.bench.speed.clock import WARM_UP
    from fathom.bench.speed.measure import measure, picture, place
    from fathom.bench.speed.start import start
    from fathom.bench.speed.text import speed_text
    from fathom.picture import read
    from fathom.progress import progress

    how: dict[str, Any] = {
        "device": options.device,
        "runtime": options.runtime,
        "precision": options.precision,
        "size": options.size,
    }
    rgb = picture(*PICTURE) if options.picture is None else read(options.picture).rgb
    model = fathom.load(options.model, **how)  # first of all: what is wrong with the options is said here
    peers = {}
    if options.against is not None:
        from fathom.bench.speed.peer import Peer

        device, _ = place(model)
        for precision in ("float32", "bfloat16", "float16") if device == "cuda" else ("float32", "bfloat16"):
            peers[f"transformers, {precision}"] = Peer(weights, device, precision, model.size)
    started = start(rgb, {"name": options.model, **how})
    with progress(f"speed of {model.name}", WARM_UP + options.rounds, unit="round") as bar:
        speed = measure(model, weights, rgb, started, batches, options.rounds, peers, bar.advance)
    print(json.dumps(speed.record()) if options.json else speed_text(speed))
    return 0


def batch_sizes(text: str) -> list[int]:
    """Raises UsageError: they are not whole numbers from 1 up."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    if not words or not all(word.isascii() and word.isdigit() and int(word) > 0 for word in words):
        raise UsageError(f"batch sizes are whole numbers from 1 up with commas between, such as 1,2,4; not {text!r}")
    return list(dict.fromkeys(map(int, words)))
