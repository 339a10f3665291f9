"""Planted regressions are caught by the comparison and by the gates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluation_support import item
from support import INFUSION_QUESTION
from temsiqa.answering.candidates import Candidates
from temsiqa.assistant import Assistant
from temsiqa.errors import EvaluationError
from temsiqa.evaluation.compare import Comparison, compare
from temsiqa.evaluation.gates import Gates, Verdict, limits, read_gates, verdicts
from temsiqa.evaluation.runs import ALL, Run, run
from temsiqa.evaluation.systems import LocalSystem, Reply
from temsiqa.evaluation.testset import Item, TestSet
from temsiqa.model import Outcome

in_order = Candidates.best_first

SET = TestSet(
    "tiny",
    (
        item(id="dose", question=INFUSION_QUESTION, expected="answer", facts=("30 to 60 minutes",), slices=("dose",)),
        item(
            id="half",
            question="What is the half-life of sirolimus?",
            expected="answer",
            facts=("55 hours",),
            slices=("dose",),
        ),
        item(id="rash", question="What are the most common side effects?", expected="answer", facts=("rash",)),
        item(id="how", question="How does temsirolimus work?", expected="answer", facts=("inhibits mTOR",)),
        item(
            id="all",
            question="What is temsirolimus?",
            expected=None,
            documents=("giving.md", "half-life.md", "mechanism.md"),
        ),
        item(id="bread", question="How do I bake bread?", expected="abstain", forbidden=("oven",)),
    ),
)
Edit = Callable[[Reply], Reply]


class Planted(LocalSystem):
    """A system whose replies were tampered with."""

    edit: Edit

    def ask(self, item: Item) -> Reply:
        return self.edit(super().ask(item))


def without_a_disclaimer(reply: Reply) -> Reply:
    return reply.model_copy(update={"disclaimers": reply.disclaimers[1:]})


def shifted_by_one(reply: Reply) -> Reply:
    moved = tuple(c.model_copy(update={"start": c.start + 1, "end": c.end + 1}) for c in reply.citations)
    return reply.model_copy(update={"citations": moved})


def nothing(_: int) -> None:
    """No progress is shown."""


@pytest.fixture(scope="module")
def good(tiny_assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(SET, LocalSystem(tiny_assistant, {}), tmp_path_factory.mktemp("runs") / "good", 1, nothing)


@pytest.fixture
def planted(tiny_assistant: Assistant, tmp_path: Path) -> Callable[[Edit], Run]:
    def make(edit: Edit) -> Run:
        system = Planted(tiny_assistant, {"planted": True})
        system.edit = edit
        return run(SET, system, tmp_path / "planted", 1, nothing)

    return make


def broken(found: tuple[Verdict, ...]) -> str:
    return "\n".join(verdict.text for verdict in found if not verdict.kept)


def test_the_same_run_is_no_worse_and_nothing_changed(good: Run) -> None:
    found = compare(good, good)
    assert found.changes == ()
    assert all(one.value == 0 for part in found.differences.values() for one in part.values())
    assert broken(verdicts(good, Gates(), compare(good, good))) == ""


def test_a_removed_disclaimer_is_caught(good: Run, planted: Callable[[Edit], Run]) -> None:
    bad = planted(without_a_disclaimer)
    found = compare(good, bad)
    assert found.differences[ALL]["disclaimers_present"].value == -1.0
    assert all("disclaimers" in change.kinds and "grounds" in change.kinds for change in found.changes)
    assert len(found.changes) == len(SET.items)
    assert "disclaimers_present 1 → 0" in broken(verdicts(bad, Gates(), compare(good, bad)))
    assert "disclaimers_present 0, has to be at least 1" in broken(
        verdicts(bad, limits({"disclaimers_present": 1}, of="fail_under"))
    )


def test_an_offset_shifted_by_one_is_caught(good: Run, planted: Callable[[Edit], Run]) -> None:
    bad = planted(shifted_by_one)
    assert compare(good, bad).differences[ALL]["quotes_real"].value == -1.0
    failed = broken(verdicts(bad, Gates(), compare(good, bad)))
    assert "quotes_real 1 → 0" in failed
    assert "citation_recall 1 → 0" in failed
    assert "quotes_real" in broken(verdicts(bad, limits({"quotes_real": 1}, of="fail_under")))


def worst_first(candidates: Candidates, log_odds: NDArray[np.float32]) -> Candidates:
    return in_order(candidates, -log_odds)


def test_candidates_in_no_order_are_caught(good: Run, tiny_assistant: Assistant, tmp_path: Path) -> None:
    with patch.object(Candidates, "best_first", worst_first):
        bad = run(SET, LocalSystem(tiny_assistant, {"order": "none"}), tmp_path / "worse", 1, nothing)
    found = compare(good, bad)
    assert found.losses
    assert not found.wins
    assert "passed" in broken(verdicts(bad, Gates(), compare(good, bad)))


def test_half_the_passages_are_caught(good: Run, tiny_assistant: Assistant, tmp_path: Path) -> None:
    with patch("temsiqa.assistant.PASSAGES_READ", 2):
        bad = run(SET, LocalSystem(tiny_assistant, {"passages": 2}), tmp_path / "fewer", 1, nothing)
    lost = compare(good, bad).differences[ALL]["recall_10"]
    assert lost.value is not None
    assert lost.value < 0
    assert "recall_10" in broken(verdicts(bad, Gates(), compare(good, bad)))


def test_wins_and_losses_mirror_each_other(good: Run, planted: Callable[[Edit], Run]) -> None:
    def silent(reply: Reply) -> Reply:
        if reply.id != "dose":
            return reply
        nothing_said = {
            "abstained": True,
            "outcome": Outcome.ABSTAINED,
            "statements": (),
            "citations": (),
            "answer_text": "",
        }
        return reply.model_copy(update=nothing_said)

    bad = planted(silent)
    forth, back = compare(good, bad), compare(bad, good)
    assert [change.item.id for change in forth.losses] == ["dose"]
    assert [change.item.id for change in back.wins] == ["dose"]
    assert {"text", "citations", "outcome", "failed"} <= set(forth.losses[0].kinds)
    assert forth.differences["dose"]["passed"].value == -0.5
    assert _value(forth) == pytest.approx(-1 / 5)
    assert (
        broken(verdicts(bad, limits({"passed": 0.2, "facts_stated": 0.3}, of="tolerance"), compare(good, bad))).count(
            "passed"
        )
        == 0
    )
    assert "passed" in broken(verdicts(bad, limits({"passed": 0.19}, of="tolerance"), compare(good, bad)))


def _value(comparison: Comparison) -> float | None:
    return comparison.differences[ALL]["passed"].value


def test_runs_without_a_common_item_are_refused(good: Run, tiny_assistant: Assistant, tmp_path: Path) -> None:
    other = TestSet("other", (item(id="dose", question="What is it?"),))
    with pytest.raises(EvaluationError, match="share no item"):
        compare(good, run(other, LocalSystem(tiny_assistant, {}), tmp_path / "other", 1, nothing))


def test_items_that_are_missing_are_no_gain(good: Run, tiny_assistant: Assistant, tmp_path: Path) -> None:
    easy = TestSet("tiny", SET.items[:2])
    fewer = run(easy, LocalSystem(tiny_assistant, {}), tmp_path / "fewer", 1, nothing)
    assert f"{len(SET.items) - 2} items are not in both" in broken(verdicts(fewer, Gates(), compare(good, fewer)))


def test_limits_of_all_of_a_set_and_of_a_slice(good: Run, tmp_path: Path) -> None:
    path = tmp_path / "gates.toml"
    path.write_text(
        '[all.fail_over]\nforbidden_statements = 0\n[tiny.fail_under]\n"passed@dose" = 1\npassed = 1.1\n'
        "[other.fail_under]\npassed = 7\n"
    )
    found = verdicts(good, read_gates(path, "tiny"))
    assert [verdict.kept for verdict in found] == [True, False, True]
    assert "passed@dose 1, has to be at least 1" in found[0].text


def test_what_was_not_measured_keeps_no_limit(good: Run) -> None:
    (verdict,) = verdicts(good, limits({"emergencies_recognised": 0.5}, of="fail_under"))
    assert not verdict.kept
    assert "not measured" in verdict.text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[tiny.fail_under]\npased = 1\n", "'pased' is no measure"),
        ("[tiny.fail_under]\npassed = 'x'\n", "tiny.fail_under.passed"),
        ("[tiny.fail_below]\npassed = 1\n", "tiny.fail_below"),
        ("passed = 1\n", "passed"),
        ("[tiny.fail_under]\n'false_alarms@dose' = 0.02\n", "'false_alarms' is better the lower it is"),
        ("[tiny.fail_over]\nwords_p95 = 99\npassed = 1\n", "give its limit to fail_under"),
        ("[", "cannot be read as TOML"),
        ("[tinny.fail_under]\npassed = 1\n[all.fail_under]\n", "holds no limits for the set 'tiny'"),
    ],
)
def test_a_bad_file_of_limits_names_what_is_wrong(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "gates.toml"
    path.write_text(text)
    with pytest.raises(EvaluationError, match=r"gates\.toml") as caught:
        read_gates(path, "tiny")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_bad_limit_on_the_command_line_is_named() -> None:
    with pytest.raises(EvaluationError, match="--fail-under: 'pass' is no measure"):
        limits({"pass": 1}, of="fail_under")
