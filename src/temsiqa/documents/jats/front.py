"""What a JATS article states about itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml.etree import _Element

from temsiqa.documents.jats.references import is_retracted
from temsiqa.documents.jats.text import XLINK, JatsText
from temsiqa.documents.publication import evidence_level, iso_date, plain_doi
from temsiqa.documents.stated import Stated
from temsiqa.documents.xml import attribute, find, find_all, text_of
from temsiqa.model import EvidenceLevel

_SCHEMES = {"doi": "doi", "pmid": "pmid", "pmc": "pmcid", "pmcid": "pmcid"}
_TYPE_GROUPS = frozenset({"heading", "display-channel", "article-type", "toc-heading"})
_NOTICES = {
    "retraction": "retraction notice",
    "partial-retraction": "notice of partial retraction",
    "correction": "correction notice",
    "expression-of-concern": "expression of concern on another publication",
}
_RELATIONS = {
    "correction-forward": "corrected",
    "partial-retraction": "partly retracted",
    "expression-of-concern": "expression of concern",
    "concern-forward": "expression of concern",
    "corrected-article": "corrects another publication",
    "retracted-article": "on a retracted publication",
}
_RETRACTION_DATES = frozenset({"retracted", "retraction"})
_ELECTRONIC = frozenset({"epub", "epub-ppub", "electronic"})
_PRINTED = frozenset({"ppub", "print"})
_ISSUED = _ELECTRONIC | _PRINTED | {"pub", "collection", "epreprint", "pmc-release"}

_text = JatsText().text


def title_of(article: _Element) -> str:
    """Title and subtitle of an article without their footnotes; empty where it has none."""
    titles = find_all(article, "front/article-meta/title-group/article-title")
    subtitles = find_all(article, "front/article-meta/title-group/subtitle")
    said = [text for node in (*titles[:1], *subtitles) if (text := _text(node, {"xref"}))]
    return ": ".join(said)


def stated_of(article: _Element, disclaimers: Sequence[str]) -> Stated:
    """Provenance of an article, ``disclaimers`` are those that were found in it."""
    front = find(article, "front")
    meta = find(article, "front/article-meta")
    if front is None or meta is None:
        return Stated(kind=_kind(article), disclaimers=tuple(disclaimers))
    identifiers = dict(_identifiers(meta))
    doi = identifiers.get("doi")
    return Stated(
        title=title_of(article) or None,
        publisher=_first(front, "journal-meta/journal-title-group/journal-title", "journal-meta/journal-title"),
        authors=tuple(filter(None, map(_author, find_all(meta, "contrib-group/contrib")))),
        date=_published(meta),
        url=f"https://doi.org/{doi}" if doi else None,
        kind=_kind(article),
        licence=_licence(meta),
        evidence_level=_evidence_level(article, meta),
        identifiers=identifiers,
        retracted=_retracted(article, meta),
        notes=tuple(_notes(article, meta)),
        disclaimers=tuple(disclaimers),
    )


def _first(element: _Element, *paths: str) -> str | None:
    """The words at the first of ``paths`` that has any."""
    return next((text for path in paths for found in find_all(element, path) if (text := _text(found))), None)


def _kind(article: _Element) -> str | None:
    """``research article``, ``review article``; None where the type says nothing."""
    kind = attribute(article, "article-type").replace("-", " ")
    return kind if kind not in ("", "other") else None


def _author(contributor: _Element) -> str:
    """Given name, surname and suffix of an author, or the name of a group; empty for editors and others."""
    if contributor.get("contrib-type", "author") != "author":
        return ""
    name = next((found for path in ("name", "name-alternatives/name") for found in find_all(contributor, path)), None)
    if name is None:
        group = next((node for node in contributor.iter("{*}collab", "{*}string-name", "{*}anonymous")), None)
        return _text(group, {"contrib-group", "xref"})
    given, surname, suffix = (_first(name, part) for part in ("given-names", "surname", "suffix"))
    named = (surname, given, suffix) if name.get("name-style") == "eastern" else (given, surname, suffix)
    return " ".join(filter(None, named))


def _published(meta: _Element) -> str | None:
    """When it came out: electronically, or else in print, or else in any other way; the most exact date of those."""
    dates = [
        (rank, -len(day), day) for node in find_all(meta, "pub-date") if (rank := _rank(node)) and (day := _day(node))
    ]
    return min(dates)[-1] if dates else None


def _rank(published: _Element) -> int:
    """1 for electronic publication, 2 for print, 3 for others; 0 for what came later, such as a correction."""
    kind = published.get("pub-type") or published.get("date-type") or "pub"
    form = published.get("publication-format")
    if kind not in _ISSUED:
        return 0
    return 1 if {kind, form} & _ELECTRONIC else 2 if {kind, form} & _PRINTED else 3


def _day(element: _Element) -> str | None:
    """A date as exactly as it is given and valid."""
    parts = [_first(element, name) or "" for name in ("year", "month", "day")]
    said = (element.get("iso-8601-date", ""), *(" ".join(parts[:count]) for count in (3, 2, 1)))
    return next(filter(None, map(iso_date, said)), None)


def _licence(meta: _Element) -> str | None:
    """The address of the licence, or else its words."""
    licence = find(meta, "permissions/license")
    if licence is None:
        return None
    return attribute(licence, XLINK) or _first(licence, "license_ref", "license-p", "p") or _text(licence) or None


def _identifiers(meta: _Element) -> Iterator[tuple[str, str]]:
    for node in find_all(meta, "article-id"):
        scheme, value = _SCHEMES.get(node.get("pub-id-type", "")), text_of(node)
        if scheme == "doi":
            value = plain_doi(value) or ""
        elif scheme == "pmcid" and value.isdigit():
            value = f"PMC{value}"
        if scheme and value:
            yield scheme, value


def _evidence_level(article: _Element, meta: _Element) -> EvidenceLevel | None:
    """What the type of the article, or the rubric that it stands under, says; topics say nothing of it."""
    groups = find_all(meta, "article-categories/subj-group")
    rubrics = [g for g in groups if g.get("subj-group-type", "").casefold().replace(" ", "-") in _TYPE_GROUPS]
    said = [_kind(article) or "", *(_text(node) for group in rubrics for node in find_all(group, "subject"))]
    types = [text.casefold().removesuffix(" article").replace("randomised", "randomized") for text in said]
    return evidence_level([*types, *(kind.replace("meta analysis", "meta-analysis") for kind in types)], ())


def _retracted(article: _Element, meta: _Element) -> str | None:
    """That the article was retracted, with date and notice where they are given. A notice itself was not."""
    if article.get("article-type") in _NOTICES:
        return None
    days = [_day(node) for node in meta.iter("{*}date", "{*}pub-date", "{*}event") if _is_retraction(node)]
    notice = next((node for node in _related(meta) if node.get("related-article-type") == "retraction-forward"), None)
    when = next((f" on {day}" for day in days if day), "")
    if notice is not None or days:
        return f"retracted{when}{_where(notice)}"
    named = article.get("article-type") == "retracted-article" or is_retracted(title_of(article))
    return "retracted, by its title or type" if named else None


def _is_retraction(dated: _Element) -> bool:
    said = (dated.get(name) for name in ("date-type", "pub-type", "event-type"))
    return any(value in _RETRACTION_DATES for value in said)


def _related(meta: _Element) -> list[_Element]:
    return list(meta.iter("{*}related-article"))


def _notes(article: _Element, meta: _Element) -> Iterator[str]:
    """That it is a notice, and on what; and the notices that came after it."""
    related = _related(meta)
    notice = _NOTICES.get(article.get("article-type", ""))
    if notice:
        yield f"{notice}{_where(next(iter(related), None))}"
        return
    for other in related:
        said = _RELATIONS.get(other.get("related-article-type", ""))
        if said:
            yield f"{said}{_where(other)}"


def _where(related: _Element | None) -> str:
    """`` (doi 10.1/x)``, where a related article says it."""
    if related is None:
        return ""
    scheme, value = _SCHEMES.get(related.get("ext-link-type", "")), attribute(related, XLINK)
    return f" ({scheme} {value})" if scheme and value else ""
