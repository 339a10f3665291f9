"""Why an answer is what it is: for every stage on a message's way what went in and what came out.

The models are the schema of HTTP and of ``--json`` alike. All numbers are rounded to four digits after the point.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

from temsiqa.answering.disagree import Disagreement
from temsiqa.answering.operating_point import Logistic, probability
from temsiqa.answering.select import Choice, Selection
from temsiqa.index.generation import Generation
from temsiqa.index.words import words
from temsiqa.model import Answer, Audience, Disclaimer, Document, EvidenceLevel, Hit, Outcome, Query, Sentence, Triage
from temsiqa.safety.policy import Policy
from temsiqa.safety.triage import CLASSIFIER
from temsiqa.walk import Step, Walk

if TYPE_CHECKING:
    from temsiqa.assistant import Assistant

CANDIDATES_SHOWN = 10
_QUOTED = 160
_DIGITS = 4

Figure = Annotated[float, AfterValidator(lambda value: round(value, _DIGITS))]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FiredRule(_Frozen):
    """A rule of the policy that fired: the sign it stands for, and where the policy has that from."""

    id: str
    sign: str
    sources: tuple[str, ...]


class SecondOpinion(_Frozen):
    """What the classifier makes of a message: probabilities, and from which one on each counts."""

    urgent: Figure
    urgent_from: Figure
    call_today: Figure
    call_today_from: Figure


class TriageStage(_Frozen):
    """What safety saw in ``message`` and in what was said before it; ``outcome`` is what that forces, or None.

    The last rule is ``classifier`` where that raised the outcome. ``opinion`` is None where it was not asked, since the
    rules saw an emergency or the policy has no classifier.
    """

    message: str
    outcome: Outcome | None
    rules: tuple[FiredRule, ...]
    opinion: SecondOpinion | None


class QueryStage(_Frozen):
    """One question of the message and what was made of it.

    ``mended`` has for words as typed those read instead, ``left_out`` are words that count for nothing. ``mapped`` is
    what the glossary adds, ``leans_on`` what comes from the question before; both stand in ``text``, which is encoded.
    ``terms`` are looked up, ``asked`` are those of the question itself. ``sources`` are documents that it names,
    ``subjects`` terms of which an answer has to hold one for each other drug and unknown name. The literature has no
    word for ``topics``, nobody here knows ``names``.
    """

    question: str
    mended: dict[str, str]
    left_out: tuple[str, ...]
    mapped: str
    leans_on: str
    text: str
    terms: tuple[str, ...]
    asked: tuple[str, ...]
    sources: tuple[str, ...]
    subjects: tuple[tuple[str, ...], ...]
    topics: tuple[str, ...]
    names: tuple[str, ...]


class RankedPassage(_Frozen):
    """A passage that was found.

    ``dense`` is its cosine with the question, ``lexical`` its BM25 score, ``question`` how far it answers a question
    put in the same words, ``score`` all of these fused, with the prior for its evidence level. ``candidates`` counts
    its sentences that were judged in the end: none of a weak source where a label has an answer on dose or safety, and
    with a cross-encoder only those that it reads.
    """

    rank: int
    document: str
    section: tuple[str, ...]
    evidence_level: EvidenceLevel
    retracted: str | None
    dense: Figure
    lexical: Figure
    question: Figure
    score: Figure
    candidates: int


class QuotedSentence(_Frozen):
    """Characters ``start`` to ``end`` of a document; ``quote`` may end earlier, with an ellipsis."""

    document: str
    start: int
    end: int
    quote: str


class RankedCandidate(QuotedSentence):
    """A sentence that might answer; ``passage`` is the rank of its passage.

    ``probability`` is that it answers, judged by ``features`` alone.
    """

    rank: int
    passage: int
    features: dict[str, Figure]
    probability: Figure


class Contribution(_Frozen):
    """What one feature brings to the log-odds: its value times its weight."""

    feature: str
    value: Figure
    weight: Figure
    contribution: Figure


class Decision(_Frozen):
    """Whether something is said: what speaks for it, its ``probability`` and the ``threshold`` that has to be reached.

    The contributions and the ``intercept`` add up to ``log_odds``, whose probability it is, unless ``overruled`` says
    why there is an end to it whatever they are.
    """

    operating_point: Literal["with_cross_encoder", "without"]
    features: tuple[Contribution, ...]
    intercept: Figure
    log_odds: Figure
    probability: Figure
    threshold: Figure
    said: bool
    overruled: str | None


class DisagreementStage(_Frozen):
    """Sources that disagree on what is asked; the better supported of its ``sides`` is first."""

    dispute: str
    topic: str
    why: str
    sides: tuple[QuotedSentence, ...]


class StepStage(_Frozen):
    """One question of the message: query → passages → candidates, of which the best are here → decision.

    ``source`` is the document that it asks about, if it asks who wrote one, or when: then its provenance may answer;
    ``numbered`` are the entries of reference lists that it asks for by number: then they are the answer;
    ``with_references`` says that it asks what the literature cites for its answer.
    """

    query: QueryStage
    source: str | None
    numbered: tuple[QuotedSentence, ...]
    with_references: bool
    passages: tuple[RankedPassage, ...]
    candidates: tuple[RankedCandidate, ...]
    candidates_in_all: int
    decision: Decision
    disagreement: DisagreementStage | None


class OutcomeStage(_Frozen):
    """What became of the message; ``forced`` tells that triage decided on it, whatever the literature says."""

    outcome: Outcome
    forced: bool
    cautions: tuple[str, ...]
    disclaimers: tuple[Disclaimer, ...]


class Explanation(_Frozen):
    """The stages of a message, in their order.

    ``corrections`` put right what the message takes for granted. ``disclaimers`` belong to documents that are quoted
    here and not cited in the answer: they go with their words.
    """

    triage: TriageStage
    corrections: tuple[QuotedSentence, ...]
    steps: tuple[StepStage, ...]
    outcome: OutcomeStage
    disclaimers: tuple[Disclaimer, ...]


@dataclass(frozen=True, slots=True)
class ExplainedAnswer(Answer):
    """An answer that says why it is what it is."""

    explanation: Explanation


def explained(
    assistant: Assistant, question: str, history: Sequence[str] = (), audience: Audience | str = Audience.PATIENT
) -> ExplainedAnswer:
    """As ``assistant.answer``, with the explanation. Raises ``QuestionError`` when nothing is asked or too much."""
    walk = assistant.walk(question, history, audience)
    answer = {field.name: getattr(walk.answer, field.name) for field in fields(walk.answer)}
    return ExplainedAnswer(**answer, explanation=explain(walk, assistant.generation, assistant.policy))


def explain(walk: Walk, generation: Generation, policy: Policy) -> Explanation:
    """What happened to a message on its way through ``generation`` under ``policy``."""
    steps = tuple(_step(step, generation) for step in walk.steps)
    corrections = _quoted(walk.steps[0].corrections, generation)
    outcome = OutcomeStage(
        outcome=walk.answer.outcome,
        forced=walk.triage.outcome is not None,
        cautions=walk.answer.cautions,
        disclaimers=walk.answer.disclaimers,
    )
    return Explanation(
        triage=_triage(walk, policy),
        corrections=corrections,
        steps=steps,
        outcome=outcome,
        disclaimers=_carried([*corrections, *_quotes(steps)], walk.answer, generation),
    )


def _quotes(steps: Iterable[StepStage]) -> Iterator[QuotedSentence]:
    for step in steps:
        yield from step.numbered
        yield from step.candidates
        if step.disagreement:
            yield from step.disagreement.sides


def _carried(quotes: Iterable[QuotedSentence], answer: Answer, generation: Generation) -> tuple[Disclaimer, ...]:
    """The disclaimers of the documents of ``quotes`` that are not on ``answer``."""
    quoted = dict.fromkeys(quote.document for quote in quotes)
    carried = (disclaimer for name in quoted for disclaimer in generation.document(name).disclaimers)
    return tuple(disclaimer for disclaimer in carried if disclaimer not in answer.disclaimers)


def _triage(walk: Walk, policy: Policy) -> TriageStage:
    fired = [rule for rule in policy.rules if rule.id in walk.triage.rules]
    rules = [FiredRule(id=rule.id, sign=rule.sign, sources=rule.sources) for rule in fired]
    opinion = _second_opinion(walk.triage, policy)
    if opinion and CLASSIFIER in walk.triage.rules:
        rules.append(_raised(opinion, walk.triage.outcome))
    return TriageStage(message=walk.answer.question, outcome=walk.triage.outcome, rules=tuple(rules), opinion=opinion)


def _second_opinion(triage: Triage, policy: Policy) -> SecondOpinion | None:
    if not (triage.opinion and policy.classifier):
        return None
    given, thresholds = triage.opinion, policy.classifier.thresholds
    return SecondOpinion(
        urgent=given.urgent,
        urgent_from=thresholds.urgent,
        call_today=given.call_today,
        call_today_from=thresholds.call_today,
    )


def _raised(opinion: SecondOpinion, outcome: Outcome | None) -> FiredRule:
    """The classifier as a rule."""
    if outcome is Outcome.URGENT:
        sign = f"Reads like an emergency: probability {opinion.urgent}, counts from {opinion.urgent_from}"
    else:
        sign = f"Reads like a call today: probability {opinion.call_today}, counts from {opinion.call_today_from}"
    return FiredRule(id=CLASSIFIER, sign=sign, sources=("safety/MODEL_CARD.md",))


def _step(step: Step, generation: Generation) -> StepStage:
    return StepStage(
        query=_query(step.query),
        source=step.source,
        numbered=_quoted(step.numbered, generation),
        with_references=step.with_references,
        passages=_passages(step, generation),
        candidates=_candidates(step, generation),
        candidates_in_all=len(step.choice.candidates.numbers),
        decision=_decision(step.choice, generation),
        disagreement=_disagreement(step.disagreement, generation),
    )


def _query(query: Query) -> QueryStage:
    mended, left_out = _reading(query)
    leans_on, mapped = _around(query)
    return QueryStage(
        question=query.question,
        mended=mended,
        left_out=left_out,
        mapped=mapped,
        leans_on=leans_on,
        text=query.text,
        terms=query.terms,
        asked=query.asked,
        sources=query.sources,
        subjects=query.subjects,
        topics=query.topics,
        names=query.names,
    )


def _reading(query: Query) -> tuple[dict[str, str], tuple[str, ...]]:
    """Words as typed that were read as others, and words that were left out."""
    typed = words(query.question)
    new = [word for word in query.words if word not in typed]
    gone = [word for word in dict.fromkeys(typed) if word not in query.words]
    mended = {word: near[0] for word in gone if (near := get_close_matches(word, new, 1))}
    return mended, tuple(word for word in gone if word not in mended)


def _around(query: Query) -> tuple[str, str]:
    """What stands in the encoded text before the question's own words, and what after them."""
    own = " ".join(query.words)
    if set(query.terms) == set(query.asked):  # nothing was taken from the history
        return "", query.text.removeprefix(own).strip()
    before, _, after = f" {query.text} ".rpartition(f" {own} ")
    return before.strip(), after.strip()


def _passages(step: Step, generation: Generation) -> tuple[RankedPassage, ...]:
    judged = Counter(int(generation.passage_of[number]) for number in step.choice.candidates.numbers)
    return tuple(_passage(rank, hit, judged[hit.passage], generation) for rank, hit in enumerate(step.hits, 1))


def _passage(rank: int, hit: Hit, candidates: int, generation: Generation) -> RankedPassage:
    passage = generation.passages[hit.passage]
    provenance = generation.document(passage.document).provenance
    return RankedPassage(
        rank=rank,
        document=passage.document,
        section=passage.section,
        evidence_level=provenance.evidence_level,
        retracted=provenance.retracted,
        dense=hit.dense,
        lexical=hit.lexical,
        question=hit.question,
        score=hit.score,
        candidates=candidates,
    )


def _candidates(step: Step, generation: Generation) -> tuple[RankedCandidate, ...]:
    best = step.choice.candidates.first(CANDIDATES_SHOWN)
    ranks = {hit.passage: rank for rank, hit in enumerate(step.hits, 1)}
    return tuple(
        RankedCandidate(
            **_place(generation.document_of(number), generation.sentences[number]),
            rank=place + 1,
            passage=ranks[int(generation.passage_of[number])],
            features={name: float(values[place]) for name, values in best.features.items()},
            probability=probability(float(best.log_odds[place])),
        )
        for place, number in enumerate(best.numbers)
    )


def _quoted(selections: Iterable[Selection], generation: Generation) -> tuple[QuotedSentence, ...]:
    return tuple(
        QuotedSentence(**_place(generation.document(selection.document), sentence))
        for selection in selections
        for sentence in selection.sentences
    )


def _place(document: Document, sentence: Sentence) -> dict[str, Any]:
    """Where a sentence stands, and how it reads."""
    quote = _shortened(document.quote(sentence.span))
    return {"document": document.id, "start": sentence.span.start, "end": sentence.span.end, "quote": quote}


def _shortened(text: str) -> str:
    """The first words of ``text``, to be recognised by."""
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED].rsplit(maxsplit=1)[0]}…"


def _disagreement(disagreement: Disagreement | None, generation: Generation) -> DisagreementStage | None:
    if not disagreement:
        return None
    dispute = disagreement.dispute
    sides = _quoted(disagreement.sides, generation)
    return DisagreementStage(dispute=dispute.id, topic=dispute.topic, why=dispute.why, sides=sides)


def _decision(choice: Choice, generation: Generation) -> Decision:
    points = generation.manifest.operating_points
    is_read_together = "cross" in choice.candidates.features
    judge = (points.with_cross_encoder if is_read_together else points.without).answer
    features = tuple(_contribution(name, value, judge) for name, value in choice.features.items())
    return Decision(
        operating_point="with_cross_encoder" if is_read_together else "without",
        features=features,
        intercept=judge.intercept,
        log_odds=judge.intercept + sum(judge.weights.get(name, 0.0) * value for name, value in choice.features.items()),
        probability=choice.probability,
        threshold=choice.threshold,
        said=bool(choice.selections),
        overruled=_overruled(choice),
    )


def _contribution(name: str, value: float, judge: Logistic) -> Contribution:
    weight = judge.weights.get(name, 0.0)
    return Contribution(feature=name, value=value, weight=weight, contribution=weight * value)


def _overruled(choice: Choice) -> str | None:
    """Why nothing is said whatever the features add up to; None when they decide."""
    if not choice.candidates.numbers:
        return "no sentence of these passages may answer"
    if choice.features["missing"]:
        return "the best sentences hold no figure of the kind asked for"
    if choice.probability >= choice.threshold and not choice.selections:
        return "no word of the question can be looked up"
    return None
