import pytest

from fathom.settings import Settings, read_settings

VARIABLES = ("FATHOM_OFFLINE", "FATHOM_COMMERCIAL_ONLY", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")


@pytest.fixture
def config(tmp_path, monkeypatch):
    """The place of the user's file, which is not there yet, and an environment that says nothing."""
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "fathom").mkdir()
    return tmp_path / "fathom" / "config.toml"


def test_nothing_said(config):
    assert read_settings() == Settings(offline=False, commercial_only=False)


def test_the_file_is_in_the_users_home(config, monkeypatch, tmp_path):
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".config" / "fathom").mkdir(parents=True)
    (tmp_path / ".config" / "fathom" / "config.toml").write_text("offline = true\n")
    assert read_settings() == Settings(offline=True)


def test_the_environment_goes_before_the_file(config, monkeypatch):
    config.write_text("offline = true\ncommercial_only = true\n")
    assert read_settings() == Settings(offline=True, commercial_only=True)
    monkeypatch.setenv("FATHOM_OFFLINE", "0")
    monkeypatch.setenv("FATHOM_COMMERCIAL_ONLY", "No")
    assert read_settings() == Settings()
    config.unlink()
    monkeypatch.setenv("FATHOM_COMMERCIAL_ONLY", "1")
    assert read_settings() == Settings(commercial_only=True)


@pytest.mark.parametrize("variable", ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"])
def test_what_sets_the_hub_offline_sets_fathom_offline(config, monkeypatch, variable):
    monkeypatch.setenv(variable, "0")
    assert not read_settings().offline
    monkeypatch.setenv(variable, "TRUE")
    monkeypatch.setenv("FATHOM_OFFLINE", "0")
    assert read_settings().offline


@pytest.mark.parametrize(
    "text, words",
    [
        (b"offline = ", "is no TOML"),
        (b"\xff", "is no text in UTF-8"),
        (b"ofline = true", "no setting is called 'ofline'; did you mean offline"),
        (b'offline = "no"', "offline is 'no'; it can be true or false"),
    ],
)
def test_a_file_that_cannot_be_understood(config, text, words):
    config.write_bytes(text)
    with pytest.raises(ValueError, match=words) as error:
        read_settings()
    assert str(error.value).startswith(str(config)) and "\n" not in str(error.value)


def test_a_variable_that_cannot_be_understood(config, monkeypatch):
    monkeypatch.setenv("FATHOM_OFFLINE", "perhaps")
    with pytest.raises(ValueError, match="FATHOM_OFFLINE is 'perhaps'"):
        read_settings()
