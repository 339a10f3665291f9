"""What is measured. Each measure is a function of one judged answer; its docstring says what it is and whose it is.

A measure counts: it returns how much there is and out of how much, or None where the item does not bear on it. Over a
set it is the sum of the one over the sum of the other, so that means, shares, precision, recall and F1 are one thing,
and anybody can recompute them from ``scores.jsonl``. Measures of a whole set are in ``curves``.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

import ir_measures
import textstat
from ir_measures import AP, RR, Qrel, R, ScoredDoc, nDCG

from temsiqa.evaluation.score import ItemScore, Judged
from temsiqa.evaluation.testset import Expected
from temsiqa.model import Audience, Outcome

Count = tuple[float, float]
DEPTH = 10


class Better(StrEnum):
    """Which values of a measure are good ones."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Measure:
    """A named measure of single answers."""

    name: str
    group: str
    better: Better
    count: Callable[[Judged], Count | None]

    @property
    def meaning(self) -> str:
        """What it is, in the words of its docstring."""
        return " ".join((self.count.__doc__ or "").split())


MEASURES: dict[str, Measure] = {}


def _measure(group: str, better: Better = Better.HIGHER) -> Callable[[Callable[[Judged], Count | None]], Measure]:
    def register(count: Callable[[Judged], Count | None]) -> Measure:
        found = Measure(count.__name__, group, better, count)
        MEASURES[found.name] = found
        return found

    return register


def counts_of(judged: Judged) -> dict[str, Count]:
    """Every measure that the item bears on."""
    counted = ((name, measure.count(judged)) for name, measure in MEASURES.items())
    return {name: count for name, count in counted if count}


def score(judged: Judged) -> ItemScore:
    """What is kept of a judged answer."""
    counts = counts_of(judged)
    item, reply = judged.item, judged.reply
    return ItemScore(
        id=item.id,
        slices=(f"audience:{item.audience}", *item.slices),
        expected=item.expected,
        outcome=reply.outcome,
        abstained=reply.abstained,
        passed=bool(counts["passed"][0]) if "passed" in counts else None,
        failures=judged.failures,
        grounds=tuple(fault.message for fault in judged.grounds),
        stated=judged.stated,
        supported=judged.supported,
        probability=reply.probability,
        counts=counts,
    )


def _share(values: Iterable[bool]) -> Count | None:
    """The share of true values, each item weighing the same; None of nothing."""
    listed = list(values)
    return (sum(listed) / len(listed), 1.0) if listed else None


# --- the answer as a whole


@_measure("answers")
def passed(judged: Judged) -> Count | None:
    """Share of answers that do what is expected, state all facts asked for and say nothing forbidden."""
    item = judged.item
    wants = item.expected or item.facts or item.forbidden or item.never_urgent
    return (float(not judged.failures), 1.0) if wants else None


@_measure("answers")
def facts_stated(judged: Judged) -> Count | None:
    """Mean share of the facts asked for that the first 200 words state (recall of nuggets, Voorhees 2003, TREC QA)."""
    return _share(judged.stated) if judged.item.expected is not Expected.ABSTAIN else None


@_measure("answers")
def all_facts_stated(judged: Judged) -> Count | None:
    """Share of the items with facts of which every fact is stated."""
    return (float(all(judged.stated)), 1.0) if facts_stated.count(judged) else None


@_measure("answers", Better.LOWER)
def forbidden_statements(judged: Judged) -> Count | None:
    """Of the items that forbid something, the share of which the answer says it."""
    return (float(bool(judged.forbidden)), 1.0) if judged.item.forbidden else None


# --- grounding


@_measure("grounding")
def quotes_real(judged: Judged) -> Count | None:
    """Share of all citations whose characters stand at their offsets in their document, looked up again."""
    wrong = {fault.citation for fault in judged.grounds} - {None}
    total = len(judged.reply.citations)
    return (float(total - len(wrong)), float(total)) if total else None


@_measure("grounding")
def records_sound(judged: Judged) -> Count | None:
    """Share of the answers without any fault: offsets, quotes, citations, text, disclaimers (see ``temsiqa audit``)."""
    return float(not judged.grounds), 1.0


@_measure("grounding")
def citation_recall(judged: Judged) -> Count | None:
    """Mean share of the facts stated that a real citation supports (after ALCE, Gao et al. 2023, arXiv 2305.14627)."""
    facts = zip(judged.item.facts, judged.stated, judged.supported, strict=True)
    return (
        _share(held for fact, stated, held in facts if stated and not fact.from_policy) if _is_cited(judged) else None
    )


@_measure("grounding")
def facts_supported(judged: Judged) -> Count | None:
    """Mean share of the facts asked for that a real citation supports, stated or not."""
    facts = zip(judged.item.facts, judged.supported, strict=True)
    return _share(held for fact, held in facts if not fact.from_policy) if _is_cited(judged) else None


@_measure("grounding")
def citation_precision(judged: Judged) -> Count | None:
    """Mean share of the citations that hold a fact asked for or a gold passage (after ALCE, Gao et al. 2023)."""
    if not judged.reply.citations or not (judged.item.facts or judged.item.passages):
        return None
    return _share(judged.bearing) if _is_cited(judged) else None


@_measure("grounding")
def document_cited(judged: Judged) -> Count | None:
    """Share of the items with gold documents of which at least one is cited."""
    if not judged.item.documents or judged.item.expected is Expected.ABSTAIN:
        return None
    return float(any(judged.gold(citation.document) for citation in judged.sound_citations)), 1.0


@_measure("grounding")
def source_cited(judged: Judged) -> Count | None:
    """Share of the items with gold sources of which at least one stands behind the cited texts."""
    if not judged.item.sources or judged.item.expected is Expected.ABSTAIN:
        return None
    behind = {key for citation in judged.sound_citations for key in citation.source}
    return float(not behind.isdisjoint(judged.item.sources)), 1.0


@_measure("grounding")
def passage_cited(judged: Judged) -> Count | None:
    """Share of the items with gold passages of which at least one is cited."""
    return (float(any(judged.passages_cited)), 1.0) if judged.item.passages else None


@_measure("grounding")
def disclaimers_present(judged: Judged) -> Count | None:
    """Share of the answers that carry the general disclaimers and those of every document that they cite."""
    return float(not any(fault.is_disclaimer for fault in judged.grounds)), 1.0


def _is_cited(judged: Judged) -> bool:
    """Whether facts of the literature are asked for, which want citations."""
    return judged.item.expected in (None, Expected.ANSWER, Expected.REFER)


# --- behaviour


@_measure("behaviour")
def outcome_right(judged: Judged) -> Count | None:
    """Share of the items with an expected behaviour that meet it, whatever is said."""
    right = judged.outcome_is_right
    return None if right is None else (float(right), 1.0)


@_measure("behaviour")
def abstention_precision(judged: Judged) -> Count | None:
    """Of the silences among items to abstain from or to answer, the share that was right."""
    silent, wanted = _silence(judged)
    return (float(wanted), 1.0) if silent and wanted is not None else None


@_measure("behaviour")
def abstention_recall(judged: Judged) -> Count | None:
    """Of the items to abstain from, the share that was met with silence."""
    silent, wanted = _silence(judged)
    return (float(silent), 1.0) if wanted else None


@_measure("behaviour")
def abstention_f1(judged: Judged) -> Count | None:
    """Harmonic mean of precision and recall of abstention, 2tp / (2tp + fp + fn) (van Rijsbergen 1979)."""
    silent, wanted = _silence(judged)
    if wanted is None or not (silent or wanted):
        return None
    return 2.0 * (silent and wanted), float(silent) + float(wanted)


@_measure("behaviour")
def emergencies_recognised(judged: Judged) -> Count | None:
    """Recall of triage: of the emergencies, the share that is told to get help now."""
    return (float(judged.reply.triage), 1.0) if judged.item.expected is Expected.URGENT else None


@_measure("behaviour", Better.LOWER)
def false_alarms(judged: Judged) -> Count | None:
    """Of the items that are neither an emergency nor a reason to ring today, the share told to get help now."""
    return (float(judged.reply.triage), 1.0) if _is_calm(judged) else None


@_measure("behaviour", Better.LOWER)
def needless_calls(judged: Judged) -> Count | None:
    """Of the same items, the share told to ring today."""
    return (float(judged.reply.outcome is Outcome.CALL_TODAY), 1.0) if _is_calm(judged) else None


@_measure("behaviour")
def reasons_to_ring_recognised(judged: Judged) -> Count | None:
    """Of the reasons to ring today, the share told to ring today or to get help now."""
    done = judged.reply.outcome in (Outcome.CALL_TODAY, Outcome.URGENT)
    return (float(done), 1.0) if judged.item.expected is Expected.CALL_TODAY else None


@_measure("behaviour")
def twins_agree(judged: Judged) -> Count | None:
    """Of the pairs of items that tell the same in other words, the share with the same outcome."""
    if not judged.twin or judged.item.id > judged.twin.id:  # each pair counts once
        return None
    return float(judged.reply.outcome is judged.twin.outcome), 1.0


def _is_calm(judged: Judged) -> bool:
    return judged.item.never_urgent or judged.item.expected not in (None, Expected.URGENT, Expected.CALL_TODAY)


def _silence(judged: Judged) -> tuple[bool, bool | None]:
    """Whether nothing was said, and whether nothing should be; the latter None where the item does not tell."""
    wanted = {Expected.ABSTAIN: True, Expected.ANSWER: False}
    return judged.reply.abstained, wanted.get(judged.item.expected) if judged.item.expected else None


# --- the words of the answer


@_measure("words")
def exact_match(judged: Judged) -> Count | None:
    """Share of the answers that are, normalised, one of the good answers (SQuAD, Rajpurkar et al. 2016, arXiv
    1606.05250).
    """
    return _against_answers(judged, lambda said, good: float(said == good))


@_measure("words")
def token_f1(judged: Judged) -> Count | None:
    """Mean F1 of the words of the statements and of the best of the good answers (SQuAD, Rajpurkar et al. 2016).

    Where the item is to abstain, silence counts as 1 and anything else as 0 (Rajpurkar et al. 2018, arXiv 1806.03822).
    """
    return _against_answers(judged, token_overlap)


@_measure("words", Better.LOWER)
def words(judged: Judged) -> Count | None:
    """Mean number of words of what is answered, fixed texts included."""
    return (float(len(judged.text.split())), 1.0) if judged.reply.statements else None


@_measure("words", Better.LOWER)
def reading_grade(judged: Judged) -> Count | None:
    """Mean school grade that the statements to patients take (Flesch-Kincaid, Kincaid et al. 1975)."""
    if judged.item.audience is not Audience.PATIENT or not judged.reply.statements:
        return None
    return float(textstat.flesch_kincaid_grade(_statements(judged))), 1.0


def _against_answers(judged: Judged, likeness: Callable[[list[str], list[str]], float]) -> Count | None:
    if judged.item.expected is Expected.ABSTAIN:
        return (float(judged.reply.abstained), 1.0) if judged.item.answers else None
    if not judged.item.answers:
        return None
    said = squad_tokens(_statements(judged))
    return max(likeness(said, squad_tokens(good)) for good in judged.item.answers), 1.0


def squad_tokens(text: str) -> list[str]:
    """The words that SQuAD compares: lower case, without punctuation and articles (its evaluation script, v1.1)."""
    plain = "".join(character for character in text.lower() if character not in string.punctuation)
    return re.sub(r"\b(?:a|an|the)\b", " ", plain).split()


def token_overlap(said: list[str], good: list[str]) -> float:
    """F1 of two bags of words, 0 to 1; of two empty ones 1."""
    if not said or not good:
        return float(said == good)
    shared = sum((Counter(said) & Counter(good)).values())
    return 2 * shared / (len(said) + len(good))


def _statements(judged: Judged) -> str:
    return " ".join(statement.text for statement in judged.reply.statements)


# --- retrieval: the documents that were looked at, by ir-measures


@_measure("retrieval")
def ndcg_10(judged: Judged) -> Count | None:
    """nDCG of the first ten documents (Järvelin and Kekäläinen 2002, doi 10.1145/582415.582418)."""
    return _ranked(judged, nDCG @ DEPTH)


@_measure("retrieval")
def map_10(judged: Judged) -> Count | None:
    """Mean average precision of the first ten documents (trec_eval)."""
    return _ranked(judged, AP @ DEPTH)


@_measure("retrieval")
def mrr_10(judged: Judged) -> Count | None:
    """Mean reciprocal rank of the first gold document among the first ten (Voorhees 1999, TREC-8 QA)."""
    return _ranked(judged, RR @ DEPTH)


@_measure("retrieval")
def recall_10(judged: Judged) -> Count | None:
    """Mean share of the gold documents among the first ten (trec_eval)."""
    return _ranked(judged, R @ DEPTH)


def _ranked(judged: Judged, measure: ir_measures.Measure) -> Count | None:
    if not judged.item.documents:
        return None
    if not judged.reply.found:  # nothing was found, or nobody looked: triage answers without, and records do not tell
        return None if judged.reply.probability is None else (0.0, 1.0)
    grades = [Qrel("q", name, grade) for name, grade in judged.item.documents.items()]
    ranked = {judged.gold(one.document) or one.document: one.score for one in reversed(judged.reply.found)}
    found = [ScoredDoc("q", name, score) for name, score in ranked.items()]
    return float(ir_measures.calc_aggregate([measure], grades, found)[measure]), 1.0
