"""The corpus check: what must hold for every document that the literature is made of, told by file and line."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from temsiqa.documents.canonical import CELL_BREAK, EMPTY_CELL
from temsiqa.documents.corpus import corpus_files
from temsiqa.documents.disputes import DISPUTES, read_disputes
from temsiqa.documents.markers import markers_in, without_markers
from temsiqa.documents.plain_yaml import plain_yaml
from temsiqa.documents.premises import PREMISES, read_premises
from temsiqa.documents.read import read_document
from temsiqa.documents.sources import SOURCES, Source, read_sources
from temsiqa.documents.stated import Stated
from temsiqa.errors import CorpusError, DocumentError
from temsiqa.model import BlockKind, Document, Sentence

LONGEST_FAQ_SENTENCE = 40
_REQUIRED = ("title", "publisher", "date", "kind", "evidence_level", "reviewed", "review_by", "references")
_OWN_WORDS = frozenset({".md", ".txt"})  # what others wrote is not held to these rules
_KNOWN = frozenset({*Stated.model_fields, "reviewed", "review_by"})
_NO_FACT = frozenset({BlockKind.CAPTION, BlockKind.BYLINE, BlockKind.REFERENCES, BlockKind.NOTICE})


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing to mend: where it is and what the rule says."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class _Checked:
    """One file as it is checked: raw text, raw front matter, document."""

    name: str
    raw: str
    head: Mapping[str, Any]
    document: Document
    sources: Mapping[str, Source]
    today: date

    def line_of(self, words: str) -> int:
        """The line of the file on which ``words`` begin, 1 when they are not found as they are."""
        beginning = words.replace(f"{CELL_BREAK}{EMPTY_CELL}", "")[:40]
        for number, line in enumerate(self.raw.split("\n"), 1):
            if beginning in line or beginning in " ".join(re.sub(r"[*_`|]", " ", line).split()):
                return number
        return 1

    def at(self, words: str, message: str) -> Finding:
        """A finding on the line where ``words`` begin."""
        return Finding(self.name, self.line_of(words), message)


def check_corpus(folder: Path, today: date) -> list[Finding]:
    """Everything that has to be mended in ``folder``, by file and line. Raises ``CorpusError`` if it cannot be read."""
    findings: list[Finding] = []
    documents: dict[str, Document] = {}
    sources = read_sources(folder)
    for path in (path for path in corpus_files(folder) if path.suffix in _OWN_WORDS):
        name = path.relative_to(folder).as_posix()
        try:
            document = read_document(path, name)
            raw = path.read_text(encoding="utf-8-sig")
        except DocumentError as error:
            findings.append(Finding(name, 1, str(error)))
            continue
        documents[name] = document
        checked = _Checked(name, raw, _head(raw), document, sources, today)
        findings += [finding for rule in _RULES for finding in rule(checked)]
    findings += _book(folder, sources, documents)
    findings += _disputed(folder, documents)
    findings += _assumed(folder, documents)
    if not documents and not findings:
        raise CorpusError(f"{folder}: holds no document; name the folder of the literature")
    return sorted(findings)


def _head(raw: str) -> Mapping[str, Any]:
    match = re.match(r"---\n(.*?)\n---\n", raw, re.DOTALL)
    data = plain_yaml(match.group(1)) if match else None
    return data if isinstance(data, dict) else {}


def _front_matter(checked: _Checked) -> Iterator[Finding]:
    for field in checked.head:
        if field not in _KNOWN:
            yield checked.at(f"{field}:", f"front matter: {field!r} is no field of a document; mend or remove it")
    for field in _REQUIRED:
        if field not in checked.head:
            yield Finding(checked.name, 1, f"front matter: {field} is missing; add it, null where it is not known")
    for field in ("title", "kind", "evidence_level"):
        if field in checked.head and not checked.head[field]:
            yield checked.at(f"{field}:", f"front matter: {field} is empty; fill it in")


def _review(checked: _Checked) -> Iterator[Finding]:
    for field in ("reviewed", "review_by"):
        shown = checked.head.get(field)
        if field not in checked.head:
            continue
        try:
            day = date.fromisoformat(str(shown))
        except ValueError:
            yield checked.at(f"{field}:", f"{field} {shown!r} is no date; write YYYY-MM-DD")
            continue
        if field == "review_by" and day < checked.today:
            yield checked.at("review_by:", f"review was due by {day}; review the sources and set a new date")
        if field == "reviewed" and day > checked.today:
            yield checked.at("reviewed:", f"reviewed {day} lies in the future; write the day of the review")


def _markers(checked: _Checked) -> Iterator[Finding]:
    known = {reference.marker for reference in checked.document.references}
    used = set(markers_in(checked.document.text))
    for sentence in _sentences(checked.document):
        words = checked.document.quote(sentence.span)
        if not sentence.markers and _is_factual(sentence, words):
            yield checked.at(words, f"no marker on {words[:60]!r}; cite its source as [n]")
        for marker in sentence.markers:
            if marker not in known:
                yield checked.at(words, f"marker [{marker}] is in no reference list; add reference {marker} or mend it")
    for marker in sorted(known - used, key=int):
        yield checked.at(f"- {{marker: {marker},", f"reference {marker} is cited nowhere; cite it or remove it")


def _references(checked: _Checked) -> Iterator[Finding]:
    entries = [entry for entry in checked.head.get("references") or [] if isinstance(entry, dict)]
    counts = Counter(str(entry.get("marker")) for entry in entries)
    for marker, count in counts.items():
        if count > 1:
            yield checked.at(f"- {{marker: {marker},", f"reference {marker} is listed {count} times; number them anew")
    for entry in entries:
        key, where = entry.get("key"), f"- {{marker: {entry.get('marker')},"
        if key and key not in checked.sources:
            yield checked.at(where, f"source {key!r} is not in {SOURCES}; add it there or mend the key")
        if not key and not entry.get("text"):
            yield checked.at(where, "a reference has neither key nor text; give one")
        if entry.get("url") and not _is_url(str(entry["url"])):
            yield checked.at(where, f"{entry['url']!r} is no URL; write https://… or null")
    if checked.head.get("url") and not _is_url(str(checked.head["url"])):
        yield checked.at("url:", f"{checked.head['url']!r} is no URL; write https://… or null")


def _wording(checked: _Checked) -> Iterator[Finding]:
    for number, line in enumerate(checked.raw.split("\n"), 1):
        if "UNCONFIRMED" in line:
            yield Finding(checked.name, number, "an UNCONFIRMED was left in; remove the fact or confirm it")
        if not unicodedata.is_normalized("NFC", line):
            yield Finding(checked.name, number, "text is not in Unicode normal form C; save it in NFC")


def _plainness(checked: _Checked) -> Iterator[Finding]:
    for sentence in _sentences(checked.document):
        words = without_markers(checked.document.quote(sentence.span), checked.document.markers)
        length = len(words.split())
        if sentence.kind is BlockKind.FAQ and length > LONGEST_FAQ_SENTENCE:
            yield checked.at(words, f"an FAQ sentence of {length} words, the most is {LONGEST_FAQ_SENTENCE}; split it")


_RULES: tuple[Callable[[_Checked], Iterator[Finding]], ...] = (
    _front_matter,
    _review,
    _markers,
    _references,
    _wording,
    _plainness,
)


def _book(folder: Path, sources: Mapping[str, Source], documents: Mapping[str, Document]) -> Iterator[Finding]:
    """Addresses of the book are URLs; a source that no document cites is not part of the literature."""
    if not sources:
        return
    lines = (folder / SOURCES).read_text(encoding="utf-8").split("\n")
    cited = {reference.key for document in documents.values() for reference in document.references}
    for key, source in sources.items():
        line = next((n for n, text in enumerate(lines, 1) if text.startswith(f"{key}:")), 1)
        if source.url and not _is_url(source.url):
            yield Finding(SOURCES, line, f"{source.url!r} is no URL; write https://… or null")
        if key not in cited:
            yield Finding(SOURCES, line, f"source {key} is cited by no document; cite it or remove it")


def _disputed(folder: Path, documents: Mapping[str, Document]) -> Iterator[Finding]:
    """Every side of a dispute must still stand in its document, word for word."""
    disputes = read_disputes(folder)
    lines = _lines_of(folder / DISPUTES, [dispute.id for dispute in disputes])
    counts = Counter(dispute.id for dispute in disputes)
    for dispute in disputes:
        line, name = lines[dispute.id], f"dispute {dispute.id!r}"
        if counts[dispute.id] > 1:
            yield Finding(DISPUTES, line, f"{name} is listed {counts[dispute.id]} times; rename one")
        if dispute.better is not None and not 1 <= dispute.better <= len(dispute.sides):
            yield Finding(DISPUTES, line, f"{name}: better is {dispute.better}, not one of its sides")
        for side in dispute.sides:
            for message in _unsaid(side.sentence, side.document, documents):
                yield Finding(DISPUTES, line, f"{name}: {message}")


def _assumed(folder: Path, documents: Mapping[str, Document]) -> Iterator[Finding]:
    """What corrects a premise must still stand in its document, word for word, and a premise needs a wording."""
    premises = read_premises(folder)
    lines = _lines_of(folder / PREMISES, [premise.id for premise in premises])
    counts = Counter(premise.id for premise in premises)
    for premise in premises:
        line, name = lines[premise.id], f"premise {premise.id!r}"
        if counts[premise.id] > 1:
            yield Finding(PREMISES, line, f"{name} is listed {counts[premise.id]} times; rename one")
        if not premise.wordings and not premise.mentions:
            yield Finding(PREMISES, line, f"{name}: no wording leads to it; add wordings or mentions")
        for message in _unsaid(premise.sentence, premise.document, documents):
            yield Finding(PREMISES, line, f"{name}: {message}")


def _lines_of(path: Path, ids: Iterable[str]) -> dict[str, int]:
    """The line of a list of entries on which each id stands first, 1 when it is not found as it is."""
    lines = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
    beginnings = {name: re.compile(rf"- id: [\"']?{re.escape(name)}\b") for name in ids}
    return {
        name: next((number for number, line in enumerate(lines, 1) if beginning.match(line)), 1)
        for name, beginning in beginnings.items()
    }


def _unsaid(sentence: str, name: str, documents: Mapping[str, Document]) -> Iterator[str]:
    """What is wrong when document ``name`` does not say ``sentence``."""
    if name not in documents:
        yield f"document {name} is gone"
    elif sentence not in _spoken(documents[name]):
        yield f"{name} no longer says {sentence!r}"


def _spoken(document: Document) -> set[str]:
    markers = document.markers
    return {without_markers(document.quote(sentence.span), markers) for sentence in _sentences(document)}


def _sentences(document: Document) -> Iterator[Sentence]:
    return (sentence for block in document.blocks for sentence in block.sentences)


def _is_factual(sentence: Sentence, words: str) -> bool:
    """Lead-ins, captions and bylines state nothing of their own."""
    return sentence.kind not in _NO_FACT and not words.endswith(":")


def _is_url(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and "." in parts.netloc and not any(c.isspace() for c in text)
