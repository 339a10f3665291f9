"""JSON: a list of records, SQuAD's one object, or a record a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from temsiqa.evaluation.formats.record import Found, Mistake, UnreadableError, at_line, record
from temsiqa.evaluation.formats.squad import is_squad, read_squad

_TROUBLE = (ValueError, RecursionError)  # numbers that are too long for Python are mere ``ValueError``
_BETWEEN = re.compile(r"[\s,]*")
_decoder = json.JSONDecoder()


def read_json(text: str, name: str, by_lines: bool) -> Found:
    """The records of ``text``; ``by_lines`` when the name of the file says that each line is one.

    Raises ``UnreadableError`` when it is one value, and a broken one.
    """
    try:
        value = json.loads(text)
    except _TROUBLE as error:
        several = isinstance(error, json.JSONDecodeError) and error.msg == "Extra data"
        if by_lines or several:
            return read_json_lines(text, name)
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        raise UnreadableError(at_line(name, line), _no_json(error)) from error
    if is_squad(value):
        return read_squad(value, name)
    if isinstance(value, list):
        return (record(at_line(name, line), element) for line, element in _elements(text))
    return iter([record(at_line(name, text.count("\n", 0, _after(text, 0)) + 1), value)])


def read_json_lines(text: str, name: str) -> Found:
    """A record for each line that is not blank, a mistake for each that holds none."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        where = at_line(name, number)
        try:
            yield record(where, json.loads(line))
        except _TROUBLE as error:
            yield Mistake(where, "", _no_json(error))


def _no_json(error: Exception) -> str:
    reason = f"{error.msg} at character {error.colno}" if isinstance(error, json.JSONDecodeError) else str(error)
    return f"no JSON ({reason}); mend it"


def _elements(text: str) -> Iterator[tuple[int, object]]:
    """The elements of a list that is known to be sound, with the lines where they begin."""
    line, counted = 1, 0
    position = _after(text, text.index("[") + 1)
    while text[position] != "]":
        line, counted = line + text.count("\n", counted, position), position
        element, end = _decoder.raw_decode(text, position)
        yield line, element
        position = _after(text, end)


def _after(text: str, position: int) -> int:
    """Where the next element or the end of the list stands."""
    match = _BETWEEN.match(text, position)
    return match.end() if match else position
