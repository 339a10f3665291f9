from __future__ import annotations

from pdf_support import BOLD, ITALIC, set_line
from temsiqa.documents.pdf.lines import Line, joined_rows, lines, main_size
from temsiqa.documents.pdf.page import Word


def test_words_are_put_together_with_their_blanks() -> None:
    (line,) = lines(set_line(0, 10, "Then it was 25 mg.").words)
    assert line.text == "Then it was 25 mg."
    apart = Word(52.4, 0, 60, 10, "b", 10, parted=True)
    assert Line.of([Word(0, 0, 51, 10, "a", 10), apart]).text == "a b"
    assert Line.of([Word(0, 0, 51, 10, "a", 10), Word(51.9, 0, 60, 10, "b", 10)]).text == "ab"


def test_an_index_stands_in_the_line_of_its_word() -> None:
    words = [Word(0, 0, 20, 10, "m", 10), Word(20, -2, 23, 4, "2", 6), Word(26, 0, 40, 10, "of", 10)]
    (line,) = lines(words)
    assert line.text == "m2 of"
    assert [word.text for word in line.words if line.is_raised(word)] == ["2"]
    assert (line.size, line.base) == (10, 10)


def test_a_large_initial_does_not_join_two_lines() -> None:
    initial = Word(0, 0, 20, 24, "T", 24)
    found = lines([initial, *set_line(21, 11, "hen it was so").words, *set_line(21, 23, "that it was").words])
    assert all("so" not in line.text or "that" not in line.text for line in found)


def test_items_side_by_side_stay_apart() -> None:
    rows = joined_rows([set_line(72, 100, "o fever"), set_line(320, 100, "o rash"), set_line(72, 112, "o cough")])
    assert [row.text for row in rows if isinstance(row, Line)] == ["o fever", "o rash", "o cough"]


def test_the_main_size_is_that_of_most_of_the_text() -> None:
    found = [set_line(0, 10, "Title", 20, BOLD), *(set_line(0, 10 * n, "Some text of the usual size") for n in (3, 4))]
    assert main_size(found) == 10
    assert main_size([]) == 0


def test_a_line_is_bold_or_slanted_if_all_of_its_words_are() -> None:
    mixed = Line.of([*set_line(0, 10, "All", font=BOLD).words, *set_line(20, 10, "of it").words])
    bullet = Line.of([*set_line(0, 10, "\u2022").words, *set_line(20, 10, "of it", font=ITALIC).words])
    assert (mixed.is_bold, set_line(0, 10, "All of it", font=BOLD).is_bold) == (False, True)
    assert (bullet.is_italic, bullet.is_bold) == (True, False)
