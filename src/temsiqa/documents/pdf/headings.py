"""Headings of a PDF: the title, the level of each, and the table of contents that only says them over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from temsiqa.documents.pdf.marks import heading_depth
from temsiqa.documents.pdf.parts import Kind, Part, is_capitals

_DEEPEST = 6
_FIRST_PARTS = 12  # of the first page: among them the title stands
_CONTENTS = re.compile(r"\bcontents\W*$", re.IGNORECASE)
_LEADER = re.compile(r"(?:[.·…]\s?){4,}\s*\d*")

Style = tuple[float, bool, bool, bool]


def title_of(parts: Sequence[Part]) -> Part | None:
    """The largest of the large headings at the beginning of the first page."""
    first = [part for part in parts[:_FIRST_PARTS] if part.column.page == 1 and part.kind is Kind.HEADING]
    large = [part for part in first if part.lines[0].size >= part.column.large]
    return max(large, key=lambda part: part.lines[0].size, default=None)


def levels(parts: Sequence[Part], title: Part | None) -> dict[int, int]:
    """The level of each heading, by the ``id`` of its part: by its number, else by how it is set; 1 is the title.

    No level is left out between a heading and the one that it stands under.
    """
    headings = [part for part in parts if part.kind is Kind.HEADING and part is not title]
    depths: dict[Style, set[int]] = {}
    for part in headings:
        depths.setdefault(_style(part), set()).add(heading_depth(part.text))
    plain = _plain_levels(depths)
    found = {} if title is None else {id(title): 1}
    above: list[int] = []
    for part in headings:
        depth = heading_depth(part.text)
        level = depth + 1 if depth else plain[_style(part)]
        above = [*(other for other in above if other < level), level]
        found[id(part)] = min(len(above) + 1, _DEEPEST)
    return found


def _style(part: Part) -> Style:
    """How a heading is set, heavier ones greater: its size beside that of the text, capitals, bold, underlined."""
    line, column = part.lines[0], part.column
    return (
        round(line.size / column.size, 1),
        is_capitals(part.text),
        line.is_bold,
        column.underlines(line),
    )


def _plain_levels(depths: dict[Style, set[int]]) -> dict[Style, int]:
    """The level of a heading without a number in each style, of which ``depths`` are those of its numbers, 0 for none.

    Beside sections it is one of them; beside subsections it stands in one. Styles without numbers follow by weight.
    """
    found: dict[Style, int] = {}
    above = 1
    for style in sorted(depths, reverse=True):
        numbered = depths[style] - {0}
        if numbered:
            above = max(numbered) + 1
            found[style] = 2 if min(numbered) == 1 else above + 1
        else:
            found[style] = above + 1
        above = max(above, found[style] if 0 in depths[style] else 0)
    return found


def without_contents(parts: Sequence[Part]) -> Iterator[Part]:
    """``parts`` without a table of contents: lines with leaders, and what stands below "Contents" and is said again."""
    is_contents = False
    for number, part in enumerate(parts):
        if part.kind is Kind.HEADING and _CONTENTS.search(part.text):
            is_contents = True
            continue
        is_contents = is_contents and _is_said_again(part, parts[number + 1 :])
        if not is_contents and not _LEADER.search(part.text):
            yield part


def _is_said_again(part: Part, later: Sequence[Part]) -> bool:
    """Whether each of its lines stands in a heading further below."""
    headings = [_letters(other.text) for other in later if other.kind is Kind.HEADING]
    return all(any(_letters(line.text) in heading for heading in headings) for line in part.lines)


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", _LEADER.sub("", text)).casefold()
