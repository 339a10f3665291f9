from __future__ import annotations

from pdf_support import BOLD, Sheet, document_of, outline_of, pdf, sentences_of, width
from temsiqa.documents.canonical import PAGE_BREAK
from temsiqa.documents.outline import Heading, Item, ItemList, PageTurn, Paragraph, ReferenceList, Table
from temsiqa.model import BlockKind

LINE = "Then a line that goes on until it reaches the right margin of its column, where it"
NARROW = "Then a line of the one or the other column of it"


def filled(count: int = 40, x: float = 72, line: str = LINE) -> list[str]:
    return [f"{line} ends." if n % 4 == 3 else line for n in range(count)]


def test_a_sentence_goes_on_over_a_page() -> None:
    first = Sheet().lines(72, 600, [LINE, "turns over and goes on with hyper-"])
    second = Sheet().lines(72, 80, ["sensitivity to it. Another sentence", "ends there."])
    outline = outline_of(pdf([first, second]))
    text = f"{LINE} turns over and goes on with hypersensitivity{PAGE_BREAK}to it. Another sentence ends there."
    assert list(outline.pieces) == [Paragraph(text)]
    document = document_of(pdf([first, second]))
    spans = [sentence.span for sentence in document.blocks[0].sentences]
    assert [document.pages_of(span) for span in spans] == [(1, 2), (2,)]


def test_a_page_turns_once_whatever_stands_on_it() -> None:
    sheets = [Sheet().text(72, 100, "One."), Sheet(), Sheet().text(72, 100, "Three."), Sheet().text(72, 100, "Four.")]
    outline = outline_of(pdf(sheets))
    assert [type(piece) for piece in outline.pieces] == [Paragraph, PageTurn, PageTurn, Paragraph, PageTurn, Paragraph]
    document = document_of(pdf(sheets))
    assert [document.pages_of(block.span) for block in document.blocks] == [(1,), (3,), (4,)]


def test_a_footnote_stands_on_its_page_and_in_no_sentence() -> None:
    first = Sheet().lines(72, 600, ["It ended here. Then a sentence that has a note", "on it goes on to the"])
    first.text(72, 740, "1", 5).text(75, 744, "This is the note.", 8)
    second = Sheet().lines(72, 80, ["next page and ends there, as", "sentences do."])
    document = document_of(pdf([first, second]))
    assert sentences_of(document) == [
        "¹This is the note.",
        "It ended here.",
        "Then a sentence that has a note on it goes on to the next page and ends there, as sentences do.",
    ]
    assert [document.pages_of(block.span) for block in document.blocks] == [(1,), (1, 2)]


def test_a_text_of_many_pages_is_cut_before_the_sentence_that_runs_on() -> None:
    sheets = [Sheet().lines(72, 600, [LINE, "turns"]), Sheet().lines(72, 80, ["over. Then it goes", "on and"])]
    sheets[1].text(72, 740, "* A note.", 7)
    sheets.append(Sheet().lines(72, 80, ["ends", "there."]))
    document = document_of(pdf(sheets))
    assert sentences_of(document) == [f"{LINE} turns over.", "* A note.", "Then it goes on and ends there."]
    assert [document.pages_of(block.span) for block in document.blocks] == [(1, 2), (2,), (2, 3)]


def test_a_table_in_the_middle_of_a_sentence_follows_it() -> None:
    sheet = Sheet().lines(72, 100, filled(46, line=NARROW))
    sheet.text(320, 100, "Table 1: Doses")
    end = sheet.table(320, 110, [60, 60], [["Day", "Dose"], ["1", "200 mg"], ["2", "100 mg"]])
    sheet.lines(320, end + 30, ["went on in the other column and", "ended at last.", *filled(20, line=NARROW)])
    pieces = outline_of(pdf([sheet])).pieces
    cut, caption, table = pieces[:3]
    assert isinstance(cut, Paragraph)
    assert f"{NARROW} {NARROW} went on in the other column and ended at last." in cut.text
    assert caption == Paragraph("Table 1: Doses", BlockKind.CAPTION)
    assert isinstance(table, Table)


def test_a_table_at_the_top_of_a_page_does_not_cut_the_sentence_that_goes_on_below_it() -> None:
    first = Sheet().lines(72, 600, [LINE, "turns over to"])
    second = Sheet().text(72, 80, "Table 1: Doses")
    end = second.table(72, 90, [60, 60], [["Day", "Dose"], ["1", "200 mg"], ["2", "100 mg"]])
    second.lines(72, end + 30, ["go on below the table", "and end there."])
    document = document_of(pdf([first, second]))
    assert sentences_of(document) == [
        f"{LINE} turns over to go on below the table and end there.",
        "Table 1: Doses",
        "1 | 200 mg",
        "2 | 100 mg",
    ]
    assert [document.pages_of(block.span) for block in document.blocks] == [(1, 2), (2,), (2,)]


def test_nested_items_and_paragraphs_in_them() -> None:
    sheet = Sheet().text(72, 100, "For each vial:")
    for y, x, text in (
        (114, 72, "\u2022 One that goes on for more than one line and so ends in the"),
        (126, 84, "next."),
    ):
        sheet.text(x, y, text)
    sheet.text(90, 138, "o Inner").text(90, 150, "o Other").text(72, 162, "\u2022 Two")
    (lead, listed) = outline_of(pdf([sheet])).pieces
    assert lead == Paragraph("For each vial:")
    assert listed == ItemList(
        (
            Item("One that goes on for more than one line and so ends in the next."),
            Item("Inner", 0),
            Item("Other", 0),
            Item("Two"),
        )
    )


def test_a_paragraph_inside_an_item_belongs_to_it() -> None:
    sheet = Sheet().lines(72, 100, [LINE, "ends."])
    for y, text in ((130, "An item."), (174, "Another item.")):
        sheet.text(72, y, "\u2022").text(84, y, text)
    sheet.lines(84, 150, [LINE[:60], "and its second paragraph."])
    sheet.text(84, 194, "A paragraph that only begins below the item, and is as long as any").text(72, 206, "other.")
    pieces = outline_of(pdf([sheet])).pieces
    assert pieces[1] == ItemList((Item(f"An item. {LINE[:60]} and its second paragraph."), Item("Another item.")))
    assert pieces[2] == Paragraph("A paragraph that only begins below the item, and is as long as any other.")


def test_an_address_stands_by_itself() -> None:
    sheet = Sheet().lines(72, 100, ["Anna Otter and Ben Vole of the House of Otters", "otter@example.org"])
    assert outline_of(pdf([sheet.text(72, 124, "Institute of Otters")])).pieces
    column = Sheet().lines(72, 100, filled(30, line=NARROW)).text(72, 472, "Anna Otter and Ben Vole of the House")
    column.text(320, 100, "otter@example.org").lines(320, 130, filled(20, line=NARROW))
    assert Paragraph("otter@example.org") in outline_of(pdf([column])).pieces


def test_numbers_of_items_are_kept_where_they_are_needed() -> None:
    sheet = Sheet().text(72, 100, "These:").text(72, 114, "1. one").text(72, 126, "2. two.").text(72, 138, "It ends.")
    sheet.text(72, 170, "a. Seizure").text(72, 182, "b. Rash").text(72, 220, "5. alone")
    pieces = outline_of(pdf([sheet])).pieces
    assert ItemList((Item("one"), Item("two."))) in pieces
    assert ItemList((Item("a. Seizure"), Item("b. Rash"))) in pieces
    assert Paragraph("5. alone") in pieces


def test_an_item_goes_on_over_a_page() -> None:
    first = Sheet().lines(72, 600, ["\u2022 One item.", "\u2022 Another item that"])
    second = Sheet().text(84, 80, "goes on here.").text(72, 92, "\u2022 A third one.")
    outline = outline_of(pdf([first, second]))
    items = (Item("One item."), Item(f"Another item that{PAGE_BREAK}goes on here."), Item("A third one."))
    assert list(outline.pieces) == [ItemList(items)]


def test_a_list_does_not_hide_where_a_page_turns() -> None:
    first, second = Sheet().text(72, 700, "\u2022 One."), Sheet().text(72, 80, "\u2022 Two.")
    pieces = outline_of(pdf([first, second])).pieces
    assert list(pieces) == [ItemList((Item("One."),)), PageTurn(), ItemList((Item("Two."),))]


def paper(*entries: str, text: str = "Otters swim.") -> Sheet:
    sheet = Sheet().text(72, 100, text).text(72, 130, "References", 12, BOLD)
    return sheet.lines(72, 150, entries)


def test_a_numbered_reference_list_and_its_raised_citations() -> None:
    sheet = paper("1. Otter A. On rivers. J Riv 2007. doi:10.1000/riv.7", "2. Vole B. On lakes.", "PMID: 17538086")
    x = 72.0
    for text, is_raised in (
        ("They swim", False),
        ("1,2", True),
        (" in rivers and 10", False),
        ("6", True),
        (" cells.", False),
    ):
        size = 6 if is_raised else 10
        sheet.text(x, 76 if is_raised else 80, text, size)
        x += width(text, size)
    document = document_of(pdf([sheet]))
    assert "They swim[1,2] in rivers and 10⁶ cells." in document.text
    assert [(r.marker, r.text, r.doi, r.pmid) for r in document.references] == [
        ("1", "Otter A. On rivers. J Riv 2007. doi:10.1000/riv.7", "10.1000/riv.7", None),
        ("2", "Vole B. On lakes. PMID: 17538086", None, "17538086"),
    ]
    assert document.blocks[0].sentences[0].markers == ("1", "2")
    assert [block.kind for block in document.blocks][-1] is BlockKind.REFERENCES


def test_author_and_year_link_text_and_list() -> None:
    sheet = paper("Anna Otter and Ben Vole. 2017. On rivers.", text="As was said before (Otter and Vole, 2017).")
    document = document_of(pdf([sheet]))
    assert [reference.marker for reference in document.references] == ["Otter and Vole, 2017"]
    assert document.blocks[0].sentences[0].markers == ("Otter and Vole, 2017",)


def test_what_follows_the_references_is_text_again() -> None:
    sheet = paper("1. Otter A. On rivers.").text(72, 200, "Appendix", 12, BOLD).text(72, 220, "2. Otters are many.")
    pieces = outline_of(pdf([sheet])).pieces
    assert [type(piece) for piece in pieces] == [Paragraph, Heading, ReferenceList, Heading, Paragraph]


def test_an_entry_goes_on_over_a_page() -> None:
    first = Sheet().text(72, 680, "References", 12, BOLD).lines(72, 700, ["1. Otter A. On", "2. Vole B. On"])
    second = Sheet().lines(72, 80, ["lakes. J Lak 2008.", "3. Hare C. On seas."])
    document = document_of(pdf([first, second]))
    sentences = [sentence.span for block in document.blocks for sentence in block.sentences]
    assert [(document.quote(span), document.pages_of(span)) for span in sentences] == [
        ("Otter A. On", (1,)),
        ("Vole B. On lakes. J Lak 2008.", (1, 2)),
        ("Hare C. On seas.", (2,)),
    ]


def test_text_does_not_go_on_after_a_heading() -> None:
    sheet = (
        Sheet().text(72, 100, "A text without an end").text(72, 140, "Heading", 14, BOLD).text(72, 160, "it begins.")
    )
    assert [type(piece) for piece in outline_of(pdf([sheet])).pieces] == [Paragraph, Heading, Paragraph]
