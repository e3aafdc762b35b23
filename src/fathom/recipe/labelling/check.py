"""Whether a store of labels is whole, and says the truth about itself."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from fathom.data.label_codec import decode_map
from fathom.data.label_store import SUFFIX, Job, LabelStore
from fathom.data.picture_shards import members_of
from fathom.data.shards import INDEX, Shard, name_of, read_index
from fathom.data.storage import Storage
from fathom.overlap import overlapped
from fathom.progress import progress

AHEAD = 2


@dataclass(frozen=True)
class Checked:
    labels: int
    quarantined: int
    faults: tuple[str, ...]  # each a sentence


def check(store: LabelStore, pool: str | None = None, workers: int = 2) -> Checked:
    """Read every label, and compare sizes, checksums, counts and keys with what the records and the plan say.

    Args:
        pool: where the pictures are, to compare with their shards too; loose photos are in the plan.

    Raises:
        ValueError: there is no store.
        OSError: it cannot be read.
    """
    if not store.about():
        raise ValueError(f"{store.storage.root}: is no store of labels")
    jobs = store.plan()
    listed, faults = _manifest(store, jobs)
    labels = quarantined = 0
    with ThreadPoolExecutor(workers) as threads, progress("checking", total=len(jobs), unit="shard") as bar:
        checked = overlapped(threads, lambda job: _checked(store, job, pool), jobs, AHEAD + workers)
        for job, (shard, found) in zip(jobs, checked, strict=True):
            faults += found
            if shard is not None:
                labels, quarantined = labels + shard.samples, quarantined + len(shard.skipped)
            if listed and listed.get(job.shard) != shard:
                faults.append(f"{store.storage.location(INDEX)}: does not say of {job.shard} what {job.record} says")
            bar.advance()
    return Checked(labels, quarantined, tuple(faults))


def _manifest(store: LabelStore, jobs: Sequence[Job]) -> tuple[dict[str, Shard], list[str]]:
    """The records of the manifest by their shards' files, and what is wrong with it."""
    where = store.storage.location(INDEX)
    try:
        listed = read_index(store.storage.read(INDEX), where)
    except FileNotFoundError:
        return {}, [f"{where}: is not there, so the run is unfinished"]
    except ValueError as error:
        return {}, [str(error)]
    same = [shard.file for shard in listed] == [job.shard for job in jobs]
    return {s.file: s for s in listed}, [] if same else [f"{where}: does not list the shards of the plan"]


def _checked(store: LabelStore, job: Job, pool: str | None) -> tuple[Shard | None, list[str]]:
    """The record of a shard, if there is one, and what is wrong with the shard."""
    shard, where = store.record(job), store.storage.location(job.shard)
    if shard is None:
        return None, [f"{where}: has no record, so it is unfinished"]
    try:
        data = store.storage.read(job.shard)
    except FileNotFoundError:
        return shard, [f"{where}: is gone"]
    if len(data) != shard.bytes or hashlib.sha256(data).hexdigest() != shard.sha256:
        return shard, [f"{where}: is not what was written: its size or its checksum differs"]
    keys, faults = [], []
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        for info in tar:
            keys.append(info.name.removesuffix(f".{SUFFIX}"))
            try:
                decode_map(data[info.offset_data : info.offset_data + info.size], f"{where}: {info.name}")
            except ValueError as error:
                faults.append(str(error))
    if len(keys) != shard.samples:
        faults.append(f"{where}: has {len(keys)} labels, {job.record} says {shard.samples}")
    wanted = _wanted(job, pool)
    accounted = sorted([*map(name_of, keys), *(s.name for s in shard.skipped)])
    if wanted is not None and accounted != sorted(wanted):
        faults.append(f"{where}: labels and quarantined are {len(accounted)} pictures, not the {len(wanted)} there are")
    return shard, faults


def _wanted(job: Job, pool: str | None) -> list[str] | None:
    """The names of the pictures that a shard accounts for, if they can be known."""
    if not job.pictures:
        return list(job.names)
    if pool is None:
        return None
    storage = Storage(pool)
    with storage.open(job.pictures) as file:
        return [name_of(member.key) for member in members_of(file, storage.location(job.pictures))]
