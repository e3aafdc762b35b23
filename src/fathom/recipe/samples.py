"""The samples of a stage, and a fingerprint of which they are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from fathom.data.draws import Streamed
from fathom.data.labelled_shards import StreamedLabels
from fathom.data.labels import made_by, open_labelled
from fathom.data.sample import InMemory, Reduced, Sample, Source
from fathom.data.sources import fingerprint, open_samples
from fathom.files import short_hash
from fathom.recipe.stages import Metric, Stage, Student, Teacher

Samples = Source | Streamed


def sources_of(stage: Stage) -> list[Samples]:
    """The sets that a stage trains on, opened. Addresses, and folders of shards after `stream:`, are streamed.

    Raises:
        ValueError: it names none, or they are not there.
    """
    asked: tuple[str, ...] = getattr(stage, "data", ())
    if isinstance(stage, (Teacher, Metric)) and not asked:
        name = type(stage).__name__.lower()
        raise ValueError(f"the {name} needs pictures with depth: --data FOLDER (make one with: fathom render)")
    sets: list[Samples] = [opened(each) for each in asked]
    if isinstance(stage, Student):
        if stage.photos is None or stage.labels is None:
            raise ValueError("the student needs --photos POOL and --labels LABELS (made with: fathom label)")
        if stage.photos.startswith("stream:") or "://" in stage.photos:
            sets.insert(0, StreamedLabels(stage.photos.removeprefix("stream:"), stage.labels))
        else:
            sets.insert(0, open_labelled(stage.photos, stage.labels))
    if isinstance(stage, Metric):
        for name, samples in zip(asked, sets, strict=True):
            first = samples.open(0, 0, 1)[0] if isinstance(samples, Streamed) else samples[0]
            if not first.metric:
                raise ValueError(f"{name}: its depth is not in metres, which is what the metric stage learns")
    return sets


def opened(asked: str) -> Samples:
    if asked.startswith("stream:"):
        return Streamed(asked.removeprefix("stream:"))
    return Streamed(asked) if "://" in asked else open_samples(asked)


def prepared(sets: Sequence[Samples], stage: Stage) -> list[Sequence[Sample] | Streamed]:
    """The sets as batches are made of them. In memory, they are kept no larger than crops can show."""
    side = round(2 * stage.augmentation.crop / stage.augmentation.smallest)
    return [
        InMemory(Reduced(samples, side)) if stage.in_memory and not isinstance(samples, Streamed) else samples  # type: ignore[arg-type, misc]  # a source has what is needed of a sequence
        for samples in sets
    ]


def fingerprint_of(sets: Sequence[Samples], stage: Stage) -> str:
    """Of the names of all samples, and of how they were made."""
    of_sets = [str(each.shards) if isinstance(each, Streamed) else fingerprint(each) for each in sets]
    return short_hash(json.dumps([of_sets, origins(stage)]))


def origins(stage: Stage) -> dict:
    """What is known of how the data were made: the options of rendering, or the teacher of the labels."""
    known: dict = {}
    records = [Path(name) / "render.json" for name in getattr(stage, "data", ())]
    rendered = [json.loads(record.read_text()) for record in records if record.is_file()]
    if rendered:
        known["rendered"] = rendered
    if isinstance(stage, Student) and stage.labels is not None:
        known["labels"] = made_by(stage.labels)
    return known
