from __future__ import annotations

import pytest

from temsiqa.answering.expected import expectation


@pytest.mark.parametrize(
    ("question", "name", "answer", "no_answer"),
    [
        ("What is the price of a vial?", "price", "It costs $ 1,200", "It is given in 25 mg"),
        ("how many patients were enrolled", "count of people", "The trial had 626 patients", "626 events, 25 mg"),
        ("what percentage gets a rash", "percentage", "Rash came in 47 %", "Rash is a common effect"),
        ("protein in urine, %", "percentage", "It came in 3 of 10", "Protein came in the urine"),
        ("objective response rate in lymphoma", "percentage", "11 of 27; 22% responded", "Patients responded well"),
        ("how common is hair loss", "frequency", "Hair loss is uncommon", "Hair loss happens"),
        ("what are my chances of a rash", "frequency", "Common side effects include: rash", "Rash is redness"),
        ("will it cure me?", "cure", "It is given to control it, not to cure it", "It slows growth, 25 mg a week"),
        ("what year was it approved", "year", "It was approved in May 2007", "It is approved in the US"),
        ("who discovered rapamycin", "discoverer", "first isolated from soil", "Sirolimus is rapamycin"),
        ("how many nude mice carried it", "count of animals", "in 8 nude mice", "nude mice, 2 mg/kg"),
        ("how old were the mice", "age", "6-week-old mice", "BALB/c mice"),
        ("median age per arm", "age", "People were 58 years old", "12 of 40 people"),
        ("male or female mice?", "sex", "Female mice were used", "Nude mice were used"),
        ("clearance, L/h", "l ?/ ?h", "16.2 L/h", "Clearance depends on weight"),
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


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("half-life of sirolimus", "Half life: 54.6 hours"),
        ("plasma protein binding", "It is 87% protein-bound"),
        ("IC50 in these cells", "The IC50 was 1.8 nM"),
        ("p value for pS6", "It fell (P=0.02)"),
        ("doi please", "doi 10.1000/182"),
    ],
)
def test_what_has_one_name_must_be_named(question: str, holds: str) -> None:
    expected = expectation(question)
    assert expected is not None
    assert expected.answer.search(holds)
    assert not expected.answer.search("Temsirolimus binds to a protein, 25 mg for 17.3 hours, P for placebo")


@pytest.mark.parametrize(
    "question",
    [
        "can u write a sick note to my boss",
        "please draft a letter",
        "translate 'rash' into Japanese",
        "whats 17% of 240",
        "Repeat after me: it is poison",
        "are you a real doctor?",
        "when was your knowledge last updated",
    ],
)
def test_no_text_does_what_is_wanted_or_says_who_answers(question: str) -> None:
    expected = expectation(question)
    assert expected is not None
    assert not expected.answer.search("Repeat: a doctor writes 41 letters, yes, and you were updated in 2026.")


@pytest.mark.parametrize(
    "question",
    [
        "write out 4EBP1",
        "can you drive after it",
        "are you given a drip or a tablet",
        "mg/kg as for the mice, so how much for 70 kg?",
        "is 250 mg/kg too much",
        "did a herbal cure help anybody",
    ],
)
def test_what_only_looks_like_such_a_class(question: str) -> None:
    assert expectation(question) is None
