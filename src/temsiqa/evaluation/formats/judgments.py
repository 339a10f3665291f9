"""Queries with judged documents, in the layouts of BEIR (Thakur et al. 2021) and of TREC."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from pydantic import AliasChoices, BaseModel, Field, ValidationError

from temsiqa.evaluation.formats.json_file import read_json_lines
from temsiqa.evaluation.formats.record import (
    Found,
    Mistake,
    Record,
    UnreadableError,
    at_line,
    decoded,
    mistakes_in,
    read_bytes,
)

_HEADER = re.compile(r"query[-_]?id\tcorpus[-_]?id\tscore", re.IGNORECASE)
_BEIR = re.compile(r"(?P<query>[^\t]+)\t(?P<document>[^\t]+)\t(?P<grade>-?[0-9]{1,9})")
_TREC = re.compile(r"(?P<query>\S+)\s+Q?[0-9]+\s+(?P<document>\S+)\s+(?P<grade>-?[0-9]{1,9})")
_QUERIES = ("queries.jsonl", "queries.jsonl.gz", "queries.tsv", "topics.tsv")

Judgments = dict[str, dict[str, int]]


class _Query(BaseModel):
    id: str = Field(validation_alias=AliasChoices("_id", "id", "query_id"), coerce_numbers_to_str=True)
    text: str = Field(validation_alias=AliasChoices("text", "question", "query"))


def are_judgments(text: str) -> bool:
    """Whether the first line is one of judgments: BEIR's header or columns, or TREC's columns."""
    return any(pattern.fullmatch(_first(text)) for pattern in (_HEADER, _BEIR, _TREC))


def read_collection(folder: Path) -> Found:
    """What ``qrels/test.tsv`` of a collection judges, or its only file of judgments. Raises ``UnreadableError``."""
    files = sorted((folder / "qrels").glob("*.tsv"))
    chosen = next((file for file in files if file.name == "test.tsv"), files[0] if len(files) == 1 else None)
    if chosen is None:
        found = ", ".join(file.name for file in files) or "none"
        raise UnreadableError(
            str(folder),
            f"a folder is read when it is BEIR's, with qrels/test.tsv or one other (found: {found}); name a file",
        )
    return read_judged(decoded(read_bytes(chosen), chosen.name), chosen)


def read_judged(text: str, path: Path) -> Found:
    """A record for each query with a relevant document; its text is looked up beside ``path`` or one folder up.

    Raises ``UnreadableError`` when there are no queries.
    """
    judged: Judgments = defaultdict(dict)
    columns = _TREC if _TREC.fullmatch(_first(text)) else _BEIR
    for line, row in _lines(text):
        if match := columns.fullmatch(row):
            judged[match["query"]][match["document"]] = int(match["grade"])
        elif not _HEADER.fullmatch(row):
            yield Mistake(at_line(path.name, line), "", f"{row[:40]!r} is no judgment; write query, document and grade")
    yield from _asked(judged, path)


def _asked(judged: Judgments, path: Path) -> Found:
    """The queries that were judged, with what is relevant to them; a mistake for each that is not there."""
    queries = _beside(path)
    missing = dict(judged)
    for one in _queries(queries):
        query = _understood(one) if isinstance(one, Record) else one
        if not isinstance(query, _Query):
            yield query
            continue
        # What was judged to be beside the point counts no more than what nobody looked at.
        relevant = {document: grade for document, grade in judged.get(query.id, {}).items() if grade > 0}
        if relevant:
            yield Record(one.where, {"id": query.id, "question": query.text, "documents": relevant})
        missing.pop(query.id, None)
    for name in missing:
        yield Mistake(path.name, "", f"query {name!r} is not in {queries.name}; add it there")


def _beside(path: Path) -> Path:
    near = [folder / name for folder in (path.parent, path.parent.parent) for name in _QUERIES]
    found = next((candidate for candidate in near if candidate.is_file()), None)
    if found is None:
        names = ", ".join(_QUERIES)
        raise UnreadableError(path.name, f"no queries beside it or one folder up; put one of {names} there")
    return found


def _queries(path: Path) -> Found:
    text = decoded(read_bytes(path), path.name)
    return read_json_lines(text, path.name) if ".jsonl" in path.suffixes else _columns(text, path.name)


def _columns(text: str, name: str) -> Found:
    for line, row in _lines(text):
        query, tab, words = row.partition("\t")
        if tab:
            yield Record(at_line(name, line), {"id": query, "text": words})
        else:
            yield Mistake(at_line(name, line), "", "no tab behind the id; put one there, then the query")


def _understood(record: Record) -> _Query | Mistake:
    try:
        return _Query.model_validate(record.fields)
    except ValidationError as error:
        return next(mistakes_in(error, record.where))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines with something in them, and their numbers."""
    return ((number, line.strip()) for number, line in enumerate(text.split("\n"), 1) if line.strip())


def _first(text: str) -> str:
    return next((row for _, row in _lines(text)), "")
