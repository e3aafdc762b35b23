import json
import subprocess
import sys
from importlib import metadata

import numpy as np
import pytest
from PIL import Image

import fathom
from fathom import cli
from fathom.cli import COMMANDS, main


def test_help_lists_every_command(capsys):
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(f"  {name} " in out for name in COMMANDS)


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"fathom {fathom.__version__}\n"
    assert fathom.__version__ == metadata.version("fathom-depth")


def test_no_command_is_wrong_usage(capsys):
    assert main([]) == 2
    assert "fathom COMMAND" in capsys.readouterr().err


def test_an_unknown_command_offers_the_nearest(capsys):
    assert main(["dept"]) == 2
    assert capsys.readouterr().err == "fathom: no command is called 'dept'; did you mean depth or export?\n"


def test_an_unknown_option_is_wrong_usage(capsys):
    with pytest.raises(SystemExit) as exit:
        main(["models", "--jsn"])
    assert exit.value.code == 2


@pytest.mark.parametrize(
    "error, code", [(KeyboardInterrupt(), 130), (OSError(28, "No space left on device", "a.png"), 1)]
)
def test_what_ends_a_command_quietly(error, code, monkeypatch, capsys):
    def end(*_):
        raise error

    monkeypatch.setattr(cli, "run", end)
    assert main(["depth"]) == code
    assert capsys.readouterr().err.count("\n") <= 1


def test_a_bug_shows_its_traceback(monkeypatch):
    monkeypatch.setattr(cli, "run", lambda *_: np.zeros(2) + np.zeros(3))
    with pytest.raises(ValueError):
        main(["depth"])


def test_models(capsys):
    assert main(["models"]) == 0
    assert "nano" in capsys.readouterr().out
    assert main(["models", "--json"]) == 0
    nano = json.loads(capsys.readouterr().out.splitlines()[0])
    assert (nano["name"], nano["kind"], nano["on_disk"]) == ("nano", "relative", True)


def test_export(tmp_path, capsys):
    pytest.importorskip("torch")
    assert main(["export", "nano", str(tmp_path / "mine.safetensors")]) == 0
    assert "pictures: off by" in capsys.readouterr().err
    assert main(["export", "nano", str(tmp_path / "large.safetensors"), "--size", "384"]) == 0
    assert fathom.load(tmp_path / "large.safetensors").size == 384
    assert main(["export", "nano", str(tmp_path / "none.safetensors"), "--size", "0"]) == 1
    assert not (tmp_path / "none.safetensors").exists()
    assert main(["export", "nano", str(tmp_path / "mine.trt")]) == 2
    assert main(["export", "nano", str(fathom.zoo.find("nano").torch)]) == 2
    assert "is the model itself" in capsys.readouterr().err
    weights = tmp_path / "mine.bin"  # an export to .xml writes a .bin, too
    weights.write_bytes((tmp_path / "mine.safetensors").read_bytes())
    before = weights.read_bytes()
    assert main(["export", "small", str(tmp_path / "mine.xml"), "--weights", str(weights)]) == 2
    assert "mine.bin: is the model itself" in capsys.readouterr().err and weights.read_bytes() == before
    assert main(["export", str(fathom.zoo.find("nano").openvino), str(tmp_path / "a.onnx")]) == 2


def modules_after(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"], check=True, capture_output=True, text=True
    )
    return set(done.stdout.split())


def test_importing_fathom_imports_nothing_heavy():
    assert not modules_after("import fathom") & {"torch", "openvino", "cv2", "numpy", "PIL", "tyro"}


def test_depth_speaks_to_nobody(tmp_path):
    """OpenVINO would, on import; see `fathom.runtime.silent_openvino`."""
    Image.new("RGB", (40, 30)).save(tmp_path / "a.png")
    code = f"""
import sys
from fathom.cli import main

def refuse(event, _):
    if event.startswith(("socket", "urllib", "os.fork", "subprocess", "os.posix_spawn")):
        raise AssertionError(event)

sys.addaudithook(refuse)
assert main(["depth", {str(tmp_path / "a.png")!r}, "-o", {str(tmp_path)!r}]) == 0
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_depth_on_a_cpu_imports_no_torch(tmp_path):
    Image.new("RGB", (40, 30)).save(tmp_path / "a.png")
    arguments = ["depth", str(tmp_path / "a.png"), "-o", str(tmp_path), "--formats", "colour,npz,exr,tiff,png16"]
    loaded = modules_after(f"from fathom.cli import main\nassert main({arguments}) == 0")
    assert "openvino" in loaded
    assert not loaded & {"torch", "rich", "fathom.nets", "fathom.recipe", "fathom.render"}
