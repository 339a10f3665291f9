from __future__ import annotations

import time

import pytest

from temsiqa.documents.stated import split_front_matter
from temsiqa.errors import DocumentError
from temsiqa.model import EvidenceLevel

WHOLE = """---
title: "Otters"
publisher: Quillchem
authors: [A. Otter, B. Mole]
date: 2024-03-01
url: https://quillchem.example
kind: note
evidence_level: vendor note
notes: One note
disclaimers: ["For research use only."]
references:
  - {marker: 1, text: "Itch  [en.example]", key: S1, url: null}
unknown: {to: others}
---
Body."""


def test_every_field() -> None:
    front, body = split_front_matter(WHOLE, "a.md")
    assert body == "Body."
    assert (front.title, front.publisher, front.authors) == ("Otters", "Quillchem", ("A. Otter", "B. Mole"))
    assert (front.date, front.url, front.kind) == ("2024-03-01", "https://quillchem.example", "note")
    assert front.evidence_level is EvidenceLevel.VENDOR_NOTE
    assert (front.notes, front.disclaimers) == (("One note",), ("For research use only.",))
    reference = front.references[0]
    assert (reference.marker, reference.text, reference.key, reference.url) == ("1", "Itch [en.example]", "S1", None)


@pytest.mark.parametrize("text", ["", "Body.", "---\nnever closed", "text\n---\na: b\n---\n", "----\na: b\n----"])
def test_text_without_front_matter_is_all_body(text: str) -> None:
    front, body = split_front_matter(text, "a.md")
    assert (front.title, body) == (None, text)


@pytest.mark.parametrize("head", ["", "# only a remark", "null", "authors: null\nnotes: null"])
def test_an_empty_head(head: str) -> None:
    assert split_front_matter(f"---\n{head}\n---\nBody.", "a.md")[1] == "Body."


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("a: !!python/object/apply:os.system ['true']", "no plain YAML"),
        ("a: !!python/name:os.system", "no plain YAML"),
        ("- a\n- b", "is a list"),
        ("just words", "is a str"),
        ("title: [", "no plain YAML"),
        ("title: a: b", "no plain YAML"),
        ("a: &a [x]\nb: *a", "aliases are not read"),
        ("a: &a {x: 1}\nb: {<<: *a}", "aliases are not read"),
        ("a: " + "[" * 20_000, "no plain YAML"),
        ("a: 2026-13-45", "no plain YAML"),
        ('a: !!int ""', "no plain YAML"),
        ("a: !!timestamp x", "no plain YAML"),
        ("a: !!bool x", "no plain YAML"),
        ("? {a: b}\n: c", "no plain YAML"),
        ("a: " + "1" * 5_000, "no plain YAML"),
        ("a: b\n...\nc: d", "no plain YAML"),
        ("title: [a]", "'title'"),
        ("title: true", "'title'"),
        ("authors: {a: b}", "'authors'"),
        ("authors: 7", "'authors'"),
        ("evidence_level: gospel", "'evidence_level'"),
        ("references: [one]", "'references.0'"),
        ("references: [{text: a}]", "'references.0.marker'"),
        ("disclaimers: [[a]]", "'disclaimers.0'"),
        ("date: {a: b}", "'date'"),
    ],
)
def test_a_bad_head_is_one_line_that_names_the_file(head: str, reason: str) -> None:
    began = time.perf_counter()
    with pytest.raises(DocumentError, match=r"^a\.md: .*; mend ") as error:
        split_front_matter(f"---\n{head}\n---\nBody.", "a.md")
    assert reason in str(error.value)
    assert "\n" not in str(error.value)
    assert time.perf_counter() - began < 5


def test_a_bomb_of_aliases_is_refused_at_once() -> None:
    lines = ["a0: &a0 {x: 1}", *(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, 12))]
    began = time.perf_counter()
    with pytest.raises(DocumentError, match="aliases"):
        split_front_matter("---\n" + "\n".join(lines) + "\n---\nBody.", "a.md")
    assert time.perf_counter() - began < 2


def test_escapes_hide_nothing() -> None:
    front, _ = split_front_matter('---\ntitle: "safe\\u202e \\ud800 \\x07 \\n e\\u0301"\n---\n', "a.md")
    assert front.title == "safe é"


def test_a_head_that_is_never_closed_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"a\.md: its front matter has no closing ---"):
        split_front_matter("---\ntitle: Dose\nevidence_level: label\n\n# Dose\n\nA sentence.\n", "a.md")


def test_a_rule_at_the_top_is_no_head() -> None:
    assert split_front_matter("---\n\nA sentence.\n", "a.md")[1] == "---\n\nA sentence.\n"


def test_a_misspelt_field_that_would_lose_a_disclaimer_is_refused() -> None:
    text = "---\nevidence_level: label\ndisclaimer:\n  - Not for patients.\n---\nA sentence.\n"
    with pytest.raises(DocumentError, match="'disclaimer' is unknown; did you mean 'disclaimers'"):
        split_front_matter(text, "a.md")


def test_fields_of_other_programs_are_passed_over() -> None:
    front, _ = split_front_matter("---\nlayout: page\nnav_exclude: true\ntitle: Dose\n---\nA sentence.\n", "a.md")
    assert front.title == "Dose"
