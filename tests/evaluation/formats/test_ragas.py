from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from temsiqa.evaluation.reading import check_test_set, read_test_set

Write = Callable[[str, str | bytes], Path]
NEW = {
    "user_input": "What do seals eat?",
    "retrieved_contexts": ["Whales eat krill."],
    "reference_contexts": ["Seals eat fish; often.", "They don't eat grass."],
    "response": "krill",
    "reference": "fish",
}
OLD = {"question": "What do seals eat?", "contexts": ["Whales."], "answer": "krill", "ground_truth": "fish"}
OLDEST = {
    "question": "What do seals eat?",
    "contexts": ["Whales."],
    "answer": "krill",
    "ground_truths": ["fish", "fish"],
}


def table(record: dict[str, object], spelt: Callable[[object], str]) -> str:
    """One record as data frames write it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(record)
    writer.writerow([spelt(value) if isinstance(value, list) else value for value in record.values()])
    return out.getvalue()


@pytest.mark.parametrize("record", [NEW, OLD, OLDEST])
def test_the_reference_is_the_answer_and_what_a_system_said_is_not(write: Write, record: dict[str, object]) -> None:
    files = [
        write("r.json", json.dumps([record])),
        write("r.jsonl", json.dumps(record)),
        write("json.csv", table(record, json.dumps)),
        write("python.csv", table(record, str)),
    ]
    for path in files:
        (item,) = read_test_set(path).items
        assert (item.id, item.question, item.answers) == ("1", "What do seals eat?", ("fish",))
        assert item.passages == tuple(record.get("reference_contexts", ()))  # type: ignore[arg-type]
        assert item.expected is None


def test_mistakes_bear_the_names_of_the_file(write: Write) -> None:
    lines = [{**NEW, "user_input": 3}, {**NEW, "reference_contexts": "all"}]
    mistakes = check_test_set(write("r.json", json.dumps(lines, indent=1)))
    assert [(one.where, one.field) for one in mistakes] == [
        ("r.json: line 2", "user_input"),
        ("r.json: line 14", "reference_contexts"),
    ]
