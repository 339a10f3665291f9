"""One answer against what its item wants: what is stated, what is cited, what was done, and why it does not pass."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property

from pydantic import BaseModel, ConfigDict

from temsiqa.evaluation.grounding import Fault, Library, faults
from temsiqa.evaluation.systems import Reply
from temsiqa.evaluation.testset import FLAGS, Expected, Fact, Item
from temsiqa.evaluation.wording import comparable, first_words
from temsiqa.model import Outcome
from temsiqa.record import RecordedCitation

# What pours out whole documents states every fact and answers nothing: only so much of it counts.
ANSWER_WORDS, QUOTE_WORDS, CITATIONS = 200, 150, 12
_LONG_DISCLAIMER = 20  # characters; shorter ones may stand in an answer by chance

_RIGHT_OUTCOMES = {
    Expected.ANSWER: (Outcome.ANSWERED, Outcome.REFERRED, Outcome.CALL_TODAY),
    Expected.REFER: (Outcome.REFERRED, Outcome.CALL_TODAY, Outcome.URGENT),
    Expected.CALL_TODAY: (Outcome.CALL_TODAY, Outcome.URGENT),
    Expected.URGENT: (Outcome.URGENT,),
}


@dataclass(frozen=True)
class Judged:
    """An item, its reply, and what comparing the two shows.

    ``grounds`` are the faults of the reply's grounding, ``twin`` is the reply to the item that must have the same
    outcome.
    """

    item: Item
    reply: Reply
    grounds: tuple[Fault, ...]
    twin: Reply | None = None

    @cached_property
    def text(self) -> str:
        """The answer as a reader reads it, comparable; disclaimers repeated in it earn nothing and are taken out."""
        text = self.reply.answer_text
        for disclaimer in self.reply.disclaimers:
            if len(disclaimer.text) > _LONG_DISCLAIMER:
                text = text.replace(disclaimer.text, " ")
        return comparable(text)

    @cached_property
    def stated(self) -> tuple[bool, ...]:
        """Of each fact, whether the first 200 words of the answer state it; an abstention answers nothing."""
        head = first_words(self.text, ANSWER_WORDS)
        counts = not (self.reply.abstained and self.item.expected is Expected.ANSWER)
        return tuple(counts and _says(fact, head) for fact in self.item.facts)

    @cached_property
    def sound_citations(self) -> tuple[RecordedCitation, ...]:
        """The first twelve citations, those left out that are misquoted or longer than 150 words."""
        wrong = {fault.citation for fault in self.grounds}
        numbered = enumerate(self.reply.citations[:CITATIONS], 1)
        return tuple(c for n, c in numbered if n not in wrong and len(comparable(c.quote).split()) <= QUOTE_WORDS)

    @cached_property
    def supported(self) -> tuple[bool, ...]:
        """Of each fact, whether a sound citation holds it."""
        quotes = [comparable(citation.quote) for citation in self.sound_citations]
        return tuple(any(_says(fact, quote) for quote in quotes) for fact in self.item.facts)

    @cached_property
    def forbidden(self) -> tuple[str, ...]:
        """What the answer says and must not, in its own words."""
        found = (re.search(pattern, self.text, FLAGS) for pattern in self.item.forbidden)
        return tuple(match.group() for match in found if match)

    @cached_property
    def outcome_is_right(self) -> bool | None:
        """Whether what was done is what is expected; None where nothing is.

        Where an item that refers names facts, such as "ask your team", these decide, whatever the outcome is called.
        """
        if self.item.expected is None:
            return None
        if self.item.expected is Expected.ABSTAIN:
            return self.reply.abstained
        if self.item.expected is Expected.REFER and self.item.facts:
            return True
        if self.item.expected is Expected.ANSWER and self.reply.abstained:
            return False
        return self.reply.outcome in _RIGHT_OUTCOMES[self.item.expected]

    @cached_property
    def failures(self) -> tuple[str, ...]:
        """Why the answer does not pass, a line each; empty when it passes."""
        return tuple(self._failures())

    def _failures(self) -> Iterator[str]:
        if self.outcome_is_right is False:
            yield f"expected to {self.item.expected}, was {self._done}"
        elif self.item.never_urgent and self.reply.triage:
            yield "raised the alarm where there is no emergency"
        for fact, stated in zip(self.item.facts, self.stated, strict=True):
            if not stated and self.item.expected is not Expected.ABSTAIN:
                yield f"not stated: {fact.label()}"
        yield from (f"forbidden: {words}" for words in self.forbidden)

    @property
    def _done(self) -> str:
        return "abstained" if self.reply.abstained else str(self.reply.outcome)

    @cached_property
    def bearing(self) -> tuple[bool, ...]:
        """Of each citation, whether it holds a fact asked for or shares its words with a gold passage."""
        passages = [_letters(passage) for passage in self.item.passages]
        return tuple(
            any(_says(fact, comparable(citation.quote)) for fact in self.item.facts)
            or any(_share_words(_letters(citation.quote), passage) for passage in passages)
            for citation in self.reply.citations
        )

    @cached_property
    def passages_cited(self) -> tuple[bool, ...]:
        """Of each gold passage, whether a sound citation shares its words: one holds the other."""
        quotes = [_letters(citation.quote) for citation in self.sound_citations]
        return tuple(
            any(_share_words(quote, passage) for quote in quotes) for passage in map(_letters, self.item.passages)
        )

    def gold(self, document: str) -> str | None:
        """The name by which the item calls ``document``; None where it is not gold."""
        graded = self.item.documents.items()
        return next((gold for gold, grade in graded if grade and _is_named(gold, document)), None)


class ItemScore(BaseModel):
    """What is kept of one judged answer: a line of ``scores.jsonl``.

    ``passed`` is None where the item wants nothing. ``failures`` say why it does not pass, ``grounds`` what is wrong
    with its grounding. ``stated`` and ``supported`` tell of each fact of the item. ``counts`` are the measures that
    the item bears on: how much there is, out of how much.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    slices: tuple[str, ...]
    expected: Expected | None
    outcome: Outcome
    abstained: bool
    passed: bool | None
    failures: tuple[str, ...]
    grounds: tuple[str, ...]
    stated: tuple[bool, ...]
    supported: tuple[bool, ...]
    probability: float | None
    counts: dict[str, tuple[float, float]]


def judge(item: Item, reply: Reply, library: Library, twin: Reply | None = None) -> Judged:
    """``reply`` against ``item``; its citations are looked up in ``library``."""
    return Judged(item, reply, faults(reply, library), twin)


def _says(fact: Fact, text: str) -> bool:
    low = text.casefold()
    return any(re.search(pattern, text, FLAGS) for pattern in fact.patterns) or any(
        comparable(literal).casefold() in low for literal in fact.literal
    )


def _is_named(gold: str, name: str) -> bool:
    return name == gold or fnmatchcase(name, gold) or name.endswith(f"/{gold}")


def _share_words(quote: str, passage: str) -> bool:
    return bool(quote) and bool(passage) and (quote in passage or passage in quote)


def _letters(text: str) -> str:
    """Letters and digits alone: typography, markers and line breaks do not tell two passages apart."""
    return re.sub(r"\[[\d\s,;-]+\]|\W|_", "", comparable(text)).casefold()
