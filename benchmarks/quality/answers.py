"""Test sets of questions and of messages: what of them comes out right, and whether the release gates are kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.quality.bench import Bench
from benchmarks.quality.figures import Figure
from benchmarks.quality.sets import CORPUS, GATES, OWN
from temsiqa.assistant import Assistant
from temsiqa.evaluation.gates import Verdict, read_gates, verdicts
from temsiqa.evaluation.reading import read_test_set
from temsiqa.evaluation.runs import ALL, Run, run, score_all
from temsiqa.evaluation.statistics import Interval
from temsiqa.evaluation.systems import LocalSystem
from temsiqa.evaluation.testset import TestSet
from temsiqa.index.generation import Generation

ORIGINALS, LITERATURE = "originals", "literature"
_JOBS = 2
_OF_ANSWERS = (
    "passed",
    "abstention_precision",
    "abstention_recall",
    "abstention_f1",
    "citation_recall",
    "quotes_real",
    "records_sound",
    "emergencies_recognised",
    "false_alarms",
    "forbidden_statements",
    "answerable_auroc",
    "words_median",
    "words_p95",
)
_OF_MESSAGES = (
    "emergencies_recognised",
    "emergencies_recognised@core",
    "false_alarms",
    "false_alarms@level:none",
    "reasons_to_ring_recognised",
    "needless_calls@level:none",
    "twins_agree",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A test set and the generation that it is put to; ``measures`` are those that say something of it."""

    name: str
    test_set: TestSet
    generation: Generation
    measures: Sequence[str]
    is_gated: bool

    @property
    def has_answers(self) -> bool:
        """Whether more than triage is asked for."""
        return self.measures is _OF_ANSWERS

    def run(self, bench: Bench) -> Run:
        """Everything asked and scored."""
        system = LocalSystem(bench.assistant(self.generation), {})
        return run(self.test_set, system, bench.folder / "runs" / self.name.replace(" ", ""), _JOBS, lambda _: None)

    def figures(self, found: Run) -> Iterator[Figure]:
        """What is reported of it."""
        for measure in self.measures:
            name, _, part = measure.partition("@")
            one = found.summary.get(part or ALL, {}).get(name, Interval(None, None, None, 0))
            yield Figure(self.name, measure, one.value, one.low, one.high, total=one.items)

    def verdicts(self, found: Run) -> tuple[Verdict, ...]:
        """Of each release gate of this set whether it is kept."""
        return verdicts(found, read_gates(GATES, self.test_set.name)) if self.is_gated else ()

    def passes(self, assistant: Assistant) -> list[bool]:
        """Of each question, in order, whether its answer passes."""
        system = LocalSystem(assistant, {})
        replies = [system.ask(item) for item in self.test_set.items]
        return [bool(score.passed) for score in score_all(self.test_set.items, replies, system)]


def asked_sets(bench: Bench, sets: Path | None) -> tuple[Asked, ...]:
    """The project's own sets on the literature; with ``sets`` those on the originals and the development sets too."""
    literature = bench.index(CORPUS, LITERATURE)
    own = (
        Asked("literature, own", read_test_set(OWN / "product.jsonl"), literature, _OF_ANSWERS, True),
        Asked("literature, second own", read_test_set(OWN / "product-second.jsonl"), literature, _OF_ANSWERS, True),
        Asked("triage, own", read_test_set(OWN / "triage.jsonl"), literature, _OF_MESSAGES, True),
        Asked("triage, second own", read_test_set(OWN / "triage-second.jsonl"), literature, _OF_MESSAGES, True),
    )
    if sets is None:
        return own
    originals, data = bench.index(sets / "seeds", ORIGINALS), sets / "data"
    return (
        Asked("originals, dev", read_test_set(data / "seedqa" / "dev.jsonl"), originals, _OF_ANSWERS, False),
        Asked("originals, own", read_test_set(OWN / "seeds.jsonl"), originals, _OF_ANSWERS, True),
        Asked("originals, second own", read_test_set(OWN / "seeds-second.jsonl"), originals, _OF_ANSWERS, True),
        Asked("originals, third own", read_test_set(OWN / "seeds-third.jsonl"), originals, _OF_ANSWERS, True),
        Asked("literature, dev", read_test_set(data / "productqa" / "dev.jsonl"), literature, _OF_ANSWERS, False),
        *own,
        Asked("triage, dev", read_test_set(data / "triage" / "dev.jsonl"), literature, _OF_MESSAGES, False),
    )
