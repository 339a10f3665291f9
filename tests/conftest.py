"""Fixtures for all tests. Those of session scope are shared: read them, copy them, never change them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from support import REPOSITORY, HashEncoder, build_index, write_corpus
from temsiqa.answering.cross_encoder import CrossEncoder
from temsiqa.assistant import Assistant
from temsiqa.index.encode import SentenceEncoder
from temsiqa.index.generation import load_current
from temsiqa.safety.policy import load_policy

# A test gives the same verdict twice; what was never tried is looked for with --hypothesis-profile=default.
settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for the real encoder is marked ``model``."""
    for item in items:
        if "sentence_encoder" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.model)


@pytest.fixture(scope="session")
def tiny_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the tiny corpus: a guideline with a list, a vendor note with a table, a review."""
    return write_corpus(tmp_path_factory.mktemp("tiny-corpus"))


@pytest.fixture(scope="session")
def hash_encoder() -> HashEncoder:
    """An encoder that needs no model."""
    return HashEncoder()


@pytest.fixture(scope="session")
def tiny_index(tmp_path_factory: pytest.TempPathFactory, tiny_corpus: Path, hash_encoder: HashEncoder) -> Path:
    """An index folder: the tiny corpus, encoded by ``hash_encoder``."""
    index = tmp_path_factory.mktemp("tiny-index")
    build_index(index, tiny_corpus, hash_encoder)
    return index


@pytest.fixture(scope="session")
def tiny_assistant(tiny_index: Path, hash_encoder: HashEncoder) -> Assistant:
    """An assistant over ``tiny_index``."""
    return Assistant(load_current(tiny_index), hash_encoder, load_policy(None))


@pytest.fixture(scope="session")
def sentence_encoder() -> SentenceEncoder:
    """The real encoder."""
    return SentenceEncoder()


@pytest.fixture(scope="session")
def corpus_index(tmp_path_factory: pytest.TempPathFactory, sentence_encoder: SentenceEncoder) -> Path:
    """An index folder: the literature of this repository, encoded by the real encoder."""
    index = tmp_path_factory.mktemp("corpus-index")
    build_index(index, REPOSITORY / "corpus", sentence_encoder)
    return index


@pytest.fixture(scope="session")
def assistant(corpus_index: Path, sentence_encoder: SentenceEncoder) -> Assistant:
    """An assistant over ``corpus_index``, as the command line opens it."""
    return Assistant(load_current(corpus_index), sentence_encoder, load_policy(None), cross_encoder=CrossEncoder())
