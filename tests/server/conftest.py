"""Clients of the service: over the literature of this repository, and over the tiny corpus."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence

import pytest
from fastapi.testclient import TestClient

from support import REPOSITORY
from temsiqa.assistant import Assistant
from temsiqa.model import Answer, Audience
from temsiqa.server.app import create_app
from temsiqa.settings import Settings

SETTINGS = Settings(web=REPOSITORY / "web")
Answering = Callable[[str, Sequence[str], Audience], Answer]


@pytest.fixture(scope="session")
def client(assistant: Assistant) -> Iterator[TestClient]:
    """A client of the service over the literature."""
    with TestClient(create_app(SETTINGS, assistant), raise_server_exceptions=False) as client:
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
        assistant.answer = answer  # type: ignore[method-assign]
        client = TestClient(create_app(SETTINGS, assistant), raise_server_exceptions=False)
        client.__enter__()
        opened.append(client)
        return client

    yield make
    for client in opened:
        client.__exit__(None, None, None)
