"""Everyday words, brand names and other languages → the terms of the literature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from temsiqa.errors import SettingsError
from temsiqa.index.words import stem, words

LONGEST_PHRASE = 4

Phrase = tuple[str, ...]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    term: str
    words: tuple[str, ...]


_entries = TypeAdapter(list[_Entry])


@dataclass(frozen=True, slots=True)
class Glossary:
    """``terms`` maps the stems of a phrase to the literature's term; ``spellings`` are all its words as written."""

    terms: Mapping[Phrase, str]
    spellings: frozenset[str]

    def look_up(self, tokens: list[str]) -> dict[str, range]:
        """The terms meant by phrases of ``tokens`` (longest first), each with the positions it covers."""
        stems = [stem(token) for token in tokens]
        found: dict[str, range] = {}
        start = 0
        while start < len(stems):
            for length in range(min(LONGEST_PHRASE, len(stems) - start), 0, -1):
                term = self.terms.get(tuple(stems[start : start + length]))
                if term:
                    found.setdefault(term, range(start, start + length))
                    start += length - 1
                    break
            start += 1
        return found


def read_glossary(text: str, name: str) -> Glossary:
    """The glossary of a YAML list of ``{term, words}``. Raises ``SettingsError`` naming the entry that is wrong."""
    try:
        entries = _entries.validate_python(yaml.safe_load(text) or [])
    except yaml.YAMLError as error:
        raise SettingsError(f"{name}: no plain YAML; mend the file") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"{name}: entry {where}: {first['msg']}; mend that entry") from error
    phrases = {tuple(stem(w) for w in words(said)): entry.term for entry in entries for said in entry.words}
    spellings = {w for entry in entries for said in (*entry.words, entry.term) for w in words(said)}
    return Glossary(phrases, frozenset(spellings))
