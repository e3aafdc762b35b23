"""The command `fathom`: finds the command asked for and runs it, and words its errors.

A command is a module of this package with a dataclass `Options`, which tyro reads from the command line (or with a
`parse` of its own, where there is more to read), and `main(options) -> int`, whose result is the exit code. Only that
module is imported: `fathom depth` must not wait for torch.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

from fathom.errors import UsageError, pick, sentence

COMMANDS = {
    "depth": "depth maps of pictures, folders of pictures, or standard input",
    "models": "every model: what it predicts, its size, its licence, where its files are",
    "pull": "weights of models, fetched and verified",
    "export": "a model as an OpenVINO, ONNX or safetensors file, checked against its source",
    "render": "synthetic pictures with exact depth",
    "convert": "published sets and folders of samples, to shards or to fathom's folder format",
    "train": "the stages of the recipe: teacher, student, metric",
    "label": "a teacher's pseudo-labels for a pool of photos",
    "bench": "accuracy on benchmarks",
    "speed": "latency, throughput, start-up and memory, and the share of what the machine can do",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code: 0 done, 1 something failed, 2 wrong usage, 130 interrupted."""
    command, *rest = list(sys.argv[1:] if arguments is None else arguments) or [""]
    try:
        if command in ("-h", "--help"):
            print(overview())
            return 0
        if command == "--version":
            from fathom import __version__

            print(f"fathom {__version__}")
            return 0
        if not command:
            print(overview(), file=sys.stderr)
            return 2
        return run(pick(command, COMMANDS, "command"), rest)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read our output has gone; leave Python nothing to flush into the pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        words = sentence(error)
        if words is None:
            raise
        print(f"fathom: {words}", file=sys.stderr)
        return 2 if isinstance(error, UsageError) else 1


def run(command: str, arguments: Sequence[str]) -> int:
    import tyro

    module = importlib.import_module(f"fathom.cli.{command}")
    config = (tyro.conf.OmitArgPrefixes, tyro.conf.FlagCreatePairsOff)
    how: dict[str, Any] = {"args": arguments, "prog": f"fathom {command}", "config": config}
    return module.main(module.parse(**how) if hasattr(module, "parse") else tyro.cli(module.Options, **how))


def overview() -> str:
    lines = [f"  {name:<8} {about}" for name, about in COMMANDS.items()]
    return "\n".join(
        [
            "usage: fathom COMMAND ...",
            "",
            "Depth from a single picture.",
            "",
            *lines,
            "",
            "fathom COMMAND --help says more.",
        ]
    )
