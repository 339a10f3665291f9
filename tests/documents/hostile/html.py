"""Web pages of too much, too deep or too tricky a markup."""

from __future__ import annotations

from collections.abc import Iterator

from documents.hostile.bait import SENTENCE, Bait, Hostile

NESTED = ("div", "ul><li", "blockquote", "table><tr><td", "b", "a", "sup", "dl><dd", "svg", "font><p")
ENDLESS = frozenset({"million-cells", "attribute", "attributes", "paragraphs", "links", "breaks", "misnested"})


def page(inside: str, head: str = "") -> str:
    """A web page."""
    return (
        f"<!DOCTYPE html><html><head><title>Otters</title>{head}</head>"
        f"<body><main><h1>Otters</h1><p>{SENTENCE}</p>{inside}</main></body></html>"
    )


def grid(rows: int, columns: int, attributes: str = "") -> str:
    """A table."""
    return "<table>" + f"<tr>{f'<td {attributes}>7</td>' * columns}</tr>" * rows + "</table>"


def nested(tag: str, depth: int) -> str:
    """Elements in elements."""
    return f"<{tag}>" * depth + "a" + f"</{tag}>" * depth


def html_files(bait: Bait) -> Iterator[Hostile]:
    """Web pages."""
    for tag in NESTED:
        name = tag.replace("><", "-")
        yield Hostile(f"nested-{name}.html", page(nested(tag, 100_000)).encode(), endless=tag == "a")
        yield Hostile(f"nested-200-{name}.html", page(nested(tag, 200)).encode())
    for name, inside in {**tables(), **markup(), **tricks()}.items():
        yield Hostile(f"{name}.html", page(inside).encode(), endless=name in ENDLESS)
    for name, head in heads(bait).items():
        yield Hostile(f"{name}.html", page("naïve +ADw-b+AD4-", head).encode())
    for name, text in pages().items():
        yield Hostile(f"{name}.html", text.encode("latin-1"))
    yield Hostile("entities.xhtml", xhtml(bait).encode())


def tables() -> dict[str, str]:
    """Tables."""
    return {
        "million-cells": grid(10_000, 100),
        "rowspan": grid(2, 2, "rowspan=1000000000"),
        "colspan": grid(2, 2, "colspan=1000000000"),
        "both-spans": grid(3, 3, "rowspan=65534 colspan=1000"),
        "spans": grid(500, 3, "rowspan=65534"),
        "spans-odd": grid(2, 2, "rowspan=-1 colspan=zz"),
        "wide-and-long": f"<table><tr>{'<td>7' * 3_000}</tr>{'<tr><td>7</tr>' * 3_000}</table>",
    }


def markup() -> dict[str, str]:
    """Too much of one thing."""
    return {
        "attribute": f'<p class="{"a " * 50_000}">{SENTENCE}</p>',
        "attributes": f"<p {' '.join(f'a{n}' for n in range(8_000))}>{SENTENCE}</p>",
        "tag-name": f"<{'a' * 3_000_000}>{SENTENCE}",
        "entities": "&#99999999999;&#x110000;&#0;&#xD800;&;&#;&notin;&nosuch;" * 5_000,
        "ampersands": "&" * 500_000,
        "long-entity": "&" + "a" * 500_000 + ";",
        "paragraphs": "<p>a" * 10_000,
        "links": "<a href='#'>a</a> " * 5_000,
        "breaks": "a<br>" * 10_000,
        "misnested": "<b><i><p></b>a</i>" * 2_000,
        "formatting": "<p>" + "<b><i><u><s>" * 400 + "<p>a" * 400,
        "open-tags": "<" * 300_000,
        "quotes": '<p class="' + "'" * 300_000,
        "nul": "a\0b" * 1_000,
        "controls": "&#8238;" + "a\x07\u202e\u200b" * 10_000,
    }


def tricks() -> dict[str, str]:
    """Comments and scripts that may hide a page or show what it hides."""
    return {
        "comments": "<!--" * 50_000 + "-->",
        "open-comment": "<!-- " + SENTENCE * 1_000,
        "comment-ends": "<!--><script>a</script --><!---><!-- --!> --><![CDATA[ <p> ]]><!x>",
        "open-script": "<script>" + "<p>a</p>" * 10_000,
        "scripts": "<script><!--<script></script>--></script><style><p>" * 1_000,
        "plaintext": "<plaintext><textarea><title><xmp>" * 1_000,
    }


def heads(bait: Bait) -> dict[str, str]:
    """Heads that lie about the page, or ask for more."""
    url, file = bait.url, f"file://{bait.file}"
    return {
        "utf7": "<meta charset=utf-7>",
        "utf16-lie": "<meta charset=utf-16>",
        "charset": "<meta charset='no-such-charset'>",
        "structured-data": f"<script type='application/ld+json'>{'[' * 100_000}</script>",
        "meta": "<meta name='citation_author' content='a'>" * 5_000,
        "addresses": f"<base href='{url}'><link rel=stylesheet href='{url}'><script src='{url}'></script>"
        f"<img src='{url}'><iframe src='{file}'></iframe><meta http-equiv=refresh content='0; url={file}'>",
    }


def pages() -> dict[str, str]:
    """Whole pages."""
    return {
        "latin": page("naïve"),
        "no-text": "<html><head><title>Otters</title></head><body><script>document.write('Otters')</script></html>",
        "frames": "<html><frameset><frame src='a'></frameset></html>",
        "empty-body": "<html></html>",
        "only-doctype": "<!DOCTYPE html>",
    }


def xhtml(bait: Bait) -> str:
    """A page whose entities lie elsewhere."""
    return (
        f'<!DOCTYPE html [<!ENTITY a SYSTEM "file://{bait.file}"><!ENTITY b SYSTEM "{bait.url}">]>'
        f'<html xmlns="http://www.w3.org/1999/xhtml"><body><main><p>{SENTENCE} &a; &b;</p></main></body></html>'
    )
