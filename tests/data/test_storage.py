"""A folder and an address do the same; what fails now and then is tried again."""

import pickle

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from fathom.data import storage
from fathom.data.storage import Storage


class Flaky(MemoryFileSystem):
    """Fails every so many requests, as stores do."""

    protocol = "flaky"
    store: dict = {}  # noqa: RUF012  # as in the class that it is made of
    every, asked = 3, 0

    def _maybe(self):
        type(self).asked += 1
        if type(self).asked % type(self).every == 0:
            raise TimeoutError("503 Slow Down")

    def cat_file(self, path, start=None, end=None, **kwargs):
        self._maybe()
        return super().cat_file(path, start, end, **kwargs)

    def pipe_file(self, path, value, mode="overwrite", **kwargs):
        self._maybe()
        return super().pipe_file(path, value, mode, **kwargs)

    def info(self, path, **kwargs):
        self._maybe()
        return super().info(path, **kwargs)


@pytest.fixture(autouse=True)
def flaky(monkeypatch):
    fsspec.register_implementation("flaky", Flaky, clobber=True)
    monkeypatch.setattr(storage.time, "sleep", lambda seconds: None)
    Flaky.every, Flaky.asked = 3, 0
    yield
    Flaky.store.clear()


@pytest.mark.parametrize("kind", ["folder", "memory", "flaky"])
def test_files_come_back(kind, tmp_path):
    there = Storage(tmp_path / "new" if kind == "folder" else f"{kind}://bucket/new")
    assert there.sizes() == {} and not there.exists("a/b.bin")
    data = bytes(range(256)) * 40
    there.write("a/b.bin", data)
    there.write("c.bin", b"c")
    there.write(".hidden", b"h")
    assert there.read("a/b.bin") == data and there.size("a/b.bin") == len(data) and there.exists("c.bin")
    assert there.sizes() == {"a/b.bin": len(data), "c.bin": 1} and list(there.sizes("a")) == ["a/b.bin"]
    assert there.read_span("a/b.bin", 250, 20) == data[250:270]
    with there.open("a/b.bin") as file:
        assert file.read(10) == data[:10]
        file.seek(-5, 2)
        assert file.read() == data[-5:]
    assert pickle.loads(pickle.dumps(there)).read("c.bin") == b"c"
    with pytest.raises(FileNotFoundError):
        there.read("nothing")
    with pytest.raises(ValueError, match="outside"):
        there.write("../up", b"")


def test_what_always_fails_is_said_in_the_end():
    Flaky.every = 1
    with pytest.raises(OSError, match=r"flaky://bucket/x: failed 7 times, at last with: 503"):
        Storage("flaky://bucket").read("x")
    assert Flaky.asked == 7


def test_what_is_not_there_is_not_asked_for_again():
    Flaky.every = 10**9
    with pytest.raises(FileNotFoundError):
        Storage("flaky://bucket").read("x")
    assert Flaky.asked == 1


def test_an_unknown_address_is_said():
    with pytest.raises(ValueError, match="gopher://x: is no address"):
        Storage("gopher://x")
