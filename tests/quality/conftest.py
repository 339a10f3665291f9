"""Question sets that are kept beside the repository, and the programs that score them.

``TEMSIQA_QUESTION_SETS`` names their folder; without it ``shared`` beside the repository is looked at. Where there
are none, these tests are skipped.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from support import REPOSITORY

Questions = list[dict[str, Any]]


@pytest.fixture(scope="session")
def sets() -> Path:
    """The folder that holds ``data``, ``seeds`` and ``tools``."""
    folder = Path(os.environ.get("TEMSIQA_QUESTION_SETS", REPOSITORY.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip(f"no question sets in {folder}")
    return folder


@pytest.fixture(scope="session")
def questions(sets: Path) -> Callable[[str], Questions]:
    """Reads the development questions of one set."""

    def read(name: str) -> Questions:
        lines = (sets / "data" / name / "dev.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.strip()]

    return read


@pytest.fixture(scope="session")
def scorer(sets: Path) -> Callable[[str], ModuleType]:
    """Loads one of the scoring programs."""

    def load(name: str) -> ModuleType:
        sys.path.insert(0, str(sets / "tools"))
        try:
            spec = importlib.util.spec_from_file_location(name, sets / "tools" / f"{name}.py")
            assert spec is not None
            assert spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
        finally:
            sys.path.pop(0)
        return module

    return load
