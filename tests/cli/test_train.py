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
    assert isinstance(stage, Student) and stage.photos == Path("p")
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
    ],
)
def test_a_bad_file_is_said(tmp_path, text, message):
    (tmp_path / "bad.toml").write_text(text)
    with pytest.raises(UsageError, match=message):
        parse(["teacher", "--config", str(tmp_path / "bad.toml"), "--run", "r"], **FLAT)
