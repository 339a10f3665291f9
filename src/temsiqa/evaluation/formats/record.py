"""What a file is read into before anybody knows what its fields mean; and what is wrong with it."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from temsiqa.documents.archive import gunzip
from temsiqa.documents.canonical import one_line
from temsiqa.errors import DocumentError
from temsiqa.evaluation.testset import Fact, Item

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong, where (``set.jsonl: line 12``), and in which field (``facts.0.patterns.1``, counted from 0).

    ``field`` is empty where it is not about one field. As a string it is one line.
    """

    where: str
    field: str
    message: str

    def __str__(self) -> str:
        return one_line(": ".join(filter(None, (self.where, self.field, self.message))))


@dataclass(frozen=True, slots=True)
class Record:
    """One entry of a file, as it stands there."""

    where: str
    fields: Mapping[str, object]


Found = Iterator[Record | Mistake]


class UnreadableError(Exception):
    """Nothing more of a file can be read."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(f"{where}: {message}")
        self.mistake = Mistake(where, "", message)


def record(where: str, value: object) -> Record | Mistake:
    """``value`` as the record that it should be."""
    if isinstance(value, dict):
        return Record(where, value)
    return Mistake(where, "", f"{reprlib.repr(value)} is no object; put its fields in one")


def at_line(name: str, line: int) -> str:
    """The place as mistakes name it; lines count from 1."""
    return f"{name}: line {line}"


def read_bytes(path: Path) -> bytes:
    """What a file holds, unpacked where it is packed by gzip. Raises ``UnreadableError``."""
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UnreadableError(str(path), f"cannot be read ({reason}); check the path") from error
    if not data.startswith(_GZIP):
        return data
    try:
        return gunzip(data, path.name)
    except DocumentError as error:
        raise UnreadableError(path.name, str(error).removeprefix(f"{path.name}: ")) from error


def decoded(data: bytes, name: str) -> str:
    """``data`` as text, a byte-order mark left out. Raises ``UnreadableError`` naming the line that is not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableError(at_line(name, line), "not UTF-8; save the file as UTF-8") from error


def mistakes_in(error: ValidationError, where: str) -> Iterator[Mistake]:
    """One mistake for each thing that pydantic found."""
    for one in error.errors(include_url=False):
        yield Mistake(where, ".".join(map(str, one["loc"])), _message(one))


def _message(error: ErrorDetails) -> str:
    match error["type"]:
        case "missing":
            return "is missing; add it"
        case "extra_forbidden":
            nested = len(error["loc"]) > 1
            return _unknown(str(error["loc"][-1]), Fact.model_fields if nested else Item.model_fields)
        case "value_error":
            return str(error["ctx"]["error"])
    message = error["msg"].replace("tuple", "list").replace("dictionary", "object")
    return f"{reprlib.repr(error['input'])}: {message[:1].lower()}{message[1:]}"


def _unknown(name: str, known: Iterable[str]) -> str:
    nearest = get_close_matches(name, known, 1)
    return "unknown field; " + (f"did you mean {nearest[0]}?" if nearest else f"known are: {', '.join(known)}")
