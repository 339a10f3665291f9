"""Settings: arguments over environment over ``temsiqa.toml`` over defaults."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from temsiqa.errors import SettingsError
from temsiqa.settings import SETTINGS_FILE, read_settings


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_defaults() -> None:
    settings = read_settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert (settings.corpus, settings.index, settings.web) == (Path("corpus"), Path("indexes"), Path("web"))
    assert settings.glossary.is_file()
    assert settings.policy is None


@pytest.mark.parametrize(
    ("given", "variable", "line", "port"),
    [
        (None, None, None, 8000),
        (None, None, "port = 3", 3),
        (None, "2", None, 2),
        (None, "2", "port = 3", 2),
        (1, None, None, 1),
        (1, None, "port = 3", 1),
        (1, "2", None, 1),
        (1, "2", "port = 3", 1),
        (0, "2", "port = 3", 0),
    ],
)
def test_what_wins(
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    given: int | None,
    variable: str | None,
    line: str | None,
    port: int,
) -> None:
    if variable is not None:
        monkeypatch.setenv("TEMSIQA_PORT", variable)
    if line is not None:
        (here / SETTINGS_FILE).write_text(line, encoding="utf-8")
    assert read_settings(port=given).port == port


def test_each_setting_is_looked_up_by_itself(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / SETTINGS_FILE).write_text('index = "from-file"\ncorpus = "from-file"\nhost = "::1"', encoding="utf-8")
    monkeypatch.setenv("TEMSIQA_CORPUS", "from-environment")
    settings = read_settings(index=Path("given"), corpus=None)
    assert (settings.index, settings.corpus, settings.host) == (Path("given"), Path("from-environment"), "::1")


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        read_settings().port = 1


@pytest.mark.parametrize("port", ["abc", "", "-1", "65536", "80.5", "1e3", "9" * 5000, "0x50"], ids=lambda p: p[:8])
def test_a_bad_port_names_its_variable(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("TEMSIQA_PORT", port)
    assert one_line_of_error().startswith("setting 'port': ")
    assert "TEMSIQA_PORT" in one_line_of_error()


def test_an_empty_host_does_not_open_the_service_to_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMSIQA_HOST", "")
    assert "setting 'host'" in one_line_of_error()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'colour = "blue"', "setting 'colour'"),
        (b"[server]\nport = 1", "setting 'server'"),
        (b"port = 'abc'", "setting 'port'"),
        (b"port = [1]", "setting 'port'"),
        (b"index = 5", "setting 'index'"),
        (b"port = ", "no valid TOML"),
        (b"{}", "no valid TOML"),
        (b"port = 1\nport = 2", "no valid TOML"),
        (b'host = "\xff\xfe"', "no valid TOML"),
        (b"\x00\x01\x02", "no valid TOML"),
    ],
    ids=lambda value: ascii(value)[:24],
)
def test_a_bad_file_is_told_in_one_line(here: Path, content: bytes, words: str) -> None:
    (here / SETTINGS_FILE).write_bytes(content)
    assert words in one_line_of_error()
    assert SETTINGS_FILE in one_line_of_error()


def test_a_file_that_cannot_be_read_is_told_in_one_line(here: Path) -> None:
    unreadable = Path("/proc/self/mem")
    if not unreadable.exists():
        pytest.skip("no file here that even root cannot read")
    (here / SETTINGS_FILE).symlink_to(unreadable)
    assert "cannot be read" in one_line_of_error()


def one_line_of_error() -> str:
    """What reading the settings says is wrong."""
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert "\n" not in str(caught.value)
    return str(caught.value)
