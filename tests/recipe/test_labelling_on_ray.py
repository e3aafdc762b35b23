"""Ray Data makes the bytes that the threads of one process make, whatever is killed on the way."""

import os
import signal
from pathlib import Path

import pytest
from pools import contents, red_teacher, write_poison, write_pool

from fathom.data.label_store import Job
from fathom.recipe.labelling import cluster
from fathom.recipe.labelling.cluster import joined, label_on_cluster
from fathom.recipe.labelling.run import label
from fathom.recipe.labelling.work import Work

pytest.importorskip("ray")


@pytest.fixture(scope="module")
def ray_here():
    with joined(None):
        yield


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    folder = write_pool(tmp_path_factory.mktemp("pool") / "photos", 60)
    write_poison(folder)
    return folder


@pytest.fixture(scope="module")
def labelled(pool, tmp_path_factory):
    out = tmp_path_factory.mktemp("store") / "labels"
    assert label(str(pool), str(out), red_teacher(), engine="threads", per_shard=20).labels == 60
    return out


def workers(of: str) -> list[int]:
    """Ray's processes of this name whose ancestor is this process."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if of in (folder / "cmdline").read_text() and os.getpid() in ancestors(int(folder.name)):
                found.append(int(folder.name))
        except OSError:  # it has ended
            continue
    return found


def ancestors(pid: int) -> list[int]:
    found = []
    while pid > 1:
        pid = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")")[-1].split()[1])
        found.append(pid)
    return found


def test_the_labels_are_those_of_one_process(ray_here, pool, labelled, tmp_path, monkeypatch):
    monkeypatch.chdir(pool.parent)  # where Ray's processes are not
    result = label("photos", str(tmp_path / "labels"), red_teacher(), engine="ray", per_shard=20)
    assert (result.labels, result.quarantined) == (60, 9)
    assert contents(tmp_path / "labels") == contents(labelled)


def test_whatever_is_killed_nothing_is_lost_and_nothing_done_twice(ray_here, pool, labelled, tmp_path):
    out = tmp_path / "labels"
    killed: list[str] = []

    def killing(jobs, work, teachers):
        for outcome in label_on_cluster(jobs, work, teachers):
            yield outcome
            for name in ("ray::MapWorker(Map(_Stage", "ray::_Gatherer"):
                if name not in killed and (found := workers(name)):
                    os.kill(found[0], signal.SIGKILL)
                    killed.append(name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cluster, "label_on_cluster", killing)
        label(str(pool), str(out), red_teacher(seconds=0.1), engine="ray", per_shard=20)
    assert len(killed) == 2
    # What was killed as it wrote leaves a file that nobody reads.
    assert {k: v for k, v in contents(out).items() if not k.endswith(".part")} == contents(labelled)


def test_a_store_that_cannot_be_written_is_said(ray_here, pool, tmp_path):
    (tmp_path / "file").touch()
    work = Work(str(pool), str(tmp_path / "file/store"), red_teacher())
    with pytest.raises(OSError, match=r"not a directory|file exists"):
        list(label_on_cluster([Job("000000.tar", names=("000.jpg",))], work))
