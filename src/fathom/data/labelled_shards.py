"""Photos with the labels of a store: by random access, or streamed shard by shard.

The photos are those that the store's plan names: loose files, or shards of pictures with the same keys.
"""

from __future__ import annotations

import io
import tarfile
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from itertools import accumulate
from pathlib import Path

from fathom.data.draws import Streamed
from fathom.data.label_codec import decode_map, enlarged
from fathom.data.label_store import SUFFIX, Job, LabelStore
from fathom.data.picture_shards import members_of
from fathom.data.pool import open_pool
from fathom.data.sample import Sample
from fathom.data.shards import INDEX, Entry, Shard, Span, key_of, name_of, read_index, refuse_other_count
from fathom.data.storage import Storage
from fathom.data.stream import ShardStream
from fathom.picture import read

KEPT = 64  # shards whose entries are remembered


class LabelledShards(Sequence[Sample]):
    """The photos that have a label, in the order of the store's plan.

    Args:
        photos: the pool that was labelled: a folder, an address, or a list of files.
        labels: the store, a folder or an address.

    Raises:
        ValueError: the store is not whole, or has no labels.
        OSError: it cannot be read.
    """

    def __init__(self, photos: str | Path, labels: str | Path):
        self.pool, self.store = pool_storage(str(photos)), LabelStore(str(labels))
        self.shards, self.jobs = manifest(self.store)
        self.ends = list(accumulate(shard.samples for shard in self.shards))
        self._entries: OrderedDict[int, list[Entry]] = OrderedDict()

    def __len__(self) -> int:
        return self.ends[-1]

    @cached_property
    def names(self) -> list[str]:
        """Of all samples; where they are in shards, every shard of labels is looked through."""
        names: list[str] = []
        for job, shard in zip(self.jobs, self.shards, strict=True):
            if job.pictures:
                with self.store.storage.open(job.shard) as file:
                    names += [name_of(key) for key in _labels(file, self.store.storage.location(job.shard))]
            else:
                skipped = {s.name for s in shard.skipped}
                names += [name for name in job.names if name not in skipped]
        return names

    def __getitem__(self, index):
        """Raises ValueError, naming shard and key, if it is damaged; OSError if it cannot be read."""
        job, entry = self._locate(index)
        assert entry.geometry is not None
        where = f"{self.store.storage.location(job.shard)}: {entry.key}"
        return labelled_sample(
            entry.key, self._picture(job, entry), self.store.storage.read_span(job.shard, *entry.geometry), where
        )

    def picture_bytes(self, index: int) -> tuple[str, bytes]:
        """A sample's picture as it lies on disk: the file's suffix, and what is in it."""
        job, entry = self._locate(index)
        return entry.suffix, self._picture(job, entry)

    def _picture(self, job: Job, entry: Entry) -> bytes:
        if entry.picture is None:
            return self.pool.read(name_of(entry.key))
        return self.pool.read_span(job.pictures, *entry.picture)

    def _locate(self, index: int) -> tuple[Job, Entry]:
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        index %= len(self)
        shard = bisect_right(self.ends, index)
        return self.jobs[shard], self._of_shard(shard)[index - self.ends[shard] + self.shards[shard].samples]

    def _of_shard(self, shard: int) -> list[Entry]:
        if shard not in self._entries:
            job = self.jobs[shard]
            with self.store.storage.open(job.shard) as file:
                labels = _labels(file, self.store.storage.location(job.shard))
            pictures: dict[str, tuple[str, Span | None]]
            if job.pictures:
                where = self.pool.location(job.pictures)
                with self.pool.open(job.pictures) as file:
                    pictures = {member.key: (member.suffix, member.span) for member in members_of(file, where)}
            else:
                where, pictures = self.pool.root, {key_of(name): (Path(name).suffix, None) for name in job.names}
            entries = _paired(labels, pictures, where)
            refuse_other_count(entries, self.shards[shard], self.store.storage.location(job.shard))
            self._entries[shard] = entries
            while len(self._entries) > KEPT:
                self._entries.popitem(last=False)
        return self._entries[shard]


class LabelledStream(ShardStream):
    """Photos with their labels by position, as `ShardStream` has it: each shard is read once an epoch.

    Args:
        photos, labels: see `LabelledShards`.
        seed, window, rank, world: see `ShardStream`.

    Raises:
        ValueError: the store is not whole, or has fewer labels than processes.
        OSError: it cannot be read.
    """

    def __init__(
        self, photos: str | Path, labels: str | Path, seed: int = 0, window: int = 4, rank: int = 0, world: int = 1
    ):
        self.pool, self.store = pool_storage(str(photos)), LabelStore(str(labels))
        shards, jobs = manifest(self.store)
        self.jobs = {job.shard: job for job in jobs}
        super().__init__(labels, seed, window, rank, world)
        assert [shard.file for shard in self.shards] == [shard.file for shard in shards]

    def _sample(self, entry: Entry, data: bytes, location: str) -> Sample:
        assert entry.picture is not None and entry.geometry is not None
        picture, label = (data[start : start + size] for start, size in (entry.picture, entry.geometry))
        return labelled_sample(entry.key, picture, label, f"{location}: {entry.key}")

    def _read(self, shard: int) -> tuple[bytes, list[Entry]]:
        """The bytes of the pictures and after them of the labels, and where each is."""
        location, record = self._location(shard), self.shards[shard]
        labels = self.store.storage.read(record.file)
        if len(labels) != record.bytes:
            raise ValueError(f"{location}: has {len(labels)} bytes, not {record.bytes} as {INDEX} says")
        spans = _labels(io.BytesIO(labels), location)
        pictures, found = self._pictures(self.jobs[record.file], list(spans))
        entries = [
            replace(entry, geometry=(entry.geometry[0] + len(pictures), entry.geometry[1]))
            for entry in _paired(spans, found, location)
            if entry.geometry is not None
        ]
        refuse_other_count(entries, record, location)
        return pictures + labels, entries

    def _pictures(self, job: Job, keys: list[str]) -> tuple[bytes, dict[str, tuple[str, Span | None]]]:
        """The pictures of a shard in one piece, and where in it each is."""
        found: dict[str, tuple[str, Span | None]] = {}
        if job.pictures:
            data = self.pool.read(job.pictures)
            for member in members_of(io.BytesIO(data), self.pool.location(job.pictures)):
                found[member.key] = (member.suffix, member.span)
            return data, found
        files, start = [], 0
        for key in keys:
            files.append(self.pool.read(name_of(key)))
            found[key] = (Path(name_of(key)).suffix, (start, len(files[-1])))
            start += len(files[-1])
        return b"".join(files), found


class StreamedLabels(Streamed):
    """Photos with their labels for `Batches`, to be read one shard after the other.

    Args:
        photos, labels: see `LabelledShards`.
        window: see `Streamed`.

    Raises:
        ValueError, OSError: see `LabelledStream`.
    """

    def __init__(self, photos: str, labels: str, window: int = 4):
        self.photos, self.source, self.window = photos, labels, window
        stream = LabelledStream(photos, labels)
        self.shards, self.samples = stream.shards, stream.ends[-1]

    def open(self, seed: int, lane: int, lanes: int) -> ShardStream:
        return LabelledStream(self.photos, self.source, seed, self.window, lane, lanes)


def pool_storage(photos: str) -> Storage:
    """Where the photos of a pool are: a list of files means the folder that they have in common."""
    return Storage(open_pool(photos).root if photos.endswith(".txt") else photos)


def manifest(store: LabelStore) -> tuple[list[Shard], list[Job]]:
    """The shards of a store that is whole, those without a label left out, and what each labels.

    Raises:
        ValueError: it is not whole, or has no label.
    """
    where = store.storage.location(INDEX)
    try:
        shards = read_index(store.storage.read(INDEX), where)
    except FileNotFoundError:
        raise ValueError(f"{where}: is not there, so the labels are unfinished: go on with fathom label") from None
    jobs = {job.shard: job for job in store.plan()}
    if not sum(shard.samples for shard in shards):
        raise ValueError(f"{where}: has no labels")
    return shards, [jobs[shard.file] for shard in shards]


def labelled_sample(key: str, picture: bytes, label: bytes, where: str) -> Sample:
    """A photo and its label as the student takes them.

    Raises:
        ValueError: one is damaged, or they do not belong together.
    """
    rgb = read(picture, name=where).rgb  # as the teacher saw it: upright, the same grey, on the same white
    found = decode_map(label, where)
    if found.picture_size != rgb.shape[:2]:
        raise ValueError(f"{where}: the label is of a picture of {found.picture_size}, this is {rgb.shape[:2]}")
    values, known = enlarged(found)
    return Sample(name_of(key), rgb, values, known, metric=False)


def _labels(file, where: str) -> dict[str, Span]:
    """Where the labels of a shard are, by their keys."""
    try:
        with tarfile.open(fileobj=file, mode="r:") as tar:
            return {info.name.removesuffix(f".{SUFFIX}"): (info.offset_data, info.size) for info in tar}
    except tarfile.TarError as error:
        raise ValueError(f"{where}: is not a shard of labels, or cut short ({error})") from None


def _paired(labels: dict[str, Span], pictures: dict[str, tuple[str, Span | None]], where: str) -> list[Entry]:
    missing = next((key for key in labels if key not in pictures), None)
    if missing is not None:
        raise ValueError(f"{where}: has no picture {missing}, which the store has a label for: is it the same pool?")
    return [Entry(key, pictures[key][1], pictures[key][0], span) for key, span in labels.items()]
