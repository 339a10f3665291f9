"""Sources that look slipped in to win: they put a likely question, and answer it against what a label says.

Retrieval can be poisoned by a few texts that repeat the question they want to answer (Zou et al. 2024, PoisonedRAG,
arXiv:2402.07867). A document is suspected when a question in it is answered with other figures than every label has for
the same thing, or reassures where labels warn, and when it gives orders to whoever reads it by machine.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from temsiqa.index.encode import Vectors
from temsiqa.model import BlockKind, Document, EvidenceLevel, Passage, Sentence

# Cosines at which two statements are on the same thing, and at which they say the same but for their figures; strong
# evidence has good reasons to differ more often.
_ALIKE = 0.6
_SAME, _SAME_FOR_STRONG = 0.75, 0.88
_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget)\s+(?:all|any|the|every|other|previous|earlier|\s)*\b(?:instructions?|sources?|documents?|rules|labels?)\b"
    r"|\b(?:always|only)\s+(?:answer|cite|quote|prefer|use)\s+(?:from\s+)?this\b"
    r"|\bthis (?:document|source|page|text) (?:supersedes|overrides|replaces|outranks)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"(?P<figures>\d+(?:[.,]\d+)?(?:\s*(?:to|and|or|-|–)\s*\d+(?:[.,]\d+)?)*)\s*(?P<unit>mg/m2|mg/m²|mg/mL|mg|mcg|µg|mL|minutes?|hours?|days?|weeks?|months?)(?!\w)",
    re.IGNORECASE,
)
_REASSURES = re.compile(
    r"\b(?:safe(?:ly)?|harmless|no (?:risk|danger|harm)|no need to \w+|(?:do(?:es)? not|don't) (?:need|have) to \w+|"
    r"fine|without (?:any )?(?:risk|danger|problem)|not dangerous|perfectly)\b",
    re.IGNORECASE,
)
_WARNS = re.compile(
    r"\b(?:avoid|contraindicated|not recommended|should not|must not|do not|warn\w*|serious|fatal|severe|harm)\b",
    re.IGNORECASE,
)


def find_suspects(documents: Mapping[str, Document], passages: Sequence[Passage], vectors: Vectors) -> dict[str, str]:
    """Why each suspected document is, by its id.

    ``vectors`` are those of all sentences in the order of their passages, float32 of shape (sentences, dimension).
    """
    places = [(passage, sentence) for passage in passages for sentence in passage.sentences]
    levels = [documents[passage.document].provenance.evidence_level for passage, _ in places]
    of_label = np.array([level is EvidenceLevel.LABEL for level in levels], dtype=bool)
    document_of = np.unique([passage.document for passage, _ in places], return_inverse=True)[1]
    reasons = {name: reason for name, document in documents.items() if (reason := _orders(document))}
    for number, (passage, sentence) in enumerate(places):
        document = documents[passage.document]
        if passage.document in reasons or not _answers_a_question(document, passage, sentence):
            continue
        others = of_label & (document_of != document_of[number])
        same = _SAME if levels[number].is_weak else _SAME_FOR_STRONG
        said = document.quote(sentence.span)
        labels = [(likeness, _quote(documents, places[i])) for i, likeness in _nearest(vectors, number, others)]
        against = _other_figures(said, labels, same) or _missing_warning(said, labels)
        if against:
            reasons[passage.document] = f"it answers a question with {said!r}, against a label: {against!r}"
    return reasons


def marked(document: Document, reason: str) -> Document:
    """A suspected document counts as unverified whatever it says of itself, and says why."""
    note = f"suspected at build: {reason}"
    provenance = replace(
        document.provenance,
        evidence_level=EvidenceLevel.UNVERIFIED,
        notes=tuple(dict.fromkeys([*document.provenance.notes, note])),
    )
    return replace(document, provenance=provenance)


def _orders(document: Document) -> str | None:
    match = _ORDERS.search(document.text)
    return f"it gives orders: {match.group()!r}" if match else None


def _answers_a_question(document: Document, passage: Passage, sentence: Sentence) -> bool:
    """Whether a sentence stands under a question, or right after one in its passage."""
    if sentence.kind is BlockKind.FAQ or any(title.endswith("?") for title in passage.section[-1:]):
        return True
    before = document.text[: sentence.span.start].rstrip()
    return before.endswith("?")


def _quote(documents: Mapping[str, Document], place: tuple[Passage, Sentence]) -> str:
    return documents[place[0].document].quote(place[1].span)


def _nearest(vectors: Vectors, number: int, among: NDArray[np.bool_]) -> list[tuple[int, float]]:
    """Numbers and likeness of those sentences of ``among`` that are on the same thing, likest first, at most 20."""
    chosen = np.flatnonzero(among)
    likeness = vectors[chosen] @ vectors[number]
    order = np.argsort(-likeness, kind="stable")[:20]
    return [(int(chosen[i]), float(likeness[i])) for i in order if likeness[i] >= _ALIKE]


def _other_figures(said: str, labels: Sequence[tuple[float, str]], same: float) -> str | None:
    """The label statement that says the same with other figures, where no label on the same thing has those of it."""
    for unit, figures in _figures(said).items():
        known = [(likeness, label, _figures(label).get(unit, set())) for likeness, label in labels]
        against = [label for likeness, label, theirs in known if theirs and likeness >= same]
        if against and not any(figures & theirs for _, _, theirs in known):
            return against[0]
    return None


def _missing_warning(said: str, labels: Sequence[tuple[float, str]]) -> str | None:
    """The label statement, among the nearest, that warns of what ``said`` is reassuring about."""
    if not _REASSURES.search(said) or _WARNS.search(_REASSURES.sub("", said)):
        return None
    return next((label for _, label in labels[:3] if _WARNS.search(label) and not _REASSURES.search(label)), None)


def _figures(text: str) -> dict[str, set[str]]:
    """Figures by their unit; both ends of a range count."""
    found: dict[str, set[str]] = {}
    for match in _FIGURE.finditer(text):
        unit = match["unit"].lower().rstrip("s").replace("²", "2")
        found.setdefault(unit, set()).update(re.findall(r"\d+(?:\.\d+)?", match["figures"].replace(",", ".")))
    return found
