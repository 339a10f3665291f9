"""What an explanation looks like on a terminal of a hundred columns."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from support import INFUSION_ANSWER, INFUSION_QUESTION
from temsiqa.assistant import Assistant
from temsiqa.explanation import DisagreementStage, Explanation, QuotedSentence, SecondOpinion, explained
from temsiqa.explanation_view import show_explanation
from temsiqa.model import Disclaimer

COLUMNS = 100


def shown(told: Explanation) -> list[str]:
    """The lines of an explanation."""
    console = Console(file=io.StringIO(), color_system=None, width=COLUMNS)
    show_explanation(console, told)
    return console.file.getvalue().splitlines()  # type: ignore[attr-defined, no-any-return]


def line(lines: list[str], *words: str) -> str:
    """The only line that holds all ``words``."""
    (found,) = [line for line in lines if all(word in line for word in words)]
    return found


@pytest.fixture(scope="module")
def infusion(tiny_assistant: Assistant) -> Explanation:
    return explained(tiny_assistant, INFUSION_QUESTION).explanation


def test_all_numbers_of_a_row_stand_in_one_line(infusion: Explanation) -> None:
    lines = shown(infusion)
    passage = infusion.steps[0].passages[0]
    scores = (f"{passage.dense:.3f}", f"{passage.lexical:.2f}", f"{passage.score:.3f}")
    assert line(lines, "1", "guides/giving.md > Dose (guideline)", *scores)
    best = infusion.steps[0].candidates[0]
    assert line(lines, "1", INFUSION_ANSWER, f"{best.probability:.3f}")
    assert line(lines, f"guides/giving.md, characters {best.start}-{best.end}, passage 1")
    for part in infusion.steps[0].decision.features:
        assert line(lines, f" {part.feature} ", f"{part.value:.4f}", f"{part.weight:.4f}", f"{part.contribution:.4f}")


def test_features_that_are_nothing_are_left_out(infusion: Explanation) -> None:
    best = infusion.steps[0].candidates[0]
    assert (best.features["expected"], best.features["source"]) == (1, 0)
    features = line(shown(infusion), f"covered {best.features['covered']:.2f}", "expected 1.00")
    assert "source" not in features


@pytest.mark.parametrize(
    ("said", "probability", "words"),
    [(True, 0.75, "said     probability 0.7500 reaches"), (False, 0.25, "silent   probability")],
)
def test_the_verdict_is_in_words(infusion: Explanation, said: bool, probability: float, words: str) -> None:
    step = infusion.steps[0]
    change = {"said": said, "probability": probability, "threshold": 0.5}
    decision = step.decision.model_copy(update=change)
    told = infusion.model_copy(update={"steps": (step.model_copy(update={"decision": decision}),)})
    lines = shown(told)
    assert line(lines, words, "the threshold 0.5000")
    assert line(lines, "weights", "without cross encoder")


def test_what_overrules_is_told(tiny_assistant: Assistant) -> None:
    lines = shown(explained(tiny_assistant, "What is sunitinib used for?").explanation)
    assert line(lines, "silent", "probability 0.0000 is below")
    assert line(lines, "overruled", "no sentence of these passages may answer")
    assert line(lines, "has to speak of", "sunitinib")


def test_a_source_that_is_asked_about_is_told(tiny_assistant: Assistant) -> None:
    lines = shown(explained(tiny_assistant, "Who wrote the ward handbook on giving temsirolimus?").explanation)
    assert line(lines, "asks who wrote, or when", "guides/giving.md")


def test_rules_that_fired_are_told_by_their_sign(tiny_assistant: Assistant) -> None:
    lines = shown(explained(tiny_assistant, "I cannot breathe and my throat is swelling").explanation)
    assert line(lines, "airway_swelling", "Swollen face, lips, tongue or throat")
    assert line(lines, "forces", "urgent")
    assert line(lines, "outcome", "urgent, by triage")


def test_the_second_opinion_is_told_with_what_it_counts_from(infusion: Explanation) -> None:
    opinion = SecondOpinion(urgent=0.75, urgent_from=0.5, call_today=0.875, call_today_from=0.25)
    triage = infusion.triage.model_copy(update={"opinion": opinion})
    text = " ".join(" ".join(shown(infusion.model_copy(update={"triage": triage}))).split())
    assert "second opinion probability of an emergency 0.7500 (counts from 0.5000)" in text
    assert "of that or a call today 0.8750 (from 0.2500)" in text


def test_each_question_is_told_from_the_others(tiny_assistant: Assistant) -> None:
    lines = shown(explained(tiny_assistant, "How long does the infusion take, and what are side effects?").explanation)
    assert [text.split("──")[0].strip() for text in lines if text.startswith("Question ")] == [
        "Question 1 of 2",
        "Question 2 of 2",
    ]


def test_disclaimers_come_before_what_they_belong_to(infusion: Explanation) -> None:
    carried = (Disclaimer("For research use only.", "notes/half-life.md"),)
    text = "\n".join(shown(infusion.model_copy(update={"disclaimers": carried})))
    assert text.index("For research use only.") < text.index("17 hours")


def test_disclaimers_of_the_answer_are_counted(infusion: Explanation) -> None:
    disclaimers = line(shown(infusion), "disclaimers  ")
    assert "2 of any answer" in disclaimers
    assert "1 of guides/giving.md" in disclaimers


def test_disagreement_and_corrections_are_told(infusion: Explanation) -> None:
    lines = shown(infusion)
    assert not [text for text in lines if "disagree" in text or "for granted" in text]
    side = QuotedSentence(document="a.md", start=3, end=9, quote="Noon.")
    dispute = DisagreementStage(dispute="time", topic="When", why="Two zones.", sides=(side,))
    steps = (infusion.steps[0].model_copy(update={"disagreement": dispute}),)
    lines = shown(infusion.model_copy(update={"steps": steps, "corrections": (side,)}))
    assert line(lines, "Sources disagree")
    assert line(lines, "why", "Two zones.")
    assert line(lines, "Takes for granted")
    assert [text.strip() for text in lines].count("a.md, characters 3-9") == 2


def test_what_was_retracted_is_marked(infusion: Explanation) -> None:
    step = infusion.steps[0]
    passage = step.passages[0].model_copy(update={"retracted": "retracted on 2020-01-02"})
    told = infusion.model_copy(update={"steps": (step.model_copy(update={"passages": (passage,)}),)})
    assert line(shown(told), "RETRACTED: retracted on 2020-01-02")


def test_nothing_typed_is_obeyed(tiny_assistant: Assistant) -> None:
    typed = "half-life [bold red]x[/] [link=http://a.example]y[/link] :bug: {7*7}"
    text = "\n".join(shown(explained(tiny_assistant, typed).explanation))
    assert "[bold red]x[/]" in text
    assert ":bug:" in text


def test_no_line_is_longer_than_the_terminal(tiny_assistant: Assistant) -> None:
    lines = shown(explained(tiny_assistant, "pneumonoultramicroscopicsilicovolcanoconiosis " * 8).explanation)
    assert max(map(len, lines)) <= COLUMNS
