import hashlib
import json
import subprocess
import sys
from dataclasses import replace

import pytest

from fathom.cli import main
from fathom.cli.pull import ENCODERS
from fathom.zoo.records import BACKBONES, RECORDS
from hub import playing_hub

DATA = bytes(range(256)) * 1000
SHA256 = hashlib.sha256(DATA).hexdigest()
PULLED = ("small", "base")


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """A hub that has a small file in the place of some of the published ones."""
    with playing_hub(tmp_path, monkeypatch) as hub:
        for name in PULLED:
            file = replace(RECORDS[name].file, sha256=SHA256, bytes=len(DATA))
            hub.files[file.url.removeprefix(f"{hub.url}/")] = DATA
            monkeypatch.setitem(RECORDS, name, replace(RECORDS[name], file=file))
        hub.files["dinov2/a.pth"] = DATA
        backbone = replace(BACKBONES["vits"], repo=f"{hub.url}/dinov2", name="a.pth", sha256=SHA256, bytes=len(DATA))
        monkeypatch.setitem(BACKBONES, "vits", backbone)
        yield hub


def json_of(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_models_are_fetched_and_their_licences_said(hub, capsys):
    assert main(["pull", "small", "base"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "small is Apache-2.0, free for commercial use"
    assert lines[1].startswith("small: fetched and verified, /")
    assert lines[2] == "base is CC-BY-NC-4.0, not for commercial use; small is free for it"
    asked = len(hub.requests)
    assert main(["pull", "base"]) == 0
    said = capsys.readouterr()
    assert "not for commercial use" in said.out and "base: here already, /" in said.out
    assert said.err == "" and len(hub.requests) == asked


def test_json_lines(hub, capsys):
    assert main(["pull", "small", "dinov2-small", "nano", "--json"]) == 0
    small, dinov2, nano = json_of(capsys)
    assert (small["name"], small["fetched"], small["commercial"]) == ("small", True, True)
    for model in (small, dinov2):
        with open(*model["files"], "rb") as file:  # noqa: PTH123
            assert file.read() == DATA
    assert nano["bundled"] and not nano["fetched"] and len(nano["files"]) == 2
    assert main(["pull", "small", "--json"]) == 0
    assert not json_of(capsys)[0]["fetched"]


@pytest.mark.parametrize(
    "arguments, code, words",
    [
        ([], 2, "no model given"),
        (["small", "smal"], 2, "no model is called 'smal'; did you mean small"),
        (["small", "giant"], 2, "were never released"),
        (["small", "base", "--commercial-only"], 1, "base is CC-BY-NC-4.0, not for commercial use"),
    ],
)
def test_what_cannot_be_had_is_said_before_anything_is_fetched(hub, capsys, arguments, code, words):
    assert main(["pull", *arguments]) == code
    said = capsys.readouterr()
    assert words in said.err and said.err.count("\n") == 1 and said.out == ""
    assert hub.requests == []


def test_commercial_only_lets_through_what_is_free(hub):
    assert main(["pull", "small", "nano", "dinov2-small", "--commercial-only"]) == 0


def test_a_failure_is_one_sentence(hub, capsys):
    hub.files.clear()
    assert main(["pull", "small"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[-1].startswith(f"fathom: {RECORDS['small'].file.url}: is not there (404)") and len(said) == 2


def test_the_backbones_have_the_names_of_the_models_that_start_from_them():
    assert ENCODERS.keys() == {"dinov2-small", "dinov2-base", "dinov2-large", "dinov2-giant"}
    for name, vit in ENCODERS.items():
        assert RECORDS[name.removeprefix("dinov2-")].architecture == vit


def test_offline_nobody_is_spoken_to(tmp_path):
    code = """
import sys
from fathom.cli import main

def refuse(event, _):
    if event.startswith(("socket", "urllib")):
        raise AssertionError(event)

sys.addaudithook(refuse)
sys.exit(main(["pull", "small"]))
"""
    environment = {"PATH": "", "HOME": str(tmp_path), "FATHOM_OFFLINE": "1", "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.endswith("not to be fetched: fathom is set to be offline\n") and done.stderr.count("\n") == 1
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_models_shows_every_model_in_120_columns(hub, capsys):
    assert main(["pull", "small"]) == main(["models"]) == 0
    lines = capsys.readouterr().out.splitlines()[2:]
    assert max(map(len, lines)) <= 120
    rows = {line.split()[0]: line for line in lines if line}
    assert RECORDS.keys() < rows.keys()
    columns = {name: rows["name"].index(name) for name in ("predicts", "download", "on disk", "licence", "from")}
    for name, start, said in [
        ("small", "on disk", "yes"),
        ("base", "on disk", "no"),
        ("base", "licence", "CC-BY-NC-4.0"),
        ("large", "download", "1341 MB"),
        ("large-indoor", "predicts", "metres to 20"),
        ("large-indoor", "licence", "Apache-2.0 *"),
        ("v1-base", "from", "spaces/LiheYoung/Depth-Anything"),
        ("giant", "from", "never released"),
        ("nano", "from", "comes with fathom"),
    ]:
        assert rows[name][columns[start] :].startswith(said)


def test_models_as_json_says_all_that_is_known(hub, capsys):
    assert main(["pull", "small", "--json"]) == 0
    (pulled,) = json_of(capsys)
    assert main(["models", "--json"]) == 0
    models = {model["name"]: model for model in json_of(capsys)}
    assert models.keys() == RECORDS.keys()
    assert models["small"]["files"] == pulled["files"] and models["small"]["on_disk"]
    assert models["small"]["sha256"] == SHA256
    assert models["large"]["published"]["kitti"] == {"absrel": 0.074, "delta1": 0.946}
    assert models["large-indoor"]["max_depth"] == 20 and not models["large-indoor"]["commercial"]
    assert models["giant"]["url"] is None


@pytest.mark.parametrize("way", ["option", "environment"])
def test_models_for_commercial_use(hub, capsys, monkeypatch, way):
    if way == "environment":
        monkeypatch.setenv("FATHOM_COMMERCIAL_ONLY", "1")
    assert main(["models", "--json", *(["--commercial-only"] if way == "option" else [])]) == 0
    models = json_of(capsys)
    assert {model["name"] for model in models} == {name for name, record in RECORDS.items() if record.commercial}
