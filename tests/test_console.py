"""What answers, builds and JSON look like on a terminal."""

from __future__ import annotations

import copy
import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from support import INFUSION_QUESTION
from temsiqa.assistant import Assistant
from temsiqa.console import (
    as_json,
    building,
    hit_records,
    page_words,
    reference_text,
    show_answer,
    show_build,
    show_hits,
)
from temsiqa.index.build import Changes
from temsiqa.index.manifest import Manifest
from temsiqa.model import Answer, EvidenceLevel, Reference, Span


def console(terminal: bool = False) -> Console:
    """A console that writes into a string."""
    return Console(file=io.StringIO(), force_terminal=terminal, color_system=None, width=200)


def written(on: Console) -> str:
    """What was written on it."""
    return on.file.getvalue()  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize("text", ["\x1b[31m", "\x9b31m", "\u202e", "\udcff", "a\tb\nc", '"\\', "α — 🧬"], ids=ascii)
def test_json_is_what_it_was_and_no_terminal_obeys_it(text: str) -> None:
    told = as_json({"a": [text]})
    assert json.loads(told) == {"a": [text]}
    assert not {"\x1b", "\x9b", "\u202e", "\udcff", "\t"} & set(told)


def test_json_keeps_the_letters_of_other_alphabets() -> None:
    assert "α — 🧬" in as_json("α — 🧬")


def test_json_tells_types_of_the_model_by_their_fields() -> None:
    assert json.loads(as_json((Span(1, 2), EvidenceLevel.LABEL))) == [{"start": 1, "end": 2}, "label"]


@pytest.mark.parametrize(("pages", "words"), [((), ""), ((4,), "p. 4"), ((4, 5), "pp. 4–5"), ((4, 5, 6), "pp. 4–6")])
def test_pages_in_words(pages: tuple[int, ...], words: str) -> None:
    assert page_words(pages) == words


def test_a_reference_is_shown_with_its_identifiers_its_link_and_its_retraction() -> None:
    reference = Reference("7", "A study", url="https://a.example", evidence="trial", doi="10.5555/a", pmid="7")
    assert reference_text(reference).plain == "A study (trial) doi 10.5555/a PMID 7 https://a.example"
    assert reference_text(Reference("7", "A study")).plain == "A study"
    withdrawn = replace(reference, retracted="retracted in 2020")
    assert reference_text(withdrawn).plain.endswith("https://a.example\nRETRACTED: retracted in 2020")


@pytest.fixture
def answer(tiny_assistant: Assistant) -> Answer:
    """An answer of one statement and one citation."""
    return tiny_assistant.answer(INFUSION_QUESTION)


def shown(answer: Answer, **changed: object) -> str:
    """``answer`` as it is shown, with its citation changed."""
    statement = answer.statements[0]
    citation = replace(statement.citations[0], **changed)  # type: ignore[arg-type]
    out = console()
    show_answer(out, replace(answer, statements=(replace(statement, citations=(citation,)),)))
    return written(out)


def test_a_citation_names_its_pages(answer: Answer) -> None:
    assert ", p. 4, characters" in shown(answer, pages=(4,))
    assert ", pp. 4–5, characters" in shown(answer, pages=(4, 5))
    assert "p. " not in shown(answer).split("Sources")[-1].split("[1]")[-1]


def test_a_retracted_source_is_marked_on_its_statement_and_in_the_list(answer: Answer) -> None:
    provenance = replace(answer.citations[0].provenance, retracted="retracted on 2019-03-01")
    assert shown(answer, provenance=provenance).count("RETRACTED: retracted on 2019-03-01") == 2
    assert "RETRACTED" not in shown(answer)


def test_a_retracted_reference_is_marked(answer: Answer) -> None:
    reference = Reference("1", "A study", doi="10.5555/a", retracted="retracted in 2020")
    words = shown(answer, references=(reference,))
    assert "cites 1. A study doi 10.5555/a" in words
    assert "RETRACTED: retracted in 2020" in words


def test_passages_found_name_their_pages_and_what_was_retracted(tiny_assistant: Assistant) -> None:
    hits = tiny_assistant.search("infusion once a week", count=1)
    document = tiny_assistant.generation.document(hits[0][1].document)
    provenance = replace(document.provenance, retracted="retracted in 2020")
    changed = copy.copy(tiny_assistant)
    withdrawn = replace(document, pages=(0, 1), provenance=provenance)
    changed.generation = replace(tiny_assistant.generation, documents={document.id: withdrawn})
    for assistant, expected in ((tiny_assistant, False), (changed, True)):
        out = console()
        show_hits(out, hits, assistant)
        assert ("p. 2" in written(out)) == ("RETRACTED: retracted in 2020" in written(out)) == expected
        (record,) = hit_records(hits, assistant)
        assert record["pages"] == ((2,) if expected else ())


def test_the_summary_of_a_build(tiny_assistant: Assistant) -> None:
    manifest = tiny_assistant.generation.manifest
    changes = Changes(("a", "b"), ("c",), (), encoded=3, texts=9)
    words = summary(manifest, changes)
    assert "2 added, 1 changed, 0 deleted" in words
    assert "3 of 9 texts, the others were known" in words
    assert "known" not in summary(manifest, replace(changes, texts=3))


def test_the_summary_names_the_first_of_the_files_that_were_passed_over(tiny_assistant: Assistant) -> None:
    names = tuple(f"{n}.png" for n in range(7))
    manifest = tiny_assistant.generation.manifest.model_copy(update={"passed_over": names, "problems": ("bad: x",)})
    words = summary(manifest, Changes((), (), (), 0, 0))
    assert "7 in no format that is read here: 0.png, 1.png, 2.png, 3.png, 4.png, …" in words
    assert "1, named above" in words


def summary(manifest: Manifest, changes: Changes) -> str:
    """The summary as it is shown."""
    out = console()
    show_build(out, "0" * 32, manifest, changes)
    return written(out)


def test_a_build_shows_how_far_it_is_on_a_terminal_only() -> None:
    for terminal in (True, False):
        err = console(terminal)
        with building(err) as progress:
            progress("reading", 3, 7)
            progress("encoding", 64, 120)
        assert ("3/7" in written(err)) == ("64/120" in written(err)) == terminal
    assert written(err) == ""
