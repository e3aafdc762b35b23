"""One process or two, all weights in each or spread over them: the same steps."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from scenes import scene

from fathom.data.folder import write_sample
from fathom.recipe.checkpoints import Checkpoints

PROGRAM = Path(__file__).parent / "run_stage.py"
LITE = ["--architecture", "lite0"]
CONFIG = """
steps = {steps}
batch = 4
warmup = 1
checkpoint-every = 2
ema = 0.9
[augmentation]
crop = {crop}
"""


@pytest.fixture(scope="module")
def rendered(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("rendered")
    for seed in range(6):
        write_sample(folder, scene(seed))
    return folder


def run(folder: Path, rendered: Path, *options: str, steps: int = 3, crop: int = 64) -> dict:
    """The checkpoint that a run ends with."""
    folder.mkdir(exist_ok=True)
    config = folder / "config.toml"
    config.write_text(CONFIG.format(steps=steps, crop=crop))
    command = [sys.executable, str(PROGRAM), "teacher", "--config", str(config), "--run", str(folder / "run")]
    command += ["--data", str(rendered), *options]
    # Threads that wait for those of the other process are what takes time.
    done = subprocess.run(command, env={**os.environ, "OMP_NUM_THREADS": "1"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    state = Checkpoints(folder / "run" / "checkpoints", 1).last()
    assert state is not None and state["step"] == steps
    written = load_file(folder / "run" / "model.safetensors")
    assert all(torch.equal(written[name], state["average"][name]) for name in written)
    return state


def gradients(state: dict) -> list[torch.Tensor]:
    """Adam's means of each parameter's gradients, in the order of the parameters."""
    moments = state["optimiser"]["state"]
    names = list(state["net"])
    return [moments[key]["exp_avg"] for key in (names if names[0] in moments else range(len(names)))]


def furthest(a: dict, b: dict) -> float:
    """The largest difference between the gradients of two runs of one step, in parts of the largest gradient.

    Not between their weights: Adam takes a step of full length where a gradient is nothing but rounding.
    """
    pairs = list(zip(gradients(a), gradients(b), strict=True))
    assert all(x.shape == y.shape for x, y in pairs)
    largest = max(float(x.abs().max()) for x, _ in pairs)
    return max(float((x - y).abs().max()) for x, y in pairs) / largest


@pytest.fixture(scope="module")
def alone(rendered, tmp_path_factory) -> dict:
    folder = tmp_path_factory.mktemp("alone")
    state = run(folder, rendered, *LITE, steps=1)
    return {"state": state, "loss": json.loads((folder / "run" / "log.jsonl").read_text())["loss"]}


@pytest.mark.parametrize("how", [["--devices", "2"], ["--accumulate", "2"]], ids=["two processes", "two parts"])
def test_a_batch_dealt_out_is_the_same_step(how, alone, rendered, tmp_path):
    dealt = run(tmp_path / "1", rendered, *LITE, *how, steps=1)
    assert furthest(alone["state"], dealt) < 1e-5
    (line,) = (tmp_path / "1" / "run" / "log.jsonl").read_text().splitlines()  # written by one of them
    assert json.loads(line)["loss"] == pytest.approx(alone["loss"], rel=1e-5)  # of the whole batch


def test_spread_weights_take_the_same_steps_and_go_on_from_their_checkpoints(alone, rendered, tmp_path):
    fsdp = [*LITE, "--devices", "2", "--strategy", "fsdp"]
    assert furthest(alone["state"], run(tmp_path / "1", rendered, *fsdp, steps=1)) < 1e-5
    # What it wrote after its second step, it goes on from to the same third.
    folder = tmp_path / "3"
    spread = run(folder, rendered, *fsdp, steps=3)
    (folder / "run" / "checkpoints" / "step-00000003.pt").unlink()
    again = run(folder, rendered, *fsdp, steps=3)
    assert all(torch.equal(spread["net"][name], again["net"][name]) for name in spread["net"])
    assert all(torch.equal(spread["average"][name], again["average"][name]) for name in spread["average"])
