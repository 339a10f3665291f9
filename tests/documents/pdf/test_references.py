from __future__ import annotations

import pytest

from temsiqa.documents.pdf.references import author_year, reference, told_apart


@pytest.mark.parametrize(
    ("entry", "marker"),
    [
        ("Anna Otter, Ben Vole, and Cleo D. Hare. 2017. On rivers. In Proceedings.", "Otter et al., 2017"),
        ("Otter A, Vole B, Hare CD, et al. On rivers and lakes. J Riv 2007;39:776-780", "Otter et al., 2007"),
        ("Otter, A., Vole, B. & Hare, C. (2007a). On rivers. Rivers 3.", "Otter et al., 2007a"),
        ("Anna Otter. 2011. Rivers.", "Otter, 2011"),
        ("Otter A (1999) Rivers", "Otter, 1999"),
        ("Anna Otter and Ben Vole. 2010. Rivers", "Otter and Vole, 2010"),
        ("Zoë van der Vole. 2012. Rivers", "van der Vole, 2012"),
        ("A. Otter, “Rivers, 1900–1950”, 2003", "Otter et al., 2003"),
        ("A. Otter. Rivers without a date", "Otter"),
        ("2003", "2003"),
    ],
)
def test_the_marker_is_made_of_authors_and_year(entry: str, marker: str) -> None:
    assert author_year(entry) == marker


def test_an_entry_says_its_doi_and_pmid() -> None:
    found = reference("Otter A. Rivers. J Riv 2007. doi:10.1000/riv.2007(3).11. PMID: 17538086", 4)
    assert (found.marker, found.doi, found.pmid) == ("4", "10.1000/riv.2007(3).11", "17538086")


def test_no_two_entries_have_the_same_marker() -> None:
    entries = [reference(f"Anna Otter. 2017. {title}", None) for title in ("Rivers", "Lakes", "Seas")]
    assert [r.marker for r in told_apart(entries)] == ["Otter, 2017", "Otter, 2017 (2)", "Otter, 2017 (3)"]
