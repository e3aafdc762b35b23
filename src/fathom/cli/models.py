"""fathom models: what there is."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from fathom.zoo.records import RECORDS, Record

OWNER = "depth-anything/"  # of most repositories: left out of the table


@dataclass(frozen=True)
class Options:
    """Every model: what it predicts, its size, its licence, where its files are."""

    commercial_only: bool = False
    """Only models that are free for commercial use."""
    json: bool = False
    """One JSON line per model instead of a table, with all that is known of it."""


def main(options: Options) -> int:
    from fathom.settings import read_settings

    commercial_only = options.commercial_only or read_settings().commercial_only
    models = [facts_of(record) for record in RECORDS.values() if record.commercial or not commercial_only]
    if options.json:
        for model in models:
            print(json.dumps(model))
        return 0
    head = ("name", "predicts", "parameters", "download", "on disk", "licence", "from")
    rows = [head, *(row_of(model) for model in models)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    print(f"\nfrom: where no other owner is named, of {OWNER.rstrip('/')} on the Hugging Face hub")
    if not commercial_only:
        print("CC-BY-NC: not for commercial use; *: descends from weights that are not, commercial use is in doubt")
    return 0


def row_of(model: dict[str, Any]) -> tuple[str, ...]:
    what = "inverse depth" if model["kind"] == "relative" else f"metres to {model['max_depth']:.0f}"
    if model["bundled"]:
        download, here, origin = "", "yes", "comes with fathom"
    elif model["repo"] is None:
        download, here, origin = "", "no", "never released"
    else:
        size = model["bytes"] or 4 * model["parameters"]  # float32, and next to nothing else
        download, here = f"{size / 1e6:.0f} MB", "yes" if model["on_disk"] else "no"
        origin = model["repo"].removeprefix(OWNER)
    licence = f"{model['licence']}{' *' if model['ancestry'] else ''}"
    return model["name"], what, f"{model['parameters'] / 1e6:.1f} M", download, here, licence, origin


def facts_of(record: Record) -> dict[str, Any]:
    """All that is known of a model, as JSON can say it."""
    from fathom.zoo import find
    from fathom.zoo.download import locate

    if record.bundled is not None:
        files = find(record.name).files
    else:
        file = locate(record.file) if record.file is not None else None
        files = [] if file is None else [file]
    return {
        "name": record.name,
        "kind": record.kind,
        "max_depth": record.max_depth,
        "architecture": record.architecture,
        "parameters": record.parameters,
        "licence": record.licence,
        "ancestry": record.ancestry,
        "commercial": record.commercial,
        "about": record.about,
        "published": None if record.published is None else asdict(record.published),
        "bundled": record.bundled is not None,
        "repo": record.file and record.file.repo,
        "url": record.file and record.file.url,
        "sha256": record.file and record.file.sha256,
        "bytes": record.file.bytes if record.file else sum(path.stat().st_size for path in files) or None,
        "on_disk": bool(files),
        "files": [str(path) for path in files],
    }
