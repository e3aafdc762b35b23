import errno
import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fathom import Depth, load
from fathom.cli import main

RNG = np.random.default_rng(0)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def picture(path: str, width: int = 60, height: int = 40, mode: str = "RGB", **options) -> str:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(RNG.integers(0, 256, (height, width, 3), np.uint8)).convert(mode).save(path, **options)
    return path


def results(folder: str = "depth") -> set[str]:
    return {p.relative_to(folder).as_posix() for p in Path(folder).rglob("*") if p.is_file()}


def test_one_picture(here, capsys):
    assert main(["depth", picture("street.jpg")]) == 0
    assert results() == {"street.colour.png"}
    assert Image.open("depth/street.colour.png").size == (60, 40)
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("street.jpg: depth/street.colour.png (")


def test_detail_is_a_second_look(here):
    photo = picture("a.jpg", 300, 200)
    for out, more in (("once", []), ("twice", ["--detail", "320"])):
        assert main(["depth", photo, "-o", out, "--formats", "npy", *more]) == 0
    once, twice = (np.load(f"{out}/a.depth.npy") for out in ("once", "twice"))
    assert np.array_equal(twice, load("nano", detail=320)(photo).values) and not np.array_equal(once, twice)


def test_every_format_of_one_picture_says_the_same(here):
    names = "npy,npz,exr,pfm,tiff,png16,colour,side"
    assert main(["depth", picture("a.jpg"), "-o", "out", "--formats", names, "--colormap", "spectral"]) == 0
    depths = [f"depth.{suffix}" for suffix in ("npy", "npz", "exr", "pfm", "tiff")] + ["depth16.png"]
    endings = [*depths, "colour.png", "side.png"]
    assert results("out") == {f"a.{ending}" for ending in endings}
    wanted = np.load("out/a.depth.npy")
    assert wanted.shape == (40, 60)
    for ending in depths:
        depth = Depth.load(f"out/a.{ending}", kind="relative")
        assert np.allclose(depth.values, wanted, atol=np.ptp(wanted) / 65000)
    assert Image.open("out/a.side.png").size == (120, 40)


def test_depth_that_was_measured_is_not_replaced(here):
    """Beside their pictures, data sets have depth in files that are called as the picture is."""
    picture("a.jpg")
    before = {}
    for suffix in ("npy", "npz", "exr", "pfm", "tiff", "png"):
        before[Path(f"a.{suffix}")] = suffix.encode()
        Path(f"a.{suffix}").write_bytes(suffix.encode())
    assert main(["depth", "a.jpg", "-o", ".", "--formats", "npy,npz,exr,pfm,tiff,png16,colour,side"]) == 0
    assert {path: path.read_bytes() for path in before} == before


def test_a_folder_is_mirrored_and_bad_pictures_do_not_stop_it(here, capsys):
    for name in ("in/a.jpg", "in/sub/a.jpg", "in/sub/deep/b.png"):
        picture(name)
    Path("in/notes.txt").write_text("no picture")
    Path("in/broken.jpg").write_bytes(Path("in/a.jpg").read_bytes()[:700])
    assert main(["depth", "in"]) == 1
    assert results() == {"a.colour.png", "sub/a.colour.png", "sub/deep/b.colour.png"}
    err = capsys.readouterr().err
    assert "in/broken.jpg: is damaged or cut short" in err
    assert "ignored 1 file that is no picture" in err and "3 of 4 pictures done" in err


def test_json_lines(here, capsys):
    pictures = [picture("a.jpg"), "missing.jpg", picture("b.jpg", 30, 50), picture("c.jpg")]
    assert main(["depth", *pictures, "--json", "--formats", "npy,colour"]) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["input"] for line in lines] == pictures
    assert lines[1] == {"input": "missing.jpg", "error": "missing.jpg: no such file or directory"}
    values = np.load("depth/b.depth.npy")
    assert lines[2]["outputs"] == ["depth/b.depth.npy", "depth/b.colour.png"]
    assert (lines[2]["kind"], lines[2]["unit"], lines[2]["width"], lines[2]["height"]) == ("relative", None, 30, 50)
    assert lines[2]["min"] == values.min() and lines[2]["max"] == values.max() and lines[2]["seconds"] > 0


def test_standard_input(here, monkeypatch):
    data = Path(picture("a.jpg")).read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert main(["depth", "-", "-o", "out"]) == 0
    assert results("out") == {"stdin.colour.png"}


def test_pictures_of_one_name_do_not_overwrite_each_other(here, capsys):
    assert main(["depth", picture("a.jpg"), picture("a.png"), "--formats", "npy"]) == 0
    assert results() == {"a.jpg.depth.npy", "a.png.depth.npy"}
    assert "a.png: its results are called a.png.*" in capsys.readouterr().err


def test_a_picture_is_never_overwritten_by_its_depth(here, capsys):
    names = [picture("a.jpg"), picture("a.tiff"), picture("b.jpg"), picture("b.depth.tiff")]
    before = [Path(name).read_bytes() for name in names]
    assert main(["depth", "a.jpg", "b.jpg", "b.depth.tiff", "-o", ".", "--formats", "tiff"]) == 1
    assert [Path(name).read_bytes() for name in names] == before
    assert results(".") == {*names, "a.depth.tiff", "b.depth.depth.tiff"}
    assert "b.depth.tiff: is one of the pictures, and is not overwritten" in capsys.readouterr().err


def test_bad_paths_do_not_stop_the_others(here, capsys):
    picture("a.jpg")
    Path("circle.jpg").symlink_to("circle.jpg")
    assert main(["depth", "n" * 300 + ".jpg", "circle.jpg", "a.jpg"]) == 1
    assert results() == {"a.colour.png"}
    err = capsys.readouterr().err
    assert "n.jpg: file name too long" in err and "circle.jpg: too many levels of symbolic links" in err


@pytest.mark.parametrize(
    "size, squeezed", [((1, 1), False), ((1, 300), True), ((20000, 40), True), ((3, 2), False), ((80, 10), False)]
)
def test_odd_shapes_work_and_squeezing_is_said(size, squeezed, here, capsys):
    assert main(["depth", picture("odd.png", *size), "--formats", "npy,colour"]) == 0
    assert np.load("depth/odd.depth.npy").shape == size[::-1]
    assert ("longer than 8:1, so the network sees it squeezed" in capsys.readouterr().err) == squeezed


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK", "RGBA", "LA", "I;16", "I", "F", "YCbCr"])
def test_colour_modes_work(mode, here):
    image = Image.fromarray(RNG.integers(0, 256, (40, 60, 3), np.uint8))
    image = image.convert("I").convert(mode) if mode == "I;16" else image.convert(mode)
    image.save("a.jpg" if mode in ("CMYK", "YCbCr") else "a.tiff")
    assert main(["depth", "a.jpg" if mode in ("CMYK", "YCbCr") else "a.tiff"]) == 0


def test_exif_orientation_is_applied_once(here):
    exif = Image.Exif()
    exif[0x0112] = 6
    picture("turned.jpg", 60, 40, exif=exif)
    assert main(["depth", "turned.jpg", "--formats", "npy,side"]) == 0
    assert np.load("depth/turned.depth.npy").shape == (60, 40)
    assert Image.open("depth/turned.side.png").size == (80, 60)


def test_of_an_animation_the_first_frame_and_it_is_said(here, capsys):
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    frames[0].save("a.gif", save_all=True, append_images=frames[1:])
    assert main(["depth", "a.gif"]) == 0
    assert "a.gif: has several frames or pages, the first one is used" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments, code, words",
    [
        ([], 2, "no pictures given"),
        (["a.jpg", "--formats", "colr"], 2, "did you mean colour"),
        (["a.jpg", "--formats", ","], 2, "no format given"),
        (["a.jpg", "--colormap", "veridis"], 2, "did you mean viridis"),
        (["a.jpg", "-m", "nanno"], 2, "did you mean nano"),
        (["a.jpg", "-m", "run/best.safetensors"], 1, "run/best.safetensors: no such checkpoint"),
        (["a.jpg", "-m", "a.jpg"], 1, "a checkpoint is a .safetensors"),
        (["a.jpg", "--device", "gpu"], 2, "no device is called 'gpu'"),
        (["a.jpg", "--device", "mps"], 1, "torch"),
        (["a.jpg", "--size", "0"], 2, "size"),
        (["a.jpg", "--size", "-14"], 2, "size"),
        (["a.jpg", "--detail", "100"], 2, "a larger look"),
        (["missing.jpg"], 1, "missing.jpg: no such file or directory"),
        (["*.webp"], 1, "*.webp: nothing matches this pattern"),
        (["empty.jpg"], 1, "empty.jpg: the file is empty"),
        (["text.txt"], 1, "text.txt: is not a picture in a format fathom can read"),
        (["folder"], 1, "folder: there are no pictures in this folder"),
        (["a.jpg", "-o", "text.txt"], 1, "text.txt: is a file, the results need a folder"),
        (["a.jpg", "-o", "text.txt/sub"], 1, "text.txt: is a file, the results need a folder"),
    ],
)
def test_bad_input_gets_one_clear_sentence(arguments, code, words, here, capsys):
    picture("a.jpg")
    Path("empty.jpg").touch()
    Path("text.txt").write_text("hello")
    Path("folder").mkdir()
    assert main(["depth", *arguments]) == code
    err = capsys.readouterr().err
    assert words in err and err.count("\n") == 1
    assert not Path("depth").exists()


def test_a_folder_that_cannot_be_written(here, capsys, monkeypatch):
    Path("out").mkdir()
    # Nothing is forbidden to root, who may be running this: the answer of the system is made up.
    monkeypatch.setattr("fathom.cli.depth.os.access", lambda path, mode: Path(path).name != "out")
    assert main(["depth", picture("a.jpg"), "-o", "out"]) == 1
    assert "out: nothing can be written there" in capsys.readouterr().err
    assert list(Path("out").iterdir()) == []


def test_a_full_disk_leaves_nothing_half_written(here, capsys, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    pictures = [picture("a.jpg"), picture("b.jpg")]
    monkeypatch.setattr("fathom.files.os.fsync", full)
    assert main(["depth", *pictures]) == 1
    assert results() == set()
    assert "a.jpg: depth/a.colour.png: no space left on the disk" in capsys.readouterr().err


def test_a_full_disk_is_said_of_exr(here, capsys, monkeypatch):
    OpenEXR = pytest.importorskip("OpenEXR")
    write = OpenEXR.File.write
    monkeypatch.setattr(OpenEXR.File, "write", lambda file, _: write(file, "/dev/full"))
    if not Path("/dev/full").exists():
        pytest.skip("there is no device that is always full")
    assert main(["depth", picture("a.jpg"), "--formats", "exr"]) == 1
    assert capsys.readouterr().err == "a.jpg: depth/a.depth.exr: no space left on the disk\n"


def test_a_bug_in_a_step_is_not_taken_for_a_bad_picture(here, monkeypatch):
    monkeypatch.setattr("fathom.predict.Model.__call__", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        main(["depth", picture("a.jpg")])


def test_a_reader_that_goes_away_is_no_traceback(here):
    for index in range(3):
        picture(f"in/{index}.jpg")
    command = [sys.executable, "-m", "fathom", "depth", "in", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()
    assert process.returncode == 1
