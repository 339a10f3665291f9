"""Word documents that lack parts, go round in circles, or hold too much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from documents.hostile.bait import SENTENCE, Bait, Hostile
from documents.hostile.packed import zipped

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
PART_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
RELATIONSHIPS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
PARAGRAPH = f"<w:p><w:r><w:t>{SENTENCE}</w:t></w:r></w:p>"
STYLED = PARAGRAPH.replace("<w:r>", '<w:pPr><w:pStyle w:val="1"/></w:pPr><w:r>')
NOTED = PARAGRAPH.replace("<w:t>", '<w:footnoteReference w:id="2"/><w:t>')


def related(*targets: tuple[str, str], mode: str = "Internal") -> bytes:
    """Relationships of a part: kind and target of each."""
    entries = "".join(
        f'<Relationship Id="r{n}" Type="{R}/{kind}" Target="{target}" TargetMode="{mode}"/>'
        for n, (kind, target) in enumerate(targets)
    )
    return f'<Relationships xmlns="{RELATIONSHIPS}">{entries}</Relationships>'.encode()


def docx(body: str, doctype: str = "", others: Mapping[str, bytes | None] | None = None) -> bytes:
    """A Word document; ``others`` are parts that it has as well or instead, None for one that it lacks."""
    kinds = {"document": "document.main", "styles": "styles", "footnotes": "footnotes"}
    types = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{PART_TYPE}{kind}+xml"/>' for part, kind in kinds.items()
    )
    parts: dict[str, bytes | None] = {
        "[Content_Types].xml": (
            f'<Types xmlns="{CONTENT_TYPES}"><Default Extension="rels" ContentType="{RELATIONSHIPS_TYPE}"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>'
        ).encode(),
        "_rels/.rels": related(("officeDocument", "word/document.xml")),
        "word/document.xml": (
            f'<?xml version="1.0"?>{doctype}'
            f'<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}</w:body></w:document>'
        ).encode(),
        "word/_rels/document.xml.rels": related(("styles", "styles.xml"), ("footnotes", "footnotes.xml")),
        **(others or {}),
    }
    return zipped((path, content) for path, content in parts.items() if content is not None)


def table(rows: str) -> str:
    """A table."""
    return f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid>{rows}</w:tbl>"


def row(inside: str, properties: str = "") -> str:
    """A row of one cell."""
    return f"<w:tr><w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc></w:tr>"


def nested_tables(depth: int) -> str:
    """Tables in tables."""
    inside = PARAGRAPH
    for _ in range(depth):
        inside = table(row(inside + PARAGRAPH))
    return inside


def styles(**based: str) -> bytes:
    """Styles, each based on another."""
    entries = "".join(
        f'<w:style w:type="paragraph" w:styleId="{own[1:]}"><w:name w:val="heading {own[1:]}"/>'
        f'<w:basedOn w:val="{other}"/></w:style>'
        for own, other in based.items()
    )
    return f'<w:styles xmlns:w="{W}">{entries}</w:styles>'.encode()


def word_files(bait: Bait) -> Iterator[Hostile]:
    """Word documents."""
    yield from packages(bait)
    for name, body in bodies().items():
        yield Hostile(f"{name}.docx", docx(body), endless=name in ("rows", "paragraphs", "runs", "spans"))
    notes = f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="2">{NOTED}</w:footnote></w:footnotes>'.encode()
    yield Hostile("footnote-itself.docx", docx(NOTED, others={"word/footnotes.xml": notes}))
    yield Hostile("styles-circle.docx", docx(STYLED, others={"word/styles.xml": styles(_1="2", _2="1")}))
    yield Hostile("style-itself.docx", docx(STYLED, others={"word/styles.xml": styles(_1="1")}))


def packages(bait: Bait) -> Iterator[Hostile]:
    """Parts that are missing, too large, or lie elsewhere."""
    for path in ("[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/_rels/document.xml.rels"):
        name = path.rpartition("/")[2].replace("[Content_Types]", "types")
        yield Hostile(f"without-{name}.docx", docx(PARAGRAPH, others={path: None}))
    kinds = ("hyperlink", "image", "attachedTemplate", "styles", "aFChunk", "officeDocument")
    for name, target in {"address": bait.url, "file": f"file://{bait.file}", "up": "../../../../etc/passwd"}.items():
        elsewhere = related(*((kind, target) for kind in kinds), mode="Internal" if name == "up" else "External")
        yield Hostile(f"{name}.docx", docx(PARAGRAPH, others={"word/_rels/document.xml.rels": elsewhere}))
        yield Hostile(f"{name}-document.docx", docx(PARAGRAPH, others={"_rels/.rels": elsewhere}))
    circle = related(("subDocument", "document.xml"), ("officeDocument", "document.xml"))
    yield Hostile("circle.docx", docx(PARAGRAPH, others={"word/_rels/document.xml.rels": circle}))
    yield Hostile("other-root.docx", docx("", others={"word/document.xml": "<a/>".encode("utf-16")}))
    yield Hostile("bomb.docx", docx(" " * 101_000_000))
    yield Hostile("bomb-image.docx", docx(PARAGRAPH, others={"word/media/a.png": bytes(101_000_000)}))
    yield Hostile("cut.docx", docx(PARAGRAPH)[:-40])
    yield Hostile("old.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000))


def bodies() -> dict[str, str]:
    """Main documents of too much, or of too little."""
    return {
        "no-words": "",
        "two-bodies": "</w:body><w:body>",
        "footnote-gone": NOTED,
        "tables-60": nested_tables(60),
        "tables-5000": nested_tables(5_000),
        "span": table(row(PARAGRAPH, '<w:gridSpan w:val="1000000000"/>')),
        "span-negative": table(row(PARAGRAPH, '<w:gridSpan w:val="-5"/>')),
        "span-word": table(row(PARAGRAPH, '<w:gridSpan w:val="many"/>')),
        "spans": table(row("<w:p/>", '<w:gridSpan w:val="60"/><w:vMerge/>') * 1_000),
        "rows": table(row(PARAGRAPH) * 800),
        "paragraphs": PARAGRAPH * 2_000,
        "runs": f"<w:p>{'<w:r><w:t>a</w:t></w:r>' * 5_000}</w:p>",
    }
