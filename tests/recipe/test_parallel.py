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
from fathom.recipe.checkpoints import FORMAT

PROGRAM = Path(__file__).parent / "run_stage.py"
LITE = ["--architecture", "lite0"]
CONFIG = """
steps = 2
batch = 4
warmup = 1
checkpoint-every = 1
ema = 0.9
[augmentation]
crop = 64
"""


@pytest.fixture(scope="module")
def rendered(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("rendered")
    for seed in range(6):
        write_sample(folder, scene(seed))
    return folder


def run(folder: Path, rendered: Path, *options: str) -> tuple[dict, dict]:
    """The checkpoints of a run after its first and its second step, which is its last."""
    folder.mkdir(exist_ok=True)
    config = folder / "config.toml"
    config.write_text(CONFIG)
    command = [sys.executable, str(PROGRAM), "teacher", "--config", str(config), "--run", str(folder / "run")]
    command += ["--data", str(rendered), *options]
    # Threads that wait for those of the other process are what takes time.
    done = subprocess.run(command, env={**os.environ, "OMP_NUM_THREADS": "1"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    first, last = (torch.load(checkpoint(folder, step), weights_only=True) for step in (1, 2))
    assert (first["step"], last["step"]) == (1, 2)
    written = load_file(folder / "run" / "model.safetensors")
    assert all(torch.equal(written[name], last["average"][name]) for name in written)
    return first, last


def checkpoint(folder: Path, step: int) -> Path:
    return folder / "run" / "checkpoints" / FORMAT.format(step)


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
    first, _ = run(folder, rendered, *LITE)
    return {"first": first, "loss": last_loss(folder)}


def last_loss(folder: Path) -> float:
    (line,) = (folder / "run" / "log.jsonl").read_text().splitlines()  # written by one of the processes
    return json.loads(line)["loss"]


@pytest.mark.parametrize("how", [["--devices", "2"], ["--accumulate", "2"]], ids=["two processes", "two parts"])
def test_a_batch_dealt_out_is_the_same_step(how, alone, rendered, tmp_path):
    first, _ = run(tmp_path, rendered, *LITE, *how)
    assert furthest(alone["first"], first) < 1e-5
    assert last_loss(tmp_path) == pytest.approx(alone["loss"], rel=1e-3)  # of the whole batch, after Adam's first step


def test_spread_weights_take_the_same_steps_and_go_on_from_their_checkpoints(alone, rendered, tmp_path):
    fsdp = [*LITE, "--devices", "2", "--strategy", "fsdp"]
    first, spread = run(tmp_path, rendered, *fsdp)
    assert furthest(alone["first"], first) < 1e-5
    checkpoint(tmp_path, 2).unlink()
    _, again = run(tmp_path, rendered, *fsdp)
    assert all(torch.equal(spread["net"][name], again["net"][name]) for name in spread["net"])
    assert all(torch.equal(spread["average"][name], again["average"][name]) for name in spread["average"])
