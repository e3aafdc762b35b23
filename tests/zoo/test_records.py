import re

import pytest

from fathom.zoo.records import BACKBONES, INPUTS, RECORDS, File

PUBLISHED = [record for record in RECORDS.values() if record.file is not None]
FILES = [*(record.file for record in PUBLISHED), *BACKBONES.values()]


def test_names_are_their_keys_and_files_are_told_apart():
    assert all(name == record.name for name, record in RECORDS.items())
    assert len({(file.repo, file.name) for file in FILES}) == len(FILES)
    digests = [file.sha256 for file in FILES if file.sha256]
    assert len(set(digests)) == len(digests)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_is_well_described(file, monkeypatch):
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    assert re.fullmatch(r"https://[\w.]+/[\w./-]+\.pth", file.url)
    assert ".." not in file.url
    assert (file.sha256 is None) == (file.bytes is None)
    if file.sha256:
        assert re.fullmatch("[0-9a-f]{64}", file.sha256) and file.bytes > 1e6


def test_the_address_of_a_file(monkeypatch):
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    file = RECORDS["small"].file
    path = "depth-anything/Depth-Anything-V2-Small/resolve/main/depth_anything_v2_vits.pth"
    assert file.url == f"https://huggingface.co/{path}"
    monkeypatch.setenv("HF_ENDPOINT", "https://mirror.example/")
    assert file.url == f"https://mirror.example/{path}"
    assert File("https://a.example/b", "c.pth").url == "https://a.example/b/c.pth"
    assert BACKBONES["vits"].url == "https://dl.fbaipublicfiles.com/dinov2/dinov2_vits14/dinov2_vits14_pretrain.pth"


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_what_a_record_says_goes_together(record):
    assert record.architecture in INPUTS
    assert (record.kind == "metric") == (record.max_depth is not None)
    assert not (record.bundled and record.file)
    if not record.bundled:
        assert record.size % INPUTS[record.architecture].multiple == 0
    if record.file and record.file.bytes:  # float32, a few unused weights, and the bookkeeping of a zip
        assert 0 < record.file.bytes - 4 * record.parameters < 0.01 * record.file.bytes


def test_parameters_are_counted_right():
    torch = pytest.importorskip("torch")
    nets = pytest.importorskip("fathom.nets")
    counted = {}
    for architecture in {record.architecture for record in RECORDS.values()}:
        with torch.device("meta"):
            counted[architecture] = sum(p.numel() for p in nets.build(architecture).parameters())
    assert {name: counted[record.architecture] for name, record in RECORDS.items()} == {
        name: record.parameters for name, record in RECORDS.items()
    }


def test_pictures_are_prepared_as_the_networks_were_trained():
    depth_net = pytest.importorskip("fathom.nets.depth_net")
    torch = pytest.importorskip("torch")
    assert INPUTS.keys() == depth_net.ARCHITECTURES.keys()
    for architecture, input in INPUTS.items():
        with torch.device("meta"):
            net = depth_net.build(architecture)
        assert net.multiple == input.multiple
    for variant in ("lite0", "vits"):  # with values, which meta has none of
        net = depth_net.build(variant)
        assert torch.allclose(net.mean.flatten(), torch.tensor(INPUTS[variant].mean))
        assert torch.allclose(net.std.flatten(), torch.tensor(INPUTS[variant].std))


def test_what_is_free_for_commercial_use():
    free = {name for name, record in RECORDS.items() if record.commercial}
    assert free == {"nano", "small", "small-indoor", "small-outdoor", "v1-small", "v1-base", "v1-large"}
    assert RECORDS["large-indoor"].licence == "Apache-2.0" and "large" in RECORDS["large-indoor"].ancestry
