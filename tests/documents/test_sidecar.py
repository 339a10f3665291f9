from __future__ import annotations

from pathlib import Path

import pytest

from temsiqa.documents.outline import Outline, Paragraph
from temsiqa.documents.sidecar import of_several, read_sidecar, sidecar_of, with_sidecar, write_sidecar
from temsiqa.documents.stated import ReferenceEntry, Stated
from temsiqa.errors import DocumentError
from temsiqa.model import EvidenceLevel

FULL = """
title: "Otters: a review"
authors: [A. Otter, B. Seal]
date: 2020-02-01
url: https://example.org/otters
identifiers: {doi: 10.1/x, pmid: 123}
evidence_level: review
notes: Corrected in 2021.
disclaimers: [For research use only.]
references: [{marker: 1, text: An entry}]
"""


def outline(**said: object) -> Outline:
    """An outline of a file that says ``said`` of itself."""
    return Outline((Paragraph("Otters sleep."),), Stated.model_validate(said))


def stated(said: Stated, **sidecar: object) -> Stated:
    """What is stated once a sidecar was applied to a file that says ``said``."""
    return with_sidecar(Outline((), said), Stated.model_validate(sidecar)).stated


def test_a_sidecar_has_the_name_of_its_file(tmp_path: Path) -> None:
    paper = tmp_path / "paper.pdf"
    assert sidecar_of(paper) is None
    (tmp_path / "paper.meta.yaml").touch()
    assert sidecar_of(paper) == tmp_path / "paper.meta.yaml"
    (tmp_path / "paper.pdf.meta.yaml").touch()
    assert sidecar_of(paper) == tmp_path / "paper.pdf.meta.yaml"
    assert sidecar_of(tmp_path / "paper.docx") == tmp_path / "paper.meta.yaml"


def test_what_is_no_sidecar(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("title: not of this paper")
    (tmp_path / "paper.pdf.meta.yaml").symlink_to(tmp_path / "secret")
    (tmp_path / "paper.meta.yaml").mkdir()
    assert sidecar_of(tmp_path / "paper.pdf") is None
    assert sidecar_of(tmp_path / f"{'x' * 250}.md") is None


def test_a_sidecar_states_what_a_file_may_state() -> None:
    found = read_sidecar(FULL.encode(), "a.meta.yaml")
    assert (found.title, found.authors, found.date) == ("Otters: a review", ("A. Otter", "B. Seal"), "2020-02-01")
    assert found.identifiers == {"doi": "10.1/x", "pmid": "123"}
    assert found.evidence_level is EvidenceLevel.REVIEW
    assert found.notes == ("Corrected in 2021.",)
    assert found.references == (ReferenceEntry(marker="1", text="An entry"),)
    assert read_sidecar(b"\xef\xbb\xbf", "a.meta.yaml") == Stated()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a: &a [x, x]\nb: [*a, *a]", "no plain YAML (aliases are not read)"),
        (b"!!python/object/apply:os.getcwd []", "no plain YAML ("),
        (b"title: {", "no plain YAML ("),
        (b"title: \xff", "no plain YAML ("),
        (b"[" * 2_000, "no plain YAML (RecursionError)"),
        (b"- a list", "a list, not key: value lines"),
        (b"words", "a str, not key: value lines"),
        (b"titel: Otters", "field 'titel' is unknown; use title, publisher, "),
        (b"1: Otters", "field 1 is unknown"),
        (b"evidence_level: gospel", "field 'evidence_level': Input should be 'label', "),
        (b"title: [a]", "field 'title': "),
        (b"references: [{text: no marker}]", "field 'references.0.marker': Field required"),
        (b"#" * 1_000_001, "larger than 1 MB; shorten it"),
    ],
)
def test_a_sidecar_that_is_none_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(DocumentError) as error:
        read_sidecar(data, "a.meta.yaml")
    assert str(error.value).startswith(f"a.meta.yaml: {said}")
    assert "\n" not in str(error.value)


def test_a_sidecar_is_read_as_it_was_written(tmp_path: Path) -> None:
    before = read_sidecar(FULL.encode(), "a.meta.yaml")
    write_sidecar(before, tmp_path / "a.meta.yaml")
    assert read_sidecar((tmp_path / "a.meta.yaml").read_bytes(), "a.meta.yaml") == before
    write_sidecar(Stated(title="Größe"), tmp_path / "b.meta.yaml")
    assert (tmp_path / "b.meta.yaml").read_text(encoding="utf-8") == "title: Größe\n"


def test_a_sidecar_has_the_last_word() -> None:
    found = stated(Stated(title="Untitled1", date="1970", publisher="Maker"), title="Otters", date="2020")
    assert (found.title, found.date, found.publisher) == ("Otters", "2020", "Maker")


def test_an_empty_field_says_nothing() -> None:
    found = stated(Stated(title="Otters", authors=("A. Otter",)), title=None, authors=None, date="")
    assert (found.title, found.authors, found.date) == ("Otters", ("A. Otter",), None)


def test_notices_add_up() -> None:
    said = Stated(notes=("a",), disclaimers=("b",), references=(ReferenceEntry(marker="1"),))
    found = stated(said, notes="c", disclaimers=["d"], references=[{"marker": "2"}])
    assert (found.notes, found.disclaimers) == (("a", "c"), ("b", "d"))
    assert [entry.marker for entry in found.references] == ["1", "2"]


def test_identifiers_add_up() -> None:
    found = stated(Stated(identifiers={"doi": "10.1/wrong", "pmid": "1"}), identifiers={"doi": "10.1/right"})
    assert found.identifiers == {"doi": "10.1/right", "pmid": "1"}


def test_no_sidecar_takes_a_retraction_back() -> None:
    assert stated(Stated(retracted="retracted on 2019-03-01"), retracted="").retracted == "retracted on 2019-03-01"
    assert stated(Stated(retracted="retracted on 2019-03-01"), retracted="no").retracted == "retracted on 2019-03-01"
    assert stated(Stated(), retracted="retracted in 2019").retracted == "retracted in 2019"


def test_what_belongs_to_one_document_is_not_said_of_several() -> None:
    sidecar = of_several(read_sidecar(FULL.encode(), "a.meta.yaml"))
    found = with_sidecar(outline(title="Seals", identifiers={"pmid": "7"}), sidecar).stated
    assert (found.title, found.url, found.identifiers, found.references) == ("Seals", None, {"pmid": "7"}, ())
    assert (found.date, found.evidence_level) == ("2020-02-01", EvidenceLevel.REVIEW)
    assert found.disclaimers == ("For research use only.",)
