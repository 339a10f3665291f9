"""Entries of a reference list that stand as plain text → references with marker, DOI, PMID and link."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count
from urllib.parse import unquote

from temsiqa.documents.markers import markers_in
from temsiqa.documents.matter import is_references_heading
from temsiqa.documents.outline import Paragraph, Piece, ReferenceList
from temsiqa.model import Reference

_AROUND_HEADING = re.compile(r"^(?:\d{1,2}|[IVX]+)[.)]?\s+|\s+and notes\b|\s*:$|\s+list$", re.IGNORECASE)
_OWN_NUMBER = re.compile(r"(?:\[(\d{1,3})\]\.?|\(?(\d{1,3})[.)])\s*(?=\D)")
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]+", re.IGNORECASE)
_PMID = re.compile(
    r"(?:\bPMID\s*:?\s*|pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/pubmed/)(?P<pmid>[1-9]\d{0,8})\b", re.I
)
_URL = re.compile(r"\bhttps?://[^\s<>\"]+", re.IGNORECASE)
_SEARCH = re.compile(r"//scholar\.google\.|[?&](?:term|q|query)=", re.IGNORECASE)
_SURNAME = re.compile(r"(?:(?i:van|von|de|der|den|du|da|di|del|la|le|ter|ten|el|al)\s+){0,3}(?P<name>[^\W\d_][\w'’-]*)")
_YEAR = r"(?:1[89]|20)\d{2}[a-z]?\b"
_PUBLISHED = re.compile(rf"\((?P<bracketed>{_YEAR})|\b(?P<year>{_YEAR})(?=\s*[;:.,]|\s+[A-Z][a-z]{{2}}\b|\s*$)")
CITED_NUMBERS = r"\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*"
_CITATION = re.compile(rf"[\[(]?\s*({CITED_NUMBERS})\s*[\])]?")
_SENTENCE_END = ".,;:"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as its file has it: ``links`` are addresses it leads to, ``number`` comes from a list that counts."""

    text: str
    links: tuple[str, ...] = ()
    number: int | None = None


def heads_references(title: str) -> bool:
    """Whether ``title`` is the heading of a reference list, numbered or not."""
    return is_references_heading(_AROUND_HEADING.sub("", title))


def cited_numbers(citation: str) -> str | None:
    """The numbers in the text of a citation, without brackets around them; None when it cites by something else."""
    match = _CITATION.fullmatch(citation)
    return match[1] if match else None


def is_entry(text: str) -> bool:
    """Whether a paragraph below the heading of a reference list is an entry of it: it has a number or a year."""
    return bool(_OWN_NUMBER.match(text) or _PUBLISHED.search(text) or _DOI.search(text))


def reference_list(entries: Sequence[Entry], before: Sequence[Piece]) -> ReferenceList:
    """The references of ``entries``: by the number that an entry has, else by author and year.

    Where the text ``before`` them cites by number, entries without one are counted, and so are those of a list that
    only goes on counting from another one: its numbers are higher than those cited. No two get the same marker.
    """
    cited = {int(marker) for piece in before if isinstance(piece, Paragraph) for marker in markers_in(piece.text)}
    taken = {r.marker for piece in before if isinstance(piece, ReferenceList) for r in piece.references}
    found: list[Reference] = []
    for position, entry in enumerate((entry for entry in entries if entry.text), 1):
        own = _OWN_NUMBER.match(entry.text)
        text = entry.text[own.end() :] if own else entry.text
        counted = "" if cited and min(cited) < (entries[0].number or 1) else str(entry.number or "")
        number = (own[1] or own[2]) if own else counted
        by_name = "" if cited or number else _author_and_year(text)
        choices = chain((number, by_name, str(position)), map(str, count(position)))
        marker = next(choice for choice in choices if choice and choice not in taken)
        taken.add(marker)
        found.append(_reference(marker, text, entry.links))
    return ReferenceList(tuple(found))


def _reference(marker: str, text: str, links: Sequence[str]) -> Reference:
    said = " ".join([text, *map(unquote, links)])
    doi, pmid = _DOI.search(said), _PMID.search(said)
    url = next((link for link in _addresses(text, links) if not _SEARCH.search(link)), None)
    return Reference(
        marker,
        text,
        url=None if doi or pmid else url,
        doi=_trimmed(doi.group()) if doi else None,
        pmid=pmid["pmid"] if pmid else None,
    )


def _addresses(text: str, links: Sequence[str]) -> Iterator[str]:
    yield from (link for link in links if _URL.match(link))
    yield from (_trimmed(address) for address in _URL.findall(text))


def _trimmed(address: str) -> str:
    """Without what closes the sentence or the brackets around it, and is no part of it."""
    address = address.rstrip(_SENTENCE_END)
    while any(address.endswith(end) and address.count(end) > address.count(start) for start, end in ("()", "[]")):
        address = address[:-1].rstrip(_SENTENCE_END)
    return address


def _author_and_year(text: str) -> str:
    """``Bourdon, 2007``: the first surname, without "van der" before it, and the year; empty if one is missing."""
    surname, year = _SURNAME.match(text), _PUBLISHED.search(text)
    return f"{surname['name']}, {year['bracketed'] or year['year']}" if surname and year else ""
