"""What passes and what does not, worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

from evaluation_support import DOCUMENT, GENERAL, OneDocument, citation, item, reply
from temsiqa.evaluation.score import Judged, judge
from temsiqa.evaluation.systems import Reply
from temsiqa.model import Outcome

QUOTE = "The infusion takes 30 to 60 minutes."
FACTS: list[Any] = [["30\\s*(?:-|to)\\s*60"], "infusion"]


def judged(given: Reply, **wanted: object) -> Judged:
    return judge(item(**wanted), given, OneDocument())


@pytest.mark.parametrize(
    ("given", "wanted", "failures"),
    [
        (reply(QUOTE), {"facts": FACTS}, []),
        (reply(QUOTE), {"facts": [*FACTS, "every day"]}, ["not stated: every day"]),
        (reply(QUOTE), {"facts": FACTS, "forbidden": ["60 min\\w+"]}, ["forbidden: 60 minutes"]),
        (reply(), {"facts": FACTS}, ["expected to answer, was abstained", *["not stated"] * 2]),
        (reply(QUOTE, outcome=Outcome.URGENT), {"facts": FACTS}, ["expected to answer, was urgent"]),
        (reply(QUOTE, outcome=Outcome.REFERRED), {"facts": FACTS}, []),
        (reply(), {"expected": "abstain"}, []),
        (reply(QUOTE), {"expected": "abstain"}, ["expected to abstain, was answered"]),
        (reply(outcome=Outcome.URGENT), {"expected": "abstain"}, ["expected to abstain, was urgent"]),
        (reply(outcome=Outcome.URGENT), {"expected": "urgent"}, []),
        (reply(outcome=Outcome.CALL_TODAY), {"expected": "urgent"}, ["expected to urgent, was abstained"]),
        (reply(outcome=Outcome.URGENT), {"expected": "call_today"}, []),
        (reply(QUOTE), {"expected": "refer"}, ["expected to refer, was answered"]),
        (reply(QUOTE), {"expected": "refer", "facts": FACTS}, []),
        (reply(QUOTE, outcome=Outcome.REFERRED), {"expected": "refer"}, []),
        (reply(outcome=Outcome.URGENT), {"expected": None, "never_urgent": True}, ["raised the alarm"]),
        (reply(QUOTE), {"expected": None, "never_urgent": True}, []),
    ],
)
def test_what_passes(given: Reply, wanted: dict[str, Any], failures: list[str]) -> None:
    found = judged(given, **wanted).failures
    assert len(found) == len(failures)
    assert all(start in line for start, line in zip(failures, found, strict=True))


def test_facts_count_in_the_first_two_hundred_words_only() -> None:
    late = "word " * 199 + "30 to 60"
    assert judged(reply(late), facts=FACTS[:1]).stated == (False,)  # "30" is word 200, "to" and "60" are cut
    assert judged(reply("word " * 197 + "30 to 60"), facts=FACTS[:1]).stated == (True,)


def test_a_disclaimer_repeated_in_the_answer_states_nothing() -> None:
    assert judged(reply(QUOTE, notice=GENERAL), facts=["ask the team"]).stated == (False,)
    assert judged(reply(QUOTE, notice="Ask the team."), facts=["ask the team"]).stated == (True,)


def test_a_fact_is_supported_by_a_sound_quote_only() -> None:
    assert judged(reply(QUOTE), facts=FACTS).supported == (True, True)
    assert judged(reply(QUOTE, citations=[citation(QUOTE, shift=1)]), facts=FACTS).supported == (False, False)
    assert judged(reply(*["given once"] * 12, QUOTE), facts=FACTS[:1]).supported == (False,)  # the thirteenth


def test_literal_wordings_are_no_patterns() -> None:
    assert judged(reply("17.3 hours"), facts=["17.3 HOURS"]).stated == (True,)
    assert judged(reply("1783 hours"), facts=["17.3"]).stated == (False,)


def test_gold_documents_go_by_id_by_ending_and_by_pattern() -> None:
    found = judged(reply(QUOTE), documents=["giving.md", "other/*"])
    assert found.gold(DOCUMENT) == "giving.md"
    assert found.gold("other/x.md") == "other/*"
    assert found.gold("misgiving.md") is None
    assert judged(reply(QUOTE), documents=["trial [2].md"]).gold("trial [2].md") == "trial [2].md"


def test_gold_passages_are_cited_when_one_holds_the_other() -> None:
    found = judged(reply(QUOTE), passages=["infusion takes [3] **30 to 60**", "another passage"])
    assert found.passages_cited == (True, False)
    assert found.bearing == (True,)
