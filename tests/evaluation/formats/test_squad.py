from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from temsiqa.evaluation.reading import check_test_set, read_test_set

Write = Callable[[str, str | bytes], Path]
CONTEXT = "Seals sleep ashore. They eat fish."
SQUAD = {
    "version": "v2.0",
    "data": [
        {
            "title": "Seals",
            "paragraphs": [
                {
                    "context": CONTEXT,
                    "qas": [
                        {
                            "id": "a",
                            "question": "What do seals eat?",
                            "answers": [
                                {"text": "fish", "answer_start": 29},
                                {"text": "They eat fish", "answer_start": 20},
                                {"text": "fish", "answer_start": 29},
                            ],
                            "is_impossible": False,
                        },
                        {
                            "id": "b",
                            "question": "What do whales eat?",
                            "answers": [],
                            "plausible_answers": [{"text": "fish", "answer_start": 29}],
                            "is_impossible": True,
                        },
                    ],
                }
            ],
        }
    ],
}


def test_what_is_impossible_is_to_be_left_unanswered(write: Write) -> None:
    answered, left = read_test_set(write("dev-v2.0.json", json.dumps(SQUAD))).items
    assert (answered.expected, left.expected) == ("answer", "abstain")
    assert answered.answers == ("fish", "They eat fish")
    assert answered.passages == (CONTEXT,)
    assert answered.slices == left.slices == ("title:Seals",)
    assert left.answers == left.passages == ()


def test_version_1_expects_answers_and_any_name_will_do(write: Write) -> None:
    asked = {"id": "a", "question": "What?", "answers": [{"text": "fish", "answer_start": 0}]}
    old = {"data": [{"title": "", "paragraphs": [{"context": "fish", "qas": [asked]}]}]}
    for name in ("train.txt", "train.jsonl", "train"):
        (item,) = read_test_set(write(name, json.dumps(old, indent=1))).items
        assert (item.expected, item.answers, item.slices) == ("answer", ("fish",), ())


def test_mistakes_name_the_place_in_the_tree(write: Write) -> None:
    broken = {"data": [{"paragraphs": [{"context": "fish", "qas": [{"id": "a"}, {"id": 3, "question": "Who?"}]}]}]}
    mistakes = check_test_set(write("s.json", json.dumps(broken)))
    assert [mistake.field for mistake in mistakes] == [
        "data.0.paragraphs.0.qas.0.question",
        "data.0.paragraphs.0.qas.1.id",
    ]


def test_ids_that_come_twice_are_told(write: Write) -> None:
    asked = {"id": "a", "question": "What?"}
    twice = {"data": [{"paragraphs": [{"context": "fish", "qas": [asked, asked]}]}]}
    (mistake,) = check_test_set(write("s.json", json.dumps(twice)))
    assert str(mistake) == "s.json: question a: id: 'a' came before (s.json: question a); rename one"
