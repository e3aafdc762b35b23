"""A run that is stopped or killed goes on to the same weights."""

import json
import os
import shutil
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
from scenes import scene

import fathom
from fathom.data.augment import Augmentation
from fathom.data.folder import DepthFolder, write_sample
from fathom.data.labels import label_path
from fathom.data.pack import write_shards
from fathom.depth import Depth
from fathom.errors import UsageError
from fathom.files import write_whole
from fathom.recipe.checkpoints import Checkpoints
from fathom.recipe.initial import initial_net, raw_outputs
from fathom.recipe.loop import learning_rate, train
from fathom.recipe.monitor import keep_log_until
from fathom.recipe.objective import gm_weight
from fathom.recipe.record import describe, refuse_another
from fathom.recipe.samples import fingerprint_of, sources_of
from fathom.recipe.stages import PRESETS, STAGES, Metric, Student, Teacher
from fathom.zoo.checkpoint import load_checkpoint

SMALL = Augmentation(crop=64)


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
    stage = Teacher(
        run, "lite0", steps=6, batch=2, warmup=2, augmentation=SMALL, checkpoint_every=2, data=(str(rendered),)
    )
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
        photos=str(photos),
        labels=str(labels),
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
        " checkpoint_every=2, data=(sys.argv[2],)))"
    )
    run = tmp_path / "killed"
    process = subprocess.Popen([sys.executable, "-c", program, str(run), str(rendered)], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not Checkpoints(run / "checkpoints", 1).steps() and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert 2 <= Checkpoints(run / "checkpoints", 1).steps()[-1] < 6
    resumed = train(teacher(run, rendered))
    a, b = load_file(whole), load_file(resumed)
    assert all(torch.equal(a[name], b[name]) for name in a)


def test_sigterm_saves_and_leaves(tmp_path, rendered, monkeypatch):
    import fathom.recipe.loop as loop

    real = loop.losses
    calls = []

    def then_stop(*arguments):
        calls.append(1)
        if len(calls) == 3:
            os.kill(os.getpid(), signal.SIGTERM)
        return real(*arguments)

    monkeypatch.setattr(loop, "losses", then_stop)
    with pytest.raises(KeyboardInterrupt):
        train(teacher(tmp_path, rendered, checkpoint_every=100))
    assert Checkpoints(tmp_path / "checkpoints", 1).steps() == [3]


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
    stage = Student(tmp_path, "lite0", steps=2, photos=str(photos), labels=str(labels))
    write_whole(labels / "labels.json", b'{"fingerprint": "a"}')
    before = describe(stage, fingerprint_of(sources_of(stage), stage))
    write_whole(labels / "labels.json", b'{"fingerprint": "b"}')
    with pytest.raises(ValueError, match="another data"):
        refuse_another(before, describe(stage, fingerprint_of(sources_of(stage), stage)), stage.run)


def test_a_log_cut_short_does_not_stop_a_run(tmp_path):
    log = tmp_path / "log.jsonl"
    log.write_text('{"step": 10}\n{"step": 20}\n{"step": 30}\n{"st')
    keep_log_until(log, 20)
    assert log.read_text() == '{"step": 10}\n{"step": 20}\n'


def test_losses_that_stay_non_finite_end_the_run(tmp_path, rendered, monkeypatch):
    import fathom.recipe.loop as loop

    real = loop.losses
    monkeypatch.setattr(loop, "MAX_SPOILT", 3)
    monkeypatch.setattr(loop, "losses", lambda *a: {k: v * torch.nan for k, v in real(*a).items()})
    with pytest.raises(ValueError, match=r"3 steps in a row had no finite loss, the last with scene\d\d"):
        train(teacher(tmp_path, rendered))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"batch": 0}, "batch is at least 1"),
        ({"checkpoint_every": 0}, "checkpoint-every is at least 1"),
        ({"seed": -1}, "seed is at least 0"),
        ({"clip": 0.0}, "clip is above 0"),
        ({"head_lr": -1.0}, "head-lr is at least 0"),
        ({"correlation_weight": -1.0}, "correlation-weight is at least 0"),
        ({"augmentation": Augmentation(crop=64, flip=3)}, "flip is a share"),
        ({"augmentation": Augmentation(crop=64, standing=1.5)}, "standing is a share"),
        ({"augmentation": Augmentation(crop=64, frame=-0.1)}, "frame is a share"),
        ({"augmentation": Augmentation(crop=0)}, "crop is at least 1"),
        ({"augmentation": Augmentation(crop=64, aspect=0.5)}, "aspect is at least 1"),
        ({"encoder": Path("dinov2_vits14_pretrain.pth")}, "goes with no Lite|not with a Lite"),
        ({"devices": 3, "batch": 4}, "cannot be dealt out to 3 parts"),
        ({"nodes": 2}, "started on each of them"),
        ({"architecture": "lite7"}, "did you mean"),
        ({"augmentation": Augmentation(crop=100)}, "multiple of 32"),
    ],
)
def test_options_that_no_run_can_have_are_said(tmp_path, rendered, changes, message):
    with pytest.raises(UsageError, match=message):
        train(teacher(tmp_path, rendered, **changes))
    assert not tmp_path.joinpath("checkpoints").exists()


def test_missing_data_is_said(tmp_path):
    with pytest.raises(ValueError, match="fathom render"):
        train(Teacher(tmp_path / "run"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match="no pictures with depth"):
        train(Teacher(tmp_path / "run", data=(str(tmp_path / "empty"),)))
    with pytest.raises(ValueError, match="--photos"):
        train(Student(tmp_path / "run"))


def test_schedules_begin_and_end_where_they_should():
    stage = Teacher(Path("run"), steps=1000, warmup=100, gm_weight=2.0, gm_rise=0.5)
    assert learning_rate(0, stage) == pytest.approx(0.01) and learning_rate(100, stage) == 1
    assert learning_rate(550, stage) == pytest.approx(0.5) and learning_rate(999, stage) < 1e-5
    assert gm_weight(249, stage) == pytest.approx(1.0)
    assert gm_weight(500, stage) == gm_weight(999, stage) == 2.0
    assert gm_weight(0, replace(stage, gm_rise=0.0)) == 2.0


def test_every_checkpoint_predicts(tmp_path, rendered):
    train(teacher(tmp_path, rendered, steps=2))
    picture = scene(50).picture
    last = fathom.load(tmp_path / "checkpoints" / "step-00000002.pt", device="cpu", precision="float32")(picture)
    assert last.kind == "relative" and np.isfinite(last.values).all()
    assert np.array_equal(last.values, fathom.load(tmp_path, device="cpu", precision="float32")(picture).values)


def test_broken_samples_are_named_and_replaced_until_there_are_too_many(tmp_path, rendered):
    folder = tmp_path / "data"
    shutil.copytree(rendered, folder)
    (folder / "scene00.png").write_bytes(b"no picture")
    np.savez(folder / "scene01.npz", disparity=np.full((72, 96), np.nan, np.float32))
    train(teacher(tmp_path / "run", folder, steps=8, checkpoint_every=100))
    said = [json.loads(line) for line in (tmp_path / "run" / "broken.jsonl").read_text().splitlines()]
    assert {line["sample"].split()[0] for line in said} >= {"scene01"} and len(said) >= 4  # two each epoch
    assert any("scene00.png" in line["sample"] + line["reason"] for line in said)
    with pytest.raises(ValueError, match=r"samples were broken, more than 1: see .*broken\.jsonl"):
        train(teacher(tmp_path / "strict", folder, steps=8, broken=1))


def test_the_best_by_a_benchmark_is_kept(tmp_path, rendered):
    stage = teacher(tmp_path, rendered, steps=4, validate=f"folder:{rendered}", validate_every=2)
    train(stage)
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    found = {line["step"]: line["abs_rel"] for line in lines if "abs_rel" in line}
    assert set(found) == {2, 4}
    best = json.loads((tmp_path / "best.json").read_text())
    assert best["abs_rel"] == min(found.values())
    assert fathom.load(tmp_path / "best.safetensors").card.origin["step"] == min(found, key=found.get)


def metric(run: Path, rendered: Path, **changes) -> Metric:
    stage = Metric(run, "lite2", init="nano", steps=14, batch=4, warmup=2, augmentation=replace(SMALL, smallest=1.0))
    return replace(stage, data=(str(rendered),), max_depth=20.0, **changes)


@pytest.mark.parametrize("head", ["kept", "new"])
def test_a_relative_network_learns_metres(head, tmp_path, rendered):
    result = train(metric(tmp_path, rendered, head=head))
    losses = [json.loads(line)["silog"] for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert losses[-1] < losses[0]
    depth = fathom.load(result, device="cpu")(scene(50).picture)
    assert depth.kind == "metric" and depth.values.min() > 0 and depth.values.max() < 20


def test_metres_begin_where_the_sigmoid_has_a_slope():
    stage = Metric(Path("unused"), "lite2", init="nano", max_depth=20.0)
    middle, spread = raw_outputs(initial_net(stage))
    assert abs(middle) < 1e-3 and spread == pytest.approx(1, rel=1e-3)
    distance = raw_outputs(initial_net(replace(stage, max_depth=80.0)))
    assert distance == (middle, spread)  # the largest depth has no part in it


def test_what_the_metric_stage_needs(tmp_path, rendered):
    with pytest.raises(UsageError, match="starts from a relative network: --init"):
        train(metric(tmp_path / "a", rendered, init=None))
    relative = tmp_path / "relative"
    write_sample(relative, replace(scene(1), metric=False))
    with pytest.raises(ValueError, match="not in metres"):
        train(metric(tmp_path / "b", relative))
    with pytest.raises(ValueError, match="is a lite2, the run trains a lite1"):
        train(metric(tmp_path / "c", rendered, architecture="lite1"))


def test_a_run_on_a_stream_goes_on_in_mid_epoch(tmp_path, rendered):
    write_shards(DepthFolder(rendered), tmp_path / "shards", per_shard=3)
    strong = replace(SMALL, blur=0.5, cutmix=0.5, aspect=2.0)
    options = {"data": (f"stream:{tmp_path / 'shards'}",), "augmentation": strong, "steps": 5, "checkpoint_every": 3}
    whole = train(replace(teacher(tmp_path / "whole", rendered), **options))
    halved = replace(teacher(tmp_path / "halved", rendered), **options)
    train(halved)
    (tmp_path / "halved" / "checkpoints" / "step-00000005.pt").unlink()  # as if it had been killed after step 3
    again = train(halved)
    a, b = load_file(whole), load_file(again)
    assert all(torch.equal(a[name], b[name]) for name in a)
    with pytest.raises(ValueError, match="another workers"):
        train(replace(halved, workers=2))


def test_sixteen_bits_come_near(tmp_path, rendered):
    train(teacher(tmp_path / "32", rendered, steps=1))
    train(teacher(tmp_path / "16", rendered, steps=1, precision="bfloat16"))
    full, half = (json.loads((tmp_path / n / "log.jsonl").read_text()) for n in ("32", "16"))
    assert half["loss"] != full["loss"] and half["loss"] == pytest.approx(full["loss"], rel=0.02)


def test_presets_are_whole():
    for stages in PRESETS.values():
        for name, values in stages.items():
            extra = {"photos": "p", "labels": "l"} if name == "student" else {}
            STAGES[name](Path("run"), **values, **extra).check()
    paper = Teacher(Path("run"), **PRESETS["paper"]["teacher"])
    assert (paper.batch, paper.steps, paper.encoder_lr, paper.head_lr) == (64, 160_000, 5e-6, 5e-5)
    assert learning_rate(80_050, paper) == pytest.approx(0.5, abs=1e-3)


def test_steps_that_are_left_out_are_named(tmp_path, rendered, monkeypatch):
    import fathom.recipe.loop as loop

    real, calls = loop.losses, []

    def sometimes(*arguments):
        calls.append(1)
        spoil = torch.nan if len(calls) in (2, 3) else 1.0
        return {name: term * spoil for name, term in real(*arguments).items()}

    monkeypatch.setattr(loop, "losses", sometimes)
    train(teacher(tmp_path / "run", rendered))
    lines = [json.loads(line) for line in (tmp_path / "run" / "broken.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [2, 3] and all("scene" in line["sample"] for line in lines)
    assert np.isfinite(fathom.load(tmp_path / "run", device="cpu")(scene(50).picture).values).all()


def test_a_best_checkpoint_is_the_best_on_its_benchmark(tmp_path, rendered):
    train(teacher(tmp_path, rendered, steps=2, validate=f"folder:{rendered}", validate_every=2))
    record = tmp_path / "best.json"
    record.write_text(json.dumps({**json.loads(record.read_text()), "suite": "another", "abs_rel": 0.0}))
    for checkpoint in (tmp_path / "checkpoints").iterdir():
        checkpoint.unlink()
    train(teacher(tmp_path, rendered, steps=2, validate=f"folder:{rendered}", validate_every=2))
    assert json.loads(record.read_text())["abs_rel"] > 0


def test_a_head_that_says_distance_is_turned_round_for_nearness(tmp_path, rendered):
    metres = train(metric(tmp_path / "metres", rendered, steps=1))
    net = initial_net(teacher(tmp_path / "back", rendered, architecture="lite2", init=str(metres)))
    start = load_checkpoint(metres)[0]
    assert torch.equal(net.head.out.weight, -start.head.out.weight)


def test_metres_are_learned_from_metres_only(tmp_path, rendered):
    folder = tmp_path / "data"
    shutil.copytree(rendered, folder)
    for seed in range(1, 8):
        write_sample(folder, replace(scene(seed), metric=False))
    train(metric(tmp_path / "run", folder, steps=2, batch=8))
    first = json.loads((tmp_path / "run" / "log.jsonl").read_text())["silog"]
    train(metric(tmp_path / "all", rendered, steps=2, batch=8))
    assert first < 0.5 * json.loads((tmp_path / "all" / "log.jsonl").read_text())["silog"]  # one of eight has any
