"""What the command line shows on a terminal."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from pydantic_core import to_jsonable_python
from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    track,
)
from rich.table import Table
from rich.text import Text

from temsiqa.model import Answer, Citation, Document, EvidenceLevel, Hit, Outcome, Passage, Reference, Span

if TYPE_CHECKING:
    from temsiqa.assistant import Assistant
    from temsiqa.documents.statistics import Statistics
    from temsiqa.index.build import Changes
    from temsiqa.index.generation import Generation
    from temsiqa.index.manifest import Manifest

_STYLES = {Outcome.URGENT: "bold white on red", Outcome.CALL_TODAY: "bold yellow", Outcome.REFERRED: "bold cyan"}
_INDENTED = (0, 0, 0, 4)
_NAMED = 5
_Item = TypeVar("_Item")
# Control characters, direction overrides and halves of characters: file names and titles may hold them.
_OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def plain(text: str, style: str = "") -> Text:
    """``text`` as it stands: no markup, and U+FFFD for what a terminal would obey instead of showing."""
    return Text(_OBEYED.sub("\ufffd", text), style)


def as_json(value: object) -> str:
    """``value`` as JSON for programs, which a terminal shows as it stands too."""
    text = json.dumps(to_jsonable_python(value), indent=2, ensure_ascii=False)
    return _OBEYED.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def say(console: Console, message: str) -> None:
    """``message`` as one line, however wide the terminal is."""
    console.print(plain(message.replace("\n", " ")), soft_wrap=True)


def labelled(rows: Mapping[str, str | Text]) -> Table:
    """Values behind their labels, one under the other."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for label, value in rows.items():
        table.add_row(plain(label), value if isinstance(value, Text) else plain(value))
    return table


def retraction(words: str) -> Text:
    """The mark of what was retracted, whatever shows it."""
    return plain(f"RETRACTED: {words}", "bold red")


def page_words(pages: Sequence[int]) -> str:
    """``p. 4`` or ``pp. 4–5``; empty in a format without pages."""
    if len(pages) < 2:
        return f"p. {pages[0]}" if pages else ""
    return f"pp. {pages[0]}–{pages[-1]}"


def reference_text(reference: Reference) -> Text:
    """One entry of a reference list with its identifiers and its link."""
    evidence = f"({reference.evidence})" if reference.evidence else None
    doi, pmid = (reference.doi and f"doi {reference.doi}"), (reference.pmid and f"PMID {reference.pmid}")
    text = plain(" ".join(part for part in (reference.text, evidence, doi, pmid, reference.url) if part))
    return Text("\n").join([text, retraction(reference.retracted)]) if reference.retracted else text


@contextmanager
def building(console: Console) -> Iterator[Callable[[str, int, int], None]]:
    """Progress bars for the stages of a build."""
    names, left = TextColumn("{task.description}"), (TextColumn("left:"), TimeRemainingColumn())
    columns = (names, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), *left)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {"loading the encoder": bars.add_task("loading the encoder", total=1)}

        def show(stage: str, done: int, total: int) -> None:
            bars.update(tasks["loading the encoder"], completed=1)
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show


def counting(console: Console, items: Iterable[_Item], total: int) -> Iterable[_Item]:
    """``items`` with a progress bar, on a terminal."""
    hidden = not console.is_terminal
    return track(items, "answering", total=total, console=console, transient=True, disable=hidden)


def show_problems(err: Console, problems: Iterable[object]) -> None:
    """One line for each thing that could not be read."""
    for problem in problems:
        say(err, f"not read: {problem}")


def show_build(out: Console, name: str, manifest: Manifest, changes: Changes | None) -> None:
    """What became current and what was new in it; ``changes`` is None when nothing was built."""
    if changes is None:
        say(out, f"up to date, generation {name[:8]}")
        return
    files = f"{len(changes.added)} added, {len(changes.changed)} changed, {len(changes.deleted)} deleted"
    known = ", the others were known" if changes.encoded < changes.texts else ""
    rows = {
        "generation": name,
        "documents": f"{manifest.documents} in {manifest.passages} passages, {manifest.sentences} sentences",
        "files": files,
        "encoded": f"{changes.encoded} of {changes.texts} texts{known}",
        "not read": f"{len(manifest.problems)}, named above" if manifest.problems else "0",
        "passed over": _passed_over(manifest.passed_over),
        "suspected": f"{len(manifest.suspects)}, named above" if manifest.suspects else "0",
    }
    out.print(labelled(rows))


def show_generation(out: Console, generation: Generation) -> None:
    """What a generation is made of."""
    manifest, recipe = generation.manifest, generation.manifest.recipe
    found = [document.provenance for document in generation.documents.values()]
    levels = Counter(provenance.evidence_level for provenance in found)
    rows = {
        "generation": generation.name,
        "documents": str(manifest.documents),
        **{f"  {level.value}": str(levels[level]) for level in EvidenceLevel if levels[level]},
        "retracted": str(sum(provenance.retracted is not None for provenance in found)),
        "suspected": ", ".join(manifest.suspects) or "0",
        "passages": str(manifest.passages),
        "sentences": str(manifest.sentences),
        "encoder": f"{recipe.encoder} ({manifest.dimension} dimensions, weights {recipe.weights[:12]})",
        "corpus": recipe.corpus[:12],
        "built with": ", ".join(f"{package} {release}" for package, release in recipe.software.items()),
        "passed over": _passed_over(manifest.passed_over),
    }
    out.print(labelled(rows))


def _passed_over(names: Sequence[str]) -> str:
    """How many files are in no format that is read here, and the first few of them."""
    named = f": {', '.join(names[:_NAMED])}{', …' if len(names) > _NAMED else ''}" if names else ""
    return f"{len(names)} in no format that is read here{named}"


def show_statistics(out: Console, statistics: Statistics) -> None:
    """Counts over a corpus."""
    rows = {"documents": str(statistics.documents), "statements": str(statistics.statements)}
    for level in EvidenceLevel:
        cited, held = statistics.sources_by_level.get(level, 0), statistics.documents_by_level.get(level, 0)
        if cited or held:
            rows[level.value] = f"{held} documents, {cited} sources cited"
    rows["patient FAQ pairs"] = str(statistics.pairs)
    if statistics.grade is not None:
        rows["their reading grade"] = f"{statistics.grade:.1f} (Flesch-Kincaid, median)"
    out.print(labelled(rows))


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
        out.print(plain(f"{statement.text} {''.join(f'[{n}]' for n in numbers)}"))
        for words in dict.fromkeys(c.provenance.retracted for c in statement.citations if c.provenance.retracted):
            out.print(retraction(words))
        out.print()
    for caution in answer.cautions:
        out.print(plain(caution, "italic"), end="\n\n")
    for position, citation in enumerate(answer.citations, 1):
        _show_source(out, f"[{position}]", citation)
    if answer.related:
        out.print(plain("Related, not an answer:", "bold"))
    for citation in answer.related:
        _show_source(out, "-", citation)
        out.print(Padding(plain(citation.quote), _INDENTED))


def _show_source(out: Console, label: str, citation: Citation) -> None:
    where = " > ".join((citation.provenance.title, *citation.section))
    level, pages = citation.provenance.evidence_level.value, page_words(citation.pages)
    place = ", ".join(part for part in (pages, f"characters {citation.start}-{citation.end}") if part)
    out.print(plain(f"{label} {where} ({level}; {citation.document}, {place})"))
    if citation.provenance.retracted:
        out.print(Padding(retraction(citation.provenance.retracted), _INDENTED))
    for reference in citation.references:
        cited = plain(f"cites {reference.marker}. ").append_text(reference_text(reference))
        out.print(Padding(cited, _INDENTED, style="dim"))


def show_hits(out: Console, hits: Sequence[tuple[Hit, Passage]], assistant: Assistant) -> None:
    """Passages with their scores, after the disclaimers that go with them."""
    shown = dict.fromkeys(text for _, passage in hits for text in assistant.disclaimers(passage.document))
    for text in shown:
        out.print(plain(text, "dim"))
    table = Table("score", "dense", "BM25", "document", "passage", show_lines=True)
    for hit, passage in hits:
        scores = (f"{hit.score:.4f}", f"{hit.dense:.3f}", f"{hit.lexical:.2f}")
        table.add_row(*scores, _source(assistant.generation.document(passage.document), passage), plain(passage.text))
    out.print(table)


def _source(document: Document, passage: Passage) -> Text:
    """The id of a document, the pages of a passage, and what was retracted."""
    lines = [plain(document.id), plain(page_words(document.pages_of(_span(passage))))]
    if document.provenance.retracted:
        lines.append(retraction(document.provenance.retracted))
    return Text("\n").join(line for line in lines if line)


def _span(passage: Passage) -> Span:
    return Span(passage.sentences[0].span.start, passage.sentences[-1].span.end)


def hit_records(hits: Sequence[tuple[Hit, Passage]], assistant: Assistant) -> list[dict[str, object]]:
    """Passages with their scores, where they stand and what goes with them, for programs."""
    return [_hit_record(hit, passage, assistant) for hit, passage in hits]


def _hit_record(hit: Hit, passage: Passage, assistant: Assistant) -> dict[str, object]:
    document, span = assistant.generation.document(passage.document), _span(passage)
    return {
        "score": hit.score,
        "dense": hit.dense,
        "lexical": hit.lexical,
        "document": document.id,
        "section": passage.section,
        "start": span.start,
        "end": span.end,
        "quote": document.quote(span),
        "pages": document.pages_of(span),
        "provenance": document.provenance,
        "disclaimers": assistant.disclaimers(document.id),
    }
