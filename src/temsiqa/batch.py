"""Questions as JSON lines → answers as JSON lines, one record a question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pydantic import BaseModel, Field, ValidationError

from temsiqa.assistant import Assistant
from temsiqa.errors import QuestionError
from temsiqa.model import Audience
from temsiqa.record import RecordedAnswer


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
            yield RecordedAnswer.of(asked.id, asked.history, answer).model_dump_json()


def read_question(line: str) -> BatchQuestion:
    """The question of one line. Raises ``QuestionError`` naming the field that is wrong."""
    try:
        return BatchQuestion.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = "".join(f"{part}: " for part in first["loc"])
        raise QuestionError(f"{place}{first['msg']}; a line is an object with id and question") from error
