"""Weights as they are published and as training leaves them, and files that only look like weights."""

import pickle
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch")

from fathom.nets import build  # noqa: E402
from fathom.zoo import find, find_for  # noqa: E402
from fathom.zoo.cards import Card  # noqa: E402
from fathom.zoo.checkpoint import load_net, read_state, save_checkpoint  # noqa: E402
from fathom.zoo.layouts import to_official  # noqa: E402

CARD = Card("vits", "relative", 518, licence="Apache-2.0")


@pytest.fixture(scope="module")
def net():
    torch.manual_seed(0)
    return build("vits").eval()


@pytest.fixture(scope="module")
def official(net):
    return to_official(net.state_dict())


def same(net, other, size=(42, 56)):
    x = torch.randn(1, 3, *size, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        return torch.equal(net(x), other(x))


@pytest.mark.parametrize(
    "wrap", [lambda s: s, lambda s: {"model": s}, lambda s: {"state_dict": {f"module.{k}": v for k, v in s.items()}}]
)
def test_the_published_pickles_load_bare_or_wrapped(wrap, net, official, tmp_path):
    path = tmp_path / "depth_anything_v2_vits.pth"
    torch.save(wrap(official), path)
    weights = find_for("small", path)
    assert weights.torch == path and weights.card == CARD
    loaded = load_net(path, weights.card)
    assert same(net, loaded) and not loaded.training
    assert all(p.requires_grad and p.dtype == torch.float32 for p in loaded.parameters())


def test_a_model_saved_by_transformers_loads(net, tmp_path):
    transformers = pytest.importorskip("transformers")
    config = transformers.DepthAnythingConfig(
        backbone_config=transformers.Dinov2Config(
            hidden_size=384, num_attention_heads=6, out_indices=[3, 6, 9, 12], image_size=518, patch_size=14,
            reshape_hidden_states=False, apply_layernorm=True,
        ),
        reassemble_hidden_size=384, neck_hidden_sizes=[48, 96, 192, 384], fusion_hidden_size=64,
    )  # fmt: skip
    torch.manual_seed(1)
    theirs = transformers.DepthAnythingForDepthEstimation(config).eval()
    theirs.save_pretrained(tmp_path)
    ours = load_net(tmp_path / "model.safetensors", CARD)
    x = torch.randn(1, 3, 518, 518)
    with torch.inference_mode():
        wanted = theirs(x).predicted_depth
        assert (ours(x) - wanted).abs().max() <= 5e-5 * (wanted.max() - wanted.min())


def test_half_precision_files_become_float32(net, official, tmp_path):
    torch.save({name: tensor.half() for name, tensor in official.items()}, tmp_path / "a.pth")
    loaded = load_net(tmp_path / "a.pth", CARD)
    assert all(p.dtype == torch.float32 for p in loaded.parameters())


def test_names_that_do_not_fit_are_said(official, tmp_path):
    path = tmp_path / "a.pth"
    torch.save({k: v for k, v in official.items() if k != "pretrained.norm.weight"}, path)
    with pytest.raises(ValueError, match=r"a\.pth: .*missing: encoder\.norm\.weight"):
        load_net(path, CARD)
    torch.save({**official, "depth_head.extra.weight": torch.zeros(1)}, path)
    with pytest.raises(ValueError, match=r"unexpected in the weights: depth_head\.extra\.weight"):
        load_net(path, CARD)
    torch.save(official, path)
    with pytest.raises(ValueError, match="another shape"):
        load_net(path, replace(CARD, architecture="vitb"))


class Evil:
    def __reduce__(self):
        return print, ("executed",)


def test_nothing_in_a_pickle_is_executed(tmp_path, capsys):
    torch.save({"model": Evil()}, tmp_path / "a.pth")
    (tmp_path / "b.pth").write_bytes(pickle.dumps(Evil()))
    for name in ("a.pth", "b.pth"):
        with pytest.raises(ValueError, match=f"{name}: "):
            read_state(tmp_path / name)
    assert "executed" not in capsys.readouterr().out


@pytest.mark.parametrize("name", ["a.pth", "a.safetensors"])
@pytest.mark.parametrize("content", [b"", b"no weights", b"PK\x03\x04 cut short"])
def test_damaged_files_are_refused_in_a_sentence(name, content, tmp_path):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ValueError, match=str(path)) as error:
        read_state(path)
    assert "\n" not in str(error.value)


def test_other_things_than_weights_are_refused(tmp_path):
    for content in (torch.zeros(3), {"epoch": 3}, [1]):
        torch.save(content, tmp_path / "a.pth")
        with pytest.raises(ValueError, match="holds no weights by name"):
            read_state(tmp_path / "a.pth")


def test_a_file_cut_short_is_refused(net, official, tmp_path):
    torch.save(official, tmp_path / "a.pth")
    save_checkpoint(tmp_path / "a.safetensors", net, CARD)
    for name in ("a.pth", "a.safetensors"):
        path = tmp_path / name
        path.write_bytes(path.read_bytes()[:100_000])
        with pytest.raises(ValueError, match=str(path)):
            load_net(path, CARD)


def test_building_costs_no_initialisation(tmp_path):
    weights = find("nano")
    generator = torch.get_rng_state()
    load_net(weights.torch, weights.card)
    assert torch.equal(torch.get_rng_state(), generator)  # nothing random was drawn
