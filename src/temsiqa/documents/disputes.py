"""Disagreements between sources, as data: which sentences stand against each other, and which is better supported."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from temsiqa.documents.plain_yaml import read_entries

DISPUTES = "disputes.yaml"


class Side(BaseModel):
    """One position: the sentence of the document that takes it, word for word without markers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    document: str
    sentence: str


class Dispute(BaseModel):
    """Two or more positions on one topic; ``better`` is the number of the better supported side, from 1, or null."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    topic: str
    sides: tuple[Side, ...] = Field(min_length=2)
    better: int | None
    why: str


_disputes = TypeAdapter(tuple[Dispute, ...])


def read_disputes(folder: Path) -> tuple[Dispute, ...]:
    """The disputes of a corpus, or none if it has no such file. Raises ``CorpusError`` on a malformed one."""
    return read_entries(folder / DISPUTES, _disputes, ())
