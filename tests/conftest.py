import os

import pytest

# Tests run tiny networks: on a busy machine, threads that wait for each other are what takes time.
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(scope="session", autouse=True)
def on_its_own(tmp_path_factory):
    """No test reads or fills the user's cache, heeds the user's settings, or fetches anything."""
    mine = {"FATHOM_CACHE": "cache", "XDG_CONFIG_HOME": "config"}
    with pytest.MonkeyPatch.context() as patch:
        for variable, folder in mine.items():
            patch.setenv(variable, str(tmp_path_factory.mktemp(folder)))
        patch.setenv("FATHOM_OFFLINE", "1")
        patch.delenv("FATHOM_COMMERCIAL_ONLY", raising=False)
        yield
