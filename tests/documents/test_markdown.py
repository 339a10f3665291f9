from __future__ import annotations

import time
from collections import Counter

import pytest
from hypothesis import given, settings

from document_support import MARKDOWN, TABLES, as_table, assert_sound, markdown_document, read_or_refuse, words_of
from temsiqa.documents.canonical import CELL_BREAK
from temsiqa.errors import DocumentError
from temsiqa.model import BlockKind, Disclaimer, Document, EvidenceLevel, Provenance, Reference

CURATED = """---
title: "Orvexamide"
publisher: Quillchem
evidence_level: review
disclaimers: ["Ask  first."]
references:
  - {marker: 3, text: "Itch", key: S1}
---
# Orvexamide

## Doses

It is given *once* [3].

Doses by age:

| Age | Dose |
| --- | --- |
| young | **1** mg |
| old | |

### Can it be split?

No. It is a ring.

- a whole one:
  - with water
- never two

## Contact us

For research use only, it says.
"""


def quotes(document: Document) -> list[str]:
    return [document.quote(s.span) for block in document.blocks for s in block.sentences]


def read_body(body: str) -> Document:
    """A curated document with ``body``: nothing in it is sorted out."""
    return markdown_document(f"---\nevidence_level: review\n---\n{body}", "a.md")


def test_a_curated_document() -> None:
    document = markdown_document(CURATED, "reviews/a.md")
    assert document.id == "reviews/a.md"
    assert document.provenance == Provenance("Orvexamide", EvidenceLevel.REVIEW, "Quillchem")
    assert document.references == (Reference("3", "Itch", "S1"),)
    assert document.disclaimers == (Disclaimer("Ask first.", "reviews/a.md"),)
    assert document.text == (
        "Orvexamide\n\nDoses\n\nIt is given once [3].\n\nDoses by age:\n\nAge | Dose\nyoung | 1 mg\nold | –\n\n"
        "Can it be split?\n\nNo. It is a ring.\n\na whole one:\nwith water\nnever two\n\n"
        "Contact us\n\nFor research use only, it says."
    )
    leads = {
        document.quote(s.span): [document.quote(lead) for lead in s.lead] for b in document.blocks for s in b.sentences
    }
    assert leads == {
        "It is given once [3].": [],
        "Doses by age:": [],
        "young | 1 mg": ["Doses by age:", "Age | Dose"],
        "old | –": ["Doses by age:", "Age | Dose"],
        "No.": ["Can it be split?"],
        "It is a ring.": ["Can it be split?"],
        "a whole one:": ["Can it be split?"],
        "with water": ["Can it be split?", "a whole one:"],
        "never two": ["Can it be split?"],
        "For research use only, it says.": [],
    }
    assert [(b.kind, b.section) for b in document.blocks if b.kind is BlockKind.FAQ] == [
        (BlockKind.FAQ, ("Doses", "Can it be split?"))
    ]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("It grows [1].\n\n[1]: https://a.example", ["It grows [1]."]),
        ("It grows [1](https://a.example).", ["It grows [1]."]),
        ("It grows [[1]](#) at [home](https://a.example).", ["It grows [1] at home."]),
        ("It grows [1](#).", ["It grows [1]."]),
        ("It grows [Click to download](#).", ["It grows ."]),
        ("safe&#x202e;&#8203; e&#769; *e*\u0301", ["safe é é"]),
        ("<p>Five mg<br>a day.</p>\n\n<!-- a\n\nb --> c\n", ["Five mg a day.", "c"]),
        ("<script>\nevil()\n</script>\n\nGood.", ["Good."]),
        ("- item\n\n  > quote\n\n  ```\n  code\n  ```\n  | A |\n  | --- |\n  | b |", ["item quote code A b"]),
        ("> quoted\n>\n> - item", ["quoted", "item"]),
        ("    code  line", ["code line"]),
        ("| | |\n| --- | --- |\n| a | b |", ["a | b"]),
        ("![ring of atoms](a.png) is flat.", ["ring of atoms is flat."]),
        ("5 < 6 & 7 > 3 \\* 2.", ["5 < 6 & 7 > 3 * 2."]),
        ("- **Q:** Why?  **A:** So. And so.", ["So.", "And so."]),
    ],
)
def test_no_word_gets_lost_and_no_markup_stays(body: str, found: list[str]) -> None:
    assert quotes(read_body(body)) == found


def test_a_dropped_item_leaves_the_others_their_parents() -> None:
    document = markdown_document("- Get Quote\n- Effects:\n  - rash\n- Doses:\n  - one", "a.md")
    leads = {document.quote(s.span): [document.quote(x) for x in s.lead] for b in document.blocks for s in b.sentences}
    assert leads == {"Effects:": [], "rash": ["Effects:"], "Doses:": [], "one": ["Doses:"]}


def test_references_count_their_own_items_only() -> None:
    document = markdown_document("Text.\n\n## References\n\n4. One\n   - more of it\n5.\n6. Three\n", "a.md")
    assert document.references == (Reference("4", "One more of it"), Reference("6", "Three"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "---\ntitle: A\n---\n",
        "# Only a heading",
        "Get Quote\n\nEmail: a@b.example",
        "---",
        "<!-- a -->",
        "| a |\n| - |",
    ],
)
def test_nothing_to_quote_is_a_document_error(text: str) -> None:
    with pytest.raises(DocumentError, match=r"^a\.md: no sentence.*; add text or remove the file$"):
        markdown_document(text, "a.md")


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\u2028"])
def test_line_ends_make_no_difference(newline: str) -> None:
    assert markdown_document(CURATED.replace("\n", newline), "a.md") == markdown_document(CURATED, "a.md")


@settings(deadline=None)
@given(MARKDOWN)
def test_every_curated_document_is_sound_and_keeps_its_words(body: str) -> None:
    document = read_body(body + "\n\nThe end.")
    assert_sound(document)
    assert read_body(body + "\n\nThe end.") == document
    assert Counter(words_of(document.text)) == Counter(words_of(body.replace("&", " ") + " The end"))


@settings(deadline=None)
@given(TABLES)
def test_rows_have_as_many_cells_as_their_header(rows: list[list[str]]) -> None:
    document = read_body(as_table(rows) + "\n\nThe end.")
    tables = [block for block in document.blocks if block.kind is BlockKind.TABLE]
    for sentence in (s for table in tables for s in table.sentences):
        assert len(document.quote(sentence.span).split(CELL_BREAK)) == len(rows[0])
        assert all(len(document.quote(lead).split(CELL_BREAK)) == len(rows[0]) for lead in sentence.lead)
    assert sum(len(table.sentences) for table in tables) == sum(any(row) for row in rows[1:])


@pytest.mark.parametrize(
    "text",
    [
        "- " * 10_000 + "a",
        "> " * 10_000 + "a",
        "> 1. - " * 3_000 + "a",
        "word " * 1_000_000,
        "a" * 5_000_000,
        "a [" * 100_000,
        "*a " * 100_000,
        "**a " * 100_000,
        "`" * 100_000,
        "<a " * 50_000,
        "." * 300_000,
        "a" + "\u0301\u0327" * 100_000,
        "\u0301" * 1_000,
        "|" + "a|" * 500 + "\n|" + "-|" * 500 + "\n" + "|a\n" * 500,
    ],
    ids=lambda text: f"{text[:8]!a} {len(text)}",
)
def test_hostile_text_is_read_or_refused_in_seconds(text: str) -> None:
    began = time.perf_counter()
    read_or_refuse(markdown_document, text, "a.md")
    assert time.perf_counter() - began < 15
