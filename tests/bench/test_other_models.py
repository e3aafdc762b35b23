"""Models of others under the same protocols."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from transformers import DepthAnythingConfig, DepthAnythingForDepthEstimation, DPTImageProcessor

from fathom.bench.cache import PredictionCache
from fathom.bench.floors import FLOORS
from fathom.bench.models import FathomModel, open_model, open_models
from fathom.bench.suite import Frame
from fathom.depth import Depth
from fathom.nets import build
from fathom.zoo.checkpoint import Card, save_checkpoint

RNG = np.random.default_rng(10)
RGB = RNG.integers(0, 256, (42, 56, 3), dtype=np.uint8)
FRAME = Frame("street/one", lambda: RGB)


def test_floors():
    constant, bottom = (PredictionCache(None).predict(floor, FRAME) for floor in FLOORS)
    assert np.ptp(constant) == 0
    assert (np.diff(bottom, axis=0) > 0).all() and np.ptp(bottom, axis=1).max() == 0


@pytest.mark.parametrize(
    "ending", [".npy", ".npz", ".exr", ".pfm", ".tiff", ".depth16.png", ".depth.npy", ".depth.exr"]
)
def test_a_folder_of_predictions(tmp_path, ending):
    values = RNG.uniform(1, 5, (42, 56)).astype(np.float32)
    (tmp_path / "street").mkdir()
    Depth(values, "metric").save(tmp_path / f"street/one{ending}")
    model = open_model(f"folder:{tmp_path}@metric")
    found = PredictionCache(None).predict(model, FRAME)
    np.testing.assert_allclose(found, values, atol=6e-4)
    with pytest.raises(ValueError, match="no prediction for street/two"):
        model.read("street/two")


def test_a_folder_of_predictions_of_another_kind(tmp_path):
    Depth(np.ones((2, 2), np.float32), "relative").save(tmp_path / "a.npz")
    with pytest.raises(ValueError, match="relative"):
        open_model(f"folder:{tmp_path}@metric").read("a")
    with pytest.raises(ValueError, match=r"from \.npy only"):
        open_model(f"folder:{tmp_path}@relative-depth").read("a")
    with pytest.raises(ValueError, match="no such folder of predictions"):
        open_model(f"folder:{tmp_path}/gone@metric")


def test_a_python_callable(tmp_path, monkeypatch):
    (tmp_path / "my_model.py").write_text("def predict(rgb):\n    return rgb[..., 1] * 2.0\nvalue = 3\n")
    monkeypatch.chdir(tmp_path)
    model = open_model("my_model:predict@relative-depth")
    assert (model.name, model.kind, model.fingerprint) == ("my_model:predict", "relative-depth", None)
    assert (PredictionCache(None).predict(model, FRAME) == RGB[..., 1] * 2.0).all()
    for asked, words in [
        ("my_model:gone@metric", "has no function gone"),
        ("my_model:value@metric", "has no function value"),
        ("no_such_module:f@metric", "no Python module no_such_module"),
        ("my_model:predict", "must be declared: my_model:predict@relative or"),
        ("my_model:predict@inverse", "must be declared"),
    ]:
        with pytest.raises(ValueError, match=words):
            open_model(asked)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    path = tmp_path_factory.mktemp("run") / "model.safetensors"
    torch.manual_seed(0)
    save_checkpoint(path, build("lite0"), Card("lite0", "relative", 64))
    return path


def test_a_checkpoint_of_fathom(checkpoint):
    model = open_model(str(checkpoint), device="cpu")
    prediction = PredictionCache(None).predict(model, FRAME)
    assert model.kind == "relative" and prediction.shape == (42, 56) and np.isfinite(prediction).all()
    assert model.fingerprint == open_model(str(checkpoint), device="cpu").fingerprint
    assert model.fingerprint != open_model(str(checkpoint), device="cpu", size=96).fingerprint
    assert model.fingerprint != open_model(str(checkpoint), device="cpu", detail=96).fingerprint
    with pytest.raises(ValueError, match="knows its kind itself"):
        open_model("nano@relative")


def test_other_weights_have_another_fingerprint(checkpoint, tmp_path):
    torch.manual_seed(1)
    other = tmp_path / "model.safetensors"
    save_checkpoint(other, build("lite0"), Card("lite0", "relative", 64))
    first, second = open_models([str(checkpoint), str(other)], device="cpu")
    assert first.fingerprint != second.fingerprint
    assert (first.name, second.name) == (str(checkpoint), str(other))  # both files are called model


@pytest.fixture(scope="module")
def transformers_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hub") / "tiny"
    config = DepthAnythingConfig(
        backbone_config={
            "model_type": "dinov2", "hidden_size": 16, "num_hidden_layers": 4, "num_attention_heads": 2,
            "image_size": 28, "patch_size": 14, "out_indices": [1, 2, 3, 4], "reshape_hidden_states": False,
            "apply_layernorm": True,
        },
        reassemble_hidden_size=16, neck_hidden_sizes=[8, 8, 8, 8], fusion_hidden_size=8, head_hidden_size=8,
    )  # fmt: skip
    torch.manual_seed(0)
    DepthAnythingForDepthEstimation(config).save_pretrained(folder)
    size = {"height": 56, "width": 56}
    DPTImageProcessor(size=size, keep_aspect_ratio=True, ensure_multiple_of=14).save_pretrained(folder)
    return folder


def test_a_model_of_transformers(transformers_folder):
    model = open_model(f"transformers:{transformers_folder}@relative", device="cpu")
    ours = PredictionCache(None).predict(model, FRAME)
    net = DepthAnythingForDepthEstimation.from_pretrained(transformers_folder).eval()
    x = DPTImageProcessor.from_pretrained(transformers_folder)(images=RGB, return_tensors="pt").pixel_values
    with torch.no_grad():
        low = net(x).predicted_depth[:, None]
    theirs = torch.nn.functional.interpolate(low, (42, 56), mode="bicubic", align_corners=False)[0, 0].numpy()
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
    assert model.name == "tiny" and model.fingerprint


def test_the_declared_kind_must_not_contradict_the_models_own(transformers_folder, tmp_path):
    with pytest.raises(ValueError, match="declared as metric, but its config"):
        open_model(f"transformers:{transformers_folder}@metric")
    with pytest.raises(ValueError, match=r"no config\.json"):
        open_model(f"transformers:{tmp_path}@metric")


def test_predictions_are_of_what_the_weights_are_taken_for(monkeypatch):
    import fathom.zoo

    nano = fathom.zoo.find("nano")
    changes = [
        {},
        {"kind": "metric", "max_depth": 20.0},
        {"kind": "metric", "max_depth": 80.0},
        {"architecture": "lite1"},
    ]

    def fingerprint(change):
        monkeypatch.setattr(fathom.zoo, "find", lambda _: replace(nano, card=replace(nano.card, **change)))
        return FathomModel("nano", "cpu").fingerprint

    assert len({fingerprint(change) for change in changes}) == len(changes)
    assert fingerprint({}) == fingerprint({})
