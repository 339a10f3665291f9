"""Wordings as people write them in data files: what they match and where, without regular expressions.

Words are joined by spaces. ``*`` at the end of a word stands for any ending, ``|`` between words for "or", and ``..``
for up to three words of any kind: ``my|the .. tablet*``. Capitals and accents do not count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_GAP = ".."
_ANY_GAP = r"(?:[^ ]+ ){0,3}"
_SPELLING = re.compile(r"[a-z0-9]+(?:[-/.+'][a-z0-9]+)*\*?")


@dataclass(frozen=True, slots=True)
class Place:
    """Words number ``start`` to ``end`` (exclusive) of a text."""

    start: int
    end: int


class Pattern:
    """One wording, ready to be looked for."""

    def __init__(self, wording: str) -> None:
        """Raises ``ValueError`` saying what is wrong with ``wording``."""
        self.wording = wording
        items = wording.split()
        if not items or _GAP in (items[0], items[-1]):
            raise ValueError(f"{wording!r}: a wording begins and ends with a word; remove the dots there")
        self._form = re.compile(r"(?<![^ ])" + "".join(_ANY_GAP if i == _GAP else f"{_one_of(i)} " for i in items))
        self.spelt = frozenset(word for item in items for word in item.split("|"))
        """The words that it names, each with its ``*``."""

    def find(self, text: Sequence[str]) -> Place | None:
        """The first place where ``text``, lower-case words without accents, is worded like this."""
        joined = "".join(f"{word} " for word in text)
        match = self._form.search(joined)
        return Place(joined.count(" ", 0, match.start()), joined.count(" ", 0, match.end())) if match else None


def _one_of(item: str) -> str:
    for word in item.split("|"):
        if not _SPELLING.fullmatch(word):
            raise ValueError(f"{item!r}: {word!r} is no word in small letters; mend the wording")
    return "(?:" + "|".join(re.escape(word).replace(r"\*", "[^ ]*") for word in item.split("|")) + ")"
