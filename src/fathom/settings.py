"""What a user or an organisation has decided for every run: in a file, or in the environment, which goes before it."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, fields
from pathlib import Path

from fathom.errors import pick

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

WORDS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


@dataclass(frozen=True)
class Settings:
    offline: bool = False  # fetch nothing; $FATHOM_OFFLINE, and whatever sets huggingface_hub offline
    commercial_only: bool = False  # no weights whose commercial use is forbidden or in doubt; $FATHOM_COMMERCIAL_ONLY


def settings_file() -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "fathom" / "config.toml"


def read_settings() -> Settings:
    """The settings in force.

    Raises:
        ValueError: the file or a variable of the environment says something that cannot be understood.
    """
    chosen = _from_file()
    for name in (field.name for field in fields(Settings)):
        said = _from_environment(f"FATHOM_{name.upper()}")
        if said is not None:
            chosen[name] = said
    # As huggingface_hub understands its own two variables: one of its values for "yes", or else no.
    theirs = os.environ.get("HF_HUB_OFFLINE") or os.environ.get("TRANSFORMERS_OFFLINE") or ""
    chosen["offline"] = chosen.get("offline", False) or WORDS.get(theirs.lower(), False)
    return Settings(**chosen)


def _from_environment(variable: str) -> bool | None:
    word = os.environ.get(variable, "").strip().lower()
    if not word:
        return None
    if word not in WORDS:
        raise ValueError(f"{variable} is {word!r} in the environment; it can be 1 or 0")
    return WORDS[word]


def _from_file() -> dict[str, bool]:
    try:
        path = settings_file()
        text = path.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError, RuntimeError):  # RuntimeError: there is no home directory
        return {}
    except UnicodeDecodeError:
        raise ValueError(f"{path}: is no text in UTF-8") from None
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path}: is no TOML ({error})") from None
    for name, value in said.items():
        try:
            pick(name, [field.name for field in fields(Settings)], "setting")
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None
        if not isinstance(value, bool):
            raise ValueError(f"{path}: {name} is {value!r}; it can be true or false")
    return said
