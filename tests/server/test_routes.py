"""Questions and documents over HTTP."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from pydantic import TypeAdapter

from support import INFUSION_ANSWER, INFUSION_QUESTION, REPOSITORY, HashEncoder, build_index
from temsiqa.assistant import Assistant
from temsiqa.explanation import ExplainedAnswer, explained
from temsiqa.index.generation import load_current
from temsiqa.model import Answer, Audience, Citation, Document
from temsiqa.safety.policy import Policy, load_policy
from temsiqa.server.app import create_app
from temsiqa.settings import Settings

HALF_LIFE = "What is the half-life of temsirolimus?"
QUESTIONS = {
    "a fact": HALF_LIFE,
    "a table": "Which tumor models was temsirolimus tested in?",
    "side effects": "What are the common side effects?",
    "an emergency": "I cannot breathe and my throat is swelling",
    "a decision": "Should I skip my next dose?",
    "no answer": "What is the price of a train ticket to Lisbon?",
}


def ask(client: TestClient, *said: str, **more: object) -> Response:
    """Posts a conversation in which the user said ``said``, with an answer between any two."""
    messages = [{"role": "user", "content": said[0]}]
    for words in said[1:]:
        messages += [{"role": "assistant", "content": "An earlier answer."}, {"role": "user", "content": words}]
    return client.post("/v1/chat", json={"messages": messages, **more})


def citations(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """All citations of an answer, those of related passages too."""
    return [*(c for statement in answer["statements"] for c in statement["citations"]), *answer["related"]]


def names(kind: type) -> set[str]:
    """The fields of a dataclass."""
    return {field.name for field in dataclasses.fields(kind)}


def test_the_whole_answer_is_sent(client: TestClient, part_assistant: Assistant) -> None:
    response = ask(client, HALF_LIFE)
    sent = response.json()
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert set(sent) == names(Answer)
    assert set(sent["statements"][0]["citations"][0]) == names(Citation)
    assert TypeAdapter(Answer).validate_json(response.content) == part_assistant.answer(HALF_LIFE)


@pytest.mark.parametrize("question", [INFUSION_QUESTION, *QUESTIONS.values()], ids=["an infusion", *QUESTIONS])
def test_an_explanation_is_sent_when_it_is_asked_for(
    tiny_client: TestClient, tiny_assistant: Assistant, question: str
) -> None:
    response = ask(tiny_client, HALF_LIFE, question, explain=True, audience="staff")
    assert response.status_code == 200
    expected = explained(tiny_assistant, question, [HALF_LIFE], "staff")
    assert TypeAdapter(ExplainedAnswer).validate_json(response.content) == expected
    plain = ask(tiny_client, HALF_LIFE, question, audience="staff").json()
    assert set(plain) == names(Answer)
    assert {name: value for name, value in response.json().items() if name != "explanation"} == plain


@pytest.mark.parametrize("more", [{}, {"explain": False}], ids=["not asked", "not wanted"])
def test_no_explanation_is_sent_unless_it_is_asked_for(tiny_client: TestClient, more: dict[str, object]) -> None:
    assert "explanation" not in ask(tiny_client, INFUSION_QUESTION, **more).json()


def test_the_same_question_has_the_same_explanation(tiny_client: TestClient) -> None:
    assert len({ask(tiny_client, INFUSION_QUESTION, explain=True).content for _ in range(3)}) == 1


def test_the_answer_names_its_generation_and_policy(
    client: TestClient, part_assistant: Assistant, policy: Policy
) -> None:
    sent = ask(client, HALF_LIFE).json()
    assert sent["generation"] == part_assistant.generation.name == client.get("/readyz").json()["generation"]
    assert sent["policy"] == policy.version


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_quotes_are_the_characters_of_their_documents(client: TestClient, question: str) -> None:
    for citation in citations(ask(client, question).json()):
        text = client.get(f"/v1/documents/{citation['document']}").json()["text"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]
        assert all(text[lead["start"] : lead["end"]] == lead["quote"] for lead in citation["lead"])


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
@pytest.mark.parametrize("audience", Audience)
def test_no_answer_is_without_its_disclaimers(
    client: TestClient, policy: Policy, question: str, audience: Audience
) -> None:
    answer = ask(client, question, audience=audience.value).json()
    assert [d["text"] for d in answer["disclaimers"] if d["document"] is None] == list(policy.disclaimers)
    for name in {citation["document"] for citation in citations(answer)}:
        carried = client.get(f"/v1/documents/{name}").json()["disclaimers"]
        assert all(disclaimer in answer["disclaimers"] for disclaimer in carried)


def test_documents_with_disclaimers_are_cited_in_these_tests(client: TestClient) -> None:
    cited = {c["document"] for question in QUESTIONS.values() for c in citations(ask(client, question).json())}
    assert sum(bool(client.get(f"/v1/documents/{name}").json()["disclaimers"]) for name in cited) > 1


def test_an_emergency_comes_first(client: TestClient) -> None:
    answer = ask(client, QUESTIONS["an emergency"]).json()
    assert answer["outcome"] == "urgent"
    assert "emergency" in answer["notice"]


def test_history_is_what_the_user_said_before(client: TestClient, part_assistant: Assistant) -> None:
    sent = ask(client, HALF_LIFE, "And that of sirolimus?").content
    assert TypeAdapter(Answer).validate_json(sent) == part_assistant.answer("And that of sirolimus?", [HALF_LIFE])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, ("last", [], Audience.PATIENT)),
        ({"audience": "staff"}, ("last", [], Audience.STAFF)),
        ({"audience": "researcher"}, ("last", [], Audience.RESEARCHER)),
        ({"before": ["user one", "assistant two", "user three"]}, ("last", ["one", "three"], Audience.PATIENT)),
        ({"before": ["assistant hello"]}, ("last", [], Audience.PATIENT)),
        ({"before": ["user x"] * 99}, ("last", ["x"] * 99, Audience.PATIENT)),
    ],
)
def test_what_is_asked_of_the_assistant(
    client_answering: Callable[..., TestClient], tiny_assistant: Assistant, body: dict[str, Any], expected: object
) -> None:
    asked: list[object] = []

    def answer(question: str, history: Sequence[str], audience: Audience) -> Answer:
        asked.append((question, history, audience))
        return tiny_assistant.answer(INFUSION_QUESTION)

    before = [dict(zip(("role", "content"), said.split(), strict=True)) for said in body.pop("before", [])]
    messages = [*before, {"role": "user", "content": "last"}]
    assert client_answering(answer).post("/v1/chat", json={"messages": messages, **body}).status_code == 200
    assert asked == [expected]


def test_the_same_question_gives_the_same_bytes(client: TestClient) -> None:
    assert all(ask(client, question).content == ask(client, question).content for question in QUESTIONS.values())


def test_concurrent_chats_answer_like_sequential_ones(client: TestClient) -> None:
    questions = [f"{question} {'please' * (i % 2)}" for i, question in enumerate([*QUESTIONS.values()] * 4)][:20]
    alone = [ask(client, question).content for question in questions]
    with ThreadPoolExecutor(20) as pool:
        together = list(pool.map(lambda question: ask(client, question).content, questions))
    assert together == alone


def test_documents_are_listed(tiny_client: TestClient) -> None:
    listed = tiny_client.get("/v1/documents").json()
    assert [document["id"] for document in listed] == [
        "guides/giving.md",
        "notes/half-life.md",
        "reviews/mechanism.md",
    ]
    assert listed[1] == {
        "id": "notes/half-life.md",
        "title": "Half-life of temsirolimus",
        "evidence_level": "vendor note",
        "publisher": "Test Chemicals",
        "date": "2025-12",
        "licence": None,
        "identifiers": [],
        "retracted": None,
        "characters": len(tiny_client.get("/v1/documents/notes/half-life.md").json()["text"]),
        "references": 1,
        "disclaimers": 1,
    }


def test_the_list_tells_identifiers_licence_and_retraction(tmp_path: Path, hash_encoder: HashEncoder) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.md").write_text(
        '---\nlicence: "CC BY 4.0"\nidentifiers: {doi: 10.1234/a, pmid: 123}\nretracted: "retracted on 2020-01-02"\n'
        "---\nTemsirolimus was given to mice.\n",
        encoding="utf-8",
    )
    build_index(tmp_path / "index", tmp_path / "corpus", hash_encoder)
    assistant = Assistant(load_current(tmp_path / "index"), hash_encoder, load_policy(None))
    with TestClient(create_app(Settings(web=REPOSITORY / "web"), assistant)) as client:
        (listed,) = client.get("/v1/documents").json()
    assert listed["identifiers"] == [{"scheme": "doi", "value": "10.1234/a"}, {"scheme": "pmid", "value": "123"}]
    assert (listed["licence"], listed["retracted"]) == ("CC BY 4.0", "retracted on 2020-01-02")


def test_a_document_is_sent_whole(tiny_client: TestClient, tiny_assistant: Assistant) -> None:
    response = tiny_client.get("/v1/documents/guides/giving.md")
    assert set(response.json()) == names(Document)
    assert TypeAdapter(Document).validate_json(response.content) == tiny_assistant.generation.document(
        "guides/giving.md"
    )


def test_slashes_of_a_document_may_be_escaped(tiny_client: TestClient) -> None:
    escaped = tiny_client.get("/v1/documents/guides%2Fgiving.md")
    assert escaped.json() == tiny_client.get("/v1/documents/guides/giving.md").json()


def test_a_tiny_corpus_answers_over_http_too(tiny_client: TestClient) -> None:
    answer = ask(tiny_client, INFUSION_QUESTION).json()
    assert answer["outcome"] == "answered"
    assert INFUSION_ANSWER in answer["statements"][0]["text"]
