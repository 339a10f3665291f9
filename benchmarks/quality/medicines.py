"""MedicationQA: consumers' questions on medicines. Is the own answer found among all; and who keeps silent on them?

Ben Abacha et al. 2019, doi 10.3233/SHTI190176.
"""

from __future__ import annotations

import json
from pathlib import Path

import ir_measures
from ir_measures import RR, Qrel, R

from benchmarks.quality.bench import Bench
from benchmarks.quality.figures import Figure, share
from benchmarks.quality.sets import read_lines
from temsiqa.assistant import Assistant
from temsiqa.model import Audience
from temsiqa.retrieval.run import By, run_lines

_NAME = "medicationqa"
_DEPTH = 10
_MEASURES = {"MRR@10": RR @ _DEPTH, "recall@10": R @ _DEPTH}
_SYSTEMS = {By.FUSED: "this product", By.LEXICAL: "BM25", By.DENSE: "dense"}
# All answers stand under the same: a title of its own would tell what is asked, none would be replaced by the id.
_TITLE = "Medicines"


def medicine_figures(bench: Bench, sets: Path, on_literature: Assistant) -> list[Figure]:
    """The own answer's rank among all answers, and the share that texts on temsirolimus are made to answer."""
    rows = read_lines(sets / "data" / _NAME / f"{_NAME}_dev.jsonl")
    folder = bench.folder / _NAME
    folder.mkdir()
    lines = [json.dumps({"_id": row["id"], "title": _TITLE, "text": row["answer"]}) for row in rows]
    (folder / "answers.jsonl").write_text("\n".join(lines), encoding="utf-8")
    questions = {str(row["id"]): str(row["question"]) for row in rows}
    figures = _ranks(bench.assistant(bench.index(folder, _NAME)), questions)
    answered = (bool(on_literature.answer(question).statements) for question in questions.values())
    return [*figures, share(_NAME, "answered from texts on temsirolimus", answered)]


def _ranks(assistant: Assistant, questions: dict[str, str]) -> list[Figure]:
    judged = [Qrel(name, name, 1) for name in questions]
    figures = []
    for by, system in _SYSTEMS.items():
        run = "".join(run_lines(assistant, questions, by, Audience.STAFF, _DEPTH))
        found = list(ir_measures.read_trec_run(run))  # type: ignore[no-untyped-call]
        measured = ir_measures.calc_aggregate(_MEASURES.values(), judged, found)
        figures += [Figure(_NAME, f"{name} of the own answer, {system}", measured[m]) for name, m in _MEASURES.items()]
    return figures
