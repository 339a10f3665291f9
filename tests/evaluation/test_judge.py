"""Advice of a language model: kept beside the run, and out of everything else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support import INFUSION_QUESTION
from temsiqa.assistant import Assistant
from temsiqa.errors import EvaluationError, ServiceError
from temsiqa.evaluation.judge import ADVICE, ADVISER, judge_run, open_model
from temsiqa.evaluation.runs import Run, read_run, run
from temsiqa.evaluation.systems import LocalSystem
from temsiqa.evaluation.testset import Item, TestSet

pytest.importorskip("langchain_core")
from langchain_core.language_models.fake_chat_models import FakeListChatModel

SET = TestSet("tiny", tuple(Item(id=f"q{n}", question=INFUSION_QUESTION) for n in range(4)))


@pytest.fixture
def finished(tiny_assistant: Assistant, tmp_path: Path) -> Run:
    return run(SET, LocalSystem(tiny_assistant, {}), tmp_path / "run", 1, lambda _: None)


def test_opinions_are_counted_and_written_with_model_and_prompt(finished: Run) -> None:
    said = [
        '{"verdict": "right", "reason": "it says so"}',
        'Sure! ```json\n{"verdict": "wrong"}\n```',
        '{"verdict": "splendid"}',
        "no idea",
    ]
    scores = finished.scores
    advice = judge_run(finished, FakeListChatModel(responses=said), "fake:model")
    assert (advice.right, advice.partly, advice.wrong, advice.unclear) == (1, 0, 1, 2)
    lines = [json.loads(line) for line in (finished.folder / ADVICE).read_text().splitlines()]
    assert lines[0] == {"id": "q0", "verdict": "right", "reason": "it says so"}
    assert lines[3]["reason"] == "no idea"
    adviser = json.loads((finished.folder / ADVISER).read_text())
    assert adviser["model"] == "fake:model"
    assert "Quotations" in adviser["prompt"]
    assert read_run(finished.folder).scores == scores


def test_a_model_that_fails_is_named(finished: Run) -> None:
    class Broken(FakeListChatModel):
        def _call(self, *_: object, **__: object) -> str:
            raise RuntimeError("quota\nexceeded")

    with pytest.raises(ServiceError, match=r"item q0: the language model does not answer .*quota exceeded"):
        judge_run(finished, Broken(responses=[""]), "fake:model")


def test_an_unknown_model_is_named() -> None:
    with pytest.raises(EvaluationError, match="model 'nobody:nothing'"):
        open_model("nobody:nothing")
