"""An explanation on a terminal: a heading for every stage, and tables that fit a hundred columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from rich import box
from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from temsiqa.console import labelled, plain, retraction
from temsiqa.explanation import (
    Decision,
    DisagreementStage,
    Explanation,
    OutcomeStage,
    QuotedSentence,
    RankedCandidate,
    RankedPassage,
    SecondOpinion,
    StepStage,
    TriageStage,
)


def show_explanation(out: Console, explanation: Explanation) -> None:
    """All stages in their order, after the disclaimers of what is quoted in them."""
    _show_head(out, "Why it said that")
    for disclaimer in explanation.disclaimers:
        out.print(plain(disclaimer.text, "dim"))
    _show_triage(out, explanation.triage)
    if explanation.corrections:
        _show_head(out, "Takes for granted what is put right by")
        out.print(_quotes(explanation.corrections))
    for number, step in enumerate(explanation.steps, 1):
        of_several = f" {number} of {len(explanation.steps)}" if len(explanation.steps) > 1 else ""
        _show_step(out, step, of_several)
    _show_outcome(out, explanation.outcome)


def _show_head(out: Console, title: str) -> None:
    out.print()
    out.print(Rule(plain(title, "bold"), align="left"))


def _show_triage(out: Console, triage: TriageStage) -> None:
    _show_head(out, "Triage")
    fired = {rule.id: f"{rule.sign} ({', '.join(rule.sources)})" for rule in triage.rules}
    asked = {"second opinion": _second_opinion(triage.opinion)} if triage.opinion else {}
    out.print(labelled({"message": triage.message, "forces": triage.outcome or "nothing", **fired, **asked}))


def _second_opinion(opinion: SecondOpinion) -> str:
    return (
        f"probability of an emergency {opinion.urgent:.4f} (counts from {opinion.urgent_from:.4f}), "
        f"of that or a call today {opinion.call_today:.4f} (from {opinion.call_today_from:.4f})"
    )


def _show_step(out: Console, step: StepStage, of_several: str) -> None:
    _show_head(out, f"Question{of_several}")
    out.print(labelled(_about(step)))
    _show_head(out, "Passages")
    out.print(_passages(step.passages))
    _show_head(out, f"Candidates: {len(step.candidates)} of {step.candidates_in_all}")
    out.print(_candidates(step.candidates))
    _show_head(out, "Decision")
    out.print(_features(step.decision))
    out.print(labelled(_verdict(step.decision)))
    if step.disagreement:
        _show_disagreement(out, step.disagreement)


def _about(step: StepStage) -> Mapping[str, str]:
    """What was made of a question, in words; what there is nothing of is left out."""
    query = step.query
    mended = ", ".join(f"{typed} → {read}" for typed, read in query.mended.items())
    rows = {
        "asked": query.question,
        "mended": mended,
        "left out": ", ".join(query.left_out),
        "mapped to": query.mapped,
        "leans on": query.leans_on,
        "encoded": query.text,
        "looked up": ", ".join(query.terms),
        "documents named": ", ".join(query.sources),
        "has to speak of": "; ".join(" or ".join(names) for names in query.subjects),
        "no word in the literature for": ", ".join(query.topics),
        "unknown": ", ".join(query.names),
        "asks who wrote, or when": step.source or "",
        "asks for by number": "; ".join(entry.quote for entry in step.numbered),
        "asks for references": "yes" if step.with_references else "",
    }
    return {label: words for label, words in rows.items() if words}


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        is_text = column in ("passage", "sentence", "feature")
        table.add_column(column, justify="left" if is_text else "right", overflow="fold", ratio=1 if is_text else None)
    return table


def _passages(passages: tuple[RankedPassage, ...]) -> Table:
    """The last column counts the sentences that became candidates."""
    table = _table("", "passage", "dense", "BM25", "question", "score", "heard")
    for found in passages:
        scores = (f"{found.dense:.3f}", f"{found.lexical:.2f}", f"{found.question:.2f}", f"{found.score:.3f}")
        level = f" ({found.evidence_level.value})"
        place = plain(" > ".join((found.document, *found.section))).append_text(plain(level, "dim"))
        if found.retracted:
            place.append("\n").append_text(retraction(found.retracted))
        table.add_row(str(found.rank), place, *scores, str(found.candidates))
    return table


def _candidates(candidates: tuple[RankedCandidate, ...]) -> Table:
    """Under each sentence where it stands, and its features but for those that are 0."""
    table = _table("", "sentence", "probability")
    for found in candidates:
        place = f"{found.document}, characters {found.start}-{found.end}, passage {found.passage}"
        features = ", ".join(f"{name} {value:.2f}" for name, value in found.features.items() if value)
        lines = [plain(found.quote), plain(place, "dim"), plain(features, "dim")]
        table.add_row(str(found.rank), Text("\n").join(lines), f"{found.probability:.3f}")
    return table


def _quotes(quotes: tuple[QuotedSentence, ...]) -> Table:
    table = _table("", "sentence")
    for number, quoted in enumerate(quotes, 1):
        place = f"{quoted.document}, characters {quoted.start}-{quoted.end}"
        table.add_row(str(number), Text("\n").join([plain(quoted.quote), plain(place, "dim")]))
    return table


def _show_disagreement(out: Console, stage: DisagreementStage) -> None:
    _show_head(out, "Sources disagree")
    out.print(labelled({"dispute": stage.dispute, "topic": stage.topic, "why": stage.why}))
    out.print(_quotes(stage.sides))


def _features(decision: Decision) -> Table:
    table = _table("feature", "value", "weight", "contribution")
    for part in decision.features:
        table.add_row(plain(part.feature), *(f"{n:.4f}" for n in (part.value, part.weight, part.contribution)))
    table.add_row("intercept", "", "", f"{decision.intercept:.4f}", end_section=True)
    table.add_row("log-odds", "", "", f"{decision.log_odds:.4f}")
    return table


def _verdict(decision: Decision) -> Mapping[str, str]:
    """What came of the features, and by which weights."""
    reached = "reaches" if decision.probability >= decision.threshold else "is below"
    rows = {
        "said" if decision.said else "silent": (
            f"probability {decision.probability:.4f} {reached} the threshold {decision.threshold:.4f}"
        ),
        "overruled": decision.overruled or "",
        "weights": decision.operating_point.replace("_", " ").replace("without", "without cross encoder"),
    }
    return {label: words for label, words in rows.items() if words}


def _show_outcome(out: Console, stage: OutcomeStage) -> None:
    _show_head(out, "Outcome")
    whose = "triage" if stage.forced else "what the literature says"
    cautions = {f"caution {number}": caution for number, caution in enumerate(stage.cautions, 1)}
    carried = Counter(disclaimer.document or "any answer" for disclaimer in stage.disclaimers)
    disclaimers = ", ".join(f"{count} of {name}" for name, count in carried.items())
    out.print(labelled({"outcome": f"{stage.outcome.value}, by {whose}", **cautions, "disclaimers": disclaimers}))
