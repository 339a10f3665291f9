"""What a PDF says of itself: on its first page, and in its information dictionary as far as that page bears it out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile

from temsiqa.documents.matter import is_references_heading
from temsiqa.documents.stated import Stated
from temsiqa.model import EvidenceLevel

_FILE_NAME = re.compile(r"\.(?:docx?|pdf|pptx?|xlsx?|indd|qxd|tex|dvi|ps|rtf|txt)$|^(?:microsoft|untitled)\b", re.I)
_BORNE_OUT = 0.6  # of its words
_DOI = re.compile(r"\bdoi(?:\.org/|[:\s])\s*(?P<doi>10\.\d{4,9}/\S+[^\s.,;:\])])", re.IGNORECASE)
_CREATED = re.compile(r"D:(?P<year>(?:19|20)\d\d)")
_US_LABEL = "HIGHLIGHTS OF PRESCRIBING INFORMATION"
_APPROVAL = re.compile(r"Initial U\.?S\.? Approval\b")
_REVISED = re.compile(r"\b(?:Revised|Issued): ?(?P<month>0?[1-9]|1[0-2])/(?P<year>\d{4})\b")
_LONGEST_NAME = 4  # lines


def stated(info: Mapping[str, str], page: Sequence[str], heading: str | None, notes: Sequence[str]) -> Stated:
    """``info`` is the information dictionary, ``page`` the lines of the first page in order, ``heading`` its title."""
    text = "\n".join(takewhile(lambda line: not is_references_heading(line), page))
    doi = _DOI.search(text)
    own = Stated(
        title=_title(info.get("Title", ""), text) or heading,
        authors=_authors(info.get("Author", ""), text),
        date=_year(info.get("CreationDate", ""), text),
        identifiers={"doi": doi["doi"]} if doi else {},
        notes=tuple(notes),
    )
    return own.model_copy(update=_of_label(page)) if _US_LABEL in page[:3] else own


def _title(title: str, text: str) -> str | None:
    """A title that is no file's name and stands on the first page."""
    return title if len(title.split()) > 1 and not _FILE_NAME.search(title) and _stands_in(title, text) else None


def _authors(authors: str, text: str) -> tuple[str, ...]:
    """Authors, if those whose surnames stand on the first page are most of them: often it is who typed the file."""
    named = [name.strip() for name in re.split(r"\s*;\s*|\s+and\s+|,\s+(?=\S+\s)", authors) if name.strip()]
    return tuple(named) if _stands_in(" ".join(name.split()[-1] for name in named), text) else ()


def _stands_in(said: str, text: str) -> bool:
    words = re.findall(r"\w{2,}", said.casefold())
    known = set(re.findall(r"\w{2,}", text.casefold()))
    return bool(words) and sum(word in known for word in words) >= _BORNE_OUT * len(words)


def _year(created: str, text: str) -> str | None:
    """The year in which the file was made, if the first page names it: the day is that of the file alone."""
    year = _CREATED.match(created)
    return year["year"] if year and re.search(rf"\b{year['year']}\b", text) else None


def _of_label(page: Sequence[str]) -> dict[str, object]:
    """What the highlights of a label of the United States say of it: the drug named in full, and the last revision."""
    said: dict[str, object] = {"kind": "prescribing information", "evidence_level": EvidenceLevel.LABEL}
    approval = next((number for number, line in enumerate(page) if _APPROVAL.search(line)), 0)
    above = page[max(approval - _LONGEST_NAME, 0) : approval]
    name = [*takewhile(lambda line: line != _US_LABEL and not line.endswith("."), reversed(above))]
    if name:
        said["title"] = " ".join(reversed(name))
    if revised := _REVISED.search("\n".join(page)):
        said["date"] = f"{revised['year']}-{int(revised['month']):02}"
    return said
