"""A list of retractions in CSV, such as Retraction Watch's → what it says of documents and of what they cite."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from temsiqa.documents.canonical import clean, one_line
from temsiqa.documents.publication import iso_date, plain_doi, plain_pmid
from temsiqa.errors import CorpusError
from temsiqa.model import Document

_AMERICAN_DATE = re.compile(r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})(?: .*)?")
_FULL_DATE = len("2019-03-01")
# Columns of Retraction Watch's list; one of another list may as well be called what it holds.
_COLUMNS = {
    "originalpaperdoi": "doi",
    "originalpaperpubmedid": "pmid",
    "retractiondate": "american date",
    "retractionnature": "nature",
    "retractiondoi": "notice",
}
# Expressions of concern and corrections stand in the same list and are neither.
_NATURES = {"retraction": True, "reinstatement": False}

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True, order=True)
class Notice:
    """What a list says of one publication: its date (ISO), whether it is retracted, and the notice's DOI or nothing."""

    date: str
    retracted: bool
    doi: str


@dataclass(frozen=True, slots=True)
class Retractions:
    """The latest notice on each publication, by its DOI in small letters and by its PMID.

    ``name`` is that of the file, ``problems`` are its rows that say too little, one line each.
    """

    name: str
    notices: Mapping[str, Notice]
    problems: tuple[str, ...] = ()

    def of(self, doi: str | None, pmid: str | None) -> str | None:
        """That and when the publication was retracted, in plain words; None when the list does not say so."""
        latest = max(filter(None, map(self.notices.get, _keys(doi, pmid))), default=None)
        if latest is None or not latest.retracted:
            return None
        when = f"{'on' if len(latest.date) == _FULL_DATE else 'in'} {latest.date}"
        see = f", see doi {latest.doi}" if latest.doi else ""
        return f"retracted {when}{see} (list {self.name})"


def read_retractions(path: Path) -> Retractions:
    """The list in ``path``: Retraction Watch's columns, or ``doi``, ``pmid`` and ``date`` (ISO).

    Raises ``CorpusError`` when the file cannot be read as a whole.
    """
    latest: dict[str, Notice] = {}
    problems: list[str] = []
    for line, row in _rows(path):
        try:
            keys, notice = _read(row)
        except ValueError as error:
            problems.append(f"{path.name}: line {line}: {error}")
        else:
            latest.update((key, notice) for key in keys if key not in latest or latest[key] < notice)
    return Retractions(path.name, latest, tuple(problems))


def with_retractions(document: Document, retractions: Retractions) -> Document:
    """``document`` with what the list says of it and of its references, where they do not say so themselves."""
    own = document.provenance
    said = own.retracted or retractions.of(own.identifier("doi"), own.identifier("pmid"))
    references = tuple(
        replace(reference, retracted=reference.retracted or retractions.of(reference.doi, reference.pmid))
        for reference in document.references
    )
    return replace(document, provenance=replace(own, retracted=said), references=references)


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    """The line and the cells, by column, of each row on a retraction or a reinstatement."""
    try:
        # Only figures and dates count: a title in another encoding shall not cost the list.
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            rows = csv.reader(file, strict=True)
            header = _header(next(rows, []), path)
            for cells in rows:
                row = dict(zip(header, map(str.strip, cells), strict=False))
                if any(cells) and row.get("nature", "retraction").casefold() in _NATURES:
                    yield rows.line_num, row
    except csv.Error as error:
        raise CorpusError(f"{path}: line {rows.line_num} is no CSV ({error}); mend that line") from error
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error.strerror}); check the file and its permissions") from error


def _header(cells: Sequence[str], path: Path) -> list[str]:
    names = [cell.strip().casefold() for cell in cells]
    header = [_COLUMNS.get(name, name) for name in names]
    if not ({"doi", "pmid"} & set(header) and {"date", "american date"} & set(header)):
        raise CorpusError(
            f"{path}: no list of retractions: its first line names neither Retraction Watch's columns nor doi or pmid, "
            "and date; name them there"
        )
    return header


def _read(row: Row) -> tuple[tuple[str, ...], Notice]:
    """Whom a row concerns, and what it says. Raises ``ValueError`` with what is wrong with it, and the mend."""
    keys = _keys(row.get("doi"), row.get("pmid"))
    if not keys:
        raise ValueError("neither a DOI nor a PMID; add one or remove the line")
    retracted = _NATURES[row.get("nature", "retraction").casefold()]
    return keys, Notice(_date(row), retracted, plain_doi(row.get("notice", "")) or "")


def _keys(doi: str | None, pmid: str | None) -> tuple[str, ...]:
    found = (plain_doi((doi or "").casefold()), plain_pmid(pmid or ""))
    return tuple(key for key in found if key)


def _date(row: Row) -> str:
    """The date in ISO form. Raises ``ValueError`` when there is none that has but one meaning."""
    stated = row.get("american date") or row.get("date", "")
    american = _AMERICAN_DATE.fullmatch(stated) if "american date" in row else None
    found = iso_date("{year} {month} {day}".format_map(american.groupdict()) if american else stated)
    if found is None:
        raise ValueError(f"its date is {one_line(clean(stated))[:40]!r}, not year-month-day; mend it")
    return found
