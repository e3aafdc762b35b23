import pytest
import torch

from fathom.recipe.checkpoints import Checkpoints, copied


def test_the_last_few_are_kept(tmp_path):
    checkpoints = Checkpoints(tmp_path, keep=2)
    assert checkpoints.last() is None
    for step in (2, 4, 6):
        checkpoints.save({"step": step, "net": {"w": torch.full((3,), float(step))}})
    checkpoints.wait()
    assert checkpoints.steps() == [4, 6]
    assert checkpoints.last()["net"]["w"].tolist() == [6, 6, 6]


def test_what_is_saved_is_what_it_was_then(tmp_path):
    checkpoints = Checkpoints(tmp_path, keep=1)
    weights = torch.zeros(1_000_000)
    checkpoints.save({"step": 1, "net": {"w": weights}})
    weights += 1  # training goes on
    checkpoints.wait()
    assert checkpoints.last()["net"]["w"].abs().max() == 0


def test_one_that_is_cut_short_is_left_out(tmp_path, capsys):
    checkpoints = Checkpoints(tmp_path, keep=5)
    for step in (1, 2):
        checkpoints.save({"step": step})
    checkpoints.wait()
    last = tmp_path / "step-00000002.pt"
    last.write_bytes(last.read_bytes()[:100])
    (tmp_path / ".xyz.part").write_bytes(b"what a kill leaves")
    assert checkpoints.last()["step"] == 1
    assert "step-00000002.pt: is damaged" in capsys.readouterr().err
    (tmp_path / "step-00000001.pt").write_bytes(b"")
    with pytest.raises(ValueError, match="none of its checkpoints can be read"):
        checkpoints.last()


def test_a_full_disk_is_said(tmp_path, monkeypatch):
    def full(path, data):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("fathom.recipe.checkpoints.write_whole", full)
    checkpoints = Checkpoints(tmp_path, keep=1)
    checkpoints.save({"step": 1})
    with pytest.raises(OSError, match="No space left"):
        checkpoints.wait()


def test_copies_share_nothing():
    state = {"a": [torch.ones(2), (torch.ones(1), 3)], "b": "words"}
    copy = copied(state)
    state["a"][0].zero_()
    assert copy["a"][0].tolist() == [1, 1] and copy["a"][1][1] == 3 and copy["b"] == "words"
