"""Questions as JSON lines → answers as JSON lines, one record a question."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from temsiqa.assistant import Assistant
from temsiqa.errors import QuestionError
from temsiqa.model import Answer, Audience, Citation, Outcome


class BatchQuestion(BaseModel):
    """One line of a question file; fields beyond these belong to whoever scores the answers."""

    id: str = Field(coerce_numbers_to_str=True)
    question: str
    history: tuple[str, ...] = ()
    audience: Audience = Audience.PATIENT


def answer_batch(assistant: Assistant, lines: Iterable[str]) -> Iterator[str | QuestionError]:
    """For each line that is not blank its answer as a JSON line, or the error that says what is wrong with it."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            asked = read_question(line)
            answer = assistant.answer(asked.question, asked.history, asked.audience)
        except QuestionError as error:
            yield QuestionError(f"line {number}: {error}")
        else:
            yield json.dumps(record(asked.id, answer), ensure_ascii=False)


def read_question(line: str) -> BatchQuestion:
    """The question of one line. Raises ``QuestionError`` naming the field that is wrong."""
    try:
        return BatchQuestion.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = "".join(f"{part}: " for part in first["loc"])
        raise QuestionError(f"{place}{first['msg']}; a line is an object with id and question") from error


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
