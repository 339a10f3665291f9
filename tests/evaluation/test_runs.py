"""What a run writes, that an interrupted one ends as an uninterrupted one, and that nothing foreign is overwritten."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import ir_measures
import pytest
from ir_measures import AP, RR, Qrel, R, ScoredDoc, nDCG

from evaluation_support import item
from support import INFUSION_QUESTION
from temsiqa.assistant import Assistant
from temsiqa.errors import EvaluationError
from temsiqa.evaluation.runs import ALL, ANSWERS, ITEMS, MANIFEST, SCORES, SUMMARY, TIMINGS, read_run, run
from temsiqa.evaluation.systems import LocalSystem, Reply
from temsiqa.evaluation.testset import Item, TestSet

QUESTIONS = (INFUSION_QUESTION, "What is the half-life of temsirolimus?", "How do I bake bread?", "I cannot breathe")
SET = TestSet(
    "tiny",
    tuple(
        item(id=f"q{n}", question=QUESTIONS[n % 4], audience="staff", slices=(f"type:{n % 2}",), forbidden=("never",))
        for n in range(12)
    ),
)
SAME = (MANIFEST, ITEMS, ANSWERS, SCORES, SUMMARY)


class Interrupted(LocalSystem):
    """Ctrl+C at the ``fatal``-th question."""

    fatal = 0

    def ask(self, item: Item) -> Reply:
        if item.id == f"q{self.fatal}":
            raise KeyboardInterrupt
        return super().ask(item)


@pytest.fixture
def system(tiny_assistant: Assistant) -> LocalSystem:
    return LocalSystem(tiny_assistant, {})


@pytest.fixture
def contents() -> Callable[[Path], dict[str, bytes]]:
    return lambda folder: {name: (folder / name).read_bytes() for name in SAME}


def nothing(_: int) -> None:
    """No progress is shown."""


Contents = Callable[[Path], dict[str, bytes]]


@pytest.mark.parametrize("jobs", [1, 4])
def test_the_same_build_and_set_give_the_same_bytes(
    system: LocalSystem, tmp_path: Path, contents: Contents, jobs: int
) -> None:
    run(SET, system, tmp_path / "one", 1, nothing)
    run(SET, system, tmp_path / "two", jobs, nothing)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


@pytest.mark.parametrize("fatal", [0, 1, 7, 11])
@pytest.mark.parametrize("jobs", [1, 3])
def test_interrupted_and_resumed_gives_the_same_bytes(
    system: LocalSystem, tiny_assistant: Assistant, tmp_path: Path, contents: Contents, fatal: int, jobs: int
) -> None:
    run(SET, system, tmp_path / "whole", 1, nothing)
    broken = Interrupted(tiny_assistant, {})
    broken.fatal = fatal
    with pytest.raises(KeyboardInterrupt):
        run(SET, broken, tmp_path / "broken", jobs, nothing)
    with pytest.raises(EvaluationError, match="not finished"):
        read_run(tmp_path / "broken")
    known: list[int] = []
    run(SET, system, tmp_path / "broken", jobs, known.append)
    assert known[0] == fatal
    assert contents(tmp_path / "broken") == contents(tmp_path / "whole")
    assert len((tmp_path / "broken" / TIMINGS).read_text().splitlines()) == len(SET.items)


def test_a_line_that_was_cut_off_is_asked_again(system: LocalSystem, tmp_path: Path, contents: Contents) -> None:
    run(SET, system, tmp_path / "run", 1, nothing)
    before = contents(tmp_path / "run")
    whole = before[ANSWERS]
    for kept in (1, len(whole) // 2, len(whole) - 1):
        (tmp_path / "run" / ANSWERS).write_bytes(whole[:kept])
        run(SET, system, tmp_path / "run", 2, nothing)
        assert contents(tmp_path / "run") == before


def test_a_time_that_was_cut_off_is_cut_away(system: LocalSystem, tmp_path: Path) -> None:
    run(SET, system, tmp_path / "run", 1, nothing)
    with (tmp_path / "run" / TIMINGS).open("a") as timings:
        timings.write('{"id": "q11", "sec')
    assert len(run(SET, system, tmp_path / "run", 1, nothing).seconds) == len(SET.items)


def test_a_file_is_no_folder_of_a_run(system: LocalSystem, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EvaluationError, match=r"file: cannot be made \(File exists\); name another folder"):
        run(SET, system, tmp_path / "file", 1, nothing)


def test_what_is_written_can_be_read(system: LocalSystem, tmp_path: Path) -> None:
    written = run(SET, system, tmp_path / "run", 2, nothing)
    found = read_run(tmp_path / "run")
    assert (found.items, found.replies, found.scores) == (written.items, written.replies, written.scores)
    assert found.manifest == written.manifest
    assert list(found.summary) == [ALL, "audience:staff", "type:0", "type:1"]
    stored = json.loads((tmp_path / "run" / SUMMARY).read_text())
    assert stored[ALL]["quotes_real"]["value"] == 1.0
    assert stored[ALL]["records_sound"] == {
        "value": 1.0,
        "low": pytest.approx(12 / (12 + 3.8415), abs=1e-4),
        "high": 1.0,
        "items": 12,
    }
    assert len(found.seconds) == 12


def test_a_folder_with_another_run_is_left_alone(
    system: LocalSystem, tiny_assistant: Assistant, tmp_path: Path, contents: Contents
) -> None:
    run(SET, system, tmp_path / "run", 1, nothing)
    before = contents(tmp_path / "run")
    other = TestSet("tiny", SET.items[:5])
    with pytest.raises(EvaluationError, match="another set, system or version"):
        run(other, system, tmp_path / "run", 1, nothing)
    with pytest.raises(EvaluationError, match="another set, system or version"):
        run(SET, LocalSystem(tiny_assistant, {"cross_encoder": False}), tmp_path / "run", 1, nothing)
    assert contents(tmp_path / "run") == before
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("x")
    with pytest.raises(EvaluationError, match="holds other files"):
        run(SET, system, tmp_path / "letters", 1, nothing)


@pytest.mark.parametrize("name", SAME)
def test_a_damaged_run_is_refused_by_the_name_of_the_file(system: LocalSystem, tmp_path: Path, name: str) -> None:
    run(SET, system, tmp_path / "run", 1, nothing)
    path = tmp_path / "run" / name
    path.write_bytes(b"{}\n")
    if name != SUMMARY:  # which is computed, not read
        with pytest.raises(EvaluationError, match="run"):
            read_run(tmp_path / "run")
    path.unlink()
    with pytest.raises(EvaluationError, match="run"):
        read_run(tmp_path / "run")


def test_a_question_that_is_refused_names_its_item(system: LocalSystem, tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="item empty: the question is empty"):
        run(TestSet("x", (item(id="empty", question="?"),)), system, tmp_path / "run", 1, nothing)


def test_retrieval_is_what_ir_measures_says_of_the_whole_run(system: LocalSystem, tmp_path: Path) -> None:
    gold = ({"giving.md": 1}, {"half-life.md": 2, "giving.md": 1}, {"mechanism.md": 1}, {"elsewhere.md": 1})
    items = tuple(item(id=f"q{n}", question=QUESTIONS[0], documents=grades) for n, grades in enumerate(gold))
    found = run(TestSet("gold", items), system, tmp_path / "run", 1, nothing)
    names = {
        document: document.rpartition("/")[2]
        for reply in found.replies
        for document in (f.document for f in reply.found)
    }
    ranked = [ScoredDoc(r.id, names[f.document], f.score) for r in found.replies for f in r.found]
    judged = [Qrel(one.id, name, grade) for one in items for name, grade in one.documents.items()]
    measured = {"ndcg_10": nDCG @ 10, "map_10": AP @ 10, "mrr_10": RR @ 10, "recall_10": R @ 10}
    theirs = ir_measures.calc_aggregate(measured.values(), judged, ranked)
    for name, measure in measured.items():
        assert found.summary[ALL][name].value == pytest.approx(theirs[measure])
