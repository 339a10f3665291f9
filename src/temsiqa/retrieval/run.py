"""Queries → a run in the format of TREC, on which programs such as ir-measures and trec_eval compute measures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, Field, StringConstraints, ValidationError

from temsiqa.documents.archive import gunzip
from temsiqa.errors import QuestionError
from temsiqa.model import Audience, Document, Hit, Passage

if TYPE_CHECKING:
    from temsiqa.assistant import Assistant

MOST_DOCUMENTS = 1000
_TAG = "temsiqa"
_GZIP = b"\x1f\x8b"


class By(StrEnum):
    """What documents are ranked by: as answers find them, by vectors alone, or by words alone."""

    FUSED = "fused"
    DENSE = "dense"
    LEXICAL = "lexical"

    def score(self, hit: Hit) -> float:
        """The score of that kind."""
        return {By.FUSED: hit.score, By.DENSE: hit.dense, By.LEXICAL: hit.lexical}[self]


class _Line(BaseModel):
    """One line of a query file; a name is one column of a run, so it holds no blanks."""

    name: Annotated[str, StringConstraints(pattern=r"^\S+$")] = Field(alias="_id", coerce_numbers_to_str=True)
    text: str


def read_queries(path: Path) -> dict[str, str]:
    """The queries of a file of JSON lines with ``_id`` and ``text``, gzip or not, by id in the order of the file.

    Raises ``QuestionError`` or ``DocumentError`` when it cannot be read; a query left out would spoil the measures.
    """
    try:
        data = path.read_bytes()
        lines = (gunzip(data, str(path)) if data.startswith(_GZIP) else data).decode("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"{path}: cannot be read as UTF-8 text; name a JSON lines file") from error
    queries: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            query = _read_line(line, f"{path}: line {number}")
            if query.name in queries:
                raise QuestionError(f"{path}: line {number}: _id {query.name!r} came before; give each query its own")
            queries[query.name] = query.text
    if not queries:
        raise QuestionError(f"{path}: holds no query; write one a line, an object with _id and text")
    return queries


def run_lines(
    assistant: Assistant, queries: Mapping[str, str], by: By, audience: Audience, depth: int
) -> Iterator[str]:
    """For each query the lines of its best documents, at most ``depth``. Raises ``QuestionError`` naming the query."""
    for name, text in queries.items():
        try:
            hits = assistant.search(text, audience, len(assistant.generation.passages))
        except QuestionError as error:
            raise QuestionError(f"query {name}: {error}") from error
        ranked = rank_documents(hits, assistant.generation.documents, by)[:depth]
        yield "".join(f"{name} Q0 {doc} {rank} {score:.9g} {_TAG}\n" for rank, (doc, score) in enumerate(ranked, 1))


def rank_documents(
    hits: Iterable[tuple[Hit, Passage]], documents: Mapping[str, Document], by: By
) -> list[tuple[str, float]]:
    """The numbers and scores of documents, best first; a document is as good as its best passage.

    Ties go by number, the last first, as trec_eval has it. Documents that share no word are not found by words.
    """
    best: dict[str, float] = {}
    for hit, passage in hits:
        number, score = _number(documents[passage.document]), by.score(hit)
        if (by is not By.LEXICAL or score > 0) and score > best.get(number, float("-inf")):
            best[number] = score
    return sorted(best.items(), key=lambda item: (item[1], item[0]), reverse=True)


def write_run(path: Path, lines: Iterable[str]) -> None:
    """Writes a run once all of it is there. Raises ``QuestionError`` when that cannot be done."""
    text = "".join(lines)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise QuestionError(f"{path}: cannot be written ({error.strerror}); name another file for the run") from error


def _read_line(line: str, where: str) -> _Line:
    try:
        return _Line.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = "".join(f"{part}: " for part in first["loc"])
        raise QuestionError(f"{where}: {place}{first['msg']}; a line is an object with _id and text") from error


def _number(document: Document) -> str:
    """What judgments call the document: the id that its collection gave it, or its own; a run knows no blanks."""
    return "%20".join((document.provenance.identifier("id") or document.id).split())
