from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from support import HashEncoder, build_index
from temsiqa.answering.candidates import Candidates
from temsiqa.answering.compose import Draft, compose
from temsiqa.answering.select import Choice, Selection
from temsiqa.answering.whereabouts import Whereabouts
from temsiqa.index.generation import Generation, load_current
from temsiqa.model import Audience, Hit, Outcome, Query, Statement, Triage
from temsiqa.safety.policy import Policy, load_policy
from temsiqa.safety.texts import FixedTexts
from temsiqa.walk import Step

DOCUMENT = """---
title: Guide
evidence_level: {level}
references:
  - {{marker: 1, text: First source, key: S1}}
  - {{marker: 2, text: Second source, key: S2}}
---
# Guide

## Effects

The common effects are:

- **Rash:** red skin [1].
- **Fever:** a temperature.

## Mice

Table: tumours in mice [2]

| Tumour | Mice | Dose | Reference |
| --- | --- | --- | --- |
| 786-O | nude | 2 mg/kg | [1] |
| RENCA | BALB/c | not specified | |
| [1] | [2] | [1] | [2] |

| Aspect | Details |
| --- | --- |
| Design | one arm |

Temsirolimus slows tumours [1][2]. Temsirolimus is a prodrug.
"""


def build(folder: Path, level: str) -> Generation:
    (folder / "guide.md").write_text(DOCUMENT.format(level=level), encoding="utf-8")
    build_index(folder / "index", folder, HashEncoder())
    return load_current(folder / "index")


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    return build(tmp_path_factory.mktemp("compose"), "label")


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy()


def choose(generation: Generation, *beginnings: str) -> Selection:
    """The sentences that begin like this, in one selection."""
    document = generation.documents["guide.md"]
    found = tuple(s for b in beginnings for s in generation.sentences if document.quote(s.span).startswith(b))
    assert len(found) == len(beginnings)
    return Selection("guide.md", ("Effects",), found)


def step(question: str, *selections: Selection, near: int | None = None) -> Step:
    """A question for which ``selections`` were chosen; ``near`` is the passage that retrieval found."""
    query = Query(question, question, (), (), ())
    candidates = Candidates((), {}, np.zeros(0, dtype=np.float32))
    hits = () if near is None else (Hit(near, 1.0, 1.0, 1.0),)
    return Step(query, hits, Choice(selections, candidates, {}, 1.0, 0.5))


def draft_of(
    generation: Generation,
    policy: Policy,
    *steps: Step,
    triage: Triage = Triage(),  # noqa: B008 (frozen)
    audience: Audience = Audience.STAFF,
    language: str = "en",
) -> Draft:
    return compose(steps, triage, generation, Whereabouts(generation), FixedTexts(policy, audience, language))


def state(generation: Generation, policy: Policy, *beginnings: str) -> Statement:
    return draft_of(generation, policy, step("q", choose(generation, *beginnings))).statements[0]


def test_a_row_names_its_columns_and_leaves_markers_to_the_citation(generation: Generation, policy: Policy) -> None:
    statement = state(generation, policy, "786-O")
    assert statement.text == "Tumour: 786-O; Mice: nude; Dose: 2 mg/kg"
    (citation,) = statement.citations
    assert citation.quote == "786-O | nude | 2 mg/kg | [1]"
    assert [lead.quote for lead in citation.lead] == ["Table: tumours in mice [2]", "Tumour | Mice | Dose | Reference"]
    assert [(r.marker, r.key) for r in citation.references] == [("1", "S1")]


def test_a_row_of_markers_says_nothing_and_breaks_nothing(generation: Generation, policy: Policy) -> None:
    assert state(generation, policy, "[1] | [2]").text == ""


def test_a_row_without_marker_has_the_reference_of_its_table(generation: Generation, policy: Policy) -> None:
    (citation,) = state(generation, policy, "RENCA").citations
    assert [r.text for r in citation.references] == ["Second source"]


def test_a_table_of_two_columns_reads_as_a_pair(generation: Generation, policy: Policy) -> None:
    assert state(generation, policy, "Design").text == "Design: one arm"


def test_an_item_comes_with_its_lead_in_and_a_list_with_all_items(generation: Generation, policy: Policy) -> None:
    assert state(generation, policy, "Fever").text == "The common effects are: Fever: a temperature."
    whole = state(generation, policy, "Rash", "Fever")
    assert whole.text == "The common effects are:\n• Rash: red skin.\n• Fever: a temperature."
    assert whole.citations[0].quote == "Rash: red skin [1].\nFever: a temperature."


def test_every_quote_is_the_text_at_its_offsets(generation: Generation, policy: Policy) -> None:
    text = generation.documents["guide.md"].text
    for beginnings in (("786-O",), ("Rash", "Fever"), ("Temsirolimus slows", "Temsirolimus is")):
        (citation,) = state(generation, policy, *beginnings).citations
        assert text[citation.start : citation.end] == citation.quote
        assert all(text[lead.start : lead.end] == lead.quote for lead in citation.lead)


def test_a_sentence_brings_the_references_of_its_markers(generation: Generation, policy: Policy) -> None:
    statement = state(generation, policy, "Temsirolimus slows")
    assert statement.text == "Temsirolimus slows tumours."
    assert [r.key for r in statement.citations[0].references] == ["S1", "S2"]


def test_triage_comes_before_what_the_literature_says(generation: Generation, policy: Policy) -> None:
    asked = step("q", choose(generation, "Rash"), choose(generation, "Fever"))
    draft = draft_of(generation, policy, asked, triage=Triage(Outcome.URGENT, ()), audience=Audience.PATIENT)
    assert draft.outcome is Outcome.URGENT
    assert draft.notice == policy.message("urgent", Audience.PATIENT)
    assert len(draft.statements) == 1


def test_in_an_emergency_only_what_is_likely_follows(generation: Generation, policy: Policy) -> None:
    asked = step("q", choose(generation, "Rash"))
    unlikely = replace(asked, choice=replace(asked.choice, probability=0.49))
    draft = draft_of(generation, policy, unlikely, triage=Triage(Outcome.URGENT, ()), audience=Audience.PATIENT)
    assert draft.outcome is Outcome.URGENT
    assert draft.statements == ()


def test_nothing_selected_is_an_abstention_with_what_is_near(generation: Generation, policy: Policy) -> None:
    draft = draft_of(generation, policy, step("q", near=0), audience=Audience.PATIENT)
    assert draft.outcome is Outcome.ABSTAINED
    assert draft.notice == policy.message("abstained", Audience.PATIENT)
    assert [c.quote for c in draft.related] == [generation.documents["guide.md"].quote(generation.sentences[0].span)]
    passages = len(generation.passages)
    assert draft.cautions == (f"Searched: {passages} passages of 1 documents.",)


def test_an_answer_shows_nothing_that_is_merely_near(generation: Generation, policy: Policy) -> None:
    draft = draft_of(generation, policy, step("q", choose(generation, "Rash"), near=0))
    assert draft.outcome is Outcome.ANSWERED
    assert draft.notice == ""
    assert draft.related == ()


@pytest.mark.parametrize(
    ("level", "cautioned"), [("label", False), ("review", False), ("vendor note", True), ("unverified", True)]
)
def test_weak_support_is_said(tmp_path: Path, policy: Policy, level: str, cautioned: bool) -> None:
    generation = build(tmp_path, level)
    draft = draft_of(generation, policy, step("q", choose(generation, "Rash")))
    assert bool(draft.cautions) is cautioned


def test_of_several_questions_each_is_answered_or_said_to_be_silent(generation: Generation, policy: Policy) -> None:
    rash, fever = choose(generation, "Rash"), choose(generation, "Fever")
    draft = draft_of(generation, policy, step("red skin?", rash, fever), step("and the price?"), step("fever?", fever))
    assert [s.citations[0].quote for s in draft.statements] == ["Rash: red skin [1].", "Fever: a temperature."]
    assert draft.cautions == ("The literature at hand says nothing on this: “and the price?”",)


def test_who_asks_in_another_language_is_told_that_quotes_are_english(generation: Generation, policy: Policy) -> None:
    draft = draft_of(generation, policy, step("Fieber?", choose(generation, "Fever")), language="de")
    assert draft.notice == policy.translations["de"]["quoted"]
    silent = draft_of(generation, policy, step("Preis?"), language="de")
    assert silent.notice == policy.translations["de"]["abstained"]
