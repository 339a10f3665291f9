"""Question sets that are kept beside the repository, and the programs that score them.

``TEMSIQA_QUESTION_SETS`` names their folder; without it ``shared`` beside the repository is looked at. Where there
are none, these tests are skipped.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from benchmarks.quality.sets import Questions, load_scorer, read_lines
from support import REPOSITORY


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
        return read_lines(sets / "data" / name / "dev.jsonl")

    return read


@pytest.fixture(scope="session")
def scorer(sets: Path) -> Callable[[str], ModuleType]:
    """Loads one of the scoring programs."""

    return lambda name: load_scorer(sets, name)
