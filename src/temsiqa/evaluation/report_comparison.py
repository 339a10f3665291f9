"""Two runs side by side: what each measure gained or lost, and every answer that changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from temsiqa.evaluation.compare import Change, Comparison
from temsiqa.evaluation.measures import Better
from temsiqa.evaluation.report_markdown import plain, table
from temsiqa.evaluation.report_page import described, figure, interval, render
from temsiqa.evaluation.runs import ALL
from temsiqa.evaluation.statistics import Difference
from temsiqa.record import RecordedCitation

MOST_CHANGES = 50  # of a kind in Markdown
_UNLIKELY = 0.05  # by chance alone
# What a reader looks for first.
_ORDER = ("failed", "grounds", "passed", "outcome", "disclaimers", "citations", "text")


def comparison_html(comparison: Comparison) -> str:
    """One page that needs nothing else: differences, wins and losses, all changed answers side by side, by slice."""
    return render(
        "comparison.html.j2",
        comparison=comparison,
        overall=comparison.differences[ALL],
        slices={name: found for name, found in comparison.differences.items() if name != ALL},
        groups=grouped(comparison),
        tendency=tendency,
        only_in=only_in,
    )


def comparison_markdown(comparison: Comparison) -> str:
    """Differences, losses and wins, for a comment on a change."""
    return "\n".join(
        [
            f"## {plain(comparison.before.name)} → {plain(comparison.after.name)}",
            "",
            f"{len(comparison.losses)} losses, {len(comparison.wins)} wins, {len(comparison.changes)} changed answers.",
            "",
            *_differences(comparison),
            "",
            *_changes("Losses", comparison.losses),
            *_changes("Wins", comparison.wins),
        ]
    )


def comparison_json(comparison: Comparison) -> str:
    """Both manifests, all differences, and of each change its kinds and both answers."""
    found = {part: {name: asdict(one) for name, one in each.items()} for part, each in comparison.differences.items()}
    changes = [
        {
            "id": change.item.id,
            "kinds": change.kinds,
            "before": change.before.model_dump(mode="json"),
            "after": change.after.model_dump(mode="json"),
            "was": change.was.model_dump(mode="json"),
            "now": change.now.model_dump(mode="json"),
        }
        for change in comparison.changes
    ]
    whole = {
        "before": comparison.before.manifest.model_dump(mode="json"),
        "after": comparison.after.manifest.model_dump(mode="json"),
        "left_out": comparison.left_out,
        "differences": found,
        "changes": changes,
    }
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def grouped(comparison: Comparison) -> dict[str, list[Change]]:
    """The changes by the first slice that their item names (else its audience), losses first."""
    groups: dict[str, list[Change]] = {}
    for change in comparison.changes:
        named = change.item.slices or change.now.slices
        groups.setdefault(named[0], []).append(change)
    return {name: sorted(groups[name], key=_urgency) for name in sorted(groups)}


def tendency(name: str, found: Difference) -> str:
    """``better`` or ``worse`` where chance alone hardly does as much, else what can be said."""
    if not found.value:
        return "same"
    better = described(name).better
    if found.p is None:
        return "not tested"
    if found.p > _UNLIKELY:
        return "not clear"
    if better == Better.NEITHER:
        return "changed"
    return "better" if (found.value > 0) is (better == Better.HIGHER) else "worse"


def only_in(here: tuple[RecordedCitation, ...], there: tuple[RecordedCitation, ...]) -> list[bool]:
    """Of each citation ``here`` whether there is none like it ``there``."""
    return [citation not in there for citation in here]


def _urgency(change: Change) -> int:
    return min(_ORDER.index(kind) for kind in change.kinds)


def _differences(comparison: Comparison) -> Iterator[str]:
    rows = [
        (
            name,
            figure(found.before),
            figure(found.after),
            figure(found.value, sign=True),
            interval(found.low, found.high, sign=True),
            figure(found.p),
            tendency(name, found),
        )
        for name, found in comparison.differences[ALL].items()
    ]
    yield from table(("measure", "before", "after", "difference", "95 % interval", "p", ""), rows)


def _changes(title: str, changes: tuple[Change, ...]) -> Iterator[str]:
    yield from (f"### {title} ({len(changes)})", "")
    for change in changes[:MOST_CHANGES]:
        reasons = "; ".join(change.now.failures or change.was.failures)
        yield f"- **{plain(change.item.id)}** {plain(change.item.question, 200)}: {plain(reasons, 300)}"
    if len(changes) > MOST_CHANGES:
        yield f"- … and {len(changes) - MOST_CHANGES} more"
    yield ""
