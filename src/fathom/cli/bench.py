"""fathom bench: accuracy under locked protocols."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from fathom.bench.alignment import Alignment
from fathom.errors import UsageError

if TYPE_CHECKING:
    from fathom.bench.cache import PredictionCache
    from fathom.bench.models import Model
    from fathom.bench.run import Result
    from fathom.bench.suite import Suite


@dataclass(frozen=True)
class Options:
    """Measure models on benchmarks under locked protocols.

    Two floors, which predict without looking at the picture, are always measured beside the models.
    """

    suites: tyro.conf.Positional[tuple[str, ...]]
    """NAME:FOLDER with NAME one of nyu, kitti, sintel, eth3d, diode, da2k, clip (RGB-D video with poses), indexed (any
    folder with an index.json), folder (as `fathom render` writes); or FOLDER alone where its layout tells."""
    model: Annotated[tyro.conf.UseAppendAction[tuple[str, ...]], tyro.conf.arg(aliases=["-m"])] = ()
    """What to measure; repeat it for several side by side. A model's name, the path of a checkpoint,
    transformers:FOLDER@KIND, folder:PREDICTIONS@KIND, or module:function@KIND, where KIND says what the values are:
    relative (inverse depth), relative-depth, or metric."""
    report: Path | None = None
    """Write a page (.html) with tables, error maps, best and worst pictures, and the numbers of the papers."""
    align: Alignment | None = None
    """Align by this instead of what the protocol says; results then say that they are not under the locked protocol."""
    boundaries: bool = False
    """Measure boundary F1, too, and boundary recall of masked regions (slow on large pictures)."""
    full: bool = False
    """Show every metric, not only the chief ones."""
    partial: bool = False
    """Score what is there of a published set that is incomplete; results then say so."""
    size: int | None = None
    """Shorter side of the network's input; the model's own if not given. Models of fathom only."""
    detail: int | None = None
    """A second, larger size, as for `fathom depth`. Models of fathom only."""
    edges: str = "auto"
    """Where edges are: picture, network or auto, as for `fathom depth`. Models of fathom only."""
    device: str = "auto"
    """Where models run: auto, cpu, cuda or mps."""
    cache: Path | None = None
    """Folder that keeps raw predictions by model and picture, so that a stopped run goes on; by default in
    ~/.cache/fathom/bench."""
    no_cache: bool = False
    """Predict everything anew and keep nothing."""
    json: bool = False
    """Write JSON lines to standard output instead of tables: one per mean, and one per picture."""


def main(options: Options) -> int:
    from fathom.bench.cache import PredictionCache, default_folder
    from fathom.bench.floors import FLOORS
    from fathom.bench.models import open_models
    from fathom.bench.registry import open_suite
    from fathom.bench.table import json_records, suite_text

    if not options.suites:
        raise UsageError("no benchmark given: name at least one, such as nyu:FOLDER; see fathom bench --help")
    if options.report is not None and options.report.suffix != ".html":
        raise UsageError(f"{options.report}: the report is a page, its name must end in .html")
    suites = [configured(open_suite(asked, options.partial), options) for asked in options.suites]
    models = [*open_models(options.model, options.device, options.size, options.edges, options.detail), *FLOORS]
    cache = PredictionCache(None if options.no_cache else options.cache or default_folder())
    results = []
    for suite in suites:
        of_suite = measure(suite, models, cache)
        results.append(of_suite)
        if options.json:
            for record in json_records(of_suite):
                print(json.dumps(record), flush=True)
        else:
            print(suite_text(of_suite, options.full), flush=True)
    if options.report is not None:
        from fathom.bench.report.page import write_report

        write_report(options.report, results, models, cache)
        print(f"report in {options.report}", file=sys.stderr)
    return 0


def configured(suite: Suite, options: Options) -> Suite:
    """The suite as the options want it measured."""
    from fathom.bench.suite import DepthSuite

    if options.align is not None:
        suite = suite.aligned_by(options.align)
    if options.boundaries and isinstance(suite, DepthSuite):
        suite = replace(suite, boundaries=True)
    return suite


def measure(suite: Suite, models: Sequence[Model], cache: PredictionCache) -> list[Result]:
    """Every model on one suite, with a progress bar on standard error."""
    from fathom.bench.run import run
    from fathom.progress import progress

    results = []
    for model in models:
        with progress(f"{suite.name}, {model.name}", sum(len(case.frames) for case in suite.cases)) as bar:
            results.append(run(suite, model, cache, bar.advance))
    return results
