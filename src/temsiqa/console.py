"""What the command line shows on a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeVar

from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, track
from rich.table import Table
from rich.text import Text

from temsiqa.model import Answer, Citation, EvidenceLevel, Hit, Outcome, Passage

if TYPE_CHECKING:
    from temsiqa.assistant import Assistant
    from temsiqa.documents.statistics import Statistics
    from temsiqa.index.build import Changes
    from temsiqa.index.generation import Generation
    from temsiqa.index.manifest import Manifest

_STYLES = {Outcome.URGENT: "bold white on red", Outcome.CALL_TODAY: "bold yellow", Outcome.REFERRED: "bold cyan"}
_Item = TypeVar("_Item")
# Control characters, direction overrides and halves of characters: file names and titles may hold them.
_OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def plain(text: str, style: str = "") -> Text:
    """``text`` as it stands: no markup, and U+FFFD for what a terminal would obey instead of showing."""
    return Text(_OBEYED.sub("\ufffd", text), style)


def say(console: Console, message: str) -> None:
    """``message`` as one line, however wide the terminal is."""
    console.print(plain(message.replace("\n", " ")), soft_wrap=True)


@contextmanager
def building(console: Console) -> Iterator[Callable[[str, int, int], None]]:
    """Progress bars for the stages of a build."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {"loading the encoder": bars.add_task("loading the encoder", total=1)}

        def show(stage: str, done: int, total: int) -> None:
            bars.update(tasks["loading the encoder"], completed=1)
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage)
            bars.update(tasks[stage], completed=done, total=total)

        yield show


def counting(console: Console, items: Iterable[_Item], total: int) -> Iterable[_Item]:
    """``items`` with a progress bar, on a terminal."""
    hidden = not console.is_terminal
    return track(items, "answering", total=total, console=console, transient=True, disable=hidden)


def show_build(
    out: Console, err: Console, name: str, manifest: Manifest, changes: Changes | None, as_json: bool
) -> None:
    """What became current and what was new in it; ``changes`` is None when nothing was built."""
    for problem in manifest.problems:
        say(err, f"not read: {problem}")
    if as_json:
        told = {"generation": name, "up_to_date": changes is None, "changes": asdict(changes) if changes else None}
        out.print_json(data={**told, **manifest.model_dump(mode="json", exclude={"files"})})
        return
    if changes is None:
        say(out, f"up to date, generation {name[:8]}")
        return
    table = Table.grid(padding=(0, 2))
    for label, value in (
        ("generation", name),
        ("documents", f"{manifest.documents} in {manifest.passages} passages, {manifest.sentences} sentences"),
        ("files", f"{len(changes.added)} added, {len(changes.changed)} changed, {len(changes.deleted)} deleted"),
        ("encoded", f"{changes.encoded} of {changes.texts} texts, the others were known"),
        ("not read", str(len(manifest.problems))),
        ("passed over", f"{len(manifest.passed_over)} in no format that is read here"),
    ):
        table.add_row(label, plain(value))
    out.print(table)


def show_manifest(out: Console, err: Console, name: str, manifest: Manifest) -> None:
    """What a generation is made of; files that could not be read go to standard error."""
    recipe = manifest.recipe
    table = Table.grid(padding=(0, 2))
    for label, value in (
        ("generation", name),
        ("documents", str(manifest.documents)),
        ("passages", str(manifest.passages)),
        ("sentences", str(manifest.sentences)),
        ("encoder", f"{recipe.encoder} ({manifest.dimension} dimensions, weights {recipe.weights[:12]})"),
        ("corpus", recipe.corpus[:12]),
        ("built with", ", ".join(f"{package} {release}" for package, release in recipe.software.items())),
    ):
        table.add_row(label, plain(value))
    out.print(table)
    for problem in manifest.problems:
        say(err, f"not read: {problem}")


def show_statistics(out: Console, statistics: Statistics) -> None:
    """Counts over a corpus."""
    table = Table.grid(padding=(0, 2))
    table.add_row("documents", str(statistics.documents))
    table.add_row("statements", str(statistics.statements))
    for level in EvidenceLevel:
        cited, held = statistics.sources_by_level.get(level, 0), statistics.documents_by_level.get(level, 0)
        if cited or held:
            table.add_row(level.value, f"{held} documents, {cited} sources cited")
    table.add_row("patient FAQ pairs", str(statistics.pairs))
    if statistics.grade is not None:
        table.add_row("their reading grade", f"{statistics.grade:.1f} (Flesch-Kincaid, median)")
    out.print(table)


def show_documents(out: Console, generation: Generation) -> None:
    """One line a document."""
    table = Table("document", "title", "evidence", "references", "disclaimers")
    for document in generation.documents.values():
        counts = (str(len(document.references)), str(len(document.disclaimers)))
        level = document.provenance.evidence_level.value
        table.add_row(plain(document.id), plain(document.provenance.title), level, *counts)
    out.print(table)


def show_answer(out: Console, answer: Answer) -> None:
    """Disclaimers first, since nothing may be read without them; then the answer and its sources."""
    for disclaimer in answer.disclaimers:
        out.print(plain(disclaimer.text, "dim"))
    out.print()
    if answer.notice:
        out.print(Panel(plain(answer.notice, _STYLES.get(answer.outcome, "")), title=answer.outcome.value))
    number = 0
    for statement in answer.statements:
        numbers = range(number + 1, number + 1 + len(statement.citations))
        number += len(statement.citations)
        out.print(plain(f"{statement.text} {''.join(f'[{n}]' for n in numbers)}"), end="\n\n")
    for caution in answer.cautions:
        out.print(plain(caution, "italic"), end="\n\n")
    for position, citation in enumerate(answer.citations, 1):
        _show_source(out, f"[{position}]", citation)
    if answer.related:
        out.print(plain("Related, not an answer:", "bold"))
    for citation in answer.related:
        _show_source(out, "-", citation)
        out.print(Padding(plain(citation.quote), (0, 0, 0, 4)))


def _show_source(out: Console, label: str, citation: Citation) -> None:
    where = " > ".join((citation.provenance.title, *citation.section))
    level = citation.provenance.evidence_level.value
    out.print(plain(f"{label} {where} ({level}; {citation.document}, characters {citation.start}-{citation.end})"))
    for reference in citation.references:
        out.print(Padding(plain(f"cites {reference.marker}. {reference.text}", "dim"), (0, 0, 0, 4)))


def show_hits(out: Console, hits: Sequence[tuple[Hit, Passage]], assistant: Assistant) -> None:
    """Passages with their scores, after the disclaimers that go with them."""
    shown = dict.fromkeys(text for _, passage in hits for text in assistant.disclaimers(passage.document))
    for text in shown:
        out.print(plain(text, "dim"))
    table = Table("score", "dense", "BM25", "document", "passage", show_lines=True)
    for hit, passage in hits:
        scores = (f"{hit.score:.4f}", f"{hit.dense:.3f}", f"{hit.lexical:.2f}")
        table.add_row(*scores, plain(passage.document), plain(passage.text))
    out.print(table)
