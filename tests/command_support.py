"""What tests of commands share: a fixture that runs them in this process, and what a refusal looks like."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from support import HashEncoder
from temsiqa.cli import main
from temsiqa.safety.policy import load_policy

read_policy = cache(load_policy)


class Ran(NamedTuple):
    """What a command left."""

    code: int | str | None
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture(name="run")
def runner(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    hash_encoder: HashEncoder,
) -> Run:
    """Runs a command in an empty working directory; assistants encode without a model."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("temsiqa.assistant.SentenceEncoder", lambda model: hash_encoder)
    monkeypatch.setattr("temsiqa.assistant.load_policy", read_policy)
    monkeypatch.setattr("temsiqa.assistant.CrossEncoder", lambda: None)

    def run_command(*arguments: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["temsiqa", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        return Ran(ended.value.code or 0, *capsys.readouterr())

    return run_command


def assert_refused(ran: Ran, *words: str, code: int = 1) -> None:
    """``ran`` failed with one line on standard error that holds ``words``."""
    assert ran.code == code
    assert ran.out == ""
    assert ran.err.startswith("temsiqa: ")
    assert ran.err.endswith("\n")
    assert ran.err.count("\n") == 1
    assert all(word in ran.err for word in words)
    assert ran.err[:-1].isprintable()
