from __future__ import annotations

import pytest
from hypothesis import given, settings

from document_support import SOUP, assert_sound, fixture, read_or_refuse, text_document
from temsiqa.model import Disclaimer, Document, EvidenceLevel, Provenance, Reference

LEAFLET = """
# Orvexamide
byline: Generic Name: Orvexamide
# Purpose
paragraph: Orvexamide is an invented tablet that calms (soothes) imaginary itches.
paragraph: In particular:
list: Elbow itch (EI): It's given when creams did not help. One tablet is enough. \
< Orvexamide is an invented tablet that calms (soothes) imaginary itches. < In particular:
list: Night itch: It is given before sleep. < Orvexamide is an invented tablet that calms (soothes) imaginary itches. \
< In particular:
# Unwanted Effects
paragraph: Most people notice nothing.
paragraph: Common unwanted effects include:
list: Yawning: Being sleepy. < Common unwanted effects include:
list: Hiccups (singultus): Short spasms. < Common unwanted effects include:
paragraph: Rarer unwanted effects need a visit to the clinic at once and can include:
list: Purple ears: A change of colour. < Rarer unwanted effects need a visit to the clinic at once and can include:
# FAQs
faq: It's swallowed with water. < How is Orvexamide taken?
faq: Taking it with tea is fine. < How is Orvexamide taken?
faq: No. < May I take two?
faq: One a day is the most. < May I take two?
notice: Disclaimer: This leaflet is for educational purposes only and should not be considered medical advice.
notice: Ask a pharmacist first.
notice: Note: This leaflet is AI-generated or crowd-sourced and may not be accurate.
notice: Please check it.
"""
SHAPE = """
# shape and action of Orvexamide
byline: Author: Quillchem Help Desk. Date: March 2024
# Compound Focus: Orvexamide
byline: CAS No.: 00-00-0
byline: Cat. No.: Q123
# How It Binds & Acts
paragraph: Orvexamide binds the itch receptor (ITR), a membrane protein [1].
list: Binding: The orvexamide-ITR pair is stable [2] [1].
list: What follows:
list: Silence: Nerve α stays silent [1]. < What follows:
list: Rest: Sleep returns [1]. < What follows:
list: Shape: It is a ring [3] [1]. The ring is flat.
paragraph: The following drawing shows the Orvexamide ring.
caption: Diagram of Orvexamide and its ring.
# Course in the Body
paragraph: A study in otters measured it [2].
caption: Table: Course in Otters [2]
table: Half-Life | 3 hours | 9 hours [1] < Table: Course in Otters [2] < Measure | Orvexamide | Orvexide (Metabolite)
table: Route | Split by water [2] | Unknown < Table: Course in Otters [2] < Measure | Orvexamide | Orvexide (Metabolite)
# Trial Data
caption: Table: Plan & Findings [3]
table: Design | One group, twelve otters. < Table: Plan & Findings [3] < Aspect | Details
table: Sampling | When: Day 1. How: By swab. < Table: Plan & Findings [3] < Aspect | Details
table: Findings | Effect: Less itch after treatment (P=0.02). Forecast: Age told the answer (P=0.01). \
Outcome: Longer naps. < Table: Plan & Findings [3] < Aspect | Details
# References
references: Itch [en.example.org]
references: Otters and ... [otter.example]
references: A trial in ... [trial.example]
byline: To cite this document: Quillchem. [shape and action of Orvexamide]. Quillchem, [2024]. [Online PDF]. \
Available at: [https://quillchem.example/q123#shape]
notice: This note is for Research Use Only (RUO).
notice: We make no warranties about it.
notice: Technical Support: The recipes are for reference purposes.
notice: Unsure if it suits you?
notice: [Contact our Support Team]
"""
COMPARISON = """
# Orvexamide In Otters: A Guide Across Itch Models
byline: Author: Benchquill Team. Date: May 2023
# Compound of Interest
byline: Compound Name: Orvexamide
# Mode of Action: ITR Silence
paragraph: Orvexamide blocks ITR.[1][2]
paragraph: The block is full.[10]
paragraph: It lasts.[1][5][6]
caption: Caption: Orvexamide silences ITR.
# Elbow Itch (EI)
paragraph: Three models were tried. [3][4]
table: Rough wool | Otter | Scratching fell. | [3] < Model | Animal | Result | Citation
table: Nettle | Mole | Scratching fell in all animals by reducing itch and raising calm. | [4][5] \
< Model | Animal | Result | Citation
# Night Itch
table: Feather | N/A | Slept. | [6][7] < Model | Animal | Result | Citation
# Measurement
list: Size: The formula (Length × Width^2) / 2 gave the patch.[7]
list: Sleep: Hours were counted.
# References
references: itch.example [itch.example]
references: A long title on the sleep of otters and of moles [mole.example]
references: Wool | In Otters [wool.example]
byline: To cite this document: Benchquill. [Orvexamide In Otters]. Benchquill, [2023]. \
Available at: [https://benchquill.example/b1]
notice: This guide is for Research Use Only (RUO).
notice: We make no warranties about it.
notice: Technical Support: The recipes are for reference purposes.
notice: Unsure?
"""
UNQUOTABLE = (
    "quote,custom,synthesis,info@,click,ultimate,destination,mission,trusted,nowhere,industrial,layout,nav_exclude"
)


def outline(document: Document) -> str:
    """Every heading and sentence on a line of its own, leads behind ``<``."""
    lines: list[str] = []
    for block in document.blocks:
        lines += [] if block.sentences else [f"# {document.quote(block.span)}"]
        for s in block.sentences:
            lines.append(" < ".join([f"{s.kind}: {document.quote(s.span)}", *map(document.quote, s.lead)]))
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("name", "expected"), [("leaflet.txt", LEAFLET), ("shape.txt", SHAPE), ("comparison.txt", COMPARISON)]
)
def test_the_structure_of_a_messy_page(name: str, expected: str) -> None:
    document = text_document(fixture(name), name)
    assert outline(document) == expected.strip()
    assert [word for word in UNQUOTABLE.split(",") if word in document.text.lower()] == []
    assert_sound(document)


@pytest.mark.parametrize(
    ("name", "provenance"),
    [
        ("leaflet.txt", Provenance("Orvexamide", EvidenceLevel.UNVERIFIED)),
        (
            "shape.txt",
            Provenance(
                "shape and action of Orvexamide",
                EvidenceLevel.VENDOR_NOTE,
                "Quillchem",
                ("Quillchem Help Desk",),
                "March 2024",
                "https://quillchem.example/q123#shape",
            ),
        ),
        (
            "comparison.txt",
            Provenance(
                "Orvexamide In Otters: A Guide Across Itch Models",
                EvidenceLevel.VENDOR_NOTE,
                "Benchquill",
                ("Benchquill Team",),
                "May 2023",
                "https://benchquill.example/b1",
            ),
        ),
    ],
)
def test_provenance_is_what_the_page_says(name: str, provenance: Provenance) -> None:
    assert text_document(fixture(name), name).provenance == provenance


@pytest.mark.parametrize(
    ("name", "notices"),
    [
        (
            "leaflet.txt",
            [
                "Disclaimer: This leaflet is for educational purposes only and should not be considered medical "
                "advice. Ask a pharmacist first.",
                "Note: This leaflet is AI-generated or crowd-sourced and may not be accurate. Please check it.",
            ],
        ),
        (
            "shape.txt",
            [
                "This note is for Research Use Only (RUO). We make no warranties about it.",
                "Technical Support: The recipes are for reference purposes.",
            ],
        ),
        (
            "comparison.txt",
            [
                "This guide is for Research Use Only (RUO). We make no warranties about it.",
                "Technical Support: The recipes are for reference purposes.",
            ],
        ),
    ],
)
def test_notices_travel_with_the_document(name: str, notices: list[str]) -> None:
    assert text_document(fixture(name), name).disclaimers == tuple(Disclaimer(notice, name) for notice in notices)


def test_a_wrapped_reference_is_whole() -> None:
    assert text_document(fixture("comparison.txt"), "c.txt").references == (
        Reference("1", "itch.example [itch.example]"),
        Reference("2", "A long title on the sleep of otters and of moles [mole.example]"),
        Reference("3", "Wool | In Otters [wool.example]"),
    )


def test_markers_of_a_row_are_those_of_its_cell() -> None:
    document = text_document(fixture("comparison.txt"), "c.txt")
    rows = {document.quote(s.span).split(" | ")[0]: s.markers for b in document.blocks for s in b.sentences}
    assert (rows["Rough wool"], rows["Nettle"], rows["Feather"]) == (("3",), ("4", "5"), ("6", "7"))


@settings(deadline=None)
@given(SOUP)
def test_any_mess_gives_a_sound_document_or_a_document_error(text: str) -> None:
    assert read_or_refuse(text_document, text, "mess.txt") == read_or_refuse(text_document, text, "mess.txt")
