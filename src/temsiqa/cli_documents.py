"""The commands on documents. Heavy imports wait for the command that needs them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from temsiqa.cli_options import CorpusOption, IndexOption, JsonOption, err, out
from temsiqa.console import as_json, plain, say, show_problems
from temsiqa.errors import CorpusError, DocumentError, UnknownDocumentError
from temsiqa.model import EvidenceLevel
from temsiqa.settings import read_settings

if TYPE_CHECKING:
    from temsiqa.documents.shelf import Added
    from temsiqa.documents.stated import Stated

app = typer.Typer(
    help="List, show, add and remove documents.", epilog="Example: temsiqa documents list label", no_args_is_help=True
)


@app.command("list", epilog="Example: temsiqa documents list label")
def list_documents(
    words: Annotated[str, typer.Argument(help="Part of an id or a title (default: all)", show_default=False)] = "",
    json: JsonOption = False,
    index: IndexOption = None,
) -> None:
    """List the documents of the current generation."""
    from temsiqa.document_view import show_documents
    from temsiqa.index.generation import load_current
    from temsiqa.server.schemas import DocumentSummary

    documents = load_current(read_settings(index=index).index).documents.values()
    wanted = words.casefold()
    found = [d for d in documents if wanted in d.id.casefold() or wanted in d.provenance.title.casefold()]
    if json:
        typer.echo(as_json([DocumentSummary.of(document) for document in found]))
    else:
        show_documents(out, found, len(documents))


@app.command("show", epilog="Example: temsiqa documents show labels/us.md --text")
def show(
    name: Annotated[str, typer.Argument(metavar="ID", help="The document's id, as the list shows it.")],
    text: Annotated[bool, typer.Option("--text", help="The whole text in place of the list of blocks.")] = False,
    json: JsonOption = False,
    index: IndexOption = None,
) -> None:
    """Show one document of the current generation: where it comes from, what it cites, where its blocks stand."""
    from temsiqa.document_view import show_document
    from temsiqa.index.generation import load_current

    generation = load_current(read_settings(index=index).index)
    document = generation.documents.get(name)
    if document is None:
        raise UnknownDocumentError(
            f"{name}: no document of generation {generation.name[:8]}; see: temsiqa documents list"
        )
    if json:
        typer.echo(as_json(document))
    else:
        show_document(out, document, text)


@app.command("add", epilog='Example: temsiqa documents add paper.pdf --to trials --evidence-level "randomised trial"')
def add(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="What to copy into the corpus.")],
    to: Annotated[str, typer.Option("--to", help="Folder inside the corpus.", show_default=False)] = "",
    title: Annotated[str | None, typer.Option(help="What the file does not say of itself, or says wrongly.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Journal or organisation.")] = None,
    author: Annotated[list[str] | None, typer.Option(help="Repeat it for each.")] = None,
    date: Annotated[str | None, typer.Option(help="As precise as it is known: 2015, 2015-04, 2015-04-17.")] = None,
    url: Annotated[str | None, typer.Option(help="Where it can be found.")] = None,
    licence: Annotated[str | None, typer.Option(help="One line, or its address.")] = None,
    kind: Annotated[str | None, typer.Option(help="What kind of source it is, in plain words.")] = None,
    evidence_level: Annotated[EvidenceLevel | None, typer.Option(help="How much it proves.")] = None,
    disclaimer: Annotated[list[str] | None, typer.Option(help="Goes with every quote; repeat it for each.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a file of the same name.")] = False,
    json: JsonOption = False,
    corpus: CorpusOption = None,
) -> None:
    """Read files and copy them into the corpus; what is stated of them goes into NAME.meta.yaml beside each."""
    from temsiqa.document_view import show_added
    from temsiqa.documents.shelf import add_file
    from temsiqa.documents.worker import ReadingProcess

    settings = read_settings(corpus=corpus)
    if len(files) > 1 and (title or url):
        raise typer.BadParameter("belongs to one document; add the files one by one", param_hint="--title/--url")
    stated = _stated(
        title=title,
        publisher=publisher,
        authors=author,
        date=date,
        url=url,
        licence=licence,
        kind=kind,
        evidence_level=evidence_level,
        disclaimers=disclaimer,
    )
    added = []
    with ReadingProcess(settings.limits) as read:
        for file in files:
            try:
                with err.status(plain(f"reading {file}")):
                    added.append(add_file(settings.corpus, file, to, stated, read, replace))
            except DocumentError as error:
                say(err, f"temsiqa: {error}")
                continue
            if not json:
                show_added(out, settings.corpus / added[-1].file, added[-1].documents)
                show_problems(err, added[-1].problems)
    if json:
        typer.echo(as_json([_summary(item) for item in added]))
    elif added:
        say(out, "now run: temsiqa index")
    if len(added) < len(files):
        raise typer.Exit(1)


@app.command("remove", epilog="Example: temsiqa documents remove trials/paper.pdf")
def remove(
    names: Annotated[list[str], typer.Argument(metavar="ID", help="Documents, or files by their path in the corpus.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: JsonOption = False,
    corpus: CorpusOption = None,
) -> None:
    """Remove files from the corpus, with their sidecars. Nothing is removed when one of them is not there."""
    from temsiqa.documents.shelf import file_of, remove_files, with_sidecars
    from temsiqa.documents.worker import ReadingProcess

    settings = read_settings(corpus=corpus)
    with ReadingProcess(settings.limits) as read:
        files = dict.fromkeys(file_of(settings.corpus, name, read) for name in names)
    paths = tuple(dict.fromkeys(path for file in files for path in with_sidecars(file)))
    if not (yes or _is_confirmed(paths)):
        raise typer.Exit(1)
    remove_files(paths)
    if json:
        typer.echo(as_json([path.relative_to(settings.corpus).as_posix() for path in paths]))
        return
    for path in paths:
        say(out, f"removed {path}")
    say(out, "now run: temsiqa index")


def inspect(
    file: Annotated[Path, typer.Argument(help="Any file, in the corpus or not.")],
    page: Annotated[int | None, typer.Option(min=1, help="Only what stands on this page.")] = None,
    document: Annotated[
        str | None, typer.Option(metavar="ID", help="Which document of a file that holds several.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show a file as its reader sees it: blocks, sentences, tables, references, and what could not be read."""
    from temsiqa.document_view import show_inspection
    from temsiqa.documents.inspection import inspect_file
    from temsiqa.documents.worker import ReadingProcess

    settings = read_settings()
    with ReadingProcess(settings.limits) as read, err.status(plain(f"reading {file}")):
        found = inspect_file(file, read)
    found = found.only(document) if document else found
    found = found.on_page(page) if page else found
    if json:
        problems = [str(problem) for problem in found.problems]
        typer.echo(as_json({**asdict(found), "problems": problems}))
        return
    show_inspection(out, found)
    show_problems(err, found.problems)


def _stated(**given: object) -> Stated:
    """What was stated on the command line, and nothing of what was not."""
    from temsiqa.documents.stated import Stated

    return Stated.model_validate({field: value for field, value in given.items() if value})


def _summary(added: Added) -> dict[str, object]:
    """What was found in a file that was added, for programs."""
    from temsiqa.server.schemas import DocumentSummary

    documents = [DocumentSummary.of(document) for document in added.documents]
    return {"file": added.file, "documents": documents, "problems": [str(problem) for problem in added.problems]}


def _is_confirmed(paths: Sequence[Path]) -> bool:
    """Whether a person wants ``paths`` to be removed. Raises ``CorpusError`` where nobody can be asked."""
    if not sys.stdin.isatty():
        raise CorpusError(f"{paths[0]}: not removed, since nobody can be asked here; give --yes")
    for path in paths:
        say(err, str(path))
    return typer.confirm("Remove?", err=True)
