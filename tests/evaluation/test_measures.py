"""Measures on cases small enough to work by hand."""

from __future__ import annotations

import pytest

from evaluation_support import DOCUMENT, GENERAL, OneDocument, citation, item, reply
from support import REPOSITORY
from temsiqa.evaluation.curves import WHOLE_MEASURES
from temsiqa.evaluation.measures import MEASURES, Better, squad_tokens, token_overlap
from temsiqa.evaluation.measures import score as score_of
from temsiqa.evaluation.score import ItemScore, judge
from temsiqa.evaluation.statistics import ratio
from temsiqa.evaluation.systems import Reply
from temsiqa.model import Outcome

QUOTE = "The infusion takes 30 to 60 minutes."
OTHER = "The half-life is 17 hours."


def scored(given: Reply, other: Reply | None = None, **wanted: object) -> ItemScore:
    return score_of(judge(item(**wanted), given, OneDocument(), other))


def measured(name: str, *scores: ItemScore) -> float | None:
    return ratio([score.counts[name] for score in scores if name in score.counts])


def test_every_measure_says_what_it_is_and_has_a_direction() -> None:
    for name, measure in MEASURES.items():
        assert measure.name == name
        assert len(measure.meaning.split()) > 5
        assert measure.better in Better


def test_facts_by_hand() -> None:
    half = scored(reply(QUOTE), facts=["infusion", "once a week"])
    full = scored(reply(QUOTE, OTHER), facts=["infusion", "17 hours"])
    assert measured("facts_stated", half, full) == pytest.approx(0.75)
    assert measured("all_facts_stated", half, full) == pytest.approx(0.5)
    assert measured("passed", half, full) == pytest.approx(0.5)
    assert "facts_stated" not in scored(reply(), expected="abstain").counts


def test_citation_recall_asks_for_what_is_stated_and_support_for_what_is_asked() -> None:
    facts = ["infusion", "17 hours", {"literal": ["ask your team"], "from_policy": True}]
    given = reply(QUOTE, OTHER, notice="Ask your team.", citations=[citation(QUOTE), citation(OTHER, shift=1)])
    assert measured("citation_recall", scored(given, facts=facts)) == pytest.approx(1 / 2)
    missing = reply(QUOTE)
    assert measured("citation_recall", scored(missing, facts=facts)) == pytest.approx(1 / 1)
    assert measured("facts_supported", scored(missing, facts=facts)) == pytest.approx(1 / 2)


def test_citation_precision_is_the_share_of_citations_that_bear_on_the_question() -> None:
    assert measured("citation_precision", scored(reply(QUOTE, OTHER), facts=["infusion"])) == pytest.approx(1 / 2)
    assert measured("citation_precision", scored(reply(QUOTE), passages=[QUOTE])) == pytest.approx(1.0)
    assert "citation_precision" not in scored(reply(QUOTE)).counts


def test_quotes_are_counted_over_all_citations() -> None:
    sound, wrong = citation(QUOTE), citation(OTHER, shift=1)
    one = scored(reply(QUOTE, OTHER, OTHER, citations=[sound, sound, wrong]))
    other = scored(reply(QUOTE))
    assert measured("quotes_real", one, other) == pytest.approx(3 / 4)
    assert measured("records_sound", one, other) == pytest.approx(1 / 2)


def test_disclaimers() -> None:
    assert measured("disclaimers_present", scored(reply(QUOTE)), scored(reply(QUOTE, disclaimers=[GENERAL]))) == 0.5


def test_a_document_called_disclaimer_is_no_disclaimer() -> None:
    elsewhere = reply(QUOTE, citations=[citation(QUOTE, document="disclaimer.md")])
    assert measured("disclaimers_present", scored(elsewhere)) == 1
    assert measured("records_sound", scored(elsewhere)) == 0


def test_documents_sources_and_passages() -> None:
    given = reply(QUOTE, citations=[citation(QUOTE, keys=["S15"])])
    assert measured("document_cited", scored(given, documents=["giving.md"]), scored(given, documents=["x"])) == 0.5
    assert measured("source_cited", scored(given, sources=["S15", "S2"]), scored(given, sources=["S2"])) == 0.5
    assert measured("passage_cited", scored(given, passages=[QUOTE]), scored(given, passages=[OTHER])) == 0.5


def test_abstention_by_hand() -> None:
    """Two right silences, one wrong one, two that are missing: precision 2/3, recall 2/4, F1 4/7."""
    silent, said = reply(), reply(QUOTE)
    scores = [
        *(scored(silent, expected="abstain") for _ in range(2)),
        scored(silent),
        *(scored(said, expected="abstain") for _ in range(2)),
        scored(said),
        scored(silent, expected="refer"),
    ]
    assert measured("abstention_precision", *scores) == pytest.approx(2 / 3)
    assert measured("abstention_recall", *scores) == pytest.approx(2 / 4)
    assert measured("abstention_f1", *scores) == pytest.approx(4 / 7)


def test_triage_by_hand() -> None:
    urgent, calm, today = (reply(outcome=o) for o in (Outcome.URGENT, Outcome.ABSTAINED, Outcome.CALL_TODAY))
    scores = [
        scored(urgent, expected="urgent"),
        scored(today, expected="urgent"),
        scored(urgent, expected="call_today"),
        scored(calm, expected="call_today"),
        scored(urgent, expected=None, never_urgent=True),
        *(scored(calm, expected="abstain") for _ in range(3)),
    ]
    assert measured("emergencies_recognised", *scores) == pytest.approx(1 / 2)
    assert measured("reasons_to_ring_recognised", *scores) == pytest.approx(1 / 2)
    assert measured("false_alarms", *scores) == pytest.approx(1 / 4)


def test_a_pair_of_twins_counts_once() -> None:
    one, other = reply(name="a", outcome=Outcome.URGENT), reply(name="b", outcome=Outcome.CALL_TODAY)
    pair = [scored(one, other, id="a", twin="b"), scored(other, one, id="b", twin="a")]
    assert [score.counts.get("twins_agree") for score in pair] == [(0.0, 1.0), None]


def test_forbidden_statements() -> None:
    said = scored(reply(QUOTE), forbidden=["60 minutes"])
    kept = scored(reply(QUOTE), forbidden=["every day"])
    assert measured("forbidden_statements", said, kept) == pytest.approx(0.5)
    assert "forbidden_statements" not in scored(reply(QUOTE)).counts


@pytest.mark.parametrize(
    ("said", "good", "f1"),
    [
        # the words of the evaluation script's own example classes: articles and punctuation do not count
        ("The cat sat.", "a cat sat", 1.0),
        ("the cat sat on the mat", "cat", 2 * (1 / 4) * 1 / (1 / 4 + 1)),
        ("cat cat", "cat", 2 * 1 / 3),
        ("dog", "cat", 0.0),
        ("the", "an", 1.0),
        ("the", "cat", 0.0),
    ],
)
def test_token_f1_as_squad_defines_it(said: str, good: str, f1: float) -> None:
    assert token_overlap(squad_tokens(said), squad_tokens(good)) == pytest.approx(f1)


def test_the_best_of_the_good_answers_counts_and_silence_where_there_is_none() -> None:
    given = scored(reply("17 hours"), answers=["about a day", "17 hours."])
    assert (measured("exact_match", given), measured("token_f1", given)) == (1.0, 1.0)
    silent = scored(reply(), expected="abstain", answers=["x"])
    assert measured("token_f1", silent) == 1.0


def test_words_and_reading_grade_are_of_what_is_said() -> None:
    assert measured("words", scored(reply(QUOTE))) == 7
    assert "words" not in scored(reply(notice="Nothing was found.")).counts
    # Flesch-Kincaid, Kincaid et al. 1975: 0.39 words a sentence + 11.8 syllables a word − 15.59
    assert measured("reading_grade", scored(reply("The cat sat on the mat."))) == pytest.approx(
        0.39 * 6 + 11.8 * 1 - 15.59, abs=0.1
    )
    assert "reading_grade" not in scored(reply(QUOTE), audience="staff").counts


def test_retrieval_by_hand() -> None:
    """Gold at ranks 2 and 4 of four: RR 1/2, AP (1/2 + 2/4) / 2, R 1, nDCG (1/log2 3 + 1/log2 5) / (1 + 1/log2 3)."""
    given = reply(QUOTE, found=["a", "x/gold.md", "b", DOCUMENT])
    score = scored(given, documents=["gold.md", DOCUMENT])
    assert measured("mrr_10", score) == pytest.approx(1 / 2)
    assert measured("map_10", score) == pytest.approx(1 / 2)
    assert measured("recall_10", score) == pytest.approx(1.0)
    assert measured("ndcg_10", score) == pytest.approx((0.63093 + 0.43068) / 1.63093, abs=1e-4)


def test_grades_count_in_ndcg() -> None:
    """Grades 1 then 3 found: (1/log2 2 + 3/log2 3) / (3/log2 2 + 1/log2 3)."""
    score = scored(reply(QUOTE, found=["a", "b"]), documents={"a": 1, "b": 3})
    assert measured("ndcg_10", score) == pytest.approx((1 + 3 * 0.63093) / (3 + 0.63093), abs=1e-4)


def test_one_gold_document_found_under_several_passages_counts_once() -> None:
    given = reply(QUOTE, found=["x/1.md", "x/2.md", "y"])
    assert measured("recall_10", scored(given, documents=["x/*", "y"])) == pytest.approx(1.0)


def test_a_search_that_finds_nothing_counts_as_nothing() -> None:
    assert measured("recall_10", scored(reply(probability=0.1), documents=["y"])) == 0
    assert "recall_10" not in scored(reply(), documents=["y"]).counts


def test_every_measure_is_documented_in_its_own_words() -> None:
    text = (REPOSITORY / "docs" / "evaluation.md").read_text(encoding="utf-8")
    rows = [(name, str(measure.better), measure.meaning) for name, measure in MEASURES.items()]
    rows += [(name, measure.better, measure.meaning) for name, measure in WHOLE_MEASURES.items()]
    for name, better, meaning in rows:
        assert f"| `{name}` | {better} | {meaning} |\n" in text
