from __future__ import annotations

import pytest

from temsiqa.answering.expected import expectation


@pytest.mark.parametrize(
    ("question", "name", "answer", "no_answer"),
    [
        ("What is the price of a vial?", "price", "It costs $ 1,200", "It is given in 25 mg"),
        ("how many patients were enrolled", "count of people", "The trial had 626 patients", "626 events, 25 mg"),
        ("what percentage gets a rash", "share", "Rash came in 47 %", "Rash is redness"),
        ("objective response rate in lymphoma", "share", "one in 10; 22% responded", "Patients responded well"),
        ("how common is hair loss", "share", "Hair loss is uncommon", "Hair loss happens"),
        ("and how much longer do people live on it?", "survival", "10.9 months", "17.3 hours"),
        ("How long does the infusion take?", "duration", "30 to 60 minutes", "once weekly"),
        ("what dose is given", "amount", "25 mg", "a weekly drip"),
    ],
)
def test_each_class_knows_its_answers(question: str, name: str, answer: str, no_answer: str) -> None:
    expected = expectation(question)
    assert expected is not None
    assert expected.name == name
    assert expected.answer.search(answer)
    assert not expected.answer.search(no_answer)


@pytest.mark.parametrize("question", ["what is mTOR", "is it a pill then?", "which mice carried the tumours", ""])
def test_other_questions_expect_nothing_in_particular(question: str) -> None:
    assert expectation(question) is None
