"""PDF files that go round in circles, lie about sizes, unpack without end, or name files and addresses.

In each, object 1 is the catalogue, 2 the root of the pages, 3 a page, 4 what is drawn on it, 5 its font.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator, Mapping

from pypdf import PdfReader, PdfWriter

from documents.hostile.bait import SENTENCE, Bait, Hostile
from documents.hostile.packed import sum_of, swollen

Objects = dict[int, bytes]

TEXT = f"BT /F1 12 Tf 72 700 Td ({SENTENCE}) Tj ET ".encode()
CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R %s >>"
PAGES = b"<< /Type /Pages /Count %d /MediaBox [0 0 612 792] /Kids [%s] >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R %s /Resources << /Font << /F1 5 0 R >> %s >> >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica %s >>"
COMPOSITE = b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding %s /DescendantFonts [6 0 R] >>"
DESCENDANT = b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Ordering (%s) >> %s >>"
FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F1 5 0 R >> /XObject << /X %d 0 R >> >>"
IMAGE = b"/Type /XObject /Subtype /Image /Height 30 /ColorSpace /DeviceRGB /BitsPerComponent 8 %s"
DRAWING_6 = PAGE % (b"", b"/XObject << /X 6 0 R >>")


def stream(data: bytes, entries: bytes = b"", length: bytes | None = None) -> bytes:
    """A stream; ``length`` is what it says of its own size."""
    return b"<< %s /Length %s >>\nstream\n%s\nendstream" % (entries, length or b"%d" % len(data), data)


def deflated(data: bytes, entries: bytes = b"") -> bytes:
    """A compressed stream."""
    return stream(zlib.compress(data, 9), b"/Filter /FlateDecode " + entries)


def bomb(megabytes: int, twice: bool = False) -> bytes:
    """A stream that unpacks to so many blanks."""
    packed = b"\x78\xda" + swollen(b" ", megabytes) + struct.pack(">I", sum_of(b" ", megabytes, zlib.adler32, 1))
    if twice:
        return stream(zlib.compress(packed, 9), b"/Filter [/FlateDecode /FlateDecode]")
    return stream(packed, b"/Filter /FlateDecode")


SOUND: Objects = {1: CATALOGUE % b"", 2: PAGES % (1, b"3 0 R"), 3: PAGE % (b"", b""), 4: stream(TEXT), 5: FONT % b""}


def pdf(changed: Mapping[int, bytes], trailer: bytes = b"", start: bytes | None = None) -> bytes:
    """A sound file but for the objects ``changed``; ``start`` is what it says of the place of its table."""
    data, offsets, objects = io.BytesIO(), {}, {**SOUND, **changed}
    data.write(b"%PDF-1.7\n")
    for number, content in objects.items():
        offsets[number] = data.tell()
        data.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    count, at = max(objects) + 1, data.tell()
    entries = (b"%010d 00000 n \n" % offsets[n] if n in offsets else b"0000000000 65535 f \n" for n in range(count))
    data.write(b"xref\n0 %d\n%s" % (count, b"".join(entries)))
    data.write(b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (count, trailer))
    data.write(b"startxref\n%s\n%%%%EOF\n" % (start or b"%d" % at))
    return data.getvalue()


def trees() -> dict[str, Objects]:
    """Pages and other trees that are their own parents or children."""
    many = dict.fromkeys(range(10, 20_010), PAGE % (b"", b""))
    outline = b"<< /Title (a) /Parent 6 0 R /Next 6 0 R /Prev 6 0 R /First 6 0 R /Last 6 0 R >>"
    structure = b"<< /Type /StructElem /S /Table /K [6 0 R 6 0 R] /P 6 0 R /Pg 3 0 R >>"
    names = b"<< /Kids [6 0 R] /Names [(a) 6 0 R] /Nums [0 6 0 R] >>"
    deep = {n: PAGES % (1, b"%d 0 R" % (n + 1)) for n in range(10, 3_010)}
    wide = {n: PAGES % (1, b"%d 0 R " % (n + 1) * 10) for n in range(10, 20)}
    return {
        "pages-of-itself": {2: PAGES % (9, b"2 0 R 3 0 R 2 0 R")},
        "pages-circle": {2: PAGES % (9, b"6 0 R 3 0 R"), 6: PAGES % (9, b"7 0 R"), 7: PAGES % (9, b"2 0 R")},
        "pages-deep": {2: PAGES % (1, b"10 0 R"), **deep, 3_010: SOUND[3]},
        "pages-widening": {2: PAGES % (1, b"10 0 R"), **wide, 20: SOUND[3]},
        "pages-100000": {2: PAGES % (100_000, b"3 0 R " * 100_000)},
        "pages-20000": {2: PAGES % (20_000, b" ".join(b"%d 0 R" % n for n in many)), **many},
        "pages-count": {2: PAGES % (10**12, b"3 0 R")},
        "pages-missing": {2: PAGES % (2, b"77 0 R 3 0 R")},
        "pages-none": {2: PAGES % (0, b"")},
        "pages-number": {2: b"7"},
        "pages-no-type": {2: b"<< /Kids [3 0 R 3 0 R] >>"},
        "catalogue-itself": {1: b"1 0 R"},
        "catalogue-number": {1: b"7"},
        "outline-circle": {1: CATALOGUE % b"/Outlines 6 0 R", 6: outline},
        "structure-circle": {1: CATALOGUE % b"/StructTreeRoot 6 0 R /MarkInfo << /Marked true >>", 6: structure},
        "names-circle": {1: CATALOGUE % b"/Names << /Dests 6 0 R >> /PageLabels 6 0 R", 6: names},
        **{f"box-{name}": {3: PAGE % (b"/MediaBox [%s]" % box, b"")} for name, box in BOXES.items()},
        "rotate": {3: PAGE % (b"/Rotate 17", b"")},
        "rotate-word": {3: PAGE % (b"/Rotate /a", b"")},
    }


BOXES = {
    "exponents": b"1e30 1e30 0 0",
    "huge": b"0 0 9999999999 9999999999",
    "none": b"0 0 0 0",
    "short": b"7",
    "words": b"/a /b /c /d",
    "nan": b"nan nan nan nan",
}


def streams() -> dict[str, Objects]:
    """What is drawn comes in streams whose sizes are wrong, or that unpack to far more than they hold."""
    packed = zlib.compress(TEXT)
    contents = {
        "length-long": stream(TEXT, length=b"999999999"),
        "length-short": stream(TEXT, length=b"3"),
        "length-negative": stream(TEXT, length=b"-1"),
        "length-itself": stream(TEXT, length=b"4 0 R"),
        "length-missing": stream(TEXT, length=b"88 0 R"),
        "length-name": stream(TEXT, length=b"/a"),
        "no-endstream": stream(TEXT).replace(b"endstream", b""),
        "flate-bomb": bomb(900),
        "flate-twice": bomb(900, twice=True),
        "flate-broken": stream(packed[:-9] + b"x" * 99, b"/Filter /FlateDecode"),
        "filters": stream(TEXT, b"/Filter [%s]" % (b"/ASCIIHexDecode " * 20_000)),
        "filter-unknown": stream(TEXT, b"/Filter /NoSuchDecode"),
        "predictor": deflated(TEXT, b"/DecodeParms << /Predictor 15 /Columns 2000000000 >>"),
        "predictor-zero": deflated(TEXT, b"/DecodeParms << /Predictor 15 /Columns 0 /Colors 0 >>"),
        "run-length": stream(b"\x81 " * 20_000, b"/Filter /RunLengthDecode"),
        "lzw": stream(b"\x80\x0b\x60\x50\x22\x0c" * 50_000, b"/Filter /LZWDecode"),
        "ascii85": stream(b"z" * 10_000 + b"~>", b"/Filter /ASCII85Decode"),
    }
    inside = {"itself": b"/Extends 6 0 R /N 1", "count": b"/N 999999999", "first": b"/N 1 /First 999999999"}
    return {
        **{name: {4: content} for name, content in contents.items()},
        **{
            f"object-stream-{name}": {5: b"6 0 R", 6: deflated(b"6 0 << >>", b"/Type /ObjStm /First 4 " + entries)}
            for name, entries in inside.items()
        },
        "many-contents": {3: PAGE % (b"/Contents [%s]" % (b"4 0 R " * 300), b"")},
    }


def drawings() -> dict[str, Objects]:
    """Pages with too much on them, or with nonsense."""
    pairs = [(n * 7 % 600, n * 13 % 790) for n in range(1_000)]
    operators = b"".join(b"%c%c " % (a, b) for a in range(65, 91) for b in range(97, 123))
    drawn = {
        "saves": b"q " * 10_000,
        "restores": b"Q " * 20_000,
        "text-array": b"BT /F1 9 Tf [" + b"(a) -9 " * 2_000 + b"] TJ ET",
        "same-place": b"BT /F1 9 Tf " + b"1 0 0 1 9 9 Tm (a) Tj " * 1_000 + b"ET",
        "scattered": b"BT /F1 9 Tf " + b"".join(b"1 0 0 1 %d %d Tm (a) Tj " % pair for pair in pairs) + b"ET",
        "turned": b"".join(b"BT /F1 9 Tf .7 .7 -.7 .7 %d %d Tm (otters sleep) Tj ET " % pair for pair in pairs[:200]),
        "long-string": b"BT /F1 1 Tf (" + b"otter " * 500 + b") Tj ET",
        "rectangles": b"".join(b"%d %d 5 5 re S " % pair for pair in pairs),
        "lines": b"".join(b"%d 0 m %d 790 l S 0 %d m 600 %d l S " % (n, n, n, n) for n in range(400)),
        "same-lines": b"0 0 m 600 0 l S " * 1_000,
        "curves": b"0 0 m " + b"1 2 3 4 5 6 c " * 1_000 + b"S",
        "arrays": b"[" * 50_000,
        "dictionaries": b"/a << " * 20_000,
        "open-string": b"(" * 100_000,
        "open-name": b"/" + b"a" * 500_000,
        "open-comment": b"%" * 500_000,
        "operands": b"1 " * 30_000,
        "operators": operators * 30,
        "inline-image": b"BI /W 9 /H 9 ID " + b"E" * 20_000,
        "numbers": b"BT /F1 " + b"9" * 5_000 + b" Tf 1e400 -.-.9 ++3 Td (a) Tj ET",
        "infinite": b"9" * 400 + b" 0 0 1 0 0 cm BT /F1 9 Tf (a) Tj ET",
        "zero-matrix": b"0 0 0 0 0 0 cm BT /F1 0 Tf (a b c) Tj ET",
        "font-size": b"BT /F1 /a Tf (a) Tj ET",
    }
    return {name: {4: deflated(TEXT + content)} for name, content in drawn.items()}


def forms() -> dict[str, Objects]:
    """Pages that draw what draws itself, and pictures of the wrong size."""
    draw_6 = {3: DRAWING_6, 4: stream(TEXT + b"/X Do")}
    widening = {n: stream(b"/X Do " * 10, FORM % (n + 1)) for n in range(6, 16)}
    scan = {3: DRAWING_6, 4: stream(b"q 612 0 0 792 0 0 cm /X Do Q")}
    return {
        "form-itself": {**draw_6, 6: stream(b"/X Do " * 3, FORM % 6)},
        "forms-widening": {**draw_6, **widening, 16: stream(TEXT, FORM % 99)},
        "scanned": {**scan, 6: stream(bytes(9_000), IMAGE % b"/Width 100")},
        "picture-size": {**scan, 6: stream(bytes(9_000), IMAGE % b"/Width 999999999")},
        "picture-itself": {**scan, 6: stream(bytes(9_000), IMAGE % b"/SMask 6 0 R /ColorSpace 6 0 R /Width 9")},
    }


def fonts() -> dict[str, Objects]:
    """Fonts with tables of nonsense."""
    type3 = b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [%s] /LastChar 999999999 /Widths [9] >>"
    program = b"/FontDescriptor << /Type /FontDescriptor /FontName /A /FontFile2 6 0 R >>"
    wide = DESCENDANT % (b"Japan1", b"/W [0 999999 500] /W2 [0 999999 1 2 3]")
    up = DESCENDANT % (b"../../../../../etc/passwd", b"")
    identity = COMPOSITE % b"/Identity-H"
    return {
        "font-gone": {5: b"99 0 R"},
        "font-number": {5: b"7"},
        "font-program": {5: FONT % program, 6: deflated(b"\0\1\0\0" + b"\xff" * 5_000)},
        "differences": {5: FONT % (b"/Encoding << /Differences [0 %s] >>" % (b"/uni004F " * 10_000))},
        "glyph-names": {5: FONT % b"/Encoding << /Differences [79 /uniD800 /u110000 /uni /..] >>"},
        "type3": {5: type3 % b"0 0 0 0 0 0"},
        "type3-short": {5: type3 % b"1"},
        "widths": {5: identity, 6: wide},
        "descendant-itself": {5: identity, 6: b"5 0 R"},
        "descendants-none": {5: identity.replace(b"6 0 R", b""), 6: b""},
        "ordering-up": {5: identity, 6: up},
        "encoding-up": {5: COMPOSITE % b"/..#2F..#2F..#2F..#2Fetc#2Fpasswd", 6: up},
        "encoding-none": {5: COMPOSITE % b"/NoSuchCMap", 6: up},
        "encoding-itself": {5: COMPOSITE % b"5 0 R", 6: up},
        **{f"tounicode-{name}": {5: FONT % b"/ToUnicode 6 0 R", 6: cmap(lines)} for name, lines in CMAPS.items()},
    }


def cmap(lines: bytes) -> bytes:
    """A table from codes to letters."""
    return deflated(b"/CIDInit /ProcSet findresource begin begincmap /CMapName /A def %s endcmap end" % lines)


CMAPS = {
    "range": b"1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange",
    "ranges": b"1 beginbfrange " + b"<0000> <FFFF> <0041> " * 3 + b"endbfrange",
    "array": b"1 beginbfrange <00> <FF> [" + b"<0041> " * 20_000 + b"] endbfrange",
    "backwards": b"1 beginbfrange <FFFF> <0000> <0041> endbfrange",
    "itself": b"/A usecmap",
    "surrogates": b"3 beginbfchar <4F> <D800> <74> <0000> <65> <202E> endbfchar",
    "long": b"1 beginbfchar <4F> <" + b"0041" * 20_000 + b"> endbfchar",
    "odd": b"1 beginbfchar <4> <041> /a (b) <> endbfchar",
    "cut": b"100 beginbfchar <4F>",
    "broken": bytes(range(256)) * 20,
}


def references() -> dict[str, bytes]:
    """Files whose tables lead nowhere, everywhere, or back."""
    whole = pdf({})
    at = whole.index(b"xref\n")
    return {
        "xref-itself": pdf({}, b"/Prev %d" % at),
        "xref-stream-of-table": pdf({}, b"/XRefStm %d" % at),
        "xref-nowhere": pdf({}, start=b"99999999999"),
        "xref-negative": pdf({}, start=b"-5"),
        "xref-huge": whole.replace(b"xref\n0 6", b"xref\n0 9999999999"),
        "xref-words": whole.replace(b"xref\n0 6", b"xref\nzero six"),
        "xref-shifted": b"junk" * 100 + whole,
        "xref-none": whole[:at],
        "trailer-none": whole[: whole.index(b"trailer")],
        "cut": whole[: len(whole) // 2],
        "only-header": b"%PDF-1.7\n",
        "junk": b"%PDF-1.7\n" + bytes(range(256)) * 2_000,
        "objects": b"%PDF-1.7\n" + b"1 0 obj\n<< >>\nendobj\n" * 2_000,
        "xref-stream-circle": table_only(b"/W [1 2 1] /Prev 9"),
        "xref-stream-index": table_only(b"/W [1 2 1] /Index [0 99999999999]"),
        "xref-stream-wide": table_only(b"/W [1 99999999 1]"),
        "xref-stream-words": table_only(b"/W [/a /b /c] /Index [(a)]"),
        "xref-stream-predictor": table_only(b"/W [1 2 1] /DecodeParms << /Predictor 12 /Columns 1000000000 >>"),
    }


def table_only(entries: bytes) -> bytes:
    """A file that holds a table of references as a stream, and nothing else."""
    table = deflated(struct.pack(">BHB", 1, 9, 0) * 6, b"/Type /XRef /Size 6 /Root 1 0 R " + entries)
    return b"%%PDF-1.7\n9 0 obj\n%s\nendobj\nstartxref\n9\n%%%%EOF" % table


def baited(bait: Bait) -> dict[str, Objects]:
    """Actions, pictures and fonts of elsewhere."""
    url, file = bait.url.encode(), str(bait.file).encode()
    actions = b"/OpenAction << /S /URI /URI (%s) >> /AA << /WC << /S /Launch /F (%s) >> >>" % (url, file)
    script = b"/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (app.launchURL\\('%s'\\)) >>] >> >>" % url
    annotation = b"/Annots [<< /Subtype /Link /Rect [0 0 9 9] /A << /S /GoToR /F (%s) >> >>]" % file
    encoding = b"/" + b"".join(b"#%02X" % c if c in b"/.#" else b"%c" % c for c in file)
    return {
        "actions": {1: CATALOGUE % (actions + script), 3: PAGE % (annotation, b"")},
        "outside": {3: DRAWING_6, 6: stream(b"", b"/F << /FS /URL /F (%s) >> /FFilter /FlateDecode" % url)},
        "encoding-pickle": {5: COMPOSITE % encoding, 6: DESCENDANT % (b"Identity", b"")},
    }


def encrypted(user: str) -> bytes:
    """A file that asks for a password, or for none."""
    writer, written = PdfWriter(PdfReader(io.BytesIO(pdf({})))), io.BytesIO()
    writer.encrypt(user, "owner", algorithm="RC4-128")
    writer.write(written)
    return written.getvalue()


ENDLESS = frozenset(
    {
        *("pages-100000", "pages-20000", "pages-widening", "catalogue-itself", "xref-stream-index", "forms-widening"),
        *("flate-bomb", "flate-twice", "tounicode-range", "many-contents", "scattered", "turned", "long-string"),
        *("curves", "same-place", "saves", "rectangles", "lines"),
    }
)


def pdf_files(bait: Bait) -> Iterator[Hostile]:
    """PDF files."""
    for name, objects in {**trees(), **streams(), **drawings(), **forms(), **fonts(), **baited(bait)}.items():
        yield Hostile(f"{name}.pdf", pdf(objects), endless=name in ENDLESS)
    for name, data in references().items():
        yield Hostile(f"{name}.pdf", data, endless=name in ENDLESS)
    yield Hostile("encrypted.pdf", encrypted("secret"))
    yield Hostile("encrypted-openly.pdf", encrypted(""))
    ways = {"unknown": b"/Filter /NoSuch /V 9", "empty": b"", "short": b"/Filter /Standard /V 2 /R 3 /O () /U () /P 0"}
    for name, entries in ways.items():
        yield Hostile(f"encryption-{name}.pdf", pdf({}, b"/Encrypt << %s >> /ID [(a) (b)]" % entries))
