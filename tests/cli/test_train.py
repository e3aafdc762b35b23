"""The command line over the config file over the defaults."""

from pathlib import Path

import pytest
import tyro

from fathom.cli.train import parse
from fathom.errors import UsageError
from fathom.recipe.stages import Student, Teacher

FLAT = {"config": (tyro.conf.OmitArgPrefixes,)}


def test_options_go_before_the_file_and_the_file_before_defaults(tmp_path):
    file = tmp_path / "teacher.toml"
    file.write_text('steps = 7\nhead-lr = 0.5\ndata = ["a", "b"]\n[augmentation]\ncrop = 64\n')
    stage = parse(["teacher", "--config", str(file), "--run", "r", "--steps", "9"], **FLAT)
    assert isinstance(stage, Teacher)
    assert (stage.steps, stage.head_lr, stage.batch) == (9, 0.5, Teacher(Path("r")).batch)
    assert stage.data == ("a", "b") and stage.augmentation.crop == 64
    assert stage.augmentation.flip == 0.5


def test_a_student_needs_photos_and_labels(capsys):
    stage = parse(["student", "--run", "r", "--photos", "p", "--labels", "l"], **FLAT)
    assert isinstance(stage, Student) and stage.photos == "p"
    with pytest.raises(SystemExit) as exit:
        parse(["student", "--run", "r"], **FLAT)
    assert exit.value.code == 2 and "photos" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("stesp = 1", "did you mean steps"),
        ("steps =", "not TOML"),
        ("[augmentation]\nx=1", "option"),
        ("data = 'world'", "is not what the option data takes"),
        ("steps = 'ten'", "is not what"),
        ("augmentation = 3", "is not what"),
        ("ema = true", "is not what"),
        ("mix = ['a']", "is not what"),
        ("precision = 'fp16'", "no precision is called 'fp16'"),
        ("decay = 'liner'", "did you mean linear"),
    ],
)
def test_a_bad_file_is_said(tmp_path, text, message):
    (tmp_path / "bad.toml").write_text(text)
    with pytest.raises(UsageError, match=message):
        parse(["teacher", "--config", str(tmp_path / "bad.toml"), "--run", "r"], **FLAT)


@pytest.mark.parametrize(
    "words", ["--data a --data hypersim:/h", "--data a hypersim:/h", "--data=a --data=hypersim:/h"]
)
def test_data_may_be_named_together_or_one_by_one(words):
    stage = parse(["teacher", "--run", "r", *words.split(), "--steps", "5", "--mix", "1", "--mix", "2"], **FLAT)
    assert stage.data == ("a", "hypersim:/h") and stage.mix == (1.0, 2.0) and stage.steps == 5


def test_a_preset_goes_before_the_defaults_and_after_the_file(tmp_path):
    (tmp_path / "a.toml").write_text("batch = 32")
    stage = parse(["teacher", "--preset", "paper", "--config", str(tmp_path / "a.toml"), "--run", "r"], **FLAT)
    assert (stage.architecture, stage.batch, stage.steps) == ("vitg", 32, 160_000)
    with pytest.raises(UsageError, match="no preset is called 'papre'; did you mean paper"):
        parse(["teacher", "--preset", "papre", "--run", "r"], **FLAT)
