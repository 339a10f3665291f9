"""What an answer costs beside the bare encoder call, what building costs, and what it takes in memory.

Every figure that is compared is taken in the same run, turn about, so that a busy machine slows both alike. Run with
``make bench``; the figures in docs/answering.md were printed by this program.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from temsiqa.assistant import Assistant
from temsiqa.documents.worker import ReadingProcess
from temsiqa.index.build import Inputs, build, recipe
from temsiqa.index.encode import SentenceEncoder
from temsiqa.index.generation import load_current
from temsiqa.safety.policy import load_policy
from temsiqa.settings import Settings

ROUNDS = 10
QUESTIONS = (
    "How is temsirolimus given, and how long does it take?",
    "what is the half life of torisel",
    "i am so tired since the drip, is that normal",
    "Which side effects need medical attention at once?",
    "What happened to the 786-O tumours in nude mice?",
    "can i take my usual tablets with it",
    "Which biomarkers were analysed in the phase II biopsies?",
    "does it help against glioblastoma when combined with something else",
    "is it removed by dialysis",
    "Welche Nebenwirkungen hat das Medikament?",
)


def megabytes() -> float:
    """Resident memory of this process, in 10^6 bytes."""
    return float(psutil.Process().memory_info().rss) / 1e6


def milliseconds(action: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def build_times(settings: Settings, encoder: SentenceEncoder) -> dict[str, float]:
    """Seconds to build an index of the corpus and to load it again, in a folder that is thrown away."""
    inputs = Inputs(settings.corpus, settings.encoder, settings.glossary)
    wanted = recipe(inputs)
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        start = time.perf_counter()
        with ReadingProcess(settings.limits) as read:
            build(index, inputs, wanted, encoder, read, lambda stage, done, total: None, strict=False)
        built = time.perf_counter()
        load_current(index)
        loaded = time.perf_counter()
    return {"build_s": built - start, "load_verified_s": loaded - built}


def latencies(assistant: Assistant, encoder: SentenceEncoder) -> dict[str, float]:
    """Milliseconds of an answer and of the bare encoder call on the same question, turn about."""
    answers: list[float] = []
    calls: list[float] = []
    for round_number in range(ROUNDS + 1):
        for question in QUESTIONS:
            answer = milliseconds(lambda question=question: assistant.answer(question))  # type: ignore[misc]
            call = milliseconds(lambda question=question: encoder.encode([question]))  # type: ignore[misc]
            if round_number:  # the first round warms up
                answers.append(answer)
                calls.append(call)
    return {
        "answer_median_ms": statistics.median(answers),
        "answer_p95_ms": statistics.quantiles(answers, n=20)[-1],
        "encoder_median_ms": statistics.median(calls),
        "encoder_p95_ms": statistics.quantiles(calls, n=20)[-1],
        "ratio_of_medians": statistics.median(answers) / statistics.median(calls),
        "median_of_ratios": statistics.median(a / c for a, c in zip(answers, calls, strict=True)),
        "answers": len(answers),
    }


def main() -> None:
    """Prints one JSON object."""
    settings = Settings()
    start = time.perf_counter()
    encoder = SentenceEncoder(settings.encoder)
    figures = {"encoder_load_s": time.perf_counter() - start, "encoder_rss_mb": megabytes()}
    figures |= build_times(settings, encoder)
    assistant = Assistant(load_current(settings.index), encoder, load_policy(settings.policy))
    figures |= latencies(assistant, encoder)
    figures |= {"rss_mb": megabytes(), "sentences": len(assistant.generation.sentences)}
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}, indent=2))


if __name__ == "__main__":
    main()
