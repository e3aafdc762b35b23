"""What a run would take: decoding, the teacher and encoding measured on a sample here, and reckoned for others.

The reckoning is a division: each part of the work has a rate on the given machines, the least of them is the run's.
Nothing is added for machines that fail or lag; see `simulate`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from fathom.data.label_store import Job
from fathom.data.pool import Pool
from fathom.recipe.labelling.stages import PIECE, Piece, Refused
from fathom.recipe.labelling.work import Work

SAMPLE = 64  # pictures


@dataclass(frozen=True)
class Measured:
    """A picture's cost here, on average."""

    pictures: int  # in the sample
    quarantined: int
    decode: float  # seconds of one core; reading is not in it
    look: float  # seconds of this machine, or of its GPU: both views
    look_cpu: float  # seconds of one core that these took; next to nothing on a GPU
    encode: float  # seconds of one core
    picture_bytes: float
    label_bytes: float
    input_bytes: float  # of what goes from the decoder to the teacher


@dataclass(frozen=True)
class Machines:
    """All machines together."""

    cpus: int
    gpus: int = 0  # where there are none, the teacher shares the CPUs
    gpu_speed: float = 20.0  # of one GPU: how many times as fast as the teacher is here
    network: float = 10.0  # Gbit/s between them and where pictures and labels lie


@dataclass(frozen=True)
class Estimate:
    pictures: int
    rates: dict[str, float]  # pictures a second of each part, were it alone
    hours: float
    gpu_hours: float
    cpu_hours: float
    read_bytes: float
    written_bytes: float

    @property
    def bottleneck(self) -> str:
        return min(self.rates, key=self.rates.__getitem__)


def spread_over(pool: Pool, count: int) -> Pool:
    """Photos from all over the pool, or a few of its shards."""

    def some(names: tuple[str, ...], most: int) -> tuple[str, ...]:
        return names[:: max(1, len(names) // most)][:most]

    return replace(pool, photos=some(pool.photos, count), shards=some(pool.shards, max(1, count // PIECE)))


def measure(pool: Pool, work: Work, count: int = SAMPLE) -> Measured:
    """Label a sample and keep nothing. The first piece is for warming up: networks compile, disks wake.

    Raises:
        ValueError: none of the sample can be labelled, or the teacher cannot be had.
        OSError: the pool cannot be read.
    """
    decode, look, encode = work.decoder(), work.looker(), work.encoder()
    spent = {"decode": 0.0, "look": 0.0, "look_cpu": 0.0, "encode": 0.0}
    sizes = {"picture": 0, "label": 0, "input": 0}
    pictures = labels = 0
    sample = _sample(spread_over(pool, count), work)
    first = next(sample)
    look(decode(first))
    for piece in (first, *sample):
        at, wall = time.process_time(), time.perf_counter()
        decoded = decode(piece)
        spent["decode"] += time.process_time() - at
        at, wall = time.process_time(), time.perf_counter()
        seen = look(decoded)
        spent["look"] += time.perf_counter() - wall
        spent["look_cpu"] += time.process_time() - at
        at = time.process_time()
        encoded = encode(seen)
        spent["encode"] += time.process_time() - at
        pictures += len(piece.items)
        labels += sum(not isinstance(item, Refused) for _, item in encoded.items)
        sizes["picture"] += sum(len(item) for _, item in piece.items if not isinstance(item, Refused))
        sizes["label"] += sum(len(item) for _, item in encoded.items if not isinstance(item, Refused))
        for _, item in decoded.items:
            if not isinstance(item, Refused):
                sizes["input"] += sum(x.nbytes for x in (*item.inputs, item.guide) if x is not None)
    if not labels:
        raise ValueError(f"{pool.root}: none of {pictures} pictures can be labelled")
    each = {name: value / pictures for name, value in {**spent, **sizes}.items()}
    return Measured(
        pictures,
        pictures - labels,
        each["decode"],
        each["look"],
        each["look_cpu"],
        each["encode"],
        each["picture"],
        each["label"],
        each["input"],
    )


def _sample(pool: Pool, work: Work) -> Iterator[Piece]:
    """Of shards, the first piece each."""
    read = work.reader()
    if pool.shards:
        yield from (next(iter(read(Job("sample", shard)))) for shard in pool.shards)
    else:
        yield from read(Job("sample", names=pool.photos))


def estimate(measured: Measured, pictures: int, machines: Machines) -> Estimate:
    m, coding = measured, measured.decode + measured.encode
    if machines.gpus:
        rates = {
            "decoding and encoding": machines.cpus / coding,
            "teacher": machines.gpus * machines.gpu_speed / m.look,
        }
        gpu_seconds, cpu_seconds = m.look / machines.gpu_speed, coding
    else:
        rates = {"teacher, decoding and encoding on the CPUs": machines.cpus / (coding + m.look_cpu)}
        gpu_seconds, cpu_seconds = 0.0, coding + m.look_cpu
    rates["network"] = machines.network * 1e9 / 8 / (m.picture_bytes + m.label_bytes)
    return Estimate(
        pictures,
        rates,
        pictures / min(rates.values()) / 3600,
        pictures * gpu_seconds / 3600,
        pictures * cpu_seconds / 3600,
        pictures * m.picture_bytes,
        pictures * m.label_bytes,
    )


def advice(found: Estimate, measured: Measured, machines: Machines) -> str:
    """What to change, and by how much until something else is the bottleneck."""
    slow = found.bottleneck
    others = [rate for part, rate in found.rates.items() if part != slow]
    times = min(others) / found.rates[slow]
    until = f"up to {times:.1f} times as many are of use"
    if slow == "teacher":
        cpus = machines.cpus / times
        return f"more or faster GPUs: {until}; a smaller --size costs less; {cpus:.0f} CPUs would do as well"
    if slow == "network":
        return f"a faster network, or machines nearer to the store: {until.replace('many are', 'fast is')}"
    if slow == "decoding and encoding":
        return f"more CPUs: {until}; the GPUs are busy {1 / times:.0%} of the time"
    m = measured
    share = m.look_cpu / (m.look_cpu + m.decode + m.encode)
    return f"GPUs for the teacher, which takes {share:.0%} of the CPUs' time; or more CPUs: {until}"


def report(measured: Measured, found: Estimate, machines: Machines) -> str:
    """For a person."""
    m = measured
    fast = f" of {machines.gpu_speed:g} times this machine" if machines.gpus else ""
    lines = [
        f"measured here on {m.pictures} pictures, {m.quarantined} of which would be quarantined; of each:",
        f"  decode   {1000 * m.decode:8.1f} ms of a core",
        f"  teacher  {1000 * m.look:8.1f} ms, both views ({1000 * m.look_cpu:.1f} ms of a core)",
        f"  encode   {1000 * m.encode:8.1f} ms of a core",
        f"  {m.picture_bytes / 1e3:.0f} kB read, {m.label_bytes / 1e3:.0f} kB written, "
        f"{m.input_bytes / 1e3:.0f} kB from decoder to teacher",
        f"{found.pictures:,} photos on {machines.cpus} CPUs, {machines.gpus} GPUs{fast}, {machines.network:g} Gbit/s:",
        *(f"  {part}: {rate:,.0f} photos/s" for part, rate in found.rates.items()),
        f"  {found.hours:,.1f} hours, {found.gpu_hours:,.0f} GPU-hours, {found.cpu_hours:,.0f} CPU-hours",
        f"  {found.read_bytes / 1e12:.2f} TB read, {found.written_bytes / 1e12:.2f} TB of labels to store",
        f"  bottleneck: {found.bottleneck}; what helps: {advice(found, m, machines)}",
    ]
    return "\n".join(lines)
