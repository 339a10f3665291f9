"""Files of questions → test sets; or every mistake in them, with line and field."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from pydantic import ValidationError

from temsiqa.errors import EvaluationError, QuestionError
from temsiqa.evaluation.formats.json_file import read_json
from temsiqa.evaluation.formats.judgments import are_judgments, read_collection, read_judged
from temsiqa.evaluation.formats.layouts import Layout, layout_of
from temsiqa.evaluation.formats.medquad import read_medquad
from temsiqa.evaluation.formats.record import Found, Mistake, Record, UnreadableError, decoded, mistakes_in, read_bytes
from temsiqa.evaluation.formats.table import read_table
from temsiqa.evaluation.formats.yaml_file import read_yaml
from temsiqa.evaluation.testset import Expected, Item, TestSet
from temsiqa.question import check_question

__all__ = ["Mistake", "check_test_set", "read_test_set"]

KNOWN = (
    "JSONL, JSON, YAML, CSV or TSV with the fields of docs/test-set.schema.json; SQuAD; BEIR; TREC qrels; MedQuAD; "
    "pairs with question and answer; RAGAS"
)
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[?!A-Za-z]")
_LINES = (".jsonl", ".ndjson")
_DELIMITERS = {".csv": ",", ".tsv": "\t"}


def read_test_set(path: Path) -> TestSet:
    """The test set in a file, or in a folder of BEIR's. Raises ``EvaluationError`` with the first mistake of all."""
    items, mistakes = _read(path)
    if mistakes:
        more = f" (and {len(mistakes) - 1} more)" if len(mistakes) > 1 else ""
        raise EvaluationError(f"{mistakes[0]}{more}; see all: temsiqa eval validate {path}")
    return TestSet(path.name.partition(".")[0] or path.name, tuple(items))


def check_test_set(path: Path) -> list[Mistake]:
    """Every mistake in a test set, in the order of the file; none when it can be used."""
    return _read(path)[1]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A record and what became of it: an item, or mistakes."""

    record: Record
    item: Item | None
    mistakes: tuple[Mistake, ...] = ()


def _read(path: Path) -> tuple[list[Item], list[Mistake]]:
    """The items and the mistakes of a file; the items make a set where there are no mistakes."""
    found = list(_found(path))
    records = [one for one in found if isinstance(one, Record)]
    layout = layout_of(records)
    if layout is None:
        mistakes = [one for one in found if isinstance(one, Mistake)]
        return [], [*mistakes, *_of_no_use(path.name, records)] if records or not mistakes else mistakes
    entries = [one if isinstance(one, Mistake) else _entry(one, n, layout) for n, one in enumerate(found, 1)]
    items = [one.item for one in entries if isinstance(one, _Entry) and one.item]
    return items, list(_mistakes(entries))


def _found(path: Path) -> Found:
    """Records and mistakes, in the order of the file."""
    try:
        yield from _recognised(path)
    except UnreadableError as error:
        yield error.mistake


def _recognised(path: Path) -> Found:
    """As ``_found``: what others write is told by its content, the rest by the name of the file."""
    if path.is_dir():
        return read_collection(path)
    data, name = read_bytes(path), path.name
    if _XML.match(data):
        return read_medquad(data, name)
    text, suffix = decoded(data, name), PurePath(name.removesuffix(".gz")).suffix.lower()
    if are_judgments(text):
        return read_judged(text, path)
    if suffix in (".yaml", ".yml"):
        return read_yaml(text, name)
    if text.lstrip().startswith(("{", "[")) or suffix in (".json", *_LINES):
        return read_json(text, name, suffix in _LINES)
    if suffix in _DELIMITERS:
        return read_table(text, name, _DELIMITERS[suffix])
    raise UnreadableError(name, f"of no known format; known are: {KNOWN}")


def _of_no_use(name: str, records: Sequence[Record]) -> Iterator[Mistake]:
    """The mistake of a set without items, or with records that are none of any layout."""
    if not records:
        yield Mistake(name, "", "holds no item; add one")
        return
    fields = dict.fromkeys(str(field) for one in records for field in one.fields)
    yield Mistake(name, "", f"fields of no known format ({reprlib.repr(list(fields))}); known are: {KNOWN}")


def _entry(record: Record, number: int, layout: Layout) -> _Entry:
    try:
        return _Entry(record, layout.item(record.fields, number))
    except ValidationError as error:
        return _Entry(record, None, tuple(mistakes_in(error, record.where)))


def _mistakes(entries: Sequence[_Entry | Mistake]) -> Iterator[Mistake]:
    """All that is wrong with the entries, each alone and beside the others."""
    whole = [one for one in entries if isinstance(one, _Entry)]
    items = {one.item.id: one.item for one in whole if one.item}
    broken = {str(one.record.fields.get("id")) for one in whole if not one.item}
    places: dict[str, str] = {}
    for one in entries:
        if isinstance(one, Mistake):
            yield one
            continue
        yield from one.mistakes
        if one.item:
            where = one.record.where
            if one.item.id in places:
                yield Mistake(where, "id", f"{one.item.id!r} came before ({places[one.item.id]}); rename one")
            places.setdefault(one.item.id, where)
            for field, message in (*_alone(one.item), *_beside(one.item, items, broken)):
                yield Mistake(where, field, message)


def _alone(item: Item) -> Iterator[tuple[str, str]]:
    """Field and message of what one item contradicts."""
    try:
        check_question(item.question)
    except QuestionError as error:
        yield "question", str(error)
    if item.never_urgent and item.expected is Expected.URGENT:
        yield "never_urgent", "contradicts expected: urgent; leave one out"


def _beside(item: Item, items: Mapping[str, Item], broken: Collection[str]) -> Iterator[tuple[str, str]]:
    """Field and message of what is wrong with the twin of ``item``, but of one that is itself ``broken``."""
    if item.twin is None or item.twin in broken:
        return
    twin = items.get(item.twin)
    if twin is None or twin is item:
        yield "twin", f"{item.twin!r} is the id of no other item; name one"
    elif twin.twin != item.id:
        yield "twin", f"{item.twin!r} does not name this item as its twin; name each in the other"
    elif twin.expected != item.expected:
        yield "twin", f"{item.twin!r} is expected to {twin.expected}, this one to {item.expected}; make them agree"
