"""Files to read: small ones written by the tests, real ones that are kept beside the repository."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from support import REPOSITORY

Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file at a path below a folder of the test's own."""

    def written(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real question sets; where there is none, its tests are skipped."""
    folder = Path(os.environ.get("TEMSIQA_QUESTION_SETS", REPOSITORY.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip(f"no question sets in {folder}")
    return folder
