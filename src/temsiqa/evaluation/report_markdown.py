"""Markdown that says what the text says and nothing else, whatever the text is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>|~!$&:])")
_CALLING = re.compile(r"([@#])")  # @name calls a person and #1 another issue wherever GitHub finds them


def plain(text: str, most: int | None = None) -> str:
    """``text`` on one line, at most ``most`` characters of it, without markup, formulas or calls."""
    text = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    if most and len(text) > most:
        text = text[: most - 1] + "…"
    return _CALLING.sub(r"\1<!-- -->", _SPECIAL.sub(r"\\\1", text))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Lines of a table; all cells are escaped."""
    yield _row(head)
    yield _row(["---"] * len(head), escape=False)
    yield from map(_row, rows)


def _row(cells: Sequence[str], escape: bool = True) -> str:
    return f"| {' | '.join(plain(cell) if escape else cell for cell in cells)} |"
