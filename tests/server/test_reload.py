"""A server answers from what is current, and goes on answering whatever becomes of the index folder."""

from __future__ import annotations

import gc
import logging
import shutil
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from index_support import ENCODER, quick_build
from support import INFUSION_ANSWER, INFUSION_QUESTION, HashEncoder, write_corpus
from temsiqa.assistant import Assistant
from temsiqa.errors import IndexFolderError
from temsiqa.index.encode import Vectors
from temsiqa.index.generation import CURRENT, PASSAGES, current_name, load_current
from temsiqa.safety.policy import load_policy
from temsiqa.server import reload
from temsiqa.server.app import create_app
from temsiqa.settings import Settings

CHAT = {"messages": [{"role": "user", "content": INFUSION_QUESTION}]}
LONGER = "45 to 90 minutes"
LONGEST_WAIT = 60


class _Pausing(HashEncoder):
    """Encodes when it may."""

    def __init__(self) -> None:
        self.asked, self.may_go_on = threading.Event(), threading.Event()
        self.may_go_on.set()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As ``HashEncoder``."""
        self.asked.set()
        assert self.may_go_on.wait(LONGEST_WAIT)
        return super().encode(texts)


@dataclass(frozen=True)
class _Served:
    """A server of an index, and the corpus that the index is built from."""

    index: Path
    corpus: Path
    encoder: _Pausing
    client: TestClient

    def generation(self) -> str:
        """What the server says that it answers from."""
        return str(self.client.get("/readyz").json()["generation"])

    def answer(self) -> tuple[str, str]:
        """The generation of an answer, and its text."""
        answer = self.client.post("/v1/chat", json=CHAT).json()
        return answer["generation"], " ".join(statement["text"] for statement in answer["statements"])

    def build_longer(self) -> str:
        """Makes a generation current in which the infusion takes longer, and returns its name."""
        path = self.corpus / "guides" / "giving.md"
        path.write_text(path.read_text(encoding="utf-8").replace(INFUSION_ANSWER, LONGER), encoding="utf-8")
        return quick_build(self.index, self.corpus).generation


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[_Served]:
    """A server that looks often."""
    monkeypatch.setattr(reload, "LOOK_EVERY", 0.01)
    monkeypatch.setattr(reload, "LOOK_AGAIN", 0.05)
    index, corpus, encoder = tmp_path / "index", write_corpus(tmp_path / "corpus"), _Pausing()
    quick_build(index, corpus)
    with TestClient(_app(index, encoder)) as client:
        yield _Served(index, corpus, encoder, client)


def _app(index: Path, encoder: HashEncoder) -> FastAPI:
    return create_app(Settings(), Assistant(load_current(index), encoder, load_policy(None), index))


def _eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONGEST_WAIT
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_new_generation_is_served_without_a_restart(served: _Served) -> None:
    first = served.generation()
    assert served.answer()[0] == first
    assert INFUSION_ANSWER in served.answer()[1]
    second = served.build_longer()
    _eventually(lambda: served.generation() == second != first)
    generation, text = served.answer()
    assert generation == second
    assert LONGER in text


def test_a_request_is_answered_to_its_end_from_what_it_began_with(served: _Served) -> None:
    first = served.generation()
    served.encoder.asked.clear()
    served.encoder.may_go_on.clear()
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(served.answer)
        assert served.encoder.asked.wait(LONGEST_WAIT)
        second = served.build_longer()
        _eventually(lambda: served.generation() == second)
        served.encoder.may_go_on.set()
        generation, text = slow.result(LONGEST_WAIT)
    assert generation == first
    assert INFUSION_ANSWER in text
    assert LONGER not in text


def _damage(index: Path) -> None:
    path = index / current_name(index) / PASSAGES
    path.write_bytes(path.read_bytes()[:-1])


def _build_with_another_encoder(served: _Served) -> None:
    encoder = HashEncoder()
    encoder.fingerprint = "another"
    quick_build(served.index, served.corpus, encoder)


def _build_and_damage(served: _Served) -> None:
    served.build_longer()
    _damage(served.index)


def _lose_current(served: _Served) -> None:
    (served.index / CURRENT).unlink()


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_build_and_damage, "passages.json: "),
        (_build_with_another_encoder, "was encoded by hash-encoder another"),
        (_lose_current, "CURRENT: missing"),
    ],
)
def test_what_cannot_be_loaded_is_told_once_and_the_old_generation_goes_on(
    served: _Served,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    spoil: Callable[[_Served], None],
    reason: str,
) -> None:
    first, looks = served.generation(), _HeldLooks(served.index, monkeypatch)
    _eventually(lambda: looks.count == 1)  # from here on, none looks while the index is being spoilt
    spoil(served)
    looks.may_go_on.set()
    _eventually(lambda: looks.count >= 4)
    assert served.answer()[0] == first
    told = [record for record in caplog.records if record.name == reload.__name__]
    assert [record.levelno for record in told] == [logging.ERROR]
    assert reason in told[0].getMessage()
    assert first[:8] in told[0].getMessage()
    assert "\n" not in told[0].getMessage()
    assert told[0].exc_info is None
    mended = served.build_longer()
    _eventually(lambda: served.generation() == mended)


class _HeldLooks:
    """Counts how often an assistant of one index was asked to be renewed, and lets none of them go on before it may.

    Servers of other tests look as well.
    """

    def __init__(self, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count, self.may_go_on = 0, threading.Event()
        renewed = Assistant.renewed

        def held(assistant: Assistant) -> Assistant:
            if assistant._index == index:
                self.count += 1
                assert self.may_go_on.wait(LONGEST_WAIT)
            return renewed(assistant)

        monkeypatch.setattr(Assistant, "renewed", held)


def test_trouble_of_any_kind_leaves_the_old_generation(
    served: _Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first = served.generation()

    def fail(index: Path) -> NoReturn:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr("temsiqa.assistant.load_current", fail)
        second = served.build_longer()
        _eventually(lambda: "MemoryError" in caplog.text)
        assert served.answer()[0] == first
    _eventually(lambda: served.generation() == second)


def test_nothing_is_needed_from_disk_once_it_is_loaded(served: _Served) -> None:
    first, text = served.answer()
    shutil.rmtree(served.index)
    assert served.answer() == (first, text)
    for path in ("/readyz", "/v1/documents", "/v1/documents/guides/giving.md"):
        assert served.client.get(path).status_code == 200


def test_a_generation_that_is_replaced_is_let_go(served: _Served) -> None:
    """A server that is renewed every day would fill the memory otherwise."""
    served.answer()
    state = served.client.app.state  # type: ignore[attr-defined]
    former = weakref.ref(state.assistant.generation.passage_vectors)
    second = served.build_longer()
    _eventually(lambda: served.generation() == second)
    served.answer()

    def is_gone() -> bool:
        gc.collect()
        return former() is None

    _eventually(is_gone)


def test_the_server_stops_while_it_loads(served: _Served, monkeypatch: pytest.MonkeyPatch) -> None:
    loading, may_go_on = threading.Event(), threading.Event()

    def load(index: Path) -> object:
        loading.set()
        may_go_on.wait(LONGEST_WAIT)
        return load_current(index)

    with TestClient(_app(served.index, ENCODER)) as client:
        monkeypatch.setattr("temsiqa.assistant.load_current", load)
        served.build_longer()
        assert loading.wait(LONGEST_WAIT)
        threading.Timer(0.1, may_go_on.set).start()
    assert client.get("/readyz").status_code == 503


def test_an_assistant_keeps_encoder_and_policy_when_it_is_renewed(served: _Served) -> None:
    policy = load_policy(None)
    assistant = Assistant(load_current(served.index), ENCODER, policy, served.index)
    assert assistant.renewed() is assistant
    name = served.build_longer()
    renewed = assistant.renewed()
    assert renewed.generation.name == name
    assert (renewed._encoder, renewed.policy) == (ENCODER, policy)
    assert renewed.renewed() is renewed
    (served.corpus / "storage.md").write_text("# Storage\n\nIt keeps in the cold.\n", encoding="utf-8")
    name = quick_build(served.index, served.corpus).generation
    assert renewed.renewed().generation.name == name
    _damage(served.index)
    with pytest.raises(IndexFolderError, match="passages"):
        renewed.renewed()


def test_an_assistant_without_a_folder_stays_what_it_is(served: _Served) -> None:
    assistant = Assistant(load_current(served.index), ENCODER, load_policy(None))
    served.build_longer()
    assert assistant.renewed() is assistant
