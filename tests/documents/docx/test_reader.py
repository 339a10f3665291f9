from __future__ import annotations

import io
import time
import zipfile
from datetime import UTC, datetime

import docx
import pytest
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml as word_xml
from docx.oxml.ns import nsdecls
from docx.shared import RGBColor
from hypothesis import given, settings
from hypothesis import strategies as st

from document_support import CELLS, SENTENCES, assert_sound, words_of
from temsiqa.documents.assemble import assemble
from temsiqa.documents.docx.reader import read_docx
from temsiqa.documents.outline import Heading, Item, ItemList, Outline, Paragraph, Piece, ReferenceList, Table
from temsiqa.errors import DocumentError
from temsiqa.model import BlockKind, Reference

CAPTION = BlockKind.CAPTION


def saved(document: WordDocument) -> bytes:
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def outline(data: bytes) -> Outline:
    (found,) = read_docx(data, "a.docx")
    assert isinstance(found, Outline)
    return found


def pieces(document: WordDocument) -> list[Piece]:
    return list(outline(saved(document)).pieces)


NAMESPACES = " ".join(
    f'xmlns:{prefix}="http://schemas.openxmlformats.org/{name}"'
    for prefix, name in [
        ("w", "wordprocessingml/2006/main"),
        ("r", "officeDocument/2006/relationships"),
        ("m", "officeDocument/2006/math"),
        ("mc", "markup-compatibility/2006"),
    ]
)


def built(body: str, document: WordDocument | None = None) -> WordDocument:
    """A document with ``body``, in Word's own XML, at its end."""
    document = document or docx.Document()
    for element in word_xml(f"<w:body {NAMESPACES}>{body}</w:body>"):
        document.element.body.append(element)
    return document


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(inside: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"


def repacked(data: bytes, changed: dict[str, bytes | None]) -> bytes:
    """A package with other contents of the parts at some paths, or without them."""
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in source.namelist():
            content = changed.get(path, source.read(path))
            if content is not None:
                archive.writestr(path, content)
    return target.getvalue()


def part_of(data: bytes, path: str) -> bytes:
    return zipfile.ZipFile(io.BytesIO(data)).read(path)


def test_a_document_in_its_order() -> None:
    document = docx.Document()
    document.add_heading("Orvexamide", 0)
    document.add_heading("Doses", 1)
    document.add_paragraph("It is given [1] once\ta week.")
    document.add_heading("Adults", 2)
    for style, text in [
        ("List Bullet", "whole"),
        ("List Bullet 2", "with water"),
        ("List Continue", "and cold"),
        ("List Bullet", "never two"),
        ("List Number", "open"),
        ("List Number", "swallow"),
    ]:
        document.add_paragraph(text, style=style)
    document.add_paragraph("Then:")
    document.add_paragraph("wait", style="List Number")
    document.add_paragraph("Table 1. Doses", style="Caption")
    table = document.add_table(2, 2)
    for cell, text in zip((c for row in table.rows for c in row.cells), ["Age", "Dose", "adult", "25 mg"], strict=True):
        cell.text = text
    document.add_paragraph("After it.")
    document.add_heading("References", 1)
    document.add_paragraph("Brook A. Rings. 2019;1:2. doi:10.5555/a.", style="List Number 2")
    document.add_paragraph("Lund B. Chains. PMID: 12345", style="List Number 2")
    assert pieces(document) == [
        Heading(1, "Orvexamide"),
        Heading(2, "Doses"),
        Paragraph("It is given [1] once a week."),
        Heading(3, "Adults"),
        ItemList((Item("whole"), Item("with water and cold", 0), Item("never two"))),
        ItemList((Item("open"), Item("swallow"))),
        Paragraph("Then:"),
        ItemList((Item("wait"),), first=3),
        Paragraph("Table 1. Doses", CAPTION),
        Table(("Age", "Dose"), (("adult", "25 mg"),)),
        Paragraph("After it."),
        Heading(2, "References"),
        ReferenceList(
            (
                Reference("1", "Brook A. Rings. 2019;1:2. doi:10.5555/a.", doi="10.5555/a"),
                Reference("2", "Lund B. Chains. PMID: 12345", pmid="12345"),
            )
        ),
    ]
    found = assemble(outline(saved(document)), "a.docx")
    assert_sound(found)
    assert [s.markers for b in found.blocks for s in b.sentences if s.markers] == [("1",)]


RAISED = '<w:vertAlign w:val="superscript"/>'


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        (run("Take ") + run("t") + run("wo", "<w:b/>") + run("."), "Take two."),
        (run("It ") + f"<w:ins>{run('may ')}</w:ins><w:del><w:r><w:delText>must </w:delText></w:r></w:del>" + run("go"),
         "It may go"),
        (f"<w:moveFrom>{run('gone ')}</w:moveFrom><w:moveTo>{run('here')}</w:moveTo>", "here"),
        (run("seen") + run("hidden", "<w:vanish/>") + run("struck", "<w:strike/>") + run("!", '<w:vanish w:val="0"/>'),
         "seen!"),
        (f'<w:hyperlink r:id="gone">{run("linked")}</w:hyperlink>', "linked"),
        (f"<w:smartTag><w:sdt><w:sdtContent>{run('in')}</w:sdtContent></w:sdt>{run('side')}</w:smartTag>", "inside"),
        (f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('b')}</w:sdtContent></w:sdt>{run('a')}", "a"),
        ("<w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t><w:softHyphen/></w:r>",
         "a b c-d"),
        (run("10") + run("6", RAISED) + run("/m") + run("2", RAISED), "10⁶/m2"),
        ('<w:r><w:t>dose </w:t><w:sym w:font="Symbol" w:char="F0B3"/><w:t>5</w:t></w:r>', "dose ≥5"),
        (run("\uf06d", '<w:rFonts w:ascii="Symbol"/>') + run("g"), "μg"),
        ("<m:oMath><m:f><m:num><m:r><m:t>140−age</m:t></m:r></m:num><m:den><m:r><m:t>72</m:t></m:r></m:den></m:f></m:oMath>",
         "(140−age)/72"),
        (run("e\u0301 a\u00adb \u202ec"), "é ab c"),
    ],
)  # fmt: skip
def test_the_words_of_a_paragraph(inside: str, text: str) -> None:
    assert pieces(built(paragraph(inside))) == [Paragraph(text)]


def field(instruction: str, result: str) -> str:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return (
        f"{mark.format('begin')}<w:r><w:instrText>{instruction}</w:instrText></w:r>{mark.format('separate')}"
        f"{run(result)}{mark.format('end')}"
    )


@pytest.mark.parametrize(
    ("instruction", "result", "said"),
    [
        (" ADDIN ZOTERO_ITEM CSL_CITATION {}", "3,4", "[3,4]"),
        (" ADDIN EN.CITE ", "(7)", "[7]"),
        (" CITATION Bro19 \\l 1033 ", "[2]", "[2]"),
        (" ADDIN ZOTERO_ITEM {}", "(Brook, 2019)", "(Brook, 2019)"),
        (" PAGE ", "7", "7"),
    ],
)
def test_citations_of_reference_managers(instruction: str, result: str, said: str) -> None:
    body = paragraph(run("It is flat.") + field(instruction, result))
    assert pieces(built(body)) == [Paragraph(f"It is flat.{said}")]


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    box = f"<w:txbxContent>{paragraph(run('Boxed.'))}</w:txbxContent>"
    drawing = (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    found = pieces(built(paragraph(drawing + run("Around.")) + paragraph(run("After."))))
    assert found == [Paragraph("Around."), Paragraph("Boxed."), Paragraph("After.")]


def test_notes_stand_at_the_end() -> None:
    note = '<w:r><w:{0}Reference w:id="{1}"/></w:r>'
    document = built(
        paragraph(run("One") + note.format("footnote", 3) + run(" dose.") + note.format("endnote", 2))
        + paragraph(run("Two.") + note.format("footnote", 2) + note.format("footnote", 9))
    )
    for kind, relation, ids in (
        ("foot", RELATIONSHIP_TYPE.FOOTNOTES, (0, 2, 3)),
        ("end", RELATIONSHIP_TYPE.ENDNOTES, (2,)),
    ):
        body = "".join(
            f'<w:{kind}note w:id="{i}">{paragraph(run(f"{kind} {i}."))}{paragraph(run("More."))}</w:{kind}note>'
            for i in ids
        )
        xml = f"<w:{kind}notes {nsdecls('w')}>{body}</w:{kind}notes>".encode()
        part = Part(PackURI(f"/word/{kind}notes.xml"), "application/xml", xml, document.part.package)
        document.part.relate_to(part, relation)
    assert pieces(document) == [
        Paragraph("One dose."),
        Paragraph("Two."),
        Heading(2, "Footnotes"),
        ItemList((Item("foot 3. More."), Item("foot 2. More."), Item("end 2. More."))),
    ]


STYLE = '<w:pStyle w:val="{}"/>'
LISTED = '<w:numPr><w:ilvl w:val="{1}"/><w:numId w:val="{0}"/></w:numPr>'


def styled(name: str, style_id: str, properties: str = "", run_properties: str = "") -> WordDocument:
    """An empty document with one more style."""
    document = docx.Document()
    document.styles.element.append(
        word_xml(
            f'<w:style {nsdecls("w")} w:type="paragraph" w:styleId="{style_id}"><w:name w:val="{name}"/>'
            f"<w:pPr>{properties}</w:pPr><w:rPr>{run_properties}</w:rPr></w:style>"
        )
    )
    return document


@pytest.mark.parametrize(
    ("name", "properties", "piece"),
    [
        ("heading 3", "", Heading(3, "Words")),
        ("Überschrift 2", "", Heading(2, "Words")),
        ("Section", '<w:outlineLvl w:val="1"/>', Heading(2, "Words")),
        ("Section", '<w:outlineLvl w:val="9"/>', Paragraph("Words")),
        ("heading 9", "", Heading(6, "Words")),
        ("caption", "", Paragraph("Words", CAPTION)),
        ("My list", LISTED.format(1, 0), ItemList((Item("Words"),))),
        ("Based", STYLE.format("Heading4"), Paragraph("Words")),
        ("Bibliography", "", ReferenceList((Reference("1", "Words"),))),
    ],
)
def test_styles(name: str, properties: str, piece: Piece) -> None:
    document = styled(name, "x1", properties)
    assert pieces(built(paragraph(run("Words"), STYLE.format("x1")), document)) == [piece]


def test_a_style_has_what_it_is_based_on() -> None:
    document = docx.Document()
    own = document.styles.add_style("Mine", 1)
    own.base_style = document.styles["Heading 2"]
    document.add_paragraph("Words", style="Mine")
    hidden = document.styles.add_style("Secret", 1)
    hidden.font.hidden = True
    document.add_paragraph("Hidden", style="Secret")
    document.add_paragraph("Shown", style="Secret").runs[0].font.hidden = False
    assert pieces(document) == [Heading(2, "Words"), Paragraph("Shown")]


def test_contents_are_left_out() -> None:
    gallery = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    contents = f"<w:sdt>{gallery}<w:sdtContent>{paragraph(run('Contents'))}</w:sdtContent></w:sdt>"
    line = paragraph(run("Doses 3"), STYLE.format("TOC1"))
    kept = f"<w:sdt><w:sdtContent>{paragraph(run('Kept'))}</w:sdtContent></w:sdt>"
    assert pieces(built(contents + line + kept, styled("toc 1", "TOC1"))) == [Paragraph("Kept")]


def test_levels_of_lists() -> None:
    places = [(1, 0), (1, 2), (1, 1), (1, 0), (2, 0), (0, 0), (2, 1)]
    body = "".join(paragraph(run(f"i{n}"), LISTED.format(*place)) for n, place in enumerate(places))
    assert pieces(built(body)) == [
        ItemList((Item("i0"), Item("i1", 0), Item("i2", 0), Item("i3"))),
        ItemList((Item("i4"),)),
        Paragraph("i5"),
        ItemList((Item("i6"),)),
    ]


def test_typed_bullets_are_a_list() -> None:
    body = "".join(paragraph(run(text)) for text in ("Often:", "• rash", "-  fever", "And more."))
    assert pieces(built(body)) == [Paragraph("Often:"), ItemList((Item("rash"), Item("fever"))), Paragraph("And more.")]


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(run(text) if text else '')}</w:tc>"


def table(*rows: str, look: str = "") -> str:
    return f"<w:tbl><w:tblPr>{look}</w:tblPr>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


ABOVE, BELOW = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
NO_HEADER = '<w:tblLook w:firstRow="0"/>'


@pytest.mark.parametrize(
    ("xml", "found"),
    [
        (table(cell("A") + cell("B"), cell("c") + cell("d")), Table(("A", "B"), (("c", "d"),))),
        (table(cell("a") + cell("b"), cell("c") + cell("d"), look=NO_HEADER), Table((), (("a", "b"), ("c", "d")))),
        (table(cell("a") + cell("b"), cell("c") + cell("d"), look='<w:tblLook w:val="0480"/>'),
         Table((), (("a", "b"), ("c", "d")))),
        (table("<w:trPr><w:tblHeader/></w:trPr>" + cell("A", '<w:gridSpan w:val="2"/>'),
               "<w:trPr><w:tblHeader/></w:trPr>" + cell("B") + cell("C"), cell("d") + cell("e"), look=NO_HEADER),
         Table(("A B", "A C"), (("d", "e"),))),
        (table(cell("A") + cell("B"), cell("c", ABOVE) + cell("d"), cell("", BELOW) + cell("e"), cell("f", ABOVE)),
         Table(("A", "B"), (("c", "d"), ("c", "e"), ("f", "")))),
        (table(cell("A") + cell("B"), "<w:trPr><w:gridBefore w:val='1'/></w:trPr>" + cell("c"), cell("d")),
         Table(("A", "B"), (("", "c"), ("d", "")))),
        (table(cell("A") + cell("B"), "<w:trPr><w:del/></w:trPr>" + cell("c") + cell("d"), cell("e") + cell("f")),
         Table(("A", "B"), (("e", "f"),))),
        (table(cell("A") + cell("B"), f"<w:sdt><w:sdtContent>{cell('c')}</w:sdtContent></w:sdt>" + cell("d")),
         Table(("A", "B"), (("c", "d"),))),
        (table(cell("A") + cell("B"), f"<w:tc>{paragraph(run('c'))}{table(cell('d') + cell('e'))}</w:tc>" + cell("f")),
         Table(("A", "B"), (("c d e", "f"),))),
        (table(cell("A") + cell("B"), cell("c", '<w:gridSpan w:val="999999"/>'), cell("d") + cell("e")),
         Table(("A", "B"), (("c", "c"), ("d", "e")))),
    ],
)  # fmt: skip
def test_tables(xml: str, found: Table) -> None:
    assert pieces(built(xml)) == [found]


def test_a_first_row_in_bold_is_the_header_whatever_the_table_says() -> None:
    bold = "".join(f"<w:tc>{paragraph(run(text, '<w:b/>'))}</w:tc>" for text in "AB")
    assert pieces(built(table(bold, cell("c") + cell("d"), look=NO_HEADER))) == [Table(("A", "B"), (("c", "d"),))]


def test_tables_that_frame_text_are_no_tables() -> None:
    frame = table(f"<w:tc>{paragraph(run('Warning.'))}{table(cell('A') + cell('B'), cell('c') + cell('d'))}</w:tc>")
    column = table(cell("one"), cell("two") + cell(""))
    assert pieces(built(frame + column)) == [
        Paragraph("Warning."),
        Table(("A", "B"), (("c", "d"),)),
        Paragraph("one"),
        Paragraph("two"),
    ]


def test_tables_that_are_gigantic_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("temsiqa.documents.cells._MOST_CELLS", 3)
    with pytest.raises(DocumentError, match=r"^a\.docx: a table of 4 cells or more; at most 3"):
        pieces(built(table(cell("A") + cell("B"), cell("c") + cell("d"))))


def test_references_in_plain_paragraphs() -> None:
    document = docx.Document()
    for text in ["It is [2].", "References:", "[1] Brook A. 2001.", "[2] Lund B.", "Printed in Exeter."]:
        document.add_paragraph(text)
    assert pieces(document)[1:] == [
        Heading(2, "References:"),
        ReferenceList((Reference("1", "Brook A. 2001."), Reference("2", "Lund B."))),
        Paragraph("Printed in Exeter."),
    ]


def test_the_address_of_a_link_belongs_to_its_reference() -> None:
    document = docx.Document()
    own = document.part.relate_to("https://doi.org/10.5555/a", RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    document.add_heading("References", 1)
    link = f'<w:hyperlink r:id="{own}">{run("Rings")}</w:hyperlink>'
    found = pieces(built(paragraph(run("1. Brook A. ") + link), document))
    assert found[1] == ReferenceList((Reference("1", "Brook A. Rings", doi="10.5555/a"),))


@pytest.mark.parametrize(
    ("title", "author", "found"),
    [
        ("A ring", "Ada Brook; Ben Lund", ("A ring", ("Ada Brook", "Ben Lund"))),
        ("Word Document", "python-docx", (None, ())),
        ("Document1", "Microsoft Office User", (None, ())),
        ("ring_v2.docx", "admin", (None, ())),
    ],
)
def test_properties(title: str, author: str, found: tuple[str | None, tuple[str, ...]]) -> None:
    document = docx.Document()
    document.core_properties.title, document.core_properties.author = title, author
    stated = outline(saved(document)).stated
    assert (stated.title, stated.authors) == found
    assert stated.date is None


def test_the_date_is_that_of_the_last_change() -> None:
    document = docx.Document()
    document.core_properties.created = datetime(2020, 1, 2, tzinfo=UTC)
    assert outline(saved(document)).stated.date == "2020-01-02"
    document.core_properties.modified = datetime(2021, 3, 4, tzinfo=UTC)
    assert outline(saved(document)).stated.date == "2021-03-04"


def test_the_title_in_the_text_goes_before_that_of_the_properties() -> None:
    document = docx.Document()
    document.core_properties.title = "Template of the ward"
    document.add_paragraph("Giving the ring", style="Title")
    assert outline(saved(document)).stated.title == "Giving the ring"


TYPES, DOCUMENT, STYLES = "[Content_Types].xml", "word/document.xml", "word/styles.xml"
RELATIONS = "word/_rels/document.xml.rels"


def simple() -> bytes:
    document = docx.Document()
    document.add_paragraph("It is a ring.")
    return saved(document)


@pytest.mark.parametrize(
    "kind", ["ms-word.document.macroEnabled.main", "openxmlformats-officedocument.wordprocessingml.template.main"]
)
def test_documents_with_macros_and_templates_are_read(kind: str) -> None:
    usual = b"openxmlformats-officedocument.wordprocessingml.document.main"
    types = part_of(simple(), TYPES).replace(usual, kind.encode())
    assert list(outline(repacked(simple(), {TYPES: types})).pieces) == [Paragraph("It is a ring.")]


@pytest.mark.parametrize(
    "part", ["docProps/core.xml", "word/styles.xml", "word/numbering.xml", "word/settings.xml", RELATIONS]
)
def test_parts_that_are_not_needed_may_lack(part: str) -> None:
    assert list(outline(repacked(simple(), {part: None})).pieces) == [Paragraph("It is a ring.")]


ENTITY = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]>'


def with_doctype(path: str) -> bytes:
    declaration, end, content = part_of(simple(), path).partition(b"?>")
    return declaration + end + ENTITY + content


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "damaged archive"),
        (b"It is a ring.", "damaged archive"),
        (simple()[:-100], "damaged archive"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "encrypted, or in Word's format before 2007; save it as .docx"),
        (repacked(simple(), {TYPES: None}), "lacks the main document"),
        (repacked(simple(), {DOCUMENT: None}), "lacks the main document"),
        (repacked(simple(), {DOCUMENT: b"<w:document"}), "document.xml: no well-formed XML"),
        (repacked(simple(), {DOCUMENT: b"<a/>"}), "its main document has no body"),
        (repacked(simple(), {DOCUMENT: with_doctype(DOCUMENT)}), "document.xml: declares XML entities"),
        (repacked(simple(), {STYLES: with_doctype(STYLES)}), "styles.xml: declares XML entities"),
        (repacked(simple(), {DOCUMENT: b"<a>" * 5_000}), "document.xml: no well-formed XML"),
        (repacked(simple(), {TYPES: b"<Types/>"}), "no sound Word document"),
    ],
)  # fmt: skip
def test_what_is_no_sound_document_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(DocumentError) as error:
        outline(data)
    assert str(error.value).startswith(("a.docx: ", "a.docx/"))
    assert reason in str(error.value)
    assert "\n" not in str(error.value)


def test_what_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("temsiqa.documents.archive.LARGEST_FILE", 1_000_000)
    pictured = repacked(simple(), {"docProps/thumbnail.jpeg": bytes(1_000_001)})
    assert list(outline(pictured).pieces) == [Paragraph("It is a ring.")]
    with pytest.raises(DocumentError, match=r"^a\.docx/word/document\.xml: unpacks to more than 1 MB; split it$"):
        outline(repacked(simple(), {DOCUMENT: bytes(1_000_001)}))


def test_what_leads_out_of_the_file_is_not_opened() -> None:
    document = docx.Document()
    document.add_paragraph("It is a ring.")
    for kind in (RELATIONSHIP_TYPE.IMAGE, RELATIONSHIP_TYPE.FOOTNOTES, RELATIONSHIP_TYPE.A_F_CHUNK):
        document.part.relate_to("file:///etc/passwd", kind, is_external=True)
    relations = part_of(saved(document), RELATIONS).replace(b'Target="styles.xml"', b'Target="../../../etc/passwd"')
    assert list(outline(repacked(saved(document), {RELATIONS: relations})).pieces) == [Paragraph("It is a ring.")]


def test_styles_that_are_based_on_one_another() -> None:
    document = styled("One", "x1")
    for style in word_xml(
        f'<w:styles {NAMESPACES}><w:style w:styleId="x1"><w:name w:val="heading 2"/><w:basedOn w:val="x2"/></w:style>'
        '<w:style w:styleId="x2"><w:name w:val="Two"/><w:basedOn w:val="x1"/></w:style></w:styles>'
    ):
        document.styles.element.append(style)
    assert pieces(built(paragraph(run("Words"), STYLE.format("x2")), document)) == [Heading(2, "Words")]


@pytest.mark.parametrize(
    "body",
    [paragraph(run("a") * 10_000), paragraph(run("a")) * 5_000, table(*[cell("a") + cell("b")] * 2_000)],
    ids=["runs", "paragraphs", "rows"],
)
def test_long_documents_take_no_long_time(body: str) -> None:
    data = saved(built(body))
    began = time.process_time()
    outline(data)
    assert time.process_time() - began < 10


PARTS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["Normal", "Quote", "Caption", "Subtitle"]), SENTENCES),
        st.tuples(st.sampled_from(["List Bullet", "List Bullet 2", "List Number", "List Number 3"]), SENTENCES),
        st.tuples(st.sampled_from(["Heading 1", "Heading 2", "Heading 3", "Title"]), SENTENCES),
        st.tuples(st.just("table"), st.lists(st.tuples(CELLS, CELLS), min_size=2, max_size=4)),
    ),
    min_size=1,
    max_size=8,
)


@settings(deadline=None, max_examples=40)
@given(PARTS)
def test_every_word_of_a_document_comes_out_in_order(parts: list[tuple[str, str | list[tuple[str, str]]]]) -> None:
    document, said = docx.Document(), []
    for style, content in parts:
        if isinstance(content, str):
            paragraph = document.add_paragraph(style=style)
            for number, word in enumerate(content.split(" ")):
                added = paragraph.add_run(f" {word}" if number else word)
                added.bold, added.font.color.rgb = number % 2 == 0, RGBColor(1, 2, 3)
            said.append(content)
            continue
        table = document.add_table(len(content), 2)
        for row, cells in zip(table.rows, content, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = f"{text} x"
                said.append(cell.text)
    document.add_paragraph("The end.")
    found = assemble(outline(saved(document)), "a.docx")
    assert_sound(found)
    assert words_of(found.text) == words_of(" ".join([*said, "The end."]))


def test_documents_without_text_are_told_by_the_assembler() -> None:
    with pytest.raises(DocumentError, match=r"^a\.docx: no sentence"):
        assemble(outline(saved(docx.Document())), "a.docx")
