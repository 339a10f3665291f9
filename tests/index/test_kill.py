"""kill -9 while an index is being built: what is served stays sound, and the next build succeeds.

Three tests. One kills a builder before each change that it makes to a file, in turn. One kills updates at random
moments under a server that answers all the while. One kills the command line ``temsiqa index`` with the real encoder.
Builders are forked from a process that has imported everything: imports take most of a run and touch no file.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import re
import signal
import socket
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext
from multiprocessing.forkserver import ensure_running
from multiprocessing.process import BaseProcess
from pathlib import Path
from urllib.request import Request, urlopen

import psutil
import pytest
import uvicorn

import builders
from builders import PRELOADED, build_and_die, run_command
from index_support import ENCODER, NO_GLOSSARY, quick_build, quick_recipe, unfinished
from support import INFUSION_ANSWER, INFUSION_QUESTION, TINY_CORPUS, write_corpus
from temsiqa.assistant import Assistant
from temsiqa.index.build import is_current
from temsiqa.index.encode import Encoder, SentenceEncoder
from temsiqa.index.generation import CURRENT, load_current
from temsiqa.index.publish import LOCK, UNFINISHED
from temsiqa.safety.policy import Policy, load_policy
from temsiqa.server import reload
from temsiqa.server.app import create_app
from temsiqa.settings import Settings

KILLS, COMMAND_KILLS = 100, 4
LONGEST_RUN = 60
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def forkserver() -> ForkServerContext:
    """Processes forked from one that has imported everything and has no threads."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYTHONPATH", str(Path(builders.__file__).parent))
        patched.setenv("OMP_NUM_THREADS", "1")  # builder and server share the processors
        ensure_running()
    first = context.Process(target=int)  # waits for the imports, so that no measured run does
    first.start()
    first.join()
    return context


@pytest.fixture(scope="module")
def policy() -> Policy:
    """The policy that comes with the package."""
    return load_policy(None)


@pytest.fixture(autouse=True)
def _without_sync(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits for no disk in this process: what was written outlives a process, and nobody pulls the plug here."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)


@pytest.mark.parametrize("known", [False, True], ids=["new generation", "former generation again"])
def test_killed_before_every_change(tmp_path: Path, forkserver: ForkServerContext, policy: Policy, known: bool) -> None:
    index = tmp_path / "index"
    corpora = [write_corpus(tmp_path / f"corpus{number}", f"This is corpus {number}.") for number in range(3)]
    for corpus in corpora[2:] + corpora[:1]:
        quick_build(index, corpus)
    change = 0
    while True:
        change += 1
        if known:
            quick_build(index, corpora[1])
        quick_build(index, corpora[0])
        process = forkserver.Process(target=build_and_die, args=(index, corpora[1], change))
        process.start()
        process.join(LONGEST_RUN)
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
        _check_served(index, corpora[:2], ENCODER, policy)
        _check_mended(index, corpora[1], ENCODER)
        if not known:
            _forget(index, corpora[2])
    assert is_current(index, quick_recipe(corpora[1]))
    assert change > 20


def _forget(index: Path, corpus: Path) -> None:
    """Retires whatever generation is not of ``corpus``."""
    quick_build(index, corpus)
    for path in index.iterdir():
        if path.is_dir() and path.name != load_current(index).name:
            path.rename(index / f"{UNFINISHED}{path.name}")


def _check_served(index: Path, corpora: list[Path], encoder: Encoder, policy: Policy) -> None:
    """The former generation or the new one is current, sound, and answers."""
    assert any(is_current(index, quick_recipe(corpus, encoder)) for corpus in corpora)
    generation = load_current(index)
    answer = Assistant(generation, encoder, policy).answer(INFUSION_QUESTION)
    assert answer.generation == generation.name == (index / CURRENT).read_text(encoding="ascii").strip()
    assert INFUSION_ANSWER in answer.text
    assert all(generation.documents[c.document].text[c.start : c.end] == c.quote for c in answer.citations)


def _check_mended(index: Path, corpus: Path, encoder: Encoder) -> None:
    """A build succeeds and leaves nothing but generations, at most two."""
    built = quick_build(index, corpus, encoder)
    assert load_current(index).name == built.generation
    names = {path.name for path in index.iterdir()} - {LOCK}
    assert {CURRENT, built.generation} <= names
    assert len(names) <= 3
    assert not unfinished(index)


def test_updates_killed_at_random_moments_under_a_server(
    tmp_path: Path, forkserver: ForkServerContext, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reload, "LOOK_EVERY", 0.02)
    updates = _Updates(tmp_path, forkserver)
    assistant = Assistant(load_current(updates.index), ENCODER, policy, updates.index)
    with _serving(assistant) as address, _asking(address) as answers:
        states = updates.kill(KILLS)
        last = updates.finish()
        _wait_until(lambda: answers[-1][0] == last)
    print(dict(states), len(answers), "answers from", len(set(answers)), "of", len(updates.editions), "generations")
    assert states.total() - states["finished"] == KILLS
    assert states["at work"] >= KILLS // 5
    assert {(name, edition) for name, edition in answers} <= set(updates.editions.items())
    assert len(set(answers)) >= 5
    _check_mended(updates.index, updates.corpus, ENCODER)


class _Updates:
    """Edits a corpus again and again and kills the updates of its index.

    Each edition has another duration of the infusion and another note, and a note less. ``editions`` are those of the
    generations that were current.
    """

    def __init__(self, folder: Path, forkserver: ForkServerContext) -> None:
        self.corpus, self.index = write_corpus(folder / "corpus"), folder / "index"
        self.editions: dict[str, int] = {}
        self._forkserver, self._chance, self._edition = forkserver, random.Random(0), 0
        self.finish()

    def finish(self) -> str:
        """Edits and updates undisturbed, and returns the generation."""
        self._edit()
        quick_build(self.index, self.corpus)
        return self._record()

    def kill(self, count: int) -> Counter[str]:
        """How often a kill found the update in which state."""
        states: Counter[str] = Counter()
        run, from_folder = (statistics.median(times) for times in zip(*(self._time() for _ in range(5)), strict=True))
        while states.total() - states["finished"] < count:
            self._edit()
            process = self._start()
            if states.total() % 2:
                self._await_folder(process)
            time.sleep(self._chance.uniform(0, 1.1 * (from_folder if states.total() % 2 else run)))
            process.kill()
            process.join(LONGEST_RUN)
            states[self._state(process.exitcode)] += 1
        return states

    def _edit(self) -> None:
        self._edition += 1
        giving = TINY_CORPUS["guides/giving.md"].replace(INFUSION_ANSWER, f"{self._edition} to 999 minutes")
        (self.corpus / "guides" / "giving.md").write_text(giving, encoding="utf-8")
        (self.corpus / f"note{self._edition}.md").write_text(f"# Note {self._edition}\n\nA note.\n", encoding="utf-8")
        (self.corpus / f"note{self._edition - 2}.md").unlink(missing_ok=True)

    def _record(self) -> str:
        """Whatever is current, which has to be sound."""
        generation = load_current(self.index)
        self.editions[generation.name] = _edition(generation.documents["guides/giving.md"].text)
        return generation.name

    def _start(self) -> BaseProcess:
        process = self._forkserver.Process(target=quick_build, args=(self.index, self.corpus))
        process.start()
        return process

    def _await_folder(self, process: BaseProcess) -> None:
        while not unfinished(self.index) and process.exitcode is None:
            time.sleep(0.001)

    def _time(self) -> tuple[float, float]:
        """Seconds of an undisturbed update, from its start and from when its folder is there."""
        self._edit()
        start = time.monotonic()
        process = self._start()
        self._await_folder(process)
        folder = time.monotonic()
        process.join(LONGEST_RUN)
        assert process.exitcode == 0
        self._record()
        return time.monotonic() - start, time.monotonic() - folder

    def _state(self, code: int | None) -> str:
        """What the dead left behind."""
        assert code in (0, -signal.SIGKILL)
        switched = self.editions[self._record()] == self._edition
        if code == 0:
            assert switched
            return "finished"
        return "switched" if switched else "at work" if unfinished(self.index) else "not begun"


def _edition(text: str) -> int:
    found = re.search(r"(\d+) to 999 minutes", text)
    assert found, text
    return int(found[1])


@contextmanager
def _serving(assistant: Assistant) -> Iterator[str]:
    """A server on a port of this machine, and its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(Settings(), assistant), log_level="warning", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            _wait_until(lambda: server.started)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(LONGEST_RUN)


@contextmanager
def _asking(address: str) -> Iterator[list[tuple[str, int]]]:
    """Asks without end; each answer by its generation and by the edition that it quotes. A failure is raised."""
    answers: list[tuple[str, int]] = []
    enough = threading.Event()

    def ask() -> None:
        while not enough.is_set():
            answers.append(_answer(address))

    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask)
        try:
            yield answers
        finally:
            enough.set()
            asking.result(LONGEST_RUN)


def _answer(address: str) -> tuple[str, int]:
    body = json.dumps({"messages": [{"role": "user", "content": INFUSION_QUESTION}]}).encode()
    request = Request(f"{address}/v1/chat", body, {"Content-Type": "application/json"})  # noqa: S310 - this machine
    with urlopen(request, timeout=LONGEST_RUN) as response:  # noqa: S310
        answer = json.load(response)
    quotes = [citation["quote"] for statement in answer["statements"] for citation in statement["citations"]]
    return answer["generation"], _edition(" ".join(quotes))


def _wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONGEST_RUN
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_the_command_killed_at_random_moments(
    tmp_path: Path, forkserver: ForkServerContext, policy: Policy, sentence_encoder: SentenceEncoder
) -> None:
    """Builder and reading process are gone at once, the lock with them."""
    index, chance = tmp_path / "index", random.Random(0)
    corpora = [write_corpus(tmp_path / f"corpus{number}", f"This is corpus {number}.") for number in range(2)]
    quick_build(index, corpora[0], sentence_encoder)
    killed = 0
    while killed < COMMAND_KILLS:
        former, new = corpora[killed % 2], corpora[1 - killed % 2]
        arguments = ["index", "--corpus", str(new), "--index", str(index)]
        process = forkserver.Process(target=run_command, args=(arguments, NO_GLOSSARY, tmp_path / "log"))
        process.start()
        while not unfinished(index) and process.exitcode is None:
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.5))
        readers = psutil.Process(process.pid).children()
        process.kill()
        process.join(LONGEST_RUN)
        assert process.exitcode in (0, -signal.SIGKILL), (tmp_path / "log").read_text(encoding="utf-8")
        killed += process.exitcode != 0
        assert not psutil.wait_procs(readers, LONGEST_RUN)[1]
        _check_served(index, [former, new], sentence_encoder, policy)
        _check_mended(index, new, sentence_encoder)
