"""A question as typed → a query: history folded in, spelling mended, everyday words mapped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from temsiqa.index.generation import Generation
from temsiqa.index.words import STOP_WORDS, stem, terms, words
from temsiqa.model import Document, Query
from temsiqa.retrieval.drug_names import THE_DRUG, is_drug_name
from temsiqa.retrieval.glossary import NO_GLOSSARY, read_glossary
from temsiqa.retrieval.spelling import Speller, english_words

_CONTINUES = re.compile(r"^\W*(?:ok(?:ay)?\W+)?(?:and|so|but|or|also|then|what about|how about)\b", re.IGNORECASE)
_POINTS_BACK = re.compile(r"\b(?:they|them|their|theirs|those|these|ones?|both|either|former|latter)\b", re.IGNORECASE)
_MAY_POINT_BACK = re.compile(r"\b(?:it|its|this|that|then|there|he|she|his|hers?|him)\b", re.IGNORECASE)
_ALMOST_NOTHING, _LITTLE = 1, 3
# "so tired since the drip" asks about tiredness: what somebody's trouble came after is not what it is.
_OWN_STORY = re.compile(r"\b(?:i|i'?m|i'?ve|im|ive|my|me|we|our|he|she|his|her)\b", re.IGNORECASE)
_CIRCUMSTANCE = re.compile(
    r"\b(?:(?:ever )?since|after)\s+(?:(?:i|we|he|she|they)\s+(?:\w+\s+){0,2})?(?:starting\s+|having\s+)?"
    r"(?:(?:the|my|our|his|her|their|each|every|last|this|that|first|second|third)\s+){0,2}"
    r"(?:drips?|infusions?|treatments?|doses?|chemo|torisel|temsirolimus|sessions?|it)\b(?:\s+days?)?",
    re.IGNORECASE,
)
# Contractions as people type them: without their apostrophe they are neither misspelt nor the names of anything.
_CONTRACTION = re.compile(
    r"(?:is|are|was|were|do|does|did|ca|could|wo|would|should|has|have|had|ai|must|need)n'?t"
    r"|(?:that|what|where|when|who|how|here|there|it|he|she|i|you|we|they)'?(?:s|re|ve|ll|d|m)"
)
# A code such as ic50, a549 or pc-3 stands for one thing only, and only a text that has it speaks of that.
_CODE = re.compile(r"[a-z]{2,}\d\w*|[a-z]\d{3,}\w*|[a-z]{1,2}-\d\w*")
_ORDINARY_ENDING = re.compile(
    r"(?:ed|er|est|ing|al|ic|ous|ive|able|ness|tion|ment|ance|ence|ism|ist|ful|less|ish|like|i[sz]e|y|ie)s?$"
)
_SHORTEST_HALF, _SHORTEST_NAME = 3, 5
# Function words that no other language of the glossary shares.
_ENGLISH_ONLY = STOP_WORDS - frozenset(
    {"a", "all", "am", "an", "as", "do", "he", "her", "i", "in", "me", "no", "on", "so", "was"}
)
_ALL_TEXTS = frozenset(terms("temsirolimus torisel"))
# What holds for people, or for mice with their tumours, does not answer for these.
_ANIMALS = frozenset(
    """rat rats dog dogs beagle beagles monkey monkeys macaque macaques rabbit rabbits pig pigs minipig minipigs hamster
    hamsters zebrafish horse horses""".split()
)
# Where hardly a passage names the drug, everyday words mean what they say: mice are no xenografts.
_LEAST_SHARE = 0.01
_LONGEST_ABBREVIATION = 6


class Understanding:
    """Turns questions into queries for one generation."""

    def __init__(self, generation: Generation, ordinary_words: frozenset[str]) -> None:
        """``ordinary_words`` need no mending; nor does any word of an English dictionary."""
        self._literature = generation.passage_words
        is_on_the_drug = np.mean(self._literature.scores(sorted(_ALL_TEXTS)) > 0) >= _LEAST_SHARE
        self._glossary = read_glossary(generation.glossary, "glossary.yaml") if is_on_the_drug else NO_GLOSSARY
        self._ordinary = ordinary_words | english_words()
        documents = generation.documents.values()
        self._named = _telling_names(documents, ordinary_words)
        spellings = {w for passage in generation.passages for w in words(passage.text)}
        spellings.update(w for document in documents for w in words(_makers(document)))
        self._speller = Speller(spellings | self._glossary.spellings, self._ordinary)

    def understand(self, question: str, history: Sequence[str]) -> Query:
        """The query of ``question``, which may lean on the last question of ``history`` (oldest first)."""
        tokens = self._mended(_without_circumstances(question))
        meant = self._glossary.look_up(tokens)
        names = self._names(tokens, meant)
        said = (token for token in tokens if not self._is_contraction(token))
        asked = _telling([*terms(" ".join(said)), *terms(" ".join(meant))])
        mended = " ".join([" ".join(tokens), *(term for term in meant if term not in tokens)])
        text, looked_up = mended, asked
        if history and _leans_on_history(question, asked):
            earlier = self._mended(history[-1])
            before = " ".join([*earlier, *(term for term in self._glossary.look_up(earlier) if term not in earlier)])
            text, looked_up = f"{before} {mended}", [*asked, *terms(before)]
        return Query(
            question=question,
            text=text,
            words=tuple(tokens),
            terms=tuple(dict.fromkeys(looked_up)),
            asked=tuple(dict.fromkeys(asked)),
            sources=self._sources(asked),
            subjects=(
                *_others(tokens, meant),
                *((stem(name),) for name in names if self._is_proper(name, tokens)),
            ),
            topics=tuple(term for term in meant if not any(self._is_read(word) for word in words(term))),
            names=names,
        )

    def _mended(self, text: str) -> list[str]:
        typed = words(text)
        right = _abbreviations(text) | {word for word in typed if self._is_contraction(word) or self._is_read(word)}
        mended = {word: self._speller.complete(self._speller.mend(word)) for word in set(typed) - right}
        return [mended.get(word, word) for word in typed]

    def _sources(self, asked: list[str]) -> tuple[str, ...]:
        """The documents that the question names by its publisher or author."""
        return tuple(dict.fromkeys(self._named[term] for term in asked if term in self._named))

    def _names(self, tokens: list[str], meant: dict[str, range]) -> tuple[str, ...]:
        """Words of the question that nobody here knows."""
        covered = {position for positions in meant.values() for position in positions}
        return tuple(
            dict.fromkeys(
                token for position, token in enumerate(tokens) if position not in covered and self._is_unknown(token)
            )
        )

    def _is_unknown(self, word: str) -> bool:
        is_code = bool(_CODE.fullmatch(word))
        is_strange = not self._speller.is_right(word) and not is_drug_name(word) and not self._is_contraction(word)
        return (is_code or is_strange) and not self._is_read(word)

    def _is_contraction(self, word: str) -> bool:
        return bool(_CONTRACTION.fullmatch(word)) and word not in self._ordinary

    def _is_proper(self, name: str, tokens: list[str]) -> bool:
        """Whether an unknown word of an English question looks like a proper name, such as that of another drug.

        It does not when it is built as ordinary words are: by an ending, or from two of them.
        """
        is_english = any(token in _ENGLISH_ONLY for token in tokens)
        halves = ((name[:cut], name[cut:]) for cut in range(_SHORTEST_HALF, len(name) - _SHORTEST_HALF + 1))
        is_built = _ORDINARY_ENDING.search(name) or any(
            first in self._ordinary and second in self._ordinary for first, second in halves
        )
        is_name = not is_built and len(name) >= _SHORTEST_NAME
        return (is_english and is_name) or bool(_CODE.fullmatch(name))

    def _is_read(self, word: str) -> bool:
        return word in STOP_WORDS or word in THE_DRUG or stem(word) in self._literature


def _without_circumstances(question: str) -> str:
    """A story without what its trouble came after, if there is something left to ask about."""
    if not _OWN_STORY.search(question):
        return question
    rest = _CIRCUMSTANCE.sub(" ", question)
    return rest if terms(rest) else question


def _abbreviations(text: str) -> frozenset[str]:
    """Words such as CTLA, hDLE and iTregs: no slip of the finger explains their capitals, but shouting does."""
    if text.isupper():
        return frozenset()
    written = (word for word in re.findall(r"[^\W_]+", text) if not word[1:].islower())
    return frozenset(word.lower() for word in written if len(word) <= _LONGEST_ABBREVIATION or not word.isupper())


def _telling(asked: list[str]) -> list[str]:
    """Terms without the drug's own names, which all texts are about, unless nothing else is asked."""
    telling = [term for term in asked if term not in _ALL_TEXTS]
    return telling or asked


def _others(tokens: list[str], meant: dict[str, range]) -> tuple[tuple[str, ...], ...]:
    """For each other drug or animal, the terms by which a text may speak of it: its name, or its glossary class."""
    subjects: dict[str, tuple[str, ...]] = {}
    for position, token in enumerate(tokens):
        classes = [term for term, positions in meant.items() if position in positions]
        for name in (token, *(word for term in classes for word in words(term))):
            if name in _ANIMALS or (is_drug_name(name) and name not in THE_DRUG):
                subjects[token] = tuple(dict.fromkeys([*terms(token), *terms(" ".join(classes))]))
    return tuple(subjects.values())


def _telling_names(documents: Iterable[Document], ordinary_words: frozenset[str]) -> dict[str, str]:
    """Words by which one document alone is known, such as its publisher: no ordinary word, and in no other's name."""
    owners: dict[str, set[str]] = {}
    for document in documents:
        for word in words(_makers(document)):
            if word.isalpha() and word not in ordinary_words and word not in THE_DRUG:
                owners.setdefault(stem(word), set()).add(document.id)
    return {word: owner for word, (owner, *others) in owners.items() if not others}


def _makers(document: Document) -> str:
    return " ".join((document.provenance.publisher or "", *document.provenance.authors))


def _leans_on_history(question: str, asked: list[str]) -> bool:
    """Whether a question goes on from the one before: by its first word, by what it points to, or for want of words."""
    return (
        len(asked) <= _ALMOST_NOTHING
        or bool(_CONTINUES.search(question) or _POINTS_BACK.search(question))
        or (len(asked) <= _LITTLE and bool(_MAY_POINT_BACK.search(question)))
    )
