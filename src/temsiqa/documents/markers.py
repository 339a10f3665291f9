"""Reference markers in running text: ``[7]``, ``[1][5]``, ``[2, 4-6]``, or ``(Bourdon et al., 2007)``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

_NUMBERS = r"\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*"
MARKER = re.compile(rf"\[({_NUMBERS})\]")
_STOP_THEN_RUN = re.compile(rf"([.!?])((?: ?\[{_NUMBERS}\])+|[⁰¹²³⁴-⁹]+)")
_WIDEST_RANGE = 50
_YEAR = re.compile(r"\b(?:1[89]|20)\d{2}[a-z]?\b")
_AUTHOR_YEAR = re.compile(
    r"(?P<author>[^\W\d_][\w'’-]*)(?:\s+(?:and|&)\s+(?P<second>[^\W\d_][\w'’-]*)|\s+et\s+al\.?)?"
    rf",?\s*\(?(?P<years>{_YEAR.pattern}(?:\s*[,;]\s*{_YEAR.pattern})*)"
)


def markers_in(text: str) -> tuple[str, ...]:
    """The numbers of all markers in ``text``, ranges spelt out, in order and without repeats."""
    found: dict[str, None] = {}
    for group in MARKER.findall(text):
        for part in re.split(r"\s*[,;]\s*", group):
            low, _, high = (p.strip() for p in re.sub(r"[–-]", "-", part).partition("-"))
            last = int(high or low)
            if last - int(low) > _WIDEST_RANGE:
                continue
            found.update(dict.fromkeys(str(n) for n in range(int(low), last + 1)))
    return tuple(found)


def without_markers(text: str, listed: Collection[str]) -> str:
    """``text`` as it is read aloud: markers gone, the space they leave closed before punctuation.

    Only what stands in the reference list, whose numbers are ``listed``, is a marker: "58 years [32-81]" is a range.
    """

    def kept(match: re.Match[str]) -> str:
        numbers = markers_in(match.group())
        return " " if numbers and all(number in listed for number in numbers) else match.group()

    spaced = re.sub(r" {2,}", " ", MARKER.sub(kept, text))
    return re.sub(r"\s+([.,;:!?)])", r"\1", spaced).strip()


def stops_after_markers(text: str) -> str:
    """Same length as ``text``, with ``grow.[3]`` turned into ``grow[3].`` so that a sentence keeps its markers."""
    return _STOP_THEN_RUN.sub(r"\2\1", text)


class MarkerFinder:
    """Finds the markers of one reference list, numbers and author-year ones alike."""

    def __init__(self, listed: Iterable[str]) -> None:
        """``listed`` are the markers of the list; one that holds a name and a year is of the author-year kind."""
        self._by_authors: dict[tuple[str, str, str], str] = {}
        for marker in listed:
            match = _AUTHOR_YEAR.search(marker)
            if match:
                for second in (_second(match), ""):
                    self._by_authors.setdefault((match["author"].casefold(), second, match["years"]), marker)

    def find(self, text: str) -> tuple[str, ...]:
        """Every number in brackets, whether listed or not, then the author-year markers that are listed."""
        found = dict.fromkeys(markers_in(text))
        for match in _AUTHOR_YEAR.finditer(text) if self._by_authors else ():
            for year in _YEAR.findall(match["years"]):
                found.update(dict.fromkeys(self._listed(match["author"].casefold(), _second(match), year)))
        return tuple(found)

    def _listed(self, author: str, second: str, year: str) -> tuple[str, ...]:
        """The marker of that form; that of the first author alone when the list writes the authors otherwise."""
        marker = self._by_authors.get((author, second, year)) or self._by_authors.get((author, "", year))
        return (marker,) if marker else ()


def _second(match: re.Match[str]) -> str:
    """What tells "Smith and Jones" from "Smith et al." and from "Smith"."""
    return (match["second"] or "").casefold() or ("et al" if "et al" in match.group() else "")
