"""A run as its readers want it: a page for people, Markdown for a review, JSON for programs, JUnit for build servers.

The reports of a comparison of two runs are offered here too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import numpy as np
from markupsafe import Markup

from temsiqa.evaluation.gates import Verdict
from temsiqa.evaluation.plots import plots
from temsiqa.evaluation.report_comparison import comparison_html, comparison_json, comparison_markdown
from temsiqa.evaluation.report_junit import report_junit
from temsiqa.evaluation.report_markdown import plain, table
from temsiqa.evaluation.report_page import Shown, described, figure, interval, render, shown
from temsiqa.evaluation.runs import ALL, Run

__all__ = [
    "comparison_html",
    "comparison_json",
    "comparison_markdown",
    "report_html",
    "report_json",
    "report_junit",
    "report_markdown",
]

# What a slice is shown by; the summary has the rest.
SLICE_MEASURES = ("passed", "facts_stated", "outcome_right", "citation_recall", "quotes_real", "ndcg_10")
MOST_FAILED = 50  # in Markdown: a comment holds no more than 65,536 characters on GitHub


def report_html(run: Run, gates: Sequence[Verdict] = ()) -> str:
    """One page that needs nothing else: figures, plots, every failed item with its reasons."""
    items = shown(run)
    names = [name for name in SLICE_MEASURES if any(name in found for found in run.summary.values())]
    return render(
        "report.html.j2",
        run=run,
        gates=gates,
        overall=run.summary[ALL],
        slices=run.summary,
        slice_measures=names,
        slice_names=[name for name in run.summary if name != ALL],
        plots=[Markup(plot) for plot in plots(run)],  # noqa: S704 - drawn by lxml, which escapes
        failed=[one for one in items if one.failed],
        others=[one for one in items if not one.failed],
        faulty=sum(bool(one.score.grounds) for one in items),
        latencies=_latencies(run.seconds),
    )


def report_markdown(run: Run, gates: Sequence[Verdict] = ()) -> str:
    """Headline, gates, measures and failed items, for a comment on a change."""
    failed = [one for one in shown(run) if one.failed]
    return "\n".join(
        [
            f"## {plain(run.manifest.set)}: {headline(run)}",
            "",
            f"Generation {plain(str(run.manifest.system.get('generation')))}, temsiqa {plain(run.manifest.version)}.",
            "",
            *(f"- {'✅ kept' if gate.kept else '❌ **broken**'}: {plain(gate.text)}" for gate in gates),
            *([""] if gates else []),
            *_measures(run),
            "",
            f"### Failed items ({len(failed)})",
            "",
            *(_failed_line(one) for one in failed[:MOST_FAILED]),
            *([f"- … and {len(failed) - MOST_FAILED} more"] if len(failed) > MOST_FAILED else []),
            "",
        ]
    )


def report_json(run: Run) -> str:
    """Manifest, summary and scores."""
    scores = [score.model_dump(mode="json") for score in run.scores]
    whole = {"manifest": run.manifest.model_dump(mode="json"), "summary": run.plain_summary, "scores": scores}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def headline(run: Run) -> str:
    """The pass rate in words."""
    passed = run.summary[ALL].get("passed")
    if passed is None or passed.value is None:
        return "nothing is judged"
    bounds = (
        f" (95 % {passed.low:.1%} to {passed.high:.1%})" if passed.low is not None and passed.high is not None else ""
    )
    return f"{passed.value:.1%} of {passed.items} pass{bounds}"


def _measures(run: Run) -> Iterator[str]:
    rows = [
        (name, figure(one.value), interval(one.low, one.high), str(one.items), described(name).better)
        for name, one in run.summary[ALL].items()
    ]
    yield from table(("measure", "value", "95 % interval", "n", "better"), rows)


def _failed_line(one: Shown) -> str:
    return f"- **{plain(one.item.id)}** {plain(one.item.question, 200)}: {plain('; '.join(one.reasons), 300)}"


def _latencies(seconds: Sequence[float]) -> dict[str, float]:
    if not seconds:
        return {}
    return {"median": float(np.quantile(seconds, 0.5)), "95th percentile": float(np.quantile(seconds, 0.95))}
