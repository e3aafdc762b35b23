from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fathom.cli.inputs import Job, _apart, gather


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder to work in, and a way to put empty files there: gathering looks at names only."""
    monkeypatch.chdir(tmp_path)

    def touch(*names: str) -> None:
        for name in names:
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).touch()

    return touch


def stems(gathered) -> dict[str, str]:
    return {job.name: job.stem.as_posix() for job in gathered.jobs}


def test_a_folder_keeps_its_folders(here):
    here("in/a.jpg", "in/sub/a.PNG", "in/notes.txt", "in/.hidden.jpg", "in/.thumbnails/a.jpg", "in/a.b.jpg")
    found = gather(["in"], Path("out"))
    assert stems(found) == {"in/a.jpg": "a", "in/a.b.jpg": "a.b", "in/sub/a.PNG": "sub/a"}
    assert found.notes == ["in: ignored 2 files that are no picture"]
    assert not found.errors


def test_results_of_an_earlier_run_are_no_input(here):
    here("in/a.jpg", "in/a.colour.png", "in/b.depth16.png", "in/b.depth.tiff", "in/depth/a.png")
    assert stems(gather(["in"], Path("in/depth"))) == {"in/a.jpg": "a"}


def test_a_pattern_that_no_shell_expanded(here):
    here("in/a.jpg", "in/b.jpg", "in/c.png", "in/sub/d.jpg")
    assert stems(gather(["in/*.jpg"], Path("out"))) == {"in/a.jpg": "a", "in/b.jpg": "b"}
    assert "in/sub/d.jpg" in stems(gather(["in/**/*.jpg"], Path("out")))
    assert gather(["in/*.gif"], Path("out")).errors == [("in/*.gif", "nothing matches this pattern")]


def test_a_pattern_matches_no_results_of_an_earlier_run(here):
    here("a.png", "a.colour.png", "a.depth.tiff", "b.tiff")
    found = gather(["*.png", "*.tiff"], Path("depth"))
    assert stems(found) == {"a.png": "a", "b.tiff": "b"}
    assert found.notes == [f"{pattern}: ignored 1 result of an earlier run" for pattern in ("*.png", "*.tiff")]
    assert gather(["*.colour.png"], Path("depth")).errors == [("*.colour.png", "nothing matches this pattern")]
    assert stems(gather(["a.colour.png"], Path("depth"))) == {"a.colour.png": "a.colour"}


def test_a_path_that_cannot_be_looked_at_does_not_stop_the_others(here, monkeypatch):
    here("a.jpg", "locked.jpg")
    is_dir = Path.is_dir

    def refuse(path):
        if path.name == "locked.jpg":  # as in a folder that may not be entered
            raise PermissionError(13, "Permission denied", str(path))
        return is_dir(path)

    monkeypatch.setattr(Path, "is_dir", refuse)
    found = gather(["locked.jpg", "a.jpg"], Path("out"))
    assert stems(found) == {"a.jpg": "a"}
    assert found.errors == [("locked.jpg", "permission denied")]


def test_a_name_with_brackets_is_a_name(here):
    here("photo[1].jpg")
    assert stems(gather(["photo[1].jpg"], Path("out"))) == {"photo[1].jpg": "photo[1]"}


def test_what_is_named_is_taken_whatever_it_is(here):
    here("notes.txt")
    assert stems(gather(["notes.txt", "missing.jpg"], Path("out"))) == {"notes.txt": "notes", "missing.jpg": "missing"}


def test_a_folder_without_pictures_is_an_error(here):
    here("in/notes.txt")
    assert gather(["in"], Path("out")).errors == [("in", "there are no pictures in this folder")]


def test_what_is_named_twice_is_done_once(here):
    here("in/a.jpg", "in/b.jpg")
    assert stems(gather(["in/a.jpg", "in", "in/../in/a.jpg"], Path("out"))) == {"in/a.jpg": "a", "in/b.jpg": "b"}


def test_pictures_of_one_name_are_kept_apart_and_it_is_said(here):
    here("in/a.jpg", "in/a.png", "in/B.jpg", "in/b.jpg")
    found = gather(["in"], Path("out"))
    if Path("in/A.JPG").exists():
        pytest.skip("this file system does not tell a from A")
    assert stems(found) == {"in/a.jpg": "a.jpg", "in/a.png": "a.png", "in/B.jpg": "B.jpg", "in/b.jpg": "b.jpg-2"}
    assert len(found.notes) == 4 and all("another picture has its name" in note for note in found.notes)


def test_equal_names_of_two_folders_are_kept_apart(here):
    here("one/a.jpg", "two/a.jpg")
    assert stems(gather(["one", "two"], Path("out"))) == {"one/a.jpg": "a.jpg", "two/a.jpg": "a.jpg-2"}


@given(st.lists(st.sampled_from(["a.jpg", "a.png", "A.jpg", "a.jpg.png", "a.jpg-2.png", "b.jpg", "sub/a.jpg"])))
def test_no_two_pictures_share_a_place(names):
    jobs = [Job(name, Path(str(i), name), Path(name).with_suffix("")) for i, name in enumerate(names)]
    placed, _ = _apart(jobs)
    assert [job.name for job in placed] == names
    assert len({str(job.stem).lower() for job in placed}) == len(names)
