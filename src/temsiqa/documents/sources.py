"""The book of sources: each source of a corpus written down once, by its stable key, for all documents that cite it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from temsiqa.documents.plain_yaml import read_entries
from temsiqa.model import Document, EvidenceLevel, Reference

SOURCES = "sources.yaml"
_READ = {
    "full": "read in full",
    "part": "read in part",
    "abstract": "abstract read",
    "title only": "only the title read",
}


class Source(BaseModel):
    """One entry. ``tier``: T1 regulator-approved text to T6 unverified; ``read``: how much of the page was read."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    title: str
    publisher: str
    date: str | None
    url: str | None
    identifiers: str | None
    kind: str
    evidence_level: EvidenceLevel
    tier: str
    read: Literal["full", "part", "abstract", "title only"]

    @property
    def text(self) -> str:
        """The entry on one line, as a reference shows it."""
        return ". ".join(part for part in (self.title, self.publisher, self.date, self.identifiers) if part)

    @property
    def evidence(self) -> str:
        """What kind of source it is and how much of it was read."""
        return f"{self.kind}; {_READ[self.read]}"


_book = TypeAdapter(dict[str, Source])


def read_sources(folder: Path) -> Mapping[str, Source]:
    """The sources of a corpus by key, or none if it has no such file. Raises ``CorpusError`` on a malformed one."""
    return read_entries(folder / SOURCES, _book, {})


def with_sources(document: Document, sources: Mapping[str, Source]) -> Document:
    """``document`` with what the book says about each reference that names a key of it."""
    return replace(document, references=tuple(_complete(r, sources) for r in document.references))


def _complete(reference: Reference, sources: Mapping[str, Source]) -> Reference:
    source = sources.get(reference.key) if reference.key else None
    if source is None:
        return reference
    return replace(
        reference, text=reference.text or source.text, url=reference.url or source.url, evidence=source.evidence
    )
