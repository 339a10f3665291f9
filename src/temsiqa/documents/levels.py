"""Levels of headings, which files use in two ways: level 1 for the title, or for each section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from temsiqa.documents.outline import Heading, Piece

_LOWEST = 6


def with_one_title(pieces: Sequence[Piece], title: str | None) -> tuple[Piece, ...]:
    """``pieces`` with one heading of level 1 at most: the title. Where there are several, the others are sections.

    All headings but that which is the ``title`` then go one level down.
    """
    tops = [piece for piece in pieces if isinstance(piece, Heading) and piece.level == 1 and piece.title]
    if len(tops) < 2:
        return tuple(pieces)
    kept = next((top for top in tops if top.title == title), None)
    return tuple(
        replace(piece, level=min(piece.level + 1, _LOWEST))
        if isinstance(piece, Heading) and piece is not kept
        else piece
        for piece in pieces
    )
