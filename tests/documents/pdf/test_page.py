from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfWriter

from pdf_support import BOLD, ITALIC, PAGE, SYMBOL, Sheet, document_of, pdf
from temsiqa.documents.pdf.page import Box, read_pages
from temsiqa.errors import DocumentError


def test_words_have_places_sizes_and_fonts() -> None:
    sheet = Sheet().text(72, 100, "bold one", 12, BOLD).text(72, 120, "slanted", 9, ITALIC)
    (page,) = read_pages(pdf([sheet]), "a.pdf").pages
    bold, one, slanted = page.words
    assert (bold.text, bold.bold, bold.italic, bold.size) == ("bold", True, False, 12)
    assert (slanted.bold, slanted.italic, slanted.size) == (False, True, 9)
    assert bold.x0 == 72
    assert bold.top < 100 < bold.bottom
    assert one.parted
    assert (page.number, page.width, page.height) == (1, *PAGE)


def test_greek_of_a_symbol_font_is_not_latin() -> None:
    (page,) = read_pages(pdf([Sheet().text(72, 100, "m", font=SYMBOL).text(79, 100, "g")]), "a.pdf").pages
    assert [word.text for word in page.words] == ["μ", "g"]


def test_accents_set_by_themselves_join_their_letter() -> None:
    sheet = Sheet()
    sheet.operators.append("BT /F0 10 Tf 72 700 Td [(Erd\u00a8) 333 (os)] TJ ET".encode("cp1252"))
    (page,) = read_pages(pdf([sheet]), "a.pdf").pages
    assert "".join(word.text for word in page.words) == "Erdös"


def test_what_is_drawn_twice_is_read_once() -> None:
    sheet = Sheet().text(72, 100, "Bold illness").text(72.4, 100.3, "Bold illness").text(72, 120, "Bold illness")
    for letter, x in (("d", 72.0), ("d", 72.3), ("o", 77.6), ("o", 77.9)):
        sheet.text(x, 140, letter)
    (page,) = read_pages(pdf([sheet]), "a.pdf").pages
    assert [word.text for word in page.words] == ["Bold", "illness", "Bold", "illness", "do"]


def test_what_is_off_the_page_or_too_small_to_be_seen_is_not_read() -> None:
    sheet = Sheet().text(72, 100, "seen").text(700, 100, "outside").text(72, 120, "tiny", 0.5).text(72, 60, "cropped")
    sheet.attributes = "/CropBox [0 0 612 700]"
    (page,) = read_pages(pdf([sheet]), "a.pdf").pages
    assert [word.text for word in page.words] == ["seen"]


@pytest.mark.parametrize("turn", ["0 1 -1 0 100 100", "0 -1 1 0 100 700", "-1 0 0 -1 500 700"])
def test_a_turned_page_is_turned_back(turn: str) -> None:
    sheet = Sheet()
    for number, line in enumerate(("Then a page was turned", "so that one had to turn it too.")):
        sheet.operators.append(f"q {turn} cm BT /F0 10 Tf 0 {-12 * number} Td ({line}) Tj ET Q".encode())
    assert document_of(pdf([sheet])).text == "Then a page was turned so that one had to turn it too."
    sheet.attributes = "/Rotate 90"
    assert document_of(pdf([sheet])).text == "Then a page was turned so that one had to turn it too."


def test_what_stands_across_the_text_of_a_page_is_dropped() -> None:
    sheet = Sheet().text(72, 100, "Then there is some text.")
    sheet.operators.append(b"q 0 1 -1 0 30 300 cm BT /F0 10 Tf (arXiv stamp) Tj ET Q")
    assert document_of(pdf([sheet])).text == "Then there is some text."


def test_rules_of_a_table_are_put_together() -> None:
    sheet = Sheet().rule(72, 100, 100, 100).rule(100, 100, 150, 100).rule(72, 200, 75, 200).rule(72, 90, 72, 300)
    (page,) = read_pages(pdf([sheet.text(72, 400, "x")]), "a.pdf").pages
    assert [(round(rule.x0), round(rule.x1), round(rule.top)) for rule in page.rules] == [(72, 150, 100)]


def test_no_table_is_looked_for_in_a_drawing() -> None:
    sheet = Sheet().text(72, 400, "x")
    for n in range(100):
        sheet.rule(6 * n, 0, 6 * n, 790).rule(0, 7 * n, 600, 7 * n)
    (page,) = read_pages(pdf([sheet]), "a.pdf").pages
    assert page.grids == ()


def test_information_is_cleaned() -> None:
    found = read_pages(pdf([Sheet()], {"Title": "  A  title\x07 "}), "a.pdf")
    assert found.info["Title"] == "A title"


def encrypted(user: str) -> bytes:
    writer = PdfWriter(BytesIO(pdf([Sheet().text(72, 100, "It is a secret.")])))
    writer.encrypt(user, f"{user}!", algorithm="RC4-128")
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def test_an_encrypted_file_that_opens_without_a_password_is_read() -> None:
    assert document_of(encrypted("")).text == "It is a secret."


def test_another_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"^a\.pdf: is encrypted; remove the password$"):
        read_pages(encrypted("secret"), "a.pdf")


def test_boxes_know_what_they_hold_and_share() -> None:
    box = Box(0, 0, 10, 10)
    assert box.holds(Box(8, 8, 11, 11))
    assert not box.holds(Box(9, 9, 14, 14))
    assert box.shared_height(Box(50, 5, 60, 25)) == 0.5
    assert box.shared_height(Box(0, 20, 1, 30)) < 0
    assert (box.width, box.height, box.centre) == (10, 10, (5, 5))
