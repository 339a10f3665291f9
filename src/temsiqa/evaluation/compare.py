"""Two runs over the same items: which is better, by how much, how surely, and what changed, answer by answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from temsiqa.errors import EvaluationError
from temsiqa.evaluation.curves import whole_measures
from temsiqa.evaluation.measures import MEASURES
from temsiqa.evaluation.runs import ALL, Run, slices
from temsiqa.evaluation.score import ItemScore
from temsiqa.evaluation.statistics import Difference, difference
from temsiqa.evaluation.systems import Reply
from temsiqa.evaluation.testset import Item


@dataclass(frozen=True, slots=True)
class Change:
    """An item that was answered otherwise, or judged otherwise, the second time; ``kinds`` say in what.

    They are among ``text``, ``citations``, ``outcome``, ``disclaimers`` and ``grounds``, and ``passed`` or ``failed``
    where it came to pass or to fail.
    """

    item: Item
    before: Reply
    after: Reply
    was: ItemScore
    now: ItemScore
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """What changed from ``before`` to ``after``; ``left_out`` counts items that not both have, in the same words."""

    before: Run
    after: Run
    differences: dict[str, dict[str, Difference]]
    changes: tuple[Change, ...]
    left_out: int

    @cached_property
    def wins(self) -> tuple[Change, ...]:
        """Items that pass now and did not before."""
        return tuple(change for change in self.changes if "passed" in change.kinds)

    @cached_property
    def losses(self) -> tuple[Change, ...]:
        """Items that passed before and do not now."""
        return tuple(change for change in self.changes if "failed" in change.kinds)


def compare(before: Run, after: Run) -> Comparison:
    """Both runs over the items that both have. Raises ``EvaluationError`` when there are none."""
    was, now = _by_id(before), _by_id(after)
    common = [name for name, (item, _, _) in was.items() if name in now and now[name][0] == item]
    if not common:
        raise EvaluationError(f"{before.folder} and {after.folder} share no item; compare runs of one set")
    pairs = [(was[name], now[name]) for name in common]
    changes = [Change(item, *replies, *scores, kinds) for item, replies, scores, kinds in map(_change, pairs) if kinds]
    scored = [(old[2], new[2]) for old, new in pairs]
    return Comparison(before, after, _differences(scored), tuple(changes), len({*was, *now}) - len(common))


_Answered = tuple[Item, Reply, ItemScore]


def _by_id(run: Run) -> dict[str, _Answered]:
    return {each[0].id: each for each in zip(run.items, run.replies, run.scores, strict=True)}


def _change(
    pair: tuple[_Answered, _Answered],
) -> tuple[Item, tuple[Reply, Reply], tuple[ItemScore, ItemScore], tuple[str, ...]]:
    (item, before, was), (_, after, now) = pair
    differs = {
        "text": before.answer_text != after.answer_text,
        "citations": before.citations != after.citations,
        "outcome": (before.outcome, before.abstained) != (after.outcome, after.abstained),
        "disclaimers": before.disclaimers != after.disclaimers,
        "grounds": was.grounds != now.grounds,
        "passed": now.passed and not was.passed,
        "failed": was.passed and not now.passed,
    }
    return item, (before, after), (was, now), tuple(kind for kind, differ in differs.items() if differ)


def _differences(pairs: Sequence[tuple[ItemScore, ItemScore]]) -> dict[str, dict[str, Difference]]:
    parts = slices([now for _, now in pairs])
    whole = _whole([was for was, _ in pairs], [now for _, now in pairs])
    return {
        ALL: {**_measured(pairs), **whole},
        **{name: _measured([pair for pair in pairs if name in pair[1].slices]) for name in parts},
    }


def _measured(pairs: Sequence[tuple[ItemScore, ItemScore]]) -> dict[str, Difference]:
    columns = {name: [(was.counts.get(name), now.counts.get(name)) for was, now in pairs] for name in MEASURES}
    return {
        name: difference([pair[0] for pair in column], [pair[1] for pair in column])
        for name, column in columns.items()
        if any(was or now for was, now in column)
    }


def _whole(was: Sequence[ItemScore], now: Sequence[ItemScore]) -> dict[str, Difference]:
    """Measures of whole sets side by side; their difference has no interval, since items do not carry them."""
    before, after = whole_measures(was), whole_measures(now)
    return {
        name: Difference(
            before[name].value,
            after[name].value,
            (after[name].value or 0.0) - (before[name].value or 0.0),
            None,
            None,
            None,
            after[name].items,
        )
        for name in before
        if name in after
    }
