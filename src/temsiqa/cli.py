"""The command line. Heavy imports wait for the command that needs them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from temsiqa import __version__, cli_documents, cli_eval
from temsiqa.cli_options import CorpusOption, IndexOption, JsonOption, err, out
from temsiqa.console import as_json, say
from temsiqa.errors import QuestionError, TemsiqaError
from temsiqa.model import Audience
from temsiqa.retrieval.run import MOST_DOCUMENTS, By, read_queries, run_lines, write_run
from temsiqa.settings import read_settings

app = typer.Typer(
    name="temsiqa",
    help="Answers about temsirolimus from the literature and from nothing else.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

AudienceOption = Annotated[Audience, typer.Option(help="Who asks: which evidence is preferred, and the tone.")]


def main() -> None:
    """Runs a command; what went wrong is one line on standard error, and the exit code is not 0."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        sys.exit(app(standalone_mode=False))
    except TyperException as error:
        message = error.format_message().rstrip(".")
        if message:  # empty when the help was shown instead
            say(err, f"temsiqa: {message}; see: temsiqa --help")
        sys.exit(error.exit_code)
    except TemsiqaError as error:
        say(err, f"temsiqa: {error}")
        sys.exit(1)
    except typer.Abort:  # Ctrl+C
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


@app.callback(invoke_without_command=True)
def version(
    show: Annotated[bool, typer.Option("--version", help="Print the version and exit.", is_eager=True)] = False,
) -> None:
    """Answers about temsirolimus from the literature and from nothing else."""
    if show:
        out.print(__version__)
        raise typer.Exit


@app.command(epilog="Example: temsiqa index --corpus corpus --index indexes")
def index(
    corpus: CorpusOption = None,
    index: IndexOption = None,
    retractions: Annotated[
        Path | None, typer.Option(help="CSV of retracted papers, by DOI or PMID (default: none)", show_default=False)
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Fail when anything cannot be read.")] = False,
    json: JsonOption = False,
) -> None:
    """Build the index from the literature: read and encode what is new, unless nothing is."""
    from temsiqa.console import building, show_build, show_problems
    from temsiqa.documents.worker import ReadingProcess
    from temsiqa.index.build import Inputs, build, is_current, recipe
    from temsiqa.index.encode import SentenceEncoder
    from temsiqa.index.generation import current_name
    from temsiqa.index.manifest import read_manifest

    settings = read_settings(corpus=corpus, index=index, retractions=retractions)
    inputs = Inputs(settings.corpus, settings.encoder, settings.glossary, settings.retractions)
    wanted = recipe(inputs)
    if is_current(settings.index, wanted):
        name, changes = current_name(settings.index), None
        manifest = read_manifest(settings.index / name)
    else:
        with building(err) as progress, ReadingProcess(settings.limits) as read:
            encoder = SentenceEncoder(settings.encoder)
            built = build(settings.index, inputs, wanted, encoder, read, progress, strict)
        name, manifest, changes = built.generation, built.manifest, built.changes
    show_problems(err, manifest.problems)
    if json:
        told = {"generation": name, "up_to_date": changes is None, "changes": changes}
        typer.echo(as_json({**told, **manifest.model_dump(exclude={"files"})}))
    else:
        show_build(out, name, manifest, changes)
    if strict and manifest.problems:
        raise typer.Exit(1)


corpus_app = typer.Typer(
    help="Check and count the literature.", epilog="Example: temsiqa corpus check", no_args_is_help=True
)
app.add_typer(corpus_app, name="corpus")


@corpus_app.command("check", epilog="Example: temsiqa corpus check --corpus corpus")
def corpus_check(corpus: CorpusOption = None, json: JsonOption = False) -> None:
    """Name everything in the literature that has to be mended, by file and line; exit code 1 if there is any."""
    from datetime import UTC, datetime

    from temsiqa.documents.check import check_corpus

    settings = read_settings(corpus=corpus)
    findings = check_corpus(settings.corpus, datetime.now(UTC).date())
    if json:
        typer.echo(as_json(findings))
    for finding in () if json else findings:
        say(err, f"{settings.corpus}/{finding}")
    if findings:
        raise typer.Exit(1)
    if not json:
        say(out, f"{settings.corpus}: nothing to mend")


@corpus_app.command("stats", epilog="Example: temsiqa corpus stats")
def corpus_stats(corpus: CorpusOption = None, json: JsonOption = False) -> None:
    """Count documents, statements, sources by evidence level, FAQ pairs and how hard they are to read."""
    from temsiqa.console import show_statistics
    from temsiqa.documents.corpus import read_corpus
    from temsiqa.documents.sources import read_sources
    from temsiqa.documents.statistics import count
    from temsiqa.documents.worker import ReadingProcess

    settings = read_settings(corpus=corpus)
    with ReadingProcess(settings.limits) as read:
        documents = read_corpus(settings.corpus, read).documents
    statistics = count(documents, read_sources(settings.corpus))
    if json:
        typer.echo(as_json(statistics))
    else:
        show_statistics(out, statistics)


@app.command(epilog='Example: temsiqa ask "What is the half-life of temsirolimus?" --audience staff --json')
def ask(
    question: Annotated[str, typer.Argument(help="The question, in quotes.")],
    audience: AudienceOption = Audience.PATIENT,
    history: Annotated[list[str] | None, typer.Option(help="An earlier question; repeat it, oldest first.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say why: every stage, with scores and rules.")] = False,
    json: Annotated[bool, typer.Option("--json", help="The whole answer as JSON.")] = False,
    index: IndexOption = None,
) -> None:
    """Answer one question with citations and disclaimers."""
    from temsiqa.assistant import Assistant
    from temsiqa.console import show_answer
    from temsiqa.explanation import ExplainedAnswer, explained
    from temsiqa.explanation_view import show_explanation

    settings = read_settings(index=index)
    assistant = Assistant.open(settings)
    asked = (question, history or (), audience)
    answer = explained(assistant, *asked) if explain else assistant.answer(*asked)
    if json:
        typer.echo(as_json(answer))
        return
    show_answer(out, answer)
    if isinstance(answer, ExplainedAnswer):
        show_explanation(out, answer.explanation)


@app.command(epilog="Example: temsiqa batch questions.jsonl answers.jsonl --index indexes")
def batch(
    questions: Annotated[Path, typer.Argument(help="JSON lines: id, question, and if wanted history, audience.")],
    answers: Annotated[Path, typer.Argument(help="Where the answers go, one JSON line a question.")],
    index: IndexOption = None,
) -> None:
    """Answer a file of questions. Lines that cannot be answered are named, and the exit code is then 1."""
    from temsiqa.assistant import Assistant
    from temsiqa.batch import answer_batch
    from temsiqa.console import counting

    settings = read_settings(index=index)
    try:
        lines = questions.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"{questions}: cannot be read as UTF-8 text; name a JSON lines file") from error
    if answers.exists() and answers.samefile(questions):
        raise QuestionError(f"{answers}: holds the questions; name another file for the answers")
    assistant = Assistant.open(settings)
    problems = 0
    try:
        with answers.open("w", encoding="utf-8") as file:
            for result in counting(err, answer_batch(assistant, lines), len(lines)):
                if isinstance(result, QuestionError):
                    problems += 1
                    say(err, f"temsiqa: {questions}: {result}")
                else:
                    file.write(result + "\n")
    except OSError as error:
        raise QuestionError(f"{answers}: cannot be written ({error.strerror}); name another file") from error
    if problems:
        raise typer.Exit(1)


@app.command(epilog='Example: temsiqa search "CYP3A4 inducers" --count 5')
def search(
    query: Annotated[str | None, typer.Argument(help="Words or a question.", show_default=False)] = None,
    count: Annotated[int, typer.Option(min=1, max=50, help="How many passages.")] = 5,
    audience: AudienceOption = Audience.STAFF,
    json: JsonOption = False,
    index: IndexOption = None,
    queries: Annotated[
        Path | None, typer.Option(help="Instead of QUERY: JSON lines with _id and text.", show_default=False)
    ] = None,
    run: Annotated[
        Path | None, typer.Option(help="Where the documents found for --queries go, as a TREC run.", show_default=False)
    ] = None,
    by: Annotated[By, typer.Option(help="What --run ranks by.")] = By.FUSED,
    depth: Annotated[int, typer.Option(min=1, max=MOST_DOCUMENTS, help="How many documents a query in --run.")] = 100,
) -> None:
    """Show the best passages and their scores, without an answer; or write a run of many queries, to be measured."""
    from temsiqa.assistant import Assistant
    from temsiqa.console import counting, hit_records, show_hits

    settings = read_settings(index=index)
    if (query is None) == (queries is None) or (queries is None) != (run is None):
        raise QuestionError("search: needs either a QUERY or both --queries and --run")
    if queries and run and run.exists() and run.samefile(queries):
        raise QuestionError(f"{run}: holds the queries; name another file for the run")
    asked = read_queries(queries) if queries else {}
    assistant = Assistant.open(settings)
    if run:
        write_run(run, counting(err, run_lines(assistant, asked, by, audience, depth), len(asked)))
        return
    hits = assistant.search(query or "", audience, count)
    if json:
        typer.echo(as_json(hit_records(hits, assistant)))
    else:
        show_hits(out, hits, assistant)


@app.command(epilog="Example: temsiqa serve --port 8080")
def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on (default: 127.0.0.1)", show_default=False)
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (default: 8000)", show_default=False)] = None,
    index: IndexOption = None,
) -> None:
    """Serve the chat page and the HTTP interface."""
    from temsiqa.server.run import run

    run(read_settings(host=host, port=port, index=index))


@app.command(epilog="Example: temsiqa info --index indexes")
def info(index: IndexOption = None, json: JsonOption = False) -> None:
    """Tell what the current generation is made of, after checking every file of it."""
    from temsiqa.console import show_generation, show_problems
    from temsiqa.index.generation import load_current

    generation = load_current(read_settings(index=index).index)
    if json:
        typer.echo(as_json({"generation": generation.name, **generation.manifest.model_dump()}))
        return
    show_generation(out, generation)
    show_problems(err, generation.manifest.problems)


app.command("inspect", epilog="Example: temsiqa inspect paper.pdf --page 4")(cli_documents.inspect)
app.add_typer(cli_documents.app, name="documents")
app.add_typer(cli_eval.app, name="eval")
app.command("audit", epilog="Example: temsiqa audit answers.jsonl")(cli_eval.audit)
app.command("replay", epilog="Example: temsiqa replay answers.jsonl")(cli_eval.replay)
