from __future__ import annotations

import pytest

from temsiqa.documents.entries import Entry, cited_numbers, heads_references, is_entry, reference_list
from temsiqa.documents.outline import Paragraph, Piece
from temsiqa.model import Reference


def only(text: str, *links: str) -> Reference:
    """The reference of one entry."""
    (reference,) = reference_list([Entry(text, links)], []).references
    return reference


def markers(entries: list[Entry], before: str = "") -> list[str]:
    """The markers of entries below a text."""
    pieces: list[Piece] = [Paragraph(before)]
    return [reference.marker for reference in reference_list(entries, pieces).references]


@pytest.mark.parametrize(
    ("text", "doi", "pmid", "url"),
    [
        ("A. doi:10.5555/a.b.", "10.5555/a.b", None, None),
        ("A (https://doi.org/10.5555/S0140-6736(07)60005-X).", "10.5555/S0140-6736(07)60005-X", None, None),
        ("A. PMID: 12345; 1.", None, "12345", None),
        ("A. https://pubmed.ncbi.nlm.nih.gov/12345/", None, "12345", None),
        ("A. [https://rings.example/a_(b)].", None, None, "https://rings.example/a_(b)"),
        ("A. 10.5 mg, 12345.", None, None, None),
    ],
)
def test_identifiers_in_the_text(text: str, doi: str | None, pmid: str | None, url: str | None) -> None:
    assert only(text) == Reference("1", text, doi=doi, pmid=pmid, url=url)


def test_identifiers_in_the_links() -> None:
    assert only("A.", "https://scholar.google.com/x?q=A", "https://doi.org/10.5555/a%3Cb").doi == "10.5555/a"
    assert only("A.", "https://doi.org/10.5555/1097(2000)88:1%2B", "https://a.example").doi == "10.5555/1097(2000)88:1+"
    assert only("A.", "https://scholar.google.com/scholar?q=A", "https://a.example/1").url == "https://a.example/1"
    assert only("A.", "javascript:alert(1)").url is None


@pytest.mark.parametrize(
    ("entries", "before", "found"),
    [
        ([Entry("1. A"), Entry("2) B"), Entry("[7] C"), Entry("(9) D")], "", ["1", "2", "7", "9"]),
        ([Entry("A", number=4), Entry("B", number=5)], "It is [4].", ["4", "5"]),
        ([Entry("A", number=4), Entry("B", number=5)], "It is [1].", ["1", "2"]),
        ([Entry("A 2001."), Entry("B")], "It is [2].", ["1", "2"]),
        ([Entry("Lund A. 2001;1."), Entry("B"), Entry("de la Cruz (2002a).")], "", ["Lund, 2001", "2", "Cruz, 2002a"]),
        ([Entry("Brook A. 2001."), Entry("Brook A, Lund B. 2001.")], "", ["Brook, 2001", "2"]),
        ([Entry("1. A"), Entry("1. B"), Entry("3. C")], "", ["1", "2", "3"]),
        ([Entry("2. A"), Entry("2. B")], "", ["2", "3"]),
        ([Entry(""), Entry("A")], "", ["1"]),
        ([Entry("3.5 mg of it. 2001.")], "", ["1"]),
    ],
)  # fmt: skip
def test_markers(entries: list[Entry], before: str, found: list[str]) -> None:
    assert markers(entries, before) == found


def test_a_number_goes_before_the_text_of_an_entry() -> None:
    assert only("[12] A. 2001.").text == "A. 2001."


def test_markers_of_an_earlier_list_are_taken() -> None:
    first = reference_list([Entry("A", number=1), Entry("B", number=2)], [])
    assert [r.marker for r in reference_list([Entry("C", number=1)], [first]).references] == ["3"]


@pytest.mark.parametrize(
    "title", ["References", "7. References", "IV References:", "References and notes", "Reference list"]
)
def test_headings_of_reference_lists(title: str) -> None:
    assert heads_references(title)


@pytest.mark.parametrize("title", ["", "Referral", "References to doses", "Sources of error"])
def test_other_headings(title: str) -> None:
    assert not heads_references(title)


def test_what_looks_like_an_entry() -> None:
    assert all(map(is_entry, ["1. A", "[2] B", "Brook A. Rings. 2001;1.", "Lund (2002) B.", "C. doi:10.5555/a"]))
    assert not any(map(is_entry, ["Printed in Exeter.", "In all 2001 patients", "10 mg"]))


@pytest.mark.parametrize(
    ("citation", "numbers"),
    [("7", "7"), ("[7]", "7"), ("(3, 5-7)", "3, 5-7"), (" 3–5 ", "3–5"), ("1234", None), ("7a", None), ("", None)],
)
def test_numbers_of_a_citation(citation: str, numbers: str | None) -> None:
    assert cited_numbers(citation) == numbers
