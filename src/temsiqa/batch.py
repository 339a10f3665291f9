"""Questions as JSON lines → answers as JSON lines, one record a question."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from temsiqa.assistant import Assistant
from temsiqa.errors import QuestionError
from temsiqa.model import Answer, Audience, Citation, Outcome


class BatchQuestion(BaseModel):
    """One line of a question file; fields beyond these belong to whoever scores the answers."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    id: str
    question: str
    history: tuple[str, ...] = ()
    audience: Audience = Audience.PATIENT


def read_questions(lines: Iterable[str]) -> Iterator[BatchQuestion | QuestionError]:
    """Each line that is not blank as a question, or as the error that says what is wrong with it."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield BatchQuestion.model_validate_json(line)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            field = ".".join(str(part) for part in first["loc"]) or "line"
            yield QuestionError(f"line {number}: {field}: {first['msg']}; each line is an object with id and question")


def answer_batch(
    assistant: Assistant, questions: Iterable[BatchQuestion | QuestionError]
) -> Iterator[str | QuestionError]:
    """A JSON line for each question that can be answered, and the error of each that cannot."""
    for item in questions:
        if isinstance(item, QuestionError):
            yield item
            continue
        try:
            answer = assistant.answer(item.question, item.history, item.audience)
        except QuestionError as error:
            yield QuestionError(f"question {item.id!r}: {error}")
        else:
            yield json.dumps(record(item.id, answer), ensure_ascii=False)


def record(name: str, answer: Answer) -> dict[str, Any]:
    """The flat form of an answer that test sets are scored on."""
    return {
        "id": name,
        "answer_text": answer.text,
        "citations": [_citation(citation) for citation in answer.citations],
        "abstained": answer.abstained,
        "triage": answer.outcome is Outcome.URGENT,
        "outcome": answer.outcome.value,
        "disclaimers": [disclaimer.text for disclaimer in answer.disclaimers],
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "document": citation.document,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "section": list(citation.section),
        "source": [reference.key for reference in citation.references if reference.key],
        "reference": [{"marker": r.marker, "text": r.text} for r in citation.references],
    }
