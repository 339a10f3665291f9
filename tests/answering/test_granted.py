"""What is stated or taken for granted counts, what is asked or denied does not."""

from __future__ import annotations

import pytest

from temsiqa.answering.granted import clauses
from temsiqa.documents.patterns import Pattern

WORDINGS = [
    Pattern(wording)
    for wording in ("is|it's|its .. a tablet", "is .. approved for breast", "approved .. for breast", "no risk")
]


def takes_for_granted(message: str) -> bool:
    return any(
        clause.grants(place, wording.spelt)
        for clause in clauses(message)
        for wording in WORDINGS
        if (place := wording.find(clause.words))
    )


@pytest.mark.parametrize(
    "message",
    [
        "Since it is a tablet, can I crush it?",
        "can i crush it since it is a tablet",
        "Why is it approved for breast cancer?",
        "Can you tell me why it is approved for breast cancer?",
        "when was it approved for breast cancer",
        "As it's a tablet should I chew it?",
        "Given that it is a tablet, how is it stored?",
        "It is a tablet, right?",
        "it's a tablet, isn't it?",
        "It is a tablet. Correct?",
        "it's a tablet so how do i take it",
        "I was told it is a tablet",
        "There is no risk, so can I go out?",
        "Sé que it is a tablet: when do I take it?",
    ],
)
def test_statements_and_what_questions_rest_on_are_granted(message: str) -> None:
    assert takes_for_granted(message)


@pytest.mark.parametrize(
    "message",
    [
        "Is it a tablet?",
        "is it a tablet",
        "Hi, is it a tablet or a drip?",
        "Is it a tablet, yes or no?",
        "so it is a tablet?",
        "I want to know whether it is a tablet",
        "tell me if it is a tablet",
        "Do you know if it is approved for breast cancer?",
        "approved for breast cancer",
        "Approved for breast cancer?",
        "It is not a tablet, so how is it given?",
        "why isn't it approved for breast cancer",
        "Why is it not approved for breast cancer?",
        "is there no risk?",
        "If it is a tablet, can I crush it?",
        "Isn't it a tablet?",
    ],
)
def test_questions_denials_and_key_words_are_not(message: str) -> None:
    assert not takes_for_granted(message)


def test_a_question_that_follows_without_a_comma_is_a_clause_of_its_own() -> None:
    lead, question = clauses("for my lymphoma should it be before food?")
    assert (lead.words, lead.leads, lead.asks) == (("for", "my", "lymphoma"), True, False)
    assert (question.words[0], question.leads, question.asks) == ("should", False, True)


@pytest.mark.parametrize("message", ["", " ", "?!", "...", ",,,", "right?", "- - -", "\n;"])
def test_messages_of_nothing_have_no_clauses_that_hurt(message: str) -> None:
    assert all(clause.words for clause in clauses(message))
