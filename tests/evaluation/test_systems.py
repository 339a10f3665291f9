"""The product here and the same product behind a server give the same replies; a server that misbehaves is named."""

from __future__ import annotations

import json
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from evaluation_support import item, reply
from serving import served
from support import INFUSION_QUESTION, REPOSITORY
from temsiqa.assistant import Assistant
from temsiqa.errors import EvaluationError, ServiceError
from temsiqa.evaluation.grounding import GenerationLibrary
from temsiqa.evaluation.runs import ANSWERS, SCORES, run
from temsiqa.evaluation.systems import LocalSystem, RecordedSystem, RemoteSystem
from temsiqa.evaluation.testset import TestSet
from temsiqa.server.app import create_app
from temsiqa.settings import Settings

ITEMS = (
    item(id="dose", question=INFUSION_QUESTION, audience="staff", facts=("30 to 60 minutes",)),
    item(id="after", question="And of sirolimus?", history=("What is the half-life of temsirolimus?",)),
    item(id="bread", question="How do I bake bread?", expected="abstain"),
    item(id="air", question="I cannot breathe", expected="urgent"),
)
SET = TestSet("tiny", ITEMS)


def nothing(_: int) -> None:
    """No progress is shown."""


@pytest.fixture
def app(tiny_assistant: Assistant) -> FastAPI:
    app = create_app(Settings(web=REPOSITORY / "web"), tiny_assistant)
    app.state.assistant = tiny_assistant
    return app


def test_a_server_is_measured_as_the_product_here(app: FastAPI, tiny_assistant: Assistant, tmp_path: Path) -> None:
    run(SET, LocalSystem(tiny_assistant, {}), tmp_path / "here", 1, nothing)
    with served(app) as url, RemoteSystem(url) as remote:
        found = run(SET, remote, tmp_path / "there", 2, nothing)
    for name in (ANSWERS, SCORES):
        assert (tmp_path / "there" / name).read_bytes() == (tmp_path / "here" / name).read_bytes()
    here = LocalSystem(tiny_assistant, {}).about
    assert found.manifest.system == {**here, "kind": "remote", "url": url}


def test_replies_tell_what_was_looked_at_and_how_sure_it_was(tiny_assistant: Assistant) -> None:
    system = LocalSystem(tiny_assistant, {})
    given = system.ask(ITEMS[0])
    assert given.probability is not None
    assert 0 < given.probability <= 1
    assert given.found[0].document == "guides/giving.md"
    assert [one.score for one in given.found] == sorted((one.score for one in given.found), reverse=True)
    assert len({one.document for one in given.found}) == len(given.found)


def test_recorded_answers_are_scored_without_asking(tiny_assistant: Assistant, tmp_path: Path) -> None:
    live = run(SET, LocalSystem(tiny_assistant, {}), tmp_path / "live", 1, nothing)
    library = GenerationLibrary(tiny_assistant.generation, tiny_assistant.policy)
    system = RecordedSystem(live.replies, library)
    again = run(SET, system, tmp_path / "again", 1, nothing)
    assert again.scores == live.scores
    with pytest.raises(EvaluationError, match="item dose: no answer is recorded"):
        run(SET, RecordedSystem([reply(name="x")], library), tmp_path / "none", 1, nothing)


def test_answers_to_other_questions_and_other_answers_are_told_apart(tiny_assistant: Assistant) -> None:
    library = GenerationLibrary(tiny_assistant.generation, tiny_assistant.policy)
    one, other = RecordedSystem([reply()], library), RecordedSystem([reply("Once a week.")], library)
    assert one.about != other.about
    assert one.ask(item(question="How\x07 long?")) == reply()
    with pytest.raises(EvaluationError, match="item q: its answer was recorded for another question, 'How long"):
        one.ask(item(question="How often?"))
    with pytest.raises(EvaluationError, match="item q: several answers"):
        RecordedSystem([reply(), reply()], library)


def test_nobody_there_is_named() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(ServiceError, match="cannot be reached"):
            RemoteSystem(url)
    with pytest.raises(ServiceError, match="cannot be reached"):
        RemoteSystem("no address at all")


def _without_disclaimers(answer: dict[str, object]) -> dict[str, object]:
    return {**answer, "disclaimers": []}


def _of_another_generation(answer: dict[str, object]) -> dict[str, object]:
    return {**answer, "generation": "f" * 32}


def _of_another_shape(answer: dict[str, object]) -> dict[str, object]:
    return {"reply": "hello"}


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_without_disclaimers, "item dose: refused, .*disclaimers"),
        (_of_another_generation, "another generation became current"),
        (_of_another_shape, "item dose: refused"),
    ],
)
def test_what_is_no_answer_is_refused(
    tiny_assistant: Assistant, app: FastAPI, spoil: Callable[[dict[str, object]], dict[str, object]], words: str
) -> None:
    @app.middleware("http")
    async def spoiled(request: Request, call_next: Callable[[Request], Awaitable[StreamingResponse]]) -> Response:
        response = await call_next(request)
        if request.url.path != "/v1/chat":
            return response
        body = b"".join([bytes(chunk) async for chunk in response.body_iterator])  # type: ignore[arg-type]
        return JSONResponse(spoil(json.loads(body)))

    with served(app) as url, RemoteSystem(url) as remote, pytest.raises(ServiceError, match=words):
        remote.ask(ITEMS[0])


def test_a_server_of_another_kind_is_refused() -> None:
    with served(FastAPI()) as url, pytest.raises(ServiceError, match="status 404; is it a temsiqa server"):
        RemoteSystem(url)


def test_an_unknown_document_is_none(app: FastAPI) -> None:
    with served(app) as url, RemoteSystem(url) as remote:
        assert remote.source("no/such.md") is None
        found = remote.source("guides/giving.md")
        assert found is not None
        assert "once a week" in found.text
