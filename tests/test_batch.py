"""Questions as JSON lines → answers as JSON lines."""

from __future__ import annotations

import json
from typing import Any

import pytest

from support import INFUSION_ANSWER, INFUSION_QUESTION
from temsiqa.assistant import Assistant
from temsiqa.batch import answer_batch
from temsiqa.errors import QuestionError
from temsiqa.model import Answer, Outcome
from temsiqa.record import RecordedAnswer
from temsiqa.safety.policy import load_policy

GENERAL = list(load_policy(None).disclaimers)
RECORD = list(RecordedAnswer.model_fields)
CITATION = ["start", "end", "quote", "document", "section", "lead", "reference", "source"]
GOOD = json.dumps({"id": "good", "question": INFUSION_QUESTION})
QUESTIONS = [
    INFUSION_QUESTION,
    "What is the half-life of temsirolimus?",
    "What are the most common side effects?",
    "I cannot breathe and my throat is swelling",
    "Should I skip my next dose?",
    "I have a fever of 38.5, the infusion was yesterday",
    "What is the price of a train ticket to Lisbon?",
]


def answer_lines(assistant: Assistant, *lines: str) -> list[dict[str, Any] | str]:
    """The record of each line that could be answered, and the message of each that could not."""
    return [
        str(item) if isinstance(item, QuestionError) else json.loads(item) for item in answer_batch(assistant, lines)
    ]


def answer_one(assistant: Assistant, line: str) -> dict[str, Any]:
    """The record of the one line."""
    (answered,) = answer_lines(assistant, line)
    assert isinstance(answered, dict)
    return answered


def record(name: str, answer: Answer) -> dict[str, Any]:
    """As a line holds it."""
    recorded: dict[str, Any] = json.loads(RecordedAnswer.of(name, (), answer).model_dump_json())
    return recorded


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_record_has_exactly_the_documented_keys(tiny_assistant: Assistant, question: str) -> None:
    answered = answer_one(tiny_assistant, json.dumps({"id": "q1", "question": question}))
    assert list(answered) == RECORD
    assert answered["id"] == "q1"
    assert isinstance(answered["abstained"], bool)
    assert answered["answer_text"].strip()
    assert [disclaimer["text"] for disclaimer in answered["disclaimers"]][: len(GENERAL)] == GENERAL
    for citation in answered["citations"]:
        assert list(citation) == CITATION
        assert all(list(reference) == ["marker", "text", "key"] for reference in citation["reference"])


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_record_is_the_answer(tiny_assistant: Assistant, question: str) -> None:
    answer = tiny_assistant.answer(question)
    answered = record("q1", answer)
    assert answered["answer_text"] == answer.text
    assert answered["abstained"] is answer.abstained
    assert answered["outcome"] == answer.outcome.value
    assert answered["triage"] is (answer.outcome is Outcome.URGENT)
    assert answered["disclaimers"] == [{"text": d.text, "document": d.document} for d in answer.disclaimers]
    assert (answered["generation"], answered["policy"]) == (answer.generation, answer.policy)
    for statement, said in zip(answered["statements"], answer.statements, strict=True):
        quotes = [answered["citations"][number - 1]["quote"] for number in statement["citations"]]
        leads = [lead.quote for citation in said.citations for lead in citation.lead if lead.quote in said.text]
        assert (statement["text"], quotes) == (said.text, [*(citation.quote for citation in said.citations), *leads])


def test_a_lead_in_that_is_said_is_a_quote_of_its_own(tiny_assistant: Assistant) -> None:
    answered = record("q", tiny_assistant.answer("What are the most common side effects?"))
    (statement,) = [one for one in answered["statements"] if "rash" in one["text"]]
    item, lead = (answered["citations"][number - 1] for number in statement["citations"])
    assert (lead["quote"], lead["document"]) == (item["lead"][0]["quote"], item["document"])
    assert statement["text"].startswith(lead["quote"])


def test_only_an_emergency_is_triage(tiny_assistant: Assistant) -> None:
    answered = {question: record("q", tiny_assistant.answer(question)) for question in QUESTIONS}
    assert answered["I cannot breathe and my throat is swelling"]["triage"] is True
    assert all(each["triage"] is (each["outcome"] == "urgent") for each in answered.values())
    assert len({each["outcome"] for each in answered.values()}) >= 4


def test_quotes_and_references_are_those_of_the_document(tiny_assistant: Assistant) -> None:
    question = "How do the half-lives of temsirolimus and sirolimus differ?"
    citations = answer_one(tiny_assistant, json.dumps({"id": 1, "question": question}))["citations"]
    for citation in citations:
        text = tiny_assistant.generation.document(citation["document"]).text
        assert text[citation["start"] : citation["end"]] == citation["quote"]
    references = [(r["marker"], r["text"]) for citation in citations for r in citation["reference"]]
    assert ("1", "A population study of temsirolimus") in references


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ({"id": "a"}, "a"),
        ({"id": 17}, "17"),
        ({"id": "ü😀 \u2028 \x1b"}, "ü😀 \u2028 \x1b"),
        ({"id": "a", "expected": {"documents": []}, "notes": [1]}, "a"),
        ({"id": "a", "history": [], "audience": "patient"}, "a"),
        ({"id": "a", "history": ["", "How is it given?"]}, "a"),
    ],
)
def test_a_good_line_is_answered(tiny_assistant: Assistant, line: dict[str, Any], name: str) -> None:
    for escaped in (True, False):
        text = json.dumps({"question": INFUSION_QUESTION, **line}, ensure_ascii=escaped)
        answered = answer_one(tiny_assistant, text)
        assert answered["id"] == name
        assert INFUSION_ANSWER in answered["answer_text"]


def test_history_and_audience_reach_the_assistant(tiny_assistant: Assistant) -> None:
    line = json.dumps({"id": "a", "question": "And of sirolimus?", "history": [QUESTIONS[1]], "audience": "staff"})
    expected = RecordedAnswer.of(
        "a", [QUESTIONS[1]], tiny_assistant.answer("And of sirolimus?", [QUESTIONS[1]], "staff")
    )
    assert answer_one(tiny_assistant, line) == json.loads(expected.model_dump_json())


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "Invalid JSON"),
        ("not JSON", "Invalid JSON"),
        ("[" * 100_000, "Invalid JSON"),
        (GOOD + GOOD, "Invalid JSON"),
        ('{"id": "a", "question": "half\x1b-life"}', "Invalid JSON"),
        ('{"id": "a", "question": "half-life \\ud800"}', "Invalid JSON"),
        ('{"id": "\\udfff", "question": "half-life"}', "Invalid JSON"),
        ("[]", "object"),
        ('"text"', "object"),
        ("5", "object"),
        ("null", "object"),
        ("{}", "id: Field required"),
        ('{"question": "half-life"}', "id: Field required"),
        ('{"id": "a"}', "question: Field required"),
        ('{"id": null, "question": "half-life"}', "id: "),
        ('{"id": true, "question": "half-life"}', "id: "),
        ('{"id": ["a"], "question": "half-life"}', "id: "),
        ('{"id": "a", "question": null}', "question: "),
        ('{"id": "a", "question": 5}', "question: "),
        ('{"id": "a", "question": ["half-life"]}', "question: "),
        ('{"id": "a", "question": "half-life", "history": "x"}', "history: "),
        ('{"id": "a", "question": "half-life", "history": [5]}', "history: 0: "),
        ('{"id": "a", "question": "half-life", "audience": "doctor"}', "audience: "),
        ('{"id": "a", "question": ""}', "empty"),
        ('{"id": "a", "question": " \\n "}', "empty"),
        ('{"id": "a", "question": "\\u0000"}', "empty"),
        (json.dumps({"id": "a", "question": "x" * 100_000}), "100000 characters"),
    ],
    ids=lambda text: ascii(text[:40]),
)
def test_a_bad_line_is_named_and_the_others_are_answered(tiny_assistant: Assistant, line: str, words: str) -> None:
    before, error, after = answer_lines(tiny_assistant, GOOD, "  ", line, "", GOOD)
    assert before == after
    assert isinstance(before, dict)
    assert isinstance(error, str)
    assert error.startswith("line 3: ")
    assert words in error
    assert "\n" not in error
    assert len(error) < 250


def test_lines_are_answered_one_by_one(tiny_assistant: Assistant) -> None:
    def lines() -> Any:  # noqa: ANN401 - a generator that fails when it is read too far
        yield GOOD
        raise AssertionError("the second line was read before the first was answered")

    assert "good" in str(next(iter(answer_batch(tiny_assistant, lines()))))
