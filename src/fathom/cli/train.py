"""fathom train teacher|student|metric: the training stages of the recipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args, get_type_hints

import tyro

from fathom.errors import UsageError, pick
from fathom.recipe.stages import PRESETS, STAGES, Stage

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

REQUIRED = {"teacher": ("run",), "student": ("run", "photos", "labels"), "metric": ("run", "init")}
Config = TypeVar("Config")
DESCRIPTION = """Train a stage of the recipe.

--preset paper takes the settings of the paper in place of those for a laptop. --config FILE.toml gives options as
`name = value`, those of a group under its [name]. The command line goes before the file, and the file before the
preset."""


def parse(args: Sequence[str], **how: Any) -> Stage:
    """The stage that a command line asks for: its options, over `--config FILE.toml`, over `--preset`.

    Raises:
        UsageError: no such stage or preset; a file that cannot be used.
    """
    rest = joined(joined(list(args), "--data"), "--mix")
    preset = PRESETS[pick(taken(rest, "--preset") or "laptop", PRESETS, "preset")]
    missing: dict[str, Any] = {name: dict.fromkeys(options, tyro.MISSING) for name, options in REQUIRED.items()}
    stages = {name: stage(**(missing[name] | preset[name])) for name, stage in STAGES.items()}
    config = taken(rest, "--config")
    if config is not None:
        path = Path(config)
        name = pick(rest[0] if rest else "", STAGES, "stage")
        stages[name] = with_values(stages[name], read_toml(path), path)
    commands = {name: Annotated[type(s), tyro.conf.subcommand(name, default=s)] for name, s in stages.items()}
    options: Any = commands["teacher"] | commands["student"] | commands["metric"]  # type: ignore[operator]
    return tyro.cli(options, args=rest, description=DESCRIPTION, **how)


def joined(args: list[str], option: str) -> list[str]:
    """The values of an option that is repeated, given once: of several, tyro takes the last alone."""
    values: list[str] = []
    rest: list[str] = []
    taking = False
    for arg in args:
        if arg == option or arg.startswith(f"{option}="):
            taking = True
            values += [arg.partition("=")[2]] if "=" in arg else []
        elif taking and not arg.startswith("--"):
            values.append(arg)
        else:
            taking = False
            rest.append(arg)
    return [*rest, option, *values] if values else rest


def taken(args: list[str], option: str) -> str | None:
    """The value of an option, which is taken out of the arguments; None if it is not there."""
    for at, arg in enumerate(args):
        if arg == option and at + 1 < len(args):
            del args[at]
            return args.pop(at)
        if arg.startswith(f"{option}="):
            return args.pop(at).partition("=")[2]
    return None


def read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: not TOML ({error})") from None


def with_values(config: Config, values: dict[str, Any], path: Path) -> Config:
    """A config with some of its fields replaced; nested tables are nested configs.

    Raises:
        UsageError: a field that the config does not have.
    """
    changes: dict[str, Any] = {}
    for name, value in values.items():
        key = pick(name.replace("-", "_"), [f.name for f in fields(config)], f"option in {path}")  # type: ignore[arg-type]
        now = getattr(config, key)
        if is_dataclass(now) and isinstance(value, dict):
            changes[key] = with_values(now, value, path)
        elif key in ("run", "encoder") and isinstance(value, str):
            changes[key] = Path(value)
        elif key in ("init", "validate", "photos", "labels") and isinstance(value, str):
            changes[key] = value
        elif key == "data" and isinstance(value, list):
            changes[key] = tuple(str(v) for v in value)
        elif key == "mix" and isinstance(value, list) and all(is_number(v) for v in value):
            changes[key] = tuple(float(v) for v in value)
        elif (
            isinstance(value, str) and (choices := get_args(get_type_hints(type(config))[key])) and isinstance(now, str)
        ):
            changes[key] = pick(value, choices, key.replace("_", "-"))
        elif isinstance(now, float) and is_number(value):
            changes[key] = float(value)
        elif type(value) is type(now):
            changes[key] = value
        else:
            raise UsageError(f"{path}: {name} = {value!r} is not what the option {key.replace('_', '-')} takes")
    return replace(config, **changes)  # type: ignore[type-var]


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def main(options: Stage) -> int:
    try:
        from fathom.recipe.loop import train
    except ImportError as error:
        raise ImportError(f"training needs torch: pip install 'fathom-depth[train]' ({error})") from None
    result = train(options)
    if all(os.environ.get(rank, "0") == "0" for rank in ("LOCAL_RANK", "NODE_RANK", "RANK")):  # once for all processes
        print(f"trained: {result}  (try it: fathom depth PHOTO -m {result})", file=sys.stderr)
    return 0
