from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from temsiqa.documents.cells import Cell, as_table
from temsiqa.documents.outline import Table


def cells(*texts: str) -> list[Cell]:
    return [Cell(text) for text in texts]


def heads(*texts: str) -> list[Cell]:
    return [Cell(text, heading=True) for text in texts]


def test_leading_headings_are_the_header() -> None:
    table = as_table([heads("Event", "Grade"), cells("rash", "2"), [Cell("fever", heading=True), Cell("1")]])
    assert table == Table(("Event", "Grade"), (("rash", "2"), ("fever", "1")))


def test_a_header_of_several_rows_is_joined_cell_by_cell() -> None:
    above = [Cell("Event", rows=2, heading=True), Cell("Dose", columns=2, heading=True)]
    table = as_table([above, heads("10 mg", "25 mg"), cells("rash", "1", "2")])
    assert table == Table(("Event", "Dose 10 mg", "Dose 25 mg"), (("rash", "1", "2"),))


def test_an_empty_corner_is_part_of_the_header() -> None:
    assert as_table([[Cell(""), *heads("A", "B")], cells("x", "1", "2")]).header == ("", "A", "B")


def test_a_heading_over_the_full_width_belongs_to_the_rows() -> None:
    table = as_table([heads("Event", "Grade"), [Cell("Blood", columns=2, heading=True)], cells("anaemia", "3")])
    assert table == Table(("Event", "Grade"), (("Blood", "Blood"), ("anaemia", "3")))


def test_spanning_cells_are_repeated() -> None:
    table = as_table([[Cell("rash", rows=2), Cell("a")], cells("b"), [Cell("none", columns=2)], cells("c", "d")])
    assert table == Table((), (("rash", "a"), ("rash", "b"), ("none", "none"), ("c", "d")))


def test_a_cell_below_a_span_takes_the_next_free_column() -> None:
    table = as_table([[Cell("a"), Cell("b", rows=2), Cell("c")], cells("d", "e")])
    assert table.rows == (("a", "b", "c"), ("d", "b", "e"))


def test_short_rows_are_filled() -> None:
    assert as_table([cells("a"), cells("b", "c"), []]).rows == (("a", ""), ("b", "c"), ("", ""))


@pytest.mark.parametrize(
    ("rows", "table"),
    [
        ([], Table((), ())),
        ([[]], Table((), ((),))),
        ([heads("a", "b")], Table((), (("a", "b"),))),
        ([heads("a"), heads("b")], Table(("a",), (("b",),))),
        ([[Cell("", heading=True)], cells("b")], Table((), (("",), ("b",)))),
    ],
)
def test_tables_without_rows_or_without_headings(rows: list[list[Cell]], table: Table) -> None:
    assert as_table(rows) == table


def test_a_span_ends_with_the_table() -> None:
    table = as_table([[Cell("all", rows=1_000_000, columns=1_000_000), Cell("x")], cells("y"), cells("z", "w")])
    assert table.rows == (("all", "x", ""), ("all", "y", ""), ("all", "z", "w"))
    assert as_table([[Cell("a", rows=0, columns=-3), Cell("b")]]).rows == (("a", "b"),)


@pytest.mark.parametrize(
    "rows",
    [
        [[Cell("a", columns=1000, rows=1000)] for _ in range(1000)],
        [cells(*["a"] * 200_001)],
        [cells("a")] * 100_000 + [cells(*["a"] * 50_000)],
        [[Cell("a", rows=100_000)] * 2] * 100_000,
    ],
)
def test_a_gigantic_table_is_refused_at_once(rows: list[list[Cell]]) -> None:
    began = time.perf_counter()
    with pytest.raises(ValueError, match=r"at most 200,000 are read; cut it"):
        as_table(rows)
    assert time.perf_counter() - began < 2


SPANS = st.integers(-1, 4)
ROWS = st.lists(st.lists(st.builds(Cell, st.sampled_from("abc "), SPANS, SPANS, st.booleans()), max_size=4), max_size=5)


@given(ROWS)
def test_all_rows_are_as_wide_and_no_cell_is_lost(rows: list[list[Cell]]) -> None:
    table = as_table(rows)
    widths = {len(row) for row in table.rows} | ({len(table.header)} if table.header else set())
    assert len(widths) <= 1
    said = "".join([*table.header, *("".join(row) for row in table.rows)])
    assert {cell.text for row in rows for cell in row} - {" "} <= set(said)
