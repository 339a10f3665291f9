"""False premises, as data: what people wrongly take for granted, and the sentence that puts it right."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, field_validator

from temsiqa.documents.patterns import Pattern
from temsiqa.documents.plain_yaml import read_entries

PREMISES = "premises.yaml"


class Premise(BaseModel):
    """What ``wordings`` and ``mentions`` take for granted in plain words, and the sentence of the document against it.

    ``wordings`` say it and count only where it is said, not where it is asked; ``mentions`` speak of what there is
    not ("my tablets") and count in a question too. Neither counts where one of ``unless`` stands. ``sentence`` is
    word for word, without markers.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    assumes: str
    wordings: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    document: str
    sentence: str

    @field_validator("wordings", "mentions", "unless")
    @classmethod
    def _readable(cls, wordings: tuple[str, ...]) -> tuple[str, ...]:
        for wording in wordings:
            Pattern(wording)
        return wordings


_premises = TypeAdapter(tuple[Premise, ...])


def read_premises(folder: Path) -> tuple[Premise, ...]:
    """The premises of a corpus, or none if it has no such file. Raises ``CorpusError`` on a malformed one."""
    return read_entries(folder / PREMISES, _premises, ())
