"""A run: everything that the plan has and the store has not, until the store is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, TypeAlias

from fathom import enlarge
from fathom.data.label_codec import BITS
from fathom.data.label_store import Job, LabelStore
from fathom.data.pool import open_pool
from fathom.data.shards import Shard
from fathom.data.storage import absolute
from fathom.detail import BLUR, RADIUS, WIDER
from fathom.errors import UsageError
from fathom.predict import Model, load, refuse_detail, refuse_size
from fathom.progress import progress
from fathom.recipe.labelling.here import label_here
from fathom.recipe.labelling.plan import frozen_plan
from fathom.recipe.labelling.stages import PIECE, Teacher
from fathom.recipe.labelling.work import Outcome, Work
from fathom.zoo import Weights, find
from fathom.zoo.records import INPUTS, RECORDS

Engine = Literal["auto", "ray", "threads"]
Edges = Literal["network", "picture"]
Outcomes: TypeAlias = "Callable[[Sequence[Job]], Iterator[Outcome]]"
PER_SHARD = 500  # loose photos
WORTH_RAY = 5_000  # photos: Ray's processes take seconds to start, see benchmarks/results/label_overhead.md
PASSES = 5  # in a row in which no shard becomes whole


@dataclass(frozen=True)
class Result:
    labels: int
    quarantined: int
    failures: tuple[str, ...] = ()  # shards of pictures that cannot be read


def teacher_of(
    models: Sequence[str],
    device: str = "auto",
    sizes: Sequence[int] = (),
    detail: int | None = None,
    edges: Edges = "network",
) -> Teacher:
    """The models that `fathom.load` would load, not loaded yet, as one teacher.

    Args:
        sizes: at which they look; without, at the first one's own.
        detail: a larger one, at which they look for edges; see `label_of`.
        edges: "picture" moves those of the labels onto the photo's, see `fathom.enlarge.enlarge_guided`.

    Raises:
        UsageError: no model has that name, they do not take the same pictures, or a size is out of range.
        ValueError, OSError: one is metric, or cannot be had.
    """
    from fathom.files import short_hash

    for size in sizes:
        refuse_size(size)
    found = [find(model) for model in models]
    for each in found:
        if each.card.kind != "relative":
            raise ValueError(
                f"{each.name} is metric; labels are inverse depth, so the teacher must be a relative model"
            )
    inputs = [INPUTS[each.card.architecture] for each in found]
    if any(other != inputs[0] for other in inputs):
        raise UsageError("teachers that look together must be of one kind: all Lites, or all ViTs")
    fingerprints = [_fingerprint(each) for each in found]
    places = [_absolute(model) for model in models]
    networks = tuple(partial(_opened, *each, device) for each in zip(places, fingerprints, strict=True))
    sizes = tuple(sorted(set(sizes))) or (found[0].card.size,)
    if detail is not None:
        refuse_detail(detail, sizes[-1], inputs[0].multiple)
    name = " + ".join(each.name for each in found)
    together = fingerprints[0] if len(found) == 1 else short_hash("".join(fingerprints))
    return Teacher(name, together, sizes, inputs[0], networks, detail, edges == "picture")


def _fingerprint(weights: Weights) -> str:
    """Of the files, and of what they are taken for: weights of one architecture may load into another."""
    from fathom.files import files_digest, short_hash

    return short_hash(f"{files_digest(weights.files)} {weights.card.architecture}")


def _absolute(model: str) -> str:
    """The same name, path or NAME=PATH, from wherever it is looked at."""
    name, equals, path = model.rpartition("=")
    return model if model in RECORDS or not Path(path).exists() else f"{name}{equals}{Path(path).absolute()}"


def _opened(name_or_path: str, fingerprint: str, device: str) -> Model:
    """On the machine that it is to run on, where other weights may lie at the same path."""
    if _fingerprint(find(name_or_path)) != fingerprint:
        raise ValueError(f"{name_or_path}: is another teacher on this machine than where the run was started")
    return load(name_or_path, device=device)


def label(
    pool: str,
    out: str,
    teacher: Teacher,
    *,
    engine: Engine = "auto",
    address: str | None = None,
    teachers: int | None = None,
    per_shard: int = PER_SHARD,
) -> Result:
    """Label every picture of `pool` into the store `out`; shards that are whole already are kept.

    Args:
        engine: "threads" of this process, or the processes of "ray"; "auto" is Ray if it is installed and there is
            enough to do, or an address is given.
        address: of a Ray cluster to run on.
        teachers: how many to run at a time on Ray; see `label_on_cluster`.
        per_shard: how many loose photos have their labels in one shard.

    Raises:
        ValueError: no pictures, or labels of another teacher in `out`.
        OSError: the pool cannot be read, or the store cannot be written: started again, it goes on.
    """
    if per_shard < 1:
        raise UsageError(f"per-shard is at least 1, not {per_shard}")
    if address is not None and engine == "threads":
        raise UsageError("threads are of this process: --address and --engine threads do not go together")
    pictures = open_pool(pool, out)
    store = LabelStore(out)
    about = {
        "teacher": teacher.name,
        "fingerprint": teacher.fingerprint,
        "sizes": list(teacher.sizes),
        "detail": teacher.detail,
        "detail by": None
        if teacher.detail is None
        else f"a guide softened by {BLUR} pixels, in windows of {RADIUS} and {WIDER}",
        "edges": f"the picture's, softened by {enlarge.BLUR} pixels" if teacher.guided else None,
        "views": ["as is", "mirrored"],
        "bits": BITS,
        "piece": PIECE,
    }
    jobs = frozen_plan(store, pictures, about, per_shard)
    done = store.done(jobs)
    failures: set[str] = set()
    with ExitStack() as stack:
        todo = [job for job in jobs if job.shard not in done]
        if todo:
            work = Work(absolute(pictures.root), absolute(out), teacher, BITS)  # Ray's processes start elsewhere
            outcomes = _engine(engine, address, todo, work, teachers, stack)
            _until_whole(todo, outcomes, store, done, failures, len(jobs))
    if not failures:
        store.finish([done[job.shard] for job in jobs])
    labels = sum(shard.samples for shard in done.values())
    return Result(labels, sum(len(shard.skipped) for shard in done.values()), tuple(sorted(failures)))


def _engine(
    engine: Engine, address: str | None, todo: Sequence[Job], work: Work, teachers: int | None, stack: ExitStack
) -> Outcomes:
    """What makes jobs into outcomes; until the stack is left."""
    many = sum(len(job.names) or PER_SHARD for job in todo) >= WORTH_RAY  # what is in shards can only be guessed
    wanted = engine == "ray" or address is not None or (engine == "auto" and many and find_spec("ray") is not None)
    if not wanted:
        return lambda jobs: label_here(jobs, work)
    from fathom.recipe.labelling.cluster import joined, label_on_cluster

    stack.enter_context(joined(address))
    return lambda jobs: label_on_cluster(jobs, work, teachers)


def _until_whole(
    todo: list[Job], outcomes_of: Outcomes, store: LabelStore, done: dict[str, Shard], failures: set[str], total: int
) -> None:
    """Passes over what is not whole: one, unless something died that had part of a shard."""
    idle = 0
    with progress("labelling", total=total, done=total - len(todo), unit="shard") as bar:
        while todo and idle < PASSES and not (failures and idle):
            before = len(done)
            failures.clear()
            for outcome in outcomes_of(todo):
                if outcome.failure:
                    failures.add(outcome.failure)
                if outcome.shard is not None and outcome.shard.file not in done:
                    done[outcome.shard.file] = outcome.shard
                    bar.advance()
            todo = [job for job in todo if job.shard not in done]
            if todo:  # whoever was to say that a shard is whole may have died, too
                found = store.done(todo)
                done.update(found)
                bar.advance(len(found))
                todo = [job for job in todo if job.shard not in done]
            idle = 0 if len(done) > before else idle + 1
    if todo and not failures:
        raise OSError(f"{todo[0].shard} and {len(todo) - 1} other shards could not be finished, {PASSES} times over")
