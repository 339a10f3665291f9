"""The reference list of a JATS article: its entries, and the markers by which the text cites them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lxml.etree import _Element

from temsiqa.documents.jats.text import XLINK, JatsText, is_citation, is_numeric
from temsiqa.documents.markers import MarkerFinder
from temsiqa.documents.publication import plain_doi, plain_pmid
from temsiqa.documents.xml import attribute, find, find_all, local_name, text_of
from temsiqa.model import Reference

_CITATIONS = frozenset({"mixed-citation", "element-citation", "nlm-citation", "citation"})
_NAMES = frozenset({"name", "string-name", "collab", "etal", "anonymous"})
_NUMBER = re.compile(r"[\[(]?(\d{1,3})[\])]?\.?")
_YEAR = re.compile(r"\b(?:1[89]|20)\d{2}[a-z]?\b")
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s<>\"]*[^\s<>\".,;:)\]]")
_PMID = re.compile(r"\bPMID:?\s*(\d{1,9})\b")
# What introduced an identifier that was taken out of the text, or stood around it.
_LEFT = r"(?=$|\s|[;,\])]|\.(?:\s|$))"
_EMPTIED = re.compile(
    rf"\s*(?:[\[(]\s*[\])]|\b(?:doi|pmid|pmcid)\b\s*:?\s*{_LEFT}|https?://(?:dx\.)?doi\.org/{_LEFT})", re.IGNORECASE
)
_STOPS = re.compile(r"\.(?: ?\.)+$")
_RETRACTED = re.compile(r"\W*retracted(?: article)?\s*[:\])]|.*[\[(]retracted(?: article)?[\])]\W*$", re.IGNORECASE)
# What stands before a part of an entry that has no punctuation of its own; a full stop before all others.
_BEFORE = {
    **dict.fromkeys(("fpage", "elocation-id", "page-range"), ": "),
    **dict.fromkeys(("month", "day", "season"), " "),
    "volume": ", ",
    "issue": "(",
    "lpage": "–",
}
_MOST_FORMS = 3

_text = JatsText().text


@dataclass(frozen=True, slots=True)
class Bibliography:
    """The entries of a reference list by their elements; ``numbered`` if the text cites them by number."""

    entries: Mapping[_Element, Reference]
    numbered: bool

    @property
    def markers(self) -> dict[str, str]:
        """The marker of each entry by the id that citations point to."""
        return {attribute(ref, "id"): entry.marker for ref, entry in self.entries.items()}


def is_retracted(title: str) -> bool:
    """Whether a title says that what bears it was retracted: ``RETRACTED: …``, ``… [Retracted]``."""
    return bool(_RETRACTED.match(title))


def read_bibliography(article: _Element) -> Bibliography:
    """Every entry of an article with its marker: the number, or author and year, that the text cites it by."""
    refs = list(article.iter("{*}ref"))
    ids = [attribute(ref, "id") for ref in refs]
    known = set(ids)
    citations = [xref for xref in article.iter("{*}xref") if is_citation(xref, known)]
    forms = _forms(citations)
    cited = [forms.get(rid, Counter()) for rid in ids]
    numbered = _is_numbered(citations, refs)
    markers = _numbers(refs, cited) if numbered else list(map(_author_and_year, refs, cited))
    entries = [replace(_entry(ref), marker=marker) for ref, marker in zip(refs, _unique(markers, ids), strict=True)]
    return Bibliography(dict(zip(refs, entries, strict=True)), numbered)


def _forms(citations: Iterable[_Element]) -> dict[str, Counter[str]]:
    """By id of an entry: the texts that cite it alone, each with how often it stands there."""
    forms: dict[str, Counter[str]] = {}
    for xref in citations:
        rids, text = xref.get("rid", "").split(), text_of(xref)
        if text and len(rids) == 1:
            forms.setdefault(rids[0], Counter())[text] += 1
    return forms


def _is_numbered(citations: Sequence[_Element], refs: Sequence[_Element]) -> bool:
    """Whether most citations are numbers, or most labels of entries where none is cited."""
    said = [text for text in map(text_of, citations) if text] or [text_of(find(ref, "label")) for ref in refs]
    return 2 * sum(map(is_numeric, said)) > len(said)


def _numbers(refs: Sequence[_Element], cited: Sequence[Counter[str]]) -> list[str]:
    """The number that stands for an entry in the text, or else on it, or else its place where no other has that."""
    said = [_number([*_frequent(texts), text_of(find(ref, "label"))]) for ref, texts in zip(refs, cited, strict=True)]
    taken = set(said)
    return [number or ("" if str(place) in taken else str(place)) for place, number in enumerate(said, 1)]


def _number(texts: Sequence[str]) -> str:
    return next((match[1] for text in texts if (match := _NUMBER.fullmatch(text))), "")


def _frequent(texts: Counter[str]) -> list[str]:
    return [text for text, _ in texts.most_common(_MOST_FORMS)]


def _author_and_year(ref: _Element, cited: Counter[str]) -> str:
    """``Bourdon et al., 2007``, from the entry or as the text has it: by which most of its citations are found."""
    year = next((match[0] for text in (*_frequent(cited), _year(ref)) if (match := _YEAR.search(text))), "")
    who = _authors(ref)
    forms = [f"{who}, {year}"] if who and year else []
    forms += [text for text in (text_of(find(ref, "label")), *_frequent(cited)) if _YEAR.search(text)]

    def finds(form: str) -> int:
        finder = MarkerFinder([form])
        return sum(count for text, count in cited.items() if form in finder.find(text))

    return max(forms, key=finds, default="")


def _unique(markers: Sequence[str], ids: Sequence[str]) -> Iterator[str]:
    """Each marker but once: an entry that shares its own with another, or has none, is told by its id or its place."""
    seen: set[str] = set()
    for place, (marker, rid) in enumerate(zip(markers, ids, strict=True), 1):
        choices = (marker, f"{marker} ({rid or place})".strip(), f"entry {place}")
        chosen = next(choice for choice in choices if choice and choice not in seen)
        seen.add(chosen)
        yield chosen


def _citation_of(ref: _Element) -> _Element:
    """The first citation of an entry, or the entry itself."""
    return next((node for node in ref.iter() if local_name(node) in _CITATIONS), ref)


def _year(ref: _Element) -> str:
    citation = _citation_of(ref)
    return text_of(find(citation, "year")) or _text(citation)


def _authors(ref: _Element) -> str:
    """``Doe``, ``Doe and Roe`` or ``Doe et al.``: surnames of an entry's authors, or names of groups."""
    citation = _citation_of(ref)
    group = find(citation, "person-group")
    people = [node for node in (citation if group is None else group) if local_name(node) in _NAMES]
    said = [_text(find(person, "surname")) or _text(person) for person in people]
    names = [name for name in said if name]
    has_others = len(names) > 2 or any(local_name(person) == "etal" for person in people)
    return f"{names[0]} et al." if names and has_others else " and ".join(names)


def _entry(ref: _Element) -> Reference:
    text = _entry_text(ref)
    everything = text_of(ref)
    links = [link for node in ref.iter("{*}ext-link", "{*}uri") if (link := attribute(node, XLINK) or text_of(node))]
    stated = [text_of(node) for node in ref.iter("{*}pub-id") if node.get("pub-id-type") == "doi"]
    doi = next(filter(None, map(plain_doi, (*stated, *links, *_DOI.findall(everything)))), None)
    numbers = [text_of(node) for node in ref.iter("{*}pub-id") if node.get("pub-id-type") == "pmid"]
    pmid = next(filter(None, map(plain_pmid, (*numbers, *_PMID.findall(everything)))), None)
    url = next((link for link in links if link.startswith(("https://", "http://"))), None)
    title = text_of(next(ref.iter("{*}article-title"), None))
    retracted = "retracted, by its title" if is_retracted(title) else None
    return Reference("", text, url=None if doi else url, doi=doi, pmid=pmid, retracted=retracted)


def _entry_text(ref: _Element) -> str:
    """The words of an entry without its identifiers. One citation of several alternatives is enough."""
    alternatives = find_all(ref, "citation-alternatives")
    citations = [_citation_of(a) for a in alternatives] or [node for node in ref if local_name(node) in _CITATIONS]
    said = [_composed(node) if _is_bare(node) else _text(node, {"pub-id"}) for node in citations]
    text = _EMPTIED.sub("", " ".join(said) or _text(ref, {"label", "pub-id"}))
    return _STOPS.sub(".", text)


def _is_bare(citation: _Element) -> bool:
    """Whether a citation is nothing but elements, whose punctuation is left to the reader."""
    return len(citation) > 0 and not any((text or "").strip() for text in (citation.text, *(c.tail for c in citation)))


def _composed(citation: _Element) -> str:
    """The parts of an entry in its own order, with the punctuation of a reference list."""
    said, last = "", ""
    for part in citation:
        name = local_name(part)
        text = _people(part) if name in ("person-group", *_NAMES) else _text(part) if name != "pub-id" else ""
        if not text:
            continue
        stop = " " if said.endswith((".", "?", "!")) else ". "
        before = ", " if name in _NAMES and last in _NAMES else _BEFORE.get(name, stop)
        said += f"{before if said else ''}{text}{')' * (name == 'issue')}"
        last = name
    return said


def _people(part: _Element) -> str:
    """``Doe J, Roe R III, et al.``"""
    people = [part] if local_name(part) in _NAMES else list(part)
    return ", ".join(filter(None, map(_person, people)))


def _person(part: _Element) -> str:
    if local_name(part) == "etal":
        return "et al."
    names = (_text(find(part, name)) for name in ("surname", "given-names", "suffix"))
    return " ".join(filter(None, names)) if local_name(part) == "name" else _text(part)
