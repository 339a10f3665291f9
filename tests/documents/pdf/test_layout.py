from __future__ import annotations

from pdf_support import set_line
from temsiqa.documents.pdf.layout import gutter_of, regions
from temsiqa.documents.pdf.lines import Line
from temsiqa.documents.pdf.page import Box

LEFT, RIGHT = 72.0, 320.0


def column(x: float, first: str, count: int, top: float = 100, step: float = 12) -> list[Line]:
    return [set_line(x, top + n * step, f"{first}{n} stands in a line that fills its column") for n in range(count)]


def texts(region: list[Box]) -> list[str]:
    return [line.text.split()[0] for line in region if isinstance(line, Line)]


def test_two_columns_are_read_one_after_the_other() -> None:
    boxes = column(LEFT, "left", 6) + column(RIGHT, "right", 6, top=103)
    left, right = regions(boxes)
    assert texts(left) == [f"left{n}" for n in range(6)]
    assert texts(right) == [f"right{n}" for n in range(6)]


def test_what_crosses_the_gutter_parts_what_is_above_and_below() -> None:
    title = set_line(LEFT, 80, "A title that is so long that it goes over both of the columns of this page, all of it")
    wide = set_line(
        LEFT, 220, "And a line in the middle of the page that goes over both columns of it as the title does"
    )
    above = column(LEFT, "a", 6) + column(RIGHT, "b", 6)
    below = column(LEFT, "c", 6, top=260) + column(RIGHT, "d", 6, top=260)
    found = [texts(region) for region in regions([title, *below, wide, *above])]
    assert [region[0] for region in found] == ["A", "a0", "b0", "And", "c0", "d0"]


def test_a_long_rule_parts_columns_too() -> None:
    boxes = [
        *column(LEFT, "a", 5),
        *column(RIGHT, "b", 5),
        *column(LEFT, "c", 5, top=200),
        *column(RIGHT, "d", 5, top=200),
    ]
    rule = Box(LEFT, 170, 540, 171)
    assert [texts(region)[0] for region in regions(boxes, [rule])] == ["a0", "b0", "c0", "d0"]
    assert [texts(region)[0] for region in regions(boxes)] == ["a0", "b0"]


def test_three_columns() -> None:
    boxes = [line for n, x in enumerate((40.0, 250.0, 460.0)) for line in column(x, "abc"[n], 8, top=100 + n)]
    assert [texts(region)[0] for region in regions(boxes)] == ["a0", "b0", "c0"]


def test_a_short_last_column_is_one() -> None:
    boxes = column(LEFT, "left", 20) + column(RIGHT, "right", 2)
    assert [len(region) for region in regions(boxes)] == [20, 2]


def test_a_table_without_rules_is_read_row_by_row() -> None:
    boxes = [set_line(x, 100 + 12 * n, text) for n in range(6) for x, text in ((LEFT, "Rash"), (RIGHT, f"{n} mg"))]
    boxes += [
        set_line(LEFT, 60 + 12 * n, "Text above it that is as wide as the page, which has one column only, so")
        for n in (0, 1)
    ]
    assert gutter_of(boxes) is None
    (region,) = regions(boxes)
    assert [line.text for line in region if isinstance(line, Line)][2] == "Rash 0 mg"
