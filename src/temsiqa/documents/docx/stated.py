"""What a Word document states of itself: its properties, where somebody and no template filled them in."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.parts.coreprops import CorePropertiesPart

from temsiqa.documents.stated import Stated

_NO_TITLE = re.compile(r"(?:word )?document ?\d*|untitled.*|microsoft word - .*|.*\.(?:docx?|dotx?|rtf)", re.IGNORECASE)
_NO_AUTHOR = re.compile(
    r"python-docx|(?:windows |microsoft office |office )?user|admin(?:istrator)?|author|owner|unknown|apache poi", re.I
)
_OF_TEMPLATE = datetime(2013, 12, 23, 23, 15, tzinfo=UTC)  # of the document that python-docx starts from


def stated_of(document: WordDocument, title: str) -> Stated:
    """The provenance of a document; ``title`` is what stands in its text as its title, and goes before its property."""
    package = document.part.package
    parts = [rel.target_part for rel in package.rels.values() if rel.reltype == RELATIONSHIP_TYPE.CORE_PROPERTIES]
    if not parts or not isinstance(parts[0], CorePropertiesPart):
        return Stated(title=title or None)
    properties = parts[0].core_properties
    authors = (author.strip() for author in properties.author.split(";"))
    return Stated(
        title=title or (None if _NO_TITLE.fullmatch(properties.title) else properties.title) or None,
        authors=tuple(author for author in authors if author and not _NO_AUTHOR.fullmatch(author)),
        date=_date(properties.modified) or _date(properties.created),
    )


def _date(moment: datetime | None) -> str | None:
    is_told = moment is not None and moment.replace(tzinfo=UTC) != _OF_TEMPLATE
    return moment.date().isoformat() if moment is not None and is_told else None
