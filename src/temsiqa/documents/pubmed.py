"""PubMed XML → outlines, one for each article or book chapter of a set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lxml.etree import _Element

from temsiqa.documents.canonical import clean, one_line
from temsiqa.documents.jats.text import write_out_formulas
from temsiqa.documents.markers import MARKER, markers_in
from temsiqa.documents.markup import MixedContent
from temsiqa.documents.outline import Outline
from temsiqa.documents.publication import Publication, Sections, plain_doi, plain_pmid, read_publications
from temsiqa.documents.xml import parse_xml, text_of
from temsiqa.errors import DocumentError
from temsiqa.model import Reference

_RECORDS = ("PubmedArticle", "PubmedBookArticle")
_UNLABELLED = "UNLABELLED"


class _PubmedText(MixedContent):
    inline = frozenset("b i math u".split())


_TEXT = _PubmedText()


def read_pubmed_xml(data: bytes, name: str) -> Iterator[Outline | DocumentError]:
    """One outline for each record of a set, ``part`` is its PMID; an error for each that holds no abstract.

    Raises ``DocumentError`` when the file is no well-formed XML or holds no record.
    """
    root = parse_xml(data, name)
    write_out_formulas(root)
    return read_publications(map(_publication, root.iter(*_RECORDS)), name)


def _publication(record: _Element) -> Publication | str:
    """What a record holds, or what is wrong with it. A chapter of a book states itself what a journal states of it."""
    citation = _first(record, "MedlineCitation", "BookDocument")
    if citation is None:
        return "holds no MedlineCitation; export it again"
    article = _first(citation, "Article")
    article = citation if article is None else article
    abstract = _sections(article, "Abstract")
    return Publication(
        pmid=text_of(citation.find("PMID")),
        title=_TEXT.text(_first(article, "ArticleTitle", "Book/BookTitle")),
        vernacular_title=_TEXT.text(article.find("VernacularTitle")),
        abstract=abstract,
        other_abstracts=[_other_abstract(other) for other in citation.findall("OtherAbstract")],
        keywords=_texts(citation, "KeywordList/Keyword"),
        references=_references(record, " ".join(text for _, text in abstract)),
        authors=[author for author in map(_author, article.findall("AuthorList/Author")) if author],
        journal=text_of(_first(article, "Journal/Title", "Journal/ISOAbbreviation", "Book/Publisher/PublisherName")),
        date=_date(_first(article, "ArticleDate", "ContributionDate", "Journal/JournalIssue/PubDate", "Book/PubDate")),
        doi=_doi(record, article),
        pmcid=_article_id(record, "pmc"),
        types=_texts(article, "PublicationTypeList/PublicationType") + _texts(article, "PublicationType"),
        subjects=_texts(citation, "MeshHeadingList/MeshHeading/DescriptorName"),
        related=[_related(other) for other in citation.findall("CommentsCorrectionsList/CommentsCorrections")],
        copyright=text_of(article.find("Abstract/CopyrightInformation")),
        ahead_of_print=text_of(_first(record, "*/PublicationStatus")) == "aheadofprint",
    )


def _first(element: _Element, *paths: str) -> _Element | None:
    """The first element that stands at one of ``paths``, tried in order."""
    return next((found for path in paths if (found := element.find(path)) is not None), None)


def _texts(element: _Element, path: str) -> list[str]:
    return [text for text in map(_TEXT.text, element.findall(path)) if text]


def _sections(element: _Element, path: str) -> Sections:
    parts = [(_label(part), _TEXT.text(part)) for part in element.findall(f"{path}/AbstractText")]
    return [(label, text) for label, text in parts if text]


def _label(part: _Element) -> str:
    label = one_line(clean(part.get("Label", "")))
    return "" if label == _UNLABELLED else label


def _other_abstract(other: _Element) -> tuple[str, Sections]:
    """Under its language, or under its kind where that says more than who supplied it."""
    if other.get("Type") == "plain-language-summary":
        return "Plain language summary", _sections(other, ".")
    language = one_line(clean(other.get("Language", "")))
    return f"Abstract ({language})" if language else "Abstract", _sections(other, ".")


def _author(author: _Element) -> str:
    """A person's given name, surname and suffix, or a group's name; nothing for what was marked as no valid name."""
    if author.get("ValidYN") == "N":
        return ""
    given = _first(author, "ForeName", "Initials")
    person = " ".join(filter(None, map(text_of, (given, author.find("LastName"), author.find("Suffix")))))
    return person or _TEXT.text(author.find("CollectiveName"))


def _date(element: _Element | None) -> str:
    """Year, month and day, or the words in which an issue's time is given ("2000 Nov-Dec", "1979 Winter")."""
    if element is None:
        return ""
    parts = ("Year", "Season", "Month", "Day") if element.find("MedlineDate") is None else ("MedlineDate",)
    return " ".join(filter(None, (text_of(element.find(part)) for part in parts)))


def _doi(record: _Element, article: _Element) -> str | None:
    """The record's own DOI; those of the publications that it cites stand elsewhere."""
    located = article.find("ELocationID[@EIdType='doi']")
    valid = located is not None and located.get("ValidYN") != "N"
    return plain_doi(_article_id(record, "doi")) or (plain_doi(text_of(located)) if valid else None)


def _article_id(record: _Element, kind: str) -> str:
    return text_of(_first(record, f"*/ArticleIdList/ArticleId[@IdType='{kind}']"))


def _related(other: _Element) -> tuple[str, str]:
    """The relation, and where the other publication stands."""
    source, pmid = _TEXT.text(other.find("RefSource")), text_of(other.find("PMID"))
    numbered = f"PMID: {pmid}" if pmid else ""
    return other.get("RefType", ""), " ".join(filter(None, (source, numbered))) or "a publication that it does not name"


def _references(record: _Element, abstract: str) -> list[Reference]:
    """The reference list. Without one, what the record says it cites: in no order, so that it has no numbers."""
    listed = [_reference(str(number), entry) for number, entry in enumerate(record.iter("Reference"), 1)]
    if not listed:
        return _cited(record)
    if _cites_in_order(abstract):
        return listed
    return [replace(reference, marker=f"reference {reference.marker}") for reference in listed]


def _reference(marker: str, entry: _Element) -> Reference:
    doi = text_of(entry.find("ArticleIdList/ArticleId[@IdType='doi']"))
    pmid = text_of(entry.find("ArticleIdList/ArticleId[@IdType='pubmed']"))
    return Reference(marker, _TEXT.text(entry.find("Citation")), doi=plain_doi(doi), pmid=plain_pmid(pmid))


def _cited(record: _Element) -> list[Reference]:
    cited = record.iterfind("MedlineCitation/CommentsCorrectionsList/CommentsCorrections[@RefType='Cites']")
    numbered = [(plain_pmid(text_of(other.find("PMID"))), _TEXT.text(other.find("RefSource"))) for other in cited]
    return [Reference(f"PMID {pmid}", source, pmid=pmid) for pmid, source in numbered if pmid]


def _cites_in_order(abstract: str) -> bool:
    """Whether numbers in brackets can be citations, which count up from 1: "aged 61 [18-94]" is a range."""
    highest = 0
    for group in MARKER.finditer(abstract):
        numbers = [int(number) for number in markers_in(group.group())]
        if not numbers or min(numbers) < 1 or max(numbers) > highest + len(numbers):
            return False
        highest = max(highest, *numbers)
    return True
