from __future__ import annotations

from pdf_support import PAGE, set_line
from temsiqa.documents.pdf.furniture import without_furniture
from temsiqa.documents.pdf.lines import Line


def page(*lines: Line) -> tuple[float, list[Line]]:
    body = [set_line(72, 400, "Text of this page"), set_line(72, 412, "and more of it, which is not at its edge")]
    return PAGE[1], [*lines, *body]


def kept(*pages: tuple[float, list[Line]]) -> list[list[str]]:
    body = ("Text of this page", "and more of it, which is not at its edge")
    return [[line.text for line in found if line.text not in body] for found in without_furniture(pages)]


def test_what_runs_through_the_pages_is_dropped() -> None:
    pages = [page(set_line(72, 40, f"Otter News {n}"), set_line(300, 770, f"Page {n} of 3")) for n in (1, 2, 3)]
    assert kept(*pages) == [[], [], []]


def test_left_and_right_pages_may_differ() -> None:
    pages = [page(set_line(72, 40, "Otter News" if n % 2 else f"Vole et al. {n}")) for n in range(1, 5)]
    assert kept(*pages) == [[], [], [], []]


def test_what_stands_beyond_it_on_one_page_goes_with_it() -> None:
    notice = set_line(72, 780, "(c) 2017 Otters")
    pages = [page(set_line(300, 765, str(n)), *([notice] if n == 84 else [])) for n in (84, 85, 86)]
    assert kept(*pages) == [[], [], []]


def test_text_stays() -> None:
    first, second = page(set_line(72, 60, "A first line")), page(set_line(72, 60, "Another first line"))
    assert kept(first, second) == [["A first line"], ["Another first line"]]
    elsewhere = page(set_line(72, 75, "A first line"))
    assert kept(first, elsewhere) == [["A first line"], ["A first line"]]


def test_the_titles_of_slides_stay() -> None:
    pages = [page(set_line(72, 60, f"Day {n}", 24)) for n in (1, 2, 3)]
    assert kept(*pages) == [["Day 1"], ["Day 2"], ["Day 3"]]


def test_a_bullet_is_no_running_head() -> None:
    pages = [page(set_line(72, 60, "\u2022")) for _ in range(3)]
    assert kept(*pages) == [["\u2022"]] * 3


def test_a_single_page_loses_its_number_only() -> None:
    assert kept(page(set_line(72, 40, "Otter News"), set_line(300, 770, "- 3 -"))) == [["Otter News"]]
