"""What all measurements share: one encoder, one reader of files, and a memory of what was encoded and read before.

Each text goes through the models once, so that an ablation costs only what it changes. Whatever is timed must not
pass through here.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from temsiqa.answering.cross_encoder import CrossEncoder
from temsiqa.assistant import Assistant
from temsiqa.documents.corpus import FileReader
from temsiqa.documents.worker import Limits, ReadingProcess
from temsiqa.index.build import Inputs, build, recipe
from temsiqa.index.encode import DEFAULT_ENCODER, Encoder, SentenceEncoder, Vectors
from temsiqa.index.generation import Generation, load_current
from temsiqa.safety.policy import Policy, load_policy
from temsiqa.settings import DEFAULT_GLOSSARY


class RememberingEncoder:
    """An ``Encoder`` that encodes no text twice."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.fingerprint = encoder.name, encoder.fingerprint
        self.dimension, self.vocabulary = encoder.dimension, encoder.vocabulary
        self.fits = encoder.fits
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32 of shape (len(texts), dimension)."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(new, self._encoder.encode(new), strict=True))
        rows = [self._known[text] for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.dimension)


class RememberingCrossEncoder(CrossEncoder):
    """A cross-encoder that reads nothing twice.

    Its arithmetic in eight bits depends a little on what is read together, so whole calls are remembered, not pairs.
    """

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[tuple[str, ...], NDArray[np.float32]] = {}

    def log_odds(self, question: str, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Natural log-odds that each sentence answers ``question``, float32 of shape (number of sentences,)."""
        call = (question, *sentences)
        if call not in self._known:
            self._known[call] = super().log_odds(question, sentences)
        return self._known[call]


@dataclass(frozen=True, slots=True)
class Bench:
    """``encoder`` forgets nothing, ``bare_encoder`` remembers nothing; ``folder`` is thrown away in the end."""

    bare_encoder: SentenceEncoder
    encoder: RememberingEncoder
    cross_encoder: CrossEncoder
    policy: Policy
    folder: Path
    read: FileReader

    def index(self, corpus: Path, name: str) -> Generation:
        """A generation of ``corpus`` as the product builds it; ``name`` is free to choose, but new."""
        inputs = Inputs(corpus, DEFAULT_ENCODER, DEFAULT_GLOSSARY)
        index = self.folder / "indexes" / name
        build(index, inputs, recipe(inputs), self.encoder, self.read, lambda stage, done, total: None, strict=True)
        return load_current(index)

    def assistant(self, generation: Generation, reads_together: bool = True) -> Assistant:
        """The product over ``generation``, with or without its cross-encoder."""
        cross_encoder = self.cross_encoder if reads_together else None
        return Assistant(generation, self.encoder, self.policy, cross_encoder=cross_encoder)


@contextmanager
def open_bench() -> Iterator[Bench]:
    """A bench with the models that ship."""
    bare = SentenceEncoder()
    with tempfile.TemporaryDirectory() as folder, ReadingProcess(Limits()) as read:
        yield Bench(bare, RememberingEncoder(bare), RememberingCrossEncoder(), load_policy(), Path(folder), read)
