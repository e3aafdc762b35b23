"""Processes that make batches end when they should, and only then."""

import os
import signal
import subprocess
import sys
import time
from multiprocessing import active_children
from pathlib import Path

import pytest
from numbered import Numbered, numbered

from fathom.data.augment import Augmentation
from fathom.data.batches import Batches, loader
from fathom.data.folder import write_sample

PROGRAM = """
import signal, sys, time
from fathom.data.augment import Augmentation
from fathom.data.batches import Batches, loader
from fathom.data.folder import DepthFolder
if __name__ == "__main__":
    running = loader(Batches([DepthFolder(sys.argv[1])], Augmentation(crop=8), 2, 0), 0, 10**6, workers=2)
    next(running)
    {then}
"""


@pytest.fixture
def program(tmp_path):
    for i in range(3):
        write_sample(tmp_path / "data", numbered(i))

    def start(then):
        path = tmp_path / "program.py"
        path.write_text(PROGRAM.format(then=then))
        command = [sys.executable, str(path), str(tmp_path / "data")]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)

    return start


def alive_in(group: int) -> list[str]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
            if int(fields[2]) == group and fields[0] != "Z":
                found.append((stat.parent / "cmdline").read_text())
        except OSError:
            continue
    return found


def wait_until_none_is_left(group: int) -> bool:
    deadline = time.monotonic() + 20
    while alive_in(group) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not alive_in(group)


linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes in /proc")


@linux
def test_workers_die_with_their_parent(program):
    process = program("print('made', flush=True); time.sleep(60)")
    assert process.stdout.readline() == "made\n"
    assert len(alive_in(process.pid)) >= 3
    process.kill()
    process.wait()
    assert wait_until_none_is_left(process.pid)


@linux
def test_workers_heed_their_parent_and_nothing_else(program):
    """The whole group is interrupted and told to end: the parent, which handles that, goes on for as long as it likes.

    It then falls over, with workers that are still at work, and does not wait for them.
    """
    process = program(
        "[signal.signal(s, signal.SIG_IGN) for s in (2, 15)]; print('made', flush=True); time.sleep(0.5)\n"
        "    print(sum(1 for _ in zip(range(50), running)), flush=True); raise SystemExit(3)"
    )
    assert process.stdout.readline() == "made\n"
    for number in (signal.SIGINT, signal.SIGTERM):
        os.killpg(process.pid, number)
    assert process.stdout.readline() == "50\n"
    assert process.wait(timeout=30) == 3
    assert wait_until_none_is_left(process.pid)


@linux
def test_a_killed_worker_is_said():
    running = loader(Batches([Numbered(3)], Augmentation(crop=8), 1, 0), 0, 10**6, workers=1)
    next(running)
    (worker,) = active_children()
    worker.kill()
    with pytest.raises(OSError, match="a process that makes batches was killed"):
        for _ in running:
            pass
