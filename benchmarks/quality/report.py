"""Figures → a table in Markdown, and JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from benchmarks.quality.figures import Difference, Figure

# What the figures are to reach.
_AIMS = {
    ("originals, dev", "passed"): "0.85",
    ("originals, dev", "abstention_f1"): "0.92",
    ("literature, dev", "passed"): "0.85",
    ("triage, dev", "emergencies_recognised"): "0.97",
    ("triage, dev", "emergencies_recognised@core"): "1.00",
    ("triage, dev", "false_alarms@level:none"): "at most 0.05",
    ("triage, dev", "needless_calls@level:none"): "at most 0.10",
    ("triage, dev", "twins_agree"): "1.00",
    ("covidqa, article given", "lead over the best naive way, first sentence"): "0.10",
    ("covidqa, article given", "lead over the best naive way, one of the first three"): "0.10",
    ("latency", "answer / encoder call, without cross-encoder"): "1.3",
}
_AIMS_OF_BOTH = {
    "citation_recall": "1.00",
    "emergencies_recognised": "1.00",
    "false_alarms": "at most 1 item",
    "forbidden_statements": "0",
    "words_median": "under 60",
    "words_p95": "under 150",
}


def as_markdown(figures: Sequence[Figure], differences: Sequence[Difference]) -> str:
    """Both tables."""
    return f"{_figures(figures)}\n\n{_differences(differences)}\n"


def as_json(figures: Sequence[Figure], differences: Sequence[Difference], about: Mapping[str, object]) -> str:
    """Everything unrounded, with ``about``, which says what was measured."""
    found = {
        **about,
        "figures": [{k: v for k, v in asdict(figure).items() if v is not None} for figure in figures],
        "ablation": [asdict(difference) for difference in differences],
    }
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def _figures(figures: Sequence[Figure]) -> str:
    rows, above = [], ""
    for figure in figures:
        rows.append(("" if figure.data == above else figure.data, figure.measure, _said(figure), _aim(figure)))
        above = figure.data
    return _table(("set", "measure", "value (95 % interval)", "aim"), rows)


def _differences(differences: Sequence[Difference]) -> str:
    """A line for each part, a column for each set."""
    data = list(dict.fromkeys(difference.data for difference in differences))
    cells = {(d.part, d.data): f"{d.value:+.3f} ({d.low:+.3f} to {d.high:+.3f})" for d in differences}
    parts = dict.fromkeys(difference.part for difference in differences)
    return _table(("without", *data), [(part, *(cells[part, one] for one in data)) for part in parts])


def _aim(figure: Figure) -> str:
    of_both = figure.data.startswith(("originals", "literature")) and _AIMS_OF_BOTH.get(figure.measure)
    return _AIMS.get((figure.data, figure.measure)) or of_both or ""


def _said(figure: Figure) -> str:
    """The value as it is printed: shares with their counts, what has an interval with that."""
    if figure.value is None:
        return "–"
    value = f"{figure.value:.3f}" if abs(figure.value) < 10 and not _is_count(figure) else f"{figure.value:.0f}"
    interval = "" if figure.low is None or figure.high is None else f" ({figure.low:.3f} to {figure.high:.3f})"
    if not figure.total:
        return value + interval
    return (
        value + interval + (f", of {figure.total}" if figure.count is None else f", {figure.count} of {figure.total}")
    )


def _is_count(figure: Figure) -> bool:
    return isinstance(figure.value, int)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
