"""What a web page states of itself: citation and Dublin Core meta tags, JSON-LD, Open Graph, links and its byline."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml.etree import _Element

from temsiqa.documents.canonical import one_line
from temsiqa.documents.html.content import words_of
from temsiqa.documents.publication import iso_date, plain_doi, plain_pmid
from temsiqa.documents.stated import Stated

_TITLE = ("citation_title", "dc.title", "dcterms.title")
_AUTHOR = ("citation_author", "dc.creator", "dcterms.creator", "author", "article:author")
_DATE = tuple(
    "citation_publication_date citation_date citation_online_date dc.date dc.date.issued dcterms.issued dcterms.date "
    "article:published_time".split()
)
_PUBLISHER = ("citation_journal_title", "dc.publisher", "dcterms.publisher", "og:site_name")
_DOI = ("citation_doi", "prism.doi", "dc.identifier", "dcterms.identifier")
_LICENCE = ("dc.rights", "dcterms.license", "dcterms.rights")
_LARGEST_JSON = 1_000_000
_WORK = re.compile(r"Article|Posting|Report|Guideline")
_PAGE = re.compile(r"WebPage|CreativeWork")
_BYLINE = re.compile(r"byline|publish|posted|date|meta", re.IGNORECASE)
_CHANGED = re.compile(r"update|modified|review", re.IGNORECASE)
_SITE_AFTER = re.compile(r"(?P<title>.+?)\s+(?P<bar>[|»·]|::|[–—-])\s+(?P<site>[^|»·]+)")
_NUMERIC_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?![\d/])")
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})\.?\s+(?P<month>[A-Za-z]{3,9})\.?,?\s+(?P<year>\d{4})")
_MONTH_FIRST = re.compile(r"(?P<month>[A-Za-z]{3,9})\.?\s+(?:(?P<day>\d{1,2}),?\s+)?(?P<year>\d{4})")
_RETRACTED = re.compile(r"\W*retracted\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Head:
    """What a page states outside its content: meta tags by name, JSON-LD on the work, title, links, date shown."""

    metas: Mapping[str, Sequence[str]]
    work: Mapping[str, Any]
    title: str
    canonical: str
    licence: str
    shown_date: str

    def first(self, names: Sequence[str]) -> str:
        """The first meta tag of the first of ``names`` that has any; empty without."""
        return next((value for name in names for value in self.metas.get(name, ())), "")


def head_of(page: _Element) -> Head:
    """What ``page`` states, before anything is cut out of it."""
    metas: dict[str, list[str]] = {}
    for meta in page.iter("meta"):
        name = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").strip().lower()
        if value := one_line(meta.get("content", "")):
            metas.setdefault(name, []).append(value)
    title = page.find(".//title")
    return Head(
        metas=metas,
        work=_work(page),
        title=words_of(title) if title is not None else "",
        canonical=_link(page, "canonical"),
        licence=_link(page, "license"),
        shown_date=_shown_date(page),
    )


def stated_of(head: Head, headings: Sequence[str]) -> Stated:
    """The provenance of a page whose content has ``headings`` of level 1: the only one is the title."""
    named = [heading for heading in headings if len(headings) == 1 or heading in head.title]
    title = head.first(_TITLE) or (named or [head.first(("og:title",)) or _without_site(head)])[0]
    doi = next(filter(None, map(plain_doi, [*head.metas.get("dc.identifier", ()), head.first(_DOI)])), None)
    identifiers = {"doi": doi, "pmid": plain_pmid(head.first(("citation_pmid",)))}
    return Stated(
        title=title or None,
        authors=tuple(dict.fromkeys(_authors(head))),
        date=_iso(head.first(_DATE) or _text(head.work.get("datePublished")) or head.shown_date) or None,
        publisher=head.first(_PUBLISHER) or next(_names(head.work.get("publisher")), None),
        url=head.canonical or next(filter(_is_address, head.metas.get("og:url", ())), None),
        kind=_kind(head),
        licence=head.licence or head.first(_LICENCE) or next(_names(head.work.get("license")), None),
        identifiers={scheme: value for scheme, value in identifiers.items() if value},
        retracted="retracted, as its title says" if _RETRACTED.match(title) else None,
    )


def _authors(head: Head) -> Iterator[str]:
    for name in _AUTHOR:
        if found := [author for author in head.metas.get(name, ()) if not _is_address(author)]:
            return iter(found)
    if listed := head.first(("citation_authors",)):
        return (author.strip() for author in listed.split(";") if author.strip())
    return _names(head.work.get("author"))


def _kind(head: Head) -> str | None:
    """As JSON-LD types the work, in plain words."""
    if "citation_journal_title" in head.metas:
        return "journal article"
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", _type(head.work)).lower() or None


def _without_site(head: Head) -> str:
    """The title of the window without the name of the site after it; a dash may belong to the title."""
    match = _SITE_AFTER.fullmatch(head.title)
    if not match:
        return head.title
    is_site = match["site"].casefold() == head.first(("og:site_name",)).casefold()
    return match["title"] if is_site or match["bar"] not in "–—-" else head.title


def _link(page: _Element, relation: str) -> str:
    """The address of the first link of that relation."""
    links = (e for e in page.iter("a", "link") if relation in e.get("rel", "").lower().split())
    return next((link for link in (one_line(e.get("href", "")) for e in links) if _is_address(link)), "")


def _is_address(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))


def _shown_date(page: _Element) -> str:
    """When the page says, for machines, that it was published."""
    for time in page.iter("time"):
        around = [time, *list(time.iterancestors())[:2]]
        said = " ".join(f"{e.get('class', '')} {e.get('itemprop', '')}" for e in around)
        is_byline = _BYLINE.search(said) or time.get("pubdate") is not None or around[1].tag in ("header", "address")
        if is_byline and not _CHANGED.search(said) and time.get("datetime"):
            return str(time.get("datetime"))
    return ""


def _iso(text: str) -> str:
    """A date in ISO form, as precise as it is; as it stands when it is in no known form."""
    words = _DAY_FIRST.fullmatch(text.strip()) or _MONTH_FIRST.fullmatch(text.strip())
    numeric = _NUMERIC_DATE.match(text.strip())
    parts = (words["year"], words["month"], words["day"]) if words else numeric.groups() if numeric else (text.strip(),)
    return iso_date(" ".join(part for part in parts if part)) or text


def _work(page: _Element) -> Mapping[str, Any]:
    """What JSON-LD says of the article; else of the page."""
    found: list[Mapping[str, Any]] = []
    for script in page.iter("script"):
        if script.get("type", "").strip().lower() == "application/ld+json":
            found += _objects(script.text or "")
    return next((work for kind in (_WORK, _PAGE) for work in found if kind.search(_type(work))), {})


def _objects(source: str) -> list[Mapping[str, Any]]:
    try:
        data = json.loads(source) if len(source) <= _LARGEST_JSON else None
    except (ValueError, RecursionError):
        return []
    listed = data if isinstance(data, list) else [data]
    graphs = [item["@graph"] for item in listed if isinstance(item, dict) and isinstance(item.get("@graph"), list)]
    return [item for items in (listed, *graphs) for item in items if isinstance(item, dict)]


def _type(work: Mapping[str, Any]) -> str:
    stated = work.get("@type", "")
    return _text(stated[0] if isinstance(stated, list) and stated else stated)


def _names(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON held
    """The names of people or organisations, which are strings or objects, alone or in a list."""
    for item in value if isinstance(value, list) else [value]:
        if name := _text(item.get("name") or item.get("url") if isinstance(item, dict) else item):
            yield name


def _text(value: Any) -> str:  # noqa: ANN401 - whatever JSON held
    return one_line(str(value)) if isinstance(value, str | int) else ""
