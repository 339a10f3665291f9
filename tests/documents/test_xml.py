from __future__ import annotations

import pytest
from lxml import etree

from temsiqa.documents.xml import (
    attribute,
    find,
    find_all,
    local_name,
    parse_xml,
    text_of,
    topmost,
    write_out_entities,
)
from temsiqa.errors import DocumentError

BOMB = b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
EXTERNAL = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>'


@pytest.mark.parametrize("data", [b"", b"text", b"<a>", b"<a>" * 300 + b"</a>" * 300, b"\xff\xfe<", BOMB, EXTERNAL])
def test_what_is_not_well_formed_or_declares_entities_is_refused_with_one_line(data: bytes) -> None:
    with pytest.raises(DocumentError, match=r"^x\.xml: [^\n]+; [^\n]+$"):
        parse_xml(data, "x.xml")


def test_comments_and_instructions_are_none_of_the_words() -> None:
    assert text_of(parse_xml(b"<a>b<!-- c -->d<?e f?>g</a>", "x.xml")) == "bdg"


def test_names_count_in_whatever_namespace() -> None:
    root = parse_xml(b"<a xmlns='urn:x'><b><c>1</c></b><b xmlns='urn:y'><c>2</c></b></a>", "x.xml")
    assert local_name(root) == "a"
    assert [text_of(found) for found in find_all(root, "b/c")] == ["1", "2"]
    assert text_of(find(root, "b/c")) == "1"
    assert find(root, "c") is None
    assert text_of(None) == ""


def test_attributes_are_cleaned() -> None:
    root = etree.fromstring("<a b=' c\u202e  d\n'/>")
    assert attribute(root, "b") == "c d"
    assert attribute(root, "e") == attribute(None, "b") == ""


def test_the_topmost_of_what_is_nested() -> None:
    root = etree.fromstring("<p><p id='1'><p id='2'/></p><q><p id='3'/></q><p id='4'/></p>")
    assert [found.get("id") for found in topmost(root, {"p"})] == ["1", "3", "4"]
    assert [found.get("id") for found in topmost(root, {"p"}, closed={"q"})] == ["1", "4"]


def test_entities_of_the_document_type_are_written_out() -> None:
    root = parse_xml(b'<!DOCTYPE a PUBLIC "x" "y.dtd"><a>1&mu;<b>&alpha;&beta;</b>&lt;&gamma; &none;<c/>2</a>', "x.xml")
    write_out_entities(root)
    assert etree.tostring(root, encoding="unicode") == "<a>1μ<b>αβ</b>&lt;γ &amp;none;<c/>2</a>"
