"""``python -m training.triage``: trains the triage classifier that ships and chooses its thresholds.

The wordings of ``tests/safety`` are trained on only, since the rules were made with them in sight. The messages of
``triage.jsonl`` and the ordinary questions on the literature and the originals are also judged, each by a network that
has not seen it (cross-validation); on that the thresholds are chosen, and the figures printed are those.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import typer
from rich.console import Console
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold

from temsiqa.model import Opinion, Outcome
from temsiqa.safety.classifier import DEFAULT_WEIGHTS, LEVELS, Thresholds
from temsiqa.safety.policy import load_policy
from temsiqa.safety.triage import ORDER, triage
from training.cases import ORIGINAL_QUESTIONS, OWN_QUESTIONS
from training.triage_network import Message, train

SEED = 20261120
FOLDS = 3
WORDINGS = Path("tests/safety/wordings.jsonl")
MESSAGES = Path(__file__).with_name("triage.jsonl")
RAISED_TO_URGENT, RAISED = 0.01, 0.04
METHOD = (
    f"{FOLDS}-fold cross-validation: of messages without a reason to ring, at most {RAISED_TO_URGENT:.0%} reach the "
    f"threshold of urgent, and at most {RAISED:.0%} that of call_today"
)
_NONE, _CALL_TODAY, _EMERGENCY = range(len(LEVELS))


class Labelled(NamedTuple):
    """A message and its level as in the triage sets; ``is_question`` when it is an ordinary one on the literature."""

    text: str
    level: str
    is_question: bool = False

    @property
    def place(self) -> int:
        """That of its level in ``LEVELS``; a personal decision is none of those that are told apart."""
        return LEVELS.index(self.level) if self.level in LEVELS else _NONE

    @property
    def message(self) -> Message:
        """What is trained on."""
        return Message(self.text, self.place)


class Judged(NamedTuple):
    """A message with the opinion of a network that has not seen it."""

    labelled: Labelled
    opinion: Opinion


def main() -> None:
    """Cross-validate, choose the thresholds, train on everything, export."""
    from training.export import export  # needs the extra, without which the rest can be tested

    console = Console()
    seen, unseen = list(_labelled(WORDINGS)), list(_unseen())
    console.print(f"{len(seen)} wordings, {len(unseen)} messages and questions that the rules were not made with")
    judged = list(cross_validated(seen, unseen))
    urgent, call_today = chosen_thresholds(judged)
    trained = train([one.message for one in (*seen, *unseen)], SEED)
    export(trained.network, trained.tokenizer, DEFAULT_WEIGHTS)
    digest = hashlib.sha256(DEFAULT_WEIGHTS.read_bytes()).hexdigest()
    thresholds = Thresholds(method=METHOD, weights=digest, urgent=urgent, call_today=call_today)
    DEFAULT_WEIGHTS.with_suffix(".json").write_text(f"{thresholds.model_dump_json(indent=2)}\n", encoding="utf-8")
    for line in figures(judged, thresholds):
        console.print(line)


def _labelled(path: Path) -> Iterator[Labelled]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Labelled(row["text"], row["level"])


def _unseen() -> Iterator[Labelled]:
    """The messages, and every second of the questions that are not among them: those are ordinary."""
    messages = list(_labelled(MESSAGES))
    yield from messages
    texts = {message.text for message in messages}
    for path in (OWN_QUESTIONS, ORIGINAL_QUESTIONS):
        for line in path.read_text(encoding="utf-8").splitlines()[::2]:
            text = json.loads(line)["question"]
            if text not in texts:
                yield Labelled(text, "none", is_question=True)


def cross_validated(seen: Sequence[Labelled], unseen: Sequence[Labelled]) -> Iterator[Judged]:
    """``unseen``, each judged by a network that was trained on all of ``seen`` and on the other folds."""
    kinds = [f"{one.level} {one.is_question}" for one in unseen]
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    for number, (others, held_out) in enumerate(folds.split(np.zeros(len(unseen)), kinds)):
        trained = train([one.message for one in (*seen, *(unseen[n] for n in others))], SEED + number)
        for n, shares in zip(held_out, trained.probabilities([unseen[n].text for n in held_out]), strict=True):
            yield Judged(unseen[n], Opinion(urgent=float(shares[_EMERGENCY]), call_today=1 - float(shares[_NONE])))


def chosen_thresholds(judged: Sequence[Judged]) -> tuple[float, float]:
    """Of urgent and of call_today, to four digits: so many messages that are neither reach them as ``METHOD`` says."""
    calm = [one.opinion for one in judged if one.labelled.place == _NONE and not one.labelled.is_question]
    urgent = np.quantile([opinion.urgent for opinion in calm], 1 - RAISED_TO_URGENT)
    call_today = np.quantile([opinion.call_today for opinion in calm], 1 - RAISED)
    return round(float(urgent), 4), round(float(call_today), 4)


def figures(judged: Sequence[Judged], thresholds: Thresholds) -> Iterator[str]:
    """How well the classifier tells emergencies, and what rules and classifier make of the messages together."""
    told = [one for one in judged if one.labelled.place != _CALL_TODAY and not one.labelled.is_question]
    area = roc_auc_score([one.labelled.place == _EMERGENCY for one in told], [one.opinion.urgent for one in told])
    yield f"AUC of emergencies against messages without a reason to ring: {area:.3f}"
    policy = replace(load_policy(), classifier=None)
    rules = {one.labelled.text: triage(one.labelled.text, (), policy).outcome for one in judged}
    for name, is_question in (("messages", False), ("questions", True)):
        for level in dict.fromkeys(one.labelled.level for one in judged):
            some = [one for one in judged if (one.labelled.level, one.labelled.is_question) == (level, is_question)]
            if not some:
                continue
            alone = [rules[one.labelled.text] for one in some]
            raised = [thresholds.outcome(one.opinion) for one in some]
            both = [min(pair, key=ORDER.index) for pair in zip(alone, raised, strict=True)]
            said = ", ".join(f"{who} {_shares(outcomes)}" for who, outcomes in (("rules", alone), ("with it", both)))
            yield f"{name}, {level} ({len(some)}): {said}"


def _shares(outcomes: Sequence[Outcome | None]) -> str:
    """The shares of urgent and of call_today."""
    urgent, call_today = (outcomes.count(outcome) / len(outcomes) for outcome in (Outcome.URGENT, Outcome.CALL_TODAY))
    return f"urgent {urgent:.3f} call_today {call_today:.3f}"


if __name__ == "__main__":
    typer.run(main)
