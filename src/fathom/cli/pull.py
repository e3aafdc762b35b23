"""fathom pull: weights onto this disk, verified."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import tyro

from fathom.errors import UsageError, pick
from fathom.zoo.records import BACKBONES, RECORDS

# By the names of the models that are trained from them.
ENCODERS = {f"dinov2-{size}": vit for size, vit in zip(("small", "base", "large", "giant"), BACKBONES, strict=True)}


@dataclass(frozen=True)
class Options:
    """Fetch the weights of models, verify them, and say what they may be used for.

    Models fetch their weights themselves when they are first used; this is for doing it beforehand. What was
    interrupted goes on where it was.
    """

    models: tyro.conf.Positional[tuple[str, ...]]
    """Names of models, see fathom models; dinov2-small, -base, -large or -giant for the encoders to train from."""
    commercial_only: bool = False
    """Refuse weights that are not, or may not be, free for commercial use. FATHOM_COMMERCIAL_ONLY=1 does so, too."""
    json: bool = False
    """One JSON line per model on standard output."""


def main(options: Options) -> int:
    from fathom.zoo.policy import permitted

    names = [*RECORDS, *ENCODERS]
    if not options.models:
        raise UsageError(f"no model given; there are {', '.join(names)}")
    for name in options.models:  # all of them, before any is fetched
        if pick(name, names, "model") in RECORDS:
            permitted(RECORDS[name], options.commercial_only)
    for name in options.models:
        model = facts_of(name)
        if options.json:
            print(json.dumps(model), flush=True)
        else:
            state = (
                "with fathom" if model["bundled"] else "fetched and verified" if model["fetched"] else "here already"
            )
            print(f"{model['licence']}\n{name}: {state}, {', '.join(model['files'])}", flush=True)
    return 0


def facts_of(name: str) -> dict[str, Any]:
    """Where a model's files are, once they are here, and what they may be used for."""
    from fathom.zoo import find
    from fathom.zoo.download import locate, obtain
    from fathom.zoo.policy import licence

    file = RECORDS[name].file if name in RECORDS else BACKBONES[ENCODERS[name]]
    fetched = file is not None and locate(file) is None
    files = [obtain(file)] if file is not None else find(name).files
    return {
        "name": name,
        "bundled": file is None,
        "fetched": fetched,
        "files": [str(path) for path in files],
        "commercial": RECORDS[name].commercial if name in RECORDS else True,
        "licence": licence(RECORDS[name]) if name in RECORDS else f"{name} is Apache-2.0, free for commercial use",
    }
