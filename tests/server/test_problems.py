"""Bad requests: a problem of one clear line, never a trace, never what was typed."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Sequence

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from temsiqa.assistant import Assistant
from temsiqa.model import Answer, Audience
from temsiqa.server.problems import LARGEST_BODY

CANARY = "Zyxwonder-canary-4711"
JSON = {"Content-Type": "application/json"}
SECURITY_HEADERS = {"content-security-policy", "x-content-type-options", "referrer-policy", "cache-control"}


def body(content: object = "half-life", role: object = "user", **more: object) -> str:
    """A chat request with one message."""
    return json.dumps({"messages": [{"role": role, "content": content}], **more})


def post(client: TestClient, content: str | bytes | Iterator[bytes], headers: dict[str, str] = JSON) -> Response:
    """Posts to the chat."""
    return client.post("/v1/chat", content=content, headers=headers)


def assert_problem(response: Response, status: int, *words: str) -> None:
    """``response`` is a problem of that status whose one line holds ``words`` and nothing that was typed."""
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert set(response.headers) >= SECURITY_HEADERS
    told = response.json()
    assert set(told) == {"type", "title", "status", "detail"}
    assert (told["type"], told["status"]) == ("about:blank", status)
    assert 10 < len(told["detail"]) < 200
    assert told["detail"].isprintable()
    assert all(word in told["detail"] for word in words)
    assert CANARY not in response.text
    assert "Traceback" not in response.text


@pytest.mark.parametrize(
    "typed",
    ["", " \n\t\r ", "\x00", "\x01\x02\x1b\x7f", "\u202e\u202d", "\u200b\ufeff", "\ud800", "😀🤒", "?!", "\u0301"],
    ids=ascii,
)
def test_a_question_without_words_is_refused(tiny_client: TestClient, typed: str) -> None:
    assert_problem(post(tiny_client, body(typed)), 422, "empty", "type a question")


def test_a_question_that_is_too_long_is_refused(tiny_client: TestClient) -> None:
    assert_problem(post(tiny_client, body(CANARY * 5000)[:100_000] + '"}]}'), 422, "8000", "fewer words")


@pytest.mark.model
@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("half-life\x00\x1b[31m?", "half-life[31m?"),
        ("half-life \ud800 of it", "half-life \ufffd of it"),
        ("half-life\ud83d\ude00?", "half-life😀?"),
        ("\u202ehalf-life\u202c", "half-life"),
        ("ما هو عمر النصف للتمسيروليموس؟", "ما هو عمر النصف للتمسيروليموس؟"),
        ("替西罗莫司的半衰期是多少？", "替西罗莫司的半衰期是多少？"),
        ("half-life 🧬👩🏽‍🔬", "half-life 🧬👩🏽‍🔬"),
        ("x" * 8000, "x" * 8000),
        ("a " * 3999 + "a", "a " * 3999 + "a"),
        ("ﷺ" * 8000, "ﷺ" * 8000),
        ("e\u0301" * 4000, "é" * 4000),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("'; DROP TABLE passages; --", "'; DROP TABLE passages; --"),
        ("{{7*7}} ${7*7} %s %n", "{{7*7}} ${7*7} %s %n"),
    ],
    ids=lambda text: ascii(text[:9]),
)
def test_an_odd_question_gets_a_sound_answer(client: TestClient, typed: str, shown: str) -> None:
    response = post(client, body(typed))
    assert response.status_code == 200
    assert response.json()["question"] == shown
    assert response.json()["disclaimers"]


@pytest.mark.parametrize(
    ("sent", "status", "word"),
    [
        ("", 422, "required"),
        ('{"messages":', 400, "JSON"),
        (CANARY, 400, "JSON"),
        (f'{{"messages": "{CANARY}', 400, "JSON"),
        ("[" * 100_000, 400, "JSON"),
        ("[" * 100_000 + "]" * 100_000, 400, "JSON"),
        ('{"a":' * 20_000 + "1" + "}" * 20_000, 400, "JSON"),
        ("9" * 5000, 400, "JSON"),
        (b'{"messages": [{"role": "user", "content": "\xff\xfe"}]}', 400, "JSON"),
        ("[]", 422, "body"),
        (f'"{CANARY}"', 422, "body"),
        ("null", 422, "body"),
        ("true", 422, "body"),
        ("1e999", 422, "body"),
        ("NaN", 422, "body"),
        ("{}", 422, "messages"),
        ('{"messages": NaN}', 422, "messages"),
        ('{"messages": null}', 422, "messages"),
        ('{"messages": []}', 422, "messages"),
        (f'{{"messages": "{CANARY}"}}', 422, "messages"),
        (f'{{"messages": {{"content": "{CANARY}"}}}}', 422, "messages"),
        (f'{{"messages": ["{CANARY}"]}}', 422, "messages"),
        (f'{{"messages": [{{"content": "{CANARY}"}}]}}', 422, "role"),
        ('{"messages": [{"role": "user"}]}', 422, "content"),
        (body(5), 422, "content"),
        (body(None), 422, "content"),
        (body([CANARY]), 422, "content"),
        (body({"text": CANARY}), 422, "content"),
        ('{"messages": [{"role": "user", "content": 1e999}]}', 422, "content"),
        ('{"messages": [{"role": "user", "content": Infinity}]}', 422, "content"),
        (body(CANARY, role="system"), 422, "role"),
        (body("a", role=CANARY), 422, "role"),
        (body(CANARY, role="assistant"), 422, "last message"),
        (body(CANARY, audience=CANARY), 422, "audience"),
        (body(CANARY, audience="Patient"), 422, "audience"),
        (body(CANARY, audience=None), 422, "audience"),
        (body(CANARY, audience=["staff"]), 422, "audience"),
        (body("a", audience="\ud800"), 422, "body"),
        (body(CANARY, temperature=1), 422, "Extra"),
        (json.dumps({"messages": [{"role": "user", "content": "a"}], CANARY: 1}), 422, "Extra"),
        (json.dumps({"messages": [{"role": "user", "content": "a", CANARY: 1}]}), 422, "messages.0"),
        (json.dumps({"messages": [{"role": "user", "content": "a"}], "\ud800": 1}), 422, "body"),
        (json.dumps({"messages": [{"role": "user", "content": CANARY}] * 101}), 422, "100"),
    ],
    ids=lambda value: ascii(value[:40]) if isinstance(value, str | bytes) else str(value),
)
def test_a_malformed_request_is_a_problem(tiny_client: TestClient, sent: str | bytes, status: int, word: str) -> None:
    assert_problem(post(tiny_client, sent), status, word)


@pytest.mark.parametrize(
    "media_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/html"],
)
def test_another_content_type_is_a_problem(tiny_client: TestClient, media_type: str) -> None:
    assert_problem(post(tiny_client, body(CANARY), {"Content-Type": media_type}), 415, "application/json")


def in_pieces(total: int) -> Iterator[bytes]:
    """``total`` bytes that are sent chunked, without a Content-Length."""
    for start in range(0, total, 1000):
        yield CANARY.encode().ljust(1000, b"x")[: total - start]


@pytest.mark.parametrize("size", [LARGEST_BODY + 1, 4 * LARGEST_BODY])
@pytest.mark.parametrize("path", ["/v1/chat", "/healthz", "/", "/nothing"])
def test_a_body_over_the_limit_is_a_problem(tiny_client: TestClient, size: int, path: str) -> None:
    for content in (CANARY.encode().ljust(size), in_pieces(size)):
        assert_problem(tiny_client.post(path, content=content, headers=JSON), 413, str(LARGEST_BODY), "send less")


def test_a_body_at_the_limit_is_read(tiny_client: TestClient) -> None:
    sent = body("How is temsirolimus given?").encode().ljust(LARGEST_BODY)
    assert post(tiny_client, sent).status_code == 200
    assert post(tiny_client, iter([sent[:10], b"", sent[10:]])).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/chat", "POST"),
        ("PUT", "/v1/chat", "POST"),
        ("OPTIONS", "/v1/chat", "POST"),
        ("DELETE", "/v1/documents", "GET"),
        ("POST", "/v1/documents/guides/giving.md", "GET"),
        ("POST", "/healthz", "GET"),
        ("TRACE", "/readyz", "GET"),
        ("BREW", "/openapi.json", "GET"),
        ("POST", "/", "GET"),
    ],
)
def test_another_method_is_a_problem(tiny_client: TestClient, method: str, path: str, allowed: str) -> None:
    response = tiny_client.request(method, path)
    assert_problem(response, 405, "Allow")
    assert allowed in response.headers["allow"].split(", ")


def test_an_unknown_document_is_a_problem(tiny_client: TestClient) -> None:
    assert_problem(tiny_client.get("/v1/documents/guides/unknown.md"), 404, "guides/unknown.md", "/v1/documents")


def test_an_unknown_address_is_a_problem(tiny_client: TestClient) -> None:
    assert_problem(tiny_client.get(f"/{CANARY}"), 404, "/openapi.json")


class BugError(Exception):
    """An error that nobody foresaw, and that quotes the question."""


def stumble(question: str, history: Sequence[str], audience: Audience) -> Answer:
    """Fails like a bug deep inside the assistant."""
    raise BugError(f"{question} {list(history)} {audience}")


@pytest.mark.parametrize("error", [BugError, ValueError, RecursionError, MemoryError, UnicodeDecodeError])
def test_a_bug_is_a_problem(client_answering: Callable[..., TestClient], error: type[Exception]) -> None:
    def answer(question: str, history: Sequence[str], audience: Audience) -> Answer:
        raise error("utf-8", b"", 0, 1, question) if error is UnicodeDecodeError else error(question)

    client = client_answering(answer)
    assert_problem(post(client, body(CANARY)), 500, "error of this service")
    assert client.get("/healthz").status_code == 200


def test_an_answer_that_cannot_be_sent_is_a_problem(client_answering: Callable[..., TestClient]) -> None:
    client = client_answering(lambda question, history, audience: question)
    assert_problem(post(client, body(CANARY)), 500)


def test_a_bug_is_logged_by_kind_and_place_alone(
    client_answering: Callable[..., TestClient], caplog: pytest.LogCaptureFixture
) -> None:
    post(client_answering(stumble), body(CANARY))
    (record,) = [record for record in caplog.records if record.name == "temsiqa.server"]
    assert record.levelno == logging.ERROR
    assert record.exc_info is None
    assert record.getMessage().startswith("BugError at ")
    assert "test_problems.py" in record.getMessage()
    assert "stumble" in record.getMessage()


def conversation(*messages: tuple[str, str]) -> str:
    """A chat request."""
    return json.dumps({"messages": [{"role": role, "content": content} for role, content in messages]})


TYPED = {
    "question": conversation(("user", CANARY)),
    "history": conversation(("user", CANARY), ("assistant", CANARY), ("user", "And then?")),
    "broken JSON": conversation(("user", CANARY))[:-5],
    "unknown field": body(CANARY, **{CANARY: CANARY}),
    "wrong type": json.dumps({"messages": CANARY}),
    "wrong role": conversation((CANARY, CANARY)),
    "too long": conversation(("user", CANARY * 1000)),
    "too large": conversation(("user", CANARY * 20_000)),
    "last from the assistant": conversation(("assistant", CANARY)),
}


def everything_logged(caplog: pytest.LogCaptureFixture) -> str:
    """All log records with all that they carry."""
    return "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records) + caplog.text


@pytest.mark.parametrize("sent", TYPED.values(), ids=TYPED)
@pytest.mark.parametrize("broken", [False, True], ids=["sound", "with a bug"])
def test_nothing_typed_is_logged_or_printed(
    client_answering: Callable[..., TestClient],
    tiny_assistant: Assistant,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    sent: str,
    broken: bool,
) -> None:
    client = client_answering(stumble if broken else tiny_assistant.answer)
    with caplog.at_level(logging.DEBUG):
        response = post(client, sent)
    assert response.status_code == 200 or CANARY not in response.text
    assert CANARY not in everything_logged(caplog)
    assert CANARY not in "".join(capfd.readouterr())


@pytest.mark.parametrize("broken", [False, True], ids=["sound", "with a bug"])
def test_nothing_typed_is_logged_when_it_is_explained(
    tiny_client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    broken: bool,
) -> None:
    if broken:
        monkeypatch.setattr("temsiqa.server.routes.explained", lambda assistant, *asked: stumble(*asked))
    with caplog.at_level(logging.DEBUG):
        response = post(tiny_client, body(CANARY, explain=True))
    assert (response.status_code, CANARY in response.text) == ((500, False) if broken else (200, True))
    assert CANARY not in everything_logged(caplog)
    assert CANARY not in "".join(capfd.readouterr())


def test_explain_is_yes_or_no(tiny_client: TestClient) -> None:
    assert_problem(post(tiny_client, body(explain=CANARY)), 422, "explain")


@pytest.mark.model
def test_nothing_typed_is_logged_by_the_encoder(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        assert post(client, TYPED["history"]).status_code == 200
        assert post(client, TYPED["question"]).status_code == 200
    assert CANARY not in everything_logged(caplog)
