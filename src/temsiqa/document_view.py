"""Documents on a terminal: the list, one as it was indexed, and one as its reader sees it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence, Sized
from itertools import groupby
from pathlib import Path

from rich import box
from rich.console import Console, Group
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from temsiqa.console import labelled, page_words, plain, reference_text, retraction, say
from temsiqa.documents.canonical import CELL_BREAK
from temsiqa.documents.inspection import Inspection
from temsiqa.model import Block, BlockKind, Document, Provenance, Sentence, Span

_NOT_STATED = "not stated"
_INDENTED = (0, 0, 0, 2)
_NAMED = 10


def show_documents(out: Console, documents: Collection[Document], among: int) -> None:
    """What identifies each document; ``among`` is how many there are in all."""
    for document in documents:
        level, date = document.provenance.evidence_level.value, document.provenance.date or "no date stated"
        counts = (_count(document.references, "reference"), _count(document.disclaimers, "disclaimer"))
        _show_line(out, document, (level, date, *_identifiers(document.provenance), *counts))
    out.print(plain(f"{len(documents)} of {among} documents"))


def show_document(out: Console, document: Document, whole: bool) -> None:
    """All that is known of a document and where its blocks stand, or its ``whole`` text."""
    out.print(labelled(_about(document)))
    _show_notices(out, document)
    _show_references(out, document)
    if whole:
        _show_head(out, "text")
        out.print(plain(document.text))
        return
    _show_head(out, "blocks", len(document.blocks))
    table = _table("", "kind", "page", "section", "characters", "begins")
    for number, block in enumerate(document.blocks, 1):
        pages, section = page_words(document.pages_of(block.span)), " › ".join(block.section)
        begins = document.text[block.span.start : block.span.start + 60].replace("\n", " ")
        table.add_row(*map(plain, (str(number), block.kind.value, pages, section, _characters(block.span), begins)))
    out.print(table)


def show_inspection(out: Console, inspection: Inspection) -> None:
    """A file as its reader sees it; of several documents only the list."""
    if len(inspection.documents) > 1:
        out.print(labelled(_about_file(inspection)))
        _show_parts(out, inspection.documents)
        return
    document = inspection.documents[0]
    out.print(labelled({**_about_file(inspection), **_about(document), **_counts(document)}))
    _show_notices(out, document)
    for place, blocks in groupby(document.blocks, lambda block: _place(document, block)):
        out.print(Rule(style="dim"))
        out.print(plain(place or "before the first section", "bold"))
        for block in blocks:
            _show_block(out, document, block)
    _show_references(out, document)


def show_added(out: Console, file: Path, documents: Sequence[Document]) -> None:
    """What was found in a file that is now part of the literature."""
    say(out, f"added {file}")
    if len(documents) == 1:
        out.print(Padding(labelled({**_about(documents[0]), **_counts(documents[0])}), _INDENTED))
        return
    out.print(Padding(plain(f"{len(documents)} documents"), _INDENTED))
    for document in documents[:_NAMED]:
        out.print(Padding(plain(f"{document.id}: {document.provenance.title}"), _INDENTED))
    if len(documents) > _NAMED:
        out.print(Padding(plain("…"), _INDENTED))


def _show_parts(out: Console, documents: Collection[Document]) -> None:
    for document in documents:
        tables = [block for block in document.blocks if block.kind is BlockKind.TABLE]
        counts = (_count(document.blocks, "block"), _count(tables, "table"), _count(document.references, "reference"))
        _show_line(out, document, counts)
    out.print(plain(f"{len(documents)} documents; to see one: --document ID"))


def _show_line(out: Console, document: Document, known: Iterable[str]) -> None:
    """The id of a document on a line of its own, to be copied; below it its title and what else is ``known``."""
    out.print(plain(document.id, "bold"), soft_wrap=True)
    out.print(Padding(plain(document.provenance.title), _INDENTED))
    if document.provenance.retracted:
        out.print(Padding(retraction(document.provenance.retracted), _INDENTED))
    out.print(Padding(plain(" · ".join(filter(None, known)), "dim"), _INDENTED))


def _about_file(inspection: Inspection) -> dict[str, str | Text]:
    sidecar = {"sidecar": inspection.sidecar.name} if inspection.sidecar else {}
    problems = {"not read": f"{len(inspection.problems)}, named at the end"} if inspection.problems else {}
    return {"file": str(inspection.file), "format": inspection.format.value, **sidecar, **problems}


def _about(document: Document) -> dict[str, str | Text]:
    """Provenance by its labels; what is missing is said."""
    provenance = document.provenance
    rows: dict[str, str | Text] = {"document": plain(document.id, "bold"), "title": plain(provenance.title, "bold")}
    if provenance.retracted:
        rows["retracted"] = retraction(provenance.retracted)
    rows["evidence level"] = provenance.evidence_level.value
    for label, value in (
        ("kind", provenance.kind),
        ("publisher", provenance.publisher),
        ("authors", _authors(provenance)),
        ("date", provenance.date),
        ("address", provenance.url),
        ("licence", provenance.licence),
        ("identifiers", "\n".join(_identifiers(provenance))),
    ):
        rows[label] = value or plain(_NOT_STATED, "dim")
    return {**rows, "notes": "\n".join(provenance.notes)} if provenance.notes else rows


def _authors(provenance: Provenance) -> str:
    more = len(provenance.authors) - _NAMED
    return ", ".join(provenance.authors[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _count(things: Sized, name: str) -> str:
    return f"{len(things)} {name}{'s' if len(things) > 1 else ''}" if things else ""


def _identifiers(provenance: Provenance) -> list[str]:
    return [f"{identifier.scheme} {identifier.value}" for identifier in provenance.identifiers]


def _counts(document: Document) -> dict[str, str | Text]:
    kinds = Counter(block.kind for block in document.blocks)
    sentences = sum(len(block.sentences) for block in document.blocks)
    known = sum(bool(reference.doi or reference.pmid) for reference in document.references)
    used = dict.fromkeys(m for block in document.blocks for sentence in block.sentences for m in sentence.markers)
    unlisted = ", ".join(marker for marker in used if marker not in document.markers)
    pages = f", {len(document.pages)} pages" if document.pages else ""
    return {
        "text": f"{len(document.text)} characters{pages}",
        "blocks": f"{len(document.blocks)}: {', '.join(f'{count} {kind.value}' for kind, count in kinds.items())}",
        "to be quoted": f"{sentences} sentences, items and rows",
        "references": f"{len(document.references)}, {known} with DOI or PMID",
        "markers": f"{len(used)}{f', of which no reference: {unlisted}' if unlisted else ''}",
        "disclaimers": str(len(document.disclaimers)),
    }


def _table(*names: str) -> Table:
    """An empty table that breaks long words rather than cutting them."""
    table = Table(box=box.SIMPLE_HEAD)
    for name in names:
        table.add_column(plain(name), overflow="fold")
    return table


def _show_head(out: Console, name: str, count: int | None = None) -> None:
    out.print()
    out.print(plain(name if count is None else f"{name} ({count})", "bold"))


def _show_notices(out: Console, document: Document) -> None:
    if document.disclaimers:
        _show_head(out, "disclaimers", len(document.disclaimers))
    for disclaimer in document.disclaimers:
        out.print(Padding(plain(disclaimer.text, "italic"), _INDENTED))


def _show_references(out: Console, document: Document) -> None:
    if not document.references:
        return
    _show_head(out, "references", len(document.references))
    for reference in document.references:
        marked = plain(f"[{reference.marker}] ", "cyan").append_text(reference_text(reference))
        out.print(Padding(marked, _INDENTED))


def _place(document: Document, block: Block) -> str:
    """Where a block stands: its page and its section."""
    pages = page_words(document.pages_of(block.span)[:1])
    return " · ".join(part for part in (pages, " › ".join(block.section)) if part)


def _show_block(out: Console, document: Document, block: Block) -> None:
    pages = document.pages_of(block.span)
    turns = f" {page_words(pages)}" if len(pages) > 1 else ""
    head = plain(f"{block.kind.value} {_characters(block.span)}{turns}", "dim")
    if not block.sentences:
        out.print(head.append_text(plain(f"  {document.quote(block.span)}", "not dim bold")))
        return
    out.print(head)
    shown = _rows(document, block) if block.kind is BlockKind.TABLE else _sentences(document, block)
    out.print(Padding(shown, _INDENTED))


def _sentences(document: Document, block: Block) -> Table:
    """Each sentence with its characters, behind what it leans on where that changes."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    lead: tuple[Span, ...] = ()
    for sentence in block.sentences:
        if sentence.lead != lead:
            lead = sentence.lead
            table.add_row(plain("leans on", "dim"), plain(_leads(document, lead), "dim"))
        table.add_row(plain(_characters(sentence.span), "dim"), _marked(document, sentence))
    return table


def _rows(document: Document, block: Block) -> Group:
    """The rows of a table under its header, cell by cell; captions stand above as what the rows lean on."""
    leads = block.sentences[0].lead
    header = next((span for span in leads if span.start >= block.span.start), None)
    captions = [span for span in leads if span != header]
    table = _table("characters", *(document.quote(header).split(CELL_BREAK) if header else ()), "cites")
    table.box, table.show_lines, table.columns[0].no_wrap = box.ROUNDED, True, True
    for sentence in block.sentences:
        cells = document.quote(sentence.span).split(CELL_BREAK)
        table.add_row(_characters(sentence.span), *map(plain, cells), _markers(document, sentence))
    return Group(*(plain(f"leans on {_leads(document, [caption])}", "dim") for caption in captions), table)


def _leads(document: Document, spans: Iterable[Span]) -> str:
    return " + ".join(f"{_characters(span)} “{document.quote(span)}”" for span in spans) or "nothing"


def _marked(document: Document, sentence: Sentence) -> Text:
    text = plain(document.quote(sentence.span))
    return text.append("  → ").append_text(_markers(document, sentence)) if sentence.markers else text


def _markers(document: Document, sentence: Sentence) -> Text:
    """The markers of a sentence, red where the reference list has no such entry."""
    listed = document.markers
    return Text(", ").join(plain(marker, "cyan" if marker in listed else "red") for marker in sentence.markers)


def _characters(span: Span) -> str:
    return f"{span.start}–{span.end}"
