from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from temsiqa.evaluation.reading import check_test_set, read_test_set

Write = Callable[[str, str | bytes], Path]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("m.jsonl", '{"id": "1", "question": "How much?", "answer": "25 mg; weekly", "type": "Dose", "drug": "X"}\n'),
        ("m.json", '[{"question": "How much?", "answer": "25 mg; weekly", "qtype": "Dose", "drug": "X"}]'),
        ("m.csv", 'Question,Focus (Drug),Question Type,Answer,URL\nHow much?,X,Dose,"25 mg; weekly",u\n'),
    ],
)
def test_a_pair_under_the_names_of_its_columns(write: Write, name: str, content: str) -> None:
    (item,) = read_test_set(write(name, content)).items
    assert (item.id, item.question, item.answers) == ("1", "How much?", ("25 mg; weekly",))
    assert item.slices == ("type:Dose", "drug:X")
    assert item.expected is None


def test_pairs_without_ids_are_numbered(write: Write) -> None:
    lines = '{"question": "A?", "answer": "a"}\n' * 2
    assert [item.id for item in read_test_set(write("m.jsonl", lines)).items] == ["1", "2"]


def test_a_pair_without_its_answer_is_a_mistake(write: Write) -> None:
    content = "question,answer\nA?,a\nB?,b\nC?,\n"
    assert [str(one) for one in check_test_set(write("m.csv", content))] == [
        "m.csv: line 4: answer: is missing; add it"
    ]


def test_consumer_questions_are_read(data: Path) -> None:
    items = read_test_set(data / "medicationqa" / "medicationqa_dev.jsonl").items
    assert len(items) == 373
    assert all(len(item.answers) == 1 and item.expected is None for item in items)
    assert sum("type:Dose" in item.slices for item in items) == 37
