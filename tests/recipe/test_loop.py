"""A run that is stopped or killed goes on to the same weights."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from fathom.data.augment import Augmentation
from fathom.data.folder import write_sample
from fathom.data.labels import label_path
from fathom.data.sample import Sample
from fathom.depth import Depth
from fathom.errors import UsageError
from fathom.files import write_whole
from fathom.recipe.loop import (
    describe,
    gm_weight,
    keep_log_until,
    learning_rate,
    refuse_another,
    samples_of,
    train,
)
from fathom.recipe.stages import Student, Teacher
from fathom.zoo.checkpoint import load_checkpoint

SMALL = Augmentation(crop=64)


def scene(seed: int, height: int = 72, width: int = 96) -> Sample:
    """A floor under a sky, with discs standing on it."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    horizon = height * 0.4
    disparity = np.where(y > horizon, (y - horizon) / height, 0).astype(np.float32)
    picture = np.where((y > horizon)[..., None], [90, 80, 60], [140, 180, 230]).astype(np.uint8)
    for _ in range(3):
        radius, cx = rng.integers(5, 20), rng.integers(0, width)
        foot = rng.integers(int(horizon) + 5, height)
        inside = (x - cx) ** 2 + (y - (foot - radius)) ** 2 < radius**2
        picture[inside] = rng.integers(0, 255, 3)
        disparity[inside] = np.maximum(disparity[inside], (foot - horizon) / height)
    return Sample(f"scene{seed:02d}", picture, disparity, np.ones((height, width), bool))


@pytest.fixture(scope="module")
def rendered(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("rendered")
    for seed in range(8):
        write_sample(folder, scene(seed))
    return folder


@pytest.fixture(scope="module")
def pool(tmp_path_factory) -> tuple[Path, Path]:
    from PIL import Image

    photos, labels = tmp_path_factory.mktemp("photos"), tmp_path_factory.mktemp("labels")
    for seed in range(8):
        sample = scene(seed)
        Image.fromarray(sample.picture).save(photos / f"{sample.name}.jpg")
        path = label_path(labels, f"{sample.name}.jpg")
        path.parent.mkdir(exist_ok=True)
        Depth(sample.disparity, "relative").save(path)
    return photos, labels


def teacher(run: Path, rendered: Path, **changes) -> Teacher:
    stage = Teacher(run, "lite0", steps=6, batch=2, warmup=2, augmentation=SMALL, checkpoint_every=2, data=(rendered,))
    return replace(stage, **changes)


def test_a_teacher_learns(tmp_path, rendered):
    result = train(teacher(tmp_path, rendered, steps=30, batch=4, gm_rise=0.0))
    losses = [json.loads(line)["loss"] for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert losses[-1] < 0.8 * losses[0]
    _, card = load_checkpoint(result)
    assert (card.architecture, card.kind) == ("lite0", "relative")
    assert (card.origin["stage"], card.origin["step"]) == ("teacher", 30)
    assert json.loads((tmp_path / "config.json").read_text())["config"]["steps"] == 30


def test_a_student_learns_from_photos_and_labels_alone(tmp_path, pool):
    photos, labels = pool
    stage = Student(
        tmp_path,
        "lite0",
        steps=20,
        batch=4,
        warmup=2,
        augmentation=SMALL,
        photos=photos,
        labels=labels,
        align_weight=1.0,
    )
    train(replace(stage, align_weight=1.0, gm_rise=0.0))
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert lines[-1]["loss"] < lines[0]["loss"] and "align" in lines[0]


def test_killed_at_any_moment_it_goes_on_to_the_same_weights(tmp_path, rendered):
    whole = train(teacher(tmp_path / "whole", rendered))
    program = (
        "import sys; from pathlib import Path; from fathom.data.augment import Augmentation\n"
        "from fathom.recipe.loop import train; from fathom.recipe.stages import Teacher\n"
        "train(Teacher(Path(sys.argv[1]), 'lite0', steps=6, batch=2, warmup=2, augmentation=Augmentation(crop=64),"
        " checkpoint_every=2, data=(Path(sys.argv[2]),)))"
    )
    run = tmp_path / "killed"
    process = subprocess.Popen([sys.executable, "-c", program, str(run), str(rendered)], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not (run / "state.pt").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    state = torch.load(run / "state.pt", weights_only=True)
    assert 2 <= state["step"] < 6
    resumed = train(teacher(run, rendered))
    a, b = load_file(whole), load_file(resumed)
    assert all(torch.equal(a[name], b[name]) for name in a)


def test_sigterm_saves_and_leaves(tmp_path, rendered, monkeypatch):
    import fathom.recipe.loop as loop

    real = loop.loss_of
    calls = []

    def then_stop(*arguments):
        calls.append(1)
        if len(calls) == 3:
            os.kill(os.getpid(), signal.SIGTERM)
        return real(*arguments)

    monkeypatch.setattr(loop, "loss_of", then_stop)
    with pytest.raises(KeyboardInterrupt):
        train(teacher(tmp_path, rendered, checkpoint_every=100))
    assert torch.load(tmp_path / "state.pt", weights_only=True)["step"] == 3


def test_a_run_of_other_settings_is_not_continued(tmp_path, rendered):
    train(teacher(tmp_path, rendered, steps=2))
    with pytest.raises(ValueError, match="another head-lr"):
        train(teacher(tmp_path, rendered, steps=2, head_lr=1e-5))
    other = tmp_path / "other"
    write_sample(other, scene(99))
    with pytest.raises(ValueError, match="another data"):
        train(teacher(tmp_path, other, steps=2))


def test_labels_of_another_teacher_are_other_data(tmp_path, pool):
    photos, labels = pool
    stage = Student(tmp_path, "lite0", steps=2, photos=photos, labels=labels)
    write_whole(labels / "labels.json", b'{"fingerprint": "a"}')
    before = describe(stage, samples_of(stage)[1])
    write_whole(labels / "labels.json", b'{"fingerprint": "b"}')
    with pytest.raises(ValueError, match="another data"):
        refuse_another(before, describe(stage, samples_of(stage)[1]), stage.run)


def test_a_log_cut_short_does_not_stop_a_run(tmp_path):
    log = tmp_path / "log.jsonl"
    log.write_text('{"step": 10}\n{"step": 20}\n{"step": 30}\n{"st')
    keep_log_until(log, 20)
    assert log.read_text() == '{"step": 10}\n{"step": 20}\n'


def test_losses_that_stay_non_finite_end_the_run(tmp_path, rendered, monkeypatch):
    import fathom.recipe.loop as loop

    real = loop.loss_of
    monkeypatch.setattr(loop, "MAX_SPOILT", 3)
    monkeypatch.setattr(loop, "loss_of", lambda *a: {k: v * torch.nan for k, v in real(*a).items()})
    with pytest.raises(ValueError, match=r"3 steps in a row had no finite loss, the last with scene\d\d"):
        train(teacher(tmp_path, rendered))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"batch": 0}, "batch is at least 1"),
        ({"checkpoint_every": 0}, "checkpoint-every is at least 1"),
        ({"seed": -1}, "seed is at least 0"),
        ({"architecture": "lite7"}, "did you mean"),
        ({"augmentation": Augmentation(crop=100)}, "multiple of 32"),
    ],
)
def test_options_that_no_run_can_have_are_said(tmp_path, rendered, changes, message):
    with pytest.raises(UsageError, match=message):
        train(teacher(tmp_path, rendered, **changes))
    assert not tmp_path.joinpath("state.pt").exists()


def test_missing_data_is_said(tmp_path):
    with pytest.raises(ValueError, match="fathom render"):
        train(Teacher(tmp_path / "run"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match="no pictures with depth"):
        train(Teacher(tmp_path / "run", data=(tmp_path / "empty",)))
    with pytest.raises(ValueError, match="--photos"):
        train(Student(tmp_path / "run"))


def test_schedules_begin_and_end_where_they_should():
    stage = Teacher(Path("run"), steps=1000, warmup=100, gm_weight=2.0, gm_rise=0.5)
    assert learning_rate(0, stage) == pytest.approx(0.01) and learning_rate(100, stage) == 1
    assert learning_rate(550, stage) == pytest.approx(0.5) and learning_rate(999, stage) < 1e-5
    assert gm_weight(249, stage) == pytest.approx(1.0)
    assert gm_weight(500, stage) == gm_weight(999, stage) == 2.0
    assert gm_weight(0, replace(stage, gm_rise=0.0)) == 2.0
