"""What each part brings: it is taken away, and everything is answered again.

A part is taken away by putting something idle in its place, here and nowhere else: the product has no switches for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain
from unittest.mock import patch

from benchmarks.quality.answers import Asked as AskedSet
from benchmarks.quality.articles import GIVEN, Asked, candidate_ranking, overlaps
from benchmarks.quality.bench import Bench
from benchmarks.quality.figures import Difference, paired_difference
from temsiqa.answering.select import Choice, Selector
from temsiqa.index.encode import Vectors
from temsiqa.model import Hit, Query
from temsiqa.retrieval.glossary import NO_GLOSSARY

ALL = "all sets"
_ARTICLE_QUESTIONS = 100

Passed = dict[str, list[bool]]


class NeverSilent(Selector):
    """Says what is best, however little speaks for it, and nothing only where there is no candidate."""

    def choose(self, query: Query, vector: Vectors, hits: Sequence[Hit]) -> Choice:
        """As ``Selector.choose``, the threshold apart."""
        choice = super().choose(query, vector, hits)
        if choice.selections or not choice.candidates.numbers:
            return choice
        whole = self._whole_list(query, choice.candidates)
        return replace(choice, selections=(whole,) if whole else self._best(choice.candidates))


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the product; ``idle`` maps the dotted names that make it up to what stands in for them."""

    name: str
    idle: Mapping[str, object] = field(default_factory=dict)
    reads_together: bool = True


PARTS = (
    Part("cross-encoder", reads_together=False),
    Part("words in retrieval", {"temsiqa.retrieval.retrieve.fused": lambda dense, lexical: dense}),
    Part("glossary", {"temsiqa.retrieval.understand.read_glossary": lambda text, name: NO_GLOSSARY}),
    Part("spelling", {"temsiqa.retrieval.spelling.Speller.mend": lambda self, word: word}),
    Part("splitting of messages", {"temsiqa.assistant.parts": lambda message: ((message, ""),)}),
    Part("whole lists", {"temsiqa.answering.select.Selector._whole_list": lambda self, query, candidates: None}),
    Part("like questions", {"temsiqa.retrieval.questions.QuestionIndex.overlaps": lambda self, asked: {}}),
    Part(
        "labels before weak sources",
        {"temsiqa.answering.select.Selector._after_label": lambda self, query, candidates, expected: candidates},
    ),
    Part("expected kind of answer", {"temsiqa.answering.select.expectation": lambda question: None}),
    Part("corrected premises", {"temsiqa.answering.premises.Premises.corrections": lambda self, message: ()}),
    Part("both sides of a dispute", {"temsiqa.answering.disagree.Disagreements.on": lambda self, *asked: None}),
    Part("questions on sources", {"temsiqa.answering.sources.Sources.asked_about": lambda self, query: None}),
    Part("abstention", {"temsiqa.assistant.Selector": NeverSilent}),
)


@contextmanager
def without(part: Part) -> Iterator[None]:
    """The product without ``part``. Raises ``AttributeError`` when the product calls it by another name by now."""
    with ExitStack() as stack:
        for name, idle in part.idle.items():
            stack.enter_context(patch(name, idle))
        yield


def ablation(bench: Bench, sets: Sequence[AskedSet], asked: Sequence[Asked]) -> list[Difference]:
    """For each part and each set what taking the part away changes, with paired bootstrap intervals."""
    some = asked[:_ARTICLE_QUESTIONS]
    before = _passed(bench, sets, some)
    differences = []
    for part in PARTS:
        with without(part):
            after = _passed(bench, sets, some, part.reads_together)
        differences += [
            Difference(part.name, data, *paired_difference(passed, after[data])) for data, passed in before.items()
        ]
    return differences


def _passed(bench: Bench, sets: Sequence[AskedSet], asked: Sequence[Asked], reads_together: bool = True) -> Passed:
    """By set, of each question whether it comes out right."""
    passed = {one.name: one.passes(bench.assistant(one.generation, reads_together)) for one in sets if one.has_answers}
    passed[ALL] = list(chain.from_iterable(passed.values()))
    if not asked:
        return passed
    first = overlaps(asked, lambda generation: candidate_ranking(bench.assistant(generation, reads_together)))[1]
    passed[f"{GIVEN}, first sentence"] = first
    return passed
