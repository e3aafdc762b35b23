import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from fathom.cli import main
from fathom.data.folder import DepthFolder
from fathom.data.sample import MATERIALS, Sample
from fathom.errors import UsageError
from fathom.render import produce
from fathom.render.families import FAMILIES
from fathom.render.options import SHAPES, Options, claim
from fathom.render.produce import attempt, remaining, useful, visible

SMALL = Options(seed=3, views=2, width=48, height=36, spp=2, families=("terrain", "street"), shapes="fixed")
ARGUMENTS = [
    "--seed",
    "3",
    "--views",
    "2",
    "--width",
    "48",
    "--height",
    "36",
    "--spp",
    "2",
    "--families",
    "terrain,street",
    "--shapes",
    "fixed",
]


@pytest.fixture(scope="module")
def renderer():
    pytest.importorskip("mitsuba")
    pytest.importorskip("pyoidn")
    return produce.Renderer(SMALL)


def contents(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def write(folder, samples):
    assert attempt(lambda scene: samples, folder, 0) is None


def test_a_scene_is_a_function_of_seed_and_number(renderer, tmp_path):
    for scene in (0, 1):
        write(tmp_path / "a", renderer.samples(scene))
    for scene in (1, 0):  # in another order: what came before leaves no trace
        write(tmp_path / "b", renderer.samples(scene))
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert len(contents(tmp_path / "a")) == 2 * 2 * 2


def test_samples_are_what_the_folder_format_says(renderer, tmp_path):
    write(tmp_path, renderer.samples(0))
    samples = list(DepthFolder(tmp_path))
    assert [s.name for s in samples] == ["terrain/000000_0", "terrain/000000_1"]
    for sample in samples:
        assert sample.picture.shape == (36, 48, 3) and sample.valid.all() and sample.metric
        assert sample.intrinsics.cx == 24 and sample.intrinsics.cy == 18
        assert (sample.disparity >= 0).all() and (sample.disparity > 0).any()
        length = np.linalg.norm(sample.normals, axis=-1)
        assert np.allclose(length[~sample.sky], 1, atol=0.01) and not length[sample.sky].any()
        assert sample.materials.dtype == np.uint8 and sample.materials.max() < len(MATERIALS)


def test_a_killed_run_goes_on_and_gives_the_same(renderer, tmp_path):
    command = [
        sys.executable,
        "-m",
        "fathom",
        "render",
        str(tmp_path / "a"),
        "--scenes",
        "4",
        "--workers",
        "1",
        *ARGUMENTS,
    ]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as run:
        first = tmp_path / "a" / "terrain" / "000000_1.npz"
        while not first.exists() and run.poll() is None:
            time.sleep(0.05)
        run.kill()
    assert first.exists() and remaining(tmp_path / "a", SMALL, 4)
    (tmp_path / "a" / "terrain" / "000000_1.npz").unlink()  # as if killed between two views
    for scene in remaining(tmp_path / "a", SMALL, 4):
        write(tmp_path / "a", renderer.samples(scene))
    for scene in range(4):
        write(tmp_path / "b", renderer.samples(scene))
    done = contents(tmp_path / "a")
    done.pop("render.json")
    assert {k: v for k, v in done.items() if not k.endswith(".part")} == contents(tmp_path / "b")


def a_sample(options, scene, view):
    rng = np.random.default_rng([scene, view])
    picture = rng.integers(0, 256, (4, 4, 3), dtype=np.uint8)
    return Sample(options.name(scene, view), picture, np.ones((4, 4), np.float32), np.ones((4, 4), bool))


class Fake:
    """Stands in for the renderer, in the worker processes too."""

    def __init__(self, options):
        self.options = options

    def samples(self, scene):
        if scene == 2:
            raise RuntimeError("a broken scene")
        if scene == 3 and self.options.seed == 13:
            os.kill(os.getpid(), signal.SIGKILL)
        return [a_sample(self.options, scene, view) for view in range(self.options.views)]


def start_fake_worker(options):
    produce._renderer = Fake(options)


@pytest.fixture
def fake(monkeypatch):
    monkeypatch.setattr(produce, "_start_worker", start_fake_worker)
    monkeypatch.setattr(produce, "load_mitsuba", lambda device: None)
    monkeypatch.setattr(produce.photograph, "Denoiser", lambda: None)


def test_a_broken_scene_is_named_and_skipped(fake, tmp_path, capsys):
    assert produce.run(tmp_path, Options(views=2), 5, 2) == 0
    said = capsys.readouterr().err
    assert f"skipped {Options().scene(2)}: RuntimeError: a broken scene" in said
    assert "4 scenes rendered, 0 were there, 1 skipped" in said
    assert remaining(tmp_path, Options(views=2), 5) == [2]
    assert produce.run(tmp_path, Options(views=2), 5, 2) == 1  # only the broken one is left, and it fails again


@pytest.mark.parametrize("workers", [1, 2])
def test_a_worker_that_dies_costs_only_its_scene(fake, tmp_path, capsys, workers):
    assert produce.run(tmp_path, Options(views=1, seed=13), 6, workers) == 0
    assert f"skipped {Options().scene(3)}: the process rendering it died, twice" in capsys.readouterr().err
    assert remaining(tmp_path, Options(views=1, seed=13), 6) == [2, 3]


def test_other_options_are_refused(tmp_path):
    claim(tmp_path, SMALL, "llvm_ad_rgb")
    claim(tmp_path, SMALL, "llvm_ad_rgb")
    with pytest.raises(ValueError, match=r"seed 3, not 4.*choose another folder"):
        claim(tmp_path, Options(4, *list(vars(SMALL).values())[1:]), "llvm_ad_rgb")
    with pytest.raises(ValueError, match="variant"):
        claim(tmp_path, SMALL, "scalar_rgb")
    with pytest.raises(ValueError, match="shapes 'fixed', not 'varied'"):
        claim(tmp_path, replace(SMALL, shapes="varied"), "llvm_ad_rgb")
    (tmp_path / "render.json").write_text("[]")
    with pytest.raises(ValueError, match=r"render\.json is not a record"):
        claim(tmp_path, SMALL, "llvm_ad_rgb")


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--families", "rom"], "did you mean room"),
        (["--families", ","], "no family"),
        (["--views", "0"], "views must be 1 or more, not 0"),
        (["--width", "8"], "width must be 16 or more"),
        (["--seed", "-1"], "seed must be 0 or more"),
        (["--workers", "0"], "workers must be 1 or more"),
        (["--shapes", "square"], "no kind of shapes is called 'square'"),
        (["--device", "gpu"], "no device is called 'gpu'"),
    ],
)
def test_bad_options_get_one_sentence(arguments, words, tmp_path, capsys):
    assert main(["render", str(tmp_path / "x"), "--scenes", "1", *arguments]) == 2
    said = capsys.readouterr().err
    assert words in said and said.count("\n") == 1
    assert not (tmp_path / "x").exists()


def some_photos(folder, *sizes):
    folder.mkdir(exist_ok=True)
    for number, size in enumerate(sizes):
        Image.fromarray(np.full((*size, 3), 40 * number, np.uint8)).save(folder / f"{number}.png")
    return folder


def test_the_photos_count_and_not_their_place(tmp_path):
    first = some_photos(tmp_path / "a", (20, 20), (30, 10))
    claim(tmp_path / "out", replace(SMALL, photos=str(first)), "llvm_ad_rgb")
    moved = first.rename(tmp_path / "b")
    claim(tmp_path / "out", replace(SMALL, photos=str(moved)), "llvm_ad_rgb")
    assert str(tmp_path) not in (tmp_path / "out" / "render.json").read_text()
    some_photos(moved, (20, 20), (30, 10), (5, 5))
    with pytest.raises(ValueError, match="photos"):
        claim(tmp_path / "out", replace(SMALL, photos=str(moved)), "llvm_ad_rgb")


def test_a_folder_without_photos_gets_one_sentence(tmp_path, capsys):
    assert main(["render", str(tmp_path / "x"), "--scenes", "1", "--textures", str(tmp_path / "none")]) == 1
    said = capsys.readouterr().err
    assert "no folder with pictures to take textures from" in said and said.count("\n") == 1
    assert not (tmp_path / "x").exists()


def test_pictures_of_all_shapes_have_as_many_pixels():
    options, rng = Options(width=320, height=240), np.random.default_rng(0)
    sizes = {options.size(rng) for _ in range(300)}
    assert len(sizes) == len(SHAPES) and (320, 240) in sizes and (240, 320) in sizes
    assert all(0.99 * 320 * 240 < width * height <= 320 * 240 for width, height in sizes)
    assert sum(SHAPES.values()) == pytest.approx(1)
    assert replace(options, shapes="fixed").size(rng) == (320, 240)


def test_families_take_turns():
    assert [Options().family(i) for i in range(len(FAMILIES) + 1)] == [*FAMILIES, next(iter(FAMILIES))]
    with pytest.raises(UsageError):
        Options(families=()).check()


def test_useless_views_are_passed_over():
    ramp = np.linspace(1, 10, 48 * 64).reshape(48, 64)
    sky = ramp.copy()
    sky[:40] = np.inf
    inside = ramp.copy()
    inside[:, :10] = 0.05
    assert useful(ramp)
    assert not useful(sky) and not useful(inside) and not useful(np.full((48, 64), 2.0))
    light = np.repeat(ramp[..., None], 3, -1)
    assert visible(light) and not visible(light * 1e-6) and not visible(np.ones((48, 64, 3)))
