"""Messages with and without an emergency: which are recognised, and what is alarmed without need."""

from __future__ import annotations

from pathlib import Path

from benchmarks.quality.figures import Figure, proportion
from benchmarks.quality.sets import load_scorer, own_questions, read_lines
from temsiqa.assistant import Assistant
from temsiqa.batch import record

_MEASURES = {
    "recall": "emergencies recognised",
    "core_recall": "core emergencies recognised",
    "false_alarm": "false alarms, personal decisions included",
    "false_alarm_none": "false alarms on ordinary questions",
    "call_today_right": "reasons to ring today recognised",
    "call_today_on_none": "call-today on ordinary questions",
    "pairs_same": "twins with the same outcome",
    "pairs_both_right": "twins both right",
}


def emergency_figures(sets: Path, assistant: Assistant) -> list[Figure]:
    """Of the development messages and of the project's own, by what the whole product answers."""
    tool = load_scorer(sets, "score_triage")
    figures = []
    for name, messages in (
        ("triage, dev", read_lines(sets / "data" / "triage" / "dev.jsonl")),
        ("triage, own", own_questions("triage")),
    ):
        records = [record(str(m["id"]), assistant.answer(m["question"], m["history"])) for m in messages]
        measured = tool.score(messages, records)["measures"]
        figures += [proportion(name, text, measured[key]["k"], measured[key]["n"]) for key, text in _MEASURES.items()]
    return figures
