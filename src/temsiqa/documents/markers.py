"""Reference markers such as ``[7]``, ``[1][5]`` or ``[2, 4-6]`` in running text."""

from __future__ import annotations

import re
from collections.abc import Collection

_NUMBERS = r"\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*"
MARKER = re.compile(rf"\[({_NUMBERS})\]")
_STOP_THEN_RUN = re.compile(rf"([.!?])((?: ?\[{_NUMBERS}\])+)")
_WIDEST_RANGE = 50


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
