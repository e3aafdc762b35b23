"""Everything that may die, dies: are the labels those of a run that nothing happened to?

    python benchmarks/label_faults.py PHOTOS [--photos 200] [--out FILE] [CASE ...]

driver    SIGKILL to a run on Ray at random moments, started again each time until it is done
worker    SIGKILL to random processes of Ray's all through a run
node      a machine of a cluster of three (on this one machine) taken away in mid-run
disk      a file system of a few megabytes, which is full, then given room
s3        pictures and labels in a local S3 server that answers 5 % of all requests with 503

The teacher sees the red channel and takes its time, so that there is a mid-run. Needs ray[data]; s3 needs s3fs and
moto[server]; disk has to mount a file system.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from machine import processor, publish

from fathom.data.label_store import LabelStore
from fathom.data.storage import Storage
from fathom.recipe.labelling.check import check
from fathom.recipe.labelling.cluster import joined
from fathom.recipe.labelling.run import label
from fathom.recipe.labelling.stages import Teacher
from fathom.zoo.records import Input

PER_SHARD = 20


def red_teacher(seconds: float = 0.3) -> Teacher:
    class Red:
        def run(self, inputs):
            import time

            time.sleep(seconds)
            return [x[0].copy() for x in inputs]

    return Teacher("red", "f1", (96,), Input(1, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0), antialias=True), (Red,))


def contents(root: str) -> dict[str, bytes]:
    storage = Storage(root)
    return {name: storage.read(name) for name in storage.sizes()}


def descendants(name: str) -> list[int]:
    """Of this process, whose command has `name` in it."""
    parents, commands = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            commands[int(folder.name)] = (folder / "cmdline").read_text()
        except OSError:
            continue

    def mine(pid: int) -> bool:
        while pid > 1 and pid != os.getpid():
            pid = parents.get(pid, 0)
        return pid == os.getpid()

    return [pid for pid, command in commands.items() if name in command and mine(pid)]


def driver(pool: str, out: str) -> str:
    """Each start is left alone until a shard more is whole, and killed at a random moment soon after."""
    killed, choose = 0, random.Random(0)

    def whole() -> int:
        return len(list(Path(out).glob("records/*.json")))

    while not Storage(out).exists("shards.json"):
        before = whole()
        process = subprocess.Popen([sys.executable, __file__, pool, "--only-label", out], stderr=subprocess.DEVNULL)
        while process.poll() is None and whole() == before:
            time.sleep(0.02)
        try:
            process.wait(choose.uniform(0, 2))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed += 1
    return f"killed {killed} times"


def worker(pool: str, out: str) -> str:
    killed, stop, choose = [], threading.Event(), random.Random(0)

    def kill() -> None:
        while not stop.wait(choose.uniform(1, 4)):
            found = [
                (name, pid)
                for name in ("ray::MapWorker", "ray::_Gatherer", "ray::FlatMap")
                for pid in descendants(name)
            ]
            if found:
                name, pid = choose.choice(found)
                os.kill(pid, signal.SIGKILL)
                killed.append(name)

    thread = threading.Thread(target=kill)
    with joined(None):
        thread.start()
        try:
            label(pool, out, red_teacher(), engine="ray", per_shard=PER_SHARD)
        finally:
            stop.set()
            thread.join()
    counts = ", ".join(f"{killed.count(name)} {name}" for name in sorted(set(killed)))
    return f"killed {len(killed)} processes: {counts}"


def node(pool: str, out: str) -> str:
    import ray
    from ray.cluster_utils import Cluster

    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    small = {"num_cpus": 2, "object_store_memory": 200 << 20}
    cluster = Cluster(initialize_head=True, head_node_args={**small, "include_dashboard": False})
    others = [cluster.add_node(**small) for _ in range(2)]
    cluster.wait_for_nodes()
    ray.init(address=cluster.address, log_to_driver=False)
    done_before = []

    def remove() -> None:
        while len(list(Path(out).glob("records/*.json"))) < 2:
            time.sleep(0.05)
        cluster.remove_node(others[0], allow_graceful=False)
        done_before.append(len(list(Path(out).glob("records/*.json"))))

    thread = threading.Thread(target=remove)
    thread.start()
    try:
        label(pool, out, red_teacher(), engine="ray", per_shard=PER_SHARD)
    finally:
        thread.join()
        alive = sum(n["Alive"] for n in ray.nodes())
        ray.shutdown()
        cluster.shutdown()
    return f"one of three nodes removed when {done_before[0]} shards were whole; {alive} nodes alive at the end"


def disk(pool: str, out: str) -> str:
    Path(out).mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", out], check=True)
    try:
        try:
            label(pool, out, red_teacher(0), engine="ray", per_shard=PER_SHARD)
            said = "nothing"
        except OSError as error:
            said = str(error)
        there = len(list(Path(out).glob("records/*.json")))
        subprocess.run(["mount", "-o", "remount,size=500m", out], check=True)
        label(pool, out, red_teacher(0), engine="ray", per_shard=PER_SHARD)
        mine = contents(out)
    finally:
        subprocess.run(["umount", out], check=True)
    for name, data in mine.items():
        Storage(out).write(name, data)
    return f"said {said.replace(out, 'OUT')!r} with {there} shards whole; then given room"


def s3(pool: str, out: str) -> str:
    """A proxy of our own in front of moto's server, so that every kind of request fails."""
    import boto3
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    app = DomainDispatcherApplication(create_backend_app)
    choose, counts = random.Random(0), {"asked": 0, "failed": 0}

    def failing(environ, start):
        counts["asked"] += 1
        if counts["asked"] > 300 and choose.random() < 0.05:  # the first ones are ours, filling it
            counts["failed"] += 1
            start("503 Slow Down", [("Content-Type", "text/plain")])
            return [b"try later"]
        return app(environ, start)

    server = make_server("127.0.0.1", 0, failing, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.port}"
    os.environ |= {"AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    os.environ |= {"AWS_DEFAULT_REGION": "us-east-1"}
    client = boto3.client("s3")
    client.create_bucket(Bucket="bucket")
    counts["asked"] = -(10**9)
    for path in sorted(Path(pool).iterdir()):
        client.upload_file(str(path), "bucket", f"photos/{path.name}")
    counts["asked"] = 300
    label("s3://bucket/photos", "s3://bucket/labels", red_teacher(0), engine="ray", per_shard=PER_SHARD)
    found = contents("s3://bucket/labels")
    faults = check(LabelStore("s3://bucket/labels"), "s3://bucket/photos").faults
    server.shutdown()
    for name, data in found.items():
        Storage(out).write(name, data)
    return (
        f"{counts['failed']} of {counts['asked'] - 300} requests failed; faults found by --check over S3: {len(faults)}"
    )


CASES: dict[str, Callable[[str, str], str]] = {"driver": driver, "worker": worker, "node": node, "disk": disk, "s3": s3}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("cases", nargs="*", default=list(CASES))
    parser.add_argument("--photos", type=int, default=200)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--only-label", help=argparse.SUPPRESS)  # what `driver` starts and kills
    options = parser.parse_args()
    if options.only_label:
        label(str(options.folder), options.only_label, red_teacher(), engine="ray", per_shard=PER_SHARD)
        return
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        pool = Path(folder, "photos")
        pool.mkdir()
        found = sorted(p for p in options.folder.rglob("*.jpg"))
        for i, path in enumerate(found[:: len(found) // options.photos][: options.photos]):
            (pool / f"{i:04d}.jpg").write_bytes(path.read_bytes() if i % 100 else path.read_bytes()[:500])
        undisturbed = f"{folder}/undisturbed"
        result = label(str(pool), undisturbed, red_teacher(0), engine="threads", per_shard=PER_SHARD)
        expected = contents(undisturbed)
        for case in options.cases:
            began, out = time.perf_counter(), f"{folder}/{case}"
            what = CASES[case](str(pool), out)
            mine = {name: data for name, data in contents(out).items() if not name.endswith(".part")}
            same = "identical" if mine == expected else "DIFFERENT"
            checked = check(LabelStore(out), str(pool))
            counted = f"{checked.labels} + {checked.quarantined}, {len(checked.faults)} faults"
            lines.append(f"| {case} | {what} | {same} | {counted} | {time.perf_counter() - began:.0f} |")
            print(lines[-1], file=sys.stderr, flush=True)
    text = [
        "# Labelling while things die",
        "",
        f"`python benchmarks/label_faults.py PHOTOS --photos {options.photos}`, {date.today()}, {processor()}, "
        f"{len(os.sched_getaffinity(0))} cores. {options.photos} photos in shards of {PER_SHARD}, of which "
        f"{result.quarantined} are cut short. Undisturbed: {result.labels} labels, {result.quarantined} quarantined. "
        "Compared are all files of the stores, byte by byte.",
        "",
        "| what | happened | files | `--check`: labels + quarantined | seconds |",
        "|---|---|---|---|---|",
        *lines,
    ]
    publish(text, options.out)


if __name__ == "__main__":
    main()
