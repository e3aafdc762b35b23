"""The stages on Ray Data: processes on this machine, or on all machines of a cluster.

Rows are pieces of 16 pictures. Readers are tasks, one shard each; decoders, teachers and encoders are pools of actors;
Ray Data moves pieces between them and holds the stages before back when those after are busy. Pieces of a shard come
in any order to the gatherer that has it, an actor that writes it when it is whole. What dies is started anew by Ray;
what a gatherer takes with it has no record, and is done again in the next pass.
"""

from __future__ import annotations

import logging
import os
import pickle
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from fathom.data.label_store import Job
from fathom.errors import sentence
from fathom.recipe.labelling.stages import Encoder, Piece, Reader
from fathom.recipe.labelling.work import Outcome, Work

OBJECT_STORE = 512 << 20  # bytes of shared memory for pieces on the way, on this machine
PIECES_AT_ONCE = 1 << 20  # bytes after which Ray Data passes rows on
ROUND = 20_000  # shards that Ray Data is given at a time
READ_CPUS, DECODE_CPUS, LOOK_CPUS, ENCODE_CPUS = 0.25, 0.5, 0.5, 0.25  # that Ray counts for one of each


@dataclass(frozen=True)
class Failure:
    """What goes on in place of a piece that could not be made."""

    words: str
    errno: int | None = None
    final: bool = True  # it would fail again for every other piece


@contextmanager
def joined(address: str | None) -> Iterator[None]:
    """A cluster for as long as this lasts: the one at the address, or processes of this machine's own.

    Raises:
        ImportError: ray is not installed.
        OSError: there is no cluster at the address.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anybody
    if address is None:
        os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
        os.environ.setdefault("RAY_worker_niceness", "0")  # or they wait for whatever else this machine does
    try:
        import ray
        import ray.data
    except ImportError:
        raise ImportError("labelling on Ray needs another package: pip install 'fathom-depth[label]'") from None
    if ray.is_initialized():  # the caller's
        yield
        return
    how: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    if address is None:
        cores = max(2, os.cpu_count() or 2)
        how |= {"include_dashboard": False, "object_store_memory": OBJECT_STORE, "num_cpus": cores}
    try:
        ray.init(address=address or "local", **how)
    except ConnectionError as error:
        raise OSError(f"{address}: no Ray cluster can be joined there ({error})") from None
    try:
        yield
    finally:
        ray.shutdown()


def label_on_cluster(jobs: Sequence[Job], work: Work, teachers: int | None = None) -> Iterator[Outcome]:
    """Make the shards of `jobs` on the cluster that has been joined.

    Args:
        teachers: how many at a time; by default one for each GPU, or for each machine where there is none.

    Raises:
        OSError: the pool cannot be read, or the store cannot be written.
        ValueError: the teacher cannot be had on one of the machines.
    """
    for start in range(0, len(jobs), ROUND):
        yield from _round(jobs[start : start + ROUND], work, teachers)


def _round(jobs: Sequence[Job], work: Work, teachers: int | None) -> Iterator[Outcome]:
    import ray
    from ray.data import ActorPoolStrategy, TaskPoolStrategy

    cpus, gpus = int(ray.cluster_resources().get("CPU", 1)), int(ray.cluster_resources().get("GPU", 0))
    machines = sum(node["Alive"] for node in ray.nodes())
    teachers = teachers or gpus or machines
    looking: dict[str, Any] = {"num_cpus": LOOK_CPUS, "num_gpus": 1 if gpus else None}
    gatherer = ray.remote(num_cpus=0, max_restarts=-1, max_task_retries=-1, scheduling_strategy="SPREAD")(_Gatherer)
    gatherers: list[Any] = [gatherer.remote(work) for _ in range(max(1, teachers // 4))]

    def pool(most: int) -> ActorPoolStrategy:
        return ActorPoolStrategy(min_size=1, max_size=max(1, most), max_tasks_in_flight_per_actor=2)

    try:
        with _settings():
            rows: Any = ray.data.from_items(
                [{"piece": pickle.dumps(job)} for job in jobs], override_num_blocks=len(jobs)
            )
            # Few shards are begun at a time: what of them is not whole waits in a gatherer's memory.
            readers = TaskPoolStrategy(size=min(len(jobs), max(2, 2 * teachers)))
            rows = rows.flat_map(_Read(work.reader()), num_cpus=READ_CPUS, compute=readers)
            rows = rows.map(_Stage, fn_constructor_args=(work.decoder(),), num_cpus=DECODE_CPUS, compute=pool(cpus))
            rows = rows.map(_Stage, fn_constructor_args=(work.looker(),), compute=pool(teachers), **looking)
            rows = rows.map(
                _Finish, fn_constructor_args=(work.encoder(), gatherers), num_cpus=ENCODE_CPUS, compute=pool(cpus // 2)
            )
            for row in rows.iter_rows():
                outcome = pickle.loads(row["piece"])
                if isinstance(outcome, Outcome):
                    yield outcome
                elif not outcome.final:
                    yield Outcome(failure=outcome.words)
                elif outcome.errno is not None:
                    raise OSError(outcome.errno, outcome.words)
                else:
                    raise ValueError(outcome.words)
    finally:
        for actor in gatherers:
            ray.kill(actor)


@contextmanager
def _settings() -> Iterator[None]:
    """Ray Data's, for as long as this lasts."""
    from ray.data import DataContext

    logging.getLogger("ray.data").setLevel(logging.ERROR)
    context = DataContext.get_current()
    mine = {"enable_progress_bars": False, "target_max_block_size": PIECES_AT_ONCE}
    before = {name: getattr(context, name) for name in mine}
    for name, value in mine.items():
        setattr(context, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(context, name, value)


def _failure(error: OSError | ValueError, final: bool = True) -> Failure:
    """Raises the error again if it is a bug, whose traceback must be seen."""
    words = sentence(error)
    if words is None:
        raise error
    return Failure(words, error.errno if isinstance(error, OSError) else None, final)


class _Read:
    def __init__(self, read: Reader):
        self.read = read

    def __call__(self, row: dict) -> Iterable[dict]:
        try:
            for piece in self.read(pickle.loads(row["piece"])):
                yield {"piece": pickle.dumps(piece, protocol=5)}
        except (OSError, ValueError) as error:
            yield {"piece": pickle.dumps(_failure(error, final=isinstance(error, OSError)))}


class _Stage:
    """A stage as an actor of Ray Data's."""

    def __init__(self, stage: Any):
        self.stage = stage

    def __call__(self, row: dict) -> dict:
        piece = pickle.loads(row["piece"])
        if isinstance(piece, Piece):
            try:
                piece = self.stage(piece)
            except (OSError, ValueError) as error:
                piece = _failure(error)
        return {"piece": pickle.dumps(piece, protocol=5)}


class _Finish(_Stage):
    """Encodes, and waits until the gatherer has it."""

    def __init__(self, encode: Encoder, gatherers: Sequence[Any]):
        super().__init__(lambda piece: self._gather(encode(piece)))
        self.gatherers = gatherers

    def _gather(self, piece: Piece) -> Outcome | Failure:
        import ray

        mine = self.gatherers[crc32(piece.shard.encode()) % len(self.gatherers)]
        return pickle.loads(ray.get(mine.add.remote(pickle.dumps(piece, protocol=5))))


class _Gatherer:
    def __init__(self, work: Work):
        self.gatherer = work.gatherer()

    def add(self, data: bytes) -> bytes:
        """Outcome or Failure of a piece."""
        piece = pickle.loads(data)
        try:
            return pickle.dumps(Outcome(len(piece.items), self.gatherer.add(piece)))
        except OSError as error:
            return pickle.dumps(_failure(error))
