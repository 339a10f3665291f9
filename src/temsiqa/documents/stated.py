"""What a file, its YAML head, its sidecar or the command line states about a document. Nothing of it is guessed."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, field_validator
from rapidfuzz import process
from rapidfuzz.distance import OSA

from temsiqa.documents.canonical import clean, one_line
from temsiqa.documents.plain_yaml import plain_yaml
from temsiqa.errors import DocumentError
from temsiqa.model import EvidenceLevel

_FENCE = "---"
_KEY = re.compile(r"[a-z_]+\s*:", re.IGNORECASE)
# Misspelt and passed over, the document would look better than it is.
_NOT_TO_BE_LOST = ("disclaimers", "evidence_level")

# YAML escapes such as "\u202e" become characters only after the file was cleaned.
Line = Annotated[str, AfterValidator(lambda value: one_line(clean(value)))]


class ReferenceEntry(BaseModel):
    """One entry of ``references``; its text may be left to the book of sources, where it has a key."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    marker: Line
    text: Line = ""
    key: Line | None = None
    url: Line | None = None
    doi: Line | None = None
    pmid: Line | None = None


class Stated(BaseModel):
    """Provenance, disclaimers and references as stated; unknown keys belong to other programs and are passed over.

    ``identifiers`` maps a scheme (doi, pmid, pmcid, set id, version, id) to its value, ``retracted`` says in words that
    and when the document was retracted.
    """

    model_config = ConfigDict(coerce_numbers_to_str=True)

    title: Line | None = None
    publisher: Line | None = None
    authors: tuple[Line, ...] = ()
    date: Line | None = None
    url: Line | None = None
    kind: Line | None = None
    licence: Line | None = None
    evidence_level: EvidenceLevel | None = None
    identifiers: dict[Line, Line] = {}
    retracted: Line | None = None
    notes: tuple[Line, ...] = ()
    disclaimers: tuple[Line, ...] = ()
    references: tuple[ReferenceEntry, ...] = ()

    @field_validator("authors", "notes", "disclaimers", "references", mode="before")
    @classmethod
    def _none_is_empty(cls, value: Any) -> Any:  # noqa: ANN401 - whatever YAML held
        return () if value is None else [value] if isinstance(value, str) else value

    @field_validator("date", mode="before")
    @classmethod
    def _date_as_shown(cls, value: Any) -> Any:  # noqa: ANN401 - YAML turns 2026-02-01 into a date
        return value.isoformat() if hasattr(value, "isoformat") else value


def split_front_matter(text: str, name: str) -> tuple[Stated, str]:
    """The parsed head and the body. Raises ``DocumentError`` when the head is no plain YAML mapping."""
    lines = text.split("\n")
    if not lines or lines[0].rstrip() != _FENCE:
        return Stated(), text
    closing = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() == _FENCE), None)
    if closing is None:
        if len(lines) > 1 and _KEY.match(lines[1]):
            raise DocumentError(f"{name}: its front matter has no closing {_FENCE}; add the line")
        return Stated(), text
    try:
        data = plain_yaml("\n".join(lines[1:closing])) or {}
    except ValueError as error:
        raise DocumentError(f"{name}: its front matter is no plain YAML ({error}); mend the head") from error
    if not isinstance(data, dict):
        raise DocumentError(f"{name}: its front matter is a {type(data).__name__}, not key: value lines; mend the head")
    for key in data:
        meant = process.extractOne(str(key), _NOT_TO_BE_LOST, scorer=OSA.distance, score_cutoff=2)
        if meant and meant[0] != key:
            raise DocumentError(f"{name}: front matter field {key!r} is unknown; did you mean {meant[0]!r}?")
    try:
        return Stated.model_validate(data), "\n".join(lines[closing + 1 :])
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise DocumentError(f"{name}: front matter field {field!r}: {first['msg']}; mend that field") from error
