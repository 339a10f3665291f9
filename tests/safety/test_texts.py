from __future__ import annotations

import pytest

from temsiqa.model import Audience, Outcome
from temsiqa.safety.policy import load_policy
from temsiqa.safety.texts import FixedTexts

POLICY = load_policy()
ENGLISH = FixedTexts(POLICY, Audience.STAFF, "en")


def test_english_texts_are_those_for_the_reader() -> None:
    assert ENGLISH.say("urgent") == POLICY.message("urgent", Audience.STAFF) != POLICY.message("urgent")
    assert ENGLISH.disclaimers() == POLICY.disclaimers


def test_places_are_filled() -> None:
    assert ENGLISH.say("searched", passages=7, documents=2) == "Searched: 7 passages of 2 documents."


@pytest.mark.parametrize("language", ["de", "fr", "es", "it", "pt", "pl"])
def test_what_protects_is_said_in_both_languages(language: str) -> None:
    texts = FixedTexts(POLICY, Audience.PATIENT, language)
    for kind in ("urgent", "self_harm", "call_today", "referred"):
        assert texts.say(kind) == f"{POLICY.translations[language][kind]}\n\n{POLICY.message(kind)}"
    assert texts.say("abstained") == POLICY.translations[language]["abstained"]
    assert texts.disclaimers() == (POLICY.translations[language]["general"], *POLICY.disclaimers)


def test_a_language_that_the_policy_lacks_is_answered_in_english() -> None:
    assert FixedTexts(POLICY, Audience.PATIENT, "nl").say("abstained") == POLICY.message("abstained")


def test_quotes_are_announced_only_where_there_are_some() -> None:
    german = FixedTexts(POLICY, Audience.PATIENT, "de")
    assert german.notice(Outcome.ANSWERED, (), quotes=True) == POLICY.translations["de"]["quoted"]
    assert german.notice(Outcome.ANSWERED, (), quotes=False) == ""
    assert ENGLISH.notice(Outcome.ANSWERED, (), quotes=True) == ""
