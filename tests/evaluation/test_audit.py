"""Recorded answers are borne out and given again, and whatever was tampered with is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from support import INFUSION_QUESTION, HashEncoder, build_index, write_corpus
from temsiqa.assistant import Assistant
from temsiqa.errors import IndexFolderError
from temsiqa.evaluation.audit import audit, replay
from temsiqa.evaluation.grounding import GenerationLibrary
from temsiqa.index.generation import load_named
from temsiqa.record import RecordedAnswer
from temsiqa.safety.policy import load_policy

ASKED = ((INFUSION_QUESTION, ()), ("And of sirolimus?", ("What is the half-life of temsirolimus?",)), ("bread?", ()))


@pytest.fixture(scope="module")
def recorded(tiny_assistant: Assistant) -> list[RecordedAnswer]:
    return [
        RecordedAnswer.of(f"q{n}", history, tiny_assistant.answer(question, history))
        for n, (question, history) in enumerate(ASKED)
    ]


def audited(answers: list[RecordedAnswer], assistant: Assistant) -> list[tuple[str, ...]]:
    library = GenerationLibrary(assistant.generation, assistant.policy)
    return [finding.problems for finding in audit(answers, lambda name: library)]


def test_what_was_said_is_borne_out_and_said_again(recorded: list[RecordedAnswer], tiny_assistant: Assistant) -> None:
    assert audited(recorded, tiny_assistant) == [(), (), ()]
    assert [finding.problems for finding in replay(recorded, lambda name: tiny_assistant)] == [(), (), ()]


def test_it_survives_its_file(recorded: list[RecordedAnswer], tiny_assistant: Assistant) -> None:
    read = [RecordedAnswer.model_validate_json(answer.model_dump_json()) for answer in recorded]
    assert read == recorded
    assert [finding.problems for finding in replay(read, lambda name: tiny_assistant)] == [(), (), ()]


def test_tampering_is_named(recorded: list[RecordedAnswer], tiny_assistant: Assistant) -> None:
    answer = recorded[0]
    other_text = answer.model_copy(update={"answer_text": "Take it daily."})
    other_policy = answer.model_copy(update={"policy": "0"})
    assert "the text of the answer" in audited([other_text], tiny_assistant)[0][0]
    assert "answered under policy 0" in audited([other_policy], tiny_assistant)[0][0]
    (finding,) = replay([other_text], lambda name: tiny_assistant)
    assert finding.problems[0].startswith('answer_text was "Take it daily.", is ')


def test_another_corpus_gives_another_answer(
    recorded: list[RecordedAnswer], tmp_path: Path, hash_encoder: HashEncoder
) -> None:
    corpus = write_corpus(tmp_path / "corpus")
    path = corpus / "guides" / "giving.md"
    path.write_text(path.read_text().replace("30 to 60 minutes", "90 minutes"))
    build_index(tmp_path / "index", corpus, hash_encoder)
    name = next(p.name for p in (tmp_path / "index").iterdir() if p.is_dir())
    other = Assistant(load_named(tmp_path / "index", name), hash_encoder, load_policy(None))
    assert any("do not read" in problem for problem in audited(recorded[:1], other)[0])
    (finding,) = replay(recorded[:1], lambda _: other)
    assert {problem.split()[0] for problem in finding.problems} >= {"answer_text", "statements", "generation"}


def test_a_generation_that_is_gone_is_a_finding_and_opened_once(recorded: list[RecordedAnswer], tmp_path: Path) -> None:
    opened: list[str] = []

    def gone(name: str) -> Assistant:
        opened.append(name)
        raise IndexFolderError(f"holds no generation {name}")

    findings = list(replay(recorded, gone))
    assert all("holds no generation" in finding.problems[0] for finding in findings)
    with pytest.raises(IndexFolderError, match="holds no generation"):
        load_named(tmp_path, "0" * 32)
    with pytest.raises(IndexFolderError, match="holds no generation"):
        load_named(tmp_path, "../elsewhere")


def test_a_question_that_is_refused_is_a_finding(recorded: list[RecordedAnswer], tiny_assistant: Assistant) -> None:
    empty = recorded[0].model_copy(update={"question": "?"})
    (finding,) = replay([empty], lambda name: tiny_assistant)
    assert "empty" in finding.problems[0]
