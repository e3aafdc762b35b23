import json
from dataclasses import replace
from pathlib import Path

import pytest

from fathom.errors import UsageError
from fathom.files import files_digest
from fathom.zoo import find, find_for
from fathom.zoo.cards import Card, read_card
from fathom.zoo.checkpoint import load_net, save_checkpoint
from fathom.zoo.records import RECORDS


@pytest.mark.parametrize("record", [r for r in RECORDS.values() if r.bundled], ids=lambda record: record.name)
def test_a_record_and_its_files_say_the_same(record):
    weights = find(record.name)
    for path in (weights.openvino, weights.torch):
        card = read_card(path)
        assert (card.architecture, card.kind, card.licence) == (record.architecture, record.kind, record.licence)


def test_nano_is_bundled_for_both_runtimes():
    weights = find("nano")
    assert weights.openvino == weights.torch
    assert [file.suffix for file in weights.files] == [".xml", ".bin"] and all(file.exists() for file in weights.files)


def test_names_and_paths_that_lead_nowhere(tmp_path):
    with pytest.raises(UsageError, match="did you mean nano"):
        find("nanno")
    with pytest.raises(ValueError, match="no such checkpoint"):
        find("run/student.safetensors")
    (tmp_path / "a.txt").touch()
    with pytest.raises(ValueError, match=r"\.safetensors, \.pth, \.onnx or \.xml"):
        find(tmp_path / "a.txt")
    with pytest.raises(ValueError, match="no such checkpoint"):
        find(tmp_path)  # a folder, but of no run
    (tmp_path / "a.xml").touch()
    with pytest.raises(ValueError, match=r"no a\.bin beside it"):
        find(tmp_path / "a.xml")


def test_a_runs_folder_leads_to_its_checkpoint(tmp_path):
    nano = find("nano")
    save_checkpoint(tmp_path / "model.safetensors", load_net(nano.torch, nano.card), nano.card)
    assert find(tmp_path).torch == tmp_path / "model.safetensors"


def test_a_published_file_is_known_by_its_content_whatever_it_is_called(tmp_path, monkeypatch):
    path = tmp_path / "renamed.pth"
    path.write_bytes(b"as if these were weights")
    with pytest.raises(UsageError, match="does not say what it predicts; name the model that it is"):
        find(path)
    outdoor = RECORDS["small-outdoor"]
    file = replace(outdoor.file, sha256=files_digest([path]), bytes=path.stat().st_size)
    monkeypatch.setitem(RECORDS, "small-outdoor", replace(outdoor, file=file))
    weights = find(path)
    assert weights.torch == path and weights.name == "renamed"
    assert weights.card == Card("vits", "metric", 518, max_depth=80, licence="Apache-2.0")
    path.write_bytes(b"as if these were Weights")  # as long, and another
    with pytest.raises(UsageError, match="does not say"):
        find(path)


@pytest.mark.parametrize("name", ["a.xml", "a.onnx", "a.safetensors"])
@pytest.mark.parametrize("content", [b"", b"<net>", b"not a network at all"])
def test_a_damaged_file_has_no_card(name, content, tmp_path):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ValueError, match=str(path)) as error:
        read_card(path)
    assert "\n" not in str(error.value)


def test_another_programs_file_has_no_card(tmp_path):
    (tmp_path / "a.xml").write_text("<net><rt_info/></net>")
    with pytest.raises(ValueError, match="has no fathom card"):
        read_card(tmp_path / "a.xml")


GOOD = {"architecture": "lite0", "kind": "relative", "size": 64}


@pytest.mark.parametrize(
    "text",
    ["no JSON", "[]", "{}", *(json.dumps({**GOOD, **bad}) for bad in ({"kind": "x"}, {"kind": "metric"}, {"size": 0}))],
)
def test_a_bad_card_is_refused_in_a_sentence_with_the_path(text):
    assert Card.parse(json.dumps({**GOOD, "later": 1}), Path("a.xml")) == Card(**GOOD)
    with pytest.raises(ValueError, match=r"^a\.xml: its fathom card is damaged"):
        Card.parse(text, Path("a.xml"))


def test_a_checkpoint_in_place_of_a_models_own_weights(tmp_path):
    nano = find("nano").openvino
    assert find_for("nano", nano).openvino == nano
    text = nano.read_text()
    assert "lite2" in text
    (tmp_path / "a.xml").write_text(text.replace("lite2", "lite1"))
    (tmp_path / "a.bin").touch()
    with pytest.raises(ValueError, match="its architecture is lite1, but nano is lite2"):
        find_for("nano", tmp_path / "a.xml")
    with pytest.raises(ValueError, match="its architecture is lite2, but small is vits"):
        find_for("small", nano)
    (tmp_path / "a.pth").touch()
    assert find_for("base-indoor", tmp_path / "a.pth").card.max_depth == 20


@pytest.mark.parametrize("name, refused", [("base", True), ("base-outdoor", True), ("small", False)])
def test_a_file_that_says_nothing_is_as_free_as_the_model_that_it_is_said_to_be(name, refused, tmp_path):
    (tmp_path / "mine.pth").write_bytes(b"weights")
    if refused:
        with pytest.raises(ValueError, match=f"refused.*{name}"):
            find(f"{name}={tmp_path / 'mine.pth'}", commercial_only=True)
    else:
        assert find(f"{name}={tmp_path / 'mine.pth'}", commercial_only=True).name == name
    assert find(f"{name}={tmp_path / 'mine.pth'}").name == name


def test_weights_in_the_place_of_a_bundled_model_must_say_what_they_are(tmp_path):
    (tmp_path / "mine.pth").write_bytes(b"weights")
    with pytest.raises(ValueError, match="does not say what it predicts, as weights in the place of nano must"):
        find(f"nano={tmp_path / 'mine.pth'}")


def test_commercial_only_holds_for_paths_too(tmp_path, monkeypatch):
    (tmp_path / "a.xml").write_text(find("nano").openvino.read_text().replace("Apache-2.0", "CC-BY-NC-4.0"))
    (tmp_path / "a.bin").touch()
    assert find(tmp_path / "a.xml").card.licence == "CC-BY-NC-4.0"
    for asked in (lambda: find(tmp_path / "a.xml", True), lambda: find_for("nano", tmp_path / "a.xml", True)):
        with pytest.raises(ValueError, match=r"a\.xml: is CC-BY-NC-4\.0, refused"):
            asked()
    monkeypatch.setenv("FATHOM_COMMERCIAL_ONLY", "1")
    with pytest.raises(ValueError, match="refused"):
        find(tmp_path / "a.xml")
    path = tmp_path / "renamed.pth"
    path.write_bytes(b"as if these were weights")
    base = RECORDS["base-indoor"]  # Apache-2.0 by its card, and descends from one that is not
    file = replace(base.file, sha256=files_digest([path]), bytes=path.stat().st_size)
    monkeypatch.setitem(RECORDS, "base-indoor", replace(base, file=file))
    with pytest.raises(ValueError, match="refused"):
        find(path)


def test_a_published_file_is_not_taken_for_another(tmp_path, monkeypatch):
    path = tmp_path / "a.pth"
    path.write_bytes(b"as if these were weights")
    indoor = RECORDS["small-indoor"]
    file = replace(indoor.file, sha256=files_digest([path]), bytes=path.stat().st_size)
    monkeypatch.setitem(RECORDS, "small-indoor", replace(indoor, file=file))
    with pytest.raises(ValueError, match="its kind is metric, but small is relative"):
        find_for("small", path)
    with pytest.raises(ValueError, match=r"its max_depth is 20\.?0?, but small-outdoor is 80"):
        find_for("small-outdoor", path)
    assert find(f"small-indoor={path}") == find_for("small-indoor", path)
