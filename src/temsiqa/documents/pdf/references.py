"""Entries of a reference list → references, with the marker that stands for each in the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from temsiqa.documents.canonical import PAGE_BREAK
from temsiqa.model import Reference

_DOI = re.compile(r"\b10\.\d{4,9}/\S+[^\s.,;:\])]", re.IGNORECASE)
_PMID = re.compile(r"\b(?:PMID|PubMed(?: ID)?)[:\s]\s*(?P<pmid>[1-9]\d{0,8})\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\d–:-])(?:1[89]|20)\d{2}[a-z]?(?![\d–:-])")
_SENTENCE = re.compile(r"(?<![\s.-][A-Z])(?<!^[A-Z])\.\s")  # no full stop after an initial
_BETWEEN = re.compile(r"\s*[,;]?\s+(?:and|&)\s+|\s*[,;]\s*")
_INITIALS = re.compile(r"(?:[A-Z]\.?-?){1,4}|(?:[A-Z]\. ?)+")
_PARTICLES = frozenset("al bin da das de del della den der di dos du el la le ten ter van von zu".split())
_MANY = re.compile(r"\bet al\b|\bothers\b")


def reference(entry: str, number: int | None) -> Reference:
    """What a reference list says of one source; ``number`` is None where it counts none."""
    words = entry.replace(PAGE_BREAK, " ")
    doi, pmid = _DOI.search(words), _PMID.search(words)
    marker = author_year(words) if number is None else str(number)
    return Reference(marker, entry, doi=doi and doi.group(), pmid=pmid and pmid["pmid"])


def told_apart(references: Iterable[Reference]) -> Iterator[Reference]:
    """References of which no two have the same marker: the second ``Peters, 2017`` becomes ``Peters, 2017 (2)``."""
    seen = Counter[str]()
    for listed in references:
        seen[listed.marker] += 1
        times = seen[listed.marker]
        yield replace(listed, marker=f"{listed.marker} ({times})") if times > 1 else listed


def author_year(entry: str) -> str:
    """``Bourdon et al., 2007``: the first author of an entry, how many there are, and its year if it has one."""
    year = _YEAR.search(entry)
    before = entry[: year.start()] if year else entry
    sentence = _SENTENCE.search(before)
    names = _names(before[: sentence.start()] if sentence else before)
    if not names:
        return entry[:40].strip()
    who = f"{names[0]} et al." if len(names) > 2 or _MANY.search(before) else " and ".join(names)
    return f"{who}, {year.group()}" if year else who


def _names(authors: str) -> list[str]:
    """The surnames of a list of authors in any of the usual ways to write one."""
    people = [person.strip(" .()") for person in _BETWEEN.split(authors)]
    return [_surname(person) for person in people if person and not _INITIALS.fullmatch(person)]


def _surname(person: str) -> str:
    """``Bourdon`` of ``Bourdon A``, ``A. Bourdon``, ``Alice Bourdon`` or ``Bourdon``; particles belong to it."""
    words = person.split()
    if len(words) > 1 and _INITIALS.fullmatch(words[-1]):
        return " ".join(word for word in words if not _INITIALS.fullmatch(word)) or person
    start = len(words) - 1
    while start and words[start - 1].lower() in _PARTICLES:
        start -= 1
    return " ".join(words[start:])
