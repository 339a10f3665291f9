"""``temsiqa eval``, ``audit`` and ``replay``: how good answers are, and whether they are what was recorded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from temsiqa.cli_options import IndexOption, JsonOption, err, out
from temsiqa.console import as_json, counting, plain, say
from temsiqa.errors import EvaluationError, ServiceError
from temsiqa.settings import Settings, read_settings

if TYPE_CHECKING:
    from temsiqa.evaluation.audit import Finding
    from temsiqa.evaluation.compare import Comparison
    from temsiqa.evaluation.gates import Gates, Verdict
    from temsiqa.evaluation.runs import Run
    from temsiqa.evaluation.systems import System
    from temsiqa.index.generation import Generation
    from temsiqa.record import RecordedAnswer

RUNS = Path("runs")

app = typer.Typer(
    help="Measure answers on a test set: is this build better, where is it worse, may it go out?",
    epilog="Example: temsiqa eval run tests/quality/sets/product.jsonl",
    no_args_is_help=True,
)


class Format(StrEnum):
    """How a report is written, and the name of its file in the folder of the run."""

    HTML = "html"
    JSON = "json"
    MD = "md"
    JUNIT = "junit"

    @property
    def file(self) -> str:
        """The name of the file."""
        return "junit.xml" if self is Format.JUNIT else f"report.{self}"


SetArgument = Annotated[
    Path, typer.Argument(help="Test set: JSONL, JSON, CSV or YAML, or a known foreign layout.", show_default=False)
]
LimitOption = Annotated[list[str] | None, typer.Option(metavar="MEASURE=VALUE", show_default=False)]


@app.command("validate", epilog="Example: temsiqa eval validate questions.yaml")
def validate(test_set: SetArgument) -> None:
    """Name every mistake in a test set, by line and field; exit code 1 if there is any."""
    from temsiqa.evaluation.reading import check_test_set, read_test_set

    mistakes = check_test_set(test_set)
    for mistake in mistakes:
        say(err, str(mistake))
    if mistakes:
        raise typer.Exit(1)
    say(out, f"{test_set}: {len(read_test_set(test_set).items)} items, nothing to mend")


@app.command("schema", epilog="Example: temsiqa eval schema > item.schema.json")
def schema() -> None:
    """Print the JSON Schema of one item of a test set."""
    from temsiqa.evaluation.testset import json_schema

    typer.echo(json_schema(), nl=False)


@app.command("run", epilog="Example: temsiqa eval run questions.jsonl --gates gates.toml --out runs/today")
def run(
    test_set: SetArgument,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Folder of the run; an interrupted one goes on.", show_default=False)
    ] = None,
    index: IndexOption = None,
    url: Annotated[
        str | None, typer.Option(help="Ask a running server instead, e.g. http://127.0.0.1:8000", show_default=False)
    ] = None,
    answers: Annotated[
        Path | None, typer.Option(help="Ask nobody: score these recorded answers.", show_default=False)
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="How many questions at a time.")] = 2,
    gates: Annotated[
        Path | None, typer.Option(help="TOML file with the limits of sets, by name.", show_default=False)
    ] = None,
    fail_under: LimitOption = None,
    fail_over: LimitOption = None,
    no_worse_than: Annotated[
        Path | None, typer.Option(help="Folder of a run that this one may not be worse than.", show_default=False)
    ] = None,
    tolerance: LimitOption = None,
    judge: Annotated[
        str | None,
        typer.Option(help="Language model that advises, e.g. openai:gpt-5-mini; never in a gate.", show_default=False),
    ] = None,
    format: Annotated[list[Format] | None, typer.Option(help="Reports to write (default: html).")] = None,
) -> None:
    """Ask every question of a test set, score the answers, write a run; exit code 1 when a gate is not kept.

    --fail-under and --fail-over take MEASURE=VALUE or MEASURE@SLICE=VALUE, --tolerance how much worse than the other
    run a measure may be.
    """
    from temsiqa.evaluation.compare import compare as compare_runs
    from temsiqa.evaluation.gates import verdicts
    from temsiqa.evaluation.reading import read_test_set
    from temsiqa.evaluation.runs import read_run
    from temsiqa.evaluation.runs import run as run_set

    if tolerance and not no_worse_than:
        raise EvaluationError(
            "eval run: --tolerance says nothing without --no-worse-than; name the run to compare with"
        )
    asked = read_test_set(test_set)
    adviser = _adviser(judge) if judge else None
    held_to = _gates(gates, asked.name, {"fail_under": fail_under, "fail_over": fail_over, "tolerance": tolerance})
    baseline = read_run(no_worse_than) if no_worse_than else None
    with _system(read_settings(index=index), url, answers) as system:
        target = folder or RUNS / f"{asked.name}-{_fingerprint([asked.fingerprint, system.about])}"
        with _answering(len(asked.items)) as progress:
            finished = run_set(asked, system, target, jobs, progress)
    found = verdicts(finished, held_to, compare_runs(baseline, finished) if baseline else None)
    _write_reports(finished, found, format or [Format.HTML])
    _show_run(finished)
    if adviser:
        adviser(finished)
    _end(found)


@app.command("compare", epilog="Example: temsiqa eval compare runs/before runs/after --tolerance passed=0.02")
def compare(
    before: Annotated[Path, typer.Argument(help="Folder of a run.", show_default=False)],
    after: Annotated[Path, typer.Argument(help="Folder of another run of the same set.", show_default=False)],
    tolerance: LimitOption = None,
    html: Annotated[
        Path | None, typer.Option(help="Write the comparison, answers side by side, as a page.", show_default=False)
    ] = None,
    json: JsonOption = False,
) -> None:
    """Tell what is better, worse and changed; exit code 1 when something guarded is worse than tolerated."""
    from temsiqa.evaluation.compare import compare as compare_runs
    from temsiqa.evaluation.gates import verdicts
    from temsiqa.evaluation.report import comparison_html, comparison_json
    from temsiqa.evaluation.runs import read_run

    runs = read_run(before), read_run(after)
    found = compare_runs(*runs)
    if html:
        _write(html, comparison_html(found))
    if json:
        typer.echo(comparison_json(found))
    else:
        _show_comparison(found)
    _end(verdicts(runs[1], _gates(None, runs[1].manifest.set, {"tolerance": tolerance}), found))


@app.command("report", epilog="Example: temsiqa eval report runs/today --format junit")
def report(
    folder: Annotated[Path, typer.Argument(help="Folder of a run.", show_default=False)],
    format: Annotated[list[Format] | None, typer.Option(help="Reports to write (default: html).")] = None,
) -> None:
    """Write the report of a finished run into its folder."""
    from temsiqa.evaluation.runs import read_run

    _write_reports(read_run(folder), (), format or [Format.HTML])


AnswersArgument = Annotated[
    Path, typer.Argument(help="JSON lines as temsiqa batch and temsiqa eval run write them.", show_default=False)
]


def audit(answers: AnswersArgument, index: IndexOption = None, json: JsonOption = False) -> None:
    """Look every offset, quote, statement and disclaimer of recorded answers up again in the generation they name."""
    from temsiqa.evaluation.audit import audit as audit_answers
    from temsiqa.evaluation.grounding import GenerationLibrary
    from temsiqa.safety.policy import load_policy

    settings = read_settings(index=index)
    policy = load_policy(settings.policy)
    recorded = _recorded(answers)
    findings = audit_answers(recorded, lambda name: GenerationLibrary(_generation(settings, name), policy))
    _tell(counting(err, findings, len(recorded)), "borne out by their documents", json)


def replay(answers: AnswersArgument, index: IndexOption = None, json: JsonOption = False) -> None:
    """Ask every question of recorded answers again, and prove that the answers are the same, or show what is not."""
    from temsiqa.assistant import Assistant
    from temsiqa.evaluation.audit import replay as replay_answers

    settings = read_settings(index=index)
    recorded = _recorded(answers)
    findings = replay_answers(recorded, lambda name: Assistant.open(settings, name))
    _tell(counting(err, findings, len(recorded)), "given again, the same in every character", json)


def _tell(findings: Iterable[Finding], good: str, as_records: bool) -> None:
    """Names every problem; exit code 1 if there is any."""
    told = list(findings)
    problems = [(finding.id, problem) for finding in told for problem in finding.problems]
    if as_records:
        typer.echo(as_json(told))
    for name, problem in () if as_records else problems:
        say(err, f"{name}: {problem}")
    if problems:
        raise typer.Exit(1)
    if not as_records:
        say(out, f"{len(told)} answers {good}")


def _recorded(path: Path) -> Sequence[RecordedAnswer]:
    from temsiqa.evaluation.runs import read_lines
    from temsiqa.record import RecordedAnswer

    answers = read_lines(path, RecordedAnswer)
    if not answers:
        raise EvaluationError(f"{path}: holds no answer; write some with: temsiqa batch")
    return answers


def _generation(settings: Settings, name: str) -> Generation:
    from temsiqa.index.generation import load_named

    return load_named(settings.index, name)


@contextmanager
def _system(settings: Settings, url: str | None, answers: Path | None) -> Iterator[System]:
    """Who is asked; exactly one of the three."""
    from temsiqa.assistant import Assistant
    from temsiqa.evaluation.grounding import GenerationLibrary
    from temsiqa.evaluation.runs import read_lines
    from temsiqa.evaluation.systems import LocalSystem, RecordedSystem, RemoteSystem, Reply
    from temsiqa.safety.policy import load_policy

    if url and answers:
        raise EvaluationError("eval run: --url and --answers exclude each other; give one of them")
    if url:
        with RemoteSystem(url) as remote:
            yield remote
    elif answers:
        replies = read_lines(answers, Reply)
        names = {reply.generation for reply in replies}
        if len(names) != 1:
            raise EvaluationError(f"{answers}: names {len(names)} generations; give answers of exactly one")
        library = GenerationLibrary(_generation(settings, names.pop()), load_policy(settings.policy))
        yield RecordedSystem(replies, library)
    else:
        chosen = settings.model_dump(mode="json", include={"cross_encoder", "include_retracted"})
        yield LocalSystem(Assistant.open(settings), chosen)


@contextmanager
def _answering(total: int) -> Iterator[Callable[[int], None]]:
    """A progress bar on a terminal; what is yielded hears how many more items are answered."""
    from rich.progress import Progress

    with Progress(console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("answering", total=total)
        yield lambda more: bar.advance(task, more)


def _gates(path: Path | None, test_set: str, options: Mapping[str, Sequence[str] | None]) -> Gates:
    """The limits of the file, and those of the options on top."""
    from temsiqa.evaluation.gates import Gates, limits, read_gates

    found = read_gates(path, test_set) if path else Gates()
    for name, given in options.items():
        found = found.with_others(limits(dict(_pair(name, one) for one in given or ()), of=name))
    return found


def _pair(option: str, text: str) -> tuple[str, float]:
    name, _, value = text.rpartition("=")
    try:
        return name, float(value)
    except ValueError as error:
        raise EvaluationError(f"--{option.replace('_', '-')} {text!r}: give MEASURE=VALUE, e.g. passed=0.8") from error


def _fingerprint(of: object) -> str:
    return hashlib.sha256(json.dumps(of, sort_keys=True).encode()).hexdigest()[:8]


def _adviser(name: str) -> Callable[[Run], None]:
    """What has a language model advise on a run; a model that fails is named and stops no gate."""
    from temsiqa.evaluation.judge import judge_run, open_model

    model = open_model(name)

    def advise(finished: Run) -> None:
        try:
            advice = judge_run(finished, model, name)
        except ServiceError as error:
            say(err, f"no advice: {error}")
            return
        counts = f"{advice.right} right, {advice.partly} partly, {advice.wrong} wrong, {advice.unclear} unclear"
        say(out, f"{name} advises: {counts} (no gate hears it)")

    return advise


def _write_reports(finished: Run, found: Sequence[Verdict], formats: Sequence[Format]) -> None:
    from temsiqa.evaluation import report as reports

    write = {
        Format.HTML: lambda: reports.report_html(finished, found),
        Format.JSON: lambda: reports.report_json(finished),
        Format.MD: lambda: reports.report_markdown(finished, found),
        Format.JUNIT: lambda: reports.report_junit(finished, found),
    }
    for format in formats:
        path = finished.folder / format.file
        _write(path, write[format]())
        say(out, f"wrote {path}")


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise EvaluationError(f"{path}: cannot be written ({error.strerror}); name another file") from error


def _show_run(finished: Run) -> None:
    from rich.table import Table

    from temsiqa.evaluation.runs import ALL

    table = Table("measure", "value", "95 % interval", "items", box=None, pad_edge=False)
    for name, one in finished.summary[ALL].items():
        table.add_row(name, _number(one.value), f"{_number(one.low)} to {_number(one.high)}", str(one.items))
    out.print(table)


def _show_comparison(found: Comparison) -> None:
    from rich.table import Table

    from temsiqa.evaluation.runs import ALL

    table = Table("measure", "before", "after", "difference", "95 % interval", "p", box=None, pad_edge=False)
    for name, one in found.differences[ALL].items():
        bounds = f"{_number(one.low)} to {_number(one.high)}"
        table.add_row(name, *map(_number, (one.before, one.after, one.value)), bounds, _number(one.p))
    out.print(table)
    say(out, f"{len(found.wins)} won, {len(found.losses)} lost, {len(found.changes)} answers changed")
    for change in found.changes:
        out.print(plain(f"  {change.item.id}: {', '.join(change.kinds)}: {change.item.question}"), soft_wrap=True)
    if found.left_out:
        say(err, f"{found.left_out} items are not in both runs and were left out")


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _end(found: Sequence[Verdict]) -> None:
    """Names every gate that was not kept, and counts them all; exit code 1 if there is any."""
    broken = [verdict for verdict in found if not verdict.kept]
    for verdict in broken:
        say(err, f"gate: {verdict.text}")
    if broken:
        raise typer.Exit(1)
    if found:
        say(err, f"{len(found)} gates kept")
