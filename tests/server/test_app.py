"""The application: readiness, the page, headers, and that nothing slow holds up the rest."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from support import INFUSION_QUESTION, REPOSITORY
from temsiqa.assistant import Assistant
from temsiqa.code import code_fingerprint
from temsiqa.errors import IndexFolderError
from temsiqa.model import Answer, Audience
from temsiqa.server.app import create_app
from temsiqa.settings import Settings

CHAT = {"messages": [{"role": "user", "content": INFUSION_QUESTION}]}
LONGEST_WAIT = 60
ROUTES = {
    ("/v1/chat", "post"),
    ("/v1/documents", "get"),
    ("/v1/documents/{name}", "get"),
    ("/healthz", "get"),
    ("/readyz", "get"),
}
SECURITY_HEADERS = {
    "content-security-policy": "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


def test_health_needs_no_index() -> None:
    response = TestClient(create_app(Settings())).get("/healthz")
    assert (response.status_code, response.json()["status"]) == (200, "ok")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/readyz"), ("POST", "/v1/chat"), ("GET", "/v1/documents"), ("GET", "/v1/documents/guides/giving.md")],
)
def test_nothing_is_answered_before_the_index_is_loaded(method: str, path: str, tiny_assistant: Assistant) -> None:
    client = TestClient(create_app(Settings(), tiny_assistant))  # not entered: its lifespan has not begun
    response = client.request(method, path, json=CHAT if method == "POST" else None)
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"
    assert "being loaded" in response.json()["detail"]


def test_ready_names_the_generation_until_the_end(tiny_assistant: Assistant) -> None:
    client = TestClient(create_app(Settings(), tiny_assistant))
    with client:
        ready = client.get("/readyz").json()
        assert (ready["status"], ready["generation"]) == ("ready", tiny_assistant.generation.name)
        assert (ready["policy"], ready["code"]) == (tiny_assistant.policy.version, code_fingerprint())
    assert client.get("/readyz").status_code == 503


def test_the_lifespan_opens_the_index_of_the_settings(
    monkeypatch: pytest.MonkeyPatch, tiny_index: Path, tiny_assistant: Assistant
) -> None:
    monkeypatch.setattr("temsiqa.assistant.SentenceEncoder", lambda model: tiny_assistant._encoder)
    with TestClient(create_app(Settings(index=tiny_index))) as client:
        assert client.get("/readyz").json()["generation"] == tiny_assistant.generation.name


def test_an_index_that_is_missing_ends_the_start(tmp_path: Path) -> None:
    client = TestClient(create_app(Settings(index=tmp_path / "none")))
    with pytest.raises(IndexFolderError, match="temsiqa index"):
        client.__enter__()


def test_openapi_lists_every_route(tiny_client: TestClient) -> None:
    described = tiny_client.get("/openapi.json").json()
    assert {(path, method) for path, methods in described["paths"].items() for method in methods} == ROUTES


def test_openapi_describes_answers_with_and_without_an_explanation(tiny_client: TestClient) -> None:
    described = tiny_client.get("/openapi.json").json()
    chat = described["paths"]["/v1/chat"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    schemas = described["components"]["schemas"]
    names = [answer["$ref"].rpartition("/")[2] for answer in chat["anyOf"]]
    assert names == ["ExplainedAnswer", "Answer"]
    assert "explanation" in schemas["ExplainedAnswer"]["required"]
    assert "explanation" not in schemas["Answer"]["properties"]
    assert schemas["ChatRequest"]["properties"]["explain"]["default"] is False
    assert set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(described))) <= set(schemas)


def test_openapi_says_how_problems_look(tiny_client: TestClient) -> None:
    responses = tiny_client.get("/openapi.json").json()["paths"]["/v1/chat"]["post"]["responses"]
    assert set(responses) == {"200", "default"}
    schema = responses["default"]["content"]["application/problem+json"]["schema"]
    assert set(schema["required"]) == {"type", "title", "status", "detail"}


@pytest.mark.parametrize(
    ("path", "media_type", "words"),
    [
        ("/", "text/html", "temsiqa-chat"),
        ("/index.html", "text/html", "temsiqa-chat"),
        ("/temsiqa-chat.js", "javascript", "class"),
        ("/chat.css", "text/css", ":host"),
    ],
)
def test_the_page_is_served(tiny_client: TestClient, path: str, media_type: str, words: str) -> None:
    response = tiny_client.get(path)
    assert response.status_code == 200
    assert media_type in response.headers["content-type"]
    assert words in response.text


def test_a_service_without_a_page_answers_all_the_same(tmp_path: Path, tiny_assistant: Assistant) -> None:
    with TestClient(create_app(Settings(web=tmp_path / "none"), tiny_assistant)) as client:
        assert client.post("/v1/chat", json=CHAT).status_code == 200
        assert client.get("/").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/v1/chat", 200),
        ("GET", "/v1/documents", 200),
        ("GET", "/healthz", 200),
        ("GET", "/openapi.json", 200),
        ("GET", "/", 200),
        ("GET", "/chat.css", 200),
        ("HEAD", "/chat.css", 200),
        ("GET", "/nothing", 404),
        ("GET", "/v1/documents/nothing", 404),
        ("DELETE", "/v1/chat", 405),
        ("POST", "/", 405),
    ],
)
def test_security_headers_are_on_every_response(tiny_client: TestClient, method: str, path: str, status: int) -> None:
    response = tiny_client.request(method, path, json=CHAT if method == "POST" else None)
    assert response.status_code == status
    assert {name: response.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS


@pytest.mark.parametrize(
    "path",
    [
        "/../pyproject.toml",
        "/%2e%2e/pyproject.toml",
        "/..%2fpyproject.toml",
        "/..%5cpyproject.toml",
        "/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/.%00/index.html",
        "/index.html%00.js",
        "/%ff%fe",
        "/" + "a" * 5000,
        "/v1/documents/../../pyproject.toml",
        "/v1/documents/..%2f..%2fpyproject.toml",
        "/v1/documents/%2fetc%2fpasswd",
        "/v1/documents/%00",
        "/v1/documents/",
        "/docs",
        "/redoc",
    ],
)
def test_no_path_leads_out(tiny_client: TestClient, path: str) -> None:
    response = tiny_client.get(path)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert "setuptools" not in response.text
    assert "root:" not in response.text


def test_no_link_in_the_page_folder_leads_out(tmp_path: Path, tiny_assistant: Assistant) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "link.toml").symlink_to(REPOSITORY / "pyproject.toml")
    with TestClient(create_app(Settings(web=tmp_path / "web"), tiny_assistant)) as client:
        assert client.get("/link.toml").status_code == 404


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/v1/documents", "/", "/v1/documents/guides/giving.md"])
def test_a_slow_answer_holds_up_nothing_else(
    client_answering: Callable[..., TestClient], tiny_assistant: Assistant, path: str
) -> None:
    asked, go_on = threading.Event(), threading.Event()
    told_to_go_on: list[bool] = []

    def answer(question: str, history: Sequence[str], audience: Audience) -> Answer:
        asked.set()
        told_to_go_on.append(go_on.wait(LONGEST_WAIT))
        return tiny_assistant.answer(question, history, audience)

    client = client_answering(answer)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(client.post, "/v1/chat", json=CHAT)
        assert asked.wait(LONGEST_WAIT)
        assert client.get(path).status_code == 200
        go_on.set()
        assert slow.result(LONGEST_WAIT).status_code == 200
    assert told_to_go_on == [True]
