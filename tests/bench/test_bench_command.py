"""`fathom bench` from the command line to tables, JSON lines and the page."""

import json
from html.parser import HTMLParser

import numpy as np
import pytest
import sets_on_disk as disk

from fathom.cli import main

RNG = np.random.default_rng(11)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two sources, five pictures, one of them without metres."""
    root = tmp_path_factory.mktemp("bench") / "mine"
    files, index = {}, []
    for i in range(5):
        rows = np.linspace(1, 4, 30)[:, None] * np.linspace(1, 1.2, 40)
        depth = rows[::-1] * RNG.uniform(0.9, 1.1, (30, 40))
        disparity = i == 4
        code = 200 / depth if disparity else depth * 1000
        files[f"{i}.png"] = disk.png(disk.picture(30, 40))
        files[f"{i}_gt.png"] = disk.png(np.rint(code).astype(np.uint8 if disparity else np.uint16))
        kind = "disparity" if disparity else "metric_depth"
        record = {"dataset": "ab"[i // 3], "name": str(i), "rgb": f"{i}.png", "gt": f"{i}_gt.png", "kind": kind}
        index.append(record | {"scale": 1 if disparity else 0.001, "invalid": [0]})
    disk.write(root, files | {"index.json": json.dumps(index).encode()})
    return root


@pytest.fixture
def models(tmp_path, monkeypatch):
    (tmp_path / "bench_models.py").write_text(
        "import numpy as np\n"
        "def good(rgb):\n    return np.repeat(np.arange(rgb.shape[0])[:, None], rgb.shape[1], 1) + 10.0\n"
        "def upside_down(rgb):\n    return -good(rgb)\n"
        "def broken(rgb):\n    return np.full(rgb.shape[:2], np.nan)\n"
    )
    monkeypatch.chdir(tmp_path)


def test_tables(folder, models, capsys):
    assert (
        main(["bench", str(folder), "-m", "bench_models:good@relative", "-m", "bench_models:upside_down@relative"]) == 0
    )
    out = capsys.readouterr().out
    assert "Protocol: indexed folder" in out and "headline: mean over sources" in out
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in out.splitlines() if line.startswith("| ")]
    assert lines[0] == ["source", "n", "model", "AbsRel ↓", "δ1 ↑", "order ↑"]
    table = {(line[0], line[2]): line for line in lines[1:]}
    sources = {"a", "b", "mean of sources", "median of sources", "all"}
    names = {"bench_models:good", "bench_models:upside_down", "floor: constant", "floor: nearer towards the bottom"}
    assert set(table) == {(s, m) for s in sources for m in names}
    assert table["a", "bench_models:good"][1] == "3"
    # A line down the picture is the floor itself, whatever its scale and shift.
    assert table["all", "bench_models:good"][3:] == table["all", "floor: nearer towards the bottom"][3:]
    assert "- bench_models:upside_down: upside down: the fitted scale is negative (5 of 5)" in out
    assert "- floor: constant: constant (5 of 5)" in out


def test_json_lines(folder, models, capsys):
    assert main(["bench", str(folder), "-m", "bench_models:broken@metric", "--json"]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    means = [r for r in records if r["record"] == "mean"]
    cases = [r for r in records if r["record"] == "case"]
    assert len(means) == 3 * 4 and len(cases) == 3 * 5
    broken = next(r for r in means if r["model"] == "bench_models:broken" and r["headline"])
    assert broken["source"] == "mean of sources" and broken["protocol"].startswith("indexed folder")
    assert broken["metrics"]["abs_rel"] is None and broken["metrics"]["delta1"] == 0
    assert {"suite": "mine", "kind": "metric", "case": "a/0"}.items() <= cases[0].items()
    assert cases[0]["remarks"] == ["not finite: 1 of the scored pixels"]


def test_another_alignment_says_so(folder, models, capsys):
    assert main(["bench", str(folder), "-m", "bench_models:good@relative", "--align", "depth", "--full"]) == 0
    out = capsys.readouterr().out
    assert "NOT as locked: aligned by depth" in out and "wrong space: relative fitted by depth (5 of 5)" in out
    assert "SILog ↓" in out


def test_boundaries(folder, models, capsys):
    assert main(["bench", str(folder), "--boundaries"]) == 0
    assert "boundary F1 ↑" in capsys.readouterr().out


class Page(HTMLParser):
    VOID = ("meta", "img", "rect", "path")

    def __init__(self, text):
        super().__init__()
        self.open, self.links, self.pictures = [], [], 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.links += [attributes[key] for key in ("src", "href") if key in attributes]
        self.pictures += tag == "img"
        if tag not in self.VOID and tag not in ("p", "td", "th", "tr", "li"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in self.open:
            assert self.open.pop() == tag


def test_the_page_holds_everything_in_itself(folder, models, tmp_path, capsys):
    path = tmp_path / "out" / "page.html"
    arguments = ["bench", str(folder), "-m", "bench_models:good@relative", "-m", "bench_models:broken@metric"]
    assert main([*arguments, "--report", str(path)]) == 0
    text = path.read_text()
    page = Page(text)
    assert page.open == []
    assert page.links and all(link.startswith("data:image/jpeg;base64,") for link in page.links)
    assert "url(" not in text and "<script" not in text
    assert page.pictures == 2 * 5 * 4  # two models, three best and two worst pictures, four views each
    assert "best by AbsRel" in text and "worst by AbsRel" in text
    assert "not finite" in text and "class=protocol" in text


def test_the_page_of_a_published_set_has_the_papers_numbers(tmp_path, capsys):
    pairs = {"images/indoor/a<b>.png": [((7, 2), (0, 3))]}
    files = {"annotations.json": disk.da2k(pairs), "images/indoor/a<b>.png": disk.png(disk.picture(8, 12))}
    disk.write(tmp_path / "da2k", files)
    assert main(["bench", f"da2k:{tmp_path / 'da2k'}", "--report", str(tmp_path / "page.html")]) == 0
    text = (tmp_path / "page.html").read_text()
    assert "Depth Anything V2 S" in text and "0.953" in text and "share over all pairs" in text
    assert "a&lt;b&gt;" in text and "a<b>" not in text


def test_the_page_of_a_clip(tmp_path, capsys):
    depths = [RNG.uniform(1, 4, (12, 16)).round(3) for _ in range(3)]
    k = [[20, 0, 8], [0, 22, 6], [0, 0, 1]]
    names = ["0", "1", "2"]
    disk.write(tmp_path / "c", disk.clip(names, [disk.picture(12, 16)] * 3, depths, [np.eye(4)] * 3, k))
    assert main(["bench", f"clip:{tmp_path / 'c'}", "--report", str(tmp_path / "page.html")]) == 0
    assert "TAE" in capsys.readouterr().out
    assert Page((tmp_path / "page.html").read_text()).pictures == 3


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, "no benchmark given"),
        (["gone"], 1, "gone: no such folder"),
        (["nyu:gone"], 1, "gone: no such folder or archive"),
        (["FOLDER", "-m", "no_such_model"], 2, "no model is called 'no_such_model'"),
        (["FOLDER", "-m", "json:dumps"], 1, "must be declared"),
        (["FOLDER", "--report", "page.pdf"], 2, "must end in .html"),
    ],
)
def test_bad_input_is_one_sentence(folder, arguments, code, words, capsys):
    assert main(["bench", *(str(folder) if a == "FOLDER" else a for a in arguments)]) == code
    error = capsys.readouterr().err
    assert words in error and error.startswith("fathom: ") and error.count("\n") == 1
