"""fathom label: labels, checks and plans from the command line."""

import json

import numpy as np
import pytest
from PIL import Image

from fathom.cli import main
from fathom.data.labels import made_by, open_labelled


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    folder = tmp_path_factory.mktemp("photos")
    rng = np.random.default_rng(0)
    for i in range(3):
        small = Image.fromarray(rng.integers(0, 256, (6, 8, 3), dtype=np.uint8))
        small.resize((80, 60), Image.Resampling.BICUBIC).save(folder / f"{i}.png")
    return folder


def test_it_labels_goes_on_and_checks(pool, tmp_path, capsys):
    out = str(tmp_path / "labels")
    assert main(["label", str(pool), out, "-m", "nano", "--size", "64"]) == 0
    assert f"3 labels in {out}" in capsys.readouterr().err
    assert made_by(out)["teacher"] == "nano" and made_by(out)["sizes"] == [64]
    assert [s.disparity.shape for s in open_labelled(pool, out)] == [(60, 80)] * 3
    assert main(["label", str(pool), out, "--check"]) == 0
    assert "3 labels and 0 quarantined photos" in capsys.readouterr().err
    (tmp_path / "labels/000000.tar").write_bytes(b"")
    assert main(["label", str(pool), out, "--check"]) == 1
    assert "1 faults" in capsys.readouterr().err
    assert main(["label", str(pool), out, "-m", "nano", "--size", "64"]) == 0
    assert main(["label", str(pool), out, "-m", "nano", "--size", "96"]) == 1
    assert "sizes [64] and not [96]" in capsys.readouterr().err
    assert main(["label", str(pool), str(tmp_path / "new"), "-m", "nano", "--size", "0"]) == 2
    assert "is 1 to 4096 pixels, not 0" in capsys.readouterr().err and not (tmp_path / "new").exists()
    small = ["label", str(pool), str(tmp_path / "new"), "-m", "nano", "--size", "64"]
    assert main([*small, "--detail", "64"]) == 2
    assert "a larger look than the first, here at 65 or more" in capsys.readouterr().err
    assert main([*small, "--detail", "128"]) == 0
    assert made_by(tmp_path / "new")["detail"] == 128


def test_what_cannot_be_labelled_is_said(pool, tmp_path, capsys):
    (tmp_path / "pool").mkdir()
    (tmp_path / "pool/a.png").write_bytes((pool / "0.png").read_bytes())
    (tmp_path / "pool/b.jpg").write_text("no picture")
    out = tmp_path / "labels"
    assert main(["label", str(tmp_path / "pool"), str(out), "-m", "nano", "--size", "64"]) == 1
    assert "1 photos could not be labelled" in capsys.readouterr().err
    assert json.loads((out / "quarantine.jsonl").read_text())["name"] == "b.jpg"


def test_it_plans_and_writes_nothing(pool, capsys):
    before = sorted(pool.iterdir())
    words = ["label", str(pool), "-m", "nano", "--size", "64", "--plan", "62e6", "--cpus", "32", "--gpus", "0"]
    assert main(words) == 0
    out = capsys.readouterr().out
    assert "62,000,000 photos on 32 CPUs, 0 GPUs" in out and "bottleneck" in out and "TB of labels" in out
    assert sorted(pool.iterdir()) == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["p", "-m", "nano"], "where the labels go to is missing"),
        (["p", "o"], "the teacher is missing"),
        (["p", "o", "--check", "--plan", "5", "-m", "nano"], "do not go together"),
        (["p", "-m", "nano", "--plan", "0"], "plan is at least 1"),
        (["p", "-m", "nano", "--plan", "5", "--network", "0"], "network is above 0"),
        (["p", "o", "-m", "nano", "--engine", "threads", "--address", "auto"], "do not go together"),
        (["p", "o", "-m", "nano", "--per-shard", "0"], "per-shard is at least 1"),
    ],
)
def test_wrong_usage_is_said(words, message, capsys):
    assert main(["label", *words]) == 2
    assert message in capsys.readouterr().err


def test_a_metric_teacher_is_refused(pool, tmp_path, capsys, monkeypatch):
    from dataclasses import replace

    import fathom.recipe.labelling.run as run

    found = run.find("nano")
    metric = replace(found, card=replace(found.card, kind="metric", max_depth=20.0))
    monkeypatch.setattr(run, "find", lambda name: metric)
    assert main(["label", str(pool), str(tmp_path / "labels"), "-m", "nano"]) == 1
    assert "must be a relative model" in capsys.readouterr().err


def test_teachers_that_take_other_pictures_do_not_look_together(pool, tmp_path, capsys, monkeypatch):
    from dataclasses import replace

    import fathom.recipe.labelling.run as run

    nano = run.find("nano")
    vit = replace(nano, card=replace(nano.card, architecture="vits"))
    monkeypatch.setattr(run, "find", lambda name: nano if name == "nano" else vit)
    assert main(["label", str(pool), str(tmp_path / "labels"), "-m", "nano", "-m", "small"]) == 2
    assert "all Lites, or all ViTs" in capsys.readouterr().err


def test_two_teachers_at_two_sizes(pool, tmp_path):
    copy = tmp_path / "copy.safetensors"
    assert main(["export", "nano", str(copy)]) == 0
    out = tmp_path / "labels"
    assert main(["label", str(pool), str(out), "-m", "nano", "-m", str(copy), "--size", "64", "--size", "32"]) == 0
    assert made_by(str(out))["teacher"] == "nano + copy" and made_by(str(out))["sizes"] == [32, 64]
    assert len(open_labelled(pool, out)) == 3
