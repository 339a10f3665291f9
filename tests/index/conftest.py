"""Fixtures for tests that change a corpus or an index: of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from index_support import quick_build
from support import write_corpus


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A tiny corpus of this test's own."""
    return write_corpus(tmp_path / "corpus")


@pytest.fixture
def index(tmp_path: Path, corpus: Path) -> Path:
    """An index of ``corpus``."""
    quick_build(tmp_path / "index", corpus)
    return tmp_path / "index"
