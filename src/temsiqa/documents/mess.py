"""Mends text that was Markdown once into Markdown that a parser understands.

Copied pages lose their structure in ways that repeat: headings survive as bold or bare lines, tables as tabs whose
rows wrap over lines and blank lines, whole pipe tables as one line, superscripts and formulas as LaTeX. Each mend
below undoes one of them; none adds or drops a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pylatexenc.latex2text import LatexNodes2Text
from pylatexenc.latexwalker import LatexWalkerError

from temsiqa.documents.matter import (
    is_bare_notice_heading,
    is_notice,
    is_references_heading,
    is_sales,
    kind_of,
)
from temsiqa.model import BlockKind

_SUPERSCRIPT_MARKERS = re.compile(r"\^\{((?:\s*\[[\d,;–\s-]+\])+)\}|\^(\[[\d,;–\s-]+\])")
# Dollars that touch what they enclose, so that "$5 or $6" stays money.
_MATH = re.compile(r"(\( )?\$(?=\S)([^$\n]{1,300})(?<=\S)\$(?!\d)(?: (?=\)))?")
_LATEX_COMMAND = re.compile(r"\\[A-Za-z]+")
_BOLD_LINE = re.compile(r"^\*\*([^*]+?)\*\*\s*$")
_MARKUP = re.compile(r"[*_`#]")
_REFERENCE_ENTRY = re.compile(r"^\s*(?:[-*]\s+)?(\d{1,3})\.\s+(.+)$")
_ONLY_MARKERS = re.compile(r"^[\s\[\]\d,;^{}–-]*$")
_LONGEST_COLLAPSED = 40
_MOST_BRACES = 20
_LONGEST_HEADING = 12
_LONGEST_BOLD_HEADING = 6

Row = list[str]


def mend(text: str) -> str:
    """Markdown with the words of ``text`` and the structure that can be recovered from it."""
    lines = _plain_formulas(text).split("\n")
    lines = list(_collapsed_pipe_tables(lines))
    lines = list(_tab_tables(lines))
    lines = list(_headings(lines))
    return "\n".join(_reference_lists(lines))


def _plain_formulas(text: str) -> str:
    """``^{[1][2]}`` becomes ``[1][2]`` and ``$P=0.02$`` becomes ``P=0.02``."""
    text = _SUPERSCRIPT_MARKERS.sub(lambda m: m.group(1) or m.group(2), text)
    latex = LatexNodes2Text(math_mode="text")

    def plain(match: re.Match[str]) -> str:
        formula = _formula(match.group(2), latex)
        return match.group() if formula is None else ("(" if match.group(1) else "") + formula

    return _MATH.sub(plain, text)


def _formula(source: str, latex: LatexNodes2Text) -> str | None:
    """A formula in plain characters; None where that fails or would lose words, and the formula stays as it is."""
    if source.count("{") > _MOST_BRACES:
        return None
    try:
        formula = latex.latex_to_text(re.sub(r"(?<!\\)%", r"\\%", source), tolerant_parsing=False)
    except (LatexWalkerError, LookupError, RecursionError):
        return None
    words = re.findall(r"\w+", _LATEX_COMMAND.sub(" ", source.replace("_", " ")))
    said = "".join(formula.split())
    if not said or "%s" in said or any(word not in said for word in words):
        return None
    return re.sub(r"\s*×\s*", " × ", formula).strip()


def _collapsed_pipe_tables(lines: list[str]) -> Iterator[str]:
    """``| a | b || c | d |`` on one line, or run on over list items, becomes one tab-separated line a row."""
    index = 0
    while index < len(lines):
        end = _end_of_collapsed_table(lines, index)
        if end is None:
            yield lines[index]
            index += 1
            continue
        table = re.sub(r"\s*\n\s*(?:-\s+)?", " ", "\n".join(lines[index : end + 1])).strip()
        for row in table.strip("|").split("||"):
            yield "\t".join(re.sub(r"^-\s+", "", cell.strip()) for cell in row.strip().strip("|").split("|"))
        index = end + 1


def _end_of_collapsed_table(lines: list[str], index: int) -> int | None:
    """The line that ends the collapsed table of line ``index``; None where none begins or it never ends."""
    if not (lines[index].lstrip().startswith("|") and "||" in lines[index]):
        return None
    neighbours = lines[max(index - 1, 0) : index] + lines[index + 1 : index + 2]
    if any(line.lstrip().startswith("|") for line in neighbours):
        return None
    reach = range(index, min(index + _LONGEST_COLLAPSED, len(lines)))
    return next((end for end in reach if lines[end].rstrip().endswith("|")), None)


def _tab_tables(lines: list[str]) -> Iterator[str]:
    """Tab-separated rows, however wrapped, become a Markdown table."""
    index = 0
    while index < len(lines):
        if "\t" not in lines[index].strip():
            yield lines[index]
            index += 1
            continue
        rows, index = _read_rows(lines, index)
        width = max(len(row) for row in rows)
        yield ""
        for number, row in enumerate(rows):
            cells = [cell.replace("|", "\\|").strip() for cell in row + [""] * (width - len(row))]
            yield "| " + " | ".join(cells) + " |"
            if number == 0:
                yield "|" + " --- |" * width
        yield ""


def _read_rows(lines: list[str], index: int) -> tuple[list[Row], int]:
    """Rows of the table that begins at ``lines[index]``, and the index of the first line after it."""
    rows: list[Row] = [_cells(lines[index])]
    width = len(rows[0])
    index += 1
    while index < len(lines):
        ahead = index
        while ahead < len(lines) and not lines[ahead].strip():
            ahead += 1
        if ahead == len(lines):
            break
        line = lines[ahead]
        unfinished = len(rows) > 1 and len(rows[-1]) < width
        if "\t" in line and not (unfinished and len(rows[-1]) + len(_cells(line)) - 1 <= width):
            rows.append(_cells(line))
        elif unfinished and (ahead == index or _continues(line) or "\t" in line):
            first, *rest = _cells(line)
            rows[-1][-1] = f"{rows[-1][-1]} {first}".strip()
            rows[-1].extend(rest)
        elif len(rows) > 1 and _continues(line):
            _continue_row(rows[-1], line.strip())
        else:
            break
        index = ahead + 1
    return rows, index


def _cells(line: str) -> Row:
    return [cell.strip() for cell in line.strip("\n").split("\t")]


def _continues(line: str) -> bool:
    """A wrapped cell goes on in lower case and is no list item, heading or key."""
    return bool(re.match(r"^\s*[a-z(]", line))


def _continue_row(row: Row, text: str) -> None:
    """Appends wrapped text to the last cell that holds words: behind it only markers were broken off."""
    for position in range(len(row) - 1, -1, -1):
        if row[position] and not _ONLY_MARKERS.match(row[position]):
            row[position] = f"{row[position]} {text}"
            return
    row[-1] = f"{row[-1]} {text}".strip()


def _headings(lines: list[str]) -> Iterator[str]:
    """A bold line, or a bare line that stands alone like a title, becomes a heading."""
    for number, line in enumerate(lines):
        bold = _BOLD_LINE.match(line.strip())
        if bold:
            title = bold.group(1).strip()
            is_heading = len(title.split()) <= _LONGEST_BOLD_HEADING or not title.endswith(":")
            yield f"## {title.rstrip(':')}" if is_heading else line
        elif _stands_alone(lines, number) and _looks_like_title(line):
            yield f"{'#' if _is_first(lines, number) else '##'} {line.strip()}"
        else:
            yield line


def _stands_alone(lines: list[str], number: int) -> bool:
    before = number == 0 or not lines[number - 1].strip()
    after = number + 1 == len(lines) or not lines[number + 1].strip()
    return before and after


def _is_first(lines: list[str], number: int) -> bool:
    return not any(line.strip() for line in lines[:number])


def _looks_like_title(line: str) -> bool:
    text = line.strip()
    if not text or not text[0].isupper() or len(text.split()) > _LONGEST_HEADING:
        return False
    if text[-1] in ".?!,;:)" and not re.search(r"\([A-Z][\w-]*\)$", text):
        return False
    plain = _MARKUP.sub("", text)
    return not ("," in text or "[" in text or "http" in text or kind_of(plain))


def _reference_lists(lines: list[str]) -> Iterator[str]:
    """Entries under a heading such as References become one ordered list, wrapped entries whole."""
    inside, entry = False, ""
    for line in lines:
        heading = re.match(r"^#{1,6}\s+(.*)$", line)
        if heading:
            yield from ([entry] if entry else [])
            entry, inside = "", is_references_heading(heading.group(1).strip())
        found = _REFERENCE_ENTRY.match(line) if inside else None
        if found:
            yield from ([entry] if entry else [])
            entry = f"{found.group(1)}. {found.group(2)}"
        elif inside and entry and _ends_references(line):
            yield entry
            yield ""
            yield re.sub(r"^\s*[-*]\s+", "", line)
            entry, inside = "", False
        elif inside and entry:
            entry = f"{entry} {line.strip()}".rstrip()
        else:
            yield line
    yield from ([entry] if entry else [])


def _ends_references(line: str) -> bool:
    """Bylines such as "To cite this document:", notices and offers are no wrapped tail of the last entry."""
    plain = _MARKUP.sub("", re.sub(r"^\s*[-*]\s+", "", line)).strip()
    return kind_of(plain) is BlockKind.BYLINE or is_bare_notice_heading(plain) or is_notice(plain) or is_sales(plain)
