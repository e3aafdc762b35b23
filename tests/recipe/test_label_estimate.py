"""What a run would take: closed forms where there are some."""

import numpy as np
import pytest
from pools import red_teacher, write_picture_shards, write_pool

from fathom.data.pool import open_pool
from fathom.recipe.labelling.estimate import Machines, Measured, advice, estimate, measure, report
from fathom.recipe.labelling.simulate import Fleet, simulate
from fathom.recipe.labelling.work import Work

HERE = Measured(64, 1, 0.010, 0.200, 0.300, 0.005, 100e3, 25e3, 4e6)


@pytest.mark.parametrize("packed", [False, True])
def test_a_sample_is_measured_and_nothing_is_written(tmp_path, packed):
    pool = write_pool(tmp_path / "pool", 40)
    (pool / "text.jpg").write_text("no")
    if packed:
        pool = write_picture_shards(pool, tmp_path / "packed", 20)
    before = sorted(tmp_path.rglob("*"))
    found = measure(open_pool(str(pool)), Work(str(pool), "", red_teacher(seconds=0.01)), count=40)
    assert sorted(tmp_path.rglob("*")) == before
    assert found.pictures == (32 if packed else 40)  # the first piece of each of two shards
    assert found.look >= 0.01 * 2 / found.pictures and found.look_cpu < found.look
    assert min(found.decode, found.encode) > 0
    assert 0 < found.label_bytes < found.picture_bytes < found.input_bytes


def test_the_slowest_part_is_the_run_s():
    machines = Machines(cpus=60, gpus=8, gpu_speed=20, network=1)
    found = estimate(HERE, 1_000_000, machines)
    assert found.rates == pytest.approx({"decoding and encoding": 4000, "teacher": 800, "network": 1000})
    assert found.bottleneck == "teacher" and found.hours == pytest.approx(1e6 / 800 / 3600)
    assert found.gpu_hours == pytest.approx(1e6 * 0.2 / 20 / 3600)
    assert found.cpu_hours == pytest.approx(1e6 * 0.015 / 3600)
    assert (found.read_bytes, found.written_bytes) == (1e11, 2.5e10)
    assert "up to 1.2 times" in advice(found, HERE, machines)


@pytest.mark.parametrize(
    ("machines", "slow", "words"),
    [
        (Machines(60, 8, 20, 0.1), "network", "faster network"),
        (Machines(6, 80, 20, 100), "decoding and encoding", "more CPUs"),
        (Machines(6, 0, 20, 100), "teacher, decoding and encoding on the CPUs", "95% of the CPUs' time"),
    ],
)
def test_what_helps_is_said(machines, slow, words):
    found = estimate(HERE, 1000, machines)
    assert found.bottleneck == slow and words in advice(found, HERE, machines)
    assert slow in report(HERE, found, machines)


def test_machines_that_neither_fail_nor_lag_take_what_the_division_says():
    found = simulate(1000, Fleet(10, shard_seconds=36))
    assert found.hours == pytest.approx(1.0) and found.ideal_hours == pytest.approx(1.0)
    assert (found.failures, found.lost) == (0, 0) and found.tail == pytest.approx(0)
    uneven = simulate(1001, Fleet(10, shard_seconds=36))
    assert uneven.hours == pytest.approx(1.01) and uneven.tail == pytest.approx(9 / 1010)


def test_failures_cost_half_a_shard_each_and_stragglers_one_shard_at_the_end():
    """Of a shard that takes a hundredth of the time between failures, half is lost at each: 0.5 %."""
    found = [simulate(20_000, Fleet(20, 36, failures=1.0, repair=0), seed) for seed in range(3)]
    assert np.mean([f.lost for f in found]) == pytest.approx(0.005, rel=0.15)
    assert np.mean([f.failures for f in found]) == pytest.approx(20_000 * 36 / 3600, rel=0.15)
    slow = simulate(2000, Fleet(20, 36, stragglers=0.2), seed=1)
    assert slow.ideal_hours < slow.hours < slow.ideal_hours + 2 * 3 * 36 / 3600
