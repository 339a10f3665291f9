"""What tests of the evaluation share: items, replies, and a library with one document."""

from __future__ import annotations

from collections.abc import Sequence

from temsiqa.evaluation.grounding import SourceText
from temsiqa.evaluation.systems import FoundDocument, Reply
from temsiqa.evaluation.testset import Item
from temsiqa.model import Outcome
from temsiqa.record import RecordedCitation, RecordedDisclaimer, RecordedReference, RecordedStatement

DOCUMENT = "guides/giving.md"
TEXT = "Temsirolimus is given once a week. The infusion takes 30 to 60 minutes. The half-life is 17 hours."
GENERAL = "This is no medical advice; ask the team that treats you."
OWN = "This handbook does not replace a clinician."


class OneDocument:
    """A library that holds ``TEXT``, which carries a disclaimer."""

    disclaimers: Sequence[str] = (GENERAL,)

    def source(self, document: str) -> SourceText | None:
        """The one document."""
        return SourceText(TEXT, (OWN,)) if document == DOCUMENT else None


def item(**given: object) -> Item:
    """An item that wants an answer, unless it is told otherwise."""
    return Item.model_validate({"id": "q", "question": "How long?", "expected": "answer", **given})


def citation(quote: str, *, document: str = DOCUMENT, shift: int = 0, keys: Sequence[str] = ()) -> RecordedCitation:
    """A citation of ``quote``, with offsets that are ``shift`` characters off."""
    start = max(TEXT.find(quote), 0) + shift
    references = tuple(RecordedReference(marker=str(n), text=key, key=key) for n, key in enumerate(keys, 1))
    return RecordedCitation(document=document, start=start, end=start + len(quote), quote=quote, reference=references)


def reply(
    *quotes: str,
    name: str = "q",
    outcome: Outcome = Outcome.ANSWERED,
    notice: str = "",
    found: Sequence[str] = (),
    probability: float | None = None,
    citations: Sequence[RecordedCitation] | None = None,
    disclaimers: Sequence[str] = (GENERAL, OWN),
) -> Reply:
    """A reply that states ``quotes``, each cited; without any it abstains, unless the outcome says otherwise."""
    if not quotes and outcome is Outcome.ANSWERED:
        outcome = Outcome.ABSTAINED
    return Reply(
        id=name,
        question="How long?",
        outcome=outcome,
        abstained=not quotes and outcome is not Outcome.URGENT,
        triage=outcome is Outcome.URGENT,
        answer_text="\n\n".join(part for part in (notice, *quotes) if part),
        notice=notice,
        statements=tuple(RecordedStatement(text=quote, citations=(n,)) for n, quote in enumerate(quotes, 1)),
        citations=tuple(map(citation, quotes)) if citations is None else tuple(citations),
        disclaimers=tuple(
            RecordedDisclaimer(text=text, document=DOCUMENT if text == OWN else None) for text in disclaimers
        ),
        generation="0" * 32,
        policy="1",
        found=tuple(FoundDocument(document=one, score=1 / n) for n, one in enumerate(found, 1)),
        probability=probability,
    )
