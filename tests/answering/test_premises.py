"""False premises are put right, and questions that take nothing false for granted are left alone."""

from __future__ import annotations

import pytest

from support import HashEncoder, build_index
from temsiqa.answering.premises import Premises
from temsiqa.answering.whereabouts import Whereabouts
from temsiqa.assistant import Assistant
from temsiqa.index.generation import Generation, load_current
from temsiqa.model import Outcome
from temsiqa.safety.policy import load_policy

DOCUMENT = """---
title: Guide
evidence_level: label
references:
  - {marker: 1, text: A source}
---
# Guide

Temsirolimus is a drip [1]. Temsirolimus is given once a week. Temsirolimus is not for dogs.
"""
PREMISES = """
- id: tablet
  assumes: It is a tablet.
  wordings: ["it is|it's .. tablet*", everolimus is .. tablet*]
  mentions: [the tablet*]
  unless: [headache]
  document: guide.md
  sentence: "Temsirolimus is a drip."
- id: daily
  assumes: It is given daily.
  mentions: [daily dose]
  document: guide.md
  sentence: "Temsirolimus is given once a week."
- id: dogs
  assumes: It is for dogs.
  mentions: [dog's dose]
  document: guide.md
  sentence: "Temsirolimus is not for dogs."
- id: cats
  assumes: It is for cats.
  mentions: [cat's dose]
  document: guide.md
  sentence: "Temsirolimus is not for cats."
- id: horses
  assumes: It is for horses.
  mentions: [horse's dose]
  document: gone.md
  sentence: "Temsirolimus is not for horses."
"""


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    folder = tmp_path_factory.mktemp("premises")
    (folder / "guide.md").write_text(DOCUMENT, encoding="utf-8")
    (folder / "premises.yaml").write_text(PREMISES, encoding="utf-8")
    build_index(folder / "index", folder, HashEncoder())
    return load_current(folder / "index")


def of(generation: Generation) -> Premises:
    return Premises(generation, Whereabouts(generation))


def corrections(generation: Generation, question: str) -> list[str]:
    document = generation.documents["guide.md"]
    return [document.quote(s.span) for c in of(generation).corrections(question) for s in c.sentences]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Since it is a tablet, can I crush it?", ["Temsirolimus is a drip [1]."]),
        ("May I crush the tablets?", ["Temsirolimus is a drip [1]."]),
        ("MÁY Í CRUSH THE TÁBLETS?", ["Temsirolimus is a drip [1]."]),
        ("is it a tablet?", []),
        ("May I take the tablets for a headache?", []),
        ("The daily dose of the tablets?", ["Temsirolimus is a drip [1].", "Temsirolimus is given once a week."]),
        ("The dog's dose?", ["Temsirolimus is not for dogs."]),
        ("The cat's dose? The horse's dose?", []),
    ],
)  # fmt: skip
def test_what_is_taken_for_granted_is_put_right(generation: Generation, question: str, expected: list[str]) -> None:
    assert corrections(generation, question) == expected


def test_two_corrections_are_enough(generation: Generation) -> None:
    assert len(corrections(generation, "The dog's dose, the tablets, the daily dose?")) == 2


def test_what_is_said_of_another_drug_is_no_premise(generation: Generation) -> None:
    assert corrections(generation, "May I take the sunitinib tablets?") == []
    assert corrections(generation, "May I take the tablets of temsirolimus with ketoconazole?") != []
    assert corrections(generation, "as everolimus is a tablet, when do I take it?") != []


def test_the_correction_comes_first_and_is_announced(generation: Generation) -> None:
    policy = load_policy()
    answer = Assistant(generation, HashEncoder(), policy).answer("How often are the tablets given each week?")
    first, *others = answer.statements
    assert answer.outcome is Outcome.ANSWERED
    assert first.citations[0].quote == "Temsirolimus is a drip [1]."
    assert answer.notice.endswith(policy.message("assumed"))
    assert first not in others


def test_in_an_emergency_nothing_is_put_right(generation: Generation) -> None:
    answer = Assistant(generation, HashEncoder(), load_policy()).answer(
        "I can't breathe and my lips are swelling since I took the tablets"
    )
    assert answer.outcome is Outcome.URGENT
    assert load_policy().message("assumed") not in answer.notice


def test_a_corpus_without_premises_corrects_nothing(tiny_assistant: Assistant) -> None:
    assert of(tiny_assistant.generation).corrections("Since it is a tablet, can I crush it?") == ()


TAKEN_FOR_GRANTED = {
    "since it's a capsule, can I open it and sprinkle it on food?": "no temsirolimus tablet is approved",
    "Torisel is a pill, isn't it?": "no temsirolimus tablet is approved",
    "can he chew the tablets": "no temsirolimus tablet is approved",
    "how do I inject my torisel at home myself": "prepared and given by health professionals",
    "because torisel is given every day, what if I skip a day?": "once a week",
    "why is temsirolimus approved for glioblastoma?": "not approved for any brain tumour",
    "When did the FDA licence it, I mean why was it licensed for breast cancer?": "not approved for breast cancer",
    "Given that temsirolimus is licensed for lung cancer, what is the dose?": "advanced renal cell carcinoma",
    "as torisel is an immunotherapy, which checkpoint does it block?": "kinase inhibitor",
    "since torisel is just chemo, when does my hair fall out": "not classic chemo",
    "how many weeks until torisel cures me": "A cure is not the usual aim",
    "since torisel lowers blood sugar, do I still need insulin?": "raise blood sugar",
    "because temsirolimus boosts my immune system can I see my ill grandson": "suppress the immune system",
    "why is no premedication needed before temsirolimus": "antihistamine before every temsirolimus dose",
    "As it's harmless in pregnancy, can she carry on?": "can harm a fetus",
    "temsirolimus and everolimus are the same drug, so can I swap?": "related drugs with different uses",
    "what mg/kg do we use for a 90 kg man": "flat (fixed) dose",
    "grapefruit is fine with it, correct?": "Grapefruit juice may raise sirolimus levels",
    "live vaccines are ok, right?": "Live vaccines must not be given",
    "we dilute it in 5% dextrose, what volume?": "0.9% sodium chloride (normal saline) only",
    "the vials are kept at room temperature, so what is the shelf life?": "stored in a refrigerator",
    "in ARCC, patients who had failed interferon got it; how many were there?": "had not been treated before",
    "What was the median survival in the placebo arm of ARCC?": "207 to interferon alfa",
    "as the drug is cleared by the kidneys, what is the renal dose": "kidneys clear almost no temsirolimus",
}
NOT_TAKEN_FOR_GRANTED = (
    "is there a pill form of temsirolimus instead of the drip",
    "could i just swap to rapamycin tablets",
    "is my cholesterol pill (simvastatin) something i need to mention",
    "which of my tablets could clash with torisel",
    "which of the two is a pill, everolimus or torisel",
    "can it be given subcut or by mouth?",
    "how many months after my last Torisel do i have to stay on the pill in the US",
    "is torisel chemotherapy",
    "will it cure my dad",
    "will torisel push my sugars up",
    "does it make your colesterol go up",
    "are everolimus and temsirolimus the same thing",
    "dose by BSA or flat?",
    "im a big fella, will i get a bigger dose",
    "is torisel licensed for breast cancer",
    "has it been licensed for brain tumors anywhere",
    "why isnt torisel for kids",
    "my sister has breast cancer thats spread, did torisil help people like her",
    "any good for T cell lymfoma",
    "which drugs are approved for PTCL according to the review",
    "dextrose 5% instead of saline?",
    "PVC bag ok?",
    "vial was frozen overnight can we use it",
    "fridge temp for unopened vials",
    "how much temsirolimus is eliminated by the kidneys",
    "why should grapefruit juice be avoided with temsirolimus",
    "im allergic to benadryl is that a problem",
    "does the ARCC study show torisel works once interferon has failed",
    "i have epilepsy and heard theres alcohol in it",
    "highest repeated IV dose per m2 in early trials",
    "can my hands and feet go numb",
    "why do they check my kidneys so often",
)


@pytest.mark.model
@pytest.mark.parametrize(("question", "correction"), TAKEN_FOR_GRANTED.items())
def test_premises_of_the_literature(assistant: Assistant, question: str, correction: str) -> None:
    answer = assistant.answer(question)
    assert correction in answer.statements[0].text
    assert load_policy().message("assumed") in answer.notice


@pytest.mark.model
@pytest.mark.parametrize("question", NOT_TAKEN_FOR_GRANTED)
def test_ordinary_questions_are_not_put_right(assistant: Assistant, question: str) -> None:
    assert of(assistant.generation).corrections(question) == ()
