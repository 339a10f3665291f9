"""What tests of PDFs share: pages drawn by hand with the standard fonts, and a small typesetter for whole documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pdfminer.fontmetrics import FONT_METRICS

from temsiqa.documents.assemble import assemble
from temsiqa.documents.outline import Outline
from temsiqa.documents.pdf.lines import Line
from temsiqa.documents.pdf.page import Word
from temsiqa.documents.pdf.reader import read_pdf
from temsiqa.errors import DocumentError
from temsiqa.model import Document

PAGE = (612.0, 792.0)
REGULAR, BOLD, ITALIC, SYMBOL = "Helvetica", "Helvetica-Bold", "Helvetica-Oblique", "Symbol"
_FONTS = (REGULAR, BOLD, ITALIC, SYMBOL)


def width(text: str, size: float, font: str = REGULAR) -> float:
    """How wide ``text`` is when set in one of the fonts."""
    widths = FONT_METRICS[font][1]
    return sum(widths.get(character, 500) for character in text) * size / 1000


@dataclass
class Sheet:
    """One page; places count in points from its top left corner, a text's ``y`` is that of its base line."""

    size: tuple[float, float] = PAGE
    operators: list[bytes] = field(default_factory=list)
    attributes: str = ""

    def text(self, x: float, y: float, text: str, size: float = 10, font: str = REGULAR) -> Sheet:
        """Sets one line."""
        encoded = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        place = f"BT /F{_FONTS.index(font)} {size:g} Tf {x:.2f} {self.size[1] - y:.2f} Td".encode()
        self.operators.append(place + b" (" + encoded + b") Tj ET")
        return self

    def lines(self, x: float, y: float, lines: Iterable[str], size: float = 10, font: str = REGULAR) -> Sheet:
        """Sets lines below one another."""
        for number, line in enumerate(lines):
            self.text(x, y + number * 1.2 * size, line, size, font)
        return self

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> Sheet:
        """Draws a line."""
        height = self.size[1]
        self.operators.append(f"0.5 w {x0:.2f} {height - y0:.2f} m {x1:.2f} {height - y1:.2f} l S".encode())
        return self

    def picture(self, x: float, y: float, width: float, height: float) -> Sheet:
        """Puts a grey picture of one pixel, drawn as large as given."""
        place = f"q {width:.2f} 0 0 {height:.2f} {x:.2f} {self.size[1] - y - height:.2f} cm"
        self.operators.append(f"{place} BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q".encode("latin-1"))
        return self

    def table(self, x: float, y: float, widths: Sequence[float], rows: Sequence[Sequence[str]], bold: int = 1) -> float:
        """Draws a ruled table, its first ``bold`` rows in bold; cells hold lines parted by newlines. Gives its end."""
        edges = [x + sum(widths[:n]) for n in range(len(widths) + 1)]
        self.rule(edges[0], y, edges[-1], y)
        for number, row in enumerate(rows):
            height = 4 + 12 * max(cell.count("\n") + 1 for cell in row)
            for left, cell in zip(edges, row, strict=False):
                self.lines(left + 3, y + 11, cell.split("\n"), font=BOLD if number < bold else REGULAR)
            for edge in edges:
                self.rule(edge, y, edge, y + height)
            y += height
            self.rule(edges[0], y, edges[-1], y)
        return y


def set_line(x: float, y: float, text: str, size: float = 10, font: str = REGULAR) -> Line:
    """A line as a page holds it, without drawing one; ``y`` is that of its lower edge."""
    words = []
    for text_of_word in text.split():
        end = x + width(text_of_word, size, font)
        words.append(Word(x, y - size, end, y, text_of_word, size, bold=font == BOLD, italic=font == ITALIC))
        x = end + width(" ", size, font)
    return Line.of(words)


def pdf(sheets: Sequence[Sheet], info: Mapping[str, str] | None = None) -> bytes:
    """The bytes of a PDF of these pages, with an information dictionary if given."""
    kids = " ".join(f"{10 + 2 * number} 0 R" for number in range(len(sheets)))
    fonts = " ".join(f"/F{number} {3 + number} 0 R" for number in range(len(_FONTS)))
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>"}
    objects[2] = f"<< /Type /Pages /Kids [{kids}] /Count {len(sheets)} >>".encode()
    for number, font in enumerate(_FONTS):
        encoding = "" if font == SYMBOL else "/Encoding /WinAnsiEncoding "
        objects[3 + number] = f"<< /Type /Font /Subtype /Type1 /BaseFont /{font} {encoding}>>".encode()
    objects[7] = (
        b"<< " + b" ".join(f"/{key} ({value})".encode("cp1252") for key, value in (info or {}).items()) + b" >>"
    )
    for number, sheet in enumerate(sheets):
        box = f"/MediaBox [0 0 {sheet.size[0]:g} {sheet.size[1]:g}] {sheet.attributes}"
        resources = f"/Resources << /Font << {fonts} >> >> /Contents {11 + 2 * number} 0 R"
        objects[10 + 2 * number] = f"<< /Type /Page /Parent 2 0 R {box} {resources} >>".encode()
        objects[11 + 2 * number] = stream(b"\n".join(sheet.operators))
    return file_of(objects)


def stream(content: bytes) -> bytes:
    """A stream object."""
    return b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream"


def file_of(objects: Mapping[int, bytes]) -> bytes:
    """A PDF of numbered objects, of which 1 is the catalogue and 7 what the file says of itself."""
    found = b"%PDF-1.4\n"
    places = dict.fromkeys(range(1, max(objects) + 1), 0)
    for number, content in objects.items():
        places[number] = len(found)
        found += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    entries = b"".join(b"%010d 00000 %s \n" % (place, b"n" if place else b"f") for place in places.values())
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1) + entries
    size = len(places) + 1
    return (
        found + head + b"trailer\n<< /Size %d /Root 1 0 R /Info 7 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, len(found))
    )


def outline_of(data: bytes, name: str = "paper.pdf") -> Outline:
    """The one outline of a PDF."""
    (found,) = read_pdf(data, name)
    assert not isinstance(found, DocumentError)
    return found


def document_of(data: bytes, name: str = "paper.pdf") -> Document:
    """The document of a PDF."""
    return assemble(outline_of(data, name), name)


def sentences_of(document: Document) -> list[str]:
    """All that may be quoted from a document, in order."""
    return [document.quote(sentence.span) for block in document.blocks for sentence in block.sentences]
