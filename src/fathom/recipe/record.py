"""What made a run: written beside its checkpoints, and compared when it is resumed."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from fathom.recipe.samples import origins
from fathom.recipe.stages import Metric, Stage
from fathom.zoo.cards import Card

# May differ when a run goes on: where and how it is computed, not what.
FREE = {"run", "device", "strategy", "checkpointing", "compile", "keep", "broken", "licence"}
FREE |= {"checkpoint_every", "validate", "validate_every"}
FREE |= {"data", "photos", "labels", "encoder"}  # where they lie; the fingerprint says which they are
FREE_UNLESS_STREAMED = {"devices", "nodes", "accumulate", "workers"}  # streams are dealt out to so many readers


def describe(stage: Stage, fingerprint: str, streamed: bool = False) -> dict:
    """The stage, its config, and its data."""
    free = FREE if streamed else FREE | FREE_UNLESS_STREAMED
    config = {name: value for name, value in asdict(stage).items() if name not in free}
    config = json.loads(json.dumps(config, default=str))
    return {"stage": type(stage).__name__.lower(), "config": config, "data": fingerprint, "from": origins(stage)}


def refuse_another(before: dict, now: dict, run: Path) -> None:
    """Raises ValueError if the run that is in the folder is not the one asked for."""
    different = [k.replace("_", "-") for k, v in now["config"].items() if before["config"].get(k) != v]
    different = [what for what in ("stage", "data") if before[what] != now[what]] or different
    if different:
        names = ", ".join(different)
        raise ValueError(f"{run} holds a run made with another {names}: use what it was made with, or another folder")


def card_of(stage: Stage, description: dict, step: int) -> Card:
    """The card of a checkpoint."""
    max_depth = stage.max_depth if isinstance(stage, Metric) else None
    kind = "relative" if max_depth is None else "metric"
    origin = {**description, "step": step}
    return Card(stage.architecture, kind, stage.augmentation.crop, max_depth, stage.licence, origin)  # type: ignore[arg-type]
