"""Explanations: that what they tell is what happened, checked by hand on the tiny corpus."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

from support import INFUSION_ANSWER, INFUSION_QUESTION, HashEncoder, build_index, write_corpus
from temsiqa.answering.cross_encoder import CrossEncoder
from temsiqa.answering.operating_point import Logistic, OperatingPoint, OperatingPoints
from temsiqa.assistant import Assistant
from temsiqa.explanation import Decision, ExplainedAnswer, Explanation, StepStage, explain, explained
from temsiqa.index.generation import Generation, load_current
from temsiqa.model import Answer, EvidenceLevel, Opinion, Outcome
from temsiqa.safety.classifier import Thresholds, TriageClassifier
from temsiqa.safety.policy import Policy, load_policy

# Weights that are exact in binary, so that sums by hand are those of the program.
SENTENCE = Logistic(weights={"sentence": 4.0, "covered": 2.0}, intercept=-1.5)
ANSWER = Logistic(weights={"best": 1.5, "unknown": -0.5, "size": 0.25}, intercept=-0.75)
READ_TOGETHER = Logistic(weights={"cross": 0.5}, intercept=0.25)
EMERGENCY = "I cannot breathe and my throat is swelling"
DISPUTES = """
- id: infusion-time
  topic: "How long the infusion takes"
  sides:
    - {document: reviews/mechanism.md, sentence: "The infusion of temsirolimus takes two hours."}
    - {document: guides/giving.md, sentence: "The infusion of temsirolimus takes 30 to 60 minutes."}
  better: 2
  why: "The review is old."
"""
PREMISES = """
- id: tablet
  assumes: "It is a tablet."
  wordings: [it is a tablet]
  document: guides/giving.md
  sentence: "Temsirolimus is given as an infusion once a week."
"""
TWO_QUESTIONS = "How long does the infusion take, and what are the side effects?"


class ReadsLetters:
    """A cross-encoder without a model: the more letters a sentence has, the more likely it answers."""

    fingerprint = "letters"

    def log_odds(self, question: str, sentences: Sequence[str]) -> NDArray[np.float32]:
        """One for ten letters."""
        return np.array([len(sentence) / 10 for sentence in sentences], dtype=np.float32)


def point(sentence: Logistic, answer: Logistic, threshold: float, cross_encoder: str | None = None) -> OperatingPoint:
    """An operating point set by hand."""
    return OperatingPoint(
        method="by hand",
        data="none",
        cross_encoder=cross_encoder,
        sentence=sentence,
        answer=answer,
        threshold=threshold,
    )


def answering(generation: Generation, threshold: float = 0.5) -> Generation:
    """``generation`` with operating points set by hand."""
    points = OperatingPoints(
        without=point(SENTENCE, ANSWER, threshold),
        with_cross_encoder=point(READ_TOGETHER, Logistic(weights={"best": 1.0}, intercept=0.0), 0.25, "letters"),
    )
    return replace(generation, manifest=generation.manifest.model_copy(update={"operating_points": points}))


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(None)


@pytest.fixture(scope="module")
def assistant(tiny_index: Path, hash_encoder: HashEncoder, policy: Policy) -> Assistant:
    return Assistant(answering(load_current(tiny_index)), hash_encoder, policy)


@pytest.fixture(scope="module")
def disputing(tmp_path_factory: pytest.TempPathFactory, hash_encoder: HashEncoder, policy: Policy) -> Assistant:
    """Over sources that disagree, and that put a premise right."""
    folder = tmp_path_factory.mktemp("disputing")
    corpus = write_corpus(folder / "corpus", "The infusion of temsirolimus takes two hours.")
    (corpus / "disputes.yaml").write_text(DISPUTES, encoding="utf-8")
    (corpus / "premises.yaml").write_text(PREMISES, encoding="utf-8")
    build_index(folder / "index", corpus, hash_encoder)
    return Assistant(answering(load_current(folder / "index"), 0.2), hash_encoder, policy)


def explanation(assistant: Assistant, question: str, *history: str) -> Explanation:
    return explained(assistant, question, history).explanation


def step(assistant: Assistant, question: str, *history: str) -> StepStage:
    """The step of a message that asks one thing."""
    (only,) = explanation(assistant, question, *history).steps
    return only


def values(decision: Decision) -> dict[str, float]:
    return {feature.feature: feature.value for feature in decision.features}


def sigmoid(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


def test_the_answer_is_the_same_as_without(assistant: Assistant) -> None:
    answer = explained(assistant, "And of sirolimus?", ["What is its half-life?"], "staff")
    plain = assistant.answer("And of sirolimus?", ["What is its half-life?"], "staff")
    assert {f.name: getattr(answer, f.name) for f in fields(Answer)} == {
        f.name: getattr(plain, f.name) for f in fields(Answer)
    }


def test_an_explained_answer_needs_its_disclaimers_too(assistant: Assistant) -> None:
    answer = explained(assistant, INFUSION_QUESTION)
    with pytest.raises(ValueError, match="disclaimer"):
        replace(answer, disclaimers=())


def test_an_explanation_cannot_be_changed(assistant: Assistant) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        explanation(assistant, INFUSION_QUESTION).disclaimers = ()


def test_triage_tells_the_signs_in_words(assistant: Assistant) -> None:
    told = explanation(assistant, EMERGENCY)
    assert (told.triage.message, told.triage.outcome) == (EMERGENCY, Outcome.URGENT)
    assert told.triage.rules[0].id == "airway_swelling"
    assert told.triage.rules[0].sign == "Swollen face, lips, tongue or throat; trouble breathing or swallowing"
    assert "S3" in told.triage.rules[0].sources
    assert (told.outcome.outcome, told.outcome.forced) == (Outcome.URGENT, True)


def test_no_rule_fires_on_an_ordinary_question(assistant: Assistant) -> None:
    told = explanation(assistant, INFUSION_QUESTION)
    assert (told.triage.outcome, told.triage.rules, told.outcome.forced) == (None, (), False)
    assert told.outcome.outcome is Outcome.ANSWERED


class TakesAllForUrgent(TriageClassifier):
    """A classifier without a network."""

    def __init__(self, urgent: float) -> None:
        self.thresholds = Thresholds(method="by hand", weights="none", urgent=0.5, call_today=0.25)
        self._urgent = urgent

    def judge(self, message: str) -> Opinion:
        """The same of every message."""
        return Opinion(urgent=self._urgent, call_today=0.875)


@pytest.mark.parametrize(
    ("urgent", "outcome", "sign"),
    [
        (0.75, Outcome.URGENT, "Reads like an emergency: probability 0.75, counts from 0.5"),
        (0.125, Outcome.CALL_TODAY, "Reads like a call today: probability 0.875, counts from 0.25"),
    ],
)
def test_a_second_opinion_is_a_rule_of_its_own(
    tiny_index: Path, hash_encoder: HashEncoder, policy: Policy, urgent: float, outcome: Outcome, sign: str
) -> None:
    second = replace(policy, classifier=TakesAllForUrgent(urgent))
    told = explanation(Assistant(load_current(tiny_index), hash_encoder, second), INFUSION_QUESTION)
    assert (told.triage.outcome, told.outcome.outcome) == (outcome, outcome)
    assert [(rule.id, rule.sign, rule.sources) for rule in told.triage.rules] == [
        ("classifier", sign, ("safety/MODEL_CARD.md",))
    ]
    opinion = told.triage.opinion
    assert opinion
    assert (opinion.urgent, opinion.urgent_from) == (urgent, 0.5)
    assert (opinion.call_today, opinion.call_today_from) == (0.875, 0.25)


def test_no_second_opinion_where_rules_see_an_emergency(assistant: Assistant) -> None:
    assert explanation(assistant, EMERGENCY).triage.opinion is None


def test_a_query_tells_what_was_mended_mapped_and_left_out(assistant: Assistant) -> None:
    query = step(assistant, "I am so tierd since the infusion").query
    assert query.mended == {"tierd": "tired"}
    assert query.left_out == ("since", "the", "infusion")
    assert query.mapped == "fatigue tired"
    assert query.text == "i am so tired fatigue tired"
    assert query.topics == ("fatigue tired",)
    assert query.leans_on == ""


def test_a_query_tells_what_it_leans_on(assistant: Assistant) -> None:
    query = step(assistant, "And their duration?", "What is temsirolimus?", "How long is the infusoin?").query
    assert (query.question, query.mapped) == ("And their duration?", "")
    assert query.leans_on == "how long is the infusion intravenous infusion"
    assert query.text == f"{query.leans_on} and their duration"
    assert query.asked == ("durat",)
    assert query.terms == ("durat", "long", "infus", "intraven")


def test_a_query_tells_what_nobody_knows(assistant: Assistant) -> None:
    query = step(assistant, "How long does the infusion take with zorblax?").query
    assert query.names == ("zorblax",)
    assert query.subjects == (("zorblax",),)


def test_a_source_that_is_asked_about_is_told(assistant: Assistant) -> None:
    assert step(assistant, "Who wrote the ward handbook on giving temsirolimus?").source == "guides/giving.md"
    assert step(assistant, INFUSION_QUESTION).source is None


def test_that_references_are_asked_for_is_told(assistant: Assistant) -> None:
    assert step(assistant, "Which paper is the half-life from?").with_references
    assert not step(assistant, INFUSION_QUESTION).with_references


def test_each_question_of_a_message_has_its_step(assistant: Assistant) -> None:
    told = explanation(assistant, TWO_QUESTIONS)
    assert told.triage.message == TWO_QUESTIONS
    assert [s.query.question for s in told.steps] == ["How long does the infusion take", "what are the side effects?"]
    assert INFUSION_ANSWER in told.steps[0].candidates[0].quote
    assert told.steps[1].candidates[0].document == "guides/giving.md"


def test_passages_come_in_their_order_with_their_scores(assistant: Assistant) -> None:
    passages = step(assistant, INFUSION_QUESTION).passages
    hits = assistant.walk(INFUSION_QUESTION).steps[0].hits
    assert [p.rank for p in passages] == [1, 2, 3, 4, 5]
    assert [p.score for p in passages] == sorted((p.score for p in passages), reverse=True)
    assert [(p.dense, p.lexical) for p in passages] == [(round(h.dense, 4), round(h.lexical, 4)) for h in hits]
    first = passages[0]
    assert (first.document, first.section) == ("guides/giving.md", ("Dose",))
    assert (first.evidence_level, first.retracted) == (EvidenceLevel.GUIDELINE, None)
    assert sum(p.candidates for p in passages) == step(assistant, INFUSION_QUESTION).candidates_in_all
    assert first.candidates == 1  # the one of its sentences that tells a time
    # No BM25 score is better, and a guideline is eight steps up.
    assert first.score == pytest.approx(0.65 * first.dense + 0.35 * 1 + 0.01 * 8, abs=2e-4)


def test_a_passage_that_was_not_heard_is_told(tmp_path: Path, hash_encoder: HashEncoder, policy: Policy) -> None:
    corpus = write_corpus(tmp_path / "corpus")
    guide = corpus / "guides" / "giving.md"
    guide.write_text(guide.read_text(encoding="utf-8").replace(": guideline", ": label"), encoding="utf-8")
    build_index(tmp_path / "index", corpus, hash_encoder)
    assistant = Assistant(answering(load_current(tmp_path / "index")), hash_encoder, policy)
    passages = step(assistant, "Is the infusion of temsirolimus given once a week?").passages
    assert {p.document: p.candidates for p in passages if not p.candidates} == {"notes/half-life.md": 0}
    assert [p.evidence_level for p in passages if not p.candidates] == [EvidenceLevel.VENDOR_NOTE] * 2


def test_sources_that_disagree_are_told(disputing: Assistant) -> None:
    told = step(disputing, INFUSION_QUESTION).disagreement
    assert told
    assert (told.dispute, told.topic, told.why) == (
        "infusion-time",
        "How long the infusion takes",
        "The review is old.",
    )
    assert [(side.document, side.quote) for side in told.sides] == [
        ("guides/giving.md", "The infusion of temsirolimus takes 30 to 60 minutes."),
        ("reviews/mechanism.md", "The infusion of temsirolimus takes two hours."),
    ]
    for side in told.sides:
        assert disputing.generation.document(side.document).text[side.start : side.end] == side.quote
    assert step(disputing, "What does temsirolimus inhibit?").disagreement is None


def test_what_puts_a_message_right_is_told(disputing: Assistant) -> None:
    (quoted,) = explanation(disputing, "Since it is a tablet, when do I take it?").corrections
    assert (quoted.document, quoted.quote) == ("guides/giving.md", "Temsirolimus is given as an infusion once a week.")
    assert explanation(disputing, INFUSION_QUESTION).corrections == ()


def test_disclaimers_go_with_a_correction_that_is_not_in_the_answer(disputing: Assistant) -> None:
    answer = explained(disputing, f"{EMERGENCY}, since it is a tablet, what is sunitinib used for")
    told = answer.explanation
    assert (answer.outcome, answer.statements) == (Outcome.URGENT, ())  # an emergency is told nothing else
    assert ([s.candidates for s in told.steps], len(told.corrections)) == ([()], 1)
    assert told.disclaimers == disputing.generation.document("guides/giving.md").disclaimers


def test_candidates_are_judged_by_their_features(assistant: Assistant) -> None:
    candidates = step(assistant, INFUSION_QUESTION).candidates
    assert [c.rank for c in candidates] == list(range(1, len(candidates) + 1))
    assert [c.probability for c in candidates] == sorted((c.probability for c in candidates), reverse=True)
    for found in candidates:
        odds = -1.5 + 4 * found.features["sentence"] + 2 * found.features["covered"]
        assert found.probability == pytest.approx(sigmoid(odds), abs=2e-4)
    best = candidates[0]
    assert best.quote == "The infusion of temsirolimus takes 30 to 60 minutes."
    assert (best.document, best.passage) == ("guides/giving.md", 1)
    assert (best.features["lexical"], best.features["expected"], best.features["source"]) == (1, 1, 0)


def test_a_candidate_stands_where_it_says(assistant: Assistant) -> None:
    told = step(assistant, INFUSION_QUESTION)
    for found in told.candidates:
        document = assistant.generation.document(found.document)
        assert document.text[found.start : found.end] == found.quote
        assert told.passages[found.passage - 1].document == found.document


def test_contributions_add_up_to_the_log_odds_of_the_probability(assistant: Assistant) -> None:
    told = step(assistant, "Is the infusion of temsirolimus given once a week?")
    decision, own = told.decision, values(told.decision)
    best = -1.5 + 4 * told.candidates[0].features["sentence"] + 2 * told.candidates[0].features["covered"]
    assert own["best"] == pytest.approx(best, abs=5e-4)
    assert own["size"] == pytest.approx(math.sqrt(2 * math.log(10)), abs=1e-4)  # the tiny corpus has ten sentences
    odds = -0.75 + 1.5 * own["best"] - 0.5 * own["unknown"] + 0.25 * own["size"]
    assert decision.log_odds == pytest.approx(odds, abs=5e-4)
    assert decision.intercept + sum(f.contribution for f in decision.features) == pytest.approx(odds, abs=5e-4)
    assert decision.probability == pytest.approx(sigmoid(odds), abs=2e-4)
    assert (decision.operating_point, decision.threshold, decision.overruled) == ("without", 0.5, None)


def test_each_feature_has_its_own_weight(assistant: Assistant) -> None:
    decision = step(assistant, INFUSION_QUESTION).decision
    assert {f.feature: f.weight for f in decision.features if f.weight} == ANSWER.weights
    for feature in decision.features:
        assert feature.contribution == pytest.approx(feature.value * feature.weight, abs=2e-4)


def test_a_wrong_weight_is_found_out(assistant: Assistant, policy: Policy) -> None:
    walk = assistant.walk(INFUSION_QUESTION)
    wrong = point(SENTENCE, Logistic(weights={**ANSWER.weights, "best": 1.25}, intercept=-0.75), 0.5)
    points = assistant.generation.manifest.operating_points.model_copy(update={"without": wrong})
    manifest = assistant.generation.manifest.model_copy(update={"operating_points": points})
    decision = explain(walk, replace(assistant.generation, manifest=manifest), policy).steps[0].decision
    assert abs(sigmoid(decision.log_odds) - decision.probability) > 0.01


@pytest.mark.parametrize(("threshold", "said"), [(0.2, True), (0.999, False)])
def test_the_threshold_decides(
    tiny_index: Path, hash_encoder: HashEncoder, policy: Policy, threshold: float, said: bool
) -> None:
    assistant = Assistant(answering(load_current(tiny_index), threshold), hash_encoder, policy)
    told = explanation(assistant, INFUSION_QUESTION)
    decision = told.steps[0].decision
    assert (decision.said, decision.threshold, decision.overruled) == (said, threshold, None)
    assert (decision.probability >= threshold) == said
    assert told.outcome.outcome is (Outcome.ANSWERED if said else Outcome.ABSTAINED)


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("What is the price of temsirolimus?", "figure"),
        ("What is sunitinib used for?", "no sentence"),
        ("what is it like", "looked up"),
    ],
)
def test_what_overrules_the_features_is_told(
    tiny_index: Path, hash_encoder: HashEncoder, policy: Policy, question: str, why: str
) -> None:
    decision = step(Assistant(answering(load_current(tiny_index), 0.01), hash_encoder, policy), question).decision
    assert not decision.said
    assert decision.overruled
    assert why in decision.overruled


def test_the_operating_point_is_the_one_that_was_used(
    tiny_index: Path, hash_encoder: HashEncoder, policy: Policy
) -> None:
    reader = cast("CrossEncoder", ReadsLetters())
    assistant = Assistant(answering(load_current(tiny_index)), hash_encoder, policy, cross_encoder=reader)
    told = step(assistant, INFUSION_QUESTION)
    assert (told.decision.operating_point, told.decision.threshold) == ("with_cross_encoder", 0.25)
    assert {f.feature: f.weight for f in told.decision.features if f.weight} == {"best": 1.0}
    assert told.candidates[0].probability == pytest.approx(
        sigmoid(0.25 + 0.5 * told.candidates[0].features["cross"]), abs=1e-4
    )
    without = Assistant(assistant.generation, hash_encoder, policy)
    assert "cross" not in step(without, INFUSION_QUESTION).candidates[0].features


def test_long_sentences_are_shortened_and_the_first_ten_are_shown(
    tmp_path: Path, hash_encoder: HashEncoder, policy: Policy
) -> None:
    long = "Temsirolimus infusion bags, " + "very " * 40 + "slowly filled, hang high."
    short = " ".join(f"Infusion number {number} is given." for number in range(12))
    corpus = write_corpus(tmp_path / "corpus", f"{long} {short}")
    build_index(tmp_path / "index", corpus, hash_encoder)
    assistant = Assistant(answering(load_current(tmp_path / "index")), hash_encoder, policy)
    told = step(assistant, "temsirolimus infusion bags")
    assert len(told.candidates) == 10
    assert told.candidates_in_all > 10
    (found,) = [c for c in told.candidates if c.quote.endswith("…")]
    assert 150 < len(found.quote) <= 161
    assert found.quote.endswith("very…")
    assert long.startswith(found.quote[:-1])
    assert assistant.generation.document(found.document).text[found.start : found.end] == long


def test_numbers_have_four_digits(assistant: Assistant) -> None:
    def figures(value: object) -> list[float]:
        if isinstance(value, dict):
            return [figure for part in value.values() for figure in figures(part)]
        if isinstance(value, list | tuple):
            return [figure for part in value for figure in figures(part)]
        return [value] if isinstance(value, float) else []

    found = figures(explanation(assistant, INFUSION_QUESTION).model_dump())
    assert len(found) > 50
    assert all(figure == round(figure, 4) for figure in found)


def test_what_is_quoted_has_its_disclaimers(assistant: Assistant) -> None:
    answer = explained(assistant, INFUSION_QUESTION)
    told = answer.explanation
    assert told.outcome.disclaimers == answer.disclaimers
    assert told.outcome.cautions == answer.cautions
    quoted = {candidate.document for s in told.steps for candidate in s.candidates}
    carried = {d for name in quoted for d in assistant.generation.document(name).disclaimers}
    assert len(carried) == 2
    assert carried <= {*told.disclaimers, *told.outcome.disclaimers}
    assert not set(told.disclaimers) & set(told.outcome.disclaimers)


def test_an_explanation_survives_json(assistant: Assistant) -> None:
    told = explanation(assistant, TWO_QUESTIONS)
    assert Explanation.model_validate_json(told.model_dump_json()) == told
    assert isinstance(explained(assistant, TWO_QUESTIONS), ExplainedAnswer)
