"""From scores of pictures to the numbers of a table: means, and how far they can be trusted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fathom.bench.run import Result

RESAMPLES = 1000
SEED = 0
MEAN_OF_SOURCES, ALL = "mean of sources", "all"


@dataclass(frozen=True)
class Row:
    """Means over some cases of a result."""

    source: str  # a source's name, or MEAN_OF_SOURCES, or ALL
    cases: int
    means: dict[str, float]
    intervals: dict[str, tuple[float, float]]  # 95 % bootstrap interval of each mean


def rows(result: Result) -> list[Row]:
    """One row per source; with several sources, the mean over the sources and the mean over all cases, too."""
    sources = dict.fromkeys(case.source for case in result.suite.cases)
    groups = {s: np.array([i for i, c in enumerate(result.suite.cases) if c.source == s]) for s in sources}
    table = [_row(name, result, [members]) for name, members in groups.items()]
    if len(groups) > 1:
        table.append(_row(MEAN_OF_SOURCES, result, list(groups.values())))
        table.append(_row(ALL, result, [np.arange(len(result.suite.cases))]))
    return table


def headline(result: Result) -> Row:
    """The row that the suite's protocol calls its result."""
    wanted = MEAN_OF_SOURCES if result.suite.protocol.reduction == "sources" else ALL
    table = rows(result)
    return next((row for row in table if row.source == wanted), table[-1])


def _row(name: str, result: Result, groups: list[np.ndarray]) -> Row:
    """The mean over groups of the weighted means within each. The interval resamples cases within their group."""
    scores = result.scores
    metrics = list(dict.fromkeys(key for group in groups for i in group for key in scores[i].metrics))
    means, intervals = {}, {}
    for metric in metrics:
        generator = np.random.default_rng(SEED)  # the same resamples for every metric and model: paired
        of_groups, resampled = [], []
        for group in groups:
            having = [i for i in group if metric in scores[i].metrics]
            if not having:
                continue
            v = np.array([scores[i].metrics[metric] for i in having])
            w = np.array([scores[i].weight for i in having])
            picks = generator.integers(0, len(having), (RESAMPLES, len(having)))
            of_groups.append(w @ v / w.sum())
            resampled.append((w[picks] * v[picks]).sum(1) / w[picks].sum(1))
        means[metric] = float(np.mean(of_groups))
        low, high = np.quantile(np.mean(resampled, axis=0), (0.025, 0.975))
        intervals[metric] = (float(low), float(high))
    return Row(name, sum(len(group) for group in groups), means, intervals)


def median_of_sources(result: Result) -> dict[str, float]:
    """Of each metric, the median of the sources' means: one hard source does not decide it."""
    of_sources = [row for row in rows(result) if row.source not in (MEAN_OF_SOURCES, ALL)]
    metrics = dict.fromkeys(key for row in of_sources for key in row.means)
    return {key: float(np.median([row.means[key] for row in of_sources if key in row.means])) for key in metrics}


def remarks(result: Result) -> list[str]:
    """What is wrong with predictions, and on how many cases: "constant (3 of 64)"."""
    found: dict[str, int] = {}
    for score in result.scores:
        for remark in score.remarks:
            key = "not finite" if remark.startswith("not finite") else remark
            found[key] = found.get(key, 0) + 1
    return [f"{remark} ({count} of {len(result.scores)})" for remark, count in found.items()]
