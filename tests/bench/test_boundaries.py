"""Boundary F1 and recall against plain loops and cases that can be counted by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fathom.bench.boundaries import boundary_f1, boundary_metrics, boundary_recall
from fathom.bench.truth import GroundTruth

RNG = np.random.default_rng(2)
STEPS = ((0, 1), (0, -1), (1, 0), (-1, 0))


def blocks(seed, noise=0.0):
    rng = np.random.default_rng(seed)
    depth = np.kron(rng.uniform(1, 4, (4, 5)), np.ones((4, 4)))
    return depth * np.exp(rng.normal(0, noise, depth.shape)) if noise else depth


def slow_f1(depth, truth, valid):
    """Depth Pro's definition, pixel by pixel, on inverse depths."""
    c, g = 1 / np.clip(depth, 1e-6, None), 1 / np.clip(truth, 1e-6, None)
    thresholds = np.linspace(1.05, 1.25, 10)
    height, width = depth.shape
    total = 0.0
    for t in thresholds:
        precision = recall = 0.0
        for dy, dx in STEPS:
            found = real = hits = 0
            for y in range(height):
                for x in range(width):
                    v, u = y + dy, x + dx
                    if not (0 <= v < height and 0 <= u < width) or not (valid[y, x] and valid[v, u]):
                        continue
                    is_found, is_real = c[y, x] / c[v, u] > t, g[y, x] / g[v, u] > t
                    found, real, hits = found + is_found, real + is_real, hits + (is_found and is_real)
            precision, recall = precision + hits / max(found, 1) / 4, recall + hits / max(real, 1) / 4
        if precision + recall:
            total += t / thresholds.sum() * 2 * precision * recall / (precision + recall)
    return total


def slow_recall(depth, region):
    """For each direction, walk along it and keep the largest ratio of each run above the threshold."""
    thresholds = np.linspace(1.05, 1.25, 10)
    height, width = depth.shape
    total = 0.0
    for t in thresholds:
        for dy, dx in STEPS:
            edges = hits = 0
            lines = range(height) if dx else range(width)
            for line in lines:
                steps = range((width if dx else height) - 1)
                pairs = []
                for s in steps:
                    a, b = ((line, s), (line, s + 1)) if dx else ((s, line), (s + 1, line))
                    here, there = (a, b) if dx + dy > 0 else (b, a)
                    pairs.append((depth[there] / depth[here], region[here] and not region[there]))
                start = 0
                while start < len(pairs):
                    if pairs[start][0] <= t:
                        start += 1
                        continue
                    end = start
                    while end < len(pairs) and pairs[end][0] > t:
                        end += 1
                    largest = max(range(start, end), key=lambda i: pairs[i][0])
                    hits += pairs[largest][1]
                    start = end
                edges += sum(edge for _, edge in pairs)
            total += t / thresholds.sum() * hits / max(edges, 1) / 4
    return total


@pytest.mark.parametrize("seed", range(3))
def test_f1_is_the_slow_one(seed):
    truth, depth = blocks(seed), np.roll(blocks(seed, noise=0.05), seed, axis=1)
    valid = RNG.random(truth.shape) < 0.9
    assert boundary_f1(depth, truth, valid) == pytest.approx(slow_f1(depth, truth, valid))


@pytest.mark.parametrize("seed", range(3))
def test_recall_is_the_slow_one(seed):
    depth = blocks(seed, noise=0.2)
    region = np.kron(np.random.default_rng(seed).random((4, 5)) < 0.5, np.ones((4, 4))).astype(bool)
    assert boundary_recall(depth, region) == pytest.approx(slow_recall(depth, region))


def test_a_step_found_missed_and_beside_itself():
    truth = np.where(np.arange(16) < 8, 1.0, 2.0) * np.ones((10, 1))
    valid = np.ones(truth.shape, bool)
    # The step has one direction of four; the other three have nothing to find, and count as 0 of at least 1.
    whole = 0.25
    assert boundary_f1(truth, truth, valid) == pytest.approx(whole)
    assert boundary_f1(np.roll(truth, 1, axis=1)[:, 1:], truth[:, 1:], valid[:, 1:]) == 0
    assert boundary_f1(np.ones_like(truth), truth, valid) == 0
    assert boundary_f1(truth, np.ones_like(truth), valid) is None


def test_a_weak_step_counts_for_the_thresholds_it_passes():
    truth = np.where(np.arange(16) < 8, 1.0, 2.0) * np.ones((10, 1))
    weak = np.where(np.arange(16) < 8, 1.0, 1.1) * np.ones((10, 1))
    thresholds = np.linspace(1.05, 1.25, 10)
    passed = thresholds[thresholds < 1.1].sum() / thresholds.sum()
    assert boundary_f1(weak, truth, np.ones(truth.shape, bool)) == pytest.approx(0.25 * passed)


def test_unknown_pixels_neither_help_nor_harm():
    truth, valid = blocks(5), np.ones((16, 20), bool)
    valid[:, 10:] = False
    scribbled = truth.copy()
    scribbled[:, 10:] = RNG.uniform(1, 9, (16, 10))
    assert boundary_f1(scribbled, np.where(valid, truth, np.nan), valid) == boundary_f1(truth, truth, valid)


def test_recall_of_a_soft_edge_is_that_of_its_steepest_pixel():
    region = (np.arange(20) < 10) * np.ones((6, 1), bool)
    sharp = np.where(region, 1.0, 3.0)
    assert boundary_recall(sharp, region) == pytest.approx(0.25)
    soft = sharp.copy()
    soft[:, 9:12] = [1.3, 2.2, 2.8]  # steepest between columns 9 and 10, where the region ends
    assert boundary_recall(soft, region) == pytest.approx(0.25)
    assert boundary_recall(np.roll(sharp, 2, axis=1), region) == 0
    assert boundary_recall(sharp, np.zeros_like(region)) is None


@given(st.floats(1e-2, 1e2))
def test_only_ratios_of_depth_matter(unit):
    truth, depth, valid = blocks(1), blocks(1, noise=0.1), np.ones((16, 20), bool)
    assert boundary_f1(unit * depth, truth, valid) == pytest.approx(boundary_f1(depth, truth, valid))


def test_turning_the_picture_changes_nothing():
    truth, depth, valid = blocks(1), blocks(1, noise=0.1), np.ones((16, 20), bool)
    for turn in (np.fliplr, np.flipud, np.transpose):
        assert boundary_f1(turn(depth), turn(truth), turn(valid)) == pytest.approx(boundary_f1(depth, truth, valid))


def test_metrics_of_a_picture_with_regions():
    truth = blocks(3)
    region = np.zeros(truth.shape, bool)
    region[4:8, 4:8] = True
    metrics = boundary_metrics(truth, GroundTruth(truth, np.ones(truth.shape, bool), regions={"glass": region}))
    assert set(metrics) == {"boundary_f1", "boundary_recall@glass"}
    assert metrics["boundary_f1"] == pytest.approx(1)
    flat = boundary_metrics(truth, GroundTruth(np.ones_like(truth), np.ones(truth.shape, bool)))
    assert flat == {}
    broken = np.where(region, np.nan, truth)
    assert np.isnan(boundary_metrics(broken, GroundTruth(truth, np.ones(truth.shape, bool)))["boundary_f1"])
