"""Files made to break, bloat, stall or lead astray whoever reads them, by family. Each is made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from documents.hostile.bait import Bait, Hostile
from documents.hostile.encodings import encodings, lies
from documents.hostile.html import html_files
from documents.hostile.packed import archives
from documents.hostile.pdf import pdf_files
from documents.hostile.plain import markdown_files, record_files, yaml_files
from documents.hostile.word import word_files
from documents.hostile.xml import xml_files

__all__ = ["FAMILIES", "Bait", "Hostile"]

FAMILIES: dict[str, Callable[[Bait], Iterator[Hostile]]] = {
    "XML": xml_files,
    "archives": archives,
    "Word": word_files,
    "HTML": html_files,
    "PDF": pdf_files,
    "Markdown": markdown_files,
    "YAML": yaml_files,
    "records": record_files,
    "encodings": encodings,
    "lies": lies,
}
