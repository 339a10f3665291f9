"""SQuAD 1.1 and 2.0: questions on paragraphs (Rajpurkar et al. 2016, 2018)."""

from __future__ import annotations

from typing import TypeGuard

from pydantic import BaseModel, ValidationError

from temsiqa.evaluation.formats.record import Found, Record, mistakes_in
from temsiqa.evaluation.testset import Expected


class _Answer(BaseModel):
    text: str


class _Question(BaseModel):
    id: str
    question: str
    answers: list[_Answer] = []
    is_impossible: bool = False


class _Paragraph(BaseModel):
    context: str
    qas: list[_Question]


class _Article(BaseModel):
    title: str = ""
    paragraphs: list[_Paragraph]


class _Squad(BaseModel):
    data: list[_Article]


def is_squad(value: object) -> TypeGuard[dict[str, object]]:
    """Whether the one object of a JSON file is SQuAD's."""
    return isinstance(value, dict) and isinstance(value.get("data"), list)


def read_squad(value: dict[str, object], name: str) -> Found:
    """A record for each question; its paragraph is the passage, the title of the article its slice."""
    try:
        squad = _Squad.model_validate(value)
    except ValidationError as error:
        yield from mistakes_in(error, name)
        return
    for article in squad.data:
        for paragraph in article.paragraphs:
            for asked in paragraph.qas:
                yield Record(f"{name}: question {asked.id}", _fields(asked, paragraph, article))


def _fields(asked: _Question, paragraph: _Paragraph, article: _Article) -> dict[str, object]:
    fields: dict[str, object] = {
        "id": asked.id,
        "question": asked.question,
        "expected": Expected.ABSTAIN if asked.is_impossible else Expected.ANSWER,
        "slices": [f"title:{article.title}"] if article.title else [],
    }
    if asked.is_impossible:  # the paragraph does not hold what is asked
        return fields
    answers = list(dict.fromkeys(answer.text for answer in asked.answers))
    return {**fields, "answers": answers, "passages": [paragraph.context]}
