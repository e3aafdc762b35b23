"""A store of pseudo-labels: shards of labels with the keys of their pictures, and a record of each shard.

    labels.json           the teacher that made the labels, and how; written first
    plan.jsonl.gz         a line for each shard: its file, and the pictures that it labels; frozen when it is written
    000000.tar            <key>.label for each picture that has one, in the order of the plan (see `label_codec`)
    records/000000.json   of a shard that is whole: samples, bytes, sha256, and what was skipped, with the reason
    shards.json           the manifest: counts, and all records; written last
    quarantine.jsonl      every picture that got no label, with the reason: what the records say, in one place

Keys are those of the pictures' shards; of loose photos, the path in their folder (see `shards.key_of`). A shard's
record is written when the shard is there, so what has no record is to be done, and nothing else. The bytes of a shard
depend on its pictures and the teacher alone.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any

from fathom.data.shards import INDEX, Shard, Skipped
from fathom.data.storage import Storage

ABOUT, PLAN, RECORDS, QUARANTINE = "labels.json", "plan.jsonl.gz", "records", "quarantine.jsonl"
SUFFIX = "label"
FORMAT = "fathom labels 1"
AT_ONCE = 32  # records that are read at a time from an address


@dataclass(frozen=True)
class Job:
    """A line of the plan: one shard of labels."""

    shard: str  # its file in the store
    pictures: str = ""  # the shard of pictures that it labels; none if the photos are loose
    names: tuple[str, ...] = ()  # loose photos, by their paths in the pool

    @property
    def record(self) -> str:
        return f"{RECORDS}/{PurePosixPath(self.shard).stem}.json"


class LabelStore:
    """The files of a store, wherever it is.

    Args:
        root: a folder, which need not exist yet, or an address.
    """

    def __init__(self, root: str):
        self.storage = Storage(root)

    def about(self) -> dict[str, Any]:
        """What `labels.json` says; nothing if the store has not been begun.

        Raises:
            ValueError: it is damaged.
        """
        try:
            return json.loads(self.storage.read(ABOUT))
        except FileNotFoundError:
            return {}
        except ValueError:
            raise ValueError(f"{self.storage.location(ABOUT)}: is damaged") from None

    def begin(self, about: dict[str, Any], jobs: Sequence[Job]) -> None:
        """Write what is to be done: the plan, then what it is for. Both are there for good."""
        lines = "".join(json.dumps({k: v for k, v in asdict(job).items() if v}) + "\n" for job in jobs)
        self.storage.write(PLAN, gzip.compress(lines.encode(errors="surrogateescape"), 6, mtime=0))
        self.storage.write(ABOUT, json.dumps({"format": FORMAT, **about}, indent=1).encode())

    def plan(self) -> list[Job]:
        """Raises ValueError if it is damaged, OSError if it is not there."""
        try:
            text = gzip.decompress(self.storage.read(PLAN)).decode(errors="surrogateescape")
            lines = [json.loads(line) for line in text.splitlines()]
            return [Job(line["shard"], line.get("pictures", ""), tuple(line.get("names", ()))) for line in lines]
        except (EOFError, gzip.BadGzipFile, ValueError, KeyError):
            raise ValueError(f"{self.storage.location(PLAN)}: is damaged") from None

    def done(self, jobs: Iterable[Job]) -> dict[str, Shard]:
        """The records of the shards that are whole, by their files: there, and as large as their records say."""
        there = self.storage.sizes()
        written = [job for job in jobs if job.record in there and job.shard in there]
        with ThreadPoolExecutor(AT_ONCE if self.storage.remote else 1) as threads:
            records = threads.map(self.record, written)
            return {s.file: s for s in records if s is not None and there.get(s.file) == s.bytes}

    def record(self, job: Job) -> Shard | None:
        """None if there is none that can be read."""
        try:
            return Shard.from_json(json.loads(self.storage.read(job.record)))
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def write_shard(self, job: Job, members: Iterable[tuple[str, bytes]], skipped: Iterable[Skipped]) -> Shard:
        """Write a shard, then its record.

        Args:
            members: key and encoded label.
        """
        file, samples = io.BytesIO(), 0
        with tarfile.open(fileobj=file, mode="w") as tar:
            for key, label in members:
                info = tarfile.TarInfo(f"{key}.{SUFFIX}")
                info.size = len(label)
                tar.addfile(info, io.BytesIO(label))
                samples += 1
        data = file.getvalue()
        shard = Shard(job.shard, samples, len(data), hashlib.sha256(data).hexdigest(), tuple(skipped))
        self.storage.write(job.shard, data)
        self.storage.write(job.record, json.dumps(asdict(shard)).encode())
        return shard

    def finish(self, shards: Sequence[Shard]) -> None:
        """Write the manifest of a store that is whole."""
        labels, quarantined = sum(s.samples for s in shards), sum(len(s.skipped) for s in shards)
        about = {
            "pictures": labels + quarantined,
            "labels": labels,
            "quarantined": quarantined,
            "bytes": sum(s.bytes for s in shards),
            "shards": [asdict(s) for s in shards],
        }
        lines = "".join(json.dumps(asdict(skipped)) + "\n" for s in shards for skipped in s.skipped)
        self.storage.write(QUARANTINE, lines.encode())
        self.storage.write(INDEX, json.dumps(about, indent=1).encode())
