"""A published set is scored whole or not at all: a mean over the pictures that happened to be there is no benchmark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from fathom.bench.protocol import PairProtocol, Protocol
from fathom.bench.reading import Tree

SHOWN = 5
AnyProtocol = TypeVar("AnyProtocol", Protocol, PairProtocol)


def complete(
    tree: Tree,
    protocol: AnyProtocol,
    needs: Mapping[str, Sequence[str]],
    get: str,
    partial: bool,
    lacking: Mapping[str, int] | None = None,
) -> tuple[AnyProtocol, list[str]]:
    """The cases whose files are all there, and the protocol, which says so if some are left out.

    Args:
        needs: the files of every case that can be named, by the case's name.
        get: where the set is to be had, and how its folder must look.
        partial: score what is there.
        lacking: how many more pictures belong into which folder, where their names are not known.

    Raises:
        ValueError: something is missing, with a list (unless `partial`), or everything is.
    """
    lacking = {folder: count for folder, count in (lacking or {}).items() if count > 0}
    missing = {name: absent for name, paths in needs.items() if (absent := [p for p in paths if not tree.has(p)])}
    here = [name for name in needs if name not in missing]
    total, lost = len(needs) + sum(lacking.values()), len(missing) + sum(lacking.values())
    if not here or (lost and not partial):
        absent = [f"{count} in {folder}" for folder, count in lacking.items()]
        absent += [path for paths in missing.values() for path in paths]
        more = f", and {len(absent) - SHOWN} more" if len(absent) > SHOWN else ""
        raise ValueError(
            f"{tree.root}: {lost} of the {total} pictures of {protocol.name} are missing or incomplete. "
            f"Not found: {', '.join(absent[:SHOWN])}{more}. {get}."
            + (" To score the pictures that are there, add --partial." if here else "")
        )
    if lost:
        protocol = replace(protocol, split=f"PARTIAL, {len(here)} of {total} pictures of: {protocol.split}")
    return protocol, here
