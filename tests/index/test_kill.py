"""kill -9 while an index is being built: what is served stays sound, and the next build succeeds.

Two tests. One kills a builder before each change that it makes to a file, in turn. The other kills the command line
``temsiqa index`` with the real encoder at random moments, most of the times in a process forked after the imports,
which take the most of a run's time and touch no file of the index.
"""

from __future__ import annotations

import multiprocessing
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing.context import ForkServerContext
from multiprocessing.forkserver import ensure_running
from pathlib import Path

import numpy as np
import pytest

import builders
from builders import PRELOADED, build_and_die, run_command
from support import INFUSION_ANSWER, INFUSION_QUESTION, HashEncoder, build_index, recipe_for, write_corpus
from temsiqa.assistant import Assistant
from temsiqa.index.build import UNFINISHED, is_current
from temsiqa.index.encode import Encoder, SentenceEncoder, Vectors
from temsiqa.index.generation import CURRENT, PASSAGE_VECTORS, load_current
from temsiqa.safety.policy import load_policy

FORKED, COMMANDS = 20, 5  # kills in each of two index folders
LONGEST_RUN = 60


@pytest.fixture(scope="module")
def forkserver() -> ForkServerContext:
    """Processes forked from one that has imported everything and has no threads."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYTHONPATH", str(Path(builders.__file__).parent))
        patched.setenv("OMP_NUM_THREADS", "1")  # two builders and this process share the processors
        ensure_running()
    first = context.Process(target=int)  # waits for the imports, so that no measured run does
    first.start()
    first.join()
    return context


@pytest.fixture
def glossary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A glossary without entries, which the command line finds too."""
    path = tmp_path / "glossary.yaml"
    path.write_text("[]\n", encoding="utf-8")
    monkeypatch.setenv("TEMSIQA_GLOSSARY", str(path))
    return path


@pytest.mark.slow
@pytest.mark.parametrize("known", [False, True], ids=["new generation", "former generation again"])
def test_killed_before_every_change(tmp_path: Path, glossary: Path, forkserver: ForkServerContext, known: bool) -> None:
    encoder, index = HashEncoder(), tmp_path / "index"
    corpora = [write_corpus(tmp_path / f"corpus{number}", f"This is corpus {number}.") for number in range(3)]
    for corpus in corpora[2:] + corpora[:1]:
        build_index(index, corpus, encoder, glossary)
    change = 0
    while True:
        change += 1
        if known:
            build_index(index, corpora[1], encoder, glossary)
        build_index(index, corpora[0], encoder, glossary)
        process = forkserver.Process(target=build_and_die, args=(index, corpora[1], glossary, change))
        process.start()
        process.join(LONGEST_RUN)
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
        _check_served(index, corpora[:2], encoder, glossary)
        _check_mended(index, corpora[1], encoder, glossary)
        if not known:
            _forget(index, corpora[2], encoder, glossary)
    assert is_current(index, recipe_for(corpora[1], encoder, glossary))
    assert change > 20


def _forget(index: Path, corpus: Path, encoder: Encoder, glossary: Path) -> None:
    """Retires whatever generation is not of ``corpus``."""
    build_index(index, corpus, encoder, glossary)
    for path in index.iterdir():
        if path.is_dir() and path.name != load_current(index).name:
            path.rename(index / f"{UNFINISHED}{path.name}")


class _Remembering:
    """The real encoder, which encodes no text twice: the builds that follow a kill differ in one sentence."""

    def __init__(self, encoder: SentenceEncoder) -> None:
        self.name, self.fingerprint, self.dimension = encoder.name, encoder.fingerprint, encoder.dimension
        self.vocabulary, self.fits = encoder.vocabulary, encoder.fits
        self._encode_one = cache(lambda text: encoder.encode([text])[0])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As the real one, but for the last digits, which differ with the batch."""
        return np.array([self._encode_one(text) for text in texts], dtype=np.float32)


@dataclass(frozen=True)
class _Started:
    """A process at work: whether it has ended, how to kill it unless it has, and how to wait for its exit code."""

    ended: Callable[[], bool]
    kill: Callable[[], None]
    wait: Callable[[], int | None]


@dataclass(frozen=True)
class _Timing:
    """Seconds from the start of an undisturbed run until its work is done, and until then from two moments within."""

    run: float
    from_folder: float
    from_vectors: float


@pytest.mark.slow
def test_killed_at_random_moments(
    tmp_path: Path, glossary: Path, forkserver: ForkServerContext, sentence_encoder: SentenceEncoder
) -> None:
    """Half of the kills at any time of a run, a quarter once its folder is there, a quarter while it writes."""
    encoder = _Remembering(sentence_encoder)
    with ThreadPoolExecutor(2) as pool:
        workers = [_Worker(tmp_path / f"worker{seed}", glossary, forkserver, encoder, seed) for seed in range(2)]
        found = list(pool.map(_Worker.work, workers))
    states = found[0] + found[1]
    print(dict(states))
    assert states.total() - states["finished"] == 2 * (FORKED + COMMANDS) >= 50
    assert states["encoding"] + states["writing"] >= 10
    assert states["not begun"] + states["switched"] >= 1


class _Worker:
    """Kills builds in one index folder, one after the other."""

    def __init__(
        self, folder: Path, glossary: Path, forkserver: ForkServerContext, encoder: Encoder, seed: int
    ) -> None:
        self._folder, self._index, self._log = folder, folder / "index", folder / "log"
        self._glossary, self._forkserver, self._encoder = glossary, forkserver, encoder
        self._chance, self._round = random.Random(seed), 0

    def work(self) -> Counter[str]:
        """How often a kill found the build in which state."""
        self._folder.mkdir()
        self._former = self._next_corpus()
        build_index(self._index, self._former, self._encoder, self._glossary)
        states: Counter[str] = Counter()
        for start, count in ((self._fork, FORKED), (self._command, COMMANDS)):
            timing = self._measure(start)
            killed = 0
            while killed < count:
                state = self._kill(start, timing, killed)
                killed += state != "finished"
                states[state] += 1
        return states

    def _next_corpus(self) -> Path:
        """Two corpora by turns; each changes after it was built twice, so generations are new and known by turns."""
        self._round += 1
        letter, edition = "ab"[self._round % 2], self._round // 4
        return write_corpus(self._folder / f"{letter}{edition}", f"This is edition {edition} of corpus {letter}.")

    def _fork(self, corpus: Path) -> _Started:
        arguments = ["index", "--corpus", str(corpus), "--index", str(self._index)]
        process = self._forkserver.Process(target=run_command, args=(arguments, self._glossary, self._log))
        process.start()

        def wait() -> int | None:
            process.join(LONGEST_RUN)
            code = process.exitcode
            process.close()
            return code

        return _Started(lambda: process.exitcode is not None, process.kill, wait)

    def _command(self, corpus: Path) -> _Started:
        arguments: list[Path | str] = [
            Path(sys.executable).with_name("temsiqa"),
            "index",
            "--corpus",
            corpus,
            "--index",
            self._index,
        ]
        with self._log.open("w", encoding="utf-8") as log:
            process = subprocess.Popen(arguments, stdout=log, stderr=log)
        return _Started(lambda: process.poll() is not None, process.kill, lambda: process.wait(LONGEST_RUN))

    def _measure(self, start: Callable[[Path], _Started]) -> _Timing:
        """Times an undisturbed run."""
        corpus, begun = self._next_corpus(), time.monotonic()
        started = start(corpus)
        self._await(started, f"{UNFINISHED}*")
        folder = time.monotonic()
        self._await(started, f"{UNFINISHED}*/{PASSAGE_VECTORS}")
        vectors = time.monotonic()
        while any(self._index.glob(f"{UNFINISHED}*")):
            time.sleep(0.001)
        end = time.monotonic()
        assert started.wait() == 0, self._log.read_text(encoding="utf-8")
        self._former = corpus
        assert is_current(self._index, recipe_for(corpus, self._encoder, self._glossary))
        return _Timing(end - begun, end - folder, end - vectors)

    def _kill(self, start: Callable[[Path], _Started], timing: _Timing, number: int) -> str:
        corpus = self._next_corpus()
        started = start(corpus)
        if number % 2 == 0:
            longest = timing.run
        elif number % 4 == 1:
            self._await(started, f"{UNFINISHED}*")
            longest = timing.from_folder
        else:
            self._await(started, f"{UNFINISHED}*/{PASSAGE_VECTORS}")
            longest = timing.from_vectors
        time.sleep(self._chance.uniform(0, 1.1 * longest))
        started.kill()
        code = started.wait()
        assert code in (0, -signal.SIGKILL), self._log.read_text(encoding="utf-8")
        state = self._state(corpus) if code else "finished"
        _check_served(self._index, [self._former, corpus], self._encoder, self._glossary)
        _check_mended(self._index, corpus, self._encoder, self._glossary)
        self._former = corpus
        return state

    def _await(self, started: _Started, pattern: str) -> None:
        """Waits until a file of that pattern has appeared in the index folder, or the process has ended."""
        while not any(self._index.glob(pattern)) and not started.ended():
            time.sleep(0.001)

    def _state(self, corpus: Path) -> str:
        """What the dead left behind."""
        if is_current(self._index, recipe_for(corpus, self._encoder, self._glossary)):
            return "switched"
        if any(self._index.glob(f"{UNFINISHED}*/{PASSAGE_VECTORS}")):
            return "writing"
        return "encoding" if any(self._index.glob(f"{UNFINISHED}*")) else "not begun"


def _check_served(index: Path, corpora: list[Path], encoder: Encoder, glossary: Path) -> None:
    """The former generation or the new one is current, sound, and answers."""
    assert any(is_current(index, recipe_for(corpus, encoder, glossary)) for corpus in corpora)
    generation = load_current(index)
    answer = Assistant(generation, encoder, load_policy(None)).answer(INFUSION_QUESTION)
    assert answer.generation == generation.name == (index / CURRENT).read_text(encoding="ascii").strip()
    assert INFUSION_ANSWER in answer.text
    assert all(generation.documents[c.document].text[c.start : c.end] == c.quote for c in answer.citations)


def _check_mended(index: Path, corpus: Path, encoder: Encoder, glossary: Path) -> None:
    """A build succeeds and leaves nothing but generations, at most two."""
    built = build_index(index, corpus, encoder, glossary)
    assert load_current(index).name == built.generation
    names = {path.name for path in index.iterdir() if not path.name.startswith(".lock")}
    assert {CURRENT, built.generation} <= names
    assert len(names) <= 3
    assert not [name for name in names if name.startswith(UNFINISHED)]
