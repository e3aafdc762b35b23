import os

import pytest

# Tests run tiny networks: on a busy machine, threads that wait for each other are what takes time.
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(scope="session", autouse=True)
def cache_of_its_own(tmp_path_factory):
    """No test reads or fills the user's cache."""
    before = os.environ.get("FATHOM_CACHE")
    os.environ["FATHOM_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    yield
    if before is None:
        del os.environ["FATHOM_CACHE"]
    else:
        os.environ["FATHOM_CACHE"] = before
