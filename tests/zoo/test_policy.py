from dataclasses import replace

import pytest

from fathom.errors import UsageError
from fathom.zoo.policy import licence, permitted, pull
from fathom.zoo.records import RECORDS


@pytest.fixture(autouse=True)
def no_settings_and_no_net(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("FATHOM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("FATHOM_OFFLINE", "1")
    monkeypatch.delenv("FATHOM_COMMERCIAL_ONLY", raising=False)


def test_weights_that_were_never_released():
    for commercial_only in (False, True):
        with pytest.raises(UsageError, match=r"giant were never released; .*--weights FILE .* weights= in Python"):
            pull(RECORDS["giant"], commercial_only=commercial_only)


def test_bundled_weights_are_not_fetched():
    with pytest.raises(UsageError, match="nano comes with fathom"):
        pull(RECORDS["nano"])


@pytest.mark.parametrize(
    "name, why, instead",
    [
        ("base", "not for commercial use", "small is free"),
        ("large-indoor", "descends from large, which is CC-BY-NC-4.0", "small-indoor is free"),
        ("base-outdoor", "descends from base, which is CC-BY-NC-4.0", "small-outdoor is free"),
    ],
)
@pytest.mark.parametrize("way", ["argument", "environment", "file"])
def test_commercial_only(name, why, instead, way, monkeypatch, tmp_path):
    if way == "environment":
        monkeypatch.setenv("FATHOM_COMMERCIAL_ONLY", "1")
    if way == "file":
        (tmp_path / "config" / "fathom").mkdir(parents=True)
        (tmp_path / "config" / "fathom" / "config.toml").write_text("commercial_only = true\n")
    with pytest.raises(ValueError, match=f"^refused.*{name}.*{why}.*{instead}"):
        pull(RECORDS[name], commercial_only=way == "argument")


def test_every_refused_model_has_one_to_take_instead_that_is_not_refused():
    for record in RECORDS.values():
        if not record.commercial:
            instead = licence(record).rpartition("; ")[2].split()[0]
            assert permitted(RECORDS[instead], commercial_only=True).max_depth == record.max_depth


def test_a_restricted_licence_is_said_at_the_first_use_alone(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("fathom.zoo.download.obtain", lambda file: tmp_path / file.name)
    for expected in ("base is CC-BY-NC-4.0, not for commercial use; small is free for it\n", ""):
        assert pull(RECORDS["base"]) == tmp_path / RECORDS["base"].file.name
        assert capsys.readouterr().err == expected
    pull(RECORDS["small"])
    assert capsys.readouterr().err == ""


def test_a_licence_that_is_not_known_is_no_free_one():
    assert not replace(RECORDS["small"], licence="unknown").commercial
