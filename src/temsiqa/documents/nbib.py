"""MEDLINE records with tags, as PubMed exports them (NBIB) → outlines, one a record."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from temsiqa.documents.canonical import clean, one_line
from temsiqa.documents.outline import Outline
from temsiqa.documents.publication import Publication, Sections, plain_doi, read_publications
from temsiqa.errors import DocumentError

Fields = Sequence[tuple[str, str]]

# Two to four letters filled up to four columns, a hyphen, and the value after a blank.
_FIELD = re.compile(rb"(?P<tag>[A-Z]{4}|[A-Z]{3} |[A-Z]{2} {2})-(?: (?P<value>.*))?", re.DOTALL)
_LABEL = re.compile(r"(?:^|(?<=[.?!)\]] ))(?P<label>[^\W\d_][^\d.:;?!\[\]]{2,79}): ")
_SHORTEST_LABEL = 4  # shorter words in capitals are mostly abbreviations: "PFS: 5 months"
_SHORT_LABELS = frozenset({"AIM"})
_FULL_NAME = re.compile(r"(?P<surname>[^,]+), (?P<given>[^,]+?)(?P<suffix> (?:Jr|Sr|\d(?:nd|rd|th)))?")
_SUPPLIER = re.compile(r"(?:AAMC|AIDS|KIE|NASA|PIP|Publisher|plain-language-summary): ")
# Tags of other publications, and what PubMed XML calls the relation.
_RELATIONS = {
    "RIN": "RetractionIn",
    "RRI": "RetractedandRepublishedIn",
    "PRIN": "PartialRetractionIn",
    "ECI": "ExpressionOfConcernIn",
    "EIN": "ErratumIn",
    "CRI": "CorrectedandRepublishedIn",
    "UIN": "UpdateIn",
    "ROF": "RetractionOf",
    "ECF": "ExpressionOfConcernFor",
    "EFR": "ErratumFor",
}


def read_nbib(data: bytes, name: str) -> Iterator[Outline | DocumentError]:
    """One outline for each record, ``part`` is its PMID; an error for each that is bad or holds no abstract.

    Raises ``DocumentError`` when the file holds no record.
    """
    return read_publications(map(_publication, _records(data)), name)


def _records(data: bytes) -> Iterator[list[bytes]]:
    """The lines of each record: one begins with a PMID, or with any tag after a blank line."""
    record: list[bytes] = []
    after_blank = False
    for line in data.removeprefix(b"\xef\xbb\xbf").splitlines():
        field = _FIELD.fullmatch(line)
        if record and field and (after_blank or field["tag"] == b"PMID"):
            yield record
            record = []
        after_blank = not line.strip()
        if not after_blank:
            record.append(line)
    if record:
        yield record


def _publication(lines: Sequence[bytes]) -> Publication | str:
    try:
        fields = [(tag, one_line(clean(value.decode("utf-8")))) for tag, value in _fields(lines)]
    except UnicodeDecodeError as error:
        return f"byte {error.object[error.start]:#04x} in it is not UTF-8; save the file as UTF-8"
    values: defaultdict[str, list[str]] = defaultdict(list)
    for tag, value in fields:
        values[tag] += [value] if value else []

    def first(*tags: str) -> str:
        return next((values[tag][0] for tag in tags if values[tag]), "")

    return Publication(
        pmid=first("PMID"),
        title=first("TI", "BTI"),
        vernacular_title=first("TT"),
        abstract=_sections(first("AB")),
        other_abstracts=_other_abstracts(fields),
        keywords=[keyword.lstrip("*") for keyword in values["OT"]],
        authors=_authors(fields),
        journal=first("JT", "TA", "PB"),
        date=first("DEP", "DP"),
        doi=_doi([*values["LID"], *values["AID"]]),
        pmcid=first("PMC"),
        types=values["PT"],
        subjects=[heading.partition("/")[0].lstrip("*") for heading in values["MH"]],
        related=[(_RELATIONS[tag], value) for tag, value in fields if tag in _RELATIONS],
        copyright=first("CI"),
        ahead_of_print=first("PST") == "aheadofprint",
    )


def _fields(lines: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    """Tag and value of each field; what has no tag goes on with the field before."""
    tag, value = "", list[bytes]()
    for line in lines:
        if field := _FIELD.fullmatch(line):
            yield tag, b" ".join(value)
            tag, value = field["tag"].decode().strip(), []
        value.append(field["value"] or b"" if field else line.strip())
    yield tag, b" ".join(value)


def _sections(text: str) -> Sections:
    """An abstract in the sections whose labels stand in it in capitals at the start of a sentence."""
    labels = [match for match in _LABEL.finditer(text) if _is_label(match["label"])]
    ends = [*(match.start() for match in labels), len(text)]
    parts = [("", text[: ends[0]])]
    parts += [(match["label"], text[match.end() : end]) for match, end in zip(labels, ends[1:], strict=True)]
    return [(label, part.strip()) for label, part in parts if part.strip()]


def _is_label(words: str) -> bool:
    return words.isupper() and (len(words) >= _SHORTEST_LABEL or words in _SHORT_LABELS)


def _other_abstracts(fields: Fields) -> list[tuple[str, Sections]]:
    """Abstracts in other languages; the field after each names its own."""
    texts = [_SUPPLIER.sub("", value, count=1) for tag, value in fields if tag == "OAB"]
    languages = [value for tag, value in fields if tag == "OABL"]
    languages += [""] * (len(texts) - len(languages))
    return [
        (f"Abstract ({language})" if language else "Abstract", _sections(text))
        for text, language in zip(texts, languages, strict=False)
    ]


def _authors(fields: Fields) -> list[str]:
    """Persons and groups in their order, persons by their full names where they are given."""
    person = "FAU" if any(tag == "FAU" for tag, _ in fields) else "AU"
    return [_named(value) for tag, value in fields if tag in (person, "CN") and value]


def _named(author: str) -> str:
    """``Qiao, Shan`` as Shan Qiao; other names as they stand."""
    match = _FULL_NAME.fullmatch(author)
    return f"{match['given']} {match['surname']}{match['suffix'] or ''}" if match else author


def _doi(located: Sequence[str]) -> str | None:
    found = (plain_doi(value.removesuffix("[doi]")) for value in located)
    return next((doi for doi in found if doi), None)
