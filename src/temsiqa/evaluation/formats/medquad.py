"""MedQuAD: XML with the pairs of one page on health (Ben Abacha and Demner-Fushman 2019)."""

from __future__ import annotations

from temsiqa.documents.xml import attribute, find, find_all, local_name, parse_xml, text_of
from temsiqa.errors import DocumentError
from temsiqa.evaluation.formats.record import Found, Record, UnreadableError, at_line


def read_medquad(data: bytes, name: str) -> Found:
    """A record for each pair. Many answers were taken out of the collection: their questions are passed over.

    Raises ``UnreadableError`` when it is other XML, or none.
    """
    try:
        root = parse_xml(data, name)
    except DocumentError as error:
        raise UnreadableError(name, str(error).removeprefix(f"{name}: ")) from error
    pairs = find_all(root, "QAPairs/QAPair")
    if local_name(root) != "Document" or not pairs:
        raise UnreadableError(name, "XML without MedQuAD's Document and QAPairs; give another format")
    focus = text_of(find(root, "Focus"))
    for pair in pairs:
        question, answer = find(pair, "Question"), text_of(find(pair, "Answer"))
        if answer:
            fields = {
                "id": attribute(question, "qid"),
                "question": text_of(question),
                "answer": answer,
                "type": attribute(question, "qtype"),
                "focus": focus,
            }
            yield Record(at_line(name, pair.sourceline or 1), {field: text for field, text in fields.items() if text})
