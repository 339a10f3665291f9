"""A run: a test set, answered by a system and scored, in one folder.

    manifest.json   what was asked of what: set, system, versions
    items.jsonl     the items as they were asked
    answers.jsonl   a recorded answer a line, in the order of the set; grows while the run goes on
    scores.jsonl    what each answer is worth, and why
    summary.json    every measure with its interval, over all and by slice
    timings.jsonl   how long each answer took; of all files the only one that differs between equal runs

An interrupted run goes on where it stopped. The same system and set give the same bytes, interrupted or not.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from temsiqa import __version__
from temsiqa.errors import EvaluationError, QuestionError
from temsiqa.evaluation.curves import whole_measures
from temsiqa.evaluation.grounding import Library
from temsiqa.evaluation.measures import MEASURES, score
from temsiqa.evaluation.score import ItemScore, judge
from temsiqa.evaluation.statistics import Interval, interval
from temsiqa.evaluation.systems import Reply, System
from temsiqa.evaluation.testset import Item, TestSet

MANIFEST, ITEMS, ANSWERS = "manifest.json", "items.jsonl", "answers.jsonl"
SCORES, SUMMARY, TIMINGS = "scores.jsonl", "summary.json", "timings.jsonl"
FORMAT = 1
ALL = "all"
SMALLEST_SLICE = 2
_Line = TypeVar("_Line", bound=BaseModel)

Progress = Callable[[int], None]


class RunManifest(BaseModel):
    """What was asked of what."""

    format: int = FORMAT
    set: str
    set_sha256: str
    items: int
    version: str
    system: dict[str, object]


class Timing(BaseModel):
    """How long one answer took: a line of ``timings.jsonl``."""

    id: str
    seconds: float


@dataclass(frozen=True)
class Run:
    """A finished run, as read from its folder. ``replies`` and ``scores`` are in the order of the items."""

    folder: Path
    manifest: RunManifest
    items: tuple[Item, ...]
    replies: tuple[Reply, ...]
    scores: tuple[ItemScore, ...]

    @property
    def name(self) -> str:
        """How reports call it."""
        return self.folder.name

    @cached_property
    def summary(self) -> dict[str, dict[str, Interval]]:
        """By slice, by measure: value, interval, number of items. ``all`` is first."""
        return summarise(self.scores)

    @property
    def plain_summary(self) -> dict[str, dict[str, dict[str, object]]]:
        """The same for JSON."""
        return {part: {name: asdict(one) for name, one in found.items()} for part, found in self.summary.items()}

    @property
    def seconds(self) -> tuple[float, ...]:
        """How long the answers took; empty where that is not known."""
        path = self.folder / TIMINGS
        return tuple(one.seconds for one in read_lines(path, Timing)) if path.exists() else ()


def run(test_set: TestSet, system: System, folder: Path, jobs: int, progress: Progress) -> Run:
    """Asks what is not answered yet, scores everything and writes it; ``progress`` hears how many items are answered.

    Raises ``EvaluationError`` when the folder holds another run, or files that are none of a run.
    """
    manifest = RunManifest(
        set=test_set.name,
        set_sha256=test_set.fingerprint,
        items=len(test_set.items),
        version=__version__,
        system=dict(system.about),
    )
    _begin(folder, manifest, test_set.items)
    replies = list(_known(folder, test_set.items))
    progress(len(replies))
    for reply in _ask(test_set.items[len(replies) :], system, folder, jobs):
        replies.append(reply)
        progress(1)
    scores = score_all(test_set.items, replies, system)
    _write_lines(folder / SCORES, scores)
    finished = Run(folder, manifest, test_set.items, tuple(replies), tuple(scores))
    _write(folder / SUMMARY, json.dumps(finished.plain_summary, indent=1, ensure_ascii=False) + "\n")
    return finished


def score_all(items: Sequence[Item], replies: Sequence[Reply], library: Library) -> list[ItemScore]:
    """What each reply is worth, in the order of the items."""
    by_id = {reply.id: reply for reply in replies}
    return [
        score(judge(item, reply, library, by_id.get(item.twin) if item.twin else None))
        for item, reply in zip(items, replies, strict=True)
    ]


def read_run(folder: Path) -> Run:
    """A finished run. Raises ``EvaluationError`` naming what is missing or does not belong together."""
    manifest = _parsed(folder / MANIFEST, _text(folder / MANIFEST), RunManifest)
    if not (folder / SUMMARY).exists():
        raise EvaluationError(f"{folder}: the run is not finished; go on with: temsiqa eval run … --out {folder}")
    items, replies = read_lines(folder / ITEMS, Item), read_lines(folder / ANSWERS, Reply)
    scores = read_lines(folder / SCORES, ItemScore)
    found = Run(folder, manifest, tuple(items), tuple(replies), tuple(scores))
    ids = [[one.id for one in each] for each in (found.items, found.replies, found.scores)]
    if not ids[0] == ids[1] == ids[2]:
        raise EvaluationError(f"{folder}: items, answers and scores are not of the same questions; run again elsewhere")
    return found


def read_lines(path: Path, kind: type[_Line]) -> list[_Line]:
    """The lines of a file, each a ``kind``. Raises ``EvaluationError`` naming the line that is none."""
    lines = _text(path).split("\n")  # and at nothing else: JSON may hold other ends of lines
    return [_parsed(path, line, kind, f": line {n}") for n, line in enumerate(lines, 1) if line.strip()]


def summarise(scores: Sequence[ItemScore]) -> dict[str, dict[str, Interval]]:
    """By slice, by measure, with intervals; over all items those of the whole set too."""
    parts = {name: _measured([one for one in scores if name in one.slices]) for name in slices(scores)}
    return {ALL: {**_measured(scores), **whole_measures(scores)}, **parts}


def slices(scores: Sequence[ItemScore]) -> list[str]:
    """The names of the slices that are measured apart: a single item is no slice."""
    sizes = Counter(name for one in scores for name in one.slices)
    return sorted(name for name, size in sizes.items() if size >= SMALLEST_SLICE)


def _measured(scores: Sequence[ItemScore]) -> dict[str, Interval]:
    counts = {name: [one.counts[name] for one in scores if name in one.counts] for name in MEASURES}
    return {name: interval(counted) for name, counted in counts.items() if counted}


def _begin(folder: Path, manifest: RunManifest, items: Sequence[Item]) -> None:
    """Makes the folder, or checks that what is in it is this very run."""
    text = manifest.model_dump_json(indent=1) + "\n"
    path = folder / MANIFEST
    if path.exists():
        if _text(path) != text:
            raise EvaluationError(f"{folder}: holds a run of another set, system or version; name another folder")
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise EvaluationError(f"{folder}: holds other files; name a new folder")
    except OSError as error:
        raise EvaluationError(f"{folder}: cannot be made ({error.strerror}); name another folder") from error
    _write_lines(folder / ITEMS, items)
    _write(path, text)


def _known(folder: Path, items: Sequence[Item]) -> Iterator[Reply]:
    """The answers of a former start, from the first item on; a line that was cut off is cut away."""
    path = folder / ANSWERS
    for file in (path, folder / TIMINGS):
        if file.exists():
            _cut_to_lines(file)
    for item, reply in zip(items, read_lines(path, Reply) if path.exists() else (), strict=False):
        if item.id != reply.id:
            raise EvaluationError(f"{path}: holds an answer to {reply.id} where {item.id} was asked; name a new folder")
        yield reply


def _cut_to_lines(path: Path) -> None:
    """Cuts away what stands behind the last end of a line."""
    with path.open("r+b") as file:
        file.truncate(file.read().rfind(b"\n") + 1)


def _ask(items: Sequence[Item], system: System, folder: Path, jobs: int) -> Iterator[Reply]:
    """Asks in parallel, and writes in the order of the items, so that what is written is always a beginning."""

    def timed(item: Item) -> tuple[Reply, float]:
        began = time.perf_counter()
        try:
            reply = system.ask(item)
        except QuestionError as error:
            raise EvaluationError(f"item {item.id}: {error}") from error
        return reply, time.perf_counter() - began

    with (
        ThreadPoolExecutor(jobs) as pool,
        (folder / ANSWERS).open("a", encoding="utf-8") as answers,
        (folder / TIMINGS).open("a", encoding="utf-8") as timings,
    ):
        waiting = [pool.submit(timed, item) for item in items]
        try:
            for future in waiting:
                reply, seconds = future.result()
                answers.write(_line(reply))
                answers.flush()
                timings.write(_line(Timing(id=reply.id, seconds=round(seconds, 4))))
                timings.flush()
                yield reply
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _line(record: BaseModel) -> str:
    return record.model_dump_json() + "\n"


def _write_lines(path: Path, records: Sequence[BaseModel]) -> None:
    _write(path, "".join(map(_line, records)))


def _write(path: Path, text: str) -> None:
    """Writes a file whole or not at all."""
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "no UTF-8 text"
        raise EvaluationError(f"{path}: cannot be read ({reason}); name a run, or a file as runs hold it") from error


def _parsed(path: Path, text: str, kind: type[_Line], where: str = "") -> _Line:
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = "".join(f": {part}" for part in first["loc"])
        raise EvaluationError(f"{path}{where}{place}: {first['msg']}; is it a file of a run?") from error
