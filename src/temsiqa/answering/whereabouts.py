"""Where sentences stand in a generation: by their words, by a selection, and which of them say nearly the same."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from temsiqa.answering.select import SAME, Selection
from temsiqa.documents.markers import without_markers
from temsiqa.index.encode import Vectors
from temsiqa.index.generation import Generation


class Whereabouts:
    """Sentence numbers of one generation."""

    def __init__(self, generation: Generation) -> None:
        self._generation = generation

    def find(self, document: str, words: str) -> int | None:
        """The number of the sentence of ``document`` that reads ``words`` without its markers."""
        if document not in self._generation.documents:
            return None
        text, markers = self._generation.documents[document].quote, self._generation.documents[document].markers
        sentences = self._generation.sentences
        return next(
            (n for n in self._numbers[document] if without_markers(text(sentences[n].span), markers) == words), None
        )

    def selection(self, number: int) -> Selection:
        """The sentence of that number as a statement of its own."""
        passage = self._generation.passages[self._generation.passage_of[number]]
        return Selection(passage.document, passage.section, (self._generation.sentences[number],))

    def vectors(self, selections: Sequence[Selection]) -> Vectors:
        """Of all sentences of ``selections``, float32 of shape (number of sentences, dimension)."""
        sentences = self._generation.sentences
        wanted = {(s.document, sentence.span) for s in selections for sentence in s.sentences}
        documents = dict.fromkeys(s.document for s in selections)
        numbers = [n for d in documents for n in self._numbers[d] if (d, sentences[n].span) in wanted]
        return self._generation.sentence_vectors[numbers]

    def unlike(self, said: Sequence[Selection], others: Sequence[Selection]) -> tuple[Selection, ...]:
        """Those of ``others`` that do not repeat what was ``said``, in the same place or in nearly the same words."""
        if not said:
            return tuple(others)
        known = self.vectors(said)
        return tuple(other for other in others if float((self.vectors([other]) @ known.T).max(initial=0.0)) <= SAME)

    @cached_property
    def _numbers(self) -> dict[str, range]:
        """The sentences of each document that has any: they stand together."""
        generation = self._generation
        owners = [passage.document for passage in generation.passages]
        starts = np.searchsorted(generation.passage_of, np.arange(len(owners) + 1)).tolist()
        numbers: dict[str, range] = {}
        for place, owner in enumerate(owners):
            first = numbers[owner].start if owner in numbers else starts[place]
            numbers[owner] = range(first, starts[place + 1])
        return numbers
