"""XML in every dialect, Word's included: entities, documents of elsewhere, depth and size."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from documents.hostile.bait import SENTENCE, Bait, Hostile
from documents.hostile.word import docx


def jats(doctype: str, words: str) -> bytes:
    """A JATS article."""
    return (
        f'<?xml version="1.0"?>{doctype.replace("{root}", "article")}<article><front><article-meta><title-group>'
        "<article-title>Otters</article-title></title-group></article-meta></front>"
        f"<body><sec><title>Sleep</title><p>{SENTENCE} {words}</p></sec></body></article>"
    ).encode()


def spl(doctype: str, words: str) -> bytes:
    """A drug label."""
    return (
        f'<?xml version="1.0"?>{doctype.replace("{root}", "document")}'
        '<document xmlns="urn:hl7-org:v3"><title>Otters</title>'
        "<component><structuredBody><component><section><title>Sleep</title><text>"
        f"<paragraph>{SENTENCE} {words}</paragraph>"
        "</text></section></component></structuredBody></component></document>"
    ).encode()


def pubmed(doctype: str, words: str) -> bytes:
    """An export of PubMed with one record."""
    return (
        f'<?xml version="1.0"?>{doctype.replace("{root}", "PubmedArticleSet")}<PubmedArticleSet><PubmedArticle>'
        "<MedlineCitation><PMID>1</PMID><Article><ArticleTitle>Otters</ArticleTitle><Abstract>"
        f"<AbstractText>{SENTENCE} {words}</AbstractText>"
        "</Abstract></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
    ).encode()


def word(doctype: str, words: str) -> bytes:
    """A Word document."""
    return docx(f"<w:p><w:r><w:t>{SENTENCE} {words}</w:t></w:r></w:p>", doctype.replace("{root}", "w:document"))


DIALECTS = {"jats.nxml": jats, "spl.xml": spl, "pubmed.xml": pubmed, "word.docx": word}


def entities(*declarations: str) -> str:
    """A document type with declarations of its own."""
    return f"<!DOCTYPE {{root}} [{''.join(declarations)}]>"


def tenfold(sign: str, names: str, form: str) -> list[str]:
    """Declarations of entities, each ten times the one before."""
    return [form % (own, f"{sign}{before};" * 10) for before, own in pairwise(names)]


def attacks(bait: Bait) -> dict[str, tuple[str, str]]:
    """Document type and words of each attack."""
    file, url = f"file://{bait.file}", bait.url
    include = f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{file}" parse="text"/>'
    laughs = tenfold("&", "abcdefghij", '<!ENTITY %s "%s">')
    parameters = tenfold("&#37;", "abcdefgh", '<!ENTITY %% %s "%s">')
    return {
        "laughs": (entities('<!ENTITY a "ha">', *laughs), "&j;"),
        "quadratic": (entities(f'<!ENTITY a "{"ha" * 10_000}">'), "&a;" * 100_000),
        "parameters": (entities("<!ENTITY % a \"<!ENTITY b 'ha'>\">", *parameters, "%h;"), "&b;"),
        "recursive": (entities('<!ENTITY a "&b;">', '<!ENTITY b "&a;">'), "&a;"),
        "external-file": (entities(f'<!ENTITY a SYSTEM "{file}">'), "&a;"),
        "external-http": (entities(f'<!ENTITY a SYSTEM "{url}a">'), "&a;"),
        "external-parameter": (entities(f'<!ENTITY % a SYSTEM "{url}a.dtd">', "%a;"), "&a;"),
        "default-attribute": (entities('<!ENTITY a "ha">', '<!ATTLIST x b CDATA "&a;">'), "<x/>"),
        "many-entities": (entities(*(f'<!ENTITY a{n} "ha">' for n in range(2_500))), ""),
        "network-dtd": (f'<!DOCTYPE {{root}} SYSTEM "{url}a.dtd">', ""),
        "file-dtd": (f'<!DOCTYPE {{root}} SYSTEM "{file}">', ""),
        "open-doctype": ("<!DOCTYPE {root} [" + "<!-- a -->" * 5_000, ""),
        "xinclude": ("", include),
        "stylesheet": (f'<?xml-stylesheet type="text/xsl" href="{url}a.xsl"?>', ""),
        "nested": ("", "<x>" * 100_000 + "</x>" * 100_000),
        "nested-200": ("", "<b>" * 200 + "a" + "</b>" * 200),
        "attribute": ("", f'<x a="{"a" * 11_000_000}"/>'),
        "attributes": ("", "<x " + "".join(f"a{n}='' " for n in range(50_000)) + "/>"),
        "siblings": ("", "<x/>" * 20_000),
        "cut": ("", "<x>"),
        "characters": ("", "&#0;&#xD800;&#x110000;"),
    }


def xml_files(bait: Bait) -> Iterator[Hostile]:
    """Every attack in every dialect."""
    for attack, (doctype, words) in attacks(bait).items():
        for name, dialect in DIALECTS.items():
            yield Hostile(f"{attack}-{name}", dialect(doctype, words))
    for name, dialect in DIALECTS.items():
        sound = dialect("", "")
        yield Hostile(f"utf7-{name}", sound.replace(b'"1.0"?', b'"1.0" encoding="UTF-7"?'))
        yield Hostile(f"lying-encoding-{name}", sound.replace(b'"1.0"?', b'"1.0" encoding="UTF-16"?'))
        yield Hostile(f"junk-{name}", sound[:-30] + bytes(range(256)))
