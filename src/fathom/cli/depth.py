"""fathom depth: depth maps of pictures."""

from __future__ import annotations

import errno
import json
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import tyro

from fathom.cli.inputs import Job, gather, real
from fathom.errors import UsageError, pick, sentence
from fathom.overlap import overlapped

if TYPE_CHECKING:
    from fathom.depth import Depth
    from fathom.picture import Picture
    from fathom.predict import Model

THREADS = 2
AHEAD = 2  # pictures being read, and being written, while the network works: hides both, and bounds the memory


@dataclass(frozen=True)
class Options:
    """Write depth maps of pictures into a folder.

    Pictures of a folder keep their sub-folders. Depth is relative (inverse depth, larger is nearer) or metric, as the
    model predicts; `fathom models` says which.
    """

    inputs: tyro.conf.Positional[tuple[str, ...]]
    """Pictures, folders (with the folders in them), patterns such as '*.jpg', or - for a picture on standard input."""
    out: Annotated[Path, tyro.conf.arg(aliases=["-o"])] = Path("depth")
    """Folder for the results."""
    model: Annotated[str, tyro.conf.arg(aliases=["-m"])] = "nano"
    """A model's name, or the path of a checkpoint."""
    formats: str = "colour"
    """What to write, with commas between: colour, side (picture and colours side by side), png16, npy, npz, exr, pfm,
    tiff."""
    colormap: str = "inferno"
    """Colours of colour and side, in all of which near is bright or red: inferno, magma, viridis, turbo, spectral,
    grey."""
    weights: Path | None = None
    """A checkpoint of that model's architecture, to take instead of its own weights."""
    device: str = "auto"
    """Where to compute: auto, cpu, cuda or mps."""
    size: int | None = None
    """Shorter side of the network's input in pixels; the model's own if not given. Larger is finer and slower."""
    detail: int | None = None
    """A larger size, at which each picture is seen once more, for thin things and fine edges; costs what that size
    costs. For nano, 448 is a good one."""
    tiles: int = 1
    """For finer detail in large pictures: see each once more in so many tiles along its longer side."""
    edges: str = "auto"
    """Where edges are: picture moves them onto the picture's own, network leaves them as the network draws them. auto
    is picture for fathom's own small networks, whose edges are soft."""
    runtime: str = "auto"
    """What computes: auto, openvino, torch or onnx."""
    precision: str = "auto"
    """auto, float32, bfloat16 or float16. On auto, bfloat16 on a CPU that is faster in it, and for large models 16 bits
    on CUDA."""
    commercial_only: bool = False
    """Refuse models that may not be used commercially."""
    json: bool = False
    """Write one JSON line per picture to standard output."""


@dataclass
class Work:
    """A picture on its way from file to files."""

    job: Job
    picture: Picture | None = None
    depth: Depth | None = None
    outputs: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0  # of work, waiting not counted
    error: str | None = None  # what stopped it


def main(options: Options) -> int:
    from fathom.predict import EDGES
    from fathom.zoo import find, find_for

    if options.tiles < 1:
        raise UsageError(f"a picture is seen in at least 1 tile along its longer side, not in {options.tiles}")
    if not options.inputs:
        raise UsageError("no pictures given: name files, folders or patterns, or - for standard input")
    pick(options.edges, EDGES, "way to find edges")
    formats = chosen_formats(options)
    if options.weights is None:
        find(options.model, options.commercial_only)  # a wrong name is said before anything is read
    else:
        find_for(options.model, options.weights, options.commercial_only)
    gathered = gather(options.inputs, options.out)
    for note in gathered.notes:
        say(note)
    for name, error in gathered.errors:
        report_error(options, name, error)
    failed = len(gathered.errors)
    jobs = gathered.jobs
    if jobs:
        check_folder(options.out)
        failed += run(options, jobs, formats)
        if len(jobs) > 1:
            say(f"{len(gathered.errors) + len(jobs) - failed} of {len(jobs)} pictures done, results in {options.out}")
    return 1 if failed else 0


def check_folder(out: Path) -> None:
    """Say now, and not once per picture, that nothing can be written.

    Raises:
        ValueError: `out` is not a folder, or nothing can be created in it.
    """
    existing = next(path for path in (out, *out.absolute().parents) if path.exists())
    if not existing.is_dir():
        raise ValueError(f"{existing}: is a file, the results need a folder")
    if not os.access(existing, os.W_OK | os.X_OK):
        raise ValueError(f"{out}: nothing can be written there")


def chosen_formats(options: Options) -> list[str]:
    """The formats' names, once each.

    Raises:
        UsageError: no such format, or no such colour map.
    """
    from fathom.display import COLORMAPS
    from fathom.formats import FORMATS

    pick(options.colormap, COLORMAPS, "colour map")
    names = [name.strip() for name in options.formats.split(",") if name.strip()]
    if not names:
        raise UsageError(f"no format given; there are {', '.join([*FORMATS, 'side'])}")
    return list(dict.fromkeys(pick(name, [*FORMATS, "side"], "format") for name in names))


def run(options: Options, jobs: list[Job], formats: list[str]) -> int:
    """Read, predict and write every picture, reporting each; gives the number of those that failed."""
    from fathom.predict import load
    from fathom.progress import progress

    warnings.simplefilter("ignore")  # Pillow's, about pictures half as large as it allows
    inputs = {real(job.path) for job in jobs if job.path is not None}

    def read(job: Job) -> Work:
        return attempt(Work(job), read_picture)

    def write(work: Work) -> Work:
        def step(work: Work) -> None:
            write_results(work, options, formats, inputs)

        return attempt(work, step)

    def predicted(works: Iterable[Work]) -> Iterator[Work]:
        model: Model | None = None

        def step(work: Work) -> None:
            assert model is not None
            predict_depth(work, model, options.tiles)
            if "side" not in formats:
                work.picture = None  # it may have 150 MB, and what comes now is the map's alone

        for work in works:
            # Loaded only now, while the first pictures are being read.
            model = model or load(
                options.model,
                weights=options.weights,
                device=options.device,
                runtime=options.runtime,
                precision=options.precision,
                size=options.size,
                edges=options.edges,
                detail=options.detail,
                commercial_only=options.commercial_only,
            )
            yield attempt(work, step)

    failed = 0
    bar_or_none = progress("depth", len(jobs)) if len(jobs) > 1 else nullcontext()
    with ThreadPoolExecutor(THREADS) as readers, ThreadPoolExecutor(THREADS) as writers, bar_or_none as bar:
        for work in overlapped(writers, write, predicted(overlapped(readers, read, jobs, AHEAD)), AHEAD):
            failed += work.error is not None
            report(options, work, alone=bar is None)
            if bar is not None:
                bar.advance()
    return failed


def attempt(work: Work, step: Callable[[Work], None]) -> Work:
    """Take one step, unless an earlier one failed. What a person can act on is kept as words; a bug is raised."""
    if work.error is None:
        began = time.perf_counter()
        try:
            step(work)
        except Exception as error:
            work.error = sentence(error)
            if work.error is None:
                raise
        work.seconds += time.perf_counter() - began
    return work


def read_picture(work: Work) -> None:
    from fathom.picture import read

    name, path = work.job.name, work.job.path
    if path is None and sys.stdin.isatty():
        raise ValueError(f"{name}: is a terminal, pipe a picture into it")
    work.picture = read(sys.stdin.buffer.read() if path is None else path, name)
    work.notes += work.picture.notes


def predict_depth(work: Work, model: Model, tiles: int) -> None:
    from fathom.predict import MAX_ASPECT

    assert work.picture is not None
    work.depth = model(work.picture, tiles)
    height, width = work.picture.rgb.shape[:2]
    if max(height, width) > MAX_ASPECT * min(height, width):
        work.notes.append(f"is longer than {MAX_ASPECT}:1, so the network sees it squeezed to that")


def write_results(work: Work, options: Options, formats: list[str], inputs: set[str]) -> None:
    """Write each format; an existing result is replaced, one of the run's own pictures never."""
    from fathom.files import write_whole
    from fathom.formats import FORMATS

    for name in formats:
        ending = ".side.png" if name == "side" else FORMATS[name].endings[0]
        path = options.out / f"{work.job.stem}{ending}"
        if real(path) in inputs:
            raise ValueError(f"{path}: is one of the pictures, and is not overwritten; choose another folder with -o")
        try:
            write_whole(path, encoded(work, name, options.colormap))
        except OSError as error:  # say which result, not which temporary file
            raise OSError(error.errno or errno.EIO, error.strerror or str(error), str(path)) from None
        work.outputs.append(path)


def encoded(work: Work, name: str, colormap: str) -> bytes:
    """The file of one format."""
    from fathom.display import colour, encode_png, side_by_side
    from fathom.formats import FORMATS

    assert work.depth is not None
    if name == "colour":
        return encode_png(colour(work.depth, colormap))
    if name == "side":
        assert work.picture is not None
        return encode_png(side_by_side(work.picture.rgb, colour(work.depth, colormap)))
    return FORMATS[name].encode(work.depth)


def report(options: Options, work: Work, alone: bool) -> None:
    """Say how it went with one picture."""
    for note in work.notes:
        say(f"{work.job.name}: {note}")
    if work.error is not None:
        report_error(options, work.job.name, work.error)
    elif options.json:
        print(json.dumps(facts(work)), flush=True)
    elif alone:
        say(f"{work.job.name}: {', '.join(map(str, work.outputs))} ({work.seconds:.2f} s)")


def facts(work: Work) -> dict[str, Any]:
    """What a script may want to know of a picture that is done."""
    import numpy as np

    assert work.depth is not None
    values = work.depth.values
    finite = values if np.isfinite(values).all() else values[np.isfinite(values)]
    height, width = values.shape
    return {
        "input": work.job.name,
        "outputs": [str(path) for path in work.outputs],
        "kind": work.depth.kind,
        "unit": work.depth.unit,
        "width": width,
        "height": height,
        "min": float(finite.min()) if finite.size else None,
        "max": float(finite.max()) if finite.size else None,
        "seconds": round(work.seconds, 4),
    }


def report_error(options: Options, name: str, words: str) -> None:
    say(words if words.startswith(name) else f"{name}: {words}")
    if options.json:
        print(json.dumps({"input": name, "error": words}), flush=True)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
