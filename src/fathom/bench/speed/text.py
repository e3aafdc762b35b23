"""A measurement of speed as text: short tables that read well in a terminal and in Markdown."""

from __future__ import annotations

from fathom.bench.speed.clock import Timing
from fathom.bench.speed.measure import OURS, Speed


def speed_text(speed: Speed) -> str:
    start = speed.start
    facts = [
        f"{speed.model}: {speed.runtime}",
        f"{speed.machine}",
        f"picture {speed.picture[1]} x {speed.picture[0]}, network input {speed.input[1]} x {speed.input[0]}",
        f"new process: {start.total:.2f} s to the first map (Python {start.python:.2f}, load {start.load:.2f}, "
        f"first map {start.first:.2f}){_memory(speed)}",
    ]
    if speed.operations is not None:
        said = f"{speed.operations / 1e9:.1f} GFLOP a picture"
        if speed.peak is not None and speed.share is not None:
            said += f"; at best {speed.share:.0%} of {speed.peak.flops / 1e12:.3g} TFLOP/s ({speed.peak.source})"
        facts.append(said)
    sizes = list(speed.batches[OURS])
    head = ["", "network, p50 (p90)", "picture to map, p50 (p90)", *(f"batch of {n}" for n in sizes)]
    lines = [head, ["---"] * len(head)]
    for name in speed.network:
        rates = [f"{speed.pictures_per_second(name, n):.1f}/s" for n in sizes]
        lines.append([name, _times(speed.network[name]), _times(speed.whole[name]), *rates])
    for name in speed.apart:
        ratios = [f"{ratio:.2f}" for ratio in speed.times_as_fast(name).values()]
        lines.append([f"{OURS} is so many times as fast as {name}", *ratios])
    table = "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
    notes = [f"Maps of {name} differ by {off:.1e} of the range at most." for name, off in speed.apart.items()]
    return "\n".join([*facts, "", table, *(["", *notes] if notes else [])])


def _memory(speed: Speed) -> str:
    said = []
    if speed.start.megabytes is not None:
        said.append(f"{speed.start.megabytes:.0f} MB of memory")
    if speed.start.device_megabytes is not None:
        said.append(f"{speed.start.device_megabytes:.0f} MB on the device")
    return f", {' and '.join(said)} at most" if said else ""


def _times(timing: Timing) -> str:
    return f"{timing.median * 1e3:.1f} ms ({timing.percentile(90) * 1e3:.1f})"
