"""fathom label: a teacher's pseudo-labels for a pool of photos."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Annotated, Literal

import tyro


@dataclass(frozen=True)
class Options:
    """Label every photo of a pool with the inverse depth that a teacher sees in it.

    A run that was stopped goes on when started again, on any number of machines, and ends with the same labels.
    Photos that cannot be labelled are named in quarantine.jsonl, with the reason, and the exit code is 1.
    """

    pool: tyro.conf.Positional[str]
    """Photos: a folder with its sub-folders, of photos or of WebDataset shards; its address (s3://...); or a .txt file
    with a path on each line."""
    out: tyro.conf.Positional[str | None] = None
    """Folder or address for the labels."""
    model: Annotated[tyro.conf.UseAppendAction[tuple[str, ...]], tyro.conf.arg(aliases=["-m"])] = ()
    """The teacher: a model's name, or the path of a checkpoint, which every machine must have. Repeat it for the mean
    of what several teachers see."""
    size: tyro.conf.UseAppendAction[tuple[int, ...]] = ()
    """Shorter side of the teacher's input; the model's own if not given. Repeat it for the mean of what is seen at
    several sizes: a better label for as many times the work."""
    detail: int | None = None
    """A larger size, at which the teacher looks once more: labels have the edges that it sees there, and the depth that
    it sees at the others."""
    edges: Literal["network", "picture"] = "network"
    """Where the edges of a label are: where the network draws them, or moved onto those of the photo, as is right for
    fathom's own small networks, whose edges are soft."""
    device: str = "auto"
    """Where the teacher runs: auto, cpu, cuda or mps."""
    engine: Literal["auto", "ray", "threads"] = "auto"
    """Processes of Ray, or threads of this one, which start at once; auto is Ray for 5,000 photos or more, if it is
    installed."""
    address: str | None = None
    """A Ray cluster to run on, as `ray start` prints it; without one, Ray runs on this machine."""
    teachers: int | None = None
    """How many teachers run at a time on Ray; one for each GPU, or for each machine without, if not given."""
    per_shard: int = 500
    """Labels of loose photos in each shard. Shards of photos have one shard of labels each."""
    check: bool = False
    """Verify the labels in OUT: all counts, checksums and every label; nothing is written."""
    plan: float | None = None
    """Measure a sample of POOL here, and say what so many photos would take; nothing is written."""
    cpus: int = 64
    """For --plan: cores of all machines together."""
    gpus: int = 8
    """For --plan: GPUs of all machines together; with 0, the teacher runs on the cores."""
    gpu_speed: float = 20.0
    """For --plan: how many times as fast as here the teacher is on one GPU; `fathom speed` measures both."""
    network: float = 10.0
    """For --plan: Gbit/s between the machines and where photos and labels lie."""


def main(options: Options) -> int:
    from fathom.errors import UsageError

    o = options
    if o.check and o.plan is not None:
        raise UsageError("--check and --plan do not go together")
    if o.plan is None and o.out is None:
        raise UsageError("where the labels go to is missing: fathom label POOL OUT")
    if not o.model and not o.check:
        raise UsageError("the teacher is missing: -m MODEL")
    if o.plan is not None:
        return _plan(o)
    return _check(o) if o.check else _label(o)


def _label(o: Options) -> int:
    from fathom.recipe.labelling.run import label, teacher_of

    assert o.out is not None
    teacher = teacher_of(o.model, o.device, o.size, o.detail, o.edges)
    result = label(
        o.pool,
        o.out,
        teacher,
        engine=o.engine,
        address=o.address,
        teachers=o.teachers,
        per_shard=o.per_shard,
    )
    print(f"{result.labels} labels in {o.out}", file=sys.stderr)
    if result.quarantined:
        where = f"{o.out.rstrip('/')}/quarantine.jsonl"
        print(f"{result.quarantined} photos could not be labelled: see {where}", file=sys.stderr)
    for failure in result.failures:
        print(failure, file=sys.stderr)
    return 1 if result.quarantined or result.failures else 0


def _check(o: Options) -> int:
    from fathom.data.label_store import LabelStore
    from fathom.data.labelled_shards import pool_storage
    from fathom.recipe.labelling.check import check

    assert o.out is not None
    found = check(LabelStore(o.out), pool_storage(o.pool).root)
    for fault in found.faults:
        print(fault, file=sys.stderr)
    verdict = f"{len(found.faults)} faults" if found.faults else "all of them sound"
    print(f"{found.labels} labels and {found.quarantined} quarantined photos in {o.out}, {verdict}", file=sys.stderr)
    return 1 if found.faults else 0


def _plan(o: Options) -> int:
    from fathom.data.pool import open_pool
    from fathom.errors import UsageError
    from fathom.recipe.labelling.estimate import Machines, estimate, measure, report
    from fathom.recipe.labelling.run import teacher_of
    from fathom.recipe.labelling.work import Work

    assert o.plan is not None
    for name, least in (("plan", 1), ("cpus", 1), ("gpus", 0)):
        if getattr(o, name) < least:
            raise UsageError(f"{name} is at least {least}, not {getattr(o, name):g}")
    for name in ("gpu_speed", "network"):
        if getattr(o, name) <= 0:
            raise UsageError(f"{name.replace('_', '-')} is above 0, not {getattr(o, name):g}")
    pool = open_pool(o.pool, o.out or "")
    machines = Machines(o.cpus, o.gpus, o.gpu_speed, o.network)
    measured = measure(pool, Work(pool.root, "", teacher_of(o.model, o.device, o.size, o.detail, o.edges)))
    print(report(measured, estimate(measured, int(o.plan), machines), machines))
    return 0
