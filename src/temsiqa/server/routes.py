"""Routes translate and do nothing else. Plain functions run in the thread pool, off the event loop."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from temsiqa.assistant import Assistant
from temsiqa.code import code_fingerprint
from temsiqa.errors import IndexFolderError
from temsiqa.explanation import ExplainedAnswer, explained
from temsiqa.model import Answer, Document
from temsiqa.server.problems import MEDIA_TYPE
from temsiqa.server.schemas import ChatRequest, DocumentSummary, Health, Problem

_PROBLEM = {"description": "A problem", "content": {MEDIA_TYPE: {"schema": Problem.model_json_schema()}}}
router = APIRouter(responses={"default": _PROBLEM})


def ready_assistant(request: Request) -> Assistant:
    """The assistant, once the lifespan has loaded it."""
    assistant: Assistant | None = request.app.state.assistant
    if assistant is None:
        raise IndexFolderError("the index is still being loaded; try again in a few seconds")
    return assistant


Ready = Annotated[Assistant, Depends(ready_assistant)]


@router.post("/v1/chat", summary="Answer the last message of a conversation")
def chat(request: ChatRequest, assistant: Ready) -> ExplainedAnswer | Answer:
    """The whole answer: outcome, notice, statements with citations, cautions, disclaimers; with `explain` also why."""
    asked = (request.question, request.history, request.audience)
    return explained(assistant, *asked) if request.explain else assistant.answer(*asked)


@router.get("/v1/documents", summary="List the documents of the current generation")
def documents(assistant: Ready) -> list[DocumentSummary]:
    """One summary a document, in the order of their ids."""
    return [DocumentSummary.of(document) for document in assistant.generation.documents.values()]


@router.get("/v1/documents/{name:path}", summary="One document: canonical text, blocks, references, disclaimers")
def document(name: str, assistant: Ready) -> Document:
    """Offsets count Unicode code points of ``text``."""
    return assistant.generation.document(name)


@router.get("/healthz", summary="Whether the process runs")
def healthz() -> Health:
    """Always ok while the process answers."""
    return Health(status="ok")


@router.get("/readyz", summary="Whether questions can be answered")
def readyz(assistant: Ready) -> Health:
    """What answers: equal generation, policy and code give equal answers. 503 while it is being loaded."""
    return Health(
        status="ready",
        generation=assistant.generation.name,
        policy=assistant.policy.version,
        code=code_fingerprint(),
    )
