"""What the pages of reports have in common: how they are rendered, and how figures and quotes are shown in them.

A page loads nothing and runs one script, its own: its policy names the script's hash, so that nothing that an answer, a
document or a question smuggled in could run, even if it were not escaped.
"""

from __future__ import annotations

import base64
import difflib
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from temsiqa.evaluation.curves import WHOLE_MEASURES
from temsiqa.evaluation.measures import MEASURES
from temsiqa.evaluation.runs import Run
from temsiqa.evaluation.score import ItemScore
from temsiqa.evaluation.statistics import ratio
from temsiqa.evaluation.systems import Reply
from temsiqa.evaluation.testset import FLAGS, Fact, Item
from temsiqa.record import RecordedStatement

_HERE = Path(__file__).parent
_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")

Pieces = list[tuple[str, bool]]  # a text in order, piece by piece, and whether the piece is to stand out


@dataclass(frozen=True, slots=True)
class Described:
    """A measure as a table names it."""

    name: str
    group: str
    better: str
    meaning: str


@dataclass(frozen=True)
class Shown:
    """An item with its answer and what came of it. ``number`` is its place in the set, counted from 1."""

    number: int
    item: Item
    reply: Reply
    score: ItemScore

    @property
    def failed(self) -> bool:
        """Whether it does not pass, or its grounding is at fault."""
        return bool(self.reasons)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why, a line each."""
        return self.score.failures + self.score.grounds

    @property
    def facts(self) -> list[tuple[Fact, bool, bool]]:
        """The facts asked for: whether each is stated, whether a citation supports it."""
        return list(zip(self.item.facts, self.score.stated, self.score.supported, strict=True))

    @property
    def values(self) -> list[tuple[str, float]]:
        """What the item is worth by each measure that it bears on."""
        found = ((name, ratio([count])) for name, count in self.score.counts.items())
        return [(name, value) for name, value in found if value is not None]


def shown(run: Run) -> list[Shown]:
    """The items of ``run`` in their order."""
    rows = zip(run.items, run.replies, run.scores, strict=True)
    return [Shown(number, *row) for number, row in enumerate(rows, 1)]


def render(template: str, **values: object) -> str:
    """A page. Raises ``jinja2.UndefinedError`` for a value that the template wants and is not given."""
    return _environment().get_template(template).render(**values)


def described(name: str) -> Described:
    """What the measure ``name`` is."""
    if name in MEASURES:
        measure = MEASURES[name]
        return Described(name, measure.group, measure.better, measure.meaning.replace("``", ""))
    whole = WHOLE_MEASURES[name]
    return Described(name, "whole set", whole.better, whole.meaning)


def figure(value: float | None, sign: bool = False) -> str:
    """A number as tables show it: three decimals up to one, one above."""
    return "–" if value is None else _written(value, sign, value)


def interval(low: float | None, high: float | None, sign: bool = False) -> str:
    """Bounds as tables show them, both with as many decimals as the larger one."""
    if low is None or high is None:
        return "–"
    larger = max(abs(low), abs(high))
    return f"{_written(low, sign, larger)} to {_written(high, sign, larger)}"


def _written(value: float, sign: bool, size: float) -> str:
    plus = "+" if sign and value else ""
    return f"{value:{plus}.{3 if abs(size) <= 1 else 1}f}".replace("-", "−")


def marked(text: str, facts: Iterable[Fact]) -> Pieces:
    """``text`` with the words of ``facts`` standing out.

    Facts are judged on plain typography; where that differs from the raw text a fact may be held and not stand out.
    """
    spans = sorted(span for fact in facts for span in _found(fact, text))
    pieces, at = [], 0
    for start, end in spans:
        if end > at:
            pieces += [(text[at : max(at, start)], False), (text[max(at, start) : end], True)]
            at = end
    return [piece for piece in [*pieces, (text[at:], False)] if piece[0]]


def _found(fact: Fact, text: str) -> Iterator[tuple[int, int]]:
    for pattern in (*fact.patterns, *map(re.escape, fact.literal)):
        yield from (match.span() for match in re.finditer(pattern, text, FLAGS) if match.group())


def changed_words(before: str, after: str) -> tuple[Pieces, Pieces]:
    """Both texts, the words that only one of them has standing out."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    was: Pieces = []
    now: Pieces = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        was.append(("".join(old[a:b]), kind != "equal"))
        now.append(("".join(new[c:d]), kind != "equal"))
    return [piece for piece in was if piece[0]], [piece for piece in now if piece[0]]


def known_numbers(statement: RecordedStatement, reply: Reply) -> list[tuple[int, bool]]:
    """The numbers of the citations of ``statement``, and whether the record holds them."""
    return [(number, 0 < number <= len(reply.citations)) for number in statement.citations]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    script = (_HERE / "report.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    environment.globals |= {
        "script": Markup(script),  # noqa: S704 - both are files of this package
        "style": Markup((_HERE / "report.css").read_text(encoding="utf-8")),  # noqa: S704
        "policy": f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'",
    }
    for function in (described, figure, interval, marked, changed_words, known_numbers):
        environment.globals[function.__name__] = function
    return environment
