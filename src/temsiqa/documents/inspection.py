"""What a reader makes of one file, wherever it lies: for whoever wants to know why a document came out as it did."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from temsiqa.documents.corpus import FileReader
from temsiqa.documents.formats import Format, format_of
from temsiqa.documents.sidecar import sidecar_of
from temsiqa.errors import DocumentError
from temsiqa.model import Document


@dataclass(frozen=True, slots=True)
class Inspection:
    """The documents of a file and what of it could not be read; ``sidecar`` is the one that was applied."""

    file: Path
    format: Format
    sidecar: Path | None
    documents: tuple[Document, ...]
    problems: tuple[DocumentError, ...]

    def only(self, name: str) -> Inspection:
        """With nothing but the document of that id, or of that name inside the file. Raises ``DocumentError``."""
        inside = f"{self.file.name}/"
        found = tuple(d for d in self.documents if name in (d.id, d.id.removeprefix(inside)))
        if not found:
            raise DocumentError(
                f"{name}: none of the {len(self.documents)} documents of {self.file.name}; name another"
            )
        return replace(self, documents=found)

    def on_page(self, page: int) -> Inspection:
        """With nothing but the blocks on that page of its one document. Raises ``DocumentError`` when there is none."""
        document = self.documents[0]
        if len(self.documents) > 1:
            raise DocumentError(
                f"page {page}: {self.file.name} holds {len(self.documents)} documents; name one of them"
            )
        if page > len(document.pages):
            pages = f"{len(document.pages)} pages" if document.pages else "no pages in its format"
            raise DocumentError(f"page {page}: {document.id} has {pages}; name another or none")
        blocks = tuple(block for block in document.blocks if page in document.pages_of(block.span))
        return replace(self, documents=(replace(document, blocks=blocks),))


def inspect_file(path: Path, read: FileReader) -> Inspection:
    """What ``read`` finds in a file. Raises ``DocumentError`` when that is no document at all."""
    found = list(read(path, path.name))
    documents = tuple(item for item in found if isinstance(item, Document))
    problems = tuple(item for item in found if isinstance(item, DocumentError))
    # Where documents came out the reader has told the format before, within its limits; so it may be told again here.
    format = format_of(path.read_bytes(), path.name) if documents else None
    if format is None:
        formats = ", ".join(format.value for format in Format)
        unknown = DocumentError(f"{path.name}: in no format that is read here ({formats}); convert it")
        raise problems[0] if problems else unknown
    return Inspection(path, format, sidecar_of(path), documents, problems)
