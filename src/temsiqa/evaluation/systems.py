"""Who is asked: the product here, a server elsewhere, or a file of answers that were recorded before."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Protocol, Self, TypeVar
from urllib.parse import quote

import httpx2
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from temsiqa.assistant import Assistant
from temsiqa.code import code_fingerprint
from temsiqa.errors import EvaluationError, ServiceError
from temsiqa.evaluation.grounding import GenerationLibrary, Library, SourceText
from temsiqa.evaluation.testset import Item
from temsiqa.explanation import ExplainedAnswer, explained
from temsiqa.model import Document
from temsiqa.question import check_question
from temsiqa.record import RecordedAnswer
from temsiqa.server.schemas import Health

_LONGEST_WAIT = 120.0  # seconds
_explained = TypeAdapter(ExplainedAnswer)
_document = TypeAdapter(Document)
_Parsed = TypeVar("_Parsed")


class FoundDocument(BaseModel):
    """A document that retrieval found, with the score of its best passage."""

    model_config = ConfigDict(frozen=True)

    document: str
    score: float


class Reply(RecordedAnswer):
    """A recorded answer with what led to it, where that is known.

    ``found`` are the documents that were looked at, best first. ``probability`` is how likely the best candidates
    answer, in a message of several questions the highest; None where triage or provenance answered without asking.
    """

    found: tuple[FoundDocument, ...] = ()
    probability: float | None = None

    @classmethod
    def of_explained(cls, item: Item, answer: ExplainedAnswer) -> Self:
        """What an item was answered."""
        best: dict[str, float] = {}
        for step in answer.explanation.steps:
            for passage in step.passages:
                best[passage.document] = max(passage.score, best.get(passage.document, float("-inf")))
        found = [FoundDocument(document=name, score=score) for name, score in best.items()]
        return cls(
            **dict(RecordedAnswer.of(item.id, item.history, answer)),
            found=tuple(sorted(found, key=lambda one: (-one.score, one.document))),
            probability=max((step.decision.probability for step in answer.explanation.steps), default=None),
        )


class System(Library, Protocol):
    """Who answers the items of a test set. ``about`` says what it is: equal ``about`` means equal answers."""

    @property
    def about(self) -> Mapping[str, object]:
        """What is asked, for the manifest of a run; it begins with ``kind`` and ``generation``."""

    def ask(self, item: Item) -> Reply:
        """The answer to one item. It may be called from several threads at once."""


class LocalSystem(GenerationLibrary):
    """The product here, over one generation."""

    def __init__(self, assistant: Assistant, settings: Mapping[str, object]) -> None:
        """``settings`` are those that an answer depends on."""
        super().__init__(assistant.generation, assistant.policy)
        self._assistant = assistant
        self.about: Mapping[str, object] = {
            "kind": "local",
            "generation": assistant.generation.name,
            "policy": assistant.policy.version,
            "code": code_fingerprint(),
            **settings,
        }

    def ask(self, item: Item) -> Reply:
        """The answer to one item."""
        return Reply.of_explained(item, explained(self._assistant, item.question, item.history, item.audience))


class RemoteSystem:
    """A server at ``url``, asked as any client asks it; a context manager, which ends the connection.

    Raises ``ServiceError`` when it cannot be reached, is not ready, changes its generation on the way, or sends what
    is no answer: one without its disclaimers is none.
    """

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._client = httpx2.Client(timeout=_LONGEST_WAIT)
        self._sources: dict[str, SourceText | None] = {}
        self._lock = Lock()
        try:
            health = self._parsed("/readyz", self._get("/readyz"), Health.model_validate_json)
        except ServiceError:
            self._client.close()
            raise
        self.about: Mapping[str, object] = {
            "kind": "remote",
            "generation": health.generation,
            "policy": health.policy,
            "code": health.code,
            "url": _public(self._url),
        }
        self.disclaimers: Sequence[str] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def ask(self, item: Item) -> Reply:
        """The answer to one item."""
        messages = [{"role": "user", "content": said} for said in (*item.history, item.question)]
        request = {"messages": messages, "audience": item.audience, "explain": True}
        response = self._send("POST", "/v1/chat", request)
        answer = self._parsed(f"/v1/chat: item {item.id}", response, _explained.validate_json)
        if answer.generation != self.about["generation"]:
            raise ServiceError(f"{self._url}: another generation became current on the way; start the run again")
        return Reply.of_explained(item, answer)

    def source(self, document: str) -> SourceText | None:
        """The document of that id; None when there is none."""
        with self._lock:
            if document not in self._sources:
                path = f"/v1/documents/{quote(document)}"
                response = self._get(path)
                missing = response.status_code == httpx2.codes.NOT_FOUND
                found = None if missing else self._parsed(path, response, _document.validate_json)
                self._sources[document] = SourceText.of(found) if found else None
            return self._sources[document]

    def _get(self, path: str) -> httpx2.Response:
        return self._send("GET", path)

    def _send(self, method: str, path: str, body: object = None) -> httpx2.Response:
        try:
            return self._client.request(method, self._url + path, json=body)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            reason = f"{type(error).__name__}: {error}".rstrip(": ")
            raise ServiceError(f"{self._url}: cannot be reached ({reason}); is the server running?") from error

    def _parsed(self, what: str, response: httpx2.Response, parse: Callable[[bytes], _Parsed]) -> _Parsed:
        """What the body of ``response`` holds. Raises ``ServiceError``."""
        if response.status_code != httpx2.codes.OK:
            raise ServiceError(f"{self._url}{what}: status {response.status_code}; is it a temsiqa server, and ready?")
        try:
            return parse(response.content)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(map(str, first["loc"]))
            raise ServiceError(
                f"{self._url}{what}: refused, {place}: {first['msg']}; is it the same version?"
            ) from error


class RecordedSystem:
    """Answers that were written down before, by any system, looked up by the ids of the items.

    Raises ``EvaluationError`` when two have one id, for an item without an answer, and for one that was recorded for
    another question.
    """

    def __init__(self, replies: Sequence[Reply], library: Library) -> None:
        """``library`` holds the documents that they cite."""
        self._replies = {reply.id: reply for reply in replies}
        if len(self._replies) != len(replies):
            twice, _ = Counter(reply.id for reply in replies).most_common(1)[0]
            raise EvaluationError(f"item {twice}: several answers are recorded for it; keep one of each id")
        digest = hashlib.sha256("".join(reply.model_dump_json() for reply in replies).encode())
        generations = sorted({reply.generation for reply in replies})
        self.about: Mapping[str, object] = {
            "kind": "recorded",
            "generation": ", ".join(generations),
            "answers": digest.hexdigest(),
        }
        self.disclaimers = library.disclaimers
        self.source = library.source

    def ask(self, item: Item) -> Reply:
        """The answer that was recorded for one item."""
        reply = self._replies.get(item.id)
        if reply is None:
            raise EvaluationError(f"item {item.id}: no answer is recorded for it; answer every item of the set")
        if reply.question not in (item.question, check_question(item.question)):
            raise EvaluationError(
                f"item {item.id}: its answer was recorded for another question, {reply.question[:60]!r}; "
                "give answers to this set"
            )
        return reply


def _public(url: str) -> str:
    """``url`` without a name and password in it: manifests are shown to others."""
    return re.sub(r"//[^/]*@", "//", url, count=1)
