"""Questions of the literature that are put in the same words as the one asked: their answers were written for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from temsiqa.index.generation import Generation
from temsiqa.index.words import stem, words
from temsiqa.model import BlockKind

ALIKE = 0.6
_BRANDS = {stem("torisel"): stem("temsirolimus")}


def question_words(tokens: Iterable[str]) -> frozenset[str]:
    """The stems of a question, function words included, the brand taken for the drug."""
    return frozenset(_BRANDS.get(stem(token), stem(token)) for token in tokens)


class QuestionIndex:
    """The questions of question-and-answer pairs, by the passage that answers them."""

    def __init__(self, generation: Generation) -> None:
        self._questions: list[tuple[int, frozenset[str]]] = []
        for number, passage in enumerate(generation.passages):
            document = generation.documents[passage.document]
            asked = {s.lead[0] for s in passage.sentences if s.kind is BlockKind.FAQ and s.lead}
            self._questions += [(number, question_words(words(document.quote(span)))) for span in sorted(asked)]

    def overlaps(self, asked: Sequence[str]) -> dict[int, float]:
        """By passage, the Jaccard index of its question with the words ``asked``, where it is at least ``ALIKE``."""
        own = question_words(asked)
        found: dict[int, float] = {}
        for passage, question in self._questions:
            overlap = len(own & question) / max(len(own | question), 1)
            if overlap >= max(ALIKE, found.get(passage, 0.0)):
                found[passage] = overlap
        return dict(sorted(found.items(), key=lambda item: -item[1]))
