"""Question sets with the facts of each answer: how many pass, what is said, and when it is silent or alarmed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.quality.bench import Bench
from benchmarks.quality.figures import Figure, proportion, quantile, share
from benchmarks.quality.sets import CORPUS, Questions, load_scorer, own_questions, read_lines
from temsiqa.assistant import Assistant
from temsiqa.index.generation import Generation
from temsiqa.model import Answer
from temsiqa.record import RecordedAnswer

ORIGINALS, LITERATURE = "originals", "literature"

Scored = dict[str, Any]


@dataclass(frozen=True, slots=True)
class AnswerSet:
    """Questions on the documents of ``generation``; ``score`` takes them and the records of their answers."""

    name: str
    questions: Questions
    generation: Generation
    score: Callable[[Questions, Questions], Scored]

    def figures(self, assistant: Assistant) -> list[Figure]:
        """Everything that is reported of it."""
        answers = self._ask(assistant)
        scored = self._scored(answers)
        return [*_outcomes(self.name, scored), *_lengths(self.name, scored, answers)]

    def passes(self, assistant: Assistant) -> list[bool]:
        """Of each question, in order, whether its answer passes."""
        return [bool(item["passed"]) for item in self._scored(self._ask(assistant))["items"]]

    def _ask(self, assistant: Assistant) -> list[Answer]:
        return [assistant.answer(q["question"], q["history"], q["audience"]) for q in self.questions]

    def _scored(self, answers: list[Answer]) -> Scored:
        records = [
            RecordedAnswer.of(q["id"], q["history"], answer).model_dump(mode="json")
            for q, answer in zip(self.questions, answers, strict=True)
        ]
        return self.score(self.questions, records)


def answer_sets(bench: Bench, sets: Path) -> tuple[AnswerSet, ...]:
    """Four: on the originals and on the literature, each time the development questions and the project's own."""
    seed_scorer, product_scorer = load_scorer(sets, "score_answers"), load_scorer(sets, "score_product_answers")
    seeds, corpus = seed_scorer.load_seeds(sets / "seeds"), product_scorer.load_corpus(CORPUS)
    originals, literature = bench.index(sets / "seeds", ORIGINALS), bench.index(CORPUS, LITERATURE)

    def on_originals(questions: Questions, records: Questions) -> Scored:
        scored: Scored = seed_scorer.score(questions, records, seeds)
        return scored

    def on_literature(questions: Questions, records: Questions) -> Scored:
        scored: Scored = product_scorer.score_product(questions, records, corpus)
        return scored

    data = sets / "data"
    return (
        AnswerSet("originals, dev", read_lines(data / "seedqa" / "dev.jsonl"), originals, on_originals),
        AnswerSet("originals, own", own_questions("seeds"), originals, on_originals),
        AnswerSet("literature, dev", read_lines(data / "productqa" / "dev.jsonl"), literature, on_literature),
        AnswerSet("literature, own", own_questions("product"), literature, on_literature),
    )


def _outcomes(name: str, scored: Scored) -> list[Figure]:
    overall, items = scored["overall"], scored["items"]
    silent, silent_wrongly, missed = (overall[f"abstain_{kind}"] for kind in ("tp", "fp", "fn"))
    calm = [item for item in items if item["expected"] != "triage"]
    return [
        share(name, "pass rate", (bool(item["passed"]) for item in items)),
        proportion(name, "abstention precision", silent, silent + silent_wrongly),
        proportion(name, "abstention recall", silent, silent + missed),
        Figure(name, "abstention F1", overall["abstain_f1"]),
        Figure(name, "facts stated that a real quote supports", overall["cite_of_stated"]),
        Figure(name, "quotes that are real", overall["quotes_real"]),
        share(name, "triage recall", (bool(i["triage"]) for i in items if i["expected"] == "triage")),
        share(name, "triage false alarms", (bool(item["triage"]) for item in calm)),
        share(name, "forbidden statements", (bool(item["must_not"]) for item in items)),
    ]


def _lengths(name: str, scored: Scored, answers: list[Answer]) -> list[Figure]:
    """Of what is answered: words as a reader counts them, fixed texts included, and those of the statements alone."""
    given = [
        (item["words"], answer) for item, answer in zip(scored["items"], answers, strict=True) if answer.statements
    ]
    read = [float(words) for words, _ in given]
    quoted = [float(sum(len(s.text.split()) for s in answer.statements)) for _, answer in given]
    return [
        Figure(name, f"{what}, {which}", quantile(values, order))
        for what, values in (("words in an answer", read), ("words of its statements", quoted))
        for which, order in (("median", 0.5), ("95th percentile", 0.95))
    ]
