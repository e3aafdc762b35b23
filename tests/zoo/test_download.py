"""Downloads from a server that plays the hub and misbehaves; no other machine is spoken to."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from huggingface_hub import hf_hub_download

from fathom.zoo.download import locate, obtain
from fathom.zoo.records import File
from fathom.zoo.transport import Patience
from hub import playing_hub, refuse, serve

QUICK = Patience(waits=(0.01, 0.01), timeout=5)
DATA = np.random.default_rng(0).bytes(300_000)
SHA256 = hashlib.sha256(DATA).hexdigest()
FILE = File("someone/weights", "a.pth", SHA256, len(DATA))
PATH = "someone/weights/resolve/main/a.pth"


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """The hub, with DATA on it, and caches of this test's own."""
    with playing_hub(tmp_path, monkeypatch) as hub:
        hub.files[PATH] = DATA
        yield hub


def files_in(folder):
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}


def in_another_process(file):
    code = f"from fathom.zoo.download import *; print(obtain({file!r}))"
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_file_is_fetched_once_and_nothing_is_written_outside_of_the_cache(hub, tmp_path, capsys):
    path = obtain(FILE, patience=QUICK)
    assert path.read_bytes() == DATA
    assert path == tmp_path / "FATHOM_CACHE" / "weights" / "someone--weights" / "a.pth" == locate(FILE)
    said = capsys.readouterr().err
    assert "fetching a.pth (1 MB)" in said and len(said.splitlines()) == 2  # no terminal: no bar
    asked = len(hub.requests)
    assert obtain(FILE, patience=QUICK) == path and len(hub.requests) == asked
    assert capsys.readouterr().err == ""
    assert {name.split("/")[0] for name in files_in(tmp_path)} == {"FATHOM_CACHE"}
    assert {file.suffix for file in files_in(tmp_path).values()} <= {".pth", ".json", ".lock"}


def test_nothing_but_the_file_is_asked_for_and_the_token_stays_on_the_hub(hub, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    obtain(FILE, patience=QUICK)
    assert [(method, path) for method, path, _ in hub.requests] == [("GET", f"/{PATH}"), ("GET", f"/bytes/{PATH}")]
    first, second = (headers for _, _, headers in hub.requests)
    assert first["Authorization"] == "Bearer hf_secret" and "Authorization" not in second
    assert first["User-Agent"].startswith("fathom/") and "torch" not in first["User-Agent"]


def test_a_file_is_hashed_once_unless_it_changes(hub, monkeypatch):
    hashed = []
    monkeypatch.setattr("fathom.zoo.download.files_digest", lambda paths: hashed.append(paths) or SHA256)
    path = obtain(FILE, patience=QUICK)
    for _ in range(3):
        obtain(FILE, patience=QUICK)
    assert len(hashed) == 1
    os.utime(path, ns=(0, 0))
    obtain(FILE, patience=QUICK)
    obtain(FILE, patience=QUICK)
    assert len(hashed) == 2


def test_a_file_that_was_changed_on_the_disk_is_not_used(hub):
    path = obtain(FILE, patience=QUICK)
    path.write_bytes(DATA[:-1] + b"x")
    with pytest.raises(OSError, match=r"a\.pth is not whole on this disk"):
        obtain(FILE, offline=True)
    assert obtain(FILE, patience=QUICK).read_bytes() == DATA


@pytest.mark.parametrize("reset", [False, True])
def test_a_connection_that_breaks_is_resumed_where_it_broke(hub, reset):
    hub.script = [serve(stop=100_000, reset=reset), serve(stop=100_000, reset=reset)]
    assert obtain(FILE, patience=QUICK).read_bytes() == DATA
    assert hub.ranges == [None, "bytes=100000-", "bytes=200000-"]


def test_tries_are_counted_only_while_nothing_comes(hub):
    hub.script = [serve(stop=30_000) for _ in range(9)]
    assert obtain(FILE, patience=Patience(waits=(0.0,))).read_bytes() == DATA
    assert len(hub.ranges) == 10


def test_a_failed_download_goes_on_the_next_time(hub, tmp_path):
    hub.script = [serve(stop=100_000), refuse(503), refuse(503)]
    with pytest.raises(OSError, match=r"a\.pth: the server answered 503; given up at try 3, try again later"):
        obtain(FILE, patience=QUICK)
    assert [path.stat().st_size for path in files_in(tmp_path).values() if path.suffix == ".part"] == [100_000]
    hub.requests.clear()
    assert obtain(FILE, patience=QUICK).read_bytes() == DATA
    assert hub.ranges == ["bytes=100000-"]
    assert not [path for path in files_in(tmp_path).values() if path.suffix == ".part"]


def test_a_process_that_was_killed_is_gone_on_with(hub, tmp_path):
    end = threading.Event()
    hub.script = [serve(halfway=lambda: end.wait(60))]
    other = in_another_process(FILE)
    part = tmp_path / "FATHOM_CACHE" / "weights" / "someone--weights" / f"a.pth.{SHA256[:12]}.part"
    deadline = time.monotonic() + 20
    while not (part.exists() and part.stat().st_size == 150_000):
        assert time.monotonic() < deadline, other.communicate()
        time.sleep(0.02)
    other.send_signal(signal.SIGKILL)
    other.communicate()
    end.set()
    assert obtain(FILE, patience=QUICK).read_bytes() == DATA
    assert hub.ranges == [None, "bytes=150000-"]


def test_two_processes_fetch_a_file_once(hub):
    first_has_begun, second_waits = threading.Event(), threading.Event()
    hub.script = [serve(halfway=lambda: first_has_begun.set() or second_waits.wait(60))]
    first = in_another_process(FILE)
    assert first_has_begun.wait(60)
    second = in_another_process(FILE)
    assert second.stderr.readline() == "waiting for another process that is fetching a.pth\n"
    second_waits.set()
    paths = [process.communicate(timeout=60)[0].strip() for process in (first, second)]
    assert paths[0] == paths[1] and Path(paths[0]).read_bytes() == DATA
    assert len(hub.ranges) == 1


def test_a_server_without_ranges_begins_anew(hub):
    hub.script = [serve(stop=100_000), serve(ranges=False)]
    assert obtain(FILE, patience=QUICK).read_bytes() == DATA
    assert hub.ranges == [None, "bytes=100000-"]


def test_a_server_without_ranges_that_always_breaks_is_given_up(hub):
    hub.script = [serve(stop=100_000, ranges=False)] * 10
    with pytest.raises(OSError, match="the connection failed"):
        obtain(FILE, patience=QUICK)
    assert len(hub.ranges) == 3


def test_a_server_that_stops_sending_is_left_and_asked_again(hub):
    hub.script = [serve(halfway=lambda: time.sleep(3))]
    began = time.monotonic()
    assert obtain(FILE, patience=Patience(waits=(0.0,), timeout=0.3)).read_bytes() == DATA
    assert time.monotonic() - began < 2
    assert hub.ranges == [None, "bytes=150000-"]


def test_a_body_that_ends_early_without_a_word_is_gone_on_with(hub):
    hub.script = [serve(stop=100_000, announce=False)]
    assert obtain(FILE, patience=QUICK).read_bytes() == DATA
    assert hub.ranges == [None, "bytes=100000-"]


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_server_that_recovers_is_waited_for(hub, status):
    hub.script = [refuse(status, Retry_After=0), refuse(status)]
    assert obtain(FILE, patience=QUICK).read_bytes() == DATA


def test_a_server_is_given_the_time_that_it_asks_for(hub):
    hub.script = [refuse(429, Retry_After=1)]
    began = time.monotonic()
    obtain(FILE, patience=QUICK)
    assert time.monotonic() - began >= 1


@pytest.mark.parametrize("status, words", [(404, "is not there"), (403, "HF_TOKEN"), (400, "answered 400")])
def test_a_refusal_is_final(hub, status, words):
    hub.script = [refuse(status)]
    with pytest.raises(OSError, match=words) as error:
        obtain(FILE, patience=QUICK)
    assert "\n" not in str(error.value) and len(hub.ranges) == 1


def test_a_login_page_is_not_taken_for_the_file(hub):
    hub.script = [lambda handler, data, start: handler.wfile.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 7\r\n\r\nwelcome")]  # fmt: skip
    with pytest.raises(OSError, match="a web page came instead"):
        obtain(FILE, patience=QUICK)


def test_a_host_that_is_not_there(hub, monkeypatch):
    hub.server.server_close()
    with pytest.raises(OSError, match=r"the connection failed .* given up at try 3"):
        obtain(FILE, patience=QUICK)


@pytest.mark.parametrize("broken_off", [False, True])
def test_a_byte_that_changed_on_its_way_is_found_and_the_file_removed(hub, tmp_path, broken_off):
    hub.script = [serve(stop=100_000)] if broken_off else []
    hub.script.append(serve(change=lambda body: body[:50_000] + bytes([body[50_000] ^ 1]) + body[50_001:]))
    with pytest.raises(ValueError, match=rf"a\.pth: its SHA-256 is [0-9a-f]{{64}}, not {SHA256}; it was removed"):
        obtain(FILE, patience=QUICK)
    assert {path.suffix for path in files_in(tmp_path).values()} <= {".lock"}
    assert obtain(FILE, patience=QUICK).read_bytes() == DATA


def test_a_file_of_another_size_is_refused_before_it_is_fetched(hub, tmp_path):
    hub.files[PATH] = DATA + b"x"
    with pytest.raises(ValueError, match=r"a\.pth: has 300001 bytes, not 300000"):
        obtain(FILE, patience=QUICK)
    hub.script = [serve(announce=False)]
    with pytest.raises(ValueError, match="has more than 300000 bytes"):
        obtain(FILE, patience=QUICK)
    assert {path.suffix for path in files_in(tmp_path).values()} <= {".lock"}


def test_a_file_that_shrank_on_the_server_does_not_turn_in_circles(hub):
    hub.script = [serve(stop=200_000), refuse(416)]
    assert obtain(FILE, patience=QUICK).read_bytes() == DATA
    assert hub.ranges == [None, "bytes=200000-", None]


def test_offline_nothing_is_asked_for(hub, monkeypatch):
    for variable in ("FATHOM_OFFLINE", "HF_HUB_OFFLINE"):
        with monkeypatch.context() as context:
            context.setenv(variable, "1")
            for file in (FILE, File("someone/weights", "a.pth"), File(hub.url, PATH, SHA256, len(DATA))):
                with pytest.raises(OSError, match="fathom is set to be offline"):
                    obtain(file)
    assert hub.requests == []
    path = obtain(FILE, patience=QUICK)
    assert obtain(FILE, offline=True) == path


@pytest.mark.parametrize("pinned", [True, False])
def test_a_file_in_the_cache_of_huggingface_hub_is_used_without_a_request(hub, tmp_path, pinned):
    folder = tmp_path / "HF_HUB_CACHE" / "models--someone--weights"
    (folder / "blobs").mkdir(parents=True)
    (folder / "blobs" / SHA256).write_bytes(DATA)
    (folder / "refs").mkdir()
    (folder / "refs" / "main").write_text("0" * 40)
    (folder / "snapshots" / ("0" * 40)).mkdir(parents=True)
    there = folder / "snapshots" / ("0" * 40) / "a.pth"
    there.symlink_to(folder / "blobs" / SHA256)
    file = FILE if pinned else File("someone/weights", "a.pth")
    # The layout is huggingface_hub's own, not only ours.
    assert hf_hub_download("someone/weights", "a.pth", local_files_only=True) == str(there)
    assert locate(file) == there
    assert obtain(file, offline=True) == there and obtain(file) == there
    assert hub.requests == []
    (folder / "blobs" / SHA256).write_bytes(DATA[::-1])  # damaged: left alone, and not used
    if pinned:
        assert obtain(file, patience=QUICK).read_bytes() == DATA
        assert there.exists()
    else:
        with pytest.raises(OSError, match="offline"):
            obtain(file, offline=True)


def test_a_plain_address_and_what_torch_hub_has(hub, tmp_path, monkeypatch):
    hub.files["dinov2/b.pth"] = DATA
    file = File(f"{hub.url}/dinov2", "b.pth", SHA256, len(DATA))
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    hub.script = [serve(stop=100_000)]
    path = obtain(file, patience=QUICK)
    assert path.read_bytes() == DATA and path.is_relative_to(tmp_path / "FATHOM_CACHE" / "weights")
    assert hub.ranges == [None, "bytes=100000-"]
    assert all("Authorization" not in headers for _, _, headers in hub.requests)

    theirs = tmp_path / "torch" / "hub" / "checkpoints" / "c.pth"
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(DATA)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    assert obtain(File(f"{hub.url}/dinov2", "c.pth", SHA256, len(DATA)), offline=True) == theirs


def test_a_file_without_a_known_checksum_is_verified_by_what_the_hub_declares(hub, capsys):
    file = File("someone/weights", "a.pth")
    flip = serve(change=lambda body: bytes([body[0] ^ 1]) + body[1:])
    hub.script = [flip]
    with pytest.raises(ValueError, match=f"not {SHA256}"):
        obtain(file, patience=QUICK)
    assert obtain(file, patience=QUICK).read_bytes() == DATA
    assert "no checksum is known beforehand" in capsys.readouterr().err
    assert [path for method, path, _ in hub.requests if method == "HEAD"] == [f"/{PATH}"] * 2
    asked = len(hub.requests)
    assert obtain(file).read_bytes() == DATA and len(hub.requests) == asked  # verified once, for good


def test_a_server_that_declares_nothing_is_not_trusted(hub):
    hub.files["plain/a.pth"] = DATA
    with pytest.raises(ValueError, match="does not say what SHA-256"):
        obtain(File(f"{hub.url}/plain", "a.pth"), patience=QUICK)


def test_too_little_room_is_said_before_anything_is_fetched(hub):
    huge = File("someone/weights", "a.pth", SHA256, 10**18)
    with pytest.raises(OSError, match=r"a\.pth takes 1000000000000 MB more, and \d+ MB are free"):
        obtain(huge, patience=QUICK)
    assert hub.requests == []


def test_a_note_that_is_damaged_is_no_note(hub):
    path = obtain(FILE, patience=QUICK)
    note = path.with_name("a.pth.json")
    assert json.loads(note.read_text())["sha256"] == SHA256
    for text in ("", "[]", "{}", '{"path": 1}'):
        note.write_text(text)
        assert obtain(FILE, offline=True) == path


def test_an_endpoint_that_is_no_address(monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "hf.example")
    with pytest.raises(ValueError, match=r"HF_ENDPOINT is .hf\.example."):
        _ = FILE.url
    monkeypatch.setenv("HF_ENDPOINT", "https://hf.example/")
    assert FILE.url == "https://hf.example/someone/weights/resolve/main/a.pth"
