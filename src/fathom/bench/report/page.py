"""The page: per suite its protocol, tables, the papers' numbers beside ours, best and worst pictures with error maps.

One file that needs nothing else: pictures, styles and charts are inside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

import numpy as np

from fathom.bench.cache import PredictionCache
from fathom.bench.floors import FLOORS
from fathom.bench.models import Model
from fathom.bench.report.views import data_uri, views
from fathom.bench.run import Result
from fathom.bench.summary import MEAN_OF_SOURCES, Row, headline, median_of_sources, remarks, rows
from fathom.bench.table import columns, larger_is_better, number, title, words
from fathom.files import write_whole

SHOWN = 3  # best, and as many worst, pictures of each model
STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 1240px; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.2; } h2 { margin-top: 3rem; border-top: 2px solid #8886; padding-top: 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; white-space: nowrap; }
th, td { padding: .2rem .7rem; text-align: left; border-bottom: 1px solid #8883; }
td.n, th.n { text-align: right; } tr.first td { border-top: 2px solid #8886; } tr.floor td { opacity: .65; }
td small { opacity: .6; } td.best { font-weight: 600; } tr.chief { background: #4a90d91c; }
.protocol { font-size: 13px; opacity: .8; border-left: 3px solid #8886; padding-left: .8rem; }
.note { border-left: 3px solid #d98a00; padding-left: .8rem; }
.case { display: flex; gap: .5rem; margin: .3rem 0 1.2rem; flex-wrap: wrap; }
figure { margin: 0; width: 290px; } figure img { width: 100%; display: block; border-radius: 3px; }
figcaption { font-size: 12px; opacity: .75; } .bars text { font-size: 12px; fill: currentColor; }
"""


def write_report(
    path: Path, results: Sequence[Sequence[Result]], models: Sequence[Model], cache: PredictionCache
) -> None:
    """Write the page of several suites' results, each with one result per model, in the order of `models`."""
    body = "\n".join(section for of_suite in results for section in _suite(of_suite, models, cache))
    names = ", ".join(of_suite[0].suite.name for of_suite in results)
    page = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>fathom bench: {escape(names)}</title><style>{STYLE}</style></head>
<body><h1>fathom bench: {escape(names)}</h1>
<p>In brackets: 95&#8239;% bootstrap intervals over pictures; they know nothing of pictures that resemble each other,
such as frames of one video. The floors predict without looking at the picture. Bold: the best, floors included.</p>
{body}
</body></html>
"""
    write_whole(path, page.encode())


def _suite(results: Sequence[Result], models: Sequence[Model], cache: PredictionCache) -> Iterator[str]:
    suite = results[0].suite
    yield f"<h2>{escape(suite.name)}</h2>"
    yield f"<p class=protocol>{escape(suite.protocol.describe())}. After {escape(suite.protocol.source)}.</p>"
    yield _bars(results)
    yield f"<div class=wide>{_table(results)}</div>"
    wrong = [f"<li>{escape(result.model)}: {escape(said)}</li>" for result in results for said in remarks(result)]
    if wrong:
        yield f"<h3>What is wrong with predictions</h3><ul>{''.join(wrong)}</ul>"
    yield from _published(results)
    shown = [i for i, model in enumerate(models) if model not in FLOORS] or [len(models) - 1]
    for i in shown:
        yield from _best_and_worst(results[i], models[i], cache)


def _table(results: Sequence[Result]) -> str:
    chosen = columns(results, full=True)
    head = "".join(f"<th class=n>{escape(title(key))}</th>" for key in chosen)
    lines = [f"<tr><th>source</th><th class=n>n</th><th>model</th>{head}</tr>"]
    chief = headline(results[0]).source
    for of_models in zip(*(rows(result) for result in results), strict=True):
        lines += _lines(results, of_models, chosen, of_models[0].source == chief)
        if of_models[0].source == MEAN_OF_SOURCES:
            medians = [
                Row("median of sources", row.cases, median_of_sources(result), {})
                for result, row in zip(results, of_models, strict=True)
            ]
            lines += _lines(results, medians, chosen, False)
    return f"<table>{''.join(lines)}</table>"


def _lines(results: Sequence[Result], of_models: Sequence[Row], chosen: Sequence[str], chief: bool) -> Iterator[str]:
    best = {key: _best(key, [row.means.get(key, np.nan) for row in of_models]) for key in chosen}
    for i, (result, row) in enumerate(zip(results, of_models, strict=True)):
        kind = " ".join(["first"] * (i == 0) + ["floor"] * result.model.startswith("floor:") + ["chief"] * chief)
        cells = "".join(_cell(row, key, best[key] == i) for key in chosen)
        source = f"<td>{escape(row.source)}</td><td class=n>{row.cases}</td>" if i == 0 else "<td></td><td></td>"
        yield f"<tr class='{kind}'>{source}<td>{escape(result.model)}</td>{cells}</tr>"


def _cell(row: Row, key: str, is_best: bool) -> str:
    if key not in row.means:
        return "<td class=n>–</td>"
    low, high = row.intervals.get(key, (np.nan, np.nan))
    interval = f" <small>[{low:.3f}, {high:.3f}]</small>" if np.isfinite([low, high]).all() and low < high else ""
    return f"<td class='n{' best' * is_best}'>{number(row.means[key])}{interval}</td>"


def _best(key: str, values: Sequence[float]) -> int | None:
    if key == "tae_truth" or not np.isfinite(values).any():
        return None
    return int(np.nanargmax(values) if larger_is_better(key) else np.nanargmin(values))


def _bars(results: Sequence[Result]) -> str:
    """The headline's first metric, one bar per model with its interval."""
    key = results[0].suite.columns[0]
    chief = [headline(result) for result in results]
    values = [row.means.get(key, np.nan) for row in chief]
    if not np.isfinite(values).any():
        return ""
    most = max(max(row.intervals[key][1] for row in chief if np.isfinite(row.means[key])), 1e-9)
    lines = []
    for i, (result, row, value) in enumerate(zip(results, chief, values, strict=True)):
        y = 22 * i
        lines.append(f"<text x=0 y={y + 15}>{escape(result.model)}</text>")
        if not np.isfinite(value):
            lines.append(f"<text x=270 y={y + 15}>not finite</text>")
            continue
        low, high = (600 * end / most for end in row.intervals[key])
        colour = "#999" if result.model.startswith("floor:") else "#4a90d9"
        lines.append(f"<rect x=270 y={y + 3} width={600 * value / most:.1f} height=15 fill='{colour}'/>")
        lines.append(f"<path d='M{270 + low:.1f} {y + 10.5}H{270 + high:.1f}' stroke='currentColor' fill='none'/>")
        lines.append(f"<text x={280 + high:.1f} y={y + 15}>{value:.3f}</text>")
    size = f"width=960 height={22 * len(results)} viewBox='0 0 960 {22 * len(results)}'"
    label = f"{title(key)}, {chief[0].source} ({chief[0].cases})"
    return f"<p><b>{escape(label)}</b></p><div class=wide><svg class=bars {size}>{''.join(lines)}</svg></div>"


def _published(results: Sequence[Result]) -> Iterator[str]:
    """What others report, our headline in the same columns, and why they differ where it is known."""
    published = results[0].suite.published
    if published is None:
        return
    keys = list(dict.fromkeys(key for of_model in published.numbers.values() for key in of_model))
    lines = ["<tr><th>model</th><th>measured by</th>" + "".join(f"<th class=n>{escape(title(k))}</th>" for k in keys)]
    for result in results:
        lines.append(_numbers(result.model, "this run", headline(result).means, keys))
    for model, of_model in published.numbers.items():
        lines.append(_numbers(model, "its paper", of_model, keys))
        if model in published.reruns:
            lines.append(_numbers(model, "public re-run", published.reruns[model], keys))
    yield f"<h3>Beside the papers</h3><table>{''.join(lines)}</table>"
    if published.note:
        yield f"<p class=note>{escape(published.note)}</p>"


def _numbers(model: str, by: str, values, keys: Sequence[str]) -> str:
    cells = "".join(f"<td class=n>{number(values[key]) if key in values else '–'}</td>" for key in keys)
    return f"<tr><td>{escape(model)}</td><td>{by}</td>{cells}</tr>"


def _best_and_worst(result: Result, model: Model, cache: PredictionCache) -> Iterator[str]:
    suite, key = result.suite, result.suite.columns[0]
    worth = np.array([score.metrics.get(key, np.nan) for score in result.scores])
    worth = np.where(np.isfinite(worth), worth if larger_is_better(key) else -worth, -np.inf)
    order = np.argsort(-worth, kind="stable").tolist()
    best = order[:SHOWN]
    worst = [i for i in order[::-1][:SHOWN] if i not in best]
    for heading, chosen in (("best", best), ("worst", worst)):
        if chosen:
            yield f"<h3>{escape(result.model)}: {heading} by {escape(words(key))}</h3>"
        for i in chosen:
            case, score = suite.cases[i], result.scores[i]
            numbers = ", ".join(f"{words(k)} {number(v)}" for k, v in score.metrics.items() if k in suite.columns)
            said = "; ".join([numbers, *score.remarks])
            yield f"<div><b>{escape(case.name)}</b>: {escape(said)}</div>"
            predictions = [cache.predict(model, frame) for frame in case.frames]
            figures = views(suite, case, predictions, result.kind)
            yield "<div class=case>" + "".join(_figure(caption, rgb) for caption, rgb in figures) + "</div>"


def _figure(caption: str, rgb: np.ndarray) -> str:
    return f"<figure><img src='{data_uri(rgb)}' alt=''><figcaption>{escape(caption)}</figcaption></figure>"
