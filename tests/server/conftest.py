"""Clients of the service: over a part of the literature of this repository, and over the tiny corpus."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from support import REPOSITORY, build_index
from temsiqa.assistant import Assistant
from temsiqa.index.encode import SentenceEncoder
from temsiqa.index.generation import load_current
from temsiqa.model import Answer, Audience
from temsiqa.safety.policy import Policy, load_policy
from temsiqa.server.app import create_app
from temsiqa.settings import Settings

SETTINGS = Settings(web=REPOSITORY / "web")
Answering = Callable[[str, Sequence[str], Audience], Answer]
PART = ("monographs/*.md", "vendor/*structure-activity.md")


@pytest.fixture(scope="session")
def policy() -> Policy:
    """The policy that comes with the package."""
    return load_policy(None)


@pytest.fixture(scope="session")
def part_index(tmp_path_factory: pytest.TempPathFactory, sentence_encoder: SentenceEncoder) -> Path:
    """An index folder: a part of the literature of this repository, encoded by the real encoder."""
    folder = tmp_path_factory.mktemp("part")
    for path in (path for pattern in PART for path in (REPOSITORY / "corpus").glob(pattern)):
        (folder / "corpus" / path.parent.name).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / "corpus" / path.parent.name / path.name)
    build_index(folder / "index", folder / "corpus", sentence_encoder)
    return folder / "index"


@pytest.fixture(scope="session")
def part_assistant(part_index: Path, sentence_encoder: SentenceEncoder, policy: Policy) -> Assistant:
    """An assistant over ``part_index``."""
    return Assistant(load_current(part_index), sentence_encoder, policy)


@pytest.fixture(scope="session")
def client(part_assistant: Assistant) -> Iterator[TestClient]:
    """A client of the service over a part of the literature."""
    with TestClient(create_app(SETTINGS, part_assistant), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def tiny_client(tiny_assistant: Assistant) -> Iterator[TestClient]:
    """A client of the service over the tiny corpus."""
    with TestClient(create_app(SETTINGS, tiny_assistant), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def client_answering(tiny_assistant: Assistant) -> Iterator[Callable[[Answering], TestClient]]:
    """Makes a client of a service whose assistant answers by the function given."""
    opened: list[TestClient] = []

    def make(answer: Answering) -> TestClient:
        assistant = copy.copy(tiny_assistant)
        assistant.answer = answer  # type: ignore[method-assign, assignment]
        client = TestClient(create_app(SETTINGS, assistant), raise_server_exceptions=False)
        client.__enter__()
        opened.append(client)
        return client

    yield make
    for client in opened:
        client.__exit__(None, None, None)
