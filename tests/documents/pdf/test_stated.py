from __future__ import annotations

import pytest

from temsiqa.documents.pdf.stated import stated
from temsiqa.model import EvidenceLevel

PAGE = ["Otters in rivers", "Anna Otter, Ben Vole", "Journal of Otters 2017", "https://doi.org/10.1000/riv.17", "Text."]


def test_what_the_first_page_bears_out_is_taken() -> None:
    info = {"Title": "Otters in Rivers", "Author": "Anna Otter; Ben Vole", "CreationDate": "D:20170511113352Z"}
    found = stated(info, PAGE, "A heading", [])
    assert (found.title, found.authors, found.date) == ("Otters in Rivers", ("Anna Otter", "Ben Vole"), "2017")
    assert found.identifiers == {"doi": "10.1000/riv.17"}
    assert found.evidence_level is None


@pytest.mark.parametrize(
    "title",
    ["Microsoft Word - otters.doc", "untitled", "otters in rivers.indd", "Otters", "Proof of manuscript 17", ""],
)
def test_other_titles_are_not(title: str) -> None:
    assert stated({"Title": title}, PAGE, "A heading", []).title == "A heading"


def test_who_typed_the_file_is_no_author_and_its_date_no_date() -> None:
    found = stated({"Author": "jsmith", "CreationDate": "D:20190101"}, PAGE, None, ["a note"])
    assert (found.title, found.authors, found.date, found.notes) == (None, (), None, ("a note",))


def test_the_doi_of_a_reference_is_not_that_of_the_paper() -> None:
    page = ["Otters", "References", "1. Vole B. doi:10.1000/other"]
    assert stated({}, page, None, []).identifiers == {}


def test_a_label_says_its_drug_and_its_revision() -> None:
    page = [
        "HIGHLIGHTS OF PRESCRIBING INFORMATION",
        "See full prescribing information.",
        "OTTEREX (otterine) injection, for",
        "intravenous use",
        "Initial U.S. Approval: 2007",
        "Revised: 3/2018",
    ]
    found = stated({}, page, "HIGHLIGHTS OF PRESCRIBING INFORMATION", [])
    assert found.title == "OTTEREX (otterine) injection, for intravenous use"
    assert (found.date, found.kind) == ("2018-03", "prescribing information")
    assert found.evidence_level is EvidenceLevel.LABEL
