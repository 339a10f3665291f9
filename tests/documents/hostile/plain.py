"""Markdown and plain text, YAML, JSON lines and NBIB."""

from __future__ import annotations

import json
from collections.abc import Iterator

from documents.hostile.bait import SENTENCE, Bait, Hostile

WORD = SENTENCE + " "
# Each of these may stall a pattern or a parser, and is long enough to tell linear from quadratic time.
MARKDOWN = {
    "quotes": ">" * 20_000 + " a",
    "lists": "- " * 20_000 + "a",
    "deep-lists": "".join(f"{'  ' * n}- a\n" for n in range(1_000)),
    "numbers": "1. " * 20_000 + "a",
    "brackets": "[" * 15_000,
    "links": "[a](" * 10_000,
    "images": "![" * 5_000,
    "closing": "a](b" * 20_000,
    "emphasis": "*a _b " * 8_000,
    "stars": "*" * 50_000 + "a",
    "mixed-stars": "a**b" + "c* " * 20_000,
    "ticks": "".join("`" * n + "a" for n in range(200)),
    "tags": "<a " * 20_000,
    "comments": "<!--" * 20_000,
    "declarations": "<?" * 8_000 + "<!A" * 8_000,
    "entities": "&" * 50_000 + "&#1234567890;" * 5_000,
    "definitions": "".join(f"[a{n}]: b\n" for n in range(10_000)),
    "same-definition": "[a]: b\n" * 5_000 + "[a]" * 20_000,
    "open-definition": "[a]: <" + "b" * 50_000,
    "columns": "|" + "a|" * 1_000 + "\n|" + "-|" * 1_000 + "\n" + ("|" + "b|" * 1_000 + "\n") * 10,
    "rows": "|a|\n|-|\n" + "|b|\n" * 4_000,
    "pipes": "|" * 50_000 + "\n" + "|-" * 50_000,
    "headings": "# a\n" * 8_000,
    "hashes": "#" * 100_000 + "\n" + "# " + "#" * 100_000,
    "rules": "---\n" * 20_000,
    "underlines": "a\n===\n" * 4_000,
    "fences": "```\n" * 20_001,
    "html": "<div>\n\n" * 10_000,
    "breaks": "a  \n" * 10_000,
    "backslashes": "\\" * 100_000,
    "indents": "".join(" " * (n % 80) + "a\n" for n in range(8_000)),
    "unclosed-head": "---\ntitle: " + "a" * 100_000,
    "one-line": WORD * 240_000,
}
TEXTS = {
    "one-word": "a" * 1_000_000,
    "one-sentence": "otters and " * 100_000,
    "no-space": "Otters.Sleep." * 10_000,
    "dots": "." * 100_000,
    "initials": "A. " * 50_000,
    "markers": "[1]" * 20_000,
    "ranges": "[1-" * 4_000 + "[1,2-" * 4_000 + "[0-999999999]",
    "superscripts": "^{[1]" * 10_000,
    "formulas": "$a_" * 4_000 + "$\\frac{" * 2_000,
    "cite": "To cite this document: " * 5_000 + "a. http://",
    "questions": "- Q: " + "a? A" * 20_000,
    "authors": "Author: " * 10_000 + "Date: " * 10_000,
    "disclaimers": "Disclaimer: " * 10_000,
    "tabs": "a\t" * 8_000,
    "blank": " \n\t\n" * 40_000 + "a",
    "combining": "a" + "\u0301" * 200_000,
    "joiners": "a\u200d" * 100_000,
    "overrides": "\u202e\u2066" * 50_000 + "a",
    "ligatures": "\ufdfa" * 50_000,
    "old-returns": "Otters sleep.\r" * 8_000,
    "separators": "a\u2028b\u2029" * 8_000,
    "references": "# References\n\n" + "".join(f"{n}. Entry [{n}] of {n}.\n" for n in range(2_000)),
}
ALIASES = "\n".join(["a0: &a0 [ha, ha]", *(f"a{n}: &a{n} [{f'*a{n - 1}, ' * 9}]" for n in range(1, 12))])
HEADS = {
    "aliases": ALIASES,
    "flow": "a: " + "[" * 2_000,
    "maps": "a: " + "{a: " * 2_000,
    "dashes": "- " * 20_000,
    "objects": "title: !!python/object/apply:os.system [true]",
    "number": "date: " + "9" * 20_000,
    "sixty": "date: " + "1:" * 3_000 + "1",
    "merge": "<<: [{title: a}, {title: b}]",
    "binary": "title: !!binary zz",
    "key": f"{'a' * 20_000}: b",
    "surrogate": 'title: "\\ud800"\nidentifiers: {"\\ud800\\n": "\\ud800"}',
    "lines": 'title: "two\\nlines \\u202e \\0"\nauthors: ["\\e[2J"]',
    "cycle": "&a [*a]",
}
JSON_LINES = {
    "nested": '{"_id": "1", "title": "a", "text": ' + "[" * 100_000,
    "nested-objects": '{"_id": "1", "text": ' + '{"a":' * 100_000,
    "key": json.dumps({"_id": "1", "text": SENTENCE, "k" * 1_000_000: 1}),
    "id": json.dumps({"_id": "i" * 1_000_000, "title": "a", "text": SENTENCE}),
    "odd-ids": "\n".join(
        json.dumps({"_id": i, "title": "a", "text": SENTENCE})
        for i in ("../../a", "/etc/passwd", "two\nlines", "\ud800", "", "\u202ea", None, 7, 1e400, [1], {"a": 1}, True)
    ),
    "same-ids": '{"_id": "1", "title": "a", "text": "Otters sleep."}\n' * 3_000,
    "nan": '{"_id": "1", "text": NaN, "title": Infinity}\n{"_id": NaN, "text": "Otters sleep."}',
    "integer": '{"_id": ' + "9" * 10_000 + ', "text": "Otters sleep."}',
    "surrogates": '{"_id": "1", "title": "\\ud800", "text": "Otters \\udfff sleep. \\u0000\\u202e"}',
    "types": "\n".join(
        f'{{"_id": "{n}", "title": {v}, "text": {v}}}' for n, v in enumerate(("1", "[]", "{}", "null", "true"))
    ),
    "no-fields": "{}\n" * 3_000,
    "not-objects": '{"_id": "1"}\n[1]\n"a"\n1\nnull\n\n{\n}\n',
    "broken": '{ "' + "x\n" * 50_000,
    "long": json.dumps({"_id": "1", "title": "a" * 1_000_000, "text": WORD * 20_000}),
    "faq": json.dumps({"id": "1", "question": "a" * 100_000 + "?", "answer": "", "url": "javascript:a", "source": []}),
    "repeated-key": '{"_id": "1", "_id": "2", "text": "Otters sleep.", "text": "Seals."}',
}
NBIB = {
    "endless": "PMID- 1\nTI  - " + "Otters\n      " * 50_000,
    "one-line": "PMID- 1\nTI  - " + WORD * 20_000,
    "no-colon": "PMID- 1\n" + "nothing in the form of a tag\n" * 5_000,
    "tags": "PMID- 1\nTI  - Otters\n" + "AU  - Otter A\n" * 20_000 + "AB  - Otters sleep.\n",
    "same": "PMID- 1\nTI  - Otters\nAB  - Otters sleep.\n\n" * 3_000,
    "bare": "PMID- 1\n\n" * 3_000,
    "odd-number": "PMID- 1/../../a\nAB  - Otters sleep.\n\nPMID- " + "9" * 100_000 + "\nAB  - Otters sleep.\n",
    "controls": "PMID- 1\nTI  - \x1b[2J\u202eOtters\x00\nAB  - Otters sleep.\n",
    "cut": "PMID- 1\nTI  ",
}


def markdown_files(bait: Bait) -> Iterator[Hostile]:
    """Markdown, and texts that are mended into Markdown."""
    for name, text in MARKDOWN.items():
        yield Hostile(f"{name}.md", text.encode(), endless=True)
    for name, text in TEXTS.items():
        yield Hostile(f"{name}.txt", text.encode(), endless=True)


def yaml_files(bait: Bait) -> Iterator[Hostile]:
    """Heads of documents, and sidecars."""
    for name, head in HEADS.items():
        yield Hostile(f"head-{name}.md", f"---\n{head}\n---\n{SENTENCE}".encode())
        yield Hostile(f"sidecar-{name}.md", SENTENCE.encode(), head.encode())
    yield Hostile("sidecar-bytes.md", SENTENCE.encode(), b"\xff\xfe" * 1_000)
    yield Hostile("sidecar-large.md", SENTENCE.encode(), b"# a\n" * 300_000)


def record_files(bait: Bait) -> Iterator[Hostile]:
    """JSON lines and NBIB."""
    for name, text in JSON_LINES.items():
        yield Hostile(f"{name}.jsonl", text.encode("utf-8", "surrogatepass"))
    for name, text in NBIB.items():
        yield Hostile(f"{name}.nbib", text.encode())
