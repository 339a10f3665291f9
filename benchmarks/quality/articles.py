"""COVID-QA: articles on another subject, with the characters of each that answer a question.

Whether the first sentences overlap them is measured without abstention, on the ranked candidates; naive methods rank
the very same sentences. Möller et al. 2020, NLP-COVID19 workshop at ACL 2020.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, zip_longest
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality.bench import Bench
from benchmarks.quality.figures import Figure, overlap, paired_difference, share
from benchmarks.quality.sets import read_lines
from temsiqa.assistant import Assistant
from temsiqa.documents.canonical import clean
from temsiqa.index.encode import Encoder
from temsiqa.index.generation import Generation
from temsiqa.index.lexical import LexicalIndex
from temsiqa.index.words import terms
from temsiqa.model import Audience, Document, Span

GIVEN, COLLECTION = "covidqa, article given", "covidqa, all articles"
_DEPTHS = {1: "first sentence", 3: "one of the first three"}

Ranking = Callable[[str], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the generation that it is put to, and the characters that answer it there."""

    question: str
    generation: Generation
    document: str
    answer: Span

    def is_answered_by(self, sentences: Sequence[int]) -> bool:
        """Whether one of these sentences, given by number, overlaps the answer."""
        return any(
            self.generation.document_of(n).id == self.document
            and overlap(self.generation.sentences[n].span, self.answer)
            for n in sentences
        )


@dataclass(frozen=True, slots=True)
class Articles:
    """The questions put to one article each, and put to all articles at once; ``lost`` have no place in the text."""

    given: tuple[Asked, ...]
    collection: tuple[Asked, ...]
    lost: int


def read_articles(bench: Bench, sets: Path) -> Articles:
    """Indexes every article by itself, and all of them together."""
    folder = sets / "data" / "covidqa"
    articles = {str(row["id"]): row for row in read_lines(folder / "articles_dev.jsonl.gz")}
    questions = read_lines(folder / "questions_dev.jsonl")
    together = _write(bench.folder / "articles", articles.values())
    everything = bench.index(together, "articles")
    alone = {
        name: bench.index(_write(bench.folder / f"article-{name}", [row]), f"article-{name}")
        for name, row in articles.items()
    }
    given, collection = [], []
    for row in questions:
        name = str(row["article_id"])
        document = _documents(alone[name])[name]
        span = locate(row["answer"], row["answer_start"], articles[name]["text"], document.text)
        if span:
            given.append(Asked(row["question"], alone[name], document.id, span))
            same = _documents(everything)[name]
            assert same.text == document.text
            collection.append(Asked(row["question"], everything, same.id, span))
    return Articles(tuple(given), tuple(collection), len(questions) - len(given))


def article_figures(bench: Bench, articles: Articles) -> list[Figure]:
    """How often the first, and the first three, sentences overlap the answer, and the lead over naive ways."""
    return [
        Figure(GIVEN, "answers that were not found in the text", articles.lost),
        *_compared(bench, GIVEN, articles.given),
        *_compared(bench, COLLECTION, articles.collection),
    ]


def _compared(bench: Bench, data: str, asked: Sequence[Asked]) -> Iterator[Figure]:
    """The product beside every naive way, and its lead over the best of them."""
    found = overlaps(asked, lambda generation: candidate_ranking(bench.assistant(generation)))
    naive = {name: overlaps(asked, partial(naive_ranking, bench.encoder, way)) for name, way in NAIVE.items()}
    for depth, which in _DEPTHS.items():
        for name, hits in {"this product": found, **naive}.items():
            yield share(data, f"{which} overlaps the answer, {name}", hits[depth])
        best = max((hits[depth] for hits in naive.values()), key=sum)
        yield Figure(data, f"lead over the best naive way, {which}", *paired_difference(best, found[depth]))


def overlaps(asked: Sequence[Asked], ranking_of: Callable[[Generation], Ranking]) -> dict[int, list[bool]]:
    """For each depth, of each question whether one of so many first sentences overlaps its answer."""
    rankings: dict[str, Ranking] = {}
    found: dict[int, list[bool]] = {depth: [] for depth in _DEPTHS}
    for one in asked:
        if one.generation.name not in rankings:
            rankings[one.generation.name] = ranking_of(one.generation)
        ranked = rankings[one.generation.name](one.question)
        for depth in _DEPTHS:
            found[depth].append(one.is_answered_by(ranked[:depth]))
    return found


def candidate_ranking(assistant: Assistant) -> Ranking:
    """Sentences as the product judges them; where a message asks several things, they take turns."""

    def ranked(question: str) -> Sequence[int]:
        steps = assistant.walk(question, audience=Audience.RESEARCHER).steps
        turns = zip_longest(*(step.choice.candidates.numbers for step in steps))
        return list(dict.fromkeys(n for n in chain.from_iterable(turns) if n is not None))

    return ranked


Scores = NDArray[np.float32]
NAIVE: Mapping[str, Callable[[Scores, Scores], Scores]] = {
    "sentence cosine": lambda cosines, lexical: cosines,
    "BM25": lambda cosines, lexical: lexical,
    "cosine + share of the best BM25": lambda cosines, lexical: cosines + lexical / max(float(lexical.max()), 1e-9),
}


def naive_ranking(encoder: Encoder, way: Callable[[Scores, Scores], Scores], generation: Generation) -> Ranking:
    """The bare sentences ranked by likeness alone: no heading, no lead-in, no passages."""
    texts = [generation.document_of(n).quote(s.span) for n, s in enumerate(generation.sentences)]
    vectors, words = encoder.encode(texts), LexicalIndex.build(texts)

    def ranked(question: str) -> Sequence[int]:
        scores = way(vectors @ encoder.encode([question])[0], words.scores(terms(question)))
        best: list[int] = np.argsort(-scores, kind="stable")[: max(_DEPTHS)].tolist()
        return best

    return ranked


def locate(answer: str, start: int, raw: str, canonical: str) -> Span | None:
    """Where ``answer``, which begins at ``start`` of the raw text, stands in the canonical one; None if nowhere.

    White space may differ. Of several places the one is taken that has as many letters after it as there are in the
    raw text: what readers put before a text, its title, does not count then.
    """
    wanted = r"\s+".join(re.escape(word) for word in clean(answer).split())
    after = _letters(clean(raw[start + len(answer) :]))
    places = [Span(*match.span()) for match in re.finditer(wanted, canonical)]
    return min(places, key=lambda place: abs(_letters(canonical[place.end :]) - after), default=None)


def _letters(text: str) -> int:
    return sum(not character.isspace() for character in text)


def _write(folder: Path, articles: Iterable[dict[str, str]]) -> Path:
    """One file of JSON lines as the product reads them."""
    folder.mkdir()
    lines = [json.dumps({"_id": a["id"], "title": a["title"], "text": a["text"]}) for a in articles]
    (folder / "articles.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def _documents(generation: Generation) -> dict[str, Document]:
    """By the id that the collection gave them."""
    return {document.provenance.identifier("id") or "": document for document in generation.documents.values()}
