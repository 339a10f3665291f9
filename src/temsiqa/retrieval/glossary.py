"""Everyday words, brand names and other languages → the terms of the literature."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, TypeAdapter, ValidationError

from temsiqa.documents.plain_yaml import plain_yaml
from temsiqa.errors import SettingsError
from temsiqa.index.words import stem, words
from temsiqa.retrieval.drug_names import THE_DRUG

LONGEST_PHRASE = 4
# On keyboards without umlauts German is written so; the accents of the other languages are just left out.
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})

Phrase = tuple[str, ...]
_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    term: _Text
    meaning: _Text
    words: tuple[_Text, ...]
    literature: _Text | None = None
    de: tuple[_Text, ...] = ()
    fr: tuple[_Text, ...] = ()
    es: tuple[_Text, ...] = ()
    it: tuple[_Text, ...] = ()
    pt: tuple[_Text, ...] = ()
    pl: tuple[_Text, ...] = ()

    def phrases(self) -> Iterator[str]:
        """Everything by which people may call it, the headword first."""
        yield from (self.term, *self.words)
        for said in self.de:
            yield from (said, said.lower().translate(_UMLAUTS))
        yield from (*self.fr, *self.es, *self.it, *self.pt, *self.pl)


_entries = TypeAdapter(list[_Entry])


@dataclass(frozen=True, slots=True)
class Glossary:
    """``terms`` maps the stems of a phrase to the literature's words; ``spellings`` are all words as written."""

    terms: Mapping[Phrase, str]
    spellings: frozenset[str]

    def look_up(self, tokens: list[str]) -> dict[str, range]:
        """The terms meant by phrases of ``tokens`` (longest first), each with the positions it covers.

        A phrase with "it" is also one with the drug's name: "how does torisel work".
        """
        stems = [stem(token) for token in tokens]
        pronouns = [stem("it") if token in THE_DRUG else stems[n] for n, token in enumerate(tokens)]
        found: dict[str, range] = {}
        start = 0
        while start < len(stems):
            for length in range(min(LONGEST_PHRASE, len(stems) - start), 0, -1):
                stretch = slice(start, start + length)
                term = self.terms.get(tuple(stems[stretch])) or self.terms.get(tuple(pronouns[stretch]))
                if term:
                    found.setdefault(term, range(start, start + length))
                    start += length - 1
                    break
            start += 1
        return found


NO_GLOSSARY = Glossary({}, frozenset())


def read_glossary(text: str, name: str) -> Glossary:
    """The glossary of a YAML list of entries. Raises ``SettingsError`` naming the entry that is wrong."""
    try:
        entries = _entries.validate_python(plain_yaml(text) or [])
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"{name}: entry {where}: {first['msg']}; mend that entry") from error
    except ValueError as error:
        raise SettingsError(f"{name}: no plain YAML ({error}); mend the file") from error
    owners = _owners(entries, name)
    spellings = {
        word for entry in entries for said in (*entry.phrases(), entry.literature or "") for word in words(said)
    }
    return Glossary({said: entry.literature or entry.term for said, entry in owners.items()}, frozenset(spellings))


def _owners(entries: list[_Entry], name: str) -> dict[Phrase, _Entry]:
    """The one entry of every phrase. Of a phrase that two entries claim, one would silently never be reached."""
    owners: dict[Phrase, _Entry] = {}
    for entry in entries:
        for said in entry.phrases():
            phrase = tuple(stem(word) for word in words(said))
            if not 1 <= len(phrase) <= LONGEST_PHRASE:
                raise SettingsError(
                    f"{name}: entry {entry.term!r}: {said!r} has {len(phrase)} words; write 1 to {LONGEST_PHRASE}"
                )
            owner = owners.setdefault(phrase, entry)
            if owner is not entry:
                raise SettingsError(
                    f"{name}: {said!r} belongs to entries {owner.term!r} and {entry.term!r}; leave it in one"
                )
    return owners
