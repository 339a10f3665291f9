"""JSON lines → outlines, one a line: collections in BEIR's layout, and questions with their answers."""

from __future__ import annotations

import codecs
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NoReturn

from temsiqa.documents.canonical import clean, one_line
from temsiqa.documents.outline import Heading, Outline, Pair, Paragraph, Piece
from temsiqa.documents.publication import plain_doi, plain_pmid
from temsiqa.documents.stated import Stated
from temsiqa.errors import DocumentError

_LONGEST_LINE = 1_000_000
_LONGEST_ID = 200

Record = Mapping[str, Any]


def read_jsonl(data: bytes, name: str) -> Iterator[Outline | DocumentError]:
    """One outline for each line, ``part`` is its id; an error for each line that holds no record, counted from 1.

    A record has ``_id``, ``text`` and mostly ``title`` (BEIR), or ``id``, ``question`` and ``answer``. Raises
    ``DocumentError`` when the file holds no record at all, or queries, which look like documents without a title.
    """
    if _holds_queries(data):
        raise DocumentError(f"{name}: holds queries, not documents; search with them, or give each line a title")
    seen: set[str] = set()
    number = 0
    for number, line in _lines(data):
        where = f"{name}: record {number}"
        try:
            outline = _outline(_record(line, where), where)
        except DocumentError as error:
            yield error
            continue
        if outline.part in seen:
            yield DocumentError(f"{where}: id {outline.part!r} stands in the file a second time; rename one")
        else:
            seen.add(outline.part)
            yield outline
    if not number:
        raise DocumentError(f"{name}: holds no line; export it again")


def _lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The lines with something in them, and their numbers."""
    lines = enumerate(io.BytesIO(data.removeprefix(codecs.BOM_UTF8)), 1)
    return ((number, line) for number, line in lines if line.strip())


def _holds_queries(data: bytes) -> bool:
    """Whether every record is a text without so much as a ``title`` field; one that has it ends the search."""
    found = False
    for _, line in _lines(data):
        try:
            record = _record(line, "")
        except DocumentError:
            continue
        if "text" not in record or "title" in record:
            return False
        found = True
    return found


def _record(line: bytes, where: str) -> Record:
    if len(line) > _LONGEST_LINE:
        raise DocumentError(f"{where}: longer than {_LONGEST_LINE // 1_000_000} MB; split it")
    try:
        record = json.loads(line.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise DocumentError(f"{where}: byte {error.start} of it is not UTF-8; save the file as UTF-8") from error
    except RecursionError as error:
        raise DocumentError(f"{where}: JSON nested too deep; remove the line") from error
    except ValueError as error:
        raise DocumentError(f"{where}: no JSON ({one_line(str(error))}); mend or remove the line") from error
    if not isinstance(record, dict):
        raise DocumentError(f"{where}: a JSON {type(record).__name__}, not an object; put its fields in {{}}")
    return record


def _no_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")


def _outline(record: Record, where: str) -> Outline:
    if "question" in record or "answer" in record:
        return _pair(record, where)
    if "_id" in record or "text" in record:
        return _document(record, where)
    raise DocumentError(f"{where}: has neither _id and text nor id, question and answer; name its fields so")


def _pair(record: Record, where: str) -> Outline:
    part = _id(record, "id", where)
    question, answer = (one_line(_needed(record, field, where)) for field in ("question", "answer"))
    stated = Stated(
        title=question,
        publisher=_line(record.get("source")),
        url=_line(record.get("url")),
        identifiers={"id": part},
    )
    return Outline((Pair(question, answer),), stated, part)


def _document(record: Record, where: str) -> Outline:
    part = _id(record, "_id", where)
    title = _line(record.get("title"))
    paragraphs = map(one_line, _needed(record, "text", where).split("\n\n"))
    pieces: list[Piece] = [Heading(1, title)] if title else []
    pieces += [Paragraph(paragraph) for paragraph in paragraphs if paragraph]
    metadata = record.get("metadata")
    return Outline(tuple(pieces), _stated(metadata if isinstance(metadata, dict) else {}, part, title), part)


def _stated(metadata: Record, part: str, title: str | None) -> Stated:
    """What the metadata say under names that collections give them; other fields are passed over."""
    doi, pmid = (_line(metadata.get(field)) or "" for field in ("doi", "pmid"))
    pmid = pmid or _line(metadata.get("pubmed_id")) or ""
    identifiers = {"id": part, "doi": plain_doi(doi), "pmid": plain_pmid(pmid)}
    return Stated(
        title=title,
        authors=tuple(_names(metadata.get("authors"))),
        date=_line(metadata.get("date")) or _line(metadata.get("year")),
        url=_line(metadata.get("url")),
        identifiers={scheme: value for scheme, value in identifiers.items() if value},
    )


def _id(record: Record, field: str, where: str) -> str:
    value = _line(record.get(field))
    if value is None or len(value) > _LONGEST_ID:
        raise DocumentError(f"{where}: field {field!r} is missing or no id of up to {_LONGEST_ID} characters; add one")
    return value


def _needed(record: Record, field: str, where: str) -> str:
    value = record.get(field)
    text = clean(value).strip() if isinstance(value, str) else ""
    if not text:
        raise DocumentError(f"{where}: field {field!r} is missing or holds no text; add it or remove the line")
    return text


def _line(value: object) -> str | None:
    """A string or a whole number on one line; None for anything else and for what is empty."""
    is_said = isinstance(value, str | int) and not isinstance(value, bool)
    return (one_line(clean(str(value))) or None) if is_said else None


def _names(authors: object) -> Iterable[str]:
    """Names in a list, or the line that holds them."""
    listed = authors if isinstance(authors, list) else [authors]
    return filter(None, map(_line, listed))
