"""Texts become vectors, by files on disk only."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest

from support import HashEncoder
from temsiqa.errors import SettingsError
from temsiqa.index.encode import BATCH, DEFAULT_ENCODER, Encoder, SentenceEncoder, Vectors, encode_all, identify

TEXTS = [
    "The infusion of temsirolimus takes 30 to 60 minutes.",
    "How long does the drip take?",
    "",
    "Temsirolimus inhibits mTOR. " * 200,
    "Übelkeit 🙂 \x00 \ud800".encode("utf-8", "replace").decode(),
]


@pytest.fixture(params=["hash_encoder", pytest.param("sentence_encoder", marks=pytest.mark.model)])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    """Both encoders obey the same protocol."""
    found: Encoder = request.getfixturevalue(request.param)
    return found


def test_vectors_are_unit_vectors(encoder: Encoder) -> None:
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dimension)
    assert vectors.dtype == np.float32
    assert vectors.flags.c_contiguous
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)


def test_no_texts_give_no_vectors(encoder: Encoder) -> None:
    vectors = encoder.encode([])
    assert vectors.shape == (0, encoder.dimension)
    assert vectors.dtype == np.float32


def test_the_same_texts_give_the_same_vectors(encoder: Encoder) -> None:
    assert encoder.encode(TEXTS).tobytes() == encoder.encode(TEXTS).tobytes()


def test_near_texts_have_near_vectors(encoder: Encoder) -> None:
    infusion, minutes, weather = encoder.encode(
        ["the infusion of temsirolimus takes an hour", "an infusion of temsirolimus takes minutes", "rain in spring"]
    )
    assert infusion @ minutes > infusion @ weather + 0.3


def test_what_fits(encoder: Encoder) -> None:
    assert encoder.fits("")
    assert encoder.fits("The infusion takes 30 minutes.")
    assert not encoder.fits("temsirolimus " * 1000)


def test_knows_ordinary_words(encoder: Encoder) -> None:
    assert {"the", "long", "weather"} <= encoder.vocabulary
    assert all(word.isalpha() for word in encoder.vocabulary)


def test_threads_get_the_same_vectors_as_one(sentence_encoder: SentenceEncoder) -> None:
    texts = [f"question number {number} on temsirolimus" for number in range(32)]
    expected = [sentence_encoder.encode([text]) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: sentence_encoder.encode([text]), texts))
        fits = list(pool.map(sentence_encoder.fits, texts))
    assert all(np.array_equal(one, other) for one, other in zip(found, expected, strict=True))
    assert all(fits)


@pytest.mark.model
def test_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, _no_network)
    assert SentenceEncoder().encode(["half-life"]).shape == (1, 384)


def _no_network(*arguments: object, **named: object) -> NoReturn:
    raise AssertionError(f"network used: {arguments}")


def test_name_and_fingerprint_are_known_without_loading(sentence_encoder: SentenceEncoder) -> None:
    assert identify(DEFAULT_ENCODER) == (sentence_encoder.name, sentence_encoder.fingerprint)
    assert sentence_encoder.name == DEFAULT_ENCODER
    assert len(sentence_encoder.fingerprint) == 64


@pytest.mark.parametrize("model", ["all-minilm-l6-v2", "sentence-transformers/other", "no/such/folder", "", "."])
def test_unknown_model_is_a_wrong_setting(model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match="name a folder on this machine") as caught:
        SentenceEncoder(model)
    assert repr(model) in str(caught.value)


@pytest.mark.parametrize("modules", ["", "{", "[]", '[{"idx": 0, "name": "0", "path": "", "type": "os.system"}]'])
def test_model_that_cannot_be_loaded_is_a_wrong_setting(modules: str, tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text(modules, encoding="utf-8")
    with pytest.raises(SettingsError, match="name another folder") as caught:
        SentenceEncoder(str(tmp_path))
    assert str(tmp_path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_fingerprint_changes_with_any_file_of_a_model(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("[]", encoding="utf-8")
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"one")
    name, before = identify(str(tmp_path))
    weights.write_bytes(b"two")
    assert name == tmp_path.name
    assert identify(str(tmp_path))[1] != before
    weights.write_bytes(b"one")
    assert identify(str(tmp_path))[1] == before
    weights.rename(tmp_path / "other.safetensors")
    assert identify(str(tmp_path))[1] != before


class _Counting(HashEncoder):
    """Remembers how many texts it got at a time."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As ``HashEncoder``."""
        self.batches.append(len(texts))
        return super().encode(texts)


@pytest.mark.parametrize("count", [0, 1, BATCH, BATCH + 1, 2 * BATCH + 3])
def test_many_texts_are_encoded_in_batches_and_in_order(count: int) -> None:
    texts = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(count)]
    encoder, told = _Counting(), list[int]()
    vectors = encode_all(encoder, texts, told.append)
    assert np.array_equal(vectors, HashEncoder().encode(texts))
    assert sum(told) == count
    assert max(encoder.batches, default=0) <= BATCH
