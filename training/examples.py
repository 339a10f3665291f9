"""Question-answering data sets → pairs of a question and a sentence, with whether the sentence answers.

SQuAD (Rajpurkar et al. 2016, arXiv 1606.05250, and 2018, arXiv 1806.03822; CC BY-SA 4.0), SelQA (Jurczyk, Zhai and Choi
2016, arXiv 1606.00851; Apache-2.0) and QED (Lamm et al. 2020, arXiv 2009.06354; text CC BY-SA 3.0), and this project's
own questions on its literature. BioASQ is not used: its licence is not confirmed.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from temsiqa.documents.sentences import split_sentences
from temsiqa.index.words import terms
from temsiqa.model import BlockKind

NEGATIVES = 2
_TOKENISED = re.compile(r" (?=[.,;:!?%)\]'’])|(?<=[(\[]) | (?=n't\b)")


@dataclass(frozen=True, slots=True)
class Pair:
    """Whether ``sentence``, read under its heading, answers ``question``."""

    question: str
    sentence: str
    answers: bool


@dataclass(frozen=True, slots=True)
class Example:
    """A question with the sentences of one text, and which of them answer it (none of them may)."""

    question: str
    sentences: tuple[str, ...]
    answers: tuple[bool, ...]
    title: str


def public_examples(data: Path, split: str) -> Iterator[Example]:
    """The examples of the three public sets under ``data`` that belong to ``split``, ``train`` or ``dev``."""
    for reader, folder in ((_squad, "squad"), (_selqa, "selqa"), (_qed, "qed")):
        yield from reader(data / folder, split)


def sampled(examples: Iterable[Example], rng: random.Random) -> Iterator[Pair]:
    """One answering sentence of each example and the others that share most of the question's words.

    Half of the sentences stand under their title, as passages of the literature stand under a heading.
    """
    for example in examples:
        title = example.title if rng.random() < 0.5 else ""
        wrong = [s for s, answers in zip(example.sentences, example.answers, strict=True) if not answers]
        right = [s for s, answers in zip(example.sentences, example.answers, strict=True) if answers]
        for sentence in rng.sample(right, min(1, len(right))):
            yield Pair(example.question, headed(title, sentence), answers=True)
        for sentence in _most_alike(example.question, wrong)[:NEGATIVES]:
            yield Pair(example.question, headed(title, sentence), answers=False)


def headed(heading: str, sentence: str) -> str:
    """``sentence`` under its heading, as ``index.passages.in_context`` writes it."""
    return f"{heading}. {sentence}" if heading else sentence


def _most_alike(question: str, sentences: Sequence[str]) -> list[str]:
    asked = set(terms(question))
    return sorted(sentences, key=lambda sentence: -len(asked.intersection(terms(sentence))))


def _squad(folder: Path, split: str) -> Iterator[Example]:
    contexts = {row["context_id"]: row for row in rows(folder / "contexts.jsonl.gz")}
    for row in rows(folder / "questions.jsonl.gz", split):
        context = contexts[row["context_id"]]
        title = context["title"].replace("_", " ")
        yield _example(row["question"], context["context"], row["spans"] if row["answerable"] else [], title)


def _selqa(folder: Path, split: str) -> Iterator[Example]:
    for row in rows(folder / "questions.jsonl.gz", split):
        sentences = tuple(row["context"][start:end] for start, end in row["sentences"])
        answers = tuple(any(start <= a < end for a, _ in row["spans"]) for start, end in row["sentences"])
        yield Example(row["question"], sentences, answers, f"{row['title']}. {row['section']}")


def _qed(folder: Path, split: str) -> Iterator[Example]:
    """Questions that a single sentence answers, or none; the text comes with blanks around its punctuation."""
    for row in rows(folder / "questions.jsonl.gz", split):
        if row["kind"] == "multi_sentence":
            continue
        sentences = tuple(_TOKENISED.sub("", row["context"][start:end]) for start, end in row["sentences"])
        answers = tuple(row["answerable"] and list(span) == row.get("support") for span in row["sentences"])
        yield Example(row["question"], sentences, answers, row["title"])


def _example(question: str, text: str, spans: Sequence[Sequence[int]], title: str) -> Example:
    found = _sentences(text)
    answers = tuple(any(start <= a < end for a, _ in spans) for start, end in found)
    return Example(question, tuple(text[start:end] for start, end in found), answers, title)


@cache
def _sentences(text: str) -> tuple[tuple[int, int], ...]:
    return tuple((s.span.start, s.span.end) for s in split_sentences(text, 0, BlockKind.PARAGRAPH))


def rows(path: Path, split: str | None = None) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if split is None or row["split"] == split:
                yield row
