"""What tests of XML formats share: small articles and labels, and generated ones whose words are known."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from hypothesis import strategies as st

from document_support import SENTENCES, WORDS
from temsiqa.documents.assemble import assemble
from temsiqa.documents.jats.reader import read_jats
from temsiqa.documents.outline import Outline
from temsiqa.documents.spl import read_spl
from temsiqa.errors import DocumentError
from temsiqa.model import Document

TITLE = "<title-group><article-title>Orvexamide</article-title></title-group>"


def article(body: str = "", back: str = "", meta: str = TITLE, front: str = "", attributes: str = "") -> str:
    """A JATS article."""
    spaces = "xmlns:xlink='http://www.w3.org/1999/xlink' xmlns:mml='http://www.w3.org/1998/Math/MathML'"
    return (
        f"<article {spaces} {attributes}>"
        f"<front>{front}<article-meta>{meta}</article-meta></front><body>{body}</body><back>{back}</back></article>"
    )


def label(sections: str, head: str = "<title>ORVEX</title>") -> str:
    """An SPL drug label."""
    return (
        '<document xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{head}<component><structuredBody>{sections}</structuredBody></component></document>"
    )


def section(text: str, title: str = "", code: str = "42229-5", called: str = "SPL UNCLASSIFIED SECTION") -> str:
    """A section of a drug label; ``text`` may be followed by further elements."""
    titled = f"<title>{title}</title>" if title else ""
    return f'<component><section><code code="{code}" displayName="{called}"/>{titled}{text}</section></component>'


def only(outlines: Iterable[Outline | DocumentError]) -> Outline:
    """The one outline of a file."""
    (outline,) = outlines
    assert isinstance(outline, Outline)
    return outline


def jats_document(text: str, name: str = "a.xml") -> Document:
    """The document of a JATS article."""
    return assemble(only(read_jats(text.encode(), name)), name)


def spl_document(text: str, name: str = "a.xml") -> Document:
    """The document of a drug label."""
    return assemble(only(read_spl(text.encode(), name)), name)


def quotes(document: Document) -> list[str]:
    """Everything that can be quoted, in order."""
    return [document.quote(s.span) for block in document.blocks for s in block.sentences]


def leads(document: Document) -> dict[str, list[str]]:
    """What leads into each thing that can be quoted."""
    return {
        document.quote(s.span): [document.quote(lead) for lead in s.lead] for b in document.blocks for s in b.sentences
    }


def sections(document: Document) -> dict[str, tuple[str, ...]]:
    """The section path of everything that can be quoted."""
    return {document.quote(s.span): block.section for block in document.blocks for s in block.sentences}


def texts_in(tag: str, tags: Iterable[str]) -> st.SearchStrategy[str]:
    """A ``tag`` with sentences in it, some of whose words begin outside of another tag and end inside."""
    cut = st.tuples(st.sampled_from(["", *tags]), st.integers(0, 2))

    def marked(sentence: str, cuts: list[tuple[str, int]]) -> str:
        words = sentence.split(" ")
        for place, (inner, at) in enumerate(cuts[: len(words)]):
            before, after = escape(words[place][:at]), escape(words[place][at:])
            words[place] = f"{before}<{inner}>{after}</{inner.split()[0]}>" if inner else before + after
        return f"<{tag}>{' '.join(words)}</{tag}>"

    return st.builds(marked, SENTENCES, st.lists(cut, max_size=8))


def tables_of(cells: st.SearchStrategy[str] = WORDS) -> st.SearchStrategy[str]:
    """An XHTML table, with a head or without."""
    row = st.lists(cells.map(escape), min_size=2, max_size=2)

    def built(rows: list[list[str]], headed: bool) -> str:
        lines = ["".join(f"<td>{cell}</td>" for cell in cells) for cells in rows]
        head = f"<thead><tr>{lines[0]}</tr></thead>" if headed else ""
        return f"<table>{head}<tbody>{''.join(f'<tr>{line}</tr>' for line in lines[headed:])}</tbody></table>"

    return st.builds(built, st.lists(row, min_size=2, max_size=4), st.booleans())


def soup_of(names: str, attributes: Iterable[str]) -> st.SearchStrategy[str]:
    """Elements of a vocabulary in each other in ways that no document type allows."""
    texts = st.sampled_from(
        ["", "word", " It grows (", "1", "2, 3", ") ", "[", "2010a", "\n", "1900", "&amp;", "Disclaimer: x"]
    )
    name = st.sampled_from(names.split())
    attribute = st.sampled_from(["", *attributes])

    def wrapped(name: str, attribute: str, parts: list[str]) -> str:
        return f"<{name} {attribute}>{''.join(parts)}</{name}>"

    def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.builds(wrapped, name, attribute, st.lists(st.one_of(texts, inner), max_size=4))

    return st.lists(st.recursive(texts, grown, max_leaves=25), min_size=1, max_size=6).map("".join)


def nested(opening: str, inside: str, times: int) -> str:
    """``inside`` in as many elements; ``opening`` holds their start tags."""
    names = [tag.strip("<>").split()[0] for tag in opening.split("><")]
    return opening * times + inside + "".join(f"</{name}>" for name in reversed(names)) * times
