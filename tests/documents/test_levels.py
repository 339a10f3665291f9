from __future__ import annotations

from temsiqa.documents.levels import with_one_title
from temsiqa.documents.outline import Heading, Paragraph, Piece


def levels(pieces: list[Piece], title: str | None = None) -> list[int]:
    return [piece.level for piece in with_one_title(pieces, title) if isinstance(piece, Heading)]


def test_one_heading_of_level_1_stays() -> None:
    assert levels([Heading(1, "Ring"), Paragraph("It."), Heading(2, "Doses"), Heading(1, "")], "Other") == [1, 2, 1]


def test_where_there_are_several_the_title_stays_and_the_others_are_sections() -> None:
    pieces: list[Piece] = [Heading(1, "Ring"), Heading(1, "Doses"), Heading(2, "Adults"), Heading(6, "Notes")]
    assert levels(pieces, "Ring") == [1, 2, 3, 6]
    assert levels(pieces, "Another title") == [2, 2, 3, 6]
    assert levels(pieces) == [2, 2, 3, 6]


def test_only_the_first_of_two_alike_is_the_title() -> None:
    assert levels([Heading(1, "Ring"), Heading(1, "Ring")], "Ring") == [1, 2]
