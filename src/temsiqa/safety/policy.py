"""The safety policy: what clinicians wrote, as frozen types.

The policy file is data with a version. It is read once, checked word for word, and compiled here, so that a mistake in
it stops the program with a line that says where, and never shows up as an emergency that nobody recognised.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any

import yaml

from temsiqa.errors import SettingsError
from temsiqa.model import Audience, Outcome
from temsiqa.safety.classifier import TriageClassifier, shipped_classifier
from temsiqa.safety.concepts import GAP, Lexicon, Phrase, parse
from temsiqa.safety.presence import FRAMES
from temsiqa.safety.readings import Readings
from temsiqa.safety.wording import Speller, level

DEFAULT_POLICY = Path(__file__).with_name("policy.yaml")
SELF_HARM = "self_harm"
INJECTION = ("instruction", "instruction_start", "command")
_SAFE_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, several times faster
_REFERENCE = re.compile(r"<(\w+)>")
_WHOLE_WORD = re.compile(r"[^\W\d_]+(?![^\W\d_]|\*)")
_READINGS = frozenset({"fever_reading", "raised_reading", "glucose_high", "glucose_extreme"})
_NEEDED = {"fever", "glucose", "measured", "goes_on"}
_MESSAGES = (
    "urgent", SELF_HARM, "call_today", "referred", "abstained", "weak_evidence", "retracted", "unanswered", "searched",
    "quoted", "disputed", "assumed",
)  # fmt: skip
_PLACES = {"unanswered": {"question"}, "searched": {"passages", "documents"}, "disputed": {"why"}}
_SECTIONS = {"red_flags": Outcome.URGENT, "call_today": Outcome.CALL_TODAY, "personal_decisions": Outcome.REFERRED}


@dataclass(frozen=True, slots=True)
class Wording:
    """Concepts that make a sign together. Those of one group stand near each other, groups anywhere.

    A ``named`` wording is the mere name of a disease: it counts only when it is said of somebody.
    """

    groups: tuple[tuple[str, ...], ...]
    named: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One sign or topic: what it leads to, how people word it, and wordings that speak against it."""

    id: str
    sign: str
    sources: tuple[str, ...]
    outcome: Outcome
    wordings: tuple[Wording, ...]
    unless: tuple[Wording, ...] = ()
    message: str | None = None
    what_if: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """Fixed texts and rules; ``version`` goes out with every answer.

    ``classifier`` is asked where no rule sees an emergency; None when the policy says that rules decide alone.
    """

    version: str
    disclaimers: tuple[str, ...]
    messages: Mapping[str, Mapping[str, str]]
    translations: Mapping[str, Mapping[str, str]]
    rules: tuple[Rule, ...]
    readings: Readings = field(repr=False)
    speller: Speller = field(repr=False)
    lexicon: Lexicon = field(repr=False)
    classifier: TriageClassifier | None = field(repr=False)
    signs: frozenset[str] = field(repr=False)
    """The concepts of which something present is made: those of emergencies and of matters for a call today."""

    def message(self, kind: str, audience: Audience = Audience.PATIENT) -> str:
        """The fixed text of ``kind``, in the words for ``audience`` where there are such."""
        texts = self.messages[kind]
        return texts.get(audience.value, texts["all"])

    def notice_kind(self, outcome: Outcome, rules: Iterable[str] = ()) -> str:
        """Which message is said first for ``outcome``; '' where none has to be. ``rules`` are those that fired."""
        if outcome is Outcome.ANSWERED:
            return ""
        fired = set(rules)
        own = next((r.message for r in self.rules if r.message and r.id in fired and r.outcome is outcome), None)
        return own or outcome.value


def load_policy(path: Path | None = None) -> Policy:
    """The policy at ``path``, or the one that comes with the package. Raises ``SettingsError``."""
    file = path or DEFAULT_POLICY
    try:
        raw = yaml.load(file.read_text(encoding="utf-8"), Loader=_SAFE_LOADER)  # noqa: S506
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: the policy file cannot be read ({error}); give the path of a policy") from error
    except yaml.YAMLError as error:
        line = " ".join(str(error).split())
        raise SettingsError(f"{file}: the policy is not valid YAML ({line}); mend that line") from error
    return _Loader(file).policy(raw)


class _Loader:
    """Checks the raw policy and says what is wrong with it, in one line."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._phrases: list[Phrase] = []
        self._concepts: set[str] = set(_READINGS)
        self._listed: dict[str, tuple[str, ...]] = {}
        self._variants: dict[str, str] = {}

    def policy(self, raw: object) -> Policy:
        top = self._mapping(raw, "the file", {
            "version", "classifier", "disclaimers", "messages", "translations", "spelling", "readings", "presence",
            "concepts", "injection", *_SECTIONS,
        })  # fmt: skip
        self._variants = self._misspellings(top["spelling"])
        listed: dict[str, object] = {}
        for section, keys in (("concepts", None), ("presence", set(FRAMES)), ("injection", set(INJECTION))):
            for name, phrases in self._mapping(top[section], section, keys).items():
                if name in listed:
                    self._fail(name, "a concept is given once", "rename one of the two")
                listed[name] = phrases
        for name in _NEEDED - set(listed):
            self._fail(name, "the concept is needed to read numbers and histories", "list it under concepts")
        self._listed = {n: self._texts(p, n) for n, p in listed.items()}
        for name, texts in self._listed.items():
            self._concepts.add(name)
            for phrase in texts:
                self._phrase(name, phrase, name)
        rules = tuple(r for section in _SECTIONS for r in self._rules(top[section], section))
        ids = [r.id for r in rules]
        for rule_id in ids:
            if ids.count(rule_id) > 1:
                self._fail(rule_id, "an id is given once", "rename one of the two")
        return Policy(
            version=self._text(top["version"], "version"),
            disclaimers=self._general(top["disclaimers"]),
            messages=self._messages(top["messages"]),
            translations=self._translations(top["translations"]),
            rules=rules,
            readings=self._readings(top["readings"]),
            speller=self._speller(top["spelling"]),
            lexicon=Lexicon.of(self._phrases),
            classifier=shipped_classifier() if self._switch(top["classifier"], "classifier") else None,
            signs=frozenset(
                name
                for rule in rules
                if rule.outcome is not Outcome.REFERRED
                for wording in rule.wordings
                for group in wording.groups
                for name in group
            ),
        )

    def _fail(self, value: object, rule: str, mend: str) -> None:
        raise SettingsError(f"{self._file}: {value!r}: {rule}; {mend}")

    def _mapping(self, raw: object, where: str, keys: set[str] | None = None) -> dict[str, Any]:
        if not isinstance(raw, dict) or not all(isinstance(k, str) for k in raw):
            raise SettingsError(f"{self._file}: {where}: keys with values are needed; write 'key: value' lines")
        if keys is not None and set(raw) != keys:
            odd = sorted(set(raw) ^ keys)[0]
            self._fail(odd, f"{where} holds exactly {', '.join(sorted(keys))}", "add what is missing, drop the rest")
        return raw

    def _text(self, raw: object, where: str) -> str:
        if not isinstance(raw, str) or not raw.strip():
            raise SettingsError(f"{self._file}: {where}: {raw!r} is no text; write it in quotes")
        return " ".join(raw.split())

    def _switch(self, raw: object, where: str) -> bool:
        if not isinstance(raw, bool):
            self._fail(raw, f"{where} is true or false", "write one of them")
        return raw is True

    def _texts(self, raw: object, where: str) -> tuple[str, ...]:
        if not isinstance(raw, list) or not raw:
            raise SettingsError(f"{self._file}: {where}: a list of texts is needed; write '- text' lines")
        return tuple(self._text(item, where) for item in raw)

    def _phrase(self, name: str, phrase: str, where: str) -> None:
        whole = phrase.removeprefix("<").removesuffix(">")
        if whole in self._listed and phrase.startswith("<"):
            for text in self._listed[whole]:
                self._phrase(name, text, where)
            return
        try:
            self._phrases.extend(
                parse(name, _WHOLE_WORD.sub(self._respelt, _REFERENCE.sub(self._single_words, phrase)))
            )
        except ValueError as error:
            raise SettingsError(f"{self._file}: {where}: {phrase!r}: {error}; mend the phrase") from error

    def _single_words(self, reference: re.Match[str]) -> str:
        words = [p for p in self._listed.get(reference[1], ()) if " " not in p]
        if not words:
            raise ValueError(f"{reference[0]} is no list with single words")
        return "|".join(words)

    def _respelt(self, word: re.Match[str]) -> str:
        """A word of the policy as messages will have it: "w ciazy" is read as "with ciazy" in both."""
        return self._variants.get(level(word[0]), word[0]).replace(" ", "_")

    def _rules(self, raw: object, section: str) -> Iterable[Rule]:
        if not isinstance(raw, list) or not raw:
            raise SettingsError(f"{self._file}: {section}: a list of rules is needed; write '- id: ...' entries")
        for item in raw:
            entry = self._mapping(item, section)
            odd = set(entry) - {"id", "sign", "sources", "wordings", "named", "unless", "message", "what_if"}
            if odd:
                self._fail(sorted(odd)[0], f"no such key in a rule of {section}", "drop it")
            where = f"{section}.{entry.get('id')}"
            named = self._wordings(entry["named"], where, named=True) if "named" in entry else ()
            message = entry.get("message")
            if message is not None and message not in _MESSAGES:
                self._fail(message, "a rule names one of the messages", f"use one of {', '.join(_MESSAGES)}")
            yield Rule(
                id=self._text(entry.get("id"), f"{section}: id"),
                sign=self._text(entry.get("sign"), f"{where}.sign"),
                sources=self._texts(entry.get("sources"), f"{where}.sources"),
                outcome=_SECTIONS[section],
                wordings=(*self._wordings(entry.get("wordings"), f"{where}.wordings"), *named),
                unless=self._wordings(entry["unless"], where) if "unless" in entry else (),
                message=message,
                what_if=self._switch(entry.get("what_if", False), f"what_if of {where}"),
            )

    def _wordings(self, raw: object, where: str, *, named: bool = False) -> tuple[Wording, ...]:
        return tuple(Wording(self._groups(w, where), named) for w in self._texts(raw, where))

    def _groups(self, wording: str, where: str) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(self._item(i.strip(), where) for i in g.split("+")) for g in wording.split("&"))

    def _item(self, item: str, where: str) -> str:
        if item.startswith("<") and item.endswith(">"):
            name = item[1:-1]
            if name not in self._concepts:
                self._fail(item, f"{where} uses a concept that is not listed", "add it under concepts or correct it")
            return name
        name = f"={item}"
        if name not in self._concepts:
            self._concepts.add(name)
            self._phrase(name, item, where)
        return name

    def _general(self, raw: object) -> tuple[str, ...]:
        return self._texts(self._mapping(raw, "disclaimers", {"general"})["general"], "disclaimers.general")

    def _messages(self, raw: object) -> Mapping[str, Mapping[str, str]]:
        messages: dict[str, Mapping[str, str]] = {}
        for kind, texts in self._mapping(raw, "messages", set(_MESSAGES)).items():
            each = self._mapping(texts, f"messages.{kind}")
            odd = set(each) - {"all", *(a.value for a in Audience)}
            if odd or "all" not in each:
                self._fail(kind, "a message has a text for 'all' and may have one for an audience", "mend its keys")
            messages[kind] = MappingProxyType(
                {k: self._message(kind, v, f"messages.{kind}.{k}") for k, v in each.items()}
            )
        return MappingProxyType(messages)

    def _message(self, kind: str, raw: object, where: str) -> str:
        """A fixed text that has exactly the places, such as {question}, that are filled in it."""
        text = self._text(raw, where)
        try:
            places = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        except ValueError as error:
            raise SettingsError(f"{self._file}: {where}: {error}; mend the braces") from error
        if places != _PLACES.get(kind, set()):
            wanted = " ".join(f"{{{name}}}" for name in sorted(_PLACES.get(kind, ()))) or "no {...}"
            self._fail(text, f"{where} needs {wanted}", "mend the braces")
        return text

    def _translations(self, raw: object) -> Mapping[str, Mapping[str, str]]:
        translations = self._mapping(raw, "translations")
        return MappingProxyType({
            language: MappingProxyType({
                k: self._message(k, v, f"translations.{language}.{k}")
                for k, v in self._mapping(texts, f"translations.{language}", {*_MESSAGES, "general"}).items()
            })
            for language, texts in translations.items()
        })  # fmt: skip

    def _readings(self, raw: object) -> Readings:
        numbers = {f for f in Readings.__dataclass_fields__ if not f.endswith(("_words", "units"))}
        entry = self._mapping(raw, "readings", set(Readings.__dataclass_fields__))
        for name in numbers:
            if isinstance(entry[name], bool) or not isinstance(entry[name], int | float):
                self._fail(entry[name], f"readings.{name} is a number", "write digits")
        words = {f: frozenset(self._texts(entry[f], f"readings.{f}")) for f in entry if f not in numbers}
        return Readings(**{n: float(entry[n]) for n in numbers}, **words)  # type: ignore[arg-type]

    def _speller(self, raw: object) -> Speller:
        entry = self._mapping(raw, "spelling")
        words, kept = (self._text(entry[k], f"spelling.{k}").split() for k in ("words", "kept"))
        return Speller.of(self._variants, map(level, words), {*map(level, kept), *self._literal_words()})

    def _misspellings(self, raw: object) -> dict[str, str]:
        entry = self._mapping(raw, "spelling", {"variants", "words", "kept"})
        return {
            level(wrong): right
            for right, wrongs in self._mapping(entry["variants"], "spelling.variants").items()
            for wrong in self._text(wrongs, f"spelling.variants.{right}").split()
        }

    def _literal_words(self) -> set[str]:
        return {w for p in self._phrases for e in p.elements for w in e.words} - {GAP}
