"""fathom models: what there is."""

from __future__ import annotations

import json
from dataclasses import dataclass

from fathom.zoo import on_disk
from fathom.zoo.records import RECORDS, Record


@dataclass(frozen=True)
class Options:
    """Every model: what it predicts, its size, its licence, where its files are."""

    json: bool = False
    """One JSON line per model instead of a table."""


def main(options: Options) -> int:
    facts = [facts_of(record) for record in RECORDS.values()]
    if options.json:
        for model in facts:
            print(json.dumps(model))
        return 0
    head = ("name", "predicts", "parameters", "on disk", "licence", "about", "where")
    rows = [
        (
            model["name"],
            "inverse depth" if model["kind"] == "relative" else "metres",
            f"{model['parameters'] / 1e6:.1f} M",
            f"{model['bytes'] / 1e6:.1f} MB" if model["on_disk"] else "no",
            model["licence"],
            model["about"],
            model["where"],
        )
        for model in facts
    ]
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    for row in [head, *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return 0


def facts_of(record: Record) -> dict:
    weights = on_disk(record)
    files = weights.files if weights else []
    return {
        "name": record.name,
        "kind": record.kind,
        "architecture": record.architecture,
        "parameters": record.parameters,
        "licence": record.licence,
        "about": record.about,
        "on_disk": bool(files),
        "bytes": sum(file.stat().st_size for file in files),
        "where": "with fathom" if record.bundled else "",
        "files": [str(file) for file in files],
    }
