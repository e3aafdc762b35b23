import shutil
from dataclasses import replace

import numpy as np
import pytest

import fathom
from fathom.errors import UsageError
from fathom.files import cache_folder
from fathom.runtime import open_runtime
from fathom.runtime.export import PICTURES
from fathom.runtime.openvino import OpenVINORuntime, bfloat16_is_fast
from fathom.zoo import find


def batch(n=1, height=64, width=96):
    return np.random.default_rng(0).standard_normal((n, 3, height, width)).astype(np.float32)


@pytest.mark.parametrize("shape", [(1, 224, 288), (3, 64, 96), (1, 32, 32)])
def test_openvino_and_torch_agree_on_nano(shape):
    pytest.importorskip("torch")
    ours = open_runtime(find("nano"), runtime="openvino", precision="float32")
    theirs = open_runtime(find("nano"), "cpu", "torch")
    x = batch(*shape)
    a, b = ours(x), theirs(x)
    assert a.shape == b.shape == (shape[0], *shape[1:]) and a.dtype == b.dtype == np.float32
    assert np.abs(a - b).max() <= 1e-3 * np.ptp(b)


@pytest.mark.skipif(not bfloat16_is_fast(), reason="this processor has no bfloat16")
def test_nano_in_sixteen_bits_is_close_and_without_terraces():
    model = fathom.load("nano", edges="network", precision="float32")
    photo = sorted(PICTURES.glob("*.jpg"))[0]
    wanted = model(photo).values
    model.runtime = OpenVINORuntime(find("nano").openvino, "bfloat16")
    found = model(photo).values
    off = np.abs(found - wanted) / np.ptp(wanted)
    assert off.mean() < 0.01 and off.max() < 0.05
    network = model.runtime(batch(1, 224, 320))
    assert len(np.unique(network)) > 0.5 * network.size  # rounded to bfloat16, hundreds of values would be left


def test_results_stay_when_the_next_picture_runs():
    runtime = open_runtime(find("nano"))
    first = runtime(batch())
    kept = first.copy()
    runtime(batch() * 2)
    assert np.array_equal(first, kept)


def test_what_runs_where():
    assert type(open_runtime(find("nano"))).__name__ == "OpenVINORuntime"
    assert type(open_runtime(find("nano"), "cpu")).__name__ == "OpenVINORuntime"


@pytest.mark.parametrize(
    "weights, device, runtime, words",
    [
        (find("nano"), "gpu", "auto", "no device is called 'gpu'"),
        (find("nano"), "auto", "onyx", "no runtime is called 'onyx'"),
        (find("nano"), "auto", "onnx", "takes .onnx files"),
        (find("nano"), "cuda", "openvino", "take torch"),
        (replace(find("nano"), torch=None), "auto", "torch", "needs a .safetensors"),
    ],
)
def test_what_does_not_go_together_is_refused(weights, device, runtime, words):
    with pytest.raises(UsageError, match=words):
        open_runtime(weights, device, runtime)


def test_a_device_that_is_not_here():
    torch = pytest.importorskip("torch")
    missing = "mps" if not torch.backends.mps.is_available() else "cuda"
    with pytest.raises(ValueError, match=f"sees no device {missing}"):
        open_runtime(find("nano"), missing)


def test_without_torch_its_devices_say_how_to_get_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    with pytest.raises(ImportError, match=r"pip install 'fathom-depth\[torch\]'"):
        open_runtime(find("nano"), "cuda")


def copy_of_nano(folder):
    xml = find("nano").openvino
    for suffix in (".xml", ".bin"):
        shutil.copy(xml.with_suffix(suffix), folder / f"copy{suffix}")
    return folder / "copy.xml"


def test_the_cache_is_used_and_never_gives_old_weights(tmp_path, monkeypatch):
    monkeypatch.setenv("FATHOM_CACHE", str(tmp_path / "cache"))
    assert cache_folder() == tmp_path / "cache"
    path = copy_of_nano(tmp_path)
    before = OpenVINORuntime(path)(batch())
    assert list((tmp_path / "cache").rglob("*.blob"))
    assert np.array_equal(OpenVINORuntime(path)(batch()), before)
    weights = np.fromfile(path.with_suffix(".bin"), np.float16)
    weights[1000:3000] *= 2
    path.with_suffix(".bin").unlink()
    weights.tofile(path.with_suffix(".bin"))
    after = OpenVINORuntime(path)(batch())
    assert not np.array_equal(after, before)
    assert np.array_equal(after, OpenVINORuntime(path, keep=False)(batch()))


def test_a_cache_that_cannot_be_written_or_is_damaged_does_no_harm(tmp_path, monkeypatch):
    wanted = OpenVINORuntime(find("nano").openvino, keep=False)(batch())
    (tmp_path / "file").touch()
    monkeypatch.setenv("FATHOM_CACHE", str(tmp_path / "file" / "below"))
    assert np.array_equal(OpenVINORuntime(find("nano").openvino)(batch()), wanted)
    monkeypatch.setenv("FATHOM_CACHE", str(tmp_path / "cache"))
    OpenVINORuntime(find("nano").openvino)
    for blob in (tmp_path / "cache").rglob("*.blob"):
        blob.write_bytes(blob.read_bytes()[:1000])
    assert np.array_equal(OpenVINORuntime(find("nano").openvino)(batch()), wanted)


def test_a_damaged_network_is_refused_in_a_sentence(tmp_path):
    path = copy_of_nano(tmp_path)
    path.write_text(path.read_text()[:5000])
    with pytest.raises(ValueError, match=str(path)):
        fathom.load(path)


def test_without_a_home_nothing_is_kept(monkeypatch):
    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("FATHOM_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr("pathlib.Path.home", homeless)
    assert OpenVINORuntime(find("nano").openvino)(batch()).shape == (1, 64, 96)
