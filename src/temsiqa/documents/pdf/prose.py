"""Lines → running text: blanks, words parted at line ends, addresses, raised figures, and where a page turns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from itertools import groupby

from temsiqa.documents.canonical import PAGE_BREAK, clean, one_line
from temsiqa.documents.markers import markers_in
from temsiqa.documents.pdf.glyphs import raised
from temsiqa.documents.pdf.lines import Line

_HYPHENATED = re.compile(r"(?P<left>[^\W_][\w'’-]*)(?P<hyphen>[-‐])$")
_FIRST_WORD = re.compile(r"[\w'’]+(?:[-‐][\w'’]+)*")
_SUSPENDED = re.compile(r"(?:and|or|to|bis|und|oder)\b")  # pre- and postmenopausal
# Words that are mostly the second half of a compound; cut at its hyphen it looks like a word parted at a line end.
_SECOND_HALVES = frozenset(
    "adjusted associated based blind confirmed controlled dependent derived driven effective fold free induced label "
    "like limiting line mediated naive naïve negative positive related reported resistant specific term threatening "
    "treated".split()
)
_SHORTEST_FIRST_HALF = 4
_ATTACHED = re.compile(r"\w[–—/]$")
_ADDRESS = re.compile(r"(?:https?:/*|\b(?:https?://|www\.|10\.\d{4,9}/)\S*[/._=?&-])$", re.IGNORECASE)
_ADDRESS_PART = re.compile(r"(?![A-Z])\S*[./_=?&\d-]\S*\w")
_NUMBERS = re.compile(r"\d{1,3}(?:[,–-]\d{1,3})*")
_UNIT = re.compile(r"(?<![A-Za-zµμ])(?:[cdkmnµμ]?m|[A-Za-zχ])$")  # m², R²: no reference
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[^\sa-z])")
_FINISHED = re.compile(r"[.!?:][\"'”’)\]]*(?:\[[\d,;–-]+\]|[⁰¹²³⁴⁵⁶⁷⁸⁹ᵃ-ᶻ*†‡§])*$")
_ABBREVIATED = re.compile(r"(?:\bet al|\be\.g|\bi\.e|\bcf|\bvs|\bFigs?|\bNos?|\bDrs?|\bapprox|\bSt|\bpp?|\bca)\.$")


def is_finished(text: str) -> bool:
    """Whether a text ends as a sentence or a lead-in does."""
    return bool(_FINISHED.search(text)) and not _ABBREVIATED.search(text)


def last_sentence_end(text: str) -> int | None:
    """Where the last sentence begins that has another one of the same page before it."""
    on_page = text.rfind(PAGE_BREAK) + 1
    ends = [match.end() for match in _SENTENCE_END.finditer(text, on_page)]
    return ends[-1] if ends else None


def tidy(text: str) -> str:
    """``text`` cleaned and on one line, but for its page breaks."""
    return PAGE_BREAK.join(one_line(clean(part)) for part in text.split(PAGE_BREAK))


class Prose:
    """Writes the lines of one document as text."""

    def __init__(self, lines: Iterable[Line], cited: Collection[str]) -> None:
        """``lines`` are all of the document: which words it knows decides on hyphens at line ends.

        ``cited`` are the numbers of its reference list, if it has one with numbers.
        """
        self._known = Counter(word for line in lines for word in _FIRST_WORD.findall(line.text.casefold()))
        self._cited = frozenset(cited)

    def text(self, lines: Iterable[Line]) -> str:
        """The text of lines that follow one another on one page."""
        text = ""
        for line in lines:
            text, _ = self.joined(text, self.line(line))
        return tidy(text)

    def line(self, line: Line) -> str:
        """The text of one line; raised figures that are citations stand in brackets."""
        text = ""
        for is_raised, group in groupby(
            zip(line.spaced(), line.words, strict=True), key=lambda p: line.is_raised(p[1])
        ):
            parts = [f"{blank}{word}" for (blank, word), _ in group]
            text += self._mark("".join(parts), text) if is_raised else "".join(parts)
        return text

    def _mark(self, mark: str, before: str) -> str:
        """What is raised, as it is written after ``before``."""
        numbers = mark.strip()
        listed = bool(_NUMBERS.fullmatch(numbers)) and self._cited.issuperset(markers_in(f"[{numbers}]"))
        follows_word = bool(before) and not before[-1].isdigit() and not _UNIT.search(before)
        return mark.replace(numbers, f"[{numbers}]") if listed and follows_word else raised(mark)

    def joined(self, text: str, more: str, turns: bool = False) -> tuple[str, bool]:
        """``text`` goes on with the line ``more``; ``turns`` if a page turns between them.

        Also whether the page has yet to turn: it turns at a blank, and a parted word may be the last one.
        """
        if not text or not more:
            return text or more, turns
        text, blank = self._end(text, more)
        if blank:
            return f"{text}{PAGE_BREAK if turns else ' '}{more}", False
        word, between, rest = more.partition(" ")
        if turns and between:
            return f"{text}{word}{PAGE_BREAK}{rest}", False
        return text + more, turns

    def _end(self, text: str, more: str) -> tuple[str, bool]:
        """``text`` without a hyphen that only parts a word, and whether a blank follows it."""
        if _ADDRESS.search(text) and _ADDRESS_PART.match(more):
            return text, False
        parted, after = _HYPHENATED.search(text), _FIRST_WORD.match(more)
        if parted and after and not _SUSPENDED.match(more):
            is_one = self._is_one_word(parted["left"], after.group())
            return (text[: parted.start("hyphen")] if is_one else text), False
        return text, not (_ATTACHED.search(text) and more[0].isalnum())

    def _is_one_word(self, left: str, right: str) -> bool:
        """By what the document writes elsewhere; else a word goes on in small letters."""
        whole, compound = self._known[f"{left}{right}".casefold()], self._known[f"{left}-{right}".casefold()]
        if whole != compound:
            return whole > compound
        is_compound = right in _SECOND_HALVES and len(left) >= _SHORTEST_FIRST_HALF
        return right[0].islower() and left[-1].isalpha() and not is_compound
