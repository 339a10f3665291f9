"""What evaluating a thousand questions costs: seconds to ask, to score, to sum up, and memory; and that it resumes.

``python -m benchmarks.evaluation`` asks the own training questions of the current index (``make index``), once
from beginning to end and once interrupted half way, and compares the bytes.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

import psutil

from temsiqa.assistant import Assistant
from temsiqa.evaluation.report import report_html
from temsiqa.evaluation.runs import ANSWERS, SCORES, SUMMARY, run
from temsiqa.evaluation.systems import LocalSystem, Reply
from temsiqa.evaluation.testset import Expected, Item, TestSet
from temsiqa.model import Audience
from temsiqa.settings import Settings

QUESTIONS = Path(__file__).parents[1] / "training" / "questions.jsonl"
COUNT, JOBS = 1000, 2


def thousand() -> TestSet:
    """The first thousand questions, each to be answered or not, with the quotes that answer it."""
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()][:COUNT]
    return TestSet("thousand", tuple(_item(number, row) for number, row in enumerate(rows)))


def _item(number: int, row: dict[str, object]) -> Item:
    answers = row["answers"]
    assert isinstance(answers, list)
    return Item(
        id=f"q{number}",
        question=str(row["question"]),
        audience=Audience(str(row["audience"])),
        expected=Expected.ANSWER if answers else Expected.ABSTAIN,
        documents={answer["document"]: 1 for answer in answers},
        passages=tuple(answer["quote"] for answer in answers),
    )


class HalfWay(LocalSystem):
    """Interrupted half way."""

    def ask(self, item: Item) -> Reply:
        """The answer to one item, for the first half."""
        if item.id == f"q{COUNT // 2}":
            raise KeyboardInterrupt
        return super().ask(item)


def main() -> None:
    """Print what was measured as JSON."""
    assistant, asked, silent = Assistant.open(Settings()), thousand(), lambda _: None
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        whole = run(asked, LocalSystem(assistant, {}), Path(folder) / "whole", JOBS, silent)
        took = time.perf_counter() - began
        began = time.perf_counter()
        page = report_html(whole)
        reported = time.perf_counter() - began
        try:
            run(asked, HalfWay(assistant, {}), Path(folder) / "halves", JOBS, silent)
        except KeyboardInterrupt:
            run(asked, LocalSystem(assistant, {}), Path(folder) / "halves", JOBS, silent)
        same = all(
            (Path(folder) / "whole" / name).read_bytes() == (Path(folder) / "halves" / name).read_bytes()
            for name in (ANSWERS, SCORES, SUMMARY)
        )
    found = {
        "questions": len(asked.items),
        "seconds": round(took, 1),
        "seconds_of_report": round(reported, 1),
        "megabytes_of_report": round(len(page) / 1e6, 1),
        "megabytes_of_memory": round(psutil.Process().memory_info().rss / 1e6),
        "interrupted_is_the_same": same,
    }
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
