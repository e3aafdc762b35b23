import os
import stat

import pytest

from fathom import files


def test_a_file_has_the_permissions_that_open_would_give_it(tmp_path):
    files.write_whole(tmp_path / "sub" / "ours", b"abc")
    (tmp_path / "theirs").write_bytes(b"abc")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "sub" / "ours", tmp_path / "theirs")}
    assert len(modes) == 1


def test_writing_leaves_the_umask_alone(tmp_path, monkeypatch):
    """It belongs to the whole process: other threads are creating files."""
    monkeypatch.setattr(os, "umask", lambda _: pytest.fail("the umask was set"))
    files.write_whole(tmp_path / "a", b"abc")
