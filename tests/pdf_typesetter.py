"""Sets generated documents in columns, page after page, so that it is known what a reader has to find in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st

from pdf_support import BOLD, PAGE, REGULAR, Sheet, pdf, width
from temsiqa.documents.canonical import CELL_BREAK

_MARGIN = 72.0
_GUTTER = 24.0
_LEADING = 12.0
_SIZES = {1: 20.0, 2: 14.0, 3: 12.0}


@dataclass(frozen=True)
class Story:
    """What a document says: pairs of a kind and its texts. The first one is its title."""

    parts: tuple[tuple[str, tuple[str, ...]], ...]
    columns: int
    indented: bool
    head: str

    @property
    def headings(self) -> list[str]:
        """Its headings in order."""
        return [texts[0] for kind, texts in self.parts if kind.startswith("heading")]

    @property
    def sentences(self) -> list[str]:
        """All that can be quoted from it, in order; the header of a table is none of it."""
        return [
            text for kind, texts in self.parts if not kind.startswith("heading") for text in texts[kind == "table" :]
        ]


@dataclass
class Typesetter:
    """Sets one thing below the other; goes on in the next column, or on the next page, where there is no room."""

    columns: int
    indented: bool
    sheets: list[Sheet] = field(default_factory=list)
    column: int = -1
    y: float = PAGE[1]

    @property
    def measure(self) -> float:
        """How wide a column is."""
        return (PAGE[0] - 2 * _MARGIN - (self.columns - 1) * _GUTTER) / self.columns

    @property
    def left(self) -> float:
        """Where the column begins."""
        return _MARGIN + self.column * (self.measure + _GUTTER)

    def room(self, height: float) -> None:
        """Makes sure that ``height`` is left, or goes on in the next column."""
        if self.y + height <= PAGE[1] - _MARGIN:
            return
        self.column = (self.column + 1) % self.columns
        if self.column == 0:
            self.sheets.append(Sheet())
        self.y = _MARGIN

    def line(self, indent: float, text: str) -> None:
        """Sets one line of text."""
        self.room(_LEADING)
        self.sheets[-1].text(self.left + indent, self.y + 10, text)
        self.y += _LEADING

    def heading(self, level: int, text: str) -> None:
        """Sets a heading that has room for some lines below it."""
        size = _SIZES[level]
        self.room(10 + 2 * size + 4 * _LEADING)
        self.y += 10
        for line in _wrapped(text, self.measure, 0, size, BOLD):
            self.sheets[-1].text(self.left, self.y + size, line, size, BOLD)
            self.y += 1.2 * size
        self.y += 6

    def paragraph(self, text: str) -> None:
        """Sets running text; words are parted at line ends."""
        indent = 12.0 if self.indented else 0.0
        for number, line in enumerate(_wrapped(text, self.measure, indent)):
            self.line(indent if number == 0 else 0, line)
        self.y += 0 if self.indented else 8

    def items(self, texts: Sequence[str]) -> None:
        """Sets a list with bullets, the lines of an item below one another."""
        self.y += 4
        for text in texts:
            for number, line in enumerate(_wrapped(text, self.measure - 14, 0)):
                self.line(14, line)
                if number == 0:
                    self.sheets[-1].text(self.left + 2, self.y - _LEADING + 10, "\u2022")
        self.y += 8

    def table(self, rows: Sequence[str]) -> None:
        """Draws a ruled table."""
        cells = [row.split(CELL_BREAK) for row in rows]
        self.room(16 * len(rows) + 20)
        widths = [self.measure / len(cells[0])] * len(cells[0])
        self.y = self.sheets[-1].table(self.left, self.y + 4, widths, cells) + 12


def _wrapped(text: str, measure: float, indent: float, size: float = 10, font: str = REGULAR) -> Iterator[str]:
    """``text`` in lines no wider than ``measure``, the first one ``indent`` narrower. Long words are parted."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if width(longer, size, font) <= measure - indent:
            line = longer
            continue
        at = next((n for n in range(len(word) - 3, 2, -1) if _fits(line, word[:n], measure - indent, size)), 0)
        if at and word.isalpha() and font == REGULAR:
            yield f"{line} {word[:at]}-".strip()
            line = word[at:]
        else:
            yield line
            line = word
        indent = 0
    yield line


def _fits(line: str, start: str, measure: float, size: float) -> bool:
    return width(f"{line} {start}-".strip(), size) <= measure


def typeset(story: Story) -> bytes:
    """The PDF of a story: page numbers on all pages, and a running head where there are several."""
    setter = Typesetter(story.columns, story.indented)
    for kind, texts in story.parts:
        if kind.startswith("heading"):
            setter.heading(int(kind[-1]), texts[0])
        elif kind == "paragraph":
            setter.paragraph(" ".join(texts))
        elif kind == "items":
            setter.items(texts)
        else:
            setter.table(texts)
    for number, sheet in enumerate(setter.sheets, 1):
        sheet.text(300, 770, str(number), 9)
        if len(setter.sheets) > 1:
            sheet.text(_MARGIN, 40, f"{story.head} {number}", 8)
    return pdf(setter.sheets)


_WORDS = st.sampled_from(
    "rash dose 25 mg weekly mTOR 3.5% (once) temsirolimus hypersensitivity of in the a patients p53 30-60 "
    "well-known carcinoma interferon response CYP3A4".split()
)


def _named(number: int) -> str:
    """A word that no other sentence has, without a figure in it."""
    return "q" + "".join("abcdefghij"[int(figure)] for figure in f"{number:03}") + "x"


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Documents of a few sections; each sentence is unlike all others."""
    count = iter(range(1000))

    def sentence() -> str:
        words = draw(st.lists(_WORDS, min_size=3, max_size=25))
        return f"Then {_named(next(count))} {' '.join(words)} ended."

    parts: list[tuple[str, tuple[str, ...]]] = [("heading1", ("A study of something",))]
    for kind in draw(
        st.lists(st.sampled_from(["heading", "paragraph", "paragraph", "items", "table"]), min_size=4, max_size=30)
    ):
        if kind == "heading":
            number = next(count)
            parts.append((f"heading{draw(st.integers(2, 3))}", (f"Part {_named(number)} of it",)))
        elif kind == "paragraph":
            parts.append((kind, tuple(sentence() for _ in range(draw(st.integers(1, 6))))))
        elif kind == "items":
            parts.append((kind, tuple(sentence() for _ in range(draw(st.integers(1, 4))))))
        else:
            rows = [f"{_named(next(count))}{CELL_BREAK}{n} mg{CELL_BREAK}{3 * n}%" for n in range(2, 5)]
            parts.append((kind, (f"Name{CELL_BREAK}Dose{CELL_BREAK}Share", *rows)))
        parts += [("paragraph", (sentence(),))]
    parts += [("paragraph", (sentence(),))]
    return Story(tuple(parts), draw(st.integers(1, 2)), draw(st.booleans()), "Journal of Otters, vol. 3, page")
