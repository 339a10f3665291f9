"""Questions on a source itself: who wrote it, when, where; they are answered from its provenance, not from its text."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence

from temsiqa.answering.select import Selection
from temsiqa.documents.canonical import one_line
from temsiqa.index.generation import Generation
from temsiqa.index.words import terms
from temsiqa.model import BlockKind, Document, Query, Sentence

_ASKS = re.compile(
    r"\bwho (?:wrote|made|writes|published|publishes|issued|is behind|is the (?:author|publisher)|are the authors)\b"
    r"|\b(?:authors?|publisher|doi|licen[cs]e|date) of (?:the|this|that)\b"
    r"|\bwhen (?:was|were|is|did)\b.*\b(?:written|published|issued|updated|revised|made|dated)\b"
    r"|\bhow (?:old|recent|current|up to date) is\b",
    re.IGNORECASE,
)
# Words that ask, not those that name a source.
_ASKING = frozenset(
    terms("who wrote made writes published publishes issued behind author authors publisher doi licence license date "
          "when written updated revised dated how old recent current up to date page text document source")
)  # fmt: skip
_ASKS_FOR_REFERENCE = re.compile(
    r"\b(?:which|what|whose) (?:paper|study|article|source|ref|reference|citation|publication|number|figure)s?\b"
    r"|\bwhere (?:does|do|did|is|are|was|were)\b.*\b(?:come|came|taken|published) ?(?:from)?\b"
    r"|\b(?:source|ref|reference|citation)s? (?:for|of|behind) (?:that|this|the)\b|\bwho says (?:so|that|this)\b",
    re.IGNORECASE,
)
# "reference no. 4", "[20] is which article?", "number 18 in the list"
_NUMBERED = re.compile(
    r"\b(?:ref(?:erence)?s?|citations?|footnotes?|brackets?(?: number)?)\b\W{0,3}"
    r"(?:(?:no|nr|number)\b\W{0,3})?(\d{1,3})\b"
    r"|\b(?:no|nr|number|entry|item)\b\W{0,3}(\d{1,3})\b.*\b(?:reference|citation|bibliography|list)\b"
    r"|(?<![\d.,])\[(\d{1,3})\]",
    re.IGNORECASE,
)
# Of more lists than these, nobody can tell which one was meant.
_MOST_LISTS = 3
_POINTS_BACK = re.compile(r"\b(?:that|this|it|these|those|the (?:figure|number|claim))\b", re.IGNORECASE)
_LEAST_SHARE = 0.6


def asks_for_reference(question: str) -> bool:
    """Whether ``question`` asks where a statement of the literature comes from."""
    return bool(_ASKS_FOR_REFERENCE.search(question))


def without_asking_for_reference(question: str, before: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The question whose answer is meant by "which paper is that from": the last one of ``before``; and what preceded.

    Any other question is returned as it is.
    """
    if before and asks_for_reference(question) and _POINTS_BACK.search(question):
        return before[-1], before[:-1]
    return question, before


class Sources:
    """The documents of one generation by their names."""

    def __init__(self, generation: Generation) -> None:
        self._documents = generation.documents
        self._names = {d.id: frozenset(terms(_name(d))) for d in generation.documents.values()}
        self._counts = Counter(term for name in self._names.values() for term in name)

    def asked_about(self, query: Query) -> str | None:
        """The id of the one document whose provenance ``query`` asks for, or None.

        Its title, publisher, kind or path must hold most of what the question names, by inverse document frequency, and
        more of it than any other's.
        """
        if not _ASKS.search(query.question):
            return None
        named = {term: self._weight(term) for term in terms(" ".join(query.words)) if term not in _ASKING}
        total = sum(named.values())
        shares = sorted(
            ((sum(w for t, w in named.items() if t in name), name_id) for name_id, name in self._names.items()),
            reverse=True,
        )
        best, second = shares[0], shares[1] if len(shares) > 1 else (0.0, "")
        return best[1] if total and best[0] >= _LEAST_SHARE * total and best[0] > second[0] else None

    def numbered(self, query: Query) -> tuple[Selection, ...]:
        """The entries of reference lists that ``query`` asks for by their number, where it is clear which are meant."""
        asked = {next(filter(None, found.groups())) for found in _NUMBERED.finditer(query.question)}
        documents = [self._documents[name] for name in query.sources or self._documents]
        entries = {document.id: _entries(document, asked) for document in documents} if asked else {}
        listing = [Selection(name, (), found) for name, found in entries.items() if found]
        return tuple(listing) if len(listing) <= _MOST_LISTS else ()

    def _weight(self, term: str) -> float:
        return math.log(1 + len(self._names) / (1 + self._counts[term]))


def _entries(document: Document, markers: Collection[str]) -> tuple[Sentence, ...]:
    """What stands in the reference list of ``document`` under ``markers``."""
    wanted = {reference.text for reference in document.references if reference.marker in markers}
    listed = (s for block in document.blocks if block.kind is BlockKind.REFERENCES for s in block.sentences)
    return tuple(sentence for sentence in listed if one_line(document.quote(sentence.span)) in wanted)


def _name(document: Document) -> str:
    provenance = document.provenance
    words = (provenance.title, provenance.publisher or "", provenance.kind or "", *provenance.authors)
    return " ".join((*words, re.sub(r"[/._-]", " ", document.id)))


def described(document: Document) -> str:
    """What is known of a source, in one line; what its file does not say is said to be not stated."""
    provenance = document.provenance
    identifiers = ", ".join(f"{i.scheme} {i.value}" for i in provenance.identifiers)
    facts = {
        "authors": ", ".join(provenance.authors),
        "publisher": provenance.publisher or "",
        "date": provenance.date or "",
        "kind": provenance.kind or "",
    }
    extra = {"licence": provenance.licence or "", "identifiers": identifiers, "link": provenance.url or ""}
    said = [f"{name}: {value or 'not stated'}" for name, value in facts.items()]
    said += [f"{name}: {value}" for name, value in extra.items() if value]
    return f"{provenance.title}. {'; '.join(said)}."
