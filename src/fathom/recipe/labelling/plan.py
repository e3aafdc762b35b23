"""Which pictures go into which shard of labels: a function of the pool's listing, frozen when a store is begun."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fathom.data.label_store import ABOUT, FORMAT, Job, LabelStore
from fathom.data.pool import Pool


def planned(pool: Pool, per_shard: int, jobs: Sequence[Job] = ()) -> list[Job]:
    """The jobs there are, and after them those for what the pool has besides.

    Shards of pictures have one shard of labels each, of the same name; loose photos, sorted, go `per_shard` at a time
    into 000000.tar, 000001.tar and so on.

    Raises:
        ValueError: two shards of pictures would share their labels' name.
    """
    if pool.shards:
        old = {job.pictures for job in jobs}
        new = [Job(shard.replace("/", "__"), shard) for shard in pool.shards if shard not in old]
    else:
        known = {name for job in jobs for name in job.names}
        photos = [name for name in pool.photos if name not in known]
        groups = [tuple(photos[i : i + per_shard]) for i in range(0, len(photos), per_shard)]
        new = [Job(f"{len(jobs) + i:06d}.tar", names=group) for i, group in enumerate(groups)]
    every = [*jobs, *new]
    files: dict[str, Job] = {}
    for job in every:
        if (other := files.setdefault(job.shard, job)) is not job:
            raise ValueError(f"{other.pictures} and {job.pictures} would both have their labels in {job.shard}")
    return every


def frozen_plan(store: LabelStore, pool: Pool, about: dict[str, Any], per_shard: int) -> list[Job]:
    """The plan of a store, which is begun if it has not been. What the pool has got since is added at its end.

    Raises:
        ValueError: the store has labels of another teacher, or of another kind of pool.
    """
    where = store.storage.root
    before = store.about()
    if before and before.get("format") != FORMAT:
        raise ValueError(f"{where}: has labels in another format, one file each: give an empty folder")
    others = [key for key, value in about.items() if before and before.get(key) != value and key != "teacher"]
    if "fingerprint" in others:
        raise ValueError(f"{where}: has labels of another teacher ({before.get('teacher')}): give an empty folder")
    if others:
        said = ", ".join(f"{key} {before.get(key)} and not {about[key]}" for key in others)
        raise ValueError(f"{where}: has labels that were made otherwise ({said}): give an empty folder")
    jobs = store.plan() if before else []
    if jobs and bool(jobs[0].pictures) != bool(pool.shards):
        raise ValueError(f"{where}: labels {'shards' if jobs[0].pictures else 'photos'}, and {pool.root} has others")
    every = planned(pool, per_shard, jobs)
    if not before and store.storage.exists(ABOUT):  # begun by another process in between
        return frozen_plan(store, pool, about, per_shard)
    if len(every) > len(jobs):
        store.begin(about, every)
    return every
