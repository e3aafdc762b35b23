"""Results as text: Markdown tables, which read well in a terminal, too, and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from fathom.bench.run import Result
from fathom.bench.summary import MEAN_OF_SOURCES, Row, headline, median_of_sources, remarks, rows

TITLES = {
    "abs_rel": "AbsRel ↓",
    "sq_rel": "SqRel ↓",
    "rmse": "RMSE ↓",
    "rmse_log": "RMSElog ↓",
    "log10": "log10 ↓",
    "silog": "SILog ↓",
    "delta1": "δ1 ↑",
    "delta2": "δ2 ↑",
    "delta3": "δ3 ↑",
    "order": "order ↑",
    "accuracy": "accuracy ↑",
    "boundary_f1": "boundary F1 ↑",
    "boundary_recall": "boundary recall ↑",
    "tae": "TAE ↓",
    "tae_truth": "TAE of the truth",
}


def title(metric: str) -> str:
    """A metric's heading, its region and which way is better included: "abs_rel@glass" -> "AbsRel@glass ↓"."""
    name, at, region = metric.partition("@")
    heading = TITLES.get(name, name)
    if not at:
        return heading
    measure, _, arrow = heading.rpartition(" ")
    return f"{measure}@{region} {arrow}"


def words(metric: str) -> str:
    """A metric's heading without the arrow."""
    return title(metric).rstrip(" ↓↑")


def larger_is_better(metric: str) -> bool:
    return TITLES.get(metric.partition("@")[0], "").endswith("↑")


def columns(results: Sequence[Result], full: bool) -> list[str]:
    """The metrics to show: the suite's own choice and those of regions and boundaries, or (`full`) every one."""
    found = list(dict.fromkeys(key for result in results for score in result.scores for key in score.metrics))
    wanted = results[0].suite.columns
    chosen = [key for key in found if full or key in wanted or "boundary" in key or _of_region(key, wanted)]
    return sorted(chosen, key=lambda key: (key not in wanted, wanted.index(key) if key in wanted else 0))


def _of_region(metric: str, wanted: Sequence[str]) -> bool:
    name, at, _ = metric.partition("@")
    return bool(at) and name in wanted


def suite_text(results: Sequence[Result], full: bool = False) -> str:
    """Protocol, one table with every model side by side per source, and remarks, of one suite's results."""
    chosen = columns(results, full)
    header = ["source", "n", "model", *map(title, chosen)]
    lines = []
    for of_models in zip(*(rows(result) for result in results), strict=True):
        for result, row in zip(results, of_models, strict=True):
            lines.append([row.source, str(row.cases), result.model, *_cells(row, chosen)])
        if of_models[0].source == MEAN_OF_SOURCES:
            for result in results:
                median = median_of_sources(result)
                cells = [number(median[key]) if key in median else "–" for key in chosen]
                lines.append(["median of sources", str(of_models[0].cases), result.model, *cells])
    notes = [f"- {result.model}: {remark}" for result in results for remark in remarks(result)]
    protocols = dict.fromkeys(result.suite.protocol.describe() for result in results)
    parts = [
        *(f"Protocol: {said}" for said in protocols),
        markdown(header, lines),
        *(["\n".join(notes)] if notes else []),
    ]
    return "\n\n".join(parts) + "\n"


def _cells(row: Row, chosen: Sequence[str]) -> list[str]:
    return [number(row.means[key], row.intervals[key]) if key in row.means else "–" for key in chosen]


def number(value: float, interval: tuple[float, float] | None = None) -> str:
    """Three decimals, and the 95 % interval in brackets."""
    if not np.isfinite(value):
        return "not finite"
    if interval is None or not np.isfinite(interval).all() or interval[0] == interval[1]:
        return f"{value:.3f}"
    return f"{value:.3f} [{interval[0]:.3f}, {interval[1]:.3f}]"


def markdown(header: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A Markdown table whose columns line up as plain text."""
    widths = [max(len(line[i]) for line in (header, *lines)) for i in range(len(header))]

    def render(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"

    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([render(header), rule, *map(render, lines)])


def json_records(results: Sequence[Result]) -> Iterator[dict[str, Any]]:
    """One record per mean and per case of one suite's results. A value that is not finite becomes null."""
    for result in results:
        common = {"suite": result.suite.name, "model": result.model, "kind": result.kind}
        protocol = result.suite.protocol.describe()
        chief = headline(result)
        for row in rows(result):
            yield {
                "record": "mean",
                **common,
                "protocol": protocol,
                "source": row.source,
                "headline": row.source == chief.source,
                "cases": row.cases,
                "metrics": {key: _finite(value) for key, value in row.means.items()},
                "intervals": {key: [_finite(end) for end in ends] for key, ends in row.intervals.items()},
            }
        for case, score in zip(result.suite.cases, result.scores, strict=True):
            yield {
                "record": "case",
                **common,
                "source": case.source,
                "case": case.name,
                "metrics": {key: _finite(value) for key, value in score.metrics.items()},
                "remarks": list(score.remarks),
            }


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
