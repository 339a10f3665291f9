from __future__ import annotations

import re
import unicodedata
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from document_support import assert_sound
from pdf_support import BOLD, Sheet, document_of, file_of, outline_of, pdf, sentences_of, stream
from pdf_typesetter import Story, stories, typeset
from temsiqa.documents.assemble import assemble
from temsiqa.documents.pdf.reader import read_pdf
from temsiqa.errors import DocumentError
from temsiqa.model import BlockKind, Document

SENTENCE = "It is given once a week."
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
DRAWN = b"BT /F1 10 Tf 72 700 Td (It is given once a week.) Tj ET"


def letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKD", text).casefold())


def assert_on_its_pages(document: Document, data: bytes) -> None:
    """Each word of a quote stands on the pages that are named, as another library reads them; a parted one on both."""
    pages = [letters(page.extract_text()) for page in PdfReader(BytesIO(data)).pages]
    for block in document.blocks:
        for sentence in block.sentences:
            numbers = document.pages_of(sentence.span) or (1,)
            there = [pages[number - 1] for number in numbers]
            for word in filter(None, map(letters, document.quote(sentence.span).split())):
                halves = ((word[:n], word[n:]) for n in range(1, len(word)))
                parted = len(there) > 1 and any(a in there[0] and b in there[-1] for a, b in halves)
                assert any(word in page for page in there) or parted, (word, numbers)


@settings(max_examples=20, deadline=None)
@given(stories())
def test_what_was_set_is_read(story: Story) -> None:
    data = typeset(story)
    document = document_of(data)
    assert_sound(document)
    headings = [document.quote(block.span) for block in document.blocks if block.kind is BlockKind.HEADING]
    assert headings == story.headings
    assert sentences_of(document) == story.sentences
    assert story.head not in document.text
    assert_on_its_pages(document, data)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    whole = DAMAGED
    kind = data.draw(st.sampled_from(["cut", "changed", "swapped"]))
    at = data.draw(st.integers(0, len(whole) - 1))
    if kind == "cut":
        whole = whole[:at]
    elif kind == "changed":
        whole = whole[:at] + bytes([data.draw(st.integers(0, 255))]) + whole[at + 1 :]
    else:
        word = data.draw(
            st.sampled_from([b"obj", b"/Length", b"/Kids", b"<<", b"0 R", b"Tf", b"xref", b"/MediaBox", b"stream"])
        )
        whole = whole.replace(word, data.draw(st.sampled_from([b"", b"[", b"<<", b"9 0 R", b"-1e99", b"/X"])))
    refusal = ""
    try:
        for outline in read_pdf(whole, "a.pdf"):
            assert not isinstance(outline, DocumentError)
            assert_sound(assemble(outline, "a.pdf"))
    except DocumentError as error:
        refusal = str(error)
    assert re.fullmatch(r"(a\.pdf: [^\n]+)?", refusal)


def damaged() -> bytes:
    sheet = Sheet().text(72, 90, "A title", 20, BOLD).text(72, 120, SENTENCE)
    sheet.table(72, 140, [80, 80], [["Day", "Dose"], ["1", "25 mg"]])
    return pdf([sheet, Sheet().text(72, 90, SENTENCE)], {"Title": "A title"})


DAMAGED = damaged()


def pages_with(**objects: bytes) -> bytes:
    """A file of one page; ``pages``, ``page``, ``content`` and ``form`` replace what these are."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> "
    return file_of(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: objects.get("pages", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"),
            3: objects.get("page", page + b"/XObject << /X 6 0 R >> >> >>"),
            4: objects.get("content", stream(DRAWN)),
            5: objects.get("font", FONT),
            6: objects.get("form", b"<< >>"),
            7: b"<< >>",
        }
    )


@pytest.mark.parametrize(
    "data",
    [
        pages_with(pages=b"<< /Type /Pages /Kids [2 0 R 3 0 R 2 0 R] /Count 3 >>"),
        pages_with(pages=b"<< /Type /Pages /Kids [3 0 R] /Count 999999999 >>"),
        pages_with(
            content=stream(DRAWN + b" /X Do"),
            form=b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >> "
            b"/Length 5 >>\nstream\n/X Do\nendstream",
        ),
        pages_with(content=stream(b"[" * 3000 + b"]" * 3000 + DRAWN)),
        pages_with(content=stream(b"q " * 3000 + DRAWN)),
    ],
    ids=["kids", "count", "form", "arrays", "states"],
)
def test_what_loops_or_nests_is_read(data: bytes) -> None:
    assert document_of(data).text == SENTENCE


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7\n",
        b"<html>",
        pages_with(content=b"<< /Length 4 0 R >>\nstream\n" + DRAWN + b"\nendstream"),
        pages_with(page=b"<< /Type /Page /Parent 3 0 R /Contents 4 0 R >>"),
    ],
    ids=["empty", "magic", "html", "length", "parent"],
)
def test_what_is_no_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(DocumentError, match=r"^a\.pdf: [^\n]+; [^\n]+$"):
        list(read_pdf(data, "a.pdf"))


def test_a_scan_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"holds images only, no text; run text recognition \(OCR\) on it first$"):
        outline_of(pdf([Sheet().picture(0, 0, 612, 792)]))
    with pytest.raises(DocumentError, match="holds no text"):
        outline_of(pdf([Sheet()]))


def test_pages_without_text_are_told() -> None:
    sheets = [Sheet().text(72, 100, SENTENCE), Sheet().picture(0, 0, 612, 792), Sheet()]
    assert outline_of(pdf(sheets)).stated.notes == ("pages 2, 3 hold no text",)
    assert outline_of(pdf(sheets[:2])).stated.notes == ("page 2 holds no text",)


def test_fonts_that_do_not_tell_their_letters_are_refused() -> None:
    font = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [ << /Type /Font "
        b"/Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (A) /Ordering (B) /Supplement 0 >> "
        b"/FontDescriptor << /Type /FontDescriptor /FontName /X /Flags 4 >> >> ] >>"
    )
    content = stream(b"BT /F1 10 Tf 72 700 Td <00010002000300040005> Tj ET")
    with pytest.raises(DocumentError, match="do not tell which letters"):
        outline_of(pages_with(font=font, content=content))


def test_words_in_figures_are_dropped_and_sentences_over_a_scan_are_not() -> None:
    figure = Sheet().text(72, 100, SENTENCE).picture(72, 200, 200, 100).text(100, 250, "Kidney")
    assert document_of(pdf([figure])).text == SENTENCE
    scan = Sheet().picture(0, 0, 612, 792).text(72, 100, "Dose").text(72, 130, SENTENCE)
    assert document_of(pdf([scan])).text == f"Dose\n\n{SENTENCE}"


def test_a_packed_page_is_read() -> None:
    packed = zlib.compress(DRAWN)
    content = b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed) + packed + b"\nendstream"
    assert document_of(pages_with(content=content)).text == SENTENCE


def test_the_title_is_the_largest_heading() -> None:
    sheet = (
        Sheet()
        .text(72, 60, "Research article")
        .text(72, 90, "On the otters of", 20, BOLD)
        .text(72, 114, "rivers", 20, BOLD)
    )
    document = document_of(pdf([sheet.lines(72, 150, [SENTENCE, SENTENCE, SENTENCE])]))
    assert document.provenance.title == "On the otters of rivers"
    assert document.provenance.authors == ()
    assert document.provenance.date is None


def test_the_front_page_of_a_label() -> None:
    """Highlights in two columns, a rule, contents in two columns, then the text."""
    front = Sheet().text(36, 40, "HIGHLIGHTS OF PRESCRIBING INFORMATION", 8, BOLD)
    front.text(36, 56, "OTTEREX (otterine) injection", 8, BOLD).text(36, 66, "Initial U.S. Approval: 2007", 8, BOLD)
    wide = "Otterine is a medicine for otters that swim in rivers, lakes and seas,"
    for x, head in ((36, "---------- DOSAGE ----------"), (320, "---------- WARNINGS ----------")):
        front.text(x, 90, head, 8, BOLD).lines(x, 102, [wide, wide, wide, f"and ends {x}. (2.1)"], 8)
    front.rule(36, 160, 576, 160).text(36, 180, "FULL PRESCRIBING INFORMATION: CONTENTS*", 8, BOLD)
    front.text(36, 195, "1 DOSAGE AND ADMINISTRATION", 8, BOLD).text(
        50, 207, "1.1 How to give it to otters of every age and size", 8
    )
    front.text(50, 217, "1.2 How to keep it", 8).text(320, 195, "2 WARNINGS AND PRECAUTIONS OF ALL KINDS", 8, BOLD)
    front.text(334, 207, "2.1 Warnings that otters have to be told of first", 8).text(334, 217, "2.2 Others", 8)
    text = Sheet().text(36, 80, "1 DOSAGE AND ADMINISTRATION", 12, BOLD)
    text.text(36, 100, "1.1 How to give it to otters of every age and size", 12, BOLD).text(36, 120, SENTENCE, 12)
    text.text(36, 150, "1.2 How to keep it", 12, BOLD).text(36, 170, SENTENCE, 12)
    text.text(36, 200, "2 WARNINGS AND PRECAUTIONS OF ALL KINDS", 12, BOLD)
    text.text(36, 220, "2.1 Warnings that otters have to be told of first", 12, BOLD).text(36, 240, SENTENCE, 12)
    text.text(36, 260, "2.2 Others", 12, BOLD).lines(36, 280, [SENTENCE, SENTENCE], 12)
    document = document_of(pdf([front, text]))
    headings = [document.quote(block.span) for block in document.blocks if block.kind is BlockKind.HEADING]
    assert [heading for heading in headings if heading.isupper()] == [
        "HIGHLIGHTS OF PRESCRIBING INFORMATION",
        "DOSAGE",
        "WARNINGS",
        "1 DOSAGE AND ADMINISTRATION",
        "2 WARNINGS AND PRECAUTIONS OF ALL KINDS",
    ]
    assert f"{wide} {wide} {wide} and ends 36. (2.1)" in document.text
    assert document.text.count("How to keep it") == 1
    assert document.provenance.title == "OTTEREX (otterine) injection"


def test_a_last_page_is_set_as_the_others_are() -> None:
    narrow = "a line of the column runs right up to"
    sheets = [Sheet() for _ in range(3)]
    for sheet, count in zip(sheets, (20, 20, 1), strict=True):
        for x in (72, 320):
            sheet.lines(x, 100, ["Then", *[narrow] * count, f"{x}."])
    assert sentences_of(document_of(pdf(sheets)))[-2:] == [f"Then {narrow} {x}." for x in (72, 320)]


def test_a_page_that_mixes_full_width_and_columns() -> None:
    """Title and abstract over both columns, then columns, a wide table with its caption, and columns again."""
    wide = "The abstract runs over the full width of the page, from its left margin to its right one, as here."
    narrow = "a line of the column runs right up to"
    sheet = Sheet().text(120, 80, "Otters, rivers and the rest of the world", 18, BOLD)
    sheet.text(72, 110, "Abstract", 12, BOLD).lines(72, 126, [wide, wide, wide])
    for x, side in ((72, "Left"), (320, "Right")):
        sheet.lines(x, 180, [f"{side} above, {narrow}", *[narrow] * 8, "there."])
        sheet.lines(x, 480, [f"{side} below, {narrow}", *[narrow] * 8, "there."])
    sheet.text(72, 330, "Table 1: A wide one")
    sheet.table(72, 340, [160, 160, 148], [["Animal", "River", "Lake"], ["Otter", "47", "3"], ["Vole", "11", "2"]])
    document = document_of(pdf([sheet]))
    body = " ".join([narrow] * 9)
    assert sentences_of(document) == [
        *[wide] * 3,
        f"Left above, {body} there.",
        f"Right above, {body} there.",
        "Table 1: A wide one",
        "Otter | 47 | 3",
        "Vole | 11 | 2",
        f"Left below, {body} there.",
        f"Right below, {body} there.",
    ]
    assert document.provenance.title == "Otters, rivers and the rest of the world"
