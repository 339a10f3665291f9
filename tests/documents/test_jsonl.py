from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from document_support import PARAGRAPHS, assert_sound, words_of
from temsiqa.documents.assemble import assemble
from temsiqa.documents.canonical import clean
from temsiqa.documents.jsonl import read_jsonl
from temsiqa.documents.outline import Heading, Outline, Pair, Paragraph
from temsiqa.errors import DocumentError
from temsiqa.model import BlockKind


def read(*records: object) -> list[Outline | DocumentError]:
    lines = (record if isinstance(record, str) else json.dumps(record) for record in records)
    return list(read_jsonl("\n".join(lines).encode("utf-8", "surrogatepass"), "a.jsonl"))


def outline(**fields: object) -> Outline:
    (found,) = read({"_id": "d1", "title": "Of otters", "text": "They itch.", **fields})
    assert isinstance(found, Outline)
    return found


def problem(line: object) -> str:
    """What is wrong with a line; the next one is read all the same."""
    bad, good = read(line, {"_id": "good", "title": "T", "text": "Read."})
    assert isinstance(good, Outline)
    assert isinstance(bad, DocumentError)
    assert str(bad).startswith("a.jsonl: record 1: ")
    assert "\n" not in str(bad)
    return str(bad).removeprefix("a.jsonl: record 1: ")


def test_a_document_in_beirs_layout() -> None:
    found = outline(text="They itch.\n\nThey\nscratch.")
    assert list(found.pieces) == [Heading(1, "Of otters"), Paragraph("They itch."), Paragraph("They scratch.")]
    assert (found.part, found.curated, found.stated.title) == ("d1", True, "Of otters")
    assert found.stated.identifiers == {"id": "d1"}
    assert assemble(found, "a/d1").text == "Of otters\n\nThey itch.\n\nThey scratch."


def test_a_question_and_its_answer() -> None:
    record = {
        "id": 7,
        "question": "Do otters\nitch?",
        "answer": "They do.",
        "source": "River",
        "url": "https://r.example",
    }
    (found,) = read(record)
    assert isinstance(found, Outline)
    assert list(found.pieces) == [Pair("Do otters itch?", "They do.")]
    assert (found.part, found.curated) == ("7", True)
    stated = found.stated
    assert (stated.title, stated.publisher, stated.url) == ("Do otters itch?", "River", "https://r.example")
    assert stated.identifiers == {"id": "7"}
    (block,) = assemble(found, "a/7").blocks
    assert block.kind is BlockKind.FAQ


def test_metadata_under_names_that_are_known() -> None:
    stated = outline(
        metadata={
            "url": "https://r.example",
            "doi": "https://doi.org/10.1000/x",
            "pmid": 12,
            "authors": ["A Otter", 5.0, None, "B Mole"],
            "year": 2019,
            "other": {"deep": []},
        }
    ).stated
    assert (stated.url, stated.date, stated.authors) == ("https://r.example", "2019", ("A Otter", "B Mole"))
    assert stated.identifiers == {"id": "d1", "doi": "10.1000/x", "pmid": "12"}


@pytest.mark.parametrize(
    ("metadata", "field", "value"),
    [
        ({"authors": "A Otter, B Mole"}, "authors", ("A Otter, B Mole",)),
        ({"date": "2019-03-01", "year": "2018"}, "date", "2019-03-01"),
        ({"pubmed_id": "12"}, "identifiers", {"id": "d1", "pmid": "12"}),
        ({"doi": "unknown", "pmid": True}, "identifiers", {"id": "d1"}),
        ({"url": ["x"], "year": {}}, "url", None),
        ([], "authors", ()),
        (None, "authors", ()),
        ("text", "authors", ()),
    ],
)
def test_metadata_of_any_kind(metadata: object, field: str, value: object) -> None:
    assert getattr(outline(metadata=metadata).stated, field) == value


@pytest.mark.parametrize("title", ["", None, 5.0, "\u200b"])
def test_a_document_whose_title_is_empty(title: object) -> None:
    found = outline(title=title)
    assert list(found.pieces) == [Paragraph("They itch.")]
    assert found.stated.title is None


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("otters", "no JSON (Expecting value: line 1 column 1 (char 0)); mend or remove the line"),
        ("{", "no JSON"),
        ("[1, 2]", "a JSON list, not an object"),
        ('"text"', "a JSON str, not an object"),
        ("null", "a JSON NoneType, not an object"),
        ({}, "has neither _id and text nor id, question and answer"),
        ({"id": "1", "text": "Read."}, "field '_id' is missing"),
        ({"_id": "1", "title": "T"}, "field 'text' is missing"),
        ({"_id": "1", "title": "T", "text": " \u200b\n"}, "field 'text' is missing or holds no text"),
        ({"_id": "1", "title": "T", "text": ["Read."]}, "field 'text' is missing"),
        ({"_id": "", "title": "T", "text": "Read."}, "field '_id' is missing"),
        ({"_id": True, "title": "T", "text": "Read."}, "field '_id' is missing"),
        ({"_id": "x" * 201, "title": "T", "text": "Read."}, "field '_id' is missing or no id of up to 200 characters"),
        ({"id": "1", "question": "Why?"}, "field 'answer' is missing"),
        ({"id": "1", "answer": "So."}, "field 'question' is missing"),
        ({"question": "Why?", "answer": "So."}, "field 'id' is missing"),
        ('{"_id": "1", "title": "T", "text": "Read.", "metadata": {"x": NaN}}', "no JSON (NaN is no JSON number)"),
        ('{"_id": "1", "title": "T", "text": "Read.", "x": -Infinity}', "no JSON (-Infinity is no JSON number)"),
        ('{"_id": 1e999, "title": "T", "text": "Read."}', "field '_id' is missing"),
        ('{"_id": %s, "title": "T", "text": "Read."}' % ("1" * 100_000), "no JSON (Exceeds the limit"),
        ("[" * 100_000, "JSON nested too deep; remove the line"),
        ('{"_id":' * 50_000, "JSON nested too deep"),
        ('{"_id": "1", "title": "T", "text": ' + "[" * 100_000 + "]" * 100_000 + "}", "JSON nested too deep"),
        ('{"_id": "1", "title": "T", "text": "%s"}' % ("a " * 500_000), "longer than 1 MB; split it"),
        ('{"_id": "1", "title": "T", "text": "\udcff"}', "byte 36 of it is not UTF-8"),
        ("\0", "no JSON"),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, str) else "",
)
def test_a_bad_line_is_told_by_number_and_the_next_is_read(line: object, reason: str) -> None:
    start = time.perf_counter()
    assert problem(line).startswith(reason)
    assert time.perf_counter() - start < 2


def test_an_id_stands_once_and_blank_lines_count() -> None:
    first, second = read(
        {"_id": 1, "title": "T", "text": "Read."}, "", "\r", {"_id": "1", "title": "T", "text": "Read."}
    )
    assert isinstance(first, Outline)
    assert str(second) == "a.jsonl: record 4: id '1' stands in the file a second time; rename one"


def test_queries_are_no_documents() -> None:
    queries = [{"_id": str(n), "text": "Do otters itch?", "metadata": {}} for n in range(3)]
    with pytest.raises(DocumentError, match=r"^a\.jsonl: holds queries, not documents; "):
        read("no JSON", *queries)
    assert (
        len([found for found in read(*queries, {"_id": "d", "title": "", "text": "x"}) if isinstance(found, Outline)])
        == 4
    )


@pytest.mark.parametrize("data", [b"", b"\n" * 500_000, b"\xef\xbb\xbf"], ids=["nothing", "blank lines", "mark"])
def test_a_file_without_lines(data: bytes) -> None:
    with pytest.raises(DocumentError, match=r"^a\.jsonl: holds no line"):
        list(read_jsonl(data, "a.jsonl"))


def test_line_ends_inside_a_text_end_no_line() -> None:
    text = '\ufeff{"_id": "1", "title": "T", "text": "a\u2028b\u0085c."}\r\n'
    (found,) = read_jsonl(text.encode(), "a.jsonl")
    assert isinstance(found, Outline)
    assert found.pieces[1] == Paragraph("a b c.")


def test_what_cannot_be_seen_goes() -> None:
    found = outline(_id="1\u202e\ud800", title="Of\u0000 otters\ud800", text="They\u200b itch\u0007.")
    assert (found.part, found.stated.title) == ("1", "Of otters")
    assert_sound(assemble(found, "a"))


def test_five_thousand_abstracts_are_read_in_seconds() -> None:
    text = "Otters of the river itch when fur is dense [1], and they do not scratch (p < 0.05). " * 15
    lines = [json.dumps({"_id": str(n), "title": "Of otters", "text": text, "metadata": {}}) for n in range(5000)]
    start = time.perf_counter()
    assert len(read(*lines)) == 5000
    assert time.perf_counter() - start < 10


ANY_TEXT = st.text(st.characters(), max_size=200) | st.lists(PARAGRAPHS, max_size=3).map("\n\n".join)


@given(title=ANY_TEXT, text=ANY_TEXT, faq=st.booleans())
@settings(max_examples=150, deadline=None)
def test_every_word_comes_out_in_order(title: str, text: str, faq: bool) -> None:
    names = ("id", "question", "answer") if faq else ("_id", "title", "text")
    (found,) = read(dict(zip(names, ("1", title, text), strict=True)))
    if isinstance(found, DocumentError):
        assert not clean(text).strip() or (faq and not clean(title).strip())
        return
    document = assemble(found, "a.jsonl")
    assert_sound(document)
    assert words_of(document.text) == words_of(f"{clean(title)} {clean(text)}")
