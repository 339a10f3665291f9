from __future__ import annotations

import pytest
from lxml import etree

from temsiqa.documents.jats.references import is_retracted, read_bibliography
from temsiqa.model import Reference
from xml_support import article

PEOPLE = (
    "<person-group><name><surname>Roe</surname><given-names>R</given-names><suffix>3rd</suffix></name>"
    "<name><surname>Doe</surname><given-names>J</given-names></name></person-group>"
)


def references(*entries: str, body: str = "") -> list[Reference]:
    listed = "".join(f"<ref id='r{number}'>{entry}</ref>" for number, entry in enumerate(entries, 1))
    root = etree.fromstring(article(body, f"<ref-list>{listed}</ref-list>"))
    return list(read_bibliography(root).entries.values())


def markers(*entries: str, body: str = "") -> list[str]:
    return [reference.marker for reference in references(*entries, body=body)]


def cites(number: int, text: str) -> str:
    return f"<xref ref-type='bibr' rid='r{number}'>{text}</xref>"


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (
            f"<element-citation>{PEOPLE}<article-title>On itch.</article-title><source>Itch J</source><year>2001</year>"
            "<volume>8</volume><issue>3</issue><fpage>10</fpage><lpage>5</lpage></element-citation>",
            "Roe R 3rd, Doe J. On itch. Itch J. 2001, 8(3): 10–5",
        ),
        (
            "<element-citation><person-group><collab>Itch Group</collab><etal/></person-group><year>2001</year>"
            "<article-title>Why itch?</article-title><source>Itch J</source><elocation-id>e7</elocation-id>"
            "<comment>Epub</comment></element-citation>",
            "Itch Group, et al. 2001. Why itch? Itch J: e7. Epub",
        ),
        (
            "<nlm-citation><name><surname>Roe</surname><given-names>R</given-names></name><name><surname>Doe</surname>"
            "</name><source>Book of itch</source><publisher-name>Quill</publisher-name></nlm-citation>",
            "Roe R, Doe. Book of itch. Quill",
        ),
        (
            "<mixed-citation><string-name><surname>Roe</surname> <given-names>R</given-names></string-name>, "
            "<italic>On</italic> itch. <source>Itch J</source>. <year>2001</year>;<volume>8</volume>:<fpage>10</fpage>–"
            "<lpage>5</lpage>. doi: <pub-id pub-id-type='doi'>10.1234/a</pub-id>.<pub-id pub-id-type='pmid'>1</pub-id>"
            "</mixed-citation>",
            "Roe R, On itch. Itch J. 2001;8:10–5.",
        ),
        ("<mixed-citation>Roe. Itch [<pub-id pub-id-type='pmid'>12</pub-id>]</mixed-citation>", "Roe. Itch"),
        ("<label>1</label><note><p>See the appendix.</p></note>", "See the appendix."),
        (
            "<citation-alternatives><element-citation><source>A</source></element-citation>"
            "<mixed-citation>B</mixed-citation></citation-alternatives>",
            "A",
        ),
        ("<mixed-citation>Roe A.</mixed-citation><mixed-citation>Doe B.</mixed-citation>", "Roe A. Doe B."),
    ],
)
def test_the_text_of_an_entry(entry: str, text: str) -> None:
    assert [reference.text for reference in references(entry)] == [text]


@pytest.mark.parametrize(
    ("inside", "doi", "pmid", "url"),
    [
        ("<pub-id pub-id-type='doi'>10.1/a(2)</pub-id><pub-id pub-id-type='pmid'>1</pub-id>", "10.1/a(2)", "1", None),
        ("<pub-id pub-id-type='doi'>https://doi.org/10.1234/a</pub-id>", "10.1234/a", None, None),
        ("<ext-link xlink:href='https://doi.org/10.1234/a'>here</ext-link>", "10.1234/a", None, None),
        ("<ext-link ext-link-type='doi' xlink:href='10.1234/a'>here</ext-link>", "10.1234/a", None, None),
        ("It (doi:10.1234/a.b). PMID: 12.", "10.1234/a.b", "12", None),
        ("<ext-link xlink:href='https://q.example/a'>here</ext-link>", None, None, "https://q.example/a"),
        ("<uri>http://q.example/a</uri>", None, None, "http://q.example/a"),
        ("<ext-link xlink:href='javascript:evil()'>here</ext-link>", None, None, None),
        ("<pub-id pub-id-type='pmid'>none</pub-id>", None, None, None),
    ],
)
def test_identifiers_and_links(inside: str, doi: str | None, pmid: str | None, url: str | None) -> None:
    (reference,) = references(f"<mixed-citation>Roe. {inside}</mixed-citation>")
    assert (reference.doi, reference.pmid, reference.url) == (doi, pmid, url)


def test_a_retracted_reference_says_so() -> None:
    entry = "<element-citation><article-title>RETRACTED: Itch</article-title></element-citation>"
    assert [reference.retracted for reference in references(entry)] == ["retracted, by its title"]


@pytest.mark.parametrize(
    ("title", "retracted"),
    [
        ("RETRACTED: Itch", True),
        ("[Retracted] Itch", True),
        ("Retracted Article: Itch", True),
        ("Itch (Retracted)", True),
        ("Retracted papers in oncology: a review", False),
        ("Retraction of: Itch", False),
    ],
)
def test_titles_that_say_that_something_was_retracted(title: str, retracted: bool) -> None:
    assert is_retracted(title) is retracted


def test_numbers_are_those_of_the_text_then_of_the_label_then_of_the_place() -> None:
    entries = ["<label>[7]</label><mixed-citation>A</mixed-citation>", "<mixed-citation>B</mixed-citation>"]
    assert markers(*entries, "<label>9.</label><mixed-citation>C</mixed-citation>", body=cites(1, "7")) == [
        "7",
        "2",
        "9",
    ]
    assert markers(*entries, body=f"{cites(1, '3')}{cites(2, '<sup>4</sup>')}") == ["3", "4"]


def test_no_two_entries_share_a_marker() -> None:
    entry = "<label>1</label><mixed-citation>A</mixed-citation>"
    assert markers(entry, entry, entry) == ["1", "1 (r2)", "1 (r3)"]
    assert markers("<mixed-citation>A</mixed-citation>", "<mixed-citation>B</mixed-citation>") == ["(r1)", "(r2)"]


def dated(names: str, year: str, more: str = "") -> str:
    people = "".join(f"<name><surname>{name}</surname></name>" for name in names.split("+") if name)
    return f"<element-citation><person-group>{people}{more}</person-group><year>{year}</year></element-citation>"


@pytest.mark.parametrize(
    ("entry", "cited", "marker"),
    [
        (dated("Roe", "2007"), "", "Roe, 2007"),
        (dated("Roe+Doe", "2007"), "Roe and Doe, 2007", "Roe and Doe, 2007"),
        (dated("Roe+Doe+Poe", "2007"), "Roe et al., 2007", "Roe et al., 2007"),
        (dated("Roe", "2007", "<etal/>"), "Roe et al., 2007", "Roe et al., 2007"),
        (dated("Roe", "2007"), "2007b", "Roe, 2007b"),
        (dated("", "2007", "<collab>Itch Group</collab>"), "Itch Group, 2007", "Itch Group, 2007"),
        (dated("Roe+Doe+Poe", "2007"), "Roe, Doe, &amp; Poe, 2007", "Roe, Doe, & Poe, 2007"),
        (dated("World Health Organization", "2007"), "WHO, 2007", "WHO, 2007"),
        ("<label>Roe 2007</label><mixed-citation>Itch.</mixed-citation>", "", "Roe 2007"),
        ("<mixed-citation>Roe R. Itch. 2007.</mixed-citation>", "Roe (2007)", "Roe (2007)"),
    ],
)
def test_author_and_year_of_an_entry(entry: str, cited: str, marker: str) -> None:
    body = f"<p>{cites(1, cited)}</p>" if cited else ""
    assert markers(entry, body=body) == [marker]
