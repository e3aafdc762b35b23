"""Pictures and labels in a local S3 server, which fails now and then."""

import random
import threading

import pytest
from pools import contents, red_teacher, write_picture_shards, write_poison, write_pool

pytest.importorskip("s3fs")
moto = pytest.importorskip("moto.server")
boto3 = pytest.importorskip("boto3")

from werkzeug.serving import make_server  # noqa: E402  # comes with moto

from fathom.data import storage  # noqa: E402
from fathom.data.label_store import LabelStore  # noqa: E402
from fathom.data.labelled_shards import LabelledStream  # noqa: E402
from fathom.data.labels import open_labelled  # noqa: E402
from fathom.data.storage import Storage  # noqa: E402
from fathom.recipe.labelling.check import check  # noqa: E402
from fathom.recipe.labelling.run import label  # noqa: E402


@pytest.fixture
def server():
    """Answers each request with 503 with the probability that is put into it."""
    app, choose, failing = moto.DomainDispatcherApplication(moto.create_backend_app), random.Random(0), [0.0]
    failed = []

    def answer(environ, start):
        if choose.random() < failing[0]:
            failed.append(environ["REQUEST_METHOD"])
            start("503 Slow Down", [("Content-Type", "text/plain")])
            return [b"try later"]
        return app(environ, start)

    made = make_server("127.0.0.1", 0, answer, threaded=True)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    variables = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{made.port}", "AWS_DEFAULT_REGION": "us-east-1"}
    variables |= {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        patch.setattr(storage.time, "sleep", lambda seconds: None)
        boto3.client("s3").create_bucket(Bucket="bucket")
        yield failing, failed
    made.shutdown()
    thread.join()


def test_labels_on_s3_are_those_on_a_disk(server, tmp_path):
    failing, failed = server
    pool = write_pool(tmp_path / "photos", 30)
    write_poison(pool)
    (pool / "gone.jpg").unlink()  # a broken link is nothing that could be put on S3
    client = boto3.client("s3")
    shards = write_picture_shards(write_pool(tmp_path / "others", 30), tmp_path / "shards", 10)
    for path in (p for folder in (pool, shards) for p in folder.rglob("*") if p.is_file()):
        client.upload_file(str(path), "bucket", path.relative_to(tmp_path).as_posix())
    label(str(pool), str(tmp_path / "loose"), red_teacher(), engine="threads", per_shard=10)
    label(str(shards), str(tmp_path / "packed"), red_teacher(), engine="threads")

    failing[0] = 0.05
    for name, store in (("photos", "loose"), ("shards", "packed")):
        there = f"s3://bucket/{store}"
        label(f"s3://bucket/{name}", there, red_teacher(), engine="threads", per_shard=10)
        assert {n: Storage(there).read(n) for n in Storage(there).sizes()} == contents(tmp_path / store)
        assert check(LabelStore(there), f"s3://bucket/{name}").faults == ()
    assert failed
    stream = LabelledStream("s3://bucket/shards", "s3://bucket/packed", seed=1)
    here = LabelledStream(shards, tmp_path / "packed", seed=1)
    assert [stream[p].name for p in range(30)] == [here[p].name for p in range(30)]
    assert (
        open_labelled("s3://bucket/photos", "s3://bucket/loose")[3].name
        == open_labelled(pool, tmp_path / "loose")[3].name
    )
