from __future__ import annotations

from dataclasses import replace

from temsiqa.answering.compose import Draft
from temsiqa.model import (
    Audience,
    Citation,
    Disclaimer,
    EvidenceLevel,
    Outcome,
    Provenance,
    Statement,
)
from temsiqa.safety.disclaim import disclaim
from temsiqa.safety.policy import load_policy
from temsiqa.safety.texts import FixedTexts

POLICY = load_policy()
FIRST = Disclaimer("For research use only.", "a.md")
SECOND = Disclaimer("Made by a machine.", "b.md")


def cite(document: str, *disclaimers: Disclaimer) -> Citation:
    provenance = Provenance(document, EvidenceLevel.UNVERIFIED)
    return Citation(document, 0, 4, "text", (), (), (), provenance, disclaimers)


def texts(language: str = "en") -> FixedTexts:
    return FixedTexts(POLICY, Audience.PATIENT, language)


DRAFT = Draft(Outcome.ABSTAINED, "Nothing found.", (), (), ())


def test_general_disclaimers_come_first_and_always() -> None:
    answer = disclaim(DRAFT, "q", "g", texts())
    assert [d.text for d in answer.disclaimers] == list(POLICY.disclaimers)
    assert all(d.document is None for d in answer.disclaimers)
    assert (answer.question, answer.generation, answer.policy) == ("q", "g", POLICY.version)


def test_each_cited_document_adds_its_own_once_in_order() -> None:
    statements = (Statement("x", (cite("a.md", FIRST), cite("b.md", SECOND))), Statement("y", (cite("a.md", FIRST),)))
    answer = disclaim(replace(DRAFT, outcome=Outcome.ANSWERED, statements=statements), "q", "g", texts())
    assert answer.disclaimers[len(POLICY.disclaimers) :] == (FIRST, SECOND)


def test_a_related_passage_adds_its_documents_too() -> None:
    answer = disclaim(replace(DRAFT, related=(cite("b.md", SECOND),)), "q", "g", texts())
    assert answer.disclaimers[-1] == SECOND


def test_in_another_language_the_general_disclaimers_are_said_twice() -> None:
    answer = disclaim(DRAFT, "q", "g", texts("pl"))
    assert [d.text for d in answer.disclaimers] == [POLICY.translations["pl"]["general"], *POLICY.disclaimers]
