"""``python -m benchmarks.quality SETS``: how good answers are, what they cost, and what each part brings."""

from __future__ import annotations

import platform
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.latency import latencies
from benchmarks.quality.ablation import ablation
from benchmarks.quality.answers import LITERATURE, Asked, asked_sets
from benchmarks.quality.articles import article_figures, read_articles
from benchmarks.quality.bench import Bench, open_bench
from benchmarks.quality.figures import Figure
from benchmarks.quality.medicines import medicine_figures
from benchmarks.quality.report import as_json, as_markdown
from temsiqa.answering.cross_encoder import CrossEncoder
from temsiqa.assistant import Assistant
from temsiqa.evaluation.gates import Verdict
from temsiqa.index.generation import Generation

_STAGES = Console(stderr=True)


def main(
    sets: Annotated[
        Path | None, typer.Argument(file_okay=False, help="Folder with data and seeds of the question sets.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where to write all figures as JSON.")] = None,
    with_ablation: Annotated[bool, typer.Option("--ablation", help="Take each part away, and answer again.")] = False,
) -> None:
    """Measure everything and print it as Markdown; exit code 1 when a release gate is not kept.

    Without a folder of question sets, or where it does not exist, only the project's own sets on its own literature.
    """
    beside = sets if sets and (sets / "data").is_dir() else None
    began = time.monotonic()
    with open_bench() as bench:
        asked = asked_sets(bench, beside)
        figures, verdicts = answer_figures(bench, asked)
        literature = next(one.generation for one in asked if one.name.startswith(LITERATURE))
        articles = read_articles(bench, beside) if beside else None
        if beside and articles:
            stage("articles")
            figures += article_figures(bench, articles)
            stage("medicines")
            figures += medicine_figures(bench, beside, bench.assistant(literature))
        stage("latency")
        figures += latency_figures(bench, literature)
        differences = []
        if with_ablation:
            stage("ablation")
            differences = ablation(bench, asked, articles.given if articles else ())
    seconds = round(time.monotonic() - began)
    stage(f"done in {seconds} s")
    typer.echo(as_markdown(figures, differences))
    if out:
        about = {"literature": literature.name, "python": platform.python_version(), "seconds": seconds}
        out.write_text(as_json(figures, differences, about), encoding="utf-8")
    for verdict in verdicts:
        typer.echo(f"{'kept' if verdict.kept else 'BROKEN'}: {verdict.text}")
    raise typer.Exit(0 if all(verdict.kept for verdict in verdicts) else 1)


def answer_figures(bench: Bench, asked: Sequence[Asked]) -> tuple[list[Figure], list[Verdict]]:
    """Every test set answered: its figures, and the verdicts of its gates."""
    figures: list[Figure] = []
    verdicts: list[Verdict] = []
    for one in asked:
        stage(one.name)
        found = one.run(bench)
        figures += one.figures(found)
        verdicts += one.verdicts(found)
    return figures, verdicts


def latency_figures(bench: Bench, generation: Generation) -> list[Figure]:
    """An answer against the bare encoder call on the same question, with and without the cross-encoder."""
    figures = []
    for name, cross_encoder in (("without cross-encoder", None), ("with cross-encoder", CrossEncoder())):
        assistant = Assistant(generation, bench.bare_encoder, bench.policy, cross_encoder=cross_encoder)
        taken = latencies(assistant, bench.bare_encoder)
        figures += [
            Figure("latency", f"{what}, {name}", taken[key])
            for what, key in (
                ("answer, median ms", "answer_median_ms"),
                ("answer, 95th percentile ms", "answer_p95_ms"),
                ("encoder call, median ms", "encoder_median_ms"),
                ("answer / encoder call", "ratio_of_medians"),
            )
        ]
    return figures


def stage(name: str) -> None:
    """Tells what is being done."""
    _STAGES.print(f"[dim]{time.strftime('%H:%M:%S')}[/] {name}")


if __name__ == "__main__":
    typer.run(main)
