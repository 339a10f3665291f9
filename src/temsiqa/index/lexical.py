"""Terms → BM25 scores (Robertson and Zaragoza 2009, doi 10.1561/1500000019), by bm25s."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

from temsiqa.index.words import terms


class LexicalIndex:
    """BM25 over a fixed list of texts."""

    def __init__(self, retriever: bm25s.BM25) -> None:
        self._retriever = retriever
        self._numbers: dict[str, int] = retriever.vocab_dict
        self._size = int(retriever.scores["num_docs"])
        self._counts = np.diff(retriever.scores["indptr"])

    @classmethod
    def build(cls, texts: Iterable[str]) -> LexicalIndex:
        """An index over ``texts``; text number ``i`` gets score number ``i``."""
        retriever = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        found = [terms(text) or [""] for text in texts]
        # In alphabetical order: bm25s itself would number a set, whose order differs from process to process.
        numbers = {term: number for number, term in enumerate(sorted({term for text in found for term in text}))}
        in_numbers = [[numbers[term] for term in text] for text in found]
        retriever.index((in_numbers, numbers), create_empty_token=False, show_progress=False)
        return cls(retriever)

    def save(self, folder: Path) -> None:
        """Writes plain arrays and JSON files into ``folder``."""
        self._retriever.save(folder, show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Reads what ``save`` wrote; the files must have been verified before, they carry no checksum.

        Raises ``ValueError`` when they do not belong together; bm25s would raise only once a term is looked up.
        """
        retriever = bm25s.BM25.load(folder, allow_pickle=False, show_progress=False)
        known, ends = len(retriever.vocab_dict), retriever.scores["indptr"]
        entries = {len(retriever.scores["data"]), len(retriever.scores["indices"])}
        if len(ends) != known + 1 or entries != {int(ends[-1])}:
            raise ValueError(f"{known} terms, {len(ends)} ends and {entries} entries do not belong together")
        return cls(retriever)

    def __len__(self) -> int:
        return self._size

    def __contains__(self, term: object) -> bool:
        return term in self._numbers

    def scores(self, query_terms: Sequence[str]) -> NDArray[np.float32]:
        """One BM25 score a text, float32 of shape (number of texts,); zeros when no term is known."""
        known = [term for term in query_terms if term in self._numbers]
        if not known:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(self._retriever.get_scores(known), dtype=np.float32)

    def weight(self, term: str) -> float:
        """Inverse document frequency of a term, unseen ones included (natural logarithm)."""
        number = self._numbers.get(term)
        count = int(self._counts[number]) if number is not None else 0
        return math.log(1 + (self._size - count + 0.5) / (count + 0.5))
