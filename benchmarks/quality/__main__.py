"""``python -m benchmarks.quality SETS``: how good answers are, what they cost, and what each part brings."""

from __future__ import annotations

import platform
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.latency import latencies
from benchmarks.quality.ablation import ablation
from benchmarks.quality.answers import answer_sets
from benchmarks.quality.articles import article_figures, read_articles
from benchmarks.quality.bench import Bench, open_bench
from benchmarks.quality.emergencies import emergency_figures
from benchmarks.quality.figures import Figure
from benchmarks.quality.medicines import medicine_figures
from benchmarks.quality.report import as_json, as_markdown
from temsiqa.answering.cross_encoder import CrossEncoder
from temsiqa.assistant import Assistant
from temsiqa.index.generation import Generation

_STAGES = Console(stderr=True)


def main(
    sets: Annotated[
        Path,
        typer.Argument(exists=True, file_okay=False, help="Folder with data, seeds and tools of the question sets."),
    ],
    out: Annotated[Path | None, typer.Option(help="Where to write all figures as JSON.")] = None,
) -> None:
    """Measure everything and print it as Markdown."""
    if not (sets / "tools").is_dir():
        raise typer.BadParameter(f"{sets} holds no folder tools; name the folder with data, seeds and tools")
    began = time.monotonic()
    with open_bench() as bench:
        stage("sets with facts")
        answered = answer_sets(bench, sets)
        figures = [figure for one in answered for figure in one.figures(bench.assistant(one.generation))]
        literature = answered[-1].generation
        stage("triage")
        figures += emergency_figures(sets, bench.assistant(literature))
        stage("articles")
        articles = read_articles(bench, sets)
        figures += article_figures(bench, articles)
        stage("medicines")
        figures += medicine_figures(bench, sets, bench.assistant(literature))
        stage("latency")
        figures += latency_figures(bench, literature)
        stage("ablation")
        differences = ablation(bench, answered, articles.given)
    seconds = round(time.monotonic() - began)
    stage(f"done in {seconds} s")
    typer.echo(as_markdown(figures, differences))
    if out:
        about = {"literature": literature.name, "python": platform.python_version(), "seconds": seconds}
        out.write_text(as_json(figures, differences, about), encoding="utf-8")


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
