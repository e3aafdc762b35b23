import json
from pathlib import Path

import pytest

from fathom.errors import UsageError
from fathom.zoo import find, find_for, on_disk
from fathom.zoo.cards import Card, read_card
from fathom.zoo.records import INPUTS, RECORDS, Record


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_a_record_and_its_files_say_the_same(record):
    assert record.architecture in INPUTS
    weights = on_disk(record)
    for path in [weights.openvino, weights.torch] if weights else []:
        card = read_card(path)
        assert (card.architecture, card.kind, card.licence) == (record.architecture, record.kind, record.licence)


def test_parameters_are_counted_right():
    nets = pytest.importorskip("fathom.nets")
    for record in RECORDS.values():
        if record.bundled:
            assert sum(p.numel() for p in nets.build(record.architecture).parameters()) == record.parameters


def test_nano_is_bundled_for_both_runtimes():
    weights = find("nano")
    assert weights.openvino and weights.torch
    assert len(weights.files) == 3 and all(file.exists() for file in weights.files)


def test_names_and_paths_that_lead_nowhere(tmp_path):
    with pytest.raises(UsageError, match="did you mean nano"):
        find("nanno")
    with pytest.raises(ValueError, match="no such checkpoint"):
        find("run/student.safetensors")
    (tmp_path / "a.pt").touch()
    with pytest.raises(ValueError, match=r"\.safetensors, \.onnx or \.xml"):
        find(tmp_path / "a.pt")
    (tmp_path / "a.xml").touch()
    with pytest.raises(ValueError, match=r"no a\.bin beside it"):
        find(tmp_path / "a.xml")


def test_a_record_without_files():
    assert on_disk(Record("x", "lite0", "relative", 1, "MIT", "")) is None


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
    assert "lite0" in text
    (tmp_path / "a.xml").write_text(text.replace("lite0", "lite1"))
    (tmp_path / "a.bin").touch()
    with pytest.raises(ValueError, match="its architecture is lite1, but nano is lite0"):
        find_for("nano", tmp_path / "a.xml")
