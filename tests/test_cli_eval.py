"""``temsiqa eval``, ``audit`` and ``replay``: what they print and write, and that everything wrong is one line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from lxml import etree

from command_support import Run, assert_refused, runner  # noqa: F401 - a fixture
from support import INFUSION_ANSWER, INFUSION_QUESTION
from temsiqa.evaluation.testset import json_schema

ITEMS = (
    {"id": "dose", "question": INFUSION_QUESTION, "expected": "answer", "facts": [INFUSION_ANSWER], "slices": ["dose"]},
    {"id": "bread", "question": "How do I bake bread?", "expected": "abstain", "forbidden": ["oven"]},
    {
        "id": "price",
        "question": "How does temsirolimus work?",
        "expected": "answer",
        "facts": ["magic"],
        "slices": ["dose"],
    },
)


@pytest.fixture
def tiny_set(tmp_path: Path, tiny_index: Path) -> Path:
    """A test set, and the index where commands look for it; the last item cannot pass."""
    shutil.copytree(tiny_index, tmp_path / "indexes")
    path = tmp_path / "tiny.jsonl"
    path.write_text("".join(json.dumps(item) + "\n" for item in ITEMS), encoding="utf-8")
    return path


def test_a_good_set_is_valid_and_a_bad_one_is_named_by_line_and_field(run: Run, tiny_set: Path) -> None:
    ran = run("eval", "validate", tiny_set)
    assert ran.code == 0
    assert ran.out == f"{tiny_set}: 3 items, nothing to mend\n"
    tiny_set.write_text('{"id": "a"}\n{"id": "b", "question": "?", "expected": "silence"}\n')
    ran = run("eval", "validate", tiny_set)
    assert ran.code == 1
    assert "line 1: question" in ran.err
    assert "line 2: expected" in ran.err
    assert_refused(run("eval", "run", tiny_set), "line 1", "eval validate")


def test_the_schema_is_printed(run: Run) -> None:
    assert run("eval", "schema").out == json_schema()


def test_a_run_writes_every_report_and_shows_the_measures(run: Run, tiny_set: Path, tmp_path: Path) -> None:
    formats = [part for name in ("html", "json", "md", "junit") for part in ("--format", name)]
    ran = run("eval", "run", tiny_set, "--out", "runs/one", *formats)
    assert ran.code == 0
    assert "passed" in ran.out
    assert "0.667" in ran.out
    folder = tmp_path / "runs" / "one"
    assert {"report.html", "report.json", "report.md", "junit.xml", "answers.jsonl"} <= {
        p.name for p in folder.iterdir()
    }
    assert len(etree.parse(folder / "junit.xml").findall(".//failure")) == 1
    again = run("eval", "run", tiny_set, "--out", "runs/one")
    assert again.code == 0


def test_without_a_folder_equal_runs_share_one(run: Run, tiny_set: Path, tmp_path: Path) -> None:
    run("eval", "run", tiny_set)
    run("eval", "run", tiny_set)
    (folder,) = (tmp_path / "runs").iterdir()
    assert folder.name.startswith("tiny-")


def test_gates_decide_the_exit_code(run: Run, tiny_set: Path, tmp_path: Path) -> None:
    (tmp_path / "gates.toml").write_text("[tiny.fail_under]\npassed = 0.6\n[all.fail_over]\nforbidden_statements = 0\n")
    ran = run("eval", "run", tiny_set, "--gates", "gates.toml")
    assert (ran.code, ran.err) == (0, "2 gates kept\n")
    ran = run("eval", "run", tiny_set, "--gates", "gates.toml", "--fail-under", "passed=0.9")
    assert ran.code == 1
    assert ran.err == "gate: passed 0.6667, has to be at least 0.9\n"
    assert "0.667" in ran.out
    assert run("eval", "run", tiny_set, "--fail-under", "passed@dose=0.5").code == 0
    assert_refused(run("eval", "run", tiny_set, "--fail-under", "passed"), "--fail-under 'passed'", "MEASURE=VALUE")


def test_runs_are_compared(run: Run, tiny_set: Path, tmp_path: Path) -> None:
    run("eval", "run", tiny_set, "--out", "runs/before")
    shutil.copytree(tmp_path / "runs" / "before", tmp_path / "runs" / "after")
    ran = run("eval", "compare", "runs/before", "runs/after", "--html", "difference.html")
    assert ran.code == 0
    assert "0 won, 0 lost, 0 answers changed" in ran.out
    assert "<html" in (tmp_path / "difference.html").read_text()
    scores = tmp_path / "runs" / "after" / "scores.jsonl"
    scores.write_text(scores.read_text().replace('"passed":[1.0,1.0]', '"passed":[0.0,1.0]').replace("true", "false"))
    ran = run("eval", "compare", "runs/before", "runs/after")
    assert ran.code == 1
    assert "gate: passed" in ran.err
    assert run("eval", "run", tiny_set, "--no-worse-than", "runs/before").code == 0
    assert json.loads(run("eval", "compare", "runs/before", "runs/before", "--json").out)


def test_recorded_answers_are_audited_and_replayed(run: Run, tiny_set: Path, tmp_path: Path) -> None:
    run("batch", tiny_set, "answers.jsonl")
    for command, words in (("audit", "3 answers borne out"), ("replay", "3 answers given again")):
        ran = run(command, "answers.jsonl")
        assert (ran.code, ran.err) == (0, "")
        assert words in ran.out
    path = tmp_path / "answers.jsonl"
    path.write_text(path.read_text().replace("30 to 60", "30 to 90"))
    for command in ("audit", "replay"):
        ran = run(command, "answers.jsonl")
        assert ran.code == 1
        assert ran.err.startswith("dose: ")
        assert all(line.startswith("dose: ") for line in ran.err.splitlines())
    assert json.loads(run("audit", "answers.jsonl", "--json").out)[0]["problems"]


def test_recorded_answers_can_be_scored(run: Run, tiny_set: Path, tmp_path: Path) -> None:
    run("eval", "run", tiny_set, "--out", "runs/live")
    ran = run("eval", "run", tiny_set, "--answers", "runs/live/answers.jsonl", "--out", "runs/recorded")
    assert ran.code == 0
    scores = [(tmp_path / "runs" / name / "scores.jsonl").read_bytes() for name in ("live", "recorded")]
    assert scores[0] == scores[1]


def test_whatever_is_wrong_is_one_line(run: Run, tiny_set: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("")
    (tmp_path / "bad.jsonl").write_text("{}\n")
    assert_refused(run("eval", "run", "none.jsonl"), "none.jsonl")
    assert_refused(run("eval", "run", tiny_set, "--index", "nowhere"), "nowhere")
    assert_refused(run("eval", "run", tiny_set, "--url", "http://127.0.0.1:1"), "cannot be reached")
    assert_refused(run("eval", "run", tiny_set, "--url", "http://127.0.0.1:1", "--answers", "x"), "exclude each other")
    assert_refused(run("eval", "run", tiny_set, "--gates", "none.toml"), "none.toml")
    assert_refused(run("eval", "run", tiny_set, "--tolerance", "passed=1"), "says nothing without --no-worse-than")
    assert_refused(run("eval", "run", tiny_set, "--out", "empty.jsonl"), "empty.jsonl: cannot be made")
    assert_refused(run("eval", "run", tiny_set, "--judge", "nobody:knows", "--out", "runs/x"), "model 'nobody:knows'")
    assert not (tmp_path / "runs" / "x").exists()
    assert_refused(run("eval", "compare", "runs/a", "runs/b"), "manifest.json")
    assert_refused(run("eval", "report", "runs/a"), "manifest.json")
    for command in ("audit", "replay"):
        assert_refused(run(command, "none.jsonl"), "none.jsonl")
        assert_refused(run(command, "empty.jsonl"), "holds no answer")
        assert_refused(run(command, "bad.jsonl"), "bad.jsonl: line 1: id")
